"""What is dropped because it cannot be taken: told one by one, and in a flood counted."""

from hotline.station.turn import Refused

_MOST_TOLD = 100  # at once; telling takes longest, and a log has better use for its room


class Refusals:
    """Tells the first of all that one line's listener drops at once, and counts the rest.

    Args:
        line: the line's name.
    """

    def __init__(self, line: str) -> None:
        self._line = line
        self._dropped = 0

    def tell(self, topic: str, reason: str) -> Refused | None:
        """What to tell of something that is dropped; None: it is only counted."""
        self._dropped += 1
        if self._dropped > _MOST_TOLD:
            return None
        return Refused(topic[:200], reason[:200])

    def tell_rest(self, meanwhile: str) -> Refused | None:
        """How many were only counted `meanwhile`, if any; from here on it begins anew."""
        untold, self._dropped = self._dropped - _MOST_TOLD, 0
        if untold <= 0:
            return None
        return Refused(f"{self._line}/#", f"and so on: {untold} more were dropped {meanwhile}")
