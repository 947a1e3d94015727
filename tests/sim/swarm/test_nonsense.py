"""What is said in a simulated run without any sense."""

import pytest

from hotline.misfits import Misfit
from hotline.picture.picture import Picture
from hotline.records import decode
from sim.oracle.oracle import judge
from sim.oracle.sense import senseless
from sim.swarm.drawing import draw
from sim.swarm.plan import NEWER, Fault, Word
from sim.swarm.world import play
from tests.sim.swarm.plans import planned

SEEDS = (9, 22, 35, 153, 254)  # all that is drawn is among what these say
# The others need a clock that is wrong by minutes, and a watchdog that is not ours.
DRAWN = {*Misfit} - {Misfit.ANSWERS_TOO_EARLY, Misfit.AUTHOR_IS_NO_PARTY, Misfit.CLEARS_NOTHING}


def test_all_that_makes_no_sense_is_drawn_and_the_oracle_reads_it_as_stations_do() -> None:
    """Every code with which a party's record can be marked."""
    found: set[str] = set()
    for plan in map(draw, SEEDS):
        evidence = play(plan)
        picture = Picture(plan.line)
        picture.fold_all(decode(row.raw) for rows in evidence.disks["isr"].values() for row in rows)
        assert {tuple(ref) for ref in picture.invalid} == {*map(tuple, senseless(evidence))}
        found |= {*picture.invalid.values()}
    assert found == DRAWN


@pytest.mark.parametrize("remainder", range(4))
def test_a_newer_program_speaks_while_ours_is_dead(remainder: int) -> None:
    """What it says is kept by all and flagged, and else nothing comes of it."""
    words = (Word(20_000 + remainder, "tur", NEWER), Word(5_000, "tur", "check"))
    evidence = play(planned(Fault("kill", "tur", 15_000, 25_000), words=words, absent=0))
    assert [entry.ref.seq for entry in evidence.journal("tur")] == [1, 2]
    assert [str(ref) for ref in senseless(evidence)] == ["tur/2"]
    assert judge(evidence) == []
    alive = play(planned(words=words[:1], absent=0))
    assert not [*alive.journal("tur")]
