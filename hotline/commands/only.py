"""What a tail tells of all that it hears: the log lines about some things, and no others."""

from collections.abc import Collection
from typing import Any, Literal

from hotline.logs.teller import Log

EventKind = Literal[
    "notice",
    "cancel",
    "stop",
    "check",
    "suspend",
    "resume",
    "reply",
    "voice",
    "handover",
    "flag",
    "record",
    "station",
]
"""What can be followed alone."""


class Only:
    """A log that lets through what is about some parties, kinds of event or notices.

    An empty collection lets everything through. A line about no station at all always passes.
    """

    def __init__(
        self,
        log: Log,
        *,
        parties: Collection[str] = (),
        kinds: Collection[str] = (),
        notices: Collection[str] = (),
    ) -> None:
        self._log = log
        self._parties, self._kinds, self._notices = set(parties), set(kinds), set(notices)

    def __call__(self, severity: str, event: str, **fields: Any) -> None:
        """Pass one line on, or not."""
        if "station" not in fields:
            self._log(severity, event, **fields)
            return
        about = {fields.get("station"), fields.get("to"), str(fields.get("subject")).split("/")[0]}
        if self._parties and not about & self._parties:
            return
        if self._kinds and not _kinds_of(event) & self._kinds:
            return
        if self._notices and not self._is_about_one(fields):
            return
        self._log(severity, event, **fields)

    def _is_about_one(self, fields: dict[str, Any]) -> bool:
        """Whether it is about one of the notices.

        A flag about a message said before anybody listened may be about one, and is told.
        """
        if "/" in str(fields.get("subject")) and "message" not in fields:
            return True
        return fields.get("notice") in self._notices


def _kinds_of(event: str) -> set[str]:
    """The kinds of an event; an answered message is of its own kind, and a reply."""
    kind, _, what = event.partition(".")
    return {kind, "reply"} if what == "answered" else {kind}
