"""The MQTT adapter: the only file that knows aiomqtt. Needs no more than MQTT 3.1.1."""

import asyncio
import contextlib
import logging
import secrets
import socket
from collections.abc import Callable, Sequence
from typing import Any, Self

import aiomqtt
from aiomqtt.exceptions import MqttConnectError
from aiomqtt.types import PahoSocket
from paho.mqtt.client import Client as Paho
from paho.mqtt.client import MQTTMessage
from paho.mqtt.enums import MQTTErrorCode
from paho.mqtt.reasoncodes import ReasonCode

from hotline.address import START_ONE, BrokerAddress, what_failed
from hotline.errors import BrokerUnreachable
from hotline.transport import Arrival, Down, Up
from hotline.turn import Incoming, Publish
from hotline.wire import Wire

_Context = dict[str, Any]  # what an event loop tells of an error

KEEPALIVE_S = 5
_MAX_UNDERWAY = 256  # publishes that wait for their PUBACK
_STUCK_S = 3.0 * KEEPALIVE_S  # so long the one that waits longest may wait for nothing
_RECONNECT_S = (0.1, 0.2, 0.5, 1.0, 2.0)
_CONNECT_TIMEOUT_S = 5.0
_CLOSE_TIMEOUT_S = 1.0
_UNSPECIFIED = 0x80
_NOT_LET_IN = (4, 5, 0x86, 0x87)  # in MQTT 3.1.1, and in MQTT 5
_REFUSED = 0x80
_PAHO = logging.getLogger("hotline.mqtt.paho")  # what it has to say, the link says better
_PAHO.addHandler(logging.NullHandler())
_PAHO.propagate = False


