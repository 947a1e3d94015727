"""Drafts of what a person types: a flight notice from flags and files, and times of the day."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import Parameter
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from hotline.errors import LocalError
from hotline.notice import Activity, Category, FlightNotice, Precedence
from hotline.times import DAY_MS, format_instant, parse_duration, parse_instant

Word = Literal["accept", "reject", "standby", "roger"]
Draft = dict[str, Any]

_NAMED_BY_STATION = ("notice", "revision")
_REQUIRED = tuple(
    name
    for name, field in FlightNotice.model_fields.items()
    if field.is_required() and name not in _NAMED_BY_STATION
)
_OF_VOLUMES = {"volume", "time_start", "time_end"}


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class Flight:
    """The fields of a flight notice."""

    id: Annotated[
        str | None, Parameter(help="The notice's name; left out, one is made, such as TUR-043.")
    ] = None
    precedence: Annotated[Precedence | None, Parameter(help="How fast it must be handled.")] = None
    category: Annotated[
        Category | None, Parameter(help="request: it asks to decide; information: only to know.")
    ] = None
    activity: Annotated[Activity | None, Parameter(help="What the flight does.")] = None
    callsign: Annotated[
        str | None, Parameter(help="The aircraft identification, such as TUR014.")
    ] = None
    type: Annotated[str | None, Parameter(help="The ICAO type designator, such as C30J.")] = None
    count: Annotated[int | None, Parameter(help="How many aircraft.")] = None
    circle: Annotated[
        str | None, Parameter(help="Where: LAT,LNG,RADIUS in degrees and metres, or 5km.")
    ] = None
    polygon: Annotated[
        str | None, Parameter(help="Where: 'LAT,LNG LAT,LNG LAT,LNG …', three corners at least.")
    ] = None
    above: Annotated[float | None, Parameter(help="The lower limit in metres (WGS 84).")] = None
    below: Annotated[float | None, Parameter(help="The upper limit in metres (WGS 84).")] = None
    from_: Annotated[
        str | None,
        Parameter(name="--from", help="When it begins: 14:30 (UTC), +1h, or a full time."),
    ] = None
    until: Annotated[str | None, Parameter(help="When it ends, likewise.")] = None
    remarks: Annotated[str | None, Parameter(help="Anything else.")] = None


def draft(file: Path | None, flight: Flight, now_ms: Callable[[], int]) -> Draft:
    """A notice's fields, from a file and the flags over it; not checked yet."""
    fields = _from_file(file) if file else {}
    given = {
        "notice": flight.id,
        "precedence": flight.precedence,
        "category": flight.category,
        "activity": flight.activity,
        "aircraft_identification": flight.callsign,
        "aircraft_type": flight.type,
        "aircraft_count": flight.count,
        "remarks": flight.remarks,
    }
    fields |= {name: value for name, value in given.items() if value is not None}
    volumes = _volumes(fields.get("volumes"), flight, lru_cache(now_ms))
    return fields | ({"volumes": volumes} if volumes else {})


def require_whole(fields: Draft) -> None:
    """Refuse a draft that lacks something, with all that it lacks.

    Raises:
        LocalError: something is missing.
    """
    lacking = [name for name in _REQUIRED if not fields.get(name)]
    if lacking:
        raise LocalError("\n".join(f"{name} is missing: {_HOW[name]}" for name in lacking))


def promised(until: str | None, in_: str | None, now_ms: Callable[[], int]) -> str | None:
    """When an answer is promised, by --until or --in."""
    if until is not None and in_ is not None:
        raise LocalError("--until and --in say the same: give one of them")
    if in_ is not None:
        try:
            return format_instant(now_ms() + parse_duration(in_.removeprefix("+")))
        except ValueError as error:
            raise LocalError(f"--in: {error}") from None
    return None if until is None else _time("--until", until, now_ms)


