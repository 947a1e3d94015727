"""What was said, in one line: so that whoever made a slip of the hand sees it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from hotline.desk import areas
from hotline.desk.requests import Told
from hotline.logs.console import plain
from hotline.times import SECOND_MS, format_instant, parse_instant

KEPT = "the station is off the line: this is kept, and goes out when its link is back"
_WHAT = {
    "answer": "{answer} to {record}",
    "voice": "voice log",
    "notify": "flight notice",
    "revise": "revision of {notice}",
    "cancel": "cancellation of {notice}",
    "stop": "STOP",
    "check": "comm check",
    "suspend": "suspension",
    "resume": "resumption",
    "handover": "handover to {officer}",
}


def said(request: Mapping[str, Any], told: Told) -> str:
    """What was asked for and has been said: its record; for a notice, its name, window, place.

    An answer is to what the station took it for: by a notice's name, that is one revision of it.
    """
    notice = told.get("notice")
    more = f" – {flight(notice)}" if notice else ""
    what = _what({**request, "record": told.get("message") or request.get("record")})
    return f"said {plain(what)}: {told['record']}{more}"


def _what(request: Mapping[str, Any]) -> str:
    what = _WHAT[request["do"]].format_map(request)
    if request["do"] == "voice" and (record := request.get("record")):
        answer = request.get("answer")
        what += f", {answer} to {record}" if answer else f" about {record}"
    if request["do"] == "stop":  # one flight, or all of them: that makes a great difference
        what += f" of {request.get('notice') or 'everything'}"
    if until := request.get("expected_at") or request.get("until"):
        # With the day: `14:30` can be tomorrow's.
        what += f" until {_moment(parse_instant(until))} UTC"
    return what


def hour(at: str, now_ms: int) -> str:
    """`14:30`, with its day when that is not today."""
    is_today = at[:10] == format_instant(now_ms)[:10]
    return at[11:16] if is_today else f"{datetime.fromisoformat(at):%a %d %b} {at[11:16]}"


def flight(notice: Told) -> str:
    """The parts of a notice in the journal that can be mistyped: which, when, where."""
    volumes = notice["volumes"]
    where = areas.in_words(volumes[0]["volume"])
    more = f", and {len(volumes) - 1} more" if len(volumes) > 1 else ""
    name = f"{notice['notice']} rev {notice['revision']}"
    return ", ".join(filter(None, (name, window(volumes), plain(where) + more)))


def window(volumes: list[Told]) -> str:
    """From the first beginning to the last end, with their days."""
    starts = [parse_instant(v["time_start"]["value"]) for v in volumes if v.get("time_start")]
    ends = [parse_instant(v["time_end"]["value"]) for v in volumes if v.get("time_end")]
    begin = min(starts, default=None)
    end = max(ends) if len(ends) == len(volumes) else None  # one may stay open
    if end is None:
        return "" if begin is None else f"from {_moment(begin)} UTC"
    if begin is None:
        return f"until {_moment(end)} UTC"
    return f"{_moment(begin)} to {_moment(end, beside_ms=begin)} UTC"


def _moment(at_ms: int, *, beside_ms: int | None = None) -> str:
    """A time with its day, unless the time that stands beside it has the same."""
    at = datetime.fromtimestamp(at_ms / SECOND_MS, UTC)
    time = f"{at:%H:%M:%S}" if at.second else f"{at:%H:%M}"
    beside = None if beside_ms is None else datetime.fromtimestamp(beside_ms / SECOND_MS, UTC)
    return time if beside and beside.date() == at.date() else f"{at:%a %d %b %Y} {time}"
