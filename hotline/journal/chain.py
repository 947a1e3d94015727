"""Whether journals are whole: numbered without a gap, each record bound to the one before."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from hotline.bodies import Ref
from hotline.records import Envelope, NotARecord, Record, digest, open_envelope
from hotline.station.copies import NOTHING, Head
from hotline.station.turn import Turn


def faults(
    line: str, station: str, rows: Iterable[tuple[int, bytes]], head: Head = NOTHING
) -> Iterator[str]:
    """Everything that is wrong with one journal, given its numbers and lines in order.

    Each text begins with the record that shows it: `tur/4: follows on 2; expected 3`. `head` is the
    record before the first of them (its digest is empty if nobody knows it).
    """
    for seq, raw in rows:
        ref = Ref(station, seq)
        if seq != head.seq + 1:
            yield f"{ref}: follows on {head.seq}; expected {head.seq + 1}"
            head = NOTHING  # what came before is unknown: the chain is taken up anew
        yield from (f"{ref}: {says}" for says in _wrong(raw, line, ref, head))
        head = Head(seq, digest(raw))


def break_before(envelope: Envelope, head: Head) -> str | None:
    """Why a record cannot follow on `head`; None when it can."""
    if head.takes(envelope.prev):
        return None
    return f"prev does not fit record {head.seq}: one of the two is not the original"


def fitting(turn: Turn, heads: Mapping[str, Head]) -> tuple[Turn, list[Record]]:
    """The part of a turn that fits journals with these heads, and the records that do not."""
    heads = dict(heads)
    fits: list[Record] = []
    others: list[Record] = []
    for record in turn.appends:
        head = heads.get(record.station, NOTHING)
        if record.seq == head.seq + 1 and not break_before(open_envelope(record.raw), head):
            heads[record.station] = Head(record.seq, digest(record.raw))
            fits.append(record)
        else:
            others.append(record)
    confirmed = {of: min(upto, heads.get(of, NOTHING).seq) for of, upto in turn.confirmed.items()}
    # The checkpoint is of a picture that has read the others too.
    return replace(turn, appends=fits, confirmed=confirmed, checkpoint=None), others


def _wrong(raw: bytes, line: str, ref: Ref, head: Head) -> Iterator[str]:
    """What is wrong with a record by itself, and as the next one after `head`."""
    try:
        envelope = open_envelope(raw)
    except NotARecord as error:
        yield f"is not a record: {error}"
        return
    if (envelope.line, envelope.station) != (line, ref.station):
        yield f"is a record of {envelope.line}/{envelope.station}"
    if envelope.seq != ref.seq:
        yield f"is stored under {ref.seq} but says that it is {envelope.seq}"
    if head.digest and (says := break_before(envelope, head)):
        yield says
