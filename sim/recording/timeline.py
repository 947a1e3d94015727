"""When records become events: no journal runs backwards, and no answer comes first.

Clocks differ, and some are set while the line is in use; a scenario has but one.
"""

from collections.abc import Iterator, Sequence

from hotline.bodies import Ref
from hotline.records import Record


def timeline(records: Sequence[Record], begins_ms: int) -> Iterator[tuple[int, Record]]:
    """All records, each with its time, in the order of these; none is before the start."""
    times: dict[Ref, int] = {}
    last: dict[str, int] = {}
    for record in sorted(records, key=lambda record: (record.station, record.seq)):
        last[record.station] = max(record.at_ms, last.get(record.station, begins_ms))
        times[record.ref] = last[record.station]
    last.clear()
    for record in sorted(records, key=lambda record: (times[record.ref], record.seq)):
        at_ms = max(times[record.ref], last.get(record.station, begins_ms))
        refers_to = getattr(record.body, "refers_to", None)
        if refers_to is not None:
            at_ms = max(at_ms, times.get(refers_to.ref, at_ms - 1) + 1)
        times[record.ref] = last[record.station] = at_ms
    for record in sorted(records, key=lambda record: (times[record.ref], record.seq)):
        yield times[record.ref], record
