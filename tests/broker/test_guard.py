import contextlib
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers import PATIENCE_S

SAY_PID = "echo $$ > pid; echo ready"
IGNORE_SIGTERM = "trap '' TERM"


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """Make what the guard is to delete, with something in it."""
    path = tmp_path / "guarded"
    (path / "sub").mkdir(parents=True)
    (path / "sub" / "file").write_text("x")
    return path


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a directory of the test's own."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def started() -> Iterator[contextlib.ExitStack]:
    """Collect the processes of a test, which end with it whatever happens."""
    with contextlib.ExitStack() as processes:
        yield processes


def guard(*arguments: str | Path) -> list[str]:
    """Make the command line of a guard."""
    return [sys.executable, "-m", "hotline.broker.guard", *map(str, arguments)]


def start(processes: contextlib.ExitStack, directory: Path, script: str) -> subprocess.Popen[str]:
    """Start a guarded shell script and wait for its first line of output."""
    process = processes.enter_context(
        subprocess.Popen(
            guard(directory, "--", "sh", "-c", script),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
    )
    processes.callback(process.terminate)  # a guard killed outright would leave its command
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def alive(pid: int) -> bool:
    """Tell whether there is such a process."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("ending", "code"),
    [("exit 0", 0), ("exit 7", 7), ("kill -9 $$", 137), ("rm -r guarded; exit 7", 7)],
)
def test_exit_code_of_the_command_is_passed_on_at_once(
    directory: Path, started: contextlib.ExitStack, ending: str, code: int
) -> None:
    """As a shell tells it, also of a command that a signal ended; the directory is gone."""
    process = start(started, directory, f"echo ready; sleep 0.2; {ending}")
    assert process.wait(PATIENCE_S) == code  # while its stdin is open
    assert not directory.exists()


def test_end_of_stdin_stops_the_command(
    directory: Path, started: contextlib.ExitStack, here: Path
) -> None:
    """It is asked to stop, before it would be killed; the directory is gone."""
    # A sleep forked while the shell has a trap would lose a signal that comes before it is one.
    script = f"sleep 60 & trap 'touch asked; exit 0' TERM; {SAY_PID}; wait"
    process = start(started, directory, script)
    pid = int((here / "pid").read_text())
    assert alive(pid)
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(PATIENCE_S) == 0
    assert (here / "asked").exists()
    assert not alive(pid)
    assert process.stdout is not None
    assert process.stdout.read() == ""  # and so is the sleep, which would hold this open
    assert not directory.exists()


def test_command_that_ignores_sigterm_is_killed(
    directory: Path, started: contextlib.ExitStack, here: Path
) -> None:
    """When it had its time to stop by itself, and no sooner."""
    process = start(started, directory, f"{IGNORE_SIGTERM}; {SAY_PID}; sleep 60; sleep 60")
    pid = int((here / "pid").read_text())
    before = time.monotonic()
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(PATIENCE_S) == 0
    assert time.monotonic() - before >= 1.9
    assert not alive(pid)
    assert not directory.exists()


def test_blocked_signals_of_the_parent_do_no_harm(
    directory: Path, started: contextlib.ExitStack
) -> None:
    """The guard hears of the command's end, and the command hears SIGTERM."""
    blocked = {signal.SIGCHLD, signal.SIGTERM}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, blocked)
    try:
        process = start(started, directory, "echo ready; sleep 0.2; kill -TERM $$; sleep 60")
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    assert process.wait(PATIENCE_S) == 128 + signal.SIGTERM
    assert not directory.exists()


def test_neither_ctrl_c_nor_text_stops_it(directory: Path, started: contextlib.ExitStack) -> None:
    """Only the end of its stdin does, and SIGTERM."""
    process = start(started, directory, "echo ready; sleep 60")
    os.killpg(process.pid, signal.SIGINT)  # what a terminal does
    assert process.stdin is not None
    process.stdin.write("quit\n")
    process.stdin.flush()
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(0.3)
    assert directory.exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_the_command_too(
    directory: Path, started: contextlib.ExitStack, number: signal.Signals
) -> None:
    """And the guard ends as one whom this signal has ended."""
    process = start(started, directory, "echo ready; sleep 60")
    process.send_signal(number)
    assert process.wait(PATIENCE_S) == 128 + number
    assert not directory.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_the_command_has_the_rights_of_the_directorys_owner(
    directory: Path, started: contextlib.ExitStack
) -> None:
    """And no others, whoever starts the guard."""
    os.chown(directory, 4_001, 4_002)
    started.callback(os.setgroups, os.getgroups())
    os.setgroups([4_003])
    process = start(started, directory, "echo ready; id -u; id -G")
    assert process.stdout is not None
    assert process.stdout.read().split() == ["4001", "4002"]


@pytest.mark.parametrize(("command", "code"), [("/nonexistent/command", 127), ("/etc/passwd", 126)])
def test_command_that_cannot_run_is_reported(directory: Path, command: str, code: int) -> None:
    """With the exit codes of a shell; the directory is gone."""
    done = subprocess.run(
        guard(directory, "--", command),
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert done.returncode == code
    assert f"cannot run {command}" in done.stderr
    assert not directory.exists()


def test_bad_usage_deletes_nothing(directory: Path) -> None:
    """And tells how it is used."""
    for arguments in (
        [directory],
        [directory, "--"],
        [directory, "true"],
        ["--", "true"],
        [directory / "none", "--", "true"],
    ):
        done = subprocess.run(
            guard(*arguments), capture_output=True, text=True, timeout=PATIENCE_S, check=False
        )
        assert done.returncode == 2
        assert done.stderr.startswith("usage: ")
    assert (directory / "sub" / "file").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's end")
def test_a_guard_that_is_killed_takes_its_command_along(
    directory: Path, started: contextlib.ExitStack
) -> None:
    """The kernel sees to that."""
    process = start(started, directory, "echo ready; exec sleep 60")
    process.kill()
    process.wait()
    # Whoever takes it over may let it lie for seconds; nobody else has the other end of this.
    assert process.stdout is not None
    assert select.select([process.stdout], [], [], PATIENCE_S)[0]
    assert process.stdout.read() == ""
