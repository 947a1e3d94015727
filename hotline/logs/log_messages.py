"""The log events of messages: each kind from its saying to its answer."""

from dataclasses import replace

from hotline.logs.log_fields import RECORD, LogEvent

_HOW = ("precedence", "category")
_NOTICE_FIELDS = ("notice", "revision", "precedence", "category", "text")
_ANSWERED = (
    "{message}:",
    "{answer}",
    "by {officer}",
    "after {after}",
    "until {expected_at}",
    "– {reason}",
)


def _of(
    kind: str, noun: str, said: str, has: tuple[str, ...], may_have: tuple[str, ...] = ()
) -> dict[str, LogEvent]:
    """The events of a kind of message, from its saying to its answer.

    `has` are its own fields, `may_have` those that may be missing; what it is about and who has it
    is in all of its events.
    """
    about = tuple(field for field in has if field == "notice")
    maybe_about = tuple(field for field in may_have if field == "notice")
    record = (*RECORD, "message")
    words = ("message", *(each for each in _HOW if each in (*has, *may_have)))
    phrase = (*(f"{{{word}}}" for word in words), "to {to}", "– {text}")
    return {
        f"{kind}.sent": LogEvent(said, phrase, (*record, *has), ("to", *may_have)),
        f"{kind}.received": LogEvent(
            f"another station has the {noun} on disk; the other party's shows it to its officer",
            ("EXPIRED {expired}:", *phrase),
            (*record, *has),
            ("to", *may_have, "expired"),
        ),
        f"{kind}.delivered": LogEvent(
            f"the author knows that the other station has the {noun} on disk (the receipt)",
            ("{message}", "to {to}", "after {after}"),
            (*record, *about, "to", "after"),
            maybe_about,
        ),
        f"{kind}.answered": LogEvent(
            f"the other party's officer answered the {noun}",
            _ANSWERED,
            (*record, *about, "to", "answer", "after"),
            (*maybe_about, "officer", "reason", "expected_at"),
        ),
    }


_NOTICE = _of("notice", "notice", "a party put a flight notice into its journal", _NOTICE_FIELDS)

MESSAGES = {
    **_NOTICE,
    "notice.revised": replace(
        _NOTICE["notice.sent"],
        means="a party put the next revision of a notice into its journal; it supersedes the last",
    ),
    **_of(
        "cancel", "cancellation", "a party withdrew a notice", ("notice", "text"), ("precedence",)
    ),
    **_of(
        "stop",
        "stop",
        "a party said: what is going on must end at once",
        ("precedence", "text"),
        ("notice",),
    ),
    **_of("check", "comm check", "a party asks whether somebody is at the other desk", ("text",)),
    **_of(
        "suspend",
        "suspension",
        "a party declares silence: it leaves its channel unattended",
        ("text",),
    ),
    **_of("resume", "resumption", "a party ends its declared silence", ("text",)),
    "voice.logged": LogEvent(
        "an officer wrote into the voice log what was said by telephone; an answer there"
        " overrides one in writing",
        ("{officer} spoke with {spoke_with}:", "{text}", "– {message}", "{answer}"),
        (*RECORD, "officer", "spoke_with", "text"),
        ("message", "notice", "answer", "reason", "expected_at"),
    ),
    "voice.waiting": LogEvent(
        "an answer by voice came before the message that it refers to; it counts once that is here",
        ("{answer}", "to {message}", "by voice, {officer} with {spoke_with}"),
        (*RECORD, "message", "officer", "spoke_with", "text", "answer"),
        ("reason", "expected_at"),
    ),
    "handover.said": LogEvent(
        "a party says who is on watch at its desk",
        ("{officer} is on watch", "until {until}", "– deputy {deputy}"),
        (*RECORD, "officer", "until"),
        ("deputy",),
    ),
    "reply.waiting": LogEvent(
        "an answer came before the message that it refers to; it counts once that is here",
        ("{answer}", "to {message}", "by {officer}"),
        (*RECORD, "message", "to", "answer"),
        ("officer",),
    ),
    "reply.delivered": LogEvent(
        "the officer's station knows that its answer is on the other's disk",
        ("{record}", "to {to}"),
        (*RECORD, "to"),
    ),
}
