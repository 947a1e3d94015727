"""docs/operations.md: its broker keeps stations apart, its service is one, no flag is left out."""

import getpass
import shutil
import subprocess
from configparser import ConfigParser
from pathlib import Path

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from hotline import cli
from hotline.bodies import Rule
from hotline.broker.address import BrokerAddress, trouble_at
from hotline.commands import entry
from hotline.records import MAX_BATCH_BYTES
from hotline.station.turn import Publish
from hotline.transport import Down
from tests.helpers import eventually
from tests.mosquitto import Mosquitto
from tests.mqtt.brokers import opened, payloads, ups_and_downs
from tests.pages import Page
from tests.tls import AUTHORITY

PAGE = Page.read("operations.md")


@pytest.fixture
def its_broker(mosquitto: Mosquitto, tmp_path: Path) -> Mosquitto:
    """A broker with the page's configuration and one user, isr; it does not run yet."""
    config, _, _, rights = PAGE.blocks("conf")
    config = config.replace("/etc/mosquitto", str(tmp_path)).replace("1883", str(mosquitto.port))
    mosquitto.config = tmp_path / "broker.conf"
    mosquitto.config.write_text(f"{config}\nuser {getpass.getuser()}\n")
    (tmp_path / "hotline.acl").write_text(f"{rights}\n")
    (tmp_path / "hotline.acl").chmod(0o600)
    passwords = tmp_path / "hotline.passwords"
    passwords.touch(mode=0o600)
    program = shutil.which("mosquitto_passwd")
    assert program
    subprocess.run([program, "-b", passwords, "isr", "secret"], check=True)
    return mosquitto


def test_the_service_runs_a_station() -> None:
    """Every section is there, and `%i` is the station's name throughout."""
    unit = ConfigParser(interpolation=None)
    unit.read_string(PAGE.blocks("ini")[0])
    assert unit.sections() == ["Unit", "Service", "Install"]
    assert unit["Service"]["ExecStart"].split()[1:3] == ["station", "%i"]


def test_what_the_services_run_can_be_typed() -> None:
    """That of a party, and that of a watchdog, which is none of a station's instances."""
    starts = [line for unit in PAGE.blocks("ini") for line in unit.splitlines() if "Start=" in line]
    commands = [start.split()[1:] for start in starts]
    assert [words[0] for words in commands] == ["station", "watchdog"]
    for words in commands:
        cli.app.parse_args(words, exit_on_error=False, print_error=False)


def test_what_to_do_is_told_for_every_rule() -> None:
    """One row for each flag."""
    rows = [row[0] for row in PAGE.table("what is seen")]
    assert {row.split("`")[1] for row in rows if row.startswith("flag")} == set(Rule)


def test_what_every_exit_code_means_is_told() -> None:
    """One row for each."""
    codes = (entry.OK, entry.FAILED, entry.USAGE, entry.UNREACHABLE, entry.INTERRUPTED)
    assert [int(row[0]) for row in PAGE.table("exit code")] == [*codes]


@pytest.mark.mosquitto
async def test_its_broker_lets_a_station_write_beneath_its_own_root_only(
    its_broker: Mosquitto,
) -> None:
    """The configuration is Mosquitto's, and the access list holds."""
    await its_broker.start()
    own, other = (f"hotline/v1/isr-tur/{name}/records" for name in ("isr", "tur"))
    assert await allowed(its_broker.port, own, other) == [True, False]


@pytest.mark.mosquitto
async def test_its_broker_takes_the_longest_message_of_a_line_and_none_that_is_much_longer(
    its_broker: Mosquitto,
) -> None:
    """It hangs up on who says one: to read it would take its memory, and everybody's time."""
    await its_broker.start()
    url = its_broker.url.replace("//", "//isr:secret@")
    topic = "hotline/v1/isr-tur/isr/records"
    async with opened(url, topic) as (_, heard), opened(url) as (link, fate):
        await link.publish(Publish(topic, bytes(MAX_BATCH_BYTES)))
        await eventually(lambda: payloads(heard))
        await link.publish(Publish(topic, bytes(2 * MAX_BATCH_BYTES)))
        await eventually(lambda: Down in ups_and_downs(fate))
    assert [len(payload) for payload in payloads(heard)] == [MAX_BATCH_BYTES]


@pytest.mark.mosquitto
async def test_its_listener_for_tls_is_believed(tls_mosquitto: Mosquitto) -> None:
    """By whoever names the authority as the page does."""
    config = PAGE.blocks("conf")[2].replace("/etc/mosquitto", str(AUTHORITY.parent))
    config = config.replace("8883", f"{tls_mosquitto.port} 127.0.0.1")
    assert tls_mosquitto.config
    tls_mosquitto.config.write_text(f"user root\nallow_anonymous true\n{config}\n")
    await tls_mosquitto.start()
    assert await trouble_at(BrokerAddress.parse(tls_mosquitto.url), 5) is None


@pytest.mark.mosquitto
async def test_its_bridge_sends_what_stations_of_its_own_say_and_nothing_else(
    tmp_path: Path, mosquitto: Mosquitto
) -> None:
    """Two that send everything would send it in circles."""
    far = Mosquitto()
    await far.start()
    bridge = PAGE.blocks("conf")[1].replace("broker.tur.example", f"127.0.0.1:{far.port}")
    mosquitto.config = tmp_path / "bridge.conf"
    mosquitto.config.write_text(
        f"user root\nlistener {mosquitto.port} 127.0.0.1\nallow_anonymous true\n{bridge}\n"
    )
    try:
        await mosquitto.start()
        async with opened(far.url, "#") as (_, heard), opened(mosquitto.url) as (link, _):
            for station in ("tur", "isr", "watchdog"):
                topic = f"hotline/v1/isr-tur/{station}/status"
                await link.publish(Publish(topic, station.encode(), retain=True))
            await eventually(lambda: payloads(heard)[-1:] == [b"watchdog"])
        assert payloads(heard) == [b"isr", b"watchdog"]
    finally:
        far.kill()


async def allowed(port: int, *topics: str) -> list[bool]:
    """Whether isr may write there."""
    answers: dict[int, bool] = {}
    client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)
    client.username_pw_set("isr", "secret")
    client.on_publish = lambda _c, _d, number, code, _p: answers.update(
        {number: not code.is_failure}
    )
    client.connect("127.0.0.1", port)
    client.loop_start()
    try:
        numbers = [client.publish(topic, b"x", qos=1).mid for topic in topics]
        await eventually(lambda: len(answers) == len(topics))
    finally:
        client.disconnect()
        client.loop_stop()
    return [answers[number] for number in numbers]
