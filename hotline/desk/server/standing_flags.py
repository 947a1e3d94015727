"""The flags that stand, each once, and which of them a list has room for."""

from collections.abc import Hashable
from typing import Any, NamedTuple

from hotline.bodies import Kind, Level
from hotline.desk.server.shares import in_shares
from hotline.picture.flagged import FlagEntry
from hotline.picture.message import Message
from hotline.picture.picture import Picture
from hotline.picture_json import flag_as_dict
from hotline.times import format_instant
from hotline.watchdog.deadlines import LEVELS


class StandingFlag(NamedTuple):
    """One flag: its worst level, since when it stands, and the message that it is about."""

    worst: FlagEntry
    since_ms: int
    about: Message | None

    @property
    def is_grave(self) -> bool:
        """Whether it is more than a warning, or about a stop."""
        is_about_stop = self.about is not None and self.about.kind == Kind.STOP
        return is_about_stop or self.worst.level is not Level.WARNING

    def as_dict(self) -> dict[str, Any]:
        """The flag as a state shows it."""
        return flag_as_dict(self.worst, self.about) | {"since": format_instant(self.since_ms)}


def standing_flags(picture: Picture) -> list[StandingFlag]:
    """All of them, the worst last and of these the newest."""
    levels: dict[str, list[FlagEntry]] = {}
    for entry in picture.flags_seen():
        if entry.cleared_ms is None:
            levels.setdefault(entry.flag.key, []).append(entry)
    found = []
    for entries in levels.values():
        worst = max(entries, key=lambda entry: LEVELS.index(entry.level))
        about = picture.about(worst.flag.subject)
        found.append(StandingFlag(worst, entries[0].raised_ms, about))
    return sorted(found, key=lambda flag: LEVELS.index(flag.worst.level))


def shown(flags: list[StandingFlag], most: int) -> list[StandingFlag]:
    """At most `most` of them: other warnings make room for alarms and for flags about a stop.

    A flight that nobody has answered stands as VOICE_REQUIRED once its window opens. However many
    of these there are, each sort has a share: an alarm for a silent station is there too.
    """
    worst_first = flags[::-1]
    grave = in_shares([flag for flag in worst_first if flag.is_grave], _sort, most)
    others = [flag for flag in worst_first if not flag.is_grave]
    return [*grave, *in_shares(others, _sort, most - len(grave))][::-1]


def _sort(flag: StandingFlag) -> Hashable:
    return flag.worst.flag.rule, flag.worst.level, flag.about and flag.about.kind
