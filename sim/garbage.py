"""Bytes that nobody should say: random, cut off, and words in the name of others."""

import json
from collections.abc import Callable, Sequence
from random import Random

from hotline.station.turn import Publish
from hotline.topics import ROOT
from sim.chance import coin


def garbage(
    draw: Random,
    line: str,
    stations: Sequence[str],
    said: Sequence[bytes],
    head_of: Callable[[str], int],
) -> tuple[Publish, bool]:
    """Something to throw at the line, and whether it is a record in somebody else's name.

    Some of it is the beginning of what a station has really `said`.
    """
    sender = draw.choice(stations)
    one, other = stations[:2]
    channel = draw.choice(
        ("records", "status", f"resend/{one}", f"replay/{other}", "flags/x", "huh")
    )
    raw = draw.randbytes(draw.randint(0, 60))
    if coin(draw) and said:
        real = draw.choice(said)
        raw = real[: draw.randint(0, max(len(real) - 1, 0))]
    if channel != "records" or coin(draw):
        return Publish(f"{ROOT}/{line}/{sender}/{channel}", raw), False
    author = draw.choice([name for name in stations if name != sender])
    number = draw.randint(1, 50)
    if number % 2:  # the very next one, which only its author may say
        number = head_of(author) + 1
    forged = {"v": 1, "line": line, "station": author, "seq": number}
    forged |= {"at": "2026-01-01T00:00:00Z", "kind": "check", "body": {}}
    return Publish(f"{ROOT}/{line}/{sender}/records", json.dumps(forged).encode()), True
