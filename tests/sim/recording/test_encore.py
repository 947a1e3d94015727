"""A recording is played once more: whether it comes out the same is said, and never promised."""

from dataclasses import replace
from typing import Any

import pytest

from hotline.times import MINUTE_MS
from sim.recording import encore
from sim.recording.recording import Cut, Recording
from sim.recording.sheet import Sheet
from sim.stage.runner import play_virtual
from tests.sim.plays import quiet
from tests.sim.stories import flight, recorded, story

FLASH = {"at": "2m", "who": "tur", "notice": flight(precedence="FLASH")}
CHECKS = [{"at": f"{at}m", "who": "isr", "check": "how do you read?"} for at in (3, 5, 7)]


def broken(at: str, kind: str, lasts: str, **fields: object) -> dict[str, object]:
    """Something that goes wrong."""
    return {"at": at, "fault": {"kind": kind, "for": lasts, **fields}}


def played(**fields: Any) -> Recording:
    """What is recorded of a small story."""
    scenario = story(duration="12m", **fields)
    return recorded(scenario, play_virtual(scenario, 0, quiet()))


def told(recorded: Recording | Cut) -> list[str]:
    """What is said of it, or of a part of it."""
    cut = recorded.cut(None, None) if isinstance(recorded, Recording) else recorded
    sheet: Sheet = cut.sheet()
    return encore.remarks(sheet.as_yaml(), cut.flags)


@pytest.mark.parametrize(
    "faults",
    [
        [],
        [broken("4m", "cut", "1m", of="tur")],
        [broken("4m", "leave", "1m", of="tur"), broken("6m", "leave", "1m", of="dog")],
        *(
            [broken("1m59s", "crash", "2m", of="tur", point=point)]
            for point in ("before_commit", "after_commit", "between_publishes")
        ),
    ],
)
def test_what_comes_again_is_said_to_be_the_same(faults: list[object]) -> None:
    """Words to the second, flags as often and in their time."""
    says = told(played(events=[FLASH, *CHECKS, *faults]))
    assert says == ["Played again, it gave the same words, to the second, and the same flags."]


@pytest.mark.parametrize(
    "faults",
    [
        [broken("2m", "cut", "4m", of="dog"), broken("2m30s", "cut", "4m", of="cat")],
        [broken("2m", "crash", "3m", of="dog", will="never")],
    ],
)
def test_watchdogs_that_were_away_are_away_again(faults: list[object]) -> None:
    """Both at once, or one that died without a last will; and it misses nobody meanwhile."""
    says = told(played(watchdogs=["dog", "cat"], events=[FLASH, *CHECKS, *faults]))
    assert says == ["Played again, it gave the same words, to the second, and the same flags."]


@pytest.mark.parametrize("watchdogs", [["dog"], ["dog", "cat"]])
@pytest.mark.parametrize(
    "deaf",
    [
        broken("1m30s", "cut_in", "2m", of="dog"),
        broken("1m30s", "cut_in", "2m", of="isr"),
        broken("1m30s", "cut_out", "2m", of="isr"),
        broken("1m30s", "loss", "2m", of="dog", share=1.0),
    ],
)
def test_who_was_deaf_or_mute_is_so_again(watchdogs: list[str], deaf: dict[str, object]) -> None:
    """The others heard each other, and what was said meanwhile was answered, or came later."""
    says = told(played(watchdogs=watchdogs, events=[FLASH, *CHECKS, deaf]))
    assert says == ["Played again, it gave the same words, to the second, and the same flags."]


def test_a_watchdog_that_was_mute_misses_nobody_again() -> None:
    """It heard the others all the while, and flagged what was due."""
    mute = broken("3m", "cut_out", "3m", of="cat")
    says = told(played(watchdogs=["dog", "cat"], officers={}, events=[FLASH, mute]))
    assert says == ["Played again, it gave the same words, to the second, and the same flags."]


@pytest.mark.parametrize("watchdogs", [["dog"], ["dog", "cat"]])
@pytest.mark.parametrize("will", ["at_once", "never"])
def test_a_line_that_stood_still_stands_still_again(watchdogs: list[str], will: str) -> None:
    """All its processes at once, watchdogs too: they flag what was due as soon as they are back."""
    still = broken("3m30s", "crash", "5m", will=will)
    events = [FLASH, *CHECKS, still]
    says = told(played(watchdogs=watchdogs, officers={}, events=events))
    assert says == ["Played again, it gave the same words, to the second, and the same flags."]


