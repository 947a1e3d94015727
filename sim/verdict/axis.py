"""A run on a time axis: what waited and how late it got, who was silent, and what went wrong."""

import html
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from rich.color import Color
from rich.style import Style
from rich.terminal_theme import DEFAULT_TERMINAL_THEME

from hotline.bodies import Level, Ref, Rule
from hotline.counting import counted
from hotline.logs.console import LEVEL_STYLES
from hotline.picture.flagged import FlagEntry
from hotline.picture.message import Message
from hotline.times import (
    DAY_MS,
    HOUR_MS,
    MINUTE_MS,
    SECOND_MS,
    format_duration,
    format_instant,
    format_time_of_day,
)
from sim.stage.history import History
from sim.verdict.verdict import Verdict

_MOST = 28  # lanes: so many fit on one printed page, with what stands above them
_MARKS = {level: "▲" * number for number, level in enumerate(Level, 1)}
_LEGEND = (
    "Grey: it waited, or a fault lasted. In colour: after a deadline, the higher the worse ("
    + ", ".join(f"{mark} {level}" for level, mark in _MARKS.items())
    + ")."
)
_SAYS = "What waited, who was silent and what went wrong; the tables and the log say all of it"
_LATE = (Rule.UNANSWERED, Rule.UNDELIVERED)
_STEPS_MS = [
    *(step * SECOND_MS for step in (1, 2, 5, 10, 15, 30)),
    *(step * MINUTE_MS for step in (1, 2, 5, 10, 15, 30)),
    *(step * HOUR_MS for step in (1, 2, 3, 6, 12)),
    *(step * DAY_MS for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000)),
]
_TICKS, _DATED = 10, 7  # at most; that many with dates stand side by side

# In px: the names, the bars, what came of each; lanes; and bars, the higher the worse.
_NAMES, _WIDTH, _OUTCOMES, _LANE, _TOP = 215, 560, 325, 16, 46
_BAR, _HIGHER = 4, 3
_GAP = 12
_GREY, _THINNEST = "#777777", 2
_LETTER = 6.6  # how wide one is


@dataclass
class Lane:
    """One line of the axis: a bar for each span (epoch ms), and higher ones where a flag stood."""

    rank: tuple[int, int]
    """Faults, stations, flights, then what is about the channel itself; each by their times."""
    name: str
    outcome: str = ""
    spans: list[tuple[int, int]] = field(default_factory=list)
    late: list[tuple[Level, int, int]] = field(default_factory=list)

    @property
    def matters(self) -> tuple[int, int, int]:
        """A key by which to sort lanes: if there is not room for all, the last are left out."""
        is_fault = self.rank[0] == 0  # it matters as much as a WARNING
        worst = max((len(_MARKS[level]) for level, _, _ in self.late), default=int(is_fault))
        return (-worst, *self.rank)


def as_svg(verdict: Verdict) -> str:
    """The axis as a picture that needs no other file."""
    history = verdict.history
    causes, waits = [*_faults(verdict), *_stations(history)], list(_messages(history))
    lanes = sorted(_fitting(causes, waits), key=lambda lane: lane.rank)
    notes = [_LEGEND, *_left_out(len(causes) + len(waits) - len(lanes))]
    ends = _TOP + _LANE * len(lanes)
    scale = _Scale(history.started_ms, max(history.ended_ms, history.started_ms + 1))
    drawn = [
        *_ticks(scale, ends),
        *(part for row, lane in enumerate(lanes) for part in _lane(lane, scale, row)),
        *(_text(0, ends + _LANE * row, note) for row, note in enumerate(notes, 1)),
    ]
    size = f'viewBox="0 0 {_NAMES + _WIDTH + _OUTCOMES} {ends + _LANE * len(notes) + 6}"'
    return f'<svg {size} role="img" aria-label="{_SAYS}">{"".join(drawn)}</svg>'


