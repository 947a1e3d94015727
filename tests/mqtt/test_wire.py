"""The wire: a socket that is read and written in large pieces."""

import contextlib
import socket
import ssl
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from hotline.mqtt.wire import Wire
from tests.tls import AUTHORITY, CERTIFICATE, KEY


def connected() -> tuple[socket.socket, socket.socket]:
    """Both ends of a connection."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        near = socket.create_connection(server.getsockname())
        far, _ = server.accept()
    return near, far


@pytest.fixture
def ends() -> Iterator[tuple[Wire, socket.socket]]:
    """A wire, and the other end of it."""
    near, far = connected()
    near.settimeout(0)
    wire = Wire(near)
    with far:
        far.settimeout(5)
        yield wire, far
        wire.close()


def test_it_reads_ahead(ends: tuple[Wire, socket.socket]) -> None:
    """What came at once is read at once, and given in the pieces that are asked for."""
    wire, far = ends
    with pytest.raises(BlockingIOError):
        wire.recv(1)
    far.sendall(b"abcdefg")
    assert [wire.recv(1), wire.recv(3), wire.pending()] == [b"a", b"bcd", 3]
    assert [wire.recv(100), wire.pending()] == [b"efg", 0]
    with pytest.raises(BlockingIOError):
        wire.recv(1)
    far.close()
    assert wire.recv(1) == b""


def test_a_visit_gets_one_piece(ends: tuple[Wire, socket.socket]) -> None:
    """Of a flood too, however fast it comes; the next visit goes on where that one ended."""
    wire, far = ends
    data = bytes(range(256)) * 256
    far.sendall(data)
    came = wire.recv(1)
    while wire.pending():
        came += wire.recv(1_000)
    assert len(came) == 1 << 14
    came += wire.recv(1_000)
    assert wire.pending()
    came += wire.recv(1 << 14)
    with pytest.raises(BlockingIOError):
        wire.recv(1)
    while len(came) < len(data):
        assert not wire.pending()
        came += wire.recv(len(data))
    assert came == data


def test_it_gathers_what_is_sent(ends: tuple[Wire, socket.socket]) -> None:
    """It goes out with `flush`, and with a last word; until it is to gather, at once."""
    wire, far = ends
    assert wire.send(b"at once") == 7
    assert far.recv(100) == b"at once"
    wire.gathers = True
    assert wire.send(b"one ") + wire.send(bytearray(b"two")) == 7
    far.settimeout(0)
    with pytest.raises(BlockingIOError):
        far.recv(100)
    far.settimeout(5)
    assert wire.flush()
    assert far.recv(100) == b"one two"
    wire.send(b"goodbye")
    wire.close()
    assert far.recv(100) == b"goodbye"


def test_what_finds_no_room_waits(ends: tuple[Wire, socket.socket]) -> None:
    """Nothing is lost of it, or goes twice."""
    wire, far = ends
    wire.gathers = True
    data = bytes(range(256)) * 100_000
    wire.send(data)
    assert not wire.flush()
    came = b""
    while len(came) < len(data):
        came += far.recv(1 << 20)
        wire.flush()
    assert came == data
    assert wire.flush()


def test_a_connection_that_is_gone_is_read_as_such(ends: tuple[Wire, socket.socket]) -> None:
    """Who writes need not know: it is cut, and the next read says so."""
    wire, far = ends
    wire.gathers = True
    far.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    far.close()  # with a reset
    for _ in range(2):
        wire.send(b"x")
        assert wire.flush()
    assert wire.recv(1) == b""


def test_who_can_write_no_more_reads_the_end(ends: tuple[Wire, socket.socket]) -> None:
    """Whatever is wrong with the one direction: nobody waits for news in the other."""
    wire, _ = ends
    wire.gathers = True
    wire._socket.shutdown(socket.SHUT_WR)
    wire.send(b"x")
    assert wire.flush()
    assert wire.recv(1) == b""


def test_it_is_cut(ends: tuple[Wire, socket.socket]) -> None:
    """What was gathered does not go."""
    wire, far = ends
    wire.gathers = True
    wire.send(b"x")
    wire.cut()
    assert far.recv(1) == b""
    assert wire.recv(1) == b""


def test_what_is_cut_is_never_read_undeciphered() -> None:
    """A secret message would be taken for packets of MQTT."""
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(CERTIFICATE, KEY)
    trusting = ssl.create_default_context(cafile=AUTHORITY)
    ours, theirs = connected()
    with ThreadPoolExecutor(1) as thread:
        shaking = thread.submit(serving.wrap_socket, theirs, server_side=True)
        near = trusting.wrap_socket(ours, server_hostname="127.0.0.1")
        far = shaking.result()
    near.settimeout(0)
    wire = Wire(near)
    with far, near:
        with pytest.raises(ssl.SSLWantReadError):
            wire.recv(100)
        assert wire.alert is None, "nothing has ended"
        far.sendall(b"said")
        wire.cut()
        with contextlib.suppress(ConnectionResetError):  # as OpenSSL 3.5 says it
            assert wire.recv(100) in (b"said", b"")
