"""The tail: tells what is said on a line, from wherever it joins, and judges nothing."""

import json

import pytest

from hotline.bodies import Answer, Clear, Flag, Kind, Level, Rule, Subject
from hotline.commands import tail
from hotline.commands.only import Only
from hotline.commands.tail import Tail
from hotline.records import MAX_BAD_LINES, MAX_BATCH_BYTES
from hotline.station.turn import Incoming
from hotline.status import LINK_LOST
from hotline.times import DAY_MS, SECOND_MS
from tests.clocks import HandClock
from tests.commands.listening import SILENT_MS, Following, events, greeted
from tests.helpers import (
    LINE,
    T0,
    Author,
    cancel,
    changed,
    check,
    flag,
    notice,
    records,
    reply,
    status,
)
from tests.lines import Kept, misfits


def board(shown: Flag | None, *, retained: bool = False, text: bytes = b"") -> Incoming:
    """What a watchdog's board shows of a flag."""
    topic = f"hotline/v1/{LINE.name}/dog/flags/unanswered-tur-1"
    return Incoming(topic, text or (shown.model_dump_json().encode() if shown else b""), retained)


def test_who_is_to_be_followed_and_is_not_there_is_told_once() -> None:
    """As soon as everybody else was heard: it may be a mistyped name.

    Who types by hand has no status, and is there as soon as he has spoken.
    """
    following = Following("isr", "tur", "nobody")
    for _ in range(2):
        assert following.hears(after_ms=SILENT_MS) == []
    by_hand = records(Author("tur").says(Kind.CHECK, check()))
    following.hears(status("isr"), status("dog"), by_hand)
    [line] = following.hears(after_ms=3 * SECOND_MS)
    assert line["event"] == "tail.unheard"
    assert (line["party"], line["others"]) == ("nobody", "dog, isr, tur")
    assert following.hears(after_ms=SECOND_MS) == []


