"""The oracle: one pure function for each invariant of the design, over what a run left behind.

It imports no machine of `hotline` and does its own arithmetic. What depends on the line's carrying
something is demanded only when the faults of the run left it sound for long enough.
"""

import base64
import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator

from sim.evidence import Entry, History, Ref, Violation, open_row, subject_of, to_ms
from sim.sight import (
    blindness_is_visible,
    lost_sight_is_flagged,
    receipts_missed,
    set_clocks_move_nothing,
    wrong_clocks_flagged,
)
from sim.silences import declared_silences_are_no_alarm
from sim.sound import LOSSES, SKEWED, SLACK_MS, TICK_MS, is_sound
from sim.waits import HALVES, Asked, Wait, answers_in, read_messages

_DEADLY = ("kill", "before-commit", "after-commit", "between-publishes")
_LEVELS = list(HALVES)
_ON_ITS_WAY_MS = 1_000


def no_loss(history: History) -> Iterator[Violation]:
    """1: what was committed by its author is on every disk in the end."""
    for holder in history.stations:
        held = {(of, row.raw) for of, rows in history.disks[holder].items() for row in rows}
        for told in history.committed:
            if (told.ref.station, told.raw) not in held and not _lost_with_disk(history, told.raw):
                yield Violation("no loss", told.at_ms, f"{holder} lacks {told.ref}")


def no_double(history: History) -> Iterator[Violation]:
    """2: an officer is shown each message once a life, and answers it once."""
    for (to, life, ref), times in Counter((s.to, s.life, s.ref) for s in history.shown).items():
        if times > 1:
            yield Violation("no double", 0, f"{ref} was shown {times} times to {to} in life {life}")
    for ref, replies in answers_in(history, "reply").items():
        finals = [reply for reply in replies if reply.body["answer"] != "STANDBY"]
        if len(finals) > 1 or len(replies) - len(finals) > 1:
            said = ", ".join(str(reply.ref) for reply in replies)
            yield Violation("no double", replies[-1].at_ms, f"{ref} was answered by {said}")


def in_order(history: History) -> Iterator[Violation]:
    """3: originals are numbered and chained; under one number everybody has the same bytes."""
    for author in history.stations:
        original = history.disks[author].get(author, [])
        before = ""
        for number, row in enumerate(original, 1):
            entry = open_row(row)
            if row.seq != number or entry.prev != before or entry.ref != Ref(author, number):
                yield Violation("in order", entry.at_ms, f"{author}/{row.seq} breaks its journal")
            digest = hashlib.sha256(row.raw).digest()
            before = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        for holder in history.stations:
            copy = history.disks[holder].get(author, [])
            if copy != original[: len(copy)]:
                yield Violation("in order", 0, f"{holder}'s copy of {author} is no prefix of it")


def nothing_before_the_disk(history: History) -> Iterator[Violation]:
    """3: what a station says, acknowledges or shows is on its disk when it does so."""
    for claim in history.claims:
        if claim.upto > claim.held:
            what = f"{claim.by} let out {claim.of}/{claim.upto} ({claim.what}), has {claim.held}"
            yield Violation("nothing before the disk", claim.at_ms, what)


def silences_flagged(history: History) -> Iterator[Violation]:
    """4: a wait that reached a level's deadline has that flag once, punctually in good weather."""
    if history.had(*SKEWED):
        return
    flags = _unanswered(history)
    grace_ms = history.timers_ms["grace"]
    for message in read_messages(history).values():
        for wait in message.waits:
            ended_ms = history.finished_ms if wait.ended_ms is None else wait.ended_ms
            for level in HALVES:
                due_ms = wait.due_ms(level)
                raised = [
                    flag
                    for flag in flags.get((message.entry.ref, due_ms), ())
                    if flag.body["level"] == level
                ]
                what = f"{message.entry.ref} at {level}"
                must = due_ms + grace_ms + SLACK_MS + TICK_MS < ended_ms and not message.excused
                # A STANDBY may promise the very deadline that there was.
                if len(raised) > sum(other.due_ms(level) == due_ms for other in message.waits):
                    yield Violation("silences flagged", raised[1].at_ms, f"{what}: flagged twice")
                if must and not raised and not _is_moot(history, message, wait):
                    yield Violation("silences flagged", due_ms, f"{what}: not flagged")
                for flag in raised:
                    late_ms = flag.at_ms - due_ms - grace_ms
                    sound = is_sound(history, history.stations, due_ms, flag.at_ms)
                    if late_ms < 0 or (late_ms > TICK_MS and sound):
                        text = f"{what}: flagged {late_ms} ms after deadline and grace"
                        yield Violation("silences flagged", flag.at_ms, text)


