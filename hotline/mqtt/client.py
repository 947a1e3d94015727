"""aiomqtt's client, with shorter ways in and out."""

import asyncio
import logging
import ssl
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, Self

import aiomqtt
from aiomqtt.types import PahoSocket
from paho.mqtt.client import Client as Paho
from paho.mqtt.client import MQTTMessage
from paho.mqtt.enums import MQTTErrorCode
from paho.mqtt.reasoncodes import ReasonCode

from hotline.mqtt.failures import LOST, Unwilling
from hotline.mqtt.wire import Wire
from hotline.station.turn import Incoming, Publish
from hotline.transport import Arrival, Deliver, Up

_KEEPALIVE_S = 5
_STUCK_S = 3.0 * _KEEPALIVE_S  # how long the one that waits longest may wait in vain
_REFUSED = 0x80
_LEFT = "the broker left at once"
_PAHO = logging.getLogger("hotline.mqtt.paho")  # the link says better what paho would say
_PAHO.addHandler(logging.NullHandler())
_PAHO.propagate = False


def _or_cut(act: "Callable[[Client], None]") -> "Callable[[Client], None]":
    """Have the link cut, as aiomqtt does, whatever goes wrong: nobody else would learn of it."""

    @wraps(act)
    def acting(self: "Client") -> None:
        try:
            act(self)
        except Exception as error:  # noqa: BLE001 -- the link's keeper tells it
            self._break_off(error)

    return acting


