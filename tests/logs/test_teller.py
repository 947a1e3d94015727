"""What a log line says, and how loud it is."""

import pytest

from hotline.bodies import Answer, Clear, Handover, Kind, Level, Ref, Resume, Rule, Subject, Suspend
from hotline.notice import Category, Precedence
from hotline.picture.availability import Availability
from hotline.picture.lifecycle import Phase
from hotline.records import decode
from hotline.station.turn import Acknowledged, DayEnded, FlightChanged
from hotline.times import MINUTE_MS, SECOND_MS
from tests.helpers import T0, Author, cancel, changed, check, flag, notice, reply, stop, voice
from tests.logs.telling import Telling


def test_a_revision_is_told_as_one() -> None:
    """A later revision is not just sent once more; its category is that of the notice."""
    author, telling, heard = Author("isr"), Telling("isr"), Telling("tur")
    first = author.says(Kind.NOTICE, notice("ISR-1"))
    second = notice("ISR-1", revision=2, category=Category.INFORMATION)
    revision = author.says(Kind.NOTICE, second)
    telling.takes(first)
    (line,) = telling.takes(revision)
    assert (line["event"], line["message"], line["category"]) == (
        "notice.revised",
        "ISR-1 rev 2",
        "information",
    )
    heard.takes(first)
    (line,) = heard.takes(revision)
    assert (line["event"], line["message"]) == ("notice.received", "ISR-1 rev 2")


def test_a_cancellation_and_a_check_are_told_by_their_names() -> None:
    """What is no notice has no revision; a cancellation is as urgent as what it takes back."""
    author, telling = Author("isr"), Telling("isr")
    telling.takes(author.says(Kind.NOTICE, notice("ISR-1")))
    (line,) = telling.takes(author.says(Kind.CANCEL, cancel("ISR-1")))
    assert line["event"] == "cancel.sent"
    assert (line["message"], line["text"], line["precedence"]) == (
        "cancel of ISR-1",
        "weather",
        "ROUTINE",
    )
    (line,) = telling.takes(author.says(Kind.CHECK, check()))
    assert (line["event"], line["message"]) == ("check.sent", "check isr/3")
    assert "revision" not in line


def test_an_answer_is_told_with_whom_it_is_for_and_how_long_it_took() -> None:
    """The answer's line names the message, its author, and the officer's words."""
    telling = Telling("isr")
    telling.takes(Author("tur").says(Kind.NOTICE, notice()))
    author = Author("isr")
    standby = reply("tur", 1, Answer.STANDBY, expected_ms=T0 + MINUTE_MS)
    (line,) = telling.takes(author.says(Kind.REPLY, standby, T0 + 5 * SECOND_MS))
    assert line["event"] == "notice.answered"
    assert (line["message"], line["to"], line["answer"]) == ("TUR-014 rev 1", "tur", "STANDBY")
    assert (line["after"], line["expected_at"]) == ("5s", "2026-01-12T06:01:00.000Z")
    later = T0 + 65 * SECOND_MS
    (line,) = telling.takes(author.says(Kind.REPLY, reply("tur", 1, Answer.REJECT), later))
    assert (line["after"], line["reason"], line["officer"]) == ("1m05s", "too close", "Levi")


@pytest.mark.parametrize(
    ("level", "severity"),
    [
        (Level.WARNING, "warning"),
        (Level.ALARM, "error"),
        (Level.VOICE_REQUIRED, "critical"),
    ],
)
def test_a_flag_is_as_loud_as_its_level(level: Level, severity: str) -> None:
    """Each level of a flag has a severity of its own, and names the notice that it is about."""
    telling = Telling("dog")
    telling.takes(Author("tur").says(Kind.NOTICE, notice()))
    (line,) = telling.takes(Author("dog").says(Kind.FLAG, flag(level)))
    assert (line["event"], line["severity"], line["level"]) == ("flag.raised", severity, level)
    assert (line["subject"], line["notice"], line["due"]) == (
        "tur/1",
        "TUR-014",
        "2026-01-12T06:00:00.000Z",
    )


def test_a_cleared_flag_says_by_what_and_how_late() -> None:
    """The line of a clear has the subject of the flag, the message's name, and the delay."""
    telling, dog = Telling("dog"), Author("dog")
    telling.takes(Author("tur").says(Kind.NOTICE, notice()))
    telling.takes(dog.says(Kind.FLAG, flag(Level.WARNING)))
    clear = Clear(
        rule=Rule.UNANSWERED,
        subject=Subject(station="tur", seq=1),
        reason="answered ROGER, 3s late",
        late_ms=3_000,
    )
    (line,) = telling.takes(dog.says(Kind.CLEAR, clear))
    assert (line["event"], line["subject"], line["message"]) == (
        "flag.cleared",
        "tur/1",
        "TUR-014 rev 1",
    )
    assert (line["reason"], line["late_ms"]) == ("answered ROGER, 3s late", 3_000)


