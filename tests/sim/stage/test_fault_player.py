"""Faults of a scenario: stations crash, disks are lost, links and clocks go wrong; all mends."""

import asyncio
from pathlib import Path

import pytest

from hotline.blocking import inline
from hotline.bodies import Level, Rule
from hotline.clock import ScenarioClock
from hotline.memory import MemoryBroker
from hotline.times import MINUTE_MS
from sim.scenario.fault import Fault, Point
from sim.stage.fault_player import FaultPlayer, _worsen, describe
from sim.stage.seat import Seat
from sim.stage.shaky_link import LinkFaults, ShakyLink, WayFaults, _Lane
from sim.stage.stage import Setting, Stage
from tests.helpers import eventually
from tests.sim.stories import NOTICE, KeptStream, fault, flagged, played, said, story


def link_with(*faults: dict[str, object]) -> LinkFaults:
    """What these make of a link."""
    link = LinkFaults()
    for fields in faults:
        _worsen(link, Fault.model_validate({"for": "1m", **fields}))
    return link


@pytest.mark.parametrize("kind", ["cut", "crash", "disk_loss"])
def test_who_is_gone_is_flagged_and_comes_back(kind: str) -> None:
    """And what he said before, and what he is to say after it, is there in the end."""
    assert flagged(fault("12m", kind)) == {(Rule.SILENT, "tur")}


def test_what_is_to_be_said_by_the_dead_is_said_when_they_are_back() -> None:
    """A notice of a station that has crashed waits for its next life."""
    assert flagged(fault("9m30s", "crash")) == {(Rule.SILENT, "tur")}


def test_who_leaves_in_order_says_goodbye_and_comes_back() -> None:
    """No last will tells of it, so it is no alarm; what is to be said meanwhile is said later."""
    events = [fault("12m", "leave"), said("12m30s", "are you there?")]
    history, _ = played(story(events=events))
    [entry] = history.picture.flags_seen()
    assert (entry.level, entry.flag.detail) == (Level.WARNING, "tur left the line")
    [word] = [record for record in history.records if record.station == "tur"]
    times_ms = (entry.raised_ms, entry.cleared_ms, word.at_ms)
    minutes = [(at_ms - history.started_ms) / MINUTE_MS for at_ms in times_ms if at_ms]
    assert minutes == [12, 13, 13]


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


