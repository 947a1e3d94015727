"""A picture for people."""

import io

import pytest
from rich.console import Console

from hotline.bodies import (
    Answer,
    Check,
    Flag,
    Handover,
    Kind,
    Level,
    Resume,
    Rule,
    Subject,
    Suspend,
)
from hotline.commands.display import show
from hotline.picture.picture import Picture
from hotline.times import HOUR_MS
from tests.helpers import LINE, T0, Author, cancel, folded, notice, reply
from tests.pictures import declared, half_a_day, story

PHASES = ("planned", "active", "ended")


def shown(picture: Picture, width: int = 100, now_ms: int = T0) -> str:
    """What is printed on a terminal of this width."""
    console = Console(file=io.StringIO(), width=width, highlight=False, _environ={})
    with console.capture() as capture:
        show(picture, console, now_ms)
    return capture.get()


def test_people_see_messages_flags_and_nonsense() -> None:
    """One table for each, the messages in the order of their times."""
    text = shown(story(), 140)
    assert text.startswith("line isr-tur: dog to 3, isr to 3, tur to 1\n")
    rows = [" ".join(line.split()) for line in text.splitlines()]
    assert rows.index("Messages") < rows.index("Flags") < rows.index("Made no sense")
    first, second = (row for row in rows if "survey C130" in row)
    assert first.startswith("tur/1 TUR-1 rev 1 01-12 06:00:00 from 01-01 00:00 survey ")
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


@pytest.mark.parametrize(
    ("lasts_ms", "window"),
    [
        (HOUR_MS, "01-12 07:00 to 08:00"),
        (HOUR_MS + 30_000, "01-12 07:00 to 08:00:30"),
        (24 * HOUR_MS, "01-12 07:00 to 01-13 07:00"),
    ],
)
def test_people_see_when_a_flight_is(lasts_ms: int, window: str) -> None:
    """A revision that moves the window alone differs from the one before; a check has none."""
    tur, starts_ms = Author("tur"), T0 + HOUR_MS
    flight = notice(starts_ms=starts_ms, ends_ms=starts_ms + lasts_ms)
    picture, _ = folded([tur.says(Kind.NOTICE, flight), tur.says(Kind.CHECK, Check())])
    first, second = (row for row in shown(picture, 140).splitlines() if row.startswith("tur/"))
    assert f"  {window}  " in first
    assert " to " not in second
    assert "window" not in shown(picture, 70)


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


def test_people_see_who_is_on_watch_and_who_has_suspended() -> None:
    """Before all else; and who answered by voice."""
    lines = shown(declared()).splitlines()
    assert lines[1:3] == [
        "isr: Levi on watch, deputy Peretz, until 01-12 14:00:00",
        "tur: suspended since 01-12 06:00:00 – storm",
    ]
    row = next(" ".join(line.split()) for line in lines if "TUR-014" in line)
    assert row.endswith(" accepted Levi, by voice planned")


def test_people_see_what_a_party_has_said_of_itself_and_is_over() -> None:
    """A watch that has ended is nobody's, and a suspension whose time has come excuses nothing."""
    isr, tur = Author("isr"), Author("tur")
    said = [
        isr.says(Kind.HANDOVER, Handover(officer="Levi", hours=1)),
        tur.says(Kind.SUSPEND, Suspend(until=T0 + HOUR_MS, reason="storm")),
    ]
    assert shown(folded(said)[0], now_ms=T0 + HOUR_MS).splitlines()[1:3] == [
        "isr: the watch of Levi ended at 01-12 07:00:00",
        "tur: was suspended from 01-12 06:00:00 until 01-12 07:00:00 – storm",
    ]


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
    picture = half_a_day()
    rows = [line.split() for line in shown(picture, now_ms=T0 + 20 * HOUR_MS).splitlines()]
    assert ["tur", "2026-01-12", "50.00%", "5.56%"] in rows
    assert ["tur", "2026-01-13", "100.00%", "0.00%"] in rows
