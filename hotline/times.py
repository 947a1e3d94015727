"""Instants and durations: whole milliseconds inside, RFC 3339 and `5m30s` outside.

Integers keep a replay exact: no float ever decides whether a deadline has passed.
"""

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer, ValidationInfo, WithJsonSchema

SECOND_MS = 1_000
MINUTE_MS = 60 * SECOND_MS
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS
LONG_AGO_MS = -(1 << 62)
"""Before every instant; 0 is not, on a line that is played in the years before 1970."""
NEVER_MS = 1 << 62
"""After every instant."""

_HOUR = r"(?:[01][0-9]|2[0-3])"
_RFC_3339 = re.compile(
    rf"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}T{_HOUR}:[0-9]{{2}}:[0-9]{{2}}(?:\.[0-9]+)?"
    rf"(?:Z|[+-]{_HOUR}:[0-5][0-9])",
    re.IGNORECASE,
)
_EXPECTED = "expected a UTC time such as 2026-01-12T06:00:00Z"
_IN_SHORT = re.compile(r"(?<=\d\d-\d\d)[Tt ](\d\d:\d\d)(:\d\d)?")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
# What is read can be written again, and so can a deadline counted from it in either direction.
_FIRST_MS = (datetime(1000, 1, 1, tzinfo=UTC) - _EPOCH) // _MILLISECOND
_LAST_MS = (datetime(9000, 1, 1, tzinfo=UTC) - _EPOCH) // _MILLISECOND - 1
LONGEST_DAYS = 36_500
"""How long a duration may be."""
_UNITS_MS = {"d": DAY_MS, "h": HOUR_MS, "m": MINUTE_MS, "s": SECOND_MS, "ms": 1}
_DURATION_PATTERN = r"^(?=\d)(\d+d)?(\d+h)?(\d+m(?!s))?(\d+(\.\d{1,3})?s)?(\d+ms)?$"
_DURATION = re.compile(_DURATION_PATTERN)
_DURATION_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|d|h|m|s)")


def parse_instant(text: object) -> int:
    """Read an RFC 3339 instant as milliseconds since 1970 UTC.

    An integer counts as milliseconds already. A time without an offset is refused: on a line
    between two countries nobody should have to guess whose clock was meant.

    Raises:
        ValueError: it is not such an instant, or cannot be written again.
    """
    if isinstance(text, int) and not isinstance(text, bool):
        return _in_range(text)
    if not isinstance(text, str):
        raise ValueError(f"{_EXPECTED}, got {text!r}")  # noqa: TRY004 -- pydantic collects ValueErrors
    return _parse(text)


def parse_typed_instant(text: str) -> int:
    """Read an instant as a person types it: the seconds may be left out, the `T` may be a space.

    Raises:
        ValueError: as `parse_instant` does.
    """
    return parse_instant(_IN_SHORT.sub(_in_full, text, count=1))


def _in_full(short: re.Match[str]) -> str:
    return f"T{short[1]}{short[2] or ':00'}"


