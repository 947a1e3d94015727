from hotline.bodies import Level
from hotline.station.turn import ForkFound
from hotline.watchdog.rules.fork import forked
from tests.helpers import T0


def test_a_fork_is_a_flag_on_the_journal_not_on_the_record() -> None:
    """However many numbers of a journal are forked, it is one flag; it names number and teller."""
    one, other = (forked(ForkFound("tur", seq, "dog"), T0) for seq in (3, 4))
    assert one.key == other.key
    assert one.level is Level.ALARM
    assert "tur/3" in one.detail
    assert "dog" in one.detail
