"""Whether journals are whole: numbered without a gap, each record bound to the one before."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from hotline.records import Envelope, NotARecord, Record, digest, open_envelope
from hotline.station.copies import NOTHING, Head
from hotline.station.turn import Turn


@dataclass(frozen=True, slots=True)
class Fault:
    """Where a journal is broken, and how."""

    station: str
    seq: int
    says: str

    def __str__(self) -> str:
        return f"{self.station}/{self.seq}: {self.says}"


def faults(
    line: str, station: str, rows: Iterable[tuple[int, bytes]], head: Head = NOTHING
) -> Iterator[Fault]:
    """Everything that is wrong with one journal, given its numbers and lines in order.

    `head` is the record before the first of them (its digest is empty if nobody knows it).
    """
    for seq, raw in rows:
        if seq != head.seq + 1:
            yield Fault(station, seq, f"follows on {head.seq}; expected {head.seq + 1}")
            head = NOTHING  # what came before is unknown: the chain is taken up anew
        try:
            envelope = open_envelope(raw)
        except NotARecord as error:
            yield Fault(station, seq, f"is not a record: {error}")
        else:
            yield from (Fault(station, seq, says) for says in _wrong(envelope, line, station, seq))
            if head.digest and (says := break_before(envelope, head)):
                yield Fault(station, seq, says)
        head = Head(seq, digest(raw))


def break_before(envelope: Envelope, head: Head) -> str | None:
    """Why a record cannot follow on `head`; None when it can."""
    if head.takes(envelope.prev):
        return None
    return f"prev does not fit record {head.seq}: one of the two is not the original"


def fitting(turn: Turn, heads: Mapping[str, Head]) -> tuple[Turn, list[Record]]:
    """The part of a turn that fits journals with these heads, and the records that do not."""
    heads = dict(heads)
    those: list[Record] = []
    others: list[Record] = []
    for record in turn.appends:
        head = heads.get(record.station, NOTHING)
        if record.seq == head.seq + 1 and not break_before(open_envelope(record.raw), head):
            heads[record.station] = Head(record.seq, digest(record.raw))
            those.append(record)
        else:
            others.append(record)
    confirmed = {of: min(upto, heads.get(of, NOTHING).seq) for of, upto in turn.confirmed.items()}
    # The checkpoint is of a picture that has read the others too.
    return replace(turn, appends=those, confirmed=confirmed, checkpoint=None), others


def _wrong(envelope: Envelope, line: str, station: str, seq: int) -> Iterator[str]:
    if (envelope.line, envelope.station) != (line, station):
        yield f"is a record of {envelope.line}/{envelope.station}"
    if envelope.seq != seq:
        yield f"is stored under {seq} but says that it is {envelope.seq}"
