"""When the terminal's bell rings."""

from typing import Any

import pytest

from hotline.desk.screen.bell import Bell
from hotline.times import MINUTE_MS, parse_instant
from tests.desk.screen.seats import ENTRY, STATE

NOW_MS = parse_instant(STATE["now"])
VOICE = {"record": "isr/2", "at": ENTRY["at"], "answer": "ACCEPT", "by": "Levi"}


def test_what_is_new_and_what_becomes_worse() -> None:
    """Once each; what goes on to wait, and what was answered from here, makes no noise."""
    bell = Bell()
    assert bell.rings(STATE, NOW_MS)
    assert not bell.rings(STATE, NOW_MS)
    assert bell.rings(STATE, NOW_MS + 2 * MINUTE_MS)
    assert not bell.rings(STATE, NOW_MS + 2 * MINUTE_MS)
    assert not bell.rings(STATE | {"inbox": []}, NOW_MS)


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param([], id="it waits no longer"),
        pytest.param([ENTRY | {"state": "standby", "answered_by": "tur/2"}], id="STANDBY"),
        pytest.param([ENTRY | {"state": "standby", "voice": VOICE}], id="STANDBY by telephone"),
    ],
)
def test_an_answer_to_us(sent: list[dict[str, Any]]) -> None:
    """Whatever it is, it is what we have waited for."""
    bell = Bell()
    ours = STATE | {"inbox": [], "sent": [ENTRY]}
    assert not bell.rings(ours, NOW_MS)
    assert bell.rings(ours | {"sent": sent}, NOW_MS)
    assert not bell.rings(ours | {"sent": sent}, NOW_MS)
