"""Small deliberate bugs in how seldom words are treated."""

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

import pytest

from hotline.bodies import Answer, Flag, Nonsense, Rule
from hotline.notice import FlightNotice
from hotline.picture import lifecycle, messages
from hotline.picture.changes import Change
from hotline.picture.declared import Suspension
from hotline.picture.lifecycle import MOVES, Answering, Asks
from hotline.picture.message import Message, Spoken, Wait
from hotline.picture.messages import Messages
from hotline.records import Record
from hotline.station.keeper import Keeper
from hotline.watchdog.board import Board
from hotline.watchdog.rules.silent import Silent

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


def nonsense_is_nothing(patch: Patch) -> None:
    """Nobody minds that a record makes no sense."""
    real = Board.raise_flag
    patch.setattr(
        Board,
        "raise_flag",
        lambda self, flag: flag.rule is not Rule.INVALID and real(self, flag),
    )


def nonsense_is_flagged_at_each_start(patch: Patch) -> None:
    """A watchdog that is back flags records that make no sense again."""
    real = Board._in_journal

    def in_journal(self: Board) -> dict[str, Flag]:
        return {key: flag for key, flag in real(self).items() if flag.rule is not Rule.INVALID}

    patch.setattr(Board, "_in_journal", in_journal)


def unread_records_are_dropped(patch: Patch) -> None:
    """A record that cannot be read is not stored."""
    real = Keeper._keep

    def keep(self: Keeper, record: Record) -> Sequence[Change]:
        changes = real(self, record)
        if isinstance(record.body, Nonsense):
            self.turn.appends.pop()
        return changes

    patch.setattr(Keeper, "_keep", keep)


def revisions_need_no_order(patch: Patch) -> None:
    """A notice may be revised whatever its number."""
    real = Messages.notice

    def notice(self: Messages, record: Record, body: FlightNotice) -> list[Change]:
        last = self.last_of(record.station, body.notice)
        revision = last.revision + 1 if last and last.revision else 1
        return real(self, record, body.model_copy(update={"revision": revision}))

    patch.setattr(Messages, "notice", notice)


def everything_may_be_answered(patch: Patch) -> None:
    """Any answer to any record settles it."""
    patch.setattr(messages, "ANSWERS", dict.fromkeys(Asks, tuple(Answer)))
    more = {(state, answer): to for (state, answer), to in MOVES.items() if state is Answering.OPEN}
    patch.setattr(lifecycle, "MOVES", MOVES | more)
