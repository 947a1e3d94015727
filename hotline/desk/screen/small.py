"""What a window too small for a sheet shows: what is most urgent, and how large it must be."""

from rich.text import Text
from textual.geometry import Size

from hotline.desk.requests import Told
from hotline.desk.screen.entries import STYLES, how_far, in_order, text, time_left, urgency
from hotline.desk.screen.headline import flags
from hotline.logs.console import plain

LEAST = Size(40, 12)
"""Below this a sheet has no room for a message besides its head, a flag and some keys."""
_SHORT = 16  # rows; below this a sheet has fewer flags and keys, for messages to have room
_BESIDE = 5  # rows for all but messages: what is wrong, a flag, the counts, and the size in two


def is_too_small(size: Size) -> bool:
    """Whether no sheet fits a window."""
    return size.width < LEAST.width or size.height < LEAST.height


def is_short(size: Size) -> bool:
    """Whether a sheet fits only if it is brief."""
    return size.height < _SHORT


def in_brief(state: Told | None, gone: str | None, now_ms: int, size: Size) -> Text:
    """What is most urgent first, a line each, then how large the window must be.

    Args:
        state: what the station told last, if it has told any.
        gone: why there is no station now; None: it is there.
        now_ms: the line's time.
        size: of the window.
    """
    lines = [Text(f"NO STATION: {plain(gone)}", "bold")] if gone else []
    if state:
        waiting = in_order([*state["inbox"], *([] if state["inbox"] else state["sent"])], now_ms)
        if not state["on_line"] and not gone:
            lines.append(Text("OFF THE LINE", "bold"))
        lines += [_message(entry, now_ms) for entry in waiting[: max(size.height - _BESIDE, 1)]]
        if state["flags"]:
            lines += flags(state, now_ms, size.width, 1).split()[:1]
        counts = state["counts"]
        stand = "flag stands" if counts["flags"] == 1 else "flags stand"
        waiting_count = counts["inbox"] + counts["sent"]
        lines.append(Text(f"{waiting_count} unanswered, {counts['flags']} {stand}"))
    for line in lines:
        line.truncate(size.width, overflow="ellipsis")
    lines.append(Text(f"Too small: make it {LEAST.width}×{LEAST.height} or more", "bold yellow"))
    return Text("\n").join(lines)


def _message(entry: Told, now_ms: int) -> Text:
    how = f"{time_left(entry, now_ms)} {how_far(entry, now_ms)}"
    return Text.assemble(
        (plain(entry["message"]), "bold"),
        " ",
        (plain(how), STYLES[urgency(entry, now_ms)]),
        f" {plain(text(entry, now_ms))}",
    )
