"""A record's body as the command that says it at a desk."""

import shlex
from collections.abc import Iterator

from hotline.bodies import Body, Cancel, Check, Reply
from hotline.notice import FlightNotice, Volume4D
from hotline.times import format_instant

Flag = tuple[str, object]


def typed(body: Body) -> str:
    """What an officer types, but for whose desk it is; of several volumes the first."""
    match body:
        case FlightNotice(revision=1):
            words, flags = ["notify", "--id", body.notice], _of_notice(body)
        case FlightNotice():
            words, flags = ["revise", body.notice], _of_notice(body)
        case Cancel():
            words, flags = ["cancel", body.notice], _present(("--reason", body.reason))
        case Check():
            words, flags = ["check"], _present(("--remarks", body.remarks))
        case Reply():
            words = ["answer", str(body.refers_to.ref), body.answer.lower()]
            flags = _of_reply(body)
        case _:
            raise ValueError(f"{type(body).__name__} is not said at a desk")
    for flag, value in flags:
        words += [flag, str(value)]
    return shlex.join(["hotline", "desk", *words])


def _of_notice(notice: FlightNotice) -> Iterator[Flag]:
    yield "--precedence", notice.precedence
    yield "--category", notice.category
    yield "--activity", notice.activity
    yield "--callsign", notice.aircraft_identification
    yield "--type", notice.aircraft_type
    if notice.aircraft_count > 1:
        yield "--count", notice.aircraft_count
    yield from _of_volume(notice.volumes[0])
    yield from _present(("--remarks", notice.remarks))


def _of_volume(volume: Volume4D) -> Iterator[Flag]:
    place = volume.volume
    if circle := place.outline_circle:
        centre = circle.center
        yield "--circle", f"{centre.lat:g},{centre.lng:g},{circle.radius.value:g}m"
    if polygon := place.outline_polygon:
        yield "--polygon", " ".join(f"{at.lat:g},{at.lng:g}" for at in polygon.vertices)
    for flag, limit in (("--above", place.altitude_lower), ("--below", place.altitude_upper)):
        if limit:
            yield flag, f"{limit.value:g}"
    for flag, time in (("--from", volume.time_start), ("--until", volume.time_end)):
        if time:
            yield flag, _short(time.value)


def _of_reply(reply: Reply) -> Iterator[Flag]:
    until = None if reply.expected_at is None else _short(reply.expected_at)
    yield from _present(
        ("--officer", reply.officer), ("--reason", reply.reason), ("--until", until)
    )


def _present(*flags: Flag) -> Iterator[Flag]:
    return ((flag, value) for flag, value in flags if value is not None)


def _short(instant_ms: int) -> str:
    """Without the milliseconds that are none."""
    return format_instant(instant_ms).replace(".000Z", "Z")
