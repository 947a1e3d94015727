"""Which rule is told of what, and when: what is heard, what is due, and what a start finds."""

import pytest

from hotline.bodies import Answer, Clear, Flag, Kind, Level, Ref, Rule, Subject, Suspend
from hotline.notice import Precedence
from hotline.picture.doubts import Doubt, End
from hotline.picture.message import Wait
from hotline.records import Record
from hotline.station.turn import Acknowledged, CameOnline, ClockAgrees, FellSilent, Heard
from hotline.times import HOUR_MS, LONG_AGO_MS, MINUTE_MS
from hotline.watchdog import portions
from hotline.watchdog.watchdog import Watchdog
from tests.helpers import (
    FLASH,
    T0,
    TIMERS,
    TWO_DOGS,
    Author,
    cancel,
    check,
    flag,
    notice,
    reply,
    voice,
)
from tests.machines import machine_of
from tests.watch import FLASH_MS


def started(*disk: Record, doubts: tuple[Doubt, ...] = ()) -> Watchdog:
    """One of two watchdogs, as it starts from these records; its rulebook is worked by hand."""
    machine = machine_of(TWO_DOGS, "dog", TIMERS, list(disk), doubts)
    assert isinstance(machine, Watchdog)
    return machine


def hears(dog: Watchdog, record: Record, now_ms: int) -> None:
    """It takes in a record while nothing is known to be missing."""
    heard = Heard(record, dog.picture.fold(record))
    dog._rules.hear([heard], now_ms, is_sure=True)


def says(dog: Watchdog) -> list[str]:
    """What it is about to say, in order."""
    return [
        f"{body.rule} {body.subject} {'cleared' if isinstance(body, Clear) else body.level}"
        for body in dog._to_say
        if isinstance(body, Flag | Clear)
    ]


def test_only_the_other_partys_receipt_is_one() -> None:
    """What another watchdog has on disk does not clear what is flagged `undelivered`."""
    dog = started()
    hears(dog, Author("tur").says(Kind.CHECK, check(), T0), T0)
    due_ms = T0 + TIMERS.receipt_ms + TIMERS.grace_ms
    dog._rules.judge(due_ms - 1)
    assert says(dog) == []
    dog._rules.judge(due_ms)
    flagged = ["undelivered tur/1 WARNING"]
    dog._rules.hear([Acknowledged("hound", "tur", 0, 1)], due_ms, is_sure=True)
    assert says(dog) == flagged
    dog._rules.hear([Acknowledged("isr", "tur", 0, 1)], due_ms, is_sure=True)
    assert says(dog) == [*flagged, "undelivered tur/1 cleared"]


@pytest.mark.parametrize("answer", [Answer.STANDBY, Answer.ACCEPT])
def test_an_answer_proves_delivery(answer: Answer) -> None:
    """With or without a receipt: what was flagged for want of it is over."""
    tur, isr = Author("tur"), Author("isr")
    dog = started()
    hears(dog, tur.says(Kind.NOTICE, notice(), T0), T0)
    dog._rules.judge(T0 + TIMERS.receipt_ms + TIMERS.grace_ms)
    dog._rules.catch_up(T0)
    expected_ms = T0 + HOUR_MS if answer is Answer.STANDBY else None
    said = isr.says(Kind.REPLY, reply("tur", 1, answer, expected_ms=expected_ms), T0 + 9_000)
    hears(dog, said, said.at_ms)
    assert says(dog) == ["undelivered tur/1 WARNING", "undelivered tur/1 cleared"]


def test_what_is_over_is_judged_at_once() -> None:
    """As soon as there may be judged at all: it waits for no deadline. Then it is in no doubt."""
    tur, isr = Author("tur"), Author("isr")
    late_ms = T0 + FLASH_MS + MINUTE_MS // 2
    asked = tur.says(Kind.NOTICE, FLASH, T0)
    end = End(late_ms, "answered ACCEPT", is_answer=True)
    doubt = Doubt(asked.ref, Wait(T0, None), (end,))
    dog = started(asked, isr.says(Kind.REPLY, reply("tur", 1), late_ms), doubts=(doubt,))
    assert dog._rules.next_ms() == LONG_AGO_MS
    dog._rules.judge(late_ms + HOUR_MS)
    assert says(dog) == ["unanswered tur/1 WARNING", "unanswered tur/1 cleared"]
    assert dog._rules.next_ms() != LONG_AGO_MS
    assert dog._rules.doubts() == [doubt._replace(ends=())]
    assert dog._rules.doubts() is None


def test_a_doubt_about_what_is_not_there_stops_no_watchdog() -> None:
    """It is looked at like any other, and is then no doubt."""
    doubt = Doubt(Ref("tur", 7), Wait(T0, None), (End(T0 + HOUR_MS, "cancelled", is_answer=False),))
    dog = started(doubts=(doubt,))
    dog._rules.judge(T0 + HOUR_MS)
    assert says(dog) == []
    assert dog._rules.doubts() == [doubt._replace(ends=())]


