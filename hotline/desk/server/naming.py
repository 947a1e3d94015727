"""What people call messages: by the record (`isr/12`), or by the notice that they are about."""

import re
from collections.abc import Sequence

from hotline.bodies import Ref
from hotline.errors import LocalError
from hotline.files.mistakes import did_you_mean
from hotline.picture.message import Message
from hotline.picture.picture import Picture

_REF = re.compile(r"^([^/\s]+)/(\d{1,15})$")
_FEW = 5  # how many waiting messages to name instead


def parse_ref(named: str) -> Ref | None:
    """The record that a text such as `isr/12` names; None: it has another form."""
    found = _REF.match(named)
    return Ref(found[1], int(found[2])) if found else None


class Names:
    """Finds messages by what somebody at one station's desk calls them."""

    def __init__(self, picture: Picture, station: str) -> None:
        self._picture = picture
        self._station = station

    def find(self, named: str) -> Message:
        """The message of a record, or what there is to answer about a notice.

        Raises:
            LocalError: there is none, or more than one; with what waits.
        """
        return self._find(named, self._picture.waiting_for(self._station))

    def find_discussed(self, named: str) -> Message:
        """The same for what was spoken of by telephone: that may also be what waits for them.

        Raises:
            LocalError: there is none, or more than one; with what waits.
        """
        parties = self._picture.line.parties
        waiting = [message for party in parties for message in self._picture.waiting_for(party)]
        return self._find(named, waiting)

    def find_about(self, notice: str) -> Message:
        """What there is to see about a notice: any message will do if none waits for us.

        Raises:
            LocalError: there is none, or more than one; with a name that is like it.
        """
        waiting = self._picture.waiting_for(self._station)
        return self._about(notice, waiting, [*waiting, *self._picture.messages.values()])

    def _find(self, named: str, waiting: Sequence[Message]) -> Message:
        ref = parse_ref(named)
        if ref is None:
            return self._about(named, waiting, waiting)
        message = self._picture.find(ref)
        if message is None:
            raise LocalError(f"{named} is not a message that asks for an answer: {self.waiting()}")
        return message

    def waiting(self) -> str:
        """What waits for an answer from here, in words."""
        waiting = self._picture.waiting_for(self._station)
        if not waiting:
            return "nothing waits for an answer"
        few = ", ".join(f"{m.ref} ({m.name})" for m in waiting[:_FEW])
        more = f" and {len(waiting) - _FEW} more" if len(waiting) > _FEW else ""
        return f"what waits is {few}{more}"

    def _about(self, notice: str, waiting: Sequence[Message], known: Sequence[Message]) -> Message:
        about = [m for m in waiting if (m.notice or "").casefold() == notice.casefold()]
        if len(about) > 1:
            choice = ", ".join(f"{m.ref} ({m.name})" for m in about)
            raise LocalError(f"{notice} names several messages: say which record, of {choice}")
        if about:
            return about[0]
        parties = self._picture.line.parties  # first the other one, whose notices we answer
        for author in sorted(parties, key=lambda party: party == self._station):
            if last := self._picture.last_of(author, notice):
                return last
        words = dict.fromkeys(str(word) for m in known for word in (m.notice, m.ref) if word)
        hint = did_you_mean(notice, [*words]) if words else self.waiting()
        raise LocalError(f"nothing here is called {notice[:40]!r}; {hint}")
