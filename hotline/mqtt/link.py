"""A station's link to an MQTT broker: connected, subscribed, and connected anew."""

import asyncio
import contextlib
import secrets
from collections.abc import Sequence

import aiomqtt

from hotline.broker.address import BrokerAddress
from hotline.errors import BrokerUnreachable
from hotline.mqtt.backoff import Backoff
from hotline.mqtt.client import Client
from hotline.mqtt.failures import advice, said
from hotline.station.turn import Publish
from hotline.transport import Deliver, Down, MakeWill

_MAX_UNDERWAY = 256  # publishes that wait for their PUBACK
_CONNECT_TIMEOUT_S = 5.0
_CLOSE_TIMEOUT_S = 1.0


class MqttLink:
    """One station's link to an MQTT broker, kept up until it is closed.

    Args:
        address: where the broker is.
        name: what the client identifier begins with, for the broker's own log.
    """

    def __init__(self, address: BrokerAddress, name: str) -> None:
        self._address = address
        self._name = name
        self._client: Client | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._aborted = False

    async def open(self, topics: Sequence[str], make_will: MakeWill, deliver: Deliver) -> None:
        """Connect, subscribe, and deliver from then on."""
        self._aborted = False
        first: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._keeper = asyncio.create_task(self._keep_up(topics, make_will, deliver, first))
        try:
            await asyncio.wait([first, self._keeper], return_when=asyncio.FIRST_COMPLETED)
            if not first.done():
                self._keeper.result()  # the keeper never ends by itself: this raises what ended it
            first.result()
        except asyncio.CancelledError:
            self._keeper.cancel()
            raise
        except (aiomqtt.MqttError, RuntimeError, UnicodeError) as error:  # of a host's name
            raise BrokerUnreachable(
                f"no MQTT broker can be used at {self._address}: {said(error)}; {advice(error)}"
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
        make_will: MakeWill,
        deliver: Deliver,
        first: asyncio.Future[None],
    ) -> None:
        loop, backoff = asyncio.get_running_loop(), Backoff()
        told: set[str] = set()  # why it is down, since it was up
        while not self._aborted:
            client = self._make_client(make_will(), deliver)
            try:
                async with client:
                    self._client = client
                    await client.hear(topics)
                    client.begin()
                    backoff.up(loop.time())
                    told.clear()
                    if not first.done():
                        first.set_result(None)
                    async for _ in client.messages:
                        pass  # none comes this way; it ends with the link
            except (aiomqtt.MqttError, RuntimeError) as error:  # of a thread that cannot be started
                if not first.done():
                    first.set_exception(error)
                    return
                was_up = backoff.is_up
                reason = said(error, soon=not backoff.down(loop.time()))
                if not was_up:  # where we looked may be what is wrong
                    reason = f"{self._address}: {reason}"
                if reason not in told:
                    told.add(reason)
                    deliver(Down(reason))
            finally:
                client.give_up()
                self._client = None
            await asyncio.sleep(backoff.pause_s())

    def _make_client(self, will: Publish | None, deliver: Deliver) -> Client:
        return Client(
            deliver,
            self._address.host,
            self._address.port,
            username=self._address.username,
            password=self._address.password,
            tls_context=self._address.tls_context(),
            # A fresh name each time: two stations under one name must both be heard, so that
            # the fork is seen; a shared client identifier would have them throw each other out.
            identifier=f"{self._name}-{secrets.token_hex(4)}",
            will=aiomqtt.Will(will.topic, will.payload, 1, will.retain) if will else None,
            clean_session=True,
            timeout=_CONNECT_TIMEOUT_S,
        )
