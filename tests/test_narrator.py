"""From what happens to log lines: what is told, by whom, in which words, and how loud."""

import pytest

from hotline.availability import Availability
from hotline.bodies import (
    Answer,
    Clear,
    Flag,
    Handover,
    Kind,
    Level,
    Ref,
    Resume,
    Rule,
    Subject,
    Suspend,
)
from hotline.lifecycle import Phase
from hotline.narrator import Narrator
from hotline.notice import Category, Precedence
from hotline.picture import Picture
from hotline.records import Record
from hotline.teller import Teller
from hotline.times import MINUTE_MS, SECOND_MS
from hotline.turn import (
    CameOnline,
    DayEnded,
    Event,
    FellSilent,
    FlightChanged,
    GapFound,
    GapRepaired,
    Heard,
    LinkDown,
    LinkUp,
    Received,
    Refused,
    Said,
)
from tests.helpers import LINE, T0, Author, cancel, check, notice, reply, stop, voice
from tests.lines import Kept, Line, misfits

FROM_ISR = {"line": "isr-tur", "told_by": "isr", "station": "isr", "severity": "info"}


class Standing:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.at_ms = T0

    def now_ms(self) -> int:
        """The time that was set."""
        return self.at_ms

    def wait_s(self, until_ms: int) -> float:
        """Nobody waits here."""
        raise NotImplementedError

    def jumped_ms(self) -> int:
        """Nobody sets it unseen."""
        return 0


class Telling:
    """A narrator of one station, and what it wrote."""

    def __init__(self, name: str = "isr", *, only_own: bool = False) -> None:
        self.log, self.clock, self.picture = Kept(), Standing(), Picture(LINE)
        teller = Teller(self.log, LINE.name, name, self.clock)
        self._name = name
        self._narrator = Narrator(teller, LINE, name, only_own=only_own)

    def takes(self, record: Record, *, said: bool | None = None) -> list[Line]:
        """A record is folded and told, as said when it is the station's own."""
        changes = self.picture.fold(record)
        said = record.station == self._name if said is None else said
        return self.sees(Said(record, changes) if said else Heard(record, changes))

    def sees(self, event: Event) -> list[Line]:
        """Something happens; these lines tell it."""
        before = len(self.log.lines)
        self._narrator(event)
        new = self.log.lines[before:]
        assert misfits(new) == []
        return new


def test_a_notice_is_told_from_both_sides() -> None:
    """Its author says that it was sent, the other party that it was received: the same facts."""
    record = Author("isr").says(Kind.NOTICE, notice("ISR-1", precedence=Precedence.FLASH))
    facts = {
        "record": "isr/1",
        "message": "ISR-1 rev 1",
        "notice": "ISR-1",
        "revision": 1,
        "precedence": "FLASH",
        "category": "request",
        "to": "tur",
        "text": "survey C130 TRK42",
    }
    assert Telling("isr").takes(record) == [FROM_ISR | facts | {"event": "notice.sent"}]
    (received,) = Telling("tur").takes(record)
    assert received == FROM_ISR | facts | {"event": "notice.received", "told_by": "tur"}


def test_a_revision_is_told_as_one() -> None:
    """A later revision is not just sent once more; its category is that of the notice."""
    author, telling = Author("isr"), Telling("isr")
    telling.takes(author.says(Kind.NOTICE, notice("ISR-1")))
    second = notice("ISR-1", revision=2, category=Category.INFORMATION)
    (line,) = telling.takes(author.says(Kind.NOTICE, second))
    assert (line["event"], line["message"], line["category"]) == (
        "notice.revised",
        "ISR-1 rev 2",
        "information",
    )


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


def test_a_receipt_is_told_once_by_the_author() -> None:
    """Delivered means on the other party's disk; a watchdog's copy is no delivery."""
    author, telling = Author("isr"), Telling("isr")
    for count in range(2):
        telling.takes(author.says(Kind.NOTICE, notice(f"ISR-{count}")))
    telling.clock.at_ms = T0 + 1_200
    assert telling.sees(Received("dog", "isr", 0, 2)) == []
    (first,) = telling.sees(Received("tur", "isr", 0, 1))
    assert (first["event"], first["record"], first["to"]) == ("notice.delivered", "isr/1", "tur")
    (second,) = telling.sees(Received("tur", "isr", 1, 2))
    assert (second["record"], second["after"]) == ("isr/2", "1.2s")
    assert telling.sees(Received("tur", "isr", 0, 2)) == []


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


def test_the_receipt_of_an_answer_is_a_detail() -> None:
    """That an answer is on the other side's disk is told to those who debug."""
    telling = Telling("isr")
    telling.takes(Author("tur").says(Kind.NOTICE, notice()))
    telling.takes(Author("isr").says(Kind.REPLY, reply("tur", 1)))
    (line,) = telling.sees(Received("tur", "isr", 0, 1))
    assert (line["severity"], line["event"], line["record"]) == (
        "debug",
        "reply.delivered",
        "isr/1",
    )


def test_an_answer_to_what_is_not_here_yet_waits_for_it() -> None:
    """An early answer is told as waiting, and as an answer once its message has come."""
    telling = Telling("dog")
    (line,) = telling.takes(Author("isr").says(Kind.REPLY, reply("tur", 1)))
    assert (line["event"], line["message"], line["to"]) == ("reply.waiting", "record tur/1", "tur")
    lines = telling.takes(Author("tur").says(Kind.NOTICE, notice()))
    assert [line["event"] for line in lines] == ["notice.received", "notice.answered"]
    assert lines[1]["record"] == "isr/1"


