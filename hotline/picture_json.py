"""A picture, and what is in it, as JSON: for programs, screens and verdicts."""

from typing import Any

from hotline.picture.availability import Availability, days_heard
from hotline.picture.declared import Declared
from hotline.picture.flagged import FlagEntry
from hotline.picture.message import Message, Spoken
from hotline.picture.phase import phase_of
from hotline.picture.picture import Picture
from hotline.times import format_instant
from hotline.watchdog.comm_checks import history


def as_dict(picture: Picture, now_ms: int) -> dict[str, Any]:
    """All that the picture says, and how far each flight is at this time.

    If pictures have everything in memory (`taking_up.whole_picture`), equal heads give equal
    results at every station.
    """
    return {
        "line": picture.line.name,
        "as_of": format_instant(now_ms),
        "parties": list(picture.line.parties),
        "heads": dict(sorted(picture.heads.items())),
        "declared": {
            party: declared_as_dict(declared) for party, declared in picture.declared.items()
        },
        "messages": [
            message_as_dict(message) | {"phase": phase_of(message, picture, now_ms)}
            for message in picture.in_order()
        ],
        "checks": {
            party: [
                {"record": str(check.ref), "at": format_instant(check.at_ms), "outcome": outcome}
                for check, outcome in history(picture, party)
            ]
            for party in picture.line.parties
        },
        "flags": [
            flag_as_dict(entry, picture.about(entry.flag.subject)) for entry in picture.flags_seen()
        ],
        "days": [_day(party, day) for party, day in days_heard(picture, now_ms)],
        "invalid": {str(ref): reason for ref, reason in sorted(picture.invalid.items())},
    }


def _day(party: str, day: Availability) -> dict[str, Any]:
    return {
        "party": party,
        "day": format_instant(day.from_ms)[:10],
        "heard": round(day.heard, 5),
        "declared": round(day.declared, 5),
    }


def declared_as_dict(declared: Declared) -> dict[str, Any]:
    """What a party says of itself."""
    suspension, watch = declared.suspension, declared.watch
    return {
        "attendance": declared.attendance,
        "suspension": suspension
        and {
            "record": str(suspension.ref),
            "since": format_instant(suspension.since_ms),
            "until": instant(suspension.until_ms),
            "reason": suspension.reason,
            "resumed_at": instant(suspension.resumed_ms),
        },
        "watch": watch
        and {
            "record": str(watch.ref),
            "officer": watch.officer,
            "deputy": watch.deputy,
            "since": format_instant(watch.since_ms),
            "until": format_instant(watch.until_ms),
        },
    }


def _voice(voice: Spoken) -> dict[str, Any]:
    return {
        "record": str(voice.ref),
        "at": format_instant(voice.at_ms),
        "answer": voice.answer,
        "by": voice.by,
        "expected_at": instant(voice.expected_ms),
    }


def message_as_dict(message: Message) -> dict[str, Any]:
    """A message with its state."""
    return {
        "record": str(message.ref),
        "message": message.name,
        "station": message.ref.station,
        "seq": message.ref.seq,
        "kind": message.kind,
        "notice": message.notice,
        "revision": message.revision,
        "precedence": message.precedence,
        "text": message.text,
        "at": format_instant(message.at_ms),
        "starts": instant(message.starts_ms),
        "ends": instant(message.ends_ms),
        "state": message.state,
        "answer": message.answer,
        "answered_by": message.answered_by and str(message.answered_by),
        "answered_at": instant(message.answered_ms),
        "officer": message.officer,
        "expected_at": instant(message.expected_ms),
        "voice": message.voice and _voice(message.voice),
    }


def flag_as_dict(entry: FlagEntry, about: Message | None) -> dict[str, Any]:
    """One level of a flag, the message that it is about, and when it came and went."""
    return {
        "rule": entry.flag.rule,
        "subject": str(entry.flag.subject),
        "message": about and about.name,
        "level": entry.flag.level,
        "due": format_instant(entry.flag.due),
        "detail": entry.flag.detail,
        "raised_at": format_instant(entry.raised_ms),
        "cleared_at": instant(entry.cleared_ms),
    }


def instant(at_ms: int | None) -> str | None:
    """A time in JSON; None: it has not come."""
    return None if at_ms is None else format_instant(at_ms)
