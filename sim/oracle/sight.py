"""Invariants about what a watchdog must see: receipts, absences, its own blindness, clocks."""

from collections.abc import Iterator
from typing import NamedTuple

from sim.oracle.evidence import Broken, Entry, Evidence, flags_by_due, stands
from sim.oracle.facts import Ref, Trouble
from sim.oracle.sound import (
    ENDING,
    LOSSES,
    ON_ITS_WAY_MS,
    SILENCING,
    SKEWED,
    SLACK_MS,
    SLEEPS,
    TICK_MS,
    clocks_were_right,
    departure,
    is_sound,
)
from sim.oracle.waits import read_messages

_LATE_MS = 20_000  # how late a will may come
_SKEW_SEEN_HEARTBEATS = 6  # a slow clock shows in five statuses


class _Receipt(NamedTuple):
    """A receipt that was due for a record: when, when the other party had it, and its flags.

    It is judged after the grace; if its author's clock was behind, at once when it is heard.
    """

    of: Ref
    level: str
    said_ms: int
    due_ms: int
    judged_ms: int
    there_ms: int
    flags: list[Entry]

    def __str__(self) -> str:
        return f"{self.of} at {self.level}"


def receipts_missed(evidence: Evidence) -> Broken:
    """4: a record that is not on the other party's disk in time is flagged, at each level."""
    for receipt in _receipts(evidence):
        yield from _flagged_in_time(evidence, receipt)
        yield from _flagged_at_last(evidence, receipt)
        yield from _flagged_in_vain(evidence, receipt)


def _receipts(evidence: Evidence) -> Iterator[_Receipt]:
    """The receipts that each party owes for what the other said by a right clock, by level."""
    raised = flags_by_due(evidence, "undelivered")
    levels = {"WARNING": "receipt", "ALARM": "receipt_alarm"}
    for party, other in (evidence.parties, evidence.parties[::-1]):
        for entry in evidence.journal(party):
            said_ms, there_ms = evidence.when(entry), evidence.stored_ms(other, entry.ref)
            if not clocks_were_right(evidence, {party}, said_ms, said_ms):
                continue
            for level, timer in levels.items():
                due_ms = entry.at_ms + evidence.timers_ms[timer]
                flags = [f for f in raised[entry.ref, due_ms] if f.body["level"] == level]
                judged_ms = max(due_ms + evidence.timers_ms["grace"], evidence.heard_ms(entry.ref))
                yield _Receipt(entry.ref, level, said_ms, due_ms, judged_ms, there_ms, flags)


def _flagged_in_time(evidence: Evidence, missed: _Receipt) -> Broken:
    """It is flagged in time by a watchdog that was well all the while."""
    judged_ms = missed.judged_ms
    both, until_ms = {missed.of.station, evidence.watchdog}, judged_ms + TICK_MS
    sound = is_sound(evidence, both, missed.said_ms, until_ms)
    if missed.there_ms <= until_ms or not sound or _was_behind(evidence, judged_ms, until_ms):
        return
    if not missed.flags:
        yield missed.due_ms, f"{missed}: not flagged"
    elif not 0 <= missed.flags[0].at_ms - judged_ms <= TICK_MS:
        flagged_ms = missed.flags[0].at_ms
        yield flagged_ms, f"{missed}: flagged {flagged_ms - judged_ms} ms after it must be"


def _flagged_at_last(evidence: Evidence, missed: _Receipt) -> Broken:
    """It is flagged by a watchdog that was away when it was due, and has long been back."""
    both, last_ms = {missed.of.station, evidence.watchdog}, missed.there_ms - SLACK_MS
    if missed.flags or last_ms <= missed.judged_ms + TICK_MS:
        return
    # In any tick in which it is well, it judges all that is overdue.
    tick_ms = last_ms - TICK_MS, last_ms
    if is_sound(evidence, both, *tick_ms) and not _was_behind(evidence, *tick_ms):
        yield last_ms, f"{missed}: not flagged until it was there"


def _flagged_in_vain(evidence: Evidence, came: _Receipt) -> Broken:
    """It is not flagged if it came; not even after a crash, unless a disk was lost."""
    if evidence.had(*LOSSES) or came.there_ms + SLACK_MS >= came.due_ms:
        return
    kept_ms = came.there_ms + SLACK_MS + evidence.timers_ms["grace"]
    for flag in came.flags:
        if is_sound(evidence, evidence.stations, came.said_ms, kept_ms):
            yield flag.at_ms, f"{came}: it was there"


