"""Plays a recording once when it is made, to tell what of it does not come again."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any

from hotline.counting import counted
from hotline.errors import LocalError
from hotline.logs.stream import LogStream
from hotline.picture.flagged import FlagEntry
from hotline.times import SECOND_MS, write_duration
from sim.scenario import loading
from sim.scenario.scenario import Scenario
from sim.scenario.script import cues
from sim.stage.history import History
from sim.stage.runner import play_virtual
from sim.verdict.verdict import Verdict, reach

SAME = "Played again, it gave the same words, to the second, and the same flags."
SAME_BUT = "Otherwise, played again, it gave the same words, to the second, and the same flags."
NOT_KNOWN = "NOT KNOWN to be the same: it was not played again to its end."
_MANY = 20  # differences are shown: enough to see that it is another story


def not_as_said(missing: int, changed: int) -> list[str]:
    """The lines of a file's comment about records that are not events of it, or other ones."""
    counts = {"LEFT OUT": missing, "CHANGED": changed}
    return [
        f"{what}, and named in comments: {counted(count, 'record')}."
        for what, count in counts.items()
        if count
    ]


def remarks(text: str, flags: Sequence[FlagEntry], lacking: Sequence[str] = ()) -> list[str]:
    """Play a recording, and return the lines of its comment that say whether the same came.

    Args:
        text: the scenario file.
        flags: those that were raised on the recorded line.
        lacking: the lines that say what is not in the file; they come first.
    """
    return [*lacking, *_came_of(text, flags, SAME_BUT if lacking else SAME)]


def is_same(told: Sequence[str]) -> bool:
    """Whether remarks say that all that was said is in the file, and comes again."""
    return list(told) == [SAME]


def _came_of(text: str, flags: Sequence[FlagEntry], same: str) -> list[str]:
    try:
        differences = _differences(text, flags)
    except KeyboardInterrupt:
        return [NOT_KNOWN]
    if not differences:
        return [same]
    shown = differences[:_MANY]
    if len(differences) > _MANY:
        shown.append(f"and {len(differences) - _MANY} more.")
    return [
        "NOT THE SAME: played again on the virtual clock, it differs from what was recorded:",
        *(f"- {each}" for each in shown),
    ]


def _differences(text: str, flags: Sequence[FlagEntry]) -> list[str]:
    """The differences. Ctrl-C is a KeyboardInterrupt, also while it is played."""
    try:
        loaded = loading.parse(text, Path("recorded.yaml"))
    except LocalError:
        return ["it cannot be played: `hotline-sim check` lists its mistakes"]
    history = play_virtual(loaded.scenario, 0, _Unheard())
    if history.interrupted:
        raise KeyboardInterrupt
    return [
        *_words(loaded.scenario, history),
        *_flags(flags, history.picture.flags_seen()),
        *_expected(reach(loaded, history)),
    ]


def _words(scenario: Scenario, history: History) -> Iterator[str]:
    """When each party's words began to come at other times, or not at all."""
    for party in scenario.parties:
        meant_ms = [cue.at_ms for cue in cues(scenario) if cue.event.who == party]
        said_ms = sorted(record.at_ms for record in history.records if record.station == party)
        for meant, said in zip_longest(meant_ms, said_ms):
            if meant is None or said is None or abs(said - meant) > SECOND_MS:
                since = write_duration(max((meant or said or 0) - scenario.start, 0))
                yield f"what {party} says from {since} on comes at other times, or not at all"
                break


def _flags(recorded: Iterable[FlagEntry], played: Iterable[FlagEntry]) -> Iterator[str]:
    """Flags that were raised more or less often. Whether they come in time is an expectation."""
    before, again = (Counter(map(_key, flags)) for flags in (recorded, played))
    for key in sorted(before.keys() | again.keys()):
        if before[key] != again[key]:
            rule, level, station = key
            what = f"flag {rule} {level} of {station}"
            yield f"{what}: {before[key]} recorded, {again[key]} when played"


def _key(entry: FlagEntry) -> tuple[str, str, str]:
    # Not by number: a record that makes no sense is left out, and moves those after it.
    return str(entry.flag.rule), str(entry.level), entry.flag.subject.station


def _expected(verdict: Verdict) -> Iterator[str]:
    for finding in verdict.findings:
        if not finding.met:
            yield f"{finding.text}: {finding.detail}"


class _Unheard(LogStream):
    """Nobody listens: it is played to be compared."""

    def __call__(self, severity: str, event: str, **fields: Any) -> None:
        """Tell nobody."""
