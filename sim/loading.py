"""From a scenario file to a `Scenario`, or to every mistake in it with its line and field."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedBase, CommentedMap, CommentedSeq
from ruamel.yaml.constructor import RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.reader import ReaderError

from hotline.mistakes import FileError, Mistake, Where, mistakes_in
from hotline.mistakes import path as path_of
from sim.references import names_in, out_of_order
from sim.scenario import Scenario
from sim.script import rehearse


@dataclass(frozen=True)
class Loaded:
    """A scenario and the file that it came from."""

    scenario: Scenario
    path: Path
    line_of: Callable[[Where], int]

    @property
    def name(self) -> str:
        """The file's name without its ending: what people call the scenario."""
        return self.path.stem


def load(path: Path) -> Loaded:
    """Read a scenario file.

    Raises:
        FileError: with every mistake in the file.
    """
    written = _read(path)
    file = str(path)

    def line_of(where: Where) -> int:
        return _line_of(written, where)

    mistakes = [
        Mistake(file, line_of(where), path_of(where), says) for where, says in out_of_order(written)
    ]
    try:
        scenario = Scenario.model_validate(written, context=names_in(written))
    except ValidationError as error:
        mistakes += mistakes_in(error, Scenario, lambda where: (file, line_of(where)))
    else:
        mistakes += [
            Mistake(file, line_of(where), path_of(where), says)
            for where, says in rehearse(scenario)
        ]
    if mistakes:
        raise FileError(mistakes)
    return Loaded(scenario, path, line_of)


def _read(path: Path) -> CommentedMap:
    """What stands in a file, with the line of each part."""
    file = str(path)
    try:
        text = path.read_text(encoding="utf-8")
        written = _yaml().load(text)
    except OSError as error:
        raise FileError([Mistake(file, 0, "", f"cannot be read: {error.strerror}")]) from None
    except UnicodeDecodeError:
        raise FileError([Mistake(file, 0, "", "is not UTF-8 text")]) from None
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise FileError([Mistake(file, line, "", f"is not YAML: {_problem(error)}")]) from None
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        says = f"is not YAML: the character {chr(error.character)!r} is not allowed"
        raise FileError([Mistake(file, line, "", says)]) from None
    except RecursionError:
        raise FileError([Mistake(file, 1, "", "is nested too deeply")]) from None
    except (YAMLError, ValueError, TypeError, LookupError, AttributeError):
        # The parser trips over tags that do not fit, and over keys that are no text.
        says = "cannot be read as YAML; expected texts for keys, and no tags such as !!int"
        raise FileError([Mistake(file, _line_of_a_tag(text), "", says)]) from None
    if not isinstance(written, CommentedMap):
        raise FileError([Mistake(file, 1, "", "expected a scenario: fields such as `title: …`")])
    return written


class _Constructor(RoundTripConstructor):
    """Leaves times as they are written; the model reads them, offset and all."""


_Constructor.add_constructor("tag:yaml.org,2002:timestamp", lambda _, node: node.value)


def _yaml() -> YAML:
    yaml = YAML(typ="rt")
    yaml.Constructor = _Constructor
    return yaml


def _problem(error: MarkedYAMLError) -> str:
    """What a parser found, in one line."""
    context, problem = error.context or "", error.problem or ""
    found = f"{context}, {problem}" if context and problem.startswith("but ") else problem
    return (found or context).splitlines()[0]


def _line_of_a_tag(text: str) -> int:
    tags = (event for event in _yaml().parse(text) if getattr(event, "tag", None))
    return next((event.start_mark.line + 1 for event in tags), 1)


def _line_of(written: CommentedBase, where: Where) -> int:
    """The line of a field, or of the nearest thing around it that is there."""
    line = written.lc.line
    node: Any = written
    for part in where:
        try:
            if isinstance(node, CommentedMap):
                line = node.lc.key(part)[0]
            elif isinstance(node, CommentedSeq):
                line = node.lc.item(part)[0]
            node = node[part]
        except (KeyError, IndexError, TypeError):
            break
    return int(line) + 1
