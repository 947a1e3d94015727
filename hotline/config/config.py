"""The line's configuration: `line.toml`, over it `HOTLINE_…` variables, over both the options."""

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

from hotline.broker.address import DEFAULT_URL, BrokerAddress
from hotline.config import line_toml
from hotline.errors import LocalError
from hotline.files.mistakes import FileError, Mistake, Where, did_you_mean, mistakes_in
from hotline.line import PARTIES, Line
from hotline.notice import Text
from hotline.paths import is_file, is_folder, is_there
from hotline.timers import Timers
from hotline.times import HOUR_MS, LONGEST_DAYS, MINUTE_MS, parse_duration
from hotline.topics import Name

ENVIRONMENT = "HOTLINE_"
NESTED = "__"
_LONGEST_NAME = 4_096  # MQTT has room for 65,535 bytes


def _an_address(url: str) -> str:
    try:
        BrokerAddress.parse(url)
    except LocalError as error:
        raise ValueError(str(error)) from None
    return url


def _a_schedule(value: object) -> int:
    """How often, in ms; 0 for never."""
    words = {"off": 0, "hourly": HOUR_MS}
    if isinstance(value, str) and value in words:
        return words[value]
    try:
        every_ms = parse_duration(value) if isinstance(value, str) else 0
    except ValueError:
        every_ms = 0
    if every_ms < MINUTE_MS:
        raise ValueError(
            "expected hourly, off, or a duration of a minute at least and"
            f" {LONGEST_DAYS}d at most, such as 20m; got {value!r}"
        )
    return every_ms


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Party(_Part):
    """One of the two who talk."""

    display: Text = Field(description="The party's name as people write it.")


class BrokerConfig(_Part):
    """Where the broker is, and who we are to it."""

    url: Annotated[str, AfterValidator(_an_address)] = Field(
        DEFAULT_URL, description="mqtt://host:port, or mqtts:// for TLS"
    )
    username: Annotated[str, Field(max_length=_LONGEST_NAME)] | None = None
    password: Annotated[SecretStr, Field(max_length=_LONGEST_NAME)] | None = None

    @property
    def address(self) -> BrokerAddress:
        """The broker's address with the credentials; those in the URL go first."""
        address = BrokerAddress.parse(self.url)
        password = self.password.get_secret_value() if self.password else None
        return replace(
            address,
            username=address.username or self.username,
            password=address.password or password,
        )


class LineConfig(BaseSettings):
    """All that is configured of one line."""

    model_config = SettingsConfigDict(
        env_prefix=ENVIRONMENT, env_nested_delimiter=NESTED, extra="forbid", frozen=True
    )

    line: Name = Field(description="The line's name.")
    parties: Annotated[dict[Name, Party], Field(min_length=PARTIES, max_length=PARTIES)] = Field(
        description="The two parties: station name to display name."
    )
    watchdogs: tuple[Name, ...] = Field(("watchdog",), min_length=1)
    checks: Annotated[int, BeforeValidator(_a_schedule)] = Field(
        20 * MINUTE_MS,
        validate_default=False,
        description="How often each party's station says a comm check by itself: a duration such as"
        " 20m, hourly, or off.",
    )
    timers: Timers = Timers()
    broker: BrokerConfig = BrokerConfig()

    @model_validator(mode="after")
    def _names_differ(self) -> Self:
        names = [*self.parties, *self.watchdogs]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(
                f"expected every station to have its own name: {twice[0]} is there twice"
            )
        return self

    @property
    def members(self) -> Line:
        """Who is on the line."""
        first, second = self.parties
        return Line(self.line, (first, second), self.watchdogs)


class _AnyLine(BaseSettings):
    """What the environment says of a line whose file nobody reads."""

    model_config = SettingsConfigDict(
        env_prefix=ENVIRONMENT, env_nested_delimiter=NESTED, extra="ignore", frozen=True
    )

    broker: BrokerConfig = BrokerConfig()


def load(path: Path, broker: str | None = None) -> LineConfig:
    """Read `line.toml`, with the environment over it and the option --broker over both.

    Raises:
        FileError: with every mistake in it.
    """
    file, options = line_toml.read(path), _options(broker)
    environment: dict[str, Any] = {}

    class FromFile(LineConfig):
        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            init_settings: PydanticBaseSettingsSource,
            env_settings: PydanticBaseSettingsSource,
            dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 -- pydantic's signature
            file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 -- as above
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            environment.update(env_settings())
            return init_settings, env_settings, InitSettingsSource(settings_cls, file.fields)

    def place_of(where: Where) -> tuple[str, int]:
        if _stands_in(environment, where):
            return _variable(where), 0
        return str(path), file.line_of(where)

    with _told(options, place_of):
        return FromFile(**options)


