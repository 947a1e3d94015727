"""A watchdog's next start judges what was imported into its journal as if it had heard it."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from hotline.journal.journal import Journal
from hotline.journal.taking_up import take_up
from hotline.line import Line
from hotline.picture.changes import What
from hotline.picture.doubts import Doubt, end_of
from hotline.records import Record, by_time
from hotline.watchdog.rules.hindsight import Hindsight


class Unjudged(NamedTuple):
    """What a watchdog would have on disk, beside the records, if it had heard them."""

    doubts: Sequence[Doubt] = ()
    """The waits for an answer that they end."""
    confirmed: Mapping[str, int] = MappingProxyType({})
    """How far the other party is known to have each journal: an answer proves that."""


def read_as_heard(journal: Journal, line: Line, records: Iterable[Record], now_ms: int) -> Unjudged:
    """Read records that are new to a watchdog's journal, as if it had heard them.

    Raises:
        JournalFailed: what is stored is not what was put in, or the file cannot be changed.
    """
    picture, hindsight = take_up(journal, line), Hindsight(journal.shelf.doubts())
    confirmed = journal.shelf.confirmed()
    journals: dict[str, list[Record]] = {}
    for record in records:
        journals.setdefault(record.station, []).append(record)
    for record in by_time(journals.values()):
        for change in picture.fold(record):
            if change.message and (end := end_of(change, now_ms)):
                hindsight.note(change.message.ref, change.waited, end)
            if change.message and change.what in (What.ANSWERED, What.STOOD_BY):
                of, seq = change.message.ref
                confirmed[of] = max(confirmed.get(of, 0), seq)
    return Unjudged(hindsight.to_save() or (), confirmed)
