"""Records that make no sense: each is flagged, and stops nothing."""

import pytest

from hotline.bodies import Answer, Kind, Rule
from hotline.records import decode
from hotline.station.turn import Incoming
from hotline.times import HOUR_MS
from hotline.watchdog.board import Board
from hotline.watchdog.rules.invalid import Invalid
from tests.helpers import (
    LINE,
    T0,
    TIMERS,
    Author,
    cancel,
    changed,
    check,
    notice,
    records,
    reply,
)
from tests.machines import machine_of
from tests.watch import Watch

WRONG = "remarks: Input should be a valid string"


def test_a_record_that_makes_no_sense_is_flagged_once(wire: Watch) -> None:
    """The flag says which record and why; it is stored all the same and stops nothing."""
    wire.say("isr", reply("tur", 9))
    wire.say("isr", reply("isr", 1))
    wire.say("isr", cancel("NO-1"))
    wire.go(HOUR_MS)
    assert wire.flags() == ["invalid isr/2 WARNING", "invalid isr/3 WARNING"]
    assert wire.last_flag().detail == "record isr/3: cancels_nothing"
    assert len(wire.seats["dog"].journal("isr")) == 3


def test_what_is_wrong_with_a_body_is_said(wire: Watch) -> None:
    """The code alone would not tell its author which field he has to mend."""
    said = Author("isr").says(Kind.CHECK, check(), wire.now_ms)
    for name in ("tur", "dog"):
        wire.hear(name, Incoming(records(said).topic, changed(said.raw, body={"remarks": 7})))
    wire.settle()
    assert wire.last_flag().detail == f"record isr/1: bad_body ({WRONG})"


def test_what_is_wrong_with_a_body_is_said_after_a_start_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """From the record on disk, which has been read before."""
    said = Author("isr").says(Kind.CHECK, check())
    record = decode(changed(said.raw, body={"remarks": 7}))
    dog = machine_of(LINE, "dog", TIMERS, [record])
    monkeypatch.setattr(dog, "record_of", {record.ref: record}.get)
    rule = Invalid(dog, board := Board(dog))
    rule.catch_up(T0)
    (flag,) = board.flags(Rule.INVALID)
    assert flag.detail == f"record isr/1: bad_body ({WRONG})"


def test_a_second_answer_is_invalid_and_the_first_one_holds(wire: Watch) -> None:
    """Two answers to one question are one too many; nobody is owed a third."""
    wire.say("tur", notice())
    wire.settle()
    wire.say("isr", reply("tur", 1, Answer.ACCEPT))
    wire.say("isr", reply("tur", 1, Answer.REJECT))
    wire.go(24 * HOUR_MS)
    assert wire.flags() == ["invalid isr/2 WARNING"]
