"""The flags of a line, as its watchdogs' journals tell of them."""

from collections.abc import Iterable
from dataclasses import dataclass

from hotline.bodies import Clear, Flag, Level, Ref, Rule
from hotline.records import Record


@dataclass(slots=True)
class FlagEntry:
    """One level of one flag by one watchdog, and when that came and went (epoch ms)."""

    ref: Ref
    flag: Flag
    raised_ms: int
    cleared_ms: int | None = None

    @property
    def by(self) -> str:
        """The watchdog that raised it."""
        return self.ref.station

    @property
    def level(self) -> Level:
        """How bad it is."""
        return self.flag.level


class Flagged:
    """Every level of every flag that is in memory: what stands, and what was cleared lately."""

    def __init__(self) -> None:
        self._by_key: dict[tuple[str, str], list[FlagEntry]] = {}
        self._touched: dict[Ref, FlagEntry] = {}

    def entries(self) -> list[FlagEntry]:
        """All that are in memory, in the order in which each watchdog raised them."""
        entries = (entry for entries in self._by_key.values() for entry in entries)
        return sorted(entries, key=lambda entry: entry.ref)

    def of(self, watchdog: str, key: str) -> list[FlagEntry]:
        """The flags in memory that a watchdog has raised under this key, cleared or not."""
        return self._by_key.get((watchdog, key), [])

    def standing(self, watchdog: str) -> dict[str, list[FlagEntry]]:
        """What a watchdog has raised and not cleared: key to its levels, in order."""
        standing = {
            key: [entry for entry in entries if entry.cleared_ms is None]
            for (by, key), entries in self._by_key.items()
            if by == watchdog
        }
        return {key: entries for key, entries in standing.items() if entries}

    def fold_flag(self, record: Record, flag: Flag) -> None:
        """A watchdog raised a flag, or one more level of it."""
        self._add(FlagEntry(record.ref, flag, record.at_ms))

    def fold_clear(self, record: Record, clear: Clear) -> bool:
        """A watchdog cleared a flag, with all its levels; False: it had not raised it."""
        found = False
        for entry in self.of(record.station, clear.key):
            if entry.cleared_ms is None:
                entry.cleared_ms = record.at_ms
                self._touched[entry.ref] = entry
                found = True
        return found

    def take_up(self, entries: Iterable[FlagEntry]) -> None:
        """Have these in memory, as they were put away."""
        for entry in entries:
            self._add(entry)
        self._touched.clear()

    def put_away(self) -> list[FlagEntry]:
        """Hand out what has changed since the last time, and forget what is cleared."""
        touched = list(self._touched.values())
        self._touched.clear()
        for key in {(entry.by, entry.flag.key) for entry in touched if entry.cleared_ms}:
            left = [entry for entry in self._by_key[key] if entry.cleared_ms is None]
            if left:
                self._by_key[key] = left
            else:
                del self._by_key[key]
        return touched

    def seen(self) -> list[FlagEntry]:
        """Every flag and level once, however many watchdogs raised it; cleared once any did.

        Two flags on a record are the same if their deadline is, and always if they say that it
        makes no sense; two on a station if one was standing when the other was raised.
        """
        merged: list[FlagEntry] = []
        last: dict[tuple[str, Level, int], FlagEntry] = {}
        # By their times: how the watchdogs' journals interleaved must not show.
        for entry in sorted(self.entries(), key=lambda e: (e.raised_ms, e.ref)):
            due_ms = entry.flag.due if _has_deadline(entry.flag) else 0
            known = last.get((entry.flag.key, entry.level, due_ms))
            if known is None or not _are_one(known, entry):
                known = last[entry.flag.key, entry.level, due_ms] = FlagEntry(
                    entry.ref, entry.flag, entry.raised_ms, entry.cleared_ms
                )
                merged.append(known)
            else:
                cleared = [e.cleared_ms for e in (known, entry) if e.cleared_ms is not None]
                known.cleared_ms = min(cleared, default=None)
        return sorted(merged, key=lambda e: (e.raised_ms, e.flag.key, e.flag.due))

    def _add(self, entry: FlagEntry) -> None:
        self._by_key.setdefault((entry.by, entry.flag.key), []).append(entry)
        self._touched[entry.ref] = entry


def _has_deadline(flag: Flag) -> bool:
    """Whether its `due` is a deadline, and not when its watchdog noticed."""
    return flag.subject.seq is not None and flag.rule is not Rule.INVALID


def _are_one(known: FlagEntry, entry: FlagEntry) -> bool:
    if known.by == entry.by:
        return False  # the same watchdog, once more
    if entry.flag.subject.seq:
        return True
    return known.cleared_ms is None or entry.raised_ms <= known.cleared_ms
