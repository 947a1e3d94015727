"""From an act of the officer to its form, and to the request that comes of it.

A form is bound to the message that was selected when the key was pressed: by its record.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from hotline.bodies import Answer
from hotline.desk import readback
from hotline.desk.requests import Told
from hotline.desk.screen.details import what_it_is
from hotline.desk.screen.form import Answers, Plan, Wrong
from hotline.desk.screen.questions import Question, moment, number

Ask = Callable[[dict[str, Any]], Awaitable[Told]]

_REASON = Question("reason", "Reason", "why, as the other side will read it")
_UNTIL = Question("until", "Until", "e.g. +10m, 14:30 (UTC), 2026-01-12T14:30:00Z", read=moment)
_ADDED = "anything to add"
_NONE = "no message"  # for a call that is about none
_WITH_ANSWERS = {
    Answer.REJECT: replace(_REASON, hint="why, with REJECT and only with it"),
    Answer.STANDBY: replace(_UNTIL, hint="with STANDBY and only with it, e.g. +10m, 14:30 (UTC)"),
}
_OF_THE_LINE = {
    "check": (
        "Comm check",
        "Is somebody at the desk of {other}?",
        [Question("remarks", "Remarks", _ADDED)],
    ),
    "suspend": (
        "Suspend the line",
        (
            "Silence is then a warning and no alarm, and checks need no answer. Notices and stops"
            " must be answered all the same."
        ),
        [_REASON, _UNTIL],
    ),
    "resume": (
        "Resume the line",
        "This desk is attended again.",
        [Question("reason", "Remarks", _ADDED)],
    ),
    "handover": (
        "Hand over",
        "Answers are given in the name of the officer on watch.",
        [
            Question("officer", "On watch", "rank and name", needed=True),
            Question("deputy", "Deputy", "who is called when he does not answer"),
            Question("hours", "Hours", "8 if left empty", read=number(float, "a number of hours")),
        ],
    ),
}
"""What is said on the line as a whole: its title, what it is about, and what is asked for."""


class Talk:
    """Makes the forms.

    Args:
        ask: asks the station, and raises a HotlineError when it declines.
        now_ms: the line's time.
    """

    def __init__(self, ask: Ask, now_ms: Callable[[], int]) -> None:
        self._ask = ask
        self.now_ms = now_ms

    def plan(self, name: str, state: Told, entry: Told | None) -> Plan:
        """The form for an act that fits."""
        match name:
            case "accept" | "reject" | "standby" | "roger" if entry:
                return self._answer(Answer(name.upper()), state, entry)
            case "voice":
                return self._voice(state, entry)
            case "cancel" if entry:
                return self._cancel(entry)
            case "stop":
                return self._stop(state, entry)
            case _:
                return self._of_the_line(name, state)

    async def say(self, **request: Any) -> str:
        """Say something, and tell how it went."""
        told = await self._ask(request)
        said = readback.said(request, told)
        return said if told["on_line"] else f"{said} – {readback.KEPT}"

    def _answer(self, answer: Answer, state: Told, entry: Told) -> Plan:
        questions = []
        if answer is Answer.REJECT:
            questions.append(replace(_REASON, needed=True))
        if answer is Answer.STANDBY:
            questions.append(replace(_UNTIL, needed=True))
        questions += _officer(state)

        async def say(answers: Answers) -> str:
            return await self.say(
                do="answer",
                record=entry["record"],
                answer=answer,
                reason=answers.get("reason"),
                expected_at=answers.get("until"),
                officer=answers.get("officer"),
            )

        title = f"{answer} to {entry['message']} ({entry['record']})"
        return Plan(title, what_it_is(entry), f"Say {answer}", questions, say)

    def _voice(self, state: Told, entry: Told | None) -> Plan:
        with_whom = Question("spoke_with", "Spoke with", "rank and name", needed=True)
        questions = [with_whom, Question("text", "What was said", needed=True)]
        if entry:
            questions.append(
                Question(
                    "about", "About", value=entry["message"], choices=(entry["message"], _NONE)
                )
            )
            answers = ("none", *entry["answers"])
            questions.append(Question("answer", "Answer given", value="none", choices=answers))
            questions += [ask for answer, ask in _WITH_ANSWERS.items() if answer in answers]
        questions += _officer(state, needed=True)

        async def say(answers: Answers) -> str:
            given = answers.get("answer", "none")
            about = entry if answers.get("about") != _NONE else None
            if given != "none" and not about:
                raise Wrong({"about": f"{given} answers a message: which one?"})
            for answer, ask in _WITH_ANSWERS.items():
                if bool(answers.get(ask.name)) != (given == answer):
                    raise Wrong({ask.name: f"goes with {answer}, and only with it"})
            return await self.say(
                do="voice",
                spoke_with=answers["spoke_with"],
                text=answers["text"],
                record=about and about["record"],
                answer=None if given == "none" else given,
                reason=answers.get("reason"),
                expected_at=answers.get("until"),
                officer=answers.get("officer"),
            )

        whole = f"{entry['message']}: {what_it_is(entry)}" if entry else ""
        return Plan("Voice log", whole, "Write it down", questions, say)

    def _cancel(self, entry: Told) -> Plan:
        async def say(answers: Answers) -> str:
            return await self.say(do="cancel", notice=entry["notice"], **answers)

        title = f"Cancel {entry['notice']}"
        return Plan(title, what_it_is(entry), "Cancel it", [_REASON], say, confirm=True)

    def _stop(self, state: Told, entry: Told | None) -> Plan:
        example = f"e.g. {entry['notice']}; " if entry and entry["notice"] else ""
        questions = [
            Question("text", "What must end", "e.g. break off at once", needed=True),
            Question("notice", "Which flight", f"{example}everything if left empty"),
        ]

        async def say(answers: Answers) -> str:
            return await self.say(do="stop", **answers)

        other = state["titles"].get(state["other"], state["other"])
        about = f"Knock it off: what is going on must end at once. {other} gets it as FLASH."
        return Plan("STOP", about, "Say STOP as FLASH", questions, say, confirm=True, is_grave=True)

    def _of_the_line(self, name: str, state: Told) -> Plan:
        title, about, questions = _OF_THE_LINE[name]

        async def say(answers: Answers) -> str:
            return await self.say(do=name, **answers)

        return Plan(title, about.format_map(state), "Say it", questions, say)


def _officer(state: Told, *, needed: bool = False) -> list[Question]:
    """Who says it, when nobody is on watch by name."""
    if state["watch"]:
        return []
    return [Question("officer", "Officer", "who says it; h says who is on watch", needed=needed)]
