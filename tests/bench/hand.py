"""Lines, records and statuses made by hand, so cheaply that making them is not what is measured."""

import time
from collections.abc import Mapping

from hotline.records import digest
from hotline.status import Role, Status
from hotline.times import format_instant
from hotline.topics import Channel, Topic

PLACE = (
    '"volumes":[{"volume":{"outline_circle":'
    '{"center":{"lat":34.5,"lng":37.6},"radius":{"value":9000}}}}]'
)


def notice(name: str, precedence: str) -> str:
    """The body of a notice: some information about a survey."""
    return (
        f'{{"notice":"{name}","precedence":"{precedence}","category":"information",'
        f'"activity":"survey","aircraft_identification":"BENCH1","aircraft_type":"C30J",{PLACE}}}'
    )


def roger(station: str, seq: int) -> str:
    """The body of a reply."""
    return f'{{"refers_to":{{"station":"{station}","seq":{seq}}},"answer":"ROGER"}}'


def line_toml(name: str, port: int, **timers: str) -> str:
    """The configuration of a line between near and far, on a broker of this machine."""
    times = "".join(f'{timer} = "{time}"\n' for timer, time in timers.items())
    return (
        f'line = "{name}"\n[parties.near]\ndisplay = "Near"\n[parties.far]\ndisplay = "Far"\n'
        f'[timers]\n{times}[broker]\nurl = "mqtt://127.0.0.1:{port}"\n'
    )


def now_ms() -> int:
    """The time of this machine, which is everybody's on it."""
    return time.time_ns() // 1_000_000


class Hand:
    """Writes the journal and the statuses of one party."""

    def __init__(self, line: str, station: str) -> None:
        self.line, self.station = line, station
        self.head = 0
        self.since_ms = now_ms()
        self._prev = ""

    def says(self, kind: str, body: str, at_ms: int) -> bytes:
        """Write the next record."""
        self.head += 1
        raw = (
            f'{{"v":1,"line":"{self.line}","station":"{self.station}","seq":{self.head},'
            f'"at":"{format_instant(at_ms)}","prev":"{self._prev}","kind":"{kind}","body":{body}}}'
        ).encode()
        self._prev = digest(raw)
        return raw

    def status(self, at_ms: int, held: Mapping[str, int], *, online: bool = True) -> bytes:
        """Say how far everything goes."""
        told = Status(
            self.line, self.station, at_ms, self.since_ms, online, self.head, held, Role.PARTY
        )
        return told.encode()

    def topic(self, channel: Channel) -> str:
        """Where it says that."""
        return str(Topic(self.line, self.station, channel))
