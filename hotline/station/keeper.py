"""The journals that a station keeps: its own, and its copies of the others', with their picture.

What must be stored goes into the turn under way. Only the heads of the journals are in memory; the
rest is on disk, where the past is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from hotline.bodies import Body, Ref, kind_of
from hotline.errors import LocalError
from hotline.line import Line
from hotline.picture.changes import Change
from hotline.picture.picture import Picture
from hotline.records import Envelope, Record, batches, digest, read, write
from hotline.station.copies import NOTHING, Copies, Head
from hotline.station.forks import Forks
from hotline.station.intake import Intake
from hotline.station.refusals import Refusals
from hotline.station.turn import Heard, Refused, Replay, Said, Turn
from hotline.status import Status
from hotline.timers import Timers
from hotline.topics import Channel, Topic

CHECKPOINT_RECORDS = 500  # what a start may have to read again, and a turn to put away


class Keeper:
    """The journals of one station.

    Args:
        line: who is on it.
        name: which of them the station is.
        timers: the line's timers.
        heads: how far the journal on disk goes, for each station that it has records of.
        picture: all those records, folded.
        checkpoint_every: after how many records what is settled is put away.
    """

    def __init__(
        self,
        line: Line,
        name: str,
        timers: Timers,
        heads: Mapping[str, Head],
        picture: Picture,
        *,
        checkpoint_every: int,
    ) -> None:
        self.turn = Turn()
        """The turn under way."""
        self.copies = Copies(line.stations, heads, self._pause_ms)
        self.forks = Forks(self._digest_at, timers.silent_ms)
        self.intake = Intake(timers.receipt_ms + timers.grace_ms)
        self._picture = picture
        self._timers = timers
        self._line = line
        self._name = name
        self._checkpoint_every = checkpoint_every
        self._read_together = {name, *line.parties}
        self._stored: dict[str, Head] | None = None
        self._refusals = Refusals(line.name)

    @property
    def is_whole(self) -> bool:
        """Whether our own journal is as the others say: as long, and with the same records."""
        name = self._name
        if name in self.intake or self.copies.is_behind(name):
            return False
        return not self.forks.stands(name)

    @property
    def is_behind(self) -> bool:
        """Whether records that must be read together with those here are known to be missing."""
        return self.copies.is_any_behind(self._read_together)

    def _pause_ms(self, of: str) -> int:
        """Between two requests for the same; longer in a fork, when others' records do not fit."""
        return self._timers.silent_ms if self.forks.stands(of) else self._timers.resend_ms

    def refuse(self, topic: str, reason: str) -> None:
        """Drop what cannot be taken, and say so; of very many in a turn, only count the rest."""
        if refused := self._refusals.tell(topic, reason):
            self.turn.events.append(refused)

    def learn_of(self, of: str, upto: int, *, by: str, last_word: bool = False) -> None:
        """`by` says that `of`'s journal goes up to `upto`."""
        gap = self.copies.claim(of, upto, by=by, last_word=last_word)
        if gap:
            self.turn.events.append(gap)

    def compare(self, told: Status, now_ms: int) -> None:
        """Compare what a live status says of the journals with ours."""
        self.turn.events += self.forks.compare(told, now_ms)

    def hear(self, topic: Topic, envelope: Envelope, now_ms: int, *, read_later: bool) -> bool:
        """A record came in on a topic; say whether it was taken. Never raises.

        Only the next one of its journal is: an older one is a duplicate, a newer one shows a gap.
        With `read_later` it waits until `take_in`, and is neither stored nor acknowledged.
        """
        of, seq = envelope.station, envelope.seq
        if envelope.line != self._line.name or of not in self.copies:
            self.refuse(str(topic), f"a record of {envelope.line}/{of}")
        elif topic.channel is Channel.RECORDS and of != topic.station:
            self.refuse(str(topic), f"speaks in the name of {of}")
        elif seq <= (head := self.copies.head(of)).seq:
            ours = self._digest_at(ref := Ref(of, seq))
            if ours is not None and digest(envelope.raw) != ours:
                self._refuse_fork(topic, ref, f"another {ref} is stored", now_ms)
        elif seq > head.seq + 1:
            self.learn_of(of, seq, by=topic.station)
        elif not head.takes(envelope.prev):
            ref = Ref(of, head.seq)
            why = f"prev does not fit {ref}: expected {head.digest!r}, got {envelope.prev!r}"
            self._refuse_fork(topic, ref, why, now_ms)
        else:
            self._take(read(envelope), now_ms, read_later=read_later)
            return True
        return False

    def _take(self, record: Record, now_ms: int, *, read_later: bool) -> None:
        """Take the next record of a journal."""
        of = record.station
        if read_later or of in self.intake:  # never before what it follows on
            self.intake.put(record, self.copies.head(of), now_ms)
        else:
            self.turn.events.append(Heard(record, self._keep(record)))
        self._stored = None
        if repaired := self.copies.advance(of, Head(record.seq, digest(record.raw))):
            self.turn.events.append(repaired)

    def take_in(self) -> None:
        """Read all that waits."""
        self._stored = None
        for record in self.intake.take_all():
            self.turn.events.append(Heard(record, self._keep(record)))

    def stored(self) -> Mapping[str, Head]:
        """How far each journal is on disk once this turn is; the same object until that changes."""
        if self._stored is None:
            heads = ((of, self.copies.head(of)) for of in self._line.stations)
            self._stored = {of: self.intake.stored(of, head) for of, head in heads}
        return self._stored

    def say(self, words: Sequence[Body], topic: str, now_ms: int) -> list[bytes]:
        """Add records to our own journal; return the batches in which to publish them."""
        lines: list[bytes] = []
        for body in words:
            head = self.copies.head(self._name)
            try:
                record = write(
                    line=self._line.name,
                    station=self._name,
                    seq=head.seq + 1,
                    at_ms=now_ms,
                    prev=head.digest,
                    kind=kind_of(body),
                    body=body,
                )
            except LocalError as error:
                # One word too long does not end the station.
                self.turn.events.append(Refused(topic, str(error)[:200]))
                continue
            self._stored = None
            self.copies.advance(self._name, Head(record.seq, digest(record.raw)))
            self.turn.events.append(Said(record, self._keep(record)))
            lines.append(record.raw)
        return batches(lines)

    def replay(self, wanted: Replay) -> bool:
        """Have these records sent, if there are any; say whether there are.

        Once a turn: of several requests the one that asks for the most is answered.
        """
        if self.copies.head(wanted.of).seq <= wanted.after:
            return False
        for number, other in enumerate(self.turn.replays):
            if (other.of, other.reader) == (wanted.of, wanted.reader):
                after = min(other.after, wanted.after)
                self.turn.replays[number] = replace(wanted, after=after)
                return True
        self.turn.replays.append(wanted)
        return True

    def end_turn(self) -> Turn:
        """Hand out the turn under way; with a checkpoint, when one is due."""
        if rest := self._refusals.tell_rest("in this turn"):
            self.turn.events.append(rest)
        turn, self.turn = self.turn, Turn()
        if turn.appends and self._picture.is_worth_a_checkpoint(self._checkpoint_every):
            turn.checkpoint = self._picture.put_away()
        return turn

    def shift(self, by_ms: int) -> None:
        """Our clock was set forward (back if negative)."""
        self.forks.shift(by_ms)
        self.copies.shift(by_ms)
        self.intake.shift(by_ms)

    def _keep(self, record: Record) -> Sequence[Change]:
        """Store a record with this turn, and read it."""
        self.turn.appends.append(record)
        return self._picture.fold(record)

    def _digest_at(self, ref: Ref) -> str | None:
        head = self.copies.head(ref.station) if ref.station in self.copies else NOTHING
        if ref.seq > head.seq:
            return None
        if ref.seq == head.seq:
            return head.digest
        line = self._picture.past.line_of(ref)
        return None if line is None else digest(line)

    def _refuse_fork(self, topic: Topic, ref: Ref, reason: str, now_ms: int) -> None:
        self.refuse(str(topic), f"fork: {reason}")
        if found := self.forks.find(ref.station, ref.seq, topic.station, now_ms):
            self.turn.events.append(found)
