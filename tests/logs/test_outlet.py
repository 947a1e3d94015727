"""The outlet of a log: whoever reads it may stand still, and its station goes on."""

import contextlib
import io
import json
import os
import pty
import select
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from hotline.logs.outlet import Outlet
from hotline.logs.stream import LogFormat, LogStream

SOON_S = 0.3
MANY = 4_000  # lines are more than a pipe, a terminal or a socket holds
TEXT = "Türkiye 🛩 " * 40  # of a line that a terminal may have to take in parts


@contextlib.contextmanager
def both_ends(kind: str) -> Iterator[tuple[int, io.TextIOWrapper]]:
    """What one reads from, as a file descriptor, and what another writes to."""
    if kind == "socket":
        ours, theirs = (end.detach() for end in socket.socketpair())
    else:
        ours, theirs = pty.openpty() if kind == "terminal" else os.pipe()
    with open(theirs, "w", encoding="utf-8") as writing:  # noqa: PTH123 -- by its number
        yield ours, writing
    os.close(ours)


def all_of(reading: int) -> str:
    """All that is there to be read; a terminal hands it over a little later."""
    found = b""
    while select.select([reading], [], [], SOON_S)[0]:
        found += os.read(reading, 65_536)
    return found.decode().replace("\r\n", "\n")


@pytest.mark.parametrize("kind", ["pipe", "terminal", "socket"])
def test_a_station_does_not_wait_for_who_reads_its_log(kind: str) -> None:
    """It drops what he cannot hold; once he reads, he gets whole lines, and how many he lacks."""
    with both_ends(kind) as (reading, writing):
        log = LogStream(LogFormat.JSON, must_go_on=True, stream=writing)
        for number in range(MANY):
            log("info", "scenario.note", text=f"{number} {TEXT}"[: number % 300])
        told = all_of(reading)
        for _ in range(2):
            log("info", "broker.stopped", broker="memory")
        told += all_of(reading)
    *lines, gap, last, other = map(json.loads, told.splitlines())
    assert 0 < len(lines) < MANY
    assert (gap["event"], gap["lines"]) == ("log.gap", MANY - len(lines))
    assert (last["event"], other["event"]) == ("broker.stopped", "broker.stopped")


def test_it_waits_a_little_for_who_reads_all_the_time() -> None:
    """A pipe is full sooner than its reader has his turn: for that nothing is dropped."""
    with both_ends("pipe") as (reading, writing):
        log = LogStream(LogFormat.JSON, must_go_on=True, stream=writing)
        with os.fdopen(reading, closefd=False) as file, ThreadPoolExecutor() as threads:
            read = threads.submit(file.read)
            for number in range(MANY):
                log("info", "scenario.note", text=f"{number} {TEXT}")
            writing.close()
            assert read.result().count("scenario.note") == MANY


def test_a_line_in_memory_always_finds_room() -> None:
    """Nobody reads it meanwhile."""
    stream = io.StringIO()
    Outlet(stream).write("a line\n")
    assert stream.getvalue() == "a line\n"
