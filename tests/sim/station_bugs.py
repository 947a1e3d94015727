"""Small deliberate bugs in what a station says, hears, stores and reads."""

from dataclasses import replace
from typing import Any

import pytest

from hotline import status
from hotline.bodies import Body, Kind, Ref, Reply
from hotline.journal.shelf import Shelf
from hotline.node import Node
from hotline.picture.message import Message
from hotline.picture.messages import Messages
from hotline.picture.picture import Picture
from hotline.records import Envelope
from hotline.station import keeper
from hotline.station.copies import Copies
from hotline.station.forks import Forks
from hotline.station.keeper import Keeper
from hotline.station.presence import Presences
from hotline.station.reception import Reception
from hotline.station.skew import Skews
from hotline.station.station import Station
from hotline.station.turn import Turn
from hotline.status import Status
from hotline.topics import Channel, Topic
from tests.sim.deliberate import Real, instead_of

Patch = pytest.MonkeyPatch


def no_resend(patch: Patch) -> None:
    """Missing records are never asked for."""
    patch.setattr(Copies, "ask", lambda *_: iter(()))


def no_replay(patch: Patch) -> None:
    """A station that asks for records gets none."""
    patch.setattr(Keeper, "replay", lambda *_: None)


@instead_of(Node, "_take_turn")
async def publish_before_commit(real: Real, self: Node) -> object:
    """A turn is let out before it is on disk."""
    flush = self.machine.flush

    def let_out(now_ms: int, ahead_ms: int) -> Turn:
        turn = flush(now_ms, ahead_ms)
        for publish in turn.publishes:
            self._transport._said(publish)  # type: ignore[attr-defined]
        return turn

    self.machine.__dict__["flush"] = let_out
    try:
        return await real(self)
    finally:
        self.machine.__dict__.pop("flush", None)


@instead_of(Status, "encode")
def receipt_before_commit(real: Real, self: Status) -> object:
    """A status acknowledges one record more than there is."""
    return real(self._replace(held={of: seq + 1 for of, seq in self.held.items()}))


@instead_of(Node, "_feed")
def act_before_commit(real: Real, self: Node, arrivals: object, now_ms: int) -> object:
    """A message is shown to the officer as it is heard, before it is on disk."""
    goes_on = real(self, arrivals, now_ms)
    self._show(self.machine.events, now_ms)
    return goes_on


@instead_of(Node, "_show")
def shown_twice(real: Real, *args: Any) -> None:
    """A message is put before the officer twice."""
    real(*args)
    real(*args)


@instead_of(Keeper, "hear")
def gap_skipped(
    real: Real, self: Keeper, topic: Topic, envelope: Envelope, *args: Any, **more: Any
) -> object:
    """A record whose number is one too high is taken for the next."""
    of = envelope.station
    if of in self.copies and envelope.seq == (head := self.copies.head(of)).seq + 2:
        self.copies.advance(of, head._replace(seq=head.seq + 1))
        envelope = envelope._replace(prev=None)
    return real(self, topic, envelope, *args, **more)


def silence_unseen(patch: Patch) -> None:
    """Missed heartbeats are not noticed."""
    patch.setattr(Presences, "miss", lambda *_: [])
    patch.setattr(Presences, "due_ms", lambda _: None)


@instead_of(Presences, "hear")
def late_wills_are_believed(
    real: Real, self: Presences, told: Status, *, retained: bool, now_ms: int
) -> object:
    """A will is believed although its station has connected anew since."""
    newest = told if told.online else told._replace(since_ms=now_ms)
    return real(self, newest, retained=retained, now_ms=now_ms)


@instead_of(Messages, "find")
def answer_to_the_notice(real: Real, self: Messages, ref: Ref) -> object:
    """An answer to an older revision counts for the last one."""
    message = real(self, ref)
    if message is None or message.notice is None or message.revision is None:
        return message
    return self.last_of(ref.station, message.notice)


def speaks_at_once(patch: Patch) -> None:
    """A station that has lost its disk speaks before it knows its own words."""
    patch.setattr(Station, "may_speak", property(lambda _: True))


@instead_of(keeper, "write")
def chain_not_written(real: Real, **fields: Any) -> object:
    """Records do not carry the digest of the one before."""
    return real(**fields | {"prev": ""})


