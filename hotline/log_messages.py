"""The log events of messages: each kind from its saying to its answer."""

from hotline.log_fields import RECORD, LogEvent

_DELAYED = ("DELAYED by {delayed}, sent {sent_at}:", "EXPIRED {expired}:")
_DELAYED_FIELDS = ("delayed", "sent_at", "expired")
_SENT = ("{message}", "{precedence}", "{category}", "to {to}", "– {text}")
_ANSWERED = (
    "DELAYED by {delayed}, sent {sent_at}:",
    "{message}:",
    "{answer}",
    "by {officer}",
    "after {after}",
    "until {expected_at}",
    "– {reason}",
)
_ANSWER_FIELDS = (*RECORD, "message", "to", "answer", "after")
_ANSWER_EXTRAS = ("officer", "reason", "expected_at", "delayed", "sent_at")


def _of(kind: str, what: str, *extras: str) -> dict[str, LogEvent]:
    """What can be told of a message that asks for a roger, from its saying to its answer."""
    asks = ("precedence",) if "precedence" in extras else ()
    optional = ("notice",) if "notice" in extras else ()
    said = ("{message}", *(f"{{{each}}}" for each in asks), "to {to}", "– {text}")
    return {
        f"{kind}.sent": LogEvent(
            f"a party said {what}",
            said,
            (*RECORD, "message", *asks, "text"),
            ("to", *optional),
        ),
        f"{kind}.received": LogEvent(
            f"the other party's station has it on disk: {what}",
            (*_DELAYED, *said),
            (*RECORD, "message", *asks, "text"),
            ("to", *optional, *_DELAYED_FIELDS),
        ),
        f"{kind}.delivered": LogEvent(
            f"the author knows that the other station has the {kind} on disk",
            ("{message}", "to {to}", "after {after}"),
            (*RECORD, "message", "to", "after"),
            optional,
        ),
        f"{kind}.answered": LogEvent(
            f"the other party's officer answered the {kind}",
            _ANSWERED,
            _ANSWER_FIELDS,
            (*_ANSWER_EXTRAS, *optional),
        ),
    }


MESSAGES = {
    "notice.sent": LogEvent(
        "a party put a flight notice into its journal",
        _SENT,
        (*RECORD, "message", "notice", "revision", "precedence", "category", "text"),
        ("to",),
    ),
    "notice.revised": LogEvent(
        "a party put the next revision of a notice into its journal; it supersedes the last",
        _SENT,
        (*RECORD, "message", "notice", "revision", "precedence", "category", "text"),
        ("to",),
    ),
    "notice.received": LogEvent(
        "the other party's station has the notice on disk and shows it to its officer",
        (*_DELAYED, *_SENT),
        (*RECORD, "message", "notice", "revision", "precedence", "category", "text"),
        ("to", *_DELAYED_FIELDS),
    ),
    "notice.delivered": LogEvent(
        "the author knows that the other station has the notice on disk (the receipt)",
        ("{message}", "to {to}", "after {after}"),
        (*RECORD, "message", "notice", "to", "after"),
    ),
    "notice.answered": LogEvent(
        "the other party's officer answered the notice",
        _ANSWERED,
        (*_ANSWER_FIELDS, "notice"),
        _ANSWER_EXTRAS,
    ),
    "cancel.sent": LogEvent(
        "a party withdrew a notice",
        ("{message}", "to {to}", "– {text}"),
        (*RECORD, "message", "notice", "text"),
        ("to", "precedence"),
    ),
    "cancel.received": LogEvent(
        "the other party's station has the cancellation on disk",
        (*_DELAYED, "{message}", "to {to}", "– {text}"),
        (*RECORD, "message", "notice", "text"),
        ("to", "precedence", *_DELAYED_FIELDS),
    ),
    "cancel.delivered": LogEvent(
        "the author knows that the other station has the cancellation on disk",
        ("{message}", "to {to}", "after {after}"),
        (*RECORD, "message", "notice", "to", "after"),
    ),
    "cancel.answered": LogEvent(
        "the other party's officer confirmed the cancellation",
        _ANSWERED,
        (*_ANSWER_FIELDS, "notice"),
        _ANSWER_EXTRAS,
    ),
    **_of("stop", "a stop: whatever goes on must end at once", "notice", "precedence"),
    **_of("check", "a comm check"),
    **_of("suspend", "a declared silence: the party leaves its channel unattended"),
    **_of("resume", "the end of a declared silence"),
    "voice.logged": LogEvent(
        "an officer wrote into the voice log what was said by telephone; with an answer it counts"
        " before one in writing",
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
