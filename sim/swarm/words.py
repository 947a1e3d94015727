"""What the parties of a simulated run say of their own accord."""

from collections.abc import Iterator

from hotline.bodies import (
    Body,
    Cancel,
    Check,
    Handover,
    Kind,
    RefersTo,
    Resume,
    Stop,
    Suspend,
    Voice,
)
from hotline.notice import Activity, Category, FlightNotice, Precedence, Volume4D
from hotline.picture.lifecycle import CONSENT, Attendance, Standing
from hotline.picture.picture import Picture
from hotline.times import SECOND_MS, format_instant
from sim.swarm.plan import START_MS, Word

_AREA = {"outline_circle": {"center": {"lat": 36, "lng": 38}, "radius": {"value": 5000}}}


def body_of(word: Word, picture: Picture, numbers: Iterator[int]) -> tuple[Kind, Body] | None:
    """What a party says; None when there is nothing that it can be about."""
    match word.what:
        case "check":
            return Kind.CHECK, Check()
        case "stop":
            return Kind.STOP, Stop(text="knock it off", notice=_stopped(word, picture))
        case "handover":
            return Kind.HANDOVER, Handover(officer=f"officer {word.at_ms}", hours=1)
        case "suspend" | "resume":
            return _silence(word, picture)
        case "voice":
            return _voice(word, picture)
        case _:
            return _notice(word, picture, numbers)


def _stopped(word: Word, picture: Picture) -> str | None:
    """What every other stop is about: the flight that was said last, whoever said it."""
    if word.at_ms % 2:
        return None
    said = [m for m in picture.messages.values() if m.is_notice]
    return max(said, key=lambda m: (m.at_ms, m.ref)).notice if said else None


def _silence(word: Word, picture: Picture) -> tuple[Kind, Body] | None:
    """Suspend or resume; not when the party knows that it has."""
    is_suspended = picture.declared[word.who].attendance is Attendance.SUSPENDED
    if is_suspended == (word.what == "suspend"):
        return None
    return (Kind.RESUME, Resume()) if is_suspended else (Kind.SUSPEND, Suspend())


def _voice(word: Word, picture: Picture) -> tuple[Kind, Body] | None:
    """The telephone settles the message that has waited longest, whoever said it."""
    waiting = [m for m in picture.messages.values() if m.waits]
    message = min(waiting, key=lambda m: (m.at_ms, m.ref), default=None)
    if message is None:
        return None
    return Kind.VOICE, Voice(
        refers_to=RefersTo.to(message.ref),
        answer=CONSENT[message.asks],
        officer=word.who,
        spoke_with="the other side",
        text="by telephone",
    )


def _notice(word: Word, picture: Picture, numbers: Iterator[int]) -> tuple[Kind, Body] | None:
    """A notice, or the revision or cancellation of the party's last one."""
    mine = [m for m in picture.messages.values() if m.ref.station == word.who and m.revision]
    current = [m for m in mine if m.standing is Standing.CURRENT]
    last = max(current, key=lambda m: m.ref.seq, default=None)
    if word.what == "notice":
        number = next(numbers)
        return Kind.NOTICE, _flight(f"{word.who.upper()}-{number}", 1, word)
    if last is None or last.notice is None or last.revision is None:
        return None
    if word.what == "cancel":
        return Kind.CANCEL, Cancel(notice=last.notice)
    return Kind.NOTICE, _flight(last.notice, last.revision + 1, word)


def _flight(notice: str, revision: int, word: Word) -> FlightNotice:
    return FlightNotice(
        notice=notice,
        revision=revision,
        precedence=Precedence(word.precedence),
        category=Category.REQUEST if word.at_ms % 2 else Category.INFORMATION,
        activity=Activity.SURVEY,
        aircraft_identification="TUR014",
        aircraft_type="C30J",
        volumes=(Volume4D.model_validate({"volume": _AREA, **_window(word)}),),
    )


def _window(word: Word) -> dict[str, object]:
    """When the flight is, as the line's time has it."""
    if word.lead_s is None:
        return {}
    opens_ms = START_MS + word.at_ms + word.lead_s * SECOND_MS
    closes_ms = opens_ms + word.lasts_s * SECOND_MS
    return {
        name: {"value": format_instant(at_ms)}
        for name, at_ms in (("time_start", opens_ms), ("time_end", closes_ms))
    }