@pytest.mark.parametrize("rule", Rule)
@pytest.mark.parametrize(
    ("subject", "message"),
    [
        (Subject(station="tur"), {}),
        (Subject(station="tur", seq=1), {"message": "TUR-014 rev 1", "notice": "TUR-014"}),
        (Subject(station="tur", seq=2), {"message": "check tur/2"}),
        (Subject(station="tur", seq=3), {}),  # a reply opens no message
    ],
)
def test_a_flag_is_the_same_from_its_raising_to_its_clearing(
    rule: Rule, subject: Subject, message: dict[str, str]
) -> None:
    """Its events name rule, subject and message alike; the message as its own events do."""
    telling, tur, dog = Telling("dog"), Author("tur"), Author("dog")
    telling.takes(Author("isr").says(Kind.NOTICE, notice("ISR-1")))
    (sent,) = telling.takes(tur.says(Kind.NOTICE, notice()))
    assert (sent["message"], sent["notice"]) == ("TUR-014 rev 1", "TUR-014")
    (sent,) = telling.takes(tur.says(Kind.CHECK, check()))
    assert sent["message"] == "check tur/2"
    telling.takes(tur.says(Kind.REPLY, reply("isr", 1)))
    raised = flag().model_copy(update={"rule": rule, "subject": subject})
    lines = telling.takes(dog.says(Kind.FLAG, raised))
    lines += telling.takes(dog.says(Kind.CLEAR, Clear(rule=rule, subject=subject, reason="over")))
    assert [line["event"] for line in lines] == ["flag.raised", "flag.cleared"]
    expected = {"rule": rule, "subject": str(subject), **message}
    names = {"rule", "subject", "message", "notice"}
    for line in lines:
        assert {name: line[name] for name in names & line.keys()} == expected


def test_nonsense_is_told_as_such() -> None:
    """A record that makes no sense is told with the reason, by everybody who reads it."""
    (line,) = Telling("dog").takes(Author("isr").says(Kind.CANCEL, cancel("ISR-9")))
    assert (line["event"], line["severity"], line["reason"]) == (
        "record.invalid",
        "warning",
        "cancels_nothing",
    )


def test_what_cannot_be_read_is_told_with_more_than_the_code() -> None:
    """The reason is a code all the same: programs need not know who told it."""
    good = Author("isr").says(Kind.CHECK, check())
    (line,) = Telling("dog").takes(decode(changed(good.raw, kind="song")))
    assert (line["event"], line["reason"], line["detail"]) == (
        "record.invalid",
        "unknown_kind",
        "kind 'song'",
    )


def test_a_stop_is_the_loudest_message() -> None:
    """Where it is said and where it comes in."""
    telling = Telling()
    (sent,) = telling.takes(Author("isr").says(Kind.STOP, stop("TUR-014")))
    assert (sent["event"], sent["severity"]) == ("stop.sent", "critical")
    assert (sent["message"], sent["precedence"]) == ("stop of TUR-014", Precedence.FLASH)
    (heard,) = telling.takes(Author("tur").says(Kind.STOP, stop()))
    assert (heard["event"], heard["severity"]) == ("stop.received", "critical")


def test_every_kind_is_told_in_the_words_of_the_registry() -> None:
    """From its saying to its answer, and what asks for none."""
    isr, tur = Author("isr"), Author("tur")
    told = [
        isr.says(Kind.STOP, stop("TUR-014")),
        isr.says(Kind.SUSPEND, Suspend(reason="storm", until=T0 + MINUTE_MS)),
        isr.says(Kind.RESUME, Resume()),
        *(tur.says(Kind.REPLY, reply("isr", seq, Answer.ROGER)) for seq in (1, 2, 3)),
        isr.says(Kind.HANDOVER, Handover(officer="Levi", deputy="Peretz")),
        tur.says(Kind.NOTICE, notice()),
        isr.says(Kind.VOICE, voice("tur", 4, Answer.REJECT)),
        isr.says(Kind.VOICE, voice()),
        isr.says(Kind.VOICE, voice("tur", 9, Answer.STANDBY, expected_ms=T0)),
    ]
    telling = Telling()
    lines = [line for record in told for line in telling.takes(record)]
    lines += telling.sees(Acknowledged("tur", "isr", 0, 9))
    assert [line["event"] for line in lines] == [
        "stop.sent",
        "suspend.sent",
        "resume.sent",
        "stop.answered",
        "suspend.answered",
        "resume.answered",
        "handover.said",
        "notice.received",
        "voice.logged",
        "voice.logged",
        "voice.waiting",
        *("stop.delivered", "suspend.delivered", "resume.delivered"),
    ]
    assert lines[1]["text"] == "storm until 2026-01-12 06:01Z"
    assert lines[6]["until"] == "2026-01-12T14:00:00.000Z"
    by_voice = ("TUR-014 rev 1", "TUR-014", "REJECT", "too close")
    assert tuple(lines[8][fact] for fact in ("message", "notice", "answer", "reason")) == by_voice
    assert "message" not in lines[9]
    assert (lines[10]["message"], lines[10]["expected_at"]) == (
        "record tur/9",
        "2026-01-12T06:00:00.000Z",
    )


