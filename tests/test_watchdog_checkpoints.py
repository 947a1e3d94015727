"""A watchdog that lost its disk and puts away as it goes flags nothing twice."""

from contextlib import closing
from pathlib import Path

import pytest

from hotline import keeper
from hotline.bodies import Clear, Flag, Kind, Level, Rule, Subject
from hotline.journal import Journal
from hotline.node import open_station
from hotline.notice import Precedence
from hotline.times import HOUR_MS, SECOND_MS
from hotline.turn import Incoming
from tests.helpers import LINE, T0, TIMERS, Author, notice, replay, reply, status

SUBJECT = Subject(station="tur", seq=1)
DUE_MS = T0 + TIMERS.answer_flash_ms


def test_what_was_flagged_and_cleared_is_in_mind_until_its_cause_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its own words come back before those of the parties, of which they speak."""
    monkeypatch.setattr(keeper, "CHECKPOINT_RECORDS", 1)
    dog, tur, isr = Author("dog"), Author("tur"), Author("isr")
    tur.says(Kind.NOTICE, notice(precedence=Precedence.FLASH))
    isr.says(Kind.REPLY, reply("tur", 1), DUE_MS + 10 * SECOND_MS)
    warning = Flag(
        rule=Rule.UNANSWERED, subject=SUBJECT, level=Level.WARNING, due=DUE_MS, detail="no answer"
    )
    dog.says(Kind.FLAG, warning, DUE_MS)
    dog.says(Kind.CLEAR, Clear(rule=Rule.UNANSWERED, subject=SUBJECT, reason="answered"), DUE_MS)
    with closing(Journal.create(tmp_path, LINE, "dog")) as journal:
        machine = open_station(journal, LINE, "dog", TIMERS)
        now_ms = T0 + HOUR_MS
        machine.connecting(now_ms)
        machine.connected(now_ms)

        def turn(after_ms: int, *heard: Incoming) -> bool:
            for message in heard:
                machine.hear(message, now_ms + after_ms)
            machine.tick(now_ms + after_ms)
            flushed = machine.flush(now_ms + after_ms)
            if flushed.appends:
                journal.append(flushed.appends, flushed.checkpoint, flushed.confirmed)
            return flushed.checkpoint is not None

        turn(
            0,
            status("tur", at_ms=now_ms, head=1, isr=1, dog=2),
            status("isr", at_ms=now_ms, head=1, tur=1, dog=2),
        )
        assert not turn(SECOND_MS, replay("tur", "dog", *dog.journal))
        assert not turn(7 * SECOND_MS), "the parties' journals are still to come"
        assert journal.heads()["dog"].seq == 2
        assert turn(8 * SECOND_MS, *(replay(a.station, "dog", *a.journal) for a in (tur, isr)))
        heads = {station: head.seq for station, head in journal.heads().items()}
        assert heads == {"dog": 2, "tur": 1, "isr": 1}, "it has said nothing anew"
        assert machine.picture.flags == []
