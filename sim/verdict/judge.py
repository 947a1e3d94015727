"""Judges a run: whether each expectation of the scenario came true, and when."""

from collections.abc import Iterator
from dataclasses import dataclass

from hotline.bodies import Answer, Ref, RefersTo, Reply, Subject, Voice
from hotline.picture.lifecycle import Standing
from hotline.picture.message import Message
from hotline.records import Record
from hotline.times import write_duration
from sim.scenario.expectation import Expectation, Happening
from sim.scenario.scenario import Scenario
from sim.stage.history import History


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of one expectation; `line_number` is its line in the file."""

    expectation: Expectation
    line_number: int
    met: bool | None
    """None: the run was stopped before that could be known."""
    detail: str
    came_ms: int | None = None
    """When it came, or first came where it should not have; epoch ms. None: it never did."""

    @property
    def text(self) -> str:
        """The expectation in words: `flag unanswered of TUR-014 with ALARM by T+35m`.

        T is the start of the scenario: a reader must not take these times for those that an answer
        took.
        """
        happening = self.expectation.happening()
        words = ["never"] if self.expectation.never else []
        for name in Happening.kinds:
            if (value := getattr(happening, name)) is not None:
                words += [name, str(value)]
        if happening.of:
            words += ["of", happening.of]
        if happening.revision:
            words += ["rev", str(happening.revision)]
        if happening.level:
            words += ["with", happening.level]
        return " ".join([*words, *_span(self.expectation)])


def judge(expectation: Expectation, line: int, history: History, scenario: Scenario) -> Finding:
    """Hold one expectation against what happened."""
    happening = expectation.happening()
    ended_ms = history.ended_ms - history.started_ms
    within_ms = expectation.within_ms
    until_ms = scenario.duration_ms if within_ms is None else within_ms
    times = sorted(at_ms - history.started_ms for at_ms in _times(happening, history))
    if history.interrupted:  # then the stations left, and may have been flagged for it
        times = [at_ms for at_ms in times if at_ms <= ended_ms]
    inside = [at_ms for at_ms in times if expectation.after_ms <= at_ms <= until_ms]
    came_ms = next(iter(inside or times), None)

    def finding(detail: str, *, met: bool | None) -> Finding:
        came = None if came_ms is None or met is None else history.started_ms + came_ms
        return Finding(expectation, line, met, detail, came)

    if inside:
        at = "the end" if happening.state else _since_start(inside[0])
        met = expectation.never is None
        return finding(f"at {at}" if met else f"it came at {at}", met=met)
    if history.interrupted and not _is_decided(happening, history, until_ms):
        return finding(f"not known: the run was stopped at {_since_start(ended_ms)}", met=None)
    # All levels of a flag are cleared at once: that is one time.
    first = list(dict.fromkeys(map(_since_start, times)))[:3]
    came = f"it came at {', '.join(first)}" if first else ""
    if expectation.never is not None:
        return finding(f"not then; {came}" if came else "it never came", met=True)
    return finding(came or _instead(happening, history), met=False)


def _span(expectation: Expectation) -> list[str]:
    """From when to when, in words."""
    after_ms, within_ms = expectation.after_ms, expectation.within_ms
    if after_ms and within_ms is not None:
        return ["between", _since_start(after_ms), "and", _since_start(within_ms)]
    if within_ms is not None:
        return ["until" if expectation.never else "by", _since_start(within_ms)]
    if after_ms:
        return ["from", _since_start(after_ms)]
    return []


def _since_start(offset_ms: int) -> str:
    return f"T+{write_duration(offset_ms)}"


def _times(happening: Happening, history: History) -> Iterator[int]:
    """The times at which it happened, in epoch ms."""
    if happening.flag is not None or happening.cleared is not None:
        yield from _flag_times(happening, history)
    elif happening.answer is not None:
        yield from _answer_times(happening, history)
    elif happening.delivered is not None:
        for message in _notices(happening, history):
            if message.ref in history.received_ms:
                yield history.received_ms[message.ref]
    else:
        messages = _notices(happening, history)
        may_change = history.interrupted and not _is_final(messages)
        if not may_change and messages and messages[-1].state == happening.state:
            yield history.ended_ms


def _answer_times(happening: Happening, history: History) -> Iterator[int]:
    for record in history.records:
        answered = _answered(record)
        if answered is None or record.ref in history.picture.invalid:
            continue
        answer, ref = answered
        message = history.picture.messages.get(ref)
        if answer is happening.answer and _is_about(happening, message):
            yield history.when_ms(record)


def _is_decided(happening: Happening, history: History, until_ms: int) -> bool:
    """Whether a run that was stopped could not have brought it any more."""
    if happening.state is not None:
        return _is_final(_notices(happening, history))
    return until_ms <= history.ended_ms - history.started_ms


def _is_final(revisions: list[Message]) -> bool:
    """Whether the last of these revisions stays as it is, whatever is said."""
    return bool(revisions) and revisions[-1].state in (Standing.SUPERSEDED, Standing.CANCELLED)


def _answered(record: Record) -> tuple[Answer, Ref] | None:
    """The answer that a record gives, in writing or by voice, and to which record."""
    match record.body:
        case Reply(answer=answer, refers_to=about):
            return answer, about.ref
        case Voice(answer=Answer() as answer, refers_to=RefersTo() as about):
            return answer, about.ref
        case _:
            return None


def _flag_times(happening: Happening, history: History) -> Iterator[int]:
    rule = happening.flag or happening.cleared
    for entry in history.flags_seen:
        if entry.flag.rule is not rule or not _is_subject(happening, entry.flag.subject, history):
            continue
        if happening.flag is None:
            if entry.cleared_ms is not None:
                yield entry.cleared_ms
        elif happening.level in (None, entry.flag.level):
            yield entry.raised_ms


def _is_subject(happening: Happening, subject: Subject, history: History) -> bool:
    if happening.of in (None, subject.station) and happening.revision is None:
        return True
    return _is_about(happening, history.picture.messages.get(subject.ref))


def _is_about(happening: Happening, message: Message | None) -> bool:
    if message is None:
        return False
    if happening.of not in (None, message.notice, message.ref.station):
        return False
    return happening.revision in (None, message.revision)


def _notices(happening: Happening, history: History) -> list[Message]:
    """The revisions of a notice that it may be about, in order."""
    notice, messages = happening.delivered or happening.of, history.picture.messages.values()
    revisions = [m for m in messages if m.is_notice and m.notice == notice]
    return [m for m in revisions if happening.revision in (None, m.revision)]


def _instead(happening: Happening, history: History) -> str:
    """What is there instead of what never came, in words."""
    if happening.state is not None:
        messages = _notices(happening, history)
        return f"it is {messages[-1].state}" if messages else "there is no such notice"
    return "it never came"
