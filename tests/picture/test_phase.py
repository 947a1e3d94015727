"""A flight's own life: how far it is by its notice, what was said of it, and the time."""

from hotline.bodies import Kind, Ref
from hotline.picture.lifecycle import Phase
from hotline.picture.phase import phase_of
from hotline.picture.picture import Picture
from hotline.times import HOUR_MS
from tests.helpers import LINE, T0, Author, cancel, notice, stop

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
    """It is not going as announced; a further revision does not make that good."""
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
