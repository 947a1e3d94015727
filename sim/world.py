"""A simulated line under its plan: stations, officers, network and disks on a virtual clock.

First everything goes wrong that the plan says; then all is mended, and the line must settle.
"""

import asyncio
import itertools
import json
import sqlite3
from collections.abc import Callable
from dataclasses import astuple
from functools import partial
from random import Random
from typing import TypeVar

from hotline import keeper
from hotline.bodies import Body, Cancel, Check, Kind
from hotline.clock import ScenarioClock
from hotline.lifecycle import Message, Standing
from hotline.line import Line
from hotline.node import Node, open_station
from hotline.notice import Activity, Category, FlightNotice, Precedence, Volume4D
from hotline.officer import Nobody
from hotline.picture import Picture
from hotline.records import Record
from hotline.times import MINUTE_MS, SECOND_MS
from hotline.turn import CameOnline, Event, FellSilent, Heard, Incoming, Publish, Refused
from sim import virtual_time
from sim.desk import DrawnOfficer
from sim.disk import WatchedJournal, copy_of, new_disk
from sim.evidence import Claim, Committed, History, Ref, Row, Seen, Shown, Told, Trouble
from sim.faults import Conditions, Crashed, Network
from sim.plan import (
    BROKER_FAULTS,
    CLOCK_FAULTS,
    DISK_FAULTS,
    LINK_FAULTS,
    PARTIES,
    STATION_FAULTS,
    STATIONS,
    WATCHDOG,
    Fault,
    Plan,
    Word,
)

T = TypeVar("T")

START_MS = 1_767_225_600_000  # 2026-01-01T00:00:00Z
LINE = Line("swarm", PARTIES, (WATCHDOG,))
_CONVERGES_MS = 2 * MINUTE_MS
_COPY_AGE_MS = 20 * SECOND_MS  # of the journal that a disk is put back to
_AREA = {"outline_circle": {"center": {"lat": 36, "lng": 38}, "radius": {"value": 5000}}}


class ShiftedClock:
    """A station's own clock, which may be set."""

    def __init__(self, base: ScenarioClock, post: "Post") -> None:
        self._base = base
        self._post = post
        self._last_ms = post.ahead_ms

    def now_ms(self) -> int:
        """What the clock shows."""
        return self._base.now_ms() + self._post.ahead_ms

    def wait_s(self, until_ms: int) -> float:
        """How long until it shows this."""
        return self._base.wait_s(until_ms - self._post.ahead_ms)

    def jumped_ms(self) -> int:
        """By how much it was set since the last call."""
        by_ms, self._last_ms = self._post.ahead_ms - self._last_ms, self._post.ahead_ms
        return by_ms


