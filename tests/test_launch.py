"""Loading a command's code: Ctrl-C ends it without a traceback, from the first module on."""

import signal
import subprocess
import sys

import pytest

from hotline.commands import entry
from tests.helpers import PATIENCE_S


@pytest.mark.parametrize("package", ["hotline", "sim"])
@pytest.mark.parametrize("loaded", ["cyclopts", "pydantic", "asyncio"])
def test_ctrl_c_while_it_loads(package: str, loaded: str) -> None:
    """The process ends at once, as shells expect it, and says nothing."""
    words = [sys.executable, "-X", "importtime", "-m", package, "--version"]
    pipe = subprocess.PIPE
    # A small pipe, so that it cannot run far ahead of us.
    with subprocess.Popen(words, stderr=pipe, stdout=pipe, text=True, pipesize=4096) as it:
        assert it.stderr
        # Python tells of each module that it has loaded.
        while f"{loaded}." not in (told := it.stderr.readline()):
            assert told
        it.send_signal(signal.SIGINT)
        printed, told = it.communicate(timeout=PATIENCE_S)
    assert it.returncode == -signal.SIGINT
    assert printed == ""
    assert [line for line in told.splitlines() if not line.startswith("import time:")] == []


def test_what_a_shell_has_ignored_stays_ignored() -> None:
    """In the background Ctrl-C is meant for somebody else."""
    code = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)"
    code += "; from hotline.__main__ import main; import sys; sys.argv = ['hotline', '--version']"
    code += "; import atexit; atexit.register(lambda: print(signal.getsignal(signal.SIGINT)))"
    words = [sys.executable, "-c", f"{code}; main()"]
    ended = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=False)
    assert ended.returncode == entry.OK
    assert ended.stdout.splitlines() == [entry.version(), str(signal.SIG_IGN)]
