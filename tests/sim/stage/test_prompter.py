"""People play one party or both: the desks that are offered, the cues, and what comes of it."""

import asyncio
import json
import shlex
from pathlib import Path

import pytest

from hotline import cli
from hotline.blocking import inline
from hotline.clock import ScenarioClock
from hotline.commands import entry
from hotline.desk import client, sockets
from hotline.desk.commands.as_command import as_command
from hotline.desk.requests import Told
from hotline.desk.server import server
from hotline.memory import MemoryBroker
from hotline.picture.lifecycle import Answering
from hotline.picture.picture import Picture
from sim import catalogue
from sim import cli as sim_cli
from sim.scenario import loading
from sim.scenario.scenario import Scenario
from sim.scenario.script import Script, cues
from sim.stage import runner
from sim.stage.history import History
from sim.stage.stage import Setting, Stage
from tests.helpers import eventually
from tests.lines import misfits
from tests.sim.plays import small
from tests.sim.stories import KeptStream, flight, story

SPEED = 60


async def test_a_person_plays_a_party(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its script stays silent and tells the person his cue; what he types is what is said.

    Who looks at his desk is told what comes, and its state as soon as that has changed.
    """
    monkeypatch.setattr(server, "_ALIVE_S", 1_000)
    events = [
        {"at": "1s", "who": "tur", "notice": flight("TUR-7")},
        {"at": "2s", "who": "isr", "check": "are you there?"},
    ]
    log, stop = KeptStream(), asyncio.Event()
    playing = _begun(story(events=events), tmp_path, log, stop, played=["tur"])
    history = await _played_by_hand(playing, log, stop)
    messages = {message.kind: message for message in history.picture.messages.values()}
    assert messages["check"].answering is Answering.ACKNOWLEDGED
    assert messages["check"].officer == "Demir"
    assert messages["notice"].notice == "TUR-7"
    assert not (tmp_path / "tur" / sockets.FILE).exists(), "he has left"
    assert misfits(log.lines) == []


async def test_two_people_play_both_parties(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each has a desk and the cues of that side; a fault comes as the script has it.

    Where a desk is can be pasted into a terminal that is in any directory.
    """
    monkeypatch.chdir(tmp_path)
    events = [
        {"at": "1s", "who": "tur", "check": "are you there?"},
        {"at": "1s", "who": "isr", "check": "and you?"},
        {"at": "2s", "fault": {"kind": "cut", "of": "isr", "for": "1s"}},
    ]
    log, stop = KeptStream(), asyncio.Event()
    playing = _begun(story(events=events), Path(), log, stop, played=["isr", "tur"])
    await eventually(lambda: _told(log, "scenario.fault") or playing.done())
    stop.set()
    await playing
    cues = [
        (line["station"], line["text"]) for line in log.lines if line["event"] == "scenario.cue"
    ]
    assert sorted(cues) == [
        ("isr", "hotline desk check --remarks 'and you?'"),
        ("tur", "hotline desk check --remarks 'are you there?'"),
    ]
    desks = {line["state"] for line in log.lines if line["event"] == "scenario.desk"}
    assert desks == {str(tmp_path / "isr"), str(tmp_path / "tur")}


async def test_a_cue_for_an_answer_says_what_is_to_be_answered(tmp_path: Path) -> None:
    """By the name that the desk shows; the command has the number of its record."""
    events = [
        {"at": "1s", "who": "tur", "notice": flight("TUR-7")},
        {"at": "2s", "who": "isr", "answer": {"to": "TUR-7", "answer": "ACCEPT"}},
    ]
    log, stop = KeptStream(), asyncio.Event()
    playing = _begun(story(events=events), tmp_path, log, stop, played=["isr"])
    await eventually(lambda: _told(log, "scenario.cue") or playing.done())
    stop.set()
    await playing
    cue = _told(log, "scenario.cue")
    assert cue["message"] == "TUR-7 rev 1"
    assert cue["text"].startswith("hotline desk answer tur/1 accept")
    assert misfits(log.lines) == []


def _begun(
    scenario: Scenario, state: Path, log: KeptStream, stop: asyncio.Event, *, played: list[str]
) -> asyncio.Task[History]:
    broker = MemoryBroker()
    setting = Setting(
        clock=ScenarioClock(scenario.start - 1_000, SPEED),
        state=state,
        transport=lambda _: broker.link(),
        blocking=inline,
        broker="memory",
        speed=SPEED,
        seed=0,
        played=played,
    )
    return asyncio.create_task(Stage(scenario, setting, log, stop).play())


def _told(log: KeptStream, event: str) -> dict[str, str]:
    return next((line for line in log.lines if line["event"] == event), {})


async def _played_by_hand(
    playing: asyncio.Task[History], log: KeptStream, stop: asyncio.Event
) -> History:
    def told(event: str) -> dict[str, str]:
        return _told(log, event)

    await eventually(lambda: told("scenario.cue") or playing.done())
    desk = ["--state", told("scenario.desk")["state"]]
    await eventually(lambda: told("check.sent") or playing.done())
    assert not any(line["event"] == "notice.sent" for line in log.lines)

    shown: Told = {}
    events: set[str] = set()

    async def look() -> None:
        async for news in client.watch(Path(desk[1])):
            shown.update(news)
            events.add(shown.get("log", {}).get("event"))

    async def type_in(command: str) -> None:
        words = shlex.split(command)[1:] + desk
        assert await asyncio.to_thread(entry.run, cli.app, words) == entry.OK

    await type_in(told("scenario.cue")["text"])
    await eventually(lambda: told("check.delivered") or playing.done())
    looking = asyncio.create_task(look())
    await eventually(lambda: shown or playing.done())
    await type_in("hotline desk answer isr/1 roger --officer Demir")
    await eventually(lambda: told("check.answered") or playing.done())
    await eventually(lambda: shown.get("state", {}).get("inbox") == [] or playing.done())
    stop.set()
    history = await playing
    await looking
    assert "check.received" in events
    return history


@pytest.mark.mosquitto
def test_a_party_that_is_played_waits_for_its_person(
    mosquitto_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Its desk is offered some seconds before the start; without him it says nothing."""
    monkeypatch.setattr(runner, "_SIT_DOWN_S", 1.0)
    small(tmp_path, ("duration: 30m", "duration: 20s"), ("at: 1m", "at: 1s"), ("2m}", "20s}"))
    words = ["--broker", mosquitto_url, "--speed", "10", "--play", "tur"]
    assert entry.run(sim_cli.app, ["run", str(tmp_path / "small.yaml"), *words]) == 1
    out, err = capsys.readouterr()
    lines = [json.loads(line) for line in err.splitlines()]
    told = [line["event"] for line in lines]
    assert out.endswith(" · tur played by people\n")
    assert lines[0]["at"] == "2026-01-12T05:59:50.000Z"
    assert told.index("scenario.desk") < told.index("scenario.started") < told.index("scenario.cue")
    assert "notice.sent" not in told


@pytest.mark.parametrize("name", [path.stem for path in catalogue.shipped()])
def test_every_word_of_a_shipped_scenario_has_a_cue(name: str) -> None:
    """Whatever a party says there, a person can be told how to type it."""
    scenario = loading.load(catalogue.find(name)).scenario
    script, nothing_heard = Script(scenario), Picture(scenario.members)
    for cue in cues(scenario):
        said = script.body_of(cue.event, nothing_heard) if cue.event.who else None
        if said:
            assert as_command(said).startswith("hotline desk ")
