"""Small deliberate bugs, each of which the swarm must find: the judge is judged by them."""

from collections.abc import Callable

import pytest

from tests.sim.station_bugs import STATION_BUGS, wrong_clocks_unseen
from tests.sim.watchdog_bugs import WATCHDOG_BUGS, blindness_unsaid, clock_moves_deadlines

Bug = Callable[[pytest.MonkeyPatch], None]

# Each bug, and an invariant that it breaks.
BUGS: dict[Bug, str] = STATION_BUGS | WATCHDOG_BUGS

# What takes a rare coincidence, and the seed in which it comes.
RARE: dict[Bug, int] = {
    blindness_unsaid: 422,
    clock_moves_deadlines: 120,
    wrong_clocks_unseen: 57,
}
