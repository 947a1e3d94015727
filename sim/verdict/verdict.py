"""The verdict of a run: what was found of each expectation, and all of it as JSON."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hotline.commands.display import flag_as_dict, message_as_dict
from hotline.picture.message import Message
from hotline.times import format_instant
from sim.scenario.expectation import Expectation, Happening
from sim.scenario.loading import Loaded
from sim.stage.history import History
from sim.verdict.judge import Finding, judge


@dataclass(frozen=True)
class Verdict:
    """A scenario's outcome."""

    scenario: str
    title: str
    history: History
    expectations: Sequence[Expectation]
    findings: list[Finding]
    """One for each expectation, in their order."""

    @property
    def passed(self) -> bool:
        """Whether every expectation was met. Nothing that is still to come can change that."""
        return all(finding.met for finding in self.findings)

    @property
    def word(self) -> str:
        """`pass` or `fail`; or `stopped`: nothing has failed yet, and not all is known."""
        if any(finding.met is False for finding in self.findings):
            return "fail"
        return "pass" if self.passed else "stopped"

    def missed(self) -> list[Happening]:
        """What came though it never should, or did not though it should."""
        both = zip(self.expectations, self.findings, strict=True)
        return [expected.happening() for expected, finding in both if finding.met is False]

    def notices(self) -> list[Message]:
        """Every revision of every notice, in the order of their times."""
        messages = self.history.picture.messages.values()
        notices = (message for message in messages if message.is_notice)
        return sorted(notices, key=lambda message: (message.at_ms, message.ref))

    def as_dict(self) -> dict[str, Any]:
        """The verdict as `--json` writes it; its times are the scenario's.

        Notices and flags are as `hotline picture` shows them, with what only a run knows.
        """
        history, picture = self.history, self.history.picture
        return {
            "scenario": self.scenario,
            "verdict": self.word,
            "interrupted": history.interrupted,
            "seed": history.seed,
            "speed": "virtual" if history.speed is None else history.speed,
            "broker": history.broker,
            "started": format_instant(history.started_ms),
            "ended": format_instant(history.ended_ms),
            "notices": [self._notice(message) for message in self.notices()],
            "flags": [
                flag_as_dict(entry, picture.about(entry.flag.subject))
                for entry in picture.flags_seen()
            ],
            "expectations": [
                {
                    "expectation": finding.text,
                    "line_number": finding.line_number,
                    "met": finding.met,
                    "detail": finding.detail,
                }
                for finding in self.findings
            ],
        }

    def _notice(self, message: Message) -> dict[str, Any]:
        delivered_ms = self.history.received_ms.get(message.ref)
        flags = [
            f"{entry.flag.rule} {entry.flag.level}"
            for entry in self.history.picture.flags_seen()
            if entry.flag.subject.ref == message.ref
        ]
        return {
            **message_as_dict(message),
            "delivered_at": None if delivered_ms is None else format_instant(delivered_ms),
            "flags": flags,
        }


def reach(loaded: Loaded, history: History) -> Verdict:
    """Judge all expectations of a scenario."""
    findings = [
        judge(expectation, loaded.line_of(("expect", index)), history, loaded.scenario)
        for index, expectation in enumerate(loaded.scenario.expect)
    ]
    scenario = loaded.scenario
    return Verdict(loaded.name, scenario.title, history, scenario.expect, findings)
