"""What an open notice costs a watchdog: memory, and the time for one more record."""

import json
import resource
import time
from collections.abc import Iterator

from hotline.picture import Picture
from hotline.records import digest
from hotline.station import Station
from hotline.status import Role, Status
from hotline.timers import Timers
from hotline.times import format_instant
from hotline.topics import Channel, Topic
from hotline.turn import Incoming
from hotline.watchdog import Watchdog
from tests.bench.ours import LINE, NOTICE

BATCH = 100
LAST = 1_000
NOW_MS = 1_768_000_000_000


def lines(count: int) -> Iterator[bytes]:
    """The journal of `near`: notices that nobody will answer."""
    prev, at = "", format_instant(NOW_MS)
    for seq in range(1, count + 1):
        record = {"v": 1, "line": LINE.name, "station": "near", "seq": seq, "at": at, "prev": prev}
        raw = json.dumps(record | {"kind": "notice", "body": {"notice": f"N{seq}", **NOTICE}})
        prev = digest(raw.encode())
        yield raw.encode()


def cost(open_notices: int) -> tuple[float, float]:
    """Bytes for each open notice, and microseconds for one record at that number of them."""
    station = Station(LINE, "watchdog", Timers(), {}, Picture(LINE))
    watchdog = Watchdog(station, Timers())
    watchdog.connecting(NOW_MS)
    watchdog.connected(NOW_MS)
    for party in LINE.parties:
        watchdog.hear(_status(party), NOW_MS)
    records = Topic(LINE.name, "near", Channel.RECORDS)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    last_s = 0.0
    batch: list[bytes] = []
    for seq, raw in enumerate(lines(open_notices), 1):
        batch.append(raw)
        if len(batch) < BATCH:
            continue
        began_s = time.perf_counter()
        watchdog.hear(Incoming(str(records), b"\n".join(batch)), NOW_MS)
        watchdog.tick(NOW_MS)
        watchdog.flush(NOW_MS)
        watchdog.due_ms()
        if seq > open_notices - LAST:
            last_s += time.perf_counter() - began_s
        batch.clear()
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return (after - before) * 1_024 / open_notices, last_s / LAST * 1e6


def _status(party: str) -> Incoming:
    told = Status(
        line=LINE.name,
        station=party,
        at_ms=NOW_MS,
        since_ms=NOW_MS,
        online=True,
        head=0,
        held={},
        role=Role.PARTY,
    )
    return Incoming(str(Topic(LINE.name, party, Channel.STATUS)), told.encode())
