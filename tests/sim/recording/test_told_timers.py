"""The timers of a line whose configuration is not at hand, as its flags tell them."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from hotline.bodies import Answer, Flag, Kind, Level, Rule, Subject
from hotline.notice import Precedence
from hotline.timers import Timers
from hotline.times import HOUR_MS, MINUTE_MS
from sim.recording.encore import SAME
from sim.recording.told_timers import told_by
from tests.helpers import LINE, T0, Author, check, notice, reply
from tests.sim.recording.test_encore import FLASH, broken, played, told

ROGER = {"answer": "ROGER"}
DEFAULTS = "The timers are the defaults: journals do not hold them; --line line.toml does."


def flagged(
    say: Callable[[Author], object], rule: Rule, level: Level, due_ms: int
) -> dict[str, int]:
    """Which timers differ from the defaults, by one flag of what is said."""
    tur, isr, dog = Author("tur"), Author("isr"), Author("dog")
    say(tur)
    flag = Flag(
        rule=rule, subject=Subject(station="tur", seq=1), level=level, due=due_ms, detail="x"
    )
    dog.says(Kind.FLAG, flag, due_ms + 1_000)
    timers, _ = told_by(LINE, [*isr.journal, *tur.journal, *dog.journal])
    return timers.model_dump(exclude_defaults=True)


def asks(precedence: Precedence, lead_ms: int) -> Callable[[Author], object]:
    """A notice so long before its flight."""
    body = notice(precedence=precedence, starts_ms=T0 + lead_ms)
    return lambda tur: tur.says(Kind.NOTICE, body, T0)


@pytest.mark.parametrize(
    ("say", "rule", "level", "due_ms", "tells"),
    [
        (lambda tur: tur.says(Kind.CHECK, check(), T0), *case)
        for case in (
            (Rule.UNANSWERED, Level.WARNING, 10 * MINUTE_MS, {"answer_check_ms": 10 * MINUTE_MS}),
            (Rule.UNANSWERED, Level.ALARM, 15 * MINUTE_MS, {"answer_check_ms": 10 * MINUTE_MS}),
            (Rule.UNANSWERED, Level.WARNING, 5 * MINUTE_MS, {}),  # it is the default
            (Rule.UNDELIVERED, Level.WARNING, 9_000, {"receipt_ms": 9_000}),
            (Rule.UNDELIVERED, Level.ALARM, 50_000, {"receipt_alarm_ms": 50_000}),
            (
                Rule.UNDELIVERED,
                Level.WARNING,
                MINUTE_MS,  # an ALARM comes no sooner
                {"receipt_ms": MINUTE_MS, "receipt_alarm_ms": MINUTE_MS},
            ),
        )
    ]
    + [
        (
            asks(Precedence.FLASH, 10 * HOUR_MS),
            Rule.UNANSWERED,
            Level.WARNING,
            30_000,
            {"answer_flash_ms": 30_000},
        ),
        (  # half the time that is left to its start: whatever the timer is
            asks(Precedence.ROUTINE, HOUR_MS),
            Rule.UNANSWERED,
            Level.WARNING,
            HOUR_MS // 2,
            {},
        ),
        (
            asks(Precedence.ROUTINE, 5 * MINUTE_MS),
            Rule.LATE_NOTICE,
            Level.WARNING,
            -10 * MINUTE_MS,
            {"late_notice_ms": 15 * MINUTE_MS},
        ),
    ],
)
def test_a_flag_tells_a_timer_by_when_it_was_due(
    say: Callable[[Author], object], rule: Rule, level: Level, due_ms: int, tells: dict[str, int]
) -> None:
    """Where nothing else can have made it due then."""
    assert flagged(say, rule, level, T0 + due_ms) == tells


def test_what_begins_anew_or_is_told_twice_tells_nothing() -> None:
    """After a STANDBY a wait has another beginning; and of two words none is taken."""
    tur, isr, dog = Author("tur"), Author("isr"), Author("dog")
    tur.says(Kind.NOTICE, notice(starts_ms=T0 + 10 * HOUR_MS), T0)
    isr.says(Kind.REPLY, reply("tur", 1, Answer.STANDBY, expected_ms=T0 + HOUR_MS), T0 + 9_000)
    tur.says(Kind.CHECK, check(), T0)
    tur.says(Kind.CHECK, check(), T0)
    for seq, due_ms in ((1, 40_000), (2, 50_000), (3, 60_000)):
        flag = Flag(
            rule=Rule.UNANSWERED,
            subject=Subject(station="tur", seq=seq),
            level=Level.WARNING,
            due=T0 + due_ms,
            detail="x",
        )
        dog.says(Kind.FLAG, flag, T0 + due_ms)
    records = [*isr.journal, *tur.journal, *dog.journal]
    assert told_by(LINE, records) == (Timers(), DEFAULTS)


@pytest.mark.parametrize(
    ("rule", "due_ms", "detail"),
    [
        (Rule.UNANSWERED, T0 - HOUR_MS, "x"),  # due before it was said
        (Rule.UNDELIVERED, T0, "x"),
        (Rule.SILENT, T0, "tur: not heard for 99999999d"),
        (Rule.SILENT, T0, "tur: not heard for 0s"),
        (Rule.SILENT, T0, "tur: not heard for ages"),
    ],
)
def test_a_flag_that_makes_no_sense_tells_nothing(rule: Rule, due_ms: int, detail: str) -> None:
    """Any program, and any person, may speak as a watchdog."""
    tur, dog = Author("tur"), Author("dog")
    tur.says(Kind.CHECK, check(), T0)
    about = Subject(station="tur", seq=None if rule is Rule.SILENT else 1)
    flag = Flag(rule=rule, subject=about, level=Level.WARNING, due=due_ms, detail=detail)
    dog.says(Kind.FLAG, flag, T0)
    assert told_by(LINE, [*tur.journal, *dog.journal]) == (Timers(), DEFAULTS)


def test_a_line_with_shorter_timers_is_recorded_without_its_configuration() -> None:
    """Else its flags would come too soon for the timers of the file, which could not be played."""
    slow = [{"name": "Levi", "reads_in": "1m10s"}]
    recording = played(timers={"answer_flash": "30s"}, events=[FLASH], officers={"isr": slow})
    timers, remark = told_by(LINE, recording.records)
    assert timers == Timers.model_validate({"answer_flash": "30s"})
    assert remark.startswith("The timers (answer_flash) are those that flags tell, ")
    assert told(replace(recording, timers=Timers()))[0].startswith("NOT THE SAME")
    assert told(replace(recording, timers=timers)) == [SAME]


def test_a_line_that_misses_its_stations_sooner_is_recorded_without_its_configuration() -> None:
    """Else the silence would begin too early, and take with it what was said before it."""
    recording = played(
        timers={"heartbeat": "1s", "silent": "5s"},
        events=[
            {"at": "3m50s", "who": "tur", "check": "how do you read?"},
            {"at": "3m52s", "who": "isr", "answer": {"kind": "check", "sent": "3m50s", **ROGER}},
            broken("4m", "loss", "1m", of="tur", share=1.0),
        ],
    )
    timers, remark = told_by(LINE, recording.records)
    assert (timers.silent_ms, timers.heartbeat_ms) == (5_000, 1_666)
    assert remark.startswith("The timers (silent) are those that flags tell, ")
    assert told(replace(recording, timers=Timers()))[0].startswith("NOT THE SAME")
    assert told(replace(recording, timers=timers)) == [SAME]
