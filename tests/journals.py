"""Journals with everything that they may hold, drawn by Hypothesis, and how they look."""

from typing import Any

from hypothesis import strategies as st

from hotline.bodies import BODIES as BODIES_BY_KIND
from hotline.bodies import Answer, Body, Handover, Kind, Level, Resume, Suspend
from hotline.picture.picture import Picture
from hotline.records import Record
from tests.helpers import (
    NONSENSE,
    T0,
    TWO_DOGS,
    Author,
    cancel,
    check,
    clear,
    flag,
    notice,
    reply,
    stop,
    voice,
)


def seen(picture: Picture) -> dict[str, Any]:
    """Everything that people and rules see of a picture, in a form that can be compared."""
    return {
        "heads": sorted(picture.heads.items()),
        "messages": sorted(((key, repr(m)) for key, m in picture.messages.items())),
        "flags": [repr(entry) for entry in picture.flags_seen()],
        "invalid": sorted(picture.invalid.items()),
        "declared": picture.declared,
        "stops": picture.stops,
        "checks": picture.checks,
        "answered_checks": picture.answered_checks,
        "waiting": [[m.ref for m in picture.waiting_for(p)] for p in picture.line.parties],
    }


NAMES = st.sampled_from(["N-1", "N-2"])
INSTANTS = st.integers(T0, T0 + 3)
BODIES = st.one_of(
    st.builds(stop, NAMES | st.none()),
    st.builds(lambda until: Suspend(until=until), INSTANTS | st.none()),
    st.just(Resume()),
    st.builds(lambda name: Handover(officer=name), st.sampled_from(["Levi", "Demir"])),
    st.just(voice()),
    st.builds(lambda name, revision: notice(name, revision=revision), NAMES, st.integers(1, 3)),
    st.builds(cancel, NAMES),
    st.just(check()),
    st.just(NONSENSE),
    st.builds(
        lambda speak, station, seq, answer, expected_ms: speak(
            station, seq, answer, expected_ms=expected_ms if answer is Answer.STANDBY else None
        ),
        st.sampled_from([reply, voice]),
        st.sampled_from(["isr", "tur", "dog"]),
        st.integers(1, 8),
        st.sampled_from(Answer),
        INSTANTS,
    ),
)
FLAGS = st.one_of(
    st.builds(
        lambda level, due, detail: flag(level, due=due, detail=detail),
        st.sampled_from(Level),
        st.integers(T0, T0 + 2),
        st.sampled_from(["no answer", "no answer (seen late)"]),
    ),
    st.just(clear()),
)


KINDS: dict[type[Body], Kind] = {model: Kind(kind) for kind, model in BODIES_BY_KIND.items()}


@st.composite
def journals(draw: st.DrawFn) -> list[list[Record]]:
    """Four journals with everything that they may hold, sense or nonsense."""
    told = []
    for name in TWO_DOGS.stations:
        author = Author(name, TWO_DOGS)
        often, seldom = (BODIES, FLAGS) if name in TWO_DOGS.parties else (FLAGS, BODIES)
        bodies = st.lists(st.tuples(often | often | often | seldom, st.integers(0, 3)), max_size=8)
        for body, after_ms in draw(bodies):
            author.says(KINDS.get(type(body), Kind.CHECK), body, T0 + after_ms)
        told.append(author.journal)
    return told


def interleaved(data: st.DataObject, told: list[list[Record]]) -> list[Record]:
    """The records of some journals in one of many orders, each journal in its own."""
    turns = data.draw(st.permutations([i for i, journal in enumerate(told) for _ in journal]))
    left = [iter(journal) for journal in told]
    return [next(left[turn]) for turn in turns]
