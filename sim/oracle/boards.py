"""Invariants about the lives of flags, and about where they are shown: boards, and one picture."""

from collections import Counter
from collections.abc import Iterator

from sim.oracle.evidence import LONG_AGO_MS, Broken, Entry, Evidence, key_of, subject_of, to_ms
from sim.oracle.facts import Ref
from sim.oracle.silences import silences_of
from sim.oracle.sound import LOSSES, SKEWED, SLACK_MS, clocks_were_right
from sim.oracle.waits import HALVES, JUDGED_ELSEWHERE, Asked, answers_in, read_messages

_LEVELS = list(HALVES)
_ENDED_BY_A_PERSON = ("fork", "invalid")
_LOSING = ("loss", "cut", "cut-out", "cut-in")
# Each ends with a new connection.
_CONNECTING = ("kill", "leave", *LOSSES, "broker-restart", "broker-wipe")


def flags_live(evidence: Evidence) -> Broken:
    """4: levels rise, one clear ends them all, and in the end flags stand only for what waits."""
    messages = read_messages(evidence)
    for watchdog in evidence.watchdogs:
        yield from _live(evidence, watchdog, messages)


def _live(evidence: Evidence, watchdog: str, messages: dict[Ref, Asked]) -> Broken:
    """The same, of one watchdog's flags."""
    standing: dict[tuple[str, Ref], Entry] = {}
    for entry in evidence.flagged_by(watchdog):
        key, at_ms = (entry.body["rule"], subject_of(entry)), evidence.when(entry)
        what = f"{key[0]} {key[1]}"
        if _is_baseless(evidence, watchdog, *key):
            yield at_ms, f"{entry.ref}: {what}"
        elif entry.kind == "clear":
            cleared = standing.pop(key, None)
            if cleared is None:
                yield at_ms, f"{entry.ref} clears {what}, which does not stand"
            elif key[0] == "degraded" and not _knows_why(evidence, entry, cleared, messages):
                yield at_ms, f"{entry.ref} clears {what}, which nothing has mended"
        else:
            raised = standing.get(key)
            if raised and _rank(raised) >= _rank(entry):
                yield at_ms, f"{entry.ref} flags {what} again, as {raised.ref} did"
            standing[key] = entry
    for (rule, subject), flag in standing.items():
        if not _may_stand(evidence, flag, messages):
            yield evidence.when(flag), f"{flag.ref}: {rule} {subject} is never cleared"


def _is_baseless(evidence: Evidence, watchdog: str, rule: str, subject: Ref) -> bool:
    """Whether nothing that went wrong in this run could break such a rule."""
    match rule:
        case "clock_skew":  # a status that comes 5 s late makes its station's clock look slow
            both, causes = (subject.station, watchdog), (*SKEWED, "slow", "slow-disk")
            return not any(evidence.had(*causes, whom=station) for station in both)
        case "fork":
            return subject.station not in evidence.disputed
    return False


def _may_stand(evidence: Evidence, flag: Entry, messages: dict[Ref, Asked]) -> bool:
    """Whether a flag may stand in the end: what it is about goes on, or only a person ends it."""
    rule, message = flag.body["rule"], messages.get(subject_of(flag))
    if rule in _ENDED_BY_A_PERSON:
        return True
    if rule == "degraded":
        return not _is_mended(evidence, flag, messages)
    waits = message is not None and message.waits[-1].ended is None and not message.excused
    return rule in JUDGED_ELSEWHERE and waits


def _is_mended(evidence: Evidence, degraded: Entry, messages: dict[Ref, Asked]) -> bool:
    """Whether the party whose channel is degraded has answered a check since, or suspended it."""
    answers = _answered_since(degraded, messages)
    is_answered = any(_is_timed(evidence, degraded, answer) for answer in answers)
    return is_answered or any(_suspended_since(evidence, degraded))


def _knows_why(
    evidence: Evidence, clear: Entry, degraded: Entry, messages: dict[Ref, Asked]
) -> bool:
    """Whether a watchdog that clears such a flag has heard of what mended the channel.

    A check may have been answered twice: then it may know of the second answer alone.
    """
    asked, due_ms = subject_of(degraded).station, to_ms(degraded.body["due"])
    answers = (
        answer.ref
        for ref, given in answers_in(evidence, "reply", "voice").items()
        for answer in given
        if _is_check_of(messages.get(ref), asked) and answer.at_ms >= due_ms
    )
    heard_ms = (
        evidence.stored_ms(clear.ref.station, ref)
        for ref in (*answers, *_suspended_since(evidence, degraded))
    )
    return any(ms <= evidence.when(clear) for ms in heard_ms)


