"""Nodes that are killed, brokers that forget, and a whole conversation on a real one."""

from pathlib import Path

import pytest

from hotline.blocking import in_thread
from hotline.bodies import Check
from hotline.broker.address import BrokerAddress
from hotline.clock import WallClock
from hotline.mqtt.link import MqttLink
from hotline.notice import Precedence
from hotline.picture.lifecycle import Answering
from hotline.records import MAX_BATCH_BYTES
from hotline.station.officer import Nobody, Routine
from hotline.station.turn import GapRepaired, Incoming
from hotline.times import HOUR_MS, MINUTE_MS, SECOND_MS
from hotline.transport import Down, Up
from tests.crew import Crew, Stage, journals, on_stage
from tests.helpers import FLASH, TIMERS, check, eventually, notice

READING_MS = 20 * SECOND_MS
LONG = Check(remarks="." * 1000)


@on_stage
async def test_a_crash_is_seen_and_a_restart_repairs_everything(stage: Stage) -> None:
    """Peers see it silent; back from its journal it gets what it missed, in order and once."""
    await stage.start_all(lambda: Routine("Levi", READING_MS))
    stage.say("tur", notice("N-1"))
    await stage.go(MINUTE_MS)
    before = stage.posts["isr"].officer.shown
    await stage.crash("isr")
    await stage.go(SECOND_MS)
    assert [e.flag.detail for e in stage.picture("tur").flags] == ["isr: link lost"]
    for number in (2, 3):
        stage.say("tur", notice(f"N-{number}"))
    await stage.go(MINUTE_MS)
    isr = await stage.start("isr", Routine("Levi", READING_MS))
    await stage.go(MINUTE_MS)
    assert GapRepaired("tur", 1, 3) in isr.events
    assert before + isr.officer.shown == ["tur/1", "tur/2", "tur/3"]
    states = {message.answering for message in stage.picture("dog").messages.values()}
    assert states == {Answering.ACCEPTED}
    assert all(e.cleared_ms for e in stage.picture("dog").flags if "silent" in e.flag.key)
    await stage.go(MINUTE_MS)
    await stage.stop_all()
    on_disk = journals(stage.state)
    assert on_disk["isr"] == on_disk["tur"] == on_disk["dog"]
    assert len(on_disk["isr"]["isr"]) == 3, "every notice was answered once"


@on_stage
async def test_what_waits_for_an_answer_is_shown_again_after_a_restart(stage: Stage) -> None:
    """An officer's desk is made up from the journal: what was not answered lies on it."""
    await stage.start_all()
    stage.say("tur", FLASH)
    await stage.go(SECOND_MS)
    await stage.crash("isr")
    isr = await stage.start("isr", Routine("Levi", 0))
    await stage.go(SECOND_MS)
    assert isr.officer.shown == ["tur/1"]
    await stage.crash("isr")
    again = await stage.start("isr", Routine("Levi", 0))
    await stage.go(SECOND_MS)
    assert again.officer.shown == []
    assert len(stage.picture("tur").messages) == 1
    assert stage.picture("tur").invalid == {}


@on_stage
async def test_words_of_his_own_side_are_not_shown_to_an_officer(stage: Stage) -> None:
    """A station that lost its disk hears its own words again; its officer said them himself."""
    await stage.start_all()
    stage.say("tur", FLASH)
    await stage.go(MINUTE_MS)
    await stage.crash("tur")
    for file in (stage.state / "tur").iterdir():
        file.unlink()
    tur = await stage.start("tur")
    await stage.go(MINUTE_MS)
    assert [message.name for message in stage.picture("tur").messages.values()] == ["TUR-014 rev 1"]
    assert tur.officer.shown == []


@on_stage
async def test_an_officer_whose_station_lost_its_disk_does_not_say_a_thing_twice(
    stage: Stage,
) -> None:
    """What others said is back before his answers to it are; he is not asked until they are."""
    await stage.start_all(lambda: Routine("Levi", 0))
    many = 3 * MAX_BATCH_BYTES // len(LONG.remarks or "")  # more than fit into three replays
    for _ in range(many):
        stage.say("isr", LONG)
    await stage.go(SECOND_MS)
    stage.say("tur", FLASH)
    await stage.go(SECOND_MS)
    await stage.crash("isr")
    for file in (stage.state / "isr").iterdir():
        file.unlink()
    await stage.start("isr", Routine("Levi", 0))
    await stage.go(MINUTE_MS)
    assert stage.picture("isr").heads == stage.picture("tur").heads
    assert stage.picture("isr").heads["isr"] == many + 1, "the checks and one answer"
    assert stage.picture("tur").invalid == {}


