from pathlib import Path

import pytest

from tests.torture.__main__ import run

SEED, MINUTES = 9, 1.0


@pytest.mark.mosquitto
@pytest.mark.timeout(240)
def test_a_minute_of_torture_breaks_no_invariant(tmp_path: Path) -> None:
    """Real processes are killed, links are mangled; on disk everything is as it should be."""
    summary, verdict = run(SEED, MINUTES, tmp_path)
    assert not verdict.violations, f"{summary}kept: {tmp_path}"
    # If nothing was looked at, or no disk was ever full, nothing is proven.
    assert " 0 full disks told" not in summary
    for what in (
        "told as committed",
        "shown",
        "silences that must be flagged",
        "deadlines that must not be flagged",
        "receipts held against a disk",
        "absences judged",
    ):
        seen = sum(count for name, count in verdict.counts.items() if name.startswith(what))
        assert seen > 0, f"nothing to judge: {what}\n{summary}"
