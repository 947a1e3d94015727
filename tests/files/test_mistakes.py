from enum import StrEnum
from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from hotline.errors import LocalError
from hotline.files.mistakes import FileError, Mistake, by_place, did_you_mean, mistakes_in, path
from hotline.notice import AircraftIdentification, AircraftType, NoticeId, Text
from hotline.times import Duration
from hotline.topics import Name


class Colour(StrEnum):
    """A list of words."""

    RED = "RED"
    GREEN = "GREEN"


def refuse(value: object) -> object:
    """Take no value at all."""
    raise ValueError(f"expected something else than {value!r}, got {value!r}")


class Leaf(BaseModel):
    """One field of each kind that a person can get wrong."""

    model_config = ConfigDict(extra="forbid")

    colour: Colour = Colour.RED
    count: int = Field(1, ge=1)
    ratio: float = 1.0
    text: str = ""
    title: Text = "a title"
    wide: bool = True
    code: str = Field("A", pattern="^[A-Z]$")
    mode: Literal["on", "off"] = "on"
    pause: Duration = 0
    never: Annotated[str, BeforeValidator(refuse)] = ""


class Twig(BaseModel):
    """Another model, with other fields."""

    model_config = ConfigDict(extra="forbid")

    length: int = 1


class Tree(BaseModel):
    """A model with models in it, in a list and by name."""

    model_config = ConfigDict(extra="forbid", alias_generator=lambda name: name.removesuffix("_s"))

    leaves: tuple[Leaf, ...] = Field(min_length=1, max_length=3)
    named: dict[str, Twig] = {}
    height_s: int


def found(written: object, secret: set[str] | None = None) -> list[str]:
    """What is said of a tree that is written like this; each place's line is its depth."""
    with pytest.raises(ValidationError) as caught:
        Tree.model_validate(written)
    said = mistakes_in(
        caught.value, Tree, lambda where: ("tree.yaml", len(where)), secret=secret or ()
    )
    return [str(mistake) for mistake in said]


def leaf(**fields: object) -> dict[str, object]:
    """A tree with one leaf, which has these fields."""
    return {"leaves": [fields], "height": 3}


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"colur": "RED"}, "colur: is not a field here; did you mean 'colour'?"),
        (
            {"text": "wide", "pause it": None},
            (
                "pause it: is not a field here (if it belongs to a text with a comma, that needs"
                " quotes); did you mean 'pause'?"
            ),
        ),
        (
            {"size": 3},
            (
                "size: is not a field here; expected one of"
                " colour, count, ratio, text, title, wide, code, mode, pause, never"
            ),
        ),
        ({"colour": "red"}, "colour: got 'red'; did you mean 'RED'?"),
        ({"colour": "mauve"}, "colour: got 'mauve'; expected one of RED, GREEN"),
        ({"mode": "onn"}, "mode: got 'onn'; did you mean 'on'?"),
        ({"count": "many"}, "count: expected a whole number, got 'many'"),
        ({"count": 1.5}, "count: expected a whole number, got 1.5"),
        ({"count": 0}, "count: expected greater than or equal to 1, got 0"),
        ({"ratio": "half"}, "ratio: expected a number, got 'half'"),
        ({"text": 3}, "text: expected a text, got 3; put it in quotes"),
        ({"text": True}, "text: expected a text, got true; put it in quotes"),
        ({"text": None}, "text: expected a text, got nothing"),
        ({"text": [1, None]}, "text: expected a text, got [1, null]"),
        ({"text": {"a": [False, "b"]}}, "text: expected a text, got {a: [false, 'b']}"),
        ({"title": " "}, "title: expected a text that is not empty, got ' '"),
        (
            {"title": "x" * 2_001},
            f"title: expected a text of at most 2000 characters, got '{'x' * 56}…",
        ),
        ({"wide": "ja"}, "wide: expected true or false, got 'ja'"),
        ({"wide": None}, "wide: expected true or false, got nothing"),
        ({"never": None}, "never: expected something else than None, got nothing"),
        ({"code": "b"}, "code: got 'b'; expected text of the form ^[A-Z]$"),
        ({"pause": 5}, "pause: expected a duration with its unit, such as 5s or 5m"),
        ({"pause": "5x"}, "pause: expected a duration such as 90s, 5m30s or 2h, got '5x'"),
        ({"never": "this"}, "never: expected something else than 'this', got 'this'"),
        ({"text": ["x" * 99]}, f"text: expected a text, got ['{'x' * 55}…"),
    ],
)
def test_a_mistake_says_where_it_is_and_what_was_expected(
    fields: dict[str, object], says: str
) -> None:
    """Each kind of mistake is told with its file, line and field, in words of a file's writer."""
    assert found(leaf(**fields)) == [f"tree.yaml:3: leaves[0].{says}"]


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ({"leaves": [{}]}, "tree.yaml:1: height: is missing"),
        ({"leaves": [], "height": 1}, "tree.yaml:1: leaves: expected at least 1 of them, found 0"),
        (
            {"leaves": [{}] * 4, "height": 1},
            "tree.yaml:1: leaves: expected at most 3 of them, found 4",
        ),
        ({"leaves": 3, "height": 1}, "tree.yaml:1: leaves: expected a list, got 3"),
        (
            {"leaves": [3], "height": 1},
            (
                "tree.yaml:2: leaves[0]: expected named fields, got 3; they are"
                " colour, count, ratio, text, title, wide, code, mode, pause, never"
            ),
        ),
        (
            {"leaves": [{}], "height": 1, "named": {"oak": {"leaves": []}}},
            "tree.yaml:3: named.oak.leaves: is not a field here; expected one of length",
        ),
        (
            {"leaves": [{}], "height": 1, "named": [1]},
            "tree.yaml:1: named: expected named fields, got [1]",
        ),
        (
            {"leaves": [{}], "height": 1, "named": {1: {}}},
            "tree.yaml:2: named: expected texts as keys, got 1; put it in quotes",
        ),
        (
            {"leaves": [{}], "height": 1, 1: 2},
            "tree.yaml:1: expected texts as keys, got 1; put it in quotes",
        ),
        (
            {"leaves": [{}], "height": 1, "named": {"oak": {"lenght": 1}}},
            "tree.yaml:3: named.oak.lenght: is not a field here; did you mean 'length'?",
        ),
        (
            {"leaves": [{}], "heigth": 1},
            "tree.yaml:1: heigth: is not a field here; did you mean 'height'?",
        ),
        (
            "a tree",
            "tree.yaml: expected named fields, got 'a tree'; they are leaves, named, height",
        ),
    ],
)
def test_what_is_wrong_with_a_whole_is_told_of_the_whole(written: object, says: str) -> None:
    """A missing field, a list of the wrong length or shape: the field that it is about is named."""
    assert says in found(written)


