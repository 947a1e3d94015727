"""The prompter: gives a person the desk of one party of a scenario, and his cues."""

from pathlib import Path

from hotline.bodies import Body, Reply, Voice
from hotline.clock import Clock
from hotline.desk.commands.as_command import as_command
from hotline.desk.server.server import DeskServer
from hotline.logs.narrator import Narrator
from hotline.logs.stream import LogStream
from hotline.logs.teller import Teller
from hotline.node import Node
from hotline.picture.picture import Picture
from hotline.station.turn import Event
from sim.scenario.scenario import Scenario


class Prompter:
    """One party's desk, from which the person sees what that party can see.

    Args:
        scenario: what is played.
        party: the one that the person plays.
        directory: where the desk's socket is.
        clock: the scenario's time.
        log: where the cues are told.
    """

    def __init__(
        self, scenario: Scenario, party: str, directory: Path, clock: Clock, log: LogStream
    ) -> None:
        self._line = scenario.line
        self._party = party
        self._directory = directory
        self._log = log
        self._desk = DeskServer(directory, scenario.parties, log, clock)
        teller = Teller(self._desk.feed.tell, scenario.line, party, clock.now_ms, scenario.timers)
        self._narrator = Narrator(teller, scenario.members, party)

    async def serve(self, node: Node) -> None:
        """Offer the desk while the station lives."""
        where = str(self._directory.absolute())  # another terminal is in another directory
        self._log("info", "scenario.desk", line=self._line, station=self._party, state=where)
        async with self._desk:
            await self._desk.serve(node)

    def tell(self, event: Event) -> None:
        """Something happened at the station."""
        self._narrator(event)
        self._desk.feed.changed(event)

    def prompt(self, body: Body, picture: Picture) -> None:
        """The script has a word for the person now, perhaps about a message in the picture."""
        about = body.refers_to if isinstance(body, Reply | Voice) else None
        message = about and picture.find(about.ref)
        cue = {"line": self._line, "station": self._party, "text": as_command(body)}
        if message:
            cue["message"] = message.name
        self._desk.log("info", "scenario.cue", **cue)
