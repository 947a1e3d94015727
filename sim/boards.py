"""What is demanded of the boards on which watchdogs show what stands flagged."""

from collections.abc import Iterator

from sim.evidence import History, Ref, Violation, subject_of
from sim.sound import SLACK_MS

_LOSING = ("loss", "cut", "cut-out", "cut-in")


def boards_show_what_stands(history: History) -> Iterator[Violation]:
    """6: once all is mended, a watchdog's board shows what stands flagged by it, and only that.

    Not where its link has lost something without either end's being told, which then is only
    mended with the next connection.
    """
    if any(t.kind in _LOSING and t.whom == history.watchdog for t in history.troubles):
        return
    standing: set[str] = set()
    latest: set[str] = set()  # these may still be on their way
    last: dict[str, Ref] = {}  # what was said of each
    for entry in history.journal(history.watchdog):
        subject = subject_of(entry)
        key = f"{entry.body['rule']}-{subject.station}" + (f"-{subject.seq}" if subject.seq else "")
        last[key] = entry.ref
        standing = standing | {key} if entry.kind == "flag" else standing - {key}
        if history.true_ms(entry.ref) > history.finished_ms - SLACK_MS:
            latest.add(key)
    for key in sorted((standing ^ history.board) - latest):
        says = "does not show" if key in standing else "shows"
        after = f" after {last[key]}" if key in last else ""
        text = f"the board of {history.watchdog} {says} {key}{after}"
        yield Violation("boards show what stands", history.finished_ms, text)
