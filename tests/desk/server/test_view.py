"""The view: a line's state for a screen, with deadlines and who is there."""

import json
from typing import Any

import pytest

from hotline.bodies import Answer, Body, Cancel, Handover, Ref, Suspend
from hotline.desk.server import view
from hotline.desk.server.view import View
from hotline.notice import Precedence
from hotline.times import MINUTE_MS, SECOND_MS, format_instant
from tests.crew import Stage, on_stage
from tests.helpers import T0, TIMERS, check, notice, reply, stop, voice

TITLES = {"isr": "Israel", "tur": "Türkiye"}


def state(stage: Stage, name: str) -> dict[str, Any]:
    """What a station's screen is drawn from now."""
    station = stage.posts[name].node.machine
    return View(station, TITLES, {}).state(stage.time.now_ms(), 1.0)


@on_stage
async def test_the_most_urgent_comes_first(stage: Stage) -> None:
    """By when the answer is due, not by when it was said; with the next level and its time."""
    await stage.start_all()
    await stage.go(SECOND_MS)
    stage.say("tur", notice("A"))
    stage.say("tur", notice("B", precedence=Precedence.FLASH))
    stage.say("tur", check())
    await stage.go(SECOND_MS)
    said_ms = T0 + SECOND_MS
    inbox = state(stage, "isr")["inbox"]
    assert [entry["message"] for entry in inbox] == ["B rev 1", "check tur/3", "A rev 1"]
    flash = inbox[0]
    assert (flash["record"], flash["from"], flash["asks"]) == ("tur/2", "tur", "decision")
    assert flash["answers"] == ["ACCEPT", "REJECT", "STANDBY"]
    due = format_instant(said_ms + 2 * MINUTE_MS)
    assert (flash["due"], flash["overdue"]) == (due, None)
    assert flash["next"] == {"level": "WARNING", "at": due}

    await stage.go(3 * MINUTE_MS + SECOND_MS)  # and the grace
    told = state(stage, "isr")
    alarm_at = format_instant(said_ms + 4 * MINUTE_MS)
    assert told["inbox"][0]["overdue"] == "ALARM"
    assert told["inbox"][0]["next"] == {"level": "VOICE_REQUIRED", "at": alarm_at}
    (flag,) = told["flags"]
    assert (flag["rule"], flag["level"], flag["message"]) == ("unanswered", "ALARM", "B rev 1")
    assert flag["since"] < flag["raised_at"]
    await stage.go(2 * MINUTE_MS)
    last = state(stage, "isr")["inbox"][0]
    assert (last["overdue"], "next" in last) == ("VOICE_REQUIRED", False)


def test_a_record_is_told_as_json_that_any_program_reads() -> None:
    """A number that no float can hold is a record's right, and `Infinity` is no JSON."""
    told = view.written_out(b'{"body":{"far":1e999,"deep":-1e999,"near":1.5,"count":7}}')
    assert told == {"body": {"far": "1e999", "deep": "-1e999", "near": 1.5, "count": 7}}
    json.dumps(told, allow_nan=False)


