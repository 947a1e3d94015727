"""What a person wrote into a YAML file (JSON is YAML too), with the line of each part."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedBase, CommentedMap, CommentedSeq
from ruamel.yaml.constructor import ConstructorError, DuplicateKeyError, RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import CollectionNode, MappingNode, Node
from ruamel.yaml.reader import ReaderError

from hotline.files.mistakes import FileError, Mistake, Where, not_utf8
from hotline.files.unreadable import why

_MORE = 100_000  # parts that aliases may add to a text, beyond one for each of its characters


def read(path: Path) -> Any:  # noqa: ANN401 -- whatever stands in it
    """Read a file.

    Raises:
        FileError: it cannot be read, or is not YAML.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise FileError([Mistake(str(path), 0, "", f"cannot be read: {error.strerror}")]) from None
    except UnicodeDecodeError as error:
        raise FileError([not_utf8(str(path), error)]) from None
    return parse(text, str(path))


def parse(text: str, file: str) -> Any:  # noqa: ANN401 -- whatever is written there
    """Read a text that stands in `file`.

    Raises:
        FileError: it is not YAML.
    """
    try:
        found = _yaml().load(text)
        size = _size(found, {})
    except MarkedYAMLError as error:
        line, says = why(error)
        if isinstance(error, DuplicateKeyError):
            says = _twice(text, error)
        raise FileError([Mistake(file, line, "", f"is not YAML: {says}")]) from None
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        says = f"is not YAML: the character {chr(error.character)!r} is not allowed"
        raise FileError([Mistake(file, line, "", says)]) from None
    except RecursionError:
        raise FileError([Mistake(file, 1, "", "is nested too deeply")]) from None
    except (YAMLError, ValueError, TypeError, LookupError, AttributeError):
        # The parser trips over tags that do not fit, and over keys that are not text.
        says = "cannot be read as YAML; expected texts for keys, and no tags such as !!int"
        raise FileError([Mistake(file, _line_of_a_tag(text), "", says)]) from None
    if size > len(text) + _MORE:
        says = "its aliases (such as *name) expand it to far more than is written"
        raise FileError([Mistake(file, 1, "", says)])
    return found


def line_of(written: CommentedBase, where: Where) -> int:
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


def _size(node: Any, sizes: dict[int, int]) -> int:  # noqa: ANN401 -- what a file has
    """How many parts there are if each alias counts as all that it stands for.

    Looking at them all, if only to quote them in a mistake, takes that long.
    """
    if not isinstance(node, CommentedMap | CommentedSeq):
        return 1
    if id(node) not in sizes:
        parts = node.values() if isinstance(node, CommentedMap) else node
        sizes[id(node)] = 1 + sum(_size(part, sizes) for part in parts)
    return sizes[id(node)]


class _Constructor(RoundTripConstructor):
    """Leaves times as written, for the model to read, and refuses tags that it does not know."""

    def refuse(self, node: Node) -> None:
        raise ConstructorError(None, None, f"undefined tag {node.tag}", node.start_mark)


_Constructor.add_constructor("tag:yaml.org,2002:timestamp", lambda _, node: node.value)
_Constructor.add_constructor(None, _Constructor.refuse)


def _yaml() -> YAML:
    yaml = YAML(typ="rt")
    yaml.Constructor = _Constructor
    yaml.composer.warn_double_anchors = False  # YAML lets a name be given again
    return yaml


def _twice(text: str, error: DuplicateKeyError) -> str:
    """Which key is there a second time, and where it is first."""
    second = error.problem_mark.index
    for keys in _keys(_yaml().compose(text)):
        for name in (key.value for key in keys if key.start_mark.index == second):
            first = next(key for key in keys if key.value == name)
            return f"the key {name!r} is there twice, first on line {first.start_mark.line + 1}"
    return str(error.problem).splitlines()[0]


def _keys(document: Node) -> Iterator[list[Node]]:
    """The keys of each mapping in a document, where a part may contain itself."""
    waiting, seen = [document], set()
    while waiting:
        node = waiting.pop()
        if id(node) in seen or not isinstance(node, CollectionNode):
            continue
        seen.add(id(node))
        if isinstance(node, MappingNode):
            yield [key for key, _ in node.value]
            waiting += [part for pair in node.value for part in pair]
        else:
            waiting += node.value


def _line_of_a_tag(text: str) -> int:
    tags = (event for event in _yaml().parse(text) if getattr(event, "tag", None))
    return next((event.start_mark.line + 1 for event in tags), 1)