@lru_cache(maxsize=1024)
def _parse(text: str) -> int:
    # Python reads much more than this, which stations in other languages would refuse.
    if not _RFC_3339.fullmatch(text):
        if _RFC_3339.fullmatch(f"{text}Z"):
            raise ValueError(f"expected a time with its offset (end it in Z for UTC), got {text!r}")
        raise ValueError(f"{_EXPECTED}, got {text!r}")
    try:
        moment = datetime.fromisoformat(text.upper())
    except ValueError:
        raise ValueError(f"{_EXPECTED}, got {text!r}") from None
    since = moment - _EPOCH
    # In parts: dividing it by a millisecond takes three times as long.
    return _in_range(since.days * DAY_MS + since.seconds * SECOND_MS + since.microseconds // 1_000)


def writable(instant_ms: int) -> int:
    """The nearest instant that can be written and read again."""
    return min(max(instant_ms, _FIRST_MS), _LAST_MS)


def _in_range(instant_ms: int) -> int:
    if not _FIRST_MS <= instant_ms <= _LAST_MS:
        raise ValueError("expected a UTC time in the years 1000 to 8999")
    return instant_ms


@lru_cache(maxsize=1024)  # what is said in one turn is said at one time
def format_instant(instant_ms: int) -> str:
    """Write an instant as RFC 3339 in UTC with milliseconds: `2026-01-12T06:00:00.000Z`."""
    minute, time_ms = divmod(instant_ms, MINUTE_MS)
    return f"{_minute(minute)}:{time_ms // SECOND_MS:02}.{time_ms % SECOND_MS:03}Z"


@lru_cache(maxsize=64)
def _minute(minute: int) -> str:
    return (_EPOCH + timedelta(minutes=minute)).isoformat()[: len("2026-01-12T06:00")]


def format_time_of_day(instant_ms: int) -> str:
    """Write an instant as its UTC time of day, `06:00:00`."""
    return format_instant(instant_ms)[11:19]


def parse_duration(text: object) -> int:
    """Read `2h`, `5m30s`, `1.5s`, `250ms` or `0s` as milliseconds.

    Raises:
        ValueError: it is not such a text, or longer than anything here may last.
    """
    if not isinstance(text, str) or not _DURATION.fullmatch(text):
        raise ValueError(f"expected a duration such as 90s, 5m30s or 2h, got {text!r}")
    parts = _DURATION_PART.findall(text)
    length_ms = sum(float(amount) * _UNITS_MS[unit] for amount, unit in parts)
    if length_ms > LONGEST_DAYS * DAY_MS:
        raise ValueError(f"expected a duration of at most {LONGEST_DAYS}d, got {text[:40]!r}")
    return round(length_ms)


def format_duration(duration_ms: int) -> str:
    """Write a duration in its largest two units: `2h05m`, `5m30s`, `12s`, `1.2s`, `40ms`."""
    if duration_ms < 0:
        return "-" + format_duration(-duration_ms)
    if duration_ms < SECOND_MS:
        return f"{duration_ms}ms"
    if duration_ms < 10 * SECOND_MS and duration_ms % SECOND_MS >= SECOND_MS // 10:
        return f"{duration_ms // 100 / 10}s"
    minutes, seconds = divmod(duration_ms // SECOND_MS, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = [(days, "d"), (hours, "h"), (minutes, "m"), (seconds, "s")]
    first = next(index for index, (amount, _) in enumerate(parts) if amount)
    text = f"{parts[first][0]}{parts[first][1]}"
    if first + 1 < len(parts) and parts[first + 1][0]:
        amount, unit = parts[first + 1]
        text += f"{amount:02}{unit}" if unit != "h" else f"{amount}{unit}"
    return text


def write_duration(duration_ms: int) -> str:
    """Write a duration to the millisecond, so that `parse_duration` reads the same."""
    text, left_ms = "", duration_ms
    for unit in ("d", "h", "m"):
        amount, left_ms = divmod(left_ms, _UNITS_MS[unit])
        text += f"{amount}{unit}" if amount else ""
    return f"{text}{left_ms / SECOND_MS:g}s" if left_ms or not text else text


def _duration_in_file(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        raise ValueError(f"expected a duration with its unit, such as {value}s or {value}m")  # noqa: TRY004 -- pydantic collects ValueErrors
    return parse_duration(value)


ON_THE_WIRE = {"on_the_wire": True}
"""The context in which a model is read from what somebody else has written."""


def _instant_in_model(value: object, info: ValidationInfo) -> int:
    """Our own code gives milliseconds; a number from elsewhere may be seconds, or anything."""
    if info.context is ON_THE_WIRE and not isinstance(value, str):
        raise ValueError(f"expected a text such as 2026-01-12T06:00:00Z, got {value!r}")
    return parse_instant(value)


Instant = Annotated[
    int,
    BeforeValidator(_instant_in_model),
    PlainSerializer(format_instant, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""A field that is an RFC 3339 text outside and milliseconds since 1970 UTC inside."""

Duration = Annotated[
    int,
    BeforeValidator(_duration_in_file),
    PlainSerializer(write_duration, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": _DURATION_PATTERN, "examples": ["5m30s", "2h"]}),
]
"""A field that is a text such as `5m30s` outside and milliseconds inside."""
