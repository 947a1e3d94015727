"""A party's station as a process: the real one, with its part of the plan as its traffic.

In `hotline station` nobody speaks of his own accord, and it does not tell what is committed. So
this runs the same, with a scripted officer, somebody who speaks, and a side file on stdout.
"""

import argparse
import asyncio
import heapq
import itertools
import os
import sys
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path

from hotline.bodies import Answer, Body, Cancel, Check
from hotline.clock import WallClock
from hotline.config.config import load
from hotline.errors import BrokerUnreachable, LocalError
from hotline.live import Service, serve
from hotline.logs.stream import LogFormat, LogLevel, LogStream
from hotline.node import Node
from hotline.notice import (
    Activity,
    Category,
    Circle,
    FlightNotice,
    LatLngPoint,
    Precedence,
    Radius,
    Time,
    Volume3D,
    Volume4D,
)
from hotline.picture.lifecycle import Answering, Asks
from hotline.picture.message import Message
from hotline.station.officer import Officer, reply_to
from hotline.station.station import Station
from hotline.station.turn import Acknowledged, CameOnline, Event, FellSilent, LinkDown, LinkUp, Said
from tests.torture.drawing import make_plan
from tests.torture.evidence import open_record, read_heads, read_journals
from tests.torture.line import other
from tests.torture.plan import Manner, Say, label_of
from tests.torture.processes import NO_BROKER, NO_DISK
from tests.torture.side import SideFile

_LOOK_S = 0.02
PROMISE_MS = 2_500  # a STANDBY promises an answer within this


def _label(message: Message) -> str:
    return label_of(message.kind, message.notice, message.revision, message.text)


class Desk(Officer):
    """An officer who treats every message as the plan says, and notes what he was shown."""

    def __init__(self, plan: Sequence[Say], life: str, side: SideFile) -> None:
        self._plan = {say.label: say for say in plan}
        self._life = life
        self._side = side
        self._answers: list[tuple[int, int, Message, bool]] = []
        self._count = 0

    def show(self, message: Message, now_ms: int) -> None:
        """Look at it, and decide."""
        self._side.write(event="shown", life=self._life, at=now_ms, ref=str(message.ref))
        say = self._plan[_label(message)]
        if message.answering is Answering.STANDBY:  # said in an earlier life
            self._conclude(say, message, now_ms)
        elif say.manner is not Manner.NEVER:
            self._later(now_ms + round(say.reading_s * 1000), message, first=True)

    def due_ms(self) -> int | None:
        """When the next answer is ready."""
        return self._answers[0][0] if self._answers else None

    def say(self, now_ms: int) -> Sequence[Body]:
        """Give the answers that are ready and still wanted."""
        replies: list[Body] = []
        while self._answers and self._answers[0][0] <= now_ms:
            _, _, message, first = heapq.heappop(self._answers)
            if not message.waits:
                continue
            say = self._plan[_label(message)]
            answer, reason, expected_ms = Answer.ROGER, None, None
            if first and message.answering is Answering.STANDBY:  # our word came back to us
                self._conclude(say, message, now_ms)
                continue
            if first and say.manner in (Manner.STANDBY, Manner.STANDBY_ONLY):
                answer, expected_ms = Answer.STANDBY, now_ms + PROMISE_MS
                self._conclude(say, message, now_ms)
            elif message.asks is Asks.DECISION and say.manner is Manner.REJECT:
                answer, reason = Answer.REJECT, "not today"
            elif message.asks is Asks.DECISION:
                answer = Answer.ACCEPT
            replies.append(reply_to(message, answer, "desk", reason, expected_ms))
        return replies

    def _conclude(self, say: Say, message: Message, now_ms: int) -> None:
        if say.manner is Manner.STANDBY:
            self._later(now_ms + round(say.then_s * 1000), message, first=False)

    def _later(self, at_ms: int, message: Message, *, first: bool) -> None:
        self._count += 1
        heapq.heappush(self._answers, (at_ms, self._count, message, first))


