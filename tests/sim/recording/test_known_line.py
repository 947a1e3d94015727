"""Who is on a recorded line, what is theirs, and its timers, wherever the records come from."""

from pathlib import Path

from hotline.bodies import Flag, Kind, Level, Rule, Subject
from hotline.status import Role
from hotline.times import MINUTE_MS
from sim.recording.archive import from_files
from sim.recording.known_line import members
from sim.recording.recorder import Recorder
from tests.clocks import HandClock
from tests.helpers import LINE, T0, notice, records, replay
from tests.sim.recording.conversation import CONFIG, conversation, ndjson


def test_who_is_on_a_line_shows_in_what_they_say(tmp_path: Path) -> None:
    """Who flags is a watchdog; its configuration says it better, and gives names and timers."""
    exported = ndjson(tmp_path / "all.ndjson", *conversation())
    assert from_files([exported], None).line == LINE
    found = from_files([exported], CONFIG)
    assert (found.displayed["tur"], found.timers.receipt_ms) == ("Türkiye", 9_000)
    assert list(found.remarks) == []


def test_a_party_may_be_called_as_a_watchdog_is_by_default() -> None:
    """If no watchdog was heard, it gets a name that no party has."""
    heard = {"tur": Role.PARTY, "isr": Role.PARTY}
    assert members("a", [], heard).watchdogs == ("watchdog",)
    assert members("a", [], {"tur": Role.PARTY, "watchdog": Role.PARTY}).watchdogs == ("dog",)


def test_a_journal_is_read_in_its_order_however_it_came(tmp_path: Path) -> None:
    """Its oldest part was pruned into a file that is named last; or it was lost, and replayed."""
    isr, tur, dog = conversation()
    for revision in (1, 2, 3):
        tur.says(Kind.NOTICE, notice(revision=revision), T0 + 100_000 + revision)
    old = ndjson(tmp_path / "old.ndjson", isr, dog)
    old.write_bytes(old.read_bytes() + tur.journal[2].raw + b"\n")
    new = tmp_path / "new.ndjson"
    new.write_bytes(b"\n".join(tur.journal[number].raw for number in (0, 1, 3)))
    clock = HandClock()
    recorder = Recorder("isr-tur", clock, CONFIG)
    clock.at_ms += 200_000
    for heard in (isr.journal, tur.journal[:2], tur.journal[3:], dog.journal):
        recorder.hear(records(*heard))
    recorder.hear(replay("tur", "dog", tur.journal[2]))
    in_order = [*dog.journal, *isr.journal, *tur.journal]
    for found in (from_files([new, old], CONFIG), recorder.recording()):
        assert list(found.records) == in_order
        assert "revision: 3" in found.cut(None, None).sheet().as_yaml()


def test_timers_are_taken_from_the_configuration_or_as_flags_tell_them(tmp_path: Path) -> None:
    """Of journals and of a live line; where they come from is said."""
    isr, tur, dog = conversation()
    about, due_ms = Subject(station="tur", seq=1), tur.journal[0].at_ms + 10 * MINUTE_MS
    flag = Flag(rule=Rule.UNANSWERED, subject=about, level=Level.WARNING, due=due_ms, detail="x")
    dog.says(Kind.FLAG, flag, due_ms)
    file = ndjson(tmp_path / "all.ndjson", isr, tur, dog)
    recorder = Recorder("isr-tur", HandClock(), None)
    for author in (isr, tur, dog):
        recorder.hear(records(*author.journal))
    for found in (recorder.recording(), from_files([file], None)):
        assert found.timers.answer_check_ms == 10 * MINUTE_MS
        assert found.remarks[-1].startswith("The timers (answer_check) are those that flags tell")
    found = from_files([file], CONFIG)
    assert (found.timers, found.remarks) == (CONFIG.timers, [])