def test_until_it_has_caught_up_nothing_that_ends_is_sure() -> None:
    """An earlier life may have heard more than it could look at: that is looked at first."""
    tur = Author("tur")
    late_ms = T0 + FLASH_MS + MINUTE_MS // 2
    asked = [tur.says(Kind.NOTICE, notice(name, precedence=Precedence.FLASH), T0) for name in "AB"]
    dog, isr = started(*asked), Author("isr")
    hears(dog, isr.says(Kind.REPLY, reply("tur", 1), late_ms), late_ms)
    assert says(dog) == []
    assert [doubt.ref for doubt in dog._rules.doubts() or ()] == [("tur", 1)]
    dog._rules.catch_up(late_ms)
    hears(dog, isr.says(Kind.REPLY, reply("tur", 2), late_ms), late_ms)
    assert says(dog) == ["unanswered tur/2 WARNING", "unanswered tur/2 cleared"]


@pytest.mark.parametrize("is_sure", [True, False])
def test_what_ends_no_wait_is_no_end_while_it_looks_back_at_another(*, is_sure: bool) -> None:
    """A call about what was answered in writing leaves nothing in doubt."""
    tur, isr = Author("tur"), Author("isr")
    for name in "AB":
        tur.says(Kind.NOTICE, notice(name, precedence=Precedence.FLASH), T0)
    isr.says(Kind.REPLY, reply("tur", 2), T0)
    end = End(T0 + HOUR_MS, "answered ACCEPT", is_answer=True)
    dog = started(
        *tur.journal, *isr.journal, doubts=(Doubt(Ref("tur", 1), Wait(T0, None), (end,)),)
    )
    dog._rules.catch_up(T0)
    said = isr.says(Kind.VOICE, voice("tur", 2), T0)
    dog._rules.hear([Heard(said, dog.picture.fold(said))], T0, is_sure=is_sure)
    assert dog._rules.doubts() is None
    assert says(dog) == []


def test_what_ends_while_it_may_not_speak_is_only_noted() -> None:
    """It is said when it may; nobody is told of it now, and nothing is begun."""
    asked = Author("tur").says(Kind.NOTICE, FLASH, T0)
    dog = started(asked)
    answered = Author("isr").says(Kind.REPLY, reply("tur", 1), T0 + HOUR_MS)
    heard = Heard(answered, dog.picture.fold(answered))
    dog._rules.hear_ends([heard], T0 + HOUR_MS)
    assert says(dog) == []
    assert [doubt.ref for doubt in dog._rules.doubts() or ()] == [asked.ref]


def test_what_an_earlier_life_could_not_say_is_said_once() -> None:
    """Of a journal that has nonsense in it, and of a flight that was said too late."""
    tur = Author("tur")
    tur.says(Kind.CANCEL, cancel("NO-1"), T0)
    tur.says(Kind.NOTICE, notice(starts_ms=T0 + MINUTE_MS), T0)
    dog = started(*tur.journal)
    for _ in range(2):
        dog._rules.catch_up(T0)
        assert says(dog) == ["late_notice tur/2 WARNING", "invalid tur/1 WARNING"]


