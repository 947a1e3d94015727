"""The judge is judged: every deliberate bug is found, and every invariant is tripped by one."""

import asyncio
import re

import pytest

from hotline.picture.picture import Picture
from hotline.records import decode
from sim.oracle.differences import differ_in, first_odd
from sim.oracle.evidence import Evidence, Violation, to_ms
from sim.oracle.facts import Ref, Row
from sim.oracle.oracle import (
    OF_EACH_WATCHDOG,
    OF_THE_LINE,
    WITH_A_TWIN,
    context,
    convergence,
    judge,
    no_loss,
)
from sim.swarm.drawing import draw
from sim.swarm.plan import START_MS
from sim.swarm.reading import in_memory
from sim.swarm.swarm import try_plan
from sim.swarm.world import World, play
from tests.processes import ROOT
from tests.sim.bugs import BUGS
from tests.sim.deliberate import Bug
from tests.sim.finders import DEMANDS, Demand, breaks, found, known, likely, name_of
from tests.sim.oracle.hand import Hand
from tests.sim.station_bugs import anybody_may_speak, shown_twice

# What is about a station as a whole need name no record.
OF_STATIONS = {
    *("honest_run", "blindness_is_visible", "late_wills_are_stale", "wrong_clocks_flagged"),
    *("sleepers_blame_nobody", "set_clocks_blame_nobody", "twins_are_flagged"),
    *("boards_show_what_stands", "convergence", "goodbyes_are_no_alarm", "days_are_told"),
}


