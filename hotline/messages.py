"""The messages of a line: those in mind, and how one that was put away is found again."""

from collections.abc import Iterable

from hotline.bodies import Ref
from hotline.message import Message
from hotline.past import Past


class Messages:
    """What was said and is not settled, and what was settled since the last checkpoint.

    Args:
        past: finds again what was put away. What is in mind is never older than what is there.
    """

    def __init__(self, past: Past) -> None:
        self.by_ref: dict[Ref, Message] = {}
        self.touched: dict[Ref, Message] = {}
        """What has changed since the last checkpoint; whoever moves a message adds it."""
        self._past = past
        self._last: dict[str, dict[str, Message]] = {}  # of each author's notices the last revision

    def find(self, ref: Ref) -> Message | None:
        """The message that a record opened, from mind or from the past."""
        message = self.by_ref.get(ref)
        if message is None and (message := self._past.message(ref)):
            self.by_ref[ref] = self.touched[ref] = message
        return message

    def last_of(self, station: str, notice: str) -> Message | None:
        """The last revision of a station's notice, from mind or from the past."""
        last = self._last.get(station, {}).get(notice)
        if last is None and (last := self._past.last_of(station, notice)):
            last = self.by_ref.get(last.ref, last)
            self.put(last)
        return last

    def put(self, message: Message) -> None:
        """Have a message in mind that, if it is a notice, is its last revision."""
        self.by_ref[message.ref] = self.touched[message.ref] = message
        if message.is_notice and message.notice is not None:
            self._last.setdefault(message.ref.station, {})[message.notice] = message

    def put_away(self) -> list[Message]:
        """What has changed since the last time; what is settled is no longer in mind."""
        touched, self.touched = self.touched, {}
        for ref, message in touched.items():
            if not message.waits:
                del self.by_ref[ref]
                last = self._last.get(ref.station, {})
                if message.notice and last.get(message.notice) is message:
                    del last[message.notice]
        return list(touched.values())

    def take_up(self, messages: Iterable[Message]) -> None:
        """Have these in mind, as they were put away."""
        for message in messages:
            self.put(message)
        self.touched.clear()
