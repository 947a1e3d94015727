"""What can be expected, and what can never come true."""

from pathlib import Path

import pytest

from hotline.bodies import Level, Rule
from hotline.files.mistakes import FileError
from sim.scenario.expectation import Expectation, Happening
from tests.sim.plays import small
from tests.sim.stories import wrong

EXPECT = "  - {answer: ACCEPT, of: TUR-1, within: 2m}\n"
REVISE = "  - {at: 2m, who: tur, revise: {id: TUR-1, precedence: ROUTINE}}\nexpect:"


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({}, "expected exactly one of flag, cleared, answer, delivered, state, never; found none"),
        (
            {"flag": "silent", "state": "open"},
            (
                "expected exactly one of flag, cleared, answer, delivered, state, never;"
                " found flag and state"
            ),
        ),
        ({"answer": "ROGER", "level": "ALARM"}, "expected `level` only with a flag"),
        ({"state": "open"}, "expected `of` with a state: which notice?"),
        ({"state": "opne", "of": "TUR-1"}, "got 'opne'; did you mean 'open'?"),
        ({"flag": "silent", "after": "5m", "within": "4m"}, "expected after to be before within"),
        ({"state": "open", "of": "TUR-1", "within": "4m"}, "expected no `after` and no `within`"),
        (
            {"never": {"state": "open", "of": "TUR-1"}, "after": "4m"},
            "expected no `after` and no `within`",
        ),
        (
            {"never": {"flag": "silent", "within": "4m"}},
            "expected `after` and `within` beside `never`, not beneath it",
        ),
        (
            {"never": {"flag": "unanswered"}, "of": "TUR-1"},
            "expected `of` beneath `never`, not beside it",
        ),
        (
            {"never": {"flag": "unanswered", "of": "TUR-1"}, "revision": 2},
            "expected `revision` beneath `never`, not beside it",
        ),
        ({"never": {"flag": "unanswered"}, "level": "ALARM"}, "expected `level` beneath `never`"),
    ],
)
def test_an_expectation_is_one_thing(fields: dict[str, object], says: str) -> None:
    """It expects one happening, in words that make sense of it, at a time that can be."""
    says_now = wrong(Expectation, fields)
    assert says_now.startswith(says)


