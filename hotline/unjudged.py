"""What is imported into a watchdog's journal: its next start judges that as what it has heard."""

import heapq
from collections.abc import Iterable

from hotline.doubts import Doubt, end_of
from hotline.journal import Journal
from hotline.line import Line
from hotline.records import Record
from hotline.rules.hindsight import Hindsight
from hotline.taking_up import take_up


def doubts_of(journal: Journal, line: Line, records: Iterable[Record], now_ms: int) -> list[Doubt]:
    """What is in doubt once these are in the journal too: the waits for an answer that they end.

    Raises:
        JournalFailed: what is stored is not what was put in, or the file takes no change.
    """
    picture, hindsight = take_up(journal, line), Hindsight(journal.shelf.doubts())
    journals: dict[str, list[Record]] = {}
    for record in records:
        journals.setdefault(record.station, []).append(record)
    for record in heapq.merge(*journals.values(), key=lambda record: record.at_ms):
        for change in picture.fold(record):
            if change.message and (end := end_of(change, now_ms)):
                hindsight.note(change.message.ref, change.waited, end)
    return hindsight.to_save() or []
