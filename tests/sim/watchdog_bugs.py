"""Small deliberate bugs in how a watchdog judges what is overdue."""

from dataclasses import replace
from typing import Any

import pytest

from hotline.bodies import Level, Rule, Subject
from hotline.journal import unjudged
from hotline.journal.shelf import Shelf
from hotline.journal.unjudged import Unjudged
from hotline.picture.lifecycle import Answering
from hotline.picture.message import Message, Wait
from hotline.station.copies import Copies
from hotline.station.receipts import Receipts
from hotline.timers import Timers
from hotline.watchdog import deadlines
from hotline.watchdog.agenda import Agenda, Deadline
from hotline.watchdog.board import Board
from hotline.watchdog.rulebook import Rulebook
from hotline.watchdog.rules import unanswered, undelivered
from hotline.watchdog.rules.unanswered import Unanswered
from hotline.watchdog.rules.undelivered import Undelivered
from hotline.watchdog.watchdog import Watchdog
from sim.swarm.plan import SECOND
from tests.sim.deliberate import Real, instead_of

Patch = pytest.MonkeyPatch


@instead_of(deadlines, "answer_due_ms")
def deadline_too_late(real: Real, *args: Any) -> object:
    """Deadlines count from some seconds after the record's `at`, as from an arrival."""
    due_ms = real(*args)
    return None if due_ms is None else due_ms + 3_000


@instead_of(Rulebook, "_judge_until")
def no_grace(real: Real, self: Rulebook, until_ms: int, now_ms: int) -> None:
    """A deadline is judged before what is on its way has had its grace."""
    real(self, until_ms + 900, now_ms)


@instead_of(Rulebook, "_judge_until")
def never_judged(_: Real, self: Rulebook, until_ms: int, __: int) -> None:
    """No deadline is ever judged."""
    while self._agenda.take(until_ms):
        pass


def no_escalation(patch: Patch) -> None:
    """A silence is flagged with its first level only."""
    patch.setattr(Agenda, "escalate", lambda *_: None)


def judges_while_behind(patch: Patch) -> None:
    """A watchdog judges though it knows that records are missing, which it is slow to ask for."""
    patch.setattr(Watchdog, "_may_judge", lambda *_: True)
    patch.setattr(Copies, "ask", lambda *_: iter(()))


@instead_of(Unanswered, "expect")
def standby_does_not_restart(real: Real, self: Unanswered, message: Message) -> None:
    """After a STANDBY no timer runs."""
    if message.answering is not Answering.STANDBY:
        real(self, message)


def flags_in_vain(patch: Patch) -> None:
    """A missing receipt is flagged although it came."""
    patch.setattr(Undelivered, "is_void", lambda *_: False)


def receipts_never_missed(patch: Patch) -> None:
    """Nobody waits for receipts."""
    patch.setattr(Undelivered, "expect", lambda *_: None)


@instead_of(undelivered, "receipt_dues")
def receipts_missed_too_late(real: Real, at_ms: int, timers: Timers) -> object:
    """A missing receipt is flagged some seconds after it must be."""
    return real(at_ms + 3_000, timers)


def clock_moves_deadlines(patch: Patch) -> None:
    """When a watchdog's clock is set, its deadlines stay where they were on it."""
    patch.setattr(Agenda, "shift", lambda *_: None)


@instead_of(Agenda, "escalate")
def clock_moves_later_levels(
    real: Real, self: Agenda, missed: Deadline, level: Level, due_ms: int
) -> None:
    """What was first overdue before a watchdog's clock was set becomes worse by the new time."""
    real(self, missed._replace(judge_ms=missed.due_ms), level, due_ms)


@instead_of(deadlines, "answer_due_ms")
def open_windows_wait(
    real: Real, message: Message, wait: Wait, level: Level, timers: Timers
) -> object:
    """A silence does not become worse when the flight's window opens."""
    never_ms = wait.since_ms + 10 * deadlines.allowed_ms(message, wait, timers)
    opens_later = replace(message, starts_ms=message.starts_ms and never_ms)
    return real(opens_later, wait, level, timers)


@instead_of(deadlines, "allowed_ms")
def the_lead_is_no_limit(real: Real, message: Message, wait: Wait, timers: Timers) -> object:
    """An officer has all the time of a flight's precedence, however soon it begins."""
    return real(replace(message, starts_ms=None), wait, timers)


@instead_of(Receipts, "save")
def receipts_are_forgotten(_: Real, self: Receipts) -> dict[str, int]:
    """Receipts are not stored, so a restarted watchdog does not know what was delivered."""
    self._unsaved_since_ms = None
    return {}


def answers_prove_no_delivery(patch: Patch) -> None:
    """A party that answers a record need not have it."""
    patch.setattr(Undelivered, "_prove", lambda *_: False)


def unconfirmed_is_forgotten(patch: Patch) -> None:
    """A start does not wait for the receipts of records from before it."""
    patch.setattr(Shelf, "envelopes_after", lambda *_: iter(()))


@instead_of(Watchdog, "_sees_all")
def slow_after_a_start(real: Real, self: Watchdog) -> object:
    """A watchdog that is back judges nothing for ten seconds."""
    reception = self.reception
    began_ms = reception.since_ms
    return began_ms is not None and reception._awake_ms >= began_ms + 10_000 and real(self)


@instead_of(Rulebook, "_judge_until")
def one_of_two_never_judges(real: Real, self: Rulebook, until_ms: int, now_ms: int) -> None:
    """Of two watchdogs only the first judges deadlines."""
    if self._station.name != SECOND:
        real(self, until_ms, now_ms)
    while self._agenda.take(until_ms):
        pass


@instead_of(Watchdog, "__init__")
def flags_two_ticks_late(real: Real, self: Watchdog, *given: Any, **more: Any) -> None:
    """A watchdog waits longer than the line's grace for records on their way."""
    real(self, *given, **more)
    longer = {"grace_ms": self.timers.grace_ms + 2_500}
    self.timers = self._rules._timers = self.timers.model_copy(update=longer)


def imports_are_not_judged(patch: Patch) -> None:
    """An import does not remember which waits it ends."""
    patch.setattr(unjudged, "end_of", lambda *_: None)


def imported_answers_prove_no_delivery(patch: Patch) -> None:
    """Nor which records are delivered, by the answers that come with it."""
    patch.setattr(unjudged, "Unjudged", lambda doubts, _: Unjudged(doubts))


def doubts_are_forgotten(patch: Patch) -> None:
    """What a watchdog was not sure of when it ended it does not know any more."""
    patch.setattr(Unanswered, "doubts", lambda _: None)


@instead_of(Board, "clear")
def lateness_is_untold(
    real: Real, self: Board, rule: Rule, subject: Subject, reason: str, *_: int | None
) -> None:
    """What clears a flag does not say how late the answer was."""
    real(self, rule, subject, reason)


def lateness_counts_from_the_message(patch: Patch) -> None:
    """How late an answer was counts from what it answers, and not from its deadline."""
    patch.setattr(unanswered, "first_due_ms", lambda _, wait, __: wait.since_ms)
