"""Every event of the log stream: its name, what it means, its fields, and how a console tells it.

The events of messages are in `hotline.logs.log_messages`.
"""

from hotline.logs.log_fields import FLAG, FLAGGED_MESSAGE, RECORD, STATION, LogEvent
from hotline.logs.log_messages import MESSAGES


def _flight(means: str, says: str) -> LogEvent:
    """An event of the flight of a notice."""
    phrase = ("{message}:", says, "({answer})", "– {text}")
    return LogEvent(means, phrase, (*RECORD, "message", "notice", "phase", "text"), ("answer",))


def _expectation(means: str) -> LogEvent:
    """The outcome of an expectation."""
    phrase = ("{expectation}", "({detail})")
    return LogEvent(means, phrase, ("line", "expectation", "line_number", "detail"))


LOG_EVENTS = {
    **MESSAGES,
    "flight.active": _flight("the window of a notice opens", "its window opens"),
    "flight.unanswered": _flight(
        "the window of a notice opens and nobody has answered it: the worst that can happen",
        "ITS WINDOW OPENS AND NOBODY HAS ANSWERED",
    ),
    "flight.offnominal": _flight(
        "a flight is stopped or revised in its window, or its window opens after a stop",
        "is not going as announced",
    ),
    "flight.ended": _flight(
        "the window of a notice is over, or the notice was cancelled while it was open",
        "{phase}",
    ),
    "channel.availability": LogEvent(
        "a UTC day is over: how much of it the party could be heard, as far as anybody watched",
        (
            "{day}:",
            "heard {heard_percent} of the day,",
            "silent by its own word {declared_percent}",
        ),
        (*STATION, "day", "heard", "heard_percent", "declared", "declared_percent"),
    ),
    "flag.raised": LogEvent(
        "a watchdog found a rule broken",
        ("▲ {level}", "{rule}", "{detail}"),
        (*RECORD, *FLAG, "level", "due", "detail"),
        FLAGGED_MESSAGE,
    ),
    "flag.standing": LogEvent(
        "a flag stands that was raised before the tail began",
        ("▲ {level}", "{rule}", "{detail}"),
        (*STATION, *FLAG, "level", "due", "detail"),
        FLAGGED_MESSAGE,
    ),
    "flag.cleared": LogEvent(
        "what a watchdog had flagged no longer holds",
        ("{rule}", "{message|subject}:", "{reason}"),
        (*RECORD, *FLAG, "reason"),
        (*FLAGGED_MESSAGE, "late_ms"),
    ),
    "record.invalid": LogEvent(
        "a record makes no sense; it is kept, and changes nothing",
        ("{record}:", "{reason}", "({detail})"),
        (*RECORD, "reason"),
        ("detail",),
    ),
    "record.adopted": LogEvent(
        "somebody spoke in this station's name while it ran or was away; its journal takes it in",
        ("{record}", "was said in our name"),
        RECORD,
    ),
    "record.refused": LogEvent(
        "something that came in could not be taken and was dropped",
        ("{topic}:", "{reason}"),
        (*STATION, "topic", "reason"),
    ),
    "log.gap": LogEvent(
        "the log could not be written for a while; lines are missing before this one",
        ("{lines} lines could not be written",),
        ("lines",),
    ),
    "station.started": LogEvent(
        "a station has read its journal and goes on the line",
        ("{records} records in", "{state}"),
        (*STATION, "state", "records"),
    ),
    "station.online": LogEvent(
        "a station can be heard; told of each when this one starts, or has its link back",
        ("is on the line",),
        STATION,
    ),
    "station.silent": LogEvent(
        "a station can no longer be heard", ("{reason}",), (*STATION, "reason")
    ),
    "station.stopped": LogEvent("a station left the line", ("has left the line",), STATION),
    "station.failed": LogEvent(
        "a station had to give up; it acknowledges nothing more",
        ("{reason}",),
        (*STATION, "reason"),
    ),
    "line.refused": LogEvent(
        "a file in a directory of lines is wrong: that line is not watched until the next start",
        ("{reason}",),
        ("reason",),
    ),
    "desk.failed": LogEvent(
        "a station goes on without a desk: its socket cannot be made, or its journal not read",
        ("{reason}",),
        (*STATION, "reason"),
    ),
    "link.up": LogEvent("a station is connected to the broker", ("connected",), STATION),
    "link.down": LogEvent(
        "a station lost the broker, or learned anew why it does not come back; it tries by itself",
        ("{reason}",),
        (*STATION, "reason"),
    ),
    "link.unheard": LogEvent(
        "what a station says of itself does not come back: it is not heard, or hears nothing",
        ("its own words do not come back: does the broker's access list let it write and read?",),
        STATION,
    ),
    "link.heard": LogEvent(
        "what a station says of itself comes back again",
        ("what it says comes back again",),
        STATION,
    ),
    "gap.found": LogEvent(
        "records of a journal are known to exist that this station does not hold; it asks for them",
        ("of {of}:", "held up to {held}, known up to {known}"),
        (*STATION, "of", "held", "known"),
    ),
    "gap.repaired": LogEvent(
        "the missing records have come in",
        ("of {of}:", "all after {held} up to {upto} is here"),
        (*STATION, "of", "held", "upto"),
    ),
    "gap.withdrawn": LogEvent(
        "nobody claims any longer that the missing records exist",
        ("of {of}:", "nothing is missing after {held}"),
        (*STATION, "of", "held"),
    ),
    "fork.found": LogEvent(
        "somebody shows another record under a number that this station holds; neither is merged",
        ("{reason}",),
        (*STATION, "of", "by", "reason"),
    ),
    "fork.healed": LogEvent(
        "the station that showed another record shows the same as this one again",
        ("of {of}:", "{by} shows the same records again"),
        (*STATION, "of", "by"),
    ),
    "clock.skewed": LogEvent(
        "a station's clock differs from this one's by more than the line tolerates",
        ("{of} differs by {ahead_ms} ms",),
        (*STATION, "of", "ahead_ms"),
    ),
    "clock.agrees": LogEvent(
        "a station's clock agrees with this one's again", ("with {of}",), (*STATION, "of")
    ),
    "clock.jumped": LogEvent(
        "somebody set this station's clock; its deadlines stay where they were",
        ("by {by_ms} ms",),
        (*STATION, "by_ms"),
    ),
    "broker.started": LogEvent(
        "a private broker was started", ("{broker}", "at {url}"), ("broker", "url")
    ),
    "broker.used": LogEvent(
        "a broker that was already there is used, or memory instead of one",
        ("{broker}", "at {url}"),
        ("broker",),
        ("url",),
    ),
    "broker.swept": LogEvent(
        "what a broker still retained of the line was removed, so that a run begins anew",
        ("{topics} retained messages of {line}",),
        ("line", "topics"),
    ),
    "broker.ended": LogEvent(
        "the private broker was killed, which ends the run", ("{broker}",), ("broker",)
    ),
    "broker.stopped": LogEvent("the private broker was stopped", ("{broker}",), ("broker",)),
    "path.measured": LogEvent(
        "how fast a record gets through disk and broker, and so how fast time may run",
        ("{path_ms} ms through disk and broker:", "sound up to speed {highest_speed}"),
        ("path_ms", "highest_speed"),
    ),
    "tail.started": LogEvent("a line, or every line, is followed", ("{url}",), ("url",), ("line",)),
    "tail.quiet": LogEvent(
        "nobody has been heard since the tail began",
        (
            "nobody was heard for {after}: are the line's name and its broker right?",
            "Heard there instead: {others}",
        ),
        ("after",),
        ("others",),
    ),
    "tail.cut": LogEvent(
        "the tail lost the broker, or learned anew why it does not come back; it tries by itself",
        ("nothing is heard: {reason}",),
        ("reason",),
    ),
    "tail.restored": LogEvent(
        "the tail hears again; what was said meanwhile is told if it is replayed to others",
        ("heard again",),
        (),
    ),
    "tail.unheard": LogEvent(
        "a party that the tail should follow is on none of the lines that it hears",
        ("{party} is not there; heard: {others}",),
        ("party", "others"),
    ),
    "tail.missed": LogEvent(
        "records were said that did not reach the tail, nor did a replay of them",
        ("of {of}:", "nothing after {held} up to {upto} came in"),
        ("line", "told_by", "of", "held", "upto"),
    ),
    "scenario.started": LogEvent(
        "a scenario begins",
        ("{title}", "({duration}, speed {speed}, seed {seed})", "SIMULATED"),
        ("line", "title", "duration", "speed", "seed"),
    ),
    "scenario.desk": LogEvent(
        "a party of the scenario is played by a person, at this desk",
        ("{station} is yours; in another terminal:",),
        ("line", "station", "state"),
        command="export HOTLINE_DESK={state!q}; hotline desk",
    ),
    "scenario.cue": LogEvent(
        "what the scenario wants the person to say now, as a command",
        ("your turn:", "about {message}"),
        ("line", "station", "text"),
        ("message",),
        command="{text}",
    ),
    "scenario.note": LogEvent("the scenario's own narration", ("{text}",), ("line", "text")),
    "scenario.fault": LogEvent(
        "the scenario makes something go wrong", ("{text}",), ("line", "text")
    ),
    "scenario.unsaid": LogEvent(
        "what a party should answer never came in, so the script's answer was not given",
        ("{text}",),
        ("line", "station", "text"),
    ),
    "scenario.interrupted": LogEvent(
        "the run was stopped early", ("{reason}",), ("line", "reason")
    ),
    "scenario.ended": LogEvent("a scenario is over", ("verdict: {verdict}",), ("line", "verdict")),
    "expectation.met": _expectation("what the scenario expects came true"),
    "expectation.failed": _expectation("what the scenario expects did not come true"),
    "expectation.unknown": _expectation(
        "the run was stopped before anybody could know whether this comes true"
    ),
}
