"""Small deliberate bugs in a watchdog's judgements and flags."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from hotline.bodies import Clear, Kind, Level, Rule, Subject
from hotline.journal.shelf import Shelf
from hotline.picture.declared import Suspension
from hotline.picture.flagged import Flagged
from hotline.picture.lifecycle import Answering
from hotline.picture.message import Message, Wait
from hotline.picture.picture import Picture
from hotline.station.copies import Copies
from hotline.station.receipts import Receipts
from hotline.timers import Timers
from hotline.watchdog import deadlines
from hotline.watchdog.agenda import Agenda
from hotline.watchdog.board import Board
from hotline.watchdog.flights import Flights
from hotline.watchdog.rulebook import Rulebook
from hotline.watchdog.rules import degraded, unanswered, undelivered
from hotline.watchdog.rules.blind import Blind
from hotline.watchdog.rules.clock_skew import ClockSkew
from hotline.watchdog.rules.degraded import Degraded
from hotline.watchdog.rules.late_notice import LateNotice
from hotline.watchdog.rules.silent import Silent
from hotline.watchdog.rules.unanswered import Unanswered
from hotline.watchdog.rules.undelivered import Undelivered
from hotline.watchdog.watchdog import Watchdog
from sim.swarm.plan import SECOND, WATCHDOGS

Patch = pytest.MonkeyPatch


def deadline_too_late(patch: Patch) -> None:
    """Deadlines count from some seconds after the record's `at`, as from an arrival."""
    real = deadlines.answer_due_ms

    def due_ms(*args: Any) -> int | None:
        due_ms = real(*args)
        return None if due_ms is None else due_ms + 3_000

    for module in (deadlines, unanswered):
        patch.setattr(module, "answer_due_ms", due_ms)


def no_grace(patch: Patch) -> None:
    """A deadline is judged before what is on its way has had its grace."""
    real = Rulebook._judge_until
    patch.setattr(
        Rulebook, "_judge_until", lambda self, until_ms, now_ms: real(self, until_ms + 900, now_ms)
    )


def never_judged(patch: Patch) -> None:
    """No deadline is ever judged."""

    def judge(self: Rulebook, until_ms: int, _: int) -> None:
        while self._agenda.take(until_ms):
            pass

    patch.setattr(Rulebook, "_judge_until", judge)


def no_escalation(patch: Patch) -> None:
    """A silence is flagged with its first level only."""
    patch.setattr(Agenda, "escalate", lambda *_: None)


def flag_again_after_restart(patch: Patch) -> None:
    """A restarted watchdog does not know which flags stand."""
    patch.setattr(Board, "_in_journal", lambda _: {})


def never_cleared(patch: Patch) -> None:
    """A flag stands for ever."""
    patch.setattr(Board, "clear", lambda *_, **__: None)


def judges_while_behind(patch: Patch) -> None:
    """A watchdog judges though it knows that records are missing, which it is slow to ask for."""
    patch.setattr(Watchdog, "_may_judge", lambda *_: True)
    patch.setattr(Copies, "ask", lambda *_: iter(()))


def standby_does_not_restart(patch: Patch) -> None:
    """After a STANDBY no timer runs."""
    real = Unanswered.expect

    def expect(self: Unanswered, message: Message) -> None:
        if message.answering is not Answering.STANDBY:
            real(self, message)

    patch.setattr(Unanswered, "expect", expect)


def flags_in_vain(patch: Patch) -> None:
    """A missing receipt is flagged although it came."""
    patch.setattr(Undelivered, "is_void", lambda *_: False)


def receipts_never_missed(patch: Patch) -> None:
    """Nobody waits for receipts."""
    patch.setattr(Undelivered, "expect", lambda *_: None)


def receipts_missed_too_late(patch: Patch) -> None:
    """A missing receipt is flagged some seconds after it must be."""
    real = deadlines.receipt_due_ms

    def due(at_ms: int, level: Level, timers: Timers) -> int | None:
        return real(at_ms + 3_000, level, timers)

    patch.setattr(undelivered, "receipt_due_ms", due)


def blindness_unsaid(patch: Patch) -> None:
    """A watchdog that cannot get records that it was told of does not say so."""
    patch.setattr(Blind, "tick", lambda *_: None)


def clock_moves_deadlines(patch: Patch) -> None:
    """When a watchdog's clock is set, its deadlines stay where they were on it."""
    patch.setattr(Agenda, "shift", lambda *_: None)


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


def open_windows_wait(patch: Patch) -> None:
    """A silence does not become worse when the flight's window opens."""
    real = deadlines.answer_due_ms

    def due_ms(message: Message, wait: Wait, level: Level, timers: Timers) -> int | None:
        allowed_ms = deadlines.allowed_ms(message, wait, timers)
        never_ms = wait.since_ms + 10 * allowed_ms
        opens_later = replace(message, starts_ms=message.starts_ms and never_ms)
        return real(opens_later, wait, level, timers)

    for module in (deadlines, unanswered):
        patch.setattr(module, "answer_due_ms", due_ms)


def the_lead_is_no_limit(patch: Patch) -> None:
    """An officer has all the time of a flight's precedence, however soon it begins."""

    def allowed_ms(message: Message, wait: Wait, timers: Timers) -> int:
        return real(replace(message, starts_ms=None), wait, timers)

    real = deadlines.allowed_ms
    patch.setattr(deadlines, "allowed_ms", allowed_ms)


