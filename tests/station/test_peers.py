"""Whom a start waits for, once somebody has shown that its journal is as it left it."""

import json

import pytest

from hotline.records import SHORT_DIGEST, digest
from hotline.station.turn import ClockSkewed, ForkFound, Incoming
from hotline.status import LINK_LOST
from hotline.times import SECOND_MS
from tests.helpers import T0, TIMERS, Author, status
from tests.machines import newcomer, turn

(MINE,) = Author("isr").notices(1)
DIGEST = digest(MINE.raw)[:SHORT_DIGEST]
DOG_IS_AWAY = status("dog", online=False, reason=LINK_LOST)


def showing(shown: str, told: Incoming) -> Incoming:
    """A status that shows isr's journal with this digest."""
    fields = json.loads(told.payload) | {"digests": {"isr": shown}}
    return told._replace(payload=json.dumps(fields).encode())


def test_who_is_away_is_not_waited_for_when_another_shows_our_journal_whole() -> None:
    """Nothing of it is lost, so nobody can hold words of ours that we do not know."""
    isr = newcomer(MINE)
    turn(isr, DOG_IS_AWAY)
    assert isr.waits_for == ["dog", "tur"]
    turn(isr, showing(DIGEST, status("tur", isr=1)), now_ms=T0 + 1)
    assert isr.may_speak


def test_who_may_be_there_is_waited_for_all_the_same() -> None:
    """He may have heard what the other has not."""
    isr = newcomer(MINE)
    turn(isr, showing(DIGEST, status("tur", isr=1)))
    assert isr.waits_for == ["dog"]
    turn(isr, DOG_IS_AWAY, now_ms=T0 + 1)
    assert isr.may_speak


@pytest.mark.parametrize(
    "told",
    [
        showing(DIGEST, status("tur", isr=1, retained=True)),
        showing(DIGEST, status("tur", isr=1, online=False, reason=LINK_LOST)),
        showing("x" * SHORT_DIGEST, status("tur", isr=1)),
        showing(DIGEST, status("tur", isr=0)),
        showing(DIGEST, status("tur", isr=2)),
        status("tur", isr=1),
    ],
    ids=["memory", "will", "another record", "less", "more", "no digest"],
)
def test_what_is_no_proof_leaves_everybody_waited_for(told: Incoming) -> None:
    """The disk may be older than our words, and who is away may be the one that holds them."""
    isr = newcomer(MINE)
    turn(isr, told, DOG_IS_AWAY)
    turn(isr, status("tur", online=False, reason=LINK_LOST), now_ms=T0 + 1)
    assert "dog" in isr.waits_for


def test_an_empty_disk_may_be_a_lost_one() -> None:
    """Somebody who holds nothing of ours does not show that there never was anything."""
    isr = newcomer()
    turn(isr, status("tur"), DOG_IS_AWAY)
    assert isr.waits_for == ["dog"]


def test_what_a_broker_remembers_shows_neither_clocks_nor_forks() -> None:
    """Nor does a will: both were said some time ago, and perhaps before a disk was lost."""
    isr = newcomer(MINE)
    old = showing("x" * SHORT_DIGEST, status("tur", isr=1, at_ms=T0 - TIMERS.silent_ms))
    gone = status("tur", isr=1, online=False, reason=LINK_LOST, at_ms=T0 - TIMERS.silent_ms)
    both = old._replace(retained=True), showing("x" * SHORT_DIGEST, gone)
    events = [
        event
        for now_ms in range(T0, T0 + 9 * SECOND_MS, SECOND_MS)
        for event in turn(isr, *both, now_ms=now_ms).events
    ]
    assert not [event for event in events if isinstance(event, ForkFound | ClockSkewed)]
