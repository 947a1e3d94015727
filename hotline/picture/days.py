"""How much of each of the last days each party could be heard."""

from collections.abc import Iterator

from hotline.picture.availability import Availability, availability, day_of
from hotline.picture.picture import Picture
from hotline.times import DAY_MS

_DAYS = 7


def days_heard(picture: Picture, now_ms: int) -> Iterator[tuple[str, Availability]]:
    """How much of each of the last days each party could be heard, as far as anybody watched."""
    first_ms = min((message.at_ms for message in picture.messages.values()), default=now_ms)
    first_ms = max(first_ms, day_of(now_ms) - (_DAYS - 1) * DAY_MS)
    flags = picture.flags_seen()
    for party, declared in picture.declared.items():
        for day_ms in range(day_of(first_ms), now_ms, DAY_MS):
            span = (max(day_ms, first_ms), min(day_ms + DAY_MS, now_ms))
            if span[0] < span[1]:
                yield party, availability(flags, declared.suspensions, party, *span)
