"""What stood flagged when somebody began to listen, and what of it begins again."""

import pytest

from hotline.bodies import Clear, Flag, Kind, Level, Rule, Subject
from hotline.station.turn import Incoming
from hotline.status import GOODBYE, LINK_LOST
from hotline.times import MINUTE_MS
from hotline.topics import Channel, Topic
from sim.recording.boards import Boards, remarks
from sim.recording.recorder import Recorder
from tests.clocks import HandClock
from tests.helpers import LINE, T0, Author, records, status
from tests.sim.recording.conversation import CONFIG, conversation
from tests.sim.recording.test_encore import told


def entry(
    rule: Rule,
    subject: Subject,
    detail: str,
    *,
    due_ms: int = T0 - MINUTE_MS,
    retained: bool = True,
) -> Incoming:
    """A flag on the watchdog's board."""
    flag = Flag(rule=rule, subject=subject, level=Level.ALARM, due=due_ms, detail=detail)
    topic = Topic("isr-tur", "dog", Channel.FLAGS, flag.key)
    return Incoming(str(topic), flag.model_dump_json().encode(), retained=retained)


TUR = Subject(station="tur")
LOST = entry(Rule.SILENT, TUR, "tur: link lost")
MISSED = entry(Rule.SILENT, TUR, "tur: not heard for 15s")
LATE = entry(Rule.UNANSWERED, Subject(station="isr", seq=7), "check isr/7: no answer")


def hears(boards: Boards, *entries: Incoming) -> None:
    """Tell it of some entries."""
    for incoming in entries:
        topic = Topic("isr-tur", "dog", Channel.FLAGS, incoming.topic.rpartition("/")[2])
        boards.hear(topic, incoming)


def test_what_was_there_before_us_stood() -> None:
    """What was put up since, or put up again for who came back, the records tell."""
    boards = Boards()
    fresh = entry(Rule.SILENT, Subject(station="isr"), "isr: link lost", retained=False)
    again = entry(Rule.BLIND, TUR, "x", due_ms=T0 + 1)
    garbage = LATE._replace(topic=LATE.topic + "7", payload=b"{")
    hears(boards, LOST, LATE, fresh, again, garbage, LOST._replace(payload=b""))
    found = boards.standing(LINE, T0)
    assert [(who, flag.rule) for who, flag in found] == [
        ("dog", Rule.SILENT),
        ("dog", Rule.UNANSWERED),
    ]
    assert list(remarks(found)) == [
        "Was flagged at the start, but is not here: unanswered ALARM of isr/7, from before."
    ]


@pytest.mark.parametrize("stood", [LOST, MISSED])
def test_a_silence_that_stood_is_silent_from_the_start(stood: Incoming) -> None:
    """Flagged then and cleared later, in the file as on the line."""
    clock = HandClock()
    recorder = Recorder("isr-tur", clock, CONFIG)
    isr, tur, _ = conversation()
    dog = Author("dog")
    dog.says(Kind.CLEAR, Clear(rule=Rule.SILENT, subject=TUR, reason="it is back"), T0 + 4_000)
    for incoming in (
        stood,
        status("isr"),
        status("dog"),
        status("tur", online=False, reason=LINK_LOST, at_ms=T0 - MINUTE_MS),
    ):
        recorder.hear(incoming)
    clock.at_ms += 4_000
    recorder.hear(status("tur", since_ms=clock.at_ms, at_ms=clock.at_ms))
    for author in (dog, tur, isr):
        recorder.hear(records(*author.journal))
    clock.at_ms += 70_000
    for station in LINE.stations:
        recorder.hear(status(station, at_ms=clock.at_ms))
    cut = recorder.recording().cut(None, None)
    written = cut.sheet().as_yaml()
    assert "- {at: 0s, fault: {kind: cut, of: tur, for: " in written
    assert "- {flag: silent, of: tur, level: ALARM, after: 0s, within: 5s}\n" in written
    assert [entry.flag.rule for entry in cut.flags] == [Rule.SILENT]
    assert told(cut) == ["Played again, it gave the same words, to the second, and the same flags."]


def test_a_board_may_be_older_than_the_line() -> None:
    """A station that is there is not silent, whatever a watchdog that is gone has left."""
    clock = HandClock()
    recorder = Recorder("isr-tur", clock, CONFIG)
    for incoming in (LOST, status("isr"), status("tur")):
        recorder.hear(incoming)
    recorder.hear(status("dog", online=False, reason=GOODBYE, at_ms=T0 - MINUTE_MS))
    recorder.hear(records(*conversation()[1].journal))
    assert [str(record.ref) for record in recorder.recording().records] == ["tur/1"]
