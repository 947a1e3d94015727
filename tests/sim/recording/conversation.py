"""A conversation on a line that tests record, from disk or as it is heard."""

from pathlib import Path

from hotline.bodies import Answer, Flag, Kind, Level, Rule, Subject
from hotline.config.config import LineConfig
from tests.helpers import T0, Author, check, reply

CONFIG = LineConfig.model_validate(
    {
        "line": "isr-tur",
        "parties": {"isr": {"display": "Israel"}, "tur": {"display": "Türkiye"}},
        "watchdogs": ["dog"],
        "timers": {"receipt": "9s"},
    }
)


def conversation() -> tuple[Author, Author, Author]:
    """Two parties and a watchdog who have said something."""
    isr, tur, dog = Author("isr"), Author("tur"), Author("dog")
    tur.says(Kind.CHECK, check(), T0 + 5_000)
    isr.says(Kind.REPLY, reply("tur", 1, Answer.ROGER), T0 + 65_000)
    about = Subject(station="tur", seq=1)
    flag = Flag(rule=Rule.INVALID, subject=about, level=Level.WARNING, due=T0, detail="x")
    dog.says(Kind.FLAG, flag, T0 + 66_000)
    return isr, tur, dog


def ndjson(path: Path, *authors: Author) -> Path:
    """What `hotline journal export` writes."""
    lines = [record.raw for author in authors for record in author.journal]
    path.write_bytes(b"\n".join([*lines, b""]))
    return path
