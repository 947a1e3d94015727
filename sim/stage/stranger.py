"""Somebody who is not a station of the line, with a link of his own to say what he likes."""

import contextlib
from collections.abc import AsyncIterator, Callable, Iterable

from hotline.station.turn import Publish
from hotline.transport import Transport


@contextlib.asynccontextmanager
async def visiting(make_link: Callable[[], Transport]) -> AsyncIterator[Transport]:
    """Be connected for a while, and leave."""
    link = make_link()
    await link.open((), lambda: None, lambda _: None)
    try:
        yield link
    finally:
        await link.close()


async def say(make_link: Callable[[], Transport], words: Iterable[Publish]) -> None:
    """Connect, say something, and leave."""
    async with visiting(make_link) as link:
        for word in words:
            await link.publish(word)
