"""The verdict on a run, by the invariants of the design, from what is on disk alone.

Shares no logic with the stations, the watchdog or the picture: it reads records with its own few
lines and does its own arithmetic.
"""

import base64
import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.torture.evidence import Evidence, Holding, Row, Told, open_record
from tests.torture.line import BROKER, STATIONS, WATCHDOG
from tests.torture.messages import answers_in
from tests.torture.plan import LOSSES, SILENCING
from tests.torture.silence import FlagJudge
from tests.torture.undelivered import missed_receipts
from tests.torture.weather import Weather

_ON_ITS_WAY_MS = 1_000  # a record that takes longer to reach another disk is not excused as lost
_OLD_WORDS_MS = 10_000  # for this long after a disk was lost, a receipt may be from before
_SEEN_AWAY_MS = 2_000  # noticing a silence may take this long beyond the silence time


@dataclass
class Verdict:
    """What was violated, and how much was looked at: if that is nought, nothing is proven."""

    violations: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)


def judge(evidence: Evidence) -> Verdict:
    """Check all the evidence against all the invariants."""
    verdict = Verdict()
    weather = Weather(evidence.troubles)
    for number, found in (
        ("0 an honest run", evidence.failures),
        ("1 no loss", _losses(evidence, verdict.counts)),
        ("1 no loss", _broken_receipts(evidence, verdict.counts)),
        ("2 no double", _doubles(evidence, verdict.counts)),
        ("3 in order", _disorder(evidence, verdict.counts)),
        ("3 in order", _forks(evidence)),
        (
            "4/5 silences and false alarms",
            FlagJudge(evidence, weather, verdict.counts).violations(),
        ),
        ("4 missing receipts", missed_receipts(evidence, weather, verdict.counts)),
        ("6 blindness is visible", _unseen_deaths(evidence, weather, verdict.counts)),
        ("7 convergence", _divergence(evidence)),
    ):
        verdict.violations += [f"invariant {number}: {text}" for text in found]
    return verdict


def _losses(evidence: Evidence, counts: Counter[str]) -> Iterator[str]:
    """All hold what was told as committed, and what its author holds."""
    all_held = {holder: _lines(evidence, holder) for holder in STATIONS}
    owed = []
    for told in evidence.told:
        held = any((told.by, told.raw) in lines for lines in all_held.values())
        if not held and _went_with_its_disk(evidence, told):
            counts["lost with a disk before they left it"] += 1
        else:
            owed.append(told)
    counts["told as committed"] += len(owed)
    for holder in STATIONS:
        for author in STATIONS:
            said = [told.raw for told in owed if told.by == author]
            lacking = [raw for raw in said if (author, raw) not in all_held[holder]]
            if lacking:
                what = f"{len(lacking)} records that {author} was told are committed"
                yield f"{holder} lacks {what}, first {lacking[0][:120]!r}"
            original = _numbers(evidence.journals[author].get(author, []))
            missing = original - _numbers(evidence.journals[holder].get(author, []))
            if missing:
                yield f"{holder} lacks {len(missing)} records, first {author}/{min(missing)}"


def _lines(evidence: Evidence, holder: str) -> set[tuple[str, bytes]]:
    return {(author, row.raw) for author, rows in evidence.journals[holder].items() for row in rows}


def _went_with_its_disk(evidence: Evidence, told: Told) -> bool:
    """Whether its author's disk was lost before the record can have left it."""
    return any(
        loss.from_ms - _ON_ITS_WAY_MS <= told.at_ms <= loss.until_ms
        for loss in evidence.troubles
        if loss.verb in LOSSES and loss.whom == told.by
    )


def _broken_receipts(evidence: Evidence, counts: Counter[str]) -> Iterator[str]:
    """A station has on its disk what it has acknowledged, until it loses that disk."""
    receipts: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    for receipt in evidence.receipts:
        receipts[receipt.by, receipt.of].append((receipt.at_ms, receipt.upto))
    for holding in evidence.holdings:
        since_ms = _on_one_disk_since_ms(evidence, holding)
        for of in STATIONS:
            given = receipts[holding.station, of]
            upto = max((n for at_ms, n in given if since_ms <= at_ms < holding.at_ms), default=0)
            counts["receipts held against a disk"] += bool(upto)
            if upto > holding.heads.get(of, 0):
                has = f"has {of}/{holding.heads.get(of, 0)}"
                yield f"{holding.station} acknowledged {of}/{upto}, and its disk {has}"


def _on_one_disk_since_ms(evidence: Evidence, holding: Holding) -> int:
    """The time from which every receipt of a station is for the disk that it had at this look."""
    return max(
        (
            loss.until_ms + _OLD_WORDS_MS
            for loss in evidence.troubles
            if loss.verb in LOSSES
            and loss.whom == holding.station
            and loss.from_ms <= holding.at_ms
        ),
        default=0,
    )