@on_stage
async def test_what_comes_behind_a_new_connection_is_heard_after_it(stage: Stage) -> None:
    """A heartbeat that is overheard before would tell a station nothing of who is there now."""
    await stage.start_all()
    await stage.go(MINUTE_MS + SECOND_MS)  # no turn is under way
    node = stage.posts["isr"].node
    told = stage.status("tur")._replace(at_ms=stage.time.now_ms())
    heartbeat = Incoming("hotline/v1/isr-tur/tur/status", told.encode())
    for arrival in (Down("cut"), Up(), heartbeat):
        node._arrive(arrival)
    await stage.go(1)
    assert node.machine.peers.presences.is_known("tur")


@pytest.mark.parametrize("after_ms", [0, 1, 5, 10, 15, 30, 1_000])
@on_stage
async def test_a_crash_at_any_moment_loses_nothing_that_anybody_saw(
    stage: Stage, after_ms: int
) -> None:
    """Whenever it is killed, what was published is in its journal, and what is there is heard."""
    await stage.start_all()
    for _ in range(3):
        stage.say("tur", check())
        await stage.go(after_ms)
        await stage.crash("tur")
        await stage.start("tur")
    await stage.go(MINUTE_MS)
    await stage.stop_all()
    on_disk = journals(stage.state)
    assert on_disk["isr"] == on_disk["tur"] == on_disk["dog"]
    assert len(on_disk["tur"]["tur"]) == (3 if after_ms else 0)


@on_stage
async def test_a_broker_that_comes_back_empty_loses_nothing(stage: Stage) -> None:
    """All links are cut and all that was retained is gone: the journals say it again."""
    await stage.start_all()
    stage.say("tur", check())
    await stage.go(SECOND_MS)
    for link in stage.links.values():
        link.cut()
    stage.broker.retained.clear()
    stage.say("tur", check())
    stage.say("isr", check())
    await stage.go(HOUR_MS)
    for link in stage.links.values():
        link.restore()
    await stage.go(MINUTE_MS)
    assert stage.status("dog").online
    await stage.stop_all()
    on_disk = journals(stage.state)
    assert (len(on_disk["dog"]["isr"]), len(on_disk["dog"]["tur"])) == (1, 2)
    assert on_disk["isr"] == on_disk["tur"] == on_disk["dog"]


# On a real broker

FAST = TIMERS.model_copy(
    update={
        "heartbeat_ms": 200,
        "silent_ms": 5_000,
        "resend_ms": 100,
        "grace_ms": 500,
        "answer_flash_ms": 1_500,
    }
)


@pytest.mark.mosquitto
async def test_the_same_conversation_on_mosquitto(tmp_path: Path, mosquitto_url: str) -> None:
    """Real time, real threads, a real broker: answered, crashed, flagged, repaired, answered."""
    address = BrokerAddress.parse(mosquitto_url)
    crew = Crew(tmp_path, lambda name: MqttLink(address, name), WallClock(), timers=FAST)
    for name in crew.line.stations:
        officer = Routine("Levi", 10) if name == "isr" else Nobody()
        await crew.start(name, officer, blocking=in_thread)
    crew.say("tur", notice("N-1", precedence=Precedence.FLASH))
    await eventually(lambda: answered(crew) == [Answering.ACCEPTED])

    await crew.crash("isr")
    crew.say("tur", notice("N-2", precedence=Precedence.FLASH))
    await eventually(lambda: standing(crew) >= {"silent-isr", "unanswered-tur-2"})
    assert "unanswered-tur-1" not in {e.flag.key for e in crew.picture("tur").flags}

    isr = await crew.start("isr", Routine("Levi", 10), blocking=in_thread)
    await eventually(lambda: answered(crew) == [Answering.ACCEPTED] * 2)
    await eventually(lambda: standing(crew) == set())
    assert isr.officer.shown == ["tur/2"]
    heads = crew.picture("dog").heads
    await eventually(lambda: all(crew.picture(n).heads == heads for n in crew.line.stations))
    await crew.stop_all()
    on_disk = journals(tmp_path)
    assert on_disk["isr"] == on_disk["tur"] == on_disk["dog"]


def answered(crew: Crew) -> list[Answering]:
    """What became of the notices, as their author sees it."""
    return [message.answering for message in crew.picture("tur").messages.values()]


def standing(crew: Crew) -> set[str]:
    """The flags that stand, as the party that asked sees them."""
    return {e.flag.key for e in crew.picture("tur").flags if e.cleared_ms is None}


@on_stage
async def test_what_was_delivered_is_not_flagged_though_the_receiver_is_gone(stage: Stage) -> None:
    """A watchdog that is killed remembers the receipts that it heard, also the last of them."""
    await stage.start_all()
    await stage.go(SECOND_MS)
    stage.say("tur", check())
    await stage.go(2 * SECOND_MS)
    await stage.crash("isr")
    await stage.crash("dog")
    await stage.start("dog")
    await stage.go(TIMERS.greeting_ms + TIMERS.receipt_alarm_ms)
    assert [entry.flag.key for entry in stage.picture("dog").flags] == ["silent-isr"]
