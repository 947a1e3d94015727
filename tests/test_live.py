"""A station as a process: where its journal is, and how it ends."""

import asyncio
import os
import signal
import threading
from contextlib import closing, nullcontext
from pathlib import Path
from typing import Any

import pytest

from hotline import live
from hotline.blocking import in_thread
from hotline.clock import WallClock
from hotline.journal.disk import Damaged, JournalFailed
from hotline.journal.journal import Journal
from hotline.journal.journal_file import FILE
from hotline.journal.state_directories import default_state
from hotline.journal.state_lock import is_held
from hotline.journal.verifying import examine
from hotline.live import Company, Service, serve
from hotline.mqtt.link import MqttLink
from hotline.node import Node
from hotline.picture.doubts import Doubt, End
from hotline.picture.message import Wait
from hotline.picture.picture import Picture
from hotline.station.turn import Acknowledged, CameOnline, Event, Heard, LinkUp, Turn
from hotline.times import HOUR_MS
from tests.helpers import LINE, PATIENCE_S, T0, Author, eventually
from tests.lines import Kept
from tests.services import serves


def link(service: Service) -> MqttLink:
    """Its link, which nobody opens."""
    return MqttLink(service._config.broker.address, service._name)


def created(service: Service) -> closing[Journal]:
    """Its journal, which is new."""
    return closing(Journal.create(service.state, service._line, service._name))


def test_a_journal_has_its_place_in_the_state_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each station of each line has a directory below the XDG state directory, or its default."""
    monkeypatch.setenv("XDG_STATE_HOME", "/var/somewhere")
    assert default_state("isr-tur", "isr") == Path("/var/somewhere/hotline/isr-tur/isr")
    monkeypatch.delenv("XDG_STATE_HOME")
    monkeypatch.setenv("HOME", "/home/levi")
    expected = Path("/home/levi/.local/state/hotline/isr-tur/isr")
    assert default_state("isr-tur", "isr") == expected


@pytest.mark.mosquitto
async def test_others_may_be_there_while_a_station_is_on_the_line(
    tmp_path: Path, mosquitto_url: str
) -> None:
    """They have its node, are told every event, and end while its directory is still held."""
    nodes: list[Node] = []
    events: list[Event] = []
    held: list[bool] = []

    async def beside(node: Node) -> None:
        nodes.append(node)
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0.05)
            held.append(is_held(tmp_path / "isr"))

    service = serves(tmp_path, broker=mosquitto_url, tell=events.append, beside=beside)
    serving = asyncio.create_task(serve(service))
    async with asyncio.timeout(PATIENCE_S):
        while not (nodes and LinkUp() in events):
            await asyncio.sleep(0.01)
        assert (tmp_path / "isr" / f"{FILE}-wal").stat().st_size > 1_000_000, "it has made room"
        os.kill(os.getpid(), signal.SIGTERM)
        await serving
    assert held == [True]
    assert not is_held(tmp_path / "isr")


@pytest.mark.mosquitto
async def test_what_fails_beside_a_station_is_told_and_leaves_it_on_the_line(
    tmp_path: Path, mosquitto_url: str
) -> None:
    """At once, not when the station ends."""
    told: list[object] = []
    loop, stopped = asyncio.get_running_loop(), asyncio.Event()
    loop.set_exception_handler(lambda _, context: told.append(context["exception"]))

    async def beside(node: Node) -> None:
        raise ZeroDivisionError(node.machine.name)

    service = serves(tmp_path, broker=mosquitto_url, beside=beside)
    serving = asyncio.create_task(service.run(stopped))
    await eventually(lambda: told)
    assert isinstance(told[0], ZeroDivisionError)
    assert not serving.done()
    stopped.set()
    await serving


async def test_who_cancels_a_start_leaves_no_journal_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thread may be opening it just then, whose result nobody is given any more."""
    opening, may_end = threading.Event(), threading.Event()
    opened: list[Journal] = []
    closed: list[Journal] = []
    really_create, really_close = Journal.create, Journal.close

    def create(*args: Any) -> Journal:
        opening.set()
        assert may_end.wait(10)
        opened.append(really_create(*args))
        return opened[0]

    def close(journal: Journal) -> None:
        closed.append(journal)
        really_close(journal)

    monkeypatch.setattr(Journal, "create", create)
    monkeypatch.setattr(Journal, "close", close)
    company = Company(nullcontext(), in_thread)
    service = serves(tmp_path, company=company)
    running = asyncio.create_task(service.run(asyncio.Event()))
    await eventually(opening.is_set)
    running.cancel()
    asyncio.get_running_loop().call_later(0.05, may_end.set)
    with pytest.raises(asyncio.CancelledError):
        await running
    assert opened
    assert closed == opened
    assert not is_held(tmp_path / "isr")


