"""What goes wrong between us and a broker: in words, and with advice."""

import re
import ssl

import aiomqtt
from aiomqtt.exceptions import MqttConnectError
from paho.mqtt.reasoncodes import ReasonCode

from hotline.broker.address import START_ONE, what_failed

_NOT_LET_IN = (4, 5, 0x86, 0x87)  # in MQTT 3.1.1, and in MQTT 5
LOST = 0x80
"""What paho calls a connection that the other side has closed."""
_IN_WORDS = {  # what paho has only a code for
    LOST: "the connection to the broker was lost",
    0x82: "what the broker says is not MQTT",
    0x8D: "the broker is no longer heard",
}
_NUMBER = re.compile(r"^\[code:\w+\] ")  # aiomqtt begins with it
_WHAT_IT_NEEDS = (
    "its own log may say why: a line needs a connection for each station, retained messages, QoS 1"
    " and the right to read (and mqtts:// where TLS is spoken, only there)"
)


class Unwilling(aiomqtt.MqttError):
    """Somebody is there who does not serve us."""


def advice(error: BaseException) -> str:
    """What to do when no link can be made."""
    # Only a CONNACK's: paho has numbers of its own, and there 4 is "no connection".
    code = error.rc if isinstance(error, MqttConnectError) else None
    if code in _NOT_LET_IN:
        return (
            "give the right user and password: --broker mqtt://USER:PASSWORD@HOST:PORT, or"
            " HOTLINE_BROKER__USERNAME and HOTLINE_BROKER__PASSWORD"
        )
    # Who resets a connection is there (Mosquitto does so where no TLS is spoken), and who shows a
    # certificate that is not trusted.
    of_one_there = (ConnectionResetError, ssl.SSLError)
    is_there = isinstance(error, Unwilling) or isinstance(error.__context__, of_one_there)
    return _WHAT_IT_NEEDS if is_there else START_ONE


def said(error: BaseException, *, soon: bool = False) -> str:
    """What went wrong, in words for a person who has never heard of paho.

    `soon`: before the link had stood for a while, so that the broker may not want us.
    """
    cause = error.__cause__ or error
    code = cause.rc if isinstance(cause, aiomqtt.MqttCodeError) else None
    if isinstance(code, ReasonCode) and code.value in _IN_WORDS:
        if soon and code.value == LOST:
            return "the broker hung up soon after it had let us in"
        return _IN_WORDS[code.value]
    system = cause if isinstance(cause, OSError) else error.__context__  # aiomqtt has its text
    if isinstance(system, OSError) and system.errno:
        return what_failed(system)
    if isinstance(system, TimeoutError):
        return "timed out"
    return _NUMBER.sub("", str(cause)) or type(cause).__name__
