"""The bell: what an officer hears who is looking elsewhere."""

from hotline.desk.requests import Told
from hotline.desk.screen.entries import answers, urgency


class Bell:
    """Remembers what it has rung for."""

    def __init__(self) -> None:
        self._levels: dict[str, int] = {}
        self._sent: set[object] = set()

    def rings(self, state: Told, now_ms: int) -> bool:
        """Whether something in the inbox is new or worse, or ours was answered, be it STANDBY."""
        levels = {entry["record"]: int(urgency(entry, now_ms)) for entry in state["inbox"]}
        sent: set[object] = {(entry["record"], answers(entry)) for entry in state["sent"]}
        is_worse = any(level > self._levels.get(record, -1) for record, level in levels.items())
        is_answered = bool(self._sent - sent)
        self._levels, self._sent = levels, sent
        return is_worse or is_answered
