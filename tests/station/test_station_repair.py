"""Gaps and how they are closed."""

import pytest

from hotline.bodies import Kind
from hotline.station.turn import Event, GapFound, GapRepaired, Heard, Publish, Replay
from hotline.status import GOODBYE, LINK_LOST
from tests.helpers import T0, TIMERS, Author, check, records, replay, resend, status
from tests.machines import newcomer, party, turn

ASK_TUR = "hotline/v1/isr-tur/isr/resend/tur"
ASK_ISR = "hotline/v1/isr-tur/isr/resend/isr"


def gaps(events: list[Event]) -> list[Event]:
    """What is told about gaps."""
    return [event for event in events if isinstance(event, GapFound | GapRepaired)]


# Gaps


def test_a_record_out_of_order_is_a_gap_and_is_not_acted_upon() -> None:
    """What comes too early is not stored: its author is asked for what is missing before it."""
    tur = Author("tur").notices(3)
    isr = party(tur[0])
    heard = turn(isr, records(tur[2]))
    assert heard.appends == []
    assert heard.events == [GapFound("tur", 1, 3)]
    assert heard.publishes == [Publish(ASK_TUR, b'{"after": 1}')]
    repaired = turn(isr, replay("tur", "isr", *tur[1:]), now_ms=T0 + 1)
    assert repaired.appends == tur[1:]
    assert gaps(repaired.events) == [GapRepaired("tur", 1, 3)]


def test_a_status_shows_that_the_last_record_was_lost() -> None:
    """Without a later record, only the author's head tells of the one that never came."""
    heard = turn(party(), status("tur", head=1))
    assert GapFound("tur", 0, 1) in heard.events
    assert heard.publishes == [Publish(ASK_TUR, b'{"after": 0}')]


def test_a_third_station_shows_it_too() -> None:
    """Who holds more of a journal than we do proves that there is more."""
    heard = turn(party(), status("dog", tur=2))
    assert heard.publishes == [Publish(ASK_TUR, b'{"after": 0}')]


def test_a_request_is_repeated_until_it_is_answered() -> None:
    """The request or its answer may be lost: every two seconds it is said again."""
    isr = party()
    turn(isr, status("tur", head=1), status("dog"))
    again_ms = T0 + TIMERS.resend_ms
    assert isr.due_ms() == again_ms
    assert turn(isr, now_ms=again_ms - 1).publishes == []
    assert turn(isr, now_ms=again_ms).publishes == [Publish(ASK_TUR, b'{"after": 0}')]


def test_a_new_connection_asks_at_once() -> None:
    """Nobody waits for the answer to what was asked over a link that broke."""
    isr = party()
    turn(isr, status("tur", head=1), now_ms=T0 + 1)
    isr.disconnected("cut")
    isr.connected(T0 + 3)
    assert Publish(ASK_TUR, b'{"after": 0}') in turn(isr, now_ms=T0 + 3).publishes


def test_a_long_gap_is_asked_for_batch_by_batch() -> None:
    """Each bounded replay is followed at once by the request for the next."""
    tur = Author("tur").notices(4)
    isr = party()
    turn(isr, status("tur", head=4))
    heard = turn(isr, replay("tur", "isr", *tur[:2]), now_ms=T0 + 1)
    assert heard.publishes == [Publish(ASK_TUR, b'{"after": 2}')]
    assert gaps(heard.events) == []


# Who answers


def test_an_author_replays_what_is_missing_of_his_journal() -> None:
    """To whoever asks, from where he asked."""
    isr = party(*Author("isr").notices(3))
    assert turn(isr, resend("tur", "isr", b'{"after": 1}')).replays == [Replay("isr", 1, "tur")]


@pytest.mark.parametrize("after", [b"3", b"4", b"9007199254740992"])
def test_who_asks_for_what_is_not_there_gets_nothing(after: bytes) -> None:
    """A request beyond the head is not an error; there is nothing to send yet."""
    isr = party(*Author("isr").notices(3))
    heard = turn(isr, resend("tur", "isr", b'{"after": %s}' % after))
    assert (heard.replays, heard.events) == ([], [])


def test_who_was_sent_nothing_is_not_taken_for_one_on_a_slow_line() -> None:
    """He asks again and again because of a false claim; later he is sent as much as anybody."""
    isr = party()
    for _ in range(9):
        assert turn(isr, resend("tur", "isr", b'{"after": 0}')).replays == []
    isr.say(check())
    turn(isr)
    assert turn(isr, resend("tur", "isr", b'{"after": 0}')).replays == [Replay("isr", 0, "tur")]


def test_others_are_left_to_answer_for_themselves() -> None:
    """While an author is there, nobody speaks for him."""
    isr = party(*Author("tur").notices(2))
    turn(isr, status("tur", head=2))
    assert turn(isr, resend("dog", "tur", b'{"after": 0}')).replays == []


def test_holders_stand_in_for_a_silent_author() -> None:
    """Who holds the journal of somebody who is away sends it in his place."""
    isr = party(*Author("tur").notices(2))
    turn(isr, status("tur", head=2, online=False))
    replays = turn(isr, resend("dog", "tur", b'{"after": 1}')).replays
    assert replays == [Replay("tur", 1, "dog")]


