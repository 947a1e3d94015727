"""A recorded line as a scenario: everything that was said is said again at its time."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from hotline.bodies import Clear, Flag, Reply
from hotline.counting import counted
from hotline.errors import LocalError
from hotline.line import Line
from hotline.picture.flagged import FlagEntry
from hotline.picture.picture import Picture
from hotline.records import Record
from hotline.timers import Timers
from hotline.times import SECOND_MS, format_instant, write_duration
from sim.recording import absences, beginning, deaf
from sim.recording.absences import Absence
from sim.recording.carried import carried
from sim.recording.outcome import Outcome
from sim.recording.sheet import Item, Sheet
from sim.recording.transcript import Transcript


@dataclass(frozen=True)
class Recording:
    """The recording of a line, from `begins_ms` to `ends_ms` (epoch ms).

    `records` are of all its stations, `seen` are absences that were seen, `origin` is where all
    this comes from, in words; `remarks` say what else a reader must know, `lacking` what of the
    line's own records is not in it.
    """

    line: Line
    displayed: Mapping[str, str]
    records: Sequence[Record]
    begins_ms: int
    ends_ms: int
    origin: str
    timers: Timers
    seen: Sequence[Absence] = ()
    remarks: Sequence[str] = ()
    lacking: Sequence[str] = ()

    def cut(self, from_ms: int | None, until_ms: int | None) -> "Cut":
        """The part between two times; if one is None, from the beginning or to the end.

        It begins earlier if something from before still waited at its beginning.

        Raises:
            LocalError: nothing of the recording is between them.
        """
        self._expect_between(from_ms, until_ms)
        begins_ms = self.begins_ms if from_ms is None else from_ms
        # No later than it ended: what is due then would be flagged.
        ends_ms = self.ends_ms if until_ms is None else min(until_ms, self.ends_ms)
        ends_ms = max(ends_ms, begins_ms + SECOND_MS)
        return Cut(self, begins_ms, ends_ms, is_cut=(from_ms, until_ms) != (None, None))

    def _expect_between(self, from_ms: int | None, until_ms: int | None) -> None:
        if from_ms is not None and from_ms >= self.ends_ms:
            ends = f"the recording ends at {format_instant(self.ends_ms)}"
            raise LocalError(
                f"--from is {format_instant(from_ms)}: {ends}; expected a time before that"
            )
        if until_ms is not None and until_ms <= self.begins_ms:
            begins = f"the recording begins at {format_instant(self.begins_ms)}"
            at = format_instant(until_ms)
            raise LocalError(f"--until is {at}: {begins}; expected a time after that")
        if from_ms is not None and until_ms is not None and from_ms >= until_ms:
            times = f"--from is {format_instant(from_ms)}, --until {format_instant(until_ms)}"
            raise LocalError(f"{times}; expected --from to be before --until")


@dataclass
class Cut:
    """A part of a recording, as a scenario."""

    of: Recording
    asked_ms: int
    ends_ms: int
    is_cut: bool

    def __post_init__(self) -> None:
        until = [record for record in self.of.records if record.at_ms <= self.ends_ms]
        self._picture = Picture(self.of.line)
        self._picture.fold_all(until)
        self._said_ms = {record.ref: record.at_ms for record in until}
        self._answers = [
            (r.ref, r.body.refers_to.ref, r.at_ms) for r in until if isinstance(r.body, Reply)
        ]
        away, timers = self._absences(), self.of.timers
        waiting = beginning.all_that_waits(self._picture, until, away, self.ends_ms, timers)
        self.beginning = beginning.begin(self.asked_ms, self.of.begins_ms, waiting)
        self.begins_ms = self.beginning.at_ms
        """When it really begins: at `asked_ms` at the latest."""
        self._said = [record for record in until if record.at_ms >= self.begins_ms]
        before = [record for record in until if record.at_ms < self.begins_ms]
        self._carried = list(carried(self.of.line, before, self._said, self.begins_ms, timers))
        self._away = [
            each for each in away if each.until_ms is None or each.until_ms > self.begins_ms
        ]

    def sheet(self) -> Sheet:
        """The scenario file.

        Raises:
            LocalError: nothing happened.
        """
        transcript = Transcript(self.of.line, self._picture, self.begins_ms)
        parties = self.of.line.parties  # whose flags make no sense: they are left out, and told
        said = [
            r for r in self._said if r.station in parties or not isinstance(r.body, Flag | Clear)
        ]
        transcript.write_down([*self._carried, *said])
        faults = [self._fault(absence) for absence in self._away]
        timed = sorted([*faults, *transcript.items], key=lambda each: each[0])
        if len(timed) == len(self._carried):
            between = f"{format_instant(self.begins_ms)} and {format_instant(self.ends_ms)}"
            raise LocalError(f"nothing was said between {between}, so there is nothing to record")
        outcome = Outcome(
            self._picture, transcript, self._away, self.begins_ms, self.ends_ms, self.of.timers
        )
        expect = list(outcome.expected())
        return Sheet(
            remarks=list(self._remarks()),
            head=self._head(transcript),
            events=[item for _, item in timed],
            left_out=[*transcript.left_over, *outcome.not_expected],
            expect=expect,
            missing=transcript.missing,
            changed=transcript.changed,
        )

    @property
    def flags(self) -> list[FlagEntry]:
        """The flags that were raised in it, but for those of words that are left out of it."""
        return [
            entry
            for entry in self._picture.flags_seen()
            if entry.raised_ms >= self.begins_ms
            and entry.flag.subject.ref not in self._picture.invalid
        ]

    def _absences(self) -> list[Absence]:
        """The absences that began before the end."""
        line, timers, flags = self.of.line, self.of.timers, self._picture.flags_seen()
        away = absences.all_of(absences.flagged(flags), self.of.seen)
        by_watchdogs = [r for r in self.of.records if r.station in line.watchdogs]
        away = absences.apart(away, by_watchdogs)
        away = absences.last_words_first(away, self._answers, self._said_ms)
        away = absences.without_words(away, self._said_ms, timers.clock_skew_ms)
        away += [  # one that was missed was mute; what it said does not come back either
            each
            for each in deaf.watchdogs(flags, timers)
            if not any(each.overlaps(other) for other in away)
        ]
        said_ms = self._said_ms
        more = absences.of_watchdogs(line, flags, by_watchdogs, said_ms, known=away, timers=timers)
        away = [*away, *more]
        away += deaf.parties(line, flags, said_ms, self._answers, known=away, timers=timers)
        return [absence for absence in away if absence.from_ms < self.ends_ms]

    def _fault(self, absence: Absence) -> tuple[int, Item]:
        """The fault that makes a station as absent as it was."""
        from_ms = absence.nothing_since_ms(self.of.timers.silent_ms)
        until_ms = absence.until_ms or self.ends_ms
        fault: dict[str, object] = {"kind": "cut", "of": absence.station}
        if absence.is_deaf:
            fault["kind"] = "cut_in"
        elif absence.has_left:
            fault["kind"] = "leave"
        elif absence.is_concluded:
            fault |= {"will": "never"}
        elif absence.is_missed:  # no will told of it
            if self._watched_nobody(absence.station, from_ms, until_ms):
                fault |= {"will": "never"}
            else:  # the link was open, and nothing came through
                fault |= {"kind": "loss", "share": 1.0}
                until_ms -= 1
                if self._could_hear(absence._replace(from_ms=from_ms)):
                    fault |= {"way": "out"}
        from_ms = max(from_ms, self.begins_ms)
        fault["for"] = write_duration(max(until_ms - from_ms, 1))
        comments = [f"{absence.station} {absence.what}"]
        if absence.until_ms is None:
            comments.append("It did not come back; every fault is over at the end of a scenario.")
        at_ms = from_ms - self.begins_ms
        return at_ms, Item({"at": write_duration(at_ms), "fault": fault}, comments)

    def _could_hear(self, absence: Absence) -> bool:
        """Whether it was mute, and no more: of a watchdog that was deaf too, that is told apart."""
        is_watchdog = absence.station in self.of.line.watchdogs
        return is_watchdog or deaf.answered(absence, self._said_ms, self._answers)

    def _watched_nobody(self, station: str, from_ms: int, until_ms: int) -> bool:
        """Whether it is a watchdog that flagged nobody while it heard nobody: not at work."""
        words_ms = (record.at_ms for record in self.of.records if record.station == station)
        is_watchdog = station in self.of.line.watchdogs
        return is_watchdog and not any(from_ms <= at_ms < until_ms for at_ms in words_ms)

    def _head(self, transcript: Transcript) -> dict[str, object]:
        recording, line = self.of, self.of.line
        first, last = format_instant(self.begins_ms), format_instant(self.ends_ms)
        words = counted(len(transcript.items) - len(self._carried), "record")
        of_all = f" ({transcript.missing} left out)" if transcript.missing else ""
        head: dict[str, object] = {
            "title": f"Recorded on the line {line.name} at {first[:10]} {first[11:16]}Z",
            "teaches": f"What was said there is said again in {words} of two parties{of_all}.",
            "background": f"From {first} to {last}. Say here what it was about.",
            "source": f"Recorded from {recording.origin}.",
            "line": line.name,
            "parties": {name: recording.displayed.get(name, name) for name in line.parties},
            "watchdogs": list(line.watchdogs),
            "start": first.replace(".000Z", "Z"),
            "duration": write_duration(self.ends_ms - self.begins_ms),
        }
        if timers := recording.timers.model_dump(mode="json", by_alias=True, exclude_defaults=True):
            head["timers"] = timers
        if transcript.areas:
            head["areas"] = transcript.areas
        return head

    def _remarks(self) -> Iterator[str]:
        yield f"RECORDED by `hotline-sim record` from {self.of.origin}."
        if self.is_cut:
            yield (
                f"Cut to what was said from {format_instant(self.begins_ms)}"
                f" to {format_instant(self.ends_ms)}."
            )
        yield from self.beginning.remarks(self.asked_ms)
        yield "All times count from `start`: change that, and all that is said moves along."
        yield "Nobody sits at the desks: the recorded answers are events."
        yield from self.of.remarks
