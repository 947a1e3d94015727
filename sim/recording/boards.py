"""The flags that stood when a recording of a live line began: the watchdogs' boards show them."""

from collections.abc import Iterable, Iterator, Sequence

from pydantic import ValidationError

from hotline.bodies import Flag, Kind, Rule
from hotline.line import Line
from hotline.records import Record
from hotline.station.turn import Incoming
from hotline.status import NOT_HEARD
from hotline.times import ON_THE_WIRE, SECOND_MS
from hotline.topics import Topic
from sim.recording.absences import Absence

_BEFORE = "gone before the start"
_SOON_MS = 3 * SECOND_MS  # until then everybody's retained status has come in


class Boards:
    """The flags that stood on the boards of a line when somebody began to listen."""

    def __init__(self) -> None:
        self._stood: dict[Topic, Flag] = {}

    def hear(self, topic: Topic, incoming: Incoming) -> None:
        """Take in one entry of a board."""
        if not incoming.payload or not incoming.retained:
            return  # the watchdog's records tell of it
        try:
            flag = Flag.model_validate_json(incoming.payload, context=ON_THE_WIRE)
        except ValidationError:
            return
        self._stood.setdefault(topic, flag)

    def standing(self, line: Line, begins_ms: int) -> list[tuple[str, Flag]]:
        """The flags that stood then, each with the watchdog that raised it."""
        return [
            (topic.station, flag)
            for topic, flag in self._stood.items()
            if topic.station in line.watchdogs and flag.due <= begins_ms  # or it was raised since
        ]


def raised_anew(
    line: Line,
    standing: Iterable[tuple[str, Flag]],
    seen: Sequence[Absence],
    begins_ms: int,
    silent_ms: int,
) -> Iterator[Record]:
    """Flags of the silences that stood, as records at the beginning: there they begin when played.

    So heartbeats that were missed before do not matter. A board may be older than its watchdog's
    last look: only stations that were seen to be away are silent.
    """
    gone = {
        absence.station
        for absence in seen
        if absence.nothing_since_ms(silent_ms) <= begins_ms + _SOON_MS
    }
    for number, (watchdog, flag) in enumerate(standing):
        if flag.rule is Rule.SILENT and flag.subject.station in gone:
            detail = _BEFORE if NOT_HEARD in flag.detail else flag.detail
            anew = flag.model_copy(update={"detail": detail})
            yield Record(line.name, watchdog, -number, begins_ms, Kind.FLAG, anew, b"")


def remarks(standing: Iterable[tuple[str, Flag]]) -> Iterator[str]:
    """The flags that stood and cannot be raised again: what led to them is not known."""
    told = dict.fromkeys(
        f"{flag.rule} {flag.level} of {flag.subject}"
        for _, flag in standing
        if flag.rule is not Rule.SILENT
    )
    for flag in told:
        yield f"Was flagged at the start, but is not here: {flag}, from before."
