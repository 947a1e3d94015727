"""What reading a record changes: the picture reports it, and everybody else goes by that."""

from enum import StrEnum
from typing import NamedTuple

from hotline.picture.message import Message, Wait
from hotline.records import Record


class What(StrEnum):
    """What a folded record changed."""

    OPENED = "opened"
    SUPERSEDED = "superseded"
    CANCELLED = "cancelled"
    ANSWERED = "answered"
    STOOD_BY = "stood_by"
    VOICED = "voiced"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    HANDED_OVER = "handed_over"
    FLAGGED = "flagged"
    CLEARED = "cleared"
    INVALID = "invalid"


class Change(NamedTuple):
    """One thing that a record did to the picture.

    `message` is the message concerned, if any; `reason` is the code of an INVALID. `waited` is
    the wait for an answer that this record ended, if it ended one.
    """

    what: What
    record: Record
    message: Message | None = None
    reason: str = ""
    waited: Wait | None = None
