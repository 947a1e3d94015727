"""A simulated line under its plan: stations, officers, network and disks on a virtual clock.

First everything in the plan goes wrong; then all is mended, and the line must settle.
"""

import asyncio
import itertools
from collections.abc import Callable, Iterator
from functools import partial

from hotline import topics
from hotline.bodies import Reply
from hotline.clock import ScenarioClock, sleep_until
from hotline.times import SECOND_MS
from hotline.topics import Channel
from sim import virtual_time
from sim.oracle.evidence import Evidence
from sim.oracle.facts import Failure, Row, Trouble
from sim.swarm.effects import ahead_ms
from sim.swarm.fault_player import FaultPlayer
from sim.swarm.nonsense import newer_record, nonsense_of
from sim.swarm.plan import NEWER, NONSENSE, START_MS, Fault, Plan, Word
from sim.swarm.post import Post
from sim.swarm.reading import Reader, in_memory
from sim.swarm.scale import settles_ms
from sim.swarm.surroundings import Surroundings
from sim.swarm.words import body_of

_COPY_AGE_MS = 20 * SECOND_MS  # age of the copy that a disk is put back to


class World(Surroundings):
    """One run of a plan."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan)
        self._notices = itertools.count(1)

    async def play(self) -> Evidence:
        """Play it to its end."""
        self.clock = ScenarioClock(START_MS)
        self.clock.begin()
        self.posts = {name: Post(self, name) for name in self.line.stations}
        faults = FaultPlayer(self, self.posts)
        for post in self.posts.values():
            post.start()
        self.evidence.troubles += map(_trouble, self.plan.faults)
        for at_ms, _, step in sorted(self._steps(faults), key=lambda each: each[:2]):
            await sleep_until(self.clock, START_MS + at_ms)
            step()
        await sleep_until(self.clock, START_MS + self.plan.duration_ms)
        await self._settle()
        self._take_evidence()
        for post in self.posts.values():
            post.kill()
        await asyncio.sleep(0)
        return self.evidence

    def _steps(self, faults: FaultPlayer) -> Iterator[tuple[int, int, Callable[[], None]]]:
        """Every step of the plan, with its time and its place among others of that time."""
        for word in self.plan.words:
            yield word.at_ms, 0, partial(self._say, word)
        for fault in self.plan.faults:
            yield fault.from_ms, 1, partial(faults.begin, fault)
            yield fault.until_ms, 2, partial(faults.end, fault)
            if fault.kind == "disk-restore":
                yield max(fault.from_ms - _COPY_AGE_MS, 0), 3, self.posts[fault.whom].copy

    async def _settle(self) -> None:
        """Mend all and quiet the officers; the disks must become level in bounded time."""
        self.quiet = True
        for post in self.posts.values():
            post.start()
            if post.officer:
                post.officer.quiet = True
        heartbeat_ms = self.plan.timers.heartbeat_ms
        mended_ms = self.clock.now_ms()
        soonest_ms, latest_ms = settles_ms(heartbeat_ms)
        while (waited_ms := self.clock.now_ms() - mended_ms) < latest_ms:
            if waited_ms >= soonest_ms and self._is_level():
                return
            await asyncio.sleep(max(heartbeat_ms / SECOND_MS / 10, 0.5))

    def _is_level(self) -> bool:
        uptos = [post.journal.upto for post in self.posts.values()]
        return all(upto == uptos[0] for upto in uptos)

    def _take_evidence(self) -> None:
        evidence = self.evidence
        evidence.finished_ms = self.clock.now_ms()
        evidence.boards = {name: self._board_of(name) for name in self.line.watchdogs}
        reader = Reader(self.line)
        for name, post in self.posts.items():
            rows = {
                of: [Row(seq, bytes(raw)) for seq, raw in post.journal.rows(of)]
                for of in post.journal.heads()
            }
            evidence.disks[name] = rows
            if post.node:
                evidence.in_memory[name] = in_memory(post.node.machine.picture)
            lines = [row.raw for of in rows.values() for row in of]
            told_in_memory, told = reader.read_anew(post.journal, lines)
            evidence.in_memory |= {f"{name}, {how}": text for how, text in told_in_memory.items()}
            evidence.pictures |= {f"{name}, {how}": text for how, text in told.items()}
            if name == self.line.parties[0]:
                evidence.flags_seen = reader.flags_seen(lines)

    def _board_of(self, watchdog: str) -> set[str]:
        """The keys of the flags that the broker shows as this watchdog's."""
        shown = [topics.parse(topic) for topic in self.network.retained]
        return {
            topic.argument
            for topic in shown
            if topic and (topic.station, topic.channel) == (watchdog, Channel.FLAGS)
        }

    def _say(self, word: Word) -> None:
        post = self.posts[word.who]
        if post.node is None:
            if word.what == NEWER:
                heads = post.journal.heads()
                post.write(newer_record(word, self.line.name, heads, post.clock.now_ms()))
            return
        if word.what == NEWER or not post.node.machine.may_speak or post.unsaid:
            return
        picture = post.node.machine.picture
        if word.what == NONSENSE:
            said = nonsense_of(word, picture)
        else:
            said = body_of(word, picture, self._notices)
        if said:
            post.unsaid += not isinstance(said, Reply)
            post.node.say(said)


def play(plan: Plan) -> Evidence:
    """Play a plan on a virtual clock: the same plan, the same evidence, byte for byte.

    If time stands still in it, the evidence has a failure and no disks.
    """
    world = World(plan)

    async def main() -> Evidence:
        with world.disks:
            return await world.play()

    try:
        return virtual_time.run(main())
    except virtual_time.StalledError as stall:
        world.evidence.finished_ms = world.clock.now_ms()
        world.evidence.failures = [Failure(world.evidence.finished_ms, str(stall))]
        world.evidence.disks.clear()
        return world.evidence


def _trouble(fault: Fault) -> Trouble:
    """A fault as the oracle is told of it."""
    span = (START_MS + fault.from_ms, START_MS + fault.until_ms)
    return Trouble(fault.kind, fault.whom, *span, ahead_ms(fault))
