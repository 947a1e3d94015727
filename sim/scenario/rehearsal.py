"""Goes through a scenario once, everybody hearing all at once, and finds what does not fit."""

from collections.abc import Iterator, Mapping, Sequence

from pydantic import ValidationError

from hotline.bodies import Answer, Body, Check, Kind, Reply, Voice, kind_of
from hotline.files.mistakes import Where
from hotline.misfits import Misfit
from hotline.notice import Category
from hotline.picture.lifecycle import ANSWERS, Answering, Asks, Standing
from hotline.picture.message import Message
from hotline.picture.picture import Picture
from hotline.records import Record
from sim.scenario.expectation import Happening
from sim.scenario.fault import FaultKind
from sim.scenario.roster import AnswerRule, DutyOfficer
from sim.scenario.scenario import Event, Scenario
from sim.scenario.script import Script, cues, meant_in
from sim.scenario.too_soon import too_soon

_ANSWERED: dict[Answering | Standing, Answer] = {
    Answering.ACCEPTED: Answer.ACCEPT,
    Answering.REJECTED: Answer.REJECT,
    Answering.ACKNOWLEDGED: Answer.ROGER,
}
_ATTENDANCE: dict[str | None, tuple[str, str]] = {
    Misfit.SUSPENDED_ALREADY: ("suspend", "has suspended already; expected a `resume` before"),
    Misfit.RESUMES_NOTHING: ("resume", "has suspended nothing; expected a `suspend` before"),
}
_MANY = 100_000  # repetitions of one event are a mistake


def rehearse(scenario: Scenario) -> Iterator[tuple[Where, str]]:
    """Where events and officers do not fit together, and what was expected."""
    for index, event in enumerate(scenario.events):
        if event.every_ms and scenario.duration_ms // event.every_ms > _MANY:
            yield ("events", index, "every"), f"would be said more than {_MANY:,} times"
            return
    try:
        heard = _Heard(scenario)
    except ValueError:
        return  # of a name that is there twice; that is reported elsewhere
    yield from _wrong_events(scenario, heard)
    said = heard.by_notice()
    for index, expectation in enumerate(scenario.expect):
        beneath = ("never",) if expectation.never else ()
        for name, says in _never_so(expectation.happening(), said):
            yield ("expect", index, *beneath, name), says
    yield from too_soon(scenario, said)
    yield from _wrong_officers(scenario, heard)


class _Heard:
    """What everybody has heard."""

    def __init__(self, scenario: Scenario) -> None:
        self.picture = Picture(scenario.members)
        self.script = Script(scenario)

    def hear(self, who: str, body: Body, at_ms: int) -> str | None:
        """Take in what is said; return why it makes no sense, or None."""
        seq = self.picture.heads.get(who, 0) + 1
        record = Record(self.picture.line.name, who, seq, at_ms, kind_of(body), body, b"")
        self.picture.fold(record)
        self.script.hear(record)
        return self.picture.invalid.get(record.ref)

    def by_notice(self) -> dict[str, list[Message]]:
        """All that is about each notice."""
        found: dict[str, list[Message]] = {}
        for message in self.picture.messages.values():
            if message.notice is not None:
                found.setdefault(message.notice, []).append(message)
        return found

    def by(self, party: str) -> list[Message]:
        """What a party has said that asks for an answer."""
        messages = self.picture.messages.values()
        return [message for message in messages if message.ref.station == party]


def _wrong_events(scenario: Scenario, heard: _Heard) -> Iterator[tuple[Where, str]]:
    """Say all events at their times; yield what is wrong with any."""
    numbers = {id(event): index for index, event in enumerate(scenario.events)}
    for cue in cues(scenario):
        event, index = cue.event, numbers[id(cue.event)]
        try:
            yield from _said(event, index, heard, cue.at_ms)
        except ValidationError as error:
            says = error.errors(include_url=False)[0]["msg"].removeprefix("Value error, ")
            verb = "notice" if event.notice else "revise"
            says = says.replace("time_start", "from").replace("time_end", "until")
            yield ("events", index, verb), says
        except KeyError:
            continue  # of a notice that comes later; that is reported elsewhere


