"""Small deliberate bugs in what a watchdog tells of flights."""

import pytest

from hotline.journal.shelf import Shelf
from hotline.picture.changes import Change, What
from hotline.station.turn import FlightChanged
from hotline.watchdog.flights import Flights

Patch = pytest.MonkeyPatch


def closings_untold(patch: Patch) -> None:
    """Nobody tells that a window closes."""
    patch.setattr(Flights, "_expect", lambda *_: None)


def cancelled_flights_go_on(patch: Patch) -> None:
    """Nobody tells that a flight is cancelled in the air."""
    real = Flights.hear

    def hear(self: Flights, change: Change, now_ms: int) -> list[FlightChanged]:
        return [] if change.what is What.CANCELLED else real(self, change, now_ms)

    patch.setattr(Flights, "hear", hear)


def flights_put_away_are_lost(patch: Patch) -> None:
    """A start follows no flight that is answered and put away."""
    patch.setattr(Shelf, "flights", lambda *_: iter(()))
