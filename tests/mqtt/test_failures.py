"""What goes wrong between us and a broker is told with what to do, and once."""

import asyncio

import aiomqtt
import pytest
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.reasoncodes import ReasonCode

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


async def test_what_a_closed_socket_leaves_behind_is_no_error_of_the_program() -> None:
    """All else is told to whom the program has chosen, however he is called, and by one handler."""
    told: list[object] = []

    def handle(_: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        told.append(context["exception"])

    loop = asyncio.get_running_loop()
    loop.set_exception_handler(handle)
    try:
        failures.forgive_closed_sockets(loop)
        ours = loop.get_exception_handler()
        failures.forgive_closed_sockets(loop)
        assert loop.get_exception_handler() is ours
        late = asyncio.Handle(loop.add_writer, (), loop)
        for context in (
            {"exception": OSError("closed"), "handle": late},
            {"exception": aiomqtt.MqttError("cut"), "future": loop.create_future()},
            {"exception": OSError("disk")},
        ):
            loop.call_exception_handler({"message": "", **context})
    finally:
        loop.set_exception_handler(None)
    assert [str(each) for each in told] == ["disk"]


async def test_somebody_who_does_not_let_us_in() -> None:
    """A broker that wants another password is said to refuse us."""
    async with server(NOT_AUTHORISED) as port:
        says = await refusal("127.0.0.1", port)
    assert "ot authori" in says
    assert "give the right user and password: --broker mqtt://USER:PASSWORD@HOST:PORT" in says
    assert "start one" not in says


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (0x80, "the connection to the broker was lost"),
        (0x8D, "nothing is heard of the broker any more"),
    ],
)
def test_a_link_that_ends_is_told_without_numbers(code: int, words: str) -> None:
    """Whether it was closed, or the broker stopped answering; of both paho has only a code."""
    reason = ReasonCode(PacketTypes.DISCONNECT, identifier=code)
    assert failures.said(aiomqtt.MqttCodeError(reason)) == words
