"""Faults of a scenario that meet on one station: all is well when the last of them is over."""

import pytest

from hotline.bodies import Kind, Ref, Rule
from tests.sim.stories import NOTICE, fault, played, said, story


def away_s(*faults: dict[str, object]) -> list[tuple[int, int]]:
    """From when to when tur was flagged as silent, in seconds after twelve minutes."""
    history, _ = played(story(events=[NOTICE, *faults]))
    begun_ms = history.started_ms + 12 * 60_000
    return [
        ((entry.raised_ms - begun_ms) // 1_000, ((entry.cleared_ms or 0) - begun_ms) // 1_000)
        for entry in history.picture.flags
        if entry.flag.rule is Rule.SILENT and entry.flag.subject.station == "tur"
    ]


@pytest.mark.parametrize("first", ["cut", "crash", "disk_loss", "disk_restore"])
@pytest.mark.parametrize("second", ["cut", "crash", "disk_loss", "disk_restore"])
def test_of_faults_that_overlap_the_last_to_end_mends_all(first: str, second: str) -> None:
    """Whichever of them began first, and whatever they are."""

    def of(at: str, kind: str, lasts: str) -> dict[str, object]:
        more = {"by": "1m"} if kind == "disk_restore" else {}
        return fault(at, kind, **{"for": lasts}, **more)

    assert away_s(of("12m", first, "1m"), of("12m30s", second, "2m")) == [(0, 150)]
    assert away_s(of("12m", first, "3m"), of("12m30s", second, "1m")) == [(0, 180)]


def test_who_is_killed_while_he_starts_dies_when_he_has_started() -> None:
    """As one crash ends, another one begins, which lasts as long as it should."""
    spans = away_s(fault("12m", "crash"), fault("13m", "crash"))
    assert (spans[0][0], spans[-1][1]) == (0, 120)


@pytest.mark.parametrize("kind", ["leave", "crash", "cut", "freeze"])
def test_who_has_left_is_back_when_the_last_fault_is_over(kind: str) -> None:
    """Whatever else befalls him meanwhile."""
    spans = away_s(fault("12m", "leave"), fault("12m30s", kind))
    assert spans == [(0, 90)]
    spans = away_s(fault("12m", "leave", **{"for": "2m"}), fault("12m30s", kind))
    assert spans == [(0, 120)]


def test_who_cannot_leave_in_order_is_killed_when_he_should_be_back() -> None:
    """His process stands still, so his last will tells of it."""
    frozen = fault("12m", "freeze", **{"for": "3m"})
    assert away_s(frozen, fault("12m5s", "leave", **{"for": "5s"})) == [(10, 180)]


def test_a_lost_disk_stays_lost_though_its_station_stays_down() -> None:
    """For a crash that lasts longer."""
    _, log = played(story(events=[NOTICE, fault("12m", "disk_loss"), fault("12m30s", "crash")]))
    assert ("tur", "tur", 0) in [
        (line["station"], line["of"], line["held"])
        for line in log.lines
        if line["event"] == "gap.found"
    ]


@pytest.mark.parametrize("kind", ["crash", "disk_loss", "freeze", "cut"])
def test_a_full_disk_keeps_its_station_away_until_there_is_room(kind: str) -> None:
    """Whatever else is wrong meanwhile; if that lasts longer, until that is over."""
    full = fault("11m30s", "disk_full", **{"for": "2m"})
    word = said("12m", "is there room?")
    ((_, back_s),) = away_s(full, word, fault("12m30s", kind, **{"for": "30s"}))
    assert back_s == 90
    ((_, back_s),) = away_s(full, word, fault("12m30s", kind, **{"for": "3m"}))
    assert back_s == 210


def test_a_moment_to_die_at_is_waited_for_as_long_as_the_last_crash_lasts() -> None:
    """Also when another crash at such a moment ends before it has come."""
    first, last = (
        fault(at, "crash", point="after_commit", **{"for": lasts})
        for at, lasts in (("12m", "1m"), ("12m30s", "2m"))
    )
    assert away_s(first, last, said("13m30s", "one more")) == [(90, 150)]


def test_how_a_will_comes_is_no_matter_of_what_ends_no_link() -> None:
    """Links that lose begin while a crash without a last will is awaited."""
    crash = fault("12m", "crash", point="after_commit", will="never", **{"for": "2m"})
    loss = fault("12m30s", "loss", share=0.001)
    ((flagged_s, _),) = away_s(crash, loss, said("13m", "one more"))
    assert flagged_s > 60 + 5, "not by a last will"


def test_when_the_broker_is_restarted_twice_at_once_it_is_back_after_both() -> None:
    """Nothing is received before."""
    restarts = [
        {"at": at, "fault": {"kind": "broker_restart", "for": "1m"}} for at in ("12m", "12m30s")
    ]
    history, _ = played(story(events=[NOTICE, *restarts, said("13m10s", "anybody?")]))
    received_ms = history.received_ms[Ref("tur", 2)] - history.started_ms
    assert received_ms // 1_000 == 13 * 60 + 30


def test_of_two_wrong_clocks_the_later_one_counts() -> None:
    """When it is over, the earlier one does again, if that is not over."""
    fast = fault("12m", "clock_fast", by="20s", **{"for": "3m"})
    slow = fault("13m", "clock_slow", by="30s")
    times = ("11m30s", "12m30s", "13m30s", "14m30s", "15m30s")
    history, _ = played(story(events=[NOTICE, fast, slow, *(said(at, at) for at in times)]))
    said_s = [
        round((record.at_ms - history.started_ms) / 1_000)
        for record in history.records
        if record.kind == Kind.CHECK
    ]
    assert said_s == [690, 770, 780, 890, 930]


def test_two_stations_that_run_twice_do_not_keep_the_line_busy() -> None:
    """Each of the four processes is greeted once; or nobody would stop greeting, on any broker."""
    twins = [fault("12m", "twin", of="isr"), fault("12m30s", "twin")]
    history, _ = played(story(events=[NOTICE, *twins]))
    forked = {e.flag.subject.station for e in history.picture.flags if e.flag.rule is Rule.FORK}
    assert forked == {"isr", "tur"}


@pytest.mark.parametrize("second", ["cut", "crash", "disk_loss", "freeze"])
def test_who_stands_still_does_so_until_the_last_of_it_is_over(second: str) -> None:
    """Also the process that was started meanwhile; and who is started anew waits for the start."""
    frozen = fault("12m", "freeze", **{"for": "3m"})
    ((_, back_s),) = away_s(frozen, fault("12m30s", second))
    assert back_s == 180
    ((_, back_s),) = away_s(frozen, fault("12m30s", second, **{"for": "5m"}))
    assert back_s == 330


def test_of_two_slow_disks_the_later_one_counts() -> None:
    """When it is over, the earlier one does again, if that is not over."""
    slow = fault("9m", "disk_slow", of="isr", by="2s", **{"for": "2m"})
    slower = fault("9m30s", "disk_slow", of="isr", by="4s")
    history, _ = played(story(events=[NOTICE, slow, slower, said("10m40s", "and now?")]))
    took_s = [
        (history.received_ms[Ref("tur", seq)] - history.said_ms[Ref("tur", seq)]) // 1_000
        for seq in (1, 2)
    ]
    assert took_s == [4, 2]


def test_what_a_full_disk_refused_is_said_anew_when_that_disk_is_lost() -> None:
    """Nobody has heard it: it was never stored."""
    full = fault("11m30s", "disk_full", **{"for": "2m"})
    word = said("12m", "is there room?")
    history, _ = played(story(events=[NOTICE, full, word, fault("13m", "disk_loss")]))
    (check,) = (record for record in history.records if record.kind == "check")
    assert check.at_ms - history.started_ms >= 14 * 60_000