_HOW = {
    "precedence": f"--precedence {'|'.join(Precedence)}",
    "category": f"--category {'|'.join(Category)}",
    "activity": f"--activity {'|'.join(Activity)}",
    "aircraft_identification": "--callsign TUR014",
    "aircraft_type": "--type C30J (the ICAO designator)",
    "volumes": "where and when: --circle LAT,LNG,RADIUS or --polygon, with --from and --until,"
    " or a file with ASTM F3548 volumes",
}


def _volumes(given: object, flight: Flight, now_ms: Callable[[], int]) -> list[Draft]:
    volumes = [dict(volume) for volume in given] if isinstance(given, Sequence) else []
    if flight.circle is not None or flight.polygon is not None:
        if flight.circle is not None and flight.polygon is not None:
            raise LocalError("--circle and --polygon both say where: give one of them")
        volumes = [
            {"volume": _circle(flight.circle) if flight.circle else _polygon(flight.polygon or "")}
        ]
    for volume in volumes:
        for limit, value in (("altitude_lower", flight.above), ("altitude_upper", flight.below)):
            if value is not None:
                volume["volume"] = {
                    **volume.get("volume", {}),
                    limit: {"value": value, "reference": "W84", "units": "M"},
                }
        for name, flag, text in (
            ("time_start", "--from", flight.from_),
            ("time_end", "--until", flight.until),
        ):
            if text is not None:
                volume[name] = {"value": _time(flag, text, now_ms), "format": "RFC3339"}
    return volumes


def _circle(text: str) -> Draft:
    try:
        lat, lng, radius = text.split(",")
        metres = (
            float(radius.strip().removesuffix("km")) * 1000
            if radius.strip().endswith("km")
            else float(radius.strip().removesuffix("m"))
        )
        centre = {"lat": float(lat), "lng": float(lng)}
    except ValueError:
        raise LocalError(
            f"--circle: expected LAT,LNG,RADIUS such as 34.52,37.63,8km, got {text!r}"
        ) from None
    return {"outline_circle": {"center": centre, "radius": {"value": metres, "units": "M"}}}


def _polygon(text: str) -> Draft:
    try:
        corners = [corner.split(",") for corner in text.split()]
        vertices = [{"lat": float(lat), "lng": float(lng)} for lat, lng in corners]
    except ValueError:
        raise LocalError(f"--polygon: expected 'LAT,LNG LAT,LNG LAT,LNG', got {text!r}") from None
    return {"outline_polygon": {"vertices": vertices}}


def _time(flag: str, text: str, now_ms: Callable[[], int]) -> str:
    """An instant: `14:30` is the next one (UTC), `+1h` is in one hour."""
    try:
        if text.startswith("+"):
            return format_instant(now_ms() + parse_duration(text[1:]))
        if len(text) <= len("14:30:00") and ":" in text:
            now = now_ms()
            of_day = parse_instant(f"1970-01-01T{text}Z")
            at_ms = now - now % DAY_MS + of_day
            return format_instant(at_ms if at_ms >= now else at_ms + DAY_MS)
        return format_instant(parse_instant(text))
    except ValueError:
        raise LocalError(
            f"{flag}: expected 14:30 (UTC), +1h or 2026-01-12T14:30:00Z, got {text!r}"
        ) from None


def _from_file(file: Path) -> Draft:
    """A notice's fields, or only its volumes, as a UTM system or a person wrote them."""
    name = "stdin" if str(file) == "-" else str(file)
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
        found = YAML(typ="safe", pure=True).load(text)  # JSON is YAML too
    except OSError as error:
        raise LocalError(f"cannot read {name}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise LocalError(f"{name} is not UTF-8 text") from None
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise LocalError(f"{name}:{line}: is neither JSON nor YAML: {error.problem}") from None
    except YAMLError as error:
        raise LocalError(f"{name}: is neither JSON nor YAML: {error}") from None
    if isinstance(found, list):
        return {"volumes": found}
    if not isinstance(found, dict):
        raise LocalError(f"{name}: expected a notice's fields, or ASTM F3548 volumes")
    return {"volumes": [found]} if found.keys() & _OF_VOLUMES else dict(found)
