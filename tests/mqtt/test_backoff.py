"""How soon a link that is down is tried again."""

from hotline.mqtt.backoff import Backoff

LATE = [0.1, 0.2, 0.5, 1.0, 2.0, 2.0]  # from one attempt to the next, if none makes a link


def failing(backoff: Backoff, times: int) -> list[float]:
    """The pauses after so many attempts that fail."""
    pauses: list[float] = []
    for _ in range(times):
        assert not backoff.down(0)
        pauses.append(backoff.pause_s())
    return pauses


def cut_after(backoff: Backoff, stood_s: float) -> float:
    """The pause after a link that stood so long."""
    backoff.up(100)
    assert backoff.down(100 + stood_s) is (stood_s >= 5)
    return backoff.pause_s()


def test_the_more_attempts_fail_the_later_is_the_next() -> None:
    """A broker that is away is asked every two seconds in the end, and no more seldom."""
    backoff = Backoff()
    assert [cut_after(backoff, 5), *failing(backoff, 5)] == LATE


def test_what_failed_before_a_link_is_forgotten() -> None:
    """However soon the link is cut, its broker was there."""
    backoff = Backoff()
    failing(backoff, 9)
    assert [cut_after(backoff, 0), *failing(backoff, 5)] == LATE


def test_links_that_are_soon_cut_count_on() -> None:
    """Stations that throw each other out do so ever more seldom, and attempts that fail add up."""
    backoff = Backoff()
    assert [cut_after(backoff, 4.9) for _ in range(3)] == LATE[:3]
    assert failing(backoff, 2) == LATE[3:5]
    assert cut_after(backoff, 4.9) == LATE[3]


def test_a_link_that_stood_begins_anew() -> None:
    """Whatever was cut before it."""
    backoff = Backoff()
    for _ in range(9):
        cut_after(backoff, 0)
    assert cut_after(backoff, 5) == LATE[0]
    assert cut_after(backoff, 0) == LATE[0]
