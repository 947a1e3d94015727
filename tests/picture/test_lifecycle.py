"""The table of moves, and what takes which answer."""

from itertools import product

import pytest

from hotline.bodies import Answer
from hotline.picture.lifecycle import (
    ANSWERS,
    CONSENT,
    MOVES,
    Act,
    Answering,
    Asks,
    Attendance,
    Cue,
    Move,
    Phase,
    Standing,
    moved,
)

AIRBORNE = (Phase.ACTIVE, Phase.OFF_NOMINAL)


def test_the_tables_are_of_every_state_and_answer() -> None:
    """Each question has answers of its own, and each unsettled state takes each of them."""
    assert set(ANSWERS) == set(Asks)
    assert set(MOVES) == {
        *product((Answering.OPEN, Answering.STANDBY), Answer),
        *product((Standing.CURRENT,), (Act.REVISE, Act.CANCEL)),
        (Attendance.ATTENDED, Act.SUSPEND),
        (Attendance.SUSPENDED, Act.RESUME),
        *((state, cue) for state in AIRBORNE for cue in (Cue.CLOSES, Act.CANCEL)),
        *product((Phase.ACTIVE,), (Cue.STOP, Act.REVISE)),
        *product((Phase.PLANNED,), (Cue.OPENS, Act.CANCEL)),
    }
    words = [word for axis in (Standing, Answering, Attendance, Phase) for word in axis]
    assert len(set(words)) == len(words), "states of two axes would be one in the table"
    for (state, _), to in MOVES.items():
        assert type(to) is type(state)


@pytest.mark.parametrize(
    ("moves", "end"),
    [
        ((Cue.OPENS, Cue.CLOSES), Phase.ENDED),
        ((Cue.OPENS, Act.CANCEL), Phase.ENDED_EARLY),
        ((Act.CANCEL,), Phase.CALLED_OFF),
        ((Cue.OPENS, Cue.STOP), Phase.OFF_NOMINAL),
        ((Cue.OPENS, Act.REVISE, Cue.CLOSES), Phase.ENDED),
        ((Cue.OPENS, Cue.STOP, Act.CANCEL), Phase.ENDED_EARLY),
        ((Cue.CLOSES,), None),
        ((Cue.OPENS, Cue.OPENS), None),
    ],
)
def test_a_flight_goes_where_its_moves_lead(moves: tuple[Move, ...], end: Phase | None) -> None:
    """From planned on; None says that a move may not be made in that state."""
    phase: Phase | None = Phase.PLANNED
    for move in moves:
        assert phase
        phase = moved(phase, move)
    assert phase is end


def test_who_agrees_says_what_settles_the_message() -> None:
    """ACCEPT where a decision is asked for, ROGER to everything else."""
    settled = {asks: moved(Answering.OPEN, CONSENT[asks]) for asks in Asks}
    assert settled == {
        Asks.DECISION: Answering.ACCEPTED,
        Asks.ROGER: Answering.ACKNOWLEDGED,
        Asks.CONFIRMATION: Answering.ACKNOWLEDGED,
    }
    assert all(CONSENT[asks] in ANSWERS[asks] for asks in Asks)
