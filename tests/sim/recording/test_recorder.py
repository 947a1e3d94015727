"""What is heard on a live line, and who cannot be heard."""

import pytest

from hotline.bodies import Kind
from hotline.records import MAX_BAD_LINES
from hotline.station.turn import Incoming
from hotline.status import GOODBYE, LINK_LOST
from hotline.times import DAY_MS, MINUTE_MS
from sim.recording.recorder import Recorder
from tests.clocks import HandClock
from tests.helpers import LINE, T0, Author, check, notice, records, replay, status
from tests.sim.recording.conversation import CONFIG, conversation


def everybody_there() -> tuple[HandClock, Recorder]:
    """The recorder of a line on which all stations have been heard, and its clock."""
    clock = HandClock()
    recorder = Recorder("isr-tur", clock, CONFIG)
    for station in LINE.stations:
        recorder.hear(status(station))
    return clock, recorder


def test_a_live_line_is_heard_from_now_on() -> None:
    """Every record once, also when it comes as a replay; what was said before is not of it."""
    clock = HandClock()
    isr, tur, _ = conversation()
    old = Author("isr")
    old.says(Kind.NOTICE, notice(), T0 - MINUTE_MS)
    recorder = Recorder("isr-tur", clock, CONFIG)
    for incoming in (
        records(*tur.journal),
        records(*tur.journal),
        replay("dog", "tur", *old.journal),
    ):
        recorder.hear(incoming)
    recorder.hear(replay("tur", "dog", isr.journal[0]._replace(seq=2)))
    clock.at_ms += 70_500
    found = recorder.recording()
    assert [record.ref for record in found.records] == [("tur", 1)]
    assert (found.begins_ms, found.ends_ms) == (T0, T0 + 70_500)


def test_what_was_said_and_not_heard_is_told() -> None:
    """A recorder that was off the line for a while learns it from the statuses."""
    clock = HandClock()
    tur = Author("tur")
    for at_ms in (T0 - MINUTE_MS, T0 + 1_000, T0 + 2_000, T0 + 3_000):
        tur.says(Kind.CHECK, check(), at_ms)
    recorder = Recorder("isr-tur", clock, CONFIG)
    recorder.hear(status("tur", head=1, retained=True))
    recorder.hear(records(tur.journal[1]))
    assert recorder.recording().lacking == []
    recorder.hear(status("tur", head=3))
    assert recorder.recording().lacking == ["NOT HEARD, and not recorded: 1 record of tur."]
    recorder.hear(status("tur", head=4))
    assert recorder.recording().lacking == ["NOT HEARD, and not recorded: 2 records of tur."]
    recorder.hear(records(tur.journal[3]))
    assert recorder.recording().lacking == ["NOT HEARD, and not recorded: 1 record of tur."]


def test_a_will_does_not_tell_how_much_was_said_before() -> None:
    """It is as old as its connection: what came after that was not missed by the recorder."""
    recorder = Recorder("isr-tur", HandClock(), CONFIG)
    recorder.hear(status("tur", head=1, online=False, reason=LINK_LOST, retained=True))
    recorder.hear(status("tur", head=4))
    assert recorder.recording().lacking == []


def test_a_lie_about_a_head_is_told_as_it_is() -> None:
    """Without counting so far."""
    recorder = Recorder("isr-tur", HandClock(), CONFIG)
    recorder.hear(status("tur", head=1))
    recorder.hear(status("tur", head=1 << 53))
    (remark,) = recorder.recording().lacking
    assert remark == f"NOT HEARD, and not recorded: {(1 << 53) - 1} records of tur."


def test_who_is_there_and_who_is_not_is_seen() -> None:
    """A will, a goodbye, missing heartbeats; and that somebody is back."""
    clock = HandClock()
    recorder = Recorder("isr-tur", clock, None)
    for station in LINE.stations:
        recorder.hear(status(station))
    clock.at_ms += 5_000
    recorder.hear(status("isr", online=False, reason="link lost", at_ms=clock.at_ms))
    recorder.hear(status("dog", online=False, reason=GOODBYE, at_ms=clock.at_ms))
    clock.at_ms += 5_000
    recorder.hear(status("isr", since_ms=clock.at_ms, at_ms=clock.at_ms))
    clock.at_ms += 5_000
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


def test_who_waits_behind_a_flood_is_not_seen_to_be_gone() -> None:
    """His heartbeats may be there, unread."""
    clock, recorder = everybody_there()
    clock.at_ms += MINUTE_MS
    recorder.tick(all_heard=False)
    recorder.tick()
    assert recorder.recording().seen == []


def test_a_line_that_is_closed_ends_the_recording() -> None:
    """Nobody was silent: all had said goodbye, after the last word."""
    clock, recorder = everybody_there()
    recorder.hear(records(*conversation()[0].journal))
    closes_ms = conversation()[0].journal[-1].at_ms + MINUTE_MS
    for after_ms, station in enumerate(("dog", "isr", "tur")):
        clock.at_ms = closes_ms + after_ms
        assert (recorder.recording().seen == []) == (station == "dog")
        recorder.hear(status(station, online=False, reason=GOODBYE, at_ms=clock.at_ms))
    clock.at_ms += MINUTE_MS
    found = recorder.recording()
    assert found.seen == []
    assert found.ends_ms == closes_ms


