"""How fast time may run: measures the path of a record, and refuses a speed that it cannot bear.

At speed N every timer is N times shorter in real time, but disk and broker stay as they are. The
shortest time in the line's rules is the grace, for what is still on its way when a deadline passes.
So a trip must fit into it, with room for a machine's hiccups.
"""

import asyncio
import secrets
import time
from contextlib import ExitStack, closing
from pathlib import Path

from hotline.blocking import in_thread
from hotline.bodies import Check, Kind
from hotline.broker.address import BrokerAddress
from hotline.errors import LocalError, TransportError
from hotline.inbox import Inbox
from hotline.journal.journal import Journal
from hotline.line import Line
from hotline.mqtt.link import MqttLink
from hotline.records import Record, write
from hotline.station.turn import Incoming, Publish
from hotline.timers import Timers
from hotline.times import format_duration
from hotline.topics import Channel, Topic, every_topic_of
from hotline.transport import Arrival

_TRIPS = 40
_CHANCES = 3
_PATIENCE_S = 5
_COUNTED = 0.9  # of the trips are at least as fast
_ROOM = 2  # for the slowest tenth


async def measure(
    address: BrokerAddress, line: Line, state: Path, speed: float, timers: Timers
) -> float:
    """The trip of a record, in ms: onto one disk, through the broker, onto the other disk.

    It goes beneath the root of each station in turn: nowhere else need a broker let us write. A
    machine that is busy for a moment gets a second and a third chance to bear the speed.

    Raises:
        BrokerUnreachable: there is no broker.
        TransportError: the broker took the messages and did not deliver them.
    """
    token = secrets.token_hex(4)
    ways = [str(Topic(line.name, station, Channel.PATH, token)) for station in line.stations]
    inbox: Inbox[Arrival] = Inbox()
    near, far = (MqttLink(address, f"{line.name}-{party}") for party in line.parties)
    will, opened = Publish(ways[0], b""), ExitStack()
    try:
        journals = [
            opened.enter_context(closing(Journal.create(state / party, line, party)))
            for party in line.parties
        ]
        await far.open(ways, lambda: will, inbox.put)
        await near.open([f"{ways[0]}/back"], lambda: will, lambda _: None)
        path_ms = float("inf")
        for begin in range(0, _CHANCES * _TRIPS, _TRIPS):
            numbers = range(begin + 1, begin + _TRIPS + 1)
            sent = ((_record(line, seq), ways[seq % len(ways)]) for seq in numbers)
            trips = [await _trip(record, way, near, inbox, journals) for record, way in sent]
            path_ms = min(path_ms, sorted(trips)[int(_TRIPS * _COUNTED) - 1])
            if speed <= highest_speed(path_ms, timers):
                break
    except TimeoutError:
        raise TransportError(
            f"the broker at {address} took a message but did not deliver it within {_PATIENCE_S} s:"
            f" does its access list let us write and read {every_topic_of(line.name)}?"
        ) from None
    finally:
        await near.close()
        await far.close()
        opened.close()
    return path_ms


def _record(line: Line, seq: int) -> Record:
    return write(
        line=line.name,
        station=line.parties[0],
        seq=seq,
        at_ms=0,
        prev="",
        kind=Kind.CHECK,
        body=Check(remarks="." * 300),
    )


async def _trip(
    record: Record, way: str, near: MqttLink, inbox: Inbox[Arrival], journals: list[Journal]
) -> float:
    began_s = time.perf_counter()
    await in_thread(lambda: journals[0].append([record]))
    await near.publish(Publish(way, record.raw))
    async with asyncio.timeout(_PATIENCE_S):
        while True:
            arrivals = await inbox.take(None)
            if any(isinstance(a, Incoming) and a.payload == record.raw for a in arrivals):
                break
    await in_thread(lambda: journals[1].append([record]))
    return (time.perf_counter() - began_s) * 1_000


def highest_speed(path_ms: float, timers: Timers) -> float:
    """The highest speed at which trips fit into the grace, rounded down where it is above 1."""
    highest = timers.grace_ms / (path_ms * _ROOM)
    return int(highest) if highest >= 1 else highest


def require_sound(speed: float, path_ms: float, timers: Timers) -> None:
    """Refuse a speed at which flags would be guesses.

    Raises:
        LocalError: it is too high; the text names the highest that is sound.
    """
    highest = highest_speed(path_ms, timers)
    if speed > highest:
        raise LocalError(
            f"speed {speed:g} is too fast here: a record takes {path_ms:.1f} ms through disk and"
            f" broker, and the line's grace of {format_duration(timers.grace_ms)} would last only"
            f" {timers.grace_ms / speed:.2g} ms, so flags would be guesses."
            f" The highest sound speed is {highest:g}; or play it with --virtual"
        )
