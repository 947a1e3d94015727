"""Yardstick R, the broker's own limit: the same exchange in bare MQTT 3.1.1 on raw sockets."""

import asyncio
import struct
import time
from collections.abc import Callable

from tests.bench.processes import tell_ready

PAYLOAD = b"." * 400
_CONNECT, _SUBSCRIBE, _PUBLISH, _PUBACK = 0x10, 0x82, 0x32, 0x40


class RawClient(asyncio.Protocol):
    """Publishes and acknowledges with QoS 1; knows nothing else."""

    def __init__(self, on_message: Callable[[bytes], None]) -> None:
        self._on_message = on_message
        self._buffer = b""
        self._transport: asyncio.Transport | None = None
        self._packet_id = 0
        self.subscribed = asyncio.get_running_loop().create_future()

    def close(self) -> None:
        """Hang up."""
        assert self._transport is not None
        self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Say who we are."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport  # asyncio sets TCP_NODELAY by itself
        self._write(_CONNECT, b"\x00\x04MQTT\x04\x02\x00\x00\x00\x00")

    def subscribe(self, topic: bytes) -> None:
        """Ask for a topic with QoS 1; `subscribed` is done when it is granted."""
        self._write(_SUBSCRIBE, b"\x00\x01" + _text(topic) + b"\x01")

    def publish(self, topic: bytes, payload: bytes, *, retain: bool = False) -> None:
        """Send a message with QoS 1."""
        self._packet_id = self._packet_id % 65_535 + 1
        self._write(_PUBLISH | retain, _text(topic) + struct.pack("!H", self._packet_id) + payload)

    def data_received(self, data: bytes) -> None:
        """Acknowledge and pass on every message that is complete."""
        self._buffer += data
        while (packet := self._take()) is not None:
            kind, body = packet
            if kind & 0xF0 == 0x30:
                length = struct.unpack("!H", body[:2])[0]
                self._write(_PUBACK, body[2 + length : 4 + length])
                self._on_message(body[4 + length :])
            elif kind == 0x90:
                self.subscribed.set_result(None)

    def _take(self) -> tuple[int, bytes] | None:
        length = shift = 0
        for index in range(1, 5):
            if index >= len(self._buffer):
                return None
            byte = self._buffer[index]
            length |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                break
        begin = index + 1
        if len(self._buffer) < begin + length:
            return None
        packet = (self._buffer[0], self._buffer[begin : begin + length])
        self._buffer = self._buffer[begin + length :]
        return packet

    def _write(self, kind: int, body: bytes) -> None:
        assert self._transport is not None
        length, size = len(body), b""
        while True:
            low_bits, length = length & 0x7F, length >> 7
            size += bytes([low_bits | (0x80 if length else 0)])
            if not length:
                break
        self._transport.write(bytes([kind]) + size + body)


def _text(text: bytes) -> bytes:
    return struct.pack("!H", len(text)) + text


async def join(port: int, topic: bytes, on_message: Callable[[bytes], None]) -> RawClient:
    """A client that has subscribed to one topic."""
    loop = asyncio.get_running_loop()
    _, client = await loop.create_connection(lambda: RawClient(on_message), "127.0.0.1", port)
    client.subscribe(topic)
    await client.subscribed
    return client


async def echo(port: int) -> None:
    """The other side: answers until it is killed."""
    client: RawClient | None = None

    def answer(payload: bytes) -> None:
        assert client is not None
        client.publish(b"raw/answer", payload[:40])

    client = await join(port, b"raw/notice", answer)
    tell_ready()
    await asyncio.Event().wait()


async def ask(port: int, count: int, in_flight: int, warm_up: int = 0) -> tuple[float, list[float]]:
    """Seconds for `count` exchanges after the warm-up, and the round trip of each."""
    done = asyncio.get_running_loop().create_future()
    began: list[float] = []
    trips: list[float] = []
    total, began_s = count + warm_up, 0.0

    def send() -> None:
        began.append(time.perf_counter())
        client.publish(b"raw/notice", PAYLOAD)

    def answered(_: bytes) -> None:
        nonlocal began_s
        trips.append(time.perf_counter() - began[len(trips)])  # they come in order
        if len(trips) == warm_up:
            began_s = time.perf_counter()
        if len(began) < total:
            send()
        elif len(trips) == total:
            done.set_result(None)

    client = await join(port, b"raw/answer", answered)
    began_s = time.perf_counter()
    for _ in range(min(in_flight, total)):
        send()
    await done
    client.close()
    return time.perf_counter() - began_s, trips[warm_up:]
