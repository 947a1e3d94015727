"""The stage: all stations of a scenario, played from its start to its end, or to a stop."""

import asyncio
import gc
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import pytest

from hotline.blocking import Blocking, inline
from hotline.bodies import Answer, Ref, RefersTo, Reply, Voice
from hotline.clock import ScenarioClock
from hotline.errors import BrokerUnreachable, LocalError
from hotline.journal.chain import faults
from hotline.journal.disk import JournalFailed
from hotline.journal.journal import Journal
from hotline.journal.state_lock import is_held
from hotline.memory import MemoryBroker
from hotline.station.turn import Publish
from hotline.times import MINUTE_MS, SECOND_MS, format_duration
from hotline.transport import Deliver, MakeWill, Transport
from sim import virtual_time
from sim.scenario.scenario import Scenario
from sim.stage.history import History
from sim.stage.stage import Setting, Stage
from tests.helpers import LINE, T0
from tests.lines import Kept, misfits
from tests.sim.stories import KeptStream, fault, flight, played, story

T = TypeVar("T")
NOTICE = {"at": "1m", "who": "tur", "notice": flight()}


class Unreachable:
    """A link to a broker that is not there."""

    async def open(self, topics: Sequence[str], make_will: MakeWill, deliver: Deliver) -> None:
        """Nobody answers."""
        raise BrokerUnreachable("nobody is there")

    async def publish(self, publish: Publish) -> None:
        """Nobody listens."""

    async def close(self) -> None:
        """Nothing is open."""

    async def abort(self) -> None:
        """Nothing is open."""


async def slowly(work: Callable[[], T]) -> T:
    """Do the work of a disk that takes its time."""
    await asyncio.sleep(0.04)
    return work()


def play(
    scenario: Scenario,
    state: Path,
    *,
    stop_at_s: float | None = None,
    link: Callable[[str], Transport] | None = None,
    blocking: Blocking = inline,
) -> tuple[History, Kept]:
    """Play it in memory on a virtual clock, with the journals in `state`."""
    log = KeptStream()

    async def main() -> History:
        broker, stop = MemoryBroker(), asyncio.Event()
        clock = ScenarioClock(scenario.start - 10 * SECOND_MS)
        if stop_at_s is not None:
            asyncio.get_running_loop().call_later(10 + stop_at_s, stop.set)
        setting = Setting(
            clock=clock,
            state=state,
            transport=link or (lambda _: broker.link()),
            blocking=blocking,
            broker="memory",
            speed=None,
            seed=3,
        )
        return await Stage(scenario, setting, log, stop).play()

    return virtual_time.run(main()), log


def answers(history: History) -> list[tuple[str, Answer]]:
    """Who answered what, in the order of the journals."""
    bodies = [(record.station, record.body) for record in history.records]
    return [(station, body.answer) for station, body in bodies if isinstance(body, Reply)]


def test_a_history_has_the_originals_and_what_no_journal_tells(tmp_path: Path) -> None:
    """Every station's own records with unbroken chains, their times, and the setting."""
    history, log = play(story(), tmp_path)
    assert [str(record.ref) for record in history.records] == ["isr/1", "tur/1"]
    assert history.said_ms == {record.ref: record.at_ms for record in history.records}
    assert history.received_ms[Ref("tur", 1)] - T0 in range(60_000, 60_100)
    assert (history.started_ms, history.ended_ms) == (T0, T0 + 30 * MINUTE_MS)
    assert (history.broker, history.speed, history.seed) == ("memory", None, 3)
    assert not history.interrupted
    for name in LINE.stations:
        journal = Journal.look_at(tmp_path / name)
        for of in ("isr", "tur"):
            assert list(faults("isr-tur", of, journal.rows(of))) == []
        assert sum(head.seq for head in journal.heads().values()) == 2
        journal.close()
    assert misfits(log.lines) == []


def test_log_and_history_count_from_when_it_was_said(tmp_path: Path) -> None:
    """How long something took is the same in both, on slow disks and by a wrong clock."""
    slow = {"at": "0s", "fault": {"kind": "clock_slow", "of": "tur", "by": "20s", "for": "10m"}}
    history, log = play(story(events=[slow, NOTICE]), tmp_path, blocking=slowly)
    [notice] = map(history.timed, history.picture.messages.values())
    assert notice.at_ms == T0 + 60_000
    [delivered] = [line for line in log.lines if line["event"] == "notice.delivered"]
    took_ms = history.received_ms[notice.ref] - notice.at_ms
    assert delivered["after"] == format_duration(took_ms)
    assert 100 < took_ms < SECOND_MS


def test_each_fact_is_told_once_though_three_stations_know_it(tmp_path: Path) -> None:
    """The one stream of a scenario has no line twice, and begins with the scenario."""
    _, log = play(story(), tmp_path)
    told = [event for event in log.events if not event.startswith(("station.", "link."))]
    assert told == [
        "scenario.started",
        "notice.sent",
        "notice.delivered",
        "notice.answered",
        "reply.delivered",
    ]


def test_the_next_watchdog_tells_of_flights_while_the_first_is_dead() -> None:
    """What all watchdogs see is told once, by one that is at work."""
    opens = {"at": "1m", "who": "tur", "notice": flight(**{"from": "13m", "until": "20m"})}
    crash = fault("12m", "crash", of="north", **{"for": "5m"})
    _, log = played(story(watchdogs=["north", "south"], events=[opens, crash]))
    flown = [line for line in log.lines if line["event"].startswith("flight.")]
    told = [(line["told_by"], line["event"]) for line in flown]
    assert told == [("south", "flight.active"), ("north", "flight.ended")]


