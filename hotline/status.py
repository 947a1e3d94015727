"""The status: heartbeat, receipt and last will of a station in one small retained message."""

from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

from pydantic_core import to_json

from hotline.bodies import MAX_SEQ
from hotline.errors import RemoteError
from hotline.records import VERSION, is_our_version, read_json
from hotline.times import format_instant, parse_instant
from hotline.topics import Topic, is_name

GOODBYE = "goodbye"
LINK_LOST = "link lost"
NOT_HEARD = "not heard for"  # and a duration
_SOME_TIME = b"1970-01-01T00:00:00.001Z"
_SOME_MS = 1
_TIME_BYTES = len(_SOME_TIME)
_USUAL_BYTES = 4_096


class Role(StrEnum):
    """What a station is on its line."""

    PARTY = "party"
    WATCHDOG = "watchdog"


class NotAStatus(RemoteError):
    """These bytes are not a status; the text says what was wrong with them."""


class Status(NamedTuple):
    """What a station says of itself.

    `head` is how long its own journal is; `held` is how far it has each other journal on disk,
    which acknowledges it. `since_ms` names the connection: the will of an earlier one is stale.
    `reason` tells an offline station that said goodbye from one that lost its link. `digests` has
    the beginning of the digest at each of these heads, by station: a fork shows there.
    """

    line: str
    station: str
    at_ms: int
    since_ms: int
    online: bool
    head: int
    held: Mapping[str, int]
    role: Role
    reason: str = ""
    digests: Mapping[str, str] = MappingProxyType({})

    def encode(self) -> bytes:
        """The status as it goes on the wire."""
        fields: dict[str, Any] = {
            "v": VERSION,
            "line": self.line,
            "station": self.station,
            "role": self.role,
            "at": format_instant(self.at_ms),
            "since": format_instant(self.since_ms),
            "online": self.online,
        }
        if self.reason:
            fields["reason"] = self.reason
        fields["head"] = self.head
        fields["held"] = dict(self.held)
        if self.digests:
            fields["digests"] = dict(self.digests)
        return to_json(fields)


def decode(payload: bytes) -> Status:
    """Read a status.

    Raises:
        NotAStatus: the bytes are not a status of this protocol; nothing else is raised.
    """
    at_ms, told = take_apart(payload)
    return told if told.at_ms == at_ms else told._replace(at_ms=at_ms)


def decode_from(topic: Topic, payload: bytes) -> Status:
    """Read a status that was found on a topic.

    Raises:
        NotAStatus: the bytes are not a status, or are another station's.
    """
    told = decode(payload)
    if (told.line, told.station) != (topic.line, topic.station):
        raise NotAStatus(f"signed by {told.line}/{told.station}")
    return told


@lru_cache(maxsize=16)  # two stations of one process hear the same bytes
def take_apart(payload: bytes) -> tuple[int, Status]:
    """When a status was said, and what it says: one object for heartbeats that repeat each other.

    That object's own time means nothing.

    Raises:
        NotAStatus: as `decode` does.
    """
    # Two heartbeats differ only in their time: all else is read once.
    before, mark, rest = payload.partition(b'"at":"')
    if mark and len(payload) < _USUAL_BYTES:
        told = _read_timeless(before, rest[_TIME_BYTES:])
        if told:
            try:
                return parse_instant(rest[:_TIME_BYTES].decode()), told
            except ValueError:
                pass  # the reason is found below
    told = _read(payload)
    return told.at_ms, told


@lru_cache(maxsize=32)
def _read_timeless(before: bytes, after: bytes) -> Status | None:
    """Read a status without its time; None if it cannot be read so."""
    if _SOME_TIME in after:
        return None
    try:
        told = _read(b'%b"at":"%b%b' % (before, _SOME_TIME, after))
    except NotAStatus:
        return None
    # The time that we put in must be the status's own, and not its connection's too.
    is_its_own = told.at_ms == _SOME_MS and told.since_ms != _SOME_MS
    return told if is_its_own else None


def _read(payload: bytes) -> Status:
    try:
        fields = read_json(payload)
        if not isinstance(fields, dict) or not is_our_version(fields):
            raise NotAStatus(f"not a JSON object with v {VERSION}")
        fields = {name: value for name, value in fields.items() if value is not None}
        held, digests = fields.get("held", {}), fields.get("digests", {})
        if not isinstance(held, dict) or not isinstance(digests, dict):
            raise NotAStatus("held or digests is not a JSON object")
        at_ms = parse_instant(str(fields["at"]))
        return Status(
            line=_name(fields["line"]),
            station=_name(fields["station"]),
            at_ms=at_ms,
            since_ms=parse_instant(str(fields["since"])) if "since" in fields else at_ms,
            online=_truth(fields["online"]),
            head=_count(fields["head"], "head"),
            held={_name(name): _count(seq, f"held.{name}") for name, seq in held.items()},
            role=Role(fields.get("role", Role.PARTY)),
            reason=_printable(_text(fields.get("reason", ""), "a reason")[:80]),
            digests={_name(name): _text(digest, "a digest") for name, digest in digests.items()},
        )
    except KeyError as error:
        raise NotAStatus(f"{error.args[0]} is missing") from None
    except ValueError as error:
        raise NotAStatus(f"not readable: {error}"[:200]) from None


def _name(value: object) -> str:
    if not isinstance(value, str) or not is_name(value):
        raise NotAStatus(f"{value!r:.80} is not a name of a line or a station")
    return value


def _text(value: object, what: str) -> str:
    if not isinstance(value, str):
        raise NotAStatus(f"{what} is not a text")
    return value


def _printable(text: str) -> str:
    """What goes into logs and flags: no control characters, no halves of characters."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)


def _truth(value: object) -> bool:
    if not isinstance(value, bool):
        raise NotAStatus("online is not true or false")
    return value


def _count(value: object, what: str) -> int:
    if type(value) is not int or not 0 <= value <= MAX_SEQ:
        raise NotAStatus(f"{what} is not a whole number from 0 to 2^53")
    return value
