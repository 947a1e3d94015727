"""The verdict as a page to read and to pass on: what was played, its tables, and the story."""

import html
import io
import json
from collections.abc import Iterator

from rich.console import Console
from rich.terminal_theme import DEFAULT_TERMINAL_THEME

from hotline import tables
from hotline.bodies import Nonsense, Reply, Subject, Voice
from hotline.commands import display
from hotline.desk.screen.details import IN_THE_ENTRY, members
from hotline.logs.console import ConsoleRenderer, plain
from hotline.tables import Cell
from sim.stage.history import History
from sim.verdict import report
from sim.verdict.axis import as_svg
from sim.verdict.story import Story
from sim.verdict.verdict import Verdict

_WIDTH = 140  # characters; on a narrower screen one scrolls
_JOURNALS = "What the journals say, by their authors' clocks (UTC)"
_LOG = "The log, by the scenario's clock (UTC)"
_PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="UTF-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
html {{ background: {paper}; }}
body {{ color: {ink}; margin: 2em; font-family: system-ui, sans-serif; }}
h1, p {{ overflow-wrap: anywhere; }}
h1 {{ font-size: 1.4em; }}
h2 {{ font-size: 1.1em; break-after: avoid; }}
p {{ max-width: 60em; }}
pre {{
  font: 13px/1.35 ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; overflow-x: auto;
}}
svg {{ display: block; width: 100%; min-width: 900px; max-width: 1100px; font: 11px monospace; }}
figure {{ margin: 1em 0; overflow-x: auto; }}
@media (max-width: 60em) {{ body {{ margin: 1em; }} pre {{ font-size: 11px; }} }}
/* The colours are a terminal's on white: in the dark, turned round with their hues kept. */
@media screen and (prefers-color-scheme: dark) {{
  html {{ filter: invert(1) hue-rotate(180deg); }}
}}
/* Paper cannot be scrolled: a row of the full width fits A4 and Letter on their sides, and the
   levels of flags keep the colour behind them. */
@page {{ size: landscape; margin: 1cm; }}
@media print {{
  html {{ print-color-adjust: exact; -webkit-print-color-adjust: exact; }}
  body {{ margin: 0; }}
  p {{ font-size: 4mm; margin: 2mm 0; max-width: none; }}
  figure {{ break-inside: avoid; overflow: visible; }}
  svg {{ min-width: 0; }}
  pre {{ font-size: 3mm; overflow: visible; white-space: pre-wrap; }}
}}
</style>
</head>
<body>
<h1>{word}: {title}</h1>
<p><b>Teaches:</b> {teaches}</p>
<p><b>Background:</b> {background}</p>
<p><b>Source:</b> {source}</p>
<figure>{axis}</figure>
{tables}
</body>
</html>
"""


def as_page(verdict: Verdict, story: Story) -> str:
    """One HTML file that needs no other, with every row of every table."""
    theme, played = DEFAULT_TERMINAL_THEME, verdict.played.scenario
    return _PAGE.format(
        paper=theme.background_color.hex,
        ink=theme.foreground_color.hex,
        word=verdict.word.upper(),
        title=html.escape(plain(played.title)),
        teaches=html.escape(plain(played.teaches)),
        background=html.escape(plain(played.background)),
        source=html.escape(plain(played.source)),
        axis=as_svg(verdict),
        tables=_tables(verdict, story),
    )


def _tables(verdict: Verdict, story: Story) -> str:
    """All tables and the log, as they stand on a terminal."""
    console = Console(
        record=True,
        file=io.StringIO(),
        width=_WIDTH,
        highlight=False,
        _environ={},  # the page is the same, whichever terminal it is made on
    )
    report.show(verdict, console, most=None)
    console.print(_JOURNALS)
    history = verdict.history
    display.show(history.picture, console, history.ended_ms, history.name_of)
    tables.show(console, "What was said beyond that", list(_in_full(history)))
    console.print(_LOG)
    renderer = ConsoleRenderer(console)
    for line in story:
        for text in renderer.lines(line):
            console.print(text)
    # Styles that each word brings along are a quarter of a long page.
    styled = "<style>\n{stylesheet}\n</style>\n<pre>{code}</pre>"
    parts = console.export_html(theme=DEFAULT_TERMINAL_THEME, code_format=styled)
    for heading in map(html.escape, (_JOURNALS, _LOG)):
        parts = parts.replace(f"\n{heading}\n", f"\n</pre>\n<h2>{heading}</h2>\n<pre>", 1)
    return parts


def _in_full(history: History) -> Iterator[dict[str, Cell]]:
    """What each record says beyond the tables: areas, remarks, reasons, telephone calls."""
    parties = history.picture.line.parties
    records = [record for record in history.records if record.station in parties]
    for record in sorted(records, key=lambda record: (record.at_ms, record.ref)):
        message = history.picture.find(record.ref)
        name, known = history.name_of(Subject.of(record.ref)), IN_THE_ENTRY
        match record.body:
            case Nonsense():
                continue  # its reason is in a table, and its bytes may be anything
            case Reply() as reply:
                name = f"{reply.answer} to {history.name_of(Subject.of(reply.refers_to.ref))}"
                known = {"refers_to", "answer", "officer"}
            case Voice() as voice:
                about = voice.refers_to and history.name_of(Subject.of(voice.refers_to.ref))
                name, known = f"voice about {about}" if about else name, {"refers_to"}
        body = json.loads(record.raw)["body"]
        for label, said in members(body, message.text if message else "", known):
            yield {"record": str(record.ref), "message": name, "": label, "says": plain(said)}
