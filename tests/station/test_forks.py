"""Forks: who shows another record than we hold is found, and trusted again only after a while."""

import pytest

from hotline.bodies import Ref
from hotline.station.forks import Forks
from hotline.station.turn import ForkFound, ForkHealed
from hotline.status import Status
from tests.helpers import T0, told

PATIENCE_MS = 15_000
OURS, OTHER = "o" * 43, "x" * 43


def held(ref: Ref) -> str | None:
    """We hold ten records of tur's."""
    return OURS if ref.station == "tur" and ref.seq <= 10 else None


def shown(digest: str, *, head: int = 5, **times_ms: int) -> Status:
    """Tur's status, with the beginning of the digest of its head."""
    return told("tur", head=head, **times_ms)._replace(digests={"tur": digest[:16]})


def test_the_same_digest_is_no_fork() -> None:
    """Be it of the head or of a record before it."""
    forks = Forks(held, PATIENCE_MS)
    assert list(forks.compare(shown(OURS), T0)) == []
    assert not forks.stands("tur")


def test_another_digest_is_told_once() -> None:
    """However often it is shown."""
    forks = Forks(held, PATIENCE_MS)
    assert list(forks.compare(shown(OTHER), T0)) == [ForkFound("tur", 5, "tur")]
    assert list(forks.compare(shown(OTHER), T0 + 1)) == []
    assert forks.stands("tur")
    assert not forks.stands("isr")


def test_what_was_compared_need_not_be_compared_again() -> None:
    """Unless somebody shows a fork, or the same name speaks on two connections."""
    forks = Forks(held, PATIENCE_MS)
    assert not forks.would_repeat(shown(OURS))
    list(forks.compare(shown(OURS), T0))
    assert forks.would_repeat(shown(OURS, at_ms=T0 + 1))
    assert not forks.would_repeat(shown(OURS, at_ms=T0 + 1, since_ms=T0 + 1))
    forks.find("isr", 1, "dog", T0 + 2)
    assert not forks.would_repeat(shown(OURS, at_ms=T0 + 3))


def test_what_we_do_not_hold_cannot_be_compared() -> None:
    """A head beyond ours is a gap, not a fork; and a digest belongs to some number."""
    forks = Forks(held, PATIENCE_MS)
    assert list(forks.compare(shown(OTHER, head=11), T0)) == []
    assert list(forks.compare(shown(OTHER, head=0), T0)) == []
    assert list(forks.compare(shown(OTHER)._replace(station="dog"), T0)) == []


def test_a_fork_heals_when_nothing_else_was_shown_for_a_while() -> None:
    """Two processes under one name show both in turn; that is no healing."""
    forks = Forks(held, PATIENCE_MS)
    list(forks.compare(shown(OTHER), T0))
    assert list(forks.compare(shown(OURS), T0 + PATIENCE_MS - 1)) == []
    list(forks.compare(shown(OTHER), T0 + PATIENCE_MS - 1))
    assert list(forks.compare(shown(OURS), T0 + PATIENCE_MS)) == []
    healed = list(forks.compare(shown(OURS), T0 + 2 * PATIENCE_MS))
    assert healed == [ForkHealed("tur", "tur")]
    assert not forks.stands("tur")


def test_who_shows_no_digests_is_forgiven_after_a_while() -> None:
    """A record that a person mistyped must not silence the other side for ever."""
    forks = Forks(held, PATIENCE_MS)
    forks.find("tur", 5, "tur", T0)
    bare = shown(OURS)._replace(digests={})
    assert list(forks.compare(bare, T0 + PATIENCE_MS - 1)) == []
    assert list(forks.compare(bare, T0 + PATIENCE_MS)) == [ForkHealed("tur", "tur")]
    assert not forks.stands("tur")


def test_our_clock_does_not_heal_it() -> None:
    """An hour that was put forward is no hour of agreement."""
    forks = Forks(held, PATIENCE_MS)
    list(forks.compare(shown(OTHER), T0))
    forks.shift(3_600_000)
    assert list(forks.compare(shown(OURS), T0 + 3_600_001)) == []


def test_two_processes_under_one_name_are_seen() -> None:
    """The older connection speaks after the newer one began."""
    forks = Forks(held, PATIENCE_MS)
    assert list(forks.compare(shown(OURS, since_ms=T0, at_ms=T0 + 1), T0 + 1)) == []
    assert list(forks.compare(shown(OURS, since_ms=T0 + 5, at_ms=T0 + 6), T0 + 6)) == []
    late = shown(OURS, since_ms=T0, at_ms=T0 + 4)  # overtaken on its way: said before the newer one
    assert list(forks.compare(late, T0 + 7)) == []
    twin = shown(OURS, since_ms=T0, at_ms=T0 + 8)
    assert list(forks.compare(twin, T0 + 8)) == [ForkFound("tur", None, "tur")]


