"""How fast time may run: the path of a record is measured, and what it cannot bear is refused."""

import asyncio
import getpass
import threading
from contextlib import closing
from pathlib import Path

import pytest

from hotline.broker.address import BrokerAddress
from hotline.errors import BrokerUnreachable, LocalError, TransportError
from hotline.journal.journal import Journal
from hotline.journal.journal_reader import JournalReader
from hotline.journal.state_lock import is_held
from hotline.timers import Timers
from hotline.topics import ROOT, every_topic_of
from sim.stage import speed as speeds
from sim.stage.speed import highest_speed, measure, require_sound
from tests.helpers import LINE, eventually
from tests.mosquitto import Mosquitto

SECOND = Timers()
FIVE_SECONDS = Timers.model_validate({"grace": "5s"})


def test_the_longer_the_grace_and_the_shorter_the_path_the_faster() -> None:
    """The grace must hold the path, with room; where it can, the speed is a whole number."""
    assert highest_speed(1.0, SECOND) == 2 * highest_speed(2.0, SECOND)
    assert highest_speed(1.5, FIVE_SECONDS) > 4.9 * highest_speed(1.5, SECOND)
    assert highest_speed(1.7, SECOND) == int(highest_speed(1.7, SECOND))
    assert SECOND.grace_ms / highest_speed(1.7, SECOND) > 1.7
    assert 0 < highest_speed(60_000.0, SECOND) < 1


def test_a_sound_speed_is_not_refused() -> None:
    """Up to the highest, and at it, nothing is said."""
    require_sound(highest_speed(1.7, SECOND), 1.7, SECOND)
    require_sound(1.0, 1.7, SECOND)


def test_a_speed_that_is_too_high_is_refused_with_the_highest() -> None:
    """The sentence says why, and what can be done instead."""
    highest = highest_speed(1.7, SECOND)
    with pytest.raises(LocalError) as caught:
        require_sound(highest + 1, 1.7, SECOND)
    says = str(caught.value)
    assert says.startswith(f"speed {highest + 1:g} is too fast here: a record takes 1.7 ms ")
    assert says.endswith(f"The highest sound speed is {highest:g}; or play it with --virtual")


@pytest.mark.mosquitto
async def test_a_path_is_measured_through_disk_and_broker(
    mosquitto_url: str, tmp_path: Path
) -> None:
    """It takes some time, less than a second, and leaves journals only where it was told to."""
    address = BrokerAddress.parse(mosquitto_url)
    path_ms = await measure(address, LINE, tmp_path, 1.0, SECOND)
    assert 0.01 < path_ms < 1_000
    directories = sorted(tmp_path.iterdir())  # noqa: ASYNC240 -- it is over
    assert [directory.name for directory in directories] == sorted(LINE.parties)
    for directory in directories:
        with closing(JournalReader.look_at(directory)) as journal:
            assert journal.heads()[LINE.parties[0]].seq % 40 == 0, "each trip ends on both disks"


@pytest.mark.mosquitto
@pytest.mark.parametrize(("speed", "path_ms", "rounds"), [(250, 2.0, 2), (251, 1.0, 3)])
async def test_who_was_busy_for_a_moment_gets_another_chance(
    speed: float,
    path_ms: float,
    rounds: int,
    mosquitto_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The best of three measurements counts, and the slowest tenth of each does not."""
    slow, soon = [900.0] * 40, [2.0] * 35 + [900.0] * 4 + [2.0]
    trips = iter([*slow, *soon, *[1.0] * 40])

    async def trip(*_: object) -> float:
        return next(trips)

    monkeypatch.setattr(speeds, "_trip", trip)
    address = BrokerAddress.parse(mosquitto_url)
    assert await measure(address, LINE, tmp_path, speed, SECOND) == path_ms
    assert len(list(trips)) == 40 * (3 - rounds)


@pytest.mark.mosquitto
async def test_a_broker_that_lets_us_write_on_the_line_alone_is_enough(
    tmp_path: Path, mosquitto: Mosquitto, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And one that keeps us from speaking for one of its stations is told apart."""
    rights, mosquitto.config = tmp_path / "rights", tmp_path / "broker.conf"
    rights.write_text(f"topic readwrite {every_topic_of(LINE.name)}\n")
    rights.chmod(0o600)
    mosquitto.config.write_text(
        f"user {getpass.getuser()}\nlistener {mosquitto.port} 127.0.0.1\nallow_anonymous true\n"
        f"acl_file {rights}\n"
    )
    await mosquitto.start()
    address = BrokerAddress.parse(mosquitto.url)
    assert await measure(address, LINE, tmp_path / "path", 1.0, SECOND) > 0
    rights.write_text(f"topic write {ROOT}/{LINE.name}/{LINE.parties[0]}/#\ntopic read {ROOT}/#\n")
    mosquitto.kill()
    await mosquitto.start()
    monkeypatch.setattr(speeds, "_PATIENCE_S", 0.5)
    with pytest.raises(TransportError, match=r"write and read hotline/v1/isr-tur/\+/#\?"):
        await measure(address, LINE, tmp_path / "again", 1.0, SECOND)


async def test_without_a_broker_nothing_can_be_measured(tmp_path: Path) -> None:
    """That there is none is an error of its own kind."""
    with pytest.raises(BrokerUnreachable):
        await measure(BrokerAddress("127.0.0.1", 9), LINE, tmp_path, 1.0, SECOND)


async def test_a_disk_that_fails_leaves_no_journal_open(tmp_path: Path) -> None:
    """Nor its directory locked, when only the other one could not be made."""
    (tmp_path / LINE.parties[1]).write_text("no directory")
    with pytest.raises(LocalError, match="cannot use the state directory"):
        await measure(BrokerAddress("127.0.0.1", 9), LINE, tmp_path, 1.0, SECOND)
    assert not is_held(tmp_path / LINE.parties[0])


@pytest.mark.mosquitto
async def test_who_ends_the_measurement_closes_no_journal_under_a_commit(
    mosquitto_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C on a slow disk: SQLite would end the process."""
    begun, may_end, has_ended = threading.Event(), threading.Event(), threading.Event()
    closed_after: list[bool] = []
    commit, close = Journal.commit, Journal.close

    def slow_commit(self: Journal) -> None:
        begun.set()
        may_end.wait(10)
        commit(self)
        has_ended.set()

    def watched_close(self: Journal) -> None:
        closed_after.append(has_ended.is_set())
        if has_ended.is_set():
            close(self)

    monkeypatch.setattr(Journal, "commit", slow_commit)
    monkeypatch.setattr(Journal, "close", watched_close)
    address = BrokerAddress.parse(mosquitto_url)
    measuring = asyncio.create_task(measure(address, LINE, tmp_path, 1.0, SECOND))
    await eventually(begun.is_set)
    measuring.cancel()
    asyncio.get_running_loop().call_later(1.5, may_end.set)
    with pytest.raises(asyncio.CancelledError):
        await measuring
    assert closed_after == [True, True]
