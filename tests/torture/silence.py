"""The judge of flags: was every silence flagged, once, and nothing else?

* must: a wait that lasted longer than a level's deadline, the grace and a hiccup has that flag,
  once, whatever was broken meanwhile. Exception: a STANDBY that may have been heard only when its
  message had already been taken back need not have begun a new wait.
* must not: if the record that ended a wait was committed a hiccup before the deadline, and its
  author's link, the broker and the watchdog were sound from then on for the grace and a hiccup,
  that deadline is never flagged. A flag whose `due` belongs to no wait is false in any weather.
* soon: a flag never comes before the deadline and the grace; if everything was sound around that
  time, it comes within a tick after it.
* life: levels rise; one clear ends them all, and not before something came; in the end nothing
  stands that has been settled.
* never: nonsense, forks and clocks that differ are not flagged, as nothing here can cause them.
* the other rules: no flag is raised if everything has been sound for as long as its rule needs,
  and none for a missing receipt of a record if the watchdog had the answer to it or to a later
  one. `undelivered` has a must of its own, in `tests.torture.undelivered`.

Not demanded here: `blind` and `degraded` (the oracle of `sim` knows when they must come),
`late_notice` (the line has switched it off), and what the board of flags shows.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from tests.torture.evidence import Entry, Evidence, Ref, to_ms
from tests.torture.line import STATIONS, WATCHDOG
from tests.torture.messages import HALVES, Message, Wait, answers_in, read_messages
from tests.torture.weather import Weather

_ORDER = list(HALVES)
_OF_PEOPLE = ("unanswered", "degraded")  # rules that officers break, not stations
# Rules that nothing that is done to the line can break, with what is true instead.
_NEVER = {
    "invalid": "all that was said made sense",
    "fork": "nobody gives one number to two records",
    "clock_skew": "all stations have one clock",
}
HICCUP_MS = 500  # what a busy machine may add to any step
TICK_MS = 1_000  # how late a watchdog that is well may be


class FlagJudge:
    """Holds the watchdog's flags and clears against what the parties said."""

    def __init__(self, evidence: Evidence, weather: Weather, counts: Counter[str]) -> None:
        self._evidence = evidence
        self._weather = weather
        self._counts = counts
        self._grace_ms = evidence.timers_ms["grace"]
        self._messages = read_messages(evidence)
        self._journal = evidence.journal(WATCHDOG)
        counts["messages"] += len(self._messages)

    def violations(self) -> Iterator[str]:
        """All that is wrong."""
        flags: dict[tuple[Ref, int], list[Entry]] = defaultdict(list)
        for entry in self._journal:
            if entry.kind == "flag":
                self._counts[f"flags {entry.body['rule']}"] += 1
                if entry.body["rule"] == "unanswered":
                    flags[_subject(entry.body), to_ms(entry.body["due"])].append(entry)
        for message in self._messages.values():
            # The last wait first: if the flight's start limits them, VOICE_REQUIRED is due then for
            # all of them, and an earlier one has ended before it could be reached.
            for wait in reversed(message.waits):
                for level in HALVES:
                    raised = flags.pop((message.entry.ref, wait.due_ms(level)), [])
                    yield from self._judge(message, wait, level, raised)
        for (subject, _), raised in flags.items():
            yield f"{subject}: flagged by {raised[0].ref} for a deadline that it never had"
        yield from self._lives()
        yield from self._false_alarms()

    def _judge(
        self, message: Message, wait: Wait, level: str, raised: list[Entry]
    ) -> Iterator[str]:
        what = f"{message.entry.ref} at {level}"
        due_ms = wait.due_ms(level)
        ended_ms = self._evidence.finished_ms if wait.ended_ms is None else wait.ended_ms
        # A STANDBY that comes after the deadline ends one wait and begins another: if both are due
        # at the flight's start, the flag is raised for one, cleared, and raised for the other.
        if len(raised) > sum(other.due_ms(level) == due_ms for other in message.waits):
            yield f"{what}: flagged {len(raised)} times"
        if any(flag.body["level"] != level for flag in raised):
            yield f"{what}: flagged with another level"
        if due_ms + self._grace_ms + HICCUP_MS < ended_ms and not self._is_moot(message, wait):
            self._counts["silences that must be flagged"] += 1
            if not raised:
                yield f"{what}: not flagged, though nothing came for {ended_ms - due_ms} ms after"
        if self._was_carried(wait, due_ms):
            self._counts["deadlines that must not be flagged"] += 1
            if raised:
                yield f"{what}: flagged, though {wait.ended_by} was heard before the deadline"
        for flag in raised:
            yield from self._punctual(what, flag, due_ms)

    def _is_moot(self, message: Message, wait: Wait) -> bool:
        if not wait.begun_by or wait.ended_by != message.entry.ref.station:
            return False
        until_ms = wait.since_ms + self._grace_ms + HICCUP_MS
        return not self._weather.was_good({wait.begun_by, WATCHDOG}, wait.since_ms, until_ms)

    def _was_carried(self, wait: Wait, due_ms: int) -> bool:
        """Whether the wait ended before the deadline, on a line that carried that word in time."""
        if wait.ended_ms is None or wait.ended_ms + HICCUP_MS > due_ms:
            return False
        until_ms = wait.ended_ms + self._grace_ms + HICCUP_MS
        return self._weather.was_good({wait.ended_by, WATCHDOG}, wait.ended_ms, until_ms)

    def _punctual(self, what: str, flag: Entry, due_ms: int) -> Iterator[str]:
        late_ms = flag.at_ms - due_ms - self._grace_ms
        if late_ms < 0:
            yield f"{what}: flagged {-late_ms} ms too soon"
        until_ms = due_ms + self._grace_ms + TICK_MS
        if self._weather.was_good(STATIONS, due_ms, until_ms):
            self._counts["flags that must be soon"] += 1
            if late_ms > TICK_MS:
                yield f"{what}: flagged {late_ms} ms too late"

    def _lives(self) -> Iterator[str]:
        standing: dict[tuple[str, Ref], list[Entry]] = {}
        for entry in self._journal:
            if entry.kind not in {"flag", "clear"}:
                yield f"{entry.ref}: a watchdog said a {entry.kind}"
                continue
            body = entry.body
            rule, subject = key = (body["rule"], _subject(body))
            if rule in _NEVER:
                yield f"{entry.ref}: {_NEVER[rule]}, but {entry.kind}: {body.get('detail')}"
            elif entry.kind == "flag":
                raised = standing.setdefault(key, [])
                if raised and _rank(raised[-1]) >= _rank(entry):
                    yield f"{entry.ref}: {rule} {subject} is flagged again with {body['level']}"
                raised.append(entry)
            elif key not in standing:
                yield f"{entry.ref}: {rule} {subject} is cleared and was not flagged"
            else:
                yield from self._unfounded(entry, standing.pop(key))
        for (rule, subject), raised in standing.items():
            message = self._messages.get(subject)
            if rule == "degraded":
                continue  # until a check is answered
            if rule != "unanswered" or message is None or message.ended:
                yield f"{rule} {subject}: flagged by {raised[-1].ref} and never cleared"

    def _unfounded(self, clear: Entry, raised: list[Entry]) -> Iterator[str]:
        """A clear needs something that came before it."""
        message = self._messages.get(_subject(clear.body))
        if clear.body["rule"] != "unanswered" or message is None:
            return
        for due_ms in {to_ms(flag.body["due"]) for flag in raised}:
            waits = [w for w in message.waits if due_ms in {w.due_ms(level) for level in HALVES}]
            if waits and all(w.ended_ms is None or w.ended_ms > clear.at_ms for w in waits):
                yield f"{clear.ref}: clears {message.entry.ref}, for which nothing had come"
                return

    def _false_alarms(self) -> Iterator[str]:
        """Flags of the other rules in good weather, or against better knowledge."""
        timers_ms = self._evidence.timers_ms
        needs_ms = max(timers_ms["silent"], timers_ms["receipt"]) + self._grace_ms
        proofs = [
            (ref, reply) for ref, replies in answers_in(self._evidence).items() for reply in replies
        ]
        for flag in self._journal:
            if flag.kind != "flag" or (rule := flag.body["rule"]) in _OF_PEOPLE:
                continue
            if self._weather.was_good(STATIONS, flag.at_ms - needs_ms, flag.at_ms):
                yield f"{flag.ref}: {rule} {_subject(flag.body)}, though nothing was wrong"
            if rule == "undelivered":
                yield from self._disproved(flag, proofs)

    def _disproved(self, flag: Entry, proofs: list[tuple[Ref, Entry]]) -> Iterator[str]:
        """A station that answers a record has it, and all before it."""
        subject = _subject(flag.body)
        for ref, reply in proofs:
            known_ms = reply.at_ms + self._grace_ms + HICCUP_MS
            if ref.station != subject.station or ref.seq < subject.seq or known_ms > flag.at_ms:
                continue
            if self._weather.was_good({reply.ref.station, WATCHDOG}, reply.at_ms, known_ms):
                after_ms = flag.at_ms - reply.at_ms
                yield f"{flag.ref}: {subject} is undelivered, {after_ms} ms after {reply.ref}"
                return


def _rank(flag: Entry) -> int:
    return _ORDER.index(flag.body["level"])


def _subject(body: dict[str, Any]) -> Ref:
    """The record that a flag is about; number 0 stands for a whole station."""
    return Ref(body["subject"]["station"], body["subject"].get("seq", 0))
