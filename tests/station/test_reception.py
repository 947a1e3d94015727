"""Since when a station hears all that is said."""

from hotline.station.reception import Reception
from tests.helpers import T0


def linked() -> Reception:
    """A station that has just connected, and looks at its clock every 10 ms at least."""
    reception = Reception(10)
    reception.begin(T0)
    return reception


def test_who_does_not_look_at_his_clock_for_long_has_slept() -> None:
    """And so has he whose clock was put back, for all that he can tell."""
    reception = linked()
    assert not reception.has_slept(T0 + 10)
    assert reception.has_slept(T0 + 11)
    assert reception.has_slept(T0 - 1)
    reception.stay_awake(T0 + 10)
    assert not reception.has_slept(T0 + 20)
    assert reception.since_ms == T0


def test_a_clock_that_is_put_forward_is_no_sleep() -> None:
    """What was counted on it moves along, unless nothing was."""
    reception = linked()
    reception.shift(1_000)
    assert reception.since_ms == T0 + 1_000
    assert not reception.has_slept(T0 + 1_010)
    reception.end()
    reception.shift(1_000)
    assert reception.since_ms is None


def test_who_cannot_read_all_reads_since_he_can() -> None:
    """While more comes than he reads, and before his link was up, nothing counts."""
    reception = linked()
    reception.read(T0 + 1, all_heard=True, is_deaf=False)
    assert (reception.reads_since_ms, reception.is_overrun) == (T0, False)
    reception.read(T0 + 2, all_heard=False, is_deaf=False)
    assert (reception.reads_since_ms, reception.is_overrun) == (T0 + 2, True)
    reception.read(T0 + 3, all_heard=True, is_deaf=False)
    assert (reception.reads_since_ms, reception.is_overrun) == (T0 + 2, False)
    reception.shift(1_000)
    assert reception.reads_since_ms == T0 + 1_002
    reception.begin(T0 + 2_000)
    assert reception.reads_since_ms == T0 + 2_000
    reception.read(T0 + 3_000, all_heard=True, is_deaf=True)
    assert (reception.reads_since_ms, reception.is_deaf) == (T0 + 3_000, True)
    reception.read(T0 + 4_000, all_heard=True, is_deaf=False)
    assert (reception.reads_since_ms, reception.is_deaf) == (T0 + 3_000, False)
    reception.end()
    assert reception.reads_since_ms is None
