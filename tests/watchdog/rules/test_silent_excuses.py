"""What a declared silence excuses: comm checks, and never a notice."""

import pytest

from hotline.bodies import Answer, Resume, Subject, Suspend
from hotline.picture.message import Message
from hotline.picture.picture import Picture
from hotline.times import MINUTE_MS
from tests.helpers import FLASH, check, flag, reply
from tests.watch import FLASH_MS, GRACE_MS, TIMERS, Watch, declare

CHECK_MS = TIMERS.answer_check_ms


def test_a_return_that_is_heard_late_excuses_no_check_since(wire: Watch) -> None:
    """The watchdog took it for excused, and dropped its deadline."""
    declare(wire, Suspend())
    with wire.losing(sender="isr"):
        wire.say("isr", Resume())
        wire.go(MINUTE_MS)
        said = wire.say("tur", check())
        wire.go(2 * CHECK_MS)
        assert f"unanswered {said.ref} WARNING" not in wire.flags()
    wire.go_to(said.at_ms + 4 * CHECK_MS)
    assert f"unanswered {said.ref} WARNING" in wire.flags()
    assert f"unanswered {said.ref} VOICE_REQUIRED" in wire.flags()


def test_what_was_excused_is_looked_at_once_however_often_a_party_resumes(
    wire: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A party that suspends and resumes all the time does not keep the watchdog from its work."""
    looks: list[str] = []
    look = Picture.waiting_for

    def counted(picture: Picture, party: str) -> list[Message]:
        looks.append(party)
        return look(picture, party)

    with wire.losing(sender="isr"):
        for _ in range(20):
            wire.say("isr", Suspend())
            wire.say("isr", Resume())
        said = wire.say("tur", check())
    monkeypatch.setattr(Picture, "waiting_for", counted)
    wire.go(MINUTE_MS)
    assert looks == ["isr"]
    wire.go_to(said.at_ms + 2 * CHECK_MS)
    assert f"unanswered {said.ref} WARNING" in wire.flags()


def test_comm_checks_to_who_has_suspended_are_not_missed(wire: Watch) -> None:
    """Neither one that waited when he said so, nor one that comes while he is away."""
    wire.say("tur", check())
    wire.go(MINUTE_MS)
    wire.say("isr", Suspend())
    wire.say("tur", check())
    wire.go(CHECK_MS * 3)
    assert wire.flags() == [
        "unanswered isr/1 WARNING",
        "unanswered isr/1 ALARM",
        "unanswered isr/1 VOICE_REQUIRED",
    ]
    wire.say("isr", reply("tur", 1, Answer.ROGER))
    wire.settle()
    assert len(wire.flags()) == 3, "a late answer to it was not late"


def test_a_late_answer_to_a_check_that_was_excused_was_not_late(wire: Watch) -> None:
    """Also when the party has long resumed."""
    wire.say("tur", check())
    wire.go(MINUTE_MS)
    declare(wire, Suspend())
    declare(wire, Resume())
    wire.go(3 * CHECK_MS)
    wire.say("isr", reply("tur", 1, Answer.ROGER))
    wire.settle()
    assert wire.missed() == []


def test_a_check_excused_by_a_clock_that_is_ahead_is_not_flagged_later(wire: Watch) -> None:
    """He suspended before it was judged, and by his clock's word just after it."""
    wire.say("tur", check())
    wire.go(CHECK_MS + GRACE_MS - 1)
    wire.now_ms += TIMERS.clock_skew_ms
    wire.say("isr", Suspend())
    wire.say("isr", Resume())
    wire.now_ms -= TIMERS.clock_skew_ms
    wire.go(3 * CHECK_MS)
    wire.say("isr", reply("tur", 1, Answer.ROGER))
    wire.settle()
    assert wire.missed() == []


def test_a_silence_that_still_stands_excuses_what_was_not_seen_before_it(wire: Watch) -> None:
    """As it excuses what still waits: no check is called missed while nobody is there."""
    for _ in range(2):
        wire.say("tur", check())
    wire.say("tur", FLASH)
    wire.settle()
    wire.cut("dog")
    wire.go(CHECK_MS + MINUTE_MS)
    wire.say("isr", Suspend())
    for seq in (1, 3):
        wire.say("isr", reply("tur", seq, Answer.ROGER if seq == 1 else Answer.ACCEPT))
    wire.link("dog")
    wire.go(MINUTE_MS)
    assert wire.is_whole()
    assert {flag.split()[1] for flag in wire.flags()} == {"tur/3"}, "a notice is never excused"


def test_a_check_that_stands_flagged_is_cleared_when_its_silence_is_declared(wire: Watch) -> None:
    """It grows no worse, and stays so after he has resumed."""
    wire.say("tur", check())
    wire.go(CHECK_MS + GRACE_MS)
    assert wire.flags() == ["unanswered tur/1 WARNING"]
    declare(wire, Suspend())
    assert wire.last_clear().reason == "isr has suspended"
    declare(wire, Resume())
    wire.go(CHECK_MS * 3)
    assert wire.flags() == ["unanswered tur/1 WARNING", "unanswered tur/1 cleared"]


def test_a_flag_that_names_no_message_stops_no_watchdog(wire: Watch) -> None:
    """Somebody has typed it in its name: what is excused is asked of messages only."""
    for subject in (Subject(station="tur"), Subject(station="tur", seq=7)):
        wire.say("dog", flag().model_copy(update={"subject": subject}))
    wire.settle()
    wire.restart("dog", MINUTE_MS)
    before = wire.flags()
    declare(wire, Suspend())
    assert wire.flags() == before


def test_checks_after_the_declared_end_are_missed_again(wire: Watch) -> None:
    """By his own word he should be back."""
    declare(wire, Suspend(until=wire.now_ms + MINUTE_MS))
    wire.go(2 * MINUTE_MS)
    said = wire.say("tur", check())
    wire.go_to(said.at_ms + CHECK_MS + GRACE_MS)
    assert wire.flags() == [f"unanswered tur/{said.seq} WARNING"]


def test_a_notice_to_who_has_suspended_must_be_answered_all_the_same(wire: Watch) -> None:
    """Who said it needs to know whether it is safe to fly."""
    declare(wire, Suspend())
    said = wire.say("tur", FLASH)
    wire.expect(said.at_ms + FLASH_MS + GRACE_MS, f"unanswered tur/{said.seq} WARNING")
