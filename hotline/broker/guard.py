"""Run a command that must not outlive us: `python -m hotline.broker.guard DIR -- COMMAND…`.

A process that is killed with SIGKILL cannot tidy up after itself, but the kernel closes its pipes.
So whoever starts the guard keeps the other end of the guard's stdin and writes nothing to it: the
moment that end is gone, by whatever means, the guard stops COMMAND and deletes DIR. COMMAND runs as
the owner of DIR.

Only the standard library is imported here, so that the guard starts in a few milliseconds, and the
file can be run by its path even where the package is not installed.
"""

import contextlib
import ctypes
import os
import selectors
import shutil
import signal
import subprocess
import sys
from pathlib import Path

USAGE = "usage: python -m hotline.broker.guard DIR -- COMMAND…\n"
GRACE_S = 2.0  # what COMMAND gets between SIGTERM and SIGKILL

BAD_USAGE = 2  # the exit codes of a shell
NOT_EXECUTABLE = 126
NOT_FOUND = 127
BY_SIGNAL = 128

PR_SET_PDEATHSIG = 1  # of prctl(2)
STDIN = 0  # by its number: only its end matters, not its text
STOP_SIGNALS = (signal.SIGTERM, signal.SIGHUP)


def main() -> int:
    """Run COMMAND until it exits or our stdin ends; return the code that we should exit with."""
    match sys.argv:
        case [_, folder, "--", _, *_] if Path(folder).is_dir():
            directory, command = Path(folder), sys.argv[3:]
        case _:
            sys.stderr.write(USAGE)
            return BAD_USAGE
    try:
        return _run(command, directory.stat(), _signal_pipe())
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _signal_pipe() -> int:
    """Have signals written to a pipe and return its reading end.

    Select can then wait for COMMAND's exit, for SIGTERM and for stdin at once, without polling and
    without the gap in which a signal handler that raises would lose a COMMAND just started.
    """
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing)
    for number in (signal.SIGCHLD, *STOP_SIGNALS):
        signal.signal(number, lambda *_: None)
    # Ctrl-C in a terminal goes to every process there, but only the parent knows when it is done.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # A parent that had signals blocked would have us, and COMMAND, inherit that.
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    return reading


def _run(command: list[str], directory: os.stat_result, signals: int) -> int:
    """Start COMMAND in a session of its own, out of the terminal's reach, and see it to its end."""
    # One that gave up root's rights by itself would outlive us if we were killed: with them, the
    # kernel forgets `_die_with_us`.
    is_anothers = directory.st_uid != os.geteuid()
    try:
        child = subprocess.Popen(  # noqa: S603 -- running what we are given is our whole purpose
            command,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_die_with_us,  # noqa: PLW1509 -- we have no other thread
            user=directory.st_uid if is_anothers else None,
            group=directory.st_gid if is_anothers else None,
            extra_groups=[] if is_anothers else None,
        )
    except OSError as error:
        sys.stderr.write(f"cannot run {command[0]}: {error.strerror}\n")
        return NOT_FOUND if isinstance(error, FileNotFoundError) else NOT_EXECUTABLE
    try:
        code = _watch(child, signals)
    finally:
        _stop(child)
    if code is not None:
        return code
    return child.returncode if child.returncode >= 0 else BY_SIGNAL - child.returncode


def _die_with_us() -> None:
    """Have the kernel end COMMAND if we are killed before we can (on Linux)."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _watch(child: subprocess.Popen[bytes], signals: int) -> int | None:
    """Wait for COMMAND's exit (None) or for a reason to stop it: the exit code that fits."""
    # select(), not epoll: it also takes a plain file or /dev/null as stdin, and two fds are few.
    with selectors.SelectSelector() as selector:
        selector.register(STDIN, selectors.EVENT_READ)
        selector.register(signals, selectors.EVENT_READ)
        while child.poll() is None:
            ready = [key.fd for key, _ in selector.select()]
            if signals in ready:
                for number in os.read(signals, 4096):
                    if number in STOP_SIGNALS:
                        return BY_SIGNAL + number
            # What a parent may write there says nothing.
            if STDIN in ready and not os.read(STDIN, 65536):
                return 0
    return None


def _stop(child: subprocess.Popen[bytes]) -> None:
    """End COMMAND and what it started, kindly at first; do nothing when it has exited already."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        if child.poll() is not None:
            return
        # Not reaped yet, so its process group, which bears its number, cannot be anyone else's.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(GRACE_S)


if __name__ == "__main__":
    sys.exit(main())
