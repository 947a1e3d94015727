"""How long a simulated run is and how fast its line: some minutes of trouble, or an hour of life.

In minutes, everything is short and happens at once, so that a run that shows a bug is short too.
In an hour, the line has the timers and the traffic of a real one, and faults last as long as on it.
"""

from dataclasses import dataclass
from enum import StrEnum
from random import Random

from hotline.times import MINUTE_MS, SECOND_MS


class Scale(StrEnum):
    """How long a run is."""

    MINUTES = "minutes"
    HOUR = "hour"


@dataclass(frozen=True, slots=True)
class Lengths:
    """The choices that a run of one scale is drawn from."""

    run_min: tuple[int, ...]
    heartbeat_s: tuple[int, ...]
    flash_s: tuple[int, ...]
    immediate_s: tuple[int, ...]
    priority_s: int
    routine_s: int
    check_s: tuple[int, ...]
    floor_s: int
    words: tuple[int, int]
    fault_s: tuple[int, ...]
    late_notice_s: tuple[int, ...]
    lead_s: tuple[int, ...]  # from a notice to the opening of its window
    lasts_s: tuple[int, ...]
    receipt_s: tuple[int, ...]
    receipt_alarm_s: tuple[int, ...]  # all of them longer than the longest receipt
    grace_ms: tuple[int, ...]  # all of them no longer than the shortest receipt
    resend_s: tuple[int, ...]
    clock_skew_s: tuple[int, ...]  # all of them longer than a link delays, unless it is slow

    def timers_ms(self, random: Random) -> dict[str, int]:
        """The timers of a line."""
        heartbeat_ms = random.choice(self.heartbeat_s) * SECOND_MS
        return {
            "heartbeat": heartbeat_ms,
            "silent": 3 * heartbeat_ms,
            "greeting": 3 * heartbeat_ms,  # a link of the simulation is back at once
            "answer_flash": random.choice(self.flash_s) * SECOND_MS,
            "answer_immediate": random.choice(self.immediate_s) * SECOND_MS,
            "answer_priority": self.priority_s * SECOND_MS,
            "answer_routine": self.routine_s * SECOND_MS,
            "answer_check": random.choice(self.check_s) * SECOND_MS,
            "answer_floor": self.floor_s * SECOND_MS,
        }

    def seldom_set_ms(self, random: Random) -> dict[str, int]:
        """The timers that most lines leave as they are."""
        return {
            "receipt": random.choice(self.receipt_s) * SECOND_MS,
            "receipt_alarm": random.choice(self.receipt_alarm_s) * SECOND_MS,
            "grace": random.choice(self.grace_ms),
            "resend": random.choice(self.resend_s) * SECOND_MS,
            "clock_skew": random.choice(self.clock_skew_s) * SECOND_MS,
        }

    def duration_ms(self, random: Random) -> int:
        """How long a run is."""
        return random.choice(self.run_min) * MINUTE_MS


LENGTHS = {
    Scale.MINUTES: Lengths(
        run_min=(2, 3, 5),
        heartbeat_s=(2, 5),
        flash_s=(15, 30, 60),
        immediate_s=(30, 60),
        priority_s=90,
        routine_s=120,
        check_s=(20, 60),
        floor_s=10,
        words=(3, 30),
        fault_s=(1, 5, 10, 30, 60),
        late_notice_s=(10, 60),
        lead_s=(-10, 5, 15, 30, 60, 200),
        lasts_s=(5, 60, 600),
        receipt_s=(3, 5, 10),
        receipt_alarm_s=(15, 40, 60),
        grace_ms=(500, 1_000, 2_000, 3_000),
        resend_s=(1, 2, 5),
        clock_skew_s=(4, 5, 10),
    ),
    Scale.HOUR: Lengths(
        run_min=(60,),
        heartbeat_s=(30, 60),
        flash_s=(60, 120),
        immediate_s=(300, 600),
        priority_s=1_200,
        routine_s=1_800,
        check_s=(120, 300),
        floor_s=120,
        words=(4, 20),  # a line of 200 notices a day says eight in an hour, some of them twice
        fault_s=(5, 20, 60, 300, 600),
        late_notice_s=(120, 600),
        lead_s=(-60, 60, 300, 900, 3_600),
        lasts_s=(300, 3_600),
        receipt_s=(5, 10, 30),
        receipt_alarm_s=(40, 60, 300),
        grace_ms=(500, 1_000, 5_000),
        resend_s=(1, 2, 10),
        clock_skew_s=(4, 5, 10),
    ),
}


def calm_ms(heartbeat_ms: int) -> int:
    """How long without a fault it takes until all stations of a line know the same."""
    return 5 * heartbeat_ms + 20 * SECOND_MS


def settles_ms(heartbeat_ms: int) -> tuple[int, int]:
    """When a line that was mended is looked at, and when it must be level at the latest.

    That a clock is right again is known after five heartbeats.
    """
    return max(40 * SECOND_MS, 6 * heartbeat_ms), max(2 * MINUTE_MS, 12 * heartbeat_ms)
