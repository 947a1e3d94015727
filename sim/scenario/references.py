"""Checks what the parts of a scenario file say of each other: names, authors, and their order.

It reads the file as it is written, so these mistakes are found together with all others, and not
only when every field is right.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hotline.bodies import Answer
from hotline.files.mistakes import Where
from hotline.times import parse_duration

_ABOUT = {  # where an event says which notice it is about
    "notice": "id",
    "revise": "id",
    "cancel": "id",
    "answer": "to",
    "stop": "notice",
    "voice": "about",
}
_BY_EITHER = ("stop", "voice")
_WATCHDOG = "watchdog"  # its name, unless the file gives another


@dataclass(frozen=True, slots=True)
class _Act:
    """One event about a notice, as far as it can be made out."""

    index: int
    where: Where
    verb: str  # one of those in `_ABOUT`
    who: str
    notice: str
    at_ms: int


def names_in(written: Mapping[str, Any]) -> dict[str, Any]:
    """What is defined in the file, for the fields that refer to it."""
    parties = set(_keys(written.get("parties")))
    watchdogs = set(_strings(written.get("watchdogs", [_WATCHDOG])))
    notices = {str(_at(event, "notice", "id")) for event in _events(written)} - {"None"}
    said_ms: dict[str, list[int]] = {}
    for act in sorted(_acts(written), key=lambda act: act.at_ms):
        if act.verb in ("notice", "revise"):
            said_ms.setdefault(act.notice, []).append(act.at_ms)
    revised = [_at(event, "revise", "id") for event in _events(written)]
    return {
        "parties": parties,
        "stations": parties | watchdogs,
        "areas": set(_keys(written.get("areas"))),
        "notices": notices,
        "revisions": {notice: 1 + revised.count(notice) for notice in notices},
        "said_ms": said_ms,
        "subjects": notices | parties | watchdogs,
        "duration": _duration(written.get("duration")) or None,
    }


def out_of_order(written: Mapping[str, Any]) -> Iterator[tuple[Where, str]]:
    """Events that contradict what came before: where, and what was expected."""
    acts = sorted(_acts(written), key=lambda act: act.at_ms)
    first: dict[str, _Act] = {}
    for act in acts:
        if act.verb == "notice" and act.notice in first:
            yield (*act.where, "id"), f"{act.notice} is there twice; `revise` makes a revision"
        elif act.verb == "notice":
            first[act.notice] = act
    cancelled: set[str] = set()
    for act in acts:
        if act.verb != "notice" and act.notice in first:
            yield from _wrong(act, first[act.notice], cancelled)
        if act.verb == "cancel":
            cancelled.add(act.notice)
    yield from _backwards(written)
    yield from _twice(written)
    yield from _ambiguous(written)


def _backwards(written: Mapping[str, Any]) -> Iterator[tuple[Where, str]]:
    """Events that would end something before it begins."""
    for index, event in enumerate(_events(written)):
        at_ms = _duration(_at(event, "at"))
        last_ms = _duration(_at(event, "until"))
        ends_ms = _duration(_at(event, "suspend", "until"))
        if at_ms is not None and last_ms is not None and last_ms < at_ms:
            yield (
                ("events", index, "until"),
                "would be said 0 times; expected a time after `at`",
            )
        if at_ms is not None and ends_ms is not None and ends_ms <= at_ms:
            says = "is over before it begins; expected a time after `at`"
            yield ("events", index, "suspend", "until"), says
        yield from _promised_too_late(event, index, at_ms)


def _promised_too_late(event: object, index: int, at_ms: int | None) -> Iterator[tuple[Where, str]]:
    """STANDBYs that promise an answer for a time that is past."""
    for verb in ("answer", "voice"):
        expected_ms = _duration(_at(event, verb, "expected"))
        if _at(event, verb, "answer") != Answer.STANDBY or expected_ms is None or at_ms is None:
            continue
        if expected_ms <= at_ms:
            says = "is past when it is promised; expected a time after `at`"
            yield ("events", index, verb, "expected"), says


def _twice(written: Mapping[str, Any]) -> Iterator[tuple[Where, str]]:
    """Watchdogs that have the name of another station."""
    names = _keys(written.get("parties"))
    if "watchdogs" not in written and _WATCHDOG in names:
        yield ("parties", _WATCHDOG), "is what the watchdog is called; expected another name"
    for index, watchdog in enumerate(_strings(written.get("watchdogs"))):
        if watchdog in names:
            yield (
                ("watchdogs", index),
                f"{watchdog} is there twice; a watchdog needs a name of its own",
            )
        names.append(watchdog)


def _ambiguous(written: Mapping[str, Any]) -> Iterator[tuple[Where, str]]:
    """Expectations whose `of` names a notice and a station; a state is always of a notice."""
    names = names_in(written)
    both = names["notices"] & names["stations"]
    expected = written.get("expect")
    for index, item in enumerate(expected if isinstance(expected, Sequence) else ()):
        where: Where = ("expect", index, *(["never"] if _at(item, "never") else []))
        happening = _at(item, "never") or item
        name = _at(happening, "of")
        if isinstance(name, str) and name in both and not _at(happening, "state"):
            says = f"{name} is a notice and a station here; call the notice something else"
            yield (*where, "of"), says


def _wrong(act: _Act, first: _Act, cancelled: set[str]) -> Iterator[tuple[Where, str]]:
    """What is wrong with an act, given the notice that it is about."""
    if (act.at_ms, act.index) < (first.at_ms, first.index):
        yield (*act.where[:-1], "at"), f"comes before the notice {act.notice} itself"
    if act.verb in _BY_EITHER:
        return
    if act.verb == "answer":
        if act.who == first.who:
            yield (*act.where, "to"), f"{act.notice} is {act.who}'s own; the other party answers it"
    elif act.who != first.who:
        yield (
            (*act.where, "id"),
            f"{act.notice} is {first.who}'s; only its author may {act.verb} it",
        )
    elif act.notice in cancelled:
        yield (*act.where, "id"), f"{act.notice} was cancelled before"


def _acts(written: Mapping[str, Any]) -> Iterator[_Act]:
    for index, event in enumerate(_events(written)):
        at_ms = _duration(_at(event, "at"))
        for verb, key in _ABOUT.items():
            notice = _at(event, verb, key)
            if isinstance(notice, str) and at_ms is not None:
                where = ("events", index, verb)
                yield _Act(index, where, verb, str(_at(event, "who")), notice, at_ms)


def _events(written: Mapping[str, Any]) -> Sequence[object]:
    events = written.get("events")
    return events if isinstance(events, Sequence) else ()


def _at(value: object, *keys: str) -> object:
    """The value beneath some keys; None if the file has something else there."""
    for key in keys:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def _keys(value: object) -> list[str]:
    return [str(key) for key in value] if isinstance(value, Mapping) else []


def _strings(value: object) -> list[str]:
    found = value if isinstance(value, Sequence) and not isinstance(value, str) else ()
    return [item for item in found if isinstance(item, str)]


def _duration(value: object) -> int | None:
    try:
        return parse_duration(value) if isinstance(value, str) else None
    except ValueError:
        return None
