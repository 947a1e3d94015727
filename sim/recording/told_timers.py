"""The timers of a line, as its flags show them: each flag says when something was due."""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress

from hotline.bodies import Flag, Level, Rule
from hotline.line import Line
from hotline.picture.message import Message
from hotline.picture.picture import Picture
from hotline.records import Record
from hotline.status import NOT_HEARD
from hotline.timers import Timers
from hotline.times import DAY_MS, LONGEST_DAYS, parse_duration

_OF_RECEIPTS = {Level.WARNING: "receipt", Level.ALARM: "receipt_alarm"}
_MISSED = re.compile(rf"{NOT_HEARD} ((?:\d+(?:ms|s|m|h|d))+)$")
_BEATS = 3  # heartbeats are missed before a station is silent, by default
_HALVES = {Level.WARNING: 2, Level.ALARM: 3}  # of the time that is allowed for an answer


def told_by(line: Line, records: Sequence[Record]) -> tuple[Timers, str]:
    """The timers that flags tell, the rest at their defaults; and a sentence that says so."""
    picture = Picture(line)
    picture.fold_all(records)
    known = _agreed(_told(picture, {record.ref: record.at_ms for record in records}))
    default = Timers()
    other = {name: ms for name, ms in known.items() if ms != getattr(default, name)}
    timers = _fitting(default.model_copy(update=other))
    are = "are the defaults"
    if names := ", ".join(sorted(name.removesuffix("_ms") for name in other)):
        are = f"({names}) are those that flags tell, the others the defaults"
    return timers, f"The timers {are}: journals do not hold them; --line line.toml does."


def _fitting(timers: Timers) -> Timers:
    """The same, with the untold timers fitted to what the others allow."""
    alarm_ms = max(timers.receipt_alarm_ms, timers.receipt_ms)
    beat_ms = min(timers.heartbeat_ms, max(timers.silent_ms // _BEATS, 1))
    return timers.model_copy(update={"receipt_alarm_ms": alarm_ms, "heartbeat_ms": beat_ms})


def _told(picture: Picture, said_ms: dict[tuple[str, int], int]) -> Iterator[tuple[str, int]]:
    """A timer and its length, by each flag that tells it without doubt."""
    for entry in picture.flags:
        flag = entry.flag
        message = picture.messages.get(flag.subject.ref)
        match flag.rule:
            case Rule.UNDELIVERED if flag.level in _OF_RECEIPTS and flag.subject.ref in said_ms:
                yield f"{_OF_RECEIPTS[flag.level]}_ms", flag.due - said_ms[flag.subject.ref]
            case Rule.UNANSWERED if message and flag.level in _HALVES:
                yield from _of_answer(flag, message)
            case Rule.LATE_NOTICE if message and message.opens_ms is not None:
                yield "late_notice_ms", message.opens_ms - flag.due
            case Rule.SILENT if found := _MISSED.search(flag.detail):
                with suppress(ValueError):  # a person may have typed it
                    yield "silent_ms", parse_duration(found[1])


def _of_answer(flag: Flag, message: Message) -> Iterator[tuple[str, int]]:
    """The timer, if no STANDBY began the wait, and no flight's start made it shorter."""
    if message.last_wait.since_ms != message.at_ms:
        return
    allowed_ms = (flag.due - message.at_ms) * 2 // _HALVES[flag.level]
    if message.precedence is None:
        yield "answer_check_ms", allowed_ms
    elif message.starts_ms is None or allowed_ms < (message.starts_ms - message.at_ms) // 2:
        yield f"answer_{message.precedence.lower()}_ms", allowed_ms


def _agreed(told: Iterable[tuple[str, int]]) -> dict[str, int]:
    """The timers on which all flags agree; any other is not known."""
    said: dict[str, set[int]] = {}
    for name, ms in told:
        if 0 < ms <= LONGEST_DAYS * DAY_MS:  # or somebody's flag makes no sense
            said.setdefault(name, set()).add(ms)
    return {name: next(iter(values)) for name, values in said.items() if len(values) == 1}
