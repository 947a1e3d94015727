"""`hotline-sim record` as its users run it, on journals."""

import os
from pathlib import Path

import pytest

from hotline.bodies import Answer, Flag, Kind, Level, Rule, Subject
from hotline.commands import entry
from hotline.journal.journal import Journal
from sim.cli import app
from sim.recording import encore
from sim.scenario import loading
from tests.helpers import LINE, T0, Author, check, notice, reply, stop
from tests.processes import finished
from tests.sim.recording.conversation import ndjson

EXAMPLE = Path(__file__).parents[3] / "docs" / "line.toml"


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """The state directory of a station that has asked and was answered."""
    isr, tur = Author("isr"), Author("tur")
    tur.says(Kind.NOTICE, notice(), T0 + 10_000)
    isr.says(Kind.REPLY, reply("tur", 1, Answer.REJECT), T0 + 20_000)
    journal = Journal.create(tmp_path / "state", LINE, "isr")
    journal.append([*isr.journal, *tur.journal])
    journal.close()
    return tmp_path / "state"


def test_a_journal_becomes_a_scenario_that_passes(
    state: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """On stdout or in a file, cut or not; `run` plays it."""
    to = tmp_path / "story.yaml"
    done = finished("sim", "record", str(state), "--to", str(to), "--until", "1m")
    assert (done.returncode, done.stdout) == (0, "")
    assert f"\nrecorded in {to}; `hotline-sim run {to} --virtual` plays it\n" in done.stderr
    assert done.stderr.endswith("it gave the same words, to the second, and the same flags.\n")
    assert "# Played again, it gave the same words" in to.read_text("utf-8")
    assert entry.run(app, ["run", str(to), "--virtual"]) == entry.OK
    capsys.readouterr()
    cut = ["record", str(state), "--from", "2026-01-12T06:00:20.500Z"]
    assert entry.run(app, cut) == entry.USAGE
    assert "nothing was said" in capsys.readouterr().err


def test_what_waits_at_the_beginning_of_a_part_is_in_it(
    state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The part begins earlier, and both the file and the terminal say why."""
    assert entry.run(app, ["record", str(state), "--from", "15s"]) == 0
    out, told = capsys.readouterr()
    assert "start: 2026-01-12T06:00:10Z" in out
    for said in (told, out.replace("# ", "")):
        assert "It begins before 2026-01-12T06:00:15.000Z, with what still waited then:\n" in said
        assert "- TUR-014 rev 1 (from 2026-01-12T06:00:10.000Z on)\n" in said


def test_the_lines_configuration_gives_what_journals_do_not_hold(
    state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its timers, and what the parties are called."""
    assert entry.run(app, ["record", str(state), "--line", str(EXAMPLE)]) == entry.OK
    out = capsys.readouterr().out
    assert "Israel" in out
    assert "timers are the defaults" not in out


def test_a_pipe_gets_the_file_once(state: Path) -> None:
    """When it is known whether everything comes again."""
    reading, writing = os.pipe()
    assert entry.run(app, ["record", str(state), "--to", f"/dev/fd/{writing}"]) == entry.OK
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as pipe:
        text = pipe.read()
    assert text.count("events:\n") == 1
    assert encore.SAME in text


def test_what_is_left_out_is_counted_on_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """That the file says the same when played is not that it says all.

    Nor does the exit code, for a script.
    """
    isr, tur = Author("isr"), Author("tur")
    tur.says(Kind.NOTICE, notice(), T0 + 10_000)
    for seq in (7, 8):
        isr.says(Kind.REPLY, reply("tur", seq, Answer.ACCEPT), T0 + 20_000)
    source = ndjson(tmp_path / "x.ndjson", isr, tur)
    assert entry.run(app, ["record", str(source)]) == entry.FAILED
    out, told = capsys.readouterr()
    for said in (told, out.replace("# ", "")):
        assert "LEFT OUT, and named in comments: 2 records.\n" in said
        assert encore.SAME not in said
    assert "\nteaches: What was said there is said again in 1 record of two parties (2 l" in out
    assert out.count("# left out: isr/") == 2


def test_a_record_that_says_something_else_is_counted_on_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It was changed, since a scenario cannot say it as it was."""
    isr, tur = Author("isr"), Author("tur")
    tur.says(Kind.NOTICE, notice(), T0 + 10_000)
    isr.says(Kind.STOP, stop("N-2"), T0 + 20_000)
    source = ndjson(tmp_path / "x.ndjson", isr, tur)
    assert entry.run(app, ["record", str(source)]) == entry.FAILED
    out, told = capsys.readouterr()
    for said in (told, out.replace("# ", "")):
        assert "CHANGED, and named in comments: 1 record.\n" in said
        assert encore.SAME not in said
    assert "isr/1 names N-2, but there is no such notice" in out


def test_what_was_missing_from_the_beginning_is_told_on_the_terminal_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An exported journal of which somebody has cut out a line; the file names it at its top."""
    tur = Author("tur")
    for at_ms in (10_000, 20_000, 30_000):
        tur.says(Kind.CHECK, check(), T0 + at_ms)
    del tur.journal[1]
    isr = Author("isr")
    isr.says(Kind.CHECK, check(), T0 + 40_000)
    source = ndjson(tmp_path / "x.ndjson", isr, tur)
    assert entry.run(app, ["record", str(source)]) == entry.FAILED
    out, told = capsys.readouterr()
    for said in (told, out.replace("# ", "")):
        assert "\n1 record of tur is missing in between.\n" in said
        assert encore.SAME_BUT in said


@pytest.mark.parametrize("to", ["story.yaml", "-"])
def test_ctrl_c_while_it_is_looked_at_once_more_leaves_that_out(
    to: str,
    state: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Also where it is being read; what was recorded is kept, and nothing is claimed of it.

    The exit code claims nothing either: a script knows no more than the comment says.
    """

    def parse(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(loading, "parse", parse)
    monkeypatch.chdir(tmp_path)
    assert entry.run(app, ["record", str(state), "--to", to]) == entry.FAILED
    said = capsys.readouterr().out if to == "-" else Path(to).read_text("utf-8")
    assert "# NOT KNOWN to be the same" in said
    assert "events:" in said


def test_whatever_ends_it_while_it_plays_what_was_recorded_is_kept(
    state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A live line cannot be recorded twice."""

    def killed(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(encore, "play_virtual", killed)
    to = tmp_path / "story.yaml"
    with pytest.raises(MemoryError):
        entry.run(app, ["record", str(state), "--to", str(to)])
    assert "# NOT KNOWN to be the same" in to.read_text("utf-8")
    assert entry.run(app, ["run", str(to), "--virtual"]) == entry.OK


def test_what_a_full_disk_does_not_take_goes_to_stdout(
    state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A live line cannot be recorded twice."""
    assert entry.run(app, ["record", str(state), "--to", "/dev/full"]) == entry.USAGE
    out, told = capsys.readouterr()
    assert "\nexpect:\n" in out
    assert told.endswith("to /dev/full: No space left on device; it went to stdout instead\n")


def test_what_does_not_come_again_is_told_beside_the_file_and_in_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A fork cannot be played: a script sees that by the exit code.

    And the command that is printed can be pasted.
    """
    tur, dog = Author("tur"), Author("dog")
    tur.says(Kind.NOTICE, notice(), T0 + 10_000)
    fork = Flag(
        rule=Rule.FORK, subject=Subject(station="tur"), level=Level.ALARM, due=T0, detail="x"
    )
    dog.says(Kind.FLAG, fork, T0 + 20_000)
    journal = Journal.create(tmp_path / "state", LINE, "isr")
    journal.append([*dog.journal, *tur.journal])
    journal.close()
    to = tmp_path / "a story.yaml"
    assert entry.run(app, ["record", str(tmp_path / "state"), "--to", str(to)]) == entry.FAILED
    said = capsys.readouterr().err
    assert f"`hotline-sim run '{to}' --virtual` plays it" in said
    assert said.endswith("- flag fork ALARM of tur: 1 recorded, 0 when played\n")
    written = to.read_text(encoding="utf-8")
    assert "# - flag fork ALARM of tur: 1 recorded, 0 when played\n" in written
    assert "gave the same" not in written


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--from", "5m"], "--from is 2026-01-12T06:05:00.000Z: the recording ends at"),
        (["--until", "2026-01-12T06:00:00Z"], "the recording begins at 2026-01-12T06:00:00.000Z;"),
        (["--from", "8s", "--until", "7s"], "expected --from to be before --until"),
        (["--from", "8s", "--until", "8s"], "expected --from to be before --until"),
    ],
)
def test_a_cut_of_nothing_is_refused(
    words: list[str], says: str, state: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No file is written that could not be played."""
    to = tmp_path / "out.yaml"
    assert entry.run(app, ["record", str(state), "--to", str(to), *words]) == 2
    assert says in capsys.readouterr().err
    assert not to.exists()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([], "expected the line's name or its line.toml with --line, or some journals"),
        (["--line", "Bad Name"], "expected the line's name or its line.toml"),
        (["x.ndjson", "--for", "1m"], "--broker and --for are for live lines"),
        (["x.ndjson", "--line", "isr-tur"], "with journals, expected the line's line.toml"),
        (["x.ndjson"], "cannot read x.ndjson: No such file or directory"),
        (["x.ndjson", "--to", "/none/x.yaml"], "there is no such folder"),
        (["x.ndjson", "--to", "/"], "cannot write the scenario to /: it is a folder"),
        (["x.ndjson", "--to", "x" * 300], "File name too long"),
        (["x.ndjson", "--to", __file__], "is there already: give the scenario another name"),
        (["--line", "isr-tur", "--for", "5"], "--for: expected a duration such as 90s"),
    ],
)
def test_a_wrong_command_line_exits_with_2(
    words: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """With a sentence, and never a traceback."""
    assert entry.run(app, ["record", *words]) == 2
    assert says in capsys.readouterr().err


def test_a_time_that_is_none_is_told(state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With what was expected instead."""
    assert entry.run(app, ["record", str(state), "--from", "noon"]) == 2
    told = capsys.readouterr().err
    assert "--from noon: expected a UTC time such as 2026-01-12T06:00:00.000Z" in told