def _body(say: Say, now_ms: int) -> Body:
    if say.kind == "check":
        return Check(remarks=say.label)
    if say.kind == "cancel":
        return Cancel(notice=say.notice, reason="weather")
    circle = Circle(center=LatLngPoint(lat=34.5, lng=38.2), radius=Radius(value=5_000))
    start = None if say.lead_s is None else Time(value=now_ms + round(say.lead_s * 1000))
    return FlightNotice(
        notice=say.notice,
        revision=say.revision,
        precedence=Precedence(say.precedence),
        category=Category.REQUEST if say.request else Category.INFORMATION,
        activity=Activity.SURVEY,
        aircraft_identification="TRK42",
        aircraft_type="C130",
        volumes=(Volume4D(volume=Volume3D(outline_circle=circle), time_start=start),),
    )


async def _speak(node: Node, plan: Sequence[Say], state: Path, zero_ms: int) -> None:
    """Say what has not been said yet; say at once what was due while we were dead.

    We know what was said when all our own words are here, also those of a lost disk.
    """
    machine, clock = node.machine, WallClock()
    while not machine.may_speak or not _has_on_disk(state, machine):
        await asyncio.sleep(_LOOK_S)
    said = set(_said(state, machine.name))
    for say in plan:
        if say.label not in said:
            await asyncio.sleep(clock.wait_s(zero_ms + round(say.at_s * 1000)))
            node.say(_body(say, clock.now_ms()))


def _has_on_disk(state: Path, machine: Station) -> bool:
    return read_heads(state)[machine.name] >= machine.picture.heads.get(machine.name, 0)


def _said(state: Path, name: str) -> Iterator[str]:
    for row in read_journals(state).get(name, ()):
        entry = open_record(name, row)
        if entry.kind != "reply":
            get = entry.body.get
            yield label_of(entry.kind, get("notice"), get("revision"), get("remarks", ""))


class _Tell:
    """Writes down what the judge needs: commits, receipts, and stations that came and went."""

    def __init__(self, side: SideFile, life: int, clock: WallClock) -> None:
        self._side = side
        self._life = life
        self._clock = clock

    def __call__(self, event: Event) -> None:
        at, life = self._clock.now_ms(), self._life
        match event:
            case Said(record, _):
                self._side.write(event="said", life=life, at=at, raw=record.raw.decode())
            case Acknowledged(reader, of, _, upto):
                self._side.write(event="receipt", life=life, at=at, by=reader, of=of, upto=upto)
            case FellSilent(station, reason):
                self._side.write(event="silent", life=life, at=at, station=station, why=reason)
            case CameOnline(station):
                self._side.write(event="online", life=life, at=at, station=station)
            case LinkUp():
                self._side.write(event="up", life=life, at=at)
            case LinkDown(reason):
                self._side.write(event="down", life=life, at=at, why=reason)
            case _:
                pass


def _or_die(task: asyncio.Task[None]) -> None:
    """End the process if a task fails: a silent party would make a run look better than it was."""
    if not task.cancelled() and (error := task.exception()):
        traceback.print_exception(error)
        os._exit(1)


async def _run(arguments: argparse.Namespace) -> None:
    name, life = arguments.name, arguments.life
    plan = make_plan(arguments.seed, arguments.minutes)
    config = load(arguments.line, arguments.broker)
    side = SideFile(sys.stdout.fileno())
    starts = itertools.count(1)

    def at_desk() -> Desk:
        return Desk(plan.says[other(name)], f"{life}.{next(starts)}", side)

    async def speak(node: Node) -> None:
        speaking = asyncio.create_task(
            _speak(node, plan.says[name], arguments.state, arguments.zero)
        )
        speaking.add_done_callback(_or_die)
        await speaking

    service = Service(
        config,
        name,
        arguments.state,
        at_desk,
        LogStream(LogFormat.JSON, LogLevel.DEBUG),
        tell=_Tell(side, life, WallClock()),
        beside=speak,
    )
    await serve(service)


def main() -> int:
    """Run one life of a party."""
    parser = argparse.ArgumentParser()
    parser.add_argument("name")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--zero", type=int, required=True, help="when the plan began, in epoch ms")
    parser.add_argument("--life", type=int, required=True)
    parser.add_argument("--line", type=Path, required=True)
    parser.add_argument("--broker", required=True)
    parser.add_argument("--state", type=Path, required=True)
    try:
        asyncio.run(_run(parser.parse_args()))
    except BrokerUnreachable:
        return NO_BROKER
    except LocalError as error:
        sys.stderr.write(f"{error}\n")
        return NO_DISK
    return 0


if __name__ == "__main__":
    sys.exit(main())
