"""From a scenario file to a `Scenario`, or to every mistake in it with its line and field."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError
from ruamel.yaml.comments import CommentedMap

from hotline.files import written
from hotline.files.mistakes import FileError, Mistake, Where, mistakes_in
from hotline.files.mistakes import path as path_of
from sim.scenario.references import names_in, out_of_order
from sim.scenario.rehearsal import rehearse
from sim.scenario.scenario import Scenario


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
    return _checked(written.read(path), path)


def parse(text: str, path: Path) -> Loaded:
    """Read the text of a scenario that is to stand in this file.

    Raises:
        FileError: with every mistake in the text.
    """
    return _checked(written.parse(text, str(path)), path)


def _checked(found: object, path: Path) -> Loaded:
    """What was read from a file as a scenario, with the line of each part."""
    if not isinstance(found, CommentedMap):
        says = "expected a scenario: fields such as `title: …`"
        raise FileError([Mistake(str(path), 1, "", says)])
    file = str(path)

    def line_of(where: Where) -> int:
        return written.line_of(found, where)

    def as_mistakes(wrong: Iterator[tuple[Where, str]]) -> list[Mistake]:
        return [Mistake(file, line_of(where), path_of(where), says) for where, says in wrong]

    mistakes = as_mistakes(out_of_order(found))
    try:
        scenario = Scenario.model_validate(found, context=names_in(found))
    except ValidationError as error:
        mistakes += mistakes_in(error, Scenario, lambda where: (file, line_of(where)))
    else:
        mistakes += as_mistakes(rehearse(scenario))
    if mistakes:
        raise FileError(mistakes)
    return Loaded(scenario, path, line_of)
