"""Errors that say whose fault it was: our caller's, the other station's, or the wire's."""


class HotlineError(Exception):
    """Anything that goes wrong on the line; its text is a whole sentence for a person."""


class LocalError(HotlineError):
    """Our own caller asked for something that cannot be: mend the call, the file or the option."""


class RemoteError(HotlineError):
    """Another station sent what it should not have; the line goes on without it."""


class TransportError(HotlineError):
    """The wire failed or kept silent: nobody knows what arrived (a time-out means *unknown*)."""


class BrokerUnreachable(TransportError):
    """No MQTT broker answered at the address that was given."""


class Declined(HotlineError):
    """A station understood a request and refuses it; the text says why.

    `code` is one of those in docs/desk.md.
    """

    def __init__(self, code: str, text: str) -> None:
        self.code = code
        super().__init__(text)
