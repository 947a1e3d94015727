"""A picture for people and for programs."""

import io
import json

import pytest
from rich.console import Console

from hotline.bodies import (
    Answer,
    Check,
    Clear,
    Flag,
    Handover,
    Kind,
    Level,
    Resume,
    Rule,
    Subject,
    Suspend,
)
from hotline.commands.display import as_dict, show
from hotline.picture.picture import Picture
from hotline.times import HOUR_MS
from tests.helpers import LINE, T0, Author, cancel, folded, notice, reply, voice

TUR_1 = Subject(station="tur", seq=1)
PHASES = ("planned", "active", "ended")


def story() -> Picture:
    """Two notices, an answer that came late, a flag that stands, and some nonsense."""
    isr, tur, dog = Author("isr"), Author("tur"), Author("dog")
    late = Flag(rule=Rule.UNANSWERED, subject=TUR_1, level=Level.ALARM, due=T0, detail="late")
    gone = Flag(
        rule=Rule.SILENT, subject=Subject(station="isr"), level=Level.ALARM, due=T0, detail="gone"
    )
    said = [
        tur.says(Kind.NOTICE, notice("TUR-1")),
        isr.says(Kind.NOTICE, notice("ISR-1"), T0 + 1_000),
        dog.says(Kind.FLAG, late, T0 + 2_000),
        isr.says(Kind.REPLY, reply("tur", 1, Answer.REJECT), T0 + 3_000),
        dog.says(Kind.CLEAR, Clear(rule=Rule.UNANSWERED, subject=TUR_1, reason="answered"), T0),
        dog.says(Kind.FLAG, gone, T0 + 4_000),
        isr.says(Kind.CANCEL, cancel("ISR-9"), T0 + 5_000),
    ]
    return folded(said)[0]


def shown(picture: Picture, width: int = 100, now_ms: int = T0) -> str:
    """What is printed on a terminal of this width."""
    console = Console(file=io.StringIO(), width=width, highlight=False, _environ={})
    with console.capture() as capture:
        show(picture, console, now_ms)
    return capture.get()


def test_people_see_messages_flags_and_nonsense() -> None:
    """One table for each, the messages in the order of their times."""
    text = shown(story())
    assert text.startswith("line isr-tur: dog to 3, isr to 3, tur to 1\n")
    rows = [" ".join(line.split()) for line in text.splitlines()]
    assert rows.index("Messages") < rows.index("Flags") < rows.index("Made no sense")
    first, second = (row for row in rows if "survey C130" in row)
    assert first.startswith("tur/1 TUR-1 rev 1 01-12 06:00:00 survey ")
    assert first.endswith(" rejected Levi planned")
    assert second.endswith(" open planned")
    assert any(row.startswith("silent isr ALARM ") and row.endswith(" standing") for row in rows)
    assert any(row.startswith("unanswered TUR-1 rev 1 ALARM ") for row in rows)
    assert "isr/3 cancels_nothing" in rows


@pytest.mark.parametrize(("width", "is_told_what"), [(80, True), (60, False)])
def test_words_stay_whole_on_a_narrow_terminal(width: int, *, is_told_what: bool) -> None:
    """Names, states and flights can be read in full; the day stands above the time of day."""
    isr, tur = Author("isr"), Author("tur")
    said = [
        tur.says(Kind.NOTICE, notice("TUR-001")),
        isr.says(Kind.NOTICE, notice("ISR-001"), T0 + 1_000),
        isr.says(Kind.CANCEL, cancel("ISR-001"), T0 + 2_000),
        isr.says(Kind.REPLY, reply("tur", 1, Answer.ACCEPT), T0 + 3_000),
    ]
    text = shown(folded(said)[0], width, T0 + 3_000)
    assert ("what" in text) is is_told_what
    for words in ("TUR-001 rev 1", "06:00:00", "accepted", "planned", "cancelled", "called off"):
        assert words in text
    assert "…" not in text


def test_people_see_which_flight_is_in_the_air_without_an_answer() -> None:
    """How far each one is; only of what is in the air it matters that nobody has answered."""
    isr, tur = Author("isr"), Author("tur")
    flown = [
        notice(name, starts_ms=T0 + HOUR_MS, ends_ms=T0 + 2 * HOUR_MS)
        for name in ("TUR-1", "TUR-2")
    ]
    said = [tur.says(Kind.NOTICE, body) for body in flown]
    picture, _ = folded([*said, isr.says(Kind.REPLY, reply("tur", 2))])

    def flights(now_ms: int) -> list[str]:
        rows = shown(picture, 200, now_ms).splitlines()
        cells = [row.split("  ") for row in rows if " rev 1 " in row]
        return [next(c.strip() for c in row if c.strip().startswith(PHASES)) for row in cells]

    assert flights(T0) == ["planned", "planned"]
    assert flights(T0 + HOUR_MS) == ["active, UNANSWERED", "active"]
    assert flights(T0 + 2 * HOUR_MS) == ["ended", "ended"]


def test_what_is_not_there_has_no_table() -> None:
    """An empty journal is one line: nothing was said yet."""
    assert shown(Picture(LINE)) == "line isr-tur: no records\n"


