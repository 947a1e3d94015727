"""From a request at the desk to a record's body: what may be said now, and why not.

The rules are the picture's: a record that it would mark as making no sense is refused here, and
the error says what waits instead.
"""

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError

from hotline.bodies import (
    Answer,
    Body,
    Cancel,
    Check,
    Handover,
    Ref,
    RefersTo,
    Reply,
    Resume,
    Stop,
    Suspend,
    Voice,
)
from hotline.desk.requests import (
    AskCheck,
    ComeBack,
    GiveAnswer,
    Halt,
    Leave,
    LogVoice,
    Notify,
    Revise,
    Speech,
    TakeWatch,
    Withdraw,
    WrittenNotice,
    says,
)
from hotline.desk.server.naming import Names
from hotline.errors import LocalError
from hotline.files.mistakes import did_you_mean
from hotline.notice import FlightNotice
from hotline.picture.lifecycle import ANSWERS, Act, Standing, moved
from hotline.picture.message import Message
from hotline.picture.messages import CLOCKS_DIFFER_MS
from hotline.picture.picture import Picture
from hotline.records import Record
from hotline.station.officer import reply_to
from hotline.times import format_instant, format_time_of_day


class Spokesman:
    """Finds the words for one station's officers.

    Args:
        picture: all records, folded, with everything that was said before.
        name: the station.
        record_of: finds a record on disk.
    """

    def __init__(
        self, picture: Picture, name: str, record_of: Callable[[Ref], Record | None]
    ) -> None:
        self._picture = picture
        self._name = name
        self._other = picture.line.other_party(name)
        self._record_of = record_of
        self._names = Names(picture, name)

    def word_for(self, request: Speech, now_ms: int) -> Body:
        """What the station should say.

        Raises:
            LocalError: that would make no sense; the text says why, and what would.
        """
        match request:
            case GiveAnswer():
                return self._reply(request, now_ms)
            case LogVoice():
                return self._voice(request, now_ms)
            case Notify() | Revise() | Withdraw():
                return self._of_a_flight(request, now_ms)
            case _:
                return self._of_the_line(request, now_ms)

    def _of_a_flight(self, request: Notify | Revise | Withdraw, now_ms: int) -> Body:
        match request:
            case Notify(notice=fields):
                notice = self._notice(fields)
            case Revise():
                notice = self._revision(request)
            case Withdraw(notice=name, reason=reason):
                self._own(name)
                return Cancel(notice=name, reason=reason)
        if notice.ends_ms is not None and notice.ends_ms <= now_ms:
            until = format_instant(notice.ends_ms)
            raise LocalError(f"{notice.notice} would be over already: it ends at {until}")
        return notice

    def _of_the_line(
        self, request: Halt | AskCheck | Leave | ComeBack | TakeWatch, now_ms: int
    ) -> Body:
        attendance = self._picture.declared[self._name].attendance
        match request:
            case Halt(text=text, notice=notice):
                if notice is not None:
                    self._expect_known(notice)
                return Stop(text=text, notice=notice)
            case AskCheck(remarks=remarks):
                return Check(remarks=remarks)
            case Leave(reason=reason, until=until):
                if moved(attendance, Act.SUSPEND) is None:
                    raise LocalError("we have suspended the line already: resume first")
                _expect_to_come(until, now_ms)
                return Suspend(reason=reason, until=until)
            case ComeBack(reason=reason):
                if moved(attendance, Act.RESUME) is None:
                    raise LocalError("we have not suspended the line: there is nothing to resume")
                return Resume(reason=reason)
            case TakeWatch(officer=officer, deputy=deputy, hours=hours):
                given = {} if hours is None else {"hours": hours}
                return Handover(officer=officer, deputy=deputy, **given)

    # Answers

    def _reply(self, request: GiveAnswer, now_ms: int) -> Reply:
        message = self._names.find(request.record)
        if message.ref.station == self._name:
            raise LocalError(f"{message.name} is our own: {self._other} answers it")
        if message.standing is not Standing.CURRENT:
            by = f"was {message.standing} by {self._other}"
            raise LocalError(f"{message.name} {by}: {self._names.waiting()}")
        if not message.waits:
            raise LocalError(_answered_already(message))
        self._expect_fitting(message, request.answer, now_ms)
        _expect_to_come(request.expected_at, now_ms)
        officer = request.officer or self._on_watch(now_ms)
        try:
            return reply_to(message, request.answer, officer, request.reason, request.expected_at)
        except ValidationError as error:
            raise LocalError(says(error, Reply)) from None

    def _voice(self, request: LogVoice, now_ms: int) -> Voice:
        named = request.record
        message = None if named is None else self._names.find_discussed(named)
        if message and request.answer:
            self._expect_fitting(message, request.answer, now_ms)
        _expect_to_come(request.expected_at, now_ms)
        officer = request.officer or self._on_watch(now_ms)
        if officer is None:
            raise LocalError("who spoke? Name an officer, or say who is on watch (handover)")
        try:
            return Voice(
                refers_to=message and RefersTo.to(message.ref),
                answer=request.answer,
                officer=officer,
                spoke_with=request.spoke_with,
                text=request.text,
                reason=request.reason,
                expected_at=request.expected_at,
            )
        except ValidationError as error:
            raise LocalError(says(error, Voice).replace("refers_to", "record")) from None

    def _expect_fitting(self, message: Message, given: Answer, now_ms: int) -> None:
        """Refuse an answer that the message does not take."""
        if given not in ANSWERS[message.asks]:
            fitting = " or ".join(ANSWERS[message.asks])
            raise LocalError(f"{message.name} takes {fitting}, not {given}")
        if now_ms + CLOCKS_DIFFER_MS < message.at_ms:
            at = format_time_of_day(message.at_ms)
            raise LocalError(f"{message.name} was said at {at} UTC, by a clock far ahead of ours")

    def _on_watch(self, now_ms: int) -> str | None:
        """Our officer on watch."""
        watch = self._picture.declared[self._name].on_watch(now_ms)
        return watch.officer if watch else None

    # Notices

    def _notice(self, fields: Mapping[str, Any]) -> FlightNotice:
        if fields.get("revision", 1) != 1:
            raise LocalError("revision: a new notice begins with 1; revise the one that was said")
        named = fields.get("notice") or self._next_name()
        notice = _flight_notice({**fields, "notice": named, "revision": 1})
        if taken := self._taken(notice.notice):
            raise LocalError(f"{taken} was said before: revise it, or rename this one")
        return notice

    def _taken(self, name: str) -> str | None:
        """The name of a notice of ours that sounds the same on the telephone, if there is one.

        Of those that were put away, only one that is spelled alike is found.
        """
        if self._picture.last_of(self._name, name):
            return name
        return next((n for n in self._our_names() if n.casefold() == name.casefold()), None)

    def _our_names(self) -> list[str]:
        """What our notices are called, as far as they are in memory."""
        ours = (m for m in self._picture.messages.values() if m.ref.station == self._name)
        return sorted({m.notice for m in ours if m.notice and m.is_notice})

    def _next_name(self) -> str:
        """`TUR-043` for the notice that will be tur/43."""
        seq = self._picture.heads.get(self._name, 0) + 1
        author = self._name.upper()[:20]
        while self._taken(name := f"{author}-{seq:03}"):
            seq += 1
        return name

    def said_last(self, notice: str) -> dict[str, Any]:
        """The fields of our notice as its last revision has them.

        Raises:
            LocalError: there is none that stands.
        """
        return self._body_of(self._own(notice)).model_dump(mode="json", exclude_none=True)

    def _revision(self, request: Revise) -> FlightNotice:
        last = self._own(request.notice)
        for fixed in ("notice", "revision"):
            if fixed in request.change:
                raise LocalError(f"{fixed}: a revision keeps the name and is numbered by itself")
        before = self._body_of(last)
        if request.revision not in (None, before.revision):
            seen = f"not {request.revision}: look at it first"
            raise LocalError(f"the last revision of {before.notice} is {before.revision}, {seen}")
        fields = {**self.said_last(request.notice), **request.change}
        changed = {name: value for name, value in fields.items() if value is not None}
        notice = _flight_notice({**changed, "revision": before.revision + 1})
        if notice == before.model_copy(update={"revision": notice.revision}):
            raise LocalError(f"{last.name} says exactly that already")
        return notice

    def _body_of(self, message: Message) -> FlightNotice:
        record = self._record_of(message.ref)
        if record is None or not isinstance(record.body, FlightNotice):
            raise LocalError(f"{message.name} is not on our disk: say it anew, as another notice")
        return record.body

    def _expect_known(self, notice: str) -> None:
        """Refuse a notice that neither party gave; one that was cancelled may still be flown."""
        if any(self._picture.last_of(party, notice) for party in self._picture.line.parties):
            return
        names = sorted({m.notice for m in self._picture.messages.values() if m.notice})
        hint = did_you_mean(notice, names) if names else "nobody has given any"
        raise LocalError(f"there is no notice {notice!r}; {hint} (without a notice, all must end)")

    def _own(self, notice: str) -> Message:
        """The last revision of a notice of ours that still stands."""
        last = self._picture.last_of(self._name, notice)
        if last is None:
            names = self._our_names()
            hint = did_you_mean(notice, names) if names else "we have given no notice"
            raise LocalError(f"we gave no notice {notice!r}; {hint}")
        if last.standing is Standing.CANCELLED:
            raise LocalError(f"{notice} was cancelled")
        return last


def _expect_to_come(promised_ms: int | None, now_ms: int) -> None:
    """Refuse a promise whose time has passed."""
    if promised_ms is not None and promised_ms <= now_ms:
        until, now = format_instant(promised_ms), format_instant(now_ms)
        raise LocalError(f"expected a time in the future, got {until}: it is {now}")


def _answered_already(message: Message) -> str:
    if voice := message.spoken:
        at = format_time_of_day(voice.at_ms)
        by = f"{voice.by} by voice at {at} UTC"
        return f"{message.name} was answered {voice.answer} by {by} ({voice.ref})"
    by = f" by {message.officer}" if message.officer else ""
    at = f" at {format_time_of_day(message.answered_ms)} UTC" if message.answered_ms else ""
    return f"{message.name} was answered {message.answer}{by}{at} ({message.answered_by})"


def _flight_notice(fields: Mapping[str, Any]) -> FlightNotice:
    try:
        WrittenNotice.model_validate(fields)
        return FlightNotice.model_validate(fields)
    except (ValidationError, RecursionError) as error:
        raise LocalError(says(error, FlightNotice)) from None
