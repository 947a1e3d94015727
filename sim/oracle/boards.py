"""What is demanded of what watchdogs show: their boards, and one picture of all that they flag."""

from collections import Counter

from sim.oracle.evidence import Broken, Evidence, Ref, key_of, subject_of, to_ms
from sim.oracle.sound import SLACK_MS

_LOSING = ("loss", "cut", "cut-out", "cut-in")


def boards_show_what_stands(evidence: Evidence) -> Broken:
    """6: once all is mended, a watchdog's board shows what stands flagged by it, and only that.

    Not where its link has lost something without either end's being told, which then is only
    mended with the next connection.
    """
    if any(t.kind in _LOSING and t.whom == evidence.watchdog for t in evidence.troubles):
        return
    standing: set[str] = set()
    latest: set[str] = set()  # these may still be on their way
    last: dict[str, Ref] = {}  # what was said of each
    for entry in evidence.flagged_by(evidence.watchdog):
        key = key_of(entry)
        last[key] = entry.ref
        standing = standing | {key} if entry.kind == "flag" else standing - {key}
        if evidence.true_ms(entry.ref) > evidence.finished_ms - SLACK_MS:
            latest.add(key)
    for key in sorted((standing ^ evidence.boards[evidence.watchdog]) - latest):
        says = "does not show" if key in standing else "shows"
        after = f" after {last[key]}" if key in last else ""
        text = f"the board of {evidence.watchdog} {says} {key}{after}"
        yield evidence.finished_ms, text


def flags_are_seen_once(evidence: Evidence) -> Broken:
    """7: what is flagged of a record is seen once, however many watchdogs flag it."""
    seen = Counter(evidence.flags_seen)
    raised: dict[tuple[str, str, int], int] = {}  # how often at most by one watchdog
    about: dict[str, Ref] = {}
    for watchdog in evidence.watchdogs:
        flags = [entry for entry in evidence.flagged_by(watchdog) if entry.kind == "flag"]
        flags = [flag for flag in flags if subject_of(flag).seq]
        about |= {key_of(flag): subject_of(flag) for flag in flags}
        of_it = Counter((key_of(f), f.body["level"], to_ms(f.body["due"])) for f in flags)
        raised |= {flag: max(times, raised.get(flag, 0)) for flag, times in of_it.items()}
    for (key, level, due_ms), times in raised.items():
        if not 1 <= seen[key, level, due_ms] <= times:
            text = f"{about[key]}: {key} {level} is seen {seen[key, level, due_ms]} times"
            yield due_ms, text
