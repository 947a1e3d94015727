"""Faults of a scenario: stations crash, disks are lost, links and clocks go wrong; all mends."""

import pytest

from hotline.bodies import Rule
from sim.mishap import Fault
from sim.troubles import describe
from tests.sim.stories import flight, played, story

NOTICE = {"at": "10m", "who": "tur", "notice": flight(precedence="FLASH")}


def fault(at: str, kind: str, **fields: object) -> dict[str, object]:
    """A fault as an event says it; of tur, for a minute, unless it says otherwise."""
    return {"at": at, "fault": {"kind": kind, "of": "tur", "for": "1m", **fields}}


def flagged(*events: dict[str, object]) -> set[tuple[Rule, str]]:
    """The flags that come of some faults, each cleared again; every notice is answered."""
    history, _ = played(story(events=[NOTICE, *events]))
    flags = history.picture.flags
    assert all(entry.cleared_ms is not None for entry in flags)
    assert all(not message.waits for message in history.picture.messages.values())
    return {(entry.flag.rule, entry.flag.subject.station) for entry in flags}


@pytest.mark.parametrize("kind", ["cut", "crash", "disk_loss"])
def test_who_is_gone_is_flagged_and_comes_back(kind: str) -> None:
    """And what he said before, and what he is to say after it, is there in the end."""
    assert flagged(fault("12m", kind)) == {(Rule.SILENT, "tur")}


def test_what_is_to_be_said_by_the_dead_is_said_when_they_are_back() -> None:
    """A notice of a station that has crashed waits for its next life."""
    assert flagged(fault("9m30s", "crash")) == {(Rule.SILENT, "tur")}


def test_a_message_that_was_put_off_is_answered_by_the_next_life() -> None:
    """An officer keeps his promise though his station was restarted, and makes no second one."""
    rule = {"answer": "STANDBY", "for": "5m"}
    officers = {"isr": [{"name": "Levi", "reads_in": "10s", "answers": [rule]}]}
    events = [NOTICE, fault("12m", "crash", of="isr")]
    history, log = played(story(events=events, officers=officers))
    answered = [line["answer"] for line in log.lines if line["event"] == "notice.answered"]
    assert answered == ["STANDBY", "ACCEPT"]
    assert sum(record.kind == "reply" for record in history.records) == 2


def test_when_the_broker_is_gone_everybody_is() -> None:
    """A cut of nobody in particular is one of all."""
    assert flagged(fault("9m30s", "cut", of=None)) >= {(Rule.SILENT, "tur"), (Rule.SILENT, "isr")}


def test_a_wrong_clock_is_flagged() -> None:
    """Whether it is fast or slow."""
    assert flagged(fault("12m", "clock_fast", by="20s")) == {(Rule.CLOCK_SKEW, "tur")}
    assert flagged(fault("12m", "clock_slow", by="20s")) == {(Rule.CLOCK_SKEW, "tur")}


@pytest.mark.parametrize("bad", [{"kind": "loss", "share": 0.4}, {"kind": "repeat", "share": 1.0}])
def test_a_bad_link_loses_nothing_in_the_end(bad: dict[str, object]) -> None:
    """What is lost is asked for again, what is repeated is dropped."""
    flagged(fault("9m30s", **bad), fault("9m30s", "slow", by="300ms"))  # type: ignore[arg-type]


def test_a_fault_that_outlasts_the_scenario_is_mended_at_its_end() -> None:
    """So that what was said last can reach everybody."""
    assert flagged(fault("29m", "crash", **{"for": "2h"})) == {(Rule.SILENT, "tur")}


def test_a_fault_is_told_in_words() -> None:
    """What, of whom, how bad and for how long; and the log has it at its time."""
    fields = {"kind": "loss", "of": "tur", "share": 0.3, "for": "2m"}
    assert describe(Fault.model_validate(fields)) == "fault: loss of tur (30%) for 2m"
    fields = {"kind": "clock_fast", "by": "20s", "for": "1m"}
    assert describe(Fault.model_validate(fields)) == "fault: clock fast of everybody by 20s for 1m"
    _, log = played(story(events=[NOTICE, fault("12m", "cut")]))
    told = [line["text"] for line in log.lines if line["event"] == "scenario.fault"]
    assert told == ["fault: cut of tur for 1m"]