def no_false_alarm(history: History) -> Iterator[Violation]:
    """5: what was answered in time on a sound line is not flagged, nor is a wait that never was."""
    if history.had(*SKEWED):
        return
    flags = _unanswered(history)
    dues: set[tuple[Ref, int]] = set()
    for message in read_messages(history).values():
        for wait in message.waits:
            for level in HALVES:
                key = (message.entry.ref, wait.due_ms(level))
                dues.add(key)
                for flag in flags.get(key, ()):
                    if flag.body["level"] == level and _was_carried(history, wait, key[1]):
                        text = f"{key[0]} flagged at {level}, though {wait.ended_by} spoke in time"
                        yield Violation("no false alarm", flag.at_ms, text)
    for (ref, due_ms), raised in flags.items():
        if (ref, due_ms) not in dues:
            text = f"{ref}: flagged for a deadline that it never had"
            yield Violation("no false alarm", raised[0].at_ms, text)


def repair_before_judgement(history: History) -> Iterator[Violation]:
    """5: a watchdog that was told of a record judges nothing without it that it settled."""
    if history.had(*SKEWED, *LOSSES):
        return
    flags = _unanswered(history)
    for message in read_messages(history).values():
        for wait in message.waits:
            for level in HALVES:
                due_ms = wait.due_ms(level)
                if wait.ended_ms is None or wait.ended_ms + SLACK_MS > due_ms:
                    continue
                for flag in flags.get((message.entry.ref, due_ms), ()):
                    if flag.body["level"] == level and _was_told(history, wait, flag.at_ms):
                        text = f"{flag.ref} judges without {wait.ended_by}/{wait.ended_seq}"
                        yield Violation("repair before judgement", flag.at_ms, text)


def no_idle_flag(history: History) -> Iterator[Violation]:
    """5: no flag of any other rule is raised while nothing was wrong for as long as it needs."""
    if history.had(*SKEWED) or not history.committed:
        return
    needs_ms = max(history.timers_ms["silent"], history.timers_ms["receipt"]) + SLACK_MS
    for flag in history.journal(history.watchdog):
        if flag.kind == "flag" and flag.body["rule"] not in ("unanswered", "degraded"):
            settled = flag.at_ms - needs_ms > min(c.at_ms for c in history.committed)
            if settled and is_sound(history, history.stations, flag.at_ms - needs_ms, flag.at_ms):
                what = f"{flag.body['rule']} {subject_of(flag)}, though nothing was wrong"
                yield Violation("no idle flag", flag.at_ms, what)


def flags_live(history: History) -> Iterator[Violation]:
    """4: levels rise, one clear ends them all, and in the end only what still waits stands."""
    messages = read_messages(history)
    standing: dict[tuple[str, Ref], Entry] = {}
    never = {"invalid"}
    # What comes 5 s late makes its clock look slow.
    never |= set() if history.had(*SKEWED, "slow") else {"clock_skew"}
    never |= set() if history.had(*LOSSES) else {"fork"}
    for entry in history.journal(history.watchdog):
        key = (entry.body["rule"], subject_of(entry))
        if key[0] in never:
            yield Violation("flags live", entry.at_ms, f"{entry.ref}: {key[0]} {key[1]}")
        elif entry.kind == "clear":
            if not standing.pop(key, None):
                yield Violation("flags live", entry.at_ms, f"{entry.ref} clears nothing")
        else:
            raised = standing.get(key)
            if raised and _rank(raised) >= _rank(entry):
                yield Violation("flags live", entry.at_ms, f"{entry.ref} flags {key} again")
            standing[key] = entry
    for (rule, subject), flag in standing.items():
        message = messages.get(subject)
        if rule == "unanswered" and message and message.waits[-1].ended_ms is None:
            continue
        if rule not in (
            "fork",
            "clock_skew",
            "degraded",
        ):  # these need a person, or more heartbeats
            yield Violation("flags live", flag.at_ms, f"{rule} {subject} is never cleared")


