"""A journal and the processes that hold it: one at a time, and killed ones lose nothing."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hotline.bodies import Kind
from hotline.errors import LocalError
from hotline.journal.journal import Journal
from tests.helpers import LINE, Author, check

# Commits record after record and says so, until somebody kills it.
WRITER = """
import sys
from pathlib import Path
from hotline.bodies import Kind
from hotline.journal.journal import Journal
from tests.helpers import LINE, Author, check

journal = Journal.create(Path(sys.argv[1]), LINE, "isr")
author = Author("isr")
while True:
    journal.append([author.says(Kind.CHECK, check()) for _ in range(3)])
    print(len(author.journal), flush=True)
"""


# Opens a journal, says how that went, and holds it until its stdin ends.
HOLDER = """
import sys
from pathlib import Path
from hotline.errors import LocalError
from hotline.journal.journal import Journal
from tests.helpers import LINE

try:
    journal = Journal.create(Path(sys.argv[1]), LINE, "isr")
except LocalError as error:
    print(error, flush=True)
else:
    print("open", flush=True)
sys.stdin.read()
"""


ROOT = Path(__file__).parents[2]


@contextmanager
def child(program: str, directory: Path) -> Iterator[subprocess.Popen[str]]:
    """Run a program of ours beside us, and end it with the test."""
    process = subprocess.Popen(
        [sys.executable, "-c", program, str(directory)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def line_of(process: subprocess.Popen[str]) -> str:
    """The next line that a child says."""
    assert process.stdout
    return process.stdout.readline().strip()


def test_a_second_process_is_refused(directory: Path) -> None:
    """One journal has one writer: the other is told so, and stops before it did any harm."""
    journal = Journal.create(directory, LINE, "isr")
    with child(HOLDER, directory) as other:
        says = line_of(other)
        assert f"another process uses the state directory {directory}: stop it, or name" in says
    journal.append(Author("isr").notices(1))
    journal.close()


def test_a_journal_is_free_when_its_process_is_gone(directory: Path) -> None:
    """However it ended: no lock outlives its holder."""
    with child(HOLDER, directory) as other:
        assert line_of(other) == "open"
        with pytest.raises(LocalError, match="another process uses"):
            Journal.create(directory, LINE, "isr")
        other.kill()
        other.wait()
        Journal.create(directory, LINE, "isr").close()


def test_a_killed_process_loses_nothing_that_it_had_committed(directory: Path) -> None:
    """After SIGKILL in the midst of writing, every record that it told of is there, in order."""
    with child(WRITER, directory) as writer:
        told = 0
        while told < 60:
            told = int(line_of(writer))
        os.kill(writer.pid, signal.SIGKILL)
        while says := line_of(writer):
            told = int(says)
        assert writer.wait() == -signal.SIGKILL
    journal = Journal.create(directory, LINE, "isr")
    stored = list(journal.records())
    journal.close()
    expected = Author("isr")
    for _ in stored:
        expected.says(Kind.CHECK, check())
    assert stored == expected.journal
    assert told <= len(stored) <= told + 3
    assert len(stored) % 3 == 0, "a batch is whole or not there"
