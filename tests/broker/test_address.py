import asyncio
import contextlib
import errno
import socket
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from hotline.broker.address import BrokerAddress, probe, trouble_at, what_failed
from hotline.errors import BrokerUnreachable, LocalError

NOT_AUTHORISED = b"\x20\x02\x00\x05"
BAD_PASSWORD = b"\x20\x02\x00\x04"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("mqtt://broker.example", BrokerAddress("broker.example", 1883)),
        ("mqtt://broker.example:2883", BrokerAddress("broker.example", 2883)),
        ("mqtt://127.0.0.1:1/", BrokerAddress("127.0.0.1", 1)),
        ("mqtt://[::1]", BrokerAddress("::1", 1883)),
        ("mqtt://[fe80::1]:1884", BrokerAddress("fe80::1", 1884)),
        ("mqtt://alpha@host", BrokerAddress("host", 1883, "alpha")),
        ("mqtt://alpha:secret@host:99", BrokerAddress("host", 99, "alpha", "secret")),
        ("mqtt://alpha:@host", BrokerAddress("host", 1883, "alpha", "")),
        ("mqtts://host", BrokerAddress("host", 8883, tls=True)),
        ("mqtts://alpha:secret@host:99", BrokerAddress("host", 99, "alpha", "secret", tls=True)),
        ("mqtt://a%40b:p%3A%2F%23%40@[::1]:5", BrokerAddress("::1", 5, "a@b", "p:/#@")),
    ],
)
def test_address_is_read(url: str, expected: BrokerAddress) -> None:
    """With its parts decoded; the port is MQTT's where none is said."""
    assert BrokerAddress.parse(url) == expected


@pytest.mark.parametrize(
    "url",
    [
        "",
        "broker.example",
        "broker.example:1883",
        "mqttss://host",
        "http://host",
        "http://host:1883",
        "mqtt://",
        "mqtt://:1883",
        "mqtt://host:port",
        "mqtt://host:0",
        "mqtt://host:65536",
        "mqtt://host:-1",
        "mqtt://::1:1883",
        "mqtt://[::1",
        "mqtt://host/topic",
        "mqtt://host?x=1",
        "mqtt://host#x",
        "mqtt://ho st",
        "mqtt://host\n",
        "mqtt://:secret@host",
        pytest.param("mqtt://" + "x" * 5_000, id="long"),
    ],
)
def test_bad_address_is_answered_with_an_example(url: str) -> None:
    """Whatever is wrong with it: what a right one looks like."""
    with pytest.raises(
        LocalError, match=r"expected mqtt://host:port, such as mqtt://127\.0\.0\.1"
    ) as said:
        BrokerAddress.parse(url)
    assert str(said.value).startswith(repr(url)) is ("@" not in url)


def test_address_never_shows_its_password() -> None:
    """Neither where it is shown nor in a traceback."""
    address = BrokerAddress.parse("mqtt://alpha:secret@[::1]:1884")
    assert str(address) == "mqtt://alpha@[::1]:1884"
    assert str(replace(address, tls=True)) == "mqtts://alpha@[::1]:1884"
    assert "secret" not in repr(address)


@pytest.mark.parametrize(
    "url",
    ["mqtt://alpha:secret@host:0", "mqtt://alpha:sec/ret@host", "alpha:secret@host", "//:secret@h"],
)
def test_error_never_shows_the_password(url: str) -> None:
    """Nor any part of it, however wrongly the address is written."""
    with pytest.raises(LocalError) as caught:
        BrokerAddress.parse(url)
    assert "secret" not in str(caught.value)
    assert "sec/ret" not in str(caught.value)
    assert str(caught.value).startswith(f"'…@{url.rpartition('@')[2]}' is not")


def test_address_without_a_password_reads_what_it_writes() -> None:
    """Also a name with characters that mean something in a URL."""
    address = BrokerAddress("::1", 5, "a@b/ü")
    assert BrokerAddress.parse(str(address)) == address


