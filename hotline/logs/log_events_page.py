"""The documentation page of the log stream.

`docs/log-events.md` is what `python -m hotline.logs.log_events_page` writes.
"""

from collections.abc import Iterable

from hotline.logs.log_events import LOG_EVENTS
from hotline.logs.log_fields import ALWAYS, FIELDS, LATE

_COMMAND = "python -m hotline.logs.log_events_page > docs/log-events.md"


def page() -> str:
    """The documentation page of the log stream, in Markdown."""
    lines = [
        "# The log stream",
        "",
        "On a terminal the log is a coloured story; piped, it is one JSON object a line (or say",
        "`--log-format console|json`). Both tell the same events. Logs go to stderr; what",
        "`hotline tail` tells goes to stdout.",
        "",
        f"<!-- Written by `{_COMMAND}`; a test compares. -->",
        "",
        "## Events",
        "",
        f"Every line has {_named(ALWAYS)}. What is told of a record late",
        "([when that is](decisions.md#delayed-is-what-the-receiver-sees)) also has",
        f"{_named(LATE)}. Fields in *italics* are there when there is something to say.",
        "",
        "The receipt of a message (`….delivered`) is told by the station that said it, once, also",
        "after a restart; one that is killed within a second of a receipt tells it once more.",
        "",
        "| event | means | fields |",
        "|---|---|---|",
    ]
    for name, event in LOG_EVENTS.items():
        fields = [f"`{field}`" for field in event.fields]
        fields += [f"*`{field}`*" for field in event.optional]
        lines.append(f"| `{name}` | {event.means} | {' '.join(fields)} |")
    lines += ["", "## Fields", "", "| field | means |", "|---|---|"]
    lines += [f"| `{name}` | {means} |" for name, means in FIELDS.items()]
    return "\n".join(lines) + "\n"


def _named(fields: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in fields)


if __name__ == "__main__":
    print(page(), end="")  # noqa: T201 -- the page is what the command is for
