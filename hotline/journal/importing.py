"""What a journal takes from an NDJSON file: what is new to it, and what was pruned out of it."""

from dataclasses import dataclass, field
from pathlib import Path

from hotline.bodies import Ref
from hotline.counting import counted
from hotline.errors import LocalError
from hotline.journal.chain import break_before
from hotline.journal.exported import content_of, take_lines
from hotline.journal.journal_file import is_database
from hotline.journal.journal_reader import JournalReader
from hotline.records import Envelope, Record, digest, open_envelope, read
from hotline.station.copies import NOTHING, Head


@dataclass(frozen=True, slots=True)
class Taken:
    """What is taken, and what is not."""

    new: list[Record] = field(default_factory=list)
    back: list[Record] = field(default_factory=list)
    """Those that were pruned here."""
    begin_after: dict[str, Head] = field(default_factory=dict)
    """Where pruning still ends in the journals of which some records come back."""
    left: list[str] = field(default_factory=list)
    """What was pruned here and cannot come back, and why."""


def read_for(journal: JournalReader, file: Path) -> Taken:
    """Read a file of records for a journal; all of them must fit.

    Raises:
        LocalError: the file cannot be read, or is empty.
        FileError: with every mistake in it.
    """
    content = content_of(file)
    if not content.strip():
        raise LocalError(f"{file} is empty: expected records, as `hotline journal export` has them")
    if is_database(content):
        says = "is the file of a journal; expected what `hotline journal export` makes of it"
        raise LocalError(f"{file} {says}")
    reader = _Reader(journal)
    take_lines(file, content, reader.take)
    reader.give_back()
    return reader.taken


class _Reader:
    """Takes one line after another."""

    def __init__(self, journal: JournalReader) -> None:
        self.taken = Taken()
        self._line, _ = journal.owner()
        self._journal = journal
        self._heads = journal.heads()
        self._pruned = journal.pruned()
        self._new: dict[Ref, bytes] = {}
        self._gone: dict[str, dict[int, Envelope]] = {}  # what was pruned here, and is in the file

    def take(self, raw: bytes) -> None:
        """Take a record that is new, and remember one that was pruned.

        Raises:
            NotARecord: it is not a record.
            LocalError: it does not fit.
        """
        envelope = open_envelope(raw)
        of, seq = envelope.station, envelope.seq
        if envelope.line != self._line.name:
            raise LocalError(f"is a record of the line {envelope.line}, not of {self._line.name}")
        if of not in self._line.stations:
            raise LocalError(f"is a record of {of}, who is not on the line {self._line.name}")
        head = self._heads.get(of, NOTHING)
        if seq <= self._pruned.get(of, NOTHING).seq:
            self._remember(envelope)
        elif seq <= head.seq:
            known = self._new.get(Ref(of, seq)) or self._journal.shelf.line_of(Ref(of, seq))
            if known not in (None, raw):
                raise LocalError(f"{of}/{seq} is already here with other content: a fork")
        elif seq > head.seq + 1:
            raise LocalError(f"{of}/{seq} follows on {head.seq}; expected {head.seq + 1}")
        elif says := break_before(envelope, head):
            raise LocalError(f"{of}/{seq}: {says}")
        else:
            self.taken.new.append(read(envelope))
            self._new[Ref(of, seq)] = raw
            self._heads[of] = Head(seq, digest(raw))

    def _remember(self, envelope: Envelope) -> None:
        of, seq = envelope.station, envelope.seq
        pruned = self._pruned[of]
        known = self._gone.setdefault(of, {}).setdefault(seq, envelope)
        is_last = seq == pruned.seq
        if known.raw != envelope.raw or (is_last and digest(envelope.raw) != pruned.digest):
            raise LocalError(f"{of}/{seq} was pruned here with other content: a fork")

    def give_back(self) -> None:
        """Take back what was pruned, as far as it leads without a gap to what stayed."""
        for of, gone in sorted(self._gone.items()):
            before = self._pruned[of]
            back: list[Record] = []
            while envelope := gone.get(before.seq):
                if before.digest and digest(envelope.raw) != before.digest:
                    break
                back.append(read(envelope))
                before = Head(before.seq - 1, envelope.prev or "")
            if back:
                self.taken.back.extend(reversed(back))
                self.taken.begin_after[of] = before
            if len(back) < len(gone):
                self.taken.left.append(_why(of, len(gone) - len(back), before, gone))


def _why(of: str, count: int, before: Head, gone: dict[int, Envelope]) -> str:
    """Why some records that were pruned stay pruned."""
    lacks = (
        f"the file has {of}/{before.seq} with other content"
        if before.seq in gone
        else f"the file lacks {of}/{before.seq}, but must have all of them up to what is here"
    )
    return f"{counted(count, 'record')} of {of}, pruned here: {lacks}"
