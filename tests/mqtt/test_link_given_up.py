"""Nothing is left of a link that is given up."""

import asyncio
import socket
import threading
import time
from typing import Any

import pytest

from hotline.broker.address import BrokerAddress
from hotline.mqtt import client
from hotline.mqtt.link import MqttLink
from tests.helpers import eventually
from tests.mqtt.brokers import (
    ACCEPTED,
    opened,
    server,
)


async def test_who_stops_waiting_for_a_connection_leaves_nothing_behind() -> None:
    """A cancelled `open` ends its attempts, also where one would bring a link."""
    before = asyncio.all_tasks()
    async with server(ACCEPTED) as port:
        link = MqttLink(BrokerAddress("127.0.0.1", port), "test")
        opening = asyncio.create_task(link.open([], lambda: None, lambda _: None))
        await asyncio.sleep(0)
        opening.cancel()
        with pytest.raises(asyncio.CancelledError):
            await opening
        await eventually(lambda: asyncio.all_tasks() <= before)


async def test_who_is_cancelled_as_the_broker_lets_him_in_does_not_stay(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In Python 3.11 whoever waited for that is told of it, and not that he was cancelled."""
    before = asyncio.all_tasks()
    connected = client.Client._on_connect

    def cancelled_then(*told: Any) -> None:
        connected(*told)
        opening.cancel()

    monkeypatch.setattr(client.Client, "_on_connect", cancelled_then)
    async with server(ACCEPTED) as port:
        link = MqttLink(BrokerAddress("127.0.0.1", port), "test")
        opening = asyncio.create_task(link.open([], lambda: None, lambda _: None))
        with pytest.raises(asyncio.CancelledError):
            await opening
        await eventually(lambda: asyncio.all_tasks() <= before)


@pytest.mark.mosquitto
async def test_a_connection_that_comes_when_the_link_is_gone_is_closed(
    mosquitto_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A host that takes its time (to be found, say) gets no client whose station is dead."""
    late: list[socket.socket] = []
    tried, may_connect = threading.Event(), threading.Event()
    connect = socket.create_connection

    def connect_late(*args: Any, **kwargs: Any) -> socket.socket:
        tried.set()
        may_connect.wait(10)
        late.append(connect(*args, **kwargs))
        return late[0]

    async with opened(mosquitto_url) as (link, _):
        monkeypatch.setattr(socket, "create_connection", connect_late)
        assert link._client is not None
        link._client.cut()
        await eventually(tried.is_set)
        await link.abort()
        may_connect.set()
        async with asyncio.timeout(client._KEEPALIVE_S):  # later the broker would close it
            await eventually(lambda: late and late[0].fileno() == -1)
        await eventually(lambda: asyncio.all_tasks() == {asyncio.current_task()})


async def test_a_broker_that_goes_when_nobody_waits_for_it_is_no_error() -> None:
    """An attempt that was given up is not asked how it ended."""
    heard: list[dict[str, object]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: heard.append(context))
    wires: list[asyncio.StreamWriter] = []
    quiet = await asyncio.start_server(lambda _, wire: wires.append(wire), "127.0.0.1", 0)
    link = MqttLink(BrokerAddress("127.0.0.1", quiet.sockets[0].getsockname()[1]), "test")
    opening = asyncio.create_task(link.open([], lambda: None, lambda _: None))
    async with quiet:
        await eventually(lambda: len(wires) == 1)
        await asyncio.sleep(0.05)  # CONNECT is written by a thread
        opening.cancel()
        with pytest.raises(asyncio.CancelledError):
            await opening
        wires[0].close()
        await asyncio.sleep(0.1)
    await link.close()
    assert heard == []


async def test_who_is_given_up_while_connecting_watches_no_socket_of_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The thread that connects asks for its socket to be watched when that is closed already.

    The next connection of this process has the same file descriptor.
    """
    heard: list[dict[str, object]] = []
    loop, others = asyncio.get_running_loop(), list[socket.socket]()
    loop.set_exception_handler(lambda _, context: heard.append(context))
    tried, may_connect = threading.Event(), threading.Event()
    connect = socket.create_connection

    def connect_late(*args: Any, **kwargs: Any) -> socket.socket:
        tried.set()
        may_connect.wait(10)
        return connect(*args, **kwargs)

    monkeypatch.setattr(socket, "create_connection", connect_late)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        link = MqttLink(BrokerAddress("127.0.0.1", listening.getsockname()[1]), "test")
        opening = asyncio.create_task(link.open([], lambda: None, lambda _: None))
        await eventually(tried.is_set)
        opening.cancel()
        await asyncio.sleep(0)  # the keeper is about to give up
        loop.call_soon(lambda: others.extend(socket.socketpair()))
        may_connect.set()
        with listening.accept()[0]:
            time.sleep(0.1)  # noqa: ASYNC251 -- the loop must not go on before the thread has asked
            with pytest.raises(asyncio.CancelledError):
                await opening
            await link.close()
    assert heard == []
    assert not any(loop.remove_reader(other) or loop.remove_writer(other) for other in others)
    for other in others:
        other.close()
