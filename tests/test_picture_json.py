"""A picture for programs."""

import json

from hotline.bodies import Answer, Check, Kind
from hotline.picture_json import as_dict
from hotline.times import HOUR_MS
from tests.helpers import T0, Author, folded, notice, reply
from tests.pictures import declared, half_a_day, story


def test_programs_get_all_of_it() -> None:
    """The dictionary is JSON, with every fact of every message and every flag."""
    picture = json.loads(json.dumps(as_dict(story(), T0)))
    assert list(picture) == [
        "line",
        "as_of",
        "parties",
        "heads",
        "declared",
        "messages",
        "checks",
        "flags",
        "days",
        "invalid",
    ]
    assert picture["heads"] == {"dog": 3, "isr": 3, "tur": 1}
    assert picture["messages"][0] == {
        "record": "tur/1",
        "message": "TUR-1 rev 1",
        "station": "tur",
        "seq": 1,
        "kind": "notice",
        "notice": "TUR-1",
        "revision": 1,
        "precedence": "ROUTINE",
        "text": "survey C130 TRK42",
        "at": "2026-01-12T06:00:00.000Z",
        "starts": "2100-01-01T00:00:00.000Z",
        "ends": None,
        "state": "rejected",
        "answer": "REJECT",
        "answered_by": "isr/2",
        "answered_at": "2026-01-12T06:00:03.000Z",
        "officer": "Levi",
        "expected_at": None,
        "voice": None,
        "phase": "planned",
    }
    assert [message["answered_by"] for message in picture["messages"]] == ["isr/2", None]
    told = [(flag["rule"], flag["subject"], flag["message"]) for flag in picture["flags"]]
    assert told == [("unanswered", "tur/1", "TUR-1 rev 1"), ("silent", "isr", None)]
    assert picture["flags"][1]["cleared_at"] is None
    assert picture["invalid"] == {"isr/3": "cancels_nothing"}


def test_equal_heads_give_equal_dictionaries() -> None:
    """In whatever order the journals were read, the same is said in the same order."""
    isr, tur = Author("isr"), Author("tur")
    theirs = [tur.says(Kind.NOTICE, notice(f"TUR-{n}"), T0 + n) for n in range(3)]
    ours = [isr.says(Kind.REPLY, reply("tur", 2), T0 + 9), *isr.notices(2)]
    one, other = folded([*theirs, *ours])[0], folded([*ours, *theirs])[0]
    assert json.dumps(as_dict(one, T0)) == json.dumps(as_dict(other, T0))


def test_programs_see_who_is_on_watch_and_who_has_suspended() -> None:
    """And who answered by voice."""
    told = json.loads(json.dumps(as_dict(declared(), T0)))
    assert told["declared"]["isr"]["watch"]["deputy"] == "Peretz"
    assert told["declared"]["tur"]["attendance"] == "suspended"
    assert told["declared"]["tur"]["suspension"]["resumed_at"] is None
    assert told["messages"][1]["voice"]["by"] == "Levi"


def test_programs_see_what_became_of_the_last_comm_checks() -> None:
    """Of each party, in their order."""
    isr, tur = Author("isr"), Author("tur")
    checks = [tur.says(Kind.CHECK, Check(), T0) for _ in range(2)]
    picture, _ = folded([*checks, isr.says(Kind.REPLY, reply("tur", 1, Answer.ROGER), T0)])
    told = as_dict(picture, T0)["checks"]
    assert [each["outcome"] for each in told["tur"]] == ["answered", "waits"]
    assert told["isr"] == []


def test_programs_see_how_much_of_each_day_a_party_was_heard() -> None:
    """As shares of the time from the first message on."""
    picture = half_a_day()
    assert as_dict(picture, T0 + 20 * HOUR_MS)["days"][2] == {
        "party": "tur",
        "day": "2026-01-12",
        "heard": 0.5,
        "declared": 0.05556,
    }
