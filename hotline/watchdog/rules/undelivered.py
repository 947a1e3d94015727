"""Records that the other party's station has not acknowledged in time."""

import heapq

from hotline.bodies import BODIES, Ref, Rule, Subject
from hotline.station.station import Station
from hotline.watchdog import portions
from hotline.watchdog.agenda import Agenda, Deadline
from hotline.watchdog.board import Board
from hotline.watchdog.deadlines import receipt_dues
from hotline.watchdog.overdue import overdue


class Undelivered:
    """The rule `undelivered`, at work for one watchdog.

    A record is delivered when its receipt is here, or an answer to it or to a later one.
    """

    def __init__(self, station: Station, board: Board, agenda: Agenda) -> None:
        self._station = station
        self._receipts = station.peers.receipts
        self._board = board
        self._agenda = agenda
        self._timers = station.timers
        self._other = {party: station.line.other_party(party) for party in station.line.parties}
        self._flagged: dict[str, list[int]] = {}  # each party's records, the lowest first
        self._answered: dict[str, int] = {}  # the last answered record of each party

    def take_up(self) -> None:
        """Take up what stands flagged, and wait for what was never confirmed."""
        self._flagged = {party: [] for party in self._other}
        confirmed = self._receipts.confirmed
        self._answered = {party: confirmed.get(party, 0) for party in self._other}
        for flag in self._board.flags(Rule.UNDELIVERED):
            of, seq = flag.subject.station, flag.subject.seq
            if of in self._flagged and seq is not None:  # others may have flagged it in our name
                heapq.heappush(self._flagged[of], seq)
        for message in self._station.picture.messages.values():
            if message.answered_by:
                self._prove(message.ref)
        for party, upto in self._answered.items():
            for record in self._station.picture.past.envelopes_after(party, upto):
                self.expect(Ref(party, record.seq), record.at_ms, record.kind)

    def catch_up(self) -> bool:
        """Clear what stands flagged although an earlier life, or an import, brought its answer.

        False: not all yet.
        """
        left = portions.MOST
        for party, upto in self._answered.items():
            left -= self._clear(party, upto, left)
        return left > 0

    def expect(self, ref: Ref, at_ms: int, kind: str) -> None:
        """A party has said something: its receipt is due from now on."""
        (level, due_ms), _ = receipt_dues(at_ms, self._timers)
        self._agenda.add(Deadline(due_ms, due_ms, ref, Rule.UNDELIVERED, level, at_ms, kind))

    def acknowledged(self, of: str, upto: int) -> None:
        """The other party has `of`'s records up to this one."""
        self._clear(of, upto, len(self._flagged[of]))

    def prove(self, ref: Ref) -> None:
        """A party that answers a record has it and all before it, with or without a receipt."""
        if self._prove(ref):
            self.acknowledged(*ref)

    def _prove(self, ref: Ref) -> bool:
        is_new = ref.seq > self._answered[ref.station]
        if is_new:
            self._answered[ref.station] = ref.seq
            self._receipts.prove(*ref)  # settled messages leave the memory
        return is_new

    def is_void(self, deadline: Deadline) -> bool:
        """Whether the record was delivered."""
        of, seq = deadline.ref
        acknowledged = self._receipts.acknowledged(of, by=self._other[of])
        return max(acknowledged, self._answered[of]) >= seq

    def judge(self, deadline: Deadline, late_ms: int) -> None:
        """A receipt did not come in time; `late_ms` is how long after its deadline it is judged."""
        ref, level = deadline.ref, deadline.level
        (first, _), (last, last_ms) = receipt_dues(deadline.since_ms, self._timers)
        flag = overdue(
            Rule.UNDELIVERED,
            ref,
            level,
            due_ms=deadline.due_ms,
            since_ms=deadline.since_ms,
            late_ms=late_ms,
            timers=self._timers,
            detail=f"{self._called(deadline)}: no receipt from {self._other[ref.station]}",
        )
        if self._board.raise_flag(flag) and level is first:
            heapq.heappush(self._flagged[ref.station], ref.seq)
        if level is not last:
            self._agenda.escalate(deadline, last, last_ms)

    def _clear(self, of: str, upto: int, most: int) -> int:
        """Clear the first of those that stand flagged and are delivered; return how many."""
        flagged, count = self._flagged[of], 0
        while flagged and flagged[0] <= upto and count < most:
            subject = Subject(station=of, seq=heapq.heappop(flagged))
            self._board.clear(Rule.UNDELIVERED, subject, "delivered")
            count += 1
        return count

    def _called(self, deadline: Deadline) -> str:
        """What people call the record: by its kind if it opened no message, as a reply."""
        ref, kind = deadline.ref, deadline.kind
        message = self._station.picture.find(ref)
        return message.name if message else f"{kind if kind in BODIES else 'record'} {ref}"
