"""The port between a node and whatever carries its messages."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from hotline.station.turn import Incoming, Publish


@dataclass(frozen=True, slots=True)
class Up:
    """The link to the broker stands, and brings what is said on the topics."""


@dataclass(frozen=True, slots=True)
class Down:
    """The link to the broker is cut, or stays so for another reason."""

    reason: str


Arrival = Incoming | Up | Down
Deliver = Callable[[Arrival], None]
MakeWill = Callable[[], Publish | None]
"""Makes the last will of a connection; None: it has none."""


class Transport(Protocol):
    """One station's link to a broker. It reconnects by itself until it is closed."""

    async def open(self, topics: Sequence[str], make_will: MakeWill, deliver: Deliver) -> None:
        """Connect, subscribe to `topics` with QoS 1, and deliver from then on.

        `make_will` is asked before every connection. `deliver` gets an `Up` before the first
        message of each connection, and a `Down` when one ends, and when the next cannot be made:
        each reason once, until the next `Up`.

        Raises:
            BrokerUnreachable: the first connection cannot be made.
        """

    async def publish(self, publish: Publish) -> None:
        """Hand a message to the broker with QoS 1, waiting only for room.

        While the link is down it is dropped: the journal is the outbox.
        """

    async def close(self) -> None:
        """Wait for what was handed over, and leave without the last will."""

    async def abort(self) -> None:
        """Break the connection off, as a crash does: the broker publishes the last will."""
