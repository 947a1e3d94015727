"""Stations that are not heard: how bad that is, and what a declared silence makes of it."""

import pytest

from hotline.bodies import Answer, Handover, Level, Resume, Suspend
from hotline.times import HOUR_MS, MINUTE_MS, SECOND_MS
from tests.helpers import FLASH, stop, voice
from tests.watch import ALARM, FLASH_MS, GRACE_MS, TIMERS, WARNING, Watch, declare


def test_a_declared_silence_is_a_warning_at_most(wire: Watch) -> None:
    """It says since when, by whose word; the same silence undeclared is an alarm."""
    declare(wire, Suspend(reason="moving"))
    wire.crash("isr")
    wire.settle()
    flag = wire.last_flag()
    assert (flag.rule, flag.level) == ("silent", WARNING)
    assert flag.detail == (
        "isr: link lost (suspended since 2026-01-12T07:00:00.000Z by its own word)"
    )
    wire.crash("tur")
    wire.settle()
    assert wire.last_flag().level is ALARM
    wire.start("isr")
    wire.settle()
    assert "silent isr cleared" in wire.flags()


def test_a_silence_that_lasts_longer_than_declared_becomes_an_alarm(wire: Watch) -> None:
    """At the time that the party gave, and a grace."""
    until_ms = wire.now_ms + HOUR_MS
    declare(wire, Suspend(until=until_ms))
    wire.stop("isr")
    wire.settle()
    assert wire.flags() == ["silent isr WARNING"]
    wire.expect(until_ms + GRACE_MS, "silent isr ALARM")
    assert wire.last_flag().detail == "isr: suspended until 08:00:00 by its own word, and not back"
    assert wire.last_flag().due == until_ms


@pytest.mark.parametrize("away_ms", [0, 2 * HOUR_MS])
def test_its_end_is_judged_by_a_watchdog_that_was_away(wire: Watch, away_ms: int) -> None:
    """Also if it came meanwhile: that he said goodbye, which is seen, would be a WARNING."""
    until_ms = wire.now_ms + HOUR_MS
    declare(wire, Suspend(until=until_ms))
    wire.stop("isr")
    wire.settle()
    wire.crash("dog")
    wire.go(away_ms)
    wire.start("dog")
    wire.go_to(max(until_ms, wire.now_ms) + GRACE_MS)
    assert wire.flags() == ["silent isr WARNING", "silent isr ALARM"]


def away_for_a_minute(wire: Watch) -> int:
    """Isr suspends for an hour and leaves, and is back and resumes much sooner; the hour's end."""
    until_ms = wire.now_ms + HOUR_MS
    declare(wire, Suspend(until=until_ms))
    wire.stop("isr")
    wire.go(MINUTE_MS)
    wire.start("isr")
    wire.go(SECOND_MS)
    declare(wire, Resume())
    return until_ms


def test_who_is_back_in_time_is_not_missed(wire: Watch) -> None:
    """Nor is who has resumed."""
    until_ms = away_for_a_minute(wire)
    wire.go_to(until_ms + HOUR_MS)
    assert wire.flags() == ["silent isr WARNING", "silent isr cleared"]


def test_who_has_resumed_and_leaves_again_is_expected_back_no_more(wire: Watch) -> None:
    """The time that he gave was that of a silence which is over."""
    until_ms = away_for_a_minute(wire)
    wire.stop("isr")
    wire.go_to(until_ms + HOUR_MS)
    assert wire.flags() == ["silent isr WARNING", "silent isr cleared", "silent isr WARNING"]


def test_who_suspends_again_is_expected_back_at_the_time_that_he_gave_last(wire: Watch) -> None:
    """The time that he gave before means nothing any more."""
    first_ms, last_ms = wire.now_ms + HOUR_MS, wire.now_ms + 3 * HOUR_MS
    for until_ms in (first_ms, last_ms):
        declare(wire, Suspend(until=until_ms))
        wire.stop("isr")
        wire.go(MINUTE_MS)
        if until_ms == first_ms:
            wire.start("isr")
            wire.go(SECOND_MS)
            declare(wire, Resume())
    wire.expect(last_ms + GRACE_MS, "silent isr ALARM")


def test_a_silence_that_is_declared_afterwards_is_an_alarm_no_more(wire: Watch) -> None:
    """It was said before the link went, and comes to the watchdog by the other party."""
    wire.cut("dog")
    wire.say("isr", Suspend())
    wire.settle()
    with wire.losing(sender="tur", reader="dog"):
        wire.crash("isr")
        wire.link("dog")
        wire.go(SECOND_MS)
    assert "silent isr ALARM" in wire.flags()
    wire.go(TIMERS.silent_ms + MINUTE_MS)
    assert [flag for flag in wire.flags() if flag.startswith("silent isr")] == [
        "silent isr ALARM",
        "silent isr cleared",
        "silent isr WARNING",
    ]


