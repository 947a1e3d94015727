"""A record's body as the command that says it at a desk."""

import shlex
from collections.abc import Iterator

from hotline.bodies import Body, Cancel, Check, Handover, Reply, Resume, Stop, Suspend, Voice
from hotline.desk import areas
from hotline.notice import FlightNotice, Volume4D
from hotline.times import format_instant

Option = tuple[str, object]


def as_command(body: Body) -> str:
    """What an officer types, except for the desk; of several volumes, the first."""
    words, options = _words(body)
    for option, value in options:
        words += [option, str(value)]
    return shlex.join(["hotline", "desk", *words])


def _words(body: Body) -> tuple[list[str], Iterator[Option]]:
    match body:
        case FlightNotice(revision=1):
            return ["notify", "--id", body.notice], _of_notice(body)
        case FlightNotice():
            return ["revise", body.notice], _of_notice(body)
        case Cancel():
            return ["cancel", body.notice], _present(("--reason", body.reason))
        case Reply():
            return ["answer", str(body.refers_to.ref), body.answer.lower()], _of_answer(body)
        case Voice():
            return ["voice", body.text], _of_voice(body)
        case _:
            return _words_about_the_line(body)


def _words_about_the_line(body: Body) -> tuple[list[str], Iterator[Option]]:
    match body:
        case Stop():
            return ["stop", body.text], _present(("--notice", body.notice))
        case Check():
            return ["check"], _present(("--remarks", body.remarks))
        case Suspend():
            until = ("--until", _moment(body.until))
            return ["suspend"], _present(("--reason", body.reason), until)
        case Resume():
            return ["resume"], _present(("--reason", body.reason))
        case Handover():
            hours = ("--hours", f"{body.hours:g}")
            return ["handover", body.officer], _present(("--deputy", body.deputy), hours)
    raise ValueError(f"{type(body).__name__} is not said at a desk")


def _of_notice(notice: FlightNotice) -> Iterator[Option]:
    yield "--precedence", notice.precedence
    yield "--category", notice.category
    yield "--activity", notice.activity
    yield "--callsign", notice.aircraft_identification
    yield "--type", notice.aircraft_type
    if notice.aircraft_count > 1 or notice.revision > 1:  # or it stays as it was
        yield "--count", notice.aircraft_count
    yield from _of_volume(notice.volumes[0])
    yield from _present(("--remarks", notice.remarks))


def _of_volume(volume: Volume4D) -> Iterator[Option]:
    place = volume.volume
    outline = areas.typed(place.model_dump(exclude_none=True))
    yield "--circle" if place.outline_circle else "--polygon", outline
    for option, limit in (("--above", place.altitude_lower), ("--below", place.altitude_upper)):
        if limit:
            yield option, areas.typed_length(limit.value)
    for option, time in (("--from", volume.time_start), ("--until", volume.time_end)):
        if time:
            yield option, _short(time.value)


def _of_answer(said: Reply | Voice) -> Iterator[Option]:
    yield from _present(
        ("--officer", said.officer),
        ("--reason", said.reason),
        ("--until", _moment(said.expected_at)),
    )


def _of_voice(voice: Voice) -> Iterator[Option]:
    yield "--with", voice.spoke_with
    about = voice.refers_to and voice.refers_to.ref
    yield from _present(("--about", about), ("--answer", voice.answer and voice.answer.lower()))
    yield from _of_answer(voice)


def _present(*options: Option) -> Iterator[Option]:
    return ((option, value) for option, value in options if value is not None)


def _moment(instant_ms: int | None) -> str | None:
    return None if instant_ms is None else _short(instant_ms)


def _short(instant_ms: int) -> str:
    """Without milliseconds if they are zero."""
    return format_instant(instant_ms).replace(".000Z", "Z")
