import random
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from hotline.files.mistakes import FileError
from sim import catalogue
from sim.scenario import loading
from tests.sim.plays import SMALL, write

FIVE_MISTAKES = (
    SMALL.replace("activity: survey", "activity: surveying")
    .replace("area: ridge", "area: rigde")
    .replace("at: 1m", "at: 1 minute")
    .replace("reads_in", "reads_inn")
    .replace("of: TUR-1", "of: TUR-2")
)


def mistakes(folder: Path, text: str) -> list[str]:
    """What loading says of a file, without the file's name."""
    with pytest.raises(FileError) as caught:
        loading.load(write(folder, text))
    assert all(mistake.file.endswith("small.yaml") for mistake in caught.value.mistakes)
    return [str(mistake).split("small.yaml:")[-1] for mistake in caught.value.mistakes]


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    """Each with its line, its field, and what was expected or meant."""
    assert mistakes(tmp_path, FIVE_MISTAKES) == [
        "14: officers.isr[0].reads_inn: is not a field here; did you mean 'reads_in'?",
        "16: events[0].at: expected a duration such as 90s, 5m30s or 2h, got '1 minute'",
        "21: events[0].notice.activity: got 'surveying'; did you mean 'survey'?",
        "24: events[0].notice.area: no area is called 'rigde'; did you mean 'ridge'?",
        "28: expect[0].of: no notice or station is called 'TUR-2'; did you mean 'TUR-1'?",
    ]


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("title: A small scenario\n", "", "1: title: is missing"),
        ("duration: 30m", "duration: 30", "8: duration: expected a duration with its unit"),
        ("who: tur", "who: fra", "no party is called 'fra'"),
        ("at: 1m", "at: 31m", "16: events[0].at: is after the scenario's end"),
        ("    who: tur\n", "", "expected `who` with everything except a note"),
        ("    who: tur\n", "    who: tur\n    check: hello\n", "expected exactly one of"),
        ("from: 20m", "from: 26m", "expected from to be before until"),
        ("[34.5, 37.6, 9000]", "[34.5, 37.6, -1]", "10: areas.ridge"),
        (
            "2026-01-12T06:00:00Z",
            "2026-01-12T06:00:00",
            "7: start: expected a time with its offset",
        ),
        ("10s..20s", "20s..10s", "expected a delay such as 40s or 20s..90s"),
        ("{isr: Israel, tur: Türkiye}", "{isr: Israel}", "6: parties: expected at least 2"),
        (
            "  - {answer: ACCEPT, of: TUR-1, within: 2m}",
            "  - {of: TUR-1}",
            "expected exactly one of",
        ),
        ("areas:", "areas: {}\nareas:", "is not YAML"),
        ("areas:", "areas: [", "is not YAML"),
    ],
)
def test_a_mistake_is_told_with_its_place(
    before: str, after: str, says: str, tmp_path: Path
) -> None:
    """The line, the field, and what was expected."""
    assert before in SMALL
    assert says in "\n".join(mistakes(tmp_path, SMALL.replace(before, after)))


@pytest.mark.parametrize(
    ("event", "says"),
    [
        ("{at: 2m, who: isr, revise: {id: TUR-1, from: 21m}}", "TUR-1 is tur's; only its author"),
        ("{at: 30s, who: tur, revise: {id: TUR-1, from: 21m}}", "comes before the notice TUR-1"),
        ("{at: 2m, who: tur, revise: {id: TUR-1, from: 26m}}", "expected from to be before until"),
        ("{at: 2m, who: tur, answer: {to: TUR-1, answer: ROGER}}", "TUR-1 is tur's own"),
        ("{at: 2m, who: tur, check: hello, every: 0s}", "expected `every` to be longer"),
        ("{at: 2m, who: tur, check: hello, every: 1ms}", "more than 100,000 times"),
        ("{at: 2m, who: tur, cancel: {id: TUR-9}}", "no notice is called 'TUR-9'"),
    ],
)
def test_an_event_must_follow_on_what_came_before(event: str, says: str, tmp_path: Path) -> None:
    """Who said it first, and when, is looked at for the whole file."""
    text = SMALL.replace("expect:", f"  - {event}\nexpect:")
    found = mistakes(tmp_path, text)
    assert len(found) == 1
    assert says in found[0]
    assert found[0].startswith("27:")


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    """One sentence, with the file's name."""
    with pytest.raises(FileError, match=r"none\.yaml: cannot be read: No such file"):
        loading.load(tmp_path / "none.yaml")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", ":1: expected a scenario: fields such as `title: …`"),
        (b"# nothing but a comment\n", ":1: expected a scenario: fields such as `title: …`"),
        (b"just a text", ":1: expected a scenario: fields such as `title: …`"),
        (b"- a\n- list\n", ":1: expected a scenario: fields such as `title: …`"),
        (b"\xff\xfe\x00", ":1: is not UTF-8 text"),
        (b"title: x\n\x07\n", ":2: is not YAML: the character '\\x07' is not allowed"),
        (b"title: A: b\n", ':1: is not YAML: a text with ": " in it needs quotes'),
        (
            b"title: x\nline: y\ntitle: z\n",
            ":3: is not YAML: the key 'title' is there twice, first on line 1",
        ),
        (b"title: 'x\n", ":1: is not YAML: the quote is not closed"),
        (
            b"{title: x}\n---\n{title: y}\n",
            ":2: is not YAML: a second document begins here; expected one in a file",
        ),
        (b"title: " + b"[" * 1_000, ":1: is nested too deeply"),
        (
            b"line: x\ntitle: !!int x\n",
            ":2: cannot be read as YAML; expected texts for keys, and no tags such as !!int",
        ),
    ],
)
def test_what_is_no_scenario_is_told_so(content: bytes, says: str, tmp_path: Path) -> None:
    """Whatever the bytes are, the answer is one sentence, with the line where there is one."""
    path = tmp_path / "bad.yaml"
    path.write_bytes(content)
    with pytest.raises(FileError) as caught:
        loading.load(path)
    assert str(caught.value) == f"{path}{says}"