def test_the_last_words_of_a_process_that_has_ended_are_no_twins() -> None:
    """They may come after the first ones of the next process, to one who has just come, too."""
    forks = Forks(held, PATIENCE_MS)
    assert list(forks.compare(shown(OURS, since_ms=T0 + 5, at_ms=T0 + 5), T0 + 6)) == []
    assert list(forks.compare(shown(OURS, since_ms=T0, at_ms=T0 + 5), T0 + 7)) == []
    assert list(forks.compare(shown(OURS, since_ms=T0 + 5, at_ms=T0 + 8), T0 + 9)) == []
    # A process that goes on speaking has not ended.
    list(forks.compare(shown(OURS, since_ms=T0, at_ms=T0 + 10), T0 + 11))
    other = shown(OURS, since_ms=T0 + 5, at_ms=T0 + 12)
    assert list(forks.compare(other, T0 + 13)) == [ForkFound("tur", None, "tur")]


def test_our_clock_does_not_stop_a_twin() -> None:
    """An hour that was put forward is no hour in which the newer one has not spoken."""
    forks = Forks(held, PATIENCE_MS)
    list(forks.compare(shown(OURS, since_ms=T0), T0))
    list(forks.compare(shown(OURS, since_ms=T0 + 5, at_ms=T0 + 5), T0 + 5))
    forks.shift(3_600_000)
    later_ms = T0 + 3_600_010
    twin = shown(OURS, since_ms=T0, at_ms=later_ms)
    assert list(forks.compare(twin, later_ms)) == [ForkFound("tur", None, "tur")]


@pytest.mark.parametrize("is_first", [False, True], ids=["came after it", "was there before it"])
def test_a_twin_that_was_stopped_is_forgotten(is_first: bool) -> None:
    """Once it has not spoken for the silence time; as long again, and the fork has healed."""
    forks = Forks(held, PATIENCE_MS)
    original, twin = T0, T0 + 5
    if is_first:
        list(forks.compare(shown(OURS, since_ms=original), T0))
    seen: list[ForkFound | ForkHealed] = []
    for at_ms in range(T0 + 10, T0 + 60_000, 5_000):
        if at_ms < T0 + 20_000:
            seen += forks.compare(shown(OURS, since_ms=twin, at_ms=at_ms - 1), at_ms - 1)
        seen += forks.compare(shown(OURS, since_ms=original, at_ms=at_ms), at_ms)
    assert seen == [ForkFound("tur", None, "tur"), ForkHealed("tur", "tur")]
    assert not forks.stands("tur")


def test_a_twin_shows_the_journals_of_others_too() -> None:
    """Whichever of the processes under one name it is that holds another record."""
    forks = Forks(lambda _: OURS, PATIENCE_MS)
    list(forks.compare(shown(OURS, since_ms=T0), T0))
    list(forks.compare(shown(OURS, since_ms=T0 + 5, at_ms=T0 + 5), T0 + 5))
    twin = shown(OURS, since_ms=T0, at_ms=T0 + 6)
    shows = twin._replace(held={"isr": 3}, digests={"isr": OTHER[:16]})
    found = [ForkFound("tur", None, "tur"), ForkFound("isr", 3, "tur")]
    assert list(forks.compare(shows, T0 + 6)) == found
    assert forks.stands("isr")


def test_who_connects_anew_after_his_clock_was_put_back_has_no_twin() -> None:
    """Also not when his clock comes to the time at which he had connected before."""
    forks = Forks(held, PATIENCE_MS)
    assert list(forks.compare(shown(OURS, since_ms=T0, at_ms=T0), T0)) == []
    put_back_ms = T0 - 20_000
    for at_ms in range(put_back_ms, T0 + 60_000, 5_000):
        assert list(forks.compare(shown(OURS, since_ms=put_back_ms, at_ms=at_ms), at_ms)) == []


def test_a_fork_of_before_our_start_heals_when_its_author_shows_our_bytes() -> None:
    """For as long as any other fork must; meanwhile it stands."""
    forks = Forks(held, PATIENCE_MS)
    forks.recheck("tur", T0)
    assert forks.stands("tur")
    assert list(forks.compare(shown(OURS), T0 + PATIENCE_MS - 1)) == []
    assert list(forks.compare(shown(OURS), T0 + PATIENCE_MS)) == [ForkHealed("tur", "tur")]
    forks.recheck("tur", T0)
    assert list(forks.compare(shown(OTHER), T0 + PATIENCE_MS)) == []
    assert list(forks.compare(shown(OURS), T0 + PATIENCE_MS + 1)) == []
