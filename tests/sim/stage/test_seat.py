"""One station of a scenario through all its lives."""

from tests.sim.stories import played, story


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
