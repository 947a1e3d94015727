"""Records: the numbered, hash-chained lines that journals are made of.

The exact bytes of a line are what is stored, hashed and sent on; nothing is ever encoded anew.
"""

import base64
import hashlib
import heapq
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from pydantic import ValidationError
from pydantic_core import from_json

from hotline.bodies import BODIES, MAX_SEQ, Body, Nonsense, Ref
from hotline.errors import LocalError, RemoteError
from hotline.misfits import Misfit
from hotline.times import ON_THE_WIRE, format_instant, parse_instant
from hotline.topics import is_name

VERSION = 1
SHORT_DIGEST = 16  # characters: 96 bits, in statuses, where chance is the adversary
MAX_RECORD_BYTES = 64 * 1024
MAX_BATCH_BYTES = 256 * 1024
MAX_BAD_LINES = 20  # of one message
MAX_REPLAY_RECORDS = 500  # so that answers, which are shorter, do not get far ahead of notices


class NotARecord(RemoteError):
    """These bytes are not a record; the text says what was wrong with them."""


class Envelope(NamedTuple):
    """A record whose body has not been read yet: enough to see whether it is new."""

    line: str
    station: str
    seq: int
    at_ms: int
    prev: str | None
    kind: str
    content: dict[str, Any]
    raw: bytes


class Record(NamedTuple):
    """One journal entry. `raw` is its line without the newline; all else is read from it."""

    line: str
    station: str
    seq: int
    at_ms: int
    kind: str
    body: Body
    raw: bytes

    @property
    def ref(self) -> Ref:
        """Which record of the whole line this is."""
        return Ref(self.station, self.seq)


def digest(raw: bytes) -> str:
    """The base64url SHA-256 of a record's line: what the next record carries as `prev`."""
    return base64.urlsafe_b64encode(hashlib.sha256(raw).digest()).rstrip(b"=").decode()


def write(
    *, line: str, station: str, seq: int, at_ms: int, prev: str, kind: str, body: Body
) -> Record:
    """Make the next record of a journal. `prev` is empty for the first one.

    Raises:
        LocalError: the record is larger than a line may be.
    """
    # Put together by hand, since of all this only the body can need an escape.
    raw = (
        f'{{"v":{VERSION},"line":"{line}","station":"{station}","seq":{seq},'
        f'"at":"{format_instant(at_ms)}","prev":"{prev}","kind":"{kind}",'
        f'"body":{body.model_dump_json(exclude_none=True)}}}'
    ).encode()
    if len(raw) > MAX_RECORD_BYTES:
        raise LocalError(
            f"a record of {len(raw)} bytes is too long: expected at most {MAX_RECORD_BYTES};"
            " say it in fewer words or volumes"
        )
    return Record(line, station, seq, at_ms, str(kind), body, raw)


def read_json(raw: bytes) -> object:
    """What a line on the wire says.

    All readers must drop the same lines: a station that drops a record which others take never gets
    past it. So this is JSON by the standard, without `NaN`, which parsers elsewhere refuse.

    Raises:
        ValueError: it is not JSON.
    """
    said: object = from_json(raw, allow_inf_nan=False)
    return said


def is_our_version(fields: dict[str, Any]) -> bool:
    """Whether it is a message of this version: `true` and `1.0` equal 1, but do not count."""
    version = fields.get("v")
    return type(version) is int and version == VERSION