@contextlib.asynccontextmanager
async def server(*answers: bytes, stays: bool = True) -> AsyncIterator[int]:
    """Serve on a port that accepts, answers each client with these pieces, and speaks no MQTT."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        for answer in answers:
            writer.write(answer)
            await asyncio.sleep(0.01)
        if stays:
            await reader.read()  # until the client goes
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
        served.set()

    served = asyncio.Event()
    async with await asyncio.start_server(serve, "127.0.0.1", 0) as listening:
        yield listening.sockets[0].getsockname()[1]
        await served.wait()


async def accepted(port: int) -> bool:
    """Tell whether a probe takes what listens there for a broker."""
    return await trouble_at(BrokerAddress("127.0.0.1", port), 5) is None


async def test_probe_of_a_closed_port_names_it() -> None:
    """The error says where nobody listens."""
    with socket.socket() as bound:  # bound but not listening: it refuses
        bound.bind(("127.0.0.1", 0))
        port = bound.getsockname()[1]
        with pytest.raises(
            BrokerUnreachable, match=rf"127\.0\.0\.1:{port}: Connection refused; start one "
        ):
            await probe(BrokerAddress("127.0.0.1", port), 5)


async def test_probe_of_a_silent_server_takes_the_time_given() -> None:
    """Who accepts and says nothing is waited for so long, and no longer."""
    before = asyncio.get_running_loop().time()
    async with server() as port:
        with pytest.raises(BrokerUnreachable, match=rf":{port}: no answer within 0\.2 s; "):
            await probe(BrokerAddress("127.0.0.1", port), 0.2)
    assert 0.2 <= asyncio.get_running_loop().time() - before < 10


@pytest.mark.parametrize("rubbish", [b"220 ready\r\n", b"\x15\x03\x01", b"\x20\x03\x00\x84\x00"])
async def test_probe_of_another_protocol_says_so(rubbish: bytes) -> None:
    """What answers, but not as a broker does, is no broker."""
    async with server(rubbish) as port:
        with pytest.raises(BrokerUnreachable, match=rf":{port}: what answers .* not speak MQTT"):
            await probe(BrokerAddress("127.0.0.1", port), 5)


@pytest.mark.parametrize("answers", [(), (b"\x20",), (b"\x20\x02\x00",)])
async def test_probe_of_a_server_that_hangs_up_says_so(answers: tuple[bytes, ...]) -> None:
    """Before its answer, or in the midst of it."""
    async with server(*answers, stays=False) as port:
        with pytest.raises(BrokerUnreachable, match=rf":{port}: it hung up without an answer; "):
            await probe(BrokerAddress("127.0.0.1", port), 5)


@pytest.mark.parametrize(
    ("code", "reason"),
    [(1, "not speak MQTT 3.1.1"), (2, "identifier"), (3, "unavailable"), (77, "unknown code 77")],
)
async def test_probe_tells_why_a_broker_refuses(code: int, reason: str) -> None:
    """In words, and by its number where the number means nothing."""
    async with server(b"\x20\x02\x00" + bytes([code])) as port:
        with pytest.raises(BrokerUnreachable, match=reason):
            await probe(BrokerAddress("127.0.0.1", port), 5)


@pytest.mark.parametrize(
    "answers", [(NOT_AUTHORISED,), (BAD_PASSWORD,), (NOT_AUTHORISED[:1], NOT_AUTHORISED[1:])]
)
async def test_probe_takes_a_broker_that_wants_a_password_for_a_broker(
    answers: tuple[bytes, ...],
) -> None:
    """It is there; also when its answer comes in pieces."""
    async with server(*answers) as port:
        assert await accepted(port)


async def test_probe_of_a_name_that_is_none_says_so() -> None:
    """The error names it."""
    with pytest.raises(BrokerUnreachable, match=r"a\.\.b:1883: that is not a host's name"):
        await probe(BrokerAddress("a..b"), 5)


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (OSError(errno.ECONNREFUSED, "Connect call failed ('::1', 1)"), "Connection refused"),
        (OSError(1, "whatever a library calls it"), "Operation not permitted"),
        (socket.gaierror(socket.EAI_NONAME, "Name or service not known"), "Name or service"),
        (OSError(0, "not the system's"), "not the system's"),
        (OSError("Multiple exceptions"), "Multiple exceptions"),
    ],
)
def test_what_failed_is_told_in_words(error: OSError, says: str) -> None:
    """The system's where it has some for the number, else the error's own; never a number."""
    assert what_failed(error).startswith(says)
