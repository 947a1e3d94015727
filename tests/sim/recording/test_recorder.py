"""Where recordings come from: journals, exported records, and what is heard on a live line."""

from pathlib import Path

import pytest

from hotline.bodies import Answer, Flag, Kind, Level, Rule, Subject
from hotline.config import LineConfig
from hotline.errors import LocalError
from hotline.journal.journal import Journal
from hotline.journal.journal_file import FILE
from hotline.line import Line
from hotline.station.turn import Incoming
from hotline.status import GOODBYE, LINK_LOST
from hotline.times import DAY_MS, MINUTE_MS
from sim.recording.recorder import Recorder, from_files
from tests.helpers import LINE, T0, Author, check, notice, records, replay, reply, status

CONFIG = LineConfig.model_validate(
    {
        "line": "isr-tur",
        "parties": {"isr": {"display": "Israel"}, "tur": {"display": "Türkiye"}},
        "watchdogs": ["dog"],
        "timers": {"receipt": "9s"},
    }
)


class HandClock:
    """A clock that shows what it is told to."""

    def __init__(self) -> None:
        self.ms = T0

    def now_ms(self) -> int:
        """What it shows."""
        return self.ms

    def wait_s(self, until_ms: int) -> float:
        """No time."""
        return 0.0

    def jumped_ms(self) -> int:
        """Nobody sets it."""
        return 0


def conversation() -> tuple[Author, Author, Author]:
    """Two parties and a watchdog who have said something."""
    isr, tur, dog = Author("isr"), Author("tur"), Author("dog")
    tur.says(Kind.CHECK, check(), T0 + 5_000)
    isr.says(Kind.REPLY, reply("tur", 1, Answer.ROGER), T0 + 65_000)
    about = Subject(station="tur", seq=1)
    flag = Flag(rule=Rule.INVALID, subject=about, level=Level.WARNING, due=T0, detail="x")
    dog.says(Kind.FLAG, flag, T0 + 66_000)
    return isr, tur, dog


def ndjson(path: Path, *authors: Author) -> Path:
    """What `hotline journal export` writes."""
    lines = [record.raw for author in authors for record in author.journal]
    path.write_bytes(b"\n".join([*lines, b""]))
    return path


def test_journals_and_exports_are_read_as_one(tmp_path: Path) -> None:
    """Each record once, from the minute of the first to a second after the last."""
    isr, tur, dog = conversation()
    journal = Journal.create(tmp_path / "isr", LINE, "isr")
    journal.append([*isr.journal, *tur.journal])
    journal.close()
    exported = ndjson(tmp_path / "dog.ndjson", tur, dog)
    found = from_files([tmp_path / "isr", exported], None)
    assert found.line == LINE
    assert sorted(record.ref for record in found.records) == [("dog", 1), ("isr", 1), ("tur", 1)]
    assert (found.begins_ms, found.ends_ms) == (T0, T0 + 67_000)
    assert "The timers are the defaults" in found.remarks[-1]


def test_who_is_on_a_line_shows_in_what_they_say(tmp_path: Path) -> None:
    """Who flags is a watchdog; its configuration says it better, and gives names and timers."""
    exported = ndjson(tmp_path / "all.ndjson", *conversation())
    assert from_files([exported], None).line == LINE
    found = from_files([exported], CONFIG)
    assert (found.displayed["tur"], found.timers.receipt_ms) == ("Türkiye", 9_000)
    assert list(found.remarks) == []


def test_what_is_missing_of_a_journal_is_told(tmp_path: Path) -> None:
    """Its beginning, a part of it, or all."""
    isr, tur = Author("isr"), Author("tur")
    tur.notices(5)
    isr.notices(5)
    del tur.journal[3], tur.journal[0], isr.journal[2:4], isr.journal[0]
    found = from_files([ndjson(tmp_path / "x.ndjson", isr, tur)], CONFIG)
    assert list(found.remarks) == [
        "The records of isr before isr/2 are not there.",
        "2 records of isr are missing in between.",
        "The records of tur before tur/2 are not there.",
        "1 record of tur is missing in between.",
    ]