def _answered_since(degraded: Entry, messages: dict[Ref, Asked]) -> Iterator[Entry]:
    """The answers to checks that the party has given since its channel is degraded."""
    asked, due_ms = subject_of(degraded).station, to_ms(degraded.body["due"])
    for message in messages.values():
        end = message.waits[-1].ended
        if _is_check_of(message, asked) and end is not None and end.at_ms >= due_ms:
            yield end


def _is_check_of(message: Asked | None, asked: str) -> bool:
    """Whether it is a comm check that this party has to answer."""
    return (
        message is not None and message.entry.kind == "check" and message.entry.ref.station != asked
    )


def _suspended_since(evidence: Evidence, degraded: Entry) -> Iterator[Ref]:
    """The silences that it has declared since then."""
    asked, due_ms = subject_of(degraded).station, to_ms(degraded.body["due"])
    return (each.by for each in silences_of(evidence, asked) if each.since_ms >= due_ms)


def _is_timed(evidence: Evidence, flag: Entry, answer: Entry) -> bool:
    """Whether an answer was given by a right clock, and the flag's watchdog had one."""
    given_ms, both = evidence.when(answer), {flag.ref.station, answer.ref.station}
    heard_ms = evidence.stored_ms(flag.ref.station, answer.ref)
    return clocks_were_right(evidence, both, given_ms, heard_ms)


def boards_show_what_stands(evidence: Evidence) -> Broken:
    """6: once all is mended, a watchdog's board shows the flags of it that stand, and only those.

    Not if its link lost something and neither end was told: only the next connection mends that.
    """
    ours = [t for t in evidence.troubles if t.whom in (evidence.watchdog, "everything")]
    connects_ms = max((t.from_ms for t in ours if t.kind in _CONNECTING), default=LONG_AGO_MS)
    if any(t.kind in _LOSING and t.until_ms >= connects_ms for t in ours):
        return
    standing: set[str] = set()
    latest: set[str] = set()  # these may still be on their way
    last: dict[str, Ref] = {}  # the last record about each
    for entry in evidence.flagged_by(evidence.watchdog):
        key = key_of(entry)
        last[key] = entry.ref
        standing = standing | {key} if entry.kind == "flag" else standing - {key}
        if evidence.when(entry) > evidence.finished_ms - SLACK_MS:
            latest.add(key)
    for key in sorted((standing ^ evidence.boards[evidence.watchdog]) - latest):
        says = "does not show" if key in standing else "shows"
        after = f" after {last[key]}" if key in last else ""
        text = f"the board of {evidence.watchdog} {says} {key}{after}"
        yield evidence.finished_ms, text


def flags_are_seen_once(evidence: Evidence) -> Broken:
    """7: a flag about a record is seen once, however many watchdogs raise it."""
    seen = Counter(
        (key, level, _deadline(key, due_ms)) for key, level, due_ms in evidence.flags_seen
    )
    raised: dict[tuple[str, str, int], int] = {}  # how often one watchdog raised it, at most
    first: dict[tuple[str, str, int], Entry] = {}
    for watchdog in evidence.watchdogs:
        flags = [entry for entry in evidence.flagged_by(watchdog) if entry.kind == "flag"]
        flags = [flag for flag in flags if subject_of(flag).seq]
        of_it = Counter(map(_shown_as, flags))
        first = {_shown_as(flag): flag for flag in reversed(flags)} | first
        raised |= {flag: max(times, raised.get(flag, 0)) for flag, times in of_it.items()}
    for shown, times in raised.items():
        if not 1 <= seen[shown] <= times:
            key, level, _ = shown
            text = f"{subject_of(first[shown])}: {key} {level} is seen {seen[shown]} times"
            yield evidence.when(first[shown]), text


def _shown_as(flag: Entry) -> tuple[str, str, int]:
    """The key by which a flag is the same one, whoever raises it."""
    key = key_of(flag)
    return key, flag.body["level"], _deadline(key, to_ms(flag.body["due"]))


def _deadline(key: str, due_ms: int) -> int:
    """When it was due; 0 for nonsense, which each watchdog sees in its own time."""
    return 0 if key.startswith("invalid-") else due_ms


def _rank(flag: Entry) -> int:
    return _LEVELS.index(flag.body["level"])
