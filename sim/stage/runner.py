"""Plays a scenario: on a real broker with the clock sped up, or in memory on a virtual clock."""

import asyncio
import contextlib
import shutil
from collections.abc import AsyncIterator, Collection, Iterator
from pathlib import Path

from hotline.blocking import in_thread, inline
from hotline.broker.address import BrokerAddress, probe
from hotline.broker.broker import Broker, BrokerKind, private_broker
from hotline.clock import ScenarioClock
from hotline.config.config import broker_address
from hotline.logs.stream import LogStream
from hotline.memory import MemoryBroker
from hotline.mqtt.link import MqttLink
from hotline.signals import on_signal
from hotline.times import SECOND_MS
from sim import virtual_time
from sim.scenario.scenario import Scenario
from sim.stage.history import History
from sim.stage.keeping import QuickJournal, disks
from sim.stage.speed import highest_speed, measure, require_sound
from sim.stage.stage import Setting, Stage
from sim.stage.sweeping import sweep

_LEAD_S = 0.5  # real seconds in which the stations find each other before the scenario starts
_SIT_DOWN_S = 10.0  # real seconds in which a person comes to the desk
_VIRTUAL_LEAD_MS = 10 * SECOND_MS
_PROBE_S = 5.0


def play_virtual(
    scenario: Scenario, seed: int, log: LogStream, *, keep: Path | None = None
) -> History:
    """Play it in memory on a virtual clock: the same seed, the same journals, byte for byte.

    The stations' journals stay in the directory `keep`.
    """

    async def main(state: Path) -> History:
        broker = MemoryBroker()
        clock = ScenarioClock(scenario.start - _VIRTUAL_LEAD_MS)
        log.clock = clock
        log("info", "broker.used", broker="memory")
        setting = Setting(
            clock=clock,
            state=state,
            transport=lambda _: broker.link(),
            blocking=inline,
            broker="memory",
            speed=None,
            seed=seed,
            journal=QuickJournal,
        )
        with _ended_early(log) as stop:
            return await Stage(scenario, setting, log, stop).play()

    with disks(keep, scenario.members.stations) as state:
        return virtual_time.run(main(state))


def play_live(
    scenario: Scenario,
    seed: int,
    log: LogStream,
    *,
    broker: str | None,
    speed: float,
    played: Collection[str] = (),
    keep: Path | None = None,
) -> History:
    """Play it on a real broker: the one at `broker`, or a private one (of that kind).

    People may play one party or both, at desks that are offered some seconds before the start.
    The stations' journals stay in the directory `keep`.

    Raises:
        BrokerUnreachable: there is none at that address.
        LocalError: the speed is too high for this machine, or no broker can be started.
    """

    async def main(state: Path) -> History:
        lead_s = _SIT_DOWN_S if played else _LEAD_S
        clock = ScenarioClock(scenario.start - round(lead_s * SECOND_MS * speed), speed)
        log.clock = clock
        with _ended_early(log) as stop:
            async with the_broker(broker, log, stop) as (address, broker_name):
                try:
                    path_ms = await measure(
                        address, scenario.members, state / "path", speed, scenario.timers
                    )
                finally:
                    shutil.rmtree(state / "path", ignore_errors=True)
                highest = highest_speed(path_ms, scenario.timers)
                log("info", "path.measured", path_ms=round(path_ms, 1), highest_speed=highest)
                require_sound(speed, path_ms, scenario.timers)
                if swept := await sweep(address, scenario.line):
                    log("info", "broker.swept", line=scenario.line, topics=swept)
                setting = Setting(
                    clock=clock,
                    state=state,
                    transport=lambda name: MqttLink(address, f"{scenario.line}-{name}"),
                    blocking=in_thread,
                    broker=broker_name,
                    speed=speed,
                    seed=seed,
                    played=played,
                )
                return await Stage(scenario, setting, log, stop).play()

    with disks(keep, scenario.members.stations) as state:
        return asyncio.run(main(state))


@contextlib.contextmanager
def _ended_early(log: LogStream) -> Iterator[asyncio.Event]:
    """Set by Ctrl-C, SIGTERM, a terminal that is closed, and a log that nobody reads any more."""
    stop = asyncio.Event()
    log.when_unread = stop.set
    with on_signal(stop.set, hang_up=True):
        yield stop


@contextlib.asynccontextmanager
async def the_broker(
    choice: str | None, log: LogStream, stop: asyncio.Event
) -> AsyncIterator[tuple[BrokerAddress, str]]:
    """The chosen broker: one at an address, or a private one, which is stopped at the end.

    If somebody kills the private one, `stop` is set: what then did not happen would prove nothing.
    """
    if choice is not None and choice not in set(BrokerKind):
        address, name = broker_address(choice), "MQTT broker"
        await probe(address, _PROBE_S)
        log("info", "broker.used", broker=name, url=str(address))
        yield address, name
        return
    async with private_broker(BrokerKind(choice) if choice else None) as broker:
        log("info", "broker.started", broker=broker.name, url=broker.url)
        watch = asyncio.create_task(_stop_with(broker, log, stop))
        try:
            yield BrokerAddress.parse(broker.url), broker.name
        finally:
            watch.cancel()
    log("info", "broker.stopped", broker=broker.name)


async def _stop_with(broker: Broker, log: LogStream, stop: asyncio.Event) -> None:
    await broker.ended()
    log("critical", "broker.ended", broker=broker.name)
    stop.set()
