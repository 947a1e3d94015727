"""The judge of missing receipts: a record that its reader did not get in time is `undelivered`.

It demands only what is certain: if a reader went away while all was well, and stayed away, then no
receipt came unless a side file has it. Nobody can say when else a watchdog must have missed one:
there is no record of what it had heard in bad weather.
"""

from collections import Counter
from collections.abc import Iterator

from tests.torture.evidence import Entry, Evidence, Ref, Trouble, to_ms
from tests.torture.line import PARTIES, WATCHDOG, other
from tests.torture.plan import SILENCING
from tests.torture.silence import TICK_MS
from tests.torture.weather import Weather

_TIMERS = {"WARNING": "receipt", "ALARM": "receipt_alarm"}


def missed_receipts(evidence: Evidence, weather: Weather, counts: Counter[str]) -> Iterator[str]:
    """Records that nobody had got, and that were not flagged within a tick."""
    grace_ms = evidence.timers_ms["grace"]
    raised = _raised(evidence)
    for away in evidence.troubles:
        reader = away.whom.removeprefix("link:")
        if away.verb not in SILENCING or reader not in PARTIES:
            continue
        for entry in _said_into_the_void(evidence, reader, away):
            for level, timer in _TIMERS.items():
                due_ms = entry.at_ms + evidence.timers_ms[timer]
                from_ms, until_ms = due_ms + grace_ms, due_ms + grace_ms + TICK_MS
                if until_ms > away.until_ms or not _was_well(weather, reader, away, until_ms):
                    continue
                if _was_received(evidence, reader, entry.ref, until_ms):
                    continue
                counts["missing receipts that must be flagged"] += 1
                flagged_ms = raised.get((entry.ref, due_ms, level), [])
                if not any(from_ms <= at_ms <= until_ms for at_ms in flagged_ms):
                    yield f"{entry.ref} at {level}: {reader} has not got it, and no flag says so"


def _raised(evidence: Evidence) -> dict[tuple[Ref, int, str], list[int]]:
    """When each flag was raised, by the record it is about, its deadline and its level."""
    raised: dict[tuple[Ref, int, str], list[int]] = {}
    for entry in evidence.journal(WATCHDOG):
        body = entry.body
        if entry.kind == "flag" and body["rule"] == "undelivered":
            ref = Ref(body["subject"]["station"], body["subject"]["seq"])
            key = (ref, to_ms(body["due"]), body["level"])
            raised.setdefault(key, []).append(entry.at_ms)
    return raised


def _said_into_the_void(evidence: Evidence, reader: str, away: Trouble) -> Iterator[Entry]:
    """The records that were said to a reader while it was away."""
    for entry in evidence.journal(other(reader)):
        if away.from_ms <= entry.at_ms <= away.until_ms:
            yield entry


def _was_well(weather: Weather, reader: str, away: Trouble, until_ms: int) -> bool:
    """Whether all knew of each other when the reader went, and the others stayed well."""
    before_ms = away.from_ms - 1
    others = {other(reader), WATCHDOG}
    return weather.was_spared(reader, before_ms, before_ms) and weather.was_good(
        others, before_ms, until_ms
    )


def _was_received(evidence: Evidence, reader: str, ref: Ref, until_ms: int) -> bool:
    """Whether a receipt came by then, as it was on its way when its station went."""
    return any(
        receipt.by == reader
        and receipt.of == ref.station
        and receipt.upto >= ref.seq
        and receipt.at_ms <= until_ms
        for receipt in evidence.receipts
    )
