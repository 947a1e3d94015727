"""Small deliberate bugs, each of which the swarm must find: the judge is judged by them."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from hotline import deadlines, records
from hotline.agenda import Agenda
from hotline.board import Board
from hotline.bodies import Kind, Level
from hotline.copies import Copies
from hotline.keeper import Keeper
from hotline.lifecycle import Answering, Message
from hotline.messages import Messages
from hotline.node import Node
from hotline.past import Checkpoint
from hotline.picture import Picture
from hotline.presence import Presences
from hotline.rules import unanswered, undelivered
from hotline.rules.blind import Sight
from hotline.rules.silent import Silences
from hotline.rules.unanswered import Answers
from hotline.rules.undelivered import Deliveries
from hotline.shelf import Shelf
from hotline.skew import Skews
from hotline.station import Station
from hotline.status import Status
from hotline.timers import Timers
from hotline.turn import Turn
from hotline.watchdog import Watchdog

Patch = pytest.MonkeyPatch
Bug = Callable[[Patch], None]


def no_resend(patch: Patch) -> None:
    """What is missing is never asked for."""
    patch.setattr(Copies, "ask", lambda *_: iter(()))


def no_replay(patch: Patch) -> None:
    """Whoever asks for records gets none."""
    patch.setattr(Keeper, "replay", lambda *_: None)


def publish_before_commit(patch: Patch) -> None:
    """A turn is let out before it is on disk."""
    flush = Node._take_turn

    async def take_turn(self: Node) -> bool:
        real = self.machine.flush

        def let_out(now_ms: int) -> Turn:
            turn = real(now_ms)
            for publish in turn.publishes:
                self._transport._spy(publish)  # type: ignore[attr-defined]
            return turn

        self.machine.__dict__["flush"] = let_out
        try:
            return await flush(self)
        finally:
            self.machine.__dict__.pop("flush", None)

    patch.setattr(Node, "_take_turn", take_turn)


def receipt_before_commit(patch: Patch) -> None:
    """A status acknowledges one record more than there is."""
    real = Status.encode

    def encode(self: Status) -> bytes:
        held = {of: seq + 1 for of, seq in self.held.items()}
        return real(self._replace(held=held))

    patch.setattr(Status, "encode", encode)


def act_before_commit(patch: Patch) -> None:
    """A message is shown to the officer as it is heard, before it is on disk."""
    real = Node._feed

    def feed(self: Node, arrivals: Any, now_ms: int) -> bool:  # noqa: ANN401
        goes_on = real(self, arrivals, now_ms)
        for event in getattr(self.machine, "events", ()):
            self._show(event, now_ms)
        return goes_on

    patch.setattr(Node, "_feed", feed)


def shown_twice(patch: Patch) -> None:
    """A message is put before the officer twice."""
    real = Node._show

    def show(self: Node, event: Any, now_ms: int) -> None:  # noqa: ANN401
        real(self, event, now_ms)
        real(self, event, now_ms)

    patch.setattr(Node, "_show", show)


def gap_skipped(patch: Patch) -> None:
    """A record that is one too far is taken as the next."""
    real = Keeper.take

    def take(self: Keeper, envelope: Any, *args: Any, **kwargs: Any) -> bool:  # noqa: ANN401
        head = self.copies.head(envelope.station)
        if envelope.seq == head.seq + 2:
            self.copies.advance(envelope.station, head._replace(seq=head.seq + 1))
            envelope = envelope._replace(prev=None)
        return real(self, envelope, *args, **kwargs)

    patch.setattr(Keeper, "take", take)


def deadline_too_late(patch: Patch) -> None:
    """Deadlines count from some seconds after the record's `at`, as from an arrival."""
    real = deadlines.answer_due_ms

    def due_ms(*args: Any) -> int | None:  # noqa: ANN401
        due_ms = real(*args)
        return None if due_ms is None else due_ms + 3_000

    for module in (deadlines, unanswered):
        patch.setattr(module, "answer_due_ms", due_ms)


