"""Small deliberate bugs in what a watchdog tells of flights, and of the day that ends."""

from typing import Any

import pytest

from hotline.journal.shelf import Shelf
from hotline.picture.changes import Change, What
from hotline.picture.message import Message
from hotline.watchdog import days, flights
from hotline.watchdog.days import Days
from hotline.watchdog.flights import Flights
from tests.sim.deliberate import Real, instead_of

Patch = pytest.MonkeyPatch


def closings_untold(patch: Patch) -> None:
    """Nobody tells that a window closes."""
    patch.setattr(Flights, "_expect", lambda *_: None)


@instead_of(Flights, "hear")
def cancelled_flights_go_on(real: Real, self: Flights, change: Change, now_ms: int) -> object:
    """Nobody tells that a flight is cancelled in the air."""
    return [] if change.what is What.CANCELLED else real(self, change, now_ms)


def words_ahead_change_no_flight(patch: Patch) -> None:
    """What is said of a flight by a clock that is ahead is still to come when it is heard."""
    patch.setattr(flights, "max", lambda _, now_ms: now_ms, raising=False)


def flights_put_away_are_lost(patch: Patch) -> None:
    """A start follows no flight that is answered and put away."""
    patch.setattr(Shelf, "flights", lambda *_: iter(()))


def revisions_in_the_air_are_nominal(patch: Patch) -> None:
    """A flight that is revised while its window is open goes as announced."""
    patch.setattr(Message, "is_open", lambda *_: False)


def revisions_are_off_nominal(patch: Patch) -> None:
    """A flight that was ever revised does not go as announced."""
    patch.setattr(Message, "is_open", lambda *_: True)


def stops_change_no_flight(patch: Patch) -> None:
    """A flight goes on as announced whatever is said to stop it."""
    patch.setattr(Flights, "_stopped", lambda *_: [])


def days_end_untold(patch: Patch) -> None:
    """Nobody tells how much of a day each party could be heard."""
    patch.setattr(Days, "tick", lambda *_: [])


def silences_put_away_are_not_counted(patch: Patch) -> None:
    """At the end of a day only what stands flagged, or was cleared lately, counts as silent."""
    patch.setattr(Shelf, "flags_of", lambda *_: iter(()))


@instead_of(days, "availability")
def declared_silences_are_not_counted(real: Real, flags: object, _: object, *span: Any) -> object:
    """Nor is it known how much of that was declared."""
    return real(flags, (), *span)
