"""Scripted duty officers: who is at the desk when, how long they read, and what they answer."""

import heapq
import random
from collections.abc import Sequence

from hotline.bodies import Answer, Body
from hotline.picture.lifecycle import CONSENT, Answering
from hotline.picture.message import Message
from hotline.station.officer import Officer, reply_to
from hotline.times import DAY_MS
from sim.scenario.fault import FaultKind
from sim.scenario.roster import AnswerRule, DutyOfficer, Leave
from sim.scenario.scenario import Scenario


class ScriptedOfficers(Officer):
    """One party's desk with its duty roster.

    Whoever is there reads a message; if nobody is, it waits for the next who comes. How long the
    reading takes is drawn from the seed and the message, so that it does not depend on the order
    in which things happen to arrive.
    """

    def __init__(self, scenario: Scenario, party: str, seed: int) -> None:
        self._roster = scenario.officers.get(party, ())
        self._vanished = _vanished(scenario, party)
        self._start_ms = scenario.start
        self._party = party
        self._seed = seed
        self._pile: list[tuple[int, int, Message, AnswerRule | None]] = []
        self._shown = 0

    def show(self, message: Message, now_ms: int) -> None:
        """A message is on the screen."""
        begins = self._next_at_desk(now_ms)
        if begins is not None:
            officer, begins_ms = begins
            draw = random.Random(f"{self._seed}/{self._party}/{message.ref}")
            reads_ms, promised = draw.randint(*officer.reads_in), None
            if message.answering is Answering.STANDBY:  # before the station was started again
                promised = officer.rule_for(message)
                begins_ms = max(begins_ms, message.expected_ms or 0)
            self._put(begins_ms + reads_ms, message, promised)

    def due_ms(self) -> int | None:
        """When the next answer is ready."""
        return self._pile[0][0] if self._pile else None

    def say(self, now_ms: int) -> Sequence[Body]:
        """The answers that are ready; messages that need none any more are put aside."""
        replies: list[Body] = []
        while self._pile and self._pile[0][0] <= now_ms:
            _, _, message, promised = heapq.heappop(self._pile)
            if not message.waits:
                continue
            there = self._next_at_desk(now_ms)
            if there is None:
                continue
            officer, at_ms = there
            if at_ms > now_ms:  # the reader left before the end; the next one takes over
                self._put(at_ms, message, promised)
            else:
                replies += self._answer(officer, message, promised, now_ms)
        return replies

    def _put(self, at_ms: int, message: Message, promised: AnswerRule | None) -> None:
        self._shown += 1
        heapq.heappush(self._pile, (at_ms, self._shown, message, promised))

    def _answer(
        self, officer: DutyOfficer, message: Message, promised: AnswerRule | None, now_ms: int
    ) -> list[Body]:
        rule = promised or officer.rule_for(message)
        answer = rule.then if promised and rule else rule and rule.answer
        if answer == "NOTHING":
            return []
        reply = Answer(answer) if answer else CONSENT[message.asks]
        expected_ms = None
        if rule and reply is Answer.STANDBY and rule.for_ms is not None:
            expected_ms = now_ms + rule.for_ms
            self._put(expected_ms, message, rule)
        reason = rule.reason if rule and reply is Answer.REJECT else None
        return [reply_to(message, reply, officer.name, reason, expected_ms)]

    def _next_at_desk(self, now_ms: int) -> tuple[DutyOfficer, int] | None:
        """Who is at the desk now, or next, and from when."""
        nexts = [(officer, self._available_ms(officer, now_ms)) for officer in self._roster]
        return min(nexts, key=lambda pair: pair[1], default=None)

    def _available_ms(self, officer: DutyOfficer, now_ms: int) -> int:
        at_ms = now_ms
        while True:
            later_ms = _shift_begins_ms(officer, at_ms)
            for absence in (*officer.absent, *self._vanished):
                since_ms = later_ms - self._start_ms
                if absence.from_ms <= since_ms < absence.until_ms:
                    later_ms = self._start_ms + absence.until_ms
            if later_ms == at_ms:
                return at_ms
            at_ms = later_ms


def _shift_begins_ms(officer: DutyOfficer, now_ms: int) -> int:
    """Now, if the officer's watch is on; else when it begins."""
    shift = officer.on_watch
    if shift is None:
        return now_ms
    of_day = now_ms % DAY_MS
    length_ms = (shift.until_ms - shift.from_ms) % DAY_MS or DAY_MS
    into_ms = (of_day - shift.from_ms) % DAY_MS
    return now_ms if into_ms < length_ms else now_ms + DAY_MS - into_ms


def _vanished(scenario: Scenario, party: str) -> list[Leave]:
    """When nobody at all is at a party's desk, whatever the roster says."""
    return [
        Leave.model_construct(from_ms=event.at_ms, until_ms=event.at_ms + event.fault.for_ms)
        for event in scenario.events
        if event.fault
        and event.fault.kind is FaultKind.OFFICERS_VANISH
        and event.fault.of in (None, party)
    ]
