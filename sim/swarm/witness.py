"""Notes what one simulated station lets out, stores, shows and tells, as evidence of the run."""

from pydantic_core import from_json

from hotline import topics
from hotline.picture.message import Message
from hotline.records import Record
from hotline.station.turn import (
    Acknowledged,
    CameOnline,
    DayEnded,
    Event,
    FellSilent,
    FlightChanged,
    Heard,
    Incoming,
    Publish,
    Refused,
    Said,
)
from hotline.topics import Channel
from sim.oracle.facts import Claim, Committed, Day, Flown, Gone, Ref, Seen, Shown, Told
from sim.swarm.disk import WatchedJournal
from sim.swarm.hearsay import ALL_BUT_THE_TIME, Hearsay
from sim.swarm.plan import NONSENSE, PARTIES
from sim.swarm.surroundings import Surroundings

_NONSENSE = NONSENSE.encode()
_SHOWN = 300  # characters of what a record says, in the log


class Witness:
    """Sees one station through all its lives.

    Its twin has the same name; only we tell them apart, by what they are `called`.
    """

    def __init__(self, world: Surroundings, name: str, called: str) -> None:
        self._world = world
        self._name = name
        self._called = called
        self._journal: WatchedJournal
        self._life = 0
        self._said = b""  # in the last status, without its time
        self._hearsay = Hearsay()
        self._left_ms: int | None = None

    def starts(self, journal: WatchedJournal) -> None:
        """A process starts, with this journal."""
        self._journal = journal
        self._life += 1
        self._said = b""
        if self._left_ms is not None:
            gone = Gone(self._name, self._left_ms, self._now_ms())
            self._world.evidence.gone.append(gone)
            self._left_ms = None
        self._world.note(f"{self._called} starts, life {self._life}")

    def leaves(self) -> None:
        """The process has ended in order."""
        self._left_ms = self._now_ms()
        self._world.note(f"{self._called} leaves")

    def published(self, publish: Publish) -> None:
        """It lets something out."""
        topic = topics.parse(publish.topic)
        channel = topic.channel if topic else None
        if channel is Channel.STATUS:
            said = publish.payload.partition(ALL_BUT_THE_TIME)[2]
            if said == self._said:
                return  # as long as a process lives, its disk forgets nothing
            self._said = said
            told = from_json(publish.payload)
            self._claim("status", self._name, told["head"])
            for of, upto in told["held"].items():
                self._claim("status", of, upto)
        elif channel in (Channel.RECORDS, Channel.REPLAY):
            for line in publish.payload.split(b"\n"):
                record = from_json(line)
                self._claim(channel.value, record["station"], record["seq"])

    def _claim(self, what: str, of: str, upto: int) -> None:
        """Note that the station let out that it has this."""
        held = self._journal.upto.get(of, 0)
        claim = Claim(self._now_ms(), self._called, what, of, upto, held)
        self._world.evidence.claims.append(claim)

    def committed(self, record: Record) -> None:
        """It has a record on its disk: its own, or another's."""
        evidence, now_ms, ref = self._world.evidence, self._now_ms(), Ref(*record.ref)
        evidence.stored.setdefault((self._called, ref), now_ms)
        if record.station == self._name:
            if self._name in PARTIES and _NONSENSE in record.raw:
                evidence.nonsense.add(ref)
            said = evidence.committed if self._called == self._name else evidence.doubled
            said.append(Committed(now_ms, ref, record.raw))
            self._world.note(f"{self._called} commits {ref} {_in_short(record)}")

    def reached(self, incoming: Incoming) -> None:
        """Something reaches it: note how far it now knows the parties' journals to go."""
        if incoming.payload in self._world.evidence.forged:
            return
        now_ms, told = self._now_ms(), self._world.evidence.told
        heads = self._hearsay.heads_in(incoming)
        is_live = heads.is_there and not incoming.retained
        for of, head in heads.upto:
            told.append(Told(now_ms, self._name, of, head, is_live))

    def shown(self, message: Message) -> None:
        """A message is put before its officer."""
        ref = Ref(*message.ref)
        self._claim("shown", ref.station, ref.seq)
        shown = Shown(self._now_ms(), self._called, self._life, ref)
        self._world.evidence.shown.append(shown)

    def told(self, event: Event) -> None:
        """It tells of an event."""
        evidence, now_ms, us = self._world.evidence, self._now_ms(), self._called
        match event:
            case FellSilent(station, _):
                evidence.seen.append(Seen(now_ms, us, station, silent=True))
            case CameOnline(station):
                evidence.seen.append(Seen(now_ms, us, station, silent=False))
            case FlightChanged(message, phase):
                evidence.flown.append(Flown(now_ms, us, Ref(*message.ref), str(phase)))
            case DayEnded(party, day):
                evidence.days.append(Day(now_ms, us, party, *day))
            case Said() | Heard() | Acknowledged() | Refused():
                return  # told already, or too many
            case _:
                pass
        self._world.note(f"{us} {event}")

    def _now_ms(self) -> int:
        return self._world.clock.now_ms()


def _in_short(record: Record) -> str:
    """A record's kind and body; the log has its author and time before it."""
    body = record.raw.decode().partition('"body":')[2].removesuffix("}")
    return f"{record.kind} {body[:_SHOWN]}{'…' if len(body) > _SHOWN else ''}"
