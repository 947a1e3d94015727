"""The noise on a simulated line: floods, garbage and forgeries."""

from collections.abc import Mapping

from hotline.bodies import Check
from sim.chance import coin
from sim.forgery import Forger
from sim.garbage import garbage
from sim.oracle.evidence import Trouble
from sim.swarm.plan import EVERYTHING, PARTIES
from sim.swarm.post import Post
from sim.swarm.surroundings import Surroundings

_AT_ONCE = 20  # messages that nobody should say


class Noise:
    """Those who talk too much on a line, or have no business there."""

    def __init__(self, world: Surroundings, posts: Mapping[str, Post]) -> None:
        self._world = world
        self._posts = posts
        self._forger = Forger(world.line, world.random, self._lines_of)

    def flood(self, count: int) -> None:
        """Have both parties say this many checks at once."""
        for name in PARTIES:
            if node := self._posts[name].node:
                self._posts[name].unsaid += count
                for _ in range(count):
                    node.say(Check())

    def throw(self) -> None:
        """Say what nobody should: half of the time something that makes sense."""
        for _ in range(_AT_ONCE):
            if coin(self._world.random):
                self._forge()
            else:
                self._throw_garbage()

    def _throw_garbage(self) -> None:
        network, evidence = self._world.network, self._world.evidence
        retained = sorted(network.retained.values())
        thrown, is_forged = garbage(
            self._world.random,
            self._world.line.name,
            self._world.line.stations,
            retained,
            lambda of: self._posts[of].journal.upto.get(of, 0),
        )
        if is_forged:
            evidence.forged.add(thrown.payload)
        network.route(thrown)

    def _forge(self) -> None:
        now_ms, evidence = self._world.clock.now_ms(), self._world.evidence
        forgery = self._forger.forge(now_ms)
        if not forgery.is_true:
            evidence.forged.add(forgery.publish.payload)
        if forgery.disputes:
            evidence.disputed.add(forgery.disputes)
            evidence.troubles.append(Trouble("forgery", EVERYTHING, now_ms, now_ms))
        self._world.network.route(forgery.publish)

    def _lines_of(self, name: str) -> list[bytes]:
        return [bytes(raw) for _, raw in self._posts[name].journal.rows(name)]
