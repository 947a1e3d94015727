"""Words that make no sense: from a party that knows no better, and from a newer program.

Each says that it is NONSENSE, so that it can be told apart from a mistake of our stations.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from hotline.bodies import (
    Answer,
    Body,
    Cancel,
    Flag,
    Level,
    Ref,
    RefersTo,
    Reply,
    Resume,
    Rule,
    Subject,
    Suspend,
    Voice,
)
from hotline.picture.lifecycle import CONSENT, Answering, Asks, Attendance, Standing
from hotline.picture.message import Message
from hotline.picture.picture import Picture
from hotline.records import Record, decode
from hotline.station.copies import NOTHING, Head
from hotline.times import format_instant
from sim.swarm.plan import NONSENSE, START_MS, Word
from sim.swarm.words import flight_of

_RECENT = 20  # records are searched for something to answer
_WRONG = {
    Asks.DECISION: Answer.ROGER,
    Asks.ROGER: Answer.ACCEPT,
    Asks.CONFIRMATION: Answer.ACCEPT,
}


def nonsense_of(word: Word, picture: Picture) -> Body | None:
    """Something senseless that a party says; None if there is nothing that it can be about."""
    return _MAKES[word.at_ms % len(_MAKES)](word, picture)


def _answers_itself(word: Word, picture: Picture) -> Body | None:
    own = picture.heads.get(word.who)
    return _reply(word.who, own, Answer.ROGER) if own else None


def _answers_nothing(word: Word, picture: Picture) -> Body | None:
    """Answer the other's last record, which asks for no answer, or not for this one."""
    other = picture.line.other_party(word.who)
    head = picture.heads.get(other)
    if not head:
        return None
    asked = next((m for m in _recent(word, picture) if m.ref.seq == head), None)
    answer = _WRONG[asked.asks] if asked else Answer.ROGER
    return _reply(other, head, answer)


def _answers_again(word: Word, picture: Picture) -> Body | None:
    over = (Answering.OPEN, Answering.STANDBY)
    answered = [m for m in _recent(word, picture) if m.answering not in over]
    if not answered:
        return None
    return _reply(*answered[0].ref, CONSENT[answered[0].asks])


def _speaks_of_it_wrongly(word: Word, picture: Picture) -> Body | None:
    asked = _recent(word, picture)
    if not asked:
        return None
    return Voice(
        refers_to=RefersTo.to(asked[0].ref),
        answer=_WRONG[asked[0].asks],
        officer=word.who,
        spoke_with="the other side",
        text=NONSENSE,
    )


def _revises_out_of_order(word: Word, picture: Picture) -> Body | None:
    revisions = [
        (m.notice, m.revision + 2)
        for m in picture.messages.values()
        if m.ref.station == word.who and m.notice and m.revision
    ]
    notice, revision = revisions[-1] if revisions else (f"{word.who.upper()}-0", 2)
    flight = flight_of(notice, revision, word)
    return flight.model_copy(update={"remarks": NONSENSE})


def _cancels_in_vain(word: Word, picture: Picture) -> Body:
    """Cancel a notice that is cancelled already, or never was."""
    cancelled = [
        m.notice
        for m in picture.messages.values()
        if m.ref.station == word.who and m.notice and m.standing is Standing.CANCELLED
    ]
    notice = cancelled[-1] if cancelled else f"{word.who.upper()}-0"
    return Cancel(notice=notice, reason=NONSENSE)


def _declares_it_again(word: Word, picture: Picture) -> Body:
    if picture.declared[word.who].attendance is Attendance.SUSPENDED:
        return Suspend(reason=NONSENSE)
    return Resume(reason=NONSENSE)


def _flags_the_other(word: Word, picture: Picture) -> Body:
    return Flag(
        rule=Rule.SILENT,
        subject=Subject(station=picture.line.other_party(word.who)),
        level=Level.ALARM,
        due=START_MS + word.at_ms,
        detail=NONSENSE,
    )


_MAKES: tuple[Callable[[Word, Picture], Body | None], ...] = (
    _answers_itself,
    _answers_nothing,
    _answers_again,
    _speaks_of_it_wrongly,
    _revises_out_of_order,
    _cancels_in_vain,
    _declares_it_again,
    _flags_the_other,
)

_UNREAD: tuple[tuple[str, dict[str, Any]], ...] = (
    ("greeting", {"text": NONSENSE}),  # a kind that this version does not know
    ("stop", {"reason": NONSENSE}),
    ("notice", {"notice": "X-1", "revision": 1, "remarks": NONSENSE}),
    ("reply", {"officer": NONSENSE}),
)


def newer_record(word: Word, line: str, heads: Mapping[str, Head], at_ms: int) -> Record:
    """A record by a newer program in a party's name, which this one can keep and cannot read."""
    head = heads.get(word.who, NOTHING)
    kind, body = _UNREAD[word.at_ms % len(_UNREAD)]
    fields = {"v": 1, "line": line, "station": word.who, "seq": head.seq + 1}
    fields |= {"at": format_instant(at_ms), "prev": head.digest, "kind": kind, "body": body}
    return decode(json.dumps(fields).encode())


def _recent(word: Word, picture: Picture) -> list[Message]:
    """The last messages of the other party, the newest first."""
    other = picture.line.other_party(word.who)
    head = picture.heads.get(other, 0)
    refs = (Ref(other, seq) for seq in range(head, max(head - _RECENT, 0), -1))
    return [message for ref in refs if (message := picture.find(ref))]


def _reply(station: str, seq: int, answer: Answer) -> Reply:
    return Reply(
        refers_to=RefersTo(station=station, seq=seq),
        answer=answer,
        officer=NONSENSE,
    )
