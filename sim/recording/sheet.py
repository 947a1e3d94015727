"""A scenario as a file that a person reads: YAML with comments, short things on one line."""

import json
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

_WIDTH = 100


@dataclass
class Item:
    """One event or expectation, and the comments on it."""

    fields: dict[str, Any]
    comments: list[str] = field(default_factory=list)


@dataclass
class Sheet:
    """The contents of a scenario file, in its order.

    `remarks` stand at its top, `left_out` between the events and the expectations. Of `missing`
    records only comments tell; `changed` ones are not quite what was said, as comments tell.
    """

    remarks: Sequence[str]
    head: dict[str, Any]
    events: Sequence[Item]
    left_out: Sequence[str]
    expect: Sequence[Item]
    missing: int = 0
    changed: int = 0

    def as_yaml(self) -> str:
        """The file's text."""
        return "\n".join([*self._lines(), ""])

    def _lines(self) -> Iterator[str]:
        yield "# yaml-language-server: $schema=scenario.schema.json"
        yield "#"
        for remark in self.remarks:
            yield from _comment(remark)
        yield ""
        yield from self._head_lines()
        yield from ("", "events:")
        for item in self.events:
            yield from _item(item)
        yield ""
        for text in self.left_out:
            yield from _comment(text)
        yield "expect:"
        for item in self.expect:
            yield from _item(item)

    def _head_lines(self) -> Iterator[str]:
        for name, value in self.head.items():
            if name == "line":
                yield ""
            if name == "areas":
                yield from ("", "areas:")
                for area, shape in value.items():
                    yield from _field(area, shape, "  ")
            else:
                yield from _field(name, value, "")


def _comment(text: str, indent: str = "") -> Iterator[str]:
    printable = "".join(
        char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text
    )
    yield from textwrap.wrap(
        printable, _WIDTH, initial_indent=f"{indent}# ", subsequent_indent=f"{indent}# "
    )


def _item(item: Item) -> Iterator[str]:
    for comment in item.comments:
        yield from _comment(comment, "  ")
    line = f"  - {_flow(item.fields)}"
    if len(line) <= _WIDTH:
        yield line
        return
    lead = "  - "
    for name, value in item.fields.items():
        yield from _field(name, value, lead)
        lead = "    "


def _field(name: str, value: Any, lead: str) -> Iterator[str]:  # noqa: ANN401 -- what stands in a file
    """A field, on one line or folded beneath its name."""
    line = f"{lead}{name}: {value if name == 'start' else _flow(value)}"
    if len(line) <= _WIDTH:
        yield line
        return
    indent = " " * (len(lead) + 2)
    if not isinstance(value, dict):
        yield line  # a long text stays on one line: folded, it would change
        return
    yield f"{lead}{name}:"
    parts = [f"{key}: {_flow(part)}" for key, part in value.items()]
    line = indent + "{" + parts[0]
    for part in parts[1:]:
        if len(line) + len(part) + 3 > _WIDTH:
            yield line + ","
            line = f"{indent} {part}"
        else:
            line += f", {part}"
    yield line + "}"


def _flow(value: Any) -> str:  # noqa: ANN401 -- whatever YAML can say
    """A value on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {_flow(part)}" for name, part in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_flow, value)) + "]"
    if value is None:
        return "null"
    return _text(value) if isinstance(value, str) else repr(value)


@cache
def _text(text: str) -> str:
    """A text, without quotes if YAML reads it as that text wherever it may stand."""
    try:
        if YAML(typ="safe", pure=True).load(f"- {text}\n- [{text}]") == [text, [text]]:
            return text
    except (YAMLError, ValueError):
        pass
    quoted = json.dumps(text, ensure_ascii=False)  # YAML reads it, too
    return "".join(char if char.isprintable() else f"\\U{ord(char):08x}" for char in quoted)
