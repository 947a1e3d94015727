"""What keeps a station of isr-tur on its line, for tests of that."""

from pathlib import Path
from typing import Any

from hotline.config.config import load
from hotline.live import Service
from hotline.logs.stream import LogFormat, LogStream
from hotline.logs.teller import Log
from hotline.station.officer import Nobody
from tests.config_files import minimal


def serves(
    folder: Path,
    name: str = "isr",
    broker: str = "mqtt://127.0.0.1:1",
    log: Log | None = None,
    **more: Any,
) -> Service:
    """With its journal in a folder of its name below this one, and nobody at its desk."""
    config, log = load(minimal(folder), broker), log or LogStream(LogFormat.JSON)
    return Service(config, name, folder / name, Nobody, log, **more)