def test_who_was_back_unheard_and_is_gone_again_is_an_alarm(wire: Watch) -> None:
    """He had resumed meanwhile: that comes to the watchdog by the other party."""
    declare(wire, Suspend())
    wire.crash("isr")
    wire.settle()
    wire.cut("dog")
    wire.start("isr")
    wire.settle()
    wire.say("isr", Resume())
    wire.settle()
    wire.crash("isr")
    wire.link("dog")
    wire.settle()
    assert [flag for flag in wire.flags() if flag.startswith("silent isr")] == [
        "silent isr WARNING",
        "silent isr ALARM",
    ]
    assert wire.last_flag().detail == "isr: resumed, and not heard"


def test_a_stop_is_a_flash(wire: Watch) -> None:
    """It has two minutes, and any officer may answer it, also by voice."""
    said = wire.say("tur", stop())
    wire.expect(said.at_ms + FLASH_MS + GRACE_MS, "unanswered tur/1 WARNING")
    assert wire.last_flag().detail == "stop tur/1: no answer from isr after 2m"
    wire.say("tur", voice("tur", 1, Answer.ROGER))
    wire.settle()
    assert wire.last_clear().reason == "answered ROGER by voice, 1s late"
    assert wire.last_clear().late_ms == GRACE_MS


def test_a_standby_by_voice_restarts_the_answer_timer(wire: Watch) -> None:
    """To the time that it promises, at most."""
    said = wire.say("tur", FLASH)
    wire.go_to(said.at_ms + FLASH_MS + GRACE_MS)
    promised_ms = wire.now_ms + MINUTE_MS
    wire.say("isr", voice("tur", 1, Answer.STANDBY, expected_ms=promised_ms))
    wire.settle()
    assert wire.last_clear().reason == "standby: the timer restarts"
    wire.go_to(promised_ms + GRACE_MS)
    assert wire.flags()[-1] == "unanswered tur/1 WARNING"
    wire.say("isr", voice("tur", 1))
    wire.settle()
    assert wire.last_clear().late_ms == GRACE_MS


def test_who_is_called_grows_with_the_level(wire: Watch) -> None:
    """The officer on watch, then his deputy, then the telephone."""
    wire.say("isr", Handover(officer="Levi", deputy="Peretz"))
    said = wire.say("tur", FLASH)
    details = []
    for halves in (2, 3, 4):
        wire.go_to(said.at_ms + FLASH_MS * halves // 2 + GRACE_MS)
        details.append(wire.last_flag().detail)
    assert details == [
        "TUR-014 rev 1: no answer from isr after 2m: Levi is on watch",
        "TUR-014 rev 1: no answer from isr after 3m: Peretz, the deputy, is called",
        "TUR-014 rev 1: no answer from isr after 4m: telephone Levi or Peretz",
    ]


def test_whose_watch_is_over_is_not_called(wire: Watch) -> None:
    """Nobody knows who is there then."""
    wire.say("isr", Handover(officer="Levi", hours=0.5))
    wire.go(HOUR_MS)
    wire.say("tur", FLASH)
    wire.go(FLASH_MS + GRACE_MS)
    assert wire.last_flag().detail == "TUR-014 rev 1: no answer from isr after 2m"
    assert wire.last_flag().level is Level.WARNING


def test_a_station_that_misses_its_heartbeats_is_flagged(wire: Watch) -> None:
    """After three heartbeats without a status; cleared with the next one."""
    wire.go(TIMERS.heartbeat_ms)
    with wire.losing(sender="tur"):
        silent_ms = wire.now_ms + TIMERS.silent_ms
        wire.expect(silent_ms, "silent tur ALARM")
        assert wire.last_flag().detail == "tur: not heard for 15m"
    wire.go(TIMERS.heartbeat_ms)
    assert wire.flags()[-1] == "silent tur cleared"
    assert wire.last_clear().reason == "back on the line"


def test_a_lost_link_is_an_alarm_at_once(wire: Watch) -> None:
    """The last will tells it sooner than missing heartbeats do."""
    wire.cut("tur")
    wire.settle()
    assert wire.flags() == ["silent tur ALARM"]
    assert wire.last_flag().detail == "tur: link lost"
    wire.link("tur")
    wire.settle()
    assert wire.flags() == ["silent tur ALARM", "silent tur cleared"]


def test_a_goodbye_is_a_warning(wire: Watch) -> None:
    """Who says goodbye leaves the line unmanned, but nothing has failed."""
    wire.stop("tur")
    wire.settle()
    assert wire.flags() == ["silent tur WARNING"]
    assert wire.last_flag().detail == "tur left the line"
    wire.go(HOUR_MS)
    assert len(wire.flags()) == 1