def test_what_others_wrote_is_neither_markup_nor_a_command_to_the_terminal() -> None:
    """Brackets stay as they are, and control characters do not reach the terminal."""
    said = Author("tur").says(Kind.CHECK, Check(remarks="[red]hello[/] [/x] \x1b[2J"))
    text = shown(folded([said])[0])
    assert "[red]hello[/] [/x]" in text
    assert "\x1b" not in text


def test_programs_get_all_of_it() -> None:
    """The dictionary is JSON, with every fact of every message and every flag."""
    picture = json.loads(json.dumps(as_dict(story())))
    assert list(picture) == [
        "line",
        "parties",
        "heads",
        "declared",
        "messages",
        "checks",
        "flags",
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
    }
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
    assert json.dumps(as_dict(one)) == json.dumps(as_dict(other))


def test_people_see_who_is_on_watch_and_who_has_suspended() -> None:
    """Before all else; and who answered by voice."""
    isr, tur = Author("isr"), Author("tur")
    said = [
        isr.says(Kind.HANDOVER, Handover(officer="Levi", deputy="Peretz"), T0),
        tur.says(Kind.SUSPEND, Suspend(reason="storm"), T0),
        tur.says(Kind.NOTICE, notice(), T0),
        tur.says(Kind.VOICE, voice("tur", 2), T0 + 1_000),
    ]
    picture, _ = folded(said)
    lines = shown(picture).splitlines()
    assert lines[1:3] == [
        "isr: Levi on watch, deputy Peretz, until 01-12 14:00:00",
        "tur: suspended since 01-12 06:00:00 – storm",
    ]
    row = next(" ".join(line.split()) for line in lines if "TUR-014" in line)
    assert row.endswith(" accepted Levi, by voice planned")
    view = json.loads(json.dumps(as_dict(picture)))
    assert view["declared"]["isr"]["watch"]["deputy"] == "Peretz"
    assert view["declared"]["tur"]["attendance"] == "suspended"
    assert view["declared"]["tur"]["suspension"]["resumed_at"] is None
    assert view["messages"][1]["voice"]["by"] == "Levi"


def test_people_see_which_comm_checks_were_missed() -> None:
    """The last one at the right: answered, missed (by the watchdog's word), or waiting still."""
    isr, tur, dog = Author("isr"), Author("tur"), Author("dog")
    missed = Flag(
        rule=Rule.UNANSWERED,
        subject=Subject(station="tur", seq=2),
        level=Level.WARNING,
        due=T0,
        detail="late",
    )
    picture, _ = folded(
        [
            *(tur.says(Kind.CHECK, Check(), T0) for _ in range(3)),
            isr.says(Kind.REPLY, reply("tur", 1, Answer.ROGER), T0),
            dog.says(Kind.FLAG, missed, T0),
        ]
    )
    assert "last comm checks of tur: ✓✗… (1 of 3 missed)\n" in shown(picture)
    view = as_dict(picture)["checks"]
    assert [each["outcome"] for each in view["tur"]] == ["answered", "missed", "waits"]
    assert view["isr"] == []


def test_people_see_which_comm_checks_were_excused() -> None:
    """Nobody was to answer those; one that came after the silence waits."""
    isr, tur = Author("isr"), Author("tur")
    picture, _ = folded(
        [
            tur.says(Kind.CHECK, Check(), T0),  # its time ends in the silence
            isr.says(Kind.SUSPEND, Suspend(), T0 + 1),
            tur.says(Kind.CHECK, Check(), T0 + 2),
            isr.says(Kind.RESUME, Resume(), T0 + 3),
            tur.says(Kind.CHECK, Check(), T0 + 4),
        ]
    )
    assert "last comm checks of tur: ––… (0 of 3 missed)\n" in shown(picture)


def test_people_see_how_much_of_each_day_a_party_was_heard() -> None:
    """From the first message on; what was silent by its own word is told apart."""
    tur, dog = Author("tur"), Author("dog")
    silent = Subject(station="tur")
    gone = Flag(rule=Rule.SILENT, subject=silent, level=Level.WARNING, due=T0, detail="gone")
    back = Clear(rule=Rule.SILENT, subject=silent, reason="back")
    picture, _ = folded(
        [
            tur.says(Kind.CHECK, Check(), T0),
            tur.says(Kind.SUSPEND, Suspend(until=T0 + 2 * HOUR_MS), T0 + HOUR_MS),
            dog.says(Kind.FLAG, gone, T0 + HOUR_MS),
            dog.says(Kind.CLEAR, back, T0 + 10 * HOUR_MS),
        ]
    )
    rows = [line.split() for line in shown(picture, now_ms=T0 + 20 * HOUR_MS).splitlines()]
    assert ["tur", "2026-01-12", "50.00%", "5.56%"] in rows
    assert ["tur", "2026-01-13", "100.00%", "0.00%"] in rows
    assert as_dict(picture, T0 + 20 * HOUR_MS)["days"][2] == {
        "party": "tur",
        "day": "2026-01-12",
        "heard": 0.5,
        "declared": 0.05556,
    }
