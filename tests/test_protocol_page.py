"""docs/protocol.md says what the code does: its example, its fields, its limits, its timers."""

import itertools
import json

import pytest
from pydantic import ValidationError

from hotline import status
from hotline.bodies import BODIES, Check, Kind, Level, Ref, Rule
from hotline.line import Line
from hotline.notice import Activity, Altitude, Category, Precedence
from hotline.picture.lifecycle import ANSWERS, Asks
from hotline.picture.picture import Picture
from hotline.records import (
    MAX_BATCH_BYTES,
    MAX_RECORD_BYTES,
    SHORT_DIGEST,
    Record,
    decode,
    digest,
    open_envelope,
    read_json,
    write,
)
from hotline.timers import Timers
from hotline.times import ON_THE_WIRE, parse_duration
from hotline.topics import NAME_PATTERN, Channel
from tests.pages import Page, names_in

PAGE = Page.read("protocol.md")
EXAMPLE = PAGE.section("A worked example")
LINE = Line("isr-tur", ("isr", "tur"), ("watchdog",))


def records() -> list[Record]:
    """The example's records in the order in which they are said."""
    payloads = (block.encode() for block in EXAMPLE.blocks("ndjson"))
    return [decode(raw) for payload in payloads for raw in payload.split(b"\n")]


def journal(station: str) -> list[Record]:
    """One station's records in the example."""
    return [record for record in records() if record.station == station]


@pytest.mark.parametrize("record", records(), ids=lambda record: str(record.ref))
def test_ours_write_the_bytes_of_the_example(record: Record) -> None:
    """What is read from the page and written anew is the same."""
    again = write(
        line=record.line,
        station=record.station,
        seq=record.seq,
        at_ms=record.at_ms,
        prev=open_envelope(record.raw).prev or "",
        kind=record.kind,
        body=record.body,
    )
    assert again.raw == record.raw


@pytest.mark.parametrize("station", LINE.parties)
def test_the_example_is_a_chain(station: str) -> None:
    """Numbered from 1, each bound to the one before."""
    own = journal(station)
    assert [record.seq for record in own] == list(range(1, len(own) + 1))
    before = ["", *(digest(record.raw) for record in own)]
    assert [open_envelope(record.raw).prev for record in own] == before[:-1]


def test_the_table_says_what_becomes_of_the_example() -> None:
    """Every digest, and both messages' states after every record."""
    picture = Picture(LINE)
    rows = []
    for record in records():
        picture.fold(record)
        found = (picture.find(Ref("tur", seq)) for seq in (1, 2))
        states = [message.state.value if message else "–" for message in found]
        rows.append([str(record.ref), f"`{digest(record.raw)}`", *states])
    assert EXAMPLE.table("record") == rows
    assert not picture.invalid


def test_the_example_ends_the_same_in_whatever_order_it_is_read() -> None:
    """However the two journals interleave."""
    ends = set()
    for order in set(itertools.permutations(["isr"] * 3 + ["tur"] * 2)):
        rest = {station: iter(journal(station)) for station in LINE.parties}
        picture = Picture(LINE)
        picture.fold_all(next(rest[station]) for station in order)
        ends.add(tuple((str(ref), m.state) for ref, m in sorted(picture.messages.items())))
    assert ends == {(("tur/1", "cancelled"), ("tur/2", "acknowledged"))}


def test_the_status_is_what_ours_say_and_fits_the_example() -> None:
    """Its bytes, its heads and its digests."""
    (payload,) = (block.encode() for block in PAGE.section("Status").blocks("json"))
    told = status.decode(payload)
    assert told.encode() == payload
    assert (told.station, told.head, told.held) == ("isr", 2, {"tur": 1, "watchdog": 0})
    heads = {"isr": journal("isr")[1], "tur": journal("tur")[0]}
    assert told.digests == {of: digest(head.raw)[:SHORT_DIGEST] for of, head in heads.items()}
    members = {name for row in PAGE.section("Status").table("member") for name in names_in(row[0])}
    assert members == {*json.loads(payload), "reason"}


def test_every_kind_has_its_fields() -> None:
    """No field is missing on the page, none is too many, and what may be left out is marked."""
    told = {row[0].strip("`"): sorted(names_in(row[3])) for row in _kinds()}
    assert told == {
        kind: sorted(
            name if field.is_required() else f"{name}?" for name, field in body.model_fields.items()
        )
        for kind, body in BODIES.items()
    }
    explained = {name for row in PAGE.table("field") for name in names_in(row[0])}
    assert explained == {name.rstrip("?") for names in told.values() for name in names}