def flag(level: Level) -> Flag:
    """A flag about tur's first record."""
    subject = Subject(station="tur", seq=1)
    return Flag(
        rule=Rule.UNANSWERED,
        subject=subject,
        level=level,
        due=T0,
        detail="TUR-014 rev 1: no answer",
    )


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


def test_nonsense_is_told_as_such() -> None:
    """A record that makes no sense is told with the reason, by everybody who reads it."""
    (line,) = Telling("dog").takes(Author("isr").says(Kind.CANCEL, cancel("ISR-9")))
    assert (line["event"], line["severity"], line["reason"]) == (
        "record.invalid",
        "warning",
        "cancels_nothing",
    )


def test_words_in_our_own_name_are_told_as_adopted() -> None:
    """What somebody else said for us is adopted and then told as if we had sent it."""
    record = Author("isr").says(Kind.CHECK, check())
    lines = Telling("isr").takes(record, said=False)
    assert [line["event"] for line in lines] == ["record.adopted", "check.sent"]
    late = Telling("isr")
    late.sees(Received("tur", "isr", 0, 1))
    lines = late.takes(record, said=False)
    assert [line["event"] for line in lines] == ["record.adopted", "check.sent", "check.delivered"]


@pytest.mark.parametrize(
    ("event", "name", "severity", "facts"),
    [
        (GapFound("tur", 3, 5), "gap.found", "warning", {"of": "tur", "held": 3, "known": 5}),
        (GapRepaired("tur", 3, 5), "gap.repaired", "info", {"of": "tur", "held": 3, "upto": 5}),
        (Refused("a/b", "odd"), "record.refused", "warning", {"topic": "a/b", "reason": "odd"}),
        (LinkUp(), "link.up", "info", {}),
        (LinkDown("gone"), "link.down", "warning", {"reason": "gone"}),
        (CameOnline("tur"), "station.online", "info", {"station": "tur"}),
        (
            FellSilent("tur", "link lost"),
            "station.silent",
            "warning",
            {"station": "tur", "reason": "link lost"},
        ),
    ],
)
def test_what_happens_to_a_station_is_told(
    event: Event, name: str, severity: str, facts: dict[str, object]
) -> None:
    """Gaps, refusals, links and presences each have an event with the facts."""
    lines = Telling("isr").sees(event)
    assert lines == [FROM_ISR | {"event": name, "severity": severity} | facts]


def test_in_one_stream_for_all_each_fact_is_told_once() -> None:
    """What comes from others is theirs to tell, and who is on the line the watchdog's."""
    isr, dog = Telling("isr", only_own=True), Telling("dog", only_own=True)
    record = Author("tur").says(Kind.NOTICE, notice())
    assert isr.takes(record) == dog.takes(record) == []
    assert isr.sees(CameOnline("tur")) == isr.sees(FellSilent("tur", "goodbye")) == []
    assert [line["event"] for line in dog.sees(CameOnline("tur"))] == ["station.online"]
    assert [line["event"] for line in dog.sees(LinkUp())] == ["station.online", "link.up"]
    assert [line["severity"] for line in isr.sees(LinkUp())] == ["debug"]


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
    lines += telling.sees(Received("tur", "isr", 0, 9))
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
    assert lines[1]["text"] == "storm until 2026-01-12T06:01:00.000Z"
    assert lines[8]["message"] == "TUR-014 rev 1"
    assert "message" not in lines[9]


@pytest.mark.parametrize("only_own", [True, False])
def test_what_comes_in_late_is_told_as_delayed(only_own: bool) -> None:
    """With its sent time, as a warning; also where else only the sender tells of it."""
    record = Author("tur").says(Kind.NOTICE, notice(), T0)
    telling = Telling(only_own=only_own)
    telling.clock.at_ms = T0 + 15 * MINUTE_MS
    (line,) = telling.takes(record)
    assert (line["event"], line["severity"]) == ("notice.received", "warning")
    assert (line["delayed"], line["sent_at"]) == ("15m", "2026-01-12T06:00:00.000Z")
    assert "expired" not in line


def test_what_comes_in_late_is_no_news_to_its_author() -> None:
    """Who said it knows when."""
    telling = Telling()
    telling.clock.at_ms = T0 + 15 * MINUTE_MS
    (line,) = telling.takes(Author("isr").says(Kind.NOTICE, notice(), T0))
    assert "delayed" not in line


def test_an_answer_that_comes_in_late_is_told_as_delayed() -> None:
    """It was given long ago, whatever we thought meanwhile."""
    telling = Telling()
    telling.takes(Author("isr").says(Kind.NOTICE, notice(), T0))
    telling.clock.at_ms = T0 + 15 * MINUTE_MS
    (line,) = telling.takes(Author("tur").says(Kind.REPLY, reply("isr", 1), T0 + MINUTE_MS))
    assert (line["event"], line["severity"]) == ("notice.answered", "warning")
    assert (line["after"], line["delayed"]) == ("1m", "14m")
    assert line["sent_at"] == "2026-01-12T06:01:00.000Z"


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