def no_grace(patch: Patch) -> None:
    """A deadline is judged before what is on its way has had its grace."""
    real = Watchdog._judge
    patch.setattr(
        Watchdog, "_judge", lambda self, until_ms, now_ms: real(self, until_ms + 900, now_ms)
    )


def never_judged(patch: Patch) -> None:
    """No deadline is ever judged."""

    def judge(self: Watchdog, until_ms: int, _: int) -> None:
        while self._agenda.take(until_ms):
            pass

    patch.setattr(Watchdog, "_judge", judge)


def no_escalation(patch: Patch) -> None:
    """A silence is flagged with its first level only."""
    patch.setattr(Agenda, "escalate", lambda *_: None)


def flag_again_after_restart(patch: Patch) -> None:
    """A restarted watchdog does not know which flags stand."""
    patch.setattr(Board, "_in_journal", lambda _: {})


def never_cleared(patch: Patch) -> None:
    """A flag stands for ever."""
    patch.setattr(Board, "clear", lambda *_, **__: None)


def silence_unseen(patch: Patch) -> None:
    """Missed heartbeats are not noticed."""
    patch.setattr(Presences, "miss", lambda *_: [])
    patch.setattr(Presences, "due_ms", lambda _: None)


def judges_while_behind(patch: Patch) -> None:
    """A watchdog judges though it knows that records are missing, which it is slow to ask for."""
    patch.setattr(Sight, "may_judge", lambda *_: True)
    patch.setattr(Copies, "ask", lambda *_: iter(()))


def standby_does_not_restart(patch: Patch) -> None:
    """After a STANDBY no timer runs."""
    real = Answers.expect

    def expect(self: Answers, message: Message) -> None:
        if message.answering is not Answering.STANDBY:
            real(self, message)

    patch.setattr(Answers, "expect", expect)


def answer_to_the_notice(patch: Patch) -> None:
    """An answer to an older revision counts for the last one."""
    real = Messages.find

    def find(self: Messages, ref: Any) -> Message | None:  # noqa: ANN401
        message = real(self, ref)
        if message is None or message.notice is None or message.revision is None:
            return message
        return self.last_of(ref.station, message.notice)

    patch.setattr(Messages, "find", find)


def speaks_at_once(patch: Patch) -> None:
    """A station that has lost its disk speaks before it knows its own words."""
    patch.setattr(Station, "may_speak", property(lambda _: True))


def chain_not_written(patch: Patch) -> None:
    """Records do not carry the digest of the one before."""
    real = records.write
    broken = lambda **fields: real(**(fields | {"prev": ""}))  # noqa: E731
    patch.setattr("hotline.keeper.write", broken)


def anybody_may_speak(patch: Patch) -> None:
    """A record is taken from whoever says it."""
    real = Keeper.hear

    def hear(self: Keeper, topic: Any, *args: Any, **kwargs: Any) -> bool:  # noqa: ANN401
        return real(self, replace(topic, channel="replay"), *args, **kwargs)

    patch.setattr(Keeper, "hear", hear)


def dies_of_garbage(patch: Patch) -> None:
    """Bytes that are no record end the station."""

    def refuse(_: Keeper, topic: str, reason: str) -> None:
        raise ValueError(f"{topic}: {reason}")

    patch.setattr(Keeper, "refuse", refuse)


def last_word_lost(patch: Patch) -> None:
    """Of several records that are said in one turn the last is not stored."""
    real = Keeper.end_turn

    def end_turn(self: Keeper, *args: Any, **kwargs: Any) -> Turn:  # noqa: ANN401
        turn = real(self, *args, **kwargs)
        if len(turn.appends) > 1 and turn.appends[-1].kind != Kind.FLAG:
            turn.appends.pop()
        return turn

    patch.setattr(Keeper, "end_turn", end_turn)


def flags_in_vain(patch: Patch) -> None:
    """A missing receipt is flagged although it came."""
    patch.setattr(Deliveries, "is_void", lambda *_: False)


def receipts_never_missed(patch: Patch) -> None:
    """Nobody waits for receipts."""
    patch.setattr(Deliveries, "expect", lambda *_: None)


