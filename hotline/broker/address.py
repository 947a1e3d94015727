"""Where a broker is (`BrokerAddress`) and whether it answers there (`probe`)."""

import asyncio
import contextlib
import os
import re
import secrets
import ssl
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import quote, unquote, urlsplit

from hotline.broker import trust
from hotline.errors import BrokerUnreachable, LocalError

DEFAULT_PORT = 1883
_TLS_PORT = 8883
_PORTS = {"mqtt": DEFAULT_PORT, "mqtts": _TLS_PORT}
DEFAULT_URL = f"mqtt://127.0.0.1:{DEFAULT_PORT}"
START_ONE = "start one (`hotline broker`), or give another address with --broker"
_LONGEST_URL = 4_096

CONNACK = b"\x20\x02"  # packet type 2, two bytes to follow
DISCONNECT = b"\xe0\x00"

# Return codes of a CONNACK, MQTT 3.1.1 section 3.2.2.3. Accepted, or not authorised (4 and 5): a
# broker is there, and what it lets us do is another matter.
BROKER_IS_THERE = (0, 4, 5)
REFUSALS = {
    1: "it does not speak MQTT 3.1.1",
    2: "it rejects our client identifier",
    3: "it says that it is unavailable",
}


@dataclass(frozen=True)
class BrokerAddress:
    """Where a broker is and who we are to it; its text never shows the password."""

    host: str
    port: int = DEFAULT_PORT
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: bool = False

    @classmethod
    def parse(cls, url: str) -> Self:
        """Read `mqtt://[user[:password]@]host[:port]`, or `mqtts://…` for TLS.

        Raises:
            LocalError: it is not such a URL; the text shows no password.
        """
        shown = f"…@{url.rpartition('@')[2]}" if "@" in url else url
        wrong = LocalError(
            f"{shown!r} is not a broker's address: expected mqtt://host:port, such as"
            " mqtt://127.0.0.1:1883, mqtt://[::1] or mqtt://user:password@broker.example:1883"
            " (special characters in the password percent-encoded), and mqtts:// for TLS"
        )
        try:
            parts = urlsplit(url)
            port = _PORTS[parts.scheme] if parts.port is None else parts.port
        except (ValueError, KeyError):
            raise wrong from None
        beyond = parts.path.removeprefix("/") or parts.query or parts.fragment
        if parts.scheme not in _PORTS or not parts.hostname or not port or beyond:
            raise wrong
        if re.search(r"\s", url):
            raise wrong  # urlsplit would quietly drop some of it
        if parts.password is not None and not parts.username:
            raise wrong  # MQTT 3.1.1 has no password without a user name
        if len(url) > _LONGEST_URL:
            raise wrong
        username = unquote(parts.username) if parts.username else None
        password = None if parts.password is None else unquote(parts.password)
        return cls(parts.hostname, port, username, password, tls=parts.scheme == "mqtts")

    def __str__(self) -> str:
        user = f"{quote(self.username, safe='')}@" if self.username else ""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"mqtt{'s' if self.tls else ''}://{user}{host}:{self.port}"

    def tls_context(self) -> ssl.SSLContext | None:
        """What a broker's certificate is judged by; None where no TLS is asked for."""
        return trust.tls_context() if self.tls else None


async def probe(address: BrokerAddress, timeout_s: float) -> None:
    """Make sure that an MQTT broker answers there, if only to ask for a password.

    Raises:
        BrokerUnreachable: none does; the text says why, and what to do.
    """
    if wrong := await trouble_at(address, timeout_s):
        raise BrokerUnreachable(f"no MQTT broker can be used at {address}: {wrong}; {START_ONE}")


async def trouble_at(address: BrokerAddress, timeout_s: float) -> str | None:
    """Why no MQTT broker answers there, in words; None when one does."""
    try:
        async with asyncio.timeout(timeout_s):
            return await _connect(address)
    except TimeoutError:
        return f"no answer within {timeout_s:g} s"
    except asyncio.IncompleteReadError:
        return "it hung up without an answer"
    except OSError as error:
        return what_failed(error)
    except UnicodeError:
        return "that is not a host's name"


def what_failed(error: OSError) -> str:
    """What the system calls an error, without its number."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted: {trust.why_not(error)}"
    if isinstance(error, ssl.SSLError):  # its numbers are not the system's
        return trust.why_no_tls(error)
    number = error.errno or 0  # name resolution counts its own errors, below zero
    return os.strerror(number) if number > 0 else error.strerror or str(error)


async def _connect(address: BrokerAddress) -> str | None:
    """Send a CONNECT and read the CONNACK: None when a broker is there, else what is wrong."""
    reader, writer = await asyncio.open_connection(
        address.host, address.port, ssl=address.tls_context()
    )
    try:
        client = f"probe-{secrets.token_hex(4)}".encode()  # some brokers reject an empty one
        # Protocol level 4 (MQTT 3.1.1), clean session, 10 s of keepalive.
        body = b"\x00\x04MQTT\x04\x02\x00\x0a" + len(client).to_bytes(2) + client
        writer.write(b"\x10" + len(body).to_bytes(1) + body)
        if await reader.readexactly(2) != CONNACK:
            return "what answers there does not speak MQTT 3.1.1"
        _session_present, code = await reader.readexactly(2)
        if code not in BROKER_IS_THERE:
            return REFUSALS.get(code, f"it refuses with the unknown code {code}")
        writer.write(DISCONNECT)
        return None
    finally:
        if address.tls:  # a goodbye in TLS waits for the other side's, for half a minute
            writer.transport.abort()
        writer.close()  # the few bytes that we wrote are with the kernel: this cannot wait for long
        with contextlib.suppress(OSError):
            await writer.wait_closed()
