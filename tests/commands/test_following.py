"""Who follows a line is told when nobody is there, and of the lines that there are."""

import asyncio
from collections.abc import Collection

import pytest

from hotline import inbox
from hotline.broker.address import BrokerAddress
from hotline.commands import following
from hotline.commands.following import follow
from hotline.memory import MemoryBroker
from hotline.mqtt.link import MqttLink
from hotline.station.turn import Incoming, Publish
from hotline.topics import parse
from hotline.transport import Down
from tests.helpers import eventually, status


class Ear:
    """A listener that remembers."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.missed: list[tuple[float, Collection[str]]] = []
        self.ticks: list[bool] = []
        self.links: list[str] = []

    def hear(self, incoming: Incoming) -> None:
        """Somebody spoke."""
        topic = parse(incoming.topic)
        self.heard.append(topic.station if topic else "")

    def miss(self, after_s: float, others: Collection[str]) -> None:
        """Nobody did."""
        self.missed.append((after_s, others))

    def cut(self, reason: str) -> None:
        """Nobody can be heard."""
        self.links.append(reason)

    def restored(self) -> None:
        """Everybody can be heard again."""
        self.links.append("back")

    def tick(self, *, all_heard: bool) -> None:
        """Some time has passed."""
        self.ticks.append(all_heard)


@pytest.mark.mosquitto
async def test_that_nobody_is_heard_is_told_with_the_lines_that_are(mosquitto_url: str) -> None:
    """Once, after seconds; on a line where somebody has spoken it is not."""
    address, stopped = BrokerAddress.parse(mosquitto_url), asyncio.Event()
    said = status("isr")
    link = MqttLink(address, "isr")
    await link.open([], lambda: None, lambda _: None)
    await link.publish(Publish(said.topic, said.payload, retain=True))
    wrong, right = Ear(), Ear()
    async with asyncio.TaskGroup() as group:
        group.create_task(follow(address, "isr-turr", wrong, stopped))
        group.create_task(follow(address, "isr-tur", right, stopped))
        await eventually(lambda: wrong.missed)
        stopped.set()
    await link.publish(Publish(said.topic, b"", retain=True))
    await link.close()
    [(after_s, others)] = wrong.missed
    assert after_s == 3.0
    assert "isr-tur" in others
    assert "isr-turr" not in others
    assert (wrong.heard, right.missed) == ([], [])
    assert "isr" in right.heard


async def test_in_a_flood_not_all_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is missed then may be among what is still to be read."""
    broker = MemoryBroker()
    monkeypatch.setattr(following, "MqttLink", lambda *_: broker.link())
    monkeypatch.setattr(inbox, "_MOST", 3)
    ear, stopped, floods = Ear(), asyncio.Event(), asyncio.Event()
    said = status("isr")

    async def flood() -> None:
        while not stopped.is_set():
            for _ in range(8):
                broker.route(Publish(said.topic, said.payload))
            await asyncio.sleep(0)
            await floods.wait()

    async with asyncio.TaskGroup() as group:
        address = BrokerAddress.parse("mqtt://127.0.0.1")
        group.create_task(follow(address, "isr-tur", ear, stopped))
        group.create_task(flood())
        await eventually(lambda: True in ear.ticks)
        floods.set()
        await eventually(lambda: False in ear.ticks)
        floods.clear()
        ear.ticks.clear()
        await eventually(lambda: True in ear.ticks)
        stopped.set()
        floods.set()


async def test_while_the_link_is_cut_not_all_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each reason is told, and nobody is missed for it; nor is the first connection news."""
    broker = MemoryBroker()
    link = broker.link()
    monkeypatch.setattr(following, "MqttLink", lambda *_: link)
    ear, stopped = Ear(), asyncio.Event()
    async with asyncio.TaskGroup() as group:
        address = BrokerAddress.parse("mqtt://127.0.0.1")
        group.create_task(follow(address, "isr-tur", ear, stopped))
        await eventually(lambda: True in ear.ticks)
        assert ear.links == []
        link.cut("the link was cut")
        link.deliver_soon(Down("not let in"))
        await eventually(lambda: False in ear.ticks)
        link.restore()
        ear.ticks.clear()
        await eventually(lambda: True in ear.ticks)
        stopped.set()
    assert ear.links == ["the link was cut", "not let in", "back"]


async def test_what_found_no_room_was_not_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is missed then may have spoken, though all that there was room for was read."""
    broker = MemoryBroker()
    monkeypatch.setattr(following, "MqttLink", lambda *_: broker.link())
    monkeypatch.setattr(inbox, "_MOST_BYTES", 1)
    ear, stopped = Ear(), asyncio.Event()
    said = Publish(status("isr").topic, status("isr").payload)
    address = BrokerAddress.parse("mqtt://127.0.0.1")
    async with asyncio.TaskGroup() as group:
        group.create_task(follow(address, "isr-tur", ear, stopped))
        await eventually(lambda: True in ear.ticks)
        for _ in range(2):
            broker.route(said)
        await eventually(lambda: False in ear.ticks)
        ear.ticks.clear()
        await eventually(lambda: True in ear.ticks)
        stopped.set()
    assert len(ear.heard) == 1
