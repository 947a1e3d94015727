"""`hotline desk …` as people type it, at the desks of real stations on a real Mosquitto."""

import asyncio
import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from hotline import cli
from hotline.commands import entry
from tests.helpers import eventually
from tests.processes import Process, Several, several

LINE = """\
line = "desks"
parties = {{isr = {{display = "Israel"}}, tur = {{display = "Türkiye"}}}}
[broker]
url = "{url}"
"""
NOTIFY = (
    "notify --precedence FLASH --category request --activity survey --callsign tur014 --type c30j"
    " --circle 34.52,37.63,8km --from +1h --until +2h --as tur"
)


@pytest.fixture
def line(tmp_path: Path, mosquitto_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Several]:
    """A line's stations, in their usual places."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.delenv("HOTLINE_DESK", raising=False)
    monkeypatch.setenv("COLUMNS", "100")
    (tmp_path / "line.toml").write_text(LINE.format(url=mosquitto_url), encoding="utf-8")
    with several(tmp_path) as processes:
        yield processes


async def _on_line(line: Several) -> dict[str, Process]:
    commands = {"isr": ["station", "isr"], "tur": ["station", "tur"], "dog": ["watchdog"]}
    found = {
        name: line.start(name, "hotline", *command, "--line", "line.toml")
        for name, command in commands.items()
    }
    for name, other in (("isr", "tur"), ("tur", "isr")):
        await found[name].tells("station.online", station=other)
        await found[name].tells("station.online", station="watchdog")
    return found


class Desk:
    """Types commands, and reads what they print."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def types(self, command: str) -> tuple[int, str]:
        """A command's exit code and all that it prints, on lines without padding."""
        code = entry.run(cli.app, ["desk", *shlex.split(command)])
        printed = self._capsys.readouterr()
        text = printed.out + printed.err
        return code, "\n".join(" ".join(line.split()) for line in text.splitlines())


