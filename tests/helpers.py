"""Building blocks of the tests: a line, its times, notices, and journals written by hand."""

import asyncio
import json
from collections.abc import Callable, Iterable
from typing import Any

from hotline.bodies import (
    Answer,
    Body,
    Cancel,
    Check,
    Clear,
    Flag,
    Kind,
    Level,
    Nonsense,
    Ref,
    RefersTo,
    Reply,
    Rule,
    Stop,
    Subject,
    Voice,
)
from hotline.line import Line
from hotline.notice import (
    Activity,
    Category,
    Circle,
    FlightNotice,
    LatLngPoint,
    Precedence,
    Radius,
    Time,
    Volume3D,
    Volume4D,
)
from hotline.picture.changes import Change
from hotline.picture.picture import Picture
from hotline.records import Record, digest, write
from hotline.station.turn import Incoming
from hotline.status import Role, Status, decode
from hotline.timers import Timers
from hotline.times import parse_instant
from hotline.topics import Channel, Topic

T0 = parse_instant("2026-01-12T06:00:00Z")
FAR_MS = parse_instant("2100-01-01T00:00:00Z")  # in the future, whatever clock a test has
LINE = Line("isr-tur", ("isr", "tur"), ("dog",))
TWO_DOGS = Line("isr-tur", ("isr", "tur"), ("dog", "hound"))
TIMERS = Timers()
# Only a broken program takes this long; one that waits in vain for the 30 s of `greeting` is found.
PATIENCE_S = 20.0
NONSENSE = Nonsense(reason="bad_body", detail="made up")


def notice(
    name: str = "TUR-014",
    *,
    revision: int = 1,
    precedence: Precedence = Precedence.ROUTINE,
    category: Category = Category.REQUEST,
    starts_ms: int | None = FAR_MS,
    ends_ms: int | None = None,
    vertices: int = 0,
) -> FlightNotice:
    """A flight notice that asks for a decision within hours; `vertices` make it longer."""
    here = LatLngPoint(lat=34.5, lng=38.2)
    volume = Volume3D.model_validate(
        {"outline_polygon": {"vertices": [here] * vertices}}
        if vertices
        else {"outline_circle": Circle(center=here, radius=Radius(value=5_000))}
    )
    start = None if starts_ms is None else Time(value=starts_ms)
    end = None if ends_ms is None else Time(value=ends_ms)
    return FlightNotice(
        notice=name,
        revision=revision,
        precedence=precedence,
        category=category,
        activity=Activity.SURVEY,
        aircraft_identification="TRK42",
        aircraft_type="C130",
        volumes=(Volume4D(volume=volume, time_start=start, time_end=end),),
    )


FLASH = notice(precedence=Precedence.FLASH)


def reply(
    station: str, seq: int, answer: Answer = Answer.ACCEPT, *, expected_ms: int | None = None
) -> Reply:
    """An officer's answer to one record, with the reason that a REJECT needs."""
    return Reply(
        refers_to=RefersTo(station=station, seq=seq),
        answer=answer,
        officer="Levi",
        reason="too close" if answer is Answer.REJECT else None,
        expected_at=expected_ms,
    )


def cancel(name: str = "TUR-014") -> Cancel:
    """The end of a notice."""
    return Cancel(notice=name, reason="weather")


def check() -> Check:
    """A comm check."""
    return Check()


def stop(name: str | None = None) -> Stop:
    """Knock it off."""
    return Stop(text="break off at once", notice=name)


def voice(
    station: str = "",
    seq: int = 0,
    answer: Answer | None = Answer.ACCEPT,
    *,
    expected_ms: int | None = None,
) -> Voice:
    """An entry of the voice log, about a record and its answer, or about neither."""
    return Voice(
        refers_to=RefersTo(station=station, seq=seq) if station else None,
        answer=answer if station else None,
        officer="Demir",
        spoke_with="Levi",
        text="as agreed",
        reason="too close" if answer is Answer.REJECT and station else None,
        expected_at=expected_ms,
    )


def flag(level: Level = Level.WARNING, *, due: int = T0, detail: str = "no answer") -> Flag:
    """A flag for tur's first record, which nobody has answered."""
    subject = Subject(station="tur", seq=1)
    return Flag(rule=Rule.UNANSWERED, subject=subject, level=level, due=due, detail=detail)


def clear() -> Clear:
    """The end of that flag."""
    subject = Subject(station="tur", seq=1)
    return Clear(rule=Rule.UNANSWERED, subject=subject, reason="answered")


class Author:
    """A hand that writes one station's journal, record by record."""

    def __init__(self, station: str, line: Line = LINE) -> None:
        self.station = station
        self.line = line
        self.journal: list[Record] = []

    def says(self, kind: Kind, body: Body, at_ms: int = T0) -> Record:
        """Write the next record."""
        record = write(
            line=self.line.name,
            station=self.station,
            seq=len(self.journal) + 1,
            at_ms=at_ms,
            prev=digest(self.journal[-1].raw) if self.journal else "",
            kind=kind,
            body=body,
        )
        self.journal.append(record)
        return record

    def notices(self, count: int) -> list[Record]:
        """Write this many notices."""
        return [self.says(Kind.NOTICE, notice(f"N-{len(self.journal) + 1}")) for _ in range(count)]


def changed(raw: bytes, **members: object) -> bytes:
    """A record's line with other values for some members; None takes the member out."""
    fields = json.loads(raw) | members
    return json.dumps({key: value for key, value in fields.items() if value is not None}).encode()


def folded(records: Iterable[Record], line: Line = LINE) -> tuple[Picture, list[Change]]:
    """The picture that these records make in this order, and all that they changed."""
    picture = Picture(line)
    return picture, [change for record in records for change in picture.fold(record)]


def records(*said: Record) -> Incoming:
    """Records as their author publishes them, in one batch."""
    topic = Topic(said[0].line, said[0].station, Channel.RECORDS)
    return Incoming(str(topic), b"\n".join(record.raw for record in said))


def replay(by: str, reader: str, *said: Record) -> Incoming:
    """Records as `by` sends them to `reader`, who asked for them."""
    topic = Topic(said[0].line, by, Channel.REPLAY, reader)
    return Incoming(str(topic), b"\n".join(record.raw for record in said))


def resend(reader: str, of: str, payload: bytes) -> Incoming:
    """The message with which `reader` asks for `of`'s records again."""
    return Incoming(str(Topic(LINE.name, reader, Channel.RESEND, of)), payload)


def status(
    station: str,
    *,
    at_ms: int = T0,
    since_ms: int = T0,
    online: bool = True,
    head: int = 0,
    reason: str = "",
    retained: bool = False,
    **held: int,
) -> Incoming:
    """A station's status; `held` names how far it has each other's journal."""
    role = Role.PARTY if station in LINE.parties else Role.WATCHDOG
    told = Status(LINE.name, station, at_ms, since_ms, online, head, held, role, reason)
    return Incoming(str(Topic(LINE.name, station, Channel.STATUS)), told.encode(), retained)


def told(station: str, **says: Any) -> Status:
    """The same, as it is read."""
    return decode(status(station, **says).payload)


def ref(record: Record) -> Ref:
    """Which record this is."""
    return record.ref


async def eventually(holds: Callable[[], object], *, within_s: float = PATIENCE_S) -> None:
    """Wait until something holds; only a broken program makes this wait all the time."""
    async with asyncio.timeout(within_s):
        while not holds():
            await asyncio.sleep(0.01)
