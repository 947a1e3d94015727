"""Small deliberate bugs in how seldom words are treated."""

from dataclasses import replace
from typing import cast

import pytest

from hotline.bodies import Answer, Flag, Nonsense, Rule
from hotline.notice import FlightNotice
from hotline.picture import lifecycle, messages
from hotline.picture.declared import Suspension
from hotline.picture.lifecycle import MOVES, Answering, Asks
from hotline.picture.message import Message, Spoken, Wait
from hotline.picture.messages import Messages
from hotline.records import Record
from hotline.station.keeper import Keeper
from hotline.watchdog.board import Board
from hotline.watchdog.rules.silent import Silent
from tests.sim.deliberate import Real, instead_of

Patch = pytest.MonkeyPatch


def standbys_by_voice_are_not_heard(patch: Patch) -> None:
    """After a STANDBY by telephone, the old wait goes on."""
    real = Message.last_wait.fget  # type: ignore[attr-defined]

    def last_wait(self: Message) -> Wait:
        return cast("Wait", real(replace(self, voice=None)))

    patch.setattr(Message, "last_wait", property(last_wait))


def rejections_by_voice_are_not_heard(patch: Patch) -> None:
    """A message that was rejected by telephone still waits for its answer."""
    real = Spoken.outcome.fget  # type: ignore[attr-defined]

    def outcome(self: Spoken) -> Answering:
        return Answering.OPEN if self.answer is Answer.REJECT else cast("Answering", real(self))

    patch.setattr(Spoken, "outcome", property(outcome))


def promises_are_not_kept(patch: Patch) -> None:
    """A party that is not back when it promised is not missed."""
    patch.setattr(Silent, "_expect_back", lambda *_: None)


def silences_have_no_end(patch: Patch) -> None:
    """A silence that was declared until a time excuses checks until it is resumed."""
    patch.setattr(Suspension, "ends_ms", property(lambda self: self.resumed_ms))


@instead_of(Board, "raise_flag")
def nonsense_is_nothing(real: Real, self: Board, flag: Flag) -> object:
    """Nobody minds that a record makes no sense."""
    return flag.rule is not Rule.INVALID and real(self, flag)


@instead_of(Board, "_in_journal")
def nonsense_is_flagged_at_each_start(real: Real, self: Board) -> dict[str, Flag]:
    """A watchdog that is back flags records that make no sense again."""
    return {key: flag for key, flag in real(self).items() if flag.rule is not Rule.INVALID}


@instead_of(Keeper, "_keep")
def unread_records_are_dropped(real: Real, self: Keeper, record: Record) -> object:
    """A record that cannot be read is not stored."""
    changes = real(self, record)
    if isinstance(record.body, Nonsense):
        self.turn.appends.pop()
    return changes


@instead_of(Messages, "notice")
def revisions_need_no_order(
    real: Real, self: Messages, record: Record, body: FlightNotice
) -> object:
    """A notice may be revised whatever its number."""
    last = self.last_of(record.station, body.notice)
    revision = last.revision + 1 if last and last.revision else 1
    return real(self, record, body.model_copy(update={"revision": revision}))


def everything_may_be_answered(patch: Patch) -> None:
    """Any answer to any record settles it."""
    patch.setattr(messages, "ANSWERS", dict.fromkeys(Asks, tuple(Answer)))
    more = {(state, answer): to for (state, answer), to in MOVES.items() if state is Answering.OPEN}
    patch.setattr(lifecycle, "MOVES", MOVES | more)
