"""What is put away, as it is written into the shelf's tables and read again."""

import json
from dataclasses import fields
from enum import StrEnum
from operator import attrgetter
from typing import Any

from hotline.bodies import Answer, Flag, Ref
from hotline.notice import Activity, Precedence
from hotline.picture.declared import Declared, Suspension, Watch
from hotline.picture.doubts import Doubt, End
from hotline.picture.flagged import FlagEntry
from hotline.picture.lifecycle import Answering, Asks, Attendance, Standing
from hotline.picture.message import Message, Spoken, Wait

_FIELDS = [field.name for field in fields(Message)]
_values = attrgetter(*_FIELDS)
_ENUMS: dict[str, type[StrEnum]] = {
    "asks": Asks,
    "activity": Activity,
    "precedence": Precedence,
    "standing": Standing,
    "answering": Answering,
    "answer": Answer,
}
_REFS = ("ref", "answered_by", "previous")
_encode = json.JSONEncoder(ensure_ascii=False).encode


def write_message(message: Message) -> str:
    """A message as it is put away."""
    return _encode(_values(message))


def read_message(state: str) -> Message:
    """A message that was put away."""
    values: dict[str, Any] = dict(zip(_FIELDS, json.loads(state), strict=True))
    for name, enum in _ENUMS.items():
        if values[name] is not None:
            values[name] = enum(values[name])
    for name in _REFS:
        if values[name] is not None:
            values[name] = Ref(*values[name])
    if values["voice"] is not None:
        is_final, at_ms, ref, answer, by, expected_ms = values["voice"]
        values["voice"] = Spoken(is_final, at_ms, Ref(*ref), Answer(answer), by, expected_ms)
    return Message(**values)


def write_flag(entry: FlagEntry) -> str:
    """One level of a flag as it is put away."""
    return json.dumps([entry.flag.model_dump_json(), entry.raised_ms, entry.cleared_ms])


def read_flag(ref: Ref, state: str) -> FlagEntry:
    """One level of a flag that was put away, and the record that raised it."""
    flag, raised_ms, cleared_ms = json.loads(state)
    return FlagEntry(ref, Flag.model_validate_json(flag), raised_ms, cleared_ms)


def read_declared(values: list[Any]) -> Declared:
    """What a party has said of itself."""
    attendance, suspensions, watch = values
    return Declared(
        Attendance(attendance),
        tuple(Suspension(Ref(*each[0]), *each[1:]) for each in suspensions),
        watch and Watch(Ref(*watch[0]), *watch[1:]),
    )


def write_doubt(doubt: Doubt) -> str:
    """What a watchdog is not sure of, as it is put away."""
    return json.dumps([doubt.waited, doubt.ends])


def read_doubt(ref: Ref, state: str) -> Doubt:
    """What a watchdog was not sure of, and the message that it is about."""
    waited, ends = json.loads(state)
    read = [
        End(at_ms, how, is_answer, begins and Wait(*begins))
        for at_ms, how, is_answer, begins in ends
    ]
    return Doubt(ref, Wait(*waited), read)