def test_a_clock_that_was_set_before_a_start_moves_nothing_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There was no broker, say, or no room on the disk; a node begins in right time."""
    service = serves(tmp_path, "watchdog")
    untold_ms = [HOUR_MS]
    monkeypatch.setattr(WallClock, "jumped_ms", lambda _: untold_ms.pop() if untold_ms else 0)
    with created(service) as journal:
        service._node(journal, link(service))
    assert untold_ms == []


def test_what_a_disk_refused_is_stored_with_doubts_and_receipts(tmp_path: Path) -> None:
    """Once it takes it, and before anything else is done: nobody says these again for sure."""
    (record,) = Author("tur").notices(1)
    doubt = Doubt(record.ref, Wait(T0, None), [End(T0 + 1, "superseded", is_answer=False)])
    service = serves(tmp_path, "watchdog")
    service._unwritten = Turn([record], doubts=[doubt], confirmed={"tur": 1})
    with created(service) as journal:
        service._node(journal, link(service))
        assert journal.heads()["tur"].seq == 1
        assert [each.ref for each in journal.shelf.doubts()] == [record.ref]
        assert journal.shelf.confirmed() == {"tur": 1}


def test_receipts_that_a_station_has_not_heard_before_its_start_are_told(tmp_path: Path) -> None:
    """Not those that are on its disk: it has told of them."""
    log = Kept()
    service = serves(tmp_path, "tur", log=log)
    with created(service) as journal:
        journal.store(Turn(Author("tur").notices(2), confirmed={"tur": 1}))
        node = service._node(journal, link(service))
        node._tell(Acknowledged("isr", "tur", 0, 2))
    (told,) = log.lines
    assert (told["event"], told["record"]) == ("notice.delivered", "tur/2")


def test_what_a_disk_refused_is_told_once_it_takes_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not what else happened in that turn: who was on the line then is another matter by now."""
    heard, *_ = Author("tur").notices(1)
    picture = Picture(LINE)
    events: list[Event] = [CameOnline("tur"), Heard(heard, picture.fold(heard))]
    seen: list[Event] = []
    service = serves(tmp_path, tell=seen.append)
    service._unwritten = Turn([heard], events=events)
    with created(service) as journal:
        service._node(journal, link(service))
        service._node(journal, link(service))
    assert seen == events[1:]
    (told,) = capsys.readouterr().err.splitlines()
    assert '"event":"notice.received"' in told.replace(" ", "")


def test_what_a_disk_has_taken_is_told_once_it_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The start that stored it may have found the journal damaged, and told nothing."""
    heard, *_ = Author("tur").notices(1)
    events = [Heard(heard, Picture(LINE).fold(heard))]
    seen: list[Event] = []
    service = serves(tmp_path, tell=seen.append)
    service._has_failed = True
    service._unwritten = Turn([heard], events=[*events])
    faults = [iter(["tur/1: spoilt"]), iter([])]
    monkeypatch.setattr(Journal, "faults", lambda _: faults.pop(0))
    with created(service) as journal:
        with pytest.raises(Damaged):
            service._node(journal, link(service))
        assert seen == []
        service._node(journal, link(service))
    assert seen == events


async def test_what_a_disk_refused_is_kept_while_it_fails_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next try may not even come to writing it; the one after that does."""
    (record,) = Author("isr").notices(1)
    service = serves(tmp_path)
    stopped = asyncio.Event()
    tries = iter([JournalFailed("no room", Turn([record])), Damaged("disk I/O error")])

    async def start_and_stay(self: Service, stopped: asyncio.Event) -> None:
        if error := next(tries, None):
            raise error
        with created(service) as journal:
            self._store_unwritten(journal)
        stopped.set()

    monkeypatch.setattr(Service, "_start_and_stay", start_and_stay)
    monkeypatch.setattr(live, "RETRY_S", 0.01)
    await service.run(stopped)
    with closing(Journal.look_at(tmp_path / "isr")) as journal:
        assert journal.heads()["isr"].seq == 1


def test_what_a_disk_has_written_though_it_refused_it_is_no_loss(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A sync that failed says nothing of what was written: it is there, and nobody is told else."""
    first, second = Author("tur").notices(2)
    service = serves(tmp_path, "watchdog")
    service._unwritten = Turn([first, second])
    with created(service) as journal:
        journal.append([first])
        service._node(journal, link(service))
        assert list(journal.records()) == [first, second]
    assert capsys.readouterr().err == ""


def test_what_does_not_follow_on_the_journal_that_is_there_now_is_told_and_dropped(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Another directory may have come in the place of the one that took no more."""
    first, second = Author("tur").notices(2)
    service = serves(tmp_path, "watchdog")
    service._unwritten = Turn([second, first], confirmed={"isr": 7, "tur": 2})
    with created(service) as journal:
        service._node(journal, link(service))
        assert journal.heads()["tur"].seq == 1
        assert journal.shelf.confirmed() == {"isr": 0, "tur": 1}, "no more than is there"
    assert examine(service.state).broken == []
    told = capsys.readouterr().err
    assert "does not continue what is there now" in told
    assert "tur/2" in told
