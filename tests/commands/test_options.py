"""What several commands of `hotline` are given, and how it is read."""

from pathlib import Path

import pytest

from hotline.commands.options import expect_known, load_line, print_json
from hotline.errors import LocalError

pytestmark = pytest.mark.usefixtures("no_variables")
LINE = """\
line = "isr-tur"
parties = {isr = {display = "Israel"}, tur = {display = "Türkiye"}}
broker = {url = "mqtt://127.0.0.1:9"}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A line's configuration on disk."""
    path = tmp_path / "line.toml"
    path.write_text(LINE, encoding="utf-8")
    return path


def test_the_command_line_names_another_broker(file: Path) -> None:
    """It goes before what the file says, and before the environment; left out, they count."""
    assert str(load_line(file).broker.address) == "mqtt://127.0.0.1:9"
    assert str(load_line(file, "mqtt://host:10").broker.address) == "mqtt://host:10"


def test_a_variable_that_is_mistyped_is_told_of(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Or a station would start without the password that somebody believes to have given."""
    monkeypatch.setenv("HOTLINE_BROKER_PASSWORD", "secret")
    load_line(file)
    says = capsys.readouterr().err
    assert "HOTLINE_BROKER_PASSWORD is unknown and sets nothing" in says
    assert "secret" not in says


def test_a_file_that_cannot_be_read_is_an_error_of_the_caller(tmp_path: Path) -> None:
    """The sentence names it."""
    with pytest.raises(LocalError, match=r"nowhere\.toml: cannot be read"):
        load_line(tmp_path / "nowhere.toml")


def test_json_for_a_closed_stdout_is_told_to_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """As tables are; what the command does beside that is done."""
    monkeypatch.setattr("sys.stdout", None)
    print_json({"records": 1})


def test_a_name_has_to_be_known() -> None:
    """Else the error says of what kind it should be, and which may have been meant."""
    expect_known("tur", ["isr", "tur"], "party")
    with pytest.raises(LocalError, match="'tru' is not a party of this line; did you mean 'tur'"):
        expect_known("tru", ["isr", "tur"], "party")


def test_what_json_is_printed_can_be_looked_at(capsys: pytest.CaptureFixture[str]) -> None:
    """Letters stand as they are; what would move the cursor is an escape."""
    print_json({"text": "Türkiye \x9b2J"})
    assert capsys.readouterr().out == '{\n  "text": "Türkiye \\u009b2J"\n}\n'