@pytest.mark.parametrize(("kind", "share", "copies"), [("loss", 0.4, {0, 1}), ("repeat", 1.0, {2})])
def test_a_bad_link_loses_nothing_in_the_end(
    kind: str, share: float, copies: set[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is lost is asked for again, what is repeated is dropped."""
    seen: set[int] = set()
    times = _Lane.times

    def look(lane: _Lane, now: WayFaults) -> int:
        count = times(lane, now)
        if now.slow_ms:  # while both last
            seen.add(count)
        return count

    monkeypatch.setattr(_Lane, "times", look)
    flagged(fault("9m30s", kind, share=share), fault("9m30s", "slow", by="300ms"))
    assert seen == copies


@pytest.mark.parametrize("forgets", [False, True])
def test_a_broker_that_is_restarted_loses_no_word(forgets: bool) -> None:
    """With or without what it retained; a dead broker publishes no last wills."""
    restart = {"kind": "broker_restart", "for": "10s", "forgets": forgets}
    assert flagged({"at": "9m55s", "fault": restart}) == set()


def test_a_broker_that_has_forgotten_retains_nothing_of_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Neither the statuses of the stations nor the flags that stand; one that has not has both."""
    kept: list[set[str]] = []
    mend = ShakyLink.mend

    async def look(link: ShakyLink) -> None:
        if link.__dict__.get("_connect") and not link.__dict__["_link"]:
            kept.append(set(link.__dict__["_make"]().__dict__["_broker"].retained))
        await mend(link)

    monkeypatch.setattr(ShakyLink, "mend", look)
    unheard = {"at": "2m", "fault": {"kind": "cut_out", "of": "tur", "for": "5m"}}
    for forgets in (True, False):
        kept.clear()
        fault = {"kind": "broker_restart", "for": "10s", "forgets": forgets}
        played(story(events=[NOTICE, unheard, {"at": "4m", "fault": fault}]))
        topics = {topic.partition("isr-tur/")[2] for topic in kept[3]}  # after three starts
        statuses = {f"{name}/status" for name in ("isr", "tur", "dog")}
        assert topics == (set() if forgets else {*statuses, "dog/flags/silent-tur"})


def test_who_is_heard_by_nobody_is_flagged_and_who_hears_nobody_acknowledges_nothing() -> None:
    """A link may carry in one direction only."""
    assert flagged(fault("12m", "cut_out")) == {(Rule.SILENT, "tur")}
    assert flagged(fault("9m30s", "cut_in", of="isr")) == {(Rule.UNDELIVERED, "tur")}


@pytest.mark.parametrize(("kind", "bad"), [("loss", {"share": 1.0}), ("slow", {"by": "30s"})])
def test_a_link_may_be_bad_in_one_direction_only(kind: str, bad: dict[str, object]) -> None:
    """Who hears late acknowledges late; who is heard late is missed, and hears all in time."""
    late = (Rule.UNDELIVERED, "tur")
    assert late in flagged(fault("9m30s", kind, of="isr", way="in", **bad))
    assert late not in flagged(fault("12m", kind, of="tur", way="in", **bad))
    unheard = {(Rule.SILENT, "tur")} | ({(Rule.CLOCK_SKEW, "tur")} if kind == "slow" else set())
    assert flagged(fault("12m", kind, of="tur", way="out", **bad)) == unheard


def test_of_two_ways_each_may_be_bad_in_its_own_manner() -> None:
    """What is wrong with one is not with the other."""
    link = link_with(
        {"kind": "loss", "share": 0.2, "way": "in"},
        {"kind": "reorder", "by": "2s", "way": "out"},
        {"kind": "repeat", "share": 0.1},
        {"kind": "cut_in"},
    )
    assert link.out == WayFaults(repeat=0.1, reorder_ms=2_000)
    assert link.into == WayFaults(loss=0.2, repeat=0.1, cut=True)


def test_what_overtakes_is_put_in_order() -> None:
    """Messages that take up to some seconds each."""
    checks = [said(f"12m{n}s", f"number {n}") for n in range(1, 9)]
    assert flagged(*checks, fault("12m", "reorder", by="3s")) == set()


@pytest.mark.parametrize("point", Point)
def test_a_process_may_die_between_two_effects(point: Point) -> None:
    """What it was told to say then is said in its next life, once; what it had said is not."""
    history, log = played(
        story(events=[NOTICE, fault("9m30s", "crash", point=point, will="never")])
    )
    assert sum(record.kind == "notice" for record in history.records) == 1
    assert all(not message.waits for message in history.picture.messages.values())
    lives = [line for line in log.lines if line["event"] == "link.up" and line["station"] == "tur"]
    assert len(lives) == 2
    assert not history.picture.flagged.standing("dog")


def test_a_moment_that_does_not_come_harms_nobody() -> None:
    """Who has nothing to say when he is to die saying it lives on."""
    assert flagged(fault("12m", "crash", point="between_publishes")) == set()


def test_a_last_will_may_come_late_or_never() -> None:
    """Who is gone is missed at the silence time, who is back is not gone by a late one."""
    for will, seconds in (("at_once", 0), ("late", 15), ("never", 15)):
        history, _ = played(story(events=[NOTICE, fault("12m", "crash", will=will)]))
        (flag,) = history.picture.flags
        late_s = (flag.raised_ms - history.started_ms) / 1_000 - 12 * 60
        assert seconds - 5 <= late_s <= seconds
    assert flagged(fault("12m", "crash", will="late", **{"for": "8s"})) == set()


def test_a_disk_that_was_put_back_to_an_old_copy_is_filled_up_again() -> None:
    """Its station fetches its own words of since then before it says more."""
    checks = [said(f"{minute}m", "again") for minute in (13, 16, 19)]
    restore = fault("17m", "disk_restore", by="5m")
    assert flagged(*checks, restore) == {(Rule.SILENT, "tur")}


def test_a_station_that_is_started_twice_is_flagged_until_one_is_stopped() -> None:
    """And what the other one said under its name is taken in."""
    twice = {(Rule.FORK, "tur"), (Rule.SILENT, "tur")}
    assert flagged(fault("12m", "twin")) == twice
    assert flagged(fault("12m", "twin"), fault("12m30s", "twin"), fault("16m", "twin")) == twice


def test_what_two_have_said_under_one_number_is_never_merged() -> None:
    """The flag stays: who was cut off meanwhile has another record than all the others."""
    cut, twin = fault("11m", "cut", **{"for": "3m"}), fault("12m", "twin", **{"for": "1m"})
    in_the_dark, later = said("12m30s", "who is there?"), said("20m", "and now?")
    history, _ = played(story(events=[NOTICE, cut, twin, in_the_dark, later]))
    (standing,) = history.picture.flagged.standing("dog").values()
    assert standing[-1].flag.rule is Rule.FORK
    assert not any(record.text == "and now?" for record in history.picture.messages.values())


def test_when_officers_vanish_nobody_answers() -> None:
    """Whoever is on watch; they read what waits when they are back."""
    history, _ = played(story(events=[NOTICE, fault("9m", "officers_vanish", **{"for": "9m"})]))
    assert not history.picture.flags
    assert flagged(fault("9m", "officers_vanish", of="isr", **{"for": "9m"})) == {
        (Rule.UNANSWERED, "tur")
    }


@pytest.mark.parametrize("kind", ["flood", "garbage", "forgery"])
async def test_a_run_that_is_stopped_says_no_more(kind: str, tmp_path: Path) -> None:
    """What a flood or garbage still had to say is not said at once."""
    event = {"at": "1s", "fault": {"kind": kind, "count": 3_000, "for": "10m"}}
    scenario, stop, broker = story(events=[event]), asyncio.Event(), MemoryBroker()
    clock, log = ScenarioClock(scenario.start, speed=20), KeptStream()
    setting = Setting(clock, tmp_path, lambda _: broker.link(), inline, "memory", 20, 0)
    playing = asyncio.create_task(Stage(scenario, setting, log, stop).play())
    await eventually(lambda: "scenario.fault" in log.events)
    stop.set()
    history = await playing
    assert len(history.records) + len(log.lines) < 1_000


def test_a_flood_is_answered_and_garbage_is_refused() -> None:
    """A hundred checks in a second; and what is no word of the line, or said in another's name."""
    assert flagged(fault("12m", "flood", count=100, **{"for": "1s"})) == set()
    garbage = {"at": "12m", "fault": {"kind": "garbage", "count": 300, "for": "10s"}}
    history, log = played(story(events=[NOTICE, garbage]))
    assert not history.picture.flags
    assert sum(line["event"] == "record.refused" for line in log.lines) > 100


def test_a_lie_is_not_stored_and_who_is_contradicted_is_flagged_for_a_while() -> None:
    """Nobody is missed for it, or put off; the log says whose word was refused."""
    lies: dict[str, object] = {"at": "9m", "fault": {"kind": "forgery", "count": 300, "for": "3m"}}
    check = said("11m", "how do you read?")
    assert {rule for rule, _ in flagged(lies, check)} == {Rule.FORK}
    history, log = played(story(events=[NOTICE, lies, check]))
    kinds = [record.kind for record in history.records if record.station in ("isr", "tur")]
    assert sorted(kinds) == ["check", "notice", "reply", "reply"]
    assert sum(line["event"] == "record.refused" for line in log.lines) > 10


def test_a_fault_that_outlasts_the_scenario_is_mended_at_its_end() -> None:
    """So that what was said last can reach everybody."""
    assert flagged(fault("29m", "crash", **{"for": "2h"})) == {(Rule.SILENT, "tur")}


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"kind": "loss", "of": "tur", "share": 0.3}, "loss of tur (30%)"),
        ({"kind": "slow", "of": "tur", "by": "2s", "way": "in"}, "slow of tur on the way in by 2s"),
        ({"kind": "clock_fast", "by": "20s"}, "clock fast of everybody by 20s"),
        ({"kind": "broker_restart", "forgets": True}, "broker restart, all forgotten,"),
        (
            {"kind": "crash", "of": "isr", "point": "after_commit", "will": "late"},
            "crash of isr after commit with the last will late",
        ),
        ({"kind": "disk_slow", "of": "isr", "by": "3s"}, "disk slow of isr by 3s"),
        ({"kind": "garbage", "count": 40}, "garbage (40 messages)"),
    ],
)
def test_a_fault_is_told_in_words(fields: dict[str, object], text: str) -> None:
    """What, of whom, how bad and for how long."""
    assert describe(Fault.model_validate(fields | {"for": "2m"})) == f"fault: {text} for 2m"


def test_a_fault_is_in_the_log() -> None:
    """In the same words."""
    _, log = played(story(events=[NOTICE, fault("12m", "cut")]))
    told = [line["text"] for line in log.lines if line["event"] == "scenario.fault"]
    assert told == ["fault: cut of tur for 1m"]


def test_whom_a_watchdog_finds_away_is_no_matter_of_who_connects_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """When all were cut off, it is there before they are back, however long that takes it."""
    mend = FaultPlayer._mend

    async def slowly(self: FaultPlayer, seat: Seat, fault: Fault) -> None:
        if seat.name in seat.line.watchdogs:
            await asyncio.sleep(0.5)
        await mend(self, seat, fault)

    monkeypatch.setattr(FaultPlayer, "_mend", slowly)
    history, _ = played(story(events=[NOTICE, fault("12m", "cut", of=None)]))
    silent = [e.flag.subject.station for e in history.picture.flags if e.flag.rule is Rule.SILENT]
    assert sorted(silent) == ["isr", "tur"]
