"""The stage: all stations of a scenario in one process, played from its start to its end."""

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from random import Random

from hotline.blocking import Blocking
from hotline.bodies import Ref
from hotline.clock import ScenarioClock, sleep_until
from hotline.journal.journal import Journal
from hotline.logs.narrator import Narrator
from hotline.logs.stream import LogStream
from hotline.logs.teller import Teller
from hotline.picture.picture import Picture
from hotline.records import Record
from hotline.station.officer import Nobody, Officer
from hotline.station.turn import Acknowledged, Event, Heard
from hotline.times import SECOND_MS, format_duration, write_duration
from hotline.transport import Transport
from sim.scenario.scenario import Scenario
from sim.scenario.script import Cue, Script, cues, meant_in
from sim.stage.fault_player import FaultPlayer, describe
from sim.stage.history import History, speed_in_words
from sim.stage.officer import ScriptedOfficers
from sim.stage.prompter import Prompter
from sim.stage.seat import Seat

_SETTLE_MS = 30 * SECOND_MS  # of the scenario's time: what was said last reaches everybody


@dataclass(frozen=True)
class Setting:
    """Where and how a scenario is played."""

    clock: ScenarioClock
    state: Path
    transport: Callable[[str], Transport]
    blocking: Blocking
    broker: str
    speed: float | None
    seed: int
    played: Collection[str] = ()
    """The parties that are played by people."""
    journal: type[Journal] = Journal


