"""A log line for a person: fits the terminal, loses nothing, and shows what matters."""

import io
import json
import random
import re
import shlex
from string import Formatter

import pytest
from rich.cells import cell_len
from rich.console import Console

from hotline.logs.console import ConsoleRenderer, plain, plain_json
from hotline.logs.log_events import LOG_EVENTS

ANSI = re.compile(r"\x1b\[[0-9;]*m")
WORDS = ("a", "ISR-021", "–", "Türkiye", "survey", "警告", "x" * 130, "isr/1", "(twice)")


def renderer(width: int, *, colours: bool = False) -> ConsoleRenderer:
    """The renderer of a terminal that is so wide."""
    return ConsoleRenderer(
        Console(
            file=io.StringIO(),
            width=width,
            force_terminal=colours,
            color_system="standard" if colours else None,
            _environ={},
        )
    )


def line(
    event: str, at: str = "06:00:00", on: str = "2026-01-12", **fields: object
) -> dict[str, object]:
    """A log line of a scenario that is played at noon."""
    return {
        "wall": "2026-05-05T12:00:00.000Z",
        "at": f"{on}T{at}.000Z",
        "severity": "info",
        "event": event,
        "line": "isr-tur",
        **fields,
    }


def render(of: ConsoleRenderer, fields: dict[str, object]) -> list[str]:
    """What is printed for one event, line by line."""
    return of(None, "", fields).split("\n")


def filled(name: str, draw: random.Random) -> dict[str, object]:
    """A line of this event, all of whose fields are some words long."""
    event = LOG_EVENTS[name]
    fields = {
        field: " ".join(draw.choices(WORDS, k=draw.randint(1, 12)))
        for field in (*event.fields, *event.optional)
    }
    return line(name, **fields) | {"station": "isr", "line": "isr-tur"}


def formatted(part: str, fields: dict[str, object]) -> str:
    """A part of a phrase; what is to be quoted for a shell is."""
    for name, value in fields.items():
        part = part.replace(f"{{{name}!q}}", shlex.quote(str(value)))
    return part.format(**fields)


def told(fields: dict[str, object]) -> str:
    """All that the phrase of a line says, without the spaces."""
    event = LOG_EVENTS[str(fields["event"])]
    every = (*event.phrase, event.command)
    parts = [re.sub(r"\|\w+", "", part) for part in every]  # the first of several is there
    names = {part: {name for _, name, _, _ in Formatter().parse(part) if name} for part in parts}
    text = "".join(formatted(part, fields) for part in parts if names[part] <= set(fields))
    return "".join(text.split())


@pytest.mark.parametrize("colours", [False, True])
@pytest.mark.parametrize("width", [60, 80, 99, 100, 140])
def test_every_event_fits_the_terminal_and_nothing_is_lost(width: int, *, colours: bool) -> None:
    """However long its facts are, only commands go over the end, and every word is there."""
    draw = random.Random(width)
    console = renderer(width, colours=colours)
    render(console, line("scenario.note", text="the day has begun"))
    for name in list(LOG_EVENTS) * 2:
        fields = filled(name, draw)
        printed = [ANSI.sub("", part) for part in render(console, fields)]
        broken = printed[:-1] if LOG_EVENTS[name].command else printed
        assert max(cell_len(part) for part in broken) <= width, fields
        words = "".join("".join(printed).split())
        assert words == f"12:00:0006:00:00isr{name}{told(fields)}"


def test_a_line_has_two_clocks_who_what_and_the_phrase() -> None:
    """In a scenario the wall's time comes first, then the scenario's, the station and the event."""
    console = renderer(140)
    fields = line("notice.sent", station="isr", message="ISR-021 rev 1", precedence="FLASH")
    fields |= {"category": "request", "to": "tur", "text": "strike 4 × F16 ISR21"}
    assert render(console, fields)[-1] == (
        "12:00:00 06:00:00 isr      notice.sent      "
        "ISR-021 rev 1 FLASH request to tur – strike 4 × F16 ISR21"
    )


