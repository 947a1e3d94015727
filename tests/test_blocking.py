"""Work that waits for the disk, and what becomes of it when who asked for it is cancelled."""

import asyncio
import contextlib
import threading
from pathlib import Path

import pytest

from hotline.blocking import Blocking, in_thread, inline
from hotline.journal.journal import Journal
from tests.helpers import LINE, eventually


class _SlowJournal(Journal):
    """A journal whose disk takes its time."""

    begun: threading.Event
    may_end: threading.Event
    is_committing = False

    def commit(self) -> None:
        """Wait for the disk, then store."""
        self.is_committing = True
        self.begun.set()
        self.may_end.wait(10)
        super().commit()
        self.is_committing = False


async def test_what_a_thread_does_is_over_when_who_asked_for_it_is_cancelled(
    tmp_path: Path,
) -> None:
    """Who cancels a station, however often, may close its journal then: no commit is going on."""
    with contextlib.closing(_SlowJournal.create(tmp_path, LINE, "tur")) as journal:
        journal.begun, journal.may_end = threading.Event(), threading.Event()
        storing = asyncio.create_task(in_thread(lambda: journal.append(())))
        await eventually(journal.begun.is_set)
        for _ in range(2):
            storing.cancel()
            await asyncio.sleep(0.01)
        asyncio.get_running_loop().call_later(0.05, journal.may_end.set)
        with pytest.raises(asyncio.CancelledError):
            await storing
        assert not journal.is_committing


@pytest.mark.parametrize("blocking", [in_thread, inline])
async def test_what_is_done_comes_back(blocking: Blocking) -> None:
    """A result is returned, and an error raised."""
    assert await blocking(lambda: 7) == 7
    with pytest.raises(ZeroDivisionError):
        await blocking(lambda: 1 // 0)


async def test_where_it_is_done() -> None:
    """In a thread of its own, or in that of the loop, which does nothing else meanwhile."""
    here = threading.get_ident()
    assert await in_thread(threading.get_ident) != here
    assert await inline(threading.get_ident) == here


async def test_an_error_after_a_cancellation_is_not_told(caplog: pytest.LogCaptureFixture) -> None:
    """Who is cancelled has gone as in a crash, so that nobody asks what came of it."""
    begun, may_fail = threading.Event(), threading.Event()

    def fail() -> None:
        begun.set()
        may_fail.wait(10)
        raise OSError

    doing = asyncio.create_task(in_thread(fail))
    await eventually(begun.is_set)
    doing.cancel()
    asyncio.get_running_loop().call_later(0.01, may_fail.set)
    with pytest.raises(asyncio.CancelledError):
        await doing
    del doing
    assert not caplog.records
