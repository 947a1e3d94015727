"""A private broker: it serves, and nothing of it stays, whatever ends it."""

import asyncio
import contextlib
import errno
import gc
import os
import pwd
import re
import signal
import subprocess
import sys
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import aiomqtt
import pytest

from hotline.broker.address import BrokerAddress, trouble_at
from hotline.broker.broker import Broker, BrokerKind, private_broker
from tests.brokers import BOTH_KINDS, entries
from tests.helpers import PATIENCE_S
from tests.processes import children

NAMES = {
    BrokerKind.mosquitto: r"Mosquitto \d+\.\d+\.\d+",
    BrokerKind.nats: r"nats-server \d+\.\d+\.\d+",
}


MORE_THAN_A_DEFAULT_QUEUE = 1_500  # Mosquitto's holds 1,000


# A parent that can be killed: it says where its broker is, then waits for ever.
PARENT = """
import asyncio, signal, sys
from hotline.broker.broker import BrokerKind, private_broker

# Who runs the tests in the background may have it ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)

async def main():
    async with private_broker(BrokerKind(sys.argv[1])) as broker:
        print(broker.url, flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


def client(url: str, **options: object) -> aiomqtt.Client:
    """Make an MQTT client for the broker with this URL."""
    address = BrokerAddress.parse(url)
    return aiomqtt.Client(address.host, address.port, **options)  # type: ignore[arg-type]


async def answers(url: str) -> bool:
    """Tell whether a broker is there."""
    return await trouble_at(BrokerAddress.parse(url), 5) is None


async def goes_away(url: str, folder: Path) -> bool:
    """Wait for the end of a broker and of its directory; tell whether it came."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            while await answers(url) or entries(folder):
                await asyncio.sleep(0.02)
    except TimeoutError:
        return False
    return True


async def retained(
    subscriber: aiomqtt.Client, topic: str, messages: AsyncIterator[aiomqtt.Message]
) -> aiomqtt.Message:
    """Subscribe until the retained message comes: nats-server acknowledges it before keeping it."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            await subscriber.subscribe(topic, qos=1)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(1):
                    return await anext(messages)


async def exchange(url: str, topic: str) -> tuple[bytes, bool, bytes, bool]:
    """Retain one message, have another delivered live, and tell what came: payloads, retained."""
    async with client(url) as publisher, client(url) as subscriber:
        await publisher.publish(topic, b"kept", qos=1, retain=True)
        messages = aiter(subscriber.messages)
        first = await retained(subscriber, topic, messages)
        await publisher.publish(topic, b"live", qos=1)
        second = await anext(messages)
    assert isinstance(first.payload, bytes)
    assert isinstance(second.payload, bytes)
    return first.payload, first.retain, second.payload, second.retain


@BOTH_KINDS
async def test_broker_serves_and_is_gone_afterwards(kind: BrokerKind, temp_folder: Path) -> None:
    """It retains and delivers; its directory is private, and nothing of it stays."""
    async with private_broker(kind) as broker:
        assert re.fullmatch(r"mqtt://127\.0\.0\.1:\d+", broker.url)
        assert re.fullmatch(NAMES[kind], broker.name)
        [directory] = entries(temp_folder)
        assert directory.stat().st_mode & 0o777 == 0o700
        drops_to = "mosquitto" if kind is BrokerKind.mosquitto and os.geteuid() == 0 else None
        assert directory.owner() == (drops_to or pwd.getpwuid(os.geteuid()).pw_name)
        assert await exchange(broker.url, "a/b") == (b"kept", True, b"live", False)
    assert not await answers(broker.url)
    assert not entries(temp_folder)


@pytest.mark.mosquitto
async def test_session_mosquitto_outlives_a_loop(mosquitto_url: str) -> None:
    """The broker that the tests share serves every test's own loop."""
    assert await exchange(mosquitto_url, "shared/m") == (b"kept", True, b"live", False)


@pytest.mark.nats
async def test_session_nats_outlives_a_loop(nats_url: str) -> None:
    """The broker that the tests share serves every test's own loop."""
    assert await exchange(nats_url, "shared/n") == (b"kept", True, b"live", False)


@BOTH_KINDS
async def test_broker_listens_on_one_address_only(kind: BrokerKind) -> None:
    """Nobody else on the network can reach it."""
    async with private_broker(kind) as broker:
        other = broker.url.replace("127.0.0.1", "127.0.0.2")  # loopback too, on Linux
        assert await answers(broker.url)
        assert not await answers(other)


