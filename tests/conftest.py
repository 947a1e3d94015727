"""What the tests share: real brokers for the session, and loud words about skips and leaks."""

import asyncio
import functools
import os
import sqlite3
import sys
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from hotline.broker.broker import BrokerKind, find_mosquitto, private_broker
from hotline.journal.journal import Journal
from tests.helpers import LINE
from tests.mosquitto import Mosquitto
from tests.tls import AUTHORITY
from tests.watch import Watch

if sys.version_info < (3, 13):  # newer versions tell of it themselves

    class _Told(sqlite3.Connection):
        """A connection that tells if nobody has closed it, which is an error in our tests."""

        def __del__(self) -> None:
            try:
                self.total_changes  # noqa: B018 -- only an open one has any
            except sqlite3.ProgrammingError:
                return
            says = f"unclosed database in {self!r}"
            warnings.warn(says, ResourceWarning, stacklevel=2, source=self)

    # One callable for all of its overloads.
    sqlite3.connect = functools.partial(sqlite3.connect, factory=_Told)  # type: ignore[assignment]

NO_MOSQUITTO = "no Mosquitto on this machine (apt-get install mosquitto)"


@pytest.hookimpl(tryfirst=True)  # xdist reads the groups in this hook too, and once only
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run tests with a real broker one by one, and skip those that need a missing Mosquitto."""
    is_here = find_mosquitto() is not None
    for item in items:
        if item.get_closest_marker("mosquitto") or item.get_closest_marker("nats"):
            item.add_marker(pytest.mark.xdist_group("real brokers"))
        if item.get_closest_marker("mosquitto") and not is_here:
            item.add_marker(pytest.mark.skip(reason=NO_MOSQUITTO))


def _mosquitto_tests_skipped(config: pytest.Config) -> int:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None:
        return 0
    return sum("mosquitto" in report.keywords for report in reporter.stats.get("skipped", []))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail in CI if a Mosquitto test was skipped: otherwise nobody would notice."""
    if os.environ.get("CI") == "true" and _mosquitto_tests_skipped(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say loudly how many Mosquitto tests were skipped."""
    skipped = _mosquitto_tests_skipped(config)
    if skipped:
        verdict = "FAILURE, since CI=true" if os.environ.get("CI") == "true" else "not a full run"
        terminalreporter.section("MOSQUITTO TESTS SKIPPED", sep="!", red=True, bold=True)
        terminalreporter.line(f"{skipped} Mosquitto tests skipped: {verdict}.", red=True, bold=True)


@pytest.fixture
def temp_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary directories, ours and those of our child processes."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """The directory for a journal; it is not there yet."""
    return tmp_path / "deep" / "state"


@pytest.fixture
def journal(directory: Path) -> Iterator[Journal]:
    """Isr's journal, new and open."""
    journal = Journal.create(directory, LINE, "isr")
    yield journal
    journal.close()


@pytest.fixture
def wire() -> Watch:
    """A watched line on which nothing has happened yet."""
    return Watch()


@pytest.fixture
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    """Unset all our variables, whoever runs the tests."""
    for name in list(os.environ):
        if name.upper().startswith("HOTLINE"):
            monkeypatch.delenv(name)


def _session_broker(kind: BrokerKind) -> Iterator[str]:
    # It has its own loop, which runs only to start and to stop it: each test has another loop.
    with asyncio.Runner() as runner:
        context = private_broker(kind)
        broker = runner.run(context.__aenter__())
        try:
            yield broker.url
        finally:
            runner.run(context.__aexit__(None, None, None))


@pytest.fixture(scope="session")
def mosquitto_url() -> Iterator[str]:
    """The URL of one real Mosquitto for the whole session; mark what uses it `mosquitto`."""
    yield from _session_broker(BrokerKind.mosquitto)


@pytest.fixture(scope="session")
def nats_url() -> Iterator[str]:
    """The URL of one real nats-server for the whole session; mark what uses it `nats`."""
    yield from _session_broker(BrokerKind.nats)


@pytest.fixture(scope="session")
def tls_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of one Mosquitto that speaks TLS; from then on its authority is trusted."""
    broker = Mosquitto()
    broker.speak_tls(tmp_path_factory.mktemp("tls"))
    with pytest.MonkeyPatch.context() as monkeypatch, asyncio.Runner() as runner:
        monkeypatch.setenv("SSL_CERT_FILE", str(AUTHORITY))
        runner.run(broker.start())
        yield broker.url
        broker.kill()


@pytest.fixture
def mosquitto() -> Iterator[Mosquitto]:
    """A broker that is not started yet, and does not outlive the test."""
    broker = Mosquitto()
    yield broker
    broker.kill()


@pytest.fixture
def tls_mosquitto(
    mosquitto: Mosquitto, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Mosquitto:
    """One that will speak TLS; its authority is trusted during the test."""
    monkeypatch.setenv("SSL_CERT_FILE", str(AUTHORITY))
    mosquitto.speak_tls(tmp_path)
    return mosquitto
