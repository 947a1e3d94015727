"""The summary of a run, for people."""

from collections import Counter

from tests.torture.judge import Verdict
from tests.torture.plan import DEADLY, Verb

_SHOWN = 30
DEADLY_VERBS = (*DEADLY, Verb.WIPE)


def report(seed: int, minutes: float, done: Counter[str], verdict: Verdict) -> str:
    """The report: what was done to the line, what it did, and whether that was right."""
    lines = [f"torture: seed {seed}, {minutes:g} minutes", "", "done to it:"]
    kills = sum(count for what, count in done.items() if what.split()[0] in DEADLY_VERBS)
    lines.append(f"  {kills:6} kills in all")
    lines += [f"  {count:6} {what}" for what, count in sorted(done.items())]
    lines.append("found on disk:")
    lines += [f"  {count:6} {what}" for what, count in sorted(verdict.counts.items())]
    if not verdict.violations:
        lines.append("verdict: every invariant held")
    else:
        lines.append(f"verdict: {len(verdict.violations)} violations")
        lines += [f"  {text}" for text in verdict.violations[:_SHOWN]]
        if len(verdict.violations) > _SHOWN:
            lines.append("  …")
        lines.append(f"replay: python -m tests.torture --seed {seed} --minutes {minutes:g}")
    return "\n".join(lines) + "\n"
