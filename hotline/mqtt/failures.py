"""What goes wrong between us and a broker: in words, with advice, and without noise."""

import asyncio
from collections.abc import Callable
from typing import Any

import aiomqtt
from aiomqtt.exceptions import MqttConnectError
from paho.mqtt.reasoncodes import ReasonCode

from hotline.address import START_ONE, what_failed

_NOT_LET_IN = (4, 5, 0x86, 0x87)  # in MQTT 3.1.1, and in MQTT 5
_IN_WORDS = {  # what paho has only a code for
    0x80: "the connection to the broker was lost",
    0x82: "what the broker says is not MQTT",
    0x8D: "the broker is no longer heard",
}
_Context = dict[str, Any]  # what an event loop says about an error


def advice(error: BaseException) -> str:
    """What to do when no link can be made."""
    # Only a CONNACK's: paho has numbers of its own, and there 4 is "no connection".
    code = error.rc if isinstance(error, MqttConnectError) else None
    if (code.value if isinstance(code, ReasonCode) else code) in _NOT_LET_IN:
        return (
            "give the right user and password: --broker mqtt://USER:PASSWORD@HOST:PORT, or"
            " HOTLINE_BROKER__USERNAME and HOTLINE_BROKER__PASSWORD"
        )
    return START_ONE


def said(error: BaseException) -> str:
    """What went wrong, in words for a person who has never heard of paho."""
    cause = error.__cause__ or error
    code = cause.rc if isinstance(cause, aiomqtt.MqttCodeError) else None
    if isinstance(code, ReasonCode) and code.value in _IN_WORDS:
        return _IN_WORDS[code.value]
    system = cause if isinstance(cause, OSError) else error.__context__  # aiomqtt has its text
    if isinstance(system, OSError) and system.errno:
        return what_failed(system)
    if isinstance(system, TimeoutError):
        return "timed out"
    return str(cause) or type(cause).__name__


class _ForgivesClosedSockets:
    """An event loop's error handler that keeps quiet about writing to a socket that was closed.

    The socket may be closed after paho wanted to write but before it did: aiomqtt registers the
    writer in a callback of its own, where nobody can catch the error. The cut link is noticed
    elsewhere. If it is cut just when it comes up, aiomqtt drops a future with the error; that is
    ignored too. Everything else goes to the handler that was there before.
    """

    def __init__(self, before: Callable[[asyncio.AbstractEventLoop, _Context], object]) -> None:
        self._before = before

    def __call__(self, loop: asyncio.AbstractEventLoop, context: _Context) -> None:
        late_writer = "add_writer" in repr(context.get("handle"))
        if late_writer and isinstance(context.get("exception"), OSError):
            return
        if "future" in context and isinstance(context.get("exception"), aiomqtt.MqttError):
            return
        self._before(loop, context)


def forgive_closed_sockets(loop: asyncio.AbstractEventLoop) -> None:
    """Have a loop keep quiet about closed sockets; once is enough."""
    before = loop.get_exception_handler()
    if not isinstance(before, _ForgivesClosedSockets):
        otherwise = before or type(loop).default_exception_handler
        loop.set_exception_handler(_ForgivesClosedSockets(otherwise))
