"""The flags that a watchdog has raised: records in its journal, retained on its board."""

import itertools

from hotline.bodies import Clear, Flag, Level, Rule, Subject, flag_key
from hotline.station.station import Station
from hotline.station.turn import Publish
from hotline.topics import Channel, Topic
from hotline.watchdog.deadlines import LEVELS


class Board:
    """What stands flagged now. Each level of a flag is raised once, until it is cleared."""

    def __init__(self, station: Station) -> None:
        self._station = station
        self._raised = self._in_journal()
        self._in_turn: set[tuple[str, Level, int]] = set()  # raised, and in no picture yet

    def flags(self, rule: Rule) -> list[Flag]:
        """What stands flagged by this rule, each with its last level."""
        return [flag for flag in self._raised.values() if flag.rule is rule]

    def has_shown(self, rule: Rule, subject: Subject, level: Level, due_ms: int) -> bool:
        """Whether this deadline has been flagged by us with this level, even if cleared since."""
        name, key = self._station.name, flag_key(rule, subject)
        if (key, level, due_ms) in self._in_turn:
            return True
        in_memory = self._station.picture.flagged.of(name, key)
        entries = itertools.chain(in_memory, self._station.picture.past.flags_under(name, key))
        return any((entry.level, entry.flag.due) == (level, due_ms) for entry in entries)

    def standing(self, rule: Rule, subject: Subject) -> Flag | None:
        """The last level of a flag, while it stands."""
        return self._raised.get(flag_key(rule, subject))

    def stands_since(self, rule: Rule, subject: Subject, at_ms: int) -> bool:
        """Whether it stands flagged with a deadline not after `at_ms`."""
        flag = self.standing(rule, subject)
        return flag is not None and flag.due <= at_ms

    def raise_flag(self, flag: Flag) -> bool:
        """Flag it, unless it stands flagged with this level already; say whether it was new."""
        raised = self._raised.get(flag.key)
        if raised and LEVELS.index(raised.level) >= LEVELS.index(flag.level):
            return False
        self._raised[flag.key] = flag
        self._in_turn.add((flag.key, flag.level, flag.due))
        self._station.say(flag)
        self._post(flag.key, flag)
        return True

    def clear(self, rule: Rule, subject: Subject, reason: str, late_ms: int | None = None) -> None:
        """Clear all levels of a flag, if it stands."""
        key = flag_key(rule, subject)
        if self._raised.pop(key, None):
            clear = Clear(rule=rule, subject=subject, reason=reason, late_ms=late_ms)
            self._station.say(clear)
            self._post(key, None)

    def end_turn(self) -> None:
        """What was raised is now a record."""
        self._in_turn.clear()

    def post_all(self) -> None:
        """Put up all that stands: the broker may have lost it."""
        for key, flag in self._raised.items():
            self._post(key, flag)

    def reload(self) -> None:
        """Records of our own came back to us: show what stands flagged by them, and only that."""
        before, self._raised = self._raised, self._in_journal()
        for key in sorted(before.keys() - self._raised.keys()):
            self._post(key, None)
        self.post_all()

    def found(self, key: str, payload: bytes) -> None:
        """The broker shows a flag; one that came back after we cleared it is taken down."""
        if not self.may_stay(key, payload):
            self._post(key, None)

    def may_stay(self, key: str, payload: bytes) -> bool:
        """Whether what the broker shows may stay."""
        return not payload or key in self._raised

    def _in_journal(self) -> dict[str, Flag]:
        raised = self._station.picture.flagged.standing(self._station.name)
        return {key: entries[-1].flag for key, entries in raised.items()}

    def _post(self, key: str, flag: Flag | None) -> None:
        topic = str(Topic(self._station.line.name, self._station.name, Channel.FLAGS, key))
        payload = flag.model_dump_json(exclude_none=True).encode() if flag else b""
        self._station.publish(Publish(topic, payload, retain=True))
