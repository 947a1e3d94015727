"""Mistakes in a file that a person wrote: where each is, what was expected, what to do."""

import difflib
import re
from collections.abc import Callable, Collection, Mapping, Sequence, Sized
from dataclasses import dataclass
from typing import get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from hotline.errors import LocalError
from hotline.notice import CALLSIGN_PATTERN, NOTICE_ID_PATTERN, TYPE_PATTERN
from hotline.topics import NAME_PATTERN

Where = tuple[int | str, ...]


class _Hidden:
    def __str__(self) -> str:
        return "…"


_HIDDEN = _Hidden()
_FEW = 24  # words to choose from

_WORDS = {  # where pydantic's own speak of Python
    "missing": "is missing",
    "string_type": "expected a text, got {given}{quotes}",
    "string_too_short": "expected a text that is not empty, got {given}",
    "string_too_long": "expected a text of at most {max_length} characters, got {given}",
    "string_unicode": "expected a text, got half a character (one \\u of a pair)",
    "bool_type": "expected true or false, got {given}",
    "bool_parsing": "expected true or false, got {given}",
    "int_type": "expected a whole number, got {given}",
    "int_parsing": "expected a whole number, got {given}",
    "int_from_float": "expected a whole number, got {given}",
    "float_type": "expected a number, got {given}",
    "float_parsing": "expected a number, got {given}",
    "tuple_type": "expected a list, got {given}",
    "dict_type": "expected named fields, got {given}",
    "model_type": "expected named fields, got {given}",
    "too_short": "expected at least {min_length} of them, found {found}",
    "too_long": "expected at most {max_length} of them, found {found}",
    "invalid_key": "expected texts as keys, got {given}{quotes}",
}

_FORMS = {  # patterns in words
    NAME_PATTERN: (
        "lower-case letters, digits, - and _, at most 32, with a letter or digit at both ends"
    ),
    NOTICE_ID_PATTERN: "letters, digits, - and _, at most 32, with a letter or digit first",
    CALLSIGN_PATTERN: "2 to 7 capital letters and digits, such as TUR014",
    TYPE_PATTERN: "an ICAO designator of 2 to 4 capital letters and digits, such as C30J",
}


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """One mistake: `file:line: field: what was expected`. Line 0: not known."""

    file: str
    line: int
    field: str
    says: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.field}: {self.says}" if self.field else f"{place}: {self.says}"


def not_utf8(file: str, error: UnicodeDecodeError) -> Mistake:
    """A file that could not be decoded, with the line where that is seen."""
    line = error.object.count(b"\n", 0, error.start) + 1
    return Mistake(file, line, "", "is not UTF-8 text")


class FileError(LocalError):
    """A file that cannot be used, with every mistake that was found in it."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        self.mistakes = sorted(mistakes)
        super().__init__("\n".join(str(mistake) for mistake in self.mistakes))


def mistakes_in(
    error: ValidationError,
    model: type[BaseModel],
    place_of: Callable[[Where], tuple[str, int]],
    *,
    secret: Collection[str] = (),
) -> list[Mistake]:
    """Every mistake that validation found, in words for the person who wrote the file.

    `place_of` knows the file and the line of a field (or of the nearest thing around it that is
    there). Values given for the fields in `secret`, and within them, are not shown.
    """
    mistakes = []
    for detail in error.errors(include_url=False):
        if detail["type"] == "too_short" and len(detail["input"]) >= detail["ctx"]["min_length"]:
            continue  # pydantic counts only the items that are right
        if detail["loc"][-1:] == ("[key]",) and detail["type"] == "string_type":
            detail["type"], detail["loc"] = "invalid_key", detail["loc"][:-1]
        where = tuple(part for part in detail["loc"] if part != "[key]")  # pydantic's own
        if where and where[0] in secret:
            detail["input"] = _HIDDEN
        # A key that is not text does not belong in a path as people write it.
        field = path(where[:-1] if detail["type"] == "invalid_key" else where)
        mistakes.append(Mistake(*place_of(where), field, _says(detail, model)))
    return mistakes


def path(where: Where) -> str:
    """A field's place as people write it: `events[3].notice.precedence`."""
    text = ""
    for part in where:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            text += f".{part}" if text else part
    return text


