from pathlib import Path

import pytest

from hotline.bodies import Answer, Ref, Reply
from hotline.notice import Activity, Precedence
from hotline.picture.lifecycle import Answering, Asks, Standing
from hotline.picture.message import Message
from hotline.times import HOUR_MS, MINUTE_MS, SECOND_MS
from sim.scenario.roster import When
from sim.stage.officer import ScriptedOfficers
from tests.sim.plays import small

OFFICER = "    - name: Levi\n      reads_in: 10s..20s\n"


def message(start_ms: int, seq: int = 1, activity: Activity = Activity.SURVEY) -> Message:
    """A request of `tur`."""
    return Message(
        ref=Ref("tur", seq),
        kind="notice",
        at_ms=start_ms,
        asks=Asks.DECISION,
        activity=activity,
        precedence=Precedence.FLASH,
        notice="TUR-1",
        revision=1,
        starts_ms=None,
        ends_ms=None,
        text="",
        waits_since_ms=start_ms,
    )


class Morning:
    """The desk of `isr` with some officers, and a scenario's clock that begins at 06:00 UTC."""

    def __init__(self, folder: Path, officers: str = OFFICER, seed: int = 0) -> None:
        loaded = small(folder, (OFFICER, officers))
        self.start_ms = loaded.scenario.start
        self.desk = ScriptedOfficers(loaded.scenario, "isr", seed)

    def answers(self, message: Message, at_ms: int = 0) -> list[tuple[int, Reply]]:
        """All that is said to one message, with the time since the start of each."""
        self.desk.show(message, self.start_ms + at_ms)
        said: list[tuple[int, Reply]] = []
        while (due_ms := self.desk.due_ms()) is not None:
            for body in self.desk.say(due_ms):
                assert isinstance(body, Reply)
                said.append((due_ms - self.start_ms, body))
        return said


def test_reading_takes_as_long_as_the_range_allows(tmp_path: Path) -> None:
    """Every draw is inside, and they differ."""
    times = set()
    for seed in range(50):
        morning = Morning(tmp_path, seed=seed)
        ((at_ms, reply),) = morning.answers(message(morning.start_ms))
        assert 10 * SECOND_MS <= at_ms <= 20 * SECOND_MS
        assert (reply.answer, reply.officer) == (Answer.ACCEPT, "Levi")
        times.add(at_ms)
    assert len(times) > 40


def test_a_delay_hangs_on_the_message_and_not_on_the_order(tmp_path: Path) -> None:
    """The same seed gives the same delays, whichever message comes first."""
    one, other = Morning(tmp_path), Morning(tmp_path)
    first, second = message(one.start_ms, 1), message(one.start_ms, 2)
    forward = {reply.refers_to.seq: at for m in (first, second) for at, reply in one.answers(m)}
    backward = {reply.refers_to.seq: at for m in (second, first) for at, reply in other.answers(m)}
    assert forward == backward


def test_nobody_there_means_waiting_for_the_next(tmp_path: Path) -> None:
    """The reading begins when somebody comes, and he is who answers."""
    roster = (
        "    - {name: Night, on_watch: 22:00-06:00, reads_in: 10s}\n"
        "    - {name: Day, on_watch: 06:30-14:00, reads_in: 10s}\n"
    )
    morning = Morning(tmp_path, roster)
    ((at_ms, reply),) = morning.answers(message(morning.start_ms))
    assert (at_ms, reply.officer) == (30 * MINUTE_MS + 10 * SECOND_MS, "Day")


def test_a_watch_may_run_over_midnight(tmp_path: Path) -> None:
    """At three in the morning the night watch of 22:00 is there."""
    morning = Morning(tmp_path, "    - {name: Night, on_watch: 22:00-06:00, reads_in: 10s}\n")
    ((at_ms, reply),) = morning.answers(message(morning.start_ms), at_ms=-3 * HOUR_MS)
    assert (at_ms, reply.officer) == (-3 * HOUR_MS + 10 * SECOND_MS, "Night")


def test_a_watch_may_last_all_day(tmp_path: Path) -> None:
    """Until the same hour of the next day, at which it begins again."""
    morning = Morning(tmp_path, "    - {name: Levi, on_watch: 06:00-06:00, reads_in: 10s}\n")
    for seq, at_ms in enumerate((0, -1, HOUR_MS, 12 * HOUR_MS), 1):
        ((answered_ms, _),) = morning.answers(message(morning.start_ms, seq), at_ms=at_ms)
        assert answered_ms == at_ms + 10 * SECOND_MS


def test_who_leaves_before_the_end_leaves_it_to_the_next(tmp_path: Path) -> None:
    """A reader who is called away does not answer; whoever is there next does."""
    roster = (
        "    - {name: Levi, reads_in: 10s, absent: [{from: 5s, until: 20m}]}\n"
        "    - {name: Peretz, reads_in: 10s, absent: [{from: 0s, until: 8m}]}\n"
    )
    morning = Morning(tmp_path, roster)
    ((at_ms, reply),) = morning.answers(message(morning.start_ms))
    assert (at_ms, reply.officer) == (8 * MINUTE_MS, "Peretz")


def test_the_first_rule_that_fits_counts(tmp_path: Path) -> None:
    """A rule says for which messages it is; others are consented to."""
    rules = "{when: {activity: strike}, answer: REJECT, reason: no}, {answer: NOTHING}"
    morning = Morning(tmp_path, f"    - {{name: Levi, reads_in: 10s, answers: [{rules}]}}\n")
    strike = morning.answers(message(morning.start_ms, 1, Activity.STRIKE))
    assert [(reply.answer, reply.reason) for _, reply in strike] == [(Answer.REJECT, "no")]
    assert morning.answers(message(morning.start_ms, 2)) == []


