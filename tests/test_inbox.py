"""What a turn takes of what has arrived: all of a little, some of much, and the rest later."""

import asyncio
import socket
import time
from collections.abc import Sequence

import pytest

from hotline import inbox as inboxes
from hotline.inbox import Inbox
from hotline.station.turn import Incoming
from sim.virtual_time import run
from tests.helpers import PATIENCE_S


def taken(*puts: Sequence[str], timeout_s: float | None = 5.0) -> list[tuple[float, list[str]]]:
    """When something was taken and what, if each of `puts` comes a second after the other."""

    async def main() -> list[tuple[float, list[str]]]:
        loop = asyncio.get_running_loop()
        inbox: Inbox[str] = Inbox()

        def put(items: Sequence[str]) -> None:
            for item in items:
                inbox.put(item)

        for number, items in enumerate(puts):
            loop.call_later(number + 1.0, put, items)
        return [(loop.time(), items) for items in [await inbox.take(timeout_s) for _ in puts]]

    return run(main())


def test_all_that_is_there_is_taken_at_once() -> None:
    """A turn takes whatever came in, in order."""
    assert [items for _, items in taken(["a", "b"], ["c"], ["d", "e", "f"])] == [
        ["a", "b"],
        ["c"],
        ["d", "e", "f"],
    ]


def test_nothing_is_taken_when_the_time_is_up() -> None:
    """Something may be due although nothing came in."""
    assert taken([], timeout_s=2.5) == [(2.5, [])]
    assert taken([], timeout_s=0) == [(0.0, [])]


def test_without_a_timeout_it_waits() -> None:
    """As long as it takes."""
    assert taken(["late"], timeout_s=None) == [(1.0, ["late"])]


async def test_what_came_before_is_not_waited_for() -> None:
    """What is there is taken at once, and only once."""
    inbox: Inbox[str] = Inbox()
    inbox.put("early")
    assert await inbox.take(None) == ["early"]
    assert await inbox.take(0) == []


async def test_who_never_runs_out_of_work_lets_others_have_their_turn() -> None:
    """A taker for whom something is always due and always there still yields each time."""
    inbox: Inbox[str] = Inbox()
    inbox.put("early")
    asyncio.get_running_loop().call_soon(inbox.put, "from another")
    assert await inbox.take(0) == ["early", "from another"]


async def test_a_flood_that_is_worked_off_lets_others_have_their_turn() -> None:
    """There is more than a turn takes; then the loop looks at its sockets all the same."""
    inbox: Inbox[int] = Inbox()
    for number in range(inboxes._MOST + 1):
        inbox.put(number)
    had_a_turn = asyncio.Event()
    asyncio.get_running_loop().call_soon(had_a_turn.set)
    assert len(await inbox.take(0)) == inboxes._MOST
    assert had_a_turn.is_set()


@pytest.mark.parametrize("timeout_s", [0, 0.01])
async def test_before_something_is_due_all_that_came_is_read(timeout_s: float) -> None:
    """A loop that was held up by a slow disk, say, has not looked at its sockets for a while."""
    loop = asyncio.get_running_loop()
    inbox: Inbox[bytes] = Inbox()
    ours, theirs = socket.socketpair()
    with ours, theirs:
        loop.add_reader(ours, lambda: inbox.put(ours.recv(1)))  # piece by piece, as a link does
        theirs.send(b"in time")
        loop.call_soon(time.sleep, 5 * timeout_s)
        assert b"".join(await inbox.take(timeout_s)) == b"in time"
        loop.remove_reader(ours)


@pytest.mark.parametrize(("timeout_s", "count"), [(None, 500), (5.0, 500), (0, 1_000)])
async def test_of_many_half_is_taken_unless_something_is_due(
    timeout_s: float | None, count: int
) -> None:
    """What is due must not be judged while an answer that has come waits for the next turn."""
    inbox: Inbox[int] = Inbox()
    for number in range(1_000):
        inbox.put(number)
    assert await inbox.take(timeout_s) == list(range(count))