def by_place(field: str, said: Mapping[str, str]) -> str:
    """The text for the longest place around a field that has one; empty when none has."""
    fitting = [place for place in said if field.startswith(place)]
    return said[max(fitting, key=len)] if fitting else ""


def did_you_mean(word: str, known: Sequence[str]) -> str:
    """A hint for a misspelt word, or the words to choose from, if many only the first."""
    folded = {each.casefold(): each for each in known}
    near = difflib.get_close_matches(word.casefold(), folded, n=1)
    if near:
        return f"did you mean {folded[near[0]]!r}?"
    more = f" and {len(known) - _FEW} more" if len(known) > _FEW else ""
    return f"expected one of {', '.join(known[:_FEW])}{more}"


def _says(detail: ErrorDetails, model: type[BaseModel]) -> str:
    kind, given, context = detail["type"], detail["input"], detail.get("ctx", {})
    field = str(detail["loc"][-1]) if detail["loc"] else ""
    if kind in _WORDS:
        found = len(given) if isinstance(given, Sized) else 0
        quotes = "; put it in quotes" if isinstance(given, int | float) else ""
        says = _WORDS[kind].format(**context, found=found, given=_short(given), quotes=quotes)
        fields = _fields_of(_model_at(model, detail["loc"])) if kind == "model_type" else ()
        return f"{says}; they are {', '.join(fields)}" if fields else says
    if kind == "extra_forbidden":
        # Between { and } of YAML, what follows on a comma is a field without a value.
        rest = " (if it belongs to a text with a comma, that needs quotes)" if given is None else ""
        return f"is not a field here{rest}; {_another(field, model, detail['loc'])}"
    if kind == "value_error":
        return str(context["error"]).replace(f"got {given!r}", f"got {_short(given)}")
    if kind in ("enum", "literal_error"):
        words = [word.strip("'") for word in re.split(r", | or ", str(context["expected"]))]
        return f"got {_short(given)}; {did_you_mean(str(given), words)}"
    if kind == "string_pattern_mismatch":
        pattern = context["pattern"]
        return f"got {_short(given)}; expected {_FORMS.get(pattern, f'text of the form {pattern}')}"
    message = detail["msg"]
    message = message.replace("Input should be", "expected").replace("Value should", "expected to")
    return f"{message[0].lower()}{message[1:]}, got {_short(given)}"


def _short(given: object) -> str:
    text = "nothing" if given is None else _written(given)
    return text if len(text) <= 60 else f"{text[:57]}…"  # noqa: PLR2004 -- fits a line


def _written(given: object) -> str:
    """A value as a YAML or TOML file has it; a text stands between quotes."""
    match given:
        case None:
            return "null"
        case bool():
            return str(given).lower()
        case str():
            return repr(given)
        case Mapping():
            pairs = (f"{key}: {_written(value)}" for key, value in given.items())
            return f"{{{', '.join(pairs)}}}"
        case list() | tuple():
            return f"[{', '.join(map(_written, given))}]"
        case _:
            return str(given)


def _another(word: str, model: type[BaseModel], where: Where) -> str:
    """What may stand where an unknown field stood."""
    around = (_fields_of(_model_at(model, where[:depth])) for depth in range(len(where) - 1))
    here = _fields_of(_model_at(model, where[:-1]))
    if any(word in fields for fields in around):  # it is spelt well, and belongs further out
        return f"expected one of {', '.join(here)}"
    return did_you_mean(word, here)


def _model_at(model: type[BaseModel], where: Where) -> type[BaseModel]:
    """The model of what stands, or should stand, at a place."""
    for part in where:
        if isinstance(part, str) and (field := _field(model, part)) is not None:
            model = _model_in(field.annotation) or model
    return model


def _fields_of(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def _field(model: type[BaseModel], written: str) -> FieldInfo | None:
    for name, field in model.model_fields.items():
        if written in (name, field.alias):
            return field
    return None


def _model_in(annotation: object) -> type[BaseModel] | None:
    """The model inside `list[Model]`, `Model | None` or `dict[str, Model]`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_model_in, get_args(annotation))), None)
