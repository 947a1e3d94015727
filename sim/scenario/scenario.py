"""A scenario: who is on the line, what happens when, and what is expected to come of it.

All times in a file are durations from the scenario's start (`5m30s`).
"""

from collections.abc import Sequence
from typing import Annotated, Any, Self

from pydantic import (
    BeforeValidator,
    Field,
    ValidationError,
    model_validator,
)

from hotline.line import PARTIES, Line
from hotline.notice import (
    Activity,
    AircraftCount,
    AircraftIdentification,
    AircraftType,
    Category,
    NoticeId,
    Precedence,
    Text,
    Volume3D,
)
from hotline.timers import Timers
from hotline.times import Duration
from hotline.topics import Name
from sim.scenario import outline
from sim.scenario.calls import GivenAnswer, Halt, Relief, Suspension, TelephoneCall
from sim.scenario.expectation import Expectation
from sim.scenario.fault import Fault
from sim.scenario.fields import (
    AreaName,
    KnownNotice,
    Length,
    Moment,
    Part,
    PartyName,
    Span,
    Start,
)
from sim.scenario.roster import DutyOfficer

_NUMBERS: dict[int | str, str] = {  # in an area: what each number is, and its place
    "lat": "the latitude (the 1st number)",
    "lng": "the longitude (the 2nd number)",
    "radius": "the radius (the 3rd number)",
    "altitude_lower": "the lower limit (the 1st number)",
    "altitude_upper": "the upper limit (the 2nd number)",
}


def _in_metres(written: object) -> object:
    try:
        return float(written) if isinstance(written, str) else written
    except ValueError:
        raise ValueError(f"expected a number, in metres without a unit, got {written!r}") from None


Metres = Annotated[float, BeforeValidator(_in_metres)]


class Area(Part):
    """A named piece of airspace, an F3548 outline with altitudes."""

    polygon: Annotated[tuple[tuple[float, float], ...], Field(min_length=3)] | None = None
    """Corners as [lat, lng] in degrees."""
    circle: tuple[float, float, Metres] | None = None
    """[lat, lng, radius in metres]."""
    altitude: tuple[Metres | None, Metres | None] | None = None
    """[lower, upper] in metres above the WGS 84 ellipsoid; null: no limit."""

    @model_validator(mode="after")
    def _is_a_volume(self) -> Self:
        self.exactly_one("polygon", "circle")
        try:
            self.volume()
        except ValidationError as error:
            mistake = error.errors(include_url=False)[0]
            says = mistake["msg"].removeprefix("Value error, ")
            says = says.replace("Input should be", "expected")
            field = _as_written(mistake["loc"])
            raise ValueError(f"{field}: {says}" if field else says) from None
        if self.polygon is not None and (wrong := outline.what_is_wrong(self.polygon)):
            raise ValueError(f"polygon: {wrong}")
        return self

    def volume(self) -> Volume3D:
        """The area as ASTM F3548 has it."""
        fields: dict[str, Any] = {}
        if self.polygon is not None:
            vertices = [{"lat": lat, "lng": lng} for lat, lng in self.polygon]
            fields["outline_polygon"] = {"vertices": vertices}
        if self.circle is not None:
            lat, lng, radius = self.circle
            center = {"lat": lat, "lng": lng}
            fields["outline_circle"] = {"center": center, "radius": {"value": radius}}
        if self.altitude is not None:
            limits = zip(("altitude_lower", "altitude_upper"), self.altitude, strict=True)
            fields |= {name: {"value": limit} for name, limit in limits if limit is not None}
        return Volume3D.model_validate(fields)


def _as_written(where: Sequence[int | str]) -> str:
    """The place in an area of a part of an F3548 volume."""
    match where:
        case ("outline_circle", *inner):
            return f"circle, {_NUMBERS[inner[-2] if inner[-1] == 'value' else inner[-1]]}"
        case ("outline_polygon", "vertices", int(corner), name):
            return f"polygon[{corner}], {_NUMBERS[name]}"
        case (("altitude_lower" | "altitude_upper") as name, *_):
            return f"altitude, {_NUMBERS[name]}"
        case _:
            return ".".join(str(part) for part in where)