def test_an_expectation_says_what_must_happen_or_must_not() -> None:
    """The happening is what is expected, or what is never to be."""
    fields = {"flag": "unanswered", "of": "TUR-1", "revision": 1, "level": "ALARM"}
    expected = Expectation.model_validate(fields).happening()
    never = Expectation.model_validate({"never": fields}).happening()
    said = set(Happening.model_fields)
    assert expected.model_dump(include=said) == never.model_dump()
    assert (expected.flag, expected.of, expected.level) == (Rule.UNANSWERED, "TUR-1", Level.ALARM)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ("state: accepted, of: isr", "of: expected a notice with a state, got the station 'isr'"),
        ("flag: silent, of: TUR-1", "of: expected a station with silent, got the notice 'TUR-1'"),
        ("cleared: fork, of: TUR-1", "of: expected a station with fork, got the notice 'TUR-1'"),
        ("flag: invalid, of: TUR-1", "of: expected a station with invalid, got the notice 'TUR-1'"),
        (
            "cleared: invalid, of: tur",
            "cleared: invalid is never cleared: a record that makes no sense stays so",
        ),
        (
            "flag: unanswered, of: watchdog",
            "of: expected a notice or the party that said it, got 'watchdog'",
        ),
        (
            "answer: ROGER, of: watchdog",
            "of: expected a notice or the party that said it, got 'watchdog'",
        ),
        (
            "delivered: TUR-1, of: isr",
            "of: expected no `of` with delivered, which names the notice itself",
        ),
        (
            "answer: ACCEPT, of: TUR-1, revision: 7",
            "revision: TUR-1 has no revision 7; it has 1 to 2",
        ),
        ("delivered: TUR-1, revision: 3", "revision: TUR-1 has no revision 3; it has 1 to 2"),
        ("state: open, of: TUR-1, revision: 0", "revision: TUR-1 has no revision 0; it has 1 to 2"),
        (
            "flag: silent, of: tur, revision: 1",
            "revision: expected no revision with silent, which is about a station",
        ),
        (
            "flag: silent, level: VOICE_REQUIRED",
            "level: silent is never flagged as VOICE_REQUIRED; expected WARNING or ALARM",
        ),
        (
            "flag: degraded, of: watchdog",
            "of: expected a party with degraded, got the watchdog 'watchdog'",
        ),
        (
            "cleared: blind, of: watchdog",
            "of: expected a party with blind, got the watchdog 'watchdog'",
        ),
        (
            "cleared: clock_skew, of: watchdog",
            "of: watchdog is the only watchdog, and no watchdog flags itself as clock_skew",
        ),
        ("answer: ACCEPT, revision: 9", "revision: no notice has a revision 9; the highest is 2"),
        (
            "flag: unanswered, of: tur, revision: 9",
            "revision: no notice has a revision 9; the highest is 2",
        ),
        ("flag: blind, level: WARNING", "level: blind is never flagged as WARNING; expected ALARM"),
    ],
)
def test_what_can_never_come_true_is_a_mistake(fields: str, says: str, tmp_path: Path) -> None:
    """Expected, or expected never to be: the field that makes it so is named."""
    written = f"  - {{{fields}}}\n  - never: {{{fields}}}\n"
    with pytest.raises(FileError) as caught:
        small(tmp_path, ("expect:", REVISE), (EXPECT, written))
    told = [f"{mistake.line}: {mistake.field}: {mistake.says}" for mistake in caught.value.mistakes]
    assert told == [f"29: expect[0].{says}", f"30: expect[1].never.{says}"]


@pytest.mark.parametrize(
    ("expectation", "says"),
    [
        (
            "never: {flag: unanswered, of: TUR-1}, within: 59s",
            ": is over before TUR-1 is said at 1m",
        ),
        (
            "delivered: TUR-1, revision: 2, within: 1m59s",
            ": is over before TUR-1 rev 2 is said at 2m",
        ),
        ("state: superseded, of: TUR-1", ": the last revision of TUR-1 is never superseded"),
        (
            "never: {state: superseded, of: TUR-1, revision: 2}",
            ".never: the last revision of TUR-1 is never superseded",
        ),
    ],
)
def test_what_comes_too_soon_or_to_the_wrong_revision_is_a_mistake(
    expectation: str, says: str, tmp_path: Path
) -> None:
    """Nothing becomes of a notice before it is said, or of the last one by the next."""
    with pytest.raises(FileError) as caught:
        small(tmp_path, ("expect:", REVISE), (EXPECT, f"  - {{{expectation}}}\n"))
    (mistake,) = caught.value.mistakes
    assert f"{mistake.field}: {mistake.says}" == f"expect[0]{says}"


@pytest.mark.parametrize(
    "fields",
    [
        "flag: unanswered, of: tur, level: VOICE_REQUIRED",
        "cleared: undelivered, of: TUR-1, revision: 2",
        "flag: silent, of: dog, level: ALARM",
        "flag: fork, of: dog",
        "state: superseded, of: TUR-1, revision: 1",
        "never: {answer: ACCEPT, of: TUR-1, revision: 2}, within: 2m",
        "flag: invalid, of: tur",
        "delivered: TUR-1, revision: 2",
    ],
)
def test_what_can_come_true_is_none(fields: str, tmp_path: Path) -> None:
    """A message by its notice or its author, a station by its name."""
    two = ("start:", "watchdogs: [watchdog, dog]\nstart:")
    loaded = small(tmp_path, two, ("expect:", REVISE), (EXPECT, f"  - {{{fields}}}\n"))
    assert len(loaded.scenario.expect) == 1