def test_holders_stand_in_for_an_author_who_does_not_answer() -> None:
    """He is there and may have pruned what is asked for: who asks again was answered by nobody."""
    isr = party(*Author("tur").notices(3))
    turn(isr, status("tur", head=3))
    asks = [resend("dog", "tur", b'{"after": %d}' % after) for after in (0, 1, 1, 2)]
    replays = [turn(isr, each).replays for each in asks]
    again = Replay("tur", 1, "dog")
    assert replays == [[], [], [again], []], "to go on asking is no repetition"


def test_who_lost_his_own_words_gets_them_back() -> None:
    """An author who asks for his own journal is answered by all who hold it."""
    isr = party(*Author("tur").notices(2))
    turn(isr, status("tur", head=0))
    assert turn(isr, resend("tur", "tur", b'{"after": 0}')).replays == [Replay("tur", 0, "tur")]


# Words in our own name


def test_a_station_that_others_hold_more_of_stays_silent_until_it_has_it_back() -> None:
    """It asks, stores, and only then speaks: no number is ever given to two records."""
    mine = Author("isr").notices(3)
    isr = party(mine[0])
    told = turn(isr, status("tur", isr=3))
    assert told.publishes == [Publish(ASK_ISR, b'{"after": 1}')]
    assert not isr.may_speak
    isr.say(check())
    assert turn(isr, now_ms=T0 + 1).appends == []
    assert turn(isr, replay("tur", "isr", mine[1]), now_ms=T0 + 2).appends == [mine[1]]
    heard = turn(isr, replay("tur", "isr", *mine), now_ms=T0 + 3)
    assert [record.ref for record in heard.appends] == [("isr", 3), ("isr", 4)]
    assert heard.appends[0] == mine[2]
    assert heard.appends[1].kind == Kind.CHECK
    assert isr.may_speak


def test_a_station_asks_everybody_how_far_its_journal_goes_before_it_speaks() -> None:
    """At its start; a status said since then, and the goodbye of somebody who left, are answers.

    What a broker remembers may be an old memory, and a will is as old as its connection.
    """
    isr = newcomer()
    isr.say(check())
    assert turn(isr).appends == []
    assert turn(isr, status("tur", retained=True), status("dog", retained=True)).appends == []
    assert turn(isr, status("tur")).appends == []
    assert turn(isr, status("dog", online=False, reason=LINK_LOST, retained=True)).appends == []
    left = status("dog", online=False, reason=GOODBYE, retained=True)
    assert len(turn(isr, left).appends) == 1


def test_who_connects_is_answered_at_once() -> None:
    """So that he need not wait for a heartbeat before he may speak; once for each connection."""
    isr = party()
    greeting = status("tur", since_ms=T0 + 1)
    assert len(turn(isr, greeting, now_ms=T0 + 2).publishes) == 1
    assert turn(isr, greeting, now_ms=T0 + 3).publishes == []
    assert turn(isr, status("tur", online=False), now_ms=T0 + 4).publishes == []


def test_an_older_disk_and_an_older_memory_of_the_broker_make_no_fork() -> None:
    """The broker's memory says that we have said one record; the others hold two."""
    mine = Author("isr").notices(2)
    isr = newcomer(mine[0])
    isr.say(check())
    old = [status(name, isr=1, retained=True) for name in ("tur", "dog")]
    assert turn(isr, *old).appends == []
    assert turn(isr, status("tur", isr=2), status("dog", isr=2)).appends == []
    heard = turn(isr, replay("tur", "isr", mine[1]))
    assert [record.ref for record in heard.appends] == [("isr", 2), ("isr", 3)]
    assert heard.appends[0] == mine[1]


def test_who_does_not_come_is_not_waited_for_any_more() -> None:
    """A station that is alone speaks when all others have had the time to be back."""
    isr = newcomer()
    isr.say(check())
    for late_ms in range(T0 + 1, T0 + TIMERS.greeting_ms, TIMERS.heartbeat_ms):
        assert turn(isr, now_ms=late_ms).appends == []
    assert isr.due_ms() == T0 + TIMERS.greeting_ms
    assert len(turn(isr, now_ms=T0 + TIMERS.greeting_ms).appends) == 1


def test_once_everybody_was_asked_a_cut_link_keeps_nobody_quiet() -> None:
    """Only a start can bring back an older journal than the one that was."""
    isr = party()
    isr.disconnected("cut")
    isr.connected(T0 + 1)
    isr.say(check())
    assert len(turn(isr, now_ms=T0 + 1).appends) == 1


def test_words_that_come_back_are_heard_not_said() -> None:
    """They were published long ago; they are told as `Heard`, and are in the picture."""
    (mine,) = Author("isr").notices(1)
    isr = party()
    events = turn(isr, status("tur", isr=1), replay("tur", "isr", mine)).events
    assert [event.record for event in events if isinstance(event, Heard)] == [mine]
    assert mine.ref in isr.picture.messages


def test_our_own_records_topic_is_not_listened_to() -> None:
    """What somebody publishes beneath our root is no word of ours."""
    isr = party()
    heard = turn(isr, records(*Author("isr").notices(1)))
    assert (heard.appends, heard.events) == ([], [])