class Post:
    """One station: its disk, which outlives its processes, and the process that runs now."""

    def __init__(self, world: "World", name: str) -> None:
        self.name = name
        self.ahead_ms = 0
        self.disk = new_disk()
        self.old: sqlite3.Connection | None = None
        self.armed = ""
        self.life = 0
        self.unsaid = 0
        self.node: Node | None = None
        self.journal: WatchedJournal
        self.officer: DrawnOfficer | None = None
        self._world = world
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Start a process from the disk."""
        if self._task and not self._task.done():
            return
        world, name = self._world, self.name
        self.life += 1
        self.unsaid, self.armed = 0, ""
        self.journal = WatchedJournal.over(self.disk, LINE, name, self._committed)
        machine = open_station(self.journal, LINE, name, world.plan.timers)
        if name in PARTIES:
            seed = f"{world.plan.seed}/{name}"
            self.officer = DrawnOfficer(seed, world.plan.absent / 100, self._shown)
            self.officer.quiet = world.quiet
        self.node = Node(
            machine,
            self.journal,
            world.network.link(name, self._published),
            ShiftedClock(world.clock, self),
            officer=self.officer or Nobody(),
            tell=self._tell,
            blocking=self._blocking,
        )
        world.note(f"{name} starts, life {self.life}")
        self._task = asyncio.create_task(self._live(self.node), name=f"station {name}")

    def copy(self) -> None:
        """Take a copy of the disk, to which it may be put back."""
        self.old = copy_of(self.disk)

    def kill(self) -> None:
        """End the process between two turns."""
        if self._task and not self._task.done():
            self._task.cancel()

    async def _live(self, node: Node) -> None:
        try:
            await node.open()
            await node.run()
        except (Crashed, asyncio.CancelledError):
            self._world.note(f"{self.name} dies")
        except Exception as error:  # noqa: BLE001 -- any other end is a violation
            self._world.history.failures.append(f"{self.name} failed: {error!r}")
        finally:
            self.node = None

    async def _blocking(self, work: Callable[[], T]) -> T:
        if self.armed == "before-commit":
            raise Crashed
        done = work()
        if self.armed == "after-commit":
            raise Crashed
        return done

    def _published(self, publish: Publish) -> None:
        if self.armed == "between-publishes" and self._world.random.random() < 0.5:  # noqa: PLR2004
            raise Crashed
        channel = publish.topic.split("/")[4]
        if channel == "status":
            told = json.loads(publish.payload)
            self.claim("status", self.name, told["head"])
            for of, upto in told["held"].items():
                self.claim("status", of, upto)
        elif channel in ("records", "replay"):
            for line in publish.payload.split(b"\n"):
                said = json.loads(line)
                self.claim(channel, said["station"], said["seq"])

    def claim(self, what: str, of: str, upto: int) -> None:
        """The station let out that it has this."""
        now_ms, held = self._world.clock.now_ms(), self.journal.upto.get(of, 0)
        self._world.history.claims.append(Claim(now_ms, self.name, what, of, upto, held))

    def _committed(self, record: Record) -> None:
        if record.station == self.name:
            if record.kind != Kind.REPLY:
                self.unsaid = max(self.unsaid - 1, 0)
            at_ms, ref = self._world.clock.now_ms(), Ref(*record.ref)
            self._world.history.committed.append(Committed(at_ms, ref, record.raw))
            self._world.note(f"{self.name} commits {ref} {record.raw.decode()[-300:]}")

    def _shown(self, message: Message) -> None:
        now_ms, ref = self._world.clock.now_ms(), Ref(*message.ref)
        self.claim("shown", ref.station, ref.seq)
        self._world.history.shown.append(Shown(now_ms, self.name, self.life, ref))

    def _tell(self, event: Event) -> None:
        now_ms = self._world.clock.now_ms()
        match event:
            case FellSilent(station, _):
                self._world.history.seen.append(Seen(now_ms, self.name, station, silent=True))
            case CameOnline(station):
                self._world.history.seen.append(Seen(now_ms, self.name, station, silent=False))
            case Heard() | Refused():
                return
            case _:
                pass
        if event.__class__.__name__ not in ("Received", "Said"):
            self._world.note(f"{self.name} {event}")


class World:
    """One run of a plan."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.random = Random(f"world/{plan.seed}")  # noqa: S311 -- a game
        self.network = Network(self.random, self._arrived)
        self.quiet = False
        timers = plan.timers.model_dump()
        names = {name.removesuffix("_ms"): ms for name, ms in timers.items()}
        self.history = History(PARTIES, WATCHDOG, names)
        self._active: list[Fault] = []
        self._notices = itertools.count(1)

    async def play(self) -> History:
        """Play it to its end."""
        self.clock = ScenarioClock(START_MS)
        self.clock.begin()
        self.posts = {name: Post(self, name) for name in STATIONS}
        for post in self.posts.values():
            post.start()
        steps: list[tuple[int, int, Callable[[], None]]] = []
        steps += [(word.at_ms, 0, partial(self._say, word)) for word in self.plan.words]
        for fault in self.plan.faults:
            steps.append((fault.from_ms, 1, partial(self._begin, fault)))
            steps.append((fault.until_ms, 2, partial(self._end, fault)))
            if fault.kind == "disk-restore":
                copied_ms = max(fault.from_ms - _COPY_AGE_MS, 0)
                steps.append((copied_ms, 3, self.posts[fault.whom].copy))
            span = (START_MS + fault.from_ms, START_MS + fault.until_ms)
            self.history.troubles.append(Trouble(fault.kind, fault.whom, *span))
        for at_ms, _, step in sorted(steps, key=lambda each: each[:2]):
            await self._until(START_MS + at_ms)
            step()
        await self._until(START_MS + self.plan.duration_ms)
        await self._settle()
        self._take_evidence()
        for post in self.posts.values():
            post.kill()
        await asyncio.sleep(0)
        return self.history

    def _arrived(self, to: str, incoming: Incoming) -> None:
        if to != WATCHDOG or incoming.retained or not incoming.topic.endswith("/status"):
            return
        try:
            told = json.loads(incoming.payload)
            of, head = told["station"], told["head"]
        except (ValueError, TypeError, LookupError):
            return  # garbage
        if told["online"] and of != to:
            self.history.told.append(Told(self.clock.now_ms(), to, of, head))

    def note(self, text: str) -> None:
        """Write a line of the log."""
        self.history.log.append((self.clock.now_ms(), text))

    async def _until(self, at_ms: int) -> None:
        while (wait_s := self.clock.wait_s(at_ms)) > 0:  # noqa: ASYNC110 -- time is waited for
            await asyncio.sleep(wait_s)

    async def _settle(self) -> None:
        """All is mended; officers fall quiet, and the disks must become level in bounded time."""
        self.quiet = True
        for post in self.posts.values():
            post.start()
            if post.officer:
                post.officer.quiet = True
        give_up_ms = self.clock.now_ms() + _CONVERGES_MS
        settled_ms = self.clock.now_ms() + _CONVERGES_MS // 3
        while self.clock.now_ms() < give_up_ms:
            await asyncio.sleep(0.5)
            if self.clock.now_ms() >= settled_ms and self._is_level():
                return

    def _is_level(self) -> bool:
        uptos = [post.journal.upto for post in self.posts.values()]
        return all(upto == uptos[0] for upto in uptos)

    def _take_evidence(self) -> None:
        history = self.history
        history.finished_ms = self.clock.now_ms()
        for name, post in self.posts.items():
            rows = {
                of: [Row(seq, bytes(raw)) for seq, raw in post.journal.rows(of)]
                for of in post.journal.heads()
            }
            history.disks[name] = rows
            if post.node:
                history.pictures[name] = _in_mind(post.node.machine.picture)
            for how, picture in _read_anew(post.journal).items():
                history.pictures[f"{name}, {how}"] = picture

    def _say(self, word: Word) -> None:
        post = self.posts[word.who]
        if post.node is None or not post.node.machine.may_speak or post.unsaid:
            return
        said = self._body(word, post.node.machine.picture)
        if said:
            post.unsaid += 1
            post.node.say(*said)

    def _body(self, word: Word, picture: Picture) -> tuple[Kind, Body] | None:
        if word.what == "check":
            return Kind.CHECK, Check()
        mine = [m for m in picture.messages.values() if m.ref.station == word.who and m.revision]
        current = [m for m in mine if m.standing is Standing.CURRENT]
        last = max(current, key=lambda m: m.ref.seq, default=None)
        if word.what == "notice":
            number = next(self._notices)
            return Kind.NOTICE, _flight(f"{word.who.upper()}-{number}", 1, word)
        if last is None or last.notice is None or last.revision is None:
            return None
        if word.what == "cancel":
            return Kind.CANCEL, Cancel(notice=last.notice)
        return Kind.NOTICE, _flight(last.notice, last.revision + 1, word)

    # Faults

    def _begin(self, fault: Fault) -> None:
        self.note(f"fault: {fault.kind} of {fault.whom} begins")
        self._active.append(fault)
        post = self.posts.get(fault.whom)
        if post is None:
            self._trouble_all(fault)
        elif fault.kind in DISK_FAULTS:
            post.kill()
        elif fault.kind == "kill":
            self.network.will_delays_ms[post.name] = (0, 20_000, None)[fault.how % 3]
            post.kill()
        elif fault.kind in STATION_FAULTS:
            post.armed = fault.kind
        elif fault.kind in CLOCK_FAULTS:
            post.ahead_ms = (fault.how - 50) * SECOND_MS // 2
        else:
            self._set_conditions(fault.whom)
            if fault.kind.startswith("cut"):
                # Either side notices by its keepalive, if the cut lasts so long.
                loop = asyncio.get_running_loop()
                loop.call_later(fault.how % 20, self._notice_cut, fault.whom)

    def _trouble_all(self, fault: Fault) -> None:
        if fault.kind == "garbage":
            for _ in range(20):
                self._throw_garbage()
        elif fault.kind == "flood":
            for name in PARTIES:
                if node := self.posts[name].node:
                    self.posts[name].unsaid += fault.how
                    for _ in range(fault.how):
                        node.say(Kind.CHECK, Check())
        else:
            self.network.stop(forget=fault.kind == "broker-wipe")

    def _throw_garbage(self) -> None:
        draw, sender = self.random, self.random.choice(STATIONS)
        channel = draw.choice(("records", "status", "resend/isr", "replay/tur", "flags/x", "huh"))
        raw = draw.randbytes(draw.randint(0, 60))
        if draw.random() < 0.5 and self.network.retained:  # noqa: PLR2004 -- a coin
            real = draw.choice(sorted(self.network.retained.values()))
            raw = real[: draw.randint(0, max(len(real) - 1, 0))]
        if channel != "records" or draw.random() < 0.5:  # noqa: PLR2004
            self.network.route(Publish(f"hotline/v1/{LINE.name}/{sender}/{channel}", raw))
            return
        author = draw.choice([name for name in STATIONS if name != sender])
        number = draw.randint(1, 50)
        if number % 2:  # the very next one, which only its author may say
            number = self.posts[author].journal.upto.get(author, 0) + 1
        forged = {"v": 1, "line": LINE.name, "station": author, "seq": number}
        forged |= {"at": "2026-01-01T00:00:00Z", "kind": "check", "body": {}}
        topic = f"hotline/v1/{LINE.name}/{sender}/records"
        raw = json.dumps(forged).encode()
        self.history.forged.add(raw)
        self.network.route(Publish(topic, raw))

    def _set_conditions(self, whom: str) -> None:
        """Make a link as bad as all that is wrong with it now."""
        out, into = self.network.conditions[whom]
        for way in (out, into):
            way.__dict__.update(Conditions().__dict__)
        for fault in self._active:
            if fault.whom == whom and fault.kind in LINK_FAULTS:
                only = {"cut-out": (out,), "cut-in": (into,)}
                for way in only.get(fault.kind, (out, into)):
                    _worsen(way, fault)

    def _notice_cut(self, whom: str) -> None:
        if any(way.cut for way in self.network.conditions[whom]):
            self.network.links[whom].lose("nothing comes through", will=True)

    def _end(self, fault: Fault) -> None:
        self.note(f"fault: {fault.kind} of {fault.whom} ends")
        self._active.remove(fault)
        post = self.posts.get(fault.whom)
        if post is None:
            if not any(other.kind in BROKER_FAULTS for other in self._active):
                self.network.start()
        elif fault.kind in CLOCK_FAULTS:
            post.ahead_ms = 0
        elif fault.kind in LINK_FAULTS:
            self._set_conditions(fault.whom)
            self.network.links[fault.whom].reconnect_soon()
        else:
            self._bring_back(post, fault)

    def _bring_back(self, post: Post, fault: Fault) -> None:
        if fault.kind == "disk-loss":
            post.disk = new_disk()
        elif fault.kind == "disk-restore" and post.old:
            post.disk = copy_of(post.old)
        post.armed = ""
        held_down = (other for other in self._active if other.kind in (*DISK_FAULTS, "kill"))
        if not any(other.whom == post.name for other in held_down):
            self.network.will_delays_ms.pop(post.name, None)
            post.start()