def test_a_simulated_line_has_a_time_of_its_own() -> None:
    """Its statuses tell it, however fast it runs."""
    clock = HandClock()
    january_ms, clock.at_ms = T0, T0 + 300 * DAY_MS
    recorder = Recorder("isr-tur", clock, CONFIG)
    recorder.hear(status("tur", at_ms=january_ms, since_ms=january_ms))
    recorder.hear(records(*conversation()[1].journal))
    clock.at_ms += 100
    recorder.hear(status("tur", at_ms=january_ms + 10_000, since_ms=january_ms))
    found = recorder.recording()
    assert [record.ref for record in found.records] == [("tur", 1)]
    assert (found.begins_ms, found.ends_ms) == (january_ms, january_ms + 10_000)
    clock.at_ms += MINUTE_MS
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
    recorder = Recorder("isr-tur", clock, CONFIG)
    shown_ms = {"isr": clock.now_ms(), "tur": clock.now_ms() + 10 * MINUTE_MS}
    for name in (first, *(shown_ms.keys() - {first})):
        recorder.hear(status(name, at_ms=shown_ms[name], since_ms=shown_ms[name]))
    isr = Author("isr")
    recorder.hear(records(isr.says(Kind.CHECK, check(), clock.now_ms() + 1_000)))
    assert [str(record.ref) for record in recorder.recording().records] == ["isr/1"]


@pytest.mark.parametrize("ahead_ms", [-10 * MINUTE_MS, 0, 10 * MINUTE_MS])
def test_silences_are_counted_from_when_the_lines_time_is_known(ahead_ms: int) -> None:
    """Whoever spoke first, with a wrong clock: nobody is missed the sooner or the later for it."""
    clock = HandClock()
    recorder = Recorder("isr-tur", clock, CONFIG)
    recorder.hear(status("tur", at_ms=T0 + ahead_ms, since_ms=T0 + ahead_ms))
    recorder.hear(status("isr"))
    for wait_ms, away in ((10_000, []), (5_000, ["dog", "tur"])):
        clock.at_ms += wait_ms
        recorder.hear(status("isr", at_ms=clock.at_ms))
        recorder.tick()
        assert sorted(each.station for each in recorder.recording().seen) == away


def test_who_leaves_long_before_the_others_is_away() -> None:
    """Only goodbyes that come together close a line."""
    clock, recorder = everybody_there()
    for minutes, station in ((10, "isr"), (40, "tur"), (41, "dog")):
        clock.at_ms = T0 + minutes * MINUTE_MS
        recorder.hear(status(station, online=False, reason=GOODBYE, at_ms=clock.at_ms))
    found = recorder.recording()
    assert {each.station for each in found.seen} >= {"isr"}
    assert found.ends_ms == clock.at_ms


def test_what_no_station_reads_of_a_message_is_not_recorded() -> None:
    """What comes after too many lines that are no record."""
    said = conversation()[0].journal[0].raw
    recorder = Recorder("isr-tur", HandClock(), CONFIG)
    topic = "hotline/v1/isr-tur/isr/records"
    recorder.hear(Incoming(topic, b"x\n" * (MAX_BAD_LINES + 1) + said))
    assert list(recorder.recording().records) == []
    recorder.hear(Incoming(topic, b"x\n" * MAX_BAD_LINES + said))
    assert [record.raw for record in recorder.recording().records] == [said]


def test_garbage_on_a_live_line_is_not_recorded() -> None:
    """As no station takes it."""
    recorder = Recorder("isr-tur", HandClock(), CONFIG)
    for topic in ("x", "hotline/v1/isr-tur/isr/records", "hotline/v1/isr-tur/isr/status"):
        recorder.hear(records(*conversation()[0].journal)._replace(topic=topic, payload=b"\xff"))
    recorder.hear(records(*conversation()[0].journal)._replace(topic="hotline/v1/b/isr/records"))
    assert list(recorder.recording().records) == []


def test_words_in_anothers_name_are_not_recorded() -> None:
    """Beneath a root stand its station's words alone, but for what it replays of others."""
    isr = conversation()[0].journal
    recorder = Recorder("isr-tur", HandClock(), CONFIG)
    for topic in ("hotline/v1/isr-tur/tur/records", "hotline/v1/isr-tur/tur/status"):
        payload = status("isr", head=9).payload if topic.endswith("status") else isr[0].raw
        recorder.hear(Incoming(topic, payload))
    assert list(recorder.recording().records) == []
    recorder.hear(Incoming("hotline/v1/isr-tur/tur/replay/dog", isr[0].raw))
    assert [record.raw for record in recorder.recording().records] == [isr[0].raw]
