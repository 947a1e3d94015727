"""The verdict as a page to read and to pass on: its tables, all that was said, and the story."""

import html
import io

from rich.console import Console
from rich.terminal_theme import DEFAULT_TERMINAL_THEME

from hotline import display
from hotline.console import ConsoleRenderer
from sim import report
from sim.story import Story
from sim.verdict import Verdict

_WIDTH = 140  # characters; whoever reads it on less scrolls
_PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="UTF-8">
<title>TITLE</title>
<style>
body {{ color: {foreground}; background: {background}; margin: 2em; }}
pre {{ font: 13px/1.35 ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; }}
</style>
</head>
<body>
<pre>{code}</pre>
</body>
</html>
"""


def as_page(verdict: Verdict, story: Story) -> str:
    """One HTML file that needs no other, with every row of every table."""
    console = Console(
        record=True,
        file=io.StringIO(),
        width=_WIDTH,
        highlight=False,
        color_system="truecolor",
        force_terminal=True,
        _environ={},  # the page is the same whatever terminal it was made on
    )
    report.show(verdict, console, most=None)
    console.rule(style="dim")
    display.show(verdict.history.picture, console, verdict.history.ended_ms)
    console.rule(style="dim")
    renderer = ConsoleRenderer(console)
    for line in story:
        for text in renderer.lines(line):
            console.print(text)
    title = html.escape(verdict.title).replace("{", "{{").replace("}", "}}")
    return console.export_html(
        theme=DEFAULT_TERMINAL_THEME,
        code_format=_PAGE.replace("TITLE", title),
        inline_styles=True,
    )
