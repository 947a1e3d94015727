"""A check that cannot fail is no check: every kind of broken evidence is found out."""

import json
from typing import Any

from tests.torture.evidence import Row, Seen, Shown, Trouble
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
    """What is right is not found fault with, and is looked at."""
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
    """What was told as committed must be there, even when its author forgot it too."""
    evidence = a_late_answer().evidence()
    evidence.told = [("isr", b'{"seq": 2}')]
    assert len(found(evidence)) == len(STATIONS)
    assert all("told" in text for text in found(evidence))


def test_a_record_that_a_copy_lacks_is_a_loss() -> None:
    """Every station has every record of the others."""
    evidence = a_late_answer().evidence()
    evidence.journals["tur"][WATCHDOG].pop()
    assert finds(evidence, "tur lacks 1 records, first watchdog/3")


def test_a_wrong_byte_in_a_copy_is_found() -> None:
    """A copy that means the same is not the same."""
    evidence = a_late_answer().evidence()
    row = evidence.journals["tur"]["isr"][0]
    evidence.journals["tur"]["isr"][0] = row._replace(raw=row.raw + b" ")
    assert finds(evidence, "tur's copy of isr/1 has other bytes")


def test_a_record_that_its_author_does_not_have_is_found() -> None:
    """A copy holds nobody else's words, nor more than was said."""
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
    evidence.shown = [Shown("tur", 1, "isr/1"), Shown("tur", 2, "isr/1")]
    assert found(evidence) == []
    evidence.shown.append(Shown("tur", 2, "isr/1"))
    assert finds(evidence, "isr/1 was shown 2 times to tur in life 2")


def test_a_second_final_answer_is_found() -> None:
    """A message is answered once at most, whatever was killed meanwhile."""
    hand = a_late_answer()
    hand.answers(1, T0 + FLASH * 3, "REJECT")
    assert finds(hand.evidence(), "isr/1 was finally answered 2 times")


# Deaths and pictures


def test_a_death_of_the_watchdog_that_nobody_saw_is_found() -> None:
    """Every party that was well knows that it is gone, before it comes back."""
    evidence = a_late_answer().evidence(Trouble("kill", WATCHDOG, T0 + 50_000, T0 + 58_000))
    evidence.seen = [Seen("tur", T0 + 54_000, WATCHDOG, silent=True)]
    assert finds(evidence, "isr did not see in time that watchdog is gone")
    evidence.seen.append(Seen("isr", T0 + 54_000, WATCHDOG, silent=True))
    assert found(evidence) == []
    evidence.seen.append(Seen("isr", T0 + 55_000, WATCHDOG, silent=False))
    assert finds(evidence, "isr did not see in time that watchdog is gone")


def test_a_death_of_a_party_that_the_watchdog_did_not_flag_is_found() -> None:
    """The watchdog's word for it is its flag."""
    death = Trouble("kill", "isr", T0 + 50_000, T0 + 58_000)
    seen = [Seen("tur", T0 + 54_000, "isr", silent=True)]
    evidence = a_late_answer().evidence(death)
    evidence.seen = seen
    assert finds(evidence, "watchdog did not see in time that isr is gone")
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
    """Three times nothing is not agreement."""
    evidence = a_late_answer().evidence()
    evidence.pictures = dict.fromkeys(STATIONS, "")
    assert len(found(evidence)) == len(STATIONS)
