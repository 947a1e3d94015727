"""Drafts: options, files, pasted volumes, and every mistake with its place."""

import json
from dataclasses import replace
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path
from typing import Any

import pytest

from hotline.desk import areas
from hotline.desk.drafts import Flight, change, draft
from hotline.errors import LocalError
from hotline.files.mistakes import FileError
from hotline.notice import Activity, Category, Precedence
from hotline.times import HOUR_MS, format_instant
from tests.helpers import T0

START = {"value": "2026-01-12T10:00:00.000Z", "format": "RFC3339"}
VOLUME: dict[str, Any] = {
    "volume": {
        "outline_circle": {
            "center": {"lat": 34.5, "lng": 37.6},
            "radius": {"value": 5000.0, "units": "M"},
        }
    },
    "time_start": START,
}
LAST: dict[str, Any] = {
    "notice": "X",
    "revision": 3,
    "precedence": "FLASH",
    "category": "request",
    "activity": "survey",
    "aircraft_identification": "TUR014",
    "aircraft_type": "C30J",
    "volumes": [VOLUME],
}
WHO = Flight(
    precedence=Precedence.FLASH,
    category=Category.REQUEST,
    activity=Activity.SURVEY,
    callsign="tur014",
    type="c30j",
)


def test_options_alone_make_a_notice() -> None:
    """Callsign and type in capitals; the times are counted from now."""
    made = draft(
        None,
        Flight(
            precedence=Precedence.FLASH,
            category=Category.REQUEST,
            activity=Activity.SURVEY,
            callsign="tur014",
            type="c30j",
            circle="34.5,37.6,5km",
            above="100m",
            from_="+1h",
            until="09:00",
        ),
        "X",
        T0,
    )
    made.require_whole()
    assert made.fields["aircraft_identification"] == "TUR014"
    (volume,) = made.fields["volumes"]
    assert volume["volume"]["altitude_lower"]["value"] == 100
    assert volume["time_start"]["value"] == format_instant(T0 + HOUR_MS)
    assert volume["time_end"]["value"] == format_instant(T0 + 3 * HOUR_MS)


@pytest.mark.parametrize("pasted", [VOLUME, [VOLUME], {"volumes": [VOLUME]}])
def test_volumes_paste_in(pasted: object, tmp_path: Path) -> None:
    """One Volume4D, a list of them, or an object that has some, as a UTM system writes them."""
    file = tmp_path / "volume.json"
    file.write_text(json.dumps(pasted))
    made = draft(file, WHO, None, T0)
    made.require_whole()
    assert made.fields["volumes"] == [VOLUME]
    later = draft(file, Flight(until="+5h"), None, T0).fields["volumes"]
    assert later == [
        VOLUME | {"time_end": {"value": format_instant(T0 + 5 * HOUR_MS), "format": "RFC3339"}}
    ]


def test_a_file_can_come_from_stdin(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its name is -, and mistakes say stdin."""
    monkeypatch.setattr("sys.stdin", StringIO("precedence: FLSH\nvolumes: []\n"))
    with pytest.raises(FileError) as refused:
        draft(Path("-"), Flight(), None, T0).require_whole()
    assert "stdin:1: precedence: got 'FLSH'; did you mean 'FLASH'?" in str(refused.value)


def test_what_comes_from_stdin_is_utf_8_whatever_a_terminal_speaks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As a file is: nobody's name is garbled, and what is not UTF-8 is told."""

    def drafted(content: bytes) -> dict[str, object]:
        monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(content), encoding="latin-1"))
        return draft(Path("-"), Flight(), None, T0).fields

    assert drafted("remarks: Türkiye\n".encode()) == {"remarks": "Türkiye"}
    with pytest.raises(FileError, match=r"^stdin:2: is not UTF-8 text$"):
        drafted(b"\nremarks: T\xfcrkiye\n")


def test_every_mistake_is_told_with_its_place(tmp_path: Path) -> None:
    """In the file its line; on the command line its option; and what is missing, with its own."""
    file = tmp_path / "n.yaml"
    file.write_text("category: requst\nwings: 2\nvolumes:\n  - volume:\n      outline_circle: 7\n")
    with pytest.raises(FileError) as refused:
        draft(file, Flight(callsign="A"), None, T0).require_whole()
    lines = str(refused.value).replace(str(tmp_path), "").splitlines()
    assert [line.partition("; ")[0] for line in lines] == [
        "--callsign: aircraft_identification: got 'A'",
        f"/n.yaml:1: activity: is missing: --activity {'|'.join(Activity)}",
        "/n.yaml:1: aircraft_type: is missing: --type C30J (the ICAO designator)",
        "/n.yaml:1: category: got 'requst'",
        "/n.yaml:1: precedence: is missing: --precedence FLASH|IMMEDIATE|PRIORITY|ROUTINE",
        "/n.yaml:2: wings: is not a field here",
        "/n.yaml:5: volumes[0].volume.outline_circle: expected named fields, got 7",
    ]


