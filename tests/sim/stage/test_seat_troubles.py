"""A station whose process stands still, or whose disk is slow or full, loses nothing."""

from hotline.bodies import Ref, Rule
from tests.sim.stories import NOTICE, fault, flagged, played, story


def test_a_process_that_stands_still_is_missed_and_goes_on_as_if_nothing_had_been() -> None:
    """No last will tells of it, nobody has to start it, and it takes nobody else for gone."""
    history, log = played(story(events=[NOTICE, fault("12m", "freeze")]))
    (flag,) = history.picture.flags
    assert (flag.flag.rule, flag.flag.subject.station) == (Rule.SILENT, "tur")
    begun_ms = history.started_ms + 12 * 60_000
    assert flag.raised_ms - begun_ms > 10_000, "not by a last will"
    assert flag.cleared_ms is not None
    assert flag.cleared_ms - begun_ms < 61_000
    links = [line for line in log.lines if line["event"] in ("link.up", "link.down")]
    assert [line["event"] for line in links] == ["link.up"] * 3


def test_who_stands_still_hears_and_says_all_when_he_goes_on() -> None:
    """What came for him is received then; what he was to say, or to answer, he says then."""
    of_isr = fault("9m59s", "freeze", of="isr")
    history, _ = played(story(events=[NOTICE, of_isr]))
    received_ms = history.received_ms[Ref("tur", 1)] - history.started_ms
    assert 0 <= received_ms - (10 * 60 + 59) * 1_000 < 1_000
    history, _ = played(story(events=[NOTICE, fault("9m59s", "freeze")]))
    said_ms = history.said_ms[Ref("tur", 1)] - history.started_ms
    assert 0 <= said_ms - (10 * 60 + 59) * 1_000 < 1_000
    history, _ = played(story(events=[NOTICE, fault("10m5s", "freeze", of="isr")]))
    (answer,) = (record for record in history.records if record.kind == "reply")
    assert 0 <= answer.at_ms - history.started_ms - (11 * 60 + 5) * 1_000 < 1_000


def test_a_watchdog_that_stood_still_flags_at_once_what_became_overdue_and_nothing_else() -> None:
    """It takes nobody for gone whom it did not hear meanwhile."""
    asleep: dict[str, object] = {"isr": []}
    frozen = fault("10m30s", "freeze", of="dog", **{"for": "5m"})
    history, _ = played(story(events=[NOTICE, frozen], officers=asleep))
    flags = [
        (entry.flag.rule, (entry.raised_ms - history.started_ms) // 1_000)
        for entry in history.picture.flags
    ]
    assert {rule for rule, _ in flags} == {Rule.UNANSWERED}
    assert all(15 * 60 + 30 <= at_s <= 15 * 60 + 32 for _, at_s in flags)


def test_a_broker_may_give_up_who_stands_still() -> None:
    """A cut meanwhile: its last will is said, and who goes on connects anew only then."""
    frozen = fault("12m", "freeze", **{"for": "2m"})
    history, log = played(story(events=[NOTICE, frozen, fault("12m5s", "cut")]))
    (flag,) = history.picture.flags
    begun_ms = history.started_ms + 12 * 60_000
    assert 5_000 <= flag.raised_ms - begun_ms < 6_000, "by its last will"
    assert flag.cleared_ms is not None
    assert 120_000 <= flag.cleared_ms - begun_ms < 122_000
    ups = [line for line in log.lines if line["event"] == "link.up" and line["station"] == "tur"]
    assert len(ups) == 2


def test_a_slow_disk_holds_up_what_is_stored() -> None:
    """Receipts come late, of what is heard and of what is said; nobody is missed for it."""
    slow = fault("9m59s", "disk_slow", of="isr", by="7s")
    history, _ = played(story(events=[NOTICE, slow]))
    flags = {(entry.flag.rule, entry.flag.subject.station) for entry in history.picture.flags}
    assert flags == {(Rule.UNDELIVERED, "tur"), (Rule.UNDELIVERED, "isr")}, "and its answer"
    received_ms = history.received_ms[Ref("tur", 1)] - history.started_ms
    assert 7_000 <= received_ms - 10 * 60_000 <= 14_000, "after a commit, or two"
    history, _ = played(story(events=[NOTICE, fault("8m", "disk_slow", of="isr", by="7s")]))
    assert not history.picture.flags, "all is well again"


def test_a_slow_disk_that_is_mended_ends_the_commit_that_is_under_way() -> None:
    """However long that would have taken: at the scenario's end all is mended."""
    slow = fault("9m59s", "disk_slow", by="10d")
    history, _ = played(story(events=[NOTICE, slow]))
    received_ms = history.received_ms[Ref("tur", 1)] - history.started_ms
    assert 10 * 60_000 + 59_000 <= received_ms <= 11 * 60_000, "as it is mended"


def test_a_full_disk_takes_its_station_off_the_line_when_something_is_to_be_stored() -> None:
    """Not before; it comes back with what it could not store, said when it was said."""
    assert flagged(fault("12m", "disk_full")) == set(), "nothing was to be stored"
    full = fault("9m30s", "disk_full")
    assert flagged(full) == {(Rule.SILENT, "tur"), (Rule.UNDELIVERED, "tur")}
    history, log = played(story(events=[NOTICE, full]))
    (silent,) = (e for e in history.picture.flags if e.flag.rule is Rule.SILENT)
    assert (silent.raised_ms - history.started_ms) // 1_000 == 10 * 60
    (notice,) = (record for record in history.records if record.kind == "notice")
    assert notice.at_ms - history.started_ms == 10 * 60_000
    assert history.said_ms[notice.ref] == notice.at_ms
    assert flagged(fault("9m30s", "disk_full", of="isr")) >= {(Rule.SILENT, "isr")}
    told = [line["event"] for line in log.lines if line.get("station") == "tur"]
    assert told.index("station.failed") < told.index("notice.sent") < told.index("notice.delivered")
