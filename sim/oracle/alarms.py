"""Invariants about missing answers: each is flagged in its time, and nothing that was answered."""

from sim.oracle.evidence import Broken, Entry, Evidence, flags_by_due, flags_of, subject_of
from sim.oracle.facts import Ref
from sim.oracle.sound import ENDING, LOSSES, SLACK_MS, TICK_MS, is_sound
from sim.oracle.waits import Asked, Wait, answers_in, deadlines, flagged_in_vain, read_messages

_ON_ITS_WAY_MS = 1_000


def silences_flagged(evidence: Evidence) -> Broken:
    """4: a wait that reached a level's deadline has that flag once, punctually in good weather."""
    flags = flags_by_due(evidence, "unanswered")
    grace_ms = evidence.timers_ms["grace"]
    for message, wait, level, due_ms in deadlines(evidence):
        at_it = flags[message.entry.ref, due_ms]
        raised = [flag for flag in at_it if flag.body["level"] == level]
        what = f"{message.entry.ref} at {level}"
        last_ms = due_ms + grace_ms + SLACK_MS + TICK_MS
        goes_on = last_ms < evidence.finished_ms and wait.lasts_until(last_ms)
        must = goes_on and not message.excused
        # A STANDBY may promise an answer for the very deadline that there was.
        if len(raised) > sum((level, due_ms) in other.dues() for other in message.waits):
            yield raised[1].at_ms, f"{what}: flagged twice"
        if must and not raised and not _is_moot(evidence, message, wait):
            yield due_ms, f"{what}: not flagged"
        # By a clock that is behind, it may have been overdue when it was heard.
        judged_ms = max(due_ms + grace_ms, evidence.heard_ms(wait.begun.ref))
        for flagged_ms in map(evidence.when, raised):
            late_ms = flagged_ms - due_ms - grace_ms
            sound = is_sound(evidence, evidence.stations, due_ms, flagged_ms)
            if late_ms < 0 or (flagged_ms > judged_ms + TICK_MS and sound):
                yield flagged_ms, f"{what}: flagged {late_ms} ms after deadline and grace"


def no_false_alarm(evidence: Evidence) -> Broken:
    """5: no flag for an answer in time on a sound line, nor for a deadline that never was."""
    for flag, ref, ended in flagged_in_vain(evidence):
        if _was_carried(evidence, ended):
            level, by = flag.body["level"], ended.ref.station
            yield flag.at_ms, f"{ref} flagged at {level}, though {by} spoke in time"
    dues = {
        (message.entry.ref, due_ms)
        for message in read_messages(evidence).values()
        for wait in (*message.waits, *message.unknowing)
        for _, due_ms in wait.dues()
    }
    for (ref, due_ms), raised in flags_by_due(evidence, "unanswered").items():
        if (ref, due_ms) not in dues:
            text = f"{ref}: flagged for a deadline that it never had"
            yield raised[0].at_ms, text


def repair_before_judgement(evidence: Evidence) -> Broken:
    """5: a watchdog that was told of a record does not flag a wait that this record ended."""
    if evidence.had(*LOSSES, whom=evidence.watchdog):
        return
    for flag, _, ended in flagged_in_vain(evidence):
        if _was_told(evidence, ended.ref, flag.at_ms):
            yield flag.at_ms, f"{flag.ref} judges without {ended.ref}"


def answered_is_delivered(evidence: Evidence) -> Broken:
    """5: no receipt is missed by a watchdog that has an answer to that record, or to a later one.

    Whatever is wrong with the line, and however it got the answer.
    """
    if evidence.had(*LOSSES, whom=evidence.watchdog):
        return
    answered = [
        (to, evidence.heard_ms(answers[0].ref))
        for to, answers in answers_in(evidence, "reply").items()
    ]
    for flag in flags_of(evidence, "undelivered"):
        about, flagged_ms = subject_of(flag), evidence.when(flag)
        for to, known_ms in answered:
            if to.station == about.station and to.seq >= about.seq and known_ms < flagged_ms:
                yield flagged_ms, f"{flag.ref}: {about} is undelivered, though {to} was answered"
                break


def late_answers_are_measured(evidence: Evidence) -> Broken:
    """4: a flag that an answer clears is cleared with the time by which that answer was late.

    Where there are several answers and waits, it may be any of them: nobody else knows what the
    watchdog heard first. What was taken back, put off or excused may be cleared for that. An answer
    that seems to come from the future may count as given when it was heard, or read: it waits for
    its message.
    """
    messages = read_messages(evidence)
    answers = answers_in(evidence, "reply", "voice")
    for clear in evidence.flagged_by(evidence.watchdog):
        told_ms, message = clear.body.get("late_ms"), messages.get(subject_of(clear))
        if (clear.kind, clear.body["rule"]) != ("clear", "unanswered") or message is None:
            continue
        if not message.is_timed:
            continue
        given = answers.get(message.entry.ref, ())
        is_put_off = any(answer.body["answer"] == "STANDBY" for answer in given)
        if told_ms is None and (message.taken_back or message.excused or is_put_off):
            continue
        cleared_ms = evidence.when(clear)
        late_ms = {
            (max(from_ms - wait.due_ms, 0), max(until_ms - wait.due_ms, 0))
            for answer in given
            for from_ms, until_ms in (
                (answer.at_ms, answer.at_ms),
                (min(answer.at_ms, evidence.heard_ms(answer.ref)), min(answer.at_ms, cleared_ms)),
            )
            for wait in (*message.waits, *message.unknowing)
        }
        if told_ms is None or not any(least <= told_ms <= most for least, most in late_ms):
            told = f"{message.entry.ref} answered {told_ms} ms late"
            yield cleared_ms, f"{clear.ref} has {told}, which is none of {sorted(late_ms)}"


def _was_carried(evidence: Evidence, ended: Entry) -> bool:
    """Whether the line was sound while the record that ended a wait was on its way."""
    said_ms = evidence.when(ended)
    until_ms = said_ms + _ON_ITS_WAY_MS + SLACK_MS
    return is_sound(evidence, {ended.ref.station, evidence.watchdog}, said_ms, until_ms)


def _was_told(evidence: Evidence, ref: Ref, at_ms: int) -> bool:
    """Whether a status in this life of the watchdog's told it of a record."""
    from_ms = at_ms - evidence.timers_ms["heartbeat"]
    deaths = evidence.troubles_of(*ENDING, whom=evidence.watchdog)
    if any(death.from_ms <= at_ms and from_ms <= death.until_ms for death in deaths):
        return False
    return any(
        told.of == ref.station and told.head >= ref.seq and from_ms <= told.at_ms < at_ms
        for told in evidence.told
        if told.is_live
    )


def _is_moot(evidence: Evidence, message: Asked, wait: Wait) -> bool:
    """Whether the STANDBY that began a wait came in when the wait was as good as over, or never."""
    if wait.begun is message.entry or wait.ended is None:
        return False
    begun_ms, over_ms = (evidence.heard_ms(each.ref) for each in (wait.begun, wait.ended))
    return over_ms <= begun_ms + SLACK_MS + TICK_MS