@pytest.mark.parametrize(
    ("until", "shown"),
    [
        ("2026-01-12T14:00:00.000Z", "14:00"),
        ("2026-01-12T14:00:45.926Z", "14:00:45"),
        ("2026-01-13T02:30:00.000Z", "2026-01-13 02:30"),
        ("tomorrow", "tomorrow"),
    ],
)
def test_an_instant_is_a_time_of_day(until: str, shown: str) -> None:
    """The day is there when it is another one than the line's."""
    handover = line("handover.said", officer="Levi", until=until, station="isr")
    assert render(renderer(100), handover)[-1].endswith(f"Levi is on watch until {shown}")


def test_a_command_stands_in_a_line_of_its_own_to_be_copied() -> None:
    """The terminal may break it, so that a shell gets it in one piece; on a screen it is broken."""
    command = "hotline desk notify --remarks '" + "far " * 30 + "away'"
    cue = line("scenario.cue", text=command, station="tur")
    assert render(renderer(80), cue)[-1] == command
    desk = line("scenario.desk", state="/my journals/tur", station="tur")
    assert render(renderer(80), desk)[-1] == (
        "export HOTLINE_DESK='/my journals/tur'; hotline desk"
    )
    assert all(len(part.plain) <= 80 for part in renderer(80).lines(cue))


def test_what_is_told_late_begins_with_that() -> None:
    """Whatever it is, nobody takes it for news."""
    fields = line("voice.logged", station="tur", officer="Demir", spoke_with="Levi", text="ok")
    fields |= {"delayed": "15m", "sent_at": "2026-01-12T05:45:00.000Z"}
    assert render(renderer(140), fields)[-1].endswith(
        "voice.logged     DELAYED by 15m, sent 05:45: Demir spoke with Levi: ok"
    )


def test_on_a_live_line_there_is_one_clock() -> None:
    """Where the line's time is the wall's it is written once."""
    fields = line("link.up", station="isr")
    fields["wall"] = fields["at"]
    assert render(renderer(80), fields) == ["06:00:00 isr      link.up          connected"]


def test_a_part_without_its_fact_is_left_out() -> None:
    """What is not known is not told: neither a word too much, nor a hole."""
    fields = line("check.sent", station="isr", message="check isr/1", text="comm check")
    assert render(renderer(140), fields)[-1].endswith(" check isr/1 – comm check")
    fields["to"] = "tur"
    assert render(renderer(140), fields)[-1].endswith(" check isr/1 to tur – comm check")


def test_a_flag_without_a_message_is_named_by_its_subject() -> None:
    """A flag that is cleared names its message, and else the station or the record."""
    fields = line("flag.cleared", station="dog", rule="silent", subject="isr", reason="back")
    assert render(renderer(140), fields)[-1].endswith(" silent isr: back")
    fields |= {"subject": "isr/1", "message": "check isr/1"}
    assert render(renderer(140), fields)[-1].endswith(" silent check isr/1: back")


def test_a_rule_stands_before_each_new_day_of_the_scenario() -> None:
    """The date is told when it changes, and when a scenario begins; not before each line."""
    console = renderer(80)
    days = [("23:59:59", "2026-01-12"), ("23:59:59", "2026-01-12"), ("00:00:00", "2026-01-13")]
    printed = [render(console, line("scenario.note", at, day, text="…")) for at, day in days]
    assert [len(lines) for lines in printed] == [2, 1, 2]
    assert printed[0][0].startswith("── 2026-01-12 ──")
    assert printed[2][0].startswith("── 2026-01-13 ──")


def test_a_live_line_has_a_rule_from_its_second_day_on() -> None:
    """Who starts a station knows the date; who reads on after midnight is told."""
    console = renderer(80)
    today = line("link.up", station="isr")
    tomorrow = line("link.up", on="2026-01-13", station="isr")
    printed = [render(console, fields | {"wall": fields["at"]}) for fields in (today, tomorrow)]
    assert [len(lines) for lines in printed] == [1, 2]


