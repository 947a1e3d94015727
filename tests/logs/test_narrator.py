"""From what happens to log lines: what is told, and by whom."""

import pytest

from hotline.bodies import Kind
from hotline.notice import Precedence
from hotline.picture.availability import Availability
from hotline.picture.lifecycle import Phase
from hotline.station.turn import (
    Acknowledged,
    CameOnline,
    ClockAgrees,
    ClockJumped,
    ClockSkewed,
    DayEnded,
    Event,
    FellSilent,
    FlightChanged,
    ForkFound,
    ForkHealed,
    GapFound,
    GapRepaired,
    GapWithdrawn,
    HeardAgain,
    LinkDown,
    LinkUp,
    Refused,
    Unheard,
)
from hotline.times import DAY_MS, MINUTE_MS
from tests.helpers import T0, Author, check, notice, reply
from tests.logs.telling import Telling

FROM_ISR = {"line": "isr-tur", "told_by": "isr", "station": "isr", "severity": "info"}


def test_a_notice_is_told_from_both_sides() -> None:
    """Its author says that it was sent, the other party that it was received: the same facts."""
    record = Author("isr").says(Kind.NOTICE, notice("ISR-1", precedence=Precedence.FLASH))
    facts = {
        "record": "isr/1",
        "message": "ISR-1 rev 1",
        "notice": "ISR-1",
        "revision": 1,
        "precedence": "FLASH",
        "category": "request",
        "to": "tur",
        "text": "survey C130 TRK42",
    }
    assert Telling("isr").takes(record) == [FROM_ISR | facts | {"event": "notice.sent"}]
    (received,) = Telling("tur").takes(record)
    assert received == FROM_ISR | facts | {"event": "notice.received", "told_by": "tur"}


def test_a_receipt_is_told_once_by_the_author() -> None:
    """Delivered means on the other party's disk; a watchdog's copy is no delivery."""
    author, telling = Author("isr"), Telling("isr")
    for count in range(2):
        telling.takes(author.says(Kind.NOTICE, notice(f"ISR-{count}")))
    telling.clock.at_ms = T0 + 1_200
    assert telling.sees(Acknowledged("dog", "isr", 0, 2)) == []
    (first,) = telling.sees(Acknowledged("tur", "isr", 0, 1))
    assert (first["event"], first["record"], first["to"]) == ("notice.delivered", "isr/1", "tur")
    (second,) = telling.sees(Acknowledged("tur", "isr", 1, 2))
    assert (second["record"], second["after"]) == ("isr/2", "1.2s")
    assert telling.sees(Acknowledged("tur", "isr", 0, 2)) == []


def test_a_receipt_that_comes_after_a_restart_is_told() -> None:
    """Of what was neither known to be delivered nor answered; once, however often it starts."""
    author, telling = Author("isr"), Telling("isr")
    for count in range(4):
        telling.picture.fold(author.says(Kind.NOTICE, notice(f"ISR-{count}")))
    tur = Author("tur")
    telling.picture.fold(tur.says(Kind.NOTICE, notice()))
    telling.picture.fold(tur.says(Kind.REPLY, reply("isr", 3)))
    telling.starts(confirmed=1)
    lines = telling.sees(Acknowledged("tur", "isr", 0, 4))
    assert [line["record"] for line in lines] == ["isr/2", "isr/4"]
    telling.starts(confirmed=1)
    assert telling.sees(Acknowledged("tur", "isr", 0, 4)) == []


def test_the_receipt_of_an_answer_is_a_detail() -> None:
    """That an answer is on the other side's disk is told to those who debug."""
    telling = Telling("isr")
    telling.takes(Author("tur").says(Kind.NOTICE, notice()))
    telling.takes(Author("isr").says(Kind.REPLY, reply("tur", 1)))
    (line,) = telling.sees(Acknowledged("tur", "isr", 0, 1))
    assert (line["severity"], line["event"], line["record"]) == (
        "debug",
        "reply.delivered",
        "isr/1",
    )


def test_an_answer_to_what_is_not_here_yet_waits_for_it() -> None:
    """An early answer is told as waiting, and as an answer once its message has come."""
    telling = Telling("dog")
    (line,) = telling.takes(Author("isr").says(Kind.REPLY, reply("tur", 1)))
    assert (line["event"], line["message"], line["to"]) == ("reply.waiting", "record tur/1", "tur")
    assert (line["answer"], line["officer"]) == ("ACCEPT", "Levi")
    lines = telling.takes(Author("tur").says(Kind.NOTICE, notice()))
    assert [line["event"] for line in lines] == ["notice.received", "notice.answered"]
    assert lines[1]["record"] == "isr/1"


def test_words_in_our_own_name_are_told_as_adopted() -> None:
    """What somebody else said for us is adopted and then told as if we had sent it."""
    record = Author("isr").says(Kind.CHECK, check())
    lines = Telling("isr").takes(record, said=False)
    assert [line["event"] for line in lines] == ["record.adopted", "check.sent"]
    late = Telling("isr")
    late.sees(Acknowledged("tur", "isr", 0, 1))
    lines = late.takes(record, said=False)
    assert [line["event"] for line in lines] == ["record.adopted", "check.sent", "check.delivered"]


