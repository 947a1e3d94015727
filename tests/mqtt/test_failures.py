"""What goes wrong between us and a broker is told with what to do, and once."""

import aiomqtt
import pytest
from aiomqtt.exceptions import MqttConnectError
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.reasoncodes import ReasonCode

from hotline.broker.address import START_ONE
from hotline.mqtt import failures
from tests.mosquitto import Mosquitto
from tests.mqtt.brokers import NOT_AUTHORISED, refusal, server


async def test_nobody_there(mosquitto: Mosquitto) -> None:
    """The error says where, why and what to do about it, and no password."""
    says = await refusal("127.0.0.1", mosquitto.port)
    where = f"mqtt://isr@127.0.0.1:{mosquitto.port}"
    assert says.startswith(f"no MQTT broker can be used at {where}: Connection refused; start one")
    assert "--broker" in says
    assert "secret" not in says


async def test_somebody_who_does_not_let_us_in() -> None:
    """A broker that wants another password is said to refuse us."""
    async with server(NOT_AUTHORISED) as port:
        says = await refusal("127.0.0.1", port)
    assert ": Not authorized; " in says
    assert "give the right user and password: --broker mqtt://USER:PASSWORD@HOST:PORT" in says
    assert "start one" not in says


def reason(packet: int, value: int) -> ReasonCode:
    """A code of MQTT 5."""
    return ReasonCode(packet, identifier=value)


@pytest.mark.parametrize(
    ("error", "is_password"),
    [
        (MqttConnectError(4), True),
        (MqttConnectError(5), True),
        (MqttConnectError(reason(PacketTypes.CONNACK, 0x86)), True),
        (MqttConnectError(reason(PacketTypes.CONNACK, 0x87)), True),
        (MqttConnectError(3), False),
        (MqttConnectError(reason(PacketTypes.CONNACK, 0x88)), False),
        (aiomqtt.MqttCodeError(4), False),  # paho's own number: no connection
        (aiomqtt.MqttError("timed out"), False),
    ],
)
def test_only_who_is_not_let_in_is_told_of_passwords(
    error: aiomqtt.MqttError, *, is_password: bool
) -> None:
    """Whichever version of MQTT the broker speaks; all others are to start one."""
    told = failures.advice(error)
    assert told.startswith("give the right user and password: ") is is_password
    assert (told == START_ONE) is not is_password


def caused(error: aiomqtt.MqttError, cause: Exception) -> aiomqtt.MqttError:
    """What aiomqtt raises from another error."""
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (
            aiomqtt.MqttCodeError(reason(PacketTypes.DISCONNECT, 0x80)),
            "the connection to the broker was lost",
        ),
        (
            aiomqtt.MqttCodeError(reason(PacketTypes.DISCONNECT, 0x8D)),
            "the broker is no longer heard",
        ),
        (
            aiomqtt.MqttCodeError(reason(PacketTypes.DISCONNECT, 0x82)),
            "what the broker says is not MQTT",
        ),
        (caused(aiomqtt.MqttError("[Errno 111] x"), OSError(111, "x")), "Connection refused"),
        (caused(aiomqtt.MqttError("outer"), ValueError("inner")), "inner"),
        (aiomqtt.MqttError("the broker left at once"), "the broker left at once"),
        (RuntimeError(), "RuntimeError"),
    ],
)
def test_what_went_wrong_is_said_in_words(error: Exception, says: str) -> None:
    """Neither paho's numbers nor nothing at all; what is lost at once was not just lost."""
    assert failures.said(error) == says
    was_lost = says == "the connection to the broker was lost"
    assert (failures.said(error, soon=True) != says) is was_lost
