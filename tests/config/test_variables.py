"""A mistyped variable sets nothing: that is told, with the one that was meant."""

from pathlib import Path

import pytest

from hotline.cli import app
from hotline.commands import entry
from hotline.config.variables import mistyped

pytestmark = pytest.mark.usefixtures("no_variables")


@pytest.mark.parametrize(
    ("variable", "near"),
    [
        ("HOTLINE_BROKER_PASSWORD", "HOTLINE_BROKER__PASSWORD"),
        ("hotline_broker_url", "HOTLINE_BROKER__URL"),
        ("HOTLINE_TIMER__RECEIPT", "HOTLINE_TIMERS__RECEIPT"),
        ("HOTLINE__BROKER__USERNAME", "HOTLINE_BROKER__USERNAME"),
        ("HOTLINE_WATCHDOG", "HOTLINE_WATCHDOGS"),
    ],
)
def test_what_is_near_a_known_one_is_found(
    variable: str, near: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Underscores that are missing or too many, and letters."""
    monkeypatch.setenv(variable, "x")
    assert mistyped() == {variable: near}


@pytest.mark.parametrize(
    "variable",
    [
        "HOTLINE_BROKER__PASSWORD",
        "HOTLINE_DESK",
        "HOTLINE_TIMERS__RECIEPT",
        "HOTLINE_BLING",
        "BROKER",
    ],
)
def test_others_are_not(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Known ones, those that the configuration refuses by itself, and those of others."""
    monkeypatch.setenv(variable, "x")
    assert mistyped() == {}


def test_a_command_that_reads_a_configuration_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """On stderr, and never what the variable holds."""
    monkeypatch.setenv("HOTLINE_BROKER_PASSWORD", "hush")
    line = str(tmp_path / "line.toml")
    for command in (["station", "isr"], ["watchdog"], ["tail"]):
        assert entry.run(app, [*command, "--line", line]) == entry.USAGE
        out, told = capsys.readouterr()
        assert out == ""
        assert told.startswith(
            "warning: HOTLINE_BROKER_PASSWORD is unknown and sets nothing;"
            " did you mean HOTLINE_BROKER__PASSWORD?\n"
        )
        assert "hush" not in told