def test_what_an_earlier_life_could_not_say_is_said_in_turns(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """After an import it may be much; what ends before its turn comes is looked back at."""
    monkeypatch.setattr(portions, "MOST", 2)
    tur = Author("tur")
    for number in range(5):
        tur.says(Kind.NOTICE, notice(f"N-{number}", starts_ms=T0 + MINUTE_MS), T0)
    dog = started(*tur.journal)
    late = [f"late_notice tur/{seq} WARNING" for seq in range(1, 6)]
    dog._rules.catch_up(T0)
    assert says(dog) == late[:2]
    hears(dog, Author("isr").says(Kind.REPLY, reply("tur", 4)), T0)
    for _ in range(2):
        assert not dog._rules.has_caught_up
        dog._rules.catch_up(T0)
    assert says(dog) == [*late[:3], late[4]]
    dog._rules.judge(T0)
    assert says(dog)[4:] == [late[3], "late_notice tur/4 cleared"]


def test_nonsense_that_an_earlier_life_heard_is_flagged_in_turns(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """And once: what comes meanwhile is flagged at once, what was flagged is left alone."""
    monkeypatch.setattr(portions, "MOST", 2)
    tur = Author("tur")
    for number in range(6):
        tur.says(Kind.CANCEL, cancel(f"NO-{number}"), T0)
    us = Author("dog")
    for rule, seq in (Rule.INVALID, 1), (Rule.UNDELIVERED, 2):
        subject = Subject(station="tur", seq=seq)
        told = flag(detail="told before").model_copy(update={"rule": rule, "subject": subject})
        us.says(Kind.FLAG, told, T0)
    dog = started(*tur.journal[:5], *us.journal)
    flags = [f"invalid tur/{seq} WARNING" for seq in range(1, 7)]
    dog._rules.catch_up(T0)
    assert (says(dog), dog._rules.has_caught_up) == (flags[1:3], False)
    hears(dog, tur.journal[5], T0)
    for _ in range(2):
        dog._rules.catch_up(T0)
    assert (says(dog), dog._rules.has_caught_up) == ([*flags[1:3], flags[5], *flags[3:5]], True)


def test_what_was_delivered_in_an_earlier_life_is_cleared_in_turns(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An import may bring the answer to the last of many records."""
    monkeypatch.setattr(portions, "MOST", 2)
    tur, isr, dog = Author("tur"), Author("isr"), Author("dog")
    tur.notices(3)
    for seq in (1, 2, 3):
        subject = Subject(station="tur", seq=seq)
        late = flag().model_copy(update={"rule": Rule.UNDELIVERED, "subject": subject})
        dog.says(Kind.FLAG, late, T0)
    answer = isr.says(Kind.REPLY, reply("tur", 3), T0)
    machine = started(*tur.journal, *dog.journal, answer)
    cleared = [f"undelivered tur/{seq} cleared" for seq in (1, 2, 3)]
    for count, is_all in ((2, False), (3, True)):
        machine._rules.catch_up(T0)
        assert (says(machine), machine._rules.has_caught_up) == (cleared[:count], is_all)


def test_words_of_our_own_that_come_back_late_are_looked_at_too() -> None:
    """What stands flagged by them may be over; that was looked at before they came."""
    asked = Author("tur").says(Kind.NOTICE, notice(starts_ms=T0 + MINUTE_MS), T0)
    dog = started(asked, Author("isr").says(Kind.REPLY, reply("tur", 1), T0))
    dog._rules.catch_up(T0)
    late = flag(due=T0 - 9 * MINUTE_MS).model_copy(update={"rule": Rule.LATE_NOTICE})
    hears(dog, Author("dog").says(Kind.FLAG, late, T0), T0)
    assert says(dog) == []
    dog._rules.catch_up(T0)
    assert says(dog) == ["late_notice tur/1 cleared"]


def test_words_of_our_own_that_come_back_are_taken_up() -> None:
    """What stands flagged by them is not flagged again, and is cleared as any other."""
    asked = Author("tur").says(Kind.NOTICE, FLASH, T0)
    dog = started(asked)
    dog._rules.catch_up(T0)
    due_ms = T0 + FLASH_MS
    hears(dog, Author("dog").says(Kind.FLAG, flag(due=due_ms), due_ms), due_ms)
    dog._rules.catch_up(due_ms)
    dog._rules.hear([Acknowledged("isr", "tur", 0, 1)], due_ms, is_sure=True)
    assert [each for each in says(dog) if "unanswered" in each] == []
    hears(dog, Author("isr").says(Kind.REPLY, reply("tur", 1), due_ms + 9), due_ms + 9)
    assert says(dog)[-1] == "unanswered tur/1 cleared"


def test_the_end_of_what_our_own_words_flagged_is_looked_out_for() -> None:
    """What they say of a clock was seen by an earlier life: the next status that agrees ends it."""
    dog = started()
    skewed = Flag(
        rule=Rule.CLOCK_SKEW,
        subject=Subject(station="tur"),
        level=Level.WARNING,
        due=T0,
        detail="6 s",
    )
    hears(dog, Author("dog").says(Kind.FLAG, skewed, T0), T0)
    agrees = dog.peers.skews.hear("tur", T0, T0)
    assert agrees == ClockAgrees("tur")
    dog._rules.hear([agrees], T0, is_sure=True)
    assert says(dog) == ["clock_skew tur cleared"]


def test_who_is_back_before_he_is_expected_is_not_missed() -> None:
    """Nor after that time; while he is silent, what he declared makes a WARNING of it."""
    dog, isr = started(), Author("isr")
    hears(dog, isr.says(Kind.SUSPEND, Suspend(until=T0 + MINUTE_MS), T0), T0)
    dog._rules.hear([FellSilent("isr", "link lost")], T0 + 1, is_sure=True)
    dog._rules.hear([CameOnline("isr")], T0 + 2, is_sure=True)
    dog._rules.judge(T0 + 2 * MINUTE_MS)
    about_isr = [each for each in says(dog) if each.startswith("silent")]
    assert about_isr == ["silent isr WARNING", "silent isr cleared"]


def test_a_start_with_a_clock_that_is_behind_puts_nothing_off_when_it_is_set() -> None:
    """What was said later than it shows is due by its author's clock, before it hears a word."""
    dog = started(Author("tur").says(Kind.CHECK, check(), T0 + HOUR_MS))
    dog._rules.catch_up(T0)
    before_ms = dog._rules.next_ms()
    dog._rules.clock_jumped(HOUR_MS)
    assert dog._rules.next_ms() == before_ms


def test_deadlines_move_along_with_our_clock() -> None:
    """Put forward or back, it brings none nearer."""
    dog = started()
    hears(dog, Author("tur").says(Kind.CHECK, check(), T0), T0)
    before_ms = dog._rules.next_ms()
    assert before_ms == T0 + TIMERS.receipt_ms
    dog._rules.clock_jumped(HOUR_MS)
    assert dog._rules.next_ms() == before_ms + HOUR_MS
