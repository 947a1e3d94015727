"""The commands that talk on the line: answers, the voice log, and what concerns the line itself."""

from typing import Annotated

from cyclopts import Parameter

from hotline.bodies import Answer
from hotline.desk.commands.options import (
    More,
    expect_fitting,
    expect_no_text,
    expect_nothing_more,
    expect_quoted,
    promised,
)
from hotline.desk.commands.sitting import ANYWHERE, At, now_ms, say
from hotline.errors import LocalError

Officer = Annotated[
    str | None, Parameter(help="The officer who says it (default: the one on watch).")
]
Until = Annotated[
    str | None, Parameter(help="Until when: 14:30 (UTC), +1h or 2026-01-12T14:30:00Z.")
]
In = Annotated[str | None, Parameter(name="--in", help="The same, as a duration from now: 10m.")]


def answer(
    record: str,
    answer: Answer,
    /,
    *more: More,
    reason: str | None = None,
    until: Until = None,
    in_: In = None,
    officer: Officer = None,
    at: At = ANYWHERE,
) -> None:
    """Answer a message: accept, reject (with --reason), standby (with --in or --until), or roger.

    Parameters
    ----------
    record
        The message's record (isr/12), or the notice that it is about.
    answer
        accept, reject or standby to a request; roger or standby to an information notice;
        roger to everything else.
    reason
        Why it is rejected.
    """
    expect_no_text(answer, record, more)
    expect_fitting(answer, reason, until, in_)
    place = at.place()
    say(
        place,
        do="answer",
        record=record,
        answer=answer,
        officer=officer,
        reason=reason,
        expected_at=promised(until, in_, now_ms(place)),
    )


def voice(
    text: str,
    /,
    *more: More,
    with_: Annotated[str, Parameter(name="--with")],
    about: str | None = None,
    answer: Answer | None = None,
    reason: str | None = None,
    until: Until = None,
    in_: In = None,
    officer: Officer = None,
    at: At = ANYWHERE,
) -> None:
    """Write into the voice log what was said by telephone; with --answer it answers a message.

    Parameters
    ----------
    text
        What was said.
    with_
        With whom.
    about
        The message that it was about: its record (isr/12), or the notice.
    answer
        The answer that was given to it, by us or by them.
    reason
        Why it was rejected.
    """
    expect_quoted("voice", text, more)
    if answer is not None and about is None:
        raise LocalError("an answer needs --about: which message does it answer?")
    expect_fitting(answer, reason, until, in_)
    place = at.place()
    say(
        place,
        do="voice",
        text=text,
        spoke_with=with_,
        record=about,
        answer=answer,
        reason=reason,
        expected_at=promised(until, in_, now_ms(place)),
        officer=officer,
    )


def stop(text: str, /, *more: More, notice: str | None = None, at: At = ANYWHERE) -> None:
    """Knock it off: say, as FLASH, that what is going on must end at once.

    Parameters
    ----------
    text
        What must end, and why.
    notice
        The notice whose flight is meant (default: everything that is going on).
    """
    expect_quoted("stop", text, more)
    say(at.place(), do="stop", text=text, notice=notice)


def check(*more: More, remarks: str | None = None, at: At = ANYWHERE) -> None:
    """Ask whether somebody is at the other desk.

    Parameters
    ----------
    remarks
        Anything to add.
    """
    expect_nothing_more("check", "--remarks", more)
    say(at.place(), do="check", remarks=remarks)


def suspend(
    *more: More,
    reason: str | None = None,
    until: Until = None,
    in_: In = None,
    at: At = ANYWHERE,
) -> None:
    """Declare that nobody will be at this desk for a while: its silence is then no ALARM.

    Notices, cancellations and stops must be answered all the same.

    Parameters
    ----------
    reason
        Why.
    """
    expect_nothing_more("suspend", "--reason", more)
    place = at.place()
    say(place, do="suspend", reason=reason, until=promised(until, in_, now_ms(place)))


def resume(*more: More, reason: str | None = None, at: At = ANYWHERE) -> None:
    """End a suspension: this desk is attended again.

    Parameters
    ----------
    reason
        Anything to add.
    """
    expect_nothing_more("resume", "--reason", more)
    say(at.place(), do="resume", reason=reason)


def handover(
    officer: str,
    /,
    *more: More,
    deputy: str | None = None,
    hours: float | None = None,
    at: At = ANYWHERE,
) -> None:
    """Say who is on watch from now on; answers are given in his name.

    Parameters
    ----------
    officer
        Who is on watch.
    deputy
        Who is called when he does not answer.
    hours
        For how long (8).
    """
    expect_quoted("handover", officer, more)
    say(at.place(), do="handover", officer=officer, deputy=deputy, hours=hours)
