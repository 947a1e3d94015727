"""A watchdog that puts away whatever is settled, all the time, flags nothing twice."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from hotline.bodies import Clear, Flag, Kind, Level, Rule, Subject
from hotline.journal.journal import Journal
from hotline.machine import open_station
from hotline.notice import Precedence
from hotline.picture.lifecycle import Phase
from hotline.station.station import Station
from hotline.station.turn import FlightChanged, Incoming
from hotline.times import HOUR_MS, SECOND_MS
from hotline.watchdog.watchdog import Watchdog
from tests.helpers import (
    FLASH,
    LINE,
    T0,
    TIMERS,
    Author,
    cancel,
    notice,
    records,
    replay,
    reply,
    status,
    stop,
)
from tests.machines import bring_back

SUBJECT = Subject(station="tur", seq=1)
DUE_MS = T0 + TIMERS.answer_flash_ms
NOW_MS = T0 + HOUR_MS


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    """The watchdog's journal."""
    with closing(Journal.create(tmp_path, LINE, "dog")) as journal:
        yield journal


def start(journal: Journal, now_ms: int) -> Station | Watchdog:
    """The watchdog, on the line; each of its commits has a checkpoint."""
    machine = open_station(journal, LINE, "dog", TIMERS, checkpoint_every=1)
    machine.connecting(now_ms)
    machine.connected(now_ms)
    return machine


def turn(machine: Station | Watchdog, journal: Journal, now_ms: int, *heard: Incoming) -> list[str]:
    """One turn, stored; what the watchdog said in it."""
    for message in heard:
        machine.hear(message, now_ms)
    machine.tick(now_ms)
    flushed = machine.flush(now_ms)
    if flushed.appends or flushed.confirmed or flushed.doubts is not None:
        assert bool(flushed.checkpoint) == bool(flushed.appends)
        journal.store(flushed)
    bring_back(machine, flushed, now_ms)
    return [record.kind for record in flushed.appends if record.station == "dog"]


def greeted(journal: Journal, now_ms: int, head: int = 0) -> Station | Watchdog:
    """The watchdog, once both parties have told it that each has said so much, and has it all."""
    machine = start(journal, now_ms)
    for name in LINE.parties:
        turn(machine, journal, now_ms, status(name, at_ms=now_ms, head=head, tur=head, isr=head))
    return machine


def test_what_was_flagged_and_cleared_is_not_flagged_when_its_cause_is_read_again(
    journal: Journal,
) -> None:
    """It lost its disk. Its own words come back, and are put away, before those they speak of."""
    dog, tur, isr = Author("dog"), Author("tur"), Author("isr")
    tur.says(Kind.NOTICE, FLASH)
    isr.says(Kind.REPLY, reply("tur", 1), DUE_MS + 10 * SECOND_MS)
    warning = Flag(
        rule=Rule.UNANSWERED, subject=SUBJECT, level=Level.WARNING, due=DUE_MS, detail="no answer"
    )
    dog.says(Kind.FLAG, warning, DUE_MS)
    dog.says(Kind.CLEAR, Clear(rule=Rule.UNANSWERED, subject=SUBJECT, reason="answered"), DUE_MS)
    machine = start(journal, NOW_MS)
    turn(machine, journal, NOW_MS, status("tur", at_ms=NOW_MS, head=1, isr=1, dog=2))
    turn(machine, journal, NOW_MS, status("isr", at_ms=NOW_MS, head=1, tur=1, dog=2))
    turn(machine, journal, NOW_MS + SECOND_MS, replay("tur", "dog", *dog.journal))
    turn(machine, journal, NOW_MS + 7 * SECOND_MS)  # it can wait no longer for the parties' words
    assert machine.picture.flags == []
    turn(machine, journal, NOW_MS + 8 * SECOND_MS, replay("tur", "dog", *tur.journal))
    turn(machine, journal, NOW_MS + 9 * SECOND_MS, replay("isr", "dog", *isr.journal))
    heads = {of: head.seq for of, head in journal.heads().items()}
    assert heads == {"dog": 2, "tur": 1, "isr": 1}, "nothing is said anew"


