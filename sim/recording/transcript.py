"""Writes down the words of the parties as the events of a scenario."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic_core import from_json

from hotline.bodies import (
    Cancel,
    Check,
    Handover,
    Nonsense,
    Ref,
    RefersTo,
    Reply,
    Resume,
    Stop,
    Suspend,
    Voice,
)
from hotline.line import Line
from hotline.notice import FlightNotice
from hotline.picture.picture import Picture
from hotline.records import Record
from hotline.times import SECOND_MS, format_instant, write_duration
from sim.recording.flights import Flights, number, without_defaults
from sim.recording.sheet import Item
from sim.recording.timeline import timeline

_CLOSE_MS = SECOND_MS  # a real machine may say two that are as near as this at one time


@dataclass(frozen=True, slots=True)
class Said:
    """A message that became an event. `revision` counts from the first that was recorded."""

    at_ms: int  # after the scenario's start
    kind: str
    notice: str | None = None
    revision: int | None = None
    sent_ms: int = 0
    nth: int = 1
    """Its number among those of its kind that its author said from `sent_ms` on."""

    @property
    def name(self) -> str | None:
        """The notice that names it; other messages are known by their times."""
        return self.notice if self.kind in ("notice", "cancel") else None


class Transcript:
    """The events, in the making.

    Args:
        line: who is on it.
        picture: what all records together say; records that are invalid there are left out.
        begins_ms: the scenario's start, epoch ms.
    """

    def __init__(self, line: Line, picture: Picture, begins_ms: int) -> None:
        self.items: list[tuple[int, Item]] = []
        """Each event and when it is, in ms after the start."""
        self.said: dict[Ref, Said] = {}
        self.missing = 0
        """How many records did not become an event: a comment tells of each."""
        self.changed = 0
        """How many became an event that does not say what they said: comments tell it."""
        self._line = line
        self._picture = picture
        self._begins_ms = begins_ms
        self._flights = Flights(begins_ms, self._remark, self._change)
        self._last: dict[str, tuple[str, dict[str, Any], int]] = {}  # author, fields and revision
        self._calls: dict[tuple[str, str], Said] = {}  # the last of each author and kind
        self._silent: set[str] = set()  # who has suspended his channel
        self._comments: list[str] = []
        self._is_changed = False  # the record that is written down now

    @property
    def areas(self) -> dict[str, Any]:
        """The areas of the notices, by name."""
        return self._flights.areas

    @property
    def left_over(self) -> list[str]:
        """The comments after the last event."""
        return self._comments

    def write_down(self, records: Sequence[Record]) -> None:
        """Make all records events, in the order of their times; older ones come at the start."""
        for at_ms, record in timeline(records, self._begins_ms):
            said_ms = at_ms - self._begins_ms
            self._is_changed = False
            if record.at_ms < self._begins_ms:
                self._remark(f"{record.ref} was said before the start, at {_at(record)}")
            elif at_ms != record.at_ms:
                self._remark(f"{record.ref} was said at {_at(record)} by its own clock")
                self._is_changed = abs(at_ms - record.at_ms) > SECOND_MS
            if record.ref in self._picture.invalid:
                reason = self._picture.invalid[record.ref]
                self._leave_out(f"{record.ref}, a {record.kind} at {_at(record)}, {reason}")
                continue
            self._mention_unread(record)
            self._write(record, said_ms)
            self.changed += self._is_changed

    def _write(self, record: Record, at_ms: int) -> None:
        match record.body:
            case FlightNotice() as body:
                self._notice(record, body, at_ms)
            case Cancel() as body:
                self._cancel(record, body, at_ms)
            case Reply() as body:
                self._reply(record, body, at_ms)
            case Voice() as body:
                self._voice(record, body, at_ms)
            case Nonsense() as body:
                self._leave_out(f"{record.ref}, a {record.kind}, {body.detail}")
            case _:
                self._call(record, at_ms)

    def _call(self, record: Record, at_ms: int) -> None:
        """Write down a word that is about the moment."""
        match record.body:
            case Check(remarks=remarks):
                self._open(at_ms, record, remarks or "comm check")
            case Stop() as body:
                self._stop(record, body, at_ms)
            case Suspend() as body:
                self._suspend(record, body, at_ms)
            case Resume() if record.station not in self._silent:
                self._leave_out(f"{record.ref} resumes what was suspended before the cut")
            case Resume(reason=reason):
                self._silent.discard(record.station)
                self._open(at_ms, record, reason or "attended again")
            case Handover(officer=officer, deputy=deputy, hours=hours):
                watch = _given(officer=officer, deputy=deputy, hours=number(hours))
                self._add(at_ms, record, "handover", watch)

    def _stop(self, record: Record, body: Stop, at_ms: int) -> None:
        notice = body.notice
        if notice and notice not in self._last:  # any name may be shouted
            self._change(f"{record.ref} names {notice}, but there is no such notice")
            notice = None
        self._open(at_ms, record, _given(text=body.text, notice=notice), notice)

    def _suspend(self, record: Record, body: Suspend, at_ms: int) -> None:
        until = body.until
        if until and self._is_over(until, at_ms):  # typed by hand; it ends nothing
            self._change(f"{record.ref} ends at {format_instant(until)}, before it began")
            until = None
        until_at = until and self._flights.moment(until, "the end of this silence")
        self._silent.add(record.station)
        self._open(at_ms, record, _given(reason=body.reason, until=until_at))

    def _open(self, at_ms: int, record: Record, what: object, notice: str | None = None) -> None:
        sent_ms, nth = at_ms, 1
        before = self._calls.get((record.station, record.kind))
        if before and at_ms - before.at_ms < _CLOSE_MS:
            sent_ms, nth = before.sent_ms, before.nth + 1
        said = Said(at_ms, record.kind, notice, sent_ms=sent_ms, nth=nth)
        self._calls[record.station, record.kind] = self.said[record.ref] = said
        self._add(at_ms, record, record.kind, what)

    def _notice(self, record: Record, body: FlightNotice, at_ms: int) -> None:
        fields = self._flights.fields(body, at_ms)
        author, before, revision = self._last.get(body.notice, (record.station, {}, 0))
        if author != record.station:
            self._leave_out(
                f"{record.ref}, {body.notice} rev {body.revision}: {author}"
                " has a notice of that name, and in a scenario only one party can"
            )
            return
        revision += 1
        if revision != body.revision:
            self._remark(f"{body.notice} rev {revision} was rev {body.revision}")
        self._last[body.notice] = (author, fields, revision)
        self.said[record.ref] = Said(at_ms, "notice", body.notice, revision)
        if revision == 1:
            self._add(at_ms, record, "notice", without_defaults(fields))
            return
        changed = {name: value for name, value in fields.items() if before[name] != value}
        self._add(at_ms, record, "revise", {"id": body.notice, **changed})

    def _cancel(self, record: Record, body: Cancel, at_ms: int) -> None:
        author, *_ = self._last.get(body.notice, ("",))
        if author != record.station:
            self._leave_out(f"{record.ref} cancels {body.notice}, said before the cut")
            return
        self.said[record.ref] = Said(at_ms, "cancel", body.notice)
        self._add(at_ms, record, "cancel", _given(id=body.notice, reason=body.reason))

    def _reply(self, record: Record, body: Reply, at_ms: int) -> None:
        asked = self._asked(record, body.refers_to)
        if asked is None:
            return
        if body.officer is None:
            self._remark("no officer was named")
        answer = {
            **_given(to=asked.name),
            **self._which(asked),
            **_given(answer=body.answer.value, officer=body.officer, reason=body.reason),
            **self._promise(record, body, at_ms),
        }
        self._add(at_ms, record, "answer", answer)

    def _voice(self, record: Record, body: Voice, at_ms: int) -> None:
        which: dict[str, object] = {}
        if body.refers_to is not None:
            asked = self._asked(record, body.refers_to)
            if asked is None:
                return
            which = {**_given(about=asked.name), **self._which(asked)}
        call = {
            **which,
            **_given(answer=body.answer and body.answer.value, officer=body.officer),
            **_given(spoke_with=body.spoke_with, text=body.text, reason=body.reason),
            **self._promise(record, body, at_ms),
        }
        self._add(at_ms, record, "voice", call)

    def _asked(self, record: Record, refers_to: RefersTo) -> Said | None:
        """The message that is answered, if it became an event."""
        asked = self.said.get(refers_to.ref)
        if asked is None:
            about = self._picture.find(refers_to.ref)
            name = about.name if about else f"record {refers_to.ref}"
            answer, officer = (getattr(record.body, each) for each in ("answer", "officer"))
            by = f" by {officer}" if officer else ""
            what = answer.value if answer else "a call"
            self._leave_out(f"{record.ref}, {what}{by} to {name}, which is not here")
        return asked

    def _which(self, asked: Said) -> dict[str, object]:
        """The fields that tell it from other messages."""
        if asked.kind == "notice":
            return _given(revision=self.revision_if_needed(asked))
        if asked.name:
            return {"kind": asked.kind}
        nth = asked.nth if asked.nth > 1 else None
        return _given(kind=asked.kind, sent=write_duration(asked.sent_ms), nth=nth)

    def _promise(self, record: Record, body: Reply | Voice, at_ms: int) -> dict[str, object]:
        promised = body.expected_at
        if promised is None:
            return {}
        if self._is_over(promised, at_ms):  # a STANDBY has to promise something
            at = format_instant(promised)
            self._change(f"{record.ref} promised an answer for {at}, which had passed")
            return {"expected": write_duration(at_ms + 1)}
        return {"expected": self._flights.moment(promised, "the promised answer")}

    def _is_over(self, instant_ms: int, at_ms: int) -> bool:
        """Whether this instant is past when `at_ms` have gone by since the start."""
        return instant_ms <= self._begins_ms + at_ms

    def revision_if_needed(self, said: Said) -> int | None:
        """The revision of a notice, unless there is but one by now."""
        *_, last = self._last.get(said.notice or "", ("", {}, 0))
        return said.revision if last > 1 else None

    def _mention_unread(self, record: Record) -> None:
        """Mention members of a body that this version does not know: no event has them."""
        known = set(type(record.body).model_fields)
        unread = sorted(set(from_json(record.raw)["body"]) - known)
        if unread and not isinstance(record.body, Nonsense):
            self._change(f"left out of {record.ref}: {', '.join(map(repr, unread))}")

    def _add(self, at_ms: int, record: Record, verb: str, what: object) -> None:
        event = {"at": write_duration(at_ms), "who": record.station, verb: what}
        self.items.append((at_ms, Item(event, self._comments)))
        self._comments = []

    def _leave_out(self, text: str) -> None:
        self.missing += 1
        self._is_changed = False
        self._remark(f"left out: {text}")

    def _change(self, text: str) -> None:
        self._is_changed = True
        self._remark(text)

    def _remark(self, text: str) -> None:
        self._comments.append(text)


def _at(record: Record) -> str:
    return format_instant(record.at_ms)


def _given(**fields: object) -> dict[str, object]:
    return {name: value for name, value in fields.items() if value is not None}