def openings_untold(patch: Patch) -> None:
    """Nobody tells that a window opens."""
    patch.setattr(Flights, "_look_at", lambda *_: [])


def two_missed_checks_are_nothing(patch: Patch) -> None:
    """A channel is never degraded."""
    patch.setattr(degraded, "is_degraded", lambda *_: False)


def one_missed_check_degrades(patch: Patch) -> None:
    """A channel is degraded by the first check that is missed."""
    patch.setattr(degraded, "is_degraded", lambda *_: True)


def receipts_are_forgotten(patch: Patch) -> None:
    """Receipts are not stored, so a restarted watchdog does not know what was delivered."""

    def save(self: Receipts) -> dict[str, int]:
        self._unsaved_since_ms = None
        return {}

    patch.setattr(Receipts, "save", save)


def unconfirmed_is_forgotten(patch: Patch) -> None:
    """A start does not wait for the receipts of records from before it."""
    patch.setattr(Shelf, "envelopes_after", lambda *_: iter(()))


def slow_after_a_start(patch: Patch) -> None:
    """A watchdog that is back judges nothing for ten seconds."""
    real = Watchdog._sees_all

    def sees_all(self: Watchdog) -> bool:
        reception = self.reception
        began_ms = reception.since_ms
        return began_ms is not None and reception._awake_ms >= began_ms + 10_000 and real(self)

    patch.setattr(Watchdog, "_sees_all", sees_all)


def boards_are_believed(patch: Patch) -> None:
    """An entry that somebody else has put on a watchdog's board stays there."""
    patch.setattr(Board, "found", lambda *_: None)


def one_of_two_never_judges(patch: Patch) -> None:
    """Of two watchdogs only the first judges deadlines."""
    real = Rulebook._judge_until

    def judge(self: Rulebook, until_ms: int, now_ms: int) -> None:
        if self._station.name != SECOND:
            real(self, until_ms, now_ms)
        while self._agenda.take(until_ms):
            pass

    patch.setattr(Rulebook, "_judge_until", judge)


def dead_watchdogs_unseen(patch: Patch) -> None:
    """Watchdogs watch parties, and not one another."""
    real = Silent.fell

    def fell(self: Silent, station: str, reason: str, now_ms: int) -> None:
        if station not in WATCHDOGS:
            real(self, station, reason, now_ms)

    patch.setattr(Silent, "fell", fell)


def flags_are_seen_twice(patch: Patch) -> None:
    """A flag that two watchdogs raise is shown as two flags."""
    patch.setattr(Flagged, "seen", Flagged.entries)


def flags_two_ticks_late(patch: Patch) -> None:
    """A watchdog waits longer than the line's grace for records on their way."""
    real = Watchdog.__init__

    def init(self: Watchdog, *given: Any, **more: Any) -> None:
        real(self, *given, **more)
        longer = {"grace_ms": self.timers.grace_ms + 2_500}
        self.timers = self._rules._timers = self.timers.model_copy(update=longer)

    patch.setattr(Watchdog, "__init__", init)


def late_notices_flagged_late(patch: Patch) -> None:
    """A watchdog thinks for two ticks about a late notice."""
    real = LateNotice.said

    def said(self: LateNotice, message: Message) -> None:
        asyncio.get_running_loop().call_later(2.5, real, self, message)

    patch.setattr(LateNotice, "said", said)


def clears_in_vain(patch: Patch) -> None:
    """A flag is cleared whether it stands or not."""
    real = Board.clear

    def clear(self: Board, rule: Rule, subject: Subject, reason: str, *late_ms: int | None) -> None:
        if not self.standing(rule, subject):
            self._station.say(Kind.CLEAR, Clear(rule=rule, subject=subject, reason=reason))
        real(self, rule, subject, reason, *late_ms)

    patch.setattr(Board, "clear", clear)


def blindness_said_once(patch: Patch) -> None:
    """A watchdog that has been blind once in its life does not say so again."""
    real = Blind.tick

    def tick(self: Blind, now_ms: int) -> None:
        says_so = any(self._board.standing(Rule.BLIND, it) for it in self._parties.values())
        if says_so or "has_said" not in vars(self):
            real(self, now_ms)
        else:
            self._behind_since_ms.clear()
        if says_so:
            vars(self)["has_said"] = True

    patch.setattr(Blind, "tick", tick)


def clocks_differ_for_ever(patch: Patch) -> None:
    """A clock that is right again stays flagged."""
    patch.setattr(ClockSkew, "agrees", lambda *_: None)


def channels_are_never_mended(patch: Patch) -> None:
    """A degraded channel stays so whatever is answered on it."""
    patch.setattr(Degraded, "_mend", lambda *_: None)


def silences_mend_no_channel(patch: Patch) -> None:
    """A channel stays degraded though its party has suspended it."""
    patch.setattr(Degraded, "suspended", lambda *_: None)


def doubts_are_forgotten(patch: Patch) -> None:
    """What a watchdog was not sure of when it ended it does not know any more."""
    patch.setattr(Unanswered, "doubts", lambda _: None)
