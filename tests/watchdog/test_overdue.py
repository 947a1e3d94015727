from hotline.bodies import Level, Ref, Rule
from hotline.picture.declared import Watch
from hotline.times import MINUTE_MS
from hotline.watchdog.overdue import called, overdue
from tests.helpers import T0, TIMERS


def test_what_is_overdue_says_after_how_long() -> None:
    """The time allowed is told; that it was seen late only if by more than a grace and a tick."""
    flags = [
        overdue(
            Rule.UNANSWERED,
            Ref("tur", 7),
            Level.ALARM,
            due_ms=T0 + 2 * MINUTE_MS,
            since_ms=T0,
            late_ms=late_ms,
            timers=TIMERS,
            detail="no answer",
        )
        for late_ms in (2 * TIMERS.grace_ms, 2 * TIMERS.grace_ms + 1)
    ]
    assert [flag.detail for flag in flags] == [
        "no answer after 2m",
        "no answer after 2m (seen 2s after that)",
    ]
    assert {flag.key for flag in flags} == {"unanswered-tur-7"}
    assert {flag.due for flag in flags} == {T0 + 2 * MINUTE_MS}


def test_who_is_called_is_who_the_party_said_is_there() -> None:
    """Without a deputy that is said; when nobody is on watch, nobody is named."""
    watch = Watch(Ref("isr", 1), "Levi", None, T0, T0 + MINUTE_MS)
    both = watch._replace(deputy="Peretz")
    assert [called(watch, level) for level in Level] == [
        "Levi is on watch",
        "Levi has no deputy",
        "telephone Levi",
    ]
    assert called(both, Level.ALARM) == "Peretz, the deputy, is called"
    assert called(both, Level.VOICE_REQUIRED) == "telephone Levi or Peretz"
    assert called(None, Level.ALARM) == ""


def test_whom_a_flag_calls_does_not_make_it_too_long_to_be_said() -> None:
    """A name may be as long as a record: of more than 200 characters the beginning is told."""
    longest = Watch(Ref("isr", 1), "L" * 200, "P" * 50_000, T0, T0 + MINUTE_MS)
    assert called(longest, Level.WARNING) == f"{'L' * 200} is on watch"
    telephone = f"telephone {'L' * 200} or {'P' * 199}…"
    assert called(longest, Level.VOICE_REQUIRED) == telephone
