"""Plays a plan on real processes, heals everything, waits for agreement, and stops."""

import asyncio
import contextlib
import signal
import sqlite3
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from hotline.clock import WallClock, sleep_until
from tests.torture import line
from tests.torture.disk import Disk
from tests.torture.evidence import read_heads
from tests.torture.line import BROKER, LAST_FLAG_S, PARTIES, STATIONS, WATCHDOG
from tests.torture.plan import PROCESS_VERBS, Fault, Plan, Verb
from tests.torture.processes import LOOPBACK, ROOT, Broker, Process, python
from tests.torture.proxy import Proxy
from tests.torture.side import SideFile

HEAD_START_MS = 4_000  # for every process to start and to connect before the plan begins
AGREE_S = 60.0
_LOOK_S = 0.05
# What Python writes when something went wrong that nobody expected.
_FULL = '"station.failed"'
_COMPLAINTS = ("Traceback", "never retrieved", "never awaited", "was destroyed")
STALL_MS = 300  # our own loop may be this late; more is a fault of every link, as we carry them


class Stage:
    """One run in one directory."""

    def __init__(self, plan: Plan, seed: int, minutes: float, directory: Path) -> None:
        self._plan = plan
        self._arguments = ("--seed", str(seed), "--minutes", str(minutes))
        self._directory = directory
        self._clock = WallClock()
        self._zero_ms = self._clock.now_ms() + HEAD_START_MS
        self._troubles = SideFile(directory / "troubles")
        self._holdings = SideFile(directory / "holdings")
        self._broker = Broker(directory / "broker")
        self._disks = {
            name: Disk(directory / "state" / name, directory / "lost") for name in STATIONS
        }
        self._proxies = {name: Proxy(self._broker.port) for name in STATIONS}
        self._processes = {name: self._make(name) for name in STATIONS}
        self._processes[BROKER] = self._broker.process
        self._watchers: list[asyncio.Task[None]] = []
        self.counts: Counter[str] = Counter()
        self.failures: list[str] = []

    async def play(self) -> None:
        """Do it all; the directory has what it leaves behind."""
        (self._directory / "line.toml").write_text(line.as_toml())
        if us := asyncio.current_task():  # SIGTERM ends us as Ctrl-C does: nothing stays behind
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, us.cancel)
        try:
            await self._broker.start()
            for name, proxy in self._proxies.items():
                await proxy.open()
                self._processes[name].start()
            self._watchers.append(asyncio.create_task(self._watch_ourselves()))
            await sleep_until(self._clock, self._zero_ms)
            self._note("start", "everything", self._zero_ms - HEAD_START_MS)
            lanes = [self._plan.processes[name] for name in (*STATIONS, BROKER)]
            async with asyncio.TaskGroup() as faults:
                for lane in (*lanes, *self._plan.links.values()):
                    faults.create_task(self._play_lane(lane))
            await sleep_until(self._clock, self._zero_ms + round(self._plan.duration_s * 1000))
            await self._settle()
        finally:
            for watcher in self._watchers:
                watcher.cancel()
            finished_ms = self._clock.now_ms()
            await self._stop()
        await self._take_pictures()
        self._look_for_errors()
        stage = SideFile(self._directory / "stage")
        stage.write(finished_ms=finished_ms, failures=self.failures)
        stage.close()

    # The cast

    def _make(self, name: str) -> Process:
        def command(life: int) -> list[str]:
            files = (
                "--line", str(self._directory / "line.toml"),
                "--broker", f"mqtt://{LOOPBACK}:{self._proxies[name].port}",
                "--state", str(self._directory / "state" / name),
            )  # fmt: skip
            if name == WATCHDOG:
                return python("hotline", "watchdog", *files, "--log-format", "json")
            return python(
                "tests.torture.driver", name, *files, *self._arguments,
                "--life", str(life),
                "--zero", str(self._zero_ms),
            )  # fmt: skip

        return Process(
            name, command, self._directory / f"{name}.log", lambda: self._note("respawn", name)
        )

    def _note(self, verb: str, whom: str, from_ms: int | None = None) -> None:
        now_ms = self._clock.now_ms()
        from_ms = now_ms if from_ms is None else from_ms
        self._troubles.write(verb=verb, whom=whom, from_ms=from_ms, until_ms=now_ms)

    async def _watch_ourselves(self) -> None:
        """Note when our loop is late: it carries every link, so that is a fault like any other."""
        while True:
            before_ms = self._clock.now_ms()
            await asyncio.sleep(_LOOK_S)
            if self._clock.now_ms() - before_ms > STALL_MS:
                self._note("stall", "everything", before_ms)
                self.counts["stalls"] += 1

    # The faults

    async def _play_lane(self, lane: list[Fault]) -> None:
        for fault in lane:
            await sleep_until(self._clock, self._zero_ms + round(fault.at_s * 1000))
            from_ms = self._clock.now_ms()
            if fault.verb in PROCESS_VERBS:
                whom = fault.whom
                undo = self._harm(fault)
            else:
                whom = f"link:{fault.whom}"
                proxy = self._proxies[fault.whom]
                proxy.mangle(fault.verb)
                undo = proxy.heal
                self.counts[f"link {fault.verb}"] += 1
            # From the plan's time and not from now, so that a late fault does not delay the next.
            await sleep_until(
                self._clock, self._zero_ms + round((fault.at_s + fault.lasts_s) * 1000)
            )
            undo()
            if fault.verb is not Verb.COPY:
                self._note(fault.verb, whom, from_ms)

    def _harm(self, fault: Fault) -> Callable[[], None]:
        """Begin a fault; return what undoes it."""
        whom = fault.whom
        process = self._processes[whom]
        undo: Callable[[], None]
        match fault.verb:
            case Verb.COPY:
                done, undo = self._disks[whom].copy(), lambda: None
            case Verb.PAUSE:
                done, undo = process.pause(), process.go_on
            case Verb.FILL:
                done, undo = process.fill(), lambda: self._make_room(process)
            case _:
                done, undo = process.kill(), lambda: self._bring_back(process, fault.verb)
        self.counts[f"{fault.verb} {whom}"] += done
        return undo

    def _make_room(self, process: Process) -> None:
        self._look_at_disk(process.name)
        process.make_room()

    def _bring_back(self, process: Process, verb: Verb) -> None:
        match verb:
            case Verb.WIPE:
                process.start(self._broker.forget)
            case Verb.LOSE:
                process.start(self._disks[process.name].lose)
            case Verb.RESTORE:
                process.start(self._disks[process.name].restore)
            case _:
                self._look_at_disk(process.name)
                process.start()

    def _look_at_disk(self, name: str) -> None:
        """Write down what a station has on disk now, to check its receipts against it."""
        now_ms = self._clock.now_ms()
        if name in self._disks:
            with contextlib.suppress(sqlite3.Error):  # not even made yet
                heads = read_heads(self._directory / "state" / name)
                self._holdings.write(station=name, at_ms=now_ms, heads=heads)

    # The end

    async def _settle(self) -> None:
        """Wait until all journals have the same heads and nothing can be flagged any more."""
        began_ms = self._clock.now_ms()
        last_ms, last_heads = began_ms, ""
        while self._clock.now_ms() - began_ms < (AGREE_S + LAST_FLAG_S) * 1000:
            await asyncio.sleep(0.5)
            if any(process.death for process in self._processes.values()):
                return  # there is nothing to wait for
            heads = [self._heads(name) for name in STATIONS]
            if len(set(heads)) != 1 or heads[0] != last_heads:
                last_ms, last_heads = self._clock.now_ms(), heads[0]
            # The last record may have been a message that nobody will ever answer.
            elif self._clock.now_ms() - last_ms > (LAST_FLAG_S + 2) * 1000:
                return
        said = "; ".join(f"{name}: {self._heads(name)}" for name in STATIONS)
        self.failures.append(f"the journals did not agree and come to rest in time: {said}")

    def _heads(self, name: str) -> str:
        try:
            return str(sorted(read_heads(self._directory / "state" / name).items()))
        except sqlite3.Error as error:
            return f"{name}: {error}"

    async def _stop(self) -> None:
        """Stop all, the watchdog first: it would write down that the others leave."""
        for name in (WATCHDOG, *PARTIES, BROKER):
            await self._processes[name].stop()
        for proxy in self._proxies.values():
            await proxy.close()
        self._troubles.close()
        self._holdings.close()

    async def _take_pictures(self) -> None:
        pictures = self._directory / "pictures"
        pictures.mkdir()
        for name in STATIONS:
            state = str(self._directory / "state" / name)
            process = await asyncio.create_subprocess_exec(
                *python("hotline", "picture", "--json", "--state", state),
                cwd=ROOT,
                stdout=asyncio.subprocess.PIPE,
            )
            output, _ = await process.communicate()
            (pictures / f"{name}.json").write_bytes(output)

    def _look_for_errors(self) -> None:
        for name, process in self._processes.items():
            self.counts[f"lives {name}"] = process.lives
            if process.death:
                self.failures.append(f"{name} {process.death}, see its log")
        for log in self._directory.glob("*.log"):
            told = log.read_text()
            self.counts["full disks told"] += told.count(_FULL)
            if any(words in told for words in _COMPLAINTS):
                self.failures.append(f"{log.name} tells of an error in the program")
