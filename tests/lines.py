"""Log lines for the tests: kept instead of written, and checked against the registry."""

from collections.abc import Iterable, Mapping
from typing import Any

from hotline.logs.log_events import LOG_EVENTS
from hotline.logs.log_fields import ALWAYS, LATE

Line = dict[str, Any]


class Kept:
    """A log that keeps its lines."""

    def __init__(self) -> None:
        self.lines: list[Line] = []

    def __call__(self, severity: str, event: str, **fields: Any) -> None:
        """Keep one line."""
        self.lines.append({"severity": severity, "event": event, **fields})

    @property
    def events(self) -> list[str]:
        """The names of all events, in order."""
        return [line["event"] for line in self.lines]

    def last(self) -> Line:
        """The last line, which is then forgotten."""
        return self.lines.pop()


def misfits(lines: Iterable[Mapping[str, Any]]) -> list[str]:
    """What is wrong with some lines' fields, by what the registry declares for their events."""
    found = set()
    for line in lines:
        name = line["event"]
        if name not in LOG_EVENTS:
            found.add(f"{name} is not declared")
            continue
        event = LOG_EVENTS[name]
        may_be_late = LATE if "record" in event.fields else ()
        fields = set(line) - {*ALWAYS, *may_be_late}
        found |= {f"{name} lacks {field}" for field in set(event.fields) - fields}
        undeclared = fields - {*event.fields, *event.optional}
        found |= {f"{name} has {field}, which is not declared" for field in undeclared}
        found |= {f"{name} has {field} of None" for field in fields if line[field] is None}
    return sorted(found)
