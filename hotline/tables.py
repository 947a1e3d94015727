"""Tables on a console of any width, which cut nothing: they wrap, leave out, or become lines."""

from collections.abc import Mapping, Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

Cell = str | Text
Rows = Sequence[Mapping[str, Cell]]

MESSAGE_WIDTH = len("TUR-001 rev 1")
"""How wide a column with the names of messages should be, where possible."""
_GAP = 2  # columns of the console between two of the table
_WORD = 24  # anything longer is not a word that a person reads, and may be broken


def show(
    console: Console,
    title: str,
    rows: Rows,
    *,
    spare: Sequence[str] = (),
    least: Mapping[str, int] | None = None,
) -> None:
    """Print rows, whose cells are named by their columns; print nothing if there are none.

    Args:
        console: where.
        title: what stands above.
        rows: what stands in it.
        spare: the columns to go without on a console that is too narrow for all, one by one.
        least: how wide some columns should be, where possible.
    """
    if not rows:
        return
    names = list(rows[0])
    fewer = [[n for n in names if n not in spare[:gone]] for gone in range(len(spare) + 1)]
    for columns, wide in (*((each, least or {}) for each in fewer), (fewer[-1], {})):
        if widths := _widths(columns, rows, console.width, wide):
            console.print(_table(title, columns, rows, widths))
            return
    # Not even one word of each column fits into a line.
    if title:
        console.print(Text(title, "italic"))
    for row in rows:
        console.print(Text("  ").join(_text(cell) for cell in row.values() if _text(cell)))


def _table(title: str, columns: list[str], rows: Rows, widths: list[int]) -> Table:
    table = Table(title=title or None, title_justify="left", box=None, pad_edge=False)
    table.header_style = "dim"
    for name, width in zip(columns, widths, strict=True):
        table.add_column(name, width=width, overflow="fold")
    for row in rows:
        table.add_row(*(_text(row[name]) for name in columns))
    return table


def _widths(columns: list[str], rows: Rows, room: int, least: Mapping[str, int]) -> list[int]:
    """How wide each column is, so that no word is broken; none when that is not possible."""
    wanted, widths = [], []
    for name in columns:
        texts = [name, *(_text(row[name]).plain for row in rows)]
        wanted.append(max(map(cell_len, texts)))
        longest = max(cell_len(word) for text in texts for word in text.split() or [""])
        widths.append(min(max(min(longest, _WORD), least.get(name, 0)), wanted[-1]))
    left = room - sum(widths) - _GAP * (len(columns) - 1)
    if left < 0:
        return []
    # Those that lack least get room first, so that most fit on one line.
    for index in sorted(range(len(columns)), key=lambda i: wanted[i] - widths[i]):
        more = min(wanted[index] - widths[index], left)
        widths[index] += more
        left -= more
    return widths


def _text(cell: Cell) -> Text:
    return Text(cell) if isinstance(cell, str) else cell
