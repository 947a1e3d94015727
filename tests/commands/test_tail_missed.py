"""What a tail tells of what it did not hear when it was said: once, and what never came."""

from hotline.bodies import Kind
from tests.commands.listening import SILENT_MS, Following, events, greeted
from tests.helpers import (
    T0,
    Author,
    changed,
    check,
    clear,
    flag,
    notice,
    records,
    replay,
    status,
    stop,
)


def test_nothing_is_told_twice() -> None:
    """A record that comes again, or is replayed to somebody else, is no news."""
    following, tur = greeted(), Author("tur")
    record = tur.says(Kind.NOTICE, notice())
    assert events(following.hears(records(record))) == ["notice.sent"]
    assert following.hears(records(record), replay("tur", "isr", record)) == []


def test_what_was_said_while_a_link_was_down_is_told_when_it_is_replayed() -> None:
    """Its author published it in vain; once he is back, somebody asks for it."""
    following, tur = greeted(), Author("tur")
    first, lost, after = tur.says(Kind.CHECK, check()), *tur.notices(2)
    following.hears(records(first))
    assert following.hears(status("tur", at_ms=T0 + 1, since_ms=T0 + 1, head=2)) == []
    lines = following.hears(replay("tur", "dog", first, lost), replay("dog", "isr", lost))
    assert [(line["event"], line["record"]) for line in lines] == [("notice.sent", "tur/2")]
    following.hears(records(after))
    assert following.hears(after_ms=SILENT_MS - 1) == []
    assert "tail.missed" not in events(following.hears(after_ms=SILENT_MS))


def test_what_is_replayed_before_its_author_speaks_to_us_is_told() -> None:
    """All were cut off, we were back last: of his new words only a retained status tells us."""
    following, tur = greeted(), Author("tur")
    first, lost, later = tur.says(Kind.CHECK, check()), *tur.notices(2)
    following.hears(records(first), status("tur", head=1))
    lines = following.hears(
        status("tur", at_ms=T0 + 1, since_ms=T0 + 1, head=3, retained=True),
        replay("tur", "isr", lost, later),
        status("tur", at_ms=T0 + 2, since_ms=T0 + 1, head=3),
    )
    assert events(lines) == ["notice.sent", "notice.sent"]
    assert "tail.missed" not in events(following.hears(after_ms=SILENT_MS))


def test_a_flag_that_is_over_before_it_is_replayed_raises_no_alarm() -> None:
    """A broker's end raises it where the link is down; that it is cleared is heard first."""
    following, dog = greeted(), Author("dog")
    first = dog.says(Kind.FLAG, flag())
    following.hears(records(first, dog.says(Kind.CLEAR, clear())))
    for at_ms in (T0 + 1, T0 + 3):
        dog.says(Kind.FLAG, flag(), at_ms)
        dog.says(Kind.CLEAR, clear(), at_ms + 1)
    assert events(following.hears(records(dog.journal[-1]))) == ["flag.cleared"]
    assert following.hears(replay("dog", "isr", *dog.journal[2:])) == []
    stands = dog.says(Kind.FLAG, flag(), T0 + 5)
    following.hears(status("dog", head=stands.seq))
    assert events(following.hears(replay("dog", "isr", stands))) == ["flag.raised"]


def test_a_flag_that_is_raised_anew_in_the_moment_in_which_it_is_cleared_is_told() -> None:
    """Who was lost, was back and has left is flagged for that in the same turn."""
    following, dog = greeted(), Author("dog")
    following.hears(records(dog.says(Kind.FLAG, flag())))
    anew = dog.says(Kind.CLEAR, clear(), T0 + 1), dog.says(Kind.FLAG, flag(), T0 + 1)
    following.hears(status("dog", head=3))
    assert events(following.hears(replay("dog", "isr", *anew))) == ["flag.cleared", "flag.raised"]


def test_what_never_came_is_told_once() -> None:
    """A broker dropped it for the tail alone, so nobody asks for it; by their numbers, any more."""
    following, tur = greeted(), Author("tur")
    said = [records(each) for each in tur.notices(9)]
    following.hears(said[0], said[4], status("tur", head=7))
    following.hears(status("tur", head=7), after_ms=SILENT_MS - 1)
    lines = following.hears(after_ms=1, all_heard=False)
    assert lines == [], "it may be among what is still to be read"
    lines = following.hears()
    assert [(line["of"], line["held"], line["upto"]) for line in lines] == [
        ("tur", 1, 4),
        ("tur", 5, 7),
    ]
    assert {line["event"] for line in lines} == {"tail.missed"}
    assert events(following.hears(replay("isr", "dog", tur.journal[5]))) == ["notice.sent"]
    assert events(following.hears(said[7])) == ["notice.sent"]
    assert "tail.missed" not in events(following.hears(after_ms=SILENT_MS))


def test_what_was_said_before_the_tail_began_is_not_missed() -> None:
    """Neither what retained statuses tell of, nor what is replayed to one who is new."""
    following, tur = Following(), Author("tur")
    said = tur.notices(5)
    following.hears(status("tur", head=3, retained=True), status("tur", head=5))
    assert following.hears(replay("tur", "dog", *said)) == []
    assert "tail.missed" not in events(following.hears(after_ms=SILENT_MS))


def test_after_a_mistyped_number_everything_is_still_told() -> None:
    """A record typed by hand with a number far too high hides neither a STOP nor a receipt."""
    following, isr = greeted(), Author("isr")
    first = isr.says(Kind.NOTICE, notice("ISR-1"))
    following.hears(records(first))
    typed = records(first)._replace(payload=changed(first.raw, seq=1000))
    assert events(following.hears(typed)) == ["notice.sent"]
    assert events(following.hears(records(isr.says(Kind.STOP, stop())))) == ["stop.sent"]
    told = following.hears(status("tur", isr=2))
    assert events(told) == ["notice.delivered", "stop.delivered"]
    assert following.hears(typed, records(*isr.journal)) == [], "all of it is known"


def test_a_journal_that_begins_anew_is_told_from_its_first_record() -> None:
    """Stations whose state was deleted begin again with number 1, a watchdog's flags too."""
    following, before = greeted(), {name: Author(name) for name in ("isr", "dog")}
    following.hears(records(*before["isr"].notices(5)))
    following.hears(records(*[before["dog"].says(Kind.FLAG, flag()) for _ in range(5)]))
    isr, dog = Author("isr"), Author("dog")
    lines = following.hears(
        records(isr.says(Kind.STOP, stop(), T0 + 1)), records(dog.says(Kind.FLAG, flag(), T0 + 1))
    )
    assert [(line["event"], line["record"]) for line in lines] == [
        ("stop.sent", "isr/1"),
        ("flag.raised", "dog/1"),
    ]
