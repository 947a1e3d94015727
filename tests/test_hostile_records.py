"""What anybody may write on a line without keys: it is marked and flagged, and ends no station."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing

import pytest

from hotline.bodies import Answer, Handover, Kind, Rule
from hotline.journal.journal import Journal
from hotline.machine import open_station
from hotline.station.station import Station
from hotline.station.turn import Incoming
from hotline.times import MINUTE_MS, SECOND_MS, format_instant
from hotline.topics import Channel, Topic
from hotline.watchdog.watchdog import Watchdog
from tests.helpers import FLASH, LINE, T0, TIMERS, notice, status
from tests.watch import Watch

BIG = 2**63
ABOUT_A_STRANGER = {"station": "radar"}
ZERO_TIME = "0001-01-01T00:00:00Z"  # what Go writes for a time that was not set


def line(station: str, kind: Kind, body: object) -> bytes:
    """The first record of a journal, with a body that our own station would not write."""
    fields = {"v": 1, "line": LINE.name, "station": station, "seq": 1}
    return json.dumps(
        {**fields, "at": "2026-01-12T06:00:00.000Z", "kind": kind, "body": body}
    ).encode()


class Alone:
    """One station with its journal, turn by turn."""

    def __init__(self, journal: Journal) -> None:
        self.name = journal.owner()[1]
        self.journal = journal
        self.machine: Station | Watchdog = open_station(journal, LINE, self.name, TIMERS)
        self.now_ms = T0
        self.machine.connecting(T0)
        self.machine.connected(T0)
        self.turns(1)

    def hears(self, station: str, channel: Channel, raw: bytes, argument: str = "") -> None:
        """Something comes in, and some turns pass."""
        topic = str(Topic(LINE.name, station, channel, argument))
        self.machine.hear(Incoming(topic, raw), self.now_ms)
        self.turns(4)

    def turns(self, count: int) -> None:
        """Take turns, a second apart, while the others are there."""
        for _ in range(count):
            for other in LINE.others(self.name):
                self.machine.hear(status(other, at_ms=self.now_ms), self.now_ms)
            self.machine.tick(self.now_ms)
            turn = self.machine.flush(self.now_ms)
            self.journal.store(turn)
            self.now_ms += SECOND_MS


Begin = Callable[[str], Alone]


@pytest.fixture
def begin() -> Iterator[Begin]:
    """Have a station of this name begin with an empty journal."""
    with ExitStack() as opened:

        def begin(name: str) -> Alone:
            database = sqlite3.connect(":memory:", isolation_level=None)
            return Alone(Journal.on(opened.enter_context(closing(database)), LINE, name))

        yield begin


@pytest.mark.parametrize("name", ["isr", "dog"])
@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (Kind.REPLY, {"refers_to": {"station": "isr", "seq": BIG}, "answer": Answer.ROGER}),
        (
            Kind.VOICE,
            {
                "refers_to": {"station": "isr", "seq": BIG},
                "officer": "a",
                "spoke_with": "b",
                "text": "c",
            },
        ),
        (Kind.NOTICE, {**json.loads(notice().model_dump_json()), "revision": BIG}),
    ],
)
def test_numbers_that_no_disk_holds_are_nonsense(
    begin: Begin, name: str, kind: Kind, body: object
) -> None:
    """The record is kept and marked; what it says is not looked for."""
    alone = begin(name)
    alone.hears("tur", Channel.RECORDS, line("tur", kind, body))
    assert alone.journal.heads()["tur"].seq == 1
    assert list(alone.machine.picture.invalid) == [("tur", 1)]


def test_a_notice_with_a_time_that_was_never_set_is_nonsense(begin: Begin) -> None:
    """A volume of another system's is pasted in with its zero times: who wrote it is told."""
    body = json.loads(notice().model_dump_json(exclude_none=True))
    body["volumes"][0]["time_start"] = {"value": ZERO_TIME, "format": "RFC3339"}
    alone = begin("dog")
    alone.hears("tur", Channel.RECORDS, line("tur", Kind.NOTICE, body))
    assert alone.machine.picture.invalid == {("tur", 1): "bad_body"}
    assert [e.flag.rule for e in alone.machine.picture.flags] == [Rule.INVALID]


def test_a_window_at_the_beginning_of_all_times_is_late_and_no_more(begin: Begin) -> None:
    """Its deadline would come before any time that can be written."""
    body = json.loads(notice().model_dump_json(exclude_none=True))
    body["volumes"][0]["time_start"] = {"value": "1000-01-01T00:00:00Z", "format": "RFC3339"}
    alone = begin("dog")
    alone.hears("tur", Channel.RECORDS, line("tur", Kind.NOTICE, body))
    (late,) = (e.flag for e in alone.machine.picture.flags if e.flag.rule is Rule.LATE_NOTICE)
    assert format_instant(late.due) == "1000-01-01T00:00:00.000Z"


@pytest.mark.parametrize("rule", Rule)
@pytest.mark.parametrize(
    "subject",
    [
        ABOUT_A_STRANGER,
        {**ABOUT_A_STRANGER, "seq": 3},
        {"station": "dog"},
        {"station": "dog", "seq": 3},
        {"station": "tur", "seq": 3},
    ],
)
def test_a_flag_in_a_watchdogs_name_does_not_end_it(
    begin: Begin, rule: Rule, subject: object
) -> None:
    """Its own words come back to it, and it takes them up, now and with each start."""
    body = {"rule": rule, "subject": subject, "level": "ALARM", "detail": "so it says"}
    body["due"] = "2026-01-12T06:00:00Z"
    alone = begin("dog")
    alone.hears("tur", Channel.REPLAY, line("dog", Kind.FLAG, body), "dog")
    assert alone.journal.heads()["dog"].seq >= 1
    again = Alone(alone.journal)
    assert again.machine.picture.heads["dog"] == alone.journal.heads()["dog"].seq


def test_a_name_of_any_length_can_be_called() -> None:
    """A flag stays as long as one may be."""
    wire = Watch()
    wire.say("isr", Handover(officer="o" * 2_000, deputy="d" * 2_000))
    said = wire.say("tur", FLASH)
    wire.go_to(said.at_ms + 5 * MINUTE_MS)
    assert [flag for flag in wire.flags() if "VOICE_REQUIRED" in flag]
    detail = wire.last_flag().detail
    assert detail.endswith(f"telephone {'o' * 199}… or {'d' * 199}…")


@pytest.mark.parametrize("head", [BIG, 2**53 + 1])
def test_a_status_with_heads_that_nobody_can_have_is_refused(begin: Begin, head: int) -> None:
    """Nothing that it claims is waited for."""
    alone = begin("isr")
    alone.machine.hear(status("tur", at_ms=alone.now_ms, head=head), alone.now_ms)
    alone.turns(1)
    assert not alone.machine.is_behind("tur")