class MqttLink:
    """One station's link to an MQTT broker, kept up until it is closed.

    Args:
        address: where the broker is.
        name: what the client identifier begins with, for the broker's own log.
    """

    def __init__(self, address: BrokerAddress, name: str) -> None:
        self._address = address
        self._name = name
        self._client: _Client | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._aborted = False

    async def open(
        self,
        topics: Sequence[str],
        make_will: Callable[[], Publish | None],
        deliver: Callable[[Arrival], None],
    ) -> None:
        """Connect, subscribe, and deliver from then on."""
        _forgive_closed_sockets(asyncio.get_running_loop())
        first: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._keeper = asyncio.create_task(self._keep_up(topics, make_will, deliver, first))
        try:
            await asyncio.wait([first, self._keeper], return_when=asyncio.FIRST_COMPLETED)
            if not first.done():
                self._keeper.result()  # it never ends by itself: this raises what ended it
            first.result()
        except asyncio.CancelledError:
            self._keeper.cancel()
            raise
        except (aiomqtt.MqttError, RuntimeError, UnicodeError) as error:  # of a host's name
            raise BrokerUnreachable(
                f"no MQTT broker can be used at {self._address}: {_said(error)}; {_advice(error)}"
            ) from None

    async def publish(self, publish: Publish) -> None:
        """Hand a message to the broker, waiting only for room; dropped while the link is down."""
        while self._client and len(self._client.underway) >= _MAX_UNDERWAY:
            await self._client.fewer_underway()
        if self._client:
            self._client.hand_over(publish)

    async def close(self) -> None:
        """Wait for what was handed over, and leave without the last will."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_CLOSE_TIMEOUT_S):
                while self._client and self._client.underway:
                    await self._client.fewer_underway()
        await self._stop()

    async def abort(self) -> None:
        """Break the connection off, as a crash does."""
        self._aborted = True  # the keeper ends with the connection
        if self._client is not None and self._keeper is not None:
            self._client.cut()
            await asyncio.wait([self._keeper], timeout=_CLOSE_TIMEOUT_S)
        await self._stop()

    async def _stop(self) -> None:
        if self._keeper:
            self._keeper.cancel()
            await asyncio.wait([self._keeper], timeout=_CLOSE_TIMEOUT_S)

    async def _keep_up(
        self,
        topics: Sequence[str],
        make_will: Callable[[], Publish | None],
        deliver: Callable[[Arrival], None],
        first: asyncio.Future[None],
    ) -> None:
        failures = 0
        while not self._aborted:
            client = self._make_client(make_will(), deliver)
            try:
                async with client:
                    self._client = client
                    deliver(Up())  # before the subscriptions, so before the first message
                    if topics:
                        wanted = [(topic, 1) for topic in topics]
                        _check(topics, await client.subscribe(wanted))
                    failures = 0
                    if not first.done():
                        first.set_result(None)
                    async for _ in client.messages:
                        pass  # none comes this way; it ends with the link
            except (aiomqtt.MqttError, RuntimeError) as error:  # of a thread that cannot be started
                if not first.done():
                    first.set_exception(error)
                    return
                # A broker that is gone is waited for; one that lets us in no more has its reason.
                if self._client is not None or isinstance(error, MqttConnectError):
                    deliver(Down(_said(error)))
            finally:
                client.give_up()
                self._client = None
            await asyncio.sleep(_RECONNECT_S[min(failures, len(_RECONNECT_S) - 1)])
            failures += 1

    def _make_client(self, will: Publish | None, deliver: Callable[[Arrival], None]) -> "_Client":
        return _Client(
            deliver,
            self._address.host,
            self._address.port,
            username=self._address.username,
            password=self._address.password,
            # A fresh name each time: two stations under one name must both be heard, so that
            # the fork is seen; a shared client identifier would have them throw each other out.
            identifier=f"{self._name}-{secrets.token_hex(4)}",
            will=aiomqtt.Will(will.topic, will.payload, 1, will.retain) if will else None,
            clean_session=True,
            keepalive=KEEPALIVE_S,
            timeout=_CONNECT_TIMEOUT_S,
            logger=_PAHO,
        )


class _Client(aiomqtt.Client):
    """aiomqtt's client, with shorter ways in and out.

    aiomqtt queues what comes in, for a task to fetch. To write it goes three times round the event
    loop, once by a socket to itself, and what waits for its PUBACK takes two tasks and a timer.
    That was a sixth of a round trip, and of the work of a process with many lines.
    """

    def __init__(self, deliver: Callable[[Arrival], None], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._client.disable_logger()  # it has lines for every packet, which nobody reads
        self.underway: dict[int, None] = {}
        """The messages that wait for their PUBACK, in the order in which it has to come."""
        self._first_since_s = 0.0  # since when the first of them is the first
        self._deliver = deliver
        self._moved = asyncio.Event()
        self._wire: Wire | None = None
        self._writes_soon = False
        self._awaits_room = False

    async def __aenter__(self) -> Self:
        """Connect; an error if the broker has left by the time that we know that it let us in."""
        lost = self._disconnected
        await super().__aenter__()
        if lost.done():  # aiomqtt forgets it then, and who only speaks would be up for ever
            raise aiomqtt.MqttError("the broker left at once") from lost.exception()
        return self

    def hand_over(self, publish: Publish) -> None:
        """Publish with QoS 1. One that fails is repaired from the journal."""
        self._writes_soon = True
        info = self._client.publish(publish.topic, publish.payload, 1, publish.retain)
        if info.rc == MQTTErrorCode.MQTT_ERR_SUCCESS:
            if not self.underway:
                self._first_since_s = self._loop.time()
            self.underway[info.mid] = None
        self._write()
        if self.underway and self._patience_s() <= 0:
            self._leave()

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
        """Have the keeper connect anew, as MQTT has it for a PUBACK that does not come.

        paho sends no more than 20 messages that were not acknowledged. A broker that answers pings
        and has dropped so many (some do that to who says too much) would hear no other, ever.
        """
        if not self._disconnected.done():
            self._disconnected.set_exception(
                aiomqtt.MqttError("the broker acknowledges no more messages")
            )

    def give_up(self) -> None:
        """Nobody is left to acknowledge anything, or to read what still comes."""
        # After an error in a callback, or an answer that did not come, aiomqtt leaves it open: it
        # would be read, and kept alive, beside the connection that follows.
        self._client._sock_close()  # noqa: SLF001 -- paho has no public way without a goodbye
        self.underway.clear()
        self._moved.set()

    def cut(self) -> None:
        """Break the connection off."""
        if self._wire:
            self._wire.cut()

    def _on_message(self, _client: Paho, _userdata: object, message: MQTTMessage) -> None:
        try:
            topic = message.topic
        except UnicodeDecodeError:  # none of ours; brokers should not let it through
            return
        self._deliver(Incoming(topic, bytes(message.payload), message.retain))

    def _on_publish(self, _client: Paho, _userdata: object, mid: int, *_: object) -> None:
        if next(iter(self.underway), None) == mid:
            self._first_since_s = self._loop.time()
        self.underway.pop(mid, None)
        self._moved.set()

    def _on_disconnect(self, *told: Any) -> None:
        # aiomqtt asks how the connecting ended; it may have been broken off by us.
        if not self._connected.cancelled():
            super()._on_disconnect(*told)

    def _on_socket_open(self, client: Paho, userdata: object, sock: PahoSocket) -> None:
        if isinstance(sock, socket.socket):
            client._sock = self._wire = Wire(sock)  # noqa: SLF001 -- paho asks nobody for it
        super()._on_socket_open(client, userdata, sock)

    def _on_socket_close(self, client: Paho, userdata: object, sock: PahoSocket) -> None:
        if self._awaits_room:
            self._loop.remove_writer(sock.fileno())
        super()._on_socket_close(client, userdata, sock)

    def _on_socket_register_write(self, client: Paho, userdata: object, sock: PahoSocket) -> None:
        if not self._connected.done():  # CONNECT is written by a thread of its own
            super()._on_socket_register_write(client, userdata, sock)
        elif not self._writes_soon:
            self._writes_soon = True
            self._loop.call_soon(self._write)

    def _on_socket_unregister_write(self, client: Paho, userdata: object, sock: PahoSocket) -> None:
        if not self._connected.done():
            super()._on_socket_unregister_write(client, userdata, sock)

    def _write(self) -> None:
        """Write all that waits, or have the socket say when it takes the rest."""
        self._writes_soon = False
        wire = self._wire
        if wire is None or self._awaits_room:
            return
        wire.gathers = True
        try:
            self._client.loop_write()
        except Exception as error:  # noqa: BLE001 -- as aiomqtt does: whatever it is, the link is cut
            if not self._disconnected.done():
                self._disconnected.set_exception(error)
        if not wire.flush():
            self._awaits_room = True
            self._loop.add_writer(wire.fileno(), self._write_rest)

    def _write_rest(self) -> None:
        """The socket has room again."""
        if self._wire:
            self._loop.remove_writer(self._wire.fileno())
        self._awaits_room = False
        self._write()


class _ForgivesClosedSockets:
    """An event loop's handler that keeps quiet about what happens to a socket that was closed.

    That is between paho's wish to write and the writing: aiomqtt registers the writer from a
    callback of its own, in which nobody can catch the error; that the link is cut is noticed
    elsewhere. The same holds for a link that is cut in the moment in which it comes up: aiomqtt
    then drops a future that has the error. All else goes to the handler that was there before.
    """

    def __init__(self, before: Callable[[asyncio.AbstractEventLoop, _Context], object]) -> None:
        self._before = before

    def __call__(self, loop: asyncio.AbstractEventLoop, context: _Context) -> None:
        late_writer = "add_writer" in repr(context.get("handle"))
        if late_writer and isinstance(context.get("exception"), OSError):
            return
        if "future" in context and isinstance(context.get("exception"), aiomqtt.MqttError):
            return
        self._before(loop, context)


def _forgive_closed_sockets(loop: asyncio.AbstractEventLoop) -> None:
    before = loop.get_exception_handler()
    if not isinstance(before, _ForgivesClosedSockets):
        otherwise = before or type(loop).default_exception_handler
        loop.set_exception_handler(_ForgivesClosedSockets(otherwise))


def _check(topics: Sequence[str], granted: Sequence[int | ReasonCode]) -> None:
    """A subscription that the broker refuses would keep us deaf without our knowing it."""
    if len(granted) != len(topics):
        raise aiomqtt.MqttError(f"the broker answers {len(granted)} of {len(topics)} subscriptions")
    for topic, code in zip(topics, granted, strict=True):
        if (code.value if isinstance(code, ReasonCode) else code) >= _REFUSED:
            raise aiomqtt.MqttError(f"the broker refuses the subscription to {topic}")


def _advice(error: BaseException) -> str:
    """What to do when no link can be made."""
    # Only a CONNACK's: paho has numbers of its own, and there 4 is "no connection".
    code = error.rc if isinstance(error, MqttConnectError) else None
    if (code.value if isinstance(code, ReasonCode) else code) in _NOT_LET_IN:
        return (
            "give the right user and password: --broker mqtt://USER:PASSWORD@HOST:PORT, or"
            " HOTLINE_BROKER__USERNAME and HOTLINE_BROKER__PASSWORD"
        )
    return START_ONE


def _said(error: BaseException) -> str:
    cause = error.__cause__ or error
    code = cause.rc if isinstance(cause, aiomqtt.MqttCodeError) else None
    if isinstance(code, ReasonCode) and code.value == _UNSPECIFIED:
        return "the connection to the broker was lost"  # paho knows no more
    system = cause if isinstance(cause, OSError) else error.__context__  # aiomqtt has its text
    if isinstance(system, OSError) and system.errno:
        return what_failed(system)
    return str(cause) or type(cause).__name__
