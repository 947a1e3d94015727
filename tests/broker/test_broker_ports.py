"""The ports of private brokers."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from hotline.broker import broker as broker_module
from hotline.broker.broker import BrokerKind, private_broker
from hotline.errors import LocalError
from tests.brokers import BOTH_KINDS, entries


@pytest.fixture
def taken() -> Iterator[int]:
    """Listen on a port, so that nobody else can."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening.getsockname()[1]


@BOTH_KINDS
async def test_port_in_use_is_named(kind: BrokerKind, taken: int, temp_folder: Path) -> None:
    """The error says which, and nothing stays behind."""
    with pytest.raises(LocalError, match=rf"^port {taken} on 127\.0\.0\.1 is in use"):
        async with private_broker(kind, port=taken):
            pass
    assert not entries(temp_folder)


@BOTH_KINDS
async def test_port_that_is_asked_for_is_taken(kind: BrokerKind, taken: int) -> None:
    """And no other."""
    free = broker_module._free_port()
    assert free != taken
    async with private_broker(kind, port=free) as broker:
        assert broker.url == f"mqtt://127.0.0.1:{free}"


@BOTH_KINDS
async def test_lost_race_for_a_port_is_run_again(
    kind: BrokerKind, taken: int, temp_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A free port that somebody else took first is no error."""
    free = broker_module._free_port()
    ports = iter([taken, taken, free])
    monkeypatch.setattr(broker_module, "_free_port", lambda: next(ports))
    async with private_broker(kind) as broker:
        assert broker.url.endswith(f":{free}")
    assert not entries(temp_folder)


@BOTH_KINDS
async def test_race_for_a_port_is_not_run_for_ever(
    kind: BrokerKind, taken: int, temp_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After some attempts the port is named as in use."""
    monkeypatch.setattr(broker_module, "_free_port", lambda: taken)
    with pytest.raises(LocalError, match=f"^port {taken} on 127.0.0.1 is in use: choose"):
        async with private_broker(kind):
            pass
    assert not entries(temp_folder)


@pytest.mark.parametrize("port", [0, -1, 65536])
async def test_number_that_is_no_port_is_refused(port: int) -> None:
    """Before anything is started."""
    with pytest.raises(LocalError, match=rf"^{port} is not a port"):
        async with private_broker(port=port):
            pass