def broker_address(url: str | None = None) -> BrokerAddress:
    """The broker of a line whose file is not at hand: `HOTLINE_BROKER…`, and over it the option.

    Raises:
        FileError: with every mistake in them.
    """
    options = _options(url)
    with _told(options, lambda where: (_variable(where), 0)):
        return _AnyLine(**options).broker.address


def _options(broker: str | None) -> dict[str, Any]:
    """What the command line sets."""
    return {"broker": {"url": broker}} if broker else {}


@contextlib.contextmanager
def _told(
    options: dict[str, Any], other_place_of: Callable[[Where], tuple[str, int]]
) -> Iterator[None]:
    """Have pydantic's errors say where each mistake is: in the options, or elsewhere."""

    def place_of(where: Where) -> tuple[str, int]:
        return ("command line", 0) if _stands_in(options, where) else other_place_of(where)

    try:
        yield
    except SettingsError as error:
        field = str(error).split('"')[1]
        says = 'expected JSON, as in ["watchdog"] or {"receipt": "8s"}'
        raise FileError([Mistake(_variable((field,)), 0, field, says)]) from None
    except ValidationError as error:
        raise FileError(mistakes_in(error, LineConfig, place_of, secret={"broker"})) from None


def load_all(
    paths: Sequence[Path], watchdog: str | None = None, broker: str | None = None
) -> tuple[list[LineConfig], list[Mistake]]:
    """Read the configurations of several lines; a directory stands for all `*.toml` files in it.

    Mistakes in files that were only found in a directory are returned beside the lines that are
    right, which need not suffer for them. Two lines of one name are a mistake, and so is one
    without the wanted watchdog.

    Raises:
        FileError: with every mistake, when one is in a file that was named, or no line is right.
    """
    lines: dict[str, tuple[LineConfig, Path]] = {}
    mistakes: list[Mistake] = []
    is_ours = False  # a person who names a file is there to read what is wrong with it
    for path in paths:
        known = len(mistakes)
        files = _files_of(path)
        if not files:
            mistakes.append(Mistake(str(path), 0, "", "expected a directory with *.toml files"))
        for file in files:
            try:
                if file is not path:
                    _expect_file(file)
                config = load(file, broker)
                _expect_watchdog(watchdog, config, file)
                _, first = lines.setdefault(config.line, (config, file))
                if first is not file:
                    says = f"{config.line!r} is the name of the line in {first} too"
                    raise _mistaken(file, "line", says)
            except FileError as error:
                mistakes += error.mistakes
        is_ours |= len(mistakes) > known and (not files or not is_folder(path))
    mistakes = sorted(set(mistakes))  # those in the environment only once
    if is_ours or not lines:
        raise FileError(mistakes)
    return [config for config, _ in lines.values()], mistakes


def _files_of(path: Path) -> list[Path]:
    if not is_folder(path):
        return [path]
    # Unlike `glob`, which finds nothing where we may not look. A hidden file is some editor's.
    return sorted(f for f in path.iterdir() if f.suffix == ".toml" and not f.name.startswith("."))


def _expect_file(path: Path) -> None:
    """Refuse what only has the name of a file: a pipe would keep its reader waiting for ever."""
    with contextlib.suppress(OSError):  # who reads it learns why
        if is_there(path) and not is_file(path):
            says = "is not a file; expected a line's configuration"
            raise FileError([Mistake(str(path), 0, "", says)])


def _expect_watchdog(name: str | None, config: LineConfig, file: Path) -> None:
    if name and name not in config.watchdogs:
        hint = did_you_mean(name, config.watchdogs)
        raise _mistaken(file, "watchdogs", f"{name!r} is not a watchdog of {config.line}; {hint}")


def _mistaken(file: Path, field: str, says: str) -> FileError:
    """The error for a field that is right by itself but does not fit."""
    return FileError([Mistake(str(file), line_toml.read(file).line_of((field,)), field, says)])


def _stands_in(given: object, where: Where) -> bool:
    """Whether a field has its value from there."""
    for part in where:
        if isinstance(given, list):
            return True  # a list comes whole
        if not isinstance(given, dict) or part not in given:
            return False
        given = given[part]
    return bool(where)


def _variable(where: Where) -> str:
    """The variable that sets a field: its own, that of a whole around it, or (one) of its parts."""
    name = ENVIRONMENT + NESTED.join(str(part).upper() for part in where)
    set_ = sorted(variable for variable in os.environ if variable.upper().startswith(ENVIRONMENT))
    wholes = [v for v in set_ if f"{name}{NESTED}".startswith(f"{v.upper()}{NESTED}")]
    parts = [v for v in set_ if v.upper().startswith(f"{name}{NESTED}")]
    return f"environment variable {next(iter([*reversed(wholes), *parts]), name)}"
