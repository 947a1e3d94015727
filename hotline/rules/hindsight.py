"""Waits for an answer that were over before a watchdog could see how each of them ended.

Whether a message was answered before it was revised shows only when both journals are here.
"""

from collections.abc import Iterator

from hotline.bodies import Answer, Ref
from hotline.lifecycle import Message, Wait


class Hindsight:
    """Waits whose end was read while more may have been said of it, until all of that is here."""

    def __init__(self) -> None:
        self._waits: dict[Ref, tuple[Message, dict[int, Wait]]] = {}

    def __bool__(self) -> bool:
        return bool(self._waits)

    def __contains__(self, ref: Ref) -> bool:
        return ref in self._waits

    def clear(self) -> None:
        """Remember none."""
        self._waits.clear()

    def remember(self, message: Message, waited: Wait) -> None:
        """A wait for an answer is over, as far as we know."""
        _, waits = self._waits.setdefault(message.ref, (message, {}))
        waits[waited.since_ms] = waited

    def take_all(self) -> Iterator[tuple[Message, Wait, int]]:
        """Each of them and when it ended (epoch ms); none is remembered any more."""
        remembered, self._waits = self._waits, {}
        for message, waits in remembered.values():
            waits[message.last_wait.since_ms] = message.last_wait
            settled_ms = _settled_ms(message)
            starts_ms = sorted(waits)
            for since_ms, next_ms in zip(starts_ms, [*starts_ms[1:], None], strict=True):
                ends_ms = [ms for ms in (next_ms, settled_ms) if ms is not None]
                if ends_ms:
                    yield message, waits[since_ms], min(ends_ms)


def _settled_ms(message: Message) -> int | None:
    """When a message was answered for good, or taken back; None: it waits."""
    voice, by_letter = message.voice, message.answer not in (None, Answer.STANDBY)
    ends_ms = [
        message.answered_ms if by_letter else None,
        voice.at_ms if voice and voice.is_final else None,
        message.taken_back_ms,
    ]
    return min((ms for ms in ends_ms if ms is not None), default=None)
