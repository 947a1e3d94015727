"""Small deliberate bugs, each of which the swarm must find: the judge is judged by them."""

from collections.abc import Callable

import pytest

from tests.sim.station_bugs import STATION_BUGS
from tests.sim.watchdog_bugs import WATCHDOG_BUGS

Bug = Callable[[pytest.MonkeyPatch], None]

# Each bug, and an invariant that it breaks.
BUGS: dict[Bug, str] = STATION_BUGS | WATCHDOG_BUGS