@pytest.mark.parametrize(
    ("event", "name", "severity", "facts"),
    [
        (GapFound("tur", 3, 5), "gap.found", "warning", {"of": "tur", "held": 3, "known": 5}),
        (GapRepaired("tur", 3, 5), "gap.repaired", "info", {"of": "tur", "held": 3, "upto": 5}),
        (GapWithdrawn("tur", 3), "gap.withdrawn", "info", {"of": "tur", "held": 3}),
        (
            ForkFound("tur", 4, "dog"),
            "fork.found",
            "error",
            {
                "of": "tur",
                "by": "dog",
                "reason": "dog shows another tur/4 than is stored here",
            },
        ),
        (ForkHealed("tur", "dog"), "fork.healed", "info", {"of": "tur", "by": "dog"}),
        (ClockSkewed("tur", 9), "clock.skewed", "warning", {"of": "tur", "ahead_ms": 9}),
        (ClockAgrees("tur"), "clock.agrees", "info", {"of": "tur"}),
        (ClockJumped(-9), "clock.jumped", "warning", {"by_ms": -9}),
        (Refused("a/b", "odd"), "record.refused", "warning", {"topic": "a/b", "reason": "odd"}),
        (LinkUp(), "link.up", "info", {}),
        (LinkDown("gone"), "link.down", "warning", {"reason": "gone"}),
        (Unheard(), "link.unheard", "error", {}),
        (HeardAgain(), "link.heard", "info", {}),
        (CameOnline("tur"), "station.online", "info", {"station": "tur"}),
        (
            FellSilent("tur", "link lost"),
            "station.silent",
            "warning",
            {"station": "tur", "reason": "link lost"},
        ),
    ],
)
def test_what_happens_to_a_station_is_told(
    event: Event, name: str, severity: str, facts: dict[str, object]
) -> None:
    """Gaps, refusals, links and presences each have an event with the facts."""
    lines = Telling("isr").sees(event)
    assert lines == [FROM_ISR | {"event": name, "severity": severity} | facts]


def test_in_one_stream_for_all_each_fact_is_told_once() -> None:
    """What comes from others is theirs to tell, and who is on the line the watchdog's."""
    isr, dog = Telling("isr", only_own=True), Telling("dog", only_own=True)
    tur = Author("tur")
    record = tur.says(Kind.NOTICE, notice())
    assert isr.takes(record) == []
    isr.takes(Author("isr").says(Kind.NOTICE, notice("ISR-1")))
    isr.clock.at_ms = dog.clock.at_ms = later_ms = T0 + 15 * MINUTE_MS
    assert dog.takes(record) == []  # that it came in late concerns the other party alone
    assert isr.takes(tur.says(Kind.REPLY, reply("isr", 1), later_ms)) == []
    assert isr.sees(CameOnline("tur")) == isr.sees(FellSilent("tur", "goodbye")) == []
    assert [line["event"] for line in dog.sees(CameOnline("tur"))] == ["station.online"]
    assert [line["event"] for line in dog.sees(LinkUp())] == ["station.online", "link.up"]
    assert [line["severity"] for line in isr.sees(LinkUp())] == ["debug"]


def test_of_several_watchdogs_one_tells_of_flights_and_days() -> None:
    """In one stream for all; the second one watches as well, and all would be there twice."""
    first, second = Telling("dog", only_own=True), Telling("hound", only_own=True)
    record = Author("tur").says(Kind.NOTICE, notice())
    first.takes(record)
    flight = FlightChanged(first.picture.messages[record.ref], Phase.ACTIVE)
    day = DayEnded("tur", Availability(T0, T0 + DAY_MS, DAY_MS, 0))
    told = [line["event"] for event in (flight, day) for line in first.sees(event)]
    assert told == ["flight.unanswered", "channel.availability"]
    assert second.sees(flight) == second.sees(day) == []


@pytest.mark.parametrize("only_own", [True, False])
def test_what_comes_in_late_is_told_as_delayed(only_own: bool) -> None:
    """With its sent time, as a warning; also where else only the sender tells of it."""
    record = Author("tur").says(Kind.NOTICE, notice(), T0)
    telling = Telling(only_own=only_own)
    telling.clock.at_ms = T0 + 15 * MINUTE_MS
    (line,) = telling.takes(record)
    assert (line["event"], line["severity"]) == ("notice.received", "warning")
    assert (line["delayed"], line["sent_at"]) == ("15m", "2026-01-12T06:00:00.000Z")
    assert "expired" not in line


def test_what_comes_back_late_is_told_as_delayed() -> None:
    """A station that has lost its disk says nothing anew when it takes its own words in."""
    telling = Telling()
    telling.clock.at_ms = T0 + 15 * MINUTE_MS
    lines = telling.takes(Author("isr").says(Kind.CHECK, check(), T0), said=False)
    assert [line["event"] for line in lines] == ["record.adopted", "check.sent"]
    assert [line["delayed"] for line in lines] == ["15m", "15m"]
