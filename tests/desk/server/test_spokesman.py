"""Words: what may be said now, by the picture, and why something may not."""

from typing import Any

import pytest

from hotline.bodies import Answer, Kind, Ref, Reply, Stop, Voice
from hotline.notice import Category
from hotline.picture.messages import CLOCKS_DIFFER_MS
from hotline.times import HOUR_MS, MINUTE_MS, format_instant
from tests.desk.server.offices import Office
from tests.helpers import T0, cancel, check, notice, reply


def test_an_answer_names_its_record_or_its_notice() -> None:
    """`isr/1`, or the notice's name in any case, while one message about it waits."""
    for named in ("isr/1", "TUR-014", "tur-014"):
        office = Office()
        office.says(office.isr, Kind.NOTICE, notice())
        body = office.wants(do="answer", record=named, answer="ACCEPT", officer="Demir")
        assert isinstance(body, Reply)
        assert (body.refers_to.ref, body.officer) == (Ref("isr", 1), "Demir")
        office.takes(body, Kind.REPLY)


def test_of_a_revised_notice_the_last_revision_is_meant() -> None:
    """Its name means what still waits; the superseded record is refused, with what waits."""
    office = Office()
    office.says(office.isr, Kind.NOTICE, notice())
    office.says(office.isr, Kind.NOTICE, notice(revision=2))
    body = office.wants(do="answer", record="TUR-014", answer="ACCEPT")
    assert isinstance(body, Reply)
    assert body.refers_to.ref == Ref("isr", 2)
    assert office.refuses(do="answer", record="isr/1", answer="ACCEPT") == (
        "TUR-014 rev 1 was superseded by isr: what waits is isr/2 (TUR-014 rev 2)"
    )


def test_what_cannot_be_answered_is_refused_with_what_can() -> None:
    """A record that is not there, our own, one that is answered, a mistyped name."""
    office = Office()
    assert office.refuses(do="answer", record="isr/9", answer="ROGER") == (
        "isr/9 is not a message that asks for an answer: nothing waits for an answer"
    )
    office.says(office.isr, Kind.NOTICE, notice("ISR-1"))
    office.says(office.isr, Kind.CHECK, check())
    office.says(office.tur, Kind.NOTICE, notice("TUR-1"))
    assert office.refuses(do="answer", record="isr/9", answer="ROGER") == (
        "isr/9 is not a message that asks for an answer:"
        " what waits is isr/1 (ISR-1 rev 1), isr/2 (check isr/2)"
    )
    assert office.refuses(do="answer", record="ISR-01", answer="ROGER") == (
        "nothing here is called 'ISR-01'; did you mean 'ISR-1'?"
    )
    assert office.refuses(do="answer", record="tur/1", answer="ACCEPT") == (
        "TUR-1 rev 1 is our own: isr answers it"
    )
    office.takes(reply("isr", 1), Kind.REPLY)
    assert office.refuses(do="answer", record="isr/1", answer="REJECT", reason="no") == (
        "ISR-1 rev 1 was answered ACCEPT by Levi at 06:00:00 UTC (tur/2)"
    )


@pytest.mark.parametrize(
    ("category", "answer", "says"),
    [
        (Category.REQUEST, "ROGER", "X rev 1 takes ACCEPT or REJECT or STANDBY, not ROGER"),
        (Category.INFORMATION, "ACCEPT", "X rev 1 takes ROGER or STANDBY, not ACCEPT"),
        (Category.REQUEST, "REJECT", "expected a reason with REJECT, and only with it"),
        (Category.REQUEST, "STANDBY", "expected expected_at with STANDBY, and only with it"),
    ],
)
def test_an_answer_must_fit(category: Category, answer: str, says: str) -> None:
    """A decision is decided, an information acknowledged, each with what it needs."""
    office = Office()
    office.says(office.isr, Kind.NOTICE, notice("X", category=category))
    assert office.refuses(do="answer", record="X", answer=answer) == says


def test_a_standby_can_be_followed_by_the_answer() -> None:
    """The promised answer is taken."""
    office = Office()
    office.says(office.isr, Kind.NOTICE, notice("X"))
    until = format_instant(T0 + MINUTE_MS)
    office.takes(
        office.wants(do="answer", record="X", answer="standby", expected_at=until), Kind.REPLY
    )
    office.takes(office.wants(do="answer", record="X", answer="accept"), Kind.REPLY)


@pytest.mark.parametrize("late_ms", [0, HOUR_MS])
def test_what_would_be_over_at_once_is_not_promised(late_ms: int) -> None:
    """The end of a STANDBY, at the desk or by voice, and of a suspension, is still to come."""
    office = Office()
    office.says(office.isr, Kind.NOTICE, notice("X"))
    past, says = format_instant(T0 - late_ms), "expected a time in the future, got"
    standby: dict[str, Any] = {"record": "X", "answer": "standby", "expected_at": past}
    assert office.refuses(do="answer", **standby).startswith(f"{says} {past}: it is 2026-01-12T06")
    spoken = {"text": "later", "spoke_with": "Levi", "officer": "Demir", **standby}
    assert office.refuses(do="voice", **spoken).startswith(says)
    assert office.refuses(do="suspend", until=past).startswith(says)


def test_what_was_said_in_the_future_is_not_answered() -> None:
    """By a clock that is far ahead of ours: the picture would not take the answer."""
    office = Office()
    office.says(office.isr, Kind.NOTICE, notice("X"))
    then_ms = T0 - CLOCKS_DIFFER_MS - 1
    says = office.refuses(then_ms, do="answer", record="X", answer="accept")
    assert says == "X rev 1 was said at 06:00:00 UTC, by a clock far ahead of ours"


