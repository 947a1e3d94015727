"""A broker that is there: a scenario is not played into the midst of a line that is in use."""

import asyncio
import contextlib
from pathlib import Path

import pytest

from hotline.broker.address import BrokerAddress
from hotline.clock import WallClock
from hotline.commands.following import retained_by
from hotline.errors import LocalError
from hotline.mqtt.link import MqttLink
from hotline.station.turn import FellSilent, Publish
from hotline.status import Role, Status
from hotline.topics import Channel, Topic, every_topic_of
from sim.stage import sweeping
from sim.stage.sweeping import sweep
from tests.crew import Crew
from tests.helpers import TIMERS, eventually

ONLINE = Status("swept", "isr", 1, 1, online=True, head=0, held={}, role=Role.PARTY).encode()
OFFLINE = ONLINE.replace(b'"online":true', b'"online":false')
SAYING = Publish(str(Topic("swept", "isr", Channel.STATUS)), ONLINE, retain=True)

pytestmark = pytest.mark.mosquitto


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A heartbeat comes soon, or never."""
    monkeypatch.setattr(sweeping, "_SPEAKS_AGAIN_S", 1.0)


async def test_a_line_in_use_is_left_alone(mosquitto_url: str) -> None:
    """Two stations under one name would be a fork, in the journals of those who are there."""
    address = BrokerAddress.parse(mosquitto_url)
    async with contextlib.AsyncExitStack() as stack:
        station = MqttLink(address, "isr")
        await station.open([], lambda: None, lambda _: None)
        stack.push_async_callback(station.close)

        async def beat() -> None:
            while True:
                await station.publish(SAYING)
                await asyncio.sleep(0.1)

        beats = asyncio.create_task(beat())
        stack.callback(beats.cancel)
        await asyncio.sleep(0.2)
        with pytest.raises(LocalError, match="the line swept is in use on the broker at mqtt://"):
            await sweep(address, "swept")
    await _is_swept(address)


async def test_a_line_with_slow_heartbeats_is_asked(mosquitto_url: str, tmp_path: Path) -> None:
    """Who is there says so at once, and is not missed for the question."""
    address = BrokerAddress.parse(mosquitto_url)
    timers = TIMERS.model_copy(update={"heartbeat_ms": 60_000, "silent_ms": 180_000})
    crew = Crew(tmp_path, lambda name: MqttLink(address, name), WallClock(), timers=timers)
    await crew.start_all()
    watchdog = crew.posts["dog"]
    await eventually(lambda: watchdog.node.machine.may_speak)
    await asyncio.sleep(0.2)
    with pytest.raises(LocalError, match="is in use"):
        await sweep(address, crew.line.name)
    assert not [event for event in watchdog.events if isinstance(event, FellSilent)]
    await crew.stop_all()
    assert await sweep(address, crew.line.name) == len(crew.line.stations)


async def test_what_nobody_says_any_more_is_swept(mosquitto_url: str) -> None:
    """Online by what the broker retains, and not heard for longer than a heartbeat."""
    address = BrokerAddress.parse(mosquitto_url)
    station = MqttLink(address, "isr")
    await station.open([], lambda: None, lambda _: None)
    await station.publish(SAYING)
    await station.close()
    await _is_swept(address)


async def test_a_will_that_comes_late_is_nobodys_word(mosquitto_url: str) -> None:
    """Of a station that was cut off just before: the broker tells it while we listen."""
    address = BrokerAddress.parse(mosquitto_url)
    station = MqttLink(address, "isr")
    await station.open([], lambda: None, lambda _: None)
    await station.publish(SAYING)
    sweeps = asyncio.create_task(sweep(address, "swept"))
    await asyncio.sleep(0.5)
    await station.publish(SAYING._replace(payload=OFFLINE))
    assert await sweeps == 1
    await station.close()


async def _is_swept(address: BrokerAddress) -> None:
    assert await sweep(address, "swept") == 1
    looker = MqttLink(address, "looker")
    assert await retained_by(looker, every_topic_of("swept")) == []
    await looker.close()
