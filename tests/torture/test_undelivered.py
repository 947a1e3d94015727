"""A receipt that must have been missed, and was not, is found out."""

import pytest

from tests.torture.evidence import Evidence, Receipt, Trouble
from tests.torture.hand import GRACE, T0, Hand, finds, found
from tests.torture.judge import judge
from tests.torture.line import SECONDS, WATCHDOG

GONE, BACK = T0 + 50_000, T0 + 55_500  # too short to be found silent
SAID = GONE + 300
DUE = SAID + SECONDS["receipt"] * 1000
AWAY = Trouble("kill", "tur", GONE, BACK)


def missed(*troubles: Trouble, flagged_ms: int | None = DUE + GRACE) -> Evidence:
    """The evidence of a notice that was said while tur was away, and answered when it was back."""
    hand = Hand()
    hand.says("isr", SAID, "notice", notice="N-1", precedence="ROUTINE", volumes=[])
    hand.answers(1, BACK + 200)
    if flagged_ms is not None:
        hand.flags(1, DUE, "WARNING", flagged_ms, rule="undelivered")
        hand.clears(1, BACK + 210, rule="undelivered")
    return hand.evidence(*troubles)


def test_a_receipt_that_is_missed_in_time_is_right() -> None:
    """The judge also looks at it."""
    verdict = judge(missed(AWAY))
    assert verdict.violations == []
    assert verdict.counts["missing receipts that must be flagged"] == 1


@pytest.mark.parametrize("flagged_ms", [None, DUE + GRACE + 1_001])
@pytest.mark.parametrize("away", [AWAY, AWAY._replace(verb="cut", whom="link:tur")])
def test_a_receipt_that_is_not_missed_in_time_is_found(
    flagged_ms: int | None, away: Trouble
) -> None:
    """It is found for a reader that is dead, and for one that is mute."""
    evidence = missed(away, flagged_ms=flagged_ms)
    assert finds(evidence, "isr/1 at WARNING: tur has not got it, and no flag says so")


def test_a_reader_that_is_away_for_long_makes_it_an_alarm() -> None:
    """Each level is looked for."""
    away = AWAY._replace(until_ms=T0 + 65_000)
    violations = [text for text in found(missed(away)) if "has not got it" in text]
    assert len(violations) == 1
    assert "isr/1 at ALARM" in violations[0]


@pytest.mark.parametrize(
    "trouble",
    [
        Trouble("cut", "link:isr", SAID, SAID + 100),
        Trouble("kill", WATCHDOG, GONE - 1_000, GONE - 900),
        Trouble("kill", "broker", DUE, DUE + 100),
        Trouble("cut", "link:tur", GONE - 3_000, GONE - 2_000),
        Trouble("stall", "everything", SAID, SAID + 400),
    ],
)
def test_in_bad_weather_nothing_is_demanded(trouble: Trouble) -> None:
    """A station that was not well may have missed the record, or heard of more than is here."""
    assert found(missed(AWAY, trouble, flagged_ms=None)) == []


def test_a_receipt_that_came_is_not_missed() -> None:
    """It was on its way; a receipt for less, one too late, or another's does not count."""
    evidence = missed(AWAY, flagged_ms=None)
    receipt = Receipt("tur", SAID + 10, "isr", 1)
    evidence.receipts = [receipt]
    assert found(evidence) == []
    for other in (
        receipt._replace(upto=0),
        receipt._replace(at_ms=BACK),
        receipt._replace(by=WATCHDOG),
        receipt._replace(of=WATCHDOG),
    ):
        evidence.receipts = [other]
        assert finds(evidence, "isr/1 at WARNING: tur has not got it")
