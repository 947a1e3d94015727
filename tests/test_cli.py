"""The command `hotline`: its options, its complaints, and its exit codes."""

import json
import socket
from pathlib import Path

import pytest

from hotline.cli import app
from hotline.commands import entry
from tests.config_files import minimal
from tests.processes import finished

Output = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, with a line.toml whose broker is not there."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "100")
    minimal(tmp_path, '[broker]\nurl = "mqtt://127.0.0.1:9"\n')
    return tmp_path


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("command", "says"),
    [
        ("station isr", "--line"),
        ("station --line line.toml", "NAME"),
        ("station tru --line line.toml", "'tru' is not a party of this line; did you mean 'tur'?"),
        (
            "station watchdog --line line.toml",
            "'watchdog' is not a party of this line; expected one of isr, tur",
        ),
        ("watchdog isr --line line.toml", "line.toml: watchdogs: 'isr' is not a watchdog of"),
        ("station isr --line nowhere.toml", "nowhere.toml: cannot be read"),
        (
            "station isr --line line.toml --officer=",
            "--officer: expected a name of 1 to 2000 characters, got ''",
        ),
        (
            "station isr --line line.toml --officer Levi --reading 20",
            "--reading: expected a duration such as 90s, 5m30s or 2h, got '20'",
        ),
        ("station isr --line line.toml --broker 127.0.0.1", "command line: broker.url: "),
        ("watchdog --line line.toml --broker 127.0.0.1", "command line: broker.url: "),
        ("station isr --line line.toml --state line.toml", "cannot use the state directory"),
        ("station isr --line line.toml --log-format xml", "xml"),
        ("station isr --line line.toml --bogus", "--bogus"),
        ("tail --broker 127.0.0.1", "is not a broker's address"),
        ("tail --kind flags", 'Choose from: "notice", "cancel", '),
        ("tail --line line.toml --party turr", "did you mean 'tur'?"),
        ("tail --line nowhere.toml", "nowhere.toml: cannot be read"),
        ("broker --port 99999", "99999 is not a port: expected 1 to 65535\n"),
        ("broker --port none", "--port"),
        ("broker --kind hivemq", "hivemq"),
        ("picture", "--state"),
        ("picture --state nowhere", "no journal in nowhere"),
        ("hang-up", "hang-up"),
    ],
)
def test_a_wrong_command_line_is_a_usage_error(command: str, says: str, capsys: Output) -> None:
    """Exit code 2, nothing on stdout, and what was wrong on stderr."""
    assert entry.run(app, command.split()) == entry.USAGE
    out, err = capsys.readouterr()
    assert out == ""
    assert says in err
    assert "Traceback" not in err


def test_all_mistakes_of_a_line_are_told_at_once(folder: Path, capsys: Output) -> None:
    """Each mistake in line.toml is a line of its own, with its place."""
    (folder / "line.toml").write_text('line = "ISR TUR"\nwatchdog = "x"\n[parties.isr]\n')
    assert entry.run(app, ["watchdog", "--line", "line.toml"]) == entry.USAGE
    err = capsys.readouterr().err.splitlines()
    assert [line.split(": ")[:3] for line in err] == [
        ["error", "line.toml:1", "line"],
        ["error", "line.toml:2", "watchdog"],
        ["error", "line.toml:3", "parties.isr.display"],
    ]


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    "command",
    ["station isr --line line.toml", "watchdog --line line.toml", "tail --line line.toml", "tail"],
)
def test_without_a_broker_nothing_starts(command: str, capsys: Output) -> None:
    """Exit code 3, and one sentence that says where none answered and what to do."""
    broker = [] if "line.toml" in command else ["--broker", "mqtt://127.0.0.1:9"]
    assert entry.run(app, [*command.split(), *broker]) == entry.UNREACHABLE
    out, err = capsys.readouterr()
    assert [json.loads(line)["event"] for line in out.splitlines()] == (
        ["tail.started"] if command.startswith("tail") else []
    )
    (says,) = (line for line in err.splitlines() if not line.startswith("{"))
    assert says.startswith("error: no MQTT broker can be used at mqtt://127.0.0.1:9: ")
    assert "`hotline broker`" in says


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("line", ["isr-tur", "line.toml"])
def test_who_follows_is_let_in_by_the_environment(
    line: str, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    """Be the line named by its name or by its file."""
    monkeypatch.setenv("HOTLINE_BROKER__USERNAME", "levi")
    command = ["tail", "--line", line, "--broker", "mqtt://127.0.0.1:9"]
    assert entry.run(app, command) == entry.UNREACHABLE
    assert "can be used at mqtt://levi@127.0.0.1:9: " in capsys.readouterr().err


@pytest.mark.usefixtures("folder")
def test_a_password_stays_out_of_what_is_told(capsys: Output) -> None:
    """Neither the log nor an error shows the password of the broker's address."""
    url = "mqtt://levi:geheim@127.0.0.1:9"
    assert entry.run(app, ["tail", "--broker", url]) == entry.UNREACHABLE
    station = ["station", "isr", "--line", "line.toml", "--log-level", "debug"]
    assert entry.run(app, [*station, "--broker", url]) == entry.UNREACHABLE
    assert entry.run(app, [*station, "--broker", f"{url}/x"]) == entry.USAGE
    err = capsys.readouterr().err
    assert err.count("mqtt://levi@127.0.0.1:9") >= 2
    assert "geheim" not in err


def test_a_taken_port_is_told(capsys: Output) -> None:
    """A broker on a port in use does not start: exit code 2, and one sentence."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert entry.run(app, ["broker", "--port", str(port)]) == entry.USAGE
    out, err = capsys.readouterr()
    assert out == ""
    says = f"error: port {port} on 127.0.0.1 is in use: choose another one, or stop what listens"
    assert err.startswith(says)
    assert err.count("\n") == 1


def test_the_help_names_every_command(capsys: Output) -> None:
    """`hotline` alone shows what it can do, and every command has a help of its own."""
    shown = finished("hotline")
    assert shown.returncode == 0
    for name in ("broker", "journal", "picture", "station", "tail", "watchdog"):
        assert f"│ {name} " in shown.stdout
    assert entry.run(app, ["station", "--help"]) == entry.OK
    assert capsys.readouterr().out.startswith("Usage: hotline station ")
    assert entry.run(app, ["--version"]) == entry.OK
    assert capsys.readouterr().out == f"{entry.version()}\n"
