"""A process that is stopped and goes on."""

import asyncio
from functools import partial

import pytest

from sim.process import Process
from sim.virtual_time import run
from tests.clocks import virtually


async def _ticks(seen: list[float]) -> None:
    loop = asyncio.get_running_loop()
    try:
        for _ in range(4):
            await asyncio.sleep(1)
            seen.append(round(loop.time(), 3))
    except asyncio.CancelledError:
        seen.append(-1)
        raise


@virtually
async def test_what_is_stopped_goes_on_where_it_was() -> None:
    """The timer that had passed is seen late; to stop it twice is to stop it once."""
    seen: list[float] = []
    process = Process()
    process.go_on()
    task = asyncio.create_task(process.run(partial(_ticks, seen)))
    await asyncio.sleep(1.5)
    process.stop()
    process.stop()
    await asyncio.sleep(10)
    process.go_on()
    await task
    assert seen == [1, 11.5, 12.5, 13.5]


@virtually
async def test_what_is_killed_before_its_first_step_never_begins() -> None:
    """And nothing of it is left over."""
    seen: list[float] = []
    task = asyncio.create_task(Process().run(partial(_ticks, seen)))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert seen == []


@pytest.mark.parametrize("after_s", [0.1, 5])
@virtually
async def test_what_is_stopped_can_be_killed(after_s: float) -> None:
    """It sees that as if it ran."""
    seen: list[float] = []
    process = Process()
    task = asyncio.create_task(process.run(partial(_ticks, seen)))
    await asyncio.sleep(0.5)
    process.stop()
    await asyncio.sleep(after_s)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert seen == [-1]


@virtually
async def test_what_is_killed_while_it_is_stopped_takes_the_steps_by_which_it_ends() -> None:
    """A link that is broken off takes a moment; nobody has it go on first."""
    ended: list[bool] = []

    async def work() -> None:
        try:
            await asyncio.sleep(10)
        finally:
            await asyncio.sleep(1)
            ended.append(True)

    process = Process()
    task = asyncio.create_task(process.run(work))
    await asyncio.sleep(0.5)
    process.stop()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended == [True]


def test_what_fails_fails() -> None:
    """Its error comes out."""

    async def fail() -> None:
        await asyncio.sleep(1)
        raise ValueError("so it is")

    with pytest.raises(ValueError, match="so it is"):
        run(Process().run(fail))
