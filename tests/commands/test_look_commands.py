"""The commands that only look: what `tail` follows, and for which time `picture` counts."""

import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest

from hotline.bodies import Kind
from hotline.broker.address import BrokerAddress
from hotline.cli import app
from hotline.commands import entry, look_commands
from hotline.commands.tail import Tail
from hotline.journal.journal import Journal
from hotline.journal.state_lock import StateLock, mark_simulated
from hotline.times import HOUR_MS, SECOND_MS, format_instant
from tests.helpers import LINE, T0, Author, check, notice, records

pytestmark = pytest.mark.usefixtures("no_variables")
Output = pytest.CaptureFixture[str]
TOML = """\
line = "isr-tur"
parties = {isr = {display = "Israel"}, tur = {display = "Türkiye"}}
broker = {url = "mqtt://127.0.0.1:9"}
timers = {silent = "30s"}
"""


class Followed(NamedTuple):
    """What was to be followed."""

    url: str
    line: str | None
    silent_ms: int


@pytest.fixture
def follows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], list[Followed]]:
    """Runs `hotline tail` with these options, and says what it followed; there is no broker."""
    followed: list[Followed] = []

    async def follow(address: BrokerAddress, line: str | None, listener: Tail, _: object) -> None:
        followed.append(Followed(str(address), line, listener._silent_ms))

    def run(options: str) -> list[Followed]:
        assert entry.run(app, ["tail", *options.split()]) == entry.OK
        return followed

    monkeypatch.setattr(look_commands, "follow", follow)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "line.toml").write_text(TOML, encoding="utf-8")
    return run


@pytest.mark.parametrize(
    ("options", "followed"),
    [
        ("", Followed("mqtt://127.0.0.1:1883", None, 15 * SECOND_MS)),
        ("--line other", Followed("mqtt://127.0.0.1:1883", "other", 15 * SECOND_MS)),
        ("--line line.toml", Followed("mqtt://127.0.0.1:9", "isr-tur", 30 * SECOND_MS)),
        (
            "--line line.toml --broker mqtt://host:10",
            Followed("mqtt://host:10", "isr-tur", 30 * SECOND_MS),
        ),
    ],
)
def test_a_line_is_followed_by_its_name_or_by_its_file(
    options: str, followed: Followed, follows: Callable[[str], list[Followed]]
) -> None:
    """Its file says where it is, and with which timers; left out, it is every line."""
    assert follows(options) == [followed]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ("", ["isr/1", "tur/1", "tur/2"]),
        ("--notice TUR-2", ["tur/2"]),
        ("--notice TUR-1 --notice TUR-2", ["tur/1", "tur/2"]),
        ("--party isr", ["isr/1"]),
        ("--kind check", ["isr/1"]),
    ],
)
def test_a_tail_tells_on_stdout_what_is_asked_for(
    options: str, told: list[str], monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    """Of all that it hears."""
    isr, tur = Author("isr"), Author("tur")
    isr.says(Kind.CHECK, check())
    for name in ("TUR-1", "TUR-2"):
        tur.says(Kind.NOTICE, notice(name))

    async def follow(_: object, __: object, listener: Tail, ___: object) -> None:
        for author in (isr, tur):
            listener.hear(records(*author.journal))

    monkeypatch.setattr(look_commands, "follow", follow)
    assert entry.run(app, ["tail", *options.split()]) == entry.OK
    began, *lines = map(json.loads, capsys.readouterr().out.splitlines())
    assert (began["event"], began["url"]) == ("tail.started", "mqtt://127.0.0.1:1883")
    assert [line["record"] for line in lines] == told


@pytest.mark.parametrize("options", ["", "--line isr-tur", "--line line.toml"])
def test_who_follows_is_told_once_of_a_variable_that_is_mistyped(
    options: str,
    follows: Callable[[str], list[Followed]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: Output,
) -> None:
    """However the line is named."""
    monkeypatch.setenv("HOTLINE_BROKER_URL", "mqtt://host:10")
    follows(options)
    assert capsys.readouterr().err.count("HOTLINE_BROKER_URL is unknown and sets nothing") == 1


def test_what_cannot_be_a_line_is_a_usage_error(capsys: Output) -> None:
    """It is neither a name nor a file, and nothing is followed."""
    assert entry.run(app, ["tail", "--line", "isr/tur"]) == entry.USAGE
    assert "'isr/tur' is neither the name of a line nor a line.toml" in capsys.readouterr().err


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """The directory of a journal whose one notice was flown long ago; nobody works there."""
    tur = Author("tur")
    flown = notice(starts_ms=T0 + HOUR_MS, ends_ms=T0 + 2 * HOUR_MS)
    with closing(Journal.create(tmp_path / "tur", LINE, "tur")) as journal:
        journal.append([tur.says(Kind.NOTICE, flown, T0)])
    return tmp_path / "tur"


def flight(state: Path, capsys: Output, *options: str) -> str:
    """How far the notice's flight is, by what `picture` prints for programs."""
    assert entry.run(app, ["picture", "--state", str(state), "--json", *options]) == entry.OK
    phase: str = json.loads(capsys.readouterr().out)["messages"][0]["phase"]
    return phase


def test_a_journal_is_shown_as_of_its_last_record(state: Path, capsys: Output) -> None:
    """Where nobody works, or one whose time is a scenario's; while a station runs, as of now."""
    assert flight(state, capsys) == "planned"
    lock = StateLock.take(state)
    try:
        assert flight(state, capsys) == "ended"
        mark_simulated(state)
        assert flight(state, capsys) == "planned"
    finally:
        lock.release()


def test_a_journal_is_shown_for_the_time_that_is_wanted(state: Path, capsys: Output) -> None:
    """It must be a time; the table says which one it is for."""
    active = format_instant(T0 + HOUR_MS)
    assert flight(state, capsys, "--at", active) == "active"
    assert entry.run(app, ["picture", "--state", str(state), "--at", active]) == entry.OK
    assert f"journal in {state}, as of {active}\n" in capsys.readouterr().out
    early = format_instant(T0 - HOUR_MS)
    assert entry.run(app, ["picture", "--state", str(state), "--at", early]) == entry.OK
    said = f"as of {format_instant(T0)}; flights and days as of {early}\n"
    assert said in capsys.readouterr().out, "it is no picture of what was not said yet"
    assert entry.run(app, ["picture", "--state", str(state), "--at", "noon"]) == entry.USAGE
    assert "--at: " in capsys.readouterr().err


def test_the_help_of_tail_says_where_it_tells() -> None:
    """What it tells is its result, and not beside one."""
    first = (look_commands.tail.__doc__ or "").splitlines()[0]
    assert "stdout" in first
    assert "stderr" not in first
