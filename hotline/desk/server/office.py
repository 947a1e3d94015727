"""The office behind a desk: does what is asked of one node, in its turns."""

from collections.abc import Mapping

from hotline.bodies import RefersTo, Reply, Voice
from hotline.desk.requests import Look, LookAtInbox, LookAtNotice, LookAtState, Show, Speech, Told
from hotline.desk.server.feed import Feed
from hotline.desk.server.spokesman import Spokesman
from hotline.desk.server.view import View
from hotline.errors import LocalError
from hotline.node import Node
from hotline.notice import FlightNotice
from hotline.times import SECOND_MS

_RATE_SPAN_MS = 1_000_000


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
        spokesman = self._spokesman()
        record = await self._hatch.speak(lambda now_ms: spokesman.word_for(request, now_ms))
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
