"""Recordings of what is on disk: journals, and records that were exported from them."""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path

from hotline.bodies import Flag, Ref, Rule
from hotline.config.config import LineConfig
from hotline.counting import counted
from hotline.errors import LocalError
from hotline.journal.exported import content_of, take_lines
from hotline.journal.journal_file import FILE, is_database
from hotline.journal.journal_reader import JournalReader
from hotline.line import Line
from hotline.paths import is_file, is_folder
from hotline.records import Record, decode
from hotline.times import MINUTE_MS, SECOND_MS
from sim.recording.absences import CLOSING_MS, Absence
from sim.recording.known_line import displayed, members, of_line, timers_of
from sim.recording.recording import Recording


def from_files(paths: Sequence[Path], config: LineConfig | None) -> Recording:
    """A recording of all that some state directories and NDJSON files hold.

    Raises:
        LocalError: they cannot be read, are of several lines, or do not show who is on theirs.
    """
    records, owned = _taken_together(paths)
    if not records:
        raise LocalError(f"no records in {_listed(paths)}; nothing to record")
    line = config.members if config else owned
    names = {record.line for record in records.values()} | ({line.name} if line else set())
    _require_one(names)
    line = line or members(names.pop(), records.values(), {})
    said = of_line(line, records)
    begins_later, lacking = list(_begins_later(line, records)), list(_missing(line, records))
    if not said:
        raise LocalError(f"no record in {_listed(paths)} is of a station of the line {line.name}")
    timers, of_timers = timers_of(config, line, said)
    begins_ms = min(record.at_ms for record in said) // MINUTE_MS * MINUTE_MS
    said, ends_ms = _before_the_last_goodbyes(said)
    return Recording(
        line,
        displayed(config),
        said,
        begins_ms=begins_ms,
        ends_ms=ends_ms,
        origin=f"the journals in {_listed(paths)}",
        timers=timers,
        remarks=[*begins_later, *of_timers],
        lacking=lacking,
    )


def _before_the_last_goodbyes(said: list[Record]) -> tuple[list[Record], int]:
    """The records until the stations left for good, and when that was.

    When a line is closed in good order, a station that leaves later flags the goodbyes of the
    others. They are the end of the story, and nobody's silence.
    """
    latest = sorted(said, key=lambda record: record.at_ms, reverse=True)
    last_ms = latest[0].at_ms
    goodbyes = {
        record.ref: record.at_ms
        for record in itertools.takewhile(_is_goodbye, latest)
        if record.at_ms > last_ms - CLOSING_MS
    }
    records = [record for record in said if record.ref not in goodbyes]
    if not goodbyes or not records:
        return said, last_ms + SECOND_MS
    return records, min(goodbyes.values())


def _is_goodbye(record: Record) -> bool:
    flag = record.body
    if not isinstance(flag, Flag) or flag.rule is not Rule.SILENT:
        return False
    return Absence(flag.subject.station, record.at_ms, None, flag.detail).has_left


def _taken_together(paths: Sequence[Path]) -> tuple[dict[Ref, Record], Line | None]:
    """All records in some places, and the line of the first journal among them."""
    records: dict[Ref, Record] = {}
    line = None
    for path in itertools.chain.from_iterable(map(_journals_in, paths)):
        if is_folder(path):
            owned, found = _read_journal(path)
            line = line or owned
        else:
            found = _read_ndjson(path)
        for record in found:
            known = records.setdefault(record.ref, record)
            if known.line != record.line:
                _require_one({known.line, record.line})
            if known.raw != record.raw:
                raise LocalError(f"{path}: {record.ref} has other content than elsewhere: a fork")
    return records, line


def _require_one(lines: set[str]) -> None:
    if len(lines) > 1:
        raise LocalError(f"expected records of one line, got those of {_listed(sorted(lines))}")


def _journals_in(path: Path) -> list[Path]:
    """The state directories in a directory that is not one itself, as `run --keep` leaves them."""
    inside = [] if is_file(path / FILE) else sorted(file.parent for file in path.glob(f"*/{FILE}"))
    return inside or [path]


def _read_journal(directory: Path) -> tuple[Line, list[Record]]:
    with closing(JournalReader.look_at(directory)) as journal:
        return journal.owner()[0], list(journal.records())


def _read_ndjson(path: Path) -> list[Record]:
    content = content_of(path)
    if is_database(content):
        raise LocalError(f"{path} is the file of a journal; name its directory, {path.parent}")
    records = []

    def take(raw: bytes) -> None:
        if raw:
            records.append(decode(raw))

    take_lines(path, content, take)
    return records


def _begins_later(line: Line, records: Mapping[Ref, Record]) -> Iterable[str]:
    """Which journals do not begin with their first record, in words: the oldest may be pruned."""
    for station, numbers in _numbers(line, records):
        if numbers and numbers[0] > 1:
            yield f"The records of {station} before {station}/{numbers[0]} are missing."
        elif not numbers and station in line.parties:  # a watchdog may have had nothing to say
            yield f"There are no records of {station}."


def _missing(line: Line, records: Mapping[Ref, Record]) -> Iterable[str]:
    """What is missing in the middle of each journal, in words."""
    for station, numbers in _numbers(line, records):
        if numbers and (gaps := numbers[-1] - numbers[0] + 1 - len(numbers)):
            is_missing = "is missing" if gaps == 1 else "are missing"
            yield f"{counted(gaps, 'record')} of {station} {is_missing} in between."


def _numbers(line: Line, records: Mapping[Ref, Record]) -> Iterable[tuple[str, list[int]]]:
    for station in line.stations:
        yield station, sorted(seq for of, seq in records if of == station)


def _listed(things: Iterable[object]) -> str:
    return ", ".join(str(thing) for thing in things)
