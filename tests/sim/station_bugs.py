"""Small deliberate bugs in what a station says, hears, stores and reads."""

from dataclasses import replace
from typing import Any

import pytest

from hotline import records, status
from hotline.bodies import Body, Kind, Reply
from hotline.journal.shelf import Shelf
from hotline.node import Node
from hotline.picture.message import Message
from hotline.picture.messages import Messages
from hotline.picture.past import Checkpoint
from hotline.picture.picture import Picture
from hotline.records import Record
from hotline.station.copies import Copies
from hotline.station.forks import Forks
from hotline.station.keeper import Keeper
from hotline.station.presence import Presences
from hotline.station.reception import Reception
from hotline.station.skew import Skews
from hotline.station.station import Station
from hotline.station.turn import CameOnline, FellSilent, Turn
from hotline.status import Status

Patch = pytest.MonkeyPatch


def no_resend(patch: Patch) -> None:
    """Missing records are never asked for."""
    patch.setattr(Copies, "ask", lambda *_: iter(()))


def no_replay(patch: Patch) -> None:
    """A station that asks for records gets none."""
    patch.setattr(Keeper, "replay", lambda *_: None)


def publish_before_commit(patch: Patch) -> None:
    """A turn is let out before it is on disk."""
    flush = Node._take_turn

    async def take_turn(self: Node) -> bool:
        real = self.machine.flush

        def let_out(now_ms: int, ahead_ms: int) -> Turn:
            turn = real(now_ms, ahead_ms)
            for publish in turn.publishes:
                self._transport._said(publish)  # type: ignore[attr-defined]
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
        self._show(self.machine.events, now_ms)
        return goes_on

    patch.setattr(Node, "_feed", feed)


def shown_twice(patch: Patch) -> None:
    """A message is put before the officer twice."""
    real = Node._show

    def show(self: Node, events: Any, now_ms: int) -> None:  # noqa: ANN401
        real(self, events, now_ms)
        real(self, events, now_ms)

    patch.setattr(Node, "_show", show)


def gap_skipped(patch: Patch) -> None:
    """A record whose number is one too high is taken for the next."""
    real = Keeper.take

    def take(self: Keeper, envelope: Any, *args: Any, **kwargs: Any) -> bool:  # noqa: ANN401
        head = self.copies.head(envelope.station)
        if envelope.seq == head.seq + 2:
            self.copies.advance(envelope.station, head._replace(seq=head.seq + 1))
            envelope = envelope._replace(prev=None)
        return real(self, envelope, *args, **kwargs)

    patch.setattr(Keeper, "take", take)


def silence_unseen(patch: Patch) -> None:
    """Missed heartbeats are not noticed."""
    patch.setattr(Presences, "miss", lambda *_: [])
    patch.setattr(Presences, "due_ms", lambda _: None)


def late_wills_are_believed(patch: Patch) -> None:
    """A will is believed although its station has connected anew since."""
    real = Presences.hear

    def hear(
        self: Presences, told: Status, *, retained: bool, now_ms: int
    ) -> CameOnline | FellSilent | None:
        newest = told if told.online else told._replace(since_ms=now_ms)
        return real(self, newest, retained=retained, now_ms=now_ms)

    patch.setattr(Presences, "hear", hear)


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
    patch.setattr("hotline.station.keeper.write", broken)


def anybody_may_speak(patch: Patch) -> None:
    """A record is taken from anybody who says it."""
    real = Keeper.hear

    def hear(self: Keeper, topic: Any, *args: Any, **kwargs: Any) -> bool:  # noqa: ANN401
        return real(self, replace(topic, channel="replay"), *args, **kwargs)

    patch.setattr(Keeper, "hear", hear)


def dies_of_garbage(patch: Patch) -> None:
    """Bytes that are not a record end the station."""

    def refuse(_: Keeper, topic: str, reason: str) -> None:
        raise ValueError(f"{topic}: {reason}")

    patch.setattr(Keeper, "refuse", refuse)


def last_word_lost(patch: Patch) -> None:
    """If several records are said in one turn, the last is not stored."""
    real = Keeper.end_turn

    def end_turn(self: Keeper, *args: Any, **kwargs: Any) -> Turn:
        turn = real(self, *args, **kwargs)
        if len(turn.appends) > 1 and turn.appends[-1].kind != Kind.FLAG:
            turn.appends.pop()
        return turn

    patch.setattr(Keeper, "end_turn", end_turn)


