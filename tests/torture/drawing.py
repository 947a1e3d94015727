"""The plan of a run, drawn from its seed: a pure function of the seed and the duration."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from random import Random

from tests.torture.line import BROKER, PARTIES, SECONDS, STATIONS, WATCHDOG
from tests.torture.plan import (
    DEADLY,
    LINK_VERBS,
    LOSSES,
    MUTING,
    PRECEDENCES,
    PROCESS_VERBS,
    Fault,
    Manner,
    Plan,
    Say,
    Verb,
    label_of,
)

STORM_S = 12.0


CALM_S = 23.0  # long enough that the line settles and a FLASH is judged in good weather


LOSS_AT_S = 13.0  # this long after a calm began, one station loses its disk or gets an older one


OUTAGE_S = 37.0  # one victim goes away twice, in good weather, and the others must see it


AWAY_S = 8.0  # long enough that it is noticed, and that words said meanwhile are undelivered


_AWAY_AT_S = (10.0, 27.0)  # once the line has settled, and once it has settled again


EVERY_S = 1.3  # a party opens a message this often, on average


def make_plan(seed: int, minutes: float) -> Plan:
    """Draw a run from its seed. Every lane has its own random source, so none disturbs another."""
    duration_s = minutes * 60
    weather = list(_weather(Random(f"{seed}/weather"), duration_s))
    processes: dict[str, list[Fault]] = {}
    for victim in (*STATIONS, BROKER):
        chance = Random(f"{seed}/process/{victim}")
        processes[victim] = list(_process_faults(chance, victim, weather))
    links: dict[str, list[Fault]] = {}
    for station in STATIONS:
        chance = Random(f"{seed}/link/{station}")
        links[station] = list(_link_faults(chance, station, weather))
    says = {party: _traffic(Random(f"{seed}/says/{party}"), party, duration_s) for party in PARTIES}
    return Plan(duration_s, says, processes, links)


@dataclass(frozen=True, slots=True)
class _Spell:
    """A time of one kind of weather. In good weather only `single` faults happen."""

    from_s: float
    until_s: float
    stormy: bool
    single: tuple[Fault, ...] = ()

    def singles(self, victim: str, verbs: Collection[Verb]) -> list[Fault]:
        """The faults with these verbs that befall this victim in good weather."""
        return [fault for fault in self.single if fault.whom == victim and fault.verb in verbs]


def _weather(chance: Random, duration_s: float) -> Sequence[_Spell]:
    spells = []
    at_s = 0.0
    # The watchdog comes first, so that a short run, too, sees whether its death is noticed.
    victims = [WATCHDOG]
    fine = True
    while at_s < duration_s:
        spells.append(_Spell(at_s, at_s + STORM_S, stormy=True))
        at_s += STORM_S
        lasts_s = CALM_S if fine else OUTAGE_S
        single = _loss(chance, at_s) if fine else _absences(chance, at_s, victims.pop())
        spells.append(_Spell(at_s, at_s + lasts_s, stormy=False, single=tuple(single)))
        victims = victims or chance.sample(STATIONS, len(STATIONS))
        at_s += lasts_s
        fine = not fine
    return spells


def _absences(chance: Random, from_s: float, victim: str) -> Sequence[Fault]:
    """Have a victim be away for long twice: first dead, then mute."""
    deadly, mute = chance.choice(DEADLY), chance.choice(MUTING)
    first_s, second_s = (from_s + at_s for at_s in _AWAY_AT_S)
    return [
        *_copied(chance, Fault(first_s, AWAY_S, deadly, victim)),
        Fault(second_s, AWAY_S, mute, victim),
    ]


def _loss(chance: Random, from_s: float) -> Sequence[Fault]:
    """Have a station come back without its words so soon that hardly anybody noticed its death."""
    at_s, lasts_s = from_s + LOSS_AT_S, chance.choice((0.05, 0.3, 1.0))
    faults = _copied(chance, Fault(at_s, lasts_s, chance.choice(LOSSES), chance.choice(STATIONS)))
    if chance.random() < 0.3:  # and the broker's memory of the others is old as well
        faults.append(Fault(at_s, lasts_s, chance.choice((Verb.KILL, Verb.WIPE)), BROKER))
    return faults


def _copied(chance: Random, fault: Fault) -> list[Fault]:
    """A restoration puts back a copy that was taken some seconds before."""
    if fault.verb is not Verb.RESTORE:
        return [fault]
    return [Fault(fault.at_s - chance.uniform(0.5, 4.0), 0.0, Verb.COPY, fault.whom), fault]


def _process_faults(chance: Random, victim: str, weather: Sequence[_Spell]) -> Sequence[Fault]:
    faults = []
    for spell in weather:
        faults += spell.singles(victim, PROCESS_VERBS)
        if not spell.stormy:
            continue
        rare = 2.0 if victim == BROKER else 1.0
        at_s = spell.from_s + chance.uniform(0.2, 3.0) * rare
        while at_s < spell.until_s - 0.5:
            if victim == BROKER:
                verb = chance.choice((Verb.KILL, Verb.KILL, Verb.WIPE))
            else:
                (verb,) = chance.choices((Verb.KILL, Verb.PAUSE, Verb.FILL), (74, 13, 13))
            lasts_s = chance.choice((1.0, 2.5) if verb is Verb.FILL else (0.05, 0.3, 1.0, 2.5))
            lasts_s = min(lasts_s, spell.until_s - at_s)
            faults.append(Fault(at_s, lasts_s, verb, victim))
            at_s += lasts_s + chance.uniform(0.3, 4.4) * rare
    return faults


def _link_faults(chance: Random, station: str, weather: Sequence[_Spell]) -> Sequence[Fault]:
    faults = []
    for spell in weather:
        faults += spell.singles(station, LINK_VERBS)
        if not spell.stormy:
            continue
        at_s = spell.from_s + chance.uniform(0.0, 4.0)
        while at_s < spell.until_s - 0.5:
            verb = chance.choice(LINK_VERBS)
            lasts_s = 0.0 if verb is Verb.RESET else chance.choice((0.3, 1.5, 4.0, 9.0))
            lasts_s = min(lasts_s, spell.until_s - at_s)
            faults.append(Fault(at_s, lasts_s, verb, station))
            at_s += lasts_s + chance.uniform(0.3, 5.0)
    return faults


def _traffic(chance: Random, party: str, duration_s: float) -> list[Say]:
    says = []
    at_s = 0.0
    number = 0
    while (at_s := at_s + chance.expovariate(1 / EVERY_S)) < duration_s:
        number += 1
        if chance.random() < 0.2:
            says.append(_say(chance, at_s, party, "check", f"check {party} {number}"))
        else:
            says += _thread(chance, at_s, party, f"{party.upper()}-{number}", duration_s)
    return sorted(says, key=lambda say: say.at_s)


def _thread(
    chance: Random, at_s: float, party: str, notice: str, duration_s: float
) -> Sequence[Say]:
    """A notice, perhaps revised or cancelled; an unanswered one is mostly not left standing."""
    precedence = chance.choice(PRECEDENCES)
    says = [_say(chance, at_s, party, "notice", notice, precedence=precedence)]
    while True:
        last = says[-1]
        restless = last.manner in (Manner.NEVER, Manner.STANDBY_ONLY)
        if chance.random() > (0.8 if restless else 0.25):
            return says
        after_s = chance.uniform(0.05, 2.0) if chance.random() < 0.5 else chance.uniform(3.0, 14.0)
        next_s = last.at_s + after_s
        if next_s >= duration_s:
            return says
        if chance.random() < 0.4:
            says.append(_say(chance, next_s, party, "cancel", notice, precedence=precedence))
            return says
        again = _say(chance, next_s, party, "notice", notice, last.revision + 1, precedence)
        says.append(again)


def _say(
    chance: Random,
    at_s: float,
    party: str,
    kind: str,
    name: str,
    revision: int = 1,
    precedence: str = "",
) -> Say:
    manners = [Manner.AGREE] * 14 + [Manner.NEVER] * 2
    if kind == "notice":
        manners += [Manner.STANDBY] * 2 + [Manner.STANDBY_ONLY]
    request = chance.random() < 0.6
    if kind == "notice" and request:
        manners += [Manner.REJECT] * 2
    allowed_s = SECONDS[f"answer_{precedence.lower() or 'check'}"]
    is_notice = kind == "notice"
    return Say(
        at_s=at_s,
        party=party,
        kind=kind,
        label=label_of(kind, name, revision, name),
        notice="" if kind == "check" else name,
        revision=revision,
        precedence=precedence,
        request=request,
        lead_s=chance.uniform(3.0, 10.0) if is_notice and chance.random() < 0.3 else None,
        manner=chance.choice(manners),
        reading_s=_reading_s(chance, allowed_s),
        then_s=_reading_s(chance, allowed_s),
    )


def _reading_s(chance: Random, allowed_s: float) -> float:
    """Mostly soon, sometimes around the deadline, sometimes far too late."""
    low, high = chance.choice(((0.02, 0.2), (0.02, 0.3), (0.05, 0.3), (0.6, 1.5), (1.3, 2.6)))
    return chance.uniform(low, high) * allowed_s
