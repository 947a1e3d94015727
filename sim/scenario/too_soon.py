"""Finds expectations of a flag before its deadline has passed, which can never come true."""

from collections.abc import Iterator, Mapping, Sequence

from hotline.bodies import Answer, Level, Rule
from hotline.files.mistakes import Where
from hotline.picture.message import Message, Wait
from hotline.timers import Timers
from hotline.times import write_duration
from hotline.watchdog.deadlines import LEVELS, answer_due_ms, receipt_dues
from sim.scenario.fault import FaultKind
from sim.scenario.scenario import Scenario

_WRONG_CLOCKS = (FaultKind.CLOCK_FAST, FaultKind.CLOCK_SLOW)


def too_soon(
    scenario: Scenario, said: Mapping[str, Sequence[Message]]
) -> Iterator[tuple[Where, str]]:
    """Expectations that are over before the flag of a notice can come; `said` is by notice.

    With `never` that is not a mistake: one may well say that a flag does not come so soon.
    """
    if any(event.fault and event.fault.kind in _WRONG_CLOCKS for event in scenario.events):
        return  # by a wrong clock a deadline may fall at any time
    for index, expectation in enumerate(scenario.expect):
        within_ms, rule = expectation.within_ms, expectation.flag or expectation.cleared
        if within_ms is None or rule is None:
            continue
        about = expectation.about(said)
        if rule is Rule.UNANSWERED and _may_be_put_off(scenario, about):
            continue
        levels = [expectation.level] if expectation.level else LEVELS
        dues_ms = [
            _due_ms(rule, message, level, scenario.timers) for message in about for level in levels
        ]
        due_ms = min((due_ms for due_ms in dues_ms if due_ms is not None), default=None)
        if due_ms is None:
            continue
        flagged_ms = due_ms + scenario.timers.grace_ms - scenario.start
        if within_ms < flagged_ms:
            flag = f"{rule} {expectation.level}" if expectation.level else rule
            at = write_duration(flagged_ms)
            says = f"is over before the timers let {expectation.of} be flagged {flag}, at {at}"
            yield ("expect", index, "within"), says


def _due_ms(rule: Rule, message: Message, level: Level, timers: Timers) -> int | None:
    """The earliest time of this flag, less the grace; None: that is not known."""
    match rule:
        case Rule.UNDELIVERED:
            return dict(receipt_dues(message.at_ms, timers)).get(level)
        case Rule.UNANSWERED:
            return answer_due_ms(message, Wait(message.at_ms, None), level, timers)
        case _:
            return None


def _may_be_put_off(scenario: Scenario, about: Sequence[Message]) -> bool:
    """Whether one of these gets a STANDBY, which may promise an answer for before the deadline."""
    rules = [
        officer.rule_for(message)
        for message in about
        for party, officers in scenario.officers.items()
        if party != message.ref.station
        for officer in officers
    ]
    notices = {message.notice for message in about}
    words = [event.answer or event.voice for event in scenario.events]
    said = [word for word in words if word and word.about in notices]
    return any(says and says.answer == Answer.STANDBY for says in [*rules, *said])