def test_a_name_that_means_two_things_is_asked_for() -> None:
    """A cancellation and the other party's notice of the same name: which record?"""
    office = Office()
    office.says(office.isr, Kind.NOTICE, notice("X"))
    office.says(office.isr, Kind.CANCEL, cancel("X"))
    office.says(office.isr, Kind.NOTICE, notice("Y"))
    body = office.wants(do="answer", record="X", answer="roger")
    assert isinstance(body, Reply)
    assert (body.refers_to.ref, body.answer) == (Ref("isr", 2), Answer.ROGER)


def test_a_comm_check_can_always_be_asked_for() -> None:
    """With remarks or without."""
    office = Office()
    office.takes(office.wants(T0 + HOUR_MS, do="check", remarks="morning"), Kind.CHECK)


def test_who_is_on_watch_answers() -> None:
    """Without a name, the officer on watch; with one, that one; after his watch, nobody."""
    office = Office()
    office.takes(
        office.wants(do="handover", officer="Demir", deputy="Kaya", hours=1), Kind.HANDOVER
    )
    office.says(office.isr, Kind.CHECK, check())

    def officer(now_ms: int = T0, **more: str) -> str | None:
        body = office.wants(now_ms, do="answer", record="isr/1", answer="roger", **more)
        assert isinstance(body, Reply)
        return body.officer

    assert officer() == "Demir"
    assert officer(officer="Kaya") == "Kaya"
    spoken: dict[str, Any] = {"do": "voice", "spoke_with": "Levi", "text": "by telephone"}
    entry = office.wants(**spoken)
    assert isinstance(entry, Voice)
    assert entry.officer == "Demir"
    assert officer(T0 + HOUR_MS) is None
    office.takes(office.wants(do="handover", officer="Kaya"), Kind.HANDOVER)
    assert officer(T0 + 8 * HOUR_MS - 1) == "Kaya"


def test_the_voice_log_settles_a_message_of_either_side() -> None:
    """What it settles is not answered again; what is said there must fit as any answer."""
    office = Office()
    office.says(office.isr, Kind.NOTICE, notice("X"))
    office.says(office.tur, Kind.NOTICE, notice("Y"))
    words: dict[str, Any] = {"do": "voice", "spoke_with": "Levi", "text": "by telephone"}
    assert office.refuses(**words) == (
        "who spoke? Name an officer, or say who is on watch (handover)"
    )
    words["officer"] = "Demir"
    assert office.refuses(**words, record="X", answer="roger") == (
        "X rev 1 takes ACCEPT or REJECT or STANDBY, not ROGER"
    )
    assert office.refuses(**words, answer="accept") == (
        "expected record with an answer: what does it answer?"
    )
    office.takes(office.wants(**words), Kind.VOICE)
    office.takes(office.wants(**words, record="X"), Kind.VOICE)
    office.takes(office.wants(**words, record="X", answer="accept"), Kind.VOICE)
    office.takes(office.wants(**words, record="tur/1", answer="reject", reason="no"), Kind.VOICE)
    assert office.refuses(do="answer", record="isr/1", answer="accept") == (
        "X rev 1 was answered ACCEPT by Demir by voice at 06:00:00 UTC (tur/4)"
    )


def test_the_voice_log_takes_no_stop_for_what_else_waits_about_its_notice() -> None:
    """They confirm our cancellation: that is no ROGER to their stop."""
    office = Office()
    office.says(office.tur, Kind.NOTICE, notice("Y"))
    office.says(office.tur, Kind.CANCEL, cancel("Y"))
    office.says(office.isr, Kind.STOP, Stop(text="not there", notice="Y"))
    spoken: dict[str, Any] = {"do": "voice", "spoke_with": "Levi", "text": "he confirms"}
    assert office.refuses(**spoken, record="Y", answer="roger") == (
        "Y names several messages: say which record, of tur/2 (cancel of Y), isr/1 (stop of Y)"
    )


def test_a_silence_is_declared_once_and_ended_once() -> None:
    """Suspend, then resume; nothing else makes sense."""
    office = Office()
    assert office.refuses(do="resume") == (
        "we have not suspended the line: there is nothing to resume"
    )
    until = format_instant(T0 + HOUR_MS)
    office.takes(office.wants(do="suspend", reason="night", until=until), Kind.SUSPEND)
    assert office.refuses(do="suspend") == "we have suspended the line already: resume first"
    office.takes(office.wants(do="resume"), Kind.RESUME)


def test_a_stop() -> None:
    """Of everything, or of a flight of either party, cancelled or not: it may be in the air."""
    office = Office()
    office.takes(office.wants(do="stop", text="knock it off"), Kind.STOP)
    office.says(office.isr, Kind.NOTICE, notice("ISR-1"))
    office.says(office.isr, Kind.CANCEL, cancel("ISR-1"))
    office.says(office.tur, Kind.NOTICE, notice("TUR-1"))
    for named in ("ISR-1", "TUR-1"):
        office.takes(office.wants(do="stop", text="knock it off", notice=named), Kind.STOP)


def test_a_stop_of_an_unknown_flight() -> None:
    """It is refused: nobody would know what must end."""
    office = Office()
    assert office.refuses(do="stop", text="knock it off", notice="X") == (
        "there is no notice 'X'; nobody has given any (without a notice, all must end)"
    )
    office.says(office.isr, Kind.NOTICE, notice("ISR-1"))
    assert office.refuses(do="stop", text="knock it off", notice="isr-1") == (
        "there is no notice 'isr-1'; did you mean 'ISR-1'? (without a notice, all must end)"
    )
