"""Words from before a part of a recording that words inside it build on."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from hotline.bodies import Cancel, Ref, Stop
from hotline.line import Line
from hotline.notice import FlightNotice
from hotline.picture.lifecycle import Answering, Standing
from hotline.picture.message import Message
from hotline.picture.picture import Picture
from hotline.records import Record
from hotline.timers import Timers
from hotline.times import HOUR_MS

_DIGITS = 4  # of hours: less than a second


def carried(
    line: Line, before: Sequence[Record], said: Iterable[Record], begins_ms: int, timers: Timers
) -> Iterator[Record]:
    """The records `before` that have to be said again at the beginning.

    These are the watch that stands then, and the settled notices that are cancelled or stopped in
    what is `said`, with their answers. Nothing in them still waits: a part begins before that.
    """
    picture = Picture(line)
    picture.fold_all(before)
    records = {record.ref: record for record in before}
    for declared in picture.declared.values():
        if watch := declared.on_watch(begins_ms):
            yield _for_the_rest(records[watch.ref], watch.until_ms - begins_ms)
    for message in _built_on(picture, said):
        if _stays_settled(message, begins_ms, timers):
            yield from _with_its_answer(message, records)


def _for_the_rest(record: Record, left_ms: int) -> Record:
    """A watch for the time that is left of it."""
    hours = max(round(left_ms / HOUR_MS, _DIGITS), 10**-_DIGITS)
    return record._replace(body=record.body.model_copy(update={"hours": hours}))


def _built_on(picture: Picture, said: Iterable[Record]) -> Iterator[Message]:
    """The earlier notices that are cancelled or stopped here, unless they are said anew first."""
    known: set[str] = set()
    for record in sorted(said, key=lambda record: record.at_ms):
        match record.body:
            case Cancel(notice=name):
                authors: Sequence[str] = (record.station,)
            case Stop(notice=str(name)):
                authors = picture.line.parties
            case FlightNotice(notice=name):
                authors = ()
            case _:
                continue
        if name not in known:
            known.add(name)
            messages = (picture.last_of(author, name) for author in authors)
            if message := next(filter(None, messages), None):
                yield message


def _stays_settled(message: Message, begins_ms: int, timers: Timers) -> bool:
    """Whether a notice that is said and answered only then leads to no flag."""
    opens_ms = message.opens_ms
    return (
        message.standing is Standing.CURRENT
        and message.outcome not in (Answering.OPEN, Answering.STANDBY)
        and (opens_ms is None or begins_ms + timers.late_notice_ms <= opens_ms)
    )


def _with_its_answer(message: Message, records: Mapping[Ref, Record]) -> Iterator[Record]:
    yield records[message.ref]
    answered_by = message.spoken.ref if message.spoken else message.answered_by
    if answered_by:
        yield records[answered_by]
