"""The threads of a process with many lines, on a machine that has no more of them."""

import threading

import pytest

from hotline.fleet import Threads


def no_more(_: threading.Thread) -> None:
    """What Python says of a thread that the machine does not have."""
    raise RuntimeError("can't start new thread")


def test_what_finds_no_thread_of_its_own_waits_for_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is done once and told once, where Python says that it failed, and does it all the same."""
    may_end = threading.Event()
    with Threads(2) as threads:
        first = threads.submit(may_end.wait, 10)
        monkeypatch.setattr(threading.Thread, "start", no_more)
        second = threads.submit(lambda: 7)
        may_end.set()
        assert first.result(10)
        assert second.result(10) == 7


def test_what_finds_no_thread_at_all_is_not_done(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor later, when there is one: whoever asked has been told that it failed."""
    done: list[int] = []
    with Threads(2) as threads:
        with monkeypatch.context() as without:
            without.setattr(threading.Thread, "start", no_more)
            with pytest.raises(RuntimeError, match="can't start"):
                threads.submit(done.append, 1)
        threads.submit(done.append, 2).result(10)
    assert done == [2]