def play(plan: Plan) -> History:
    """Play a plan on a virtual clock: the same plan, the same history, byte for byte."""

    async def main() -> History:
        return await World(plan).play()

    usual, keeper.CHECKPOINT_RECORDS = keeper.CHECKPOINT_RECORDS, plan.checkpoint
    try:
        return virtual_time.run(main())
    finally:
        keeper.CHECKPOINT_RECORDS = usual


def _flight(notice: str, revision: int, word: Word) -> FlightNotice:
    return FlightNotice(
        notice=notice,
        revision=revision,
        precedence=Precedence(word.precedence),
        category=Category.REQUEST if word.at_ms % 2 else Category.INFORMATION,
        activity=Activity.SURVEY,
        aircraft_identification="TUR014",
        aircraft_type="C30J",
        volumes=(Volume4D.model_validate({"volume": _AREA}),),
    )


def _worsen(way: Conditions, fault: Fault) -> None:
    share = (fault.how % 50 + 1) / 100
    match fault.kind:
        case "loss":
            way.loss = share
        case "delay":
            way.longest_ms = 20 * fault.how + 10
        case "slow":
            way.shortest_ms = way.longest_ms = 100 * fault.how + 10
        case "repeat":
            way.repeat = share
        case "reorder":
            way.reorder, way.longest_ms = True, 500
        case _:
            way.cut = True
    way.longest_ms = max(way.longest_ms, way.shortest_ms)