@pytest.mark.mosquitto
def test_a_conversation_between_two_desks(
    line: Several, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each word is said, shown, answered or refused, and the journals hold what was said."""
    found = asyncio.run(_on_line(line))
    desk = Desk(capsys)
    assert desk.types("inbox")[0] == entry.USAGE, "three stations run here"
    assert desk.types('handover "Maj. Demir" --deputy Kaya --as tur') == (
        entry.OK,
        "said handover to Maj. Demir: tur/1",
    )
    unclear = desk.types(NOTIFY.replace("8km", "8"))
    says = "error: --circle: a radius of 8 of what? Say 8km, 8m, 8NM or 8ft"
    assert unclear == (entry.USAGE, says)
    mistyped = desk.types(NOTIFY.replace("--callsign", "--calsign"))
    assert mistyped == (entry.USAGE, "error: there is no option --calsign: see --help")
    code, told = desk.types(NOTIFY)
    assert code == entry.OK
    assert told.startswith("said flight notice: tur/2 – TUR-002 rev 1, ")
    assert told.endswith(" UTC, 8 km around 34.52, 37.63")
    asyncio.run(_told(found["isr"], "notice.received"))
    code, inbox = desk.types("inbox --as isr")
    assert (code, inbox.splitlines()[1].split()[:5]) == (
        entry.OK,
        ["tur/2", "TUR-002", "rev", "1", "FLASH"],
    )
    assert desk.types("answer TUR-002 roger --as isr") == (
        entry.FAILED,
        "error: TUR-002 rev 1 takes ACCEPT or REJECT or STANDBY, not ROGER",
    )
    said = desk.types("answer TUR-002 STANDBY --in 1m --officer Levi --as isr")
    with_its_day = (
        r"said STANDBY to TUR-002 rev 1 until \w{3} \d\d \w{3} \d{4} \d\d:\d\d(:\d\d)? UTC: isr/1"
    )
    assert said[0] == entry.OK
    assert re.fullmatch(with_its_day, said[1])
    said = desk.types("answer tur/2 reject --reason 'not today' --as isr")
    assert said == (entry.OK, "said REJECT to TUR-002 rev 1: isr/2")
    asyncio.run(_told(found["tur"], "notice.answered", answer="REJECT"))
    code, picture = desk.types("picture --as tur")
    assert code == entry.OK
    assert picture.startswith("tur on the line desks: on the line; isr online; watchdog online")
    assert "Maj. Demir is on watch, deputy Kaya, until" in picture
    assert "tur/2 TUR-002 rev 1" in picture
    told = desk.types("revise TUR-002 --count 2 --as tur")[1]
    assert told.startswith("said revision of TUR-002: tur/3 – TUR-002 rev 2, ")
    assert desk.types("cancel TUR-002 --reason fog --as tur")[0] == entry.OK
    assert desk.types("voice 'all is off' --with Levi --as tur")[1] == "said voice log: tur/5"
    code, shown = desk.types("show TUR-002 --as tur")
    assert (code, shown.splitlines()[3]) == (entry.OK, "text survey 2 × C30J TUR014")
    code, text = desk.types("show TUR-002 --json --as tur")
    assert (code, json.loads(text)["record"]["body"]["notice"]) == (entry.OK, "TUR-002")
    code, text = desk.types("picture --json --as tur")
    assert code == entry.OK
    state = json.loads(text)
    assert (state["station"], state["heads"]["tur"]) == ("tur", 5)
    became = {each["record"]: each["state"] for each in state["recent"]}
    assert (became["tur/2"], became["tur/3"]) == ("superseded", "cancelled")


async def _told(process: Process, event: str, **facts: object) -> None:
    await eventually(lambda: process.told(event, **facts))


@pytest.mark.parametrize(
    ("command", "code", "says"),
    [
        ("inbox", entry.UNREACHABLE, "error: no station is running here: start one with"),
        ("inbox --as tur", entry.UNREACHABLE, "error: no station 'tur' is running here"),
        ("inbox --state /nowhere", entry.UNREACHABLE, "there is no such directory"),
        ("", entry.USAGE, "the full screen of `hotline desk` needs a terminal, but"),
        ("inbxo", entry.USAGE, "there is no command 'inbxo' at the desk; did you mean 'inbox'?"),
        ("--as isr inbox", entry.USAGE, "options go after the command: hotline desk inbox …"),
        ("answer isr/1 maybe", entry.USAGE, "Invalid value"),
        ("answer", entry.USAGE, "RECORD"),
        ("stop", entry.USAGE, "TEXT"),
        (
            "stop break it off",
            entry.USAGE,
            "quote a text of several words: hotline desk stop 'brea",
        ),
        ("handover Maj. Demir", entry.USAGE, "hotline desk handover 'Maj. Demir'"),
        ("voice all off --with Levi", entry.USAGE, "hotline desk voice 'all off'"),
        ("check hello", entry.USAGE, "after --remarks: hotline desk check --remarks hello"),
        ("suspend a storm", entry.USAGE, "hotline desk suspend --reason 'a storm'"),
        ("resume it is over", entry.USAGE, "hotline desk resume --reason 'it is over'"),
        ("cancel X fog", entry.USAGE, "hotline desk cancel X --reason fog"),
        ("answer X reject no", entry.USAGE, "hotline desk answer X reject --reason no"),
        ("answer X standby", entry.USAGE, "standby needs --in (such as --in 10m) or --until"),
        ("answer X reject", entry.USAGE, "reject needs --reason"),
        ("answer X accept --in 5m", entry.USAGE, "--in and --until go with standby"),
        ("answer X roger --reason no", entry.USAGE, "--reason goes with reject"),
        ("voice off --with L --about X --answer standby", entry.USAGE, "standby needs --in"),
        ("voice yes --with L --answer accept", entry.USAGE, "an answer needs --about: which mess"),
    ],
)
def test_what_cannot_be_done_is_told(
    command: str,
    code: int,
    says: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """With one sentence and its exit code."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.delenv("HOTLINE_DESK", raising=False)
    ended, text = Desk(capsys).types(command)
    assert ended == code
    assert says in text


def test_a_terminal_that_cannot_move_its_cursor(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is told what is wrong with it, since it is a terminal."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        monkeypatch.setattr(stream, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "dumb")
    code, text = Desk(capsys).types("")
    assert code == entry.USAGE
    assert "needs a terminal that can move its cursor, but TERM=dumb says" in " ".join(text.split())


@pytest.mark.parametrize("elsewhere", ["stdin", "stdout", "stderr"])
def test_a_screen_of_which_a_stream_goes_elsewhere(
    elsewhere: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It does not open, also where only its errors go to a file: nothing could be seen of it."""
    for name in ("stdin", "stdout", "stderr"):
        is_terminal = name != elsewhere
        monkeypatch.setattr(getattr(sys, name), "isatty", lambda it=is_terminal: it)
    monkeypatch.setenv("TERM", "xterm")
    code, text = Desk(capsys).types("")
    assert code == entry.USAGE
    assert "the full screen of `hotline desk` needs a terminal, but" in " ".join(text.split())


@pytest.mark.parametrize("closed", ["stdin", "stdout"])
def test_a_screen_of_which_a_stream_is_closed(
    closed: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It does not open either."""
    for name in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(getattr(sys, name), "isatty", lambda: True)
    monkeypatch.setattr(sys, closed, None)
    code, text = Desk(capsys).types("")
    assert code == entry.USAGE
    assert "the full screen of `hotline desk` needs a terminal, but" in " ".join(text.split())


def test_a_variable_names_a_desk_unless_an_option_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever says --as means that one, whatever stands in the environment."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setenv("HOTLINE_DESK", "/nowhere/tur")
    desk = Desk(capsys)
    told = desk.types("inbox")[1]
    assert "no station is running in /nowhere/tur" in told
    assert "($HOTLINE_DESK names it: `unset HOTLINE_DESK` for another station)" in told
    assert "no station 'isr' is running here" in desk.types("inbox --as isr")[1]
    assert "no station is running in /else" in desk.types("inbox --state /else")[1]


def test_the_screen_is_loaded_only_when_it_opens() -> None:
    """No command waits for what it does not need."""
    code = "import sys, hotline.cli; sys.exit('textual' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(("forgets", "code"), [(True, 0), (False, 120)])
def test_what_a_closed_terminal_was_to_show_is_no_failure(*, forgets: bool, code: int) -> None:
    """Left to itself, Python writes it once more at its end, and ends with 120."""
    program = "import sys; from hotline.desk.commands import desk_commands; sys.stdin.read()\n"
    program += "sys.stdout.write('x')\n"
    program += "desk_commands._forget_a_closed_terminal()\n" if forgets else ""
    ours, theirs = os.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "PYTHONUNBUFFERED": ""},
    ) as process:
        os.close(theirs)
        os.close(ours)
        process.communicate(timeout=30)
    assert process.returncode == code
