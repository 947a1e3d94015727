"""Up to where a journal may be pruned: to what is young, unsettled or perhaps nowhere else."""

from pathlib import Path

import pytest

from hotline.bodies import Answer, Body, Clear, Flag, Kind, Level, Rule, Subject
from hotline.journal.pruning import prunable
from hotline.machine import open_station
from hotline.notice import FlightNotice
from hotline.records import Record
from hotline.station.turn import Turn
from hotline.times import HOUR_MS
from tests.helpers import LINE, T0, TIMERS, Author, cancel, check, notice, reply
from tests.journal.test_pruning import ENDS_MS, LATER_MS, kept, picture_of, story


def test_what_waits_for_an_answer_stays_and_all_after_it(tmp_path: Path) -> None:
    """However old it is; what came before may go."""
    with kept(tmp_path, *story()) as journal:
        assert prunable(journal, LATER_MS, LATER_MS) == {"tur": 2}, "isr's may be nowhere else"


def test_what_is_younger_stays(tmp_path: Path) -> None:
    """Only what was said before the date is old."""
    with kept(tmp_path, *story()) as journal:
        assert prunable(journal, T0 + 2 * HOUR_MS, LATER_MS) == {"tur": 1}
        assert prunable(journal, T0, LATER_MS) == {}


def answered(*said: Body) -> list[Record]:
    """What tur says, all of it answered by isr at once."""
    tur, isr = Author("tur"), Author("isr")
    for seq, body in enumerate(said, 1):
        kind = Kind.NOTICE if isinstance(body, FlightNotice) else Kind.CANCEL
        tur.says(kind, body, T0 + seq)
        is_cancel = kind is Kind.CANCEL
        isr.says(Kind.REPLY, reply("tur", seq, Answer.ROGER if is_cancel else Answer.ACCEPT))
    return [*tur.journal, *isr.journal]


@pytest.mark.parametrize(
    ("said", "goes"),
    [
        ([notice("N-1", starts_ms=T0, ends_ms=ENDS_MS)], 0),
        ([notice("N-1", starts_ms=None, ends_ms=ENDS_MS)], 0),
        ([notice("N-1", starts_ms=T0, ends_ms=ENDS_MS - 1)], 1),
        ([notice("N-1", starts_ms=T0)], 0),
        ([notice("N-1", starts_ms=None)], 0),
        ([notice("N-1"), notice("N-1", revision=2)], 1),
        ([notice("N-1"), notice("N-1", revision=2, starts_ms=T0, ends_ms=T0 + 1)], 2),
        ([notice("N-1"), cancel("N-1")], 2),
    ],
)
def test_a_notice_stays_until_its_flight_has_ended(
    said: list[Body], goes: int, tmp_path: Path
) -> None:
    """Its words are needed for a revision; those that were revised or cancelled are not."""
    with kept(tmp_path, *answered(*said)) as journal:
        upto = prunable(journal, ENDS_MS - 1, ENDS_MS - 1)
        assert upto.get("tur", 0) == goes


@pytest.mark.parametrize(("answers", "goes"), [(0, 0), (1, 1)])
def test_what_is_no_notice_stays_until_it_is_answered(
    answers: int, goes: int, tmp_path: Path
) -> None:
    """Though the other party has it for sure, and there is nothing to revise."""
    isr, tur = Author("isr"), Author("tur")
    tur.says(Kind.CHECK, check())
    for _ in range(answers):
        isr.says(Kind.REPLY, reply("tur", 1, Answer.ROGER))
    with kept(tmp_path, *tur.journal, *isr.journal) as journal:
        journal.store(Turn(confirmed={"tur": 1}))
        assert prunable(journal, LATER_MS, LATER_MS).get("tur", 0) == goes


def test_what_was_revised_stays_until_the_other_party_has_it(tmp_path: Path) -> None:
    """Nobody waits for an answer to it any more, but it may be nowhere else."""
    tur = Author("tur")
    for revision in (1, 2):
        tur.says(Kind.NOTICE, notice("N-1", revision=revision))
    with kept(tmp_path, *tur.journal) as journal:
        assert prunable(journal, LATER_MS, LATER_MS) == {}
        journal.store(Turn(confirmed={"tur": 1}))
        assert prunable(journal, LATER_MS, LATER_MS) == {"tur": 1}


def test_a_flag_that_stands_stays(tmp_path: Path) -> None:
    """And so does all that its watchdog said after it; once it is cleared, nothing need stay."""
    dog = Author("dog")
    flag = Flag(
        rule=Rule.SILENT, subject=Subject(station="tur"), level=Level.ALARM, due=T0, detail="gone"
    )
    dog.says(Kind.FLAG, flag)
    with kept(tmp_path, *dog.journal) as journal:
        assert prunable(journal, T0 + HOUR_MS, LATER_MS) == {}
        over = Clear(rule=flag.rule, subject=flag.subject, reason="online")
        journal.append([dog.says(Kind.CLEAR, over)])
        assert prunable(journal, T0 + HOUR_MS, LATER_MS) == {"dog": 2}


def test_a_flag_that_stands_for_ever_holds_up_nothing(tmp_path: Path) -> None:
    """Nobody can make sense of a record later: that is shown as before, and may be pruned."""
    tur, dog = Author("tur"), Author("dog")
    tur.says(Kind.CANCEL, cancel())
    about = Subject(station="tur", seq=1)
    flag = Flag(rule=Rule.INVALID, subject=about, level=Level.WARNING, due=T0, detail="odd")
    dog.says(Kind.FLAG, flag)
    with kept(tmp_path, *tur.journal, *dog.journal) as journal:
        before = picture_of(journal)
        upto = prunable(journal, T0 + HOUR_MS, LATER_MS)
        assert upto == {"dog": 1}
        journal.prune(upto)
        assert picture_of(journal) == before
        standing = open_station(journal, LINE, "isr", TIMERS).picture.flagged.standing("dog")
        assert list(standing) == ["invalid-tur-1"]
