"""What a keeper stores of what it hears, and what it refuses."""

from hotline.bodies import Kind, Ref
from hotline.picture.past import Past
from hotline.picture.picture import Picture
from hotline.records import Record, decode, digest, open_envelope
from hotline.station.copies import Head
from hotline.station.keeper import CHECKPOINT_RECORDS, Keeper
from hotline.station.turn import ForkFound, GapFound, GapRepaired, Heard, Refused, Replay
from hotline.times import HOUR_MS
from hotline.topics import Channel, Topic
from tests.helpers import LINE, T0, TIMERS, Author, check, folded, told


class Disk(Past):
    """It holds these records."""

    def __init__(self, *records: Record) -> None:
        self.lines = {record.ref: record.raw for record in records}

    def line_of(self, ref: Ref) -> bytes | None:
        """As they are stored."""
        return self.lines.get(ref)


def keeper(
    past: Past | None = None,
    picture: Picture | None = None,
    checkpoint_every: int = CHECKPOINT_RECORDS,
) -> Keeper:
    """Isr's, which begins with nothing, but for a picture."""
    return Keeper(
        LINE, "isr", TIMERS, {}, picture or Picture(LINE, past), checkpoint_every=checkpoint_every
    )


def take(keeper: Keeper, record: Record, *, read_later: bool = False) -> bool:
    """Whether it takes a record that its author told."""
    envelope = open_envelope(record.raw)
    topic = Topic(record.line, record.station, Channel.RECORDS)
    return keeper.hear(topic, envelope, T0, read_later=read_later)


def test_records_are_taken_one_after_another() -> None:
    """The next is stored; an older one is a duplicate, and what came too soon closes its gap."""
    one, two, three = Author("tur").notices(3)
    isr = keeper()
    assert take(isr, one)
    assert not take(isr, one)
    assert not take(isr, three)
    assert take(isr, two)
    assert take(isr, three)
    turn = isr.end_turn()
    assert turn.appends == [one, two, three]
    assert [e for e in turn.events if not isinstance(e, Heard)] == [
        GapFound("tur", 1, 3),
        GapRepaired("tur", 1, 3),
    ]


def test_a_record_that_does_not_follow_on_ours_is_a_fork() -> None:
    """Neither another record under a number that we hold nor one that follows on it is stored."""
    (ours,) = Author("tur").notices(1)
    twin = Author("tur")
    other = twin.says(Kind.CHECK, check())
    after = twin.says(Kind.CHECK, check())
    isr = keeper()
    take(isr, ours)
    assert not take(isr, other)
    assert not take(isr, after)
    turn = isr.end_turn()
    assert turn.appends == [ours]
    assert [e for e in turn.events if isinstance(e, ForkFound)] == [ForkFound("tur", 1, "tur")]
    assert [e.reason for e in turn.events if isinstance(e, Refused)] == [
        "fork: another tur/1 is stored",
        f"fork: prev does not fit tur/1: expected {digest(ours.raw)!r}, got {digest(other.raw)!r}",
    ]


def test_a_first_record_that_follows_on_something_is_no_sign_of_a_second_process() -> None:
    """Its author begins the chain otherwise, with zeros say; he is told what was expected."""
    (first,) = Author("tur").notices(1)
    isr = keeper()
    assert not take(isr, decode(first.raw.replace(b'"prev":""', b'"prev":"0000"')))
    refused, found = isr.end_turn().events
    assert isinstance(refused, Refused)
    assert refused.reason == "fork: prev does not fit tur/0: expected '', got '0000'"
    assert str(found) == "tur shows another tur/0 than is stored here"


def test_what_is_only_on_disk_any_more_is_compared_too() -> None:
    """An older record that comes again is a duplicate; another one under its number is a fork."""
    one, two = Author("tur").notices(2)
    isr = keeper(Disk(one, two))
    for record in (one, two, one):
        take(isr, record)
    assert not isr.forks.stands("tur")
    take(isr, Author("tur").says(Kind.CHECK, check()))
    assert [e for e in isr.end_turn().events if isinstance(e, ForkFound)] == [
        ForkFound("tur", 1, "tur")
    ]