@pytest.mark.parametrize("is_killed", [False, True])
def test_what_is_in_doubt_is_judged_though_it_was_put_away(
    journal: Journal, *, is_killed: bool
) -> None:
    """It was cut off while a wait ran out, and reads its end before it can be sure of it."""
    tur = Author("tur")
    tur.says(Kind.NOTICE, FLASH)
    tur.says(Kind.NOTICE, notice(precedence=Precedence.FLASH, revision=2), DUE_MS + HOUR_MS // 2)
    machine = greeted(journal, NOW_MS)
    assert turn(machine, journal, NOW_MS, records(*tur.journal)) == []
    if is_killed:
        machine = greeted(journal, NOW_MS)
    said = turn(machine, journal, NOW_MS + TIMERS.grace_ms)
    assert said.count(Kind.CLEAR) == 1
    shown = [entry.level for entry in journal.shelf.flags_under("dog", "unanswered-tur-1")]
    assert shown == [Level.WARNING, Level.ALARM, Level.VOICE_REQUIRED]


def test_what_was_answered_was_delivered_though_it_was_put_away(journal: Journal) -> None:
    """Whoever speaks by hand shows no receipts: his answers must count after a start too."""
    tur, isr = Author("tur"), Author("isr")
    asked = tur.says(Kind.NOTICE, notice())
    answered = isr.says(Kind.REPLY, reply("tur", 1), T0 + SECOND_MS)
    machine = greeted(journal, T0)
    turn(machine, journal, T0, records(asked))
    turn(machine, journal, T0 + SECOND_MS, records(answered))
    assert dict(machine.picture.messages) == {}
    machine = start(journal, NOW_MS)
    turn(machine, journal, NOW_MS, status("tur", at_ms=NOW_MS, head=1, isr=1))
    turn(machine, journal, NOW_MS, status("isr", at_ms=NOW_MS, head=1))
    assert turn(machine, journal, NOW_MS + TIMERS.grace_ms) == []


def test_what_was_delivered_stays_so_though_the_link_is_lost_before_that_is_stored(
    journal: Journal,
) -> None:
    """It is stored while nothing can be heard: a watchdog may be killed before it is linked."""
    machine = greeted(journal, T0)
    turn(machine, journal, T0, records(Author("tur").says(Kind.NOTICE, notice())))
    turn(machine, journal, T0, status("isr", at_ms=T0, tur=1))
    machine.disconnected("cut")
    turn(machine, journal, T0)
    while (due_ms := machine.due_ms()) is not None:
        turn(machine, journal, due_ms)
    machine = start(journal, NOW_MS)
    turn(machine, journal, NOW_MS, status("tur", at_ms=NOW_MS, head=1))
    silent_ms = NOW_MS + max(TIMERS.silent_ms, TIMERS.greeting_ms)
    for now_ms in range(NOW_MS, silent_ms + 2 * TIMERS.grace_ms, TIMERS.grace_ms):
        turn(machine, journal, now_ms, status("tur", at_ms=now_ms, head=1))
    assert [entry.flag.rule for entry in machine.picture.flags] == [Rule.SILENT]


def test_a_flag_names_what_was_put_away(journal: Journal) -> None:
    """A revision has settled it; that it was not delivered is told by its name all the same."""
    tur = Author("tur")
    machine = greeted(journal, T0)
    for revision in (1, 2):
        said = tur.says(Kind.NOTICE, notice(revision=revision), T0 + SECOND_MS)
        turn(machine, journal, T0 + SECOND_MS, records(said))
    turn(machine, journal, T0 + SECOND_MS + TIMERS.receipt_ms + TIMERS.grace_ms)
    flagged = [entry.flag.detail for entry in journal.shelf.flags_of(Rule.UNDELIVERED)]
    assert flagged == [
        "TUR-014 rev 1: no receipt from isr after 5s",
        "TUR-014 rev 2: no receipt from isr after 5s",
    ]


def test_what_made_no_sense_is_flagged_though_it_was_put_away_before_it_might_be(
    journal: Journal,
) -> None:
    """It was killed while words of its own were out of reach."""
    tur, dog = Author("tur"), Author("dog")
    dog.says(Kind.CLEAR, Clear(rule=Rule.UNANSWERED, subject=SUBJECT, reason="answered"))
    nonsense = tur.says(Kind.CANCEL, cancel("UNKNOWN"))
    machine = start(journal, T0)
    turn(machine, journal, T0, status("tur", head=1, dog=1), status("isr", head=0, tur=1))
    turn(machine, journal, T0, records(nonsense))
    turn(machine, journal, T0 + TIMERS.receipt_ms + TIMERS.grace_ms)
    assert {of: head.seq for of, head in journal.heads().items()} == {"tur": 1}
    for now_ms in (NOW_MS, 2 * NOW_MS - T0):
        machine = start(journal, now_ms)
        turn(machine, journal, now_ms, replay("tur", "dog", *dog.journal))
        turn(machine, journal, now_ms, status("tur", at_ms=now_ms, head=1, dog=1))
        turn(machine, journal, now_ms, status("isr", at_ms=now_ms, head=0, tur=1))
        turn(machine, journal, now_ms + TIMERS.receipt_ms + TIMERS.grace_ms)
    flagged = [str(entry.flag.subject) for entry in journal.shelf.flags_of(Rule.INVALID)]
    assert flagged == ["dog/1", "tur/1"]


@pytest.mark.parametrize("ends_ms", [NOW_MS + HOUR_MS, None])
def test_a_flight_that_was_agreed_and_put_away_is_followed_after_a_start(
    journal: Journal, ends_ms: int | None
) -> None:
    """It opens and closes like any other; one that has no end can still be stopped."""
    tur, isr = Author("tur"), Author("isr")
    tur.says(Kind.NOTICE, notice(starts_ms=NOW_MS, ends_ms=ends_ms))
    isr.says(Kind.REPLY, reply("tur", 1), T0 + SECOND_MS)
    machine = greeted(journal, T0)
    turn(machine, journal, T0 + SECOND_MS, records(*tur.journal), records(*isr.journal))
    assert dict(machine.picture.messages) == {}
    machine = greeted(journal, NOW_MS - SECOND_MS, head=1)
    assert flown(machine, NOW_MS) == [Phase.ACTIVE]
    if ends_ms:
        assert flown(machine, ends_ms) == [Phase.ENDED]
    else:
        machine = greeted(journal, NOW_MS + HOUR_MS, head=1)
        stopped = isr.says(Kind.STOP, stop("TUR-014"), NOW_MS + HOUR_MS)
        assert flown(machine, NOW_MS + HOUR_MS, records(stopped)) == [Phase.OFF_NOMINAL]


def flown(machine: Station | Watchdog, now_ms: int, *heard: Incoming) -> list[Phase]:
    """What a turn tells of flights."""
    for message in heard:
        machine.hear(message, now_ms)
    machine.tick(now_ms)
    events = machine.flush(now_ms).events
    return [event.phase for event in events if isinstance(event, FlightChanged)]