def _said(event: Event, index: int, heard: _Heard, at_ms: int) -> Iterator[tuple[Where, str]]:
    """Say an event; yield what is wrong with its answer, or with the silence that it declares."""
    if event.fault and event.fault.kind in (FaultKind.FLOOD, FaultKind.TWIN):
        for party in heard.picture.line.parties:
            if event.fault.of in (None, party):
                heard.hear(party, Check(), at_ms)
    if event.who is None:
        return
    said = heard.script.body_of(event, heard.picture)
    if said is None:
        yield from _to_nothing(event, index)
        return
    misfit = heard.hear(event.who, said, at_ms)
    if misfit == Misfit.WRONG_ANSWER and isinstance(said, Reply | Voice):
        verb = "answer" if event.answer else "voice"
        meant = said.refers_to and heard.picture.find(said.refers_to.ref)
        if meant and said.answer:
            yield ("events", index, verb, "answer"), _does_not_take(meant, said.answer)
    if misfit in _ATTENDANCE:
        verb, says = _ATTENDANCE[misfit]
        yield ("events", index, verb), f"{event.who} {says}"


def _to_nothing(event: Event, index: int) -> Iterator[tuple[Where, str]]:
    """Report an answer, or a call, about something that nobody has said."""
    verb, which = ("answer", event.answer) if event.answer else ("voice", event.voice)
    if which and which.is_narrow:  # a notice that is missing, or its own, is reported elsewhere
        yield ("events", index, verb), f"{meant_in(event)} is not said before that"


def _never_so(
    happening: Happening, said: Mapping[str, Sequence[Message]]
) -> Iterator[tuple[str, str]]:
    """Report an answer that the notice does not take, or a state in which it never ends."""
    about = happening.about(said)
    answer = happening.answer
    if answer and about and not any(answer in ANSWERS[message.asks] for message in about):
        yield "answer", _does_not_take(about[-1], answer)
    notices = [message for message in about if message.is_notice]
    if happening.state and notices and (says := _ends_otherwise(happening.state, notices[-1])):
        yield "state", says


def _ends_otherwise(state: Answering | Standing, notice: Message) -> str | None:
    """Why a notice never ends in this state: its author's words, or the answers that it takes."""
    answer = _ANSWERED.get(state)
    if answer and answer not in ANSWERS[notice.asks]:
        return _does_not_take(notice, answer)
    if state is Standing.CANCELLED and notice.standing is not state:
        return f"no event cancels {notice.name}"
    if isinstance(state, Answering) and notice.standing is not Standing.CURRENT:
        return f"{notice.name} ends {notice.standing}"
    return None


def _wrong_officers(scenario: Scenario, heard: _Heard) -> Iterator[tuple[Where, str]]:
    """Answers in the officers' rules that do not fit the messages the rules are for."""
    for party, officers in scenario.officers.items():
        asked = heard.by(scenario.members.other_party(party))
        for number, officer in enumerate(officers):
            for where, says in _wrong_rules(officer, asked):
                yield ("officers", party, number, "answers", *where), says


def _wrong_rules(officer: DutyOfficer, asked: list[Message]) -> Iterator[tuple[Where, str]]:
    """Answers that do not fit what their rule names, or the messages for which it is the first.

    A rule may name something that no event says: a person who plays may say it.
    """
    told: set[Where] = set()
    yield from _out_of_reach(officer)
    for number, rule in enumerate(officer.answers):
        for name, answer in _answers_of(rule):
            if rule.when.asks and answer not in ANSWERS[rule.when.asks]:
                told.add((number, name))
                of = rule.when.category or rule.when.kind
                what = of if of is Category.INFORMATION else f"a {of}"
                yield (number, name), _says_what(what, rule.when.asks, answer)
    for message in asked:
        first = officer.rule_for(message)
        for name, answer in _answers_of(first):
            where: Where = (officer.answers.index(first), name) if first else ()
            if answer not in ANSWERS[message.asks] and where not in told:
                told.add(where)
                yield where, f"{_does_not_take(message, answer)}; say with `when` what it is for"


def _out_of_reach(officer: DutyOfficer) -> Iterator[tuple[Where, str]]:
    """Rules that are never reached because an earlier one takes all their messages."""
    for number, rule in enumerate(officer.answers):
        for before, earlier in enumerate(officer.answers[:number]):
            if earlier.when.takes_all_of(rule.when):
                yield (number,), f"is never reached: answers[{before}] takes all that it is for"
                break


def _answers_of(rule: AnswerRule | None) -> list[tuple[str, Answer]]:
    both = [("answer", rule.answer), ("then", rule.then)] if rule else []
    return [(name, answer) for name, answer in both if isinstance(answer, Answer)]


def _does_not_take(message: Message, answer: Answer) -> str:
    name = message.name if message.kind == Kind.NOTICE else f"a {message.kind}"
    return _says_what(name, message.asks, answer)


def _says_what(name: str, asks: Asks, answer: Answer) -> str:
    *others, last = ANSWERS[asks]
    takes = f"{', '.join(others)} or {last}" if others else last
    return f"{name} takes {takes}, not {answer}"