class Client(aiomqtt.Client):
    """aiomqtt's client, with shorter ways in and out.

    aiomqtt queues what comes in, for a task to fetch. Each write goes three times round the event
    loop, once by a socket to itself, and each publish that waits for its PUBACK takes two tasks and
    a timer. That was a sixth of a round trip, and of the work of a process with many lines.
    """

    def __init__(self, deliver: Deliver, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, keepalive=_KEEPALIVE_S, logger=_PAHO, **kwargs)
        self._client.disable_logger()  # it logs every packet, which nobody reads
        self._client.connect_timeout = self.timeout  # of a handshake, too
        self.underway: dict[int, None] = {}
        """The messages that wait for their PUBACK, in the order in which it has to come."""
        self._first_since_s = 0.0  # since when the first of them is the first
        self._deliver = deliver
        self._early: list[Arrival] = []
        self._take: Deliver = self._early.append
        self._moved = asyncio.Event()
        self._wire: Wire | None = None
        self._alert: ssl.SSLError | None = None
        self._writes_soon = False
        self._awaits_room = False
        self._is_given_up = False

    async def __aenter__(self) -> Self:
        """Connect; an error if the broker has left by the time we know that it let us in."""
        lost = self._disconnected
        await super().__aenter__()
        task = asyncio.current_task()
        if task and task.cancelling():  # Python 3.11 forgets that if we were let in meanwhile
            raise asyncio.CancelledError
        if lost.done():  # aiomqtt forgets it then: if we only spoke, we would be up for ever
            lost.exception()  # looked at, or asyncio would complain
            raise Unwilling(_LEFT)
        # Not before: paho's time without a word begins before it looks for the host, which may
        # take longer than the keepalive.
        self._misc_task = self._loop.create_task(self._misc_loop())
        return self

    async def hear(self, topics: Sequence[str]) -> None:
        """Subscribe with QoS 1.

        Raises:
            Unwilling: the broker leaves, or refuses one: we would be deaf without knowing it.
        """
        if not topics:
            return
        codes = await self._subscribe([(topic, 1) for topic in topics])
        if len(codes) != len(topics):
            says = f"the broker answers {len(codes)} of {len(topics)} subscriptions"
            raise Unwilling(says)
        for topic, code in zip(topics, codes, strict=True):
            if code.value >= _REFUSED:
                raise Unwilling(f"the broker refuses the subscription to {topic}")

    @_or_cut
    def begin(self) -> None:
        """Say that the link is up; deliver what has come on it by now, and whatever comes next."""
        self._take = self._deliver
        for arrival in (Up(), *self._early):
            self._deliver(arrival)

    async def _subscribe(self, wanted: list[tuple[str, int]]) -> Sequence[ReasonCode]:
        """What the broker answers; aiomqtt would wait for that though the broker is gone."""
        subscribing: asyncio.Future[Any] = asyncio.ensure_future(self.subscribe(wanted))
        # Somebody has looked at its exception then; asyncio would complain otherwise.
        subscribing.add_done_callback(lambda done: done.cancelled() or done.exception())
        either = [subscribing, self._disconnected]
        try:
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            is_answered = subscribing.done() and subscribing.exception() is None
            if self._disconnected.done() and not is_answered:
                raise Unwilling(_LEFT)
            codes: Sequence[ReasonCode] = subscribing.result()
            return codes
        finally:
            subscribing.cancel()

    def hand_over(self, publish: Publish) -> None:
        """Publish with QoS 1. A publish that fails is repaired from the journal."""
        if self.underway and self._patience_s() <= 0:
            self._leave()
            return
        self._writes_soon = True
        info = self._client.publish(publish.topic, publish.payload, 1, publish.retain)
        if info.rc == MQTTErrorCode.MQTT_ERR_SUCCESS:
            if not self.underway:
                self._first_since_s = self._loop.time()
            self.underway[info.mid] = None
        self._write()

    async def fewer_underway(self) -> None:
        """Wait until the broker acknowledges something, or the link is gone."""
        self._moved.clear()
        try:
            async with asyncio.timeout(self._patience_s()):
                await self._moved.wait()
        except TimeoutError:
            self._leave()
            await self._moved.wait()

    def _patience_s(self) -> float:
        """How long the first message under way may still wait for its PUBACK."""
        return self._first_since_s + _STUCK_S - self._loop.time()

    def _leave(self) -> None:
        """Have the keeper connect anew, as MQTT demands when a PUBACK does not come.

        paho sends at most 20 messages that are not acknowledged. A broker that answers pings but
        has dropped that many (some do, when a client says too much) would never hear another.
        """
        if not self._disconnected.done():
            self._break_off(aiomqtt.MqttError("the broker acknowledges no more messages"))
            # We are back at once: the last will would call a station lost that was there all along.
            # The will comes anyway if the broker cannot acknowledge what it has still to read.
            self._client.disconnect()
            self._write()

    def give_up(self) -> None:
        """Nobody is left to acknowledge anything, or to read what still comes."""
        # After an error in a callback, or an answer that did not come, aiomqtt leaves the socket
        # open: it would be read, and kept alive, beside the next connection.
        self._is_given_up = True
        self._client._sock_close()  # noqa: SLF001 -- paho has no public way without a goodbye
        for told in (self._connected, self._disconnected):
            if not told.cancel() and not told.cancelled():
                told.exception()  # looked at, or asyncio would complain that nobody has
        self.underway.clear()
        self._moved.set()

    def cut(self) -> None:
        """Break the connection off."""
        if self._wire:
            self._wire.cut()

    def _on_message(self, _client: Paho, _userdata: object, message: MQTTMessage) -> None:
        try:
            topic = message.topic
        except UnicodeDecodeError:  # not one of ours; brokers should not let it through
            return
        self._take(Incoming(topic, bytes(message.payload), message.retain))

    def _on_publish(self, _client: Paho, _userdata: object, mid: int, *_: object) -> None:
        if next(iter(self.underway), None) == mid:
            self._first_since_s = self._loop.time()
        self.underway.pop(mid, None)
        self._moved.set()

    def _on_disconnect(self, *told: Any) -> None:
        if not self._connected.done():
            _client, _userdata, _flags, reason, *_ = told
            # This may be the thread that connects.
            self._loop.call_soon_threadsafe(self._hung_up, reason)
        elif not self._connected.cancelled():  # by us; aiomqtt asks how connecting ended
            super()._on_disconnect(*told)

    def _hung_up(self, reason: ReasonCode) -> None:
        """A broker has gone instead of an answer: nobody need wait for that any longer."""
        if not self._connected.done():
            is_closed = reason.value == LOST
            hung_up = Unwilling("the broker hung up without an answer")
            hung_up.__cause__ = self._alert
            self._connected.set_exception(hung_up if is_closed else aiomqtt.MqttCodeError(reason))

    def _break_off(self, error: Exception) -> None:
        """Have the keeper learn that the link is of no use any more."""
        if not self._disconnected.done():
            self._disconnected.set_exception(error)

    def _on_socket_open(self, client: Paho, _userdata: object, sock: PahoSocket) -> None:
        if self._is_given_up:  # by a cancelled caller, which could not cancel the connecting thread
            sock.close()
            raise ConnectionAbortedError("nobody waits for this connection any more")
        client._sock = wire = Wire(sock)  # noqa: SLF001 -- paho asks nobody for it
        # This is the thread that connects.
        self._loop.call_soon_threadsafe(self._attend, wire)

    def _attend(self, wire: Wire) -> None:
        """Have the loop read what comes, unless the connection was given up meanwhile.

        A file descriptor that is closed by now may be another connection's.
        """
        if self._is_given_up:
            return
        self._wire = wire
        self._loop.add_reader(wire.fileno(), self._read)

    def _on_socket_close(self, client: Paho, userdata: object, sock: PahoSocket) -> None:
        if self._wire:
            self._loop.remove_writer(self._wire.fileno())
            self._alert = self._wire.alert
        self._wire = None
        super()._on_socket_close(client, userdata, sock)

    def _on_socket_register_write(self, *_: object) -> None:
        if not self._connected.done():  # CONNECT comes from the thread that connects
            self._loop.call_soon_threadsafe(self._write)
        elif not self._writes_soon:
            self._writes_soon = True
            self._loop.call_soon(self._write)

    def _on_socket_unregister_write(self, *_: object) -> None:
        """Nothing: `_write` knows by itself when everything is written."""

    @_or_cut
    def _read(self) -> None:
        """Read what has come."""
        self._client.loop_read()
        while self._wire and self._wire.pending():
            self._client.loop_read()

    @_or_cut
    def _write(self) -> None:
        """Write all that waits, or have the socket say when it takes the rest."""
        self._writes_soon = False
        wire = self._wire
        if wire is None or self._awaits_room:
            return
        wire.gathers = True
        self._client.loop_write()
        if not wire.flush():
            self._awaits_room = True
            self._loop.add_writer(wire.fileno(), self._write_rest)

    def _write_rest(self) -> None:
        """The socket has room again."""
        if self._wire:
            self._loop.remove_writer(self._wire.fileno())
        self._awaits_room = False
        self._write()
