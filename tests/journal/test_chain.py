import pytest

from hotline.bodies import Check, Kind
from hotline.journal.chain import faults, fitting
from hotline.picture.past import Checkpoint
from hotline.records import decode, digest, write
from hotline.station.copies import Head
from hotline.station.turn import Turn
from tests.helpers import Author, changed, check


def journal(count: int) -> list[tuple[int, bytes]]:
    """The rows of a whole journal of `tur`."""
    rows: list[tuple[int, bytes]] = []
    prev = ""
    for seq in range(1, count + 1):
        record = write(
            line="line", station="tur", seq=seq, at_ms=seq, prev=prev, kind=Kind.CHECK, body=Check()
        )
        rows.append((seq, record.raw))
        prev = digest(record.raw)
    return rows


def found(rows: list[tuple[int, bytes]]) -> list[str]:
    """What is wrong with these rows of tur's journal."""
    return list(faults("line", "tur", rows))


def test_a_whole_journal_has_no_fault() -> None:
    """Numbered from 1, and each record bound to the one before."""
    assert found(journal(5)) == []


def test_a_missing_record_is_a_fault() -> None:
    """The number after the gap tells it, and what follows is whole again."""
    rows = journal(5)
    del rows[2]
    assert found(rows) == ["tur/4: follows on 2; expected 3"]


def test_a_changed_record_does_not_fit_the_next() -> None:
    """One byte, and the next record's `prev` no longer fits."""
    rows = journal(3)
    rows[0] = (1, rows[0][1].replace(b'"body":{}', b'"body":{"remarks":"x"}'))
    assert found(rows) == ["tur/2: prev does not fit record 1: one of the two is not the original"]


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ((1, b"rubbish"), "not a record"),
        ((1, journal(1)[0][1].replace(b"tur", b"isr")), "of line/isr"),
        ((1, journal(2)[1][1]), "says that it is 2"),
    ],
)
def test_what_is_not_the_stations_own_record_is_a_fault(row: tuple[int, bytes], says: str) -> None:
    """Bytes that are no record, another station's words, another number."""
    assert found([row])[0].startswith("tur/1: ")
    assert says in found([row])[0]


def test_only_what_goes_on_from_a_journal_fits_it() -> None:
    """Not the next number of another journal, nor a later one, though it is bound to nothing.

    Nor what was known, or put away, of the others.
    """
    one, two, three = Author("tur").notices(3)
    typed, twin = decode(changed(three.raw, prev=None)), Author("tur")
    _, other = (twin.says(Kind.CHECK, check()) for _ in range(2))
    turn = Turn([other, typed, two, three], checkpoint=Checkpoint({"tur": 4}))
    turn.confirmed = {"tur": 4, "isr": 1}
    fits, others = fitting(turn, {"tur": Head(1, digest(one.raw))})
    assert fits == Turn([two, three], confirmed={"tur": 3, "isr": 0})
    assert others == [other, typed]
