"""Flight notices: what one party tells the other before it flies.

Volumes have the names and shapes of ASTM F3548-21 (`Volume4D`), so that one from a UTM system
pastes in unchanged; precedence is that of ACP 127.
"""

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from hotline.times import Instant

NOTICE_ID_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$"
CALLSIGN_PATTERN = r"^[A-Z0-9]{2,7}$"
TYPE_PATTERN = r"^[A-Z][A-Z0-9]{1,3}$"

NoticeId = Annotated[str, StringConstraints(pattern=NOTICE_ID_PATTERN)]
"""The author's own name for a notice, kept through all its revisions: `TUR-014`."""

MAX_TEXT = 2_000  # characters
Text = Annotated[str, StringConstraints(min_length=1, max_length=MAX_TEXT, strip_whitespace=True)]
"""What a person wrote: 1 to 2,000 characters, without the spaces around them."""

AircraftIdentification = Annotated[str, StringConstraints(pattern=CALLSIGN_PATTERN)]
"""The call sign under which it flies, such as TUR014."""

AircraftType = Annotated[str, StringConstraints(pattern=TYPE_PATTERN)]
"""The ICAO designator, such as C30J."""

AircraftCount = Annotated[int, Field(ge=1, le=999, strict=True)]
"""How many fly together."""


class Precedence(StrEnum):
    """How fast a message must be handled (ACP 127), most urgent first."""

    FLASH = "FLASH"
    IMMEDIATE = "IMMEDIATE"
    PRIORITY = "PRIORITY"
    ROUTINE = "ROUTINE"


class Category(StrEnum):
    """What a notice asks of the other party: a decision, or only that it is known."""

    REQUEST = "request"
    INFORMATION = "information"


class Activity(StrEnum):
    """What the flight does; a short list, so that an officer sees at a glance what it is."""

    SURVEY = "survey"
    RECONNAISSANCE = "reconnaissance"
    PATROL = "patrol"
    STRIKE = "strike"
    TRANSPORT = "transport"
    MEDEVAC = "medevac"
    REFUELLING = "refuelling"
    EXERCISE = "exercise"
    RADAR = "radar"
    OTHER = "other"


class Value(BaseModel):
    """A frozen value; members that this version does not know are left in the bytes, unread."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class LatLngPoint(Value):
    """A point on the WGS 84 ellipsoid, in degrees."""

    lat: float = Field(ge=-90, le=90, allow_inf_nan=False, strict=True)
    lng: float = Field(ge=-180, le=180, allow_inf_nan=False, strict=True)


class Radius(Value):
    """A distance in metres."""

    value: float = Field(gt=0, allow_inf_nan=False, strict=True)
    units: Literal["M"] = "M"


class Circle(Value):
    """A circle on the ground."""

    center: LatLngPoint
    radius: Radius


class Polygon(Value):
    """A polygon on the ground; the last vertex joins the first."""

    vertices: tuple[LatLngPoint, ...] = Field(min_length=3)


class Altitude(Value):
    """A height above the WGS 84 ellipsoid, in metres."""

    value: float = Field(ge=-1_000, le=100_000, allow_inf_nan=False, strict=True)
    reference: Literal["W84"] = "W84"
    units: Literal["M"] = "M"


class Volume3D(Value):
    """A piece of airspace: one outline between two altitudes."""

    outline_circle: Circle | None = None
    outline_polygon: Polygon | None = None
    altitude_lower: Altitude | None = None
    altitude_upper: Altitude | None = None

    @model_validator(mode="after")
    def _has_one_outline(self) -> Self:
        if (self.outline_circle is None) == (self.outline_polygon is None):
            raise ValueError("expected one of outline_circle and outline_polygon")
        lower, upper = self.altitude_lower, self.altitude_upper
        if lower and upper and lower.value > upper.value:
            raise ValueError("expected altitude_lower to be below altitude_upper")
        return self


class Time(Value):
    """An instant, as F3548 wraps it."""

    value: Instant
    format: Literal["RFC3339"] = "RFC3339"


class Volume4D(Value):
    """A piece of airspace during a span of time."""

    volume: Volume3D
    time_start: Time | None = None
    time_end: Time | None = None

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.time_start and self.time_end and self.time_start.value >= self.time_end.value:
            raise ValueError("expected time_start to be before time_end")
        return self


class FlightNotice(Value):
    """One revision of a flight notice: who flies what, where and when, and what is asked.

    A later revision says everything anew and supersedes the one before; an answer holds for
    the revision that it was given to and for no other.
    """

    notice: NoticeId
    revision: int = Field(default=1, ge=1, strict=True)
    precedence: Precedence
    category: Category
    activity: Activity
    aircraft_identification: AircraftIdentification
    aircraft_type: AircraftType
    aircraft_count: AircraftCount = 1
    volumes: tuple[Volume4D, ...] = Field(min_length=1)
    remarks: Text | None = None

    @property
    def starts_ms(self) -> int | None:
        """When the first volume opens, in milliseconds since 1970 UTC."""
        return min((v.time_start.value for v in self.volumes if v.time_start), default=None)

    @property
    def ends_ms(self) -> int | None:
        """When the last volume closes, in milliseconds since 1970 UTC; None: one stays open."""
        ends_ms = [v.time_end.value for v in self.volumes if v.time_end]
        return max(ends_ms) if len(ends_ms) == len(self.volumes) else None
