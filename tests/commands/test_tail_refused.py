"""What a tail cannot take: told with the reason, or not at all, and with no harm to the rest."""

import pytest

from hotline.bodies import Kind
from hotline.station.turn import Incoming
from hotline.status import GOODBYE
from hotline.topics import Channel, Topic
from tests.commands.listening import events, greeted
from tests.helpers import LINE, Author, changed, check, records, status


def test_what_cannot_be_read_is_told_and_does_no_harm() -> None:
    """Bytes that are no record, no status or nonsense are told with a reason; the rest goes on."""
    following, tur = greeted(), Author("tur")
    good = tur.says(Kind.CHECK, check())
    unknown = changed(good.raw, seq=2, kind="song", prev=None)
    topic = records(good).topic
    lines = following.hears(
        Incoming(topic, b"\xff{\n" + good.raw + b"\n\n" + unknown),
        Incoming(status("isr").topic, b"[]"),
        Incoming(status("isr").topic, b""),  # whoever sweeps a broker empties it
        Incoming(str(Topic(LINE.name, "tur", Channel.PATH, "1")), b"hello"),
    )
    assert events(lines) == ["record.refused", "check.sent", "record.invalid", "record.refused"]
    assert (lines[2]["reason"], lines[2]["detail"]) == ("unknown_kind", "kind 'song'")


def test_what_is_said_on_a_topic_that_no_station_hears_is_told() -> None:
    """Nobody else could tell whoever mistyped it."""
    good = records(Author("tur").says(Kind.CHECK, check()))
    [line] = greeted().hears(Incoming(good.topic.replace("records", "recrods"), good.payload))
    assert (line["event"], line["line"]) == ("record.refused", LINE.name)
    assert line["topic"] == f"hotline/v1/{LINE.name}/tur/recrods"
    assert line["reason"] == "no station hears this topic"


@pytest.mark.parametrize("name", ["isr\u202etur", "isr-tur tur flag.raised", "ISR-TUR"])
def test_nothing_is_told_of_what_cannot_be_a_line(name: str) -> None:
    """Anybody may write on any topic, and the line's name stands in front of what is told of it."""
    topic = f"hotline/v1/{name}/tur"
    said = [Incoming(f"{topic}/{channel}", b"x") for channel in ("status", "records", "recrods")]
    assert greeted().hears(*said) == []


def test_of_a_flood_of_refusals_only_the_first_are_told_one_by_one() -> None:
    """As a station tells it; what is told next is told one by one again."""
    following = greeted()
    flood = [Incoming(status("isr").topic, b"[]")] * 1_000
    *told, last = following.hears(*flood)
    assert events(told) == ["record.refused"] * 100
    assert (last["event"], last["topic"]) == ("record.refused", "isr-tur/#")
    assert last["reason"] == "and so on: 900 more were dropped at once"
    assert events(following.hears(flood[0])) == ["record.refused"]


def test_nobody_is_told_of_in_anothers_words() -> None:
    """What stands beneath one root in another's name is refused, and takes no number from him."""
    following, isr = greeted(), Author("isr")
    said = isr.says(Kind.CHECK, check())
    forged = Incoming(records(said).topic.replace("/isr/", "/tur/"), changed(said.raw, seq=9))
    signed = Incoming(status("tur").topic, status("isr", online=False, reason=GOODBYE).payload)
    lines = following.hears(forged, signed, records(said))
    assert events(lines) == ["record.refused", "record.refused", "check.sent"]
    assert [line["reason"] for line in lines[:2]] == [
        "speaks in the name of isr-tur/isr",
        "signed by isr-tur/isr",
    ]
