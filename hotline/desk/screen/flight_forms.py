"""The forms that speak of flights: a new notice, and the revision of one of ours."""

from dataclasses import replace

from hotline.desk import areas, drafts
from hotline.desk.drafts import Fields
from hotline.desk.moments import moment_ms
from hotline.desk.screen.form import Answers, Plan, Wrong
from hotline.desk.screen.questions import Question, Read, number
from hotline.desk.screen.talk_forms import Talk
from hotline.files.mistakes import FileError, by_place
from hotline.notice import Activity, Category, FlightNotice, Precedence


def _designator(name: str) -> Read:
    return lambda typed, _now_ms: drafts.designator(name, typed)


def _kept(read: Read) -> Read:
    """What can be read, kept as it was typed: the draft reads it."""

    def look_at(typed: str, now_ms: int) -> str:
        read(typed, now_ms)
        return typed

    return look_at


_WHEN = _kept(moment_ms)
_WHERE = _kept(lambda typed, _now_ms: areas.outline(typed))
_HEIGHT = _kept(lambda typed, _now_ms: areas.length(typed))
_QUESTIONS = (
    Question("category", "Category", needed=True, choices=tuple(Category)),
    Question("precedence", "Precedence", needed=True, choices=tuple(Precedence)),
    Question("activity", "Activity", needed=True, choices=tuple(Activity)),
    Question(
        "callsign",
        "Callsign",
        "e.g. ABC014",
        needed=True,
        read=_designator("aircraft_identification"),
    ),
    Question(
        "type", "Aircraft type", "e.g. C30J (ICAO)", needed=True, read=_designator("aircraft_type")
    ),
    Question("count", "How many", "1 if left empty", read=number(int, "a whole number")),
    Question(
        "where",
        "Where",
        "e.g. 34.52,37.63,8km, or corners LAT,LNG LAT,LNG LAT,LNG",
        needed=True,
        read=_WHERE,
    ),
    Question(
        "above", "From height", "e.g. 2000m or 6500ft; the ground if left empty", read=_HEIGHT
    ),
    Question(
        "below", "Up to height", "e.g. 6500m or 21000ft; no limit if left empty", read=_HEIGHT
    ),
    Question(
        "from_", "From", "e.g. 14:30 (UTC), +1h, 2026-01-12T14:30:00Z", needed=True, read=_WHEN
    ),
    Question(
        "until", "Until", "e.g. 15:00 (UTC), +2h, 2026-01-12T15:00:00Z", needed=True, read=_WHEN
    ),
    Question("remarks", "Remarks"),
)
# The question for the field that a mistake names; the longest beginning counts.
_QUESTION_OF = {
    "category": "category",
    "precedence": "precedence",
    "activity": "activity",
    "aircraft_identification": "callsign",
    "aircraft_type": "type",
    "aircraft_count": "count",
    "remarks": "remarks",
    "notice": "id",
    "volumes": "where",
    "volumes[0]": "until",
    "volumes[0].time_start": "from_",
    "volumes[0].volume": "below",
    "volumes[0].volume.outline": "where",
    "volumes[0].volume.altitude_lower": "above",
}
_NEEDED = {"category", "precedence", "activity", "callsign", "type", "where"}
_OF_THE_PLACE = {"where", "above", "below", "from_", "until"}


def notify(talk: Talk) -> Plan:
    """The form for a new notice."""

    async def say(answers: Answers) -> str:
        draft = _draft(answers, talk.now_ms())
        return await talk.say(do="notify", notice=draft)

    named = Question("id", "Name", "it gets one if left empty")
    return Plan("Flight notice", "", "Say it", [*_QUESTIONS, named], say, confirm=True)


def revise(talk: Talk, name: str, last: Fields) -> Plan:
    """The form for the next revision of our notice of that name, given its last fields."""
    volumes = last["volumes"]
    is_simple = len(volumes) == 1
    values = _values(last)
    questions = [
        replace(question, value=values.get(question.name, ""), needed=question.name in _NEEDED)
        for question in _QUESTIONS
        if is_simple or question.name not in _OF_THE_PLACE
    ]

    async def say(answers: Answers) -> str:
        before = {} if is_simple else {"volumes": volumes}
        draft = _draft(answers, talk.now_ms(), before)
        change = {
            field: draft.get(field)
            for field in FlightNotice.model_fields
            if field not in ("notice", "revision") and draft.get(field) != last.get(field)
        }
        if not change:
            raise Wrong({"": "nothing differs from the last revision"})
        return await talk.say(do="revise", notice=name, revision=last["revision"], change=change)

    about = "" if is_simple else f"Its {len(volumes)} volumes stay as they are."
    return Plan(f"Revise {name}", about, "Say the revision", questions, say, confirm=True)


def _draft(answers: Answers, now_ms: int, before: Fields | None = None) -> Fields:
    """The fields of the notice that was typed, with those that it had before.

    Raises:
        Wrong: it is not a notice; with what is wrong at each question.
    """
    try:
        flight = _flight(answers)
        draft = drafts.draft(None, flight, answers.get("id"), now_ms)
        draft = replace(draft, fields={**(before or {}), **draft.fields})
        draft.require_whole()
    except FileError as error:
        raise Wrong(_by_question(error)) from None
    return draft.fields


def _flight(answers: Answers) -> drafts.Flight:
    given = {name: value for name, value in answers.items() if name not in ("id", "where")}
    where = answers.get("where")
    if where is None:
        return drafts.Flight(**given)
    outline = "circle" if "outline_circle" in areas.outline(where) else "polygon"
    return drafts.Flight(**given, **{outline: where})


def _by_question(error: FileError) -> dict[str, str]:
    wrong: dict[str, str] = {}
    for mistake in error.mistakes:
        question = by_place(mistake.field, _QUESTION_OF)
        wrong[question] = mistake.says if question else f"{mistake.field}: {mistake.says}"
    return wrong


def _values(last: Fields) -> dict[str, str]:
    """What a notice says, as a person would type it."""
    volume = last["volumes"][0]
    found = {
        "category": last["category"],
        "precedence": last["precedence"],
        "activity": last["activity"],
        "callsign": last["aircraft_identification"],
        "type": last["aircraft_type"],
        "count": str(last["aircraft_count"]),
        "where": areas.typed(volume["volume"]),
        "remarks": last.get("remarks", ""),
    }
    for name, limit in (("above", "altitude_lower"), ("below", "altitude_upper")):
        if height := volume["volume"].get(limit):
            found[name] = areas.typed_length(height["value"])
    for name, time in (("from_", "time_start"), ("until", "time_end")):
        if moment := volume.get(time):
            found[name] = moment["value"].replace(".000Z", "Z")
    return found