@on_stage
async def test_a_message_whose_record_was_pruned_is_shown(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What became of it is known, though not its words."""
    await stage.start_all()
    await stage.go(SECOND_MS)
    stage.say("tur", check())
    await stage.go(SECOND_MS)
    station = stage.posts["isr"].node.machine
    monkeypatch.setattr(station.picture.past, "line_of", lambda _: None)
    shown = View(station, TITLES, {}).record("tur/1", stage.time.now_ms())
    assert (shown["message"]["message"], shown["record"]) == ("check tur/1", None)


@on_stage
async def test_the_worst_is_never_cut(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lists that are too long lose what is least urgent: no stop, no open window, no alarm."""
    monkeypatch.setattr(view, "MOST", 2)

    await stage.start_all()
    await stage.go(SECOND_MS)
    stage.say("tur", notice("A", precedence=Precedence.FLASH))
    await stage.go(4 * MINUTE_MS)
    stage.say("tur", notice("B", starts_ms=T0 + 5 * MINUTE_MS))
    stage.say("tur", notice("C", starts_ms=T0 + 50 * MINUTE_MS))
    stage.say("tur", stop())
    await stage.go(MINUTE_MS + 2 * SECOND_MS)
    told = state(stage, "isr")
    assert [entry["message"] for entry in told["inbox"]] == ["stop tur/4", "B rev 1"]
    assert told["counts"]["inbox"] == 4

    await stage.go(2 * MINUTE_MS)
    told = state(stage, "isr")
    assert told["counts"]["flags"] > len(told["flags"]) == 2
    assert [flag["message"] for flag in told["flags"]] == ["stop tur/4", "B rev 1"]
    assert [flag["level"] for flag in told["flags"]] == ["ALARM", "VOICE_REQUIRED"]


@on_stage
async def test_all_else_makes_room_for_stops(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many there are."""
    monkeypatch.setattr(view, "MOST", 2)

    await stage.start_all()
    await stage.go(SECOND_MS)
    stage.say("tur", notice("A"))
    stage.say("tur", stop())
    stage.say("tur", stop())
    await stage.go(SECOND_MS)
    inbox = state(stage, "isr")["inbox"]
    assert [entry["message"] for entry in inbox] == ["stop tur/2", "stop tur/3"]


@on_stage
async def test_what_goes_on_pushes_out_nothing_that_is_new(stage: Stage) -> None:
    """More open windows than a list has room for: a stop, a FLASH and a silent party are there."""
    await stage.start_all()
    await stage.go(SECOND_MS)
    for number in range(view.MOST + 10):
        stage.say("tur", notice(f"A{number}", starts_ms=T0 + 5 * MINUTE_MS))
    await stage.go(6 * MINUTE_MS)
    stage.say("tur", notice("NEW", precedence=Precedence.FLASH))
    stage.say("tur", stop())
    await stage.go(SECOND_MS)
    for name, where in (("isr", "inbox"), ("tur", "sent"), ("dog", "sent")):
        told = state(stage, name)
        waiting = [entry["message"] for entry in told[where]]
        assert (waiting[0], waiting[1]) == (f"stop tur/{view.MOST + 12}", "A0 rev 1")
        assert "NEW rev 1" in waiting
        assert (len(waiting), told["counts"][where]) == (view.MOST, view.MOST + 12)
    stage.links["isr"].cut()
    await stage.go(3 * MINUTE_MS)
    told = state(stage, "tur")
    assert (len(told["flags"]), told["counts"]["flags"] > view.MOST + 10) == (view.MOST, True)
    about = {(flag["rule"], flag["subject"]) for flag in told["flags"]}
    assert ("silent", "isr") in about
    assert told["flags"][-1]["level"] == "VOICE_REQUIRED"
    assert f"stop tur/{view.MOST + 12}" in [flag["message"] for flag in told["flags"]]


@on_stage
async def test_what_need_not_be_answered_is_never_overdue(stage: Stage) -> None:
    """A declared silence excuses a check, as it does for the watchdog, but no notice."""
    await stage.start_all()
    await stage.go(SECOND_MS)
    stage.say("isr", Suspend(reason="night"))
    await stage.go(SECOND_MS)
    stage.say("tur", check())
    stage.say("tur", notice("A", precedence=Precedence.FLASH))
    await stage.go(20 * MINUTE_MS)
    for told in (state(stage, "isr")["inbox"], state(stage, "tur")["sent"]):
        assert [(each["message"], each["excused"], each["overdue"]) for each in told] == [
            ("A rev 1", False, "VOICE_REQUIRED"),
            ("check tur/1", True, None),
        ]
        assert "next" not in told[1]
    assert {flag["subject"] for flag in state(stage, "tur")["flags"]} == {"tur/2", "isr/1"}


@pytest.mark.parametrize(
    ("speaker", "word", "seen_by", "recent"),
    [
        ("isr", voice("tur", 1, Answer.ACCEPT), "tur", ["A rev 1", "B rev 1"]),
        ("tur", Cancel(notice="A"), "isr", ["cancel of A", "A rev 1", "B rev 1"]),
    ],
    ids=["answered by voice", "cancelled"],
)
@on_stage
async def test_what_becomes_of_a_message_is_news(
    stage: Stage, speaker: str, word: Body, seen_by: str, recent: list[str]
) -> None:
    """It stands before what was said later."""
    await stage.start_all()
    await stage.go(SECOND_MS)
    for name in ("A", "B"):
        stage.say("tur", notice(name))
        await stage.go(SECOND_MS)
    stage.say(speaker, word)
    await stage.go(SECOND_MS)
    assert [entry["message"] for entry in state(stage, seen_by)["recent"]] == recent


@on_stage
async def test_each_side_sees_its_own(stage: Stage) -> None:
    """What waits for us, what we wait for and whether it has arrived; a watchdog sees all."""
    await stage.start_all()
    await stage.go(SECOND_MS)
    stage.say("tur", notice("A"))
    await stage.go(SECOND_MS)
    tur, dog = state(stage, "tur"), state(stage, "dog")
    assert (tur["role"], tur["other"], tur["titles"]) == ("party", "isr", TITLES)
    assert [(entry["record"], entry["delivered"]) for entry in tur["sent"]] == [("tur/1", True)]
    assert tur["counts"] == {"inbox": 0, "sent": 1, "flags": 0}
    assert (dog["role"], dog["inbox"], dog["counts"]["sent"]) == ("watchdog", [], 1)
    assert "delivered" not in dog["sent"][0]
    stage.say("isr", reply("tur", 1, Answer.ACCEPT))
    await stage.go(SECOND_MS)
    (settled,) = state(stage, "tur")["recent"]
    assert (settled["state"], settled["officer"], "due" in settled) == ("accepted", "Levi", False)


@on_stage
async def test_who_is_there(stage: Stage) -> None:
    """Online, silent, or not known; and whether we may speak, and whom we wait to hear."""
    await stage.start("tur")
    await stage.go(SECOND_MS)
    told = state(stage, "tur")
    assert told["stations"] == {"isr": "unknown", "dog": "unknown"}
    assert (told["on_line"], told["may_speak"], told["waits_for"]) == (True, False, ["dog", "isr"])
    await stage.start("isr")
    await stage.go(TIMERS.greeting_ms)
    told = state(stage, "tur")
    assert told["stations"] == {"isr": "online", "dog": "silent"}
    assert told["may_speak"]
    stage.links["tur"].cut()
    await stage.go(SECOND_MS)
    told = state(stage, "tur")
    assert (told["on_line"], told["stations"]["isr"]) == (False, "unknown")


@on_stage
async def test_what_parties_say_of_themselves(stage: Stage) -> None:
    """Our officer on watch while his watch lasts; whether a party has suspended the line."""
    await stage.start_all()
    await stage.go(SECOND_MS)
    assert state(stage, "tur")["watch"] is None
    stage.say("tur", Handover(officer="Demir", deputy="Kaya", hours=0.01))
    stage.say("isr", Suspend(reason="night"))
    await stage.go(SECOND_MS)
    told = state(stage, "tur")
    assert (told["watch"]["officer"], told["watch"]["deputy"]) == ("Demir", "Kaya")
    assert told["declared"]["isr"]["attendance"] == "suspended"
    assert state(stage, "isr")["watch"] is None
    await stage.go(MINUTE_MS)
    assert state(stage, "tur")["watch"] is None
    assert state(stage, "dog")["watch"] is None


@on_stage
async def test_what_came_in_late_is_told_as_delayed(stage: Stage) -> None:
    """When that is known; of one's own words nothing is late."""
    await stage.start_all()
    await stage.go(SECOND_MS)
    stage.say("tur", notice("A"))
    await stage.go(SECOND_MS)
    fresh, late = T0 + 2 * SECOND_MS, T0 + 10 * MINUTE_MS
    for name, where, came_ms, told in (
        ("isr", "inbox", {}, None),
        ("isr", "inbox", {Ref("tur", 1): fresh}, None),
        ("isr", "inbox", {Ref("tur", 1): late}, "9m59s"),
        ("tur", "sent", {Ref("tur", 1): late}, None),
    ):
        station = stage.posts[name].node.machine
        view = View(station, TITLES, came_ms)
        [entry] = view.state(stage.time.now_ms(), 1.0)[where]
        assert entry["delayed"] == told


@on_stage
async def test_what_was_delivered_stays_so(stage: Stage) -> None:
    """A last will is as old as its connection: what it lacks may have come long before its end."""
    await stage.start_all()
    await stage.go(SECOND_MS)
    for name in ("A", "B"):
        stage.say("tur", notice(name))
        await stage.go(SECOND_MS)
    await stage.crash("isr")
    await stage.crash("tur")
    await stage.start("tur")
    await stage.go(SECOND_MS)
    assert state(stage, "tur")["sent"][0]["message"] == "A rev 1"
    assert state(stage, "tur")["sent"][0]["delivered"]