def test_what_cannot_be_recorded_is_an_error(tmp_path: Path) -> None:
    """A sentence for each."""
    isr, tur, dog = conversation()
    with pytest.raises(LocalError, match="cannot read"):
        from_files([tmp_path / "none.ndjson"], None)
    with pytest.raises(LocalError, match="no journal in"):
        from_files([tmp_path], None)
    (tmp_path / "empty.ndjson").write_bytes(b"")
    with pytest.raises(LocalError, match="no records in"):
        from_files([tmp_path / "empty.ndjson"], None)
    (tmp_path / "bad.ndjson").write_bytes(b"{}\n\nx\n")
    with pytest.raises(LocalError, match=r"bad.ndjson:1: v is None.*\n.*bad.ndjson:3: not JSON"):
        from_files([tmp_path / "bad.ndjson"], None)
    Journal.create(tmp_path / "isr", LINE, "isr").close()
    with pytest.raises(LocalError, match=f"of a journal; name its directory, {tmp_path}/isr"):
        from_files([tmp_path / "isr" / FILE], None)
    with pytest.raises(LocalError, match="two parties of the line isr-tur: heard tur"):
        from_files([ndjson(tmp_path / "one.ndjson", tur, dog)], None)
    other = Author("isr", Line("other", ("isr", "tur"), ("dog",)))
    other.notices(1)
    with pytest.raises(LocalError, match="expected records of one line, got those of isr-tur, oth"):
        from_files([ndjson(tmp_path / "a", tur), ndjson(tmp_path / "b", other)], None)
    with pytest.raises(LocalError, match="expected records of one line, got those of isr-tur, oth"):
        from_files([ndjson(tmp_path / "a", isr), ndjson(tmp_path / "b", other)], None)
    fork = Author("tur")
    fork.notices(1)
    with pytest.raises(LocalError, match="tur/1 has other words than elsewhere: a fork"):
        from_files([ndjson(tmp_path / "a", isr, tur), ndjson(tmp_path / "b", fork)], None)


def test_a_live_line_is_heard_from_now_on() -> None:
    """Every record once, also when it comes as a replay; what was said before is not of it."""
    clock = HandClock()
    isr, tur, _ = conversation()
    old = Author("isr")
    old.says(Kind.NOTICE, notice(), T0 - MINUTE_MS)
    recorder = Recorder("isr-tur", clock, CONFIG, "a test")
    for incoming in (
        records(*tur.journal),
        records(*tur.journal),
        replay("dog", "tur", *old.journal),
    ):
        recorder.hear(incoming)
    recorder.hear(replay("tur", "dog", isr.journal[0]._replace(seq=2)))
    clock.ms += 70_500
    found = recorder.recording()
    assert [record.ref for record in found.records] == [("tur", 1)]
    assert (found.begins_ms, found.ends_ms) == (T0, T0 + 70_500)


def test_who_is_there_and_who_is_not_is_seen() -> None:
    """A will, a goodbye, missing heartbeats; and that somebody is back."""
    clock = HandClock()
    recorder = Recorder("isr-tur", clock, None, "a test")
    for station in LINE.stations:
        recorder.hear(status(station))
    clock.ms += 5_000
    recorder.hear(status("isr", online=False, reason="link lost", at_ms=clock.ms))
    recorder.hear(status("dog", online=False, reason=GOODBYE, at_ms=clock.ms))
    clock.ms += 5_000
    recorder.hear(status("isr", since_ms=clock.ms, at_ms=clock.ms))
    clock.ms += 5_000
    recorder.tick()
    found = recorder.recording()
    assert found.line == LINE
    assert [
        (a.station, a.from_ms - T0, a.until_ms and a.until_ms - T0, a.reason) for a in found.seen
    ] == [
        ("isr", 5_000, 10_000, "link lost"),
        ("dog", 5_000, None, "goodbye"),
        ("tur", 15_000, None, "not heard for 15s"),
    ]


def test_a_line_that_is_closed_ends_the_recording() -> None:
    """Nobody was silent: all had said goodbye, after the last word."""
    clock = HandClock()
    recorder = Recorder("isr-tur", clock, CONFIG, "a test")
    for station in LINE.stations:
        recorder.hear(status(station))
    recorder.hear(records(*conversation()[0].journal))
    closes_ms = conversation()[0].journal[-1].at_ms + MINUTE_MS
    for after_ms, station in enumerate(("dog", "isr", "tur")):
        clock.ms = closes_ms + after_ms
        assert (recorder.recording().seen == []) == (station == "dog")
        recorder.hear(status(station, online=False, reason=GOODBYE, at_ms=clock.ms))
    clock.ms += MINUTE_MS
    found = recorder.recording()
    assert found.seen == []
    assert found.ends_ms == closes_ms


