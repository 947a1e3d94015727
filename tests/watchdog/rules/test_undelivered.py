"""A missing receipt: when it is flagged, and what proves that it is none."""

import pytest

from hotline.bodies import Answer, Flag, Handover, Kind, Level, Rule, Subject
from hotline.station.turn import Publish
from hotline.times import HOUR_MS, MINUTE_MS, SECOND_MS
from tests.crew import Stage, on_stage
from tests.helpers import T0, Author, changed, check, notice, records, reply
from tests.watch import GRACE_MS, TIMERS, Watch


def test_a_missing_receipt_is_flagged_with_two_levels(wire: Watch) -> None:
    """WARNING after five seconds, ALARM after forty, and cleared by the receipt."""
    with wire.losing(reader="isr"):
        said = wire.say("tur", notice())
        wire.expect(said.at_ms + TIMERS.receipt_ms + GRACE_MS, "undelivered tur/1 WARNING")
        assert wire.last_flag().detail == "TUR-014 rev 1: no receipt from isr after 5s"
        wire.go_to(said.at_ms + TIMERS.receipt_alarm_ms + GRACE_MS - 1)
        assert "undelivered tur/1 ALARM" not in wire.flags()
        wire.go(1)
        assert "undelivered tur/1 ALARM" in wire.flags()
        assert wire.board() == {"undelivered-tur-1"}
    wire.go(TIMERS.heartbeat_ms + SECOND_MS)
    assert wire.flags()[-1] == "undelivered tur/1 cleared"
    assert wire.board() == set()
    assert wire.last_clear().reason == "delivered"


def test_replies_want_a_receipt_too(wire: Watch) -> None:
    """An answer that did not reach the one who asked is as bad as a lost question."""
    wire.say("tur", notice())
    wire.go(SECOND_MS)
    with wire.losing(reader="tur"):
        wire.say("isr", reply("tur", 1))
        wire.go(TIMERS.receipt_ms + GRACE_MS)
    assert wire.flags() == ["undelivered isr/1 WARNING"]
    assert wire.last_flag().detail == "reply isr/1: no receipt from tur after 5s"


def test_one_receipt_clears_all_that_it_covers(wire: Watch) -> None:
    """Receipts are cumulative: many flags end with one status."""
    with wire.losing(reader="isr", channel="records"):
        for number in range(3):
            wire.say("tur", notice(f"N-{number}"))
        with wire.losing(reader="isr"):
            wire.go(TIMERS.receipt_ms + GRACE_MS)
    assert wire.board() == {f"undelivered-tur-{seq}" for seq in (1, 2, 3)}
    wire.go(TIMERS.heartbeat_ms + SECOND_MS)
    assert wire.board() == set()


def test_an_answer_proves_that_its_question_was_delivered(wire: Watch) -> None:
    """Who answers a record has it and all before it, even if no receipt of his ever came."""
    with wire.losing(reader="isr"):
        wire.say("tur", check())
        wire.say("tur", check())
        wire.go(TIMERS.receipt_ms + GRACE_MS)
    assert wire.board() == {"undelivered-tur-1", "undelivered-tur-2"}
    with wire.losing(sender="isr", reader="dog", channel="status"):
        wire.say("isr", reply("tur", 2, Answer.ROGER))
        wire.settle()
    assert wire.board() == set()
    assert wire.flags()[-2:] == ["undelivered tur/1 cleared", "undelivered tur/2 cleared"]


def test_what_was_answered_at_once_is_not_called_undelivered(wire: Watch) -> None:
    """A person who types his answers by hand sends no receipts, and needs none."""
    wire.stop("isr")
    isr, said_ms = Author("isr"), wire.now_ms
    for _ in range(2):
        wire.say("tur", check())
    for seq in (2, 1):  # in the order that he likes
        isr.says(Kind.REPLY, reply("tur", seq, Answer.ROGER), said_ms + 1)
    wire.hear("dog", records(*isr.journal))
    wire.go(HOUR_MS)
    assert [flag for flag in wire.flags() if flag.startswith("undelivered tur")] == []


