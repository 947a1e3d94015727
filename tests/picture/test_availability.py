from hotline.bodies import Flag, Level, Ref, Rule, Subject
from hotline.picture.availability import availability, day_of
from hotline.picture.declared import Suspension
from hotline.picture.flagged import FlagEntry
from hotline.times import DAY_MS, HOUR_MS
from tests.helpers import T0


def silence(from_h: float, until_h: float | None, station: str = "tur") -> FlagEntry:
    """A flag `silent`, in hours from T0."""
    flag = Flag(
        rule=Rule.SILENT,
        subject=Subject(station=station),
        level=Level.ALARM,
        due=T0,
        detail="gone",
    )
    cleared_ms = None if until_h is None else T0 + round(until_h * HOUR_MS)
    return FlagEntry(Ref("dog", 1), flag, T0 + round(from_h * HOUR_MS), cleared_ms)


def hours(*flags: FlagEntry, suspensions: tuple[Suspension, ...] = ()) -> tuple[float, float]:
    """How many of ten hours tur was silent, and silent by its own word."""
    found = availability(flags, suspensions, "tur", T0, T0 + 10 * HOUR_MS)
    return found.silent_ms / HOUR_MS, found.declared_ms / HOUR_MS


def test_silences_are_counted_within_the_time_that_is_asked_for() -> None:
    """One that began before counts from its beginning; one that stands, to its end."""
    assert hours() == (0, 0)
    assert hours(silence(-2, 1), silence(3, 4), silence(9, None), silence(20, 30)) == (3, 0)


def test_a_silence_that_is_seen_twice_counts_once() -> None:
    """Two levels and two watchdogs have flags of their own."""
    assert hours(silence(1, 3), silence(2, 5), silence(2, 4)) == (4, 0)
    assert hours(silence(1, 5), silence(2, 4)) == (4, 0)


def test_the_others_silences_are_not_counted() -> None:
    """Each party has a figure of its own."""
    assert hours(silence(1, 3, "isr")) == (0, 0)


def test_what_was_declared_is_told_apart() -> None:
    """As far as it was silent then; who suspends and stays is heard."""
    suspensions = (
        Suspension(Ref("tur", 1), T0, None, None, resumed_ms=T0 + 2 * HOUR_MS),
        Suspension(Ref("tur", 2), T0 + 6 * HOUR_MS, T0 + 7 * HOUR_MS, None),
    )
    assert hours(silence(1, 4), silence(6, 8), suspensions=suspensions) == (5, 2)
    found = availability([silence(1, 4)], suspensions, "tur", T0, T0 + 10 * HOUR_MS)
    assert (found.heard, found.declared) == (0.7, 0.1)


def test_a_day_is_a_day_in_utc() -> None:
    """From midnight to midnight."""
    assert day_of(T0) == T0 - 6 * HOUR_MS
    assert day_of(day_of(T0)) == day_of(T0)
    assert day_of(day_of(T0) + DAY_MS - 1) == day_of(T0)
