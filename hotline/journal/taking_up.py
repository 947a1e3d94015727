"""A journal's picture: as its station takes it up at a start, and whole for onlookers."""

from collections.abc import Iterator, Mapping

from hotline.journal import journal_file
from hotline.journal.journal import Journal
from hotline.journal.journal_reader import JournalReader
from hotline.line import Line
from hotline.picture.picture import Picture
from hotline.records import Record
from hotline.station.turn import Turn

_MOST_RECORDS = 10_000  # that a start reads again; half a second


def take_up(journal: Journal, line: Line) -> Picture:
    """The picture of all records in a journal; the settled part is on disk, not in memory.

    Only what came after the last checkpoint is read. If that was a lot (records that were imported,
    tables of another version), it is put away too, so that the next start is short.

    Raises:
        JournalFailed: what is stored is not what was put in, or the file cannot be changed.
    """
    checkpoint = journal.shelf.checkpoint()
    picture = Picture(line, journal.shelf)
    picture.take_up(checkpoint)
    for record in _records(journal, line, checkpoint.heads):
        picture.fold(record)
        if picture.is_worth_a_checkpoint(_MOST_RECORDS):
            journal.store(Turn(checkpoint=picture.put_away()))
    return picture


def whole_picture(journal: JournalReader) -> Picture:
    """The picture of all records in a journal, with everything in memory.

    Raises:
        LocalError: it was pruned by another version.
        JournalFailed: what is stored is not what was put in.
    """
    with journal.at_one_moment():
        line, _ = journal.owner()
        checkpoint = journal.shelf.checkpoint(everything=True)
        if journal.pruned() and not checkpoint.heads:
            raise journal_file.pruned_by_another_version()
        picture = Picture(line)
        picture.take_up(checkpoint)
        picture.fold_all(_records(journal, line, checkpoint.heads))
    return picture


def _records(journal: JournalReader, line: Line, after: Mapping[str, int]) -> Iterator[Record]:
    """The records beyond these heads, without those of watchdogs that have left the line.

    Nobody would take their records from the wire now, and nobody could clear their flags.
    """
    return (record for record in journal.records(after) if record.station in line.stations)


def last_said_ms(journal: JournalReader) -> int | None:
    """The time of the last record in a journal; None when it has none.

    Raises:
        JournalFailed: what is stored is not what was put in.
    """
    last = {station: head.seq - 1 for station, head in journal.heads().items()}
    return max((record.at_ms for record in journal.records(after=last)), default=None)