@on_stage
async def test_what_was_answered_is_not_called_undelivered_after_a_restart(stage: Stage) -> None:
    """The answer is on disk and proves it, though no receipt was ever heard of its writer."""
    typed = Author("isr").says(Kind.REPLY, reply("tur", 1, Answer.ROGER), T0 + 61_000)
    await stage.start("tur")
    await stage.start("dog")
    await stage.go(MINUTE_MS)  # nobody waits for isr any more
    stage.say("tur", check())
    await stage.go(SECOND_MS)
    stage.broker.route(Publish(records(typed).topic, typed.raw))
    await stage.go(SECOND_MS)
    await stage.crash("dog")
    await stage.start("dog")
    await stage.go(HOUR_MS)
    assert {entry.flag.key for entry in stage.picture("dog").flags} == {"silent-isr"}


@pytest.mark.parametrize("away_ms", [SECOND_MS, MINUTE_MS])
@on_stage
async def test_a_start_waits_for_the_receipts_that_did_not_come_before(
    stage: Stage, away_ms: int
) -> None:
    """Whether they became due meanwhile or become so later."""
    await stage.start_all()
    await stage.go(SECOND_MS)
    await stage.crash("isr")
    stage.say("tur", Handover(officer="Maj. Demir"))
    await stage.go(SECOND_MS)
    await stage.crash("dog")
    await stage.go(away_ms)
    await stage.start("dog")
    await stage.go(2 * MINUTE_MS)
    flags = [entry.flag for entry in stage.picture("dog").flags]
    flags = [flag for flag in flags if flag.key == "undelivered-tur-1"]
    told = [(flag.level, flag.detail.partition(":")[0]) for flag in flags]
    assert told == [("WARNING", "handover tur/1"), ("ALARM", "handover tur/1")]


def test_a_record_of_a_kind_that_nobody_knows_is_called_a_record(wire: Watch) -> None:
    """Whatever its kind is: it may be too long for a flag."""
    said = Author("tur").says(Kind.CHECK, check(), wire.now_ms)
    wire.hear("dog", records(said._replace(raw=changed(said.raw, kind="k" * 3_000))))
    with wire.losing(reader="isr"):
        wire.go(TIMERS.receipt_ms + GRACE_MS)
    assert wire.last_flag().detail == "record tur/1: no receipt from isr after 5s"


def test_a_clear_that_comes_back_with_our_own_words_is_not_said_again(wire: Watch) -> None:
    """On a disk with the answer, but without our last words, what stands flagged may be cleared."""
    with wire.losing(reader="isr"):
        wire.say("tur", check())
        wire.go(TIMERS.receipt_ms + GRACE_MS)
    wire.say("isr", reply("tur", 1, Answer.ROGER))
    wire.settle()
    wire.crash("dog")
    dog = wire.seats["dog"]
    assert wire.flags() == (said := ["undelivered tur/1 WARNING", "undelivered tur/1 cleared"])
    dog.disk = [record for record in dog.disk if record.ref != ("dog", 2)]
    wire.start("dog")
    wire.go(MINUTE_MS)
    assert wire.flags() == said
    assert wire.machine("dog").picture.invalid == {}


def test_a_flag_that_names_no_record_stops_no_watchdog(wire: Watch) -> None:
    """Somebody has typed it in its name, beside one that does: it starts, and flags as ever."""
    for about in ("tur", 7), ("tur", None), ("dog", 7):
        subject = Subject(station=about[0], seq=about[1])
        typed = Flag(
            rule=Rule.UNDELIVERED, subject=subject, level=Level.WARNING, due=T0, detail="typed"
        )
        wire.say("dog", typed)
    wire.settle()
    wire.restart("dog")
    wire.settle()
    with wire.losing(reader="isr"):
        wire.say("tur", check())
        wire.go(TIMERS.receipt_ms + GRACE_MS)
    assert wire.flags()[-1] == "undelivered tur/1 WARNING"