def open_envelope(raw: bytes) -> Envelope:
    """Read a record's envelope, leaving its body for `read`.

    Raises:
        NotARecord: the bytes are not a record of this protocol; nothing else is raised.
    """
    if len(raw) > MAX_RECORD_BYTES:
        raise NotARecord(f"a line of {len(raw)} bytes is over {MAX_RECORD_BYTES}")
    try:
        fields = read_json(raw)
    except ValueError as error:
        raise NotARecord(f"not JSON: {error}") from None
    if not isinstance(fields, dict):
        raise NotARecord("not a JSON object")
    if not is_our_version(fields):
        raise NotARecord(f"v is {_shown(fields.get('v'))}, expected {VERSION}")
    seq = fields.get("seq")
    if type(seq) is not int or not 1 <= seq <= MAX_SEQ:
        raise NotARecord("seq is not a whole number from 1 to 2^53")
    try:
        at_ms = parse_instant(_text(fields, "at"))
    except ValueError as error:
        raise NotARecord(f"at: {error}"[:200]) from None
    prev = fields.get("prev")
    if prev is not None and not isinstance(prev, str):
        raise NotARecord("prev is not a text")
    content = fields.get("body")
    if not isinstance(content, dict):
        raise NotARecord("body is not a JSON object")
    return Envelope(
        _name(fields, "line"),
        _name(fields, "station"),
        seq,
        at_ms,
        prev,
        _text(fields, "kind"),
        content,
        raw,
    )


def open_all(payload: bytes) -> Iterator[Envelope | NotARecord]:
    """Read the envelopes of a message; a bad line yields its mistake, up to a limit.

    Reporting each bad line of a message full of them takes longer than sending it.
    """
    if len(payload) > MAX_BATCH_BYTES:
        yield NotARecord(f"a message of {len(payload)} bytes is over {MAX_BATCH_BYTES}")
        return
    bad_lines = 0
    for raw in filter(None, payload.split(b"\n")):
        try:
            yield open_envelope(raw)
        except NotARecord as error:
            yield error
            bad_lines += 1
        if bad_lines > MAX_BAD_LINES:
            yield NotARecord("and so on: the rest of the message is unread")
            return


def read(envelope: Envelope) -> Record:
    """Read a record's body. One that makes no sense becomes `Nonsense`, never an error."""
    model = BODIES.get(envelope.kind)
    body: Body
    if model is None:
        body = Nonsense(reason=Misfit.UNKNOWN_KIND, detail=f"kind {envelope.kind[:32]!r}")
    else:
        try:
            body = model.model_validate(envelope.content, context=ON_THE_WIRE)
        except (ValidationError, RecursionError) as error:
            body = Nonsense(reason=Misfit.BAD_BODY, detail=_first_mistake(error))
    return Record(
        envelope.line,
        envelope.station,
        envelope.seq,
        envelope.at_ms,
        envelope.kind,
        body,
        envelope.raw,
    )


def decode(raw: bytes) -> Record:
    """Read a whole record.

    Raises:
        NotARecord: the bytes are not a record of this protocol.
    """
    return read(open_envelope(raw))


def by_time(journals: Iterable[Iterable[Record]]) -> Iterator[Record]:
    """The records of several journals in the order of their times; each journal's in its own.

    So an answer is seldom read before its message, and few answers have to wait.
    """
    return heapq.merge(*journals, key=lambda record: record.at_ms)


def batches(lines: list[bytes]) -> list[bytes]:
    """Join records into NDJSON payloads of a bounded size."""
    payloads: list[bytes] = []
    batch: list[bytes] = []
    size = 0
    for raw in lines:
        if size + len(raw) > MAX_BATCH_BYTES:
            payloads.append(b"\n".join(batch))
            batch, size = [], 0
        batch.append(raw)
        size += len(raw) + 1
    if batch:
        payloads.append(b"\n".join(batch))
    return payloads


def _text(fields: dict[str, Any], name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str):
        raise NotARecord(f"{name} is missing or not a text")
    return value


def _name(fields: dict[str, Any], name: str) -> str:
    value = _text(fields, name)
    if not is_name(value):
        raise NotARecord(f"{name} {value[:40]!r} is not a name")
    return value


def _shown(value: object) -> str:
    """A wrong value, cut to fit into a line of a log."""
    return repr(value)[:40] if isinstance(value, str | int | float | None) else type(value).__name__


def _first_mistake(error: ValidationError | RecursionError) -> str:
    if isinstance(error, RecursionError):
        return "nested too deeply"
    mistake = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in mistake["loc"]) or "body"
    return f"{where}: {mistake['msg'].removeprefix('Value error, ')}"[:400]
