"""The node: the one asyncio shell that drives any station.

It feeds the machine what has arrived, commits what the machine wants kept, and only then lets
anything out. What arrives during a commit is the next turn's batch.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from hotline.blocking import Blocking
from hotline.bodies import Body
from hotline.clock import Clock
from hotline.errors import LocalError
from hotline.hatch import Hatch
from hotline.inbox import Inbox
from hotline.journal.journal import Journal
from hotline.picture.changes import What
from hotline.picture.message import Message
from hotline.records import batches
from hotline.station.copies import NOTHING
from hotline.station.officer import Nobody, Officer
from hotline.station.station import Station
from hotline.station.turn import Event, Heard, Incoming, Publish, Refused, Replay
from hotline.topics import Channel, Topic
from hotline.transport import Arrival, Down, Transport, Up

_TELLS_FOR_S = 1.0  # without a pause; a broker wants an answer within some seconds


@dataclass(frozen=True, slots=True)
class _Say:
    body: Body


@dataclass(frozen=True, slots=True)
class _Stop:
    pass


@dataclass(frozen=True, slots=True)
class _Knock:
    """Somebody is at the hatch."""


_Item = Arrival | _Say | _Stop | _Knock


class Node:
    """One station at work.

    Args:
        machine: what it drives.
        journal: its records on disk.
        transport: its link to the broker.
        clock: the line's time.
        officer: who sits at its desk.
        tell: is given every event once it is on disk, for logs and for judges.
        blocking: how to do disk work.
        pace_s: how long to gather what arrives before the next turn: with fewer turns and commits
            one process can serve more lines.
    """

    def __init__(
        self,
        machine: Station,
        journal: Journal,
        transport: Transport,
        clock: Clock,
        *,
        officer: Officer | None = None,
        tell: Callable[[Event], None] = lambda _: None,
        blocking: Blocking,
        pace_s: float = 0.0,
    ) -> None:
        self.machine = machine
        self._journal = journal
        self._transport = transport
        self._clock = clock
        self._officer = officer or Nobody()
        self._tell = tell
        self._blocking = blocking
        self._pace_s = pace_s
        self._ahead_ms = round(pace_s * 1_000)
        self._inbox: Inbox[_Item] = Inbox()
        self._was_opened = False
        self._is_open = False  # and does not run yet
        self._rests = False  # between two turns
        self._in_vain: dict[tuple[str, str], int] = {}  # who asked for whose, after which number
        self.hatch = Hatch(machine, lambda: self._inbox.put(_Knock()))
        """Where people look at what it knows, and speak in its name."""

    def say(self, body: Body) -> None:
        """Have the station say something with its next turn in which it may speak.

        `tell` is given what came of it: a `Said`, or a `Refused` if it cannot be said.
        """
        self._inbox.put(_Say(body))

    def stop(self) -> None:
        """Have the station leave the line after its next turn, with a goodbye."""
        self._inbox.put(_Stop())

    async def open(self) -> None:
        """Connect to the broker; what it brings waits for `run`.

        Raises:
            BrokerUnreachable: there is none (once connected, the link waits for it instead).
            LocalError: it was opened before.
        """
        if self._was_opened:
            raise LocalError("a node is opened only once: make a new one to start again")
        await self._transport.open(
            self.machine.topics(),
            lambda: self.machine.connecting(self._clock.now_ms()),
            self._arrive,
        )
        self._was_opened = self._is_open = True

    async def run(self) -> None:
        """Be on the line, once `open`, until `stop`; cancelled, go as in a crash.

        Raises:
            LocalError: it is not open, or has run already.
            JournalFailed: the journal takes no more records; what it holds is all that happened.
        """
        if not self._is_open:
            raise LocalError("a node must be opened before it runs, and runs only once")
        self._is_open = False
        try:
            for message in self.machine.picture.waiting_for(self.machine.name):
                self._officer.show(message, self._clock.now_ms())
            while await self._take_turn():
                pass
            await self._transport.publish(self.machine.goodbye(self._clock.now_ms()))
            await self._transport.close()
        except BaseException:
            await self._transport.abort()
            raise
        finally:
            self.hatch.close()

    async def _take_turn(self) -> bool:
        """Feed, commit, let out; False after the last turn."""
        arrivals = await self._gather()
        now_ms = self._clock.now_ms()
        self.hatch.show(now_ms)
        if jumped_ms := self._clock.jumped_ms():
            self._jump(jumped_ms)
            now_ms = self._clock.now_ms()  # it may have been set since we looked at it
        if not arrivals and (heartbeat := self._beat(now_ms)):
            self._journal.expect_file()  # on a quiet line nothing else looks at it for long
            await self._transport.publish(heartbeat)
            return True
        goes_on = self._feed(arrivals, now_ms)
        self.machine.tick(now_ms, all_heard=self._has_heard_all())
        turn = self.machine.flush(now_ms, self._ahead_ms)
        if turn.appends or turn.confirmed or turn.doubts is not None:
            self._journal.write(turn)
            await self._blocking(self._journal.commit)
        # Until here nothing has happened: a crash loses only what nobody has seen.
        for publish in turn.publishes:
            await self._transport.publish(publish)
        await self._tell_all(turn.events)
        self._show(turn.events, now_ms)
        self.hatch.confirm(turn.events)
        for replay in turn.replays:  # last: a disk that cannot be read ends the run
            await self._replay(replay)
        return goes_on

    async def _tell_all(self, events: Iterable[Event]) -> None:
        """Tell these events, with link and heartbeat kept up meanwhile: a log can be slow."""
        loop = asyncio.get_running_loop()
        since_s = loop.time()
        for event in events:
            self._tell(event)
            if loop.time() - since_s > _TELLS_FOR_S:
                if heartbeat := self.machine.beat_within_a_turn(self._clock.now_ms()):
                    await self._transport.publish(heartbeat)
                await asyncio.sleep(0)
                since_s = loop.time()

    async def _gather(self) -> list[_Item]:
        """Wait until there is something to do, and a little for what comes behind it."""
        wait_s = self._wait_s()
        self._rests = wait_s != 0
        arrivals = await self._inbox.take(wait_s)
        self._rests = False
        if arrivals and self._pace_s:
            wait_s = self._wait_s()
            # All nodes of a process take their turns together: their code is at hand then.
            pace_s = self._pace_s - asyncio.get_running_loop().time() % self._pace_s
            await asyncio.sleep(pace_s if wait_s is None else min(wait_s, pace_s))
            arrivals += await self._inbox.take(0)
        return arrivals

    def _beat(self, now_ms: int) -> Publish | None:
        """The heartbeat that is due, if that is all that there is to do."""
        if self.hatch.has_visitors or self._is_officer_due(now_ms):
            return None
        return self.machine.beat(now_ms)

    def _arrive(self, arrival: Arrival) -> None:
        """Keep what the broker brings for the next turn, unless it is old news."""
        if self._rests and type(arrival) is Incoming:
            if jumped_ms := self._clock.jumped_ms():
                self._jump(jumped_ms)
            elif self.machine.overhear(arrival, self._clock.now_ms()):
                return
        self._rests = False  # what comes now is heard after it
        self._inbox.put(arrival)

    def _jump(self, by_ms: int) -> None:
        """The clock was set: nothing that is waited for comes sooner or later for that."""
        self.machine.clock_jumped(by_ms)
        self._officer.clock_jumped(by_ms)

    def _feed(self, arrivals: Sequence[_Item], now_ms: int) -> bool:
        """Have the machine hear what has arrived, and say what is to be said; False: then stop."""
        goes_on = True
        words: list[Body] = []
        for arrival in arrivals:
            match arrival:
                case Incoming():
                    self.machine.hear(arrival, now_ms)
                case _Say(body):
                    words.append(body)
                case Up():
                    self.machine.connected(now_ms)
                case Down(reason):
                    self.machine.disconnected(reason)
                case _Stop():
                    self.machine.leave()
                    goes_on = False
        # What an officer said before may still be on its way back to us: he must not say it again.
        if self.machine.may_speak:
            words += self._officers_words(now_ms)
        # A person's word is made from a picture to which this turn adds nothing else of ours.
        if not words and (word := self.hatch.next_word(now_ms)):
            words.append(word)
        for body in words:
            self.machine.say(body)
        return goes_on

    def _officers_words(self, now_ms: int) -> Iterator[Body]:
        """What the officer says by now, or says at once to what this turn stores."""
        if self._is_officer_due(now_ms):
            yield from self._officer.say(now_ms)
        for message in _asked_of(self.machine.name, self.machine.events):
            if word := self._officer.at_once(message):  # he need not read it
                yield word

    def _is_officer_due(self, now_ms: int) -> bool:
        due_ms = self._officer.due_ms()
        return due_ms is not None and due_ms <= now_ms

    def _has_heard_all(self) -> bool:
        dropped, self._inbox.dropped = self._inbox.dropped, 0
        if dropped:
            reason = f"{dropped} messages were too many at once; what is missing is asked for again"
            self._tell(Refused(f"{self.machine.line.name}/#", reason))
        return not dropped and not self._inbox.is_behind

    async def _replay(self, replay: Replay) -> None:
        if replay.after < self._journal.pruned().get(replay.of, NOTHING).seq:
            asked = replay.reader, replay.of
            if self._in_vain.get(asked) != replay.after:  # it goes on asking until it has them
                self._in_vain[asked] = replay.after
                reason = f"{replay.reader} asks for records of {replay.of} that were pruned here"
                self._tell(Refused(f"resend/{replay.of}", reason))
            return
        lines = await self._blocking(
            lambda: self._journal.lines(replay.of, replay.after, replay.max_bytes)
        )
        topic = Topic(self.machine.line.name, self.machine.name, Channel.REPLAY, replay.reader)
        for batch in batches(lines):
            await self._transport.publish(Publish(str(topic), batch))

    def _show(self, events: Iterable[Event], now_ms: int) -> None:
        """Show the officer what is meant for him, now that it is on disk."""
        for message in _asked_of(self.machine.name, events):
            self._officer.show(message, now_ms)

    def _wait_s(self) -> float | None:
        if self.hatch.has_visitors:
            return 0
        due_ms, officer_ms = self.machine.due_ms(), self._officer.due_ms()
        if officer_ms is not None and self.machine.may_speak:
            due_ms = officer_ms if due_ms is None else min(due_ms, officer_ms)
        return None if due_ms is None else self._clock.wait_s(due_ms)


def _asked_of(name: str, events: Iterable[Event]) -> Iterator[Message]:
    """The messages that ask for an answer of this station's officer."""
    for event in events:
        if isinstance(event, Heard) and event.record.station != name:
            for change in event.changes:
                if change.what is What.OPENED and change.message:
                    yield change.message
