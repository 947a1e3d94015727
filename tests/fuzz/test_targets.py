"""What the fuzzer begins with, and what it has found, breaks nothing."""

from pathlib import Path

import pytest

from tests.fuzz.targets import TARGETS, starts

FOUND = Path(__file__).parent / "found"


@pytest.mark.parametrize("target", TARGETS)
def test_no_bytes_break_a_target(target: str) -> None:
    """Those that broke it once, and good ones: whole, cut off, doubled, one byte changed."""
    found = [path.read_bytes() for path in sorted((FOUND / target).glob("*"))]
    for data in [b"", *starts(target), *found]:
        half = len(data) // 2
        for spoilt in (data, data[:half], data + data, data[:half] + b"\xff" + data[half + 1 :]):
            TARGETS[target](spoilt)
