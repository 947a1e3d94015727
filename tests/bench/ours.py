"""The hotline itself: three processes, journals on a real disk, everything stored by everybody."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

from hotline.address import BrokerAddress
from hotline.bodies import Kind
from hotline.clock import WallClock
from hotline.journal import Journal
from hotline.line import Line
from hotline.mqtt import MqttLink
from hotline.node import Node, inline, open_station
from hotline.notice import FlightNotice
from hotline.officer import Routine
from hotline.picture import What
from hotline.timers import Timers
from hotline.turn import Event, Heard, Received

LINE = Line("bench", ("near", "far"), ("watchdog",))
NOTICE = {
    "precedence": "PRIORITY",
    "category": "information",
    "activity": "survey",
    "aircraft_identification": "BENCH1",
    "aircraft_type": "C30J",
    "volumes": [
        {
            "volume": {
                "outline_circle": {"center": {"lat": 34.5, "lng": 37.6}, "radius": {"value": 9000}}
            }
        }
    ],
}


def station(
    name: str, port: int, state: Path, tell: Callable[[Event], None] = lambda _: None
) -> tuple[Node, Journal]:
    """One station as `hotline station` runs it, less the log; officers answer at once."""
    journal = Journal.create(state / name, LINE, name)
    node = Node(
        open_station(journal, LINE, name, Timers()),
        journal,
        MqttLink(BrokerAddress("127.0.0.1", port), name),
        WallClock(),
        officer=Routine("bench", 0) if name == "far" else None,
        tell=tell,
        blocking=inline,
    )
    return node, journal


async def serve(name: str, port: int, state: Path) -> None:
    """The other party, or the watchdog, until it is killed."""
    node, _ = station(name, port, state)
    await node.open()
    await node.run()


async def ask(port: int, state: Path, count: int, in_flight: int) -> tuple[float, list[float]]:
    """Seconds until `count` exchanges are stored by all three, and the round trip of each.

    An exchange: the notice said, stored by the other party and the watchdog, answered, and the
    answer stored by both.
    """
    began: dict[str, float] = {}
    trips: list[float] = []
    stored: dict[tuple[str, str], int] = {}
    all_stored = asyncio.get_running_loop().create_future()

    def say() -> None:
        number = f"N{len(began)}"
        began[number] = time.perf_counter()
        node.say(Kind.NOTICE, FlightNotice.model_validate({"notice": number, **NOTICE}))

    def tell(event: Event) -> None:
        if isinstance(event, Received):
            stored[event.reader, event.of] = event.upto
        elif isinstance(event, Heard):
            for change in event.changes:
                if change.what is What.ANSWERED and change.message and change.message.notice:
                    trips.append(time.perf_counter() - began[change.message.notice])
                    if len(began) < count:
                        say()
        everywhere = (("far", "near"), ("watchdog", "near"), ("watchdog", "far"))
        finished = len(trips) == count and all(stored.get(key, 0) >= count for key in everywhere)
        if finished and not all_stored.done():
            all_stored.set_result(None)

    node, _ = station("near", port, state, tell)
    await node.open()
    running = asyncio.create_task(node.run())
    await asyncio.sleep(0.5)  # all have greeted each other
    began_s = time.perf_counter()
    for _ in range(min(in_flight, count)):
        say()
    await all_stored
    seconds = time.perf_counter() - began_s
    node.stop()
    await running
    return seconds, trips