@pytest.mark.parametrize("demand", DEMANDS, ids=name_of)
def test_the_swarm_finds_every_deliberate_bug(
    demand: Demand, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line with this bug breaks its invariant, as is said, within a bounded number of seeds.

    And every verdict of that run says when it happened and which records to look at, and has the
    log around it.
    """
    bug, *_ = demand
    bug(monkeypatch)
    outcome = found(demand, likely(demand))
    assert outcome, bug.__doc__
    evidence = play(outcome.plan)
    assert judge(evidence) == outcome.violations
    for violation in outcome.violations:
        leads_to_it(evidence, violation)


def leads_to_it(evidence: Evidence, violation: Violation) -> None:
    """Whether a violation says where to look, and its context shows what is there."""
    assert START_MS <= violation.at_ms <= evidence.finished_ms, violation
    named = re.findall(r"\b(isr|tur|watchdog|hound)/(\d+)", violation.what)
    assert named or violation.invariant in OF_STATIONS, violation
    shown = context(evidence, violation).splitlines()
    before = [at_ms for at_ms, _ in evidence.log if at_ms <= violation.at_ms][-1:]
    after = [at_ms for at_ms, _ in evidence.log if at_ms >= violation.at_ms][:1]
    times = [to_ms(line.split()[0]) for line in shown]
    assert times == sorted(times)
    near = min([*before, *after], key=lambda at_ms: abs(at_ms - violation.at_ms))
    assert near in times, (violation, shown)


def first_of(bug: Bug, patch: pytest.MonkeyPatch) -> tuple[Evidence, list[Violation]]:
    """A run in which a bug breaks its invariant, and how."""
    bug(patch)
    demand = bug, BUGS[bug], ""
    outcome = found(demand, likely(demand))
    assert outcome, bug.__doc__
    return play(outcome.plan), [each for each in outcome.violations if breaks(each, demand)]


def test_what_was_shown_twice_happened_the_second_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not when the message was said, nor at the start of the run."""
    evidence, violations = first_of(shown_twice, monkeypatch)
    times = {(str(show.ref), show.at_ms) for show in evidence.shown}
    for violation in violations:
        assert (violation.what.split()[0], violation.at_ms) in times


def test_what_its_author_never_said_came_when_it_was_stored(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """And the verdict names the holder and the record."""
    evidence, violations = first_of(anybody_may_speak, monkeypatch)
    for violation in violations:
        said = re.match(r"(\w+) holds (\w+)/(\d+), ", violation.what)
        assert said
        assert evidence.stored[said[1], Ref(said[2], int(said[3]))] == violation.at_ms


def test_of_two_journals_and_pictures_the_first_odd_record_is_named() -> None:
    """Also when one of them is only longer."""
    rows = [Row(seq, b"%d" % seq) for seq in (1, 2, 3)]
    assert first_odd("isr", rows, rows[:2]) == Ref("isr", 3)
    assert first_odd("isr", [rows[0], Row(2, b"x")], rows) == Ref("isr", 2)
    disk = play(draw(56)).disks["isr"]
    line = draw(56).line
    whole, part = Picture(line), Picture(line)
    whole.fold_all(decode(row.raw) for rows in disk.values() for row in rows)
    part.fold_all(decode(row.raw) for of in ("isr", "watchdog") for row in disk[of])
    assert differ_in(in_memory(whole), in_memory(whole)) == set()
    waits_only_here = {
        Ref(*ref)
        for ref, message in part.messages.items()
        if message.waits and not whole.messages[ref].waits
    }
    assert waits_only_here
    assert differ_in(in_memory(whole), in_memory(part)) == waits_only_here


def test_a_run_in_which_time_stands_still_says_when_and_who_waits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With what was told before; nobody's disk is judged."""
    settle = World._settle

    async def stuck(self: World) -> None:
        for post in self.posts.values():
            post.kill()
        await asyncio.Event().wait()
        await settle(self)

    monkeypatch.setattr(World, "_settle", stuck)
    plan = draw(0)
    outcome = try_plan(plan)
    (violation,) = outcome.violations
    assert violation.invariant == "honest_run"
    assert violation.at_ms >= START_MS + plan.duration_ms
    assert violation.what.startswith("everybody waits")
    assert "isr dies" in outcome.context


def test_a_station_without_a_picture_is_named() -> None:
    """And of pictures that differ those that are not as most are, of which any may be."""
    hand = Hand()
    assert hand.breaks(convergence) == []
    hand.evidence.in_memory = {
        "isr": '[{}, ["of isr"]]',
        "dog": "[{}, []]",
        "dog, read": "[{}, []]",
    }
    assert hand.breaks(convergence) == [
        "tur has no picture",
        "the pictures differ in their heads or stops: isr",
    ]
    hand.evidence.in_memory.clear()
    assert len(hand.breaks(convergence)) == 3
    hand.evidence.in_memory = dict.fromkeys(hand.evidence.stations, "[]")
    hand.evidence.pictures = {"tur, from its records": "[1]", "isr, as put away": "[2]"}
    assert len(hand.breaks(convergence)) == 1


def test_what_was_on_a_lost_disk_alone_is_no_loss() -> None:
    """It was said in the moment in which the disk broke."""
    hand = Hand()
    hand.says("tur", 10, "check")
    for disk in hand.evidence.disks.values():
        disk.clear()
    assert len(hand.breaks(no_loss)) == 3
    hand.suffers("disk-loss", "isr", 10, 20)
    assert len(hand.breaks(no_loss)) == 3
    hand.suffers("disk-loss", "tur", 10, 20)
    assert hand.breaks(no_loss) == []


def test_what_else_was_said_in_a_watchdogs_name_is_no_flag() -> None:
    """Its flags are judged all the same."""
    hand = Hand()
    hand.says("dog", 10, "check", remarks="I am the watchdog")
    hand.clears("silent", Ref("tur", 0), 20)
    broken = {violation.invariant: violation.what for violation in judge(hand.evidence)}
    assert broken["flags_live"] == "dog/2 clears silent tur/0, which does not stand"


def test_every_invariant_is_tripped_by_a_bug() -> None:
    """One that none trips would be a defect of the oracle; on a sound line none is broken."""
    assert {*BUGS.values()} == {*OF_THE_LINE, *OF_EACH_WATCHDOG, *WITH_A_TWIN}
    assert judge(play(draw(0))) == []


def test_the_page_says_how_far_it_is_to_the_last_bug() -> None:
    """Whoever renews the seeds that find the bugs tells of the highest one there."""
    page = (ROOT / "docs" / "simulation.md").read_text(encoding="utf-8")
    assert f"The last one is found at seed {max(known().values())}." in page