@pytest.mark.parametrize(
    ("faults", "says"),
    [
        (
            [broken("4m", "twin", "3m", of="tur"), broken("4m", "garbage", "2m", count=30)],
            "- flag fork ALARM of tur: 1 recorded, 0 when played",
        ),
        (
            [broken("2m", "loss", "5m", share=0.4)],
            "- flag undelivered ALARM of isr: 1 recorded, 0 when played",
        ),
    ],
)
def test_what_does_not_come_again_is_told(faults: list[object], says: str) -> None:
    """No journal tells of lost messages, or of who spoke in another's name."""
    found = told(played(events=[FLASH, *CHECKS, *faults]))
    assert found[0].startswith("NOT THE SAME: ")
    assert says in found


def test_nothing_is_flagged_that_was_due_after_the_end() -> None:
    """Not even in the same second: the line was closed then."""
    recording = played(officers={}, events=[FLASH | {"at": "1m59.5s"}])
    ends_ms = recording.begins_ms + 4 * MINUTE_MS + 400
    records = [record for record in recording.records if record.at_ms < ends_ms]
    closed = replace(recording, records=records, ends_ms=ends_ms)
    assert told(closed) == [encore.SAME]
    assert told(closed.cut(None, ends_ms + MINUTE_MS)) == [encore.SAME]


def test_a_flag_of_what_is_left_out_is_no_difference() -> None:
    """The file counts what makes no sense as left out, and its flag comes of nothing else."""
    again = {"at": "4m", "who": "isr", "answer": {"to": "TUR-1", "answer": "ACCEPT"}}
    recording = played(events=[FLASH, again])
    assert recording.cut(None, None).sheet().missing == 1
    assert told(recording) == [encore.SAME]


def test_an_answer_that_comes_at_another_time_is_told() -> None:
    """In the file it is said when it was; on this line it is too late for that."""
    recording = played(events=[FLASH])
    cut = recording.cut(None, None)
    text = cut.sheet().as_yaml()
    slow = "  - {at: 1m30s, fault: {kind: cut, of: isr, for: 2m}}\n"
    text = text.replace("events:\n", f"events:\n{slow}")
    assert "- what isr says from 2m10s on comes at other times, or not at all" in encore.remarks(
        text, cut.flags
    )


def test_an_answer_that_comes_too_early_is_told() -> None:
    """By its author's clock: on this line that was put back."""
    cut = played(events=[FLASH]).cut(None, None)
    slow = "  - {at: 1m30s, fault: {kind: clock_slow, of: isr, for: 5m, by: 20s}}\n"
    text = cut.sheet().as_yaml().replace("events:\n", f"events:\n{slow}")
    found = encore.remarks(text, cut.flags)
    assert "- what isr says from 2m10s on comes at other times, or not at all" in found


def test_a_file_that_cannot_be_played_is_told() -> None:
    """The recorder does not hide that it made a mistake."""
    text = played(events=[FLASH]).cut(None, None).sheet().as_yaml()
    found = encore.remarks(text.replace("notice:", "notise:"), [])
    assert found[1:] == ["- it cannot be played: `hotline-sim check` lists its mistakes"]


def test_of_a_run_that_was_ended_nothing_is_promised(monkeypatch: pytest.MonkeyPatch) -> None:
    """A long one may be ended with Ctrl-C."""
    stopped = play_virtual(story(duration="3m", events=[FLASH]), 0, quiet())
    stopped = replace(stopped, interrupted=True)
    monkeypatch.setattr(encore, "play_virtual", lambda *_: stopped)
    says = told(played(events=[FLASH]))
    assert says == ["NOT KNOWN to be the same: it was not played again to its end."]


def test_who_ends_the_comparison_itself_is_promised_nothing_either(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Ctrl-C may come when all was played, and is being judged."""

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(encore, "reach", interrupted)
    assert told(played(events=[FLASH])) == [encore.NOT_KNOWN]


def test_many_differences_are_counted() -> None:
    """Some are enough."""
    missed = "".join(
        f"  - {{flag: blind, of: tur, after: {n}s, within: {n + 1}s}}\n" for n in range(30)
    )
    text = played(events=[FLASH]).cut(None, None).sheet().as_yaml() + missed
    assert encore.remarks(text, [])[-1] == "- and 10 more."
