"""Bodies as commands: what is typed says the same again."""

import shlex

import pytest
from cyclopts import App

from hotline.bodies import (
    Answer,
    Body,
    Flag,
    Handover,
    Level,
    RefersTo,
    Resume,
    Rule,
    Stop,
    Subject,
    Suspend,
    Voice,
)
from hotline.desk import drafts
from hotline.desk.commands.as_command import as_command
from hotline.notice import FlightNotice
from hotline.times import HOUR_MS
from tests.helpers import T0, cancel, check, notice, reply


@pytest.mark.parametrize(
    ("body", "command"),
    [
        (check(), "hotline desk check"),
        (cancel("X"), "hotline desk cancel X --reason weather"),
        (Stop(text="knock it off", notice="X"), "hotline desk stop 'knock it off' --notice X"),
        (Suspend(until=T0), "hotline desk suspend --until 2026-01-12T06:00:00Z"),
        (Resume(reason="back"), "hotline desk resume --reason back"),
        (
            Handover(officer="Demir", deputy="Kaya"),
            "hotline desk handover Demir --deputy Kaya --hours 8",
        ),
        (
            Voice(
                refers_to=RefersTo(station="isr", seq=3),
                answer=Answer.ACCEPT,
                officer="Demir",
                spoke_with="Levi",
                text="agreed",
            ),
            "hotline desk voice agreed --with Levi --about isr/3 --answer accept --officer Demir",
        ),
        (
            reply("isr", 3, Answer.REJECT),
            "hotline desk answer isr/3 reject --officer Levi --reason 'too close'",
        ),
        (
            reply("isr", 3, Answer.STANDBY, expected_ms=T0),
            "hotline desk answer isr/3 standby --officer Levi --until 2026-01-12T06:00:00Z",
        ),
    ],
)
def test_each_body_has_its_command(body: Body, command: str) -> None:
    """With all that it says."""
    assert as_command(body) == command


@pytest.mark.parametrize("vertices", [0, 3])
def test_a_notice_that_is_typed_is_the_same_notice(vertices: int) -> None:
    """Its options make the fields that it was made of."""
    body = notice("X", vertices=vertices, starts_ms=T0 + HOUR_MS)
    body = body.model_copy(update={"remarks": "it's late", "aircraft_count": 2})
    app, made = App(), []

    @app.default
    def notify(*, id: str, flight: drafts.Flight = drafts.Flight()) -> None:  # noqa: A002, B008
        made.append(drafts.draft(None, flight, id, T0).fields)

    words = shlex.split(as_command(body))
    assert words[:3] == ["hotline", "desk", "notify"]
    app(words[3:], result_action="return_value")
    assert FlightNotice.model_validate(made[0]) == body


def test_a_revision_is_typed_as_one() -> None:
    """The notice's name stands where its command has it."""
    assert as_command(notice("X", revision=2)).startswith(
        "hotline desk revise X --precedence ROUTINE "
    )


def test_a_revision_says_that_one_is_left_of_several() -> None:
    """What its command leaves out stays as it was."""
    assert " --count 1 " in as_command(notice("X", revision=2))


def test_a_watchdogs_words_are_not_typed() -> None:
    """Nobody says a flag at a desk."""
    flag = Flag(
        rule=Rule.SILENT, subject=Subject(station="isr"), level=Level.ALARM, due=T0, detail="gone"
    )
    with pytest.raises(ValueError, match="Flag is not said at a desk"):
        as_command(flag)