def lost_sight_is_flagged(evidence: Evidence) -> Broken:
    """6: a watchdog that is well and cannot get what it was told of says that it is blind."""
    patience_ms = _patience_ms(evidence)
    for told in evidence.told:
        ref, until_ms = Ref(told.of, told.head), told.at_ms + patience_ms
        if not (told.is_live and told.of in evidence.parties and told.head):
            continue
        there_ms = evidence.heard_ms(ref)
        if there_ms <= until_ms or until_ms > evidence.finished_ms:
            continue
        if not is_sound(evidence, {evidence.watchdog}, told.at_ms, until_ms):
            continue
        # A record that is here may wait for the other party's: then the flag is about that one.
        if not any(stands(evidence, "blind", party, until_ms) for party in evidence.parties):
            text = f"told of {ref}, not got it for {there_ms - told.at_ms} ms, and says nothing"
            yield until_ms, text


def wrong_clocks_flagged(evidence: Evidence) -> Broken:
    """6: a station whose clock is wrong by more than the line tolerates is flagged by the others.

    Each watchdog that is well must flag it, also when the clock is the other watchdog's.
    """
    for watchdog in evidence.watchdogs:
        yield from _wrong_clocks_seen(evidence, watchdog)
        yield from _right_clocks_cleared(evidence, watchdog)


def _wrong_clocks_seen(evidence: Evidence, watchdog: str) -> Broken:
    view = evidence.watched_by(watchdog)
    for trouble in evidence.troubles_of(*SKEWED):
        if trouble.whom == watchdog:
            continue
        seen_ms = (
            trouble.from_ms + _SKEW_SEEN_HEARTBEATS * evidence.timers_ms["heartbeat"] + TICK_MS
        )
        wrong_ms = trouble.how_ms + view.ahead_ms(trouble.whom)
        wrong = abs(wrong_ms) > evidence.timers_ms["clock_skew"] + TICK_MS
        both = {trouble.whom, watchdog}
        if not wrong or trouble.until_ms < seen_ms:
            continue
        if not is_sound(evidence, both, trouble.from_ms, seen_ms, but=trouble):
            continue
        about = view.flagged_about("clock_skew", trouble.whom)
        flagged_ms = [evidence.when(entry) for entry in about if entry.kind == "flag"]
        if not any(trouble.from_ms <= at_ms <= seen_ms for at_ms in flagged_ms):
            wrong_by = f"the clock of {trouble.whom} is wrong by {wrong_ms} ms"
            text = f"{wrong_by} and no flag of {watchdog} says so"
            yield seen_ms, text


def _right_clocks_cleared(evidence: Evidence, watchdog: str) -> Broken:
    """A watchdog that has been well for some heartbeats flags no clock that is right.

    So it is when a clock was put right, and in the end: it may have been away then.
    """
    needs_ms = _SKEW_SEEN_HEARTBEATS * evidence.timers_ms["heartbeat"] + TICK_MS
    view = evidence.watched_by(watchdog)
    for mended in (*evidence.troubles_of(*SKEWED), None):
        seen_ms = evidence.finished_ms if mended is None else mended.until_ms + needs_ms
        for station in evidence.stations if seen_ms <= evidence.finished_ms else ():
            both, from_ms = {station, watchdog}, seen_ms - needs_ms
            sound = is_sound(evidence, both, from_ms, seen_ms, but=mended)
            if sound and stands(view, "clock_skew", station, seen_ms):
                when = f"after that of {mended.whom} was mended" if mended else "in the end"
                yield seen_ms, f"the clocks are right, but {watchdog} flags {station} {when}"


def set_clocks_move_nothing(evidence: Evidence) -> Broken:
    """4: a watchdog whose clock is set judges a wait from before that when its time has passed."""
    raised, grace_ms = flags_by_due(evidence, "unanswered"), evidence.timers_ms["grace"]
    waits = [
        (message, wait, level, due_ms)
        for message in read_messages(evidence).values()
        for wait in message.waits
        for level, due_ms in wait.dues()
    ]
    for trouble in evidence.troubles_of(*SKEWED, whom=evidence.watchdog):
        for message, wait, level, due_ms in waits:
            judged_ms = due_ms + grace_ms
            until_ms = judged_ms + TICK_MS
            known_ms = max(wait.since_ms + SLACK_MS + TICK_MS, evidence.heard_ms(wait.begun.ref))
            began_before = known_ms < trouble.from_ms < judged_ms
            goes_on = wait.lasts_until(until_ms) and until_ms <= evidence.finished_ms
            if message.excused or not began_before or not goes_on:
                continue
            if not is_sound(evidence, evidence.stations, wait.since_ms, until_ms, but=trouble):
                continue
            at_it = [f for f in raised[message.entry.ref, due_ms] if f.body["level"] == level]
            late_ms = [evidence.when(flag) - judged_ms for flag in at_it]
            if len(late_ms) != 1 or not 0 <= late_ms[0] <= TICK_MS:
                text = f"{message.entry.ref} at {level}: flagged {late_ms} ms after it must be"
                yield judged_ms, text


