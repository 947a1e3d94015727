import asyncio
import os
import signal

import pytest

from hotline.errors import LocalError
from hotline.times import SECOND_MS
from sim.scenario.fields import LONGEST_MS
from sim.virtual_time import StalledError, run


def test_a_day_passes_in_no_time() -> None:
    """The clock jumps to the next timer, and nowhere else."""

    async def main() -> list[float]:
        loop = asyncio.get_running_loop()
        times = [loop.time()]
        for delay_s in (0.0, 0.25, 86_400.0):
            await asyncio.sleep(delay_s)
            times.append(loop.time())
        return times

    assert run(main()) == [0.0, 0.0, 0.25, 86_400.25]


def test_the_longest_scenario_passes_too() -> None:
    """Its seconds are so many that a float has hardly any digits left for parts of one."""

    async def main() -> float:
        loop = asyncio.get_running_loop()
        await asyncio.sleep(LONGEST_MS / SECOND_MS)
        await asyncio.sleep(1)
        return loop.time()

    assert run(main()) == LONGEST_MS / SECOND_MS + 1


def test_timers_fire_in_the_order_of_their_times() -> None:
    """Whoever is due first goes first, however the timers were set."""
    order: list[str] = []

    async def sleeper(name: str, delay_s: float) -> None:
        await asyncio.sleep(delay_s)
        order.append(name)

    async def main() -> None:
        delays = {"late": 3.0, "early": 1.0, "soon": 0.5}
        await asyncio.gather(*(sleeper(name, delay_s) for name, delay_s in delays.items()))

    run(main())
    assert order == ["soon", "early", "late"]


def test_every_run_takes_the_same_steps() -> None:
    """The same program has the same history, to the last digit of every time."""

    async def main() -> list[tuple[str, float]]:
        loop = asyncio.get_running_loop()
        history: list[tuple[str, float]] = []

        async def beat(name: str, every_s: float) -> None:
            for _ in range(50):
                await asyncio.sleep(every_s)
                history.append((name, loop.time()))

        await asyncio.gather(beat("a", 0.1), beat("b", 0.3), beat("c", 1 / 3))
        return history

    assert run(main()) == run(main())


def test_who_waits_for_ever_is_an_error_that_names_him() -> None:
    """With nothing to do and no timer set nothing can happen: the error says who waits where."""

    async def forgotten() -> None:
        await asyncio.Event().wait()

    async def main() -> None:
        waiting = asyncio.create_task(forgotten(), name="the one who was forgotten")
        await waiting

    with pytest.raises(StalledError) as stalled:
        run(main())
    assert "the one who was forgotten at " in str(stalled.value)
    assert "locks.py" in str(stalled.value) or "test_virtual_time.py" in str(stalled.value)


def test_a_timeout_is_no_stall() -> None:
    """A deadline is a timer like any other: it fires in its time."""

    async def main() -> float:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(60):
                await asyncio.Event().wait()
        return asyncio.get_running_loop().time()

    assert run(main()) == 60.0


def test_there_are_no_threads() -> None:
    """A thread would run on real time, so work in one is refused."""

    async def main() -> None:
        await asyncio.to_thread(lambda: None)

    with pytest.raises(LocalError, match="no threads on a virtual clock"):
        run(main())


def test_an_error_comes_out_as_it_is() -> None:
    """The loop adds nothing to what its program raises, and hands on what it returns."""

    async def fail() -> None:
        await asyncio.sleep(1)
        raise KeyError("mine")

    async def succeed() -> str:
        await asyncio.sleep(1)
        return "done"

    with pytest.raises(KeyError, match="mine"):
        run(fail())
    assert run(succeed()) == "done"


def test_tasks_that_are_left_are_cancelled_at_the_end() -> None:
    """What still runs when the program ends is ended with it."""
    ended: list[str] = []

    async def forever() -> None:
        try:
            while True:
                await asyncio.sleep(1)
        finally:
            ended.append("yes")

    async def main() -> asyncio.Task[None]:
        task = asyncio.create_task(forever())
        await asyncio.sleep(10)
        return task

    assert run(main()).cancelled()
    assert ended == ["yes"]


def test_a_signal_is_all_that_comes_from_outside() -> None:
    """It is handled in its round; when nobody asks for it any more, as it was before."""
    before = signal.getsignal(signal.SIGUSR1)

    async def main() -> bool:
        loop, came = asyncio.get_running_loop(), asyncio.Event()
        loop.add_signal_handler(signal.SIGUSR1, came.set)
        os.kill(os.getpid(), signal.SIGUSR1)
        async with asyncio.timeout(1):
            await came.wait()
        assert loop.remove_signal_handler(signal.SIGUSR1)
        return loop.remove_signal_handler(signal.SIGUSR1)

    assert run(main()) is False
    assert signal.getsignal(signal.SIGUSR1) is before


def test_what_fails_in_a_callback_is_told_and_the_rest_goes_on() -> None:
    """As in every event loop, it ends nobody else."""
    told: list[object] = []

    async def main() -> str:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, context: told.append(context["exception"]))
        loop.call_soon(int, "no number")
        loop.call_soon(int, "nor this").cancel()
        await asyncio.sleep(1)
        return "done"

    assert run(main()) == "done"
    assert [type(error) for error in told] == [ValueError]


def test_who_never_rests_is_an_error() -> None:
    """Time stands still while somebody has something to do in every round."""

    async def main() -> None:
        while True:
            await asyncio.sleep(0)

    with pytest.raises(StalledError, match="time stands still"):
        run(main())
