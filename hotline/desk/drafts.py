"""Drafts of flight notices: from options, a file, or both, checked before they are said."""

import io
import sys
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, TypeVar

from cyclopts import Parameter
from pydantic import TypeAdapter, ValidationError
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from hotline.commands import entry
from hotline.desk import areas
from hotline.desk.moments import volume_time
from hotline.desk.requests import WrittenNotice
from hotline.errors import LocalError
from hotline.files import written
from hotline.files.mistakes import FileError, Mistake, Where, by_place, mistakes_in, not_utf8, path
from hotline.notice import Activity, Category, FlightNotice, Precedence

T = TypeVar("T")
Fields = dict[str, Any]
Place = Callable[[Where], tuple[str, int]]

_MADE_BY_STATION = ("notice", "revision")
_OF_A_VOLUME = {"volume", "time_start", "time_end"}
_OUTLINES = ("outline_circle", "outline_polygon")
# How to say each field that a notice must have.
_HOW = {
    "precedence": f"--precedence {'|'.join(Precedence)}",
    "category": f"--category {'|'.join(Category)}",
    "activity": f"--activity {'|'.join(Activity)}",
    "aircraft_identification": "--callsign TUR014",
    "aircraft_type": "--type C30J (the ICAO designator)",
    "volumes": "--circle LAT,LNG,RADIUS or --polygon, with --from and --until; or a file with"
    " ASTM F3548 volumes",
}
# The option for the field that a mistake is about; the longest beginning counts.
_OPTIONS = {
    "precedence": "--precedence",
    "category": "--category",
    "activity": "--activity",
    "aircraft_identification": "--callsign",
    "aircraft_type": "--type",
    "aircraft_count": "--count",
    "remarks": "--remarks",
    "notice": "--id",
    "volumes": "--circle or --polygon",
    "volumes[0]": "--from and --until",
    "volumes[0].time_start": "--from",
    "volumes[0].time_end": "--until",
    "volumes[0].volume": "--above and --below",
    "volumes[0].volume.outline_circle": "--circle",
    "volumes[0].volume.outline_polygon": "--polygon",
    "volumes[0].volume.altitude_lower": "--above",
    "volumes[0].volume.altitude_upper": "--below",
}


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class Flight:
    """The fields of a flight notice as options."""

    precedence: Annotated[Precedence | None, Parameter(help="How urgent it is.")] = None
    category: Annotated[
        Category | None, Parameter(help="request asks for a decision; information only informs.")
    ] = None
    activity: Annotated[Activity | None, Parameter(help="What the flight does.")] = None
    callsign: Annotated[
        str | None, Parameter(help="The aircraft identification, such as TUR014.")
    ] = None
    type: Annotated[str | None, Parameter(help="The ICAO type designator, such as C30J.")] = None
    count: Annotated[int | None, Parameter(help="How many aircraft.")] = None
    circle: Annotated[
        str | None,
        Parameter(help="Where: LAT,LNG,RADIUS such as 34.52,37.63,8km (km, m, NM or ft)."),
    ] = None
    polygon: Annotated[
        str | None, Parameter(help="Where: 'LAT,LNG LAT,LNG LAT,LNG', three corners or more.")
    ] = None
    above: Annotated[
        str | None,
        Parameter(
            help="The lower limit (WGS 84) with its unit: 2000m or 6500ft.",
            allow_leading_hyphen=True,
        ),
    ] = None
    below: Annotated[
        str | None, Parameter(help="The upper limit, likewise.", allow_leading_hyphen=True)
    ] = None
    from_: Annotated[
        str | None, Parameter(name="--from", help="When it begins: 14:30 (UTC), +1h, or in full.")
    ] = None
    until: Annotated[str | None, Parameter(help="When it ends, likewise.")] = None
    remarks: Annotated[str | None, Parameter(help="Anything else.")] = None

    def fields(self) -> Fields:
        """What the options say, except where and when."""
        given = {
            "precedence": self.precedence,
            "category": self.category,
            "activity": self.activity,
            "aircraft_identification": self.callsign and self.callsign.upper(),
            "aircraft_type": self.type and self.type.upper(),
            "aircraft_count": self.count,
            "remarks": self.remarks,
        }
        return {name: value for name, value in given.items() if value is not None}

    def volumes(self, before: object, now_ms: int) -> object:
        """Where and when: what the options leave open stays as it was before, be it right or wrong.

        Raises:
            LocalError: an option cannot be read, or changes what is not there.
        """
        if self.circle is not None and self.polygon is not None:
            raise LocalError("--circle and --polygon both say where: give one of them")
        outline = _read("--circle", areas.circle, self.circle)
        outline = outline or _read("--polygon", areas.polygon, self.polygon)
        limits = areas.limits(
            _read("--above", areas.length, self.above), _read("--below", areas.length, self.below)
        )
        times = self._times(now_ms)
        if not (outline or limits or times):
            return before
        listed = before if isinstance(before, list) else []
        if outline and len(listed) > 1 and not times:
            raise LocalError(
                f"expected --from and --until too: one place instead of {len(listed)}, but when?"
            )
        if outline and not listed and "time_start" not in times:
            raise LocalError("expected --from too: from when?")
        if outline and len(listed) != 1:
            listed = [{"volume": {}}]
        elif not listed:
            raise LocalError("expected --circle or --polygon too, or a file with volumes: where?")
        return [_changed(volume, outline or {}, limits, times) for volume in listed]

    def _times(self, now_ms: int) -> Fields:
        given = (("time_start", "--from", self.from_), ("time_end", "--until", self.until))
        return {
            name: _read(option, lambda typed: volume_time(typed, now_ms), text)
            for name, option, text in given
            if text is not None
        }


