import pytest

from hotline.station.presence import Presences
from hotline.station.turn import CameOnline, FellSilent
from hotline.status import GOODBYE, LINK_LOST, Role, Status
from tests.helpers import T0

SILENT_MS = 15_000
NOT_HEARD = FellSilent("tur", "not heard for 15s")


def told(at_ms: int = T0, *, since_ms: int = T0, online: bool = True, reason: str = "") -> Status:
    """A status of tur's."""
    return Status("isr-tur", "tur", at_ms, since_ms, online, 0, {}, Role.PARTY, reason)


WILL = told(online=False, reason=LINK_LOST)


@pytest.fixture
def presences() -> Presences:
    """What isr knows of tur when it has just connected."""
    presences = Presences(["tur"], SILENT_MS)
    presences.listen_from(T0)
    return presences


def live(presences: Presences, status: Status, now_ms: int) -> CameOnline | FellSilent | None:
    """A status that is said while we listen."""
    return presences.hear(status, retained=False, now_ms=now_ms)


def test_nothing_is_known_before_anything_was_heard(presences: Presences) -> None:
    """A station that was neither heard nor missed is not known to be there, nor to be silent."""
    assert not presences.is_known("tur")
    assert not presences.is_silent("tur")
    assert presences.miss(T0) == []


def test_the_first_heartbeat_brings_a_station_online_once(presences: Presences) -> None:
    """Only the first status is news."""
    assert live(presences, told(), T0 + 1) == CameOnline("tur")
    assert live(presences, told(), T0 + 2) is None
    assert presences.is_known("tur")
    assert not presences.is_silent("tur")


def test_missed_heartbeats_are_silence_to_the_millisecond(presences: Presences) -> None:
    """Silence begins so long after the last status, is told once, and ends with the next."""
    live(presences, told(), T0 + 1_000)
    assert presences.due_ms() == T0 + 1_000 + SILENT_MS
    assert presences.miss(T0 + 1_000 + SILENT_MS - 1) == []
    assert presences.miss(T0 + 1_000 + SILENT_MS) == [NOT_HEARD]
    assert presences.miss(T0 + 90_000) == []
    assert presences.is_silent("tur")
    assert presences.due_ms() is None
    assert live(presences, told(T0 + 90_000), T0 + 90_000) == CameOnline("tur")


def test_the_first_of_several_silences_is_due() -> None:
    """However often the others are heard."""
    presences = Presences(["tur", "dog"], SILENT_MS)
    presences.listen_from(T0)
    live(presences, told()._replace(station="dog"), T0 + 5_000)
    assert presences.due_ms() == T0 + SILENT_MS
    assert presences.miss(T0 + SILENT_MS) == [NOT_HEARD]
    assert presences.due_ms() == T0 + 5_000 + SILENT_MS


def test_who_never_said_anything_is_silent_in_the_end(presences: Presences) -> None:
    """From when we listen, a station has as long as any to be heard."""
    assert presences.due_ms() == T0 + SILENT_MS
    assert presences.miss(T0 + SILENT_MS) == [NOT_HEARD]


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (WILL, LINK_LOST),
        (told(online=False, reason=GOODBYE), GOODBYE),
        (told(online=False), LINK_LOST),
    ],
)
def test_a_last_will_or_a_goodbye_is_silence_at_once(
    presences: Presences, status: Status, reason: str
) -> None:
    """Nobody waits for heartbeats of a station that is known to be gone; it is told once."""
    live(presences, told(), T0)
    assert live(presences, status, T0 + 1) == FellSilent("tur", reason)
    assert live(presences, status, T0 + 2) is None
    assert presences.miss(T0 + 90_000) == []


def test_the_will_of_an_earlier_connection_is_stale(presences: Presences) -> None:
    """A broker may notice the end of a connection long after the station made its next one."""
    live(presences, told(since_ms=T0 + 500), T0 + 600)
    assert live(presences, WILL, T0 + 700) is None
    assert not presences.is_silent("tur")
    later = told(since_ms=T0 + 500, online=False, reason=LINK_LOST)
    assert live(presences, later, T0 + 800) == FellSilent("tur", LINK_LOST)


