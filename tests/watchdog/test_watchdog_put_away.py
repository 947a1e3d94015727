"""Whatever a watchdog puts away, has pruned and takes up again, it says the same."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing

from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.bodies import Answer, Kind
from hotline.journal.journal import Journal
from hotline.journal.pruning import prunable
from hotline.machine import open_station
from hotline.records import Record
from hotline.station.turn import Incoming
from hotline.times import HOUR_MS, MINUTE_MS, SECOND_MS
from tests.helpers import T0, TWO_DOGS, Author, records, reply, status, voice
from tests.helpers import TIMERS as DEFAULTS
from tests.journals import BODIES, KINDS
from tests.machines import turn

# Few heartbeats, because hours pass.
TIMERS = DEFAULTS.model_copy(update={"heartbeat_ms": 10 * MINUTE_MS, "silent_ms": HOUR_MS})
PAUSES_MS = (0, 0, SECOND_MS, 10 * SECOND_MS, 3 * MINUTE_MS, HOUR_MS)


class Life:
    """A watchdog on a line where nothing is lost, from one start to the next."""

    def __init__(self, journal: Journal, checkpoint_every: int) -> None:
        self.now_ms = T0
        self._journal = journal
        self._checkpoint_every = checkpoint_every
        self.start()

    def start(self) -> None:
        """End as in a crash, and start anew."""
        self._machine = open_station(
            self._journal, TWO_DOGS, "dog", TIMERS, checkpoint_every=self._checkpoint_every
        )
        self._machine.connecting(self.now_ms)
        self._machine.connected(self.now_ms)
        self._beat()

    def prune(self) -> None:
        """Take out all that may be."""
        if not self._journal.shelf.doubts():
            self._journal.prune(prunable(self._journal, self.now_ms + 1, self.now_ms))

    def hear(self, *heard: Incoming) -> None:
        """Take a turn."""
        taken = turn(self._machine, *heard, now_ms=self.now_ms)
        if taken.appends or taken.confirmed or taken.doubts is not None:
            self._journal.store(taken)

    def go(self, duration_ms: int) -> None:
        """Let time pass."""
        until_ms = self.now_ms + duration_ms
        while (due_ms := self._next_ms()) <= until_ms:
            self.now_ms = max(self.now_ms, due_ms)
            if self._beats_ms <= self.now_ms:
                self._beat()
            else:
                self.hear()
        self.now_ms = until_ms

    def _next_ms(self) -> int:
        due_ms = self._machine.due_ms()
        return self._beats_ms if due_ms is None else min(due_ms, self._beats_ms)

    def _beat(self) -> None:
        """All others say that they are there; of receipts they know nothing."""
        self._beats_ms = self.now_ms + TIMERS.heartbeat_ms
        heads = self._journal.heads()
        others = [name for name in TWO_DOGS.stations if name != "dog"]
        lengths = {name: heads[name].seq if name in heads else 0 for name in TWO_DOGS.stations}
        told = [_status(name, lengths, self.now_ms) for name in others]
        self.hear(*told)


def _status(name: str, lengths: dict[str, int], now_ms: int) -> Incoming:
    return status(name, at_ms=now_ms, head=lengths[name], dog=lengths["dog"])


@st.composite
def days(draw: st.DrawFn) -> list[tuple[Record, int, bool]]:
    """What two parties say; the pause after each word, and whether a start is before it."""
    authors = {party: Author(party, TWO_DOGS) for party in TWO_DOGS.parties}
    said = []
    now_ms = T0
    for _ in range(draw(st.integers(1, 12))):
        party = draw(st.sampled_from(TWO_DOGS.parties))
        other = TWO_DOGS.other_party(party)
        asked = len(authors[other].journal)
        answers = st.builds(
            lambda speak, station, seq, answer, promised_ms: speak(
                station, seq, answer, expected_ms=promised_ms if answer is Answer.STANDBY else None
            ),
            st.sampled_from([reply, voice]),
            st.just(other),
            st.integers(max(asked - 2, 1), asked + 1),
            st.sampled_from(Answer),
            st.integers(now_ms - MINUTE_MS, now_ms + HOUR_MS),
        )
        body = draw(answers | BODIES)
        pause_ms = draw(st.sampled_from(PAUSES_MS))
        record = authors[party].says(KINDS.get(type(body), Kind.CHECK), body, now_ms)
        said.append((record, pause_ms, draw(st.booleans())))
        now_ms += pause_ms
    return said


def story(
    day: Sequence[tuple[Record, int, bool]], *, checkpoint_every: int, prunes: bool = False
) -> list[bytes]:
    """All that the watchdog said of a day."""
    said: dict[int, bytes] = {}
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        journal = Journal.on(connection, TWO_DOGS, "dog")
        life = Life(journal, checkpoint_every)
        for record, pause_ms, is_start in day:
            if is_start:
                said |= journal.rows("dog")
                if prunes:
                    life.prune()
                life.start()
            life.hear(records(record))
            life.go(pause_ms)
        life.go(HOUR_MS)
        said |= journal.rows("dog")
    return [raw for _, raw in sorted(said.items())]


@given(days())
@settings(max_examples=100, deadline=None)
def test_what_is_put_away_and_pruned_makes_no_difference(
    day: list[tuple[Record, int, bool]],
) -> None:
    """Whether all stays in memory or nothing does: every record that it says is the same."""
    in_memory = story(day, checkpoint_every=10**6)
    assert story(day, checkpoint_every=1) == in_memory
    assert story(day, checkpoint_every=1, prunes=True) == in_memory
