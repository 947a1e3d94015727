"""A picture for people and programs: tables on a terminal, or JSON."""

from collections.abc import Iterator
from typing import Any

from rich.console import Console
from rich.text import Text

from hotline import tables
from hotline.bodies import Subject
from hotline.logs.console import plain
from hotline.picture.availability import Availability, availability, day_of
from hotline.picture.declared import Declared
from hotline.picture.lifecycle import Attendance, Phase
from hotline.picture.message import Message, Spoken
from hotline.picture.past import FlagEntry
from hotline.picture.phase import phase_of
from hotline.picture.picture import Picture
from hotline.tables import Cell
from hotline.times import DAY_MS, format_instant
from hotline.watchdog.comm_checks import Outcome, history

_DAYS = 7
_MARKS = {
    Outcome.ANSWERED: "✓",
    Outcome.MISSED: "✗",
    Outcome.EXCUSED: "–",
    Outcome.WAITS: "…",
}


def as_dict(picture: Picture, now_ms: int | None = None) -> dict[str, Any]:
    """All that the picture says.

    Of pictures with everything in mind (`taking_up.whole_picture`) equal heads give equal results,
    in every station. With a time, also how far each flight is by then (`as_of`), and how much of
    each day a party was heard.
    """
    return {
        "line": picture.line.name,
        **({} if now_ms is None else {"as_of": format_instant(now_ms)}),
        "parties": list(picture.line.parties),
        "heads": dict(sorted(picture.heads.items())),
        "declared": {
            party: declared_as_dict(declared) for party, declared in picture.declared.items()
        },
        "messages": [
            message_as_dict(message) | _phase(picture, message, now_ms)
            for message in _in_order(picture)
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
        **_days(picture, now_ms),
        "invalid": {str(ref): reason for ref, reason in sorted(picture.invalid.items())},
    }


def show(picture: Picture, console: Console, now_ms: int) -> None:
    """Print who is there, the messages with their flights, the flags, and what made no sense."""
    heads = ", ".join(f"{station} to {head}" for station, head in sorted(picture.heads.items()))
    console.print(
        Text.assemble((f"line {picture.line.name}", "bold"), f": {heads or 'no records'}")
    )
    for party, declared in picture.declared.items():
        for text in _says(declared):
            console.print(Text.assemble((party, "bold"), f": {plain(text)}"))
    _show_days(picture, console, now_ms)
    for party in picture.line.parties:
        if checks := history(picture, party):
            console.print(
                Text.assemble("last comm checks of ", (party, "bold"), f": {_marks(checks)}")
            )
    tables.show(
        console,
        "Messages",
        [_row(picture, message, now_ms) for message in _in_order(picture)],
        spare="what",  # the longest, and what a person can look up
        least={"message": tables.MESSAGE_WIDTH},
    )
    tables.show(console, "Flags", [_flag_row(picture, entry) for entry in picture.flags_seen()])
    nonsense = sorted(picture.invalid.items())
    rows = [{"record": str(ref), "reason": plain(reason)} for ref, reason in nonsense]
    tables.show(console, "Made no sense", rows)


def _row(picture: Picture, message: Message, now_ms: int) -> dict[str, Cell]:
    return {
        "record": str(message.ref),
        "message": Text(message.name, "bold"),
        "sent UTC": _short(message.at_ms),
        "what": plain(message.text),
        "state": Text(message.state, "yellow" if message.waits else ""),
        "by": plain(_by(message)),
        "flight": _flight_now(picture, message, now_ms),
    }


def _flag_row(picture: Picture, entry: FlagEntry) -> dict[str, Cell]:
    cleared = entry.cleared_ms
    return {
        "rule": Text(entry.flag.rule, "bold"),
        "about": name_of(entry.flag.subject, picture),
        "level": entry.flag.level,
        "raised (UTC)": _short(entry.raised_ms),
        "cleared": Text("standing", "red") if cleared is None else _short(cleared),
    }


def name_of(subject: Subject, picture: Picture) -> str:
    """What people call the subject of a flag: by its message, if it is about one."""
    message = picture.about(subject)
    return message.name if message else str(subject)


def _in_order(picture: Picture) -> list[Message]:
    return sorted(picture.messages.values(), key=lambda message: (message.at_ms, message.ref))


def _says(declared: Declared) -> Iterator[str]:
    """What a party says of itself, in words."""
    suspension, watch = declared.suspension, declared.watch
    if suspension and declared.attendance is Attendance.SUSPENDED:
        until = f" until {_short(suspension.until_ms)}" if suspension.until_ms else ""
        reason = f" – {suspension.reason}" if suspension.reason else ""
        yield f"suspended since {_short(suspension.since_ms)}{until}{reason}"
    if watch:
        deputy = f", deputy {watch.deputy}" if watch.deputy else ""
        yield f"{watch.officer} on watch{deputy}, until {_short(watch.until_ms)}"


def _show_days(picture: Picture, console: Console, now_ms: int) -> None:
    """How much of the last days each party could be heard."""
    rows: list[dict[str, Cell]] = [
        {
            "party": Text(party, "bold"),
            "day": format_instant(day.from_ms)[:10],
            "heard": f"{day.heard:.2%}",
            "silent by its own word": f"{day.declared:.2%}",
        }
        for party, day in days_heard(picture, now_ms)
    ]
    tables.show(console, "Heard, by UTC day", rows)


def _days(picture: Picture, now_ms: int | None) -> dict[str, Any]:
    if now_ms is None:
        return {}
    return {
        "days": [
            {
                "party": party,
                "day": format_instant(day.from_ms)[:10],
                "heard": round(day.heard, 5),
                "declared": round(day.declared, 5),
            }
            for party, day in days_heard(picture, now_ms)
        ]
    }


def days_heard(picture: Picture, now_ms: int) -> Iterator[tuple[str, Availability]]:
    """How much of each of the last days each party could be heard, as far as anybody watched."""
    first_ms = min((message.at_ms for message in picture.messages.values()), default=now_ms)
    first_ms = max(first_ms, day_of(now_ms) - (_DAYS - 1) * DAY_MS)
    flags = picture.flags_seen()
    for party, declared in picture.declared.items():
        for day_ms in range(day_of(first_ms), now_ms, DAY_MS):
            span = (max(day_ms, first_ms), min(day_ms + DAY_MS, now_ms))
            if span[0] < span[1]:
                yield party, availability(flags, declared.suspensions, party, *span)


def _marks(checks: list[tuple[Message, Outcome]]) -> str:
    """A mark for each, the last one at the right, and how many were missed."""
    outcomes = [outcome for _, outcome in checks]
    missed = outcomes.count(Outcome.MISSED)
    return f"{''.join(map(_MARKS.__getitem__, outcomes))} ({missed} of {len(outcomes)} missed)"


def _by(message: Message) -> str:
    """Who answered."""
    given = message.given
    if given is None:
        return ""
    return f"{given.by}, by voice" if given.by_voice else given.by or "–"


_PHASE_STYLES = {Phase.ACTIVE: "green", Phase.OFF_NOMINAL: "bold red"}


def _flight_now(picture: Picture, message: Message, now_ms: int) -> Text:
    """How far the flight is; one in the air of which nobody has answered the notice stands out."""
    phase = phase_of(message, picture, now_ms)
    if phase is None:
        return Text()
    if phase in _PHASE_STYLES and message.waits:
        return Text(f"{_words(phase)}, UNANSWERED", "bold red")
    return Text(_words(phase), _PHASE_STYLES.get(phase, ""))


def _words(phase: Phase) -> str:
    return phase.replace("_", " ")


def _phase(picture: Picture, message: Message, now_ms: int | None) -> dict[str, Any]:
    if now_ms is None:
        return {}
    return {"phase": phase_of(message, picture, now_ms)}


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


def _short(at_ms: int) -> str:
    """`01-12 06:00:00`, in UTC: for people, who know what year it is."""
    return format_instant(at_ms)[5:19].replace("T", " ")
