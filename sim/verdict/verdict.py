"""The verdict of a run: the finding on each expectation, and all of it as JSON."""

from dataclasses import dataclass
from typing import Any

from hotline.bodies import Ref
from hotline.picture.flagged import FlagEntry
from hotline.picture.message import Message
from hotline.picture_json import flag_as_dict, instant, message_as_dict
from hotline.times import format_instant
from sim.scenario.expectation import Happening
from sim.scenario.loading import Loaded
from sim.stage.history import History
from sim.verdict.judge import Finding, judge


@dataclass(frozen=True)
class Verdict:
    """A scenario's outcome."""

    played: Loaded
    history: History
    findings: list[Finding]
    """One for each expectation of the scenario, in their order."""

    @property
    def passed(self) -> bool:
        """Whether every expectation was met, and nothing that might still come can change that."""
        return all(finding.met for finding in self.findings)

    @property
    def word(self) -> str:
        """`pass` or `fail`; or `stopped`: nothing has failed so far, but not all is known."""
        if any(finding.met is False for finding in self.findings):
            return "fail"
        return "pass" if self.passed else "stopped"

    def missed(self) -> list[Happening]:
        """What happened though it never should, or did not happen though it should."""
        failed = (finding for finding in self.findings if finding.met is False)
        return [finding.expectation.happening() for finding in failed]

    def notices(self) -> list[Message]:
        """Every revision of every notice, in the order in which they were really said."""
        messages = self.history.picture.messages.values()
        notices = (self.history.timed(message) for message in messages if message.is_notice)
        return sorted(notices, key=lambda message: (message.at_ms, message.ref))

    def as_dict(self) -> dict[str, Any]:
        """The verdict as `--json` writes it: its times are instants by the scenario's clock.

        Notices and flags are as `hotline picture` shows them, with what only a run knows.
        """
        history = self.history
        flags: dict[Ref, list[str]] = {}
        for entry in history.flags_seen:
            raised = f"{entry.flag.rule} {entry.flag.level}"
            flags.setdefault(entry.flag.subject.ref, []).append(raised)
        return {
            "scenario": self.played.name,
            "verdict": self.word,
            "interrupted": history.interrupted,
            "seed": history.seed,
            "speed": "virtual" if history.speed is None else history.speed,
            "broker": history.broker,
            "played": sorted(history.played),
            "started": format_instant(history.started_ms),
            "ended": format_instant(history.ended_ms),
            "notices": [
                {
                    **message_as_dict(message),
                    "delivered_at": instant(history.received_ms.get(message.ref)),
                    "flags": flags.get(message.ref, []),
                }
                for message in self.notices()
            ],
            "flags": [self._flag(entry) for entry in history.flags_seen],
            "expectations": [self._expectation(finding) for finding in self.findings],
        }

    def _expectation(self, finding: Finding) -> dict[str, Any]:
        expectation, started_ms = finding.expectation, self.history.started_ms
        within_ms = expectation.within_ms
        return {
            "expectation": finding.text,
            "line_number": finding.line_number,
            "earliest_at": format_instant(started_ms + expectation.after_ms),
            "latest_at": instant(None if within_ms is None else started_ms + within_ms),
            "came_at": instant(finding.came_ms),
            "met": finding.met,
            "detail": finding.detail,
        }

    def _flag(self, entry: FlagEntry) -> dict[str, Any]:
        about = self.history.picture.about(entry.flag.subject)
        return {**flag_as_dict(entry, about), "late_ms": self.history.late_ms(entry)}


def reach(loaded: Loaded, history: History) -> Verdict:
    """Judge all expectations of a scenario."""
    findings = [
        judge(expectation, loaded.line_of(("expect", index)), history, loaded.scenario)
        for index, expectation in enumerate(loaded.scenario.expect)
    ]
    return Verdict(loaded, history, findings)
