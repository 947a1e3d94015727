"""What happened in a run: all that its judges look at."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from hotline.bodies import Clear, Flag, Ref, Subject
from hotline.logs.console import plain
from hotline.picture.flagged import FlagEntry, Flagged
from hotline.picture.message import Message
from hotline.picture.picture import Picture
from hotline.records import Record


def speed_in_words(speed: float | None) -> str:
    """How many times faster than life a run is; None: on the virtual clock, as fast as it can."""
    return "virtual" if speed is None else f"{speed:g}"


@dataclass(frozen=True)
class History:
    """The originals of all journals at the end, and what no journal tells. Times in epoch ms.

    `said_ms` says when each record that came on a disk was said, by the scenario's own clock: the
    author's may be wrong. `received_ms` says when each author learned that the other party had it.
    """

    started_ms: int
    ended_ms: int
    interrupted: bool
    records: list[Record]
    picture: Picture
    said_ms: Mapping[Ref, int]
    received_ms: Mapping[Ref, int]
    broker: str
    speed: float | None
    """None on the virtual clock, which runs as fast as it can."""
    seed: int
    played: Collection[str]
    """The parties that people played."""

    def when_ms(self, record: Record) -> int:
        """When a record was said; if no station told of it, the time that its author wrote."""
        return self.said_ms.get(record.ref, record.at_ms)

    def timed(self, message: Message) -> Message:
        """The message with the times at which it really was said and answered."""
        said_ms, by, voice = self.said_ms, message.answered_by, message.voice
        return replace(
            message,
            at_ms=said_ms.get(message.ref, message.at_ms),
            answered_ms=message.answered_ms if by is None else said_ms.get(by, message.answered_ms),
            voice=voice and voice._replace(at_ms=said_ms.get(voice.ref, voice.at_ms)),
        )

    def name_of(self, subject: Subject) -> str:
        """What people call the subject of a flag; a record that is no message by its kind, too."""
        kind = self._kinds.get(subject.ref)
        if kind and not self.picture.about(subject):
            return f"{plain(kind)} {subject}"
        return self.picture.name_of(subject)

    @cached_property
    def flags_seen(self) -> list[FlagEntry]:
        """Every flag and level once, with the times at which it really came and went."""
        flagged = Flagged()
        for record in self.records:
            if record.ref not in self.picture.invalid:
                timed = record._replace(at_ms=self.when_ms(record))
                match record.body:
                    case Flag() as flag:
                        if flag.due == record.at_ms:  # no deadline: it was noticed just then
                            flag = flag.model_copy(update={"due": timed.at_ms})
                        flagged.fold_flag(timed, flag)
                    case Clear() as clear:
                        flagged.fold_clear(timed, clear)
        return flagged.seen()

    def late_ms(self, entry: FlagEntry) -> int | None:
        """How late the answer was that cleared a flag, by the watchdog; None: it was no answer."""
        return self._late_ms.get((entry.flag.key, entry.cleared_ms))

    @cached_property
    def _late_ms(self) -> dict[tuple[str, int | None], int | None]:
        """By the flags that were cleared, and when."""
        return {
            (record.body.key, self.when_ms(record)): record.body.late_ms
            for record in self.records
            if isinstance(record.body, Clear)
        }

    @cached_property
    def _kinds(self) -> dict[Ref, str]:
        return {record.ref: record.kind for record in self.records}
