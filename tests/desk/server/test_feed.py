"""The feed: everything for those who keep up, the latest for those who do not."""

import asyncio

import pytest

from hotline.bodies import Answer, Kind
from hotline.clock import ScenarioClock, WallClock
from hotline.desk.server.feed import Feed, News
from hotline.picture.picture import Picture
from hotline.station.turn import Heard, LinkUp
from hotline.times import format_instant
from tests.helpers import LINE, T0, Author, check, reply


async def test_who_comes_later_is_told_what_was_said_before() -> None:
    """The last 200 log lines, with both times; then each as it comes."""
    feed = Feed(WallClock())
    for number in range(300):
        feed.tell("info", "link.up", station=str(number))
    watcher = feed.begin()
    lines, lost, state = await watcher.news()
    assert [line["station"] for line in lines] == [str(n) for n in range(100, 300)]
    assert (lost, state) == (0, None)
    assert lines[0]["wall"] == lines[0]["at"]
    feed.tell("warning", "link.down", station="tur", reason="cut")
    ((line,), _, _) = await watcher.news()
    assert (line["severity"], line["event"], line["reason"]) == ("warning", "link.down", "cut")


async def test_in_a_scenario_its_own_time_is_told_too() -> None:
    """`at` is the line's time, `wall` the machine's."""
    feed = Feed(ScenarioClock(T0))
    feed.tell("info", "link.up", station="tur")
    (line,) = (await feed.begin().news()).lines
    assert line["at"] == format_instant(T0)
    assert line["wall"] != line["at"]


async def test_what_a_slow_watcher_has_not_taken_is_dropped() -> None:
    """Of the states the last one waits, of the log lines the last 500; the rest is counted."""
    feed = Feed(WallClock())
    watcher = feed.begin()
    for number in range(1_700):
        feed.tell("info", "link.up", station=str(number))
        feed.show(b"%d" % number)
    lines, lost, state = await watcher.news()
    assert (len(lines), lost, state) == (500, 1_200, b"1699")
    assert lines[-1]["station"] == "1699"
    feed.show(b"next")
    assert await watcher.news() == News([], 0, b"next")


async def test_who_has_left_is_told_nothing() -> None:
    """Nor is anything made for nobody."""
    feed = Feed(WallClock())
    feed.changed(LinkUp())
    assert not feed.is_stale.is_set()
    watcher = feed.begin()
    assert feed.is_stale.is_set()
    await watcher.news()
    feed.end(watcher)
    assert not feed.is_watched
    feed.show(b"state")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await watcher.news()


async def test_when_messages_came_in_is_remembered() -> None:
    """Of so many as somebody may ask for."""
    line, tur = ScenarioClock(T0), Author("tur")
    feed, picture = Feed(line), Picture(LINE)
    records = tur.notices(1_001)
    for record in records:
        feed.changed(Heard(record, picture.fold(record)))
    assert set(feed.came_ms) == {record.ref for record in records[1:]}
    assert feed.came_ms[records[-1].ref] == line.now_ms()


async def test_what_becomes_of_a_message_changes_nothing_of_when_it_came_in() -> None:
    """Its answer comes later; what a screen shows has changed with each."""
    line, tur, isr = ScenarioClock(T0), Author("tur"), Author("isr")
    feed, picture = Feed(line), Picture(LINE)
    line.begin()
    feed.begin()
    request = tur.says(Kind.CHECK, check())
    feed.changed(Heard(request, picture.fold(request)))
    assert feed.is_stale.is_set()
    came_ms = dict(feed.came_ms)
    await asyncio.sleep(0.01)
    feed.is_stale.clear()
    answer = isr.says(Kind.REPLY, reply("tur", 1, Answer.ROGER))
    feed.changed(Heard(answer, picture.fold(answer)))
    assert feed.is_stale.is_set()
    assert feed.came_ms == came_ms
