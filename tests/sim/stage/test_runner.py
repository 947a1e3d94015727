"""Where a scenario is played: on the virtual clock, or on a broker that is there or is started."""

import asyncio
import json
import socket
from collections import Counter
from dataclasses import replace

import pytest

from hotline.broker.address import BrokerAddress
from hotline.broker.broker import BrokerKind
from hotline.errors import BrokerUnreachable, LocalError
from hotline.logs.stream import LogFormat, LogLevel
from hotline.times import HOUR_MS, SECOND_MS, format_instant
from sim import catalogue
from sim.scenario import loading
from sim.scenario.loading import Loaded
from sim.stage.runner import play_live, play_virtual, the_broker
from sim.verdict.story import StoryLog
from sim.verdict.verdict import reach
from tests.brokers import BOTH_KINDS
from tests.lines import misfits
from tests.sim.stories import KeptStream, flight, played, story

SHORT = {"duration": "30s", "events": [{"at": "10s", "who": "tur", "notice": flight()}]}


def hours(loaded: Loaded, count: int) -> Loaded:
    """The first hours of a scenario that may be longer."""
    scenario = loaded.scenario
    ends_ms = min(scenario.duration_ms, count * HOUR_MS)
    events = tuple(event for event in scenario.events if event.at_ms < ends_ms)
    shorter = scenario.model_copy(update={"duration_ms": ends_ms, "events": events})
    return replace(loaded, scenario=shorter)


@pytest.mark.parametrize(
    "name", ["strike-and-survey", "everything-breaks", "absent-contact", "routine-day"]
)
def test_a_seed_is_played_the_same_every_time(name: str) -> None:
    """One seed, the same journals byte for byte, verdict and log; another seed, other delays."""
    loaded = hours(loading.load(catalogue.find(name)), 4)
    (first, log), (second, again), (other, _) = (played(loaded.scenario, s) for s in (7, 7, 8))
    assert [record.raw for record in first.records] == [record.raw for record in second.records]
    assert {record.station for record in first.records} >= set(loaded.scenario.parties)
    assert reach(loaded, first).as_dict() == reach(loaded, second).as_dict()
    assert log.lines == again.lines
    assert [record.raw for record in first.records] != [record.raw for record in other.records]
    assert misfits(log.lines) == []


def test_on_the_virtual_clock_the_streams_time_is_the_scenarios() -> None:
    """Whoever reads the log reads the scenario's times, from its beginning."""
    scenario, log = story(), StoryLog(LogFormat.JSON, LogLevel.ERROR)
    play_virtual(scenario, 0, log)
    first, *_, last = log.story
    assert first["event"] == "broker.used"
    assert first["at"] < format_instant(scenario.start) < last["at"]
    ends_ms = scenario.start + scenario.duration_ms
    assert ends_ms <= log.clock.now_ms() < ends_ms + HOUR_MS


@pytest.mark.mosquitto
def test_on_a_broker_that_is_there_the_same_comes_out(mosquitto_url: str) -> None:
    """A short story on a real broker ends and is told as on the virtual clock, time and again.

    What the broker retains of the first time is no news to the second. All is told by the
    scenario's clock, from the beginning.
    """
    scenario, log, first = story(**SHORT), KeptStream(), StoryLog(LogFormat.JSON, LogLevel.ERROR)
    play_live(scenario, 0, first, broker=mosquitto_url, speed=10)
    find_each_other_ms = 10 * SECOND_MS // 2  # half a second of real time
    assert first.story[0]["at"] == format_instant(scenario.start - find_each_other_ms)
    assert {line["at"][:10] for line in first.story} == {format_instant(scenario.start)[:10]}
    live = play_live(scenario, 0, log, broker=mosquitto_url, speed=5)
    virtual, told = played(scenario)
    said = [(str(record.ref), record.body) for record in live.records]
    assert [ref for ref, _ in said] == ["isr/1", "tur/1"], said
    assert [message.state for message in live.picture.messages.values()] == [
        message.state for message in virtual.picture.messages.values()
    ]
    assert (live.speed, live.broker) == (5, "MQTT broker")
    assert misfits(log.lines) == []
    assert "broker.swept" in log.events
    quiet = {"station.silent", "station.online", "link.up", "path.measured", "broker.swept"}
    here, there = (
        Counter(event for event in events if event not in quiet)
        for events in (log.events, told.events)
    )
    assert here == there


@BOTH_KINDS
async def test_a_private_broker_is_started_and_stopped(kind: BrokerKind) -> None:
    """Asked for a kind, one of that kind runs as long as it is needed, and both are told."""
    log = KeptStream()
    async with the_broker(kind, log, asyncio.Event()) as (address, name):
        assert name.lower().startswith(kind)
        assert address == BrokerAddress("127.0.0.1", address.port)
        socket.create_connection(("127.0.0.1", address.port)).close()
    assert log.events == ["broker.started", "broker.stopped"]
    assert misfits(log.lines) == []
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", address.port))


@pytest.mark.mosquitto
@pytest.mark.parametrize("credentials", ["levi:geheim@", ""])
async def test_an_address_with_a_password_is_told_without_it(
    credentials: str, mosquitto_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the address or the environment; who we are to the broker is nobody's business."""
    log = KeptStream()
    if not credentials:
        monkeypatch.setenv("HOTLINE_BROKER__USERNAME", "levi")
        monkeypatch.setenv("HOTLINE_BROKER__PASSWORD", "geheim")
    url = mosquitto_url.replace("mqtt://", f"mqtt://{credentials}")
    async with the_broker(url, log, asyncio.Event()) as (address, _):
        assert (address.username, address.password) == ("levi", "geheim")
    assert log.events == ["broker.used"]
    assert log.lines[0]["url"] == mosquitto_url.replace("mqtt://", "mqtt://levi@")
    assert "geheim" not in json.dumps(log.lines)


@pytest.mark.parametrize(
    ("broker", "error", "says"),
    [
        (
            "mqtt://127.0.0.1:9",
            BrokerUnreachable,
            "no MQTT broker can be used at mqtt://127.0.0.1:9: ",
        ),
        ("127.0.0.1", LocalError, "is not a broker's address"),
        ("hivemq", LocalError, "is not a broker's address"),
    ],
)
def test_without_a_broker_nothing_is_played(broker: str, error: type[Exception], says: str) -> None:
    """An address at which none answers is one error, what is no address another."""
    log = KeptStream()
    with pytest.raises(error, match=says):
        play_live(story(), 0, log, broker=broker, speed=60)
    assert log.events == []


@pytest.mark.mosquitto
def test_a_speed_that_is_too_high_is_refused_before_anything_happens(mosquitto_url: str) -> None:
    """The path is told, and no station says a word."""
    log = KeptStream()
    with pytest.raises(LocalError, match="The highest sound speed is"):
        play_live(story(), 0, log, broker=mosquitto_url, speed=1_000_000)
    assert log.events == ["broker.used", "path.measured"]
    assert misfits(log.lines) == []
