"""TLS: brokers are believed only with a certificate, and what is wrong is said in words."""

import asyncio
import contextlib
import socket
import ssl
import threading

import pytest

from hotline.broker.address import BrokerAddress, trouble_at
from hotline.errors import BrokerUnreachable
from hotline.mqtt import link as links
from hotline.mqtt.link import MqttLink
from hotline.station.turn import Publish
from hotline.transport import Down, Up
from tests.helpers import PATIENCE_S, eventually
from tests.mosquitto import Mosquitto
from tests.mqtt.brokers import ACCEPTED, opened, payloads, server, ups_and_downs
from tests.tls import AUTHORITY, CERTIFICATE, KEY


async def link_says(url: str) -> str:
    """What a link that cannot be made says."""
    link = MqttLink(BrokerAddress.parse(url), "test")
    try:
        with pytest.raises(BrokerUnreachable) as caught:
            await link.open((), lambda: None, lambda _: None)
    finally:
        await link.close()
    return str(caught.value)


async def says_of(url: str) -> str:
    """What a link that cannot be made says; a probe says the same."""
    says = await link_says(url)
    trouble = await trouble_at(BrokerAddress.parse(url), 5)
    assert trouble
    assert trouble in says
    return says


@pytest.mark.mosquitto
async def test_a_large_message_comes_whole(tls_url: str) -> None:
    """One that takes many records of TLS, both ways, with more behind it than the socket takes."""
    large = [bytes([number]) * 250_000 for number in range(20)]
    async with opened(tls_url, "a") as (link, arrivals):
        for payload in large:
            await link.publish(Publish("a", payload))
        await eventually(lambda: payloads(arrivals) == large)


@pytest.mark.mosquitto
async def test_a_link_comes_back_with_its_broker(tls_mosquitto: Mosquitto) -> None:
    """As without TLS."""
    await tls_mosquitto.start()
    async with opened(tls_mosquitto.url, "a") as (link, arrivals):
        tls_mosquitto.kill()
        await eventually(lambda: ups_and_downs(arrivals) == [Up, Down])
        await tls_mosquitto.start()
        await eventually(lambda: ups_and_downs(arrivals) == [Up, Down, Up])
        await link.publish(Publish("a", b"after"))
        await eventually(lambda: payloads(arrivals) == [b"after"])


@pytest.mark.mosquitto
async def test_a_stranger_is_not_believed(tls_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody whom the system trusts has signed its certificate: what to do about that."""
    monkeypatch.delenv("SSL_CERT_FILE")
    says = await says_of(tls_url)
    assert "its certificate is not trusted: unable to get local issuer certificate" in says
    assert "SSL_CERT_FILE=" in says


@pytest.mark.mosquitto
async def test_a_broker_of_another_name_is_not_believed(tls_url: str) -> None:
    """A certificate is for a host."""
    url = tls_url.replace("127.0.0.1", "127.1")
    says = await says_of(url)
    assert "its certificate is not trusted: Hostname mismatch" in says
    assert "SSL_CERT_FILE" not in says, "it is of no help"
    assert "start one" not in await link_says(url), "one is there"


async def test_who_speaks_no_tls_is_told_so() -> None:
    """What answers there is no handshake, or no answer at all."""
    async with server(b"HTTP/1.1 400 Bad Request\r\n\r\n") as port:
        assert "no TLS is spoken there (" in await says_of(f"mqtts://127.0.0.1:{port}")


@pytest.mark.mosquitto
async def test_a_broker_that_speaks_no_tls_is_there(mosquitto_url: str) -> None:
    """Nobody is told to start another: Mosquitto resets what it does not understand."""
    says = await link_says(mosquitto_url.replace("mqtt:", "mqtts:"))
    assert "mqtts:// where TLS is spoken, only there" in says
    assert "start one" not in says


async def test_a_broker_that_says_no_goodbye_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """A probe has its answer; it does not wait for the end of TLS."""
    monkeypatch.setenv("SSL_CERT_FILE", str(AUTHORITY))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE, KEY)
    is_probed = threading.Event()

    def answer(listening: socket.socket) -> None:
        with context.wrap_socket(listening.accept()[0], server_side=True) as client:
            client.recv(100)
            client.sendall(ACCEPTED)
            is_probed.wait(PATIENCE_S)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        answering = asyncio.create_task(asyncio.to_thread(answer, listening))
        address = BrokerAddress("127.0.0.1", listening.getsockname()[1], tls=True)
        assert await trouble_at(address, 2) is None
        is_probed.set()
        await answering


async def test_a_broker_that_wants_a_certificate_of_ours_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With TLS 1.3 it does so where the answer should come."""
    monkeypatch.setenv("SSL_CERT_FILE", str(AUTHORITY))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(AUTHORITY))
    context.load_cert_chain(CERTIFICATE, KEY)
    context.verify_mode = ssl.CERT_REQUIRED
    is_told = threading.Event()

    def refuse(listening: socket.socket) -> None:
        with contextlib.ExitStack() as clients:
            for _link_or_probe in range(2):
                client = context.wrap_socket(
                    listening.accept()[0], server_side=True, do_handshake_on_connect=False
                )
                clients.enter_context(client)
                with contextlib.suppress(ssl.SSLError):
                    client.do_handshake()
            is_told.wait(PATIENCE_S)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        refusing = asyncio.create_task(asyncio.to_thread(refuse, listening))
        says = await says_of(f"mqtts://127.0.0.1:{listening.getsockname()[1]}")
        is_told.set()
        await refusing
    assert "it ends TLS: certificate required (stations have none; the broker may ask" in says
    assert "start one" not in says, "one is there"


async def test_who_waits_for_more_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A broker without TLS may take a handshake for the beginning of something long."""
    monkeypatch.setattr(links, "_CONNECT_TIMEOUT_S", 0.1)
    async with server() as port:
        says = await link_says(f"mqtts://127.0.0.1:{port}")
        assert f":{port}: timed out; start one" in says
