"""What the parties of a simulated run say of their own accord."""

from collections.abc import Iterator

from hotline.bodies import Body, Cancel, Check, Kind
from hotline.lifecycle import Standing
from hotline.notice import Activity, Category, FlightNotice, Precedence, Volume4D
from hotline.picture import Picture
from sim.plan import Word

_AREA = {"outline_circle": {"center": {"lat": 36, "lng": 38}, "radius": {"value": 5000}}}


def body_of(word: Word, picture: Picture, numbers: Iterator[int]) -> tuple[Kind, Body] | None:
    """What a party says; None for a revision or cancellation when it has said nothing."""
    if word.what == "check":
        return Kind.CHECK, Check()
    mine = [m for m in picture.messages.values() if m.ref.station == word.who and m.revision]
    current = [m for m in mine if m.standing is Standing.CURRENT]
    last = max(current, key=lambda m: m.ref.seq, default=None)
    if word.what == "notice":
        number = next(numbers)
        return Kind.NOTICE, _flight(f"{word.who.upper()}-{number}", 1, word)
    if last is None or last.notice is None or last.revision is None:
        return None
    if word.what == "cancel":
        return Kind.CANCEL, Cancel(notice=last.notice)
    return Kind.NOTICE, _flight(last.notice, last.revision + 1, word)


def _flight(notice: str, revision: int, word: Word) -> FlightNotice:
    return FlightNotice(
        notice=notice,
        revision=revision,
        precedence=Precedence(word.precedence),
        category=Category.REQUEST if word.at_ms % 2 else Category.INFORMATION,
        activity=Activity.SURVEY,
        aircraft_identification="TUR014",
        aircraft_type="C30J",
        volumes=(Volume4D.model_validate({"volume": _AREA}),),
    )
