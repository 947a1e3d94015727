"""The line's configuration: file, environment, options, and every mistake in them."""

from pathlib import Path

import pytest

from hotline.broker.address import BrokerAddress
from hotline.config.config import LineConfig, broker_address, load, load_all
from hotline.files.mistakes import FileError
from hotline.timers import Timers
from hotline.times import HOUR_MS, MINUTE_MS, SECOND_MS
from tests.config_files import PARTIES, minimal, written

pytestmark = pytest.mark.usefixtures("no_variables")


EXAMPLE = Path(__file__).parents[2] / "docs" / "line.toml"


@pytest.fixture
def line_toml(tmp_path: Path) -> Path:
    """A line's configuration that says no more than it must."""
    return minimal(tmp_path)


def mistakes(path: Path, broker: str | None = None) -> list[str]:
    """What is wrong, without the folder of the file."""
    with pytest.raises(FileError) as caught:
        load(path, broker)
    return [line.removeprefix(f"{path.parent}/") for line in str(caught.value).splitlines()]


def test_what_is_left_out_has_its_default(line_toml: Path) -> None:
    """A name and two parties are enough: one watchdog, all timers, and a broker on this machine."""
    config = load(line_toml)
    assert config.members.stations == ("isr", "tur", "watchdog")
    assert config.timers == Timers()
    assert config.broker.address == BrokerAddress("127.0.0.1", 1883)


def test_a_byte_order_mark_is_no_part_of_the_text(line_toml: Path) -> None:
    """Some editors begin every file with one; the lines of mistakes stay the same."""
    text = line_toml.read_text(encoding="utf-8")
    line_toml.write_text(text, encoding="utf-8-sig")
    assert load(line_toml).line == "isr-tur"
    twin = line_toml.with_name("twin.toml")
    twin.write_text(f"\n{text}", encoding="utf-8-sig")
    with pytest.raises(FileError, match=r"twin.toml:2: line: 'isr-tur' is the name of the line in"):
        load_all([line_toml, twin])


def test_the_documented_example_is_a_configuration() -> None:
    """`docs/line.toml` can be loaded as it stands, and names the parties as people do."""
    config = load(EXAMPLE)
    assert config.line == "isr-tur"
    assert [party.display for party in config.parties.values()] == ["Israel", "Türkiye"]


def test_the_environment_goes_over_the_file_and_options_over_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each key has the strongest that sets it; its neighbours have theirs."""
    more = '[timers]\nreceipt = "6s"\ngrace = "2s"\n[broker]\nurl = "mqtt://file:1"\n'
    line_toml = minimal(tmp_path, more)
    assert load(line_toml).broker.address.host == "file"
    monkeypatch.setenv("HOTLINE_BROKER__URL", "mqtt://variable:2")
    monkeypatch.setenv("HOTLINE_BROKER__USERNAME", "levi")
    monkeypatch.setenv("HOTLINE_TIMERS__RECEIPT", "7s")
    monkeypatch.setenv("HOTLINE_PARTIES__TUR__DISPLAY", "Turkey")
    config = load(line_toml)
    assert config.broker.address == BrokerAddress("variable", 2, "levi")
    assert (config.timers.receipt_ms, config.timers.grace_ms) == (7 * SECOND_MS, 2 * SECOND_MS)
    assert [party.display for party in config.parties.values()] == ["Israel", "Turkey"]
    config = load(line_toml, "mqtt://flag:3")
    assert config.broker.address == BrokerAddress("flag", 3, "levi")


def test_a_whole_table_can_come_as_json(line_toml: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable may hold a list or a table as JSON."""
    monkeypatch.setenv("HOTLINE_WATCHDOGS", '["dog", "hound"]')
    monkeypatch.setenv("HOTLINE_TIMERS", '{"answer_flash": "3m"}')
    config = load(line_toml)
    assert config.watchdogs == ("dog", "hound")
    assert config.timers.answer_flash_ms == 3 * MINUTE_MS


