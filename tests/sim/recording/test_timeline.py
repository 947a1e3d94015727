"""When records become events."""

from hotline.bodies import Answer, Kind
from sim.recording.timeline import timeline
from tests.helpers import T0, Author, check, reply


def test_an_answer_never_comes_before_what_it_answers() -> None:
    """Its author's clock was behind; what he says next comes no sooner, whatever his clock says."""
    isr, tur = Author("isr"), Author("tur")
    asked = tur.says(Kind.CHECK, check(), T0 + 5_000)
    answer = isr.says(Kind.REPLY, reply("tur", 1, Answer.ROGER), T0 + 1_000)
    later = isr.says(Kind.CHECK, check(), T0 + 2_000)
    found = list(timeline([*isr.journal, *tur.journal], T0))
    assert found == [(T0 + 5_000, asked), (T0 + 5_001, answer), (T0 + 5_001, later)]


def test_what_was_said_before_the_start_is_said_at_the_start() -> None:
    """A scenario has no time before it."""
    tur = Author("tur")
    early = tur.says(Kind.CHECK, check(), T0 - 5_000)
    assert list(timeline([early], T0)) == [(T0, early)]
