"""One station of a scenario through all its lives."""

from pathlib import Path
from typing import Any

from hotline.journal.state_lock import is_held
from sim.stage.runner import play_virtual
from tests.sim.stories import KeptStream, fault, played, story


def test_what_was_stored_was_said_though_nobody_could_tell_of_it() -> None:
    """A process that dies between its commit and its words has said them when it stored them.

    The log tells of them then: nobody else tells who has said what.
    """
    hello = {"at": "10m", "who": "tur", "check": "hello"}
    crash = {"kind": "crash", "of": "tur", "for": "1m", "point": "after_commit"}
    history, log = played(story(events=[{"at": "9m30s", "fault": crash}, hello]))
    (said,) = (record for record in history.records if record.kind == "check")
    assert said.at_ms - history.started_ms == 10 * 60_000
    assert history.said_ms[said.ref] == said.at_ms
    told = [event for event in log.events if event.startswith(("check.", "station.silent"))]
    assert told == ["check.sent", "station.silent", "check.delivered", "check.answered"]


def test_what_an_earlier_life_has_said_is_not_what_this_one_could_not_say() -> None:
    """The same words, cut short by a crash, are said by the next life all the same."""
    hello = {"who": "tur", "check": "hello"}
    crash = {"kind": "crash", "of": "tur", "for": "1m"}
    history, _ = played(
        story(
            events=[
                {"at": "5m", **hello},
                {"at": "6m", "fault": crash},
                {"at": "10m", "fault": {**crash, "point": "before_commit"}},
                {"at": "10m", **hello},
            ]
        )
    )
    said = [record for record in history.records if record.kind == "check"]
    assert len(said) == 2
    assert said[1].at_ms - history.started_ms >= 11 * 60_000


def test_a_process_that_is_dead_does_not_hold_its_disk(tmp_path: Path) -> None:
    """Whoever looks at it from outside, as a desk does, sees that it is not running."""
    held = {}

    class Onlooker(KeptStream):
        def __call__(self, severity: str, event: str, **fields: Any) -> None:
            held[event] = is_held(tmp_path / "tur")

    play_virtual(story(events=[fault("5m", "crash")]), 0, Onlooker(), keep=tmp_path)
    assert (held["scenario.started"], held["flag.raised"], held["flag.cleared"]) == (
        True,
        False,
        True,
    )
