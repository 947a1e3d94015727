"""A flight's own life: how far it is, and what a watchdog tells as its window opens and closes."""

import pytest

from hotline.bodies import Answer, Kind, Ref
from hotline.picture.lifecycle import Phase
from hotline.picture.picture import Picture
from hotline.station.turn import FlightChanged
from hotline.times import HOUR_MS, MINUTE_MS, SECOND_MS
from hotline.watchdog.flights import phase_of
from tests.helpers import LINE, T0, Author, cancel, notice, reply, stop
from tests.watch import Watch

OPENS_MS, CLOSES_MS = T0 + HOUR_MS, T0 + 3 * HOUR_MS
IN_AIR_MS = T0 + 2 * HOUR_MS


class Flown:
    """A notice of tur's with a window of two hours, and what became of it."""

    def __init__(self, starts_ms: int | None = OPENS_MS) -> None:
        self.tur, self.isr, self.picture = Author("tur"), Author("isr"), Picture(LINE)
        self.starts_ms = starts_ms
        self.say(1, T0)

    def say(self, revision: int, at_ms: int) -> None:
        """Say it, or revise it."""
        body = notice(revision=revision, starts_ms=self.starts_ms, ends_ms=CLOSES_MS)
        self.picture.fold(self.tur.says(Kind.NOTICE, body, at_ms))

    def cancel(self, at_ms: int) -> None:
        """Withdraw it."""
        self.picture.fold(self.tur.says(Kind.CANCEL, cancel(), at_ms))

    def stop(self, at_ms: int, name: str = "TUR-014") -> None:
        """The other party says stop."""
        self.picture.fold(self.isr.says(Kind.STOP, stop(name), at_ms))

    def phase(self, at_ms: int, seq: int = 1) -> Phase | None:
        """How far it is then."""
        message = self.picture.messages[Ref("tur", seq)]
        return phase_of(message, self.picture, at_ms)


def test_a_flight_is_planned_active_and_ended_by_its_window() -> None:
    """Whether or not anybody has answered."""
    flown = Flown()
    times = (T0, OPENS_MS - 1, OPENS_MS, CLOSES_MS - 1, CLOSES_MS)
    assert [flown.phase(at_ms) for at_ms in times] == [
        Phase.PLANNED,
        Phase.PLANNED,
        Phase.ACTIVE,
        Phase.ACTIVE,
        Phase.ENDED,
    ]


def test_what_has_no_window_has_no_phase() -> None:
    """Nor has a revision that was superseded: the flight is that of the last one."""
    assert Flown(starts_ms=None).phase(T0) is None
    flown = Flown()
    flown.say(2, T0 + 1)
    assert (flown.phase(IN_AIR_MS), flown.phase(IN_AIR_MS, 2)) == (None, Phase.ACTIVE)


def test_a_cancellation_calls_a_flight_off_or_ends_it_early() -> None:
    """Before its window opens, within it, or when it is over anyway."""
    for cancelled_ms, phase in (
        (T0 + 1, Phase.CALLED_OFF),
        (IN_AIR_MS, Phase.ENDED_EARLY),
        (CLOSES_MS + 1, Phase.ENDED),
    ):
        flown = Flown()
        flown.cancel(cancelled_ms)
        assert flown.phase(CLOSES_MS + 2) is phase
    assert flown.phase(IN_AIR_MS) is Phase.ACTIVE, "what comes later changes nothing before"


def test_a_revision_in_the_air_makes_a_flight_off_nominal() -> None:
    """It does not go as it was said; a further revision does not make that good."""
    flown = Flown()
    flown.say(2, IN_AIR_MS)
    assert flown.phase(IN_AIR_MS, 2) is Phase.OFF_NOMINAL
    flown.say(3, IN_AIR_MS + 1)
    assert flown.phase(IN_AIR_MS + 1, 3) is Phase.OFF_NOMINAL
    assert flown.phase(CLOSES_MS, 3) is Phase.ENDED


def test_a_stop_makes_a_flight_off_nominal() -> None:
    """From its window on; one that was said before the last revision is about an older plan."""
    flown = Flown()
    flown.stop(T0 + 1)
    assert (flown.phase(T0 + 1), flown.phase(OPENS_MS)) == (Phase.PLANNED, Phase.OFF_NOMINAL)
    flown.say(2, T0 + 2)
    assert flown.phase(OPENS_MS, 2) is Phase.ACTIVE
    flown.stop(IN_AIR_MS)
    assert flown.phase(IN_AIR_MS, 2) is Phase.OFF_NOMINAL
    flown.cancel(IN_AIR_MS + 1)
    assert flown.phase(IN_AIR_MS + 1, 2) is Phase.ENDED_EARLY


