"""The log stream: structlog set up as a coloured story on a terminal, or as JSON lines."""

import errno
import json
import os
import sys
from collections.abc import Callable, MutableMapping
from enum import StrEnum
from pathlib import Path
from typing import Any, TextIO

import structlog
from rich.console import Console

from hotline.clock import Clock, WallClock
from hotline.logs.console import ConsoleRenderer, plain_json
from hotline.logs.log_line import LogLine
from hotline.logs.outlet import Outlet

_encode = json.JSONEncoder(ensure_ascii=False, default=repr).encode  # no line must end a station
_SEVERITIES = ("debug", "info", "warning", "error", "critical")


class LogFormat(StrEnum):
    """How log lines look."""

    AUTO = "auto"
    CONSOLE = "console"
    JSON = "json"


class LogLevel(StrEnum):
    """What is told at all."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class LogStream:
    """Where everything is told, with the line's time beside the wall clock: `stream`, or stderr.

    `clock` may be exchanged once the line's own clock runs. With `must_go_on`, a station outlives
    its log, and never waits for it: lines that find no room are dropped and counted, and the count
    is told once there is room again. `when_unread` is called when nobody will ever read it again;
    with None, a log that must not go on ends in an error.
    """

    def __init__(
        self,
        log_format: LogFormat = LogFormat.AUTO,
        level: LogLevel = LogLevel.INFO,
        *,
        must_go_on: bool = False,
        stream: TextIO | None = None,
    ) -> None:
        self.clock: Clock = WallClock()
        self._stream = stream or sys.stderr or _nowhere()
        console = Console(file=self._stream)
        if log_format is LogFormat.AUTO:
            log_format = LogFormat.CONSOLE if console.is_terminal else LogFormat.JSON
        render: Any = ConsoleRenderer(console) if log_format is LogFormat.CONSOLE else _as_json
        self._level = _SEVERITIES.index(level)
        self._dropped: int | None = 0 if must_go_on else None
        # Of a pipe whose reader has gone, and of a closed terminal: a disk may be well again.
        self._unread = (errno.EPIPE, errno.EIO) if self._stream.isatty() else (errno.EPIPE,)
        self.when_unread: Callable[[], object] | None = (lambda: None) if must_go_on else None
        # Bound once: the logger that `wrap_logger` returns would bind itself anew for each line.
        file: Any = Outlet(self._stream) if must_go_on else self._stream
        self._log = structlog.wrap_logger(
            structlog.WriteLogger(file), processors=[self._stamp, render]
        ).bind()

    def __call__(self, severity: str, event: str, **fields: Any) -> None:
        """Write one line of an event in `LOG_EVENTS`."""
        if _SEVERITIES.index(severity) < self._level:
            return
        try:
            if self._dropped:
                self._log.info("log.gap", severity="warning", lines=self._dropped)
                self._dropped = 0
            self._log.info(event, severity=severity, **fields)
        except OSError as error:
            if error.errno in self._unread and self.when_unread:
                _discard(self._stream)
                self.when_unread()
            elif self._dropped is None:
                raise
            else:
                self._dropped += 1

    def _stamp(
        self, _logger: object, _method: str, fields: MutableMapping[str, Any]
    ) -> dict[str, Any]:
        severity, event = fields.pop("severity"), fields.pop("event")
        return LogLine.now(self.clock, severity, event, fields).as_dict()


def _as_json(_logger: object, _method: str, fields: MutableMapping[str, Any]) -> str:
    """A line of JSON, made by one encoder for all: structlog's renderer makes one for each."""
    return plain_json(_encode(fields))


def _nowhere() -> TextIO:
    """For a log whose stderr is closed, and so None; structlog and rich take stdout for None."""
    return Path(os.devnull).open("w", encoding="utf-8")


def _discard(stream: TextIO) -> None:
    """Discard everything that is written to a stream."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
