"""How far a station knows the parties' journals to go, by what reaches it."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from pydantic_core import from_json

from hotline import topics
from hotline.station.turn import Incoming
from hotline.topics import Channel
from sim.swarm.plan import PARTIES

ALL_BUT_THE_TIME = b'"online":'  # of a status: it comes after this


class Heads(NamedTuple):
    """How far journals go, by author, as somebody tells who is there, or no longer is."""

    upto: Sequence[tuple[str, int]] = ()
    is_there: bool = True


class Hearsay:
    """What one station is told; statuses that only repeat the last one are not read again."""

    def __init__(self) -> None:
        self._last: dict[str, tuple[bytes, Heads]] = {}

    def heads_in(self, incoming: Incoming) -> Heads:
        """How far journals go by a status, or by a record that a party says itself."""
        topic = topics.parse(incoming.topic)
        try:
            if topic and topic.channel is Channel.STATUS:
                told = incoming.payload.partition(ALL_BUT_THE_TIME)[2]
                before, heads = self._last.get(topic.station, (b"", Heads()))
                if told != before:
                    heads = _heads_of(from_json(incoming.payload), topic.station)
                    self._last[topic.station] = told, heads
                return heads
            if topic and topic.channel is Channel.RECORDS:
                last = from_json(incoming.payload.rsplit(b"\n", 1)[-1])
                is_own = last["station"] == topic.station and topic.station in PARTIES
                return Heads([(topic.station, last["seq"])] if is_own else ())
        except (ValueError, TypeError, LookupError):
            pass  # garbage
        return Heads()


def _heads_of(told: dict[str, Any], station: str) -> Heads:
    """How far the parties' journals go by a status, if this station has signed it."""
    if told["station"] != station:
        return Heads()
    heads = {**told["held"], station: told["head"]}
    return Heads([(of, heads[of]) for of in PARTIES if of in heads], told["online"])
