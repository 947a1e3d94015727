"""Files line.toml for tests of configurations."""

from pathlib import Path

PARTIES = '[parties.isr]\ndisplay = "Israel"\n[parties.tur]\ndisplay = "Türkiye"\n'


def written(folder: Path, text: str) -> Path:
    """A file line.toml with this text."""
    path = folder / "line.toml"
    path.write_text(text, encoding="utf-8")
    return path


def minimal(folder: Path, more: str = "") -> Path:
    """A file line.toml that says no more than it must, or these tables too."""
    return written(folder, f'line = "isr-tur"\n{PARTIES}{more}')