def test_who_says_a_kind_and_what_it_asks_for() -> None:
    """As the picture has it."""
    watchdogs = [row[0].strip("`") for row in _kinds() if row[1] == "watchdog"]
    assert watchdogs == [Kind.FLAG, Kind.CLEAR]
    asking = [row[0].strip("`") for row in _kinds() if row[2] == "ROGER"]
    assert asking == [Kind.CANCEL, Kind.STOP, Kind.CHECK, Kind.SUSPEND, Kind.RESUME]
    assert ANSWERS[Asks.CONFIRMATION] == ("ROGER",)


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("precedence", Precedence),
        ("activity", Activity),
        ("rule", Rule),
        ("level", Level),
        ("category", Category),
    ],
)
def test_every_value_of_a_field_is_told(field: str, values: type[Precedence]) -> None:
    """The short lists are complete."""
    (row,) = (row for row in PAGE.table("field") if field in names_in(row[0]))
    assert names_in(row[1]) == [value.value for value in values]


def test_the_rules_and_channels_are_told() -> None:
    """One row for each."""
    assert {row[0].strip("`") for row in PAGE.table("rule")} == set(Rule)
    beneath = [names_in(row[0])[0].split("/")[0] for row in PAGE.table("topic beneath the root")]
    assert beneath == list(Channel)


def test_the_timers_are_told_with_their_defaults() -> None:
    """All of them."""
    told = {row[0].strip("`"): parse_duration(row[1]) for row in PAGE.table("timer")}
    assert told == Timers().model_dump(by_alias=True)


def test_the_limits_are_told() -> None:
    """As the code has them."""
    assert f"at most {MAX_RECORD_BYTES:,} bytes" in PAGE.text
    assert f"{MAX_BATCH_BYTES:,} bytes" in PAGE.text
    assert f"the first {SHORT_DIGEST} characters" in PAGE.text
    assert f"`{NAME_PATTERN.replace('?:', '')}`" in PAGE.text


@pytest.mark.parametrize(
    ("told", "opened", "inmost", "closed", "most"),
    [
        ("deeper than 201 levels", "[", "", "]", 201),
        ("innermost object or array is a level too", '{"a":', "1", "}", 200),
        ("more than 4,300 digits before its point", "9", "", "", 4_300),
        ("more than 4,300 digits before its point", "9", ".5", "", 4_300),
    ],
)
def test_what_a_reader_must_be_able_to_read_is_told(
    told: str, opened: str, inmost: str, closed: str, most: int
) -> None:
    """What our library refuses is refused by all, or they would not hold the same records."""
    assert told in PAGE.text
    read_json((opened * most + inmost + closed * most).encode())
    with pytest.raises(ValueError, match=r"recursion limit|out of range"):
        read_json((opened * (most + 1) + inmost + closed * (most + 1)).encode())


def test_white_space_is_what_unicode_calls_so() -> None:
    """A text of nothing else is none; libraries differ in this, so the page says which it is."""
    assert "U+0085 is, but U+FEFF and U+001C to U+001F are not" in PAGE.text
    spaces = {*range(0x09, 0x0E), 0x20, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B)}
    spaces |= {0x2028, 0x2029, 0x202F, 0x205F, 0x3000}
    blank = {point for point in [*range(0x3100), 0xFEFF] if not _is_a_text(chr(point))}
    assert blank == spaces


def _is_a_text(remarks: str) -> bool:
    try:
        Check.model_validate({"remarks": remarks}, context=ON_THE_WIRE)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize("sig", ["a text", 5, None, {}])
def test_a_signature_is_not_looked_at(sig: object) -> None:
    """A reader that dropped a record for it would never get past it."""
    assert "does not look at it, whatever it is" in PAGE.text
    fields = json.loads(journal("isr")[0].raw) | {"sig": sig}
    assert decode(json.dumps(fields).encode()).body == journal("isr")[0].body


@pytest.mark.parametrize("member", ["units", "reference"])
def test_a_unit_may_be_left_out_but_not_null(member: str) -> None:
    """As the page says."""
    assert "may be left out, but not `null`" in PAGE.text
    assert Altitude.model_validate({"value": 5}).units == "M"
    with pytest.raises(ValidationError):
        Altitude.model_validate({"value": 5, member: None})


def _kinds() -> list[list[str]]:
    return PAGE.table("kind")
