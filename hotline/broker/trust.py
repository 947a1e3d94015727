"""Who may sign a broker's certificate: the system's authorities, or those in `SSL_CERT_FILE`."""

import os
import ssl
from functools import lru_cache

_VARIABLE = "SSL_CERT_FILE"
_HOW_TO_TRUST = f"{_VARIABLE}=FILE names the authorities to trust"
_HOW_TO_BE_KNOWN = "stations have none; the broker may ask for user and password instead"
_WHOEVER_SIGNED = (9, 10, 62, 64)  # OpenSSL's: not yet valid, expired, for another name or address


def tls_context() -> ssl.SSLContext:
    """What a broker's certificate is judged by; links share it until a file of it changes.

    To read the system's authorities takes 44 ms and 0.9 MB. A process with many lines, whose broker
    is gone, would do so for each of them every two seconds, and have no time for the others.
    """
    paths = ssl.get_default_verify_paths()
    return _context(paths, _stamp(paths.cafile), _stamp(paths.capath))


class _Socket(ssl.SSLSocket):
    """Closes itself when a handshake fails; paho leaves that to the garbage collector."""

    def do_handshake(self, block: bool = False) -> None:  # noqa: FBT001, FBT002 -- Python's own
        try:
            super().do_handshake(block)
        except BaseException:
            self.close()
            raise


@lru_cache(maxsize=1)
def _context(*_read_from: object) -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.sslsocket_class = _Socket
    return context


def _stamp(path: str | None) -> tuple[int, ...]:
    """What tells a file from what is there before it, or after."""
    try:
        status = os.stat(path or "")  # noqa: PTH116 -- the path of no file is none, and no folder
    except OSError:
        return ()
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


def why_no_tls(error: ssl.SSLError) -> str:
    """What went wrong with TLS: what the broker says, if it speaks it."""
    reason = error.reason or str(error)
    _, _, alert = reason.partition("_ALERT_")
    if not alert:
        return f"no TLS is spoken there ({reason})"
    hint = f" ({_HOW_TO_BE_KNOWN})" if alert == "CERTIFICATE_REQUIRED" else ""
    return f"it ends TLS: {alert.replace('_', ' ').lower()}{hint}"


def why_not(error: ssl.SSLCertVerificationError) -> str:
    """Why a certificate is not trusted, and what to do if that is because of who has signed it."""
    says = error.verify_message.removesuffix(".")
    return says if error.verify_code in _WHOEVER_SIGNED else f"{says} ({advice()})"


def advice() -> str:
    """What to do about a broker whose authority is not trusted."""
    path = os.environ.get(_VARIABLE)
    if not path:
        return _HOW_TO_TRUST
    try:
        ssl.create_default_context(cafile=path)
    except ssl.SSLError:
        return f"{_VARIABLE}={path} holds no certificate in PEM"
    except OSError as error:
        return f"{_VARIABLE}={path} cannot be read: {os.strerror(error.errno or 0)}"
    return _HOW_TO_TRUST
