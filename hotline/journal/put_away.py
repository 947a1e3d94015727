"""What is put away, as it is written into the shelf's tables and read again."""

import json
from dataclasses import fields
from operator import attrgetter

from pydantic import TypeAdapter

from hotline.bodies import Flag, Ref
from hotline.picture.declared import Declared
from hotline.picture.doubts import Doubt, End
from hotline.picture.flagged import FlagEntry
from hotline.picture.message import Message, Wait
from hotline.picture.past import AnsweredCheck

DECLARED = TypeAdapter(dict[str, Declared])
CHECKS = TypeAdapter(dict[str, tuple[Ref, ...]])
ANSWERED_CHECKS = TypeAdapter(dict[str, AnsweredCheck])
_MESSAGE = TypeAdapter(Message)
_DOUBT = TypeAdapter(tuple[Wait, list[End]])
_FIELDS = [field.name for field in fields(Message)]
_values = attrgetter(*_FIELDS)
_encode = json.JSONEncoder(ensure_ascii=False).encode


def write_message(message: Message) -> str:
    """A message as it is put away."""
    return _encode(_values(message))


def read_message(state: str) -> Message:
    """A message that was put away."""
    return _MESSAGE.validate_python(dict(zip(_FIELDS, json.loads(state), strict=True)))


def write_flag(entry: FlagEntry) -> str:
    """One level of a flag as it is put away."""
    return json.dumps([entry.flag.model_dump_json(), entry.raised_ms, entry.cleared_ms])


def read_flag(ref: Ref, state: str) -> FlagEntry:
    """One level of a flag that was put away, and the record that raised it."""
    flag, raised_ms, cleared_ms = json.loads(state)
    return FlagEntry(ref, Flag.model_validate_json(flag), raised_ms, cleared_ms)


def write_doubt(doubt: Doubt) -> str:
    """What a watchdog is not sure of, as it is put away."""
    return json.dumps([doubt.waited, doubt.ends])


def read_doubt(ref: Ref, state: str) -> Doubt:
    """What a watchdog was not sure of, and the message that it is about."""
    return Doubt(ref, *_DOUBT.validate_json(state))