@pytest.mark.parametrize(
    ("level", "style"),
    [
        ("WARNING", "\x1b[30;43m"),
        ("ALARM", "\x1b[1;37;41m"),
        ("VOICE_REQUIRED", "\x1b[1;37;45m"),
    ],
)
def test_a_flag_stands_out(level: str, style: str) -> None:
    """Each level of a flag has a coloured ground of its own, on a terminal with colours."""
    fields = line("flag.raised", station="watchdog", level=level, rule="unanswered", detail="…")
    printed = "".join(render(renderer(140, colours=True), fields))
    assert f"{style} {level} \x1b[0m" in printed
    assert f"▲  {level} " in "".join(render(renderer(140), fields))


@pytest.mark.parametrize(
    ("field", "value", "style"),
    [
        ("answer", "REJECT", "31"),
        ("answer", "ACCEPT", "32"),
        ("message", "TUR-014 rev 1", "1"),
    ],
)
def test_what_matters_in_a_phrase_is_coloured(field: str, value: str, style: str) -> None:
    """An answer is green or red, and what it is about bold."""
    fields = line("notice.answered", station="isr", message="…", answer="…") | {field: value}
    printed = "".join(render(renderer(140, colours=True), fields))
    assert f"\x1b[{style}m{value}\x1b[0m" in printed


def test_each_station_has_a_colour_of_its_own_and_keeps_it() -> None:
    """The stations of a line can be told apart by their colours."""
    console = renderer(80, colours=True)

    def colour(station: str) -> str:
        printed = "".join(render(console, line("link.up", station=station)))
        found = re.search(r"\x1b\[(\d+)m" + station, printed)
        assert found
        return found[1]

    first = [colour(station) for station in ("isr", "tur", "watchdog")]
    assert len(set(first)) == 3
    assert [colour(station) for station in ("isr", "tur", "watchdog")] == first


@pytest.mark.parametrize("severity", ["warning", "error", "critical"])
def test_what_is_loud_is_seen(severity: str) -> None:
    """The event of a warning or worse is coloured, that of an ordinary line is not."""
    console = renderer(80, colours=True)
    fields = line("link.down", station="isr", reason="gone")
    assert "\x1b[0m link.down " not in "".join(render(console, fields))
    printed = "".join(render(console, fields | {"severity": severity}))
    assert re.search(r"\x1b\[[0-9;]+mlink\.down", printed)


def test_what_others_wrote_cannot_move_the_cursor() -> None:
    """Control characters in a message are blanks on the terminal, and no word is lost by them."""
    text = "a\tb\x1b[2Jc\rd\ne\x07f\u202eg"
    assert plain(text) == "a b [2Jc d e f g"
    printed = render(renderer(80), line("scenario.note", text=text))
    assert printed[-1].endswith(" a b [2Jc d e f g")


def test_json_says_the_same_without_what_moves_a_cursor_or_turns_a_text_round() -> None:
    """JSON itself demands escapes only for the oldest of such characters."""
    said = ["Türkiye", "\x1b[31m", "\x9b31m", "\x7f", "\u202e", "\u2028", "\U000e0041", "\udcff"]
    text = plain_json(json.dumps(said, ensure_ascii=False, indent=1))
    assert json.loads(text) == said
    assert all(line.isprintable() for line in text.split("\n"))
    assert '"Türkiye"' in text


def test_of_several_lines_each_is_named() -> None:
    """Once there are two, the head says which one; what has no line leaves it free."""
    several = renderer(120)
    raised = line("link.up", line="north", station="watchdog", told_by="watchdog")
    assert "north" not in render(several, raised)[-1]
    assert render(several, raised | {"line": "south"})[-1].split()[2:4] == ["south", "watchdog"]
    assert render(several, raised)[-1].split()[2:5] == ["north", "watchdog", "link.up"]
    other = line("broker.stopped", broker="memory")
    del other["line"]
    head = render(several, other)[-1]
    assert head.index("broker.stopped") == render(several, raised)[-1].index("link.up")
