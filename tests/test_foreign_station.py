"""A station that knows docs/protocol.md and none of our code talks with ours on a real broker."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import paho.mqtt.client as mqtt
import pytest

from hotline.blocking import in_thread
from hotline.bodies import Ref
from hotline.broker.address import BrokerAddress
from hotline.clock import WallClock
from hotline.mqtt.link import MqttLink
from hotline.station.officer import Routine
from tests.crew import Crew
from tests.foreign_station import ForeignStation, Json
from tests.helpers import TIMERS, eventually, notice
from tests.mosquitto import Mosquitto

QUICK = TIMERS.model_copy(
    update={"heartbeat_ms": 300, "silent_ms": 10_000, "resend_ms": 200, "answer_flash_ms": 30_000}
)
NOTICE: Json = notice().model_dump(mode="json", exclude_none=True)

pytestmark = pytest.mark.mosquitto


class Forgetful(ForeignStation):
    """It loses what it publishes as `records` while it is told to."""

    mumbles = False

    def publish(self, client: mqtt.Client, topic: str, payload: bytes) -> None:
        """Say this, unless it gets lost."""
        if not (self.mumbles and topic == "records"):
            super().publish(client, topic, payload)


def agree(record: Json) -> Json | None:
    """The answers of an officer who agrees to everything."""
    if record["kind"] == "notice":
        answer = "ACCEPT" if record["body"]["category"] == "request" else "ROGER"
        return {"answer": answer, "officer": "Demir"}
    asks = record["kind"] in {"cancel", "stop", "check", "suspend", "resume"}
    return {"answer": "ROGER"} if asks else None


class Talk:
    """Our isr and watchdog, and a tur that is not ours, on a broker that can be replaced."""

    def __init__(self, folder: Path, broker: Mosquitto) -> None:
        self.folder = folder
        self.broker = broker
        self.said = {"isr": 0, "tur": 0}
        self.left = False

    async def begin(self) -> None:
        """Start the broker, and all three."""
        await self.broker.start()
        address = BrokerAddress.parse(self.broker.url)
        self.crew = Crew(
            self.folder, lambda name: MqttLink(address, name), WallClock(), timers=QUICK
        )
        self.tur = self.start_tur()
        await self.crew.start("isr", Routine("Levi", 10), blocking=in_thread)
        await self.crew.start("dog", blocking=in_thread)

    def start_tur(self) -> Forgetful:
        """Start the station that is not ours, from its file."""
        seconds = {"heartbeat": 0.3, "silent": 10.0, "resend": 0.2, "greeting": 30.0}
        file = self.folder / "tur.ndjson"
        tur = Forgetful(
            file, "isr-tur", "tur", ["isr", "dog"], self.broker.port, timers=seconds, answers=agree
        )
        tur.start()
        return tur

    def isr_says(self) -> None:
        """Our party says a notice."""
        self.said["isr"] += 1
        self.crew.say("isr", notice(f"ISR-{self.said['isr']}"))

    def tur_says(self) -> None:
        """The other one does."""
        self.said["tur"] += 1
        self.tur.say("notice", NOTICE | {"notice": f"TUR-{self.said['tur']}"})

    async def leaves(self) -> None:
        """Have the station that is not ours leave, which is noticed."""
        self.left = True
        self.tur.stop()
        await eventually(lambda: self.crew.picture("isr").flagged.standing("dog"))

    async def comes_back(self) -> None:
        """Start it again, which is noticed too."""
        self.tur = self.start_tur()
        await eventually(lambda: not self.crew.picture("isr").flagged.standing("dog"))

    async def settles(self) -> None:
        """Wait until every notice is answered, in the watchdog's picture, and all is received."""
        everything = sum(self.said.values())
        picture = self.crew.picture("dog")
        await eventually(
            lambda: (
                len(picture.messages) == everything
                and not any(message.waits for message in picture.messages.values())
            )
        )
        isr = self.crew.picture("isr")
        await eventually(lambda: self.journals_of_tur() == isr.heads == picture.heads)

    def journals_of_tur(self) -> dict[str, int]:
        """How far the other station has each journal that is not empty."""
        return {of: len(lines) for of, lines in self.tur.journals.items() if lines}

    async def end(self) -> None:
        """Stop everybody; the watchdog first, who would flag the others' leaving."""
        await self.crew.stop_all()
        self.tur.stop()


@pytest.fixture
async def talk(tmp_path: Path, mosquitto: Mosquitto) -> AsyncIterator[Talk]:
    """The three on the line; afterwards everybody has the same, and nothing was flagged.

    But for the silence of a station that left, which was cleared when it came back.
    """
    talk = Talk(tmp_path, mosquitto)
    try:
        await talk.begin()
        yield talk
        picture = talk.crew.picture("dog")
        details = [e.flag.detail for e in picture.flags if e.cleared_ms is None or not talk.left]
        assert details == []
        assert {entry.flag.key for entry in picture.flags} <= {"silent-tur"}
        assert not picture.invalid
    finally:
        await talk.end()
    theirs = {of: list(lines) for of, lines in talk.tur.journals.items()}
    assert talk.crew.lines("isr") == talk.crew.lines("dog") == theirs


@contextmanager
def mumbling(tur: Forgetful) -> Iterator[None]:
    """Lose what it says meanwhile."""
    tur.mumbles = True
    yield
    tur.mumbles = False


async def test_they_talk(talk: Talk) -> None:
    """Each says notices, and each answers the other's; receipts come both ways."""
    for _ in range(3):
        talk.isr_says()
        talk.tur_says()
    await talk.settles()
    isr = talk.crew.posts["isr"].node.machine
    assert {message.officer for message in isr.picture.messages.values()} == {"Demir", "Levi"}


async def test_what_it_says_and_nobody_hears_is_asked_for(talk: Talk) -> None:
    """Ours see in its status that something is missing, and it replays that."""
    with mumbling(talk.tur):
        for _ in range(2):
            talk.tur_says()
        await eventually(lambda: len(talk.tur.journals["tur"]) >= 2)
    talk.tur_says()
    await talk.settles()


async def test_what_it_missed_it_asks_for(talk: Talk) -> None:
    """It starts from its file, reads in the statuses what it lacks, and is sent that."""
    talk.isr_says()
    await talk.settles()
    await talk.leaves()
    talk.isr_says()
    await eventually(lambda: Ref("isr", 2) in talk.crew.picture("dog").messages)
    await talk.comes_back()
    await talk.settles()


async def test_a_lost_file_comes_back_before_it_speaks(talk: Talk) -> None:
    """It fetches its own words from the others, and gives no number twice."""
    talk.tur_says()
    talk.isr_says()
    await talk.settles()
    await talk.leaves()
    (talk.folder / "tur.ndjson").unlink()
    await talk.comes_back()
    talk.tur_says()
    await talk.settles()


async def test_a_broker_that_forgets_everything_loses_nothing(talk: Talk) -> None:
    """What is said while there is no broker arrives when there is another."""
    talk.isr_says()
    talk.tur_says()
    await talk.settles()
    talk.broker.kill()
    talk.isr_says()
    talk.tur_says()
    await talk.broker.start()
    await talk.settles()