class Leg(Span):
    """One volume of a flight: an area, and when it is used."""

    area: AreaName


class Flight(Leg):
    """A flight notice in an event. `from` and `until` count from the scenario's start."""

    id: NoticeId
    precedence: Precedence
    category: Category = Category.REQUEST
    activity: Activity
    aircraft_identification: AircraftIdentification
    aircraft_type: AircraftType
    """The ICAO designator, such as C30J."""
    aircraft_count: AircraftCount = 1
    further: tuple[Leg, ...] = ()
    """More areas that it flies in, and when."""
    remarks: Text | None = None


class Revision(Part):
    """The next revision of a notice: fields left out stay as they were; remarks may be null."""

    id: KnownNotice
    precedence: Precedence | None = None
    category: Category | None = None
    activity: Activity | None = None
    aircraft_identification: AircraftIdentification | None = None
    aircraft_type: AircraftType | None = None
    aircraft_count: AircraftCount | None = None
    area: AreaName | None = None
    from_ms: Duration | None = None
    until_ms: Duration | None = None
    further: tuple[Leg, ...] | None = None
    remarks: Text | None = None


class Withdrawal(Part):
    """A notice is cancelled."""

    id: KnownNotice
    reason: Text | None = None


_VERBS = (
    *("note", "notice", "revise", "cancel", "stop", "check", "suspend", "resume"),
    *("answer", "voice", "handover", "fault"),
)


class Event(Part):
    """One thing that happens: `at`, `who` (left out for a note or a fault), and what it is."""

    at_ms: Moment
    every_ms: Duration | None = None
    """Repeat it with this period, until `until` (left out: to the end)."""
    until_ms: Moment | None = None
    who: PartyName | None = None
    note: Text | None = None
    notice: Flight | None = None
    revise: Revision | None = None
    cancel: Withdrawal | None = None
    stop: Halt | None = None
    check: Text | None = None
    suspend: Suspension | None = None
    resume: Text | None = None
    answer: GivenAnswer | None = None
    voice: TelephoneCall | None = None
    handover: Relief | None = None
    fault: Fault | None = None

    @model_validator(mode="after")
    def _is_one_thing(self) -> Self:
        self.exactly_one(*_VERBS)
        is_nobodys = self.note is not None or self.fault is not None
        if self.who is None and not is_nobodys:
            raise ValueError("expected `who` with everything except a note or a fault")
        if self.who is not None and is_nobodys:
            verb = "note" if self.note is not None else "fault"
            raise ValueError(f"expected no `who` with a {verb}, which nobody says: remove it")
        if self.every_ms is not None and not (self.note or self.check):
            raise ValueError("expected `every` only with a check or a note")
        if self.until_ms is not None and self.every_ms is None:
            raise ValueError("expected `until` only with `every`: until when it is repeated")
        if self.every_ms == 0:
            raise ValueError("expected `every` to be longer than 0s")
        return self


class Scenario(Part):
    """A scenario: a simulated stretch of time on one line."""

    title: Text
    teaches: Text
    """What playing it teaches, in one line."""
    background: Text
    source: Text
    """Where the story is taken from, and that it is simulated."""
    line: Name
    parties: Annotated[dict[Name, Text], Field(min_length=PARTIES, max_length=PARTIES)]
    """Station name to display name."""
    watchdogs: tuple[Name, ...] = Field(("watchdog",), min_length=1)
    start: Start
    duration_ms: Length
    timers: Timers = Timers()
    areas: dict[Name, Area] = Field({})
    officers: dict[PartyName, tuple[DutyOfficer, ...]] = Field({})
    """Who is at each party's desk; a party without officers does not answer."""
    events: tuple[Event, ...] = Field(min_length=1)
    expect: tuple[Expectation, ...] = Field(min_length=1)

    @property
    def members(self) -> Line:
        """Who is on the line."""
        first, second = self.parties
        return Line(self.line, (first, second), self.watchdogs)
