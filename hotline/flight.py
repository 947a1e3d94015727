"""The flight's own life: what its notice, and the time, say of it."""

from hotline.lifecycle import Act, Cue, Message, Phase, Standing, moved


def phase_of(message: Message, now_ms: int, stopped_ms: int | None = None) -> Phase | None:
    """How far the flight of a notice is, in epoch ms; None: it has no window, or was revised.

    `stopped_ms` is when a stop was said about the notice last. What is known of a flight is put
    in the order of its times and goes through the table of moves; so the same is known everywhere.
    """
    if message.starts_ms is None or message.revision is None:
        return None
    if message.standing is Standing.SUPERSEDED:
        return None
    known: list[tuple[int | None, Cue | Act]] = [
        (message.starts_ms, Cue.OPENS),
        (message.off_nominal_ms, Act.REVISE),
        (message.taken_back_ms, Act.CANCEL),
        (message.ends_ms, Cue.CLOSES),
    ]
    if stopped_ms is not None and stopped_ms >= message.at_ms:
        known.append((max(stopped_ms, message.starts_ms), Cue.STOP))
    past = [(at_ms, cue) for at_ms, cue in known if at_ms is not None and at_ms <= now_ms]
    phase = Phase.PLANNED
    for _, cue in sorted(past, key=lambda each: each[0]):
        phase = moved(phase, cue) or phase
    return phase