@pytest.mark.parametrize("is_flood", [True, False])
async def test_a_flood_does_not_hold_up_what_is_due(
    monkeypatch: pytest.MonkeyPatch, *, is_flood: bool
) -> None:
    """After a while a turn is taken, though more keeps coming; if that was much, it is told."""
    monkeypatch.setattr(inboxes, "_READ_UP_S", 0.01)
    monkeypatch.setattr(inboxes, "_FEW", 1 if is_flood else inboxes._MOST)
    loop = asyncio.get_running_loop()
    inbox: Inbox[str] = Inbox()

    def flood() -> None:
        inbox.put("more")
        loop.call_soon(flood)

    loop.call_soon(flood)
    async with asyncio.timeout(PATIENCE_S):
        assert await inbox.take(0)
    assert inbox.is_behind is is_flood


@pytest.mark.parametrize(
    ("timeout_s", "first", "is_behind"), [(5.0, [1, 2, 3], False), (0, [1, 2, 3], True)]
)
async def test_of_very_many_a_turn_takes_its_share(
    timeout_s: float, first: list[int], is_behind: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else it would keep its station from the line; when something is due, what waits is told."""
    monkeypatch.setattr(inboxes, "_MOST", 3)
    inbox: Inbox[int] = Inbox()
    for number in range(1, 6):
        inbox.put(number)
    assert (await inbox.take(timeout_s), inbox.is_behind) == (first, is_behind)
    assert (await inbox.take(0), inbox.is_behind) == ([4, 5], False)


async def test_of_large_ones_a_turn_takes_fewer(monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes long to read is bytes; a message that is more than a turn's share has its own."""
    monkeypatch.setattr(inboxes, "_MOST_TURN_BYTES", 1_000)
    inbox: Inbox[Incoming] = Inbox()
    sizes = [300, 300, 2_000, 300]
    for size in sizes:
        inbox.put(Incoming("a", bytes(size)))
    turns = [await inbox.take(0) for _ in range(3)]
    assert [[len(item.payload) for item in turn] for turn in turns] == [[300, 300], [2_000], [300]]
    assert not inbox.is_behind
    assert await inbox.take(0) == []


async def test_no_more_large_ones_are_read_up_than_a_turn_takes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What came until the inbox is full would be dropped, and can as well wait outside."""
    monkeypatch.setattr(inboxes, "_MOST_TURN_BYTES", 1_000)
    loop = asyncio.get_running_loop()
    inbox: Inbox[Incoming] = Inbox()
    put = 0

    def flood() -> None:
        nonlocal put
        put += 1
        inbox.put(Incoming("a", bytes(300)))
        loop.call_soon(flood)

    loop.call_soon(flood)
    async with asyncio.timeout(PATIENCE_S):
        assert len(await inbox.take(0)) == 2
    assert inbox.is_behind
    assert put < 10


async def test_what_finds_no_room_is_dropped_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is asked for again; our own words, which nobody would repeat, always find room."""
    monkeypatch.setattr(inboxes, "_MOST_BYTES", 1_000)
    inbox: Inbox[Incoming | str] = Inbox()
    message = Incoming("a", bytes(300))
    for _ in range(5):
        inbox.put(message)
    inbox.put("ours")
    assert inbox.dropped == 2
    assert await inbox.take(0) == [message, message, message, "ours"]
    inbox.put(message)
    assert await inbox.take(0) == [message]
    assert inbox.dropped == 2


async def test_who_stops_waiting_loses_nothing() -> None:
    """What comes after a taker was cancelled is there for the next."""
    inbox: Inbox[str] = Inbox()
    taker = asyncio.create_task(inbox.take(None))
    await asyncio.sleep(0)
    taker.cancel()
    await asyncio.wait([taker])
    inbox.put("a")
    assert await inbox.take(None) == ["a"]