def test_a_forked_journal_is_asked_for_seldom() -> None:
    """What others hold of it does not fit ours, however often they are asked."""
    (ours,) = Author("tur").notices(1)
    other = Author("tur").says(Kind.CHECK, check())
    isr = keeper()
    take(isr, ours)
    isr.copies.claim("tur", 2, by="tur", last_word=True)
    assert list(isr.copies.ask(T0)) == [("tur", 1)]
    assert isr.copies.due_ms() == T0 + TIMERS.resend_ms
    take(isr, other)
    assert isr.copies.due_ms() == T0 + TIMERS.silent_ms
    assert list(isr.copies.ask(T0 + TIMERS.silent_ms - 1)) == []
    assert list(isr.copies.ask(T0 + TIMERS.silent_ms)) == [("tur", 1)]


def test_what_is_read_later_is_not_yet_acknowledged() -> None:
    """It is not stored until it is taken in, nor is what follows on it."""
    one, two = Author("tur").notices(2)
    isr = keeper()
    assert take(isr, one, read_later=True)
    assert take(isr, two)
    stored = isr.stored()
    assert stored["tur"] == Head(0, "")
    assert isr.stored() is stored
    assert isr.end_turn().appends == []
    isr.take_in()
    assert isr.stored()["tur"] == Head(2, digest(two.raw))


def test_our_clock_does_not_end_the_waiting_to_be_read() -> None:
    """Put forward by an hour, it makes nothing wait the less."""
    (one,) = Author("tur").notices(1)
    isr = keeper()
    take(isr, one, read_later=True)
    due_ms = isr.intake.due_ms()
    assert due_ms is not None
    isr.shift(HOUR_MS)
    assert isr.intake.due_ms() == due_ms + HOUR_MS


def test_our_clock_changes_no_patience_with_others() -> None:
    """Put forward or back, it neither heals a fork nor has a request wait for the longer."""
    (ours,) = Author("tur").notices(1)
    isr = keeper()
    take(isr, ours)
    isr.learn_of("tur", 2, by="tur")
    assert list(isr.copies.ask(T0)) == [("tur", 1)]
    isr.shift(-HOUR_MS)
    assert isr.copies.due_ms() == T0 - HOUR_MS + TIMERS.resend_ms
    take(isr, Author("tur").says(Kind.CHECK, check()))
    isr.shift(HOUR_MS)
    isr.compare(told("tur"), T0 + HOUR_MS)
    assert isr.forks.stands("tur")


def test_only_what_is_held_is_replayed() -> None:
    """Who has all of it already is sent nothing."""
    isr = keeper()
    isr.say([check()], "here", T0)
    assert not isr.replay(Replay("isr", 1, "tur"))
    assert isr.replay(Replay("isr", 0, "tur"))
    assert isr.end_turn().replays == [Replay("isr", 0, "tur")]


def test_however_often_it_is_asked_a_turn_replays_once_to_each_reader() -> None:
    """From the lowest number on; a flood of small requests is no flood of large answers."""
    isr = keeper()
    isr.say([check()] * 3, "here", T0)
    for after in (2, 0, 1):
        assert isr.replay(Replay("isr", after, "tur"))
    isr.replay(Replay("isr", 2, "dog"))
    assert isr.end_turn().replays == [Replay("isr", 0, "tur"), Replay("isr", 2, "dog")]


def test_a_journal_that_others_hold_more_of_is_not_whole() -> None:
    """Until its own words have come back to it."""
    (lost,) = Author("isr").notices(1)
    isr = keeper()
    whole = [isr.is_whole]
    isr.learn_of("isr", 1, by="tur")
    whole.append(isr.is_whole)
    take(isr, lost)
    assert [*whole, isr.is_whole] == [True, False, True]


def test_a_journal_of_which_something_has_yet_to_be_read_is_not_whole() -> None:
    """Whatever we said now would stand before it on disk."""
    (lost,) = Author("isr").notices(1)
    isr = keeper()
    take(isr, lost, read_later=True)
    assert not isr.is_whole
    isr.take_in()
    assert isr.is_whole


def test_what_is_settled_is_put_away_with_records_only() -> None:
    """A start has read much again, but a turn that stores nothing would lose what it forgets."""
    picture, _ = folded(Author("tur").notices(3))
    isr = keeper(picture=picture, checkpoint_every=3)
    assert isr.end_turn().checkpoint is None
    isr.say([check()], "here", T0)
    checkpoint = isr.end_turn().checkpoint
    assert checkpoint is not None
    assert checkpoint.heads == {"isr": 1, "tur": 3}


def test_a_status_may_show_journals_of_whom_we_do_not_know() -> None:
    """Its line's configuration names one station more than ours; it is no fork, and no end."""
    isr = keeper()
    isr.compare(told("tur")._replace(held={"dog2": 1}, digests={"dog2": "x"}), T0)
    assert isr.end_turn().events == []
