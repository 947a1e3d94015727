"""Records that make no sense: each is flagged, and stops nothing."""

from hotline.bodies import Answer
from hotline.times import HOUR_MS
from tests.helpers import cancel, notice, reply
from tests.watch import Watch


def test_a_record_that_makes_no_sense_is_flagged_once(wire: Watch) -> None:
    """The flag says which record and why; it is stored all the same and stops nothing."""
    wire.say("isr", reply("tur", 9))
    wire.say("isr", reply("isr", 1))
    wire.say("isr", cancel("NO-1"))
    wire.go(HOUR_MS)
    assert wire.flags() == ["invalid isr/2 WARNING", "invalid isr/3 WARNING"]
    assert wire.last_flag().detail == "record isr/3: cancels_nothing"
    assert len(wire.seats["dog"].journal("isr")) == 3


def test_a_second_answer_is_invalid_and_the_first_one_holds(wire: Watch) -> None:
    """Two answers to one question are one too many; nobody is owed a third."""
    wire.say("tur", notice())
    wire.settle()
    wire.say("isr", reply("tur", 1, Answer.ACCEPT))
    wire.say("isr", reply("tur", 1, Answer.REJECT))
    wire.go(24 * HOUR_MS)
    assert wire.flags() == ["invalid isr/2 WARNING"]
