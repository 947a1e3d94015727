"""The words that the parties of a simulated run say of their own accord."""

from collections.abc import Iterator

from hotline.bodies import (
    Answer,
    Body,
    Cancel,
    Check,
    Handover,
    RefersTo,
    Resume,
    Stop,
    Suspend,
    Voice,
)
from hotline.notice import Activity, Category, FlightNotice, Precedence, Volume4D
from hotline.picture.lifecycle import ANSWERS, CONSENT, Attendance, Standing
from hotline.picture.picture import Picture
from hotline.times import SECOND_MS, format_instant
from sim.swarm.plan import START_MS, Word

_AREA = {"outline_circle": {"center": {"lat": 36, "lng": 38}, "radius": {"value": 5000}}}


def body_of(word: Word, picture: Picture, numbers: Iterator[int]) -> Body | None:
    """The words of a party; None if there is nothing that they can be about."""
    match word.what:
        case "check":
            return Check()
        case "stop":
            return Stop(text="knock it off", notice=_stopped(word, picture))
        case "handover":
            return Handover(officer=f"officer {word.at_ms}", hours=1)
        case "suspend" | "resume":
            return _silence(word, picture)
        case "voice" | "voice-standby" | "voice-reject":
            return _voice(word, picture)
        case _:
            return _notice(word, picture, numbers)


def _stopped(word: Word, picture: Picture) -> str | None:
    """The notice that every other stop is about: the last flight of either party."""
    if word.at_ms % 2:
        return None
    said = [m for m in picture.messages.values() if m.is_notice]
    return max(said, key=lambda m: (m.at_ms, m.ref)).notice if said else None


def _silence(word: Word, picture: Picture) -> Body | None:
    """Suspend (mostly until a time) or resume, unless the party knows that it has done so."""
    is_suspended = picture.declared[word.who].attendance is Attendance.SUSPENDED
    if is_suspended == (word.what == "suspend"):
        return None
    if is_suspended:
        return Resume()
    return Suspend(until=_promised_ms(word) if word.lasts_s else None)


def _voice(word: Word, picture: Picture) -> Body | None:
    """A call that settles the message of either party that has waited longest, or puts it off.

    Only messages that take such an answer count.
    """
    answer = {"voice-standby": Answer.STANDBY, "voice-reject": Answer.REJECT}.get(word.what)
    waiting = [
        m
        for m in picture.messages.values()
        if m.waits and (answer is None or answer in ANSWERS[m.asks])
    ]
    message = min(waiting, key=lambda m: (m.at_ms, m.ref), default=None)
    if message is None:
        return None
    return Voice(
        refers_to=RefersTo.to(message.ref),
        answer=answer or CONSENT[message.asks],
        officer=word.who,
        spoke_with="the other side",
        text="by telephone",
        reason="not today" if answer is Answer.REJECT else None,
        expected_at=_promised_ms(word) if answer is Answer.STANDBY else None,
    )


def _promised_ms(word: Word) -> int:
    """When a promise ends, in the line's time."""
    return START_MS + word.at_ms + word.lasts_s * SECOND_MS


def _notice(word: Word, picture: Picture, numbers: Iterator[int]) -> Body | None:
    """A notice, or the revision or cancellation of the party's last one."""
    mine = [m for m in picture.messages.values() if m.ref.station == word.who and m.revision]
    current = [m for m in mine if m.standing is Standing.CURRENT]
    last = max(current, key=lambda m: m.ref.seq, default=None)
    if word.what == "notice":
        number = next(numbers)
        return flight_of(f"{word.who.upper()}-{number}", 1, word)
    if last is None or last.notice is None or last.revision is None:
        return None
    if word.what == "cancel":
        return Cancel(notice=last.notice)
    return flight_of(last.notice, last.revision + 1, word)


def flight_of(notice: str, revision: int, word: Word) -> FlightNotice:
    """The notice of a flight."""
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
    """When the flight is, in the line's time."""
    if word.lead_s is None:
        return {}
    opens_ms = START_MS + word.at_ms + word.lead_s * SECOND_MS
    closes_ms = opens_ms + word.lasts_s * SECOND_MS
    return {
        name: {"value": format_instant(at_ms)}
        for name, at_ms in (("time_start", opens_ms), ("time_end", closes_ms))
    }
