"""The shorter seeds on real brokers, as a user plays them: all at once, each in its process."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hotline.broker.broker import BrokerKind, find_mosquitto, find_nats
from sim import catalogue
from sim.scenario import loading
from tests.lines import misfits
from tests.processes import Process, several
from tests.sim.plays import verdict

# Timers, and a deadline, that forgive a busy machine: this is about what comes out, not how fast.
PATIENCE = {
    "strike-and-survey": (
        "{grace: 3s, receipt: 20s, heartbeat: 10s, silent: 1m}",
        "2m10s",
        "2m20s",
    ),
    "survey-to-t4": ("{grace: 20s, receipt: 40s, heartbeat: 20s, silent: 2m}", "1m5s", "1m30s"),
    "knock-it-off": ("{grace: 10s, receipt: 30s, heartbeat: 20s, silent: 2m}", "14m40s", "15m"),
}
SPEEDS = {"strike-and-survey": "24", "survey-to-t4": "120", "knock-it-off": "60"}
RUNS = [(name, kind) for kind in BrokerKind for name in SPEEDS]
MARKS = {kind: getattr(pytest.mark, kind.value) for kind in BrokerKind}
LONGEST_S = 100.0  # a run takes some 35 s


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the seeds are, with patience, and what becomes of them."""
    folder = tmp_path_factory.mktemp("live")
    for name, (timers, before, after) in PATIENCE.items():
        text = catalogue.find(name).read_text(encoding="utf-8")
        assert f"within: {before}}}" in text
        text = text.replace(f"within: {before}}}", f"within: {after}}}")
        text = text.replace("\nareas:", f"\ntimers: {timers}\n\nareas:", 1)
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def runs(folder: Path) -> Iterator[dict[tuple[str, BrokerKind], Process]]:
    """All runs, under way."""
    there = {BrokerKind.mosquitto: find_mosquitto(), BrokerKind.nats: find_nats()}
    with several(folder) as processes:
        yield {
            (name, kind): processes.start(
                f"{name}-{kind}",
                *("sim", "run", f"{name}.yaml", "--speed", SPEEDS[name], "--broker", kind),
                *("--json", f"{name}-{kind}.json", "--log-level", "debug"),
            )
            for name, kind in RUNS
            if there[kind]
        }


def facts(told: dict[str, Any]) -> dict[str, Any]:
    """What must be the same wherever a scenario is played: all but the exact times."""
    return {
        "verdict": told["verdict"],
        "met": [(each["expectation"], each["met"]) for each in told["expectations"]],
        "flags": [(each["rule"], each["subject"], each["level"]) for each in told["flags"]],
        "notices": [
            (each["notice"], each["revision"], each["state"], each["answer"], each["flags"])
            for each in told["notices"]
        ],
    }


@pytest.fixture(scope="module")
def virtual(folder: Path) -> dict[str, dict[str, Any]]:
    """What comes out on the virtual clock."""
    return {
        name: facts(verdict(loading.load(folder / f"{name}.yaml")).as_dict()) for name in SPEEDS
    }


@pytest.mark.parametrize(
    ("name", "kind"), [pytest.param(*run, marks=MARKS[run[1]], id="-".join(run)) for run in RUNS]
)
async def test_a_seed_has_the_same_outcome_on_a_real_broker(
    name: str,
    kind: BrokerKind,
    folder: Path,
    runs: dict[tuple[str, BrokerKind], Process],
    virtual: dict[str, dict[str, Any]],
) -> None:
    """What happens does not hang on what carries it; every log line is one that is documented."""
    run = runs[name, kind]
    assert await run.ends(LONGEST_S) == 0, run.stdout.read_text()
    told = json.loads((folder / f"{name}-{kind}.json").read_text(encoding="utf-8"))
    assert facts(told) == virtual[name]
    assert told["broker"].lower().startswith(kind)
    assert misfits(run.lines()) == []
    assert {line["event"] for line in run.lines()} >= {
        "broker.started",
        "broker.stopped",
        "notice.answered",
        "scenario.ended",
    }
    assert len(run.stderr.read_text(encoding="utf-8").splitlines()) == len(run.lines())