@instead_of(Keeper, "hear")
def anybody_may_speak(real: Real, self: Keeper, topic: Topic, *args: Any, **more: Any) -> object:
    """A record is taken from anybody who says it."""
    return real(self, replace(topic, channel=Channel.REPLAY), *args, **more)


def dies_of_garbage(patch: Patch) -> None:
    """Bytes that are not a record end the station."""

    def refuse(_: Keeper, topic: str, reason: str) -> None:
        raise ValueError(f"{topic}: {reason}")

    patch.setattr(Keeper, "refuse", refuse)


@instead_of(Keeper, "end_turn")
def last_word_lost(real: Real, *args: Any, **more: Any) -> object:
    """If several records are said in one turn, the last is not stored."""
    turn = real(*args, **more)
    if len(turn.appends) > 1 and turn.appends[-1].kind != Kind.FLAG:
        turn.appends.pop()
    return turn


def wrong_clocks_unseen(patch: Patch) -> None:
    """Nobody compares clocks."""
    patch.setattr(Skews, "hear", lambda *_: None)


@instead_of(Shelf, "checkpoint")
def waits_forgotten_at_a_checkpoint(real: Real, *args: Any, **more: Any) -> object:
    """A start does not take up what waited at the last checkpoint."""
    return replace(real(*args, **more), messages=[])


@instead_of(Picture, "put_away")
def checkpoint_too_far(real: Real, self: Picture) -> object:
    """A checkpoint claims to hold one record more than it does."""
    checkpoint = real(self)
    return replace(checkpoint, heads={of: n + 1 for of, n in checkpoint.heads.items()})


@instead_of(Picture, "put_away")
def checks_forgotten_at_a_checkpoint(real: Real, self: Picture) -> object:
    """A start does not know which comm checks were said before the last checkpoint."""
    return replace(real(self), checks={})


@instead_of(Picture, "put_away")
def stops_forgotten_at_a_checkpoint(real: Real, self: Picture) -> object:
    """A start does not know which flights were stopped before the last checkpoint."""
    return replace(real(self), stops={})


def voice_is_not_heard(patch: Patch) -> None:
    """A message that was settled by voice still waits for its answer."""
    patch.setattr(Message, "take_voice", lambda *_: None)


@instead_of(Station, "connected")
def nobody_is_waited_for(real: Real, self: Station, now_ms: int) -> None:
    """A start does not wait for the others before it speaks."""
    real(self, now_ms)
    self.peers.greetings.unheard.clear()


def anybody_may_sign(patch: Patch) -> None:
    """A status is believed whichever station's topic it is on."""
    patch.setattr("hotline.status.decode_from", lambda _, payload: status.decode(payload))


def twins_unseen(patch: Patch) -> None:
    """Nobody notices that two processes speak under one name."""
    patch.setattr(Forks, "_has_twin", lambda *_: False)


@instead_of(Forks, "_has_twin")
def twins_stand_for_ever(real: Real, self: Forks, told: Status, now_ms: int) -> object:
    """A second process stays flagged when it is stopped."""
    self._newest_heard_ms.clear()
    return real(self, told, now_ms)


@instead_of(Keeper, "hear")
def forks_are_merged(
    real: Real, self: Keeper, topic: Topic, envelope: Envelope, *args: Any, **more: Any
) -> object:
    """A record that does not follow on what is stored is taken all the same."""
    return real(self, topic, envelope._replace(prev=None), *args, **more)


@instead_of(keeper, "write")
def numbers_skipped(real: Real, **fields: Any) -> object:
    """A station that has said four records gives the next one the number six."""
    return real(**fields | {"seq": fields["seq"] + (fields["seq"] == 5)})


@instead_of(Station, "say")
def answers_said_twice(real: Real, self: Station, body: Body) -> None:
    """An officer's answer is said twice."""
    real(self, body)
    if isinstance(body, Reply):
        real(self, body)


def sleep_is_not_noticed(patch: Patch) -> None:
    """A station that was stopped goes on as if it had heard all the while."""
    patch.setattr(Reception, "has_slept", lambda *_: False)


def set_clocks_make_silences(patch: Patch) -> None:
    """When a clock is set, it shows that nobody was heard for so long."""
    patch.setattr(Presences, "shift", lambda *_: None)
