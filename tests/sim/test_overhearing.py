"""What a node does between two turns is nothing that a turn would have done otherwise."""

import pytest

from hotline.node import Node
from hotline.station.station import Station
from hotline.station.turn import Incoming, Publish, Turn
from hotline.transport import Arrival
from sim.swarm.drawing import draw
from sim.swarm.world import play


class _Checked:
    """Puts what was overheard before a turn all the same, and counts the turns of that alone."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.turns = 0
        self._overheard: dict[Node, int] = {}
        self._arrive, self._feed = Node._arrive, Node._feed
        # As functions they become methods of the node's, which our own methods would not.
        patch.setattr(Node, "_arrive", lambda node, arrival: self.arrive(node, arrival))  # noqa: PLW0108 -- a function binds, a method does not
        patch.setattr(Node, "_feed", lambda node, arrivals, at: self.feed(node, arrivals, at))  # noqa: PLW0108 -- a function binds, a method does not

    def arrive(self, node: Node, arrival: Arrival) -> None:
        wait_s = node._wait_s()
        is_due = wait_s is not None and wait_s < 0.001
        rested, before = node._rests, len(node._inbox._items)
        self._arrive(node, arrival)
        if rested and isinstance(arrival, Incoming) and len(node._inbox._items) == before:
            if not before and not is_due:
                self._overheard[node] = node._clock.now_ms()
            node._rests = False
            node._inbox.put(arrival)

    def feed(self, node: Node, arrivals: list[Arrival], now_ms: int) -> bool:
        is_alone = self._overheard.pop(node, None) == now_ms and len(arrivals) == 1
        goes_on = self._feed(node, arrivals, now_ms)
        if is_alone:
            self.turns += 1
            machine = node.machine
            flush = machine.flush

            def flushed(now_ms: int, ahead_ms: int) -> Turn:
                del machine.__dict__["flush"]
                turn = flush(now_ms, ahead_ms)
                assert turn == Turn(), "nothing was to follow"
                return turn

            machine.__dict__["flush"] = flushed
        return goes_on


def test_a_turn_after_what_was_overheard_would_do_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """In any trouble: it would store, say, show and tell nothing."""
    checked = _Checked(monkeypatch)
    for seed in range(20):
        assert play(draw(seed)).failures == []
    assert checked.turns > 1_000


def test_a_heartbeat_between_two_turns_is_the_one_of_a_turn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In any trouble: if each takes a turn of its own, the run is the same."""
    beats = 0
    beat = Station.beat

    def counted(self: Station, now_ms: int) -> Publish | None:
        nonlocal beats
        heartbeat = beat(self, now_ms)
        beats += heartbeat is not None
        return heartbeat

    monkeypatch.setattr(Station, "beat", counted)
    histories = [play(draw(seed)) for seed in range(12)]
    assert beats > 1_000
    monkeypatch.setattr(Station, "beat", lambda *_: None)
    assert [play(draw(seed)) for seed in range(12)] == histories
