"""Both parties of very many lines, played cheaply over one bare MQTT connection."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from hotline.times import parse_instant
from hotline.topics import Channel
from tests.bench.hand import Hand, notice, now_ms, roger
from tests.bench.raw import RawClient, join

HEARTBEAT_S = 5.0
_STEP_S = 0.02


@dataclass
class Verdict:
    """The fate of the flags that had to come."""

    missing: int = 0
    false: list[str] = field(default_factory=list)
    late_ms: list[int] = field(default_factory=list)


class Pair:
    """The two parties of one line. One record in six is a FLASH that nobody answers."""

    def __init__(self, line: str) -> None:
        self.near, self.far = Hand(line, "near"), Hand(line, "far")

    def says(self, client: RawClient, number: int, at_ms: int) -> str:
        """Say record `number`, which the other party has at once; return a FLASH's subject."""
        near, far = self.near, self.far
        subject = ""
        match number % 6:
            case 0:
                author, kind, body = near, "notice", notice(f"F{number}", "FLASH")
                subject = f"{near.line} near/{near.head + 1}"
            case 1 | 5:
                author, kind, body = far, "notice", notice(f"N{number}", "PRIORITY")
            case 3:
                author, kind, body = near, "notice", notice(f"N{number}", "PRIORITY")
            case 2:
                author, kind, body = near, "reply", roger("far", far.head)
            case _:
                author, kind, body = far, "reply", roger("near", near.head)
        raw = author.says(kind, body, at_ms)
        client.publish(author.topic(Channel.RECORDS).encode(), raw)
        self.beat(client, at_ms, far if author is near else near)
        return subject

    def beat(self, client: RawClient, at_ms: int, who: Hand) -> None:
        """Say how far everything goes; that is the receipt, too."""
        other = self.far if who is self.near else self.near
        status = who.status(at_ms, {other.station: other.head})
        client.publish(who.topic(Channel.STATUS).encode(), status, retain=True)


class Crowd:
    """All lines, and what their watchdogs say."""

    def __init__(self, lines: int, answer_ms: int, grace_ms: int) -> None:
        self._pairs = [Pair(f"l{number:04}") for number in range(lines)]
        self.answer_ms, self._grace_ms = answer_ms, grace_ms
        self._online: set[str] = set()
        self._due: dict[str, int] = {}
        self._came: dict[str, int] = {}
        self._false: list[str] = []
        self._client: RawClient | None = None

    @property
    def names(self) -> list[str]:
        """The lines' names."""
        return [pair.near.line for pair in self._pairs]

    @contextlib.asynccontextmanager
    async def connected(self, port: int) -> AsyncIterator[None]:
        """Have everybody online, with heartbeats, and listen to the watchdogs."""
        self._client = await join(port, b"hotline/v1/+/watchdog/#", self._hear)
        for pair in self._pairs:
            for who in (pair.near, pair.far):
                pair.beat(self._client, now_ms(), who)
        beating = asyncio.create_task(self._beat())
        try:
            yield
        finally:
            beating.cancel()
            self._client.close()

    @property
    def unwatched(self) -> int:
        """How many lines have no watchdog yet."""
        return len(self._pairs) - len(self._online)

    async def all_watched(self) -> None:
        """Wait until every line has its watchdog."""
        while self.unwatched:
            await asyncio.sleep(_STEP_S)

    async def talk(self, seconds: int) -> None:
        """Say a record a second on each line, evenly; wait until the last flag must be there."""
        assert self._client is not None
        loop = asyncio.get_running_loop()
        began_s, count = loop.time(), len(self._pairs)
        for number in range(seconds):
            for place, pair in enumerate(self._pairs):
                ahead_s = began_s + number + place / count - loop.time()
                if ahead_s > 0:
                    await asyncio.sleep(max(ahead_s, _STEP_S))
                at_ms = now_ms()
                if subject := pair.says(self._client, number, at_ms):
                    self._due[subject] = at_ms + self.answer_ms
        await asyncio.sleep(max(0, max(self._due.values()) + self._grace_ms - now_ms()) / 1_000)

    def verdict(self) -> Verdict:
        """Compare the flags that came with those that had to come."""
        late_ms = [
            came - self._due[subject] - self._grace_ms
            for subject, came in self._came.items()
            if subject in self._due
        ]
        unknown = [subject for subject in self._came if subject not in self._due]
        return Verdict(len(self._due) - len(late_ms), self._false + unknown, late_ms)

    async def _beat(self) -> None:
        assert self._client is not None
        pause_s = HEARTBEAT_S * 25 / len(self._pairs)
        while True:
            for place, pair in enumerate(self._pairs):
                for who in (pair.near, pair.far):
                    pair.beat(self._client, now_ms(), who)
                if place % 25 == 0:
                    await asyncio.sleep(pause_s)

    def _hear(self, payload: bytes) -> None:
        came_ms = now_ms()
        for raw in payload.splitlines():
            told = json.loads(raw)
            if "online" in told:
                self._online.add(told["line"])
            elif told.get("kind") == "flag":
                self._take(told, came_ms)

    def _take(self, told: dict[str, object], came_ms: int) -> None:
        flag = told["body"]
        assert isinstance(flag, dict)
        where = flag["subject"]
        subject = f"{told['line']} {where['station']}/{where.get('seq', '')}"
        if flag["rule"] != "unanswered":
            self._false.append(f"{flag['rule']} {subject}")
        elif flag["level"] == "WARNING":
            self._came.setdefault(subject, came_ms)
            if came_ms < parse_instant(flag["due"]):
                self._false.append(f"too early: {subject}")
