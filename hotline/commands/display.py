"""A picture for people: tables on a terminal."""

from collections.abc import Callable, Iterator

from rich.console import Console
from rich.text import Text

from hotline import tables
from hotline.bodies import Subject
from hotline.logs.console import plain
from hotline.picture.availability import days_heard
from hotline.picture.declared import Declared
from hotline.picture.flagged import FlagEntry
from hotline.picture.lifecycle import Attendance, Phase
from hotline.picture.message import Message
from hotline.picture.phase import phase_of
from hotline.picture.picture import Picture
from hotline.tables import Cell
from hotline.times import format_instant
from hotline.watchdog.comm_checks import Outcome, history

_MARKS = {
    Outcome.ANSWERED: "✓",
    Outcome.MISSED: "✗",
    Outcome.EXCUSED: "–",
    Outcome.WAITS: "…",
}


def show(
    picture: Picture,
    console: Console,
    now_ms: int,
    name_of: Callable[[Subject], str] | None = None,
) -> None:
    """Print who is there, the messages with their flights, the flags, and what made no sense.

    Args:
        picture: what is shown.
        console: where.
        now_ms: the time for which flights and days are shown, in epoch ms.
        name_of: what the subject of a flag is called, if somebody knows more than the picture.
    """
    heads = ", ".join(f"{station} to {head}" for station, head in sorted(picture.heads.items()))
    console.print(
        Text.assemble((f"line {picture.line.name}", "bold"), f": {heads or 'no records'}")
    )
    for party, declared in picture.declared.items():
        for text in _says(declared, now_ms):
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
        [_row(picture, message, now_ms) for message in picture.in_order()],
        spare=("window UTC", "what"),  # the longest, and a person can look them up
        least={"message": tables.MESSAGE_WIDTH, "window UTC": len("01-12 08:00 to 10:00")},
    )
    called = name_of or picture.name_of
    tables.show(console, "Flags", [_flag_row(called, entry) for entry in picture.flags_seen()])
    nonsense = sorted(picture.invalid.items())
    rows = [{"record": str(ref), "reason": plain(reason)} for ref, reason in nonsense]
    tables.show(console, "Made no sense", rows)


def _row(picture: Picture, message: Message, now_ms: int) -> dict[str, Cell]:
    return {
        "record": str(message.ref),
        "message": Text(message.name, "bold"),
        "sent UTC": _short(message.at_ms),
        "window UTC": _window(message),
        "what": plain(message.text),
        "state": Text(message.state, "yellow" if message.waits else ""),
        "by": plain(_by(message)),
        "flight": _flight_now(picture, message, now_ms),
    }


def _window(message: Message) -> str:
    """When the flight of a notice is: `01-12 08:00 to 10:00`, with seconds if there are any."""
    if message.opens_ms is None:
        return ""
    opens = _short(message.opens_ms)
    if message.ends_ms is None:
        return f"from {_to_the_minute(opens)}"
    ends = _short(message.ends_ms)
    until = ends[6:] if ends[:6] == opens[:6] else ends
    return f"{_to_the_minute(opens)} to {_to_the_minute(until)}"


def _to_the_minute(time: str) -> str:
    return time.removesuffix(":00")


def _flag_row(called: Callable[[Subject], str], entry: FlagEntry) -> dict[str, Cell]:
    cleared = entry.cleared_ms
    return {
        "rule": Text(entry.flag.rule, "bold"),
        "about": called(entry.flag.subject),
        "level": entry.flag.level,
        "raised (UTC)": _short(entry.raised_ms),
        "cleared": Text("standing", "red") if cleared is None else _short(cleared),
    }


def _says(declared: Declared, now_ms: int) -> Iterator[str]:
    """What a party says of itself, in words, and what of that is over by its own word."""
    suspension = declared.suspension
    if suspension and declared.attendance is Attendance.SUSPENDED:
        until = f" until {_short(suspension.until_ms)}" if suspension.until_ms else ""
        reason = f" – {suspension.reason}" if suspension.reason else ""
        how = "suspended since" if suspension.stands(now_ms) else "was suspended from"
        yield f"{how} {_short(suspension.since_ms)}{until}{reason}"
    if watch := declared.on_watch(now_ms):
        deputy = f", deputy {watch.deputy}" if watch.deputy else ""
        yield f"{watch.officer} on watch{deputy}, until {_short(watch.until_ms)}"
    elif last := declared.watch:
        yield f"the watch of {last.officer} ended at {_short(last.until_ms)}"


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
    """How far the flight is; one in the air whose notice nobody has answered stands out."""
    phase = phase_of(message, picture, now_ms)
    if phase is None:
        return Text()
    if phase in _PHASE_STYLES and message.waits:
        return Text(f"{_words(phase)}, UNANSWERED", "bold red")
    return Text(_words(phase), _PHASE_STYLES.get(phase, ""))


def _words(phase: Phase) -> str:
    return phase.replace("_", " ")


def _short(at_ms: int) -> str:
    """`01-12 06:00:00`, in UTC: for people, who know what year it is."""
    return format_instant(at_ms)[5:19].replace("T", " ")