@dataclass
class Stage:
    """One run of a scenario.

    `stop` ends it early; `History` then says so.
    """

    scenario: Scenario
    setting: Setting
    log: LogStream
    stop: asyncio.Event

    def __post_init__(self) -> None:
        self._script = Script(self.scenario)
        self._seats: dict[str, Seat] = {}
        self._said_ms: dict[Ref, int] = {}
        self._received_ms: dict[Ref, int] = {}
        self._prompters: dict[str, Prompter] = {}
        self._early: list[Cue] = []  # answers to what has not come in yet

    async def play(self) -> History:
        """Put up the stations, play all events, let things settle, and take everything down.

        Raises:
            BrokerUnreachable: a station found no broker.
            LocalError: a journal could not be written.
        """
        stations = self.scenario.members.stations
        try:
            for name in stations:
                self._put_up(name)
            async with asyncio.TaskGroup() as group:
                for seat in self._seats.values():
                    await seat.node.open()
                self.setting.clock.begin()
                for seat in self._seats.values():
                    seat.run(group)
                interrupted, ended_ms = await self._perform_all(group)
                for name in reversed(stations):  # first those who would raise flags
                    self._seats[name].node.stop()
            return self._history(ended_ms, interrupted=interrupted)
        except BaseExceptionGroup as failures:
            raise failures.exceptions[0] from None
        finally:
            for seat in self._seats.values():
                seat.journal.close()

    async def _perform_all(self, group: asyncio.TaskGroup) -> tuple[bool, int]:
        """Play all events and let things settle; return whether that was stopped, and its end."""
        scenario = self.scenario
        ends_ms = scenario.start + scenario.duration_ms
        await self._until(scenario.start)
        self._announce()
        faults = FaultPlayer(self._seats, group, self._until, self._random("garbage"))
        for cue in cues(scenario):
            if not await self._until(cue.at_ms):
                break
            self._perform(cue, faults)
        await self._until(ends_ms)
        await faults.are_over()
        interrupted = self.stop.is_set()
        ended_ms = max(min(self.setting.clock.now_ms(), ends_ms), scenario.start)
        if interrupted:
            at = format_duration(ended_ms - scenario.start)
            reason = f"stopped at {at} of {format_duration(scenario.duration_ms)}"
            self.log("warning", "scenario.interrupted", line=scenario.line, reason=reason)
        else:
            await self._settle()
            self._tell_unsaid()
        return interrupted, ended_ms

    def _put_up(self, name: str) -> None:
        scenario, setting = self.scenario, self.setting
        line = scenario.members
        prompter = None
        if name in setting.played:
            directory = setting.state / name
            prompter = Prompter(scenario, name, directory, setting.clock, self.log)
            self._prompters[name] = prompter

        def tell(event: Event) -> None:
            narrator(event)
            self._note_time(name, event)
            if prompter:
                prompter.tell(event)
            if isinstance(event, Heard):
                self._catch_up(name)

        def note_stored(record: Record) -> None:  # its author's clock may be wrong
            self._said_ms[record.ref] = record.at_ms - self._seats[name].clock.ahead_ms
            self._script.hear(record)

        def officer() -> Officer:
            is_scripted = name in line.parties and name not in setting.played
            return ScriptedOfficers(scenario, name, setting.seed) if is_scripted else Nobody()

        self._seats[name] = Seat(
            line,
            name,
            scenario.timers,
            line_clock=setting.clock,
            state=setting.state,
            make_link=lambda: setting.transport(name),
            blocking=setting.blocking,
            make_officer=officer,
            tell=tell,
            tell_failure=lambda reason: teller.state("critical", "station.failed", reason=reason),
            note_stored=note_stored,
            random=self._random(name),
            beside=prompter.serve if prompter else None,
            journal_type=setting.journal,
        )
        # By the station's own clock, as its records are: how long something took is then right.
        teller = Teller(self.log, line.name, name, self._seats[name].clock.now_ms, scenario.timers)
        narrator = Narrator(
            teller, line, name, only_own=True, sees_for_all=lambda: name == self._lookout()
        )

    def _lookout(self) -> str | None:
        """The first watchdog that is at work."""
        seats = ((name, self._seats[name]) for name in self.scenario.members.watchdogs)
        return next((name for name, seat in seats if not (seat.is_down or seat.is_frozen)), None)

    def _random(self, of: str) -> Random:
        return Random(f"{self.setting.seed}/{of}")

    def _note_time(self, name: str, event: Event) -> None:
        now_ms = self.setting.clock.now_ms()
        match event:
            case Heard(record):  # the first to tell of it, when a twin has said it
                self._said_ms.setdefault(record.ref, now_ms)
                self._script.hear(record)
            case Acknowledged(reader, of, after, upto) if (
                of == name and reader in self.scenario.parties
            ):
                for seq in range(after + 1, upto + 1):
                    self._received_ms.setdefault(Ref(of, seq), now_ms)

    def _announce(self) -> None:
        scenario, setting = self.scenario, self.setting
        self.log(
            "info",
            "scenario.started",
            line=scenario.line,
            title=scenario.title,
            duration=format_duration(scenario.duration_ms),
            speed=speed_in_words(setting.speed),
            seed=setting.seed,
        )

    def _perform(self, cue: Cue, faults: FaultPlayer) -> None:
        event = cue.event
        if event.note is not None:
            self.log("info", "scenario.note", line=self.scenario.line, text=event.note)
        elif event.fault is not None:
            text = describe(event.fault)
            self.log("warning", "scenario.fault", line=self.scenario.line, text=text)
            ends_ms = self.scenario.start + self.scenario.duration_ms
            faults.begin(event.fault, cue.at_ms, min(cue.at_ms + event.fault.for_ms, ends_ms))
        elif event.who is not None and not self._say(event.who, cue):
            self._early.append(cue)

    def _say(self, who: str, cue: Cue) -> bool:
        """Have a party say what the script has for it; False: what it answers has not come in."""
        seat = self._seats[who]
        picture = seat.node.machine.picture
        said = self._script.body_of(cue.event, picture)
        if said and who in self._prompters:
            self._prompters[who].prompt(said, picture)
        elif said:
            seat.say(said)
        return said is not None

    def _catch_up(self, who: str) -> None:
        """Give the answers that waited for what has come in now."""
        waiting, self._early = self._early, []
        for cue in waiting:
            if cue.event.who != who or not self._say(who, cue):
                self._early.append(cue)

    def _tell_unsaid(self) -> None:
        """Tell of the answers that were never given because what they answer never came in."""
        for cue in self._early:
            at = write_duration(cue.event.at_ms)
            what, who = meant_in(cue.event), cue.event.who
            text = f"{what} never came in: what was to be said about it at {at} is left out"
            self.log("warning", "scenario.unsaid", line=self.scenario.line, station=who, text=text)

    async def _until(self, at_ms: int) -> bool:
        """Wait for a time of the scenario; False: the run has ended before it."""
        clock = self.setting.clock
        stopped = asyncio.create_task(self.stop.wait())
        reached = asyncio.create_task(sleep_until(clock, at_ms))
        try:
            await asyncio.wait((stopped, reached), return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopped.cancel()
            reached.cancel()
        return not self.stop.is_set()

    async def _settle(self) -> None:
        """Give what is still on its way the time to arrive."""
        clock = self.setting.clock
        give_up_ms = clock.now_ms() + _SETTLE_MS
        while not self._is_level() and clock.now_ms() < give_up_ms:
            await sleep_until(clock, clock.now_ms() + SECOND_MS // 10)

    def _is_level(self) -> bool:
        """Whether every station holds the same records."""
        heads = [seat.node.machine.picture.heads for seat in self._seats.values()]
        return all(head == heads[0] for head in heads)

    def _history(self, ended_ms: int, *, interrupted: bool) -> History:
        """Read the originals back from disk."""
        records = [
            record
            for name, seat in self._seats.items()
            for record in seat.journal.records()
            if record.station == name
        ]
        picture = Picture(self.scenario.members)
        picture.fold_all(records)
        return History(
            started_ms=self.scenario.start,
            ended_ms=ended_ms,
            interrupted=interrupted,
            records=records,
            picture=picture,
            said_ms=self._said_ms,
            received_ms=self._received_ms,
            broker=self.setting.broker,
            speed=self.setting.speed,
            seed=self.setting.seed,
            played=self.setting.played,
        )
