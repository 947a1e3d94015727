"""Every event of the log stream: its name, what it means, its fields, and how a console tells it.

`docs/log-events.md` is this table, written out by `python -m hotline.log_events`.
"""

from dataclasses import dataclass

FIELDS = {
    "wall": "the machine's UTC time, when the line was logged",
    "at": "the line's own time: in a scenario the scenario's, else the same as `wall`",
    "severity": "how loud the log line is: debug, info, warning, error, critical",
    "event": "the dotted name, one of those below",
    "line": "the line's name",
    "told_by": "the station (or tool) that logged it",
    "station": "whose act or state it is",
    "record": "the record concerned: its author and number, `tur/42`",
    "notice": "the author's name for a flight notice, `TUR-014`",
    "revision": "which revision of it, from 1",
    "message": "what was sent, delivered, answered or cleared, as people call it: `TUR-014 rev 2`",
    "precedence": "FLASH, IMMEDIATE, PRIORITY or ROUTINE",
    "category": "what is asked: `request` (a decision) or `information` (a roger)",
    "to": "the other party",
    "delayed": "how long a message was on its way, when it is not fresh",
    "sent_at": "when it was sent",
    "expired": "when its window closed, before it came in",
    "text": "the message in a few words",
    "answer": "ROGER, ACCEPT, REJECT or STANDBY",
    "officer": "who answered, telephoned or is on watch",
    "deputy": "who is called when the officer on watch does not answer",
    "spoke_with": "with whom the officer spoke by telephone",
    "until": "when a watch ends",
    "reason": "why",
    "expected_at": "when a STANDBY promises the answer",
    "after": "how long it took, `1m05s`",
    "day": "the UTC day, `2026-01-12`",
    "heard": "the share of it in which the party could be heard, 0 to 1",
    "heard_percent": "the same for people",
    "declared": "the share of it in which the party was silent by its own word, 0 to 1",
    "declared_percent": "the same for people",
    "phase": "how far the flight is: planned, active, off_nominal, ended, ended_early, called_off",
    "rule": "which rule: undelivered, unanswered, late_notice, degraded, silent, blind, fork,"
    " clock_skew or invalid",
    "subject": "what a flag is about: a record (`tur/42`) or a station",
    "level": "how bad a flag is: WARNING, ALARM, VOICE_REQUIRED",
    "due": "the deadline that passed",
    "detail": "the flag in a few words",
    "late_ms": "by how many milliseconds an answer missed its deadline",
    "of": "whose journal, or whose clock",
    "by": "who shows it",
    "ahead_ms": "by how much a clock is ahead (behind, below 0), in ms",
    "by_ms": "by how much a clock was put forward (back, below 0), in ms",
    "held": "how far we have it",
    "known": "how far it is known to go",
    "upto": "how far it goes now",
    "topic": "the MQTT topic that it came on",
    "broker": "the broker's name and version",
    "url": "where it listens",
    "state": "the directory with the station's journal",
    "records": "how many records the journal holds",
    "title": "the scenario's title",
    "seed": "what the run's randomness was drawn from",
    "speed": "how many times faster than life it is played",
    "duration": "how long the scenario is",
    "path_ms": "how long a record takes through disk and broker (nine in ten are faster), in ms",
    "highest_speed": "the highest speed at which that is still within the line's grace",
    "expectation": "what the scenario expects, in words",
    "line_number": "where in the scenario file it says so",
    "verdict": "pass or fail",
}

ALWAYS = ("wall", "at", "severity", "event")


@dataclass(frozen=True, slots=True)
class LogEvent:
    """One event.

    `phrase` is how a console tells it: its parts are formatted and joined; one of which a
    field is missing is left out. `optional` fields are there when there is something to say.
    """

    means: str
    phrase: tuple[str, ...]
    fields: tuple[str, ...]
    optional: tuple[str, ...] = ()


