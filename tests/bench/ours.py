"""The hotline itself: three processes, journals on a real disk, everything stored by everybody."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

from hotline.blocking import inline
from hotline.broker.address import BrokerAddress
from hotline.clock import WallClock
from hotline.journal.journal import Journal
from hotline.line import Line
from hotline.live import WATCHDOG_PACE_S, collect_seldom
from hotline.machine import open_station
from hotline.mqtt.link import MqttLink
from hotline.node import Node
from hotline.notice import FlightNotice
from hotline.picture.changes import What
from hotline.station.officer import Routine
from hotline.station.turn import Acknowledged, Event, Heard
from hotline.timers import Timers
from tests.bench.processes import tell_ready

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
    """One station as `hotline station` runs it, but without the log; officers answer at once."""
    collect_seldom()
    journal = Journal.create(state / name, LINE, name)
    journal.make_room()
    node = Node(
        open_station(journal, LINE, name, Timers()),
        journal,
        MqttLink(BrokerAddress("127.0.0.1", port), name),
        WallClock(),
        officer=Routine("bench", 0) if name == "far" else None,
        tell=tell,
        blocking=inline,
        pace_s=WATCHDOG_PACE_S if name in LINE.watchdogs else 0.0,
    )
    return node, journal


async def serve(name: str, port: int, state: Path) -> None:
    """The other party, or the watchdog, until it is killed."""
    node, _ = station(name, port, state)
    await node.open()
    tell_ready()
    await node.run()


async def ask(
    port: int, state: Path, count: int, in_flight: int, warm_up: int = 0
) -> tuple[float, list[float]]:
    """Seconds until all have stored `count` exchanges after the warm-up, and the trip of each.

    In an exchange, a notice is said, stored by the other party and the watchdog, and answered,
    and the answer is stored by both.
    """
    began: dict[str, float] = {}
    trips: list[float] = []
    stored: dict[tuple[str, str], int] = {}
    all_stored = asyncio.get_running_loop().create_future()
    total, began_s = count + warm_up, 0.0

    def say() -> None:
        number = f"N{len(began)}"
        began[number] = time.perf_counter()
        node.say(FlightNotice.model_validate({"notice": number, **NOTICE}))

    def tell(event: Event) -> None:
        nonlocal began_s
        if isinstance(event, Acknowledged):
            stored[event.reader, event.of] = event.upto
        for number in _answered(event):
            trips.append(time.perf_counter() - began[number])
            if len(trips) == warm_up:
                began_s = time.perf_counter()
            if len(began) < total:
                say()
        everywhere = (("far", "near"), ("watchdog", "near"), ("watchdog", "far"))
        finished = len(trips) == total and all(stored.get(key, 0) >= total for key in everywhere)
        if finished and not all_stored.done():
            all_stored.set_result(None)

    node, journal = station("near", port, state, tell)
    await node.open()
    running = asyncio.create_task(node.run())
    await asyncio.sleep(0.5)  # all have greeted each other
    began_s = time.perf_counter()
    for _ in range(min(in_flight, total)):
        say()
    await all_stored
    seconds = time.perf_counter() - began_s
    node.stop()
    await running
    journal.close()
    return seconds, trips[warm_up:]


def _answered(event: Event) -> list[str]:
    """The notices that this event brought an answer to."""
    messages = [
        change.message
        for change in (event.changes if isinstance(event, Heard) else ())
        if change.what is What.ANSWERED
    ]
    return [message.notice for message in messages if message and message.notice]