def convergence(history: History) -> Iterator[Violation]:
    """7: once all is mended, every disk holds the same and every picture says the same.

    However it was made: in mind since the start, or read from the disk with and without its past.
    """
    first = history.disks[history.parties[0]]
    for holder in history.stations:
        if history.disks[holder] != first:
            yield Violation("convergence", history.finished_ms, f"the disk of {holder} differs")
    for whole in (False, True):
        pictures = {n: p for n, p in history.pictures.items() if p.startswith("all ") == whole}
        if len(set(pictures.values())) != 1 or not history.pictures.keys() >= set(history.stations):
            usual = Counter(pictures.values()).most_common(1)[0][0]
            odd = "; ".join(name for name, picture in pictures.items() if picture != usual)
            yield Violation("convergence", history.finished_ms, f"the pictures differ: {odd}")


def nobody_elses_words(history: History) -> Iterator[Violation]:
    """8: what is stored was committed by its author."""
    committed = {(told.ref, told.raw) for told in history.committed}
    for holder in history.stations:
        for author, rows in history.disks[holder].items():
            for row in rows:
                if (Ref(author, row.seq), row.raw) not in committed or row.raw in history.forged:
                    text = f"{holder} holds {author}/{row.seq}, which {author} never said"
                    yield Violation("nobody else's words", 0, text)


def honest_run(history: History) -> Iterator[Violation]:
    """0: no station ended but by our hand."""
    for failure in history.failures:
        yield Violation("honest run", history.finished_ms, failure)


INVARIANTS: tuple[Callable[[History], Iterator[Violation]], ...] = (
    honest_run,
    no_loss,
    no_double,
    in_order,
    nothing_before_the_disk,
    silences_flagged,
    no_false_alarm,
    repair_before_judgement,
    no_idle_flag,
    declared_silences_are_no_alarm,
    flags_live,
    receipts_missed,
    blindness_is_visible,
    lost_sight_is_flagged,
    wrong_clocks_flagged,
    set_clocks_move_nothing,
    convergence,
    nobody_elses_words,
)


def judge(history: History) -> list[Violation]:
    """Everything that is wrong with a run."""
    return [violation for invariant in INVARIANTS for violation in invariant(history)]


def _lost_with_disk(history: History, raw: bytes) -> bool:
    """Whether it can have been on the lost disk alone: then no other one ever had it."""
    if not history.had(*LOSSES):
        return False
    return not any(row == raw for row in _everything(history))


def _everything(history: History) -> Iterator[bytes]:
    for disk in history.disks.values():
        for rows in disk.values():
            yield from (row.raw for row in rows)


def _unanswered(history: History) -> dict[tuple[Ref, int], list[Entry]]:
    flags: dict[tuple[Ref, int], list[Entry]] = defaultdict(list)
    for entry in history.journal(history.watchdog):
        if entry.kind == "flag" and entry.body["rule"] == "unanswered":
            flags[subject_of(entry), to_ms(entry.body["due"])].append(entry)
    return flags


def _was_carried(history: History, wait: Wait, due_ms: int) -> bool:
    if wait.ended_ms is None or wait.ended_ms + SLACK_MS > due_ms:
        return False
    until_ms = wait.ended_ms + _ON_ITS_WAY_MS + SLACK_MS
    return is_sound(history, {wait.ended_by, history.watchdog}, wait.ended_ms, until_ms)


def _was_told(history: History, wait: Wait, at_ms: int) -> bool:
    """Whether a status in this life of the watchdog's told it of the record that ended a wait."""
    from_ms = at_ms - history.timers_ms["heartbeat"]
    deaths = (t for t in history.troubles if t.whom == history.watchdog and t.kind in _DEADLY)
    if any(death.from_ms <= at_ms and from_ms <= death.until_ms for death in deaths):
        return False
    return any(
        told.of == wait.ended_by and told.head >= wait.ended_seq and from_ms <= told.at_ms < at_ms
        for told in history.told
    )


def _is_moot(history: History, message: Asked, wait: Wait) -> bool:
    """A wait begun by a STANDBY that may have been heard when its message was taken back."""
    if not wait.begun_by or wait.ended_by != message.entry.ref.station:
        return False
    until_ms = wait.since_ms + _ON_ITS_WAY_MS + SLACK_MS
    return not is_sound(history, {wait.begun_by, history.watchdog}, wait.since_ms, until_ms)


def _rank(flag: Entry) -> int:
    return _LEVELS.index(flag.body["level"])


def context(history: History, violation: Violation, lines: int = 12) -> str:
    """The lines of the log around a violation."""
    near = sorted(history.log, key=lambda line: abs(line[0] - violation.at_ms))[:lines]
    return "\n".join(f"  {at_ms} {text}" for at_ms, text in sorted(near))
