"""Pictures as text: the one in a station's memory, and those that a start from its disk gives."""

import json

from hotline.journal.journal import Journal
from hotline.line import Line
from hotline.picture.picture import Picture
from hotline.records import Record, decode


class Reader:
    """Reads disks as a start would; what is the same on several of them it reads once."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._records: dict[bytes, Record] = {}
        self._told: dict[tuple[bytes, ...], tuple[str, str]] = {}  # of the pictures of all records

    def read_anew(
        self, journal: Journal, lines: list[bytes]
    ) -> tuple[dict[str, str], dict[str, str]]:
        """The pictures that starts with and without the past make of a disk with these records.

        First those of what waits and stands flagged, then those of everything.
        """
        records = [self._record(raw) for raw in lines]
        in_memory_of_all, all_of_it = self._tell(tuple(lines), records)
        started = self._taken_up(journal, records, everything=False)
        put_away = self._taken_up(journal, records, everything=True)
        return (
            {
                "from its records": in_memory_of_all,
                "as it would start": in_memory(started) if started else in_memory_of_all,
            },
            {
                "from its records": all_of_it,
                "as put away": _everything(put_away) if put_away else all_of_it,
            },
        )

    def _taken_up(
        self, journal: Journal, records: list[Record], *, everything: bool
    ) -> Picture | None:
        """The picture that continues from a checkpoint; None if nothing was ever put away."""
        checkpoint = journal.shelf.checkpoint(everything=everything)
        if not checkpoint.heads:
            return None
        picture = Picture(self._line, journal.shelf)
        picture.take_up(checkpoint)
        picture.fold_all(r for r in records if r.seq > checkpoint.heads.get(r.station, 0))
        return picture

    def flags_seen(self, lines: list[bytes]) -> list[tuple[str, str, int]]:
        """The key, level and deadline of each flag that people see who read these records."""
        picture = Picture(self._line)
        picture.fold_all(map(self._record, lines))
        return [(e.flag.key, str(e.level), e.flag.due) for e in picture.flags_seen()]

    def _tell(self, lines: tuple[bytes, ...], records: list[Record]) -> tuple[str, str]:
        told = self._told.get(lines)
        if told is None:
            picture = Picture(self._line)
            picture.fold_all(records)
            told = self._told[lines] = in_memory(picture), _everything(picture)
        return told

    def _record(self, raw: bytes) -> Record:
        record = self._records.get(raw)
        if record is None:
            record = self._records[raw] = decode(raw)
        return record


def in_memory(picture: Picture) -> str:
    """All that a picture cannot have put away: what waits, what stands, and the last words."""
    messages = [repr(m) for _, m in sorted(picture.messages.items()) if m.waits]
    flags = [(e.ref, e.flag.model_dump_json()) for e in picture.flags if e.cleared_ms is None]
    early = sorted(answer.ref for answer in picture.early.every())
    declared = [repr(each) for _, each in sorted(picture.declared.items())]
    checks = [refs for _, refs in sorted(picture.checks.items())]
    answered = sorted(picture.answered_checks.items())
    stops = [f"{notice} was stopped at {at}" for notice, at in sorted(picture.stops.items())]
    parts = [picture.heads, messages, flags, early, declared, checks, answered, stops]
    return json.dumps(parts, sort_keys=True)


def _everything(picture: Picture) -> str:
    """All that a picture says, in one text."""
    messages = [repr(m) for _, m in sorted(picture.messages.items())]
    flags = [(e.ref, e.flag.model_dump_json(), e.cleared_ms) for e in picture.flags]
    invalid = sorted(picture.invalid)
    return json.dumps([picture.heads, messages, flags, invalid], sort_keys=True)
