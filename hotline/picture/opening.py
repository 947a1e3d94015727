"""The messages that records open: one function for each kind that asks for an answer."""

from hotline.bodies import Cancel, Check, Resume, Stop, Suspend
from hotline.notice import Category, FlightNotice, Precedence
from hotline.picture.lifecycle import Asks
from hotline.picture.message import Message
from hotline.records import Record
from hotline.times import format_instant

Call = Stop | Check | Suspend | Resume


def from_notice(record: Record, body: FlightNotice) -> Message:
    """The message that a notice opens."""
    count = f"{body.aircraft_count} × " if body.aircraft_count > 1 else ""
    return Message(
        ref=record.ref,
        kind=record.kind,
        at_ms=record.at_ms,
        asks=Asks.DECISION if body.category is Category.REQUEST else Asks.ROGER,
        activity=body.activity,
        precedence=body.precedence,
        notice=body.notice,
        revision=body.revision,
        starts_ms=body.starts_ms,
        ends_ms=body.ends_ms,
        text=f"{body.activity} {count}{body.aircraft_type} {body.aircraft_identification}",
        waits_since_ms=record.at_ms,
    )


def from_cancel(record: Record, body: Cancel, cancelled: Message | None) -> Message:
    """The message that a cancellation opens; `cancelled` is the notice's last revision."""
    message = _confirmed(record, body.reason or "no reason given")
    message.notice = body.notice
    if cancelled:
        # Taking a word back is as urgent as the word was.
        message.precedence = cancelled.precedence
        message.starts_ms, message.ends_ms = cancelled.starts_ms, cancelled.ends_ms
    return message


def from_call(record: Record, body: Call) -> Message:
    """The message that a stop, a check, a suspension or a resumption opens."""
    match body:
        case Stop():
            message = _confirmed(record, body.text)
            message.notice, message.precedence = body.notice, Precedence.FLASH
            return message
        case Check():
            return _confirmed(record, body.remarks or "comm check")
        case Suspend():
            until = (
                f" until {format_instant(body.until)[:16].replace('T', ' ')}Z" if body.until else ""
            )
            return _confirmed(record, f"{body.reason or 'no reason given'}{until}")
        case Resume():
            return _confirmed(record, body.reason or "attended again")


def _confirmed(record: Record, text: str) -> Message:
    """A message that the other party need only confirm."""
    return Message(
        ref=record.ref,
        kind=record.kind,
        at_ms=record.at_ms,
        asks=Asks.CONFIRMATION,
        text=text,
        waits_since_ms=record.at_ms,
    )
