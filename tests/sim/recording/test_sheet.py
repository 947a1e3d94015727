"""How a scenario is written down: what YAML reads again as the same, and what it looks like."""

import pytest
from ruamel.yaml import YAML

from sim.recording.sheet import Item, Sheet

TEXTS = [
    "plain",
    "weather, sand: all of it",
    "a # in the middle",
    "30s",
    "12",
    "2026-01-12",
    "no",
    "null",
    "",
    "- dash",
    "-",
    "? who",
    "as follows:",
    "{brace",
    'a "quote" and a \\',
    "line\nbreak\ttab\x85\u2028",
    "Türkiye – 🛩",
    "🛩\x00",
    "word " * 60 + "end",
]


def sheet(**fields: object) -> Sheet:
    """A sheet with one event."""
    return Sheet(["Recorded."], {"title": "x"}, [Item(fields)], [], [])


@pytest.mark.parametrize("text", TEXTS)
def test_every_text_is_read_again_as_it_was(text: str) -> None:
    """As a value of its own, and among others."""
    written = Sheet([], {"title": text}, [Item({"at": "1m", "check": text})], [], [])
    read = YAML(typ="safe", pure=True).load(written.as_yaml())
    assert (read["title"], read["events"][0]["check"]) == (text, text)


def test_numbers_lists_and_nothing_are_read_again() -> None:
    """An area has numbers, and a limit that is not there."""
    area = {"circle": [34.5, -37.6, 9000], "altitude": [None, 1e-07]}
    written = Sheet([], {"areas": {"survey-1": area}}, [], [], [])
    assert YAML(typ="safe", pure=True).load(written.as_yaml())["areas"] == {"survey-1": area}


def test_what_is_short_stands_on_one_line() -> None:
    """And what is long over several, as in the shipped scenarios."""
    lines = sheet(at="1m", who="isr", check="radio check").as_yaml().splitlines()
    assert "  - {at: 1m, who: isr, check: radio check}" in lines
    notice = {f"field{number}": "something long" for number in range(8)}
    lines = sheet(at="1m", who="isr", notice=notice).as_yaml().splitlines()
    at = lines.index("  - at: 1m")
    assert lines[at + 1 : at + 3] == ["    who: isr", "    notice:"]
    assert lines[at + 3].startswith("      {field0: something long, field1")
    assert max(map(len, lines)) <= 100


def test_comments_stand_before_what_they_are_about() -> None:
    """A comment cannot become a field, whatever is in it."""
    item = Item({"note": "x"}, ["first\nnote: injected", "word " * 30])
    lines = Sheet(["top"], {"title": "x"}, [item], ["left out"], []).as_yaml().splitlines()
    assert lines[2] == "# top"
    at = lines.index("  - {note: x}")
    assert lines[at - 3] == "  # first\N{REPLACEMENT CHARACTER}note: injected"
    assert lines[lines.index("expect:") - 1] == "# left out"
