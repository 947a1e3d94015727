"""The oracle's own reading of which records make no sense after what was said before them.

It reads only those that make no sense on purpose: what a station says by mistake is judged as it
stands.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sim.oracle.evidence import Broken, Entry, Evidence, flags_of, subject_of
from sim.oracle.facts import Ref
from sim.oracle.sound import TICK_MS, is_sound

# The members that each kind must have. Other kinds are unknown, or not for parties to say.
_NEEDS = {
    "notice": {"notice", "revision", "precedence", "category", "volumes"},
    "cancel": {"notice"},
    "stop": {"text"},
    "check": set(),
    "suspend": set(),
    "resume": set(),
    "reply": {"refers_to", "answer"},
    "voice": {"officer", "spoke_with", "text"},
    "handover": {"officer"},
}
_TAKES = {
    "request": {"ACCEPT", "REJECT", "STANDBY"},
    "information": {"ROGER", "STANDBY"},
}
_ASKS = ("notice", "cancel", "stop", "check", "suspend", "resume")


def sensible(evidence: Evidence, party: str) -> Iterator[Entry]:
    """The records of a party, without its nonsense."""
    left_out = senseless(evidence)
    return (entry for entry in evidence.journal(party) if entry.ref not in left_out)


def senseless(evidence: Evidence) -> frozenset[Ref]:
    """The records that make no sense."""
    if evidence.senseless is None:
        evidence.senseless = frozenset(_read(evidence)) if evidence.nonsense else frozenset()
    return evidence.senseless


def nonsense_is_flagged(evidence: Evidence) -> Broken:
    """4: a record that makes no sense is flagged once, as soon as it is heard, and no other is."""
    yield from flagged_as_heard(evidence, "invalid", dict.fromkeys(senseless(evidence), "WARNING"))


def flagged_as_heard(evidence: Evidence, rule: str, levels: Mapping[Ref, str]) -> Broken:
    """Report records that do not have one flag of a rule at this level, soon after they are heard.

    All others must have none.
    """
    raised: dict[Ref, list[Entry]] = {ref: [] for ref in levels}
    for flag in flags_of(evidence, rule):
        raised.setdefault(subject_of(flag), []).append(flag)
    for ref, flags in sorted(raised.items()):
        heard_ms = evidence.heard_ms(ref)
        expected = [levels[ref]] if ref in levels else []
        found = [flag.body["level"] for flag in flags]
        if found != expected:
            yield heard_ms, f"{ref}: flagged as {rule} {found}, not {expected}"
            continue
        late_ms, until_ms = evidence.when(flags[0]) - heard_ms, heard_ms + TICK_MS
        if late_ms > TICK_MS and is_sound(evidence, evidence.stations, heard_ms, until_ms):
            yield until_ms, f"{ref}: flagged by {flags[0].ref} {late_ms} ms after it was heard"


def _read(evidence: Evidence) -> Iterator[Ref]:
    takes: dict[Ref, set[str]] = {}  # by message, the answers that it takes
    for party in evidence.parties:
        yield from _out_of_turn(evidence, party, takes)
    for party in evidence.parties:
        yield from _wrong_answers(evidence, party, takes)


def _out_of_turn(evidence: Evidence, party: str, takes: dict[Ref, set[str]]) -> Iterator[Ref]:
    """Records that do not fit their kind, or what the party itself has said before."""
    before = _Before()
    for entry in evidence.journal(party):
        if entry.ref in evidence.nonsense and not before.fits(entry):
            yield entry.ref
            continue
        before.add(entry)
        if entry.kind in _ASKS:
            takes[entry.ref] = _TAKES.get(entry.body.get("category", ""), {"ROGER"})


@dataclass(slots=True)
class _Before:
    """What a party has said before, as far as its next record must fit that."""

    revisions: dict[str, int] = field(default_factory=dict)
    cancelled: set[str] = field(default_factory=set)
    is_suspended: bool = False

    def fits(self, entry: Entry) -> bool:
        """Whether this record makes sense as the next."""
        kind, body = entry.kind, entry.body
        if kind not in _NEEDS or not body.keys() >= _NEEDS[kind]:
            return False
        match kind:
            case "notice":
                is_next = body["revision"] == self.revisions.get(body["notice"], 0) + 1
                return is_next and body["notice"] not in self.cancelled
            case "cancel":
                return body["notice"] in self.revisions and body["notice"] not in self.cancelled
            case "suspend":
                return not self.is_suspended
            case "resume":
                return self.is_suspended
        return True

    def add(self, entry: Entry) -> None:
        """It is said."""
        match entry.kind:
            case "notice":
                self.revisions[entry.body["notice"]] = entry.body["revision"]
            case "cancel":
                self.cancelled.add(entry.body["notice"])
            case "suspend" | "resume":
                self.is_suspended = entry.kind == "suspend"


def _wrong_answers(evidence: Evidence, party: str, takes: dict[Ref, set[str]]) -> Iterator[Ref]:
    """Answers to nothing, to what does not take this answer, or to what is answered already."""
    over: dict[Ref, bool] = defaultdict(bool)
    for entry in evidence.journal(party):
        if entry.kind not in ("reply", "voice") or not entry.body.keys() >= _NEEDS[entry.kind]:
            continue
        answer = entry.body.get("answer")
        if answer is None:
            continue
        to = Ref(**entry.body["refers_to"])
        is_reply = entry.kind == "reply"
        fits = answer in takes.get(to, ()) and not (is_reply and (over[to] or to.station == party))
        if not fits and entry.ref in evidence.nonsense:
            yield entry.ref
        elif is_reply:
            over[to] = over[to] or answer != "STANDBY"
