"""The plan of a seed, as a pure function of the seed."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from hotline.times import SECOND_MS
from sim.chance import coin
from sim.swarm.plan import (
    BROKER_FAULTS,
    DISK_FAULTS,
    ENDINGS,
    EVERYTHING,
    IMPORT,
    KINDS,
    LATE_WILL,
    LEAVE,
    LINK_FAULTS,
    NEWER,
    NOISE,
    NONSENSE,
    OFFICERS_VANISH,
    PARTIES,
    SECOND,
    SLEEPS,
    SLOW_DISK,
    TWIN,
    WATCHDOG,
    WATCHDOGS,
    WAYS,
    Fault,
    Plan,
    Word,
)
from sim.swarm.scale import LENGTHS, Lengths, Scale, calm_ms
from sim.swarm.stress import stressed

_CALM_MS = 45 * SECOND_MS
_SELDOM = 0.35  # about a third
_A_QUARTER = 0.25
_A_LITTLE_MS = 800  # by which two clocks differ that are kept right
_LINK_DELAYS_MS = 2_000  # at most, unless it is slow
_STATIONS = (*PARTIES, WATCHDOG)  # those that faults are drawn for


def draw(seed: int, scale: Scale = Scale.MINUTES) -> Plan:
    """The plan of a seed: some kinds of fault, some traffic, timers short or long."""
    name = f"plan/{seed}" if scale is Scale.MINUTES else f"plan/{scale}/{seed}"
    random = Random(name)
    lengths = LENGTHS[scale]
    duration_ms = lengths.duration_ms(random)
    timers_ms = lengths.timers_ms(random)
    count = random.randint(*lengths.words)
    words = [_word(random, duration_ms) for _ in range(count)]
    enabled = [kind for kind in KINDS if random.random() < _SELDOM]
    most = 8
    if random.random() < _SELDOM:  # one kind alone, about which the oracle can be strict
        enabled, most = [random.choice(KINDS)], 3
    faults: list[Fault] = []
    lasting = [kind for kind in enabled if kind not in DISK_FAULTS]
    if lasting:
        count = random.randint(0, most)
        faults += [_fault(random, lasting, duration_ms, lengths.fault_s) for _ in range(count)]
    losses = [kind for kind in enabled if kind in DISK_FAULTS]
    if losses and coin(random):
        at_ms = duration_ms // 2
        quiet_ms = calm_ms(timers_ms["heartbeat"]) if scale is Scale.HOUR else _CALM_MS
        faults = [
            fault
            for fault in faults
            if fault.until_ms < at_ms - quiet_ms or fault.from_ms > at_ms + 2 * quiet_ms
        ]
        away_ms = random.randint(1, 20) * SECOND_MS
        whom = random.choice(_STATIONS)
        faults.append(Fault(random.choice(losses), whom, at_ms, at_ms + away_ms))
        if whom in PARTIES:  # a party that has forgotten its words must not speak at once
            back_ms = at_ms + away_ms
            words += [Word(back_ms + after_ms, whom, "check") for after_ms in (1, 5, 20)]
    words += _talk(seed, duration_ms, lengths.fault_s)
    absent, checkpoint = random.choice((0, 20, 60)), random.choice((1, 3, 10, 2_000))
    plan = Plan(seed, duration_ms, timers_ms, absent, (), (), checkpoint, scale.value)
    plan = plan.with_words(words).with_faults(faults)
    plan = _with_one_way_links(_with_windows(stressed(_with_watchdogs(plan)), lengths))
    plan = _with_more(plan, "sleep", _A_QUARTER, SLEEPS, most=2, lengths_s=lengths.fault_s)
    plan = _with_more(plan, "slow", _A_QUARTER, (SLOW_DISK,), most=2, lengths_s=lengths.fault_s)
    plan = _with_more(plan, "leave", _A_QUARTER, (LEAVE,), most=2, lengths_s=lengths.fault_s)
    plan = _with_empty_desks(_with_nonsense(plan), lengths)
    plan = _with_more(plan, "strangers", _SELDOM, ("garbage",), most=3, lengths_s=(1,))
    plan = _with_seldom_timers(_with_late_wills(plan, lengths), lengths)
    return _with_clocks(_with_imports(_on_either_watchdog(plan)))


def _word(random: Random, duration_ms: int) -> Word:
    what = random.choice(("notice", "notice", "notice", "revise", "cancel", "check"))
    precedence = random.choice(("FLASH", "FLASH", "IMMEDIATE", "PRIORITY", "ROUTINE"))
    return Word(random.randint(0, duration_ms), random.choice(PARTIES), what, precedence)


def _talk(seed: int, duration_ms: int, lasts_s: tuple[int, ...]) -> list[Word]:
    """In two of three seeds, words beside notices and checks."""
    random = Random(f"talk/{seed}")
    if random.random() < _SELDOM:
        return []
    talk = ("stop", "suspend", "resume", "voice", "voice-standby", "voice-reject", "handover")
    return [_saying(random, duration_ms, talk, lasts_s) for _ in range(random.randint(1, 8))]


def _saying(
    random: Random, duration_ms: int, talk: tuple[str, ...], lasts_s: tuple[int, ...]
) -> Word:
    at_ms, who, what = random.randint(0, duration_ms), random.choice(PARTIES), random.choice(talk)
    lasts = {"suspend": (0, *lasts_s), "voice-standby": lasts_s}.get(what, (0,))
    return Word(at_ms, who, what, lasts_s=random.choice(lasts))


def _with_windows(plan: Plan, lengths: Lengths) -> Plan:
    """Give two of three flights a window; some are said too late, or when it is open already."""
    random = Random(f"windows/{plan.seed}")
    timers_ms = plan.timers_ms | {"late_notice": random.choice(lengths.late_notice_s) * SECOND_MS}
    words = [
        replace(word, lead_s=random.choice(lengths.lead_s), lasts_s=random.choice(lengths.lasts_s))
        if word.what in ("notice", "revise") and word.lead_s is None and random.random() > _SELDOM
        else word
        for word in plan.words
    ]
    return replace(plan, timers_ms=timers_ms, words=tuple(words))


def _with_seldom_timers(plan: Plan, lengths: Lengths) -> Plan:
    """On half of all lines, also set the timers that most lines leave as they are."""
    random = Random(f"timers/{plan.scale}/{plan.seed}")
    if coin(random):
        return plan
    return replace(plan, timers_ms=plan.timers_ms | lengths.seldom_set_ms(random))


def _with_watchdogs(plan: Plan) -> Plan:
    """Have two watchdogs on one line in four."""
    random = Random(f"watchdogs/{plan.scale}/{plan.seed}")
    return replace(plan, watchdogs=WATCHDOGS) if random.random() < _A_QUARTER else plan


def _on_either_watchdog(plan: Plan) -> Plan:
    """With two watchdogs, let each fault of one befall either of them.

    If a journal is lost, all faults move to the other one or none, so that all else stays calm.
    """
    random = Random(f"either/{plan.scale}/{plan.seed}")
    if len(plan.watchdogs) == 1:
        return plan
    is_calm = any(fault.kind in DISK_FAULTS for fault in plan.faults)
    all_change = coin(random)
    other = {WATCHDOG: SECOND, SECOND: WATCHDOG}
    faults = [
        replace(fault, whom=other.get(fault.whom, fault.whom))
        if (all_change if is_calm else coin(random))
        else fault
        for fault in plan.faults
    ]
    return plan.with_faults(faults)


def _with_one_way_links(plan: Plan) -> Plan:
    """Have half of all link faults go in one direction only, except cuts, whose kind says it."""
    random = Random(f"ways/{plan.scale}/{plan.seed}")
    faults = [
        replace(fault, way=random.choice(("", "", *WAYS)))
        if fault.kind in LINK_FAULTS and not fault.kind.startswith("cut")
        else fault
        for fault in plan.faults
    ]
    return replace(plan, faults=tuple(faults))


def _with_empty_desks(plan: Plan, lengths: Lengths) -> Plan:
    """In a third of the plans, have officers leave their desks for a while, up to three times.

    Not if a station is started twice: then two sit at one desk.
    """
    random = Random(f"desks/{plan.scale}/{plan.seed}")
    if any(fault.kind == TWIN for fault in plan.faults) or random.random() > _SELDOM:
        return plan
    empty = [
        replace(
            _fault(random, [OFFICERS_VANISH], plan.duration_ms, lengths.fault_s[1:]),
            whom=random.choice(PARTIES),
        )
        for _ in range(random.randint(1, 3))
    ]
    return plan.with_faults((*plan.faults, *empty))


def _with_more(
    plan: Plan,
    name: str,
    share: float,
    kinds: Sequence[str],
    *,
    most: int,
    lengths_s: tuple[int, ...],
) -> Plan:
    """In this share of the plans, have more go wrong: up to `most` faults of these kinds."""
    random = Random(f"{name}/{plan.scale}/{plan.seed}")
    if _is_delicate(plan) or random.random() > share:
        return plan
    count = random.randint(1, most)
    more = [_fault(random, kinds, plan.duration_ms, lengths_s) for _ in range(count)]
    return plan.with_faults((*plan.faults, *more))


def _with_nonsense(plan: Plan) -> Plan:
    """In a third of the plans, have parties say what makes no sense, up to five times.

    Also have another program speak for two of three parties whose process is gone for a while; it
    finds all that was said before.
    """
    random = Random(f"nonsense/{plan.scale}/{plan.seed}")
    words: list[Word] = []
    if random.random() < _SELDOM:
        words += [
            Word(random.randint(0, plan.duration_ms), random.choice(PARTIES), NONSENSE)
            for _ in range(random.randint(1, 5))
        ]
    if not _is_delicate(plan):
        words += [
            Word(random.randint(fault.from_ms, fault.until_ms), fault.whom, NEWER)
            for fault in plan.faults
            if fault.kind in ENDINGS and fault.whom in PARTIES and random.random() > _SELDOM
        ]
    return plan.with_words((*plan.words, *words))


def _with_late_wills(plan: Plan, lengths: Lengths) -> Plan:
    """In a third of the plans, break a link whose will comes late or never.

    If there is a cut, it breaks at the beginning of one.
    """
    random = Random(f"wills/{plan.scale}/{plan.seed}")
    if _is_delicate(plan) or random.random() > _SELDOM:
        return plan
    broken = _fault(random, [LATE_WILL], plan.duration_ms, lengths.fault_s)
    cuts = [fault for fault in plan.faults if fault.kind == "cut"]
    if cuts:
        broken = replace(random.choice(cuts), kind=LATE_WILL, how=broken.how)
    return plan.with_faults((*plan.faults, broken))


def _with_imports(plan: Plan) -> Plan:
    """In half of the plans, give every station that dies or leaves what another has by then."""
    random = Random(f"gifts/{plan.scale}/{plan.seed}")
    if _is_delicate(plan) or coin(random):
        return plan
    imports = []
    for fault in plan.faults:
        if fault.kind in ENDINGS:
            at_ms = random.choice((random.randint(fault.from_ms, fault.until_ms), fault.until_ms))
            imports.append(Fault(IMPORT, fault.whom, at_ms, at_ms, random.randint(0, 99)))
    return plan.with_faults((*plan.faults, *imports))


def _with_clocks(plan: Plan) -> Plan:
    """In a quarter of the plans, let the clocks differ as any two do, or as far as may be.

    That is what the line tolerates, less what a link delays. What is said by a clock that is behind
    must have a receipt before it seems to be late.
    """
    random = Random(f"clocks/{plan.scale}/{plan.seed}")
    if random.random() > _A_QUARTER:
        return plan
    timers = plan.timers
    most_ms = min(timers.clock_skew_ms, timers.receipt_ms + timers.grace_ms) - _LINK_DELAYS_MS
    half_ms = random.choice((_A_LITTLE_MS, most_ms)) // 2
    stations = plan.line.stations
    return replace(plan, clocks_ms={name: random.randint(-half_ms, half_ms) for name in stations})


def _is_delicate(plan: Plan) -> bool:
    """Whether no more may go wrong: a journal is lost, which needs a calm, or there are twins."""
    return any(fault.kind in (TWIN, *DISK_FAULTS) for fault in plan.faults)


def _fault(
    random: Random, kinds: Sequence[str], duration_ms: int, lengths_s: tuple[int, ...]
) -> Fault:
    kind = random.choice(kinds)
    whom = EVERYTHING if kind in (*BROKER_FAULTS, *NOISE) else random.choice(_STATIONS)
    from_ms = random.randint(0, duration_ms - SECOND_MS)
    lasts_ms = random.choice(lengths_s) * SECOND_MS + random.randint(0, SECOND_MS)
    return Fault(kind, whom, from_ms, min(from_ms + lasts_ms, duration_ms), random.randint(0, 99))