def test_a_party_without_officers_does_not_answer(tmp_path: Path) -> None:
    """Its station takes everything in; nobody says a word."""
    history, _ = play(story(officers={}), tmp_path)
    assert answers(history) == []
    assert Ref("tur", 1) in history.received_ms


def test_what_is_said_last_still_reaches_everybody(tmp_path: Path) -> None:
    """A record of the very last moment is on every disk before the stations leave."""
    last = {"at": "30m", "who": "isr", "check": "good night"}
    play(story(events=[NOTICE, last]), tmp_path)
    for name in LINE.stations:
        journal = Journal.look_at(tmp_path / name)
        assert journal.heads()["isr"].seq == 2
        journal.close()


def test_the_scenario_can_answer_for_an_officer(tmp_path: Path) -> None:
    """An answer of the script is given at its time; one to what was not heard is missed."""
    reject = {"to": "TUR-1", "answer": "REJECT", "reason": "no", "officer": "the minister"}
    events = [
        NOTICE,
        {"at": "2m", "who": "isr", "answer": {"to": "TUR-1", "answer": "ACCEPT", "revision": 7}},
        {"at": "3m", "who": "isr", "answer": reject},
    ]
    history, log = play(story(officers={}, events=events), tmp_path)
    assert answers(history) == [("isr", Answer.REJECT)]
    (line,) = (line for line in log.lines if line["event"] == "scenario.unsaid")
    assert (line["station"], line["severity"]) == ("isr", "warning")
    says = "TUR-1 rev 7 never came in: what was to be said about it at 2m is left out"
    assert line["text"] == says
    assert history.picture.messages[Ref("tur", 1)].officer == "the minister"


def test_a_run_can_be_stopped(tmp_path: Path) -> None:
    """What comes after the stop does not happen, and the history says that it was stopped."""
    later = {"at": "20m", "note": "never told"}
    history, log = play(story(events=[NOTICE, later]), tmp_path, stop_at_s=5 * 60)
    assert history.interrupted
    assert history.ended_ms == T0 + 5 * MINUTE_MS
    assert answers(history) == [("isr", Answer.ACCEPT)]
    assert "scenario.note" not in log.events
    (line,) = (line for line in log.lines if line["event"] == "scenario.interrupted")
    assert line["reason"] == "stopped at 5m of 30m"
    assert misfits(log.lines) == []


def test_a_run_can_be_stopped_before_it_has_begun(tmp_path: Path) -> None:
    """Then nothing was said at all."""
    history, _ = play(story(), tmp_path, stop_at_s=-5)
    assert history.interrupted
    assert history.records == []
    assert history.ended_ms == history.started_ms


def test_without_a_broker_there_is_no_run(tmp_path: Path) -> None:
    """The error of the one station that found none comes out as it is."""
    with pytest.raises(BrokerUnreachable, match="nobody is there"):
        play(story(), tmp_path, link=lambda _: Unreachable())


def test_a_state_directory_of_another_line_stops_a_run(tmp_path: Path) -> None:
    """Journals are never mixed, and what was opened is closed again."""
    play(story(), tmp_path)
    with pytest.raises(LocalError, match="is the journal of isr on the line isr-tur"):
        play(story(line="other"), tmp_path)
    play(story(), tmp_path)


def test_an_answer_waits_for_what_it_answers(tmp_path: Path) -> None:
    """On a slow line the script's answer is due before its message is there; it is given then."""
    events = [
        {"at": "0s", "fault": {"kind": "slow", "of": "isr", "by": "3s", "for": "5m"}},
        {"at": "1m", "who": "tur", "notice": flight()},
        {"at": "1m1s", "who": "isr", "answer": {"to": "TUR-1", "answer": "ACCEPT"}},
    ]
    history, _ = play(story(events=events, officers={}), tmp_path)
    [message] = history.picture.messages.values()
    assert message.answer == "ACCEPT"
    assert message.answered_ms == T0 + 63_000


def test_a_call_may_be_about_what_was_settled_long_ago(tmp_path: Path) -> None:
    """Its station has put that away meanwhile, as it does in a longer scenario."""
    call = {"about": "TUR-1", "officer": "Demir", "spoke_with": "Levi", "text": "he is back"}
    events = [
        NOTICE,
        {"at": "11m", "who": "isr", "answer": {"to": "TUR-1", "answer": "ACCEPT"}},
        fault("12m", "flood", of="isr", count=600),
        {"at": "14m", "who": "tur", "voice": call},
    ]
    history, log = play(story(officers={}, events=events, duration="15m"), tmp_path)
    assert "scenario.unsaid" not in log.events
    (voice,) = (record.body for record in history.records if isinstance(record.body, Voice))
    assert voice.refers_to == RefersTo(station="tur", seq=1)


def test_a_disk_that_fails_at_the_very_beginning_is_let_go_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A station that cannot be put up leaves no journal open, and nobody's directory locked."""
    create = Journal.create

    def full(*args: Any) -> Journal:
        journal = create(*args)

        def refuse(*_: object) -> None:
            raise JournalFailed("database or disk is full")

        monkeypatch.setattr(journal, "append", refuse)
        return journal

    monkeypatch.setattr(Journal, "create", full)
    with pytest.raises(JournalFailed):
        play(story(events=[NOTICE]), tmp_path)
    gc.collect()
    assert [path.name for path in tmp_path.iterdir() if is_held(path)] == []
