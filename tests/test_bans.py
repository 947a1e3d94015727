"""Threads, the machine's time and unseeded chance: what has them is banned but for the adapters."""

import json
import pkgutil
import random
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
ADAPTERS = {
    *("hotline/broker/address.py", "hotline/broker/broker.py", "hotline/clock.py"),
    *("hotline/fleet.py", "hotline/mqtt/link.py", "hotline/journal/state_lock.py"),
    *("sim/swarm/hunt.py", "sim/stage/keeping.py", "sim/stage/speed.py", "sim/swarm/swarm.py"),
}
NEWER = {"random.binomialvariate"}  # is not in the oldest Python that we support
WRITTEN = {
    "threads": [
        "from threading import Thread",
        "import threading",
        "import _thread",
        "from concurrent.futures import ThreadPoolExecutor",
        "import concurrent.futures",
        "from multiprocessing import Process",
        "from multiprocessing.pool import ThreadPool",
        "import asyncio; asyncio.to_thread(print)",
        "from asyncio import to_thread",
        "from asyncio import run_coroutine_threadsafe",
        "from socketserver import ThreadingTCPServer",
        "from os import fork",
    ],
    "time": [
        "import time; time.time()",
        "from time import monotonic",
        "from time import sleep",
        "from datetime import datetime; datetime.now()",
        "from datetime import date; date.today()",
        "import datetime as dt; dt.datetime.utcnow()",
        "from email.utils import formatdate",
        "from structlog.processors import TimeStamper",
        "import sched",
        "from os import times",
    ],
    "chance": [
        "import random; random.random()",
        "from random import SystemRandom",
        "from secrets import token_hex",
        "import secrets",
        "from uuid import uuid4",
        "import uuid; uuid.uuid1()",
        "from os import urandom",
        "import os; os.getrandom(4)",
        "import tempfile; tempfile.mkdtemp()",
        "from tempfile import TemporaryDirectory",
        "from ssl import RAND_bytes",
    ],
}
# Of an instance, which ruff does not follow to its class.
_IN_AN_EXECUTOR = re.compile(r"\.(run_in_executor|set_default_executor)\(")


def found(text: str, name: str) -> set[int]:
    """The lines of a file with this text and name in which something banned is found."""
    findings = ruff("--stdin-filename", name, "-", text=text)
    return {finding["location"]["row"] for finding in findings}


def ruff(*words: str, text: str = "") -> Any:  # noqa: ANN401 -- JSON
    """What ruff finds that is banned."""
    command = [sys.executable, "-m", "ruff", "check", "--select", "TID251"]
    command += ["--output-format", "json", *words]
    ended = subprocess.run(
        command, input=text, capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert ended.stderr == ""
    return json.loads(ended.stdout)


def banned() -> dict[str, object]:
    """What pyproject.toml bans."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    bans = project["tool"]["ruff"]["lint"]["flake8-tidy-imports"]["banned-api"]
    assert isinstance(bans, dict)
    return bans


def imported(name: str) -> str:
    """The plainest way to have it."""
    head, _, tail = name.rpartition(".")
    return f"from {head} import {tail}" if head else f"import {tail}"


@pytest.mark.parametrize("name", ["hotline/probe.py", "hotline/desk/probe.py", "sim/probe.py"])
@pytest.mark.parametrize("of", WRITTEN)
def test_what_is_banned_is_found_however_it_is_written(of: str, name: str) -> None:
    """In every module that is no adapter; a line each, so that none hides behind another."""
    lines = [*WRITTEN[of], *map(imported, banned())]
    missed = set(range(1, len(lines) + 1)) - found("\n".join(lines) + "\n", name)
    assert [lines[number - 1] for number in sorted(missed)] == []


@pytest.mark.parametrize("name", sorted(set(banned()) - NEWER))
def test_what_is_banned_exists(name: str) -> None:
    """A name that is misspelt would ban nothing."""
    assert pkgutil.resolve_name(name) is not None


def test_no_chance_is_forgotten() -> None:
    """Whatever `random` draws from its own generator, in this Python: a newer one may have more."""
    hidden = random._inst
    draws = [
        name for name in random.__all__ if getattr(getattr(random, name), "__self__", 0) is hidden
    ]
    harmless = {"getstate"}
    assert {f"random.{name}" for name in draws if name not in harmless} - set(banned()) == set()


def test_only_adapters_may_have_them() -> None:
    """A new module is no adapter until it is named here, and one that is named needs it."""
    findings = ruff("--config", "lint.per-file-ignores = {}", "hotline", "sim")
    assert {str(Path(each["filename"]).relative_to(ROOT)) for each in findings} == ADAPTERS


def test_no_loop_works_in_threads_but_an_adapters() -> None:
    """Ruff knows names, not what an object is: so this is looked for by its name."""
    sources = [path for part in ("hotline", "sim") for path in (ROOT / part).rglob("*.py")]
    have = {
        path.relative_to(ROOT).as_posix()
        for path in sources
        if _IN_AN_EXECUTOR.search(path.read_text(encoding="utf-8"))
    }
    assert have == {"hotline/blocking.py", "hotline/fleet.py"}
