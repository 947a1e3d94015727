"""The oracle: a pure function for each demand of docs/simulation.md, over what a run left behind.

The number in a docstring is that of the invariant there; 0 is that the run was an honest one. The
oracle imports nothing of `hotline` and does its own arithmetic. A demand that needs a line that
carries is made only if the faults of the run left the line sound for long enough.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable
from itertools import chain

from sim.oracle.alarms import (
    answered_is_delivered,
    late_answers_are_measured,
    no_false_alarm,
    repair_before_judgement,
    silences_flagged,
)
from sim.oracle.boards import boards_show_what_stands, flags_are_seen_once, flags_live
from sim.oracle.days import days_are_told
from sim.oracle.differences import differ_in, first_odd
from sim.oracle.evidence import Broken, Evidence, Violation, breaks, subject_of, to_text
from sim.oracle.facts import Committed, Ref
from sim.oracle.goodbyes import goodbyes_are_no_alarm
from sim.oracle.returns import (
    nothing_is_judged_at_a_return,
    overdue_is_flagged_at_once,
    set_clocks_blame_nobody,
    sleepers_blame_nobody,
)
from sim.oracle.sense import nonsense_is_flagged
from sim.oracle.sight import (
    blindness_is_visible,
    late_wills_are_stale,
    lost_sight_is_flagged,
    receipts_missed,
    set_clocks_move_nothing,
    wrong_clocks_flagged,
)
from sim.oracle.silences import (
    declared_silences_are_no_alarm,
    other_silences_are_alarms,
    silences_are_as_declared,
    who_is_not_back_is_missed,
)
from sim.oracle.sound import LOSSES, SLACK_MS, is_sound
from sim.oracle.twins import nothing_is_merged, twins_are_flagged
from sim.oracle.waits import JUDGED_ELSEWHERE, answers_in
from sim.oracle.windows import (
    ends_are_told,
    late_notices_flagged,
    missed_checks_degrade,
    off_nominal_is_told,
    openings_are_told,
)

_NEAR = 12  # lines of the log
_REFS = re.compile(r"[a-z][a-z0-9-]*/\d+")


def no_loss(evidence: Evidence) -> Broken:
    """1: every record that its author committed is on every disk in the end.

    Except if two processes spoke under one name: of two records with one number one stays.
    """
    for holder in evidence.stations:
        held = {(of, row.raw) for of, rows in evidence.disks[holder].items() for row in rows}
        for told in evidence.committed:
            if told.ref.station in evidence.twice:
                continue
            if (told.ref.station, told.raw) not in held and not _lost_with_disk(evidence, told):
                yield told.at_ms, f"{holder} lacks {told.ref}"


def no_double(evidence: Evidence) -> Broken:
    """2: an officer is shown each message once a life, and answers it once."""
    shown: dict[tuple[str, int, Ref], list[int]] = defaultdict(list)
    for show in evidence.shown:
        shown[show.to, show.life, show.ref].append(show.at_ms)
    for (to, life, ref), times_ms in shown.items():
        if len(times_ms) > 1:
            text = f"{ref} was shown {len(times_ms)} times to {to} in life {life}"
            yield times_ms[1], text
    for ref, replies in answers_in(evidence, "reply").items():
        finals = [reply for reply in replies if reply.body["answer"] != "STANDBY"]
        if len(finals) > 1 or len(replies) - len(finals) > 1:
            said = ", ".join(str(reply.ref) for reply in replies)
            at_ms = max(map(evidence.when, replies))
            yield at_ms, f"{ref} was answered by {said}"


def in_order(evidence: Evidence) -> Broken:
    """3: originals are numbered and chained; under one number everybody has the same bytes."""
    for author in (name for name in evidence.stations if name not in evidence.twice):
        original = evidence.disks[author].get(author, [])
        for ref in breaks(author, original):
            yield evidence.stored_ms(author, ref), f"{ref} breaks its journal"
        for holder in evidence.stations:
            copy = evidence.disks[holder].get(author, [])
            if copy != original[: len(copy)]:
                ref = first_odd(author, copy, original[: len(copy)])
                text = f"{holder}'s copy of {author} is no prefix of it: see {ref}"
                yield evidence.stored_ms(holder, ref), text


def nothing_before_the_disk(evidence: Evidence) -> Broken:
    """3: what a station says, acknowledges or shows is on its disk when it does so."""
    for claim in evidence.claims:
        if claim.upto > claim.held:
            what = f"{claim.by} let out {claim.of}/{claim.upto} ({claim.what}), has {claim.held}"
            yield claim.at_ms, what


def no_idle_flag(evidence: Evidence) -> Broken:
    """5: no flag of another rule is raised when nothing has been wrong for long enough."""
    needs_ms = max(evidence.timers_ms["silent"], evidence.timers_ms["receipt"]) + SLACK_MS
    for flag in chain.from_iterable(map(evidence.flagged_by, evidence.watchdogs)):
        if flag.kind == "flag" and flag.body["rule"] not in JUDGED_ELSEWHERE:
            flagged_ms = evidence.when(flag)
            since_ms = flagged_ms - needs_ms
            if is_sound(evidence, evidence.stations, since_ms, flagged_ms):
                what = f"{flag.ref}: {flag.body['rule']} {subject_of(flag)}, though all was well"
                yield flagged_ms, what


def convergence(evidence: Evidence) -> Broken:
    """7: once all is mended, every disk holds the same and every picture says the same.

    It says so however it was made: kept in memory since the start, or read from the disk with and
    without its past.
    """
    yield from _different_disks(evidence)
    for station in evidence.stations:
        if station not in evidence.in_memory:
            yield evidence.finished_ms, f"{station} has no picture"
    for pictures in (evidence.in_memory, evidence.pictures):
        yield from _different_pictures(evidence, pictures)


def _different_disks(evidence: Evidence) -> Broken:
    first = evidence.disks[evidence.parties[0]]
    for holder in evidence.stations:
        for author in evidence.stations:
            here, there = evidence.disks[holder].get(author, []), first.get(author, [])
            if here != there:
                ref = first_odd(author, here, there)
                text = f"the disk of {holder} differs from that of {evidence.parties[0]} at {ref}"
                yield evidence.finished_ms, text


def _different_pictures(evidence: Evidence, pictures: dict[str, str]) -> Broken:
    if len(set(pictures.values())) <= 1:
        return
    usual = Counter(pictures.values()).most_common(1)[0][0]
    odd = {name: picture for name, picture in pictures.items() if picture != usual}
    refs = sorted({ref for picture in odd.values() for ref in differ_in(picture, usual)})
    where = ", ".join(map(str, refs))
    text = f"the pictures differ in {where or 'their heads or stops'}: {'; '.join(odd)}"
    yield evidence.finished_ms, text


def nobody_elses_words(evidence: Evidence) -> Broken:
    """8: every record that is stored was committed by its author."""
    committed = {(told.ref, told.raw) for told in (*evidence.committed, *evidence.doubled)}
    for holder in evidence.stations:
        for author, rows in evidence.disks[holder].items():
            for row in rows:
                if (Ref(author, row.seq), row.raw) not in committed or row.raw in evidence.forged:
                    text = f"{holder} holds {author}/{row.seq}, which {author} never said"
                    at_ms = evidence.stored_ms(holder, Ref(author, row.seq))
                    yield at_ms, text


def honest_run(evidence: Evidence) -> Broken:
    """0: no station ended unless we ended it, and time never stood still."""
    yield from evidence.failures


Invariant = Callable[[Evidence], Broken]

# The demands on the line as a whole.
OF_THE_LINE: tuple[Invariant, ...] = (
    honest_run,
    no_loss,
    no_double,
    in_order,
    nothing_before_the_disk,
    no_idle_flag,
    flags_live,
    blindness_is_visible,
    late_wills_are_stale,
    wrong_clocks_flagged,
    flags_are_seen_once,
    convergence,
    nobody_elses_words,
)

# The demands on each watchdog by itself, whatever is wrong with another.
OF_EACH_WATCHDOG: tuple[Invariant, ...] = (
    silences_flagged,
    no_false_alarm,
    repair_before_judgement,
    answered_is_delivered,
    late_answers_are_measured,
    declared_silences_are_no_alarm,
    other_silences_are_alarms,
    goodbyes_are_no_alarm,
    who_is_not_back_is_missed,
    silences_are_as_declared,
    late_notices_flagged,
    openings_are_told,
    ends_are_told,
    off_nominal_is_told,
    days_are_told,
    missed_checks_degrade,
    nonsense_is_flagged,
    receipts_missed,
    lost_sight_is_flagged,
    set_clocks_move_nothing,
    overdue_is_flagged_at_once,
    sleepers_blame_nobody,
    nothing_is_judged_at_a_return,
    set_clocks_blame_nobody,
    boards_show_what_stands,
    twins_are_flagged,
)

# The demands that hold even on a line on which one name speaks with two voices.
WITH_A_TWIN: tuple[Invariant, ...] = (
    honest_run,
    no_loss,
    in_order,
    nothing_before_the_disk,
    nobody_elses_words,
    nothing_is_merged,
    twins_are_flagged,
)


def judge(evidence: Evidence) -> list[Violation]:
    """Everything that is wrong with a run."""
    invariants = WITH_A_TWIN if evidence.twice else (*OF_THE_LINE, *OF_EACH_WATCHDOG)
    if not evidence.disks:  # the run never came to its end
        invariants = (honest_run,)
    watched = [evidence.watched_by(name).by_its_clock() for name in evidence.watchdogs]
    return [
        Violation(invariant.__name__, at_ms - evidence.clocks_ms.get(view.watchdog, 0), what)
        for invariant in invariants
        for view in (watched if invariant in OF_EACH_WATCHDOG else [evidence])
        for at_ms, what in invariant(view)
    ]


def _lost_with_disk(evidence: Evidence, said: Committed) -> bool:
    """Whether a record may have been on its author's lost disk alone: no other disk has it."""
    if not evidence.had(*LOSSES, whom=said.ref.station):
        return False
    disks = evidence.disks.values()
    return not any(row.raw == said.raw for disk in disks for rows in disk.values() for row in rows)


def context(evidence: Evidence, violation: Violation) -> str:
    """The lines of the log around a violation, and before them those of the records it names."""
    log = list(enumerate(evidence.log))
    near = sorted(log, key=lambda line: abs(line[1][0] - violation.at_ms))[:_NEAR]
    names = [name for name in _REFS.findall(violation.what) if not name.endswith("/0")]
    about = [line for line in log if any(f" commits {name} " in line[1][1] for name in names)]
    chosen = sorted({*near, *about[:_NEAR]})
    return "\n".join(f"  {to_text(at_ms)} {text}" for _, (at_ms, text) in chosen)
