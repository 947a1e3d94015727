"""What a line of the log stream is made of: its fields, and how an event declares them."""

from dataclasses import dataclass

FIELDS = {
    "wall": "the machine's UTC time, when the line was logged",
    "at": "the line's own time: in a scenario the scenario's, else, and in a tail, the same as"
    " `wall`",
    "severity": "how loud the log line is: debug, info, warning, error, critical",
    "event": "the dotted name, one of those above",
    "line": "the line's name",
    "told_by": "the station (or tool) that logged it",
    "station": "whose act or state it is",
    "record": "the record concerned: its author and number, `tur/42`",
    "notice": "the author's name for a flight notice, `TUR-014`",
    "revision": "which revision of it, from 1",
    "message": "the message that it is about, as people call it: `TUR-014 rev 2`, `check tur/7`; if"
    " that was not heard, its record: `record tur/42`",
    "precedence": "FLASH, IMMEDIATE, PRIORITY or ROUTINE",
    "category": "what is asked: `request` (a decision) or `information` (a roger)",
    "to": "the other party",
    "delayed": "how long it took from its saying to this line",
    "sent_at": "when it was said",
    "expired": "when its window closed, if that was before it came in",
    "text": "the message in a few words",
    "answer": "ROGER, ACCEPT, REJECT or STANDBY",
    "officer": "who answered, telephoned or is on watch",
    "deputy": "who is called when the officer on watch does not answer",
    "spoke_with": "the person to whom the officer spoke by telephone",
    "until": "when a watch ends",
    "reason": "why; for a record that makes no sense, a code: `bad_body`",
    "lines": "how many lines of the log are missing",
    "expected_at": "when a STANDBY promises the answer",
    "after": "how long it took, `1m05s`",
    "day": "the UTC day, `2026-01-12`",
    "heard": "the share of it in which the party could be heard, 0 to 1",
    "heard_percent": "the same for people",
    "declared": "the share of it in which the party was silent by its own word, 0 to 1",
    "declared_percent": "the same for people",
    "party": "the party to follow",
    "others": "what can be heard instead: lines, or stations",
    "phase": "how far the flight is: planned, active, off_nominal, ended, ended_early, called_off",
    "rule": "which rule: undelivered, unanswered, late_notice, degraded, silent, blind, fork,"
    " clock_skew or invalid",
    "subject": "what a flag is about: a record (`tur/42`) or a station",
    "level": "how bad a flag is: WARNING, ALARM, VOICE_REQUIRED",
    "due": "the deadline that passed; where there is none, when it was noticed",
    "detail": "more about it in a few words",
    "late_ms": "by how many milliseconds an answer missed its deadline",
    "of": "the station whose journal or clock it is",
    "by": "the station that shows it",
    "ahead_ms": "by how much a clock is ahead (negative: behind), in ms",
    "by_ms": "by how much a clock was set forward (negative: back), in ms",
    "held": "how far this station has it",
    "known": "how far it is known to go",
    "upto": "how far it goes now",
    "topic": "the MQTT topic that it came on",
    "broker": "the broker's name and version",
    "url": "where it listens",
    "state": "the directory with the station's journal",
    "records": "how many records of all stations the journal has had, pruned ones too",
    "topics": "how many messages a broker had retained",
    "title": "the scenario's title",
    "seed": "what the run's randomness was drawn from",
    "speed": "how many times faster than life it is played",
    "duration": "how long the scenario is",
    "path_ms": "how long a record takes through disk and broker (nine in ten are faster), in ms",
    "highest_speed": "the highest speed at which that is still within the line's grace",
    "expectation": "what the scenario expects, in words",
    "line_number": "where in the scenario file it says so",
    "verdict": "pass, fail, or stopped: nothing has failed yet, but not all is known",
}

ALWAYS = ("wall", "at", "severity", "event")
# What a line about a record has besides, if that is not fresh.
LATE = ("delayed", "sent_at")
LATE_PHRASE = "DELAYED by {delayed}, sent {sent_at}:"

QUOTED = "q"


@dataclass(frozen=True, slots=True)
class LogEvent:
    """One event.

    `phrase` is how a console tells it: its parts are formatted and joined; a part that lacks a
    field is left out. `{message|subject}` is the first of these that is there.
    `optional` fields are there when there is something to say.
    `command` is the end of the phrase, to be typed into a shell, for which `{state!q}` is quoted.
    """

    means: str
    phrase: tuple[str, ...]
    fields: tuple[str, ...]
    optional: tuple[str, ...] = ()
    command: str = ""


STATION = ("line", "told_by", "station")
RECORD = (*STATION, "record")
# Which flag it is, the same from its raising to its clearing; and its message, if it has one.
FLAG = ("rule", "subject")
FLAGGED_MESSAGE = ("message", "notice")