@BOTH_KINDS
async def test_broker_queues_more_than_the_default(kind: BrokerKind) -> None:
    """Who is away for long misses nothing because a queue was full."""

    def session(url: str) -> aiomqtt.Client:
        return client(url, identifier="sleeper", clean_session=False)

    count = MORE_THAN_A_DEFAULT_QUEUE
    async with private_broker(kind) as broker:
        async with session(broker.url) as subscriber:
            await subscriber.subscribe("queue", qos=1)
        async with client(broker.url, max_inflight_messages=100) as publisher:
            await asyncio.gather(
                *(publisher.publish("queue", str(n), qos=1, timeout=60) for n in range(count))
            )
        got = set()
        async with session(broker.url) as subscriber, asyncio.timeout(60):
            async for message in subscriber.messages:
                got.add(message.payload)
                if len(got) == count:
                    break
    assert got == {str(n).encode() for n in range(count)}


@pytest.mark.mosquitto
async def test_mosquitto_sends_without_delay_and_limits(temp_folder: Path) -> None:
    """Its configuration says so."""
    async with private_broker(BrokerKind.mosquitto):
        [config] = entries(temp_folder, "*/broker.conf")
        lines = config.read_text().splitlines()
    assert "set_tcp_nodelay true" in lines
    assert "max_queued_messages 0" in lines
    assert "max_inflight_messages 1000" in lines


@BOTH_KINDS
async def test_broker_needs_no_thread(kind: BrokerKind) -> None:
    """There are as many as before."""
    before = threading.active_count()
    async with private_broker(kind):
        assert threading.active_count() == before


@BOTH_KINDS
async def test_broker_is_gone_after_an_exception(kind: BrokerKind, temp_folder: Path) -> None:
    """With its directory, and the exception is raised."""
    broker: Broker | None = None
    with pytest.raises(ZeroDivisionError):
        async with private_broker(kind) as broker:
            raise ZeroDivisionError
    assert broker is not None
    assert not await answers(broker.url)
    assert not entries(temp_folder)


@BOTH_KINDS
@pytest.mark.parametrize("after_s", [0.0, 0.02, None])
async def test_broker_is_gone_after_cancellation(
    kind: BrokerKind, temp_folder: Path, after_s: float | None
) -> None:
    """At whatever moment that comes, also while it starts."""
    started: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def hold() -> None:
        async with private_broker(kind) as broker:
            started.set_result(broker.url)
            await asyncio.Event().wait()

    task = asyncio.create_task(hold())
    if after_s is None:
        await started
    else:
        await asyncio.sleep(after_s)  # while it starts
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not entries(temp_folder)


def start_parent(kind: BrokerKind) -> subprocess.Popen[str]:
    """Start a process that holds a private broker."""
    return subprocess.Popen(
        [sys.executable, "-c", PARENT, kind],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )


@BOTH_KINDS
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
async def test_broker_is_gone_after_its_parent(
    kind: BrokerKind, temp_folder: Path, number: signal.Signals
) -> None:
    """Whatever ended the parent, even what it cannot notice."""
    with start_parent(kind) as parent:
        assert parent.stdout is not None
        url = (await asyncio.to_thread(parent.stdout.readline)).strip()
        assert await answers(url)
        os.killpg(parent.pid, number)  # as a terminal does it: to the parent and what is around it
        parent.wait(PATIENCE_S)
        assert parent.returncode == -number
    assert await goes_away(url, temp_folder)


@BOTH_KINDS
@pytest.mark.usefixtures("temp_folder")
async def test_broker_is_gone_after_its_guard(kind: BrokerKind) -> None:
    """Also one that would give up root's rights by itself: it never had them."""
    with start_parent(kind) as parent, contextlib.ExitStack() as last:
        last.callback(parent.kill)
        assert parent.stdout is not None
        url = (await asyncio.to_thread(parent.stdout.readline)).strip()
        [guard] = await asyncio.to_thread(children, parent.pid)
        os.kill(guard, signal.SIGKILL)
        async with asyncio.timeout(PATIENCE_S):
            while await answers(url):
                await asyncio.sleep(0.02)


@pytest.mark.mosquitto
async def test_a_process_that_cannot_be_started_leaves_nothing_behind(
    temp_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither its directory nor an open log (a file that nobody closed fails any test)."""

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setattr(subprocess, "Popen", refuse)
    with pytest.raises(OSError, match="temporarily unavailable"):
        async with private_broker(BrokerKind.mosquitto):
            pass
    gc.collect()
    assert list(temp_folder.iterdir()) == []  # noqa: ASYNC240 -- it is over
