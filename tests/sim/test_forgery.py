"""Well-formed lies: each of them can be known for one. And garbage, which is none."""

import json
from random import Random

from hotline import records, resend, status, topics
from hotline.line import Line
from hotline.topics import Channel
from sim.forgery import Forger, Forgery

LINE = Line("l", ("isr", "tur"), ("dog", "hound"))
PAST = [b'{"seq":1}', b'{"seq":2}']
FORGER = Forger(LINE, Random(1), lambda _: PAST)
FORGED = [FORGER.forge(1_767_225_600_000) for _ in range(2_000)]
GARBAGE = [FORGER.garbage(PAST) for _ in range(2_000)]


def on(channel: Channel) -> list[tuple[topics.Topic, Forgery]]:
    """What was forged on this channel, with its topics taken apart."""
    parsed = ((topics.parse(forgery.publish.topic), forgery) for forgery in FORGED)
    return [(topic, forgery) for topic, forgery in parsed if topic and topic.channel is channel]


def test_no_status_is_signed_by_the_station_under_whose_topic_it_stands() -> None:
    """Or it is of another line; all can be read, and half of them are wills."""
    told = [(topic, status.decode(f.publish.payload)) for topic, f in on(Channel.STATUS)]
    assert told
    for topic, each in told:
        assert (each.line, each.station) != (topic.line, topic.station)
    assert {each.online for _, each in told} == {True, False}
    assert {each.line for _, each in told} == {"l", "l-2"}


def test_requests_are_of_anybody_for_anything() -> None:
    """They can be answered."""
    asked = on(Channel.RESEND)
    assert {topic.argument for topic, _ in asked} == set(LINE.stations)
    assert None not in {resend.decode(f.publish.payload) for _, f in asked}


def test_what_is_passed_on_is_true_or_follows_on_nothing() -> None:
    """What contradicts an author is never passed on to him."""
    passed_on = on(Channel.REPLAY)
    true = {f.publish.payload for _, f in passed_on if f.is_true}
    assert true == {PAST[0], b"\n".join(PAST)}
    false = [(topic, f) for topic, f in passed_on if not f.is_true]
    assert {f.disputes for _, f in false} == set(LINE.stations)
    for topic, forgery in false:
        assert forgery.disputes != topic.argument
        record = records.decode(forgery.publish.payload)
        assert record.station == forgery.disputes
        assert len(records.open_envelope(record.raw).prev or "") == 43


def test_flags_are_put_on_the_boards_of_watchdogs_under_their_own_keys() -> None:
    """And stay there until they are taken down."""
    flags = on(Channel.FLAGS)
    assert {topic.station for topic, _ in flags} == set(LINE.watchdogs)
    assert all(forgery.publish.retain for _, forgery in flags)
    for topic, forgery in flags:
        flag = json.loads(forgery.publish.payload)
        key = "-".join(map(str, (flag["rule"], *flag["subject"].values())))
        assert key == topic.argument


def test_only_what_contradicts_an_author_disputes_anything() -> None:
    """Of all else it is demanded that it has no effect."""
    assert {f.publish.topic.split("/")[4] for f in FORGED if f.disputes} == {"replay"}


def test_a_record_in_garbage_is_on_the_topic_of_another() -> None:
    """Nobody takes it there; and nothing that was really said is whole in all the rest."""
    false = [forgery.publish for forgery in GARBAGE if not forgery.is_true]
    assert false
    for publish in false:
        topic = topics.parse(publish.topic)
        assert topic
        assert topic.channel is Channel.RECORDS
        assert records.decode(publish.payload).station != topic.station
    assert {forgery.publish.payload for forgery in GARBAGE}.isdisjoint(PAST)
