"""What waits until a watchdog may speak."""

import pytest

from hotline.station.turn import (
    Acknowledged,
    CameOnline,
    ClockAgrees,
    ClockSkewed,
    Event,
    FellSilent,
    ForkFound,
    ForkHealed,
    Heard,
    Refused,
)
from hotline.watchdog import backlog
from hotline.watchdog.backlog import Backlog
from tests.helpers import Author


def test_all_waits_in_its_order_and_is_taken_once() -> None:
    """Nothing is taken up anew for it."""
    waiting = Backlog()
    events: list[Event] = [CameOnline("isr"), Heard(Author("isr").notices(1)[0], ())]
    waiting.put(events)
    waiting.put([FellSilent("isr", "link lost")])
    assert waiting.take() == ([*events, FellSilent("isr", "link lost")], False)
    assert waiting.take() == ([], False)


def test_of_too_much_only_what_no_disk_tells_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who comes and goes, and the last receipts; the journals are taken up from the disk."""
    monkeypatch.setattr(backlog, "_MOST", 3)
    waiting = Backlog()
    for record in Author("isr").notices(20):
        waiting.put([Heard(record, ()), Acknowledged("tur", "isr", 0, record.seq)])
    waiting.put([CameOnline("tur"), FellSilent("isr", "link lost")])
    events, is_cut = waiting.take()
    assert is_cut
    assert set(events) == {
        Acknowledged("tur", "isr", 0, 20),
        CameOnline("tur"),
        FellSilent("isr", "link lost"),
    }
    assert waiting.take() == ([], False)


def test_however_long_it_waits_it_takes_no_more_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of what is refused nothing is kept; of who comes and goes, the last time in its order."""
    monkeypatch.setattr(backlog, "_MOST", 20)
    waiting = Backlog()
    turn: list[Event] = [
        Refused("x", "not a topic of this line"),
        FellSilent("isr", "link lost"),
        CameOnline("isr"),
        ForkFound("isr", 3, "tur"),
        ForkHealed("isr", "tur"),
        ClockAgrees("tur"),
        ClockSkewed("tur", 9_000),
    ]
    for _ in range(200):
        waiting.put(turn)
    waiting.put([Refused("x", "not a topic of this line")] * 20)
    assert waiting.take() == (turn[1:], True)


def test_of_long_records_fewer_wait() -> None:
    """A notice with a large area takes a megabyte when it has been read."""
    record = Author("isr").notices(1)[0]
    long = Heard(record._replace(raw=record.raw.ljust(60_000)), ())
    waiting = Backlog()
    for _ in range(150):
        waiting.put([long])
    events, is_cut = waiting.take()
    assert is_cut
    assert len(events) < 50
    waiting.put([long])
    assert waiting.take() == ([long], False)
