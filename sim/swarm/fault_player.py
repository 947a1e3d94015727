"""The faults of a simulated run: begun, and undone when their time is over."""

import asyncio
from collections.abc import Collection, Mapping

from hotline.bodies import Check
from sim.scenario.fault import WILL_LATE_MS
from sim.swarm.disk import copy_of, new_disk
from sim.swarm.effects import ahead_ms, slow_ms, worsen
from sim.swarm.network import Conditions
from sim.swarm.noise import Noise
from sim.swarm.plan import (
    BROKER_FAULTS,
    CLOCK_FAULTS,
    DISK_FAULTS,
    ENDINGS,
    IMPORT,
    LATE_WILL,
    LEAVE,
    LINK_FAULTS,
    OFFICERS_VANISH,
    POINTS,
    SLEEPS,
    SLOW_DISK,
    TWIN,
    Fault,
)
from sim.swarm.post import Post
from sim.swarm.surroundings import Surroundings


class FaultPlayer:
    """Has things go wrong with the stations, the links and the broker of a line."""

    def __init__(self, world: Surroundings, posts: Mapping[str, Post]) -> None:
        self._world = world
        self._network = world.network
        self._posts = posts
        self._noise = Noise(world, posts)
        self._twins: dict[str, Post] = {}
        self._active: list[Fault] = []  # as they began

    def begin(self, fault: Fault) -> None:
        """Let something go wrong."""
        self._world.note(f"fault: {fault.kind} of {fault.whom} begins")
        self._active.append(fault)
        post = self._posts.get(fault.whom)
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
        self._network.will_delays_ms[post.name] = (WILL_LATE_MS, None)[fault.how % 2]
        link = self._network.links[post.name]
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
            self._network.will_delays_ms[post.name] = (0, WILL_LATE_MS, None)[fault.how % 3]
            post.kill()
        elif fault.kind in POINTS:
            post.armed = fault.kind
        elif fault.kind == LEAVE:
            post.leave()
        elif fault.kind == IMPORT:
            others = self._world.line.others(post.name)
            post.take_in(self._posts[others[fault.how % len(others)]])
        elif post.node:
            post.sleep()
            if fault.kind == "deep-sleep":  # the broker's keepalive runs out
                link = self._network.links[post.name]
                asyncio.get_running_loop().call_later(fault.how % 20, link.be_given_up)

    def _start_twin(self, post: Post) -> None:
        """Play somebody who starts the station a second time, and tries whether it works."""
        twin = self._twins[post.name] = post.twin()
        twin.start()
        if twin.node:
            twin.node.say(Check())

    def _trouble_all(self, fault: Fault) -> None:
        if fault.kind == "garbage":
            self._noise.throw()
        elif fault.kind == "flood":
            self._noise.flood(fault.how)
        else:
            self._network.stop(forget=fault.kind == "broker-wipe")

    def _set_conditions(self, whom: str) -> None:
        """Make a link as bad as all that is wrong with it now."""
        out, into = self._network.conditions[whom]
        for way in (out, into):
            vars(way).update(vars(Conditions()))
        for fault in self._active:
            if fault.whom == whom and fault.kind in LINK_FAULTS:
                only = fault.way or fault.kind.partition("-")[2]  # the kind of a cut says which
                for way in {"out": (out,), "in": (into,)}.get(only, (out, into)):
                    worsen(way, fault)

    def _notice_cut(self, whom: str) -> None:
        if any(way.cut for way in self._network.conditions[whom]):
            self._network.links[whom].lose("nothing comes through", will=True)

    def end(self, fault: Fault) -> None:
        """Undo a fault, unless another one has the same effect."""
        self._world.note(f"fault: {fault.kind} of {fault.whom} ends")
        self._active.remove(fault)
        post = self._posts.get(fault.whom)
        if post is None:
            if not any(other.kind in BROKER_FAULTS for other in self._active):
                self._network.start()
        elif fault.kind == TWIN:
            self._twins.pop(fault.whom).kill()
        elif fault.kind == OFFICERS_VANISH:
            post.desert(is_deserted=bool(self._last_of(post.name, (OFFICERS_VANISH,))))
        elif fault.kind == LATE_WILL:
            self._network.will_delays_ms.pop(post.name, None)
        elif fault.kind in (*CLOCK_FAULTS, SLOW_DISK):
            self._set(post)
        elif fault.kind in LINK_FAULTS:
            self._set_conditions(fault.whom)
            self._network.links[fault.whom].reconnect_soon()
        else:
            self._mend_process(post, fault)

    def _set(self, post: Post) -> None:
        """Have a station's clock as wrong, and its disk as slow, as they are now."""
        skew, slow = (self._last_of(post.name, kinds) for kinds in (CLOCK_FAULTS, (SLOW_DISK,)))
        post.set_clock(ahead_ms(skew) if skew else 0)
        post.commit_takes_ms = slow_ms(slow) if slow else 0

    def _last_of(self, whom: str, kinds: Collection[str]) -> Fault | None:
        """The one of these faults of a station that counts now: the last that has begun."""
        found = (f for f in reversed(self._active) if f.whom == whom and f.kind in kinds)
        return next(found, None)

    def _mend_process(self, post: Post, fault: Fault) -> None:
        if fault.kind in (*ENDINGS, *DISK_FAULTS):
            self._bring_back(post, fault)
        elif fault.kind in SLEEPS and not self._last_of(post.name, SLEEPS):
            post.wake(reads_first=bool(fault.how % 2))

    def _bring_back(self, post: Post, fault: Fault) -> None:
        if fault.kind == "disk-loss":
            post.disk = self._world.keep(new_disk())
        elif fault.kind == "disk-restore" and post.old:
            post.disk = self._world.keep(copy_of(post.old))
        point = self._last_of(post.name, POINTS)
        post.armed = point.kind if point else ""
        if not self._last_of(post.name, ("kill", LEAVE, *DISK_FAULTS)):
            self._network.will_delays_ms.pop(post.name, None)
            post.start()
