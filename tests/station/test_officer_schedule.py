"""Comm checks are said on a schedule."""

from hotline.bodies import Kind, kind_of
from hotline.station.officer import CommChecks, Nobody, Routine
from hotline.times import HOUR_MS, MINUTE_MS, SECOND_MS
from tests.crew import Stage, on_stage
from tests.helpers import T0, Author, check, folded

EVERY_MS = 20 * MINUTE_MS


def test_a_station_says_checks_on_its_schedule() -> None:
    """From the first on one each period; a turn that comes late shifts the next."""
    checks = CommChecks(Nobody(), EVERY_MS, T0, lambda _: False)
    assert checks.due_ms() == T0
    assert checks.say(T0 - 1) == []
    assert checks.say(T0 + 5) == [check()]
    assert checks.due_ms() == T0 + 5 + EVERY_MS


@on_stage
async def test_a_node_says_them(stage: Stage) -> None:
    """On its own clock, whether or not anything comes in; the other party's officer answers."""
    checks = CommChecks(Nobody(), EVERY_MS, T0 + EVERY_MS, lambda _: False)
    await stage.start("tur", checks)
    await stage.start("isr", Routine("Levi", SECOND_MS))
    await stage.start("dog")
    await stage.go(2 * EVERY_MS + MINUTE_MS)
    states = [m.state for m in stage.picture("dog").messages.values()]
    assert states == ["acknowledged", "acknowledged"]


def test_nothing_is_checked_while_a_channel_is_suspended() -> None:
    """The schedule goes on."""
    quiet = True
    checks = CommChecks(Nobody(), EVERY_MS, T0 + EVERY_MS, lambda _: quiet)
    assert checks.say(T0 + EVERY_MS) == []
    quiet = False
    assert checks.say(T0 + 2 * EVERY_MS) == [check()]


def test_the_officer_goes_on_answering() -> None:
    """He is shown what comes, and asked first."""
    officer = Routine("Levi", SECOND_MS)
    checks = CommChecks(officer, EVERY_MS, T0 + EVERY_MS, lambda _: False)
    picture, _ = folded([Author("tur").says(Kind.CHECK, check())])
    (message,) = picture.messages.values()
    checks.show(message, T0)
    assert checks.due_ms() == T0 + SECOND_MS
    assert [kind_of(body) for body in checks.say(T0 + SECOND_MS)] == [Kind.REPLY]


def test_a_clock_that_is_set_brings_no_check_nearer() -> None:
    """Neither the next one nor the officer's answer."""
    officer = Routine("Levi", SECOND_MS)
    checks = CommChecks(officer, EVERY_MS, T0 + EVERY_MS, lambda _: False)
    checks.clock_jumped(HOUR_MS)
    assert checks.due_ms() == T0 + EVERY_MS + HOUR_MS
    picture, _ = folded([Author("tur").says(Kind.CHECK, check())])
    (message,) = picture.messages.values()
    checks.show(message, T0)
    checks.clock_jumped(HOUR_MS)
    assert checks.due_ms() == T0 + SECOND_MS + HOUR_MS
