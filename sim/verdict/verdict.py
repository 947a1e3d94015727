"""The verdict of a run: what was found of each expectation, and all of it as JSON."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

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
        """The verdict as `--json` writes it; its times are the scenario's."""
        history = self.history
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
                {
                    "rule": entry.flag.rule,
                    "subject": str(entry.flag.subject),
                    "level": entry.flag.level,
                    "due": format_instant(entry.flag.due),
                    "raised_at": format_instant(entry.raised_ms),
                    "cleared_at": _instant(entry.cleared_ms),
                }
                for entry in history.picture.flags_seen()
            ],
            "expectations": [
                {"text": f.text, "line": f.line, "met": f.met, "detail": f.detail}
                for f in self.findings
            ],
        }

    def _notice(self, message: Message) -> dict[str, Any]:
        given = message.given
        flags = [
            f"{entry.flag.rule} {entry.flag.level}"
            for entry in self.history.picture.flags_seen()
            if str(entry.flag.subject) == str(message.ref)
        ]
        return {
            "station": message.ref.station,
            "seq": message.ref.seq,
            "notice": message.notice,
            "revision": message.revision,
            "precedence": message.precedence,
            "state": message.state,
            "sent_at": format_instant(message.at_ms),
            "delivered_at": _instant(self.history.received_ms.get(message.ref)),
            "answered_at": _instant(given.at_ms if given else None),
            "answer": given.answer if given else None,
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


def _instant(at_ms: int | None) -> str | None:
    return None if at_ms is None else format_instant(at_ms)
