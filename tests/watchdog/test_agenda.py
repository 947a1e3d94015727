"""The agenda: what is due first is judged first, and what became void takes no room."""

from hotline.bodies import Level, Ref, Rule
from hotline.watchdog.agenda import Agenda, Deadline
from tests.helpers import T0


def due(at_ms: int, seq: int = 1) -> Deadline:
    """A deadline of a message of tur's."""
    return Deadline(at_ms, at_ms, Ref("tur", seq), Rule.UNANSWERED, Level.WARNING, T0)


def test_deadlines_come_in_the_order_of_their_times() -> None:
    """However they were added, and none before its time."""
    agenda = Agenda(lambda _: False)
    for at_ms in (T0 + 3, T0 + 1, T0 + 2):
        agenda.add(due(at_ms))
    assert agenda.next_ms() == T0 + 1
    assert agenda.take(T0) is None
    taken = [agenda.take(T0 + 2), agenda.take(T0 + 2), agenda.take(T0 + 2)]
    assert taken == [due(T0 + 1), due(T0 + 2), None]


def test_a_clock_that_is_set_moves_all_and_changes_no_due() -> None:
    """What is judged is when; what is told is what was due."""
    agenda = Agenda(lambda _: False)
    agenda.add(due(T0))
    agenda.shift(3_600_000)
    assert agenda.take(T0 + 3_599_999) is None
    taken = agenda.take(T0 + 3_600_000)
    assert taken is not None
    assert taken.due_ms == T0


def test_what_was_heard_before_it_was_said_is_due_by_the_clock_that_is_put_right() -> None:
    """Our clock was behind then; only what it is put forward beyond that moves anything."""
    agenda = Agenda(lambda _: False)
    agenda.add(due(T0 + 60_000))
    agenda.heard(T0 - 10_000, 5_000)
    agenda.shift(10_000)
    agenda.shift(3_600_000)
    taken = [agenda.take(T0 + 60_000), agenda.take(T0 + 3_660_000)]
    assert [each and each.judge_ms for each in taken] == [None, T0 + 3_660_000]


def test_what_is_put_right_may_come_before_what_was_due_sooner() -> None:
    """Only the former stays where it is."""
    agenda = Agenda(lambda _: False)
    agenda.add(due(T0 + 50_000))
    agenda.heard(T0, 5_000)
    agenda.add(due(T0 + 55_000, seq=2)._replace(since_ms=T0 + 20_000))
    agenda.heard(T0, 5_000)
    agenda.shift(20_000)
    taken = [agenda.take(T0 + 70_000), agenda.take(T0 + 70_000)]
    assert [each and each.ref.seq for each in taken] == [2, 1]


def test_a_clock_that_is_set_back_puts_nothing_right() -> None:
    """It moves all alike, to the millisecond, also what was heard before it was said."""
    agenda = Agenda(lambda _: False)
    agenda.add(due(T0 + 60_000))
    agenda.heard(T0 - 10_000, 5_000)
    agenda.shift(-1_000)
    assert agenda.next_ms() == T0 + 59_000
    agenda.shift(10_000)
    assert agenda.next_ms() == T0 + 59_000


def test_clocks_that_differ_as_they_may_show_nothing() -> None:
    """Its author's may be ahead as well."""
    agenda = Agenda(lambda _: False)
    agenda.add(due(T0 + 60_000))
    agenda.heard(T0 - 5_000, 5_000)
    agenda.shift(5_000)
    assert agenda.next_ms() == T0 + 65_000


def test_what_is_set_back_later_does_not_look_as_if_it_had_been_heard_too_soon() -> None:
    """How far a clock was ahead is noted once, when it was heard."""
    agenda = Agenda(lambda _: False)
    agenda.add(due(T0 + 60_000))
    agenda.heard(T0, 5_000)
    agenda.shift(-3_600_000)
    agenda.add(due(T0 + 70_000, seq=2)._replace(since_ms=T0 + 10_000))
    agenda.heard(T0 + 10_000 - 3_600_000, 5_000)
    agenda.shift(3_600_000)
    taken = [agenda.take(T0 + 70_000), agenda.take(T0 + 70_000)]
    assert [each and each.judge_ms for each in taken] == [T0 + 60_000, T0 + 70_000]


def test_the_next_level_comes_as_much_later_as_it_is_due_later() -> None:
    """Also when our clock has jumped since the first one was put down."""
    agenda = Agenda(lambda _: False)
    agenda.add(due(T0))
    agenda.shift(3_600_000)
    missed = agenda.take(T0 + 3_600_000)
    assert missed is not None
    agenda.escalate(missed, Level.ALARM, T0 + 5_000)
    worse = missed._replace(judge_ms=T0 + 3_605_000, due_ms=T0 + 5_000, level=Level.ALARM)
    assert agenda.take(T0 + 3_605_000) == worse


def test_what_is_void_is_thrown_out_as_it_piles_up() -> None:
    """A day of answered messages, each due in hours, leaves no more than those that wait."""
    waiting = set(range(0, 20_000, 10))
    looked_at: list[int] = []

    def is_void(deadline: Deadline) -> bool:
        looked_at.append(deadline.ref.seq)
        return deadline.ref.seq not in waiting

    agenda = Agenda(is_void)
    for seq in range(20_000):
        later = 7_919 * seq % 20_000  # in no order
        agenda.add(due(T0 + later, later))
    assert len(agenda._heap) < 2 * len(waiting) + 1_000
    assert len(looked_at) < 3 * 20_000, "not all of them for each that is added"
    taken = iter(lambda: agenda.take(T0 + 20_000), None)
    assert [each.ref.seq for each in taken if each.ref.seq in waiting] == sorted(waiting)


def test_what_became_void_is_no_more_known_to_have_been_heard_too_soon() -> None:
    """What waits still is."""
    agenda = Agenda(lambda deadline: deadline.ref.seq > 0)
    for seq in range(5_000):
        agenda.add(due(T0, seq))
        agenda.heard(T0 - 10_000, 5_000)
    assert len(agenda._ahead_ms) < 2_000
    agenda.shift(10_000)
    assert agenda.next_ms() == T0
    assert agenda._heap[0].ref.seq == 0


def test_what_was_judged_is_no_more_known_to_have_been_heard_too_soon() -> None:
    """Also if no more than one waits at any time; that one still is."""
    agenda = Agenda(lambda _: False)
    for seq in range(5_000):
        while agenda.take(T0):
            pass
        agenda.add(due(T0, seq))
        agenda.heard(T0 - 10_000, 5_000)
    assert len(agenda._ahead_ms) < 2_000
    agenda.shift(10_000)
    assert agenda.next_ms() == T0


def test_what_is_cleared_is_gone() -> None:
    """Nothing is due any more, and what is added again was heard when it was said."""
    agenda = Agenda(lambda _: False)
    agenda.add(due(T0))
    agenda.heard(T0 - 10_000, 5_000)
    agenda.add(due(T0, seq=2))
    agenda.clear()
    assert agenda.next_ms() is None
    agenda.heard(T0 - 10_000, 5_000)
    for seq in (1, 2):
        agenda.add(due(T0, seq))
    agenda.shift(10_000)
    assert [agenda.take(T0 + 9_999), agenda.next_ms()] == [None, T0 + 10_000]
