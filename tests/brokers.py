"""What tests of private brokers share."""

from pathlib import Path

import pytest

from hotline.broker.broker import BrokerKind

BOTH_KINDS = pytest.mark.parametrize(
    "kind",
    [
        pytest.param(BrokerKind.mosquitto, marks=pytest.mark.mosquitto),
        pytest.param(BrokerKind.nats, marks=pytest.mark.nats),
    ],
)


def entries(folder: Path, pattern: str = "*") -> list[Path]:
    """List what is in a directory."""
    return list(folder.glob(pattern))