_STATION = ("line", "told_by", "station")
_RECORD = (*_STATION, "record")
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
_ANSWER_FIELDS = (*_RECORD, "message", "to", "answer", "after")
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
            (*_RECORD, "message", *asks, "text"),
            ("to", *optional),
        ),
        f"{kind}.received": LogEvent(
            f"the other party's station has it on disk: {what}",
            (*_DELAYED, *said),
            (*_RECORD, "message", *asks, "text"),
            ("to", *optional, *_DELAYED_FIELDS),
        ),
        f"{kind}.delivered": LogEvent(
            f"the author knows that the other station has the {kind} on disk",
            ("{message}", "to {to}", "after {after}"),
            (*_RECORD, "message", "to", "after"),
            optional,
        ),
        f"{kind}.answered": LogEvent(
            f"the other party's officer answered the {kind}",
            _ANSWERED,
            _ANSWER_FIELDS,
            (*_ANSWER_EXTRAS, *optional),
        ),
    }


LOG_EVENTS = {
    "notice.sent": LogEvent(
        "a party put a flight notice into its journal",
        _SENT,
        (*_RECORD, "message", "notice", "revision", "precedence", "category", "text"),
        ("to",),
    ),
    "notice.revised": LogEvent(
        "a party put the next revision of a notice into its journal; it supersedes the last",
        _SENT,
        (*_RECORD, "message", "notice", "revision", "precedence", "category", "text"),
        ("to",),
    ),
    "notice.received": LogEvent(
        "the other party's station has the notice on disk and shows it to its officer",
        (*_DELAYED, *_SENT),
        (*_RECORD, "message", "notice", "revision", "precedence", "category", "text"),
        ("to", *_DELAYED_FIELDS),
    ),
    "notice.delivered": LogEvent(
        "the author knows that the other station has the notice on disk (the receipt)",
        ("{message}", "to {to}", "after {after}"),
        (*_RECORD, "message", "notice", "to", "after"),
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
        (*_RECORD, "message", "notice", "text"),
        ("to", "precedence"),
    ),
    "cancel.received": LogEvent(
        "the other party's station has the cancellation on disk",
        (*_DELAYED, "{message}", "to {to}", "– {text}"),
        (*_RECORD, "message", "notice", "text"),
        ("to", "precedence", *_DELAYED_FIELDS),
    ),
    "cancel.delivered": LogEvent(
        "the author knows that the other station has the cancellation on disk",
        ("{message}", "to {to}", "after {after}"),
        (*_RECORD, "message", "notice", "to", "after"),
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
        (*_RECORD, "officer", "spoke_with", "text"),
        ("message", "notice", "answer", "reason", "expected_at"),
    ),
    "voice.waiting": LogEvent(
        "an answer by voice came before the message that it refers to; it counts once that is here",
        ("{answer}", "to {message}", "by voice, {officer} with {spoke_with}"),
        (*_RECORD, "message", "officer", "spoke_with", "text", "answer"),
        ("reason", "expected_at"),
    ),
    "handover.said": LogEvent(
        "a party says who is on watch at its desk",
        ("{officer} is on watch", "until {until}", "– deputy {deputy}"),
        (*_RECORD, "officer", "until"),
        ("deputy",),
    ),
    "reply.waiting": LogEvent(
        "an answer came before the message that it refers to; it counts once that is here",
        ("{answer}", "to {message}", "by {officer}"),
        (*_RECORD, "message", "to", "answer"),
        ("officer",),
    ),
    "reply.delivered": LogEvent(
        "the officer's station knows that its answer is on the other's disk",
        ("{record}", "to {to}"),
        (*_RECORD, "to"),
    ),
    "flight.active": LogEvent(
        "the window of a notice opens",
        ("{message}:", "its window opens", "({answer})", "– {text}"),
        (*_RECORD, "message", "notice", "phase", "text"),
        ("answer",),
    ),
    "flight.unanswered": LogEvent(
        "the window of a notice opens and nobody has answered it: the worst that can happen here",
        ("{message}:", "ITS WINDOW OPENS AND NOBODY HAS ANSWERED", "({answer})", "– {text}"),
        (*_RECORD, "message", "notice", "phase", "text"),
        ("answer",),
    ),
    "flight.offnominal": LogEvent(
        "a flight that is in its window was stopped, or revised",
        ("{message}:", "does not go as it was said", "({answer})", "– {text}"),
        (*_RECORD, "message", "notice", "phase", "text"),
        ("answer",),
    ),
    "flight.ended": LogEvent(
        "the window of a notice is over, or the notice was cancelled while it was open",
        ("{message}:", "{phase}", "({answer})", "– {text}"),
        (*_RECORD, "message", "notice", "phase", "text"),
        ("answer",),
    ),
    "channel.availability": LogEvent(
        "a UTC day is over: how much of it the party could be heard, as far as anybody watched",
        (
            "{day}:",
            "heard {heard_percent} of the day,",
            "silent by its own word {declared_percent}",
        ),
        (*_STATION, "day", "heard", "heard_percent", "declared", "declared_percent"),
    ),
    "flag.raised": LogEvent(
        "a watchdog found a rule broken",
        ("▲ {level}", "{rule}", "{detail}"),
        (*_RECORD, "rule", "subject", "level", "due", "detail"),
        ("notice",),
    ),
    "flag.cleared": LogEvent(
        "what a watchdog had flagged holds no more",
        ("{rule}", "{message}:", "{reason}"),
        (*_RECORD, "rule", "subject", "message", "reason"),
        ("notice", "late_ms"),
    ),
    "record.invalid": LogEvent(
        "a record makes no sense; it is kept, and changes nothing",
        ("{record}:", "{reason}"),
        (*_RECORD, "reason"),
    ),
    "record.adopted": LogEvent(
        "somebody spoke in this station's name while it ran or was away; its journal takes it in",
        ("{record}", "was said in our name"),
        _RECORD,
    ),
    "record.refused": LogEvent(
        "what came in cannot be taken and was dropped",
        ("{topic}:", "{reason}"),
        ("line", "told_by", "station", "topic", "reason"),
    ),
    "station.started": LogEvent(
        "a station has read its journal and goes on the line",
        ("{records} records in", "{state}"),
        (*_STATION, "state", "records"),
    ),
    "station.online": LogEvent("a station can be heard", ("is on the line",), _STATION),
    "station.silent": LogEvent(
        "a station cannot be heard any more", ("{reason}",), (*_STATION, "reason")
    ),
    "station.stopped": LogEvent("a station left the line", ("has left the line",), _STATION),
    "station.failed": LogEvent(
        "a station had to give up; it acknowledges nothing more",
        ("{reason}",),
        (*_STATION, "reason"),
    ),
    "desk.failed": LogEvent(
        "a station goes on without a desk, since its socket cannot be made",
        ("{reason}",),
        (*_STATION, "reason"),
    ),
    "link.up": LogEvent("a station is connected to the broker", ("connected",), _STATION),
    "link.down": LogEvent(
        "a station lost the broker; it reconnects by itself", ("{reason}",), (*_STATION, "reason")
    ),
    "gap.found": LogEvent(
        "records of a journal are known to exist that this station does not hold; it asks for them",
        ("of {of}:", "held to {held}, known to {known}"),
        (*_STATION, "of", "held", "known"),
    ),
    "gap.repaired": LogEvent(
        "what was missing has come in",
        ("of {of}:", "all from {held} to {upto} is here"),
        (*_STATION, "of", "held", "upto"),
    ),
    "fork.found": LogEvent(
        "somebody shows another record under a number than this station holds; neither is merged",
        ("{reason}",),
        (*_STATION, "of", "by", "reason"),
    ),
    "fork.healed": LogEvent(
        "whoever showed another record shows the same as this station again",
        ("of {of}:", "{by} shows the same again"),
        (*_STATION, "of", "by"),
    ),
    "clock.skewed": LogEvent(
        "a station's clock differs from this one's by more than the line tolerates",
        ("{of} is {ahead_ms} ms ahead",),
        (*_STATION, "of", "ahead_ms"),
    ),
    "clock.agrees": LogEvent(
        "a station's clock agrees with this one's again", ("with {of}",), (*_STATION, "of")
    ),
    "clock.jumped": LogEvent(
        "somebody set this station's clock; its deadlines stay where they were",
        ("by {by_ms} ms",),
        (*_STATION, "by_ms"),
    ),
    "broker.started": LogEvent(
        "a private broker was started", ("{broker}", "at {url}"), ("broker", "url")
    ),
    "broker.used": LogEvent(
        "a broker that was there is used", ("{broker}", "at {url}"), ("broker", "url")
    ),
    "broker.stopped": LogEvent("the private broker was stopped", ("{broker}",), ("broker",)),
    "path.measured": LogEvent(
        "how fast a record gets through disk and broker, and so how fast time may run",
        ("{path_ms} ms through disk and broker:", "sound up to speed {highest_speed}"),
        ("path_ms", "highest_speed"),
    ),
    "tail.started": LogEvent("a line, or every line, is followed", ("{url}",), ("url",), ("line",)),
    "scenario.started": LogEvent(
        "a scenario begins",
        ("{title}", "({duration}, speed {speed}, seed {seed})", "SIMULATED"),
        ("line", "title", "duration", "speed", "seed"),
    ),
    "scenario.desk": LogEvent(
        "a party of the scenario is played by a person, at this desk",
        ("{station} is yours:", "export HOTLINE_DESK={state}"),
        ("line", "station", "state"),
    ),
    "scenario.cue": LogEvent(
        "what the scenario would have the person say now, as a command",
        ("your turn:", "{text}"),
        ("line", "station", "text"),
    ),
    "scenario.note": LogEvent("the scenario's own narration", ("{text}",), ("line", "text")),
    "scenario.fault": LogEvent(
        "the scenario makes something go wrong", ("{text}",), ("line", "text")
    ),
    "scenario.interrupted": LogEvent(
        "the run was stopped early", ("{reason}",), ("line", "reason")
    ),
    "scenario.ended": LogEvent("a scenario is over", ("verdict: {verdict}",), ("line", "verdict")),
    "expectation.met": LogEvent(
        "what the scenario expects came true",
        ("{expectation}", "({detail})"),
        ("line", "expectation", "line_number", "detail"),
    ),
    "expectation.failed": LogEvent(
        "what the scenario expects did not come true",
        ("{expectation}", "({detail})"),
        ("line", "expectation", "line_number", "detail"),
    ),
}


def page() -> str:
    """The documentation page of the log stream, in Markdown."""
    lines = [
        "# The log stream",
        "",
        "On a terminal the log is a coloured story; piped, it is one JSON object a line (or say",
        "`--log-format console|json`). Both tell the same events. Logs go to stderr.",
        "",
        "<!-- Written by `python -m hotline.log_events > docs/log-events.md`; a test compares. -->",
        "",
        "## Events",
        "",
        f"Every line has {', '.join(f'`{name}`' for name in ALWAYS)}.",
        "Fields in *italics* are there when there is something to say.",
        "",
        "| event | means | fields |",
        "|---|---|---|",
    ]
    for name, event in LOG_EVENTS.items():
        fields = [f"`{field}`" for field in event.fields]
        fields += [f"*`{field}`*" for field in event.optional]
        lines.append(f"| `{name}` | {event.means} | {' '.join(fields)} |")
    lines += ["", "## Fields", "", "| field | means |", "|---|---|"]
    lines += [f"| `{name}` | {means} |" for name, means in FIELDS.items()]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(page(), end="")  # noqa: T201 -- the page is what the command is for
