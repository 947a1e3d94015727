import asyncio
import os
import signal

import pytest

from hotline.signals import on_signal
from tests.helpers import PATIENCE_S


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_stops_in_good_order(number: signal.Signals) -> None:
    """Ctrl-C and SIGTERM call `stop` instead of breaking off what is under way."""
    stopped = asyncio.Event()
    with on_signal(stopped.set):
        os.kill(os.getpid(), number)
        async with asyncio.timeout(PATIENCE_S):
            await stopped.wait()


@pytest.mark.parametrize("ignored", [False, True])
async def test_a_terminal_that_is_closed_may_be_such_a_signal(*, ignored: bool) -> None:
    """For who wants that, unless the user does not: `nohup` has it ignored."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN if ignored else signal.SIG_DFL)
    try:
        for wanted in (False, True):
            with on_signal(lambda: None, hang_up=wanted):
                taken = signal.getsignal(signal.SIGHUP) not in (signal.SIG_IGN, signal.SIG_DFL)
            assert taken == (wanted and not ignored)
    finally:
        signal.signal(signal.SIGHUP, before)


async def test_afterwards_signals_are_as_they_were() -> None:
    """Once a process is past its good order, Ctrl-C is Python's again."""
    before = signal.getsignal(signal.SIGTERM)
    with on_signal(lambda: None):
        assert signal.getsignal(signal.SIGTERM) != before
    assert signal.getsignal(signal.SIGTERM) == before
