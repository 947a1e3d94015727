"""The signals that end a process: Ctrl-C, SIGTERM, and a terminal that is closed."""

import asyncio
import contextlib
import signal
from collections.abc import Callable, Iterator


@contextlib.contextmanager
def on_signal(stop: Callable[[], object], *, hang_up: bool = False) -> Iterator[None]:
    """Have Ctrl-C and SIGTERM call `stop`, so that a process ends in its own good order.

    With `hang_up` its terminal does so too when it is closed, unless `nohup` has that ignored.
    """
    loop = asyncio.get_running_loop()
    signals = [signal.SIGINT, signal.SIGTERM]
    if hang_up and signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signals.append(signal.SIGHUP)
    for number in signals:
        loop.add_signal_handler(number, stop)
    try:
        yield
    finally:
        for number in signals:
            loop.remove_signal_handler(number)
