"""Where things are said: the only place that spells an MQTT topic.

`hotline/v1/{line}/{station}/…`; a station publishes only beneath its own root.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Annotated

from pydantic import StringConstraints

ROOT = "hotline/v1"
NAME_PATTERN = r"^[a-z0-9](?:[a-z0-9_-]{0,30}[a-z0-9])?$"
_NAME = re.compile(NAME_PATTERN)

# No dot, no slash, no wildcard: a name is one topic level on every broker, NATS included.
Name = Annotated[str, StringConstraints(pattern=NAME_PATTERN)]
"""The name of a line or a station: lower-case letters, digits, `-` and `_`, at most 32."""

EVERY_LINE = f"{ROOT}/+/+/#"
EVERY_STATUS = f"{ROOT}/+/+/status"


class Channel(StrEnum):
    """The kinds of topic beneath a station's root."""

    RECORDS = "records"
    STATUS = "status"
    RESEND = "resend"
    REPLAY = "replay"
    FLAGS = "flags"
    PATH = "path"


_WITH_ARGUMENT = frozenset({Channel.RESEND, Channel.REPLAY, Channel.FLAGS, Channel.PATH})
_WITHOUT_ARGUMENT = frozenset(Channel) - _WITH_ARGUMENT


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic, taken apart.

    `argument` is whose records are wanted (`resend`), who asked for them (`replay`), the flag's
    key (`flags`) or which measurement it is (`path`); empty for the others.
    """

    line: str
    station: str
    channel: Channel
    argument: str = ""

    def __str__(self) -> str:
        path = f"{ROOT}/{self.line}/{self.station}/{self.channel.value}"
        return f"{path}/{self.argument}" if self.argument else path


@lru_cache(maxsize=1024)
def is_name(text: str) -> bool:
    """Whether `text` may name a line or a station."""
    return _NAME.fullmatch(text) is not None


@lru_cache(maxsize=1024)  # a line has few topics, and says them all the time
def parse(text: str) -> Topic | None:
    """Take a topic apart; None for one that is not of this protocol."""
    if not text.startswith(f"{ROOT}/"):
        return None
    match text.removeprefix(f"{ROOT}/").split("/"):
        case [line, station, channel] if channel in _WITHOUT_ARGUMENT:
            return Topic(line, station, Channel(channel))
        case [line, station, channel, argument] if channel in _WITH_ARGUMENT:
            return Topic(line, station, Channel(channel), argument)
        case _:
            return None


def heard_by(line: str, reader: str, others: Iterable[str]) -> list[str]:
    """The topic filters of a station: all that the others say to everybody or to `reader`.

    Its own status is among them, so that a late last will of an earlier connection, which
    would show it as gone, is noticed and corrected.
    """
    filters = [str(Topic(line, reader, Channel.STATUS))]
    for other in others:
        filters += [
            str(Topic(line, other, Channel.RECORDS)),
            str(Topic(line, other, Channel.STATUS)),
            str(Topic(line, other, Channel.RESEND, "+")),
            str(Topic(line, other, Channel.REPLAY, reader)),
        ]
    return filters


def board_of(line: str, watchdog: str) -> str:
    """The filter of a watchdog's own flag board, on which it finds what a broker brought back."""
    return str(Topic(line, watchdog, Channel.FLAGS, "+"))


def line_of(text: str) -> str:
    """The line of whatever is said beneath the root, be it a topic of this protocol or not."""
    return text.removeprefix(f"{ROOT}/").partition("/")[0]


def every_topic_of(line: str) -> str:
    """The filter of all that is said on one line."""
    return f"{ROOT}/{line}/+/#"


def is_heard(topic: str, filters: Iterable[str]) -> bool:
    """Whether one of these filters takes a topic, as MQTT has it."""
    levels = topic.split("/")
    return any(_takes(wanted.split("/"), levels) for wanted in filters)


def _takes(wanted: list[str], levels: list[str]) -> bool:
    if wanted[-1] == "#":
        wanted = wanted[:-1]
        levels = levels[: len(wanted)]
    return len(wanted) == len(levels) and all(
        want in ("+", level) for want, level in zip(wanted, levels, strict=True)
    )