def blindness_is_visible(evidence: Evidence) -> Broken:
    """6: every other station that is well knows when a station is away for long, to the end."""
    for trouble in evidence.troubles_of(*SILENCING):
        left = departure(evidence, trouble)
        gone_ms = left.from_ms if left else trouble.from_ms
        seen_ms = gone_ms + evidence.timers_ms["silent"] + 2 * TICK_MS
        if trouble.until_ms < seen_ms or _may_still_be_heard(evidence, trouble):
            continue
        if trouble.kind in SLEEPS and _was_killed(evidence, trouble):
            continue
        last_ms = trouble.until_ms - 1
        for observer in (name for name in evidence.stations if name != trouble.whom):
            for from_ms, at_ms in ((gone_ms, seen_ms), (last_ms - TICK_MS, last_ms)):
                if is_sound(evidence, {observer}, from_ms, at_ms):
                    yield from _unseen_by(observer, evidence, trouble, at_ms)


def _may_still_be_heard(evidence: Evidence, absence: Trouble) -> bool:
    """Whether words of the station that is gone may still come in for a while, on a slow link."""
    return any(
        slow.from_ms <= absence.from_ms <= slow.until_ms + ON_ITS_WAY_MS
        for slow in evidence.troubles_of("slow", whom=absence.whom)
    )


def _unseen_by(observer: str, evidence: Evidence, trouble: Trouble, seen_ms: int) -> Broken:
    """That an observer does not see by then who is gone, or flags it if it is a watchdog."""
    gone, view = trouble.whom, evidence.watched_by(observer)
    if not _sees_gone(evidence, observer, gone, seen_ms):
        yield seen_ms, f"{observer} did not see in time that {gone} is gone"
    elif observer in evidence.watchdogs and not stands(view, "silent", gone, seen_ms):
        yield seen_ms, f"{gone} is gone ({trouble.kind}) and no flag of {observer} says so"


def _sees_gone(evidence: Evidence, observer: str, station: str, at_ms: int) -> bool:
    """Whether the last that an observer has seen of a station by then is that it is silent."""
    seen = [
        seen.silent
        for seen in evidence.seen
        if (seen.by, seen.station) == (observer, station) and seen.at_ms <= at_ms
    ]
    return bool(seen) and seen[-1]


def _was_killed(evidence: Evidence, sleep: Trouble) -> bool:
    """Whether the sleeper was killed in that time: the process that starts then is awake."""
    return any(
        death.from_ms <= sleep.until_ms and sleep.from_ms <= death.until_ms
        for death in evidence.troubles_of(*ENDING, *LOSSES, whom=sleep.whom)
    )


def late_wills_are_stale(evidence: Evidence) -> Broken:
    """6: nobody believes a will that comes when its station has been back for long."""
    for trouble in evidence.troubles_of("late-will"):
        until_ms = trouble.from_ms + _LATE_MS + TICK_MS
        for seen in evidence.seen:
            is_about_it = seen.silent and seen.station == trouble.whom
            if not is_about_it or not trouble.from_ms < seen.at_ms <= until_ms:
                continue
            both = {seen.by, trouble.whom}
            if is_sound(evidence, both, trouble.from_ms, until_ms, but=trouble):
                text = f"{seen.by} takes {trouble.whom} for gone, which is back"
                yield seen.at_ms, text


def _patience_ms(evidence: Evidence) -> int:
    """How long a watchdog may lack a record before it says that it is blind."""
    return evidence.timers_ms["receipt"] + evidence.timers_ms["grace"] + TICK_MS


def _was_behind(evidence: Evidence, from_ms: int, until_ms: int) -> bool:
    """Whether the watchdog knew then of a record that it lacked: it judges nothing meanwhile."""
    for told in evidence.told:
        is_told = told.at_ms <= until_ms and told.head
        if is_told and evidence.heard_ms(Ref(told.of, told.head)) >= from_ms:
            return True
    # A record that was replayed may have told it of more: then it says in time that it is blind.
    late_ms = until_ms + _patience_ms(evidence)
    return any(
        evidence.when(flag) <= late_ms and from_ms <= cleared_ms
        for party in evidence.parties
        for flag, cleared_ms in evidence.flagged_until("blind", party)
    )