def test_an_answer_that_comes_in_late_is_told_as_delayed() -> None:
    """It was given long ago, whatever we thought meanwhile."""
    telling = Telling()
    telling.takes(Author("isr").says(Kind.NOTICE, notice(), T0))
    telling.clock.at_ms = T0 + 15 * MINUTE_MS
    (line,) = telling.takes(Author("tur").says(Kind.REPLY, reply("isr", 1), T0 + MINUTE_MS))
    assert (line["event"], line["severity"]) == ("notice.answered", "warning")
    assert (line["after"], line["delayed"]) == ("1m", "14m")
    assert line["sent_at"] == "2026-01-12T06:01:00.000Z"


def test_what_is_no_message_is_told_as_delayed_too() -> None:
    """A station that was away for long does not take old flags and telephone calls for new ones."""
    telling, tur, dog = Telling(), Author("tur"), Author("dog")
    telling.clock.at_ms = T0 + 15 * MINUTE_MS
    told = [
        tur.says(Kind.HANDOVER, Handover(officer="Demir"), T0),
        tur.says(Kind.VOICE, voice(), T0),
        dog.says(Kind.FLAG, flag(Level.ALARM), T0),
        dog.says(Kind.CLEAR, Clear(rule=Rule.UNANSWERED, subject=flag().subject, reason="x"), T0),
    ]
    lines = [line for record in told for line in telling.takes(record)]
    assert [(line["event"], line["severity"]) for line in lines] == [
        ("handover.said", "warning"),
        ("voice.logged", "warning"),
        ("flag.raised", "error"),
        ("flag.cleared", "warning"),
    ]
    for line in lines:
        assert (line["delayed"], line["sent_at"]) == ("15m", "2026-01-12T06:00:00.000Z")


@pytest.mark.parametrize(
    ("phase", "answer", "event", "severity"),
    [
        (Phase.ACTIVE, None, "flight.unanswered", "critical"),
        (Phase.ACTIVE, Answer.ACCEPT, "flight.active", "info"),
        (Phase.ACTIVE, Answer.REJECT, "flight.active", "warning"),
        (Phase.OFF_NOMINAL, Answer.ACCEPT, "flight.offnominal", "error"),
        (Phase.ENDED_EARLY, Answer.ACCEPT, "flight.ended", "info"),
    ],
)
def test_a_window_that_opens_unanswered_is_the_loudest(
    phase: Phase, answer: Answer | None, event: str, severity: str
) -> None:
    """The watchdog tells of flights, by the answer that was given."""
    telling = Telling("dog", only_own=True)
    telling.picture.fold(Author("tur").says(Kind.NOTICE, notice()))
    if answer:
        telling.picture.fold(Author("isr").says(Kind.REPLY, reply("tur", 1, answer)))
    (line,) = telling.sees(FlightChanged(telling.picture.messages[Ref("tur", 1)], phase))
    assert (line["event"], line["severity"], line["phase"]) == (event, severity, phase)
    assert line.get("answer") == answer


def test_a_day_is_told_with_how_much_of_it_a_party_was_heard() -> None:
    """For programs as a share, for people in percent."""
    telling = Telling("dog", only_own=True)
    day = Availability(T0, T0 + 8 * MINUTE_MS, 2 * MINUTE_MS, MINUTE_MS)
    (line,) = telling.sees(DayEnded("tur", day))
    assert (line["event"], line["station"], line["day"]) == (
        "channel.availability",
        "tur",
        "2026-01-12",
    )
    assert (line["heard"], line["heard_percent"]) == (0.75, "75.00%")
    assert (line["declared"], line["declared_percent"]) == (0.125, "12.50%")
