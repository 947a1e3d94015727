"""Why a text is not YAML, in words for the person who wrote it.

The parser says only what it expected next; what the author meant shows in the text. Its words are
the same for a colon within a title and for a field that is indented wrongly.
"""

import re

from ruamel.yaml.error import MarkedYAMLError, StringMark

_COLON = 'a text with ": " in it needs quotes'
_INDENTED = "the line is not indented like its neighbours"
_AFTER_A_QUOTE = 'the text goes on after its closing quote; with \' in it, put it between " and "'
_BRACKETS = "between { and }, or [ and ], a text with any of , [ ] { } needs quotes"

# As Word and web pages have it; YAML takes it for text, and trips only further down.
_NO_BREAK_SPACE = re.compile(r"^ *[\xa0\u202f]", re.MULTILINE)

_MEANT = {  # what the parser says, where that alone is clear
    r"found character '\\t'": "a tab where a line or a word begins; use spaces there",
    r"found character '(.)' that cannot start": r"a text that begins with \1 needs quotes",
    r"found undefined alias '(.*)'": (
        r"nothing is called &\1; a text that begins with * needs quotes"
    ),
    r"undefined tag": "a text that begins with ! needs quotes",
    r"scanning an alias": "a text that begins with * needs quotes",
    r"scanning an anchor": "a text that begins with & needs quotes",
    r"scanning a block scalar": "a text that begins with > or | needs quotes",
    r"expected the node content, but found '(.)'": r"a text that begins with \1 needs quotes",
    r"sequence entries are not allowed": (
        'a list begins on a line of its own; a text that begins with "- " needs quotes'
    ),
    r"mapping keys are not allowed": 'a text that begins with "? " needs quotes',
    r"unknown escape character '(.)'": r'between " and " write a \\ as \\\\',
    r"expected a single document": "a second document begins here; expected one in a file",
    r"could not find expected ':'": "expected a field, such as `title: …`",
    r"quoted scalar.*unexpected end": "the quote is not closed",
}


def why(error: MarkedYAMLError) -> tuple[int, str]:
    """On which line the mistake is (0: not known), and what was meant."""
    context, problem = error.context or "", error.problem or ""
    here, begun = error.problem_mark, error.context_mark
    if here is None:
        return 0, _plain(problem or context)
    if odd := _NO_BREAK_SPACE.search(here.buffer, 0, here.pointer + 1):
        line = here.buffer.count("\n", 0, odd.start()) + 1
        return line, "a no-break space where a line begins; use spaces there"
    for pattern, meant in _MEANT.items():
        if match := re.search(pattern, f"{context}, {problem}"):
            is_earlier = begun and ("simple key" in context or "quoted scalar" in context)
            return (begun if is_earlier else here).line + 1, match.expand(meant)
    before = here.buffer[: here.pointer].rpartition("\n")[2]
    if "mapping values are not allowed" in problem:
        says = _COLON if ": " in before else f"{_INDENTED}, or the one before lacks its `: `"
    elif begun and "flow" in context:
        says = _in_brackets(before, begun, here, problem)
    elif "expected <block end>" in problem:
        says = _in_a_block(before, here, problem)
    else:
        says = _plain(problem or context)
    return here.line + 1, says


def _in_brackets(before: str, begun: StringMark, here: StringMark, problem: str) -> str:
    """What is wrong between { and }, or [ and ]."""
    if says := _comma_missing(begun, here, problem):
        return says
    inside = before[begun.column :] if begun.line == here.line else before
    if "got ':'" in problem and ": " in inside:
        return _COLON
    if says := _after_a_quote(here):
        return says
    if begun.line != here.line or "<stream end>" in problem:
        # At the end of a file it points behind the bracket.
        upto = begun.buffer[: begun.pointer + 1]
        at = max(upto.rfind("["), upto.rfind("{"))
        line = upto.count("\n", 0, at) + 1
        return f"the {upto[at]} on line {line} is not closed"
    return _BRACKETS


def _comma_missing(begun: StringMark, here: StringMark, problem: str) -> str | None:
    """What to say if a field is where a comma should be; None if it is not."""
    inside = begun.buffer[begun.pointer : here.pointer]
    # It points at the colon after the field if the text before would go on, else at the field.
    at_colon = "got ':'" in problem
    field = re.search(r"[\w-]+$", inside) if at_colon else None
    before = inside[: field.start()] if field else inside
    name = field or re.match(r"([\w-]+)(?=:\s)", here.buffer[here.pointer :])
    if not name or before.rstrip().endswith((",", "{", "[", ":")):
        return None
    spaces = before[len(before.rstrip()) :]
    if "\n" not in spaces:
        says = f"a comma is missing before {name[0]}"
        return f"{says}, or {_COLON}" if at_colon else says
    line = begun.buffer[: begun.pointer].rpartition("\n")[2]
    if len(spaces.rpartition("\n")[2]) <= len(line) - len(line.lstrip()):
        return None  # the field is outside: what is missing is the bracket
    last = begun.line + before.rstrip().count("\n") + 1
    return f"a comma is missing at the end of line {last}"


def _after_a_quote(here: StringMark) -> str | None:
    """What to say if the text goes on after a quote that closed; None if it does not."""
    before = here.buffer[: here.pointer].rstrip(" ")
    if not before.endswith(("'", '"')):
        return None
    opened = before.rfind(before[-1], 0, -1)
    if "\n" in before[opened:]:  # what closed it was to open the next one
        line = before.count("\n", 0, opened) + 1
        return f"the quote on line {line} is not closed there"
    return _AFTER_A_QUOTE


def _in_a_block(before: str, here: StringMark, problem: str) -> str:
    """What is wrong with a line that neither continues the block above it nor ends it."""
    if re.match(r"-[^ \n-]", here.buffer[here.pointer :][:2]):
        return "a - needs a space after it"
    if says := _after_a_quote(here):
        return says
    return _plain(problem) if before.strip() else _INDENTED


def _plain(problem: str) -> str:
    return problem.splitlines()[0]