def test_who_was_back_unheard_and_is_gone_again_is_told_once(presences: Presences) -> None:
    """Its will, of a later connection than the one that we have heard, says so."""
    goodbye = told(T0 + 1, online=False, reason=GOODBYE)
    assert live(presences, goodbye, T0 + 1) == FellSilent("tur", GOODBYE)
    presences.listen_from(T0 + 60_000)
    later = told(T0 + 500, since_ms=T0 + 500, online=False, reason=LINK_LOST)
    heard = [presences.hear(later, retained=True, now_ms=T0 + 60_000) for _ in range(2)]
    assert heard == [FellSilent("tur", LINK_LOST), None]


def test_who_has_left_since_is_told_by_his_last_goodbye(presences: Presences) -> None:
    """A broker that came back may show one from before; who is there has not left."""
    live(presences, told(T0 + 500, online=False, reason=GOODBYE), T0 + 500)
    live(presences, told(online=False, reason=GOODBYE), T0 + 600)
    assert presences.has_left_since("tur", T0 + 500)
    assert not presences.has_left_since("tur", T0 + 501)
    live(presences, told(T0 + 700), T0 + 700)
    assert not presences.has_left_since("tur", T0 + 500)


def test_a_retained_status_counts_from_when_it_was_said(presences: Presences) -> None:
    """What the broker kept tells of now only while it is fresh."""
    fresh = told(T0 - SILENT_MS + 1)
    assert presences.hear(fresh, retained=True, now_ms=T0) == CameOnline("tur")
    assert presences.miss(T0 + 1) == []
    assert presences.miss(T0 + SILENT_MS) == [NOT_HEARD], "counted from when we listen, at least"


def test_an_old_retained_status_proves_nothing(presences: Presences) -> None:
    """It neither brings a station online nor calls it silent."""
    assert presences.hear(told(T0 - SILENT_MS), retained=True, now_ms=T0) is None
    assert not presences.is_known("tur")


def test_a_retained_status_from_the_future_is_no_better_than_one_of_now(
    presences: Presences,
) -> None:
    """A clock that is ahead does not buy time."""
    assert presences.hear(told(T0 + 90_000), retained=True, now_ms=T0) == CameOnline("tur")
    assert presences.miss(T0 + SILENT_MS) == [NOT_HEARD]


def test_a_retained_will_tells_that_the_station_is_gone(presences: Presences) -> None:
    """However old it is: who came back since would have replaced it."""
    assert presences.hear(WILL, retained=True, now_ms=T0 + 1) == FellSilent("tur", LINK_LOST)


def test_a_new_connection_of_ours_counts_silences_anew(presences: Presences) -> None:
    """Nobody is called silent for the time in which we could not hear."""
    live(presences, told(), T0)
    presences.listen_from(T0 + 90_000)
    assert not presences.is_known("tur"), "what we knew is old"
    assert presences.miss(T0 + 90_000) == []
    assert presences.due_ms() == T0 + 90_000 + SILENT_MS
    assert live(presences, told(T0 + 90_001), T0 + 90_001) == CameOnline("tur")


def test_who_was_silent_before_our_link_broke_is_so_until_heard(presences: Presences) -> None:
    """A silence is told once, not again after each of our own troubles."""
    presences.miss(T0 + SILENT_MS)
    presences.listen_from(T0 + 90_000)
    assert presences.is_silent("tur")
    assert presences.miss(T0 + 200_000) == []


def test_our_own_sleep_is_nobody_elses_silence(presences: Presences) -> None:
    """What was missed while we slept is forgiven; who was silent before stays so."""
    live(presences, told(), T0)
    presences.excuse(T0 + 90_000)
    assert presences.miss(T0 + 90_000) == []
    assert presences.miss(T0 + 90_000 + SILENT_MS) == [NOT_HEARD]
    presences.excuse(T0 + 300_000)
    assert presences.is_silent("tur")


def test_only_who_is_there_is_kept(presences: Presences) -> None:
    """His heartbeat counts; one that says something of his presence is left to be heard."""
    assert not presences.is_there(told())
    live(presences, told(), T0)
    assert presences.is_there(told(T0 + 5_000))
    presences.overhear("tur", T0 + 5_000)
    assert presences.due_ms() == T0 + 5_000 + SILENT_MS
    assert not presences.is_there(told(T0 + 6_000, since_ms=T0 + 6_000))
    assert not presences.is_there(told(T0 + 6_000, online=False))
