"""A real Mosquitto that dies and comes back, as often as a test wants."""

import asyncio
import socket
import subprocess
from pathlib import Path

from hotline.broker.address import BrokerAddress, trouble_at
from hotline.broker.broker import find_mosquitto
from tests.helpers import PATIENCE_S
from tests.tls import CERTIFICATE, KEY


class Mosquitto:
    """A real broker that can be killed, and started again on the same port, empty."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.url = f"mqtt://127.0.0.1:{self.port}"
        self.config: Path | None = None
        """The place of its configuration; left out, it lets everybody in."""
        self._process: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        """Start it, and wait until it answers."""
        self._run()
        async with asyncio.timeout(PATIENCE_S):
            while await trouble_at(BrokerAddress.parse(self.url), 5):
                await asyncio.sleep(0.01)

    def speak_tls(self, folder: Path) -> None:
        """From its next start on, configured in this folder; clients have to trust `AUTHORITY`."""
        self.url = f"mqtts://127.0.0.1:{self.port}"
        self.config = folder / "mosquitto.conf"
        self.config.write_text(
            f"user root\nlistener {self.port} 127.0.0.1\nallow_anonymous true\n"
            f"certfile {CERTIFICATE}\nkeyfile {KEY}\n"
        )

    def _run(self) -> None:
        program = find_mosquitto()
        assert program
        arguments = ["-c", str(self.config)] if self.config else ["-p", str(self.port)]
        self._process = subprocess.Popen([str(program), *arguments], stderr=subprocess.DEVNULL)

    def kill(self) -> None:
        """End it as a power cut does."""
        if self._process:
            self._process.kill()
            self._process.wait()