def test_a_name_that_is_there_twice_is_one_mistake(tmp_path: Path) -> None:
    """Nothing else is made of such a line, and nothing else is said of it."""
    (mistake,) = mistakes(tmp_path, f"{SMALL}\nwatchdogs: [isr]\n")
    assert mistake.endswith("watchdogs[0]: isr is there twice; a watchdog needs a name of its own")


def test_a_folder_is_no_scenario(tmp_path: Path) -> None:
    """What cannot be read is told with the reason."""
    with pytest.raises(FileError, match="cannot be read: Is a directory"):
        loading.load(tmp_path)


def test_every_kind_of_mistake_is_found_at_once() -> None:
    """A file with a mistake in almost every line: all are told, on their lines, and no others."""
    path = Path(__file__).with_name("everything_wrong.yaml")
    expected = [
        f"{path}:{number}: {says}"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if " # !! " in line
        for says in line.split(" # !! ")[1].split(" && ")
    ]
    with pytest.raises(FileError) as caught:
        loading.load(path)
    assert sorted(str(caught.value).splitlines()) == sorted(expected)
    lines = [mistake.line for mistake in caught.value.mistakes]
    assert lines == sorted(lines)


def test_the_line_of_every_part_is_known() -> None:
    """Also of what stands in one line with its neighbours, or is not there at all."""
    loaded = loading.load(catalogue.find("strike-and-survey"))
    lines = loaded.path.read_text(encoding="utf-8").splitlines()
    assert "title:" in lines[loaded.line_of(("title",)) - 1]
    assert "absent" in lines[loaded.line_of(("officers", "isr", 0, "absent")) - 1]
    assert "1m30s" in lines[loaded.line_of(("officers", "isr", 0, "absent", 0, "from")) - 1]
    assert "{state: accepted" in lines[loaded.line_of(("expect", 8, "of")) - 1]
    assert "watchdogs" not in lines[loaded.line_of(("watchdogs", 0)) - 1]


PIECES = (
    *("", " ", "\n", "\t", "\x00", "é", ": ", "- ", "? ", "# ", "'", '"', "[", "]", "{", "}", ","),
    *("&a ", "*a ", "!!int ", "!!seq ", "!x ", "|", ">", "<<: ", "---\n", "...\n", "%YAML 1.1\n"),
    *("~", "1e400", ".nan", "0x", "2026-01-01", "1:30", "-5s", "99999999d"),
)


@pytest.mark.parametrize("seed", range(60))
def test_a_spoilt_text_is_a_scenario_or_mistakes(seed: int, tmp_path: Path) -> None:
    """Whatever characters are deleted, put in or moved, each mistake is one line with its place."""
    chance = random.Random(seed)
    text = chance.choice(catalogue.shipped()).read_text(encoding="utf-8")
    for _ in range(chance.randint(1, 4)):
        begin, elsewhere = chance.randrange(len(text)), chance.randrange(len(text))
        piece = chance.choice([*PIECES, text[elsewhere : elsewhere + chance.randint(1, 40)]])
        text = text[:begin] + piece + text[begin + chance.choice([0, 0, 1, 5, 20]) :]
    try:
        loading.load(write(tmp_path, text))
    except FileError as error:
        told = [str(mistake) for mistake in error.mistakes]
        assert told
        assert all(mistake.line > 0 for mistake in error.mistakes)  # noqa: PT017
        assert not any("\n" in each for each in told)


@pytest.mark.parametrize("seed", range(60))
def test_a_spoilt_scenario_is_a_scenario_or_mistakes(seed: int, tmp_path: Path) -> None:
    """Whatever is deleted, replaced or doubled, no other error ever comes out."""
    chance = random.Random(seed)
    written = YAML(typ="safe", pure=True).load(chance.choice(catalogue.shipped()).read_text())
    for _ in range(chance.randint(1, 4)):
        _spoil(written, chance)
    text = StringIO()
    YAML(typ="safe", pure=True).dump(written, text)
    try:
        loading.load(write(tmp_path, text.getvalue()))
    except FileError as error:
        assert all(mistake.line > 0 for mistake in error.mistakes)  # noqa: PT017 -- or none at all


def _spoil(node: Any, chance: random.Random) -> None:  # noqa: ANN401 -- whatever YAML holds
    """Change one random place of a scenario."""
    while True:
        keys = list(node) if isinstance(node, dict) else list(range(len(node)))
        key = chance.choice(keys)
        inside = node[key]
        if isinstance(inside, dict | list) and inside and chance.random() < 0.8:
            node = inside
            continue
        if chance.random() < 0.4:
            del node[key]
        else:
            node[key] = chance.choice([None, -1, 3.5, "", "5m", "nonsense", [], {}, [inside], True])
        return