def test_a_stop_about_another_flight_is_none_about_this_one() -> None:
    """A stop may name a notice."""
    flown = Flown()
    flown.stop(IN_AIR_MS, "TUR-015")
    assert flown.phase(IN_AIR_MS) is Phase.ACTIVE


class Flying(Watch):
    """A watched line with one flight of tur's, in an hour, for two."""

    def __init__(self) -> None:
        super().__init__()
        self.opens_ms = self.now_ms + HOUR_MS
        self.closes_ms = self.opens_ms + 2 * HOUR_MS
        self.say_notice(1)

    def say_notice(self, revision: int) -> None:
        """Tur says it, or revises it; isr agrees."""
        body = notice(starts_ms=self.opens_ms, ends_ms=self.closes_ms, revision=revision)
        record = self.say("tur", Kind.NOTICE, body)
        self.settle()
        self.say("isr", Kind.REPLY, reply("tur", record.seq, Answer.ACCEPT))
        self.settle()

    def told(self) -> list[tuple[str, Phase]]:
        """What the watchdog has told of flights."""
        events = self.seats["dog"].events
        return [(e.message.name, e.phase) for e in events if isinstance(e, FlightChanged)]


@pytest.fixture
def wire() -> Flying:
    """A line with one flight."""
    return Flying()


def test_a_window_is_told_when_it_opens_and_when_it_closes(wire: Flying) -> None:
    """To the millisecond, and once each."""
    wire.go_to(wire.opens_ms - 1)
    assert wire.told() == []
    wire.go(1)
    assert wire.told() == [("TUR-014 rev 1", Phase.ACTIVE)]
    wire.go_to(wire.closes_ms)
    assert wire.told()[1:] == [("TUR-014 rev 1", Phase.ENDED)]
    wire.go(HOUR_MS)
    assert len(wire.told()) == 2


def test_a_stop_or_a_revision_in_the_air_is_told(wire: Flying) -> None:
    """Each of them at once."""
    wire.go_to(wire.opens_ms + MINUTE_MS)
    wire.say("isr", Kind.STOP, stop("TUR-014"))
    wire.settle()
    assert wire.told()[-1] == ("TUR-014 rev 1", Phase.OFF_NOMINAL)
    wire.go(MINUTE_MS)
    wire.say_notice(2)
    assert wire.told()[-1] == ("TUR-014 rev 2", Phase.OFF_NOMINAL)
    wire.go_to(wire.closes_ms)
    assert wire.told()[3:] == [("TUR-014 rev 2", Phase.ENDED)]


def test_a_cancellation_in_the_air_ends_it_early(wire: Flying) -> None:
    """One before is no news of a flight: there is none."""
    wire.go_to(wire.opens_ms + MINUTE_MS)
    wire.say("tur", Kind.CANCEL, cancel())
    wire.settle()
    assert wire.told()[-1] == ("TUR-014 rev 1", Phase.ENDED_EARLY)
    wire.go_to(wire.closes_ms + SECOND_MS)
    assert len(wire.told()) == 2
    other = Flying()
    other.say("tur", Kind.CANCEL, cancel())
    other.go_to(other.closes_ms)
    assert other.told() == []


def test_a_watchdog_that_starts_goes_on_where_it_was(wire: Flying) -> None:
    """What was in the air before is no news; what comes is."""
    wire.go_to(wire.opens_ms + MINUTE_MS)
    wire.crash("dog")
    wire.start("dog")
    wire.go_to(wire.closes_ms)
    assert wire.told() == [("TUR-014 rev 1", Phase.ACTIVE), ("TUR-014 rev 1", Phase.ENDED)]


def test_a_flight_that_is_in_the_air_when_it_is_said_is_told_at_once() -> None:
    """It is a late notice, too."""
    wire = Watch()
    wire.say("tur", Kind.NOTICE, notice(starts_ms=wire.now_ms - MINUTE_MS))
    wire.settle()
    events = [e for e in wire.seats["dog"].events if isinstance(e, FlightChanged)]
    assert [(e.phase, e.message.waits) for e in events] == [(Phase.ACTIVE, True)]