def wrong_clocks_unseen(patch: Patch) -> None:
    """Nobody compares clocks."""
    patch.setattr(Skews, "hear", lambda *_: None)


def waits_forgotten_at_a_checkpoint(patch: Patch) -> None:
    """A start does not take up what waited at the last checkpoint."""
    real = Shelf.checkpoint

    def checkpoint(self: Shelf, *, everything: bool = False) -> Checkpoint:
        return replace(real(self, everything=everything), messages=[])

    patch.setattr(Shelf, "checkpoint", checkpoint)


def checkpoint_too_far(patch: Patch) -> None:
    """A checkpoint claims to hold one record more than it does."""
    real = Picture.put_away

    def put_away(self: Picture) -> Checkpoint:
        checkpoint = real(self)
        return replace(checkpoint, heads={of: n + 1 for of, n in checkpoint.heads.items()})

    patch.setattr(Picture, "put_away", put_away)


def checks_forgotten_at_a_checkpoint(patch: Patch) -> None:
    """A start does not know which comm checks were said before the last checkpoint."""
    _put_away_without(patch, checks={})


def stops_forgotten_at_a_checkpoint(patch: Patch) -> None:
    """A start does not know which flights were stopped before the last checkpoint."""
    _put_away_without(patch, stops={})


def _put_away_without(patch: Patch, **nothing: Any) -> None:
    real = Picture.put_away
    patch.setattr(Picture, "put_away", lambda self: replace(real(self), **nothing))


def voice_is_not_heard(patch: Patch) -> None:
    """A message that was settled by voice still waits for its answer."""
    patch.setattr(Message, "take_voice", lambda *_: None)


def nobody_is_waited_for(patch: Patch) -> None:
    """A start does not wait for the others before it speaks."""
    real = Station.connected

    def connected(self: Station, now_ms: int) -> None:
        real(self, now_ms)
        self.peers.greetings.unheard.clear()

    patch.setattr(Station, "connected", connected)


def anybody_may_sign(patch: Patch) -> None:
    """A status is believed whichever station's topic it is on."""
    patch.setattr("hotline.status.decode_from", lambda _, payload: status.decode(payload))


def twins_unseen(patch: Patch) -> None:
    """Nobody notices that two processes speak under one name."""
    patch.setattr(Forks, "_has_twin", lambda *_: False)


def twins_stand_for_ever(patch: Patch) -> None:
    """A second process stays flagged when it is stopped."""
    real = Forks._has_twin

    def has_twin(self: Forks, told: Status, now_ms: int) -> bool:
        self._newest_heard_ms.clear()
        return real(self, told, now_ms)

    patch.setattr(Forks, "_has_twin", has_twin)


def forks_are_merged(patch: Patch) -> None:
    """A record that does not follow on what is stored is taken all the same."""
    real = Keeper.take

    def take(self: Keeper, envelope: Any, *args: Any, **kwargs: Any) -> bool:  # noqa: ANN401
        return real(self, envelope._replace(prev=None), *args, **kwargs)

    patch.setattr(Keeper, "take", take)


def numbers_skipped(patch: Patch) -> None:
    """A station that has said four records gives the next one the number six."""
    real = records.write

    def write(**fields: Any) -> Record:
        return real(**fields | {"seq": fields["seq"] + (fields["seq"] == 5)})

    patch.setattr("hotline.station.keeper.write", write)


def answers_said_twice(patch: Patch) -> None:
    """An officer's answer is said twice."""
    real = Station.say

    def say(self: Station, body: Body) -> None:
        real(self, body)
        if isinstance(body, Reply):
            real(self, body)

    patch.setattr(Station, "say", say)


def sleep_is_not_noticed(patch: Patch) -> None:
    """A station that was stopped goes on as if it had heard all the while."""
    patch.setattr(Reception, "has_slept", lambda *_: False)


def set_clocks_make_silences(patch: Patch) -> None:
    """When a clock is set, it shows that nobody was heard for so long."""
    patch.setattr(Presences, "shift", lambda *_: None)
