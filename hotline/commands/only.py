"""What a tail is to tell of all that it hears: the log lines about some, and no others."""

from collections.abc import Collection
from typing import Any

from hotline.logs.teller import Log

KINDS = (
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
)
"""What can be followed alone."""


class Only:
    """A log that lets through what is about some parties, kinds of event or notices.

    An empty collection lets everything through. What is about no station at all passes always.
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
        if self._kinds and event.split(".", maxsplit=1)[0] not in self._kinds:
            return
        if self._notices and fields.get("notice") not in self._notices:
            return
        self._log(severity, event, **fields)
