"""A simulated line under its plan: stations, officers, network and disks on a virtual clock.

First everything in the plan goes wrong; then all is mended, and the line must settle.
"""

import asyncio
import itertools
from collections.abc import Callable, Collection, Iterator
from functools import partial

from hotline import topics
from hotline.bodies import Check, Kind
from hotline.clock import ScenarioClock, sleep_until
from hotline.times import SECOND_MS
from hotline.topics import Channel
from sim import virtual_time
from sim.disk import copy_of, new_disk
from sim.network import Conditions
from sim.oracle.evidence import Evidence, Failure, Row, Trouble
from sim.scenario.fault import WILL_LATE_MS
from sim.swarm.noise import Noise
from sim.swarm.nonsense import newer_record, nonsense_of
from sim.swarm.plan import (
    BROKER_FAULTS,
    CLOCK_FAULTS,
    DISK_FAULTS,
    LATE_WILL,
    LINK_FAULTS,
    NEWER,
    NONSENSE,
    OFFICERS_VANISH,
    POINTS,
    SLEEPS,
    SLOW_DISK,
    START_MS,
    TWIN,
    Fault,
    Plan,
    Word,
)
from sim.swarm.post import Post
from sim.swarm.reading import Reader, in_mind
from sim.swarm.scale import settles_ms
from sim.swarm.surroundings import Surroundings
from sim.swarm.weather import ahead_ms, slow_ms, worsen
from sim.swarm.words import body_of

_COPY_AGE_MS = 20 * SECOND_MS  # age of the copy that a disk is put back to