def test_credentials_in_the_address_go_first(
    line_toml: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A user name and password in the URL are stronger than those beside it."""
    monkeypatch.setenv("HOTLINE_BROKER__USERNAME", "beside")
    monkeypatch.setenv("HOTLINE_BROKER__PASSWORD", "p2")
    config = load(line_toml, "mqtt://in:p1@host")
    assert config.broker.address == BrokerAddress("host", 1883, "in", "p1")
    config = load(line_toml, "mqtt://host")
    assert config.broker.address == BrokerAddress("host", 1883, "beside", "p2")


def test_without_a_file_the_environment_names_the_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who follows a line by its name has credentials too; what is wrong with them is told."""
    assert broker_address() == BrokerAddress("127.0.0.1")
    monkeypatch.setenv("HOTLINE_BROKER__URL", "mqtt://variable:2")
    monkeypatch.setenv("HOTLINE_BROKER__USERNAME", "levi")
    monkeypatch.setenv("HOTLINE_BROKER__PASSWORD", "geheim")
    monkeypatch.setenv("HOTLINE_TIMERS__RECEIPT", "8s")
    assert broker_address() == BrokerAddress("variable", 2, "levi", "geheim")
    assert broker_address("mqtt://flag:3") == BrokerAddress("flag", 3, "levi", "geheim")
    with pytest.raises(FileError, match=r"^command line: broker\.url: 'flag' is not a broker's"):
        broker_address("flag")
    monkeypatch.setenv("HOTLINE_BROKER__USRNAME", "levi")
    says = r"^environment variable HOTLINE_BROKER__USRNAME: .* did you mean 'username'\?$"
    with pytest.raises(FileError, match=says):
        broker_address()


@pytest.mark.parametrize("field", ["username", "password"])
def test_what_mqtt_has_no_room_for_is_refused(
    field: str, line_toml: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And not shown."""
    monkeypatch.setenv(f"HOTLINE_BROKER__{field.upper()}", "x" * 70_000)
    with pytest.raises(FileError, match=f"_{field.upper()}: broker.{field}: .*at most 4096") as no:
        load(line_toml)
    assert "xxx" not in str(no.value)


def test_every_mistake_of_a_file_is_told_with_its_line(tmp_path: Path) -> None:
    """One reading finds all that is wrong, also in inline tables, dotted and quoted keys."""
    path = written(
        tmp_path,
        """\
lien = "isr-tur"
watchdogs = "dog"
parties.isr = {display = 3, color = "blue"}
[parties."Tür kei"]
display = "x"

[ timers ]
receipt = 5
"answr_flash" = "2m"
grace = "soon"
[broker]
url = "http://127.0.0.1:1883"
""",
    )
    assert mistakes(path) == [
        "line.toml: line: is missing",
        "line.toml:1: lien: is not a field here; did you mean 'line'?",
        "line.toml:2: watchdogs: expected a list, got 'dog'",
        "line.toml:3: parties.isr.color: is not a field here; expected one of display",
        "line.toml:3: parties.isr.display: expected a text, got 3; put it in quotes",
        (
            "line.toml:4: parties.Tür kei: got 'Tür kei'; expected lower-case letters, digits,"
            " - and _, at most 32, with a letter or digit at both ends"
        ),
        "line.toml:8: timers.receipt: expected a duration with its unit, such as 5s or 5m",
        "line.toml:9: timers.answr_flash: is not a field here; did you mean 'answer_flash'?",
        "line.toml:10: timers.grace: expected a duration such as 90s, 5m30s or 2h, got 'soon'",
        (
            "line.toml:12: broker.url: 'http://127.0.0.1:1883' is not a broker's address: expected"
            " mqtt://host:port, such as mqtt://127.0.0.1:1883, mqtt://[::1] or"
            " mqtt://user:password@broker.example:1883 (special characters in the password"
            " percent-encoded), and mqtts:// for TLS"
        ),
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            'line = "x"\n[parties.isr]\ndisplay = "Israel"\n',
            "line.toml:2: parties: expected at least 2 of them, found 1",
        ),
        (
            f'line = "x"\n{PARTIES}[parties.usa]\ndisplay = "USA"\n',
            "line.toml:2: parties: expected at most 2 of them, found 3",
        ),
        (
            f'line = "x"\nwatchdogs = ["dog", "tur"]\n{PARTIES}',
            "line.toml: expected every station to have its own name: tur is there twice",
        ),
        (
            f'line = "x"\nwatchdogs = ["dog", "dog"]\n{PARTIES}',
            "line.toml: expected every station to have its own name: dog is there twice",
        ),
        (
            f'line = "x"\n{PARTIES}[timers]\nheartbeat = "20s"\n',
            "line.toml:6: timers: expected silent to be longer than heartbeat",
        ),
        (
            f'line = "x"\n{PARTIES}[timers]\nheartbeat = "0s"\n',
            "line.toml:6: timers: expected heartbeat and resend to be longer than 0s",
        ),
    ],
)
def test_a_line_holds_together(tmp_path: Path, text: str, says: str) -> None:
    """Two parties, every station with a name of its own, and timers between which time passes."""
    assert mistakes(written(tmp_path, text)) == [says]


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        (
            "HOTLINE_TIMERS__RECEIPT",
            "5",
            "timers.receipt: expected a duration such as 90s, 5m30s or 2h, got '5'",
        ),
        (
            "HOTLINE_TIMERS",
            '{"receipt": 5}',
            "timers.receipt: expected a duration with its unit, such as 5s or 5m",
        ),
        (
            "HOTLINE_TIMERS__RECIEPT",
            "5s",
            "timers.reciept: is not a field here; did you mean 'receipt'?",
        ),
        ("HOTLINE_PARTIES__USA__DISPLAY", "USA", "parties: expected at most 2 of them, found 3"),
        (
            "HOTLINE_WATCHDOGS",
            "dog",
            'watchdogs: expected JSON, as in ["watchdog"] or {"receipt": "8s"}',
        ),
        ("hotline_watchdogs", "[1]", "watchdogs[0]: expected a text, got 1; put it in quotes"),
    ],
)
def test_a_mistake_in_a_variable_names_the_variable(
    line_toml: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, says: str
) -> None:
    """What came from the environment is not to be looked for in the file."""
    monkeypatch.setenv(name, value)
    assert mistakes(line_toml) == [f"environment variable {name}: {says}"]


def test_a_mistake_in_the_file_is_not_blamed_on_a_variable_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A variable for one timer leaves the file answerable for the others."""
    monkeypatch.setenv("HOTLINE_TIMERS__GRACE", "2s")
    (says,) = mistakes(minimal(tmp_path, "[timers]\nreceipt = 5\n"))
    assert says.startswith("line.toml:7: timers.receipt: ")


def test_a_mistake_in_an_option_is_the_command_lines(tmp_path: Path) -> None:
    """What came from an option is told as such, whatever the file says there."""
    (says,) = mistakes(minimal(tmp_path, '[broker]\nurl = "mqtt://fine"\n'), "127.0.0.1")
    assert says.startswith("command line: broker.url: '127.0.0.1' is not a broker's address")


@pytest.mark.parametrize(
    "broker",
    [
        'broker = "mqtt://levi:geheim@host"\n',
        'broker.url = "http://levi:geheim@host"\n',
        'broker.url = ["mqtt://levi:geheim@host"]\n',
        'broker.password = ["geheim"]\n',
        'broker.passwort = "geheim"\n',
    ],
)
def test_a_password_is_never_in_a_message(tmp_path: Path, broker: str) -> None:
    """Whatever is wrong with the broker's part, nobody reads the password over a shoulder."""
    text = "\n".join(mistakes(written(tmp_path, f'line = "isr-tur"\n{broker}{PARTIES}')))
    assert "line.toml:2: broker" in text
    assert "geheim" not in text


def test_a_password_is_not_in_what_a_configuration_shows_of_itself(
    line_toml: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the configuration nor the address that is made of it prints the password."""
    monkeypatch.setenv("HOTLINE_BROKER__USERNAME", "levi")
    monkeypatch.setenv("HOTLINE_BROKER__PASSWORD", "geheim")
    config = load(line_toml)
    assert isinstance(config, LineConfig)
    assert config.broker.address.password == "geheim"  # noqa: S105 -- made up
    assert "geheim" not in f"{config!r} {config} {config.broker.address!r} {config.broker.address}"


@pytest.mark.parametrize(
    ("written", "every_ms"),
    [("20m", 20 * MINUTE_MS), ("hourly", HOUR_MS), ("off", 0), ("1m", MINUTE_MS)],
)
def test_comm_checks_have_a_schedule(line_toml: Path, written: str, every_ms: int) -> None:
    """A duration, the preset, or none at all."""
    assert load(line_toml).checks == 20 * MINUTE_MS
    line_toml.write_text(f'checks = "{written}"\n{line_toml.read_text()}')
    assert load(line_toml).checks == every_ms


@pytest.mark.parametrize("written", ["often", "59s", "", 20, "999999999999h"])
def test_a_schedule_that_is_none_is_refused(line_toml: Path, written: object) -> None:
    """With what was expected."""
    says = "checks: expected hourly, off, or a duration of a minute at least and 36500d at most"
    line_toml.write_text(f"checks = {written!r}\n{line_toml.read_text()}")
    with pytest.raises(FileError, match=says):
        load(line_toml)
