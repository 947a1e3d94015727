"""`hotline-sim record` on a live line."""

import json
from pathlib import Path
from shutil import copy

import pytest

from hotline.broker.broker import private_broker
from hotline.commands import entry, following
from hotline.memory import MemoryBroker
from sim.cli import app
from tests.processes import finished, several
from tests.sim.plays import SMALL, write

EXAMPLE = Path(__file__).parents[3] / "docs" / "line.toml"
LONGEST_S = 100.0  # a run takes 6 s


@pytest.mark.parametrize("line", ["isr-tur", "line.toml"])
def test_who_follows_is_let_in_by_the_environment(
    line: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Be the line named by its name or by its file, also at another broker than that names."""
    monkeypatch.chdir(tmp_path)
    copy(EXAMPLE, "line.toml")
    monkeypatch.setenv("HOTLINE_BROKER__USERNAME", "levi")
    command = ["record", "--line", line, "--broker", "mqtt://127.0.0.1:9"]
    assert entry.run(app, command) == entry.UNREACHABLE
    assert "can be used at mqtt://levi@127.0.0.1:9: " in capsys.readouterr().err


def test_a_live_line_is_followed_for_so_long(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody need press Ctrl-C."""
    monkeypatch.setattr(following, "MqttLink", lambda *_: MemoryBroker().link())
    words = ["record", "--line", "isr-tur", "--for", "100ms", "--log-format", "json"]
    assert entry.run(app, words) == entry.USAGE
    assert "make out the two parties of the line isr-tur: heard nobody" in capsys.readouterr().err


@pytest.mark.mosquitto
async def test_a_live_line_is_recorded_until_ctrl_c(tmp_path: Path) -> None:
    """A scenario is recorded while it is played: what comes of the recording is the same."""
    patience = "duration: 2m\ntimers: {grace: 10s, receipt: 30s, heartbeat: 10s, silent: 1m}"
    small = write(tmp_path, SMALL.replace("duration: 30m", patience))
    async with private_broker() as broker:
        with several(tmp_path) as processes:
            line = ("--line", "isr-tur", "--broker", broker.url)
            recorder = processes.start("recorder", "sim", "record", *line, "--to", "r.yaml")
            await recorder.tells("tail.started")
            player = processes.start(
                "player", "sim", "run", str(small), "--speed", "20", "--broker", broker.url
            )
            assert await player.ends(LONGEST_S) == 0
            assert await recorder.stops() == 0
    done = finished("sim", "run", str(tmp_path / "r.yaml"), "--virtual", "--json", "-")
    told = json.loads(done.stdout)
    assert told["verdict"] == "pass", told["expectations"]
    [notice] = told["notices"]
    assert (notice["notice"], notice["state"], notice["answer"]) == ("TUR-1", "accepted", "ACCEPT")
    assert "officer: Levi" in (tmp_path / "r.yaml").read_text(encoding="utf-8")