def receipts_missed_too_late(patch: Patch) -> None:
    """A missing receipt is flagged some seconds after it must be."""
    real = deadlines.receipt_due_ms

    def due(at_ms: int, level: Level, timers: Timers) -> int | None:
        return real(at_ms + 3_000, level, timers)

    patch.setattr(undelivered, "receipt_due_ms", due)


def blindness_unsaid(patch: Patch) -> None:
    """A watchdog that cannot get what it was told of keeps silent about it."""
    patch.setattr(Sight, "tick", lambda *_: None)


def wrong_clocks_unseen(patch: Patch) -> None:
    """Nobody compares clocks."""
    patch.setattr(Skews, "hear", lambda *_: None)


def clock_moves_deadlines(patch: Patch) -> None:
    """When a watchdog's clock is set, its deadlines stay where they were on it."""
    patch.setattr(Agenda, "shift", lambda *_: None)


def waits_forgotten_at_a_checkpoint(patch: Patch) -> None:
    """A start does not take up what waited at the last checkpoint."""
    real = Shelf.checkpoint

    def checkpoint(self: Shelf, *, everything: bool = False) -> Checkpoint:
        return replace(real(self, everything=everything), messages=[])

    patch.setattr(Shelf, "checkpoint", checkpoint)


def checkpoint_too_far(patch: Patch) -> None:
    """A checkpoint says that one record more was read than it holds."""
    real = Picture.put_away

    def put_away(self: Picture) -> Checkpoint:
        checkpoint = real(self)
        return replace(checkpoint, heads={of: n + 1 for of, n in checkpoint.heads.items()})

    patch.setattr(Picture, "put_away", put_away)


def silences_are_not_believed(patch: Patch) -> None:
    """A declared silence is an alarm like any other."""
    patch.setattr(Silences, "_declared", lambda *_: None)


def checks_are_missed_in_a_silence(patch: Patch) -> None:
    """Who has suspended his channel is expected to answer comm checks."""
    patch.setattr(Silences, "excuses", lambda *_: False)


def voice_is_not_heard(patch: Patch) -> None:
    """What was settled by voice is waited for all the same."""
    patch.setattr(Message, "take_voice", lambda *_: None)


# Each bug, and an invariant that it breaks.
BUGS: dict[Bug, str] = {
    no_resend: "no loss",
    no_replay: "no loss",
    publish_before_commit: "nothing before the disk",
    receipt_before_commit: "nothing before the disk",
    act_before_commit: "nothing before the disk",
    shown_twice: "no double",
    gap_skipped: "in order",
    deadline_too_late: "no false alarm",
    no_grace: "silences flagged",
    never_judged: "silences flagged",
    no_escalation: "silences flagged",
    flag_again_after_restart: "flags live",
    never_cleared: "flags live",
    silence_unseen: "blindness is visible",
    judges_while_behind: "repair before judgement",
    standby_does_not_restart: "silences flagged",
    answer_to_the_notice: "convergence",
    speaks_at_once: "no loss",
    chain_not_written: "in order",
    anybody_may_speak: "nobody else's words",
    dies_of_garbage: "honest run",
    last_word_lost: "no loss",
    flags_in_vain: "no idle flag",
    receipts_never_missed: "receipts missed",
    receipts_missed_too_late: "receipts missed",
    blindness_unsaid: "lost sight is flagged",
    wrong_clocks_unseen: "wrong clocks flagged",
    clock_moves_deadlines: "set clocks move nothing",
    waits_forgotten_at_a_checkpoint: "convergence",
    checkpoint_too_far: "convergence",
    silences_are_not_believed: "declared silences are no alarm",
    checks_are_missed_in_a_silence: "declared silences are no alarm",
    voice_is_not_heard: "no false alarm",
}

# What takes a rare coincidence, and the seed in which it comes.
RARE: dict[Bug, int] = {
    blindness_unsaid: 422,
    clock_moves_deadlines: 120,
    wrong_clocks_unseen: 57,
}