def _read_anew(journal: WatchedJournal) -> dict[str, str]:
    """What is waited for and stands flagged, by starts from a disk with and without its past."""
    plain = Picture(LINE)
    plain.fold_all(journal.records())
    resumed = Picture(LINE, journal.shelf)
    checkpoint = journal.shelf.checkpoint()
    resumed.take_up(checkpoint)
    resumed.fold_all(journal.records(after=checkpoint.heads))
    whole = Picture(LINE, journal.shelf)
    checkpoint = journal.shelf.checkpoint(everything=True)
    whole.take_up(checkpoint)
    whole.fold_all(journal.records(after=checkpoint.heads))
    return {
        "from its records": _in_mind(plain),
        "as it would start": _in_mind(resumed),
        "everything from its records": "all " + _everything(plain),
        "everything as put away": "all " + _everything(whole),
    }


def _in_mind(picture: Picture) -> str:
    """All that a picture cannot have put away: what waits, and what stands."""
    messages = [astuple(m) for _, m in sorted(picture.messages.items()) if m.waits]
    flags = [(e.ref, e.flag.model_dump(mode="json")) for e in picture.flags if e.cleared_ms is None]
    return json.dumps([picture.heads, messages, flags], sort_keys=True)


def _everything(picture: Picture) -> str:
    """All that a picture says, in one text."""
    messages = [astuple(m) for _, m in sorted(picture.messages.items())]
    flags = [(e.ref, e.flag.model_dump(mode="json"), e.cleared_ms) for e in picture.flags]
    return json.dumps([picture.heads, messages, flags, sorted(picture.invalid)], sort_keys=True)
