"""The scenario's own voice: turns its events into what stations say at their times."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from hotline.bodies import (
    Body,
    Cancel,
    Check,
    Handover,
    Ref,
    RefersTo,
    Resume,
    Stop,
    Suspend,
    Voice,
)
from hotline.notice import FlightNotice, Time, Volume4D
from hotline.picture.message import Message
from hotline.picture.picture import Picture
from hotline.records import Record
from hotline.station.officer import reply_to
from sim.scenario.calls import GivenAnswer, Response, TelephoneCall
from sim.scenario.scenario import Event, Flight, Revision, Scenario


@dataclass(frozen=True, slots=True)
class Cue:
    """An event (or one repetition of it) and when it is due, in epoch ms."""

    at_ms: int
    event: Event


def cues(scenario: Scenario) -> list[Cue]:
    """All events in the order of their times, the repeated ones unrolled."""
    found = [
        Cue(scenario.start + at_ms, event)
        for event in scenario.events
        for at_ms in _times(event, scenario.duration_ms)
    ]
    return sorted(found, key=lambda cue: cue.at_ms)


def _times(event: Event, duration_ms: int) -> Iterator[int]:
    if event.every_ms is None:
        yield event.at_ms
        return
    until_ms = duration_ms - 1 if event.until_ms is None else event.until_ms
    yield from range(event.at_ms, until_ms + 1, event.every_ms)


def meant_in(event: Event) -> str:
    """The message that an event answers, or is a call about, in words."""
    response = event.answer or event.voice
    return response.meant if response else ""


class Script:
    """Knows the last revision of each notice, so that an event need only say what changes.

    It also knows what was said when, since a station puts away what is settled.
    """

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self._flights: dict[str, tuple[Flight, int]] = {}
        self._said: dict[tuple[str, str | None], list[tuple[int, int, str]]] = {}
        """The time, number and author of each message, by its kind, and by its notice too."""

    def hear(self, record: Record) -> None:
        """Take note of what anybody has said, perhaps once more."""
        this = (record.at_ms, record.seq, record.station)
        for notice in {None, getattr(record.body, "notice", None)}:
            said = self._said.setdefault((record.kind, notice), [])
            at = bisect_left(said, this)
            if said[at : at + 1] != [this]:
                said.insert(at, this)

    def body_of(self, event: Event, picture: Picture) -> Body | None:
        """What the event's station says; None if it answers something that has not come in."""
        if event.notice is not None:
            self._flights[event.notice.id] = (event.notice, 1)
            return self._notice(event.notice, 1)
        if event.revise is not None:
            return self._revise(event.revise)
        if event.cancel is not None:
            cancel = event.cancel
            return Cancel(notice=cancel.id, reason=cancel.reason)
        if event.answer is not None:
            return self._answer(event.answer, event.who, picture)
        if event.voice is not None:
            return self._voice(event.voice, picture)
        return self._call(event)

    def _call(self, event: Event) -> Body:
        if event.stop is not None:
            return Stop(text=event.stop.text, notice=event.stop.notice)
        if event.suspend is not None:
            until_ms = self._moment(event.suspend.until_ms)
            return Suspend(reason=event.suspend.reason, until=until_ms)
        if event.resume is not None:
            return Resume(reason=event.resume)
        if event.handover is not None:
            watch = event.handover
            return Handover(officer=watch.officer, deputy=watch.deputy, hours=watch.hours)
        return Check(remarks=event.check)

    def _revise(self, change: Revision) -> FlightNotice:
        flight, revision = self._flights[change.id]
        changed = {
            name: value
            for name, value in change
            if name in change.model_fields_set - {"id"} and (value is not None or name == "remarks")
        }
        flight, revision = flight.model_copy(update=changed), revision + 1
        self._flights[change.id] = (flight, revision)
        return self._notice(flight, revision)

    def _notice(self, flight: Flight, revision: int) -> FlightNotice:
        start_ms = self._scenario.start
        volumes = [
            Volume4D(
                volume=self._scenario.areas[leg.area].volume(),
                time_start=Time(value=start_ms + leg.from_ms),
                time_end=Time(value=start_ms + leg.until_ms),
            )
            for leg in (flight, *flight.further)
        ]
        return FlightNotice(
            notice=flight.id,
            revision=revision,
            precedence=flight.precedence,
            category=flight.category,
            activity=flight.activity,
            aircraft_identification=flight.aircraft_identification,
            aircraft_type=flight.aircraft_type,
            aircraft_count=flight.aircraft_count,
            volumes=tuple(volumes),
            remarks=flight.remarks,
        )

    def _answer(self, given: GivenAnswer, who: str | None, picture: Picture) -> Body | None:
        message = self._meant(given, picture, not_by=who)
        if message is None:
            return None
        expected_ms = self._moment(given.expected_ms)
        officer = given.officer or "duty officer"
        return reply_to(message, given.answer, officer, given.reason, expected_ms)

    def _voice(self, call: TelephoneCall, picture: Picture) -> Body | None:
        about = None
        if call.is_about_something:
            message = self._meant(call, picture)
            if message is None:
                return None
            about = RefersTo.to(message.ref)
        return Voice(
            refers_to=about,
            answer=call.answer,
            officer=call.officer,
            spoke_with=call.spoke_with,
            text=call.text,
            reason=call.reason,
            expected_at=self._moment(call.expected_ms),
        )

    def _meant(
        self, response: Response, picture: Picture, *, not_by: str | None = None
    ) -> Message | None:
        """The message that is meant, of those that are here; if there are several, the last."""
        said = self._said.get((response.kind, response.about), [])
        sent_ms = self._moment(response.sent_ms)
        # Nobody speaks before his cue; on a real machine a little later.
        meant = reversed(said) if sent_ms is None else said[bisect_left(said, (sent_ms,)) :]
        here = (
            message
            for at_ms, seq, station in meant
            if station != not_by
            and (message := picture.find(Ref(station, seq)))
            and (message.kind, message.at_ms) == (response.kind, at_ms)  # not another's number
            and response.revision in (None, message.revision)
        )
        return next(islice(here, response.nth - 1, None), None)

    def _moment(self, at_ms: int | None) -> int | None:
        """A time of the scenario as a time of day."""
        return None if at_ms is None else self._scenario.start + at_ms
