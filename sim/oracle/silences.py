"""What declared silences excuse, by the oracle's own reading."""

from typing import NamedTuple

from sim.oracle.evidence import Broken, Entry, Evidence, Ref, subject_of


class Silence(NamedTuple):
    """From when to when a party had suspended its channel, by which record."""

    by: Ref
    since_ms: int
    until_ms: int
    ended_by: Ref | None = None

    def covers(self, evidence: Evidence, flag: Entry) -> bool:
        """Whether the watchdog, when it raised this flag, knew of it and not of its end."""
        flagged_ms = evidence.true_ms(flag.ref)
        known_ms = evidence.stored.get((evidence.watchdog, self.by), evidence.finished_ms)
        over_ms = evidence.stored.get((evidence.watchdog, self.ended_by or self.by), 0)
        return known_ms <= flagged_ms and (self.ended_by is None or flagged_ms <= over_ms)


def silences_of(evidence: Evidence, party: str) -> list[Silence]:
    """Every silence that a party has declared."""
    found: list[Silence] = []
    for entry in evidence.journal(party):
        if entry.kind == "suspend":
            found.append(Silence(entry.ref, entry.at_ms, evidence.finished_ms))
        elif entry.kind == "resume" and found:
            found[-1] = found[-1]._replace(until_ms=entry.at_ms, ended_by=entry.ref)
    return found


def declared_silences_are_no_alarm(evidence: Evidence) -> Broken:
    """5: a watchdog that knows of a declared silence raises no alarm for it, nor for its checks."""
    asked = {
        entry.ref: entry
        for party in evidence.parties
        for entry in evidence.journal(party)
        if entry.kind in ("check", "suspend", "resume")
    }
    for party in evidence.parties:
        for silence in silences_of(evidence, party):
            known_ms = evidence.stored.get((evidence.watchdog, silence.by), evidence.finished_ms)
            for flag in evidence.flagged_by(evidence.watchdog):
                raised_ms = evidence.true_ms(flag.ref)  # whatever the watchdog's clock showed
                in_it = known_ms < raised_ms < silence.until_ms and flag.kind == "flag"
                if in_it and _is_excused(flag, party, asked.get(subject_of(flag))):
                    what = f"{flag.ref} flags {flag.body['rule']} {subject_of(flag)}"
                    text = f"{what} {flag.body['level']} in the silence that {silence.by} declares"
                    yield raised_ms, text
        yield from _excused_in_vain(evidence, party)


def _excused_in_vain(evidence: Evidence, party: str) -> Broken:
    """A silence is an alarm unless it was declared, and not over as far as the watchdog knew."""
    silences = silences_of(evidence, party)
    for flag in evidence.flagged_by(evidence.watchdog):
        about = flag.kind == "flag" and (flag.body["rule"], subject_of(flag)) == (
            "silent",
            Ref(party, 0),
        )
        if not about or flag.body["level"] != "WARNING":
            continue
        if not any(silence.covers(evidence, flag) for silence in silences):
            text = f"{flag.ref} excuses {party}, who had not suspended his channel"
            yield evidence.true_ms(flag.ref), text


def _is_excused(flag: Entry, party: str, asked: Entry | None) -> bool:
    """Whether a flag is one that a declared silence of this party excuses."""
    if flag.body["rule"] == "silent":
        return subject_of(flag).station == party and flag.body["level"] != "WARNING"
    return flag.body["rule"] == "unanswered" and asked is not None and asked.ref.station != party
