"""The screen's contact with its station: what it tells, and when it is gone or back."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple

from hotline.desk import client
from hotline.desk.client import NoStation
from hotline.desk.requests import Told
from hotline.errors import Declined, TransportError
from hotline.journal.state_lock import is_held

AGAIN_S = 1.0  # between two attempts to find it
_SILENCE_S = 15.0  # it tells its state every five seconds


class Gone(NamedTuple):
    """The station cannot be reached any more (or not yet); we look for it again and again."""

    why: str


async def follow(directory: Path) -> AsyncIterator[Told | Gone]:
    """All that a station tells its watchers, through all its absences, without end."""
    while True:
        told = client.watch(directory)
        try:
            while True:
                async with asyncio.timeout(_SILENCE_S):
                    one = await anext(told)
                yield one
        except StopAsyncIteration:
            yield Gone("it has left")
        except TimeoutError:
            yield Gone(f"it has sent nothing for {_SILENCE_S:g} seconds")
        except NoStation:
            yield Gone(_absence(directory))
        except Declined as error:
            yield Gone(str(error))
        except TransportError:
            yield Gone("it went away")
        finally:
            await told.aclose()
        await asyncio.sleep(AGAIN_S)


def _absence(directory: Path) -> str:
    if is_held(directory):
        return "it runs, but its desk cannot be reached: its log may say why"
    if directory.exists():
        return "it is not running"
    return "its directory is gone: its scenario is over, or somebody moved it"
