"""The noise on a simulated line: floods, garbage and forgeries."""

from collections.abc import Mapping

from hotline.bodies import Check
from sim.chance import coin
from sim.forgery import Forger
from sim.oracle.facts import Trouble
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
        world, evidence = self._world, self._world.evidence
        now_ms, network = world.clock.now_ms(), world.network
        for _ in range(_AT_ONCE):
            if coin(world.random):
                said = self._forger.forge(now_ms)
            else:
                said = self._forger.garbage(sorted(network.retained.values()))
            if not said.is_true:
                evidence.forged.add(said.publish.payload)
            if said.disputes:
                evidence.disputed.add(said.disputes)
                evidence.troubles.append(Trouble("forgery", EVERYTHING, now_ms, now_ms))
            if said.hides:
                evidence.troubles.append(Trouble("hiding", said.hides, now_ms, now_ms))
            network.route(said.publish)

    def _lines_of(self, name: str) -> list[bytes]:
        return [bytes(raw) for _, raw in self._posts[name].journal.rows(name)]
