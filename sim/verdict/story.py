"""A log stream that remembers its lines, for those who read them later."""

from typing import Any

from hotline.logs.stream import LogFormat, LogLevel, LogStream
from hotline.times import format_instant

Story = list[dict[str, Any]]


class StoryLog(LogStream):
    """Remembers all lines but those for debugging, whichever of them the stream shows."""

    def __init__(self, log_format: LogFormat, level: LogLevel, *, must_go_on: bool = False) -> None:
        super().__init__(log_format, level, must_go_on=must_go_on)
        self.story: Story = []
        """Its lines, by the scenario's clock alone: the time of the machine means nothing later."""

    def __call__(self, severity: str, event: str, **fields: Any) -> None:
        """Write one line, and remember it."""
        if severity != "debug":
            at = format_instant(self.clock.now_ms())
            line = {"wall": at, "at": at, "severity": severity, "event": event, **fields}
            self.story.append(line)
        super().__call__(severity, event, **fields)