def _fitting(causes: list[Lane], waits: list[Lane]) -> list[Lane]:
    """Those for which there is room: half of it is for what shows why the others waited."""
    causes.sort(key=lambda lane: lane.matters)
    first, others = causes[: _MOST // 2], [*causes[_MOST // 2 :], *waits]
    return [*first, *sorted(others, key=lambda lane: lane.matters)[: _MOST - len(first)]]


def _faults(verdict: Verdict) -> Iterator[Lane]:
    history = verdict.history
    for event in verdict.played.scenario.events:
        from_ms = history.started_ms + event.at_ms
        if (fault := event.fault) and from_ms < history.ended_ms:
            span = (from_ms, min(from_ms + fault.for_ms, history.ended_ms))
            outcome = f"for {format_duration(span[1] - from_ms)}"
            yield Lane((0, from_ms), fault.name, outcome, [span])


def _stations(history: History) -> Iterator[Lane]:
    """One for each rule that a station broke."""
    lanes: dict[str, Lane] = {}
    for entry in history.flags_seen:
        if entry.flag.subject.seq is None:
            name = f"{entry.flag.rule.replace('_', ' ')}: {entry.flag.subject}"
            lane = lanes.setdefault(name, Lane((1, entry.raised_ms), name))
            lane.late.append(_stood(entry, history.ended_ms))
    for lane in lanes.values():
        worst = max((level for level, _, _ in lane.late), key=_MARKS.__getitem__)
        lane.outcome = f"{_MARKS[worst]} {worst}"
        yield lane


def _messages(history: History) -> Iterator[Lane]:
    """One for each message, and for each other record that was not delivered in time."""
    flags: dict[Ref, list[FlagEntry]] = {}
    for entry in history.flags_seen:
        if entry.flag.rule in _LATE:
            flags.setdefault(entry.flag.subject.ref, []).append(entry)
    for message in map(history.timed, history.picture.in_order()):
        ends_ms, outcome = _end(message, history.ended_ms)
        rank = (3 if message.is_service else 2, message.at_ms)
        lane = Lane(rank, message.name, outcome, [(message.at_ms, ends_ms)])
        yield _flagged(lane, flags.pop(message.ref, []), history)
    for ref, entries in flags.items():
        said_ms = history.said_ms.get(ref, entries[0].flag.due)
        ends_ms = max(_stood(entry, history.ended_ms)[2] for entry in entries)
        name = history.name_of(entries[0].flag.subject)
        yield _flagged(Lane((3, said_ms), name, "", [(said_ms, ends_ms)]), entries, history)


def _end(message: Message, ended_ms: int) -> tuple[int, str]:
    """When a message waited no more, and why."""
    given, taken_back_ms = message.given, message.taken_back_ms
    if given and not message.waits and (taken_back_ms is None or given.at_ms <= taken_back_ms):
        how = "voice " if given.by_voice else ""
        return given.at_ms, f"{how}{given.answer} +{format_duration(given.at_ms - message.at_ms)}"
    if taken_back_ms is not None:
        return max(taken_back_ms, message.at_ms), message.standing
    return ended_ms, f"{given.answer}, still waits" if given else "still waits"


def _flagged(lane: Lane, entries: Sequence[FlagEntry], history: History) -> Lane:
    """The lane with the part after each deadline, up to the end of its wait."""
    ((from_ms, ends_ms),) = lane.spans
    says = [lane.outcome] if lane.outcome else []
    for entry in entries:
        level, due_ms, until_ms = _stood(entry, ends_ms)
        lane.late.append((level, due_ms, min(until_ms, ends_ms)))
    late = [late_ms for entry in entries if (late_ms := history.late_ms(entry)) is not None]
    if late:
        says.append(f"{format_duration(max(late))} late" if max(late) else "heard late")
    if any(entry.flag.rule is Rule.UNDELIVERED for entry in entries):
        received_ms = history.received_ms.get(entries[0].flag.subject.ref)
        after = None if received_ms is None else format_duration(received_ms - from_ms)
        says.append(f"delivered +{after}" if after else "not delivered")
    mark = max((_MARKS[level] for level, _, _ in lane.late), default="")
    lane.outcome = f"{mark} {', '.join(says)}".lstrip()
    return lane


def _stood(entry: FlagEntry, ended_ms: int) -> tuple[Level, int, int]:
    cleared_ms = ended_ms if entry.cleared_ms is None else entry.cleared_ms
    return entry.level, min(entry.flag.due, entry.raised_ms), cleared_ms


@dataclass(frozen=True)
class _Scale:
    from_ms: int
    until_ms: int

    def x(self, at_ms: int) -> float:
        """Where a time stands; what is outside stands at the edge."""
        at_ms = min(max(at_ms, self.from_ms), self.until_ms)
        return round(_NAMES + _WIDTH * (at_ms - self.from_ms) / (self.until_ms - self.from_ms), 1)

    @property
    def is_long(self) -> bool:
        """Whether a time of day alone says too little."""
        return self.until_ms - self.from_ms > DAY_MS

    def ticks(self) -> range:
        """Round times since the start, and not too many of them."""
        length_ms, most = self.until_ms - self.from_ms, _DATED if self.is_long else _TICKS
        fitting = (step for step in _STEPS_MS if length_ms <= step * most)
        step_ms = next(fitting, _STEPS_MS[-1])
        return range(self.from_ms, self.until_ms + 1, step_ms)


def _ticks(scale: _Scale, ends: int) -> Iterator[str]:
    yield _text(0, 14, "UTC")
    yield _text(0, 28, "since the start")
    for at_ms in scale.ticks():
        x = scale.x(at_ms)
        time = format_instant(at_ms)[5:16].replace("T", " ") if scale.is_long else _time(at_ms)
        yield _text(x, 14, time, 'text-anchor="middle"')
        since = format_duration(at_ms - scale.from_ms) if at_ms > scale.from_ms else "0"
        yield _text(x, 28, f"T+{since}", 'text-anchor="middle"')
        yield f'<path d="M{x} 34V{ends}" stroke="#bbbbbb"/>'


def _time(at_ms: int) -> str:
    return format_time_of_day(at_ms).removesuffix(":00")


def _lane(lane: Lane, scale: _Scale, row: int) -> Iterator[str]:
    middle = _TOP + _LANE * row
    yield _text(0, middle + 4, lane.name, _tight(lane.name, _NAMES - _GAP))
    yield _text(
        _NAMES + _WIDTH + _GAP, middle + 4, lane.outcome, _tight(lane.outcome, _OUTCOMES - _GAP)
    )
    bars = [(_BAR, _GREY, *span) for span in lane.spans]
    for level, from_ms, until_ms in sorted(lane.late, key=lambda each: len(_MARKS[each[0]])):
        bars.append((_BAR + _HIGHER * len(_MARKS[level]), _colour(level), from_ms, until_ms))
    for height, colour, from_ms, until_ms in bars:
        x = scale.x(from_ms)
        width = max(round(scale.x(until_ms) - x, 1), _THINNEST)
        place = f'x="{x}" y="{middle - height / 2}" width="{width}" height="{height}"'
        yield f'<rect {place} fill="{colour}"/>'


def _colour(level: Level) -> str:
    """That of the level in the log."""
    colour = Style.parse(LEVEL_STYLES[level]).bgcolor or Color.default()
    return colour.get_truecolor(DEFAULT_TERMINAL_THEME, foreground=False).hex


def _left_out(count: int) -> Iterator[str]:
    if count:
        order = "half is for faults and stations; the worst flags go first, then the earliest"
        lanes = counted(count, "lane")
        yield f"Left out for want of room: {lanes} ({order}). The tables and the log have all."


def _tight(text: str, room: int) -> str:
    """How a text is set that would be too long."""
    if len(text) * _LETTER <= room:
        return ""
    return f'textLength="{room}" lengthAdjust="spacingAndGlyphs"'


def _text(x: float, y: float, text: str, more: str = "") -> str:
    return f'<text x="{x}" y="{y}" {more}>{html.escape(text)}</text>'
