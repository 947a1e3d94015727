"""Small deliberate bugs in what a watchdog flags besides, and in how long its flags stand."""

import asyncio
from typing import Any

import pytest

from hotline.bodies import Clear, Rule, Subject
from hotline.picture.declared import Suspension
from hotline.picture.flagged import Flagged
from hotline.picture.picture import Picture
from hotline.watchdog.board import Board
from hotline.watchdog.flights import Flights
from hotline.watchdog.rules import degraded
from hotline.watchdog.rules.blind import Blind
from hotline.watchdog.rules.clock_skew import ClockSkew
from hotline.watchdog.rules.degraded import Degraded
from hotline.watchdog.rules.late_notice import LateNotice
from hotline.watchdog.rules.silent import Silent
from sim.swarm.plan import WATCHDOGS
from tests.sim.deliberate import Real, instead_of

Patch = pytest.MonkeyPatch


def flag_again_after_restart(patch: Patch) -> None:
    """A restarted watchdog does not know which flags stand."""
    patch.setattr(Board, "_in_journal", lambda _: {})


def never_cleared(patch: Patch) -> None:
    """A flag stands for ever."""
    patch.setattr(Board, "clear", lambda *_, **__: None)


def blindness_unsaid(patch: Patch) -> None:
    """A watchdog that cannot get records that it was told of does not say so."""
    patch.setattr(Blind, "tick", lambda *_: None)


def silences_are_not_believed(patch: Patch) -> None:
    """A declared silence is an alarm like any other."""
    patch.setattr(Silent, "_declared", lambda *_: None)


def checks_are_missed_in_a_silence(patch: Patch) -> None:
    """A party that has suspended its channel is expected to answer comm checks."""
    patch.setattr(Picture, "is_excused", lambda *_: False)


def resumptions_are_not_heard(patch: Patch) -> None:
    """A silence that was declared once excuses every later one."""
    patch.setattr(Suspension, "stands", lambda *_: True)


def late_notices_unflagged(patch: Patch) -> None:
    """Nobody minds that a notice comes too late."""
    patch.setattr(LateNotice, "said", lambda *_: None)


def late_notices_stand(patch: Patch) -> None:
    """A late notice stays flagged, whatever the answer is."""
    patch.setattr(LateNotice, "settled", lambda *_: None)


def openings_untold(patch: Patch) -> None:
    """Nobody tells that a window opens."""
    patch.setattr(Flights, "_look_at", lambda *_: [])


def two_missed_checks_are_nothing(patch: Patch) -> None:
    """A channel is never degraded."""
    patch.setattr(degraded, "is_degraded", lambda *_: False)


def one_missed_check_degrades(patch: Patch) -> None:
    """A channel is degraded by the first check that is missed."""
    patch.setattr(degraded, "is_degraded", lambda *_: True)


def boards_are_believed(patch: Patch) -> None:
    """An entry that somebody else has put on a watchdog's board stays there."""
    patch.setattr(Board, "found", lambda *_: None)


@instead_of(Silent, "fell")
def dead_watchdogs_unseen(real: Real, self: Silent, station: str, *args: Any) -> None:
    """Watchdogs watch parties, and not one another."""
    if station not in WATCHDOGS:
        real(self, station, *args)


def flags_are_seen_twice(patch: Patch) -> None:
    """A flag that two watchdogs raise is shown as two flags."""
    patch.setattr(Flagged, "seen", Flagged.entries)


@instead_of(LateNotice, "said")
def late_notices_flagged_late(real: Real, *args: Any) -> None:
    """A watchdog thinks for two ticks about a late notice."""
    asyncio.get_running_loop().call_later(2.5, real, *args)


@instead_of(Board, "clear")
def clears_in_vain(
    real: Real, self: Board, rule: Rule, subject: Subject, reason: str, *late_ms: int | None
) -> None:
    """A flag is cleared whether it stands or not."""
    if rule is not Rule.BLIND and not self.standing(rule, subject):  # that one asks with each turn
        self._station.say(Clear(rule=rule, subject=subject, reason=reason))
    real(self, rule, subject, reason, *late_ms)


@instead_of(Blind, "tick")
def blindness_said_once(real: Real, self: Blind, now_ms: int) -> None:
    """A watchdog that has been blind once in its life does not say so again."""
    says_so = any(self._board.standing(Rule.BLIND, it) for it in self._parties.values())
    if says_so or "has_said" not in vars(self):
        real(self, now_ms)
    else:
        self._behind_since_ms.clear()
    if says_so:
        vars(self)["has_said"] = True


def clocks_differ_for_ever(patch: Patch) -> None:
    """A clock that is right again stays flagged."""
    patch.setattr(ClockSkew, "agrees", lambda *_: None)


def channels_are_never_mended(patch: Patch) -> None:
    """A degraded channel stays so whatever is answered on it."""
    patch.setattr(Degraded, "_mend", lambda *_: None)


def silences_mend_no_channel(patch: Patch) -> None:
    """A channel stays degraded though its party has suspended it."""
    patch.setattr(Degraded, "suspended", lambda *_: None)


def old_answers_mend_channels(patch: Patch) -> None:
    """An answer from before a channel was degraded mends it."""
    patch.setattr(
        Board, "stands_since", lambda self, rule, subject, _: self.standing(rule, subject)
    )


@instead_of(Silent, "suspended")
def who_has_suspended_is_not_gone(real: Real, self: Silent, *args: object) -> None:
    """A silence that is heard of late ends its alarm, and is no warning then."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Silent, "fell", lambda *_: None)
        real(self, *args)