def test_all_mistakes_are_found_and_none_is_made_up() -> None:
    """A list in which every item is wrong is not also called too short."""
    said = found({"leaves": [{"count": 0}, {"mode": "of"}], "height": "tall", "width": 3})
    assert said == [
        "tree.yaml:3: leaves[0].count: expected greater than or equal to 1, got 0",
        "tree.yaml:3: leaves[1].mode: got 'of'; did you mean 'off'?",
        "tree.yaml:1: height: expected a whole number, got 'tall'",
        "tree.yaml:1: width: is not a field here; expected one of leaves, named, height",
    ]


def test_what_is_secret_is_not_shown() -> None:
    """Of a secret field, and of what is in it, the place is told and the value is not."""
    written = {"leaves": [{}], "height": "s3cret", "named": {"oak": {"length": "long"}}}
    said = found(written, secret={"height", "named"})
    assert said == [
        "tree.yaml:3: named.oak.length: expected a whole number, got …",
        "tree.yaml:1: height: expected a whole number, got …",
    ]


class Named(BaseModel):
    """What has a form that is a pattern."""

    line: Name = "a"
    id: NoticeId = "a"
    callsign: AircraftIdentification = "AA"
    type: AircraftType = "AA"


@pytest.mark.parametrize(
    ("field", "says"),
    [
        ("line", "lower-case letters, digits, - and _, at most 32, with a letter or digit at both"),
        ("id", "letters, digits, - and _, at most 32, with a letter or digit first"),
        ("callsign", "2 to 7 capital letters and digits, such as TUR014"),
        ("type", "an ICAO designator of 2 to 4 capital letters and digits, such as C30J"),
    ],
)
def test_a_form_is_told_in_words(field: str, says: str) -> None:
    """Nobody needs to read a pattern to name a line, a notice or an aircraft."""
    with pytest.raises(ValidationError) as caught:
        Named.model_validate({field: "-?"})
    (mistake,) = mistakes_in(caught.value, Named, lambda _: ("x.yaml", 1))
    assert mistake.says.startswith(f"got '-?'; expected {says}")


@pytest.mark.parametrize(
    ("where", "text"),
    [
        ((), ""),
        (("title",), "title"),
        (("events", 3, "notice", "precedence"), "events[3].notice.precedence"),
        (("areas", "t4", "polygon", 0, 1), "areas.t4.polygon[0][1]"),
    ],
)
def test_a_field_is_written_as_people_write_it(where: tuple[int | str, ...], text: str) -> None:
    """The way to a field is its names with dots and its numbers in brackets."""
    assert path(where) == text


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("isrr", "did you mean 'isr'?"),
        ("ISR", "did you mean 'isr'?"),
        ("usa", "expected one of isr, tur"),
    ],
)
def test_a_hint_is_the_nearest_word_or_all_words(word: str, hint: str) -> None:
    """A misspelt word gets the word that was meant, any other the words to choose from."""
    assert did_you_mean(word, ["isr", "tur"]) == hint


def test_not_every_word_is_told() -> None:
    """Of hundreds of notices as many as a line or two can hold."""
    hint = did_you_mean("x", [f"TUR-{number:03}" for number in range(500)])
    assert hint.startswith("expected one of TUR-000, TUR-001, ")
    assert hint.endswith(", TUR-023 and 476 more")


def test_a_files_mistakes_come_line_by_line_in_the_order_of_the_file() -> None:
    """The error's text has one line for each mistake, the first of the file first."""
    late, early = Mistake("a.yaml", 12, "title", "is missing"), Mistake("a.yaml", 3, "", "is odd")
    unknown = Mistake("a.yaml", 0, "", "cannot be read")
    error = FileError([late, unknown, early])
    assert isinstance(error, LocalError)
    assert str(error) == "a.yaml: cannot be read\na.yaml:3: is odd\na.yaml:12: title: is missing"


@pytest.mark.parametrize(
    ("field", "says"),
    [
        ("volumes", "where"),
        ("volumes[0].time_start.value", "from"),
        ("volumes[0].volume", "when"),
        ("remarks", ""),
    ],
)
def test_what_is_said_of_the_nearest_place_counts(field: str, says: str) -> None:
    """So that a flag or a question is named for each mistake that it can have made."""
    said = {"volumes": "where", "volumes[0]": "when", "volumes[0].time_start": "from"}
    assert by_place(field, said) == says
