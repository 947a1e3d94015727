"""The targets of the fuzzer: each takes any bytes, says what is wrong with them, raises nothing.

An exception that is raised all the same is a mistake of ours.
"""

import tempfile
from collections.abc import Callable
from pathlib import Path

from hotline.bodies import Kind
from hotline.config import config
from hotline.files.mistakes import FileError
from hotline.station.turn import Incoming, Refused
from sim.scenario import loading
from tests.helpers import LINE, T0, TIMERS, Author, notice, status
from tests.machines import machine_of

ROOT = Path(__file__).parent.parent.parent
_CHANNELS = ("records", "status", "resend/isr", "replay/isr", "flags/x")


def hear(data: bytes) -> list[str]:
    """A party and a watchdog hear something; they answer it, or refuse or mark it, and go on.

    The first byte is the channel, the second the sender.
    """
    wrong: list[str] = []
    channel, sender, payload = data[:1], data[1:2], data[2:]
    where = _CHANNELS[channel[0] % len(_CHANNELS)] if channel else "records"
    who = LINE.stations[sender[0] % len(LINE.stations)] if sender else "tur"
    author = Author("tur")
    disk = [author.says(Kind.NOTICE, notice()), author.says(Kind.NOTICE, notice(revision=2))]
    for name in ("isr", "dog"):
        machine = machine_of(LINE, name, TIMERS, disk)
        machine.connecting(T0)
        machine.connected(T0)
        for other in LINE.others(name):
            machine.hear(status(other), T0)
        machine.hear(Incoming(f"hotline/v1/{LINE.name}/{who}/{where}", payload), T0)
        for now_ms in (T0, T0 + 60_000):
            machine.tick(now_ms)
            events = machine.flush(now_ms).events
            wrong += [event.reason for event in events if isinstance(event, Refused)]
        wrong += [f"{ref} is {reason}" for ref, reason in machine.picture.invalid.items()]
        machine.goodbye(T0)
    return wrong


def scenario(data: bytes) -> list[str]:
    """A scenario file is loaded, or all its mistakes are told."""
    return _in_a_file(data, ".yaml", loading.load)


def line(data: bytes) -> list[str]:
    """A line's configuration is loaded, or all its mistakes are told."""
    return _in_a_file(data, ".toml", config.load)


def _in_a_file(data: bytes, ending: str, load: Callable[[Path], object]) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"any{ending}"
        path.write_bytes(data)
        try:
            load(path)
        except FileError as error:
            return [str(mistake).removeprefix(f"{path}") for mistake in error.mistakes]
    return []


TARGETS: dict[str, Callable[[bytes], list[str]]] = {
    "hear": hear,
    "scenario": scenario,
    "line": line,
}


def starts(target: str) -> list[bytes]:
    """The good bytes that the fuzzer begins with, and spoils."""
    if target == "scenario":
        return [path.read_bytes() for path in sorted((ROOT / "seeds").glob("*.yaml"))]
    if target == "line":
        return [(ROOT / "docs" / "line.toml").read_bytes()]
    author = Author("tur")
    said = [author.says(Kind.NOTICE, notice(revision=number)) for number in (1, 2, 3)]
    told = status("tur", head=3, isr=1, dog=2).payload
    replies = b'{"after": 1}'
    return [b"\0\1" + said[2].raw, b"\1\1" + told, b"\2\1" + replies, b"\3\2" + said[2].raw]
