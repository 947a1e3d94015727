"""The cues of a scenario: what its script wants the officer to say, until he has said it."""

import shlex

from rich.text import Text

from hotline.desk.requests import Told
from hotline.logs.console import plain

_COMMAND = "hotline desk "
_SAYS = {
    "notify": "notice.sent",
    "revise": "notice.revised",
    "voice": "voice.logged",
    "handover": "handover.said",
}
"""The event that tells of what a command has said; for all others but `answer`, `COMMAND.sent`."""

_NAMES_A_NOTICE = ("notify", "revise", "cancel")


class Cues:
    """The cues that came in and were not followed yet."""

    def __init__(self) -> None:
        self._open: list[Told] = []

    def tell(self, line: Told) -> bool:
        """Take another line of the log; it may follow a cue. Say whether it is one itself."""
        if line["event"] == "scenario.cue":
            self._open.append(line)
            return True
        for cue in self._open:
            if line["station"] == cue["station"] and _follows(line, cue):
                self._open.remove(cue)
                break
        return False

    def drop(self) -> None:
        """Forget the newest: the officer will not follow it, or has done so before it came."""
        self._open = self._open[:-1]

    def newest(self) -> Text:
        """The one that came last; nothing when all were followed."""
        if not self._open:
            return Text()
        more = len(self._open) - 1
        before = f" ({more} before it: see the log)" if more else ""
        cue = self._open[-1]
        about = f", about {cue['message']}" if "message" in cue else ""
        turn = plain(f"your turn{before}{about}: ")
        return Text.assemble((turn, "bold yellow"), plain(_asked(cue)))


def _follows(line: Told, cue: Told) -> bool:
    """Whether a line of the log tells that somebody has said what a cue asks for."""
    if "message" in cue and line.get("message") != cue["message"]:
        return False  # of something else: a comm check was confirmed meanwhile, say
    verb, *words = shlex.split(_asked(cue))
    if verb == "answer":
        return str(line["event"]).endswith(".answered") and line["answer"].lower() in words[:2]
    if line["event"] != _SAYS.get(verb, f"{verb}.sent"):
        return False
    return verb not in _NAMES_A_NOTICE or line["notice"] in words[:2]  # the script goes on about it


def _asked(cue: Told) -> str:
    return str(cue["text"]).removeprefix(_COMMAND)