def test_who_waits_behind_a_flood_is_not_missed() -> None:
    """His heartbeats may be there, unread; silences, and who never came, count from its end."""
    following = Following("isr", "nobody")
    following.hears(*(status(name) for name in LINE.stations))
    for _ in range(4):
        assert following.hears(after_ms=SILENT_MS // 2, all_heard=False) == []
    assert events(following.hears(after_ms=3 * SECOND_MS)) == ["tail.unheard"]
    assert events(following.hears(after_ms=SILENT_MS)) == ["station.silent"] * len(LINE.stations)


def test_that_nothing_can_be_heard_is_told() -> None:
    """Or its silence would be taken for that of the stations; and so is the end of it."""
    cut, restored = greeted().is_cut_off("Connection refused")
    assert (cut["event"], cut["reason"]) == ("tail.cut", "Connection refused")
    assert restored["event"] == "tail.restored"


def test_that_nobody_is_heard_is_told_with_who_can_be_heard() -> None:
    """It may be the name of the line that is mistyped; or there is nobody at all."""
    kept = Kept()
    tail = Tail(kept, HandClock(), SILENT_MS)
    tail.miss(3.0, {"usa-rus", "isr-tur"})
    tail.miss(3.0, ())
    quiet = {"severity": "warning", "event": "tail.quiet", "after": "3s"}
    assert kept.lines == [quiet | {"others": "isr-tur, usa-rus"}, quiet]
    assert misfits(kept.lines) == []


def test_on_a_line_with_a_time_of_its_own_delays_are_told_by_that() -> None:
    """A scenario runs at another time, and faster; a will, and what is retained, is from before."""
    following, tur = greeted(at_ms=T0 + 30 * DAY_MS), Author("tur")
    following.hears(records(tur.says(Kind.NOTICE, notice(), T0 + SECOND_MS)))
    old = status("isr", at_ms=T0 - DAY_MS, retained=True)
    now = status("isr", at_ms=T0 + 3 * SECOND_MS)
    will = status("dog", at_ms=T0 - DAY_MS, online=False, reason=LINK_LOST)
    assert events(following.hears(old, now, will)) == ["station.silent"]
    [line] = following.hears(status("isr", retained=True, tur=1))
    assert (line["event"], line["after"]) == ("notice.delivered", "2s")


def test_one_clock_that_is_wrong_is_not_the_lines() -> None:
    """Whoever has our time speaks for the line."""
    following, tur = greeted(), Author("tur")
    following.hears(records(tur.says(Kind.NOTICE, notice(), T0)))
    late = status("isr", at_ms=T0 + DAY_MS, tur=1)
    [line] = following.hears(late, after_ms=SECOND_MS)
    assert (line["event"], line["after"]) == ("notice.delivered", "1s")


def test_what_stands_flagged_at_the_start_is_told_once() -> None:
    """It is on the watchdog's board; of what is raised and cleared later its records tell."""
    following = greeted()
    on_board = board(flag(), retained=True)
    [line] = following.hears(on_board)
    assert (line["event"], line["station"], line["subject"]) == ("flag.standing", "dog", "tur/1")
    assert (line["severity"], line["level"]) == ("warning", "WARNING")
    assert following.hears(on_board, board(flag(Level.ALARM)), board(None)) == []
    assert events(following.hears(on_board)) == ["flag.standing"], "the broker brought it back"
    in_seconds = json.dumps(flag().model_dump(mode="json") | {"due": T0 // SECOND_MS}).encode()
    for text in (b"x", in_seconds):
        refused = following.hears(board(flag(), retained=True, text=text))
        assert events(refused) == ["record.refused"]


def test_a_conversation_is_told_from_what_passes_by() -> None:
    """Notice, receipt, answer, and the receipt of the answer: the tail needs no journal for it."""
    following, isr, tur = greeted(), Author("isr"), Author("tur")
    (line,) = following.hears(records(tur.says(Kind.NOTICE, notice())))
    assert (line["event"], line["to"], line["told_by"]) == ("notice.sent", "isr", "tail")
    (line,) = following.hears(status("isr", head=0, tur=1), after_ms=40)
    assert (line["event"], line["to"], line["after"]) == ("notice.delivered", "isr", "40ms")
    (line,) = following.hears(records(isr.says(Kind.REPLY, reply("tur", 1), T0 + 5_000)))
    assert (line["event"], line["message"], line["after"]) == (
        "notice.answered",
        "TUR-014 rev 1",
        "5s",
    )
    (line,) = following.hears(status("tur", head=1, isr=1))
    assert (line["event"], line["severity"]) == ("reply.delivered", "debug")


def test_all_kinds_of_records_are_told() -> None:
    """Revisions, cancellations, checks, flags and clears each have their event."""
    following, tur, dog = greeted(), Author("tur"), Author("dog")
    about = Subject(station="tur", seq=2)
    lines = following.hears(
        records(
            tur.says(Kind.NOTICE, notice()),
            tur.says(Kind.NOTICE, notice(revision=2)),
            tur.says(Kind.CANCEL, cancel()),
            tur.says(Kind.CHECK, check()),
        ),
        records(
            dog.says(
                Kind.FLAG,
                Flag(rule=Rule.UNANSWERED, subject=about, level=Level.ALARM, due=T0, detail="late"),
            ),
            dog.says(Kind.CLEAR, Clear(rule=Rule.UNANSWERED, subject=about, reason="superseded")),
        ),
    )
    assert events(lines) == [
        "notice.sent",
        "notice.revised",
        "cancel.sent",
        "check.sent",
        "flag.raised",
        "flag.cleared",
    ]
    assert lines[2]["precedence"] == "ROUTINE"
    assert (lines[5]["notice"], lines[5]["message"]) == ("TUR-014", "TUR-014 rev 2")


def test_who_joins_in_the_middle_is_told_what_can_be_told() -> None:
    """An answer to a message that was said before is told as one to a record."""
    isr, tur = Author("isr"), Author("tur")
    tur.says(Kind.NOTICE, notice())
    following = greeted()
    (line,) = following.hears(records(isr.says(Kind.REPLY, reply("tur", 1))))
    assert (line["event"], line["message"]) == ("reply.waiting", "record tur/1")
    (line,) = following.hears(records(tur.says(Kind.CANCEL, cancel())))
    assert (line["event"], line["notice"]) == ("cancel.sent", "TUR-014")


def test_presence_comes_from_the_statuses() -> None:
    """Who comes, goes, loses the link or falls silent is told, once."""
    following = Following()
    assert events(following.hears(status("isr"), status("isr"))) == ["station.online"]
    (line,) = following.hears(status("isr", online=False, reason="goodbye"))
    assert (line["event"], line["station"], line["reason"]) == ("station.silent", "isr", "goodbye")
    following.hears(status("tur", at_ms=T0 + 1, since_ms=T0 + 1))
    (line,) = following.hears(after_ms=SILENT_MS)
    assert (line["event"], line["station"]) == ("station.silent", "tur")
    assert following.hears(after_ms=SILENT_MS) == []


def test_of_a_long_watch_the_oldest_messages_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is said of them is told with their number alone."""
    monkeypatch.setattr(tail, "_MOST_KEPT", 2)
    following, isr, tur = greeted(), Author("isr"), Author("tur")
    for number in range(3):
        following.hears(records(tur.says(Kind.NOTICE, notice(f"N-{number}"))))
    answers = [records(isr.says(Kind.REPLY, reply("tur", seq))) for seq in (1, 3)]
    assert [line.get("message") for line in following.hears(*answers)] == [
        "record tur/1",
        "N-2 rev 1",
    ]


def test_of_a_long_watch_the_oldest_records_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that comes again after so many others is told again: better twice than not at all."""
    monkeypatch.setattr(tail, "_MOST_KEPT", 2)
    following, tur = greeted(), Author("tur")
    first, second, third = (records(each) for each in tur.notices(3))
    assert len(following.hears(first, second, second, third, third)) == 3
    assert events(following.hears(first, third)) == ["notice.sent"]


def test_lines_are_kept_apart() -> None:
    """Two lines on one broker each have their own messages and their own name."""
    following = Following()
    other = Author("tur")
    first = Author("tur").says(Kind.NOTICE, notice("A-1"))
    second = other.says(Kind.NOTICE, notice("B-1"))
    elsewhere = Incoming(
        records(second).topic.replace("isr-tur", "usa-rus"), changed(second.raw, line="usa-rus")
    )
    lines = following.hears(records(first), elsewhere)
    assert [(line["line"], line["notice"]) for line in lines] == [
        ("isr-tur", "A-1"),
        ("usa-rus", "B-1"),
    ]


def test_an_answer_is_about_both_parties() -> None:
    """Following one party, both its own messages and the answers to them are told."""
    kept = Kept()
    tail = Tail(Only(kept, parties=["tur"]), HandClock(), SILENT_MS)
    tail.hear(status("isr"))
    tail.hear(status("tur"))
    tail.hear(records(Author("tur").says(Kind.NOTICE, notice())))
    standby = reply("tur", 1, Answer.STANDBY, expected_ms=T0 + 1)
    tail.hear(records(Author("isr").says(Kind.REPLY, standby)))
    assert kept.events == ["station.online", "notice.sent", "notice.answered"]


def test_of_a_message_that_stations_do_not_read_nothing_is_told() -> None:
    """What all of them drop was not said; and a flood of bad lines is told as they tell it."""
    author = Author("tur")
    said = author.says(Kind.CHECK, check())
    topic = records(said).topic
    long = Incoming(topic, said.raw + b"\n" * MAX_BATCH_BYTES)
    full = Incoming(topic, b"x\n" * 1_000 + said.raw)
    following = Following()
    assert events(following.hears(long)) == ["record.refused"]
    assert events(following.hears(full)) == ["record.refused"] * (MAX_BAD_LINES + 2)
