"""A station as a process: where its journal is, and how it ends."""

import asyncio
import os
import signal
from pathlib import Path

import pytest

from hotline.live import default_state, on_signal


def test_a_journal_has_its_place_in_the_state_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each station of each line has a directory below the XDG state directory, or its default."""
    monkeypatch.setenv("XDG_STATE_HOME", "/var/somewhere")
    assert default_state("isr-tur", "isr") == Path("/var/somewhere/hotline/isr-tur/isr")
    monkeypatch.delenv("XDG_STATE_HOME")
    monkeypatch.setenv("HOME", "/home/levi")
    expected = Path("/home/levi/.local/state/hotline/isr-tur/isr")
    assert default_state("isr-tur", "isr") == expected


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_stops_in_good_order(number: signal.Signals) -> None:
    """Ctrl-C and SIGTERM call `stop` instead of breaking off what is under way."""
    stopped = asyncio.Event()
    with on_signal(stopped.set):
        os.kill(os.getpid(), number)
        async with asyncio.timeout(5):
            await stopped.wait()


async def test_afterwards_signals_are_as_they_were() -> None:
    """Once a process is past its good order, Ctrl-C is Python's again."""
    before = signal.getsignal(signal.SIGTERM)
    with on_signal(lambda: None):
        assert signal.getsignal(signal.SIGTERM) != before
    assert signal.getsignal(signal.SIGTERM) == before