@pytest.mark.parametrize(
    ("then", "final"), [("", Answer.ACCEPT), (", then: REJECT, reason: no", Answer.REJECT)]
)
def test_a_standby_is_kept(then: str, final: Answer, tmp_path: Path) -> None:
    """It promises a time, and then the answer comes."""
    rule = f"{{answer: STANDBY, for: 5m{then}}}"
    morning = Morning(tmp_path, f"    - {{name: Levi, reads_in: 10s, answers: [{rule}]}}\n")
    (first_ms, standby), (last_ms, reply) = morning.answers(message(morning.start_ms))
    assert standby.answer is Answer.STANDBY
    assert standby.expected_at == morning.start_ms + last_ms
    assert (last_ms - first_ms, reply.answer) == (5 * MINUTE_MS, final)


def test_a_promise_of_before_a_restart_is_kept_when_it_is_due(tmp_path: Path) -> None:
    """However soon the station is up again."""
    rule = "{answer: STANDBY, for: 5m, then: REJECT, reason: no}"
    morning = Morning(tmp_path, f"    - {{name: Levi, reads_in: 10s, answers: [{rule}]}}\n")
    letter = message(morning.start_ms)
    letter.answering = Answering.STANDBY
    letter.expected_ms = morning.start_ms + 5 * MINUTE_MS
    ((at_ms, reply),) = morning.answers(letter, at_ms=MINUTE_MS)
    assert (at_ms, reply.answer) == (5 * MINUTE_MS + 10 * SECOND_MS, Answer.REJECT)


def test_a_standby_may_come_to_nothing(tmp_path: Path) -> None:
    """An officer can promise an answer and forget it."""
    rule = "{answer: STANDBY, for: 5m, then: NOTHING}"
    morning = Morning(tmp_path, f"    - {{name: Levi, reads_in: 10s, answers: [{rule}]}}\n")
    said = morning.answers(message(morning.start_ms))
    assert [reply.answer for _, reply in said] == [Answer.STANDBY]


def test_who_relieves_keeps_the_promise(tmp_path: Path) -> None:
    """An answer that was promised is given, by whoever is there when it is due."""
    roster = (
        "    - {name: Night, on_watch: 22:00-06:01, reads_in: 10s,"
        " answers: [{answer: STANDBY, for: 5m, then: REJECT, reason: no}]}\n"
        "    - {name: Day, on_watch: 06:01-14:00, reads_in: 10s}\n"
    )
    morning = Morning(tmp_path, roster)
    (_, standby), (_, reply) = morning.answers(message(morning.start_ms))
    assert (standby.officer, reply.officer) == ("Night", "Day")
    assert (reply.answer, reply.reason) == (Answer.REJECT, "no")


@pytest.mark.parametrize(
    ("when", "fits"),
    [
        ("{}", True),
        ("{kind: notice}", True),
        ("{kind: check}", False),
        ("{notice: TUR-1}", True),
        ("{revision: 1}", True),
        ("{activity: survey, precedence: FLASH}", True),
        ("{activity: survey, precedence: ROUTINE}", False),
        ("{category: request}", True),
        ("{category: information}", False),
    ],
)
def test_a_rule_is_for_messages_that_have_all_that_it_names(
    when: str, fits: bool, tmp_path: Path
) -> None:
    """What a rule does not name does not matter."""
    rule = f"{{when: {when}, answer: NOTHING}}"
    morning = Morning(tmp_path, f"    - {{name: Levi, reads_in: 10s, answers: [{rule}]}}\n")
    given = [reply.answer for _, reply in morning.answers(message(morning.start_ms))]
    assert given == ([] if fits else [Answer.ACCEPT])


def test_a_rule_for_one_revision_is_for_no_other() -> None:
    """An officer who puts off the first may accept the second."""
    assert [When(revision=number).fits(message(0)) for number in (1, 2)] == [True, False]


@pytest.mark.parametrize(
    ("asks", "consent"),
    [
        (Asks.DECISION, Answer.ACCEPT),
        (Asks.ROGER, Answer.ROGER),
        (Asks.CONFIRMATION, Answer.ROGER),
    ],
)
def test_without_a_rule_an_officer_consents(asks: Asks, consent: Answer, tmp_path: Path) -> None:
    """A request is accepted, everything else is acknowledged."""
    morning = Morning(tmp_path)
    letter = message(morning.start_ms)
    letter.asks = asks
    ((_, reply),) = morning.answers(letter)
    assert reply.answer is consent


def test_at_an_empty_desk_nothing_is_ever_due(tmp_path: Path) -> None:
    """A party without officers takes what comes, and never says a word."""
    morning = Morning(tmp_path)
    desk = ScriptedOfficers(small(tmp_path).scenario, "tur", 0)
    desk.show(message(morning.start_ms), morning.start_ms)
    assert desk.due_ms() is None
    assert list(desk.say(morning.start_ms + HOUR_MS)) == []


@pytest.mark.parametrize(
    ("axis", "state"),
    [
        ("answering", Answering.ACCEPTED),
        ("standing", Standing.SUPERSEDED),
        ("standing", Standing.CANCELLED),
    ],
)
def test_what_was_answered_or_withdrawn_meanwhile_is_put_aside(
    axis: str, state: Answering | Standing, tmp_path: Path
) -> None:
    """The officer looks again before he answers."""
    morning = Morning(tmp_path)
    letter = message(morning.start_ms)
    morning.desk.show(letter, morning.start_ms)
    due_ms = morning.desk.due_ms()
    assert due_ms is not None
    setattr(letter, axis, state)
    assert list(morning.desk.say(due_ms)) == []
    assert morning.desk.due_ms() is None
