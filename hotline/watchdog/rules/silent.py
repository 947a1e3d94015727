"""Stations that cannot be heard: whether that was declared, and what it excuses."""

from hotline.bodies import Flag, Level, Rule, Subject
from hotline.picture.declared import Suspension
from hotline.station.station import Station
from hotline.status import GOODBYE, NOT_HEARD
from hotline.times import format_instant, format_time_of_day
from hotline.watchdog.agenda import Agenda, Deadline
from hotline.watchdog.board import Board
from hotline.watchdog.rules.degraded import Degraded


class Silent:
    """The rule `silent`, at work for one watchdog.

    A silence that a party has declared is not an alarm, and comm checks to it are not missed; both
    only until the time that it gave, if it gave one. Notices must still be answered: their authors
    need to know.
    """

    def __init__(self, station: Station, board: Board, agenda: Agenda, degraded: Degraded) -> None:
        self._station = station
        self._board = board
        self._agenda = agenda
        self._degraded = degraded

    def fell(self, station: str, reason: str, now_ms: int) -> None:
        """A station cannot be heard; one that was lost, and has left since then, was back.

        A start finds no goodbye if the broker has lost it: that we have flagged it is enough.
        """
        flag = self._flag_on(station)
        if flag and flag.level is Level.ALARM and self._has_left_since(station, flag.due):
            self.came(station)
        elif flag and reason.startswith(NOT_HEARD) and not self._has_come_since(station, flag.due):
            return
        suspension = self._declared(station, now_ms)
        self._board.raise_flag(silence(station, reason, now_ms, suspension))
        self._expect_back(station)

    def came(self, station: str) -> None:
        """A station can be heard."""
        self._board.clear(Rule.SILENT, Subject(station=station), "back on the line")

    def suspended(self, party: str, at_ms: int, now_ms: int) -> None:
        """A party has declared its silence, which explains what stands flagged for it.

        `at_ms` is when it did so; read anew after a lost disk, that may be before the flag.
        """
        if self._flag_on(party) and self._declared(party, now_ms):
            self._board.clear(Rule.SILENT, Subject(station=party), "the party has suspended")
            self.fell(party, "not heard", now_ms)
        else:
            self._expect_back(party)
        self._excuse(party, at_ms)

    def _excuse(self, party: str, at_ms: int) -> None:
        """The silence that a party declared then excuses what it owed to its channel."""
        self._degraded.suspended(party, at_ms)
        for flag in self._board.flags(Rule.UNANSWERED):
            message = self._station.picture.messages.get(flag.subject.ref)
            if message and self._station.picture.is_excused(message):
                self._board.clear(Rule.UNANSWERED, flag.subject, f"{party} has suspended")

    def resumed(self, party: str, at_ms: int, now_ms: int) -> None:
        """A party should be heard again since `at_ms`; one that is not is missed from now on.

        One that has left since then was back, and left the line like any other.
        """
        flag = self._flag_on(party)
        if flag is None or self._declared(party, now_ms):
            return
        if not self._has_left_since(party, at_ms):
            self._board.raise_flag(silence(party, "resumed, and not heard", now_ms))
        elif flag.due <= at_ms:
            self.came(party)
            self.fell(party, GOODBYE, now_ms)

    def catch_up(self, now_ms: int) -> None:
        """Say what an earlier life heard of declared silences but could not say."""
        for party, declared in self._station.picture.declared.items():
            last = declared.suspension
            if last is None:
                continue
            flag = self._flag_on(party)
            if flag and flag.level is Level.ALARM:  # if declared, it would be none
                self.suspended(party, last.since_ms, now_ms)
            else:
                self._excuse(party, last.since_ms)
            if last.resumed_ms is not None:
                self.resumed(party, last.resumed_ms, now_ms)

    def take_up(self) -> None:
        """Have the ends of declared silences judged, after a start."""
        for party in self._station.picture.declared:
            self._expect_back(party)

    def is_void(self, deadline: Deadline) -> bool:
        """Whether nobody is expected back at this time: not who left after it, for he was back."""
        party = deadline.ref.station
        suspension = self._station.picture.declared[party].suspension
        return (
            suspension is None
            or suspension.ref != deadline.ref
            or suspension.resumed_ms is not None
            or not self._flag_on(party)
            or self._has_left_since(party, deadline.due_ms)
        )

    def judge(self, deadline: Deadline, _late_ms: int) -> None:
        """A party is not back at the time that it gave."""
        at = format_time_of_day(deadline.due_ms)
        reason = f"suspended until {at} by its own word, and not back"
        self._board.raise_flag(silence(deadline.ref.station, reason, deadline.due_ms))

    def _declared(self, station: str, now_ms: int) -> Suspension | None:
        declared = self._station.picture.declared.get(station)
        return declared.silence(now_ms) if declared else None

    def _expect_back(self, station: str) -> None:
        """Have the end of its last declared silence judged, even if that is over."""
        declared = self._station.picture.declared.get(station)
        last = declared.suspension if declared else None
        if last and last.until_ms is not None:
            due_ms, ref, since_ms = last.until_ms, last.ref, last.since_ms
            deadline = Deadline(due_ms, due_ms, ref, Rule.SILENT, Level.ALARM, since_ms)
            self._agenda.add(deadline)

    def _has_left_since(self, station: str, at_ms: int) -> bool:
        return self._station.peers.presences.has_left_since(station, at_ms)

    def _has_come_since(self, station: str, at_ms: int) -> bool:
        return self._station.peers.presences.has_come_since(station, at_ms)

    def _flag_on(self, station: str) -> Flag | None:
        return self._board.standing(Rule.SILENT, Subject(station=station))


def silence(station: str, reason: str, now_ms: int, suspension: Suspension | None = None) -> Flag:
    """A station cannot be heard: a WARNING if it said so itself, an ALARM if it vanished."""
    left = reason == GOODBYE
    detail = f"{station} left the line" if left else f"{station}: {reason}"
    if suspension:
        detail += f" (suspended since {format_instant(suspension.since_ms)} by its own word)"
    return Flag(
        rule=Rule.SILENT,
        subject=Subject(station=station),
        level=Level.WARNING if left or suspension else Level.ALARM,
        due=now_ms,
        detail=detail,
    )
