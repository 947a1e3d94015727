"""An event loop without waiting: when nothing is left to do, its clock jumps to the next timer.

A day of the line passes in seconds, and every run of the same program takes the same steps: what is
due at one time is done in the order in which it was set. When there is no next timer, everybody
would wait for ever. That is an error, which says who waits where.
"""

import asyncio
import contextlib
import gc
import heapq
import itertools
import signal
from collections import deque
from collections.abc import Callable, Coroutine, Iterator
from contextvars import Context
from typing import Any, NoReturn, TypeVar, TypeVarTuple

from hotline.errors import LocalError

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

_ROUNDS = 100_000  # of the loop without time passing: after that many, somebody never rests
_NEW_OBJECTS = 100_000  # until the garbage collector looks at them
_SAME_TIME_S = 1e-9  # 0.1 + 0.2 and 0.3 are one time


class StalledError(LocalError):
    """On the virtual clock nothing is left that could ever happen."""


class _Call(asyncio.TimerHandle):
    """Something to be called, now or at a later time."""

    __slots__ = ("args", "at_s", "callback", "context")

    def __init__(
        self,
        at_s: float,
        callback: Callable[..., object],
        args: tuple[Any, ...],
        context: Context | None,
    ) -> None:
        self.at_s = at_s
        self.callback: Callable[..., object] | None = callback
        self.args = args
        self.context = context

    def when(self) -> float:
        return self.at_s

    def cancel(self) -> None:
        self.callback = None

    def cancelled(self) -> bool:
        return self.callback is None


class VirtualLoop(asyncio.BaseEventLoop):
    """An event loop whose time begins at 0 and costs nothing.

    It knows no files, sockets or threads, so nothing comes from outside but signals, and a round
    is nothing but the calls that are due. A call without a context gets none of its own: tasks
    bring theirs, and nothing else here keeps anything in one.
    """

    def __init__(self) -> None:
        self._now_s = 0.0
        self._calls: deque[_Call] = deque()
        self._timers: list[tuple[float, int, _Call]] = []
        self._count = itertools.count()
        self._is_running = self._is_stopped = False
        self._before_signal: dict[int, Any] = {}
        super().__init__()

    def time(self) -> float:
        """Virtual seconds since the loop was made."""
        return self._now_s

    def call_soon(
        self, callback: Callable[[*Ts], object], *args: *Ts, context: Context | None = None
    ) -> asyncio.Handle:
        """Call this in the next round."""
        call = _Call(self._now_s, callback, args, context)
        self._calls.append(call)
        return call

    call_soon_threadsafe = call_soon  # there are no threads

    def call_later(
        self,
        delay: float,
        callback: Callable[[*Ts], object],
        *args: *Ts,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        """Call this when this many virtual seconds have passed."""
        return self.call_at(self._now_s + delay, callback, *args, context=context)

    def call_at(
        self,
        when: float,
        callback: Callable[[*Ts], object],
        *args: *Ts,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        """Call this at a virtual time."""
        call = _Call(when, callback, args, context)
        heapq.heappush(self._timers, (when, next(self._count), call))
        return call

    def run_forever(self) -> None:
        """Run until `stop`, or until nothing is left that could ever happen."""
        if self._is_running or self.is_closed():
            raise RuntimeError("this event loop is closed, or running already")
        asyncio._set_running_loop(self)  # noqa: SLF001 -- documented as being for event loops
        self._is_running, self._is_stopped = True, False
        calls, rounds = self._calls, 0  # of the loop since the clock moved last
        try:
            while not self._is_stopped:
                rounds = 0 if self._jump() else rounds + 1
                if rounds > _ROUNDS:
                    raise StalledError(f"time stands still: {_who_waits(self)}")
                for _ in range(len(calls)):
                    call = calls.popleft()
                    if (callback := call.callback) is not None:
                        try:
                            if call.context is None:
                                callback(*call.args)
                            else:
                                call.context.run(callback, *call.args)
                        except (KeyboardInterrupt, SystemExit):
                            raise
                        except BaseException as error:  # noqa: BLE001 -- as every event loop does
                            self.call_exception_handler(
                                {"message": f"error in {callback!r}", "exception": error}
                            )
        finally:
            self._is_running = False
            asyncio._set_running_loop(None)  # noqa: SLF001 -- as every event loop does

    def is_running(self) -> bool:
        """Whether it runs."""
        return self._is_running

    def stop(self) -> None:
        """End `run_forever` after this round."""
        self._is_stopped = True

    def add_signal_handler(self, sig: int, callback: Callable[[*Ts], object], *args: *Ts) -> None:
        """Call this when a signal comes: the one thing that may come from outside."""
        before = signal.signal(sig, lambda *_: self.call_soon(callback, *args))
        self._before_signal.setdefault(sig, before)

    def remove_signal_handler(self, sig: int) -> bool:
        """Handle a signal as before; False if nobody has asked to be called."""
        if sig not in self._before_signal:
            return False
        signal.signal(sig, self._before_signal.pop(sig))
        return True

    def run_in_executor(self, *_: object) -> NoReturn:
        """Refuse: a thread runs on real time, and would be different each time."""
        raise LocalError("no threads on a virtual clock: do the work inline")

    def _jump(self) -> bool:
        """With nothing else to do, go to the next timer; line up what is due. True: time passed."""
        calls, timers = self._calls, self._timers
        has_moved = False
        if not calls:
            while timers and timers[0][2].callback is None:
                heapq.heappop(timers)
            if not timers:
                raise StalledError(_who_waits(self))
            if timers[0][0] > self._now_s:
                self._now_s, has_moved = timers[0][0], True
        until_s = self._now_s + _SAME_TIME_S  # after half a year, a float's next digit is larger
        while timers and timers[0][0] <= until_s:
            calls.append(heapq.heappop(timers)[2])
        return has_moved


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end on a virtual clock.

    Raises:
        StalledError: it waits for something that cannot happen.
    """
    loop = VirtualLoop()
    with _collecting_rarely(), contextlib.closing(loop):
        try:
            return loop.run_until_complete(main)
        finally:
            _end_tasks(loop)


def _end_tasks(loop: asyncio.AbstractEventLoop) -> None:
    if tasks := asyncio.all_tasks(loop):
        for task in tasks:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))


@contextlib.contextmanager
def _collecting_rarely() -> Iterator[None]:
    """Collect garbage rarely: a run keeps most of what it makes until it is judged."""
    usual = gc.get_threshold()
    gc.set_threshold(_NEW_OBJECTS, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _who_waits(loop: asyncio.AbstractEventLoop) -> str:
    lines = ["everybody waits and no timer is set:"]
    for task in sorted(asyncio.all_tasks(loop), key=lambda task: task.get_name()):
        stack = task.get_stack(limit=1)
        where = f"{stack[-1].f_code.co_filename}:{stack[-1].f_lineno}" if stack else "its start"
        lines.append(f"  {task.get_name()} at {where}")
    return "\n".join(lines)