class World(Surroundings):
    """One run of a plan."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan)
        self._twins: dict[str, Post] = {}
        self._active: list[Fault] = []
        self._notices = itertools.count(1)

    async def play(self) -> Evidence:
        """Play it to its end."""
        self.clock = ScenarioClock(START_MS)
        self.clock.begin()
        self.posts = {name: Post(self, name) for name in self.line.stations}
        self._noise = Noise(self, self.posts)
        for post in self.posts.values():
            post.start()
        self.evidence.troubles += map(_trouble, self.plan.faults)
        for at_ms, _, step in sorted(self._steps(), key=lambda each: each[:2]):
            await sleep_until(self.clock, START_MS + at_ms)
            step()
        await sleep_until(self.clock, START_MS + self.plan.duration_ms)
        await self._settle()
        self._take_evidence()
        for post in self.posts.values():
            post.kill()
        await asyncio.sleep(0)
        return self.evidence

    def _steps(self) -> Iterator[tuple[int, int, Callable[[], None]]]:
        """Every step of the plan, with its time and its place among others of that time."""
        for word in self.plan.words:
            yield word.at_ms, 0, partial(self._say, word)
        for fault in self.plan.faults:
            yield fault.from_ms, 1, partial(self._begin, fault)
            yield fault.until_ms, 2, partial(self._end, fault)
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
        now_ms, longest_ms = self.clock.now_ms(), settles_ms(heartbeat_ms)
        give_up_ms, settled_ms = now_ms + longest_ms, now_ms + longest_ms // 3
        while self.clock.now_ms() < give_up_ms:
            await asyncio.sleep(max(heartbeat_ms / SECOND_MS / 10, 0.5))
            if self.clock.now_ms() >= settled_ms and self._is_level():
                return

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
                evidence.in_mind[name] = in_mind(post.node.machine.picture)
            lines = [row.raw for of in rows.values() for row in of]
            told_in_mind, told = reader.read_anew(post.journal, lines)
            evidence.in_mind |= {f"{name}, {how}": text for how, text in told_in_mind.items()}
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
            post.unsaid += said[0] is not Kind.REPLY
            post.node.say(*said)

    # Faults

    def _begin(self, fault: Fault) -> None:
        self.note(f"fault: {fault.kind} of {fault.whom} begins")
        self._active.append(fault)
        post = self.posts.get(fault.whom)
        if post is None:
            self._trouble_all(fault)
        elif fault.kind == TWIN:
            self._start_twin(post)
        elif fault.kind == OFFICERS_VANISH:
            post.desert(is_deserted=True)
        elif fault.kind == LATE_WILL:
            self._delay_will(post, fault)
        elif fault.kind in (*CLOCK_FAULTS, SLOW_DISK):
            self._set(post)
        elif fault.kind in LINK_FAULTS:
            self._trouble_link(fault)
        else:
            self._trouble_process(post, fault)

    def _delay_will(self, post: Post, fault: Fault) -> None:
        self.network.will_delays_ms[post.name] = (WILL_LATE_MS, None)[fault.how % 2]
        link = self.network.links[post.name]
        link.lose("the connection breaks", will=True)
        link.reconnect_soon()

    def _trouble_link(self, fault: Fault) -> None:
        self._set_conditions(fault.whom)
        if fault.kind.startswith("cut"):
            # Either side notices by its keepalive, if the cut lasts so long.
            loop = asyncio.get_running_loop()
            loop.call_later(fault.how % 20, self._notice_cut, fault.whom)

    def _trouble_process(self, post: Post, fault: Fault) -> None:
        if fault.kind in DISK_FAULTS:
            post.kill()
        elif fault.kind == "kill":
            self.network.will_delays_ms[post.name] = (0, WILL_LATE_MS, None)[fault.how % 3]
            post.kill()
        elif fault.kind in POINTS:
            post.armed = fault.kind
        elif post.node:
            post.sleep()
            if fault.kind == "deep-sleep":  # the broker's keepalive runs out
                link = self.network.links[post.name]
                asyncio.get_running_loop().call_later(fault.how % 20, link.be_given_up)

    def _start_twin(self, post: Post) -> None:
        """Play somebody who starts the station a second time, and tries whether it works."""
        twin = self._twins[post.name] = post.twin()
        twin.start()
        if twin.node:
            twin.node.say(Kind.CHECK, Check())

    def _trouble_all(self, fault: Fault) -> None:
        if fault.kind == "garbage":
            self._noise.throw()
        elif fault.kind == "flood":
            self._noise.flood(fault.how)
        else:
            self.network.stop(forget=fault.kind == "broker-wipe")

    def _set_conditions(self, whom: str) -> None:
        """Make a link as bad as all that is wrong with it now."""
        out, into = self.network.conditions[whom]
        for way in (out, into):
            vars(way).update(vars(Conditions()))
        for fault in self._active:
            if fault.whom == whom and fault.kind in LINK_FAULTS:
                only = fault.way or fault.kind.partition("-")[2]  # the kind of a cut says which
                for way in {"out": (out,), "in": (into,)}.get(only, (out, into)):
                    worsen(way, fault)

    def _notice_cut(self, whom: str) -> None:
        if any(way.cut for way in self.network.conditions[whom]):
            self.network.links[whom].lose("nothing comes through", will=True)

    def _end(self, fault: Fault) -> None:
        self.note(f"fault: {fault.kind} of {fault.whom} ends")
        self._active.remove(fault)
        post = self.posts.get(fault.whom)
        if post is None:
            if not any(other.kind in BROKER_FAULTS for other in self._active):
                self.network.start()
        elif fault.kind == TWIN:
            self._twins.pop(fault.whom).kill()
        elif fault.kind == OFFICERS_VANISH:
            post.desert(is_deserted=bool(self._last_of(post.name, (OFFICERS_VANISH,))))
        elif fault.kind in SLEEPS:
            if not self._last_of(post.name, SLEEPS):
                post.wake(reads_first=bool(fault.how % 2))
        elif fault.kind == LATE_WILL:
            self.network.will_delays_ms.pop(post.name, None)
        elif fault.kind in (*CLOCK_FAULTS, SLOW_DISK):
            self._set(post)
        elif fault.kind in LINK_FAULTS:
            self._set_conditions(fault.whom)
            self.network.links[fault.whom].reconnect_soon()
        else:
            self._bring_back(post, fault)

    def _set(self, post: Post) -> None:
        """Have a station's clock as wrong, and its disk as slow, as they are now."""
        skew, slow = (self._last_of(post.name, kinds) for kinds in (CLOCK_FAULTS, (SLOW_DISK,)))
        post.clock.ahead_ms = ahead_ms(skew) if skew else 0
        post.commit_takes_ms = slow_ms(slow) if slow else 0

    def _last_of(self, whom: str, kinds: Collection[str]) -> Fault | None:
        """The one of these faults of a station that counts now: the last that has begun."""
        found = (f for f in reversed(self._active) if f.whom == whom and f.kind in kinds)
        return next(found, None)

    def _bring_back(self, post: Post, fault: Fault) -> None:
        if fault.kind == "disk-loss":
            post.disk = self.keep(new_disk())
        elif fault.kind == "disk-restore" and post.old:
            post.disk = self.keep(copy_of(post.old))
        point = self._last_of(post.name, POINTS)
        post.armed = point.kind if point else ""
        if not self._last_of(post.name, ("kill", *DISK_FAULTS)):
            self.network.will_delays_ms.pop(post.name, None)
            post.start()


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
