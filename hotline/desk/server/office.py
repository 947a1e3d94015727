"""The office behind a desk: does what is asked of one node, in its turns."""

from collections.abc import Mapping

from hotline.bodies import Body, RefersTo, Reply, Voice
from hotline.desk.requests import Look, LookAtInbox, LookAtNotice, LookAtState, Show, Speech, Told
from hotline.desk.server.feed import Feed
from hotline.desk.server.spokesman import Spokesman
from hotline.desk.server.view import View
from hotline.errors import LocalError
from hotline.node import Node
from hotline.notice import FlightNotice
from hotline.times import SECOND_MS, format_duration

_RATE_SPAN_MS = 1_000_000


class NotYet(LocalError):
    """The station may not speak yet: it does not know all its own records."""


class Office:
    """Answers requests for one node."""

    def __init__(self, node: Node, titles: Mapping[str, str], feed: Feed) -> None:
        self.feed = feed
        self._hatch = node.hatch
        self._station = node.machine
        self._view = View(self._station, titles, feed.came_ms)

    async def do(self, request: Speech | Look) -> Told:
        """Do what is asked.

        Raises:
            LocalError: it is refused; nothing was said.
            StationGone: nobody knows what became of it.
        """
        if isinstance(request, Look):
            return await self._hatch.look(lambda now_ms: self._look(request, now_ms))
        return await self._speak(request)

    def _state(self, now_ms: int) -> Told:
        wait_s = self.feed.clock.wait_s(now_ms + _RATE_SPAN_MS)
        rate = round(_RATE_SPAN_MS / SECOND_MS / wait_s, 3) if wait_s else 1.0
        return self._view.state(now_ms, rate)

    def _look(self, request: Look, now_ms: int) -> Told:
        match request:
            case LookAtInbox():
                return {"inbox": self._view.inbox(now_ms)}
            case LookAtState():
                return {"state": self._state(now_ms)}
            case Show(record=named):
                return self._view.record(named, now_ms)
            case LookAtNotice(notice=named):
                return {"notice": self._spokesman().said_last(named)}

    async def _speak(self, request: Speech) -> Told:
        def word(now_ms: int) -> Body:
            spokesman = self._spokesman()
            if not self._station.may_speak:
                raise NotYet(self._why_not())
            return spokesman.word_for(request, now_ms)

        record = await self._hatch.speak(word)
        told: Told = {"record": str(record.ref), "on_line": self._station.is_heard}
        match record.body:
            case FlightNotice() as notice:
                told["notice"] = notice.model_dump(mode="json", exclude_none=True)
            case Reply(refers_to=RefersTo(ref=ref)) | Voice(refers_to=RefersTo(ref=ref)):
                if message := self._station.picture.find(ref):
                    told["message"] = message.name
        return told

    def _spokesman(self) -> Spokesman:
        """The spokesman of this station.

        Raises:
            LocalError: nobody speaks for it.
        """
        station = self._station
        if station.name not in station.line.parties:
            raise LocalError(f"{station.name} is a watchdog: its desk is for viewing only")
        return Spokesman(station.picture, station.name, station.record_of)

    def _why_not(self) -> str:
        station = self._station
        if station.is_forked(station.name):
            return (
                f"{station.name} may say nothing more: others hold a different journal of it"
                " (a fork); docs/operations.md says what to do"
            )
        if station.waits_for:
            whom = ", ".join(station.waits_for)
            most = format_duration(self._station.timers.greeting_ms)
            return (
                f"{station.name} may not speak yet, since it has just started: it waits to hear"
                f" {whom}, for {most} on the line at most; nothing was said"
            )
        whom = ", ".join(station.fetches_from)
        return (
            f"{station.name} may not speak yet: records of its own are said to be with {whom}, and"
            " are fetched as soon as possible (if never: docs/operations.md, When things go wrong);"
            " nothing was said"
        )
