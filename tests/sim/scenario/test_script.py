"""The scenario's own voice: what is said when, and what a revision leaves as it was."""

from typing import Any

import pytest

from hotline.bodies import Answer, Cancel, Check, Kind, RefersTo, Reply, Voice
from hotline.notice import Category, FlightNotice, Precedence
from hotline.picture.picture import Picture
from hotline.records import Record
from hotline.times import HOUR_MS, MINUTE_MS
from sim.scenario.scenario import Event
from sim.scenario.script import Script, cues
from tests.helpers import LINE, T0, Author, cancel, check, folded, notice
from tests.sim.stories import flight, story

NOTICE = {"at": "1m", "who": "tur", "notice": flight(remarks="Three on board.")}


def event(**fields: object) -> Event:
    """One event at the scenario's start."""
    return Event.model_validate({"at": "0s", "who": "tur", **fields})


def said(*events: Event) -> list[Any]:
    """What a script that has heard nothing makes of these events."""
    script, nothing = Script(story()), Picture(LINE)
    return [script.body_of(each, nothing) for each in events]


def having_heard(records: list[Record]) -> Script:
    """A script that has heard these records, twice as from two stations."""
    script = Script(story())
    for record in (*records, *records):
        script.hear(record)
    return script


def test_events_come_in_the_order_of_their_times() -> None:
    """Wherever they stand in the file; those of one moment in the file's order."""
    scenario = story(
        events=[
            {"at": "5m", "note": "third"},
            {"at": "1m", "note": "first"},
            {"at": "1m", "note": "second"},
        ]
    )
    assert [cue.event.note for cue in cues(scenario)] == ["first", "second", "third"]
    assert [cue.at_ms - T0 for cue in cues(scenario)] == [MINUTE_MS, MINUTE_MS, 5 * MINUTE_MS]


@pytest.mark.parametrize(
    ("fields", "minutes"),
    [
        ({}, [5, 15, 25]),
        ({"until": "25m"}, [5, 15, 25]),
        ({"until": "24m"}, [5, 15]),
        ({"every": "25m"}, [5]),
        ({"every": "12m30s"}, [5, 17.5]),
    ],
)
def test_what_is_repeated_is_said_until_its_end(
    fields: dict[str, str], minutes: list[float]
) -> None:
    """`until` is the last moment; without one it goes on to the end, at which nothing begins."""
    repeated = {"at": "5m", "every": "10m", "who": "isr", "check": "hello", **fields}
    found = cues(story(events=[repeated]))
    assert [(cue.at_ms - T0) / MINUTE_MS for cue in found] == minutes


def test_a_notice_says_when_and_where_in_f3548() -> None:
    """Its times count from the scenario's start, and its area is a volume."""
    (body,) = said(event(notice=flight(category="information")))
    assert isinstance(body, FlightNotice)
    assert (body.starts_ms, body.ends_ms) == (T0 + 20 * HOUR_MS, T0 + 22 * HOUR_MS)
    assert (body.notice, body.revision, body.category) == ("TUR-1", 1, Category.INFORMATION)
    assert body.volumes[0].volume == story().areas["t4"].volume()


def test_a_revision_says_everything_anew() -> None:
    """What it leaves out stays as it was said last; what it says is changed, and kept."""
    first, second, third = said(
        event(notice=flight(remarks="Three on board.")),
        event(revise={"id": "TUR-1", "from": "21h", "precedence": "FLASH"}),
        event(revise={"id": "TUR-1", "until": "23h"}),
    )
    assert [body.revision for body in (first, second, third)] == [1, 2, 3]
    assert (second.starts_ms, second.ends_ms) == (T0 + 21 * HOUR_MS, T0 + 22 * HOUR_MS)
    assert (third.starts_ms, third.ends_ms) == (T0 + 21 * HOUR_MS, T0 + 23 * HOUR_MS)
    assert (first.precedence, third.precedence) == (Precedence.ROUTINE, Precedence.FLASH)
    assert third.remarks == "Three on board."


