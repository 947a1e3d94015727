"""Small deliberate bugs in what a watchdog makes good that it could not see, or could not say."""

import pytest

from hotline.status import GOODBYE
from hotline.watchdog.board import Board
from hotline.watchdog.rules import silent
from hotline.watchdog.rules.clock_skew import ClockSkew
from hotline.watchdog.rules.fork import Fork
from hotline.watchdog.rules.late_notice import LateNotice
from hotline.watchdog.rules.silent import Silent
from hotline.watchdog.rules.unanswered import Unanswered
from hotline.watchdog.watchdog import Watchdog
from tests.sim.deliberate import Real, instead_of

Patch = pytest.MonkeyPatch


@instead_of(Watchdog, "_may_judge")
def no_grace_at_a_return(_: Real, self: Watchdog, __: int) -> bool:
    """A watchdog that hears the line again judges at once what is overdue."""
    return self.reception.reads_since_ms is not None and self._sees_all()


def clocks_flagged_before_a_start_stay_so(patch: Patch) -> None:
    """Whose clock a watchdog has flagged in an earlier life, it does not look at again."""
    patch.setattr(ClockSkew, "recheck", lambda *_: None)


def twins_flagged_before_a_start_stay_so(patch: Patch) -> None:
    """Nor at a name that two spoke under."""
    patch.setattr(Fork, "recheck", lambda *_: None)


def resumed_and_gone_is_excused(patch: Patch) -> None:
    """Who is gone stays excused when it is heard late that he has resumed."""
    patch.setattr(Silent, "resumed", lambda *_: None)


def resumed_and_asked_is_excused(patch: Patch) -> None:
    """And so does he who was asked before that was heard."""
    patch.setattr(Unanswered, "_resumed", lambda *_: None)


def late_notices_heard_speechless_are_forgotten(patch: Patch) -> None:
    """A late notice that was heard before a watchdog might speak, its next life does not flag."""
    patch.setattr(LateNotice, "catch_up", lambda _: True)


def silences_declared_to_the_speechless_are_forgotten(patch: Patch) -> None:
    """Nor does it explain a silence that was declared then."""
    patch.setattr(Silent, "catch_up", lambda *_: None)


@instead_of(Silent, "_excuse")
def excused_checks_stay_flagged(_: Real, self: Silent, party: str, at_ms: int) -> None:
    """A check that was missed before its silence was declared is never cleared."""
    self._degraded.suspended(party, at_ms)


def boards_stay_as_a_break_left_them(patch: Patch) -> None:
    """What a watchdog could not put up while its link was broken it does not put up later."""
    patch.setattr(Board, "post_all", lambda _: None)


def goodbyes_are_alarms(patch: Patch) -> None:
    """Who leaves in order is called vanished."""
    patch.setattr(silent, "GOODBYE", "farewell")


@instead_of(Silent, "fell")
def goodbyes_are_nothing(real: Real, self: Silent, station: str, reason: str, now_ms: int) -> None:
    """Who leaves in order is not flagged at all."""
    if reason != GOODBYE:
        real(self, station, reason, now_ms)


@instead_of(Silent, "fell")
def who_vanishes_has_left(real: Real, self: Silent, station: str, _: str, now_ms: int) -> None:
    """Who vanishes is called gone in order."""
    real(self, station, GOODBYE, now_ms)