def _numbers(rows: list[Row]) -> set[int]:
    return {row.seq for row in rows}


def _doubles(evidence: Evidence, counts: Counter[str]) -> Iterator[str]:
    """A message is shown once a life, and answered once in all."""
    for shown, times in Counter(evidence.shown).items():
        counts["shown"] += 1
        if times > 1:
            yield f"{shown.ref} was shown {times} times to {shown.to} in life {shown.life}"
    for ref, replies in answers_in(evidence).items():
        finals = sum(reply.body["answer"] != "STANDBY" for reply in replies)
        counts["answers"] += finals
        counts["standbys"] += len(replies) - finals
        # Our officers put a message off once at most.
        for what, times in (("finally answered", finals), ("put off", len(replies) - finals)):
            if times > 1:
                yield f"{ref} was {what} {times} times"


def _disorder(evidence: Evidence, counts: Counter[str]) -> Iterator[str]:
    """Originals are numbered and chained; copies are byte for byte the same."""
    for author in STATIONS:
        original = evidence.journals[author].get(author, [])
        counts["records"] += len(original)
        yield from _breaks(author, original)
        known = _numbers(original)
        for holder in STATIONS:
            for row in evidence.journals[holder].get(author, []):
                if row.seq not in known:
                    yield f"{holder} holds {author}/{row.seq}, which {author} does not"
    for holder in STATIONS:
        for stranger in evidence.journals[holder].keys() - set(STATIONS):
            yield f"{holder} keeps a journal of {stranger}"


def _forks(evidence: Evidence) -> Iterator[str]:
    """Everybody has the same bytes under one number."""
    for author in STATIONS:
        holders: dict[int, dict[bytes, list[str]]] = defaultdict(lambda: defaultdict(list))
        for holder in STATIONS:
            for row in evidence.journals[holder].get(author, []):
                holders[row.seq][row.raw].append(holder)
        for seq, versions in sorted(holders.items()):
            if len(versions) > 1:
                who = " and ".join("/".join(names) for names in versions.values())
                yield f"a fork: {who} hold different bytes as {author}/{seq}"


def _breaks(author: str, rows: list[Row]) -> Iterator[str]:
    before = ""
    for number, row in enumerate(rows, 1):
        if row.seq != number:
            yield f"{author}'s journal has {row.seq} where {number} belongs"
            return
        try:
            entry = open_record(author, row)
        except (ValueError, KeyError, TypeError) as error:
            yield f"{author}/{row.seq} cannot be read: {error!r}"
            return
        if entry.prev != before:
            yield f"{author}/{row.seq} does not follow from the record before it"
        digest = hashlib.sha256(row.raw).digest()
        before = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _unseen_deaths(evidence: Evidence, weather: Weather, counts: Counter[str]) -> Iterator[str]:
    """In good weather, every other station knows when one is away for long.

    But a watchdog that has just started says nothing until all have greeted it, or should have.
    """
    for trouble in evidence.troubles:
        whom = trouble.whom.removeprefix("link:")
        seen_ms = trouble.from_ms + evidence.timers_ms["silent"] + _SEEN_AWAY_MS
        if trouble.verb not in SILENCING or whom == BROKER or trouble.until_ms < seen_ms:
            continue
        for observer in STATIONS:
            if observer == whom or not weather.was_good({observer}, trouble.from_ms, seen_ms):
                continue
            greeted_ms = seen_ms - evidence.timers_ms["greeting"]
            if observer == WATCHDOG and not weather.was_spared(WATCHDOG, greeted_ms, seen_ms):
                continue
            counts[f"absences judged ({trouble.verb})"] += 1
            if not _sees_silence(evidence, observer, whom, seen_ms):
                yield f"{observer} did not see in time that {whom} is gone ({trouble.verb})"


def _sees_silence(evidence: Evidence, observer: str, whom: str, at_ms: int) -> bool:
    if observer != WATCHDOG:
        seen = [s for s in evidence.seen if s.by == observer and s.station == whom]
        words = [s.silent for s in seen if s.at_ms <= at_ms]
        return bool(words) and words[-1]
    standing = False
    for entry in evidence.journal(WATCHDOG):
        body = entry.body
        is_about = body.get("rule") == "silent" and body["subject"]["station"] == whom
        if is_about and entry.at_ms <= at_ms:
            standing = entry.kind == "flag"
    return standing


def _divergence(evidence: Evidence) -> Iterator[str]:
    """Every station says the same of all that was said."""
    if len(set(evidence.pictures.values())) > 1:
        yield "the stations' pictures differ: " + ", ".join(sorted(evidence.pictures))
    for station, picture in evidence.pictures.items():
        if not picture.startswith("{"):
            yield f"{station} has no picture"
