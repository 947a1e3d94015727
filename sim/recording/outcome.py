"""The expectations of a recording: the flags that were seen, and how notices ended."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hotline.bodies import Rule
from hotline.picture.flagged import FlagEntry
from hotline.picture.picture import Picture
from hotline.status import NOT_HEARD
from hotline.timers import Timers
from hotline.times import LONG_AGO_MS, SECOND_MS, format_instant, write_duration
from sim.recording.absences import Absence
from sim.recording.deaf import is_of_deaf
from sim.recording.sheet import Item
from sim.recording.transcript import Said, Transcript

_EARLIER_MS, _LATER_MS = 1 * SECOND_MS, 5 * SECOND_MS  # a real broker and its machine may cost this
_UNEXPLAINED = {
    Rule.BLIND: "why the watchdog did not get the records that it knew of",
    Rule.FORK: "who spoke in another's name",
    Rule.CLOCK_SKEW: "how a clock was set",
    Rule.INVALID: "what makes no sense",
}
_USUAL = (Rule.UNANSWERED, Rule.UNDELIVERED, Rule.SILENT, Rule.INVALID)


@dataclass
class Outcome:
    """The expectations of a recording from `begins_ms` to `ends_ms` (epoch ms).

    A line may take the timer `receipt` for a record and its receipt before anybody minds.
    """

    picture: Picture
    transcript: Transcript
    away: Sequence[Absence]
    begins_ms: int
    ends_ms: int
    timers: Timers

    def __post_init__(self) -> None:
        self.not_expected: list[str] = []
        """The flags that cannot be expected, in words."""
        self._on_way_ms = self.timers.receipt_ms
        self._words_ms = sorted(said_ms for said_ms, _ in self.transcript.items)

    def expected(self) -> Iterator[Item]:
        """Flags and clears in the order of their times, the states of all notices, and the rest."""
        flags = [f for f in self.picture.flags_seen() if f.raised_ms >= self.begins_ms]
        self._on_way_ms = max([self._on_way_ms, *self._held_up(flags)])
        timed: list[tuple[int, dict[str, object]]] = []
        for entry in flags:
            if why := self._why_not(entry):
                self._leave_out(entry, f"{entry.level}", entry.raised_ms, why)
                continue
            timed += self._of_flag(entry)
        seen: list[dict[str, object]] = []
        for _, expectation in sorted(timed, key=lambda each: each[0]):
            if expectation not in seen:  # all levels of a flag are cleared at once
                seen.append(expectation)
                yield Item(expectation)
        yield from self._states()
        for rule in _USUAL:
            by_absence = (Rule.UNDELIVERED, Rule.SILENT)
            is_new = rule in by_absence and self.away  # one that nobody flagged
            if not is_new and all(entry.flag.rule is not rule for entry in flags):
                yield Item({"never": {"flag": rule.value}})

    def _of_flag(self, entry: FlagEntry) -> Iterator[tuple[int, dict[str, object]]]:
        flag = entry.flag
        about, level = self._about(entry), {"level": entry.level.value}
        # The watchdog's clock may be slow, but it flags and clears nothing without a reason.
        raised_ms = max(entry.raised_ms, self._has_reason_ms(entry))
        if raised_ms > self.ends_ms:
            why = "its deadline, after the end,"
            self._leave_out(entry, f"{entry.level}", entry.raised_ms, why)
            return
        # A silence begins and ends at another point between two heartbeats each time.
        heartbeat_ms, is_deaf = self.timers.heartbeat_ms, is_of_deaf(entry)
        beat_ms = heartbeat_ms if is_deaf or self._is_missed(entry) else 0
        within = self._window(raised_ms, early_ms=beat_ms, late_ms=beat_ms if is_deaf else 0)
        yield raised_ms, {"flag": flag.rule.value, **about, **level, **within}
        if entry.cleared_ms is None:
            return
        if beat_ms and entry.cleared_ms + beat_ms > self.ends_ms:
            self._leave_out(entry, "cleared", entry.cleared_ms, "the heartbeat after it")
            return
        cleared_ms = max(entry.cleared_ms, raised_ms)
        # What a deaf station did not hear comes with a heartbeat after that.
        heard_ms = heartbeat_ms if self._was_unheard(entry) else 0
        within = self._window(cleared_ms, early_ms=heard_ms, late_ms=beat_ms)
        yield cleared_ms, {"cleared": flag.rule.value, **about, **within}

    def _leave_out(self, entry: FlagEntry, what: str, at_ms: int, why: str) -> None:
        flag = f"{entry.flag.rule} {what} of {entry.flag.subject} at {format_instant(at_ms)}"
        self.not_expected.append(f"not expected: {flag}; {why} is not recorded")

    def _is_missed(self, entry: FlagEntry) -> bool:
        """Whether it tells of missed heartbeats."""
        return entry.flag.rule is Rule.SILENT and NOT_HEARD in entry.flag.detail

    def _was_unheard(self, entry: FlagEntry) -> bool:
        """Whether it tells of what a deaf party did not hear."""
        return entry.flag.rule is Rule.UNDELIVERED and any(
            each.is_deaf and self._holds_up(each, entry) for each in self.away
        )

    def _about(self, entry: FlagEntry) -> dict[str, object]:
        subject = entry.flag.subject
        said = self.transcript.said.get(subject.ref)
        if said is None or said.notice is None:
            return {"of": subject.station}
        return self._named(said)

    def _said_ms(self, entry: FlagEntry) -> int | None:
        """When the message that a flag is about was said, if it is about one."""
        said = self.transcript.said.get(entry.flag.subject.ref)
        return self.begins_ms + said.at_ms if said else None

    def _has_reason_ms(self, entry: FlagEntry) -> int:
        """When the message that a flag is about was said, or its deadline had passed."""
        said_ms, message = self._said_ms(entry), self.picture.messages.get(entry.flag.subject.ref)
        if said_ms is None or message is None or entry.flag.rule is Rule.LATE_NOTICE:
            return LONG_AGO_MS if said_ms is None else said_ms
        # By an author's clock that was ahead, a promise could be due before the message was said.
        return said_ms + max(entry.flag.due - message.at_ms, 0) + self.timers.grace_ms

    def _named(self, said: Said) -> dict[str, object]:
        """A notice, and its revision, if there are several."""
        revision = self.transcript.revision_if_needed(said)
        return {"of": said.notice} | ({"revision": revision} if revision else {})

    def _why_not(self, entry: FlagEntry) -> str | None:
        """What is missing for this flag to come again, in words; None: nothing."""
        subject = entry.flag.subject
        if is_of_deaf(entry):
            return None
        if why := _UNEXPLAINED.get(entry.flag.rule):
            return why
        if self._is_missed(entry) and entry.raised_ms - self.begins_ms < self.timers.silent_ms:
            return "the beginning of the silence, before the start,"
        if subject.seq is None:
            return None
        if entry.flag.rule is Rule.UNDELIVERED:
            explained = any(self._holds_up(absence, entry) for absence in self.away)
            return None if explained else "what held it up"
        return None if subject.ref in self.transcript.said else "the message, from before the cut,"

    def _holds_up(self, absence: Absence, entry: FlagEntry) -> bool:
        """Whether a receipt is missing because this party was away; a watchdog holds none up."""
        if absence.station not in self.picture.line.parties:
            return False
        due_ms, said_ms = entry.flag.due, self._said_ms(entry)
        # A station whose heartbeats stop is away for some time before it is flagged.
        since = absence._replace(from_ms=absence.nothing_since_ms(self.timers.silent_ms))
        into_it = said_ms is not None and since.covers(said_ms) and since.covers(due_ms)
        return absence.covers(due_ms) or into_it

    def _held_up(self, flags: Sequence[FlagEntry]) -> Iterator[int]:
        """How long records were on their way on a slow line."""
        for entry in flags:
            said_ms = self._said_ms(entry)
            if entry.flag.rule is Rule.UNDELIVERED and self._why_not(entry) and said_ms is not None:
                yield (entry.cleared_ms or entry.raised_ms) - said_ms

    def _window(self, at_ms: int, early_ms: int = 0, late_ms: int = 0) -> dict[str, str]:
        """When to expect what came then: on a quicker line it comes as soon as its cause was said.

        It may come `early_ms` earlier or `late_ms` later for another reason.
        """
        last_ms = self.ends_ms - self.begins_ms
        since_ms = at_ms - self.begins_ms
        first = bisect_left(self._words_ms, since_ms - self._on_way_ms)  # that may be on its way
        earliest_ms = min([since_ms - early_ms, *self._words_ms[first : first + 1]]) - _EARLIER_MS
        after_ms = max(earliest_ms, 0) // SECOND_MS * SECOND_MS
        within_ms = min(-(-(since_ms + late_ms) // SECOND_MS) * SECOND_MS + _LATER_MS, last_ms)
        return {"after": write_duration(after_ms), "within": write_duration(within_ms)}

    def _states(self) -> Iterator[Item]:
        for ref, said in sorted(self.transcript.said.items(), key=lambda each: each[1].at_ms):
            message = self.picture.messages.get(ref)
            if said.kind == "notice" and message:
                yield Item({"state": message.state.value, **self._named(said)})