def test_what_is_yet_to_come_is_no_mistake() -> None:
    """A person is asked for it; what he has given already must be right before."""
    made = draft(None, Flight(callsign="A"), None, T0)
    with pytest.raises(FileError, match=r"^--callsign: .* such as TUR014$"):
        made.require_whole(but=made.missing())
    draft(None, WHO, None, T0).require_whole(but=["volumes"])


@pytest.mark.parametrize("flight", [WHO, replace(WHO, below="500m")])
@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("here", "volumes[1]: expected named fields, got 'here'"),
        ({"time_start": START}, "volumes[1].volume: is missing"),
        ({"volume": "here"}, "volumes[1].volume: expected named fields, got 'here'"),
        ({"volume": None}, "volumes[1].volume: expected named fields, got nothing"),
    ],
)
def test_what_is_no_volume_is_refused_where_it_stands(
    wrong: object, says: str, flight: Flight, tmp_path: Path
) -> None:
    """It is not left out; its line is told where no option changes the volumes."""
    file = tmp_path / "n.json"
    file.write_text(json.dumps([VOLUME, wrong]))
    with pytest.raises(FileError) as refused:
        draft(file, flight, None, T0).require_whole()
    assert str(refused.value).startswith("--" if flight.below else str(file))
    assert f": {says}" in str(refused.value)


def test_a_field_whose_name_is_no_text_is_refused(tmp_path: Path) -> None:
    """As any other that a notice has not."""
    file = tmp_path / "n.yaml"
    file.write_text("remarks: none\n2: two\n")
    with pytest.raises(FileError, match="expected texts as keys, got 2"):
        change(file, Flight(), LAST, T0)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("7", "volume.json:1: expected a notice's fields, or ASTM F3548 volumes"),
        ("[{", "volume.json:1: is not YAML: "),
    ],
)
def test_a_file_that_is_none(text: str, says: str, tmp_path: Path) -> None:
    """What was expected in it."""
    file = tmp_path / "volume.json"
    file.write_text(text)
    with pytest.raises(FileError) as refused:
        draft(file, WHO, None, T0)
    assert says in str(refused.value)


@pytest.mark.parametrize(
    ("flight", "says"),
    [
        (Flight(circle="1,2,3km", polygon="1,2 3,4"), "--circle and --polygon both say where"),
        (Flight(circle="here"), "--circle: expected LAT,LNG,RADIUS"),
        (Flight(circle="1,2,3km", below="6500"), "--below: 6500 of what"),
        (Flight(circle="1,2,3km", until="noon"), "--until: expected 14:30"),
        (Flight(from_="+1h"), "expected --circle or --polygon too"),
        (Flight(circle="1,2,3km", until="+1h"), "expected --from too: from when?"),
    ],
)
def test_options_that_cannot_be_read(flight: Flight, says: str) -> None:
    """Which option, and what was expected."""
    with pytest.raises(LocalError, match=says):
        draft(None, flight, None, T0)


def test_one_place_instead_of_several_needs_its_own_time() -> None:
    """Each of them had a time: none is that of all, and without one it would be no flight."""
    two = LAST | {"volumes": [VOLUME, VOLUME]}
    with pytest.raises(LocalError, match="expected --from and --until too: one place instead of 2"):
        change(None, Flight(circle="1,2,3km"), two, T0)
    (volume,) = change(None, Flight(circle="1,2,3km", from_="11:00"), two, T0)["volumes"]
    assert volume["time_start"]["value"] == "2026-01-12T11:00:00.000Z"


def test_a_change_says_only_what_changes(tmp_path: Path) -> None:
    """A new time leaves the place as it was, a new place the time and the heights."""
    assert change(None, Flight(count=2), LAST, T0) == {"aircraft_count": 2}
    (volume,) = change(None, Flight(from_="11:00"), LAST, T0)["volumes"]
    assert volume["volume"] == VOLUME["volume"]
    assert volume["time_start"]["value"] == "2026-01-12T11:00:00.000Z"
    (volume,) = change(None, Flight(circle="1,2,3km"), LAST, T0)["volumes"]
    assert volume["volume"]["outline_circle"]["center"] == {"lat": 1, "lng": 2}
    assert volume["time_start"] == START
    heights = areas.limits(2_000, 6_500)
    high = VOLUME | {"volume": VOLUME["volume"] | heights}
    (volume,) = change(None, Flight(polygon="1,2 1,3 2,3"), LAST | {"volumes": [high]}, T0)[
        "volumes"
    ]
    assert volume["volume"] == areas.polygon("1,2 1,3 2,3") | heights
    with pytest.raises(FileError, match=r"^--from and --until: volumes\[0\]: expected time_start"):
        change(None, Flight(from_="12:00", until="11:00"), LAST, T0)
    file = tmp_path / "c.yaml"
    file.write_text("remarks: later\n")
    assert change(file, Flight(), LAST, T0) == {"remarks": "later"}
    with pytest.raises(LocalError, match="expected an option or a file that says what changes"):
        change(None, Flight(), LAST, T0)