def test_a_simulated_line_has_a_time_of_its_own() -> None:
    """Its statuses tell it, however fast it runs."""
    clock = HandClock()
    january_ms, clock.ms = T0, T0 + 300 * DAY_MS
    recorder = Recorder("isr-tur", clock, CONFIG, "a test")
    recorder.hear(status("tur", at_ms=january_ms, since_ms=january_ms))
    recorder.hear(records(*conversation()[1].journal))
    clock.ms += 100
    recorder.hear(status("tur", at_ms=january_ms + 10_000, since_ms=january_ms))
    found = recorder.recording()
    assert [record.ref for record in found.records] == [("tur", 1)]
    assert (found.begins_ms, found.ends_ms) == (january_ms, january_ms + 10_000)
    clock.ms += MINUTE_MS
    recorder.tick()
    assert list(recorder.recording().seen) == []  # a minute of ours is nothing there
    recorder.hear(
        status("tur", at_ms=january_ms, since_ms=january_ms, online=False, reason=LINK_LOST)
    )
    [seen] = recorder.recording().seen
    assert seen.from_ms == january_ms + 10_000 + MINUTE_MS  # its will was made when it came


@pytest.mark.parametrize("first", ["isr", "tur"])
def test_one_wrong_clock_is_no_time_of_the_lines_own(first: str) -> None:
    """As long as another station shows the time that it is here, whoever speaks first."""
    clock = HandClock()
    recorder = Recorder("isr-tur", clock, CONFIG, "a test")
    shown_ms = {"isr": clock.now_ms(), "tur": clock.now_ms() + 10 * MINUTE_MS}
    for name in (first, *(shown_ms.keys() - {first})):
        recorder.hear(status(name, at_ms=shown_ms[name], since_ms=shown_ms[name]))
    isr = Author("isr")
    recorder.hear(records(isr.says(Kind.CHECK, check(), clock.now_ms() + 1_000)))
    assert [str(record.ref) for record in recorder.recording().records] == ["isr/1"]


@pytest.mark.parametrize("ahead_ms", [-10 * MINUTE_MS, 10 * MINUTE_MS])
def test_silences_are_counted_from_when_the_lines_time_is_known(ahead_ms: int) -> None:
    """Whoever spoke first, with a wrong clock: nobody is missed the sooner or the later for it."""
    clock = HandClock()
    recorder = Recorder("isr-tur", clock, CONFIG, "a test")
    recorder.hear(status("tur", at_ms=T0 + ahead_ms, since_ms=T0 + ahead_ms))
    recorder.hear(status("isr"))
    for wait_ms, away in ((10_000, []), (5_000, ["dog", "tur"])):
        clock.ms += wait_ms
        recorder.hear(status("isr", at_ms=clock.ms))
        recorder.tick()
        assert sorted(each.station for each in recorder.recording().seen) == away


def test_garbage_on_a_live_line_is_not_recorded() -> None:
    """As no station takes it."""
    recorder = Recorder("isr-tur", HandClock(), CONFIG, "a test")
    for topic in ("x", "hotline/v1/isr-tur/isr/records", "hotline/v1/isr-tur/isr/status"):
        recorder.hear(records(*conversation()[0].journal)._replace(topic=topic, payload=b"\xff"))
    recorder.hear(records(*conversation()[0].journal)._replace(topic="hotline/v1/b/isr/records"))
    assert list(recorder.recording().records) == []


def test_words_in_anothers_name_are_not_recorded() -> None:
    """Beneath a root stand its station's words alone, but for what it replays of others."""
    isr = conversation()[0].journal
    recorder = Recorder("isr-tur", HandClock(), CONFIG, "a test")
    for topic in ("hotline/v1/isr-tur/tur/records", "hotline/v1/isr-tur/tur/status"):
        payload = status("isr", head=9).payload if topic.endswith("status") else isr[0].raw
        recorder.hear(Incoming(topic, payload))
    assert list(recorder.recording().records) == []
    recorder.hear(Incoming("hotline/v1/isr-tur/tur/replay/dog", isr[0].raw))
    assert [record.raw for record in recorder.recording().records] == [isr[0].raw]


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
    recorder = Recorder("isr-tur", clock, CONFIG, "a test")
    clock.ms += 200_000
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
    recorder = Recorder("isr-tur", HandClock(), None, "a test")
    for author in (isr, tur, dog):
        recorder.hear(records(*author.journal))
    for found in (recorder.recording(), from_files([file], None)):
        assert found.timers.answer_check_ms == 10 * MINUTE_MS
        assert found.remarks[-1].startswith("The timers (answer_check) are those that flags tell")
    found = from_files([file], CONFIG)
    assert (found.timers, found.remarks) == (CONFIG.timers, [])


def test_journals_of_others_than_the_lines_are_refused(tmp_path: Path) -> None:
    """With a line.toml on which nobody is who speaks in them."""
    stranger = Author("xyz")
    stranger.says(Kind.CHECK, check())
    with pytest.raises(LocalError, match="is of a station of the line isr-tur"):
        from_files([ndjson(tmp_path / "x.ndjson", stranger)], CONFIG)
