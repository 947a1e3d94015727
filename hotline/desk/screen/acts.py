"""What an officer can do, with which key, and when it makes sense."""

from collections.abc import Callable
from dataclasses import dataclass

from hotline.desk.requests import Told
from hotline.desk.screen.entries import waits

Obstacle = Callable[[Told, Told | None], str | None]
"""What stands in the way, with this state of the line and this message selected; None: nothing."""


@dataclass(frozen=True, slots=True)
class Act:
    """One thing to do, and what may stand in its way if anything can be said at all."""

    name: str
    key: str
    label: str
    means: str
    obstacle: Obstacle = lambda _state, _entry: None

    def why_not(self, state: Told, entry: Told | None) -> str | None:
        """Why it makes no sense on this line with this message selected; None: it does."""
        return _why_mute(state) or self.obstacle(state, entry)


def _why_mute(state: Told) -> str | None:
    """Why nothing can be said from here at all."""
    if state["role"] != "party":
        return "this is a watchdog's desk: for viewing only"
    if not state["may_speak"]:
        return "the station may not speak yet: it does not know all that it has said before"
    return None


def _answers_with(answer: str) -> Obstacle:
    def obstacle(state: Told, entry: Told | None) -> str | None:
        if entry is None:
            return f"nothing is selected: {answer} answers a message"
        if entry["from"] == state["station"]:
            return f"{entry['message']} is our own: {state['other']} answers it"
        if not waits(entry):
            return f"{entry['message']} no longer waits for an answer: it is {entry['state']}"
        if answer not in entry["answers"]:
            return f"{entry['message']} takes {' or '.join(entry['answers'])}, not {answer}"
        return None

    return obstacle


def _to_own_notice(state: Told, entry: Told | None) -> str | None:
    if entry is None or entry["kind"] != "notice" or entry["from"] != state["station"]:
        return "select a notice of our own for that (p shows all)"
    if entry["state"] in ("superseded", "cancelled"):
        return f"{entry['message']} was {entry['state']}"
    return None


def _while_attended(state: Told, _entry: Told | None) -> str | None:
    return "we have suspended the line already (u: resume)" if _is_suspended(state) else None


def _while_suspended(state: Told, _entry: Told | None) -> str | None:
    is_suspended = _is_suspended(state)
    return None if is_suspended else "we have not suspended the line: there is nothing to resume"


def _is_suspended(state: Told) -> bool:
    return bool(state["declared"][state["station"]]["attendance"] == "suspended")


ON_MESSAGES = (
    Act("accept", "a", "accept", "say ACCEPT to a request", _answers_with("ACCEPT")),
    Act("reject", "x", "reject", "say REJECT, with the reason", _answers_with("REJECT")),
    Act("standby", "s", "standby", "say when the answer will come", _answers_with("STANDBY")),
    Act("roger", "r", "roger", "say ROGER: we have read it", _answers_with("ROGER")),
    Act("revise", "e", "revise", "give the next revision of our notice", _to_own_notice),
    Act("cancel", "c", "cancel", "withdraw our notice: nobody will fly", _to_own_notice),
    Act("voice", "v", "voice", "write down a telephone call; its answer counts"),
)
"""What can be done to the selected message, in the order in which it is shown."""

ON_LINE = (
    Act("notify", "n", "notify", "give a flight notice"),
    Act("stop", "!", "STOP", "what is going on must end at once; always FLASH"),
    Act("check", "k", "check", "ask whether somebody is at the other desk"),
    Act("suspend", "z", "suspend", "nobody will be at this desk for a while", _while_attended),
    Act("resume", "u", "resume", "this desk is attended again", _while_suspended),
    Act("handover", "h", "handover", "say who is on watch from now on"),
)
"""What can be done at any time."""

ACTS = {act.name: act for act in ON_MESSAGES + ON_LINE}
"""All of them by their names."""


def in_either_case(key: str) -> str:
    """A key as it is, and with Caps Lock, in which callsigns are typed."""
    return ",".join(sorted({key, key.upper()}))
