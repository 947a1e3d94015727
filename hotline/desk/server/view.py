"""What a screen at the desk is drawn from: the line's state, as plain JSON."""

import heapq
import json
import math
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any

from hotline.bodies import Kind, Ref
from hotline.desk.server.naming import Names, parse_ref
from hotline.desk.server.shares import in_shares
from hotline.desk.server.standing_flags import shown, standing_flags
from hotline.errors import LocalError
from hotline.logs.delays import delay_of
from hotline.picture.lifecycle import ANSWERS
from hotline.picture.message import Message, Wait
from hotline.picture_json import declared_as_dict, message_as_dict
from hotline.station.station import Station
from hotline.times import format_duration, format_instant
from hotline.watchdog.deadlines import answer_dues, first_due_ms

MOST = 200  # entries of a list in a state: more than a person can read, and bounded
_RECENT = 50


class View:
    """Looks at one station, between two of its turns.

    Args:
        station: whom to look at.
        titles: the parties as people call them.
        came_ms: when messages came in, for those of which that is known.
    """

    def __init__(
        self, station: Station, titles: Mapping[str, str], came_ms: Mapping[Ref, int]
    ) -> None:
        self._station = station
        self._timers = station.timers
        self._titles = dict(titles)
        self._came_ms = came_ms
        self._is_party = station.name in station.line.parties

    def state(self, now_ms: int, rate: float) -> dict[str, Any]:
        """All that a screen shows; the clock goes `rate` times as fast as life."""
        station, picture = self._station, self._station.picture
        line = station.line
        declared = {party: declared_as_dict(it) for party, it in picture.declared.items()}
        own = picture.declared.get(station.name)
        waiting = sorted(
            (m for m in picture.messages.values() if m.waits), key=self._urgency(now_ms)
        )
        inbox = [m for m in waiting if m.ref.station != station.name] if self._is_party else []
        sent = [m for m in waiting if m.ref.station == station.name or not self._is_party]
        flags = standing_flags(picture)
        recent = heapq.nlargest(_RECENT, picture.messages.values(), key=_last_changed)
        return {
            "now": format_instant(now_ms),
            "rate": rate,
            "line": line.name,
            "station": station.name,
            "titles": self._titles,
            "role": "party" if self._is_party else "watchdog",
            "other": line.other_party(station.name) if self._is_party else None,
            "watch": declared[station.name]["watch"] if own and own.on_watch(now_ms) else None,
            "declared": declared,
            "on_line": station.is_heard,
            "may_speak": self._is_party and station.may_speak,
            "waits_for": station.waits_for,
            "stations": {name: self._presence(name) for name in line.others(station.name)},
            "heads": dict(sorted(picture.heads.items())),
            "counts": {"inbox": len(inbox), "sent": len(sent), "flags": len(flags)},
            "inbox": [self._entry(m, now_ms) for m in self._shown(inbox, now_ms)],
            "sent": [self._entry(m, now_ms) for m in self._shown(sent, now_ms)],
            "flags": [flag.as_dict() for flag in shown(flags, MOST)],
            "recent": [self._entry(m, now_ms) for m in recent],
        }

    def inbox(self, now_ms: int) -> list[dict[str, Any]]:
        """What waits for an answer from here, most urgent first."""
        waiting = self._station.picture.waiting_for(self._station.name) if self._is_party else []
        return [self._entry(m, now_ms) for m in sorted(waiting, key=self._urgency(now_ms))]

    def record(self, named: str, now_ms: int) -> dict[str, Any]:
        """One record as it is in its journal, and what became of the message that it opened.

        Raises:
            LocalError: nothing here is called that.
        """
        station = self._station
        ref = parse_ref(named)
        if ref is None:
            ref = Names(station.picture, station.name).find_about(named).ref
        written, message = self._written(ref), station.picture.find(ref)
        if written is None and message is None:
            raise LocalError(f"there is no record {named} here")
        reply = message.answered_by if message else None
        voice = message.voice.ref if message and message.voice else None
        return {
            "message": message and self._entry(message, now_ms),
            "record": written,
            "reply": self._written(reply),
            "voice": self._written(voice),
        }

    def _written(self, ref: Ref | None) -> object:
        """A record as it is in its journal, if there is one and it is on disk."""
        raw = self._station.picture.past.line_of(ref) if ref else None
        return raw and written_out(raw)

    def _urgency(self, now_ms: int) -> Callable[[Message], tuple[bool, bool, bool, int, Ref]]:
        """Stops first, then flights in the air, then as answers are due; what is excused last."""

        def key(message: Message) -> tuple[bool, bool, bool, int, Ref]:
            due_ms = first_due_ms(message, message.last_wait, self._timers)
            is_stop = message.kind == Kind.STOP
            is_excused = self._station.picture.is_excused(message)
            return not is_stop, not _has_opened(message, now_ms), is_excused, due_ms, message.ref

        return key

    def _shown(self, waiting: Sequence[Message], now_ms: int) -> list[Message]:
        """Those that a list has room for: however many flights go on, new ones are there too."""

        def sort(message: Message) -> Hashable:
            if message.kind == Kind.STOP:
                return message.ref  # each is a kind of its own: other things make room for it
            return _has_opened(message, now_ms), message.precedence

        return in_shares(waiting, sort, MOST)

    def _entry(self, message: Message, now_ms: int) -> dict[str, Any]:
        """A message; while it waits, with its deadlines."""
        author = message.ref.station
        entry: dict[str, Any] = {
            **message_as_dict(message),
            "from": author,
            "asks": message.asks,
            "answers": list(ANSWERS[message.asks]),
        }
        if author == self._station.name:
            upto = self._station.peers.receipts.confirmed.get(author, 0)
            entry |= {"delayed": None, "delivered": upto >= message.ref.seq}
        else:
            entry["delayed"] = self._delayed(message)
        if wait := message.open_wait:
            entry |= self._deadlines(message, wait, now_ms)
        return entry

    def _deadlines(self, message: Message, wait: Wait, now_ms: int) -> dict[str, Any]:
        """When its answer is due, which level its absence has reached, and which comes next."""
        levels = list(answer_dues(message, wait, self._timers))
        told = {"due": format_instant(levels[0][1]), "excused": False, "overdue": None}
        if self._station.picture.is_excused(message):  # its silence reaches no level
            return told | {"excused": True}
        for level, due_ms in levels:
            if due_ms > now_ms:
                return told | {"next": {"level": level, "at": format_instant(due_ms)}}
            told["overdue"] = level
        return told

    def _delayed(self, message: Message) -> str | None:
        """How late a message came in, if it is known to have come in late."""
        came_ms = self._came_ms.get(message.ref)
        delay = None if came_ms is None else delay_of(message, came_ms, self._timers)
        return format_duration(delay.by_ms) if delay else None

    def _presence(self, name: str) -> str:
        presences = self._station.peers.presences
        if not self._station.linked or not presences.is_known(name):
            return "unknown"
        return "silent" if presences.is_silent(name) else "online"


def written_out(raw: bytes) -> object:
    """What stands in a record, as JSON that any program can read."""
    said: object = json.loads(raw, parse_float=_finite)
    return said


def _finite(number: str) -> float | str:
    """A number in a record; one that no float can hold stays as written, like `1e999`."""
    value = float(number)
    return value if math.isfinite(value) else number


def _has_opened(message: Message, now_ms: int) -> bool:
    """Whether the window of a notice has opened."""
    return message.opens_ms is not None and message.opens_ms <= now_ms


def _last_changed(message: Message) -> tuple[int, Ref]:
    given = message.given
    changes_ms = (message.at_ms, given and given.at_ms, message.taken_back_ms)
    return max(at_ms for at_ms in changes_ms if at_ms is not None), message.ref
