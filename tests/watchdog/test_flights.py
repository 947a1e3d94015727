"""What a watchdog tells as the windows of flights open and close."""

import pytest

from hotline.bodies import Answer, Body
from hotline.picture.lifecycle import Phase
from hotline.station.turn import FlightChanged
from hotline.times import HOUR_MS, MINUTE_MS, SECOND_MS
from tests.helpers import T0, cancel, notice, reply, stop
from tests.watch import Watch


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
        record = self.say("tur", body)
        self.settle()
        self.say("isr", reply("tur", record.seq, Answer.ACCEPT))
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
    wire.say("isr", stop("TUR-014"))
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
    wire.say("tur", cancel())
    wire.settle()
    assert wire.told()[-1] == ("TUR-014 rev 1", Phase.ENDED_EARLY)
    wire.go_to(wire.closes_ms + SECOND_MS)
    assert len(wire.told()) == 2
    other = Flying()
    other.say("tur", cancel())
    other.go_to(other.closes_ms)
    assert other.told() == []


@pytest.mark.parametrize(
    ("body", "phase"),
    [
        (stop("TUR-014"), Phase.OFF_NOMINAL),
        (notice(starts_ms=T0, ends_ms=T0 + 9 * HOUR_MS, revision=2), Phase.OFF_NOMINAL),
        (cancel(), Phase.ENDED_EARLY),
    ],
)
def test_what_is_said_by_a_clock_that_is_ahead_is_told_at_once(
    wire: Flying, body: Body, phase: Phase
) -> None:
    """A second is nothing that anybody would set a clock for."""
    wire.go_to(wire.opens_ms + MINUTE_MS)
    wire.now_ms += SECOND_MS
    wire.say("tur", body)
    wire.now_ms -= SECOND_MS
    wire.settle()
    assert wire.told()[1:] == [(wire.told()[-1][0], phase)]


def test_a_clock_that_is_ahead_of_the_end_ends_no_flight(wire: Flying) -> None:
    """By the watchdog's clock it goes on."""
    wire.go_to(wire.opens_ms + MINUTE_MS)
    wire.now_ms += 3 * HOUR_MS
    wire.say("isr", stop("TUR-014"))
    wire.now_ms -= 3 * HOUR_MS
    wire.settle()
    assert wire.told() == [("TUR-014 rev 1", Phase.ACTIVE)]
    wire.go_to(wire.closes_ms)
    assert wire.told()[1:] == [("TUR-014 rev 1", Phase.ENDED)]


def test_a_notice_by_a_clock_that_is_ahead_of_its_end_is_followed(wire: Flying) -> None:
    """It is heard while its window is open."""
    wire.go_to(wire.opens_ms + MINUTE_MS)
    wire.now_ms += 3 * HOUR_MS
    wire.say("tur", notice("TUR-015", starts_ms=wire.opens_ms, ends_ms=wire.closes_ms))
    wire.now_ms -= 3 * HOUR_MS
    wire.settle()
    assert ("TUR-015 rev 1", Phase.ACTIVE) in wire.told()


def test_what_a_clock_that_is_ahead_has_said_is_not_taken_back(wire: Flying) -> None:
    """Another stop, by a right clock, comes before the first one by its time."""
    wire.go_to(wire.opens_ms + MINUTE_MS)
    wire.now_ms += SECOND_MS
    wire.say("tur", stop("TUR-014"))
    wire.now_ms -= SECOND_MS
    wire.settle()
    wire.say("isr", stop("TUR-014"))
    wire.settle()
    assert [phase for _, phase in wire.told()] == [Phase.ACTIVE, Phase.OFF_NOMINAL]


def test_a_watchdog_that_starts_goes_on_where_it_was(wire: Flying) -> None:
    """What was in the air before is no news; what comes is."""
    wire.go_to(wire.opens_ms + MINUTE_MS)
    wire.restart("dog")
    wire.go_to(wire.closes_ms)
    assert wire.told() == [("TUR-014 rev 1", Phase.ACTIVE), ("TUR-014 rev 1", Phase.ENDED)]


def test_a_flight_that_is_in_the_air_when_it_is_said_is_told_at_once() -> None:
    """It is a late notice, too."""
    wire = Watch()
    wire.say("tur", notice(starts_ms=wire.now_ms - MINUTE_MS))
    wire.settle()
    events = [e for e in wire.seats["dog"].events if isinstance(e, FlightChanged)]
    assert [(e.phase, e.message.waits) for e in events] == [(Phase.ACTIVE, True)]
