"""Much is done a portion in each turn."""

import pytest

from hotline.notice import Precedence
from hotline.station.turn import Turn
from hotline.times import MINUTE_MS
from hotline.watchdog import portions, watchdog
from hotline.watchdog.portions import Portions
from tests.helpers import TIMERS, notice
from tests.watch import FLASH_MS, GRACE_MS, Watch


def test_all_is_taken_in_its_order_a_portion_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is found once; begun anew, it is found again."""
    monkeypatch.setattr(portions, "MOST", 2)
    there = [1, 2, 3]
    found = Portions(lambda: list(there))
    assert not found.are_taken
    assert (found.take(), found.are_taken) == ([1, 2], False)
    there.append(4)
    assert (found.take(), found.are_taken) == ([3], True)
    found.begin_anew()
    assert not found.are_taken
    assert [found.take(), found.take()] == [[1, 2], [3, 4]]


def test_nothing_is_one_portion() -> None:
    """An empty one, and the last."""
    nothing = Portions[int](list)
    assert (list(nothing.take()), nothing.are_taken) == ([], True)


def test_what_is_judged_in_one_turn_is_bounded(
    wire: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Thousands of silences at once do not keep it from its heartbeat; the rest comes at once."""
    flush, said = watchdog.Watchdog.flush, []

    def watched(self: watchdog.Watchdog, now_ms: int, ahead_ms: int = 0) -> Turn:
        turn = flush(self, now_ms, ahead_ms)
        said.append(len([each for each in turn.appends if each.station == "dog"]))
        return turn

    monkeypatch.setattr(watchdog.Watchdog, "flush", watched)
    monkeypatch.setattr(portions, "MOST", 2)
    for number in range(5):
        wire.tell("tur", notice(f"N-{number}", precedence=Precedence.FLASH))
    wire.settle()
    flags = [f"unanswered tur/{seq} WARNING" for seq in range(1, 6)]
    wire.expect(wire.now_ms + FLASH_MS + GRACE_MS, *flags)
    assert [count for count in said if count] == [2, 2, 1]


def test_what_is_said_in_turns_waits_for_nothing(
    wire: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though nothing comes in, and no deadline is near."""
    wire.crash("dog")
    for number in range(5):
        late = notice(f"N-{number}", starts_ms=wire.now_ms + MINUTE_MS)
        wire.seats["dog"].disk.append(wire.say("tur", late))
    monkeypatch.setattr(portions, "MOST", 1)
    with wire.losing(reader="dog"):
        wire.start("dog")
        wire.go(TIMERS.greeting_ms)
        assert wire.flags() == [f"late_notice tur/{seq} WARNING" for seq in range(1, 6)]
