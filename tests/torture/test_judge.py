"""A check that cannot fail is not a check: every kind of broken evidence is found out."""

import json
from typing import Any

from tests.torture.evidence import Holding, Receipt, Row, Seen, Shown, Told, Trouble
from tests.torture.hand import (
    FLASH,
    T0,
    a_late_answer,
    finds,
    found,
    instant,
)
from tests.torture.judge import judge
from tests.torture.line import STATIONS, WATCHDOG


def test_a_sound_run_passes() -> None:
    """The judge looks at what is right, and finds no fault with it."""
    hand = a_late_answer()
    hand.notice(T0 + 100_000, "N-2")
    hand.answers(2, T0 + 100_500)
    verdict = judge(hand.evidence())
    assert verdict.violations == []
    assert verdict.counts["records"] == 7
    assert verdict.counts["silences that must be flagged"] == 2
    assert verdict.counts["deadlines that must not be flagged"] == 3


def test_what_the_stage_saw_go_wrong_counts() -> None:
    """A process that ended by itself spoils a run that looks well on disk."""
    evidence = a_late_answer().evidence()
    evidence.failures = ["isr ended by itself"]
    assert finds(evidence, "isr ended by itself")


# Bytes


def test_a_told_record_that_nobody_has_is_a_loss() -> None:
    """A record that was told as committed must be there, even if its author forgot it too."""
    evidence = a_late_answer().evidence()
    evidence.told = [Told("isr", T0, b'{"seq": 2}')]
    assert len(found(evidence)) == len(STATIONS)
    assert all("told" in text for text in found(evidence))


def test_what_went_with_its_disk_is_excused_and_nothing_else() -> None:
    """It was told within a second before its author's disk was lost, and nobody holds it."""
    evidence = a_late_answer().evidence(Trouble("lose", "isr", T0 + 50_000, T0 + 50_300))
    unsent = Told("isr", T0 + 49_500, b'{"seq": 2}')
    evidence.told = [unsent]
    assert found(evidence) == []
    assert judge(evidence).counts["lost with a disk before they left it"] == 1
    for told in (
        unsent._replace(at_ms=T0 + 48_900),  # had the time to leave
        unsent._replace(at_ms=T0 + 50_400),  # said by the next disk
        unsent._replace(by="tur"),  # its disk was not lost
    ):
        evidence.told = [told]
        assert len(found(evidence)) == len(STATIONS)
    evidence.told = [unsent]
    evidence.troubles = [Trouble("kill", "isr", T0 + 50_000, T0 + 50_300)]
    assert len(found(evidence)) == len(STATIONS)


def test_what_somebody_holds_is_not_lost_with_a_disk() -> None:
    """Once it has left its disk, everybody must get it, its author too."""
    evidence = a_late_answer().evidence(Trouble("restore", WATCHDOG, T0 + 50_000, T0 + 50_300))
    row = evidence.journals["tur"][WATCHDOG][-1]
    evidence.told = [Told(WATCHDOG, T0 + 49_900, row.raw)]
    assert found(evidence) == []
    evidence.journals[WATCHDOG][WATCHDOG].pop()
    assert any("watchdog lacks 1 records that watchdog was told" in t for t in found(evidence))


def test_a_fork_is_found() -> None:
    """Also between two copies, when the author has neither."""
    evidence = a_late_answer().evidence()
    evidence.journals["isr"]["isr"].append(Row(2, b"{}"))
    evidence.journals["tur"]["isr"].append(Row(2, b"{ }"))
    assert any("a fork: isr and tur hold different bytes as isr/2" in t for t in found(evidence))


def test_a_receipt_for_what_is_not_on_disk_is_found() -> None:
    """A full disk and a kill do not excuse it; only the loss of the disk does."""
    evidence = a_late_answer().evidence(Trouble("fill", "tur", T0 + 50_000, T0 + 52_000))
    evidence.receipts = [Receipt("tur", T0 + 50_500, "isr", 1)]
    evidence.holdings = [Holding("tur", T0 + 50_400, {"isr": 0})]
    assert found(evidence) == []  # the receipt came after that look
    evidence.holdings = [Holding("tur", T0 + 52_000, {"isr": 0})]
    assert finds(evidence, "tur acknowledged isr/1, and its disk has isr/0")
    evidence.troubles = [Trouble("lose", "tur", T0 + 51_000, T0 + 51_500)]
    assert found(evidence) == []
    evidence.receipts.append(Receipt("tur", T0 + 62_000, "isr", 1))
    evidence.holdings.append(Holding("tur", T0 + 63_000, {"isr": 0}))
    assert finds(evidence, "tur acknowledged isr/1, and its disk has isr/0")


