"""Each rule's flag, in the words that a person reads."""

from hotline.bodies import Level, Ref, Rule
from hotline.picture.declared import Watch
from hotline.station.turn import ClockSkewed, ForkFound
from hotline.status import GOODBYE
from hotline.times import MINUTE_MS, SECOND_MS
from hotline.watchdog import findings
from tests.helpers import T0


def test_what_is_overdue_says_after_how_long() -> None:
    """The time allowed is told; that it was seen late only where it was."""
    flags = [
        findings.overdue(
            Rule.UNANSWERED,
            Ref("tur", 7),
            Level.ALARM,
            due_ms=T0 + 2 * MINUTE_MS,
            since_ms=T0,
            seen_ms=seen_ms,
            detail="no answer",
        )
        for seen_ms in (0, 5 * SECOND_MS)
    ]
    assert [flag.detail for flag in flags] == [
        "no answer after 2m",
        "no answer after 2m (seen 5s after that)",
    ]
    assert {flag.key for flag in flags} == {"unanswered-tur-7"}
    assert {flag.due for flag in flags} == {T0 + 2 * MINUTE_MS}


def test_a_goodbye_is_not_as_bad_as_vanishing() -> None:
    """Who left the line is a warning; who was lost is an alarm with its reason."""
    left, lost = (findings.silent("isr", reason, T0) for reason in (GOODBYE, "link lost"))
    assert (left.level, left.detail) == (Level.WARNING, "isr left the line")
    assert (lost.level, lost.detail) == (Level.ALARM, "isr: link lost")
    assert left.key == lost.key, "the one is never raised beside the other"


def test_a_clock_is_ahead_or_behind() -> None:
    """The difference is told without a sign, as a person says it."""
    ahead, behind = (
        findings.clock_skew(ClockSkewed("tur", ms), T0) for ms in (MINUTE_MS, -MINUTE_MS)
    )
    assert ahead.detail == "the clock of tur is 1m ahead of ours"
    assert behind.detail == "the clock of tur is 1m behind ours"
    assert ahead.level is Level.WARNING


def test_a_fork_is_a_flag_on_the_journal_not_on_the_record() -> None:
    """However many numbers of a journal are forked, it is one flag; it names number and teller."""
    one, other = (findings.fork(ForkFound("tur", seq, "dog"), T0) for seq in (3, 4))
    assert one.key == other.key
    assert one.level is Level.ALARM
    assert "tur/3" in one.detail
    assert "dog" in one.detail


def test_who_is_called_is_who_the_party_said_is_there() -> None:
    """Without a deputy that is said; when nobody is on watch, nobody is named."""
    watch = Watch(Ref("isr", 1), "Levi", None, T0, T0 + MINUTE_MS)
    both = watch._replace(deputy="Peretz")
    assert [findings.called(watch, level, T0) for level in Level] == [
        "Levi is on watch",
        "Levi has no deputy",
        "telephone Levi",
    ]
    assert findings.called(both, Level.ALARM, T0) == "Peretz, the deputy, is called"
    assert findings.called(both, Level.VOICE_REQUIRED, T0) == "telephone Levi or Peretz"
    assert findings.called(both, Level.ALARM, T0 + MINUTE_MS) == ""
    assert findings.called(None, Level.ALARM, T0) == ""
