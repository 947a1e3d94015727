"""The flight's own life: what its notice, and the time, say of it."""

from hotline.picture.lifecycle import Act, Cue, Phase, Standing, moved
from hotline.picture.message import Message
from hotline.picture.picture import Picture


def phase_of(message: Message, picture: Picture, now_ms: int) -> Phase | None:
    """How far the flight of a notice is by now; None: it has no window, or was revised.

    What is known of a flight is put in the order of its times and goes through the table of moves,
    so every station finds the same.
    """
    opens_ms = message.opens_ms
    if opens_ms is None or message.standing is Standing.SUPERSEDED:
        return None
    known: list[tuple[int | None, Cue | Act]] = [
        (opens_ms, Cue.OPENS),
        (message.off_nominal_ms, Act.REVISE),
        (message.taken_back_ms, Act.CANCEL),
        (message.ends_ms, Cue.CLOSES),
    ]
    stopped_ms = picture.stops.get(message.notice or "")
    if stopped_ms is not None and stopped_ms >= message.at_ms:
        known.append((max(stopped_ms, opens_ms), Cue.STOP))
    past = [(at_ms, cue) for at_ms, cue in known if at_ms is not None and at_ms <= now_ms]
    phase = Phase.PLANNED
    for _, cue in sorted(past, key=lambda each: each[0]):
        phase = moved(phase, cue) or phase
    return phase
