"""What an officer can do: which keys make sense, and why another one does not."""

from typing import Any

import pytest

from hotline.desk.screen.acts import ACTS
from tests.desk.screen.seats import ATTENDED, ENTRY, SETTLED, STATE

OURS = ENTRY | {"record": "tur/1", "from": "tur", "message": "TUR-1 rev 1"}
AWAY = {"isr": ATTENDED, "tur": ATTENDED | {"attendance": "suspended"}}


def fitting(entry: dict[str, Any] | None, **changes: Any) -> set[str]:
    """The names of what makes sense."""
    return {name for name, act in ACTS.items() if not act.why_not(STATE | changes, entry)}


ALWAYS = {"voice", "notify", "stop", "check", "suspend", "handover"}


@pytest.mark.parametrize(
    ("entry", "changes", "fits"),
    [
        (None, {}, ALWAYS),
        (ENTRY, {}, ALWAYS | {"accept", "reject", "standby"}),
        (ENTRY | {"answers": ["ROGER"]}, {}, ALWAYS | {"roger"}),
        (OURS, {}, ALWAYS | {"revise", "cancel"}),
        (OURS | {"state": "cancelled"}, {}, ALWAYS),
        (SETTLED | {"state": "accepted"}, {}, ALWAYS),
        (None, {"declared": AWAY}, ALWAYS - {"suspend"} | {"resume"}),
        (ENTRY, {"may_speak": False}, set()),
        (ENTRY, {"role": "watchdog"}, set()),
    ],
)
def test_what_makes_sense(
    entry: dict[str, Any] | None, changes: dict[str, Any], fits: set[str]
) -> None:
    """On this line, with this message selected."""
    assert fitting(entry, **changes) == fits


@pytest.mark.parametrize(
    ("name", "entry", "says"),
    [
        ("accept", None, "nothing is selected: ACCEPT answers a message"),
        ("accept", OURS, "TUR-1 rev 1 is our own: isr answers it"),
        ("roger", ENTRY, "ISR-1 rev 1 takes ACCEPT or REJECT or STANDBY, not ROGER"),
        ("accept", SETTLED, "ISR-1 rev 1 no longer waits for an answer: it is open"),
        ("cancel", ENTRY, "select a notice of our own for that"),
        ("resume", None, "we have not suspended the line"),
    ],
)
def test_why_something_does_not(name: str, entry: dict[str, Any] | None, says: str) -> None:
    """In words."""
    why = ACTS[name].why_not(STATE, entry)
    assert why
    assert says in why


def test_every_key_does_one_thing() -> None:
    """No two acts share one."""
    assert len({act.key for act in ACTS.values()}) == len(ACTS)