def test_a_cancellation_and_a_check_say_what_they_are() -> None:
    """Both carry the words of the file."""
    cancelled, checked = said(
        event(cancel={"id": "TUR-1", "reason": "weather"}), event(check="hello")
    )
    assert cancelled == Cancel(notice="TUR-1", reason="weather")
    assert checked == Check(remarks="hello")


@pytest.mark.parametrize(("revision", "seq"), [(None, 2), (1, 1), (2, 2), (3, None)])
def test_an_answer_is_given_to_what_was_heard(revision: int | None, seq: int | None) -> None:
    """Without a revision to the last one that is there; to what was not heard there is none."""
    tur = Author("tur")
    heard = [tur.says(Kind.NOTICE, notice("TUR-1", revision=n)) for n in (1, 2)]
    answer = {"to": "TUR-1", "answer": "STANDBY", "expected": "10m", "revision": revision}
    body = having_heard(heard).body_of(event(who="isr", answer=answer), folded(heard)[0])
    if seq is None:
        assert body is None
    else:
        assert body is not None
        assert isinstance(body, Reply)
        assert (body.refers_to.station, body.refers_to.seq) == ("tur", seq)
        assert (body.answer, body.officer) == (Answer.STANDBY, "duty officer")
        assert body.expected_at == T0 + 10 * MINUTE_MS


def test_an_answer_may_be_to_a_check_or_a_cancellation() -> None:
    """A check is known by the time at which it was said, a cancellation by its notice."""
    tur, isr = Author("tur"), Author("isr")
    first, second = (tur.says(Kind.CHECK, check(), T0 + ms) for ms in (60_000, 120_003))
    said = tur.says(Kind.NOTICE, notice("TUR-1"), T0 + 130_000)
    taken_back = tur.says(Kind.CANCEL, cancel("TUR-1"), T0 + 140_000)
    own = isr.says(Kind.CHECK, check(), T0 + 150_000)
    heard = [first, second, said, taken_back, own]
    script, picture = having_heard(heard), folded(heard)[0]
    answers: list[tuple[dict[str, object], int]] = [
        ({"kind": "check"}, 2),
        ({"kind": "check", "sent": "1m"}, 1),
        ({"kind": "check", "sent": "1m", "nth": 2}, 2),
        ({"kind": "check", "sent": "2m"}, 2),
        ({"kind": "cancel", "to": "TUR-1"}, 4),
    ]
    for fields, seq in answers:
        answer = event(who="isr", answer={"answer": "ROGER", **fields})
        body = script.body_of(answer, picture)
        assert isinstance(body, Reply)
        assert body.refers_to.ref == ("tur", seq)


def test_of_what_both_have_said_the_last_is_meant() -> None:
    """Whichever of them has said more before."""
    tur, isr = Author("tur"), Author("isr")
    first, second = (tur.says(Kind.CHECK, check(), T0 + ms) for ms in (10_000, 20_000))
    last = isr.says(Kind.CHECK, check(), T0 + 30_000)
    call = {"spoke_with": "Levi", "officer": "Demir", "kind": "check", "answer": "ROGER"}
    voice = event(voice={**call, "text": "heard"})
    heard = [first, second, last]
    body = having_heard(heard).body_of(voice, folded(heard)[0])
    assert isinstance(body, Voice)
    assert body.refers_to == RefersTo.to(last.ref)


def test_a_flight_may_go_through_several_volumes() -> None:
    """A revision leaves them, or says them anew; and it may take the remarks away."""
    further = [{"area": "t4", "from": "22h", "until": "23h"}]
    first = event(notice=flight(further=further, remarks="Three on board."))
    same = event(revise={"id": "TUR-1", "from": "21h"})
    fewer = event(revise={"id": "TUR-1", "further": [], "remarks": None})
    bodies = said(first, same, fewer)
    assert [len(body.volumes) for body in bodies] == [2, 2, 1]
    assert [body.remarks for body in bodies] == ["Three on board.", "Three on board.", None]
    assert bodies[1].ends_ms == T0 + 23 * HOUR_MS
