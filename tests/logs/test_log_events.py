"""The registry of log events is complete and consistent."""

import re
from pathlib import Path
from string import Formatter

import pytest

from hotline.logs.log_events import LOG_EVENTS
from hotline.logs.log_fields import ALWAYS, FIELDS, LATE, LogEvent
from tests.lines import misfits

ROOT = Path(__file__).parents[2]
EVENTS = pytest.mark.parametrize(
    ("name", "event"), [pytest.param(name, event, id=name) for name, event in LOG_EVENTS.items()]
)


def _names(part: str) -> set[str]:
    """The fields of a part of a phrase; of `message|subject` both."""
    names = (field for _, field, _, _ in Formatter().parse(part) if field is not None)
    return {each for name in names for each in name.split("|")}


@EVENTS
def test_a_phrase_uses_fields_that_its_event_has(name: str, event: LogEvent) -> None:
    """Nothing is told on a console that is not in the line, and something always is."""
    declared = {*event.fields, *event.optional}
    used = [
        {field.split("|")[-1] for _, field, _, _ in Formatter().parse(part) if field is not None}
        for part in event.phrase
    ]
    assert {name for part in event.phrase for name in _names(part)} <= declared
    assert any(part <= set(event.fields) for part in used), f"{name} may say nothing at all"


@EVENTS
def test_an_event_is_named_and_explained(name: str, event: LogEvent) -> None:
    """A name is what and what of it; no field is declared twice, or once more than every line's."""
    assert re.fullmatch(r"[a-z]+\.[a-z]+", name)
    assert event.means[0].islower()
    fields = [*ALWAYS, *event.fields, *event.optional]
    assert len(fields) == len(set(fields))


def test_every_field_is_explained_and_used() -> None:
    """The table of fields has what events have, no more and no less."""
    used = {field for event in LOG_EVENTS.values() for field in (*event.fields, *event.optional)}
    assert set(FIELDS) == used | {*ALWAYS, *LATE}


def test_every_event_is_logged_somewhere() -> None:
    """There is no event in the registry that no code ever logs."""
    sources = [path for name in ("hotline", "sim") for path in (ROOT / name).rglob("*.py")]
    texts = [
        path.read_text()
        for path in sources
        if path.name not in ("log_events.py", "log_messages.py")
    ]
    verbs = {"sent", "revised", "received", "delivered", "answered"}  # of the narrator's messages
    for name in LOG_EVENTS:
        kind, verb = name.split(".")
        if kind in ("notice", "cancel", "stop", "check", "suspend", "resume") and verb in verbs:
            continue
        assert any(f'"{name}"' in text for text in texts), name


def test_a_line_with_too_few_or_too_many_fields_is_noticed() -> None:
    """The check that other tests make of log lines sees what is missing, odd or empty."""
    line = {"event": "link.down", "line": "isr-tur", "told_by": "isr", "of": "tur", "reason": None}
    assert misfits([line, {"event": "link.odd"}]) == [
        "link.down has of, which is not declared",
        "link.down has reason of None",
        "link.down lacks station",
        "link.odd is not declared",
    ]