@dataclass(frozen=True)
class Draft:
    """What is known of a notice, and where each of its fields was given."""

    fields: Fields
    place_of: Place

    def missing(self) -> list[str]:
        """The fields that are still missing."""
        return [
            name
            for name, field in FlightNotice.model_fields.items()
            if field.is_required() and name not in _MADE_BY_STATION and not self.fields.get(name)
        ]

    def require_whole(self, *, but: Collection[str] = ()) -> None:
        """Refuse what is not a notice, `but` for fields that are yet to come.

        Raises:
            FileError: with every mistake, where it was made, and all that is missing.
        """
        lacking = self.missing()
        mistakes = [
            Mistake(*self.place_of(()), name, f"is missing: {_HOW[name]}")
            for name in lacking
            if name not in but
        ]
        try:
            WrittenNotice.model_validate({"notice": "X", **self.fields})
        except ValidationError as error:
            found = mistakes_in(error, WrittenNotice, self.place_of)
            mistakes += [mistake for mistake in found if mistake.field not in lacking]
        if mistakes:
            raise FileError(mistakes)


def draft(file: Path | None, flight: Flight, name: str | None, now_ms: int) -> Draft:
    """A notice from a file and the options over it; not checked yet.

    Raises:
        LocalError: the file or an option cannot be read.
    """
    return _draft(file, flight, {"notice": name} if name else {}, None, now_ms)


def change(file: Path | None, flight: Flight, last: Fields, now_ms: int) -> Fields:
    """What a revision changes in a notice, given its last fields.

    Raises:
        LocalError: it changes nothing, the file or an option cannot be read, or the result is not
            a notice.
    """
    changed = _draft(file, flight, {}, last["volumes"], now_ms)
    if not changed.fields:
        raise LocalError("expected an option or a file that says what changes, such as --count 2")
    whole = {name: value for name, value in (last | changed.fields).items() if value is not None}
    Draft(whole, changed.place_of).require_whole()
    return changed.fields


def designator(name: str, typed: str) -> str:
    """An aircraft's identification or type as it was typed, in capitals.

    Raises:
        ValueError: it cannot be that field of a notice.
    """
    field = FlightNotice.model_fields[name]
    wanted: Any = Annotated[field.annotation, *field.metadata]
    try:
        return str(TypeAdapter(wanted).validate_python(typed.upper()))
    except ValidationError as error:
        (mistake,) = mistakes_in(error, FlightNotice, _on_command_line)
        raise ValueError(mistake.says) from None


def _draft(file: Path | None, flight: Flight, given: Fields, before: object, now_ms: int) -> Draft:
    """What a file and the options over it say; `before` are the volumes that there were."""
    filed, place_of = _from_file(file) if file else ({}, _on_command_line)
    volumes = filed.get("volumes", before)
    given = given | flight.fields()
    if (changed := flight.volumes(volumes, now_ms)) != volumes:
        given["volumes"] = changed

    def place(where: Where) -> tuple[str, int]:
        return _on_command_line(where) if where and where[0] in given else place_of(where)

    return Draft(filed | given, place)


def _changed(volume: object, outline: Fields, limits: Fields, times: Fields) -> object:
    """A volume, changed; what is none stays, to be refused as it is."""
    if isinstance(volume, dict) and isinstance(place := volume.get("volume"), dict):
        kept = {name: place[name] for name in place if not (outline and name in _OUTLINES)}
        return {**volume, "volume": {**kept, **outline, **limits}, **times}
    return volume


def _on_command_line(where: Where) -> tuple[str, int]:
    """The option that gives a field; it has no lines."""
    return by_place(path(where), _OPTIONS) or "command line", 0


def _from_file(file: Path) -> tuple[Fields, Place]:
    """A notice's fields, or only its volumes, as a person or a UTM system wrote them."""
    is_stdin = str(file) == "-"
    name = "stdin" if is_stdin else str(file)
    found = written.parse(_from_stdin(), name) if is_stdin else written.read(file)
    if not isinstance(found, CommentedMap | CommentedSeq):
        says = "expected a notice's fields, or ASTM F3548 volumes"
        raise FileError([Mistake(name, 1, "", says)])
    skipped = 0  # leading parts of a field's place, which are not in the file
    fields: Fields
    if isinstance(found, CommentedSeq):
        fields, skipped = {"volumes": list(found)}, 1
    elif found.keys() & _OF_A_VOLUME:
        fields, skipped = {"volumes": [found]}, 2
    else:
        fields = dict(found)

    def place_of(where: Where) -> tuple[str, int]:
        return name, written.line_of(found, where[skipped:])

    return fields, place_of


def _from_stdin() -> str:
    """What comes in there: UTF-8 as in a file, whatever a terminal speaks here."""
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8", errors="strict")
    try:
        return sys.stdin.read()
    except UnicodeDecodeError as error:
        raise FileError([not_utf8("stdin", error)]) from None


def _read(option: str, reader: Callable[[str], T], text: str | None) -> T | None:
    return None if text is None else entry.read_option(option, reader, text)
