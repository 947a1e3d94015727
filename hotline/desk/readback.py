"""What was said, in one line: so that a slip of the hand is seen by whoever made it."""

from datetime import UTC, datetime

from hotline.desk import areas
from hotline.desk.requests import Told
from hotline.logs.console import plain
from hotline.times import SECOND_MS, format_instant, parse_instant


def said(what: str, told: Told) -> str:
    """What the station says of a word: its record, and of a notice its name, window and place."""
    notice = told.get("notice")
    return f"said {plain(what)}: {told['record']}" + (f" – {flight(notice)}" if notice else "")


def until(promised: str | None) -> str:
    """Behind a word: until when it holds, with the day, since `14:30` can be tomorrow's."""
    return f" until {_moment(parse_instant(promised))} UTC" if promised else ""


def hour(at: str, now_ms: int) -> str:
    """`14:30`, with its day when that is not today."""
    is_today = at[:10] == format_instant(now_ms)[:10]
    return at[11:16] if is_today else f"{datetime.fromisoformat(at):%a %d %b} {at[11:16]}"


def flight(notice: Told) -> str:
    """A notice as it stands in the journal, as far as it can be mistyped: which, when, where."""
    volumes = notice["volumes"]
    where = areas.in_words(volumes[0]["volume"])
    more = f", and {len(volumes) - 1} more" if len(volumes) > 1 else ""
    name = f"{notice['notice']} rev {notice['revision']}"
    return ", ".join(filter(None, (name, window(volumes), plain(where) + more)))


def window(volumes: list[Told]) -> str:
    """From the first beginning to the last end, with their days."""
    starts = [parse_instant(v["time_start"]["value"]) for v in volumes if v.get("time_start")]
    ends = [parse_instant(v["time_end"]["value"]) for v in volumes if v.get("time_end")]
    if not starts and not ends:
        return ""
    begin, end = min(starts, default=None), max(ends, default=None)
    if begin is None:
        return f"until {_moment(max(ends))} UTC"
    if end is None:
        return f"from {_moment(begin)} UTC"
    return f"{_moment(begin)} to {_moment(end, beside_ms=begin)} UTC"


def _moment(at_ms: int, *, beside_ms: int | None = None) -> str:
    """With its day, unless that is the one of the time that stands beside it."""
    at = datetime.fromtimestamp(at_ms / SECOND_MS, UTC)
    time = f"{at:%H:%M:%S}" if at.second else f"{at:%H:%M}"
    beside = None if beside_ms is None else datetime.fromtimestamp(beside_ms / SECOND_MS, UTC)
    return time if beside and beside.date() == at.date() else f"{at:%a %d %b %Y} {time}"
