"""The oracle's own reading of the journals: messages, their waits for an answer, the deadlines.

A message waits from its `at` to the answer, the STANDBY, the revision or the cancellation that ends
the wait; a STANDBY begins another wait.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from sim.oracle.evidence import Entry, Evidence, flags_by_due, to_ms
from sim.oracle.facts import Ref
from sim.oracle.sense import sensible
from sim.oracle.silences import silences_of
from sim.oracle.sound import SLACK_MS, clocks_were_right

HALVES = {"WARNING": 2, "ALARM": 3, "VOICE_REQUIRED": 4}  # of the time allowed
_WORST = "VOICE_REQUIRED"
JUDGED_ELSEWHERE = ("unanswered", "late_notice", "degraded", "invalid")  # with the message itself


@dataclass(slots=True)
class Wait:
    """One stretch of waiting: begun by the message itself or by a STANDBY to it.

    It is `ended` by an answer, or by the record that takes the message back; None while it goes on.
    The window of a notice opens at `opens_ms`: by then at the latest, the telephone is called for.
    The watchdog hears of its end at `heard_ms`: an answer by a clock that is ahead is given then.
    """

    begun: Entry
    allowed_ms: int
    opens_ms: int | None
    ended: Entry | None = None
    heard_ms: int = 0

    @property
    def since_ms(self) -> int:
        """When the wait began."""
        return self.begun.at_ms

    @property
    def due_ms(self) -> int:
        """The first deadline."""
        return next(self.dues())[1]

    def lasts_until(self, at_ms: int) -> bool:
        """Whether it had not ended by then."""
        return self.ended is None or min(self.ended.at_ms, self.heard_ms) > at_ms

    def may_last_until(self, at_ms: int) -> bool:
        """Whether by some clock it had not ended by then."""
        return self.ended is None or max(self.ended.at_ms, self.heard_ms) > at_ms

    def dues(self) -> Iterator[tuple[str, int]]:
        """The levels that the silence reaches, and when; only the worst once a window opens."""
        opens_ms = self.opens_ms
        if opens_ms is not None and opens_ms <= self.since_ms:
            opens_ms = self.since_ms + self.allowed_ms
        for level, halves in HALVES.items():
            due_ms = self.since_ms + self.allowed_ms * halves // 2
            if opens_ms is None or due_ms < opens_ms:
                yield level, due_ms
            elif level == _WORST:
                yield level, min(due_ms, opens_ms)


@dataclass(slots=True)
class Asked:
    """A record that asks for an answer. `precedence` is empty if it is about the channel.

    Such a record is `excused` if the party that had to answer it suspended its channel meanwhile,
    as far as the watchdog knew when the wait was over.
    It `is_timed` if all clocks that it is judged by were right until the watchdog heard that its
    last wait was over.
    """

    entry: Entry
    precedence: str = ""
    starts_ms: int | None = None  # when the flight starts
    taken_back: Entry | None = None  # by the next revision, or by a cancellation
    excused: bool = False
    is_timed: bool = True
    waits: list[Wait] = field(default_factory=list)
    unknowing: list[Wait] = field(default_factory=list)
    """Those begun by a STANDBY when all was over: a watchdog may know of nothing else."""

    @property
    def opens_ms(self) -> int | None:
        """When the window of a notice opens."""
        return self.starts_ms if self.entry.kind == "notice" else None

    def last_due(self, level: str, due_ms: int) -> Wait:
        """The last wait that reaches a level then: a STANDBY does not make a window open later."""
        return [wait for wait in self.waits if (level, due_ms) in wait.dues()][-1]


def read_messages(evidence: Evidence) -> dict[Ref, Asked]:
    """Every message of both parties with all its waits."""
    asked = {
        message.entry.ref: message
        for party in evidence.parties
        for message in _asked_by(evidence, party)
    }
    answers = answers_in(evidence, "reply", "voice")
    silences = {party: silences_of(evidence, party) for party in evidence.parties}
    for ref, message in asked.items():
        given = sorted(answers.get(ref, ()), key=lambda entry: entry.at_ms)
        message.waits = list(_waits(message, given, evidence.timers_ms))
        late = given[len(message.waits) :]
        standbys = (answer for answer in late if _is_standby(answer))
        message.unknowing = [_wait(message, each, evidence.timers_ms) for each in standbys]
        for wait, after in zip_longest(message.waits, message.waits[1:]):
            # If clocks differ, the STANDBY that begins the next wait may have ended this one first.
            ends = (wait.ended, after and after.begun)
            wait.heard_ms = min((evidence.heard_ms(end.ref) for end in ends if end), default=0)
        last = message.waits[-1]
        over_ms = last.heard_ms if last.ended else evidence.finished_ms
        said_ms, clocks = evidence.when(message.entry), {*evidence.parties, evidence.watchdog}
        message.is_timed = clocks_were_right(evidence, clocks, said_ms, over_ms)
        other = next(party for party in evidence.parties if party != ref.station)
        message.excused = not message.precedence and any(
            silence.until_as_known_ms(evidence, over_ms) > message.entry.at_ms
            for silence in silences[other]
        )
    return asked


def _asked_by(evidence: Evidence, party: str) -> Sequence[Asked]:
    """What a party says that asks for an answer, with no waits yet."""
    asked: list[Asked] = []
    last: dict[str, Asked] = {}  # by notice
    for entry in sensible(evidence, party):
        match entry.kind:
            case "check" | "suspend" | "resume":
                asked.append(Asked(entry))
            case "stop":
                asked.append(Asked(entry, "FLASH"))
            case "notice" | "cancel":
                message = Asked(entry)
                if before := last.get(entry.body["notice"]):
                    before.taken_back = entry
                    message.precedence, message.starts_ms = before.precedence, before.starts_ms
                if entry.kind == "notice":
                    message.starts_ms = starts_ms(entry)
                message.precedence = entry.body.get("precedence", message.precedence)
                last[entry.body["notice"]] = message
                asked.append(message)
    return asked


def deadlines(evidence: Evidence) -> Iterator[tuple[Asked, Wait, str, int]]:
    """Each level that each wait of each message reaches, if it lasts that long, and when.

    Of messages that are timed by right clocks.
    """
    for message in read_messages(evidence).values():
        for wait in message.waits if message.is_timed else ():
            for level, due_ms in wait.dues():
                yield message, wait, level, due_ms


def flagged_in_vain(evidence: Evidence) -> Iterator[tuple[Entry, Ref, Entry]]:
    """Each flag whose wait had ended before its deadline, its message, and what ended the wait.

    If several waits have one deadline, the last counts. What is said only after the flag, by a
    clock that is behind, has not ended it.
    """
    flags = flags_by_due(evidence, "unanswered")
    for message, wait, level, due_ms in deadlines(evidence):
        ref, ended = message.entry.ref, wait.ended
        if ended is None or ended.at_ms + SLACK_MS > due_ms:
            continue
        if wait is message.last_due(level, due_ms):
            for flag in flags[ref, due_ms]:
                is_said = evidence.when(ended) + SLACK_MS <= evidence.when(flag)
                if flag.body["level"] == level and is_said:
                    yield flag, ref, ended


def starts_ms(notice: Entry) -> int | None:
    """When the first window of a notice opens."""
    windows = (volume.get("time_start") for volume in notice.body["volumes"])
    return min((to_ms(window["value"]) for window in windows if window), default=None)


def ends_ms(notice: Entry) -> int | None:
    """When the last window of a notice closes, if none stays open."""
    closings = [volume.get("time_end") for volume in notice.body["volumes"]]
    return max(to_ms(closing["value"]) for closing in closings) if all(closings) else None


def answers_in(evidence: Evidence, *kinds: str) -> dict[Ref, list[Entry]]:
    """All answers of some kinds by what they refer to, in the order of their journals."""
    answers: dict[Ref, list[Entry]] = defaultdict(list)
    for party in evidence.parties:
        for entry in sensible(evidence, party):
            if entry.kind in kinds:
                to = entry.body["refers_to"]
                answers[Ref(to["station"], to["seq"])].append(entry)
    return dict(answers)


def _waits(message: Asked, answers: Sequence[Entry], timers_ms: dict[str, int]) -> Iterator[Wait]:
    begun = message.entry
    for answer in answers:
        yield _wait(message, begun, timers_ms, answer)
        if not _is_standby(answer):
            return
        begun = answer
    yield _wait(message, begun, timers_ms)


def _wait(
    message: Asked, begun: Entry, timers_ms: dict[str, int], ended: Entry | None = None
) -> Wait:
    """The wait that `begun` begins. It ends too when the author takes the message back."""
    expected_ms = None if begun is message.entry else to_ms(begun.body["expected_at"])
    allowed_ms = _allowed_ms(message, begun.at_ms, expected_ms, timers_ms)
    back = message.taken_back
    if back and (ended is None or back.at_ms < ended.at_ms):
        ended = back
    return Wait(begun, allowed_ms, message.opens_ms, ended)


def _is_standby(answer: Entry) -> bool:
    return bool(answer.body["answer"] == "STANDBY")


def _allowed_ms(
    message: Asked, since_ms: int, expected_ms: int | None, timers_ms: dict[str, int]
) -> int:
    if not message.precedence:
        return timers_ms["answer_check"]
    allowed_ms = timers_ms[f"answer_{message.precedence.lower()}"]
    if message.starts_ms is not None:
        half_the_lead_ms = (message.starts_ms - since_ms) // 2
        allowed_ms = min(allowed_ms, max(half_the_lead_ms, timers_ms["answer_floor"]))
    if expected_ms is not None:
        allowed_ms = min(allowed_ms, max(expected_ms - since_ms, 0))
    return allowed_ms