def test_a_record_that_a_copy_lacks_is_a_loss() -> None:
    """Every station has every record of the others."""
    evidence = a_late_answer().evidence()
    evidence.journals["tur"][WATCHDOG].pop()
    assert finds(evidence, "tur lacks 1 records, first watchdog/3")


def test_a_wrong_byte_in_a_copy_is_found() -> None:
    """A copy that means the same is not the same: it is a fork."""
    evidence = a_late_answer().evidence()
    row = evidence.journals["tur"]["isr"][0]
    evidence.journals["tur"]["isr"][0] = row._replace(raw=row.raw + b" ")
    assert finds(evidence, "a fork: isr/watchdog and tur hold different bytes as isr/1")


def test_a_record_that_its_author_does_not_have_is_found() -> None:
    """A copy holds nothing but what its author said."""
    evidence = a_late_answer().evidence()
    evidence.journals["tur"]["isr"].append(Row(2, b"{}"))
    assert finds(evidence, "tur holds isr/2, which isr does not")


def test_a_gap_is_found() -> None:
    """Numbers run from 1 without a gap."""
    hand = a_late_answer()
    del hand.journals[WATCHDOG][1]
    assert any(
        "watchdog's journal has 3 where 2 belongs" in text for text in found(hand.evidence())
    )


def test_a_broken_chain_is_found() -> None:
    """Each record names the digest of the one before it."""
    hand = a_late_answer()
    row = hand.journals[WATCHDOG][1]
    fields = json.loads(row.raw) | {"prev": "x" * 43}
    hand.journals[WATCHDOG][1] = row._replace(raw=json.dumps(fields).encode())
    violations = found(hand.evidence())
    assert len(violations) == 2  # itself, and the next one, which names what was there before
    assert all("does not follow" in text for text in violations)


# Officers


def test_a_record_shown_twice_in_a_life_is_found() -> None:
    """Once a life, and again in the next."""
    evidence = a_late_answer().evidence()
    evidence.shown = [Shown("tur", "1.1", "isr/1"), Shown("tur", "1.2", "isr/1")]
    assert found(evidence) == []
    evidence.shown.append(Shown("tur", "1.2", "isr/1"))
    assert finds(evidence, "isr/1 was shown 2 times to tur in life 1.2")


def test_a_second_final_answer_is_found() -> None:
    """A message is answered once at most, whatever was killed meanwhile."""
    hand = a_late_answer()
    hand.answers(1, T0 + FLASH * 3, "REJECT")
    assert finds(hand.evidence(), "isr/1 was finally answered 2 times")


# Deaths and pictures


def test_a_death_of_the_watchdog_that_nobody_saw_is_found() -> None:
    """Every party that was well knows, before it comes back, that it is gone."""
    evidence = a_late_answer().evidence(Trouble("kill", WATCHDOG, T0 + 50_000, T0 + 58_000))
    evidence.seen = [Seen("tur", T0 + 54_000, WATCHDOG, silent=True)]
    assert finds(evidence, "isr did not see in time that watchdog is gone")
    evidence.seen.append(Seen("isr", T0 + 54_000, WATCHDOG, silent=True))
    assert found(evidence) == []
    evidence.seen.append(Seen("isr", T0 + 55_000, WATCHDOG, silent=False))
    assert finds(evidence, "isr did not see in time that watchdog is gone")


def test_a_death_of_a_party_that_the_watchdog_did_not_flag_is_found() -> None:
    """A watchdog says so with a flag."""
    death = Trouble("kill", "isr", T0 + 50_000, T0 + 58_000)
    seen = [Seen("tur", T0 + 54_000, "isr", silent=True)]
    evidence = a_late_answer().evidence(death)
    evidence.seen = seen
    assert finds(evidence, "watchdog did not see in time that isr is gone")
    evidence.troubles.insert(0, Trouble("kill", WATCHDOG, T0 + 40_000, T0 + 40_500))
    assert found(evidence) == [], "it has just started, and may not speak yet"
    hand = a_late_answer()
    what: dict[str, Any] = {"rule": "silent", "subject": {"station": "isr"}}
    hand.says(WATCHDOG, T0 + 54_000, "flag", **what, level="ALARM", due=instant(T0 + 54_000))
    hand.says(WATCHDOG, T0 + 59_000, "clear", **what)
    evidence = hand.evidence(death)
    evidence.seen = seen
    assert found(evidence) == []


def test_pictures_that_differ_are_found() -> None:
    """Equal heads, equal pictures."""
    evidence = a_late_answer().evidence()
    evidence.pictures["tur"] = '{"heads": 1}'
    assert finds(evidence, "pictures differ")


def test_a_picture_that_could_not_be_taken_is_found() -> None:
    """Three missing pictures are not agreement."""
    evidence = a_late_answer().evidence()
    evidence.pictures = dict.fromkeys(STATIONS, "")
    assert len(found(evidence)) == len(STATIONS)
