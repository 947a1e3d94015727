"""Faults that come together: plans that try one part of the line hard, in two of three seeds.

Faults that are drawn one by one seldom meet. In these plans they do.
"""

from dataclasses import replace
from random import Random

from hotline.times import SECOND_MS
from sim.chance import coin
from sim.swarm.plan import LINK_FAULTS, PARTIES, SLEEPS, TWIN, WATCHDOG, Fault, Plan, Word

_NO_WILL = 2  # the `how` of a death that no last will tells of


def stressed(plan: Plan) -> Plan:
    """This plan, or one under one kind of stress instead of its own faults."""
    for name, share, put in _STRESSES:
        random = Random(f"{name}/{plan.scale}/{plan.seed}")
        if random.random() <= share:
            return put(plan, random)
    return plan


def _under_one_of_many(plan: Plan, random: Random) -> Plan:
    kinds = [_storm, _set_clocks, _forgotten_receipts, _lonely_return, _two_of_one]
    kinds += [_empty_desks, _nobody_watches, _not_back, _asleep]
    if len(plan.watchdogs) > 1:
        kinds += [_one_watchdog_left] * 3
    return random.choice(kinds)(plan, random)


def _with_words_unheard(plan: Plan, random: Random) -> Plan:
    return random.choice((_resumed_in_a_cut, _back_for_a_moment, _speechless))(plan, random)


def _with_flights(plan: Plan, random: Random) -> Plan:
    """The only trouble: a watchdog dies while one flight is in the air, and the next is to come.

    Both are answered and put away.
    """
    whom, from_ms = random.choice(plan.watchdogs), _early(plan, random)
    later_s = 5 * plan.timers_ms["heartbeat"] // SECOND_MS + 20
    said = [
        Word(from_ms - 20_000, whose, "notice", lead_s=lead_s, lasts_s=2 * later_s)
        for whose, lead_s in zip(PARTIES, (10, later_s + 20), strict=True)
    ]
    death = Fault("kill", whom, from_ms, from_ms + 5_000, random.randint(0, 99))
    return replace(_but(plan, [death], said), absent=0, checkpoint=1)


def _with_nobody_to_ask(plan: Plan, random: Random) -> Plan:
    """A watchdog is dead while much is answered; who answered is gone when it is back.

    Now and then his will says so, and takes back his receipts.
    """
    whom, asks, from_ms = *map(random.choice, (plan.watchdogs, PARTIES)), _early(plan, random)
    gone_ms, back_ms = from_ms + 30_000, from_ms + 35_000
    how, checkpoint = random.choice((0, _NO_WILL)), random.choice((1, plan.checkpoint))
    faults = [
        Fault("kill", whom, from_ms, back_ms, random.randint(0, 99)),
        Fault("kill", plan.line.other_party(asks), gone_ms, gone_ms + _lasts(plan), how),
    ]
    said = [Word(from_ms + after_ms, asks, "notice") for after_ms in (-8_000, 1_000, 8_000)]
    return replace(_but(plan, faults, said), absent=20, checkpoint=checkpoint)


def _storm(plan: Plan, random: Random) -> Plan:
    """One party's link has several faults at once, while there is much to say.

    They come twice, so that what is well again can go wrong again.
    """
    whom, from_ms, lasts_ms = random.choice(PARTIES), _early(plan, random), _lasts(plan)
    kinds = {"loss", *random.sample(LINK_FAULTS, 2)}
    storms_ms = (from_ms, from_ms + plan.duration_ms * 2 // 5)
    faults = [
        Fault(kind, whom, at_ms, at_ms + lasts_ms, random.randint(50, 89))
        for kind in sorted(kinds)
        for at_ms in storms_ms
    ]
    said = [
        Word(at_ms + lasts_ms * n // 8, random.choice(PARTIES), "check")
        for at_ms in storms_ms
        for n in range(8)
    ]
    return _but(plan, faults, said)


def _set_clocks(plan: Plan, random: Random) -> Plan:
    """One clock is far wrong for a while, and something waits when it is set."""
    whom, from_ms = random.choice((WATCHDOG, *PARTIES, WATCHDOG)), _early(plan, random)
    how = random.choice((0, 20, 80, 99))
    said = [
        Word(max(from_ms - before_ms, 0), random.choice(PARTIES), "notice")
        for before_ms in (20_000, 10_000, 5_000)
    ]
    lasts_ms = max(_lasts(plan), 8 * plan.timers_ms["heartbeat"])
    return _but(plan, [Fault("skew", whom, from_ms, from_ms + lasts_ms, how)], said)


def _forgotten_receipts(plan: Plan, random: Random) -> Plan:
    """A party is gone and the watchdog is killed; it must still know what had been delivered."""
    whom, from_ms = random.choice(PARTIES), _early(plan, random)
    until_ms = from_ms + _lasts(plan)
    faults = [
        Fault("cut", whom, from_ms, until_ms),
        Fault("kill", WATCHDOG, from_ms + SECOND_MS, from_ms + 2 * SECOND_MS),
    ]
    other = plan.line.other_party(whom)
    said = [Word(max(from_ms - ms, 0), other, "notice") for ms in (6_000, 3_000, 2_000, -500)]
    return _but(plan, faults, said)


def _lonely_return(plan: Plan, random: Random) -> Plan:
    """A party comes back without its disk before the others: it must wait for them to speak."""
    whom, from_ms = random.choice(PARTIES), _early(plan, random)
    back_ms = from_ms + random.randint(2, 10) * SECOND_MS
    faults = [Fault("disk-loss", whom, from_ms, back_ms)]
    faults += [Fault("cut", name, from_ms, back_ms + 2_000) for name in plan.line.others(whom)]
    said = [Word(back_ms + ms, whom, "check") for ms in range(100, 2_000, 300)]
    return _but(plan, faults, [Word(0, whom, "check"), *said])


def _two_of_one(plan: Plan, random: Random) -> Plan:
    """A party's station is started a second time, and now and then the other party's too.

    Now and then the first one is cut off meanwhile, and a watchdog dies shortly before the end.
    """
    whom, from_ms = random.choice(PARTIES), _early(plan, random)
    until_ms = from_ms + max(_lasts(plan), 6 * plan.timers_ms["heartbeat"])
    faults = [Fault(TWIN, whom, from_ms, until_ms)]
    said = [Word(from_ms + ms, whom, "check") for ms in (2, 1_000, 5_000)]
    if coin(random):
        faults.append(Fault("cut", whom, max(from_ms - 2_000, 0), from_ms + 10_000))
    if coin(random):
        other = plan.line.other_party(whom)
        faults.append(Fault(TWIN, other, from_ms + SECOND_MS, until_ms))
    if coin(random):
        faults.append(Fault("kill", WATCHDOG, until_ms - 3_000, until_ms + SECOND_MS))
    return _but(plan, faults, said)


def _empty_desks(plan: Plan, random: Random) -> Plan:
    """The only trouble: hardly anybody answers, while both sides check the line."""
    every_ms = plan.duration_ms // random.randint(4, 8)
    said = [
        Word(at_ms, party, "check")
        for party in PARTIES
        for at_ms in range(every_ms // 2, plan.duration_ms, every_ms)
    ]
    return replace(_but(plan, [], said), absent=80)


def _nobody_watches(plan: Plan, random: Random) -> Plan:
    """The only trouble: a watchdog is dead while the time for answers runs out.

    Now and then it dies again as soon as it has heard what it missed, and has said nothing of it.
    """
    from_ms = _early(plan, random)
    whom, until_ms = random.choice(plan.watchdogs), from_ms + _lasts(plan)
    answer_ms = plan.timers.answer_flash_ms
    said = [
        Word(max(from_ms + after_ms - answer_ms, 0), random.choice(PARTIES), "notice")
        for after_ms in (1_000, 5_000, 10_000)
    ]
    deaths = [Fault("kill", whom, from_ms, until_ms)]
    if coin(random):
        again_ms = until_ms + random.randint(100, 1_000)
        deaths.append(Fault("kill", whom, again_ms, again_ms + 2_000))
        return replace(_but(plan, deaths, said), absent=20)
    return replace(_but(plan, deaths, said), absent=80)


def _asleep(plan: Plan, random: Random) -> Plan:
    """The only trouble: one station sleeps, while much is answered in time."""
    from_ms, whom = _early(plan, random), random.choice((*plan.watchdogs, *PARTIES))
    lasts_ms = random.choice((10_000, _lasts(plan) // 2, _lasts(plan)))
    until_ms, answer_ms = from_ms + lasts_ms, plan.timers.answer_flash_ms
    said = [
        Word(max(until_ms + after_ms - answer_ms, 0), random.choice(PARTIES), "notice")
        for after_ms in (-10_000, -5_000, -1_000, 0)
    ]
    sleep = Fault(random.choice(SLEEPS), whom, from_ms, until_ms, random.randint(0, 99))
    return replace(_but(plan, [sleep], said), absent=20)


def _not_back(plan: Plan, random: Random) -> Plan:
    """A party is still gone when its declared silence ends; it is asked meanwhile."""
    whom, from_ms = random.choice(PARTIES), _early(plan, random)
    lasts_ms = _lasts(plan)
    kind = random.choice(("kill", "cut", "cut-out"))
    faults = [Fault(kind, whom, from_ms, from_ms + lasts_ms, random.randint(0, 99))]
    promised_s = (3_000 + lasts_ms * 3 // 4) // SECOND_MS
    other = plan.line.other_party(whom)
    said = [Word(from_ms + lasts_ms * n // 8, other, "check") for n in (1, 7, 10)]
    suspended = Word(from_ms - 3_000, whom, "suspend", lasts_s=promised_s)
    return _but(plan, faults, [suspended, *said])


def _one_watchdog_left(plan: Plan, random: Random) -> Plan:
    """One of two watchdogs is gone for long, while something waits: the other one sees it all."""
    whom, from_ms = random.choice(plan.watchdogs), _early(plan, random)
    kind = random.choice(("kill", "cut", "cut-out"))
    faults = [Fault(kind, whom, from_ms, from_ms + _lasts(plan), random.randint(0, 99))]
    said = [
        Word(from_ms + after_ms, random.choice(PARTIES), "notice")
        for after_ms in (-5_000, 1_000, 5_000, 10_000)
    ]
    return replace(_but(plan, faults, said), absent=60)


def _resumed_in_a_cut(plan: Plan, random: Random) -> Plan:
    """A party whose silence is declared is cut off, and resumes: that is heard when it is back.

    It is asked meanwhile, and hardly anybody answers.
    """
    whom, from_ms = random.choice(PARTIES), _early(plan, random)
    other = plan.line.other_party(whom)
    lasts_ms = plan.timers_ms["answer_check"] + 15_000
    cut = Fault(random.choice(("cut", "cut-out")), whom, from_ms, from_ms + lasts_ms)
    said = [Word(from_ms - 3_000, whom, "suspend"), Word(from_ms + 2_000, whom, "resume")]
    said += [Word(from_ms + after_ms, other, "check") for after_ms in (-1_000, 4_000, 8_000)]
    return replace(_but(plan, [cut], said), absent=80)


def _back_for_a_moment(plan: Plan, random: Random) -> Plan:
    """A party that is gone comes back, declares its silence or resumes, and is gone again.

    A watchdog is dead meanwhile, and hears of it from the other party.
    """
    whom, from_ms, ends = random.choice(PARTIES), random.randint(5_000, 10_000), coin(random)
    back_ms, again_ms = from_ms + 15_000, from_ms + 20_000
    goes_on_ms = 20_000 + 12 * plan.timers_ms["heartbeat"]
    faults = [
        Fault("kill", whom, from_ms, back_ms),
        Fault("kill", WATCHDOG, from_ms + 13_000, from_ms + 25_000),
        Fault("kill", whom, again_ms, again_ms + goes_on_ms),
    ]
    said = [Word(back_ms + 3_000, whom, "resume" if ends else "suspend")]
    if ends:
        said.append(Word(from_ms - 3_000, whom, "suspend"))
    return _but(plan, faults, said)


def _speechless(plan: Plan, random: Random) -> Plan:
    """A watchdog that has lost its disk dies again before it may speak, and has heard much by then.

    It lacks a word of its own that nobody has but a party which vanished: the other one was dead.
    Now and then that one declares its silence, and is gone when the watchdog may speak.
    """
    whom, from_ms = random.choice(PARTIES), random.randint(5_000, 8_000)
    other = plan.line.other_party(whom)
    back_ms, silent_ms = from_ms + 12_000, plan.timers_ms["silent"]
    asks_ms = back_ms + silent_ms  # so long the other one waits for who vanished
    dies_ms = asks_ms + 18_000  # what is asked is stored when a receipt was due, and a grace
    faults = [
        Fault("kill", other, from_ms - 3_000, back_ms),
        Fault("kill", whom, from_ms, dies_ms + silent_ms + 4_000, _NO_WILL),
        Fault("disk-loss", WATCHDOG, from_ms + 200, back_ms + 500),
        Fault("kill", WATCHDOG, dies_ms, dies_ms + SECOND_MS),
    ]
    said = [Word(asks_ms + ms, other, "notice") for ms in range(1_000, 4_000, 500)]
    if coin(random):
        said.append(Word(asks_ms + 4_000, other, "suspend"))
        gone_ms = asks_ms + 8_000
        faults.append(Fault("kill", other, gone_ms, gone_ms + 12 * plan.timers_ms["heartbeat"]))
    return replace(_but(plan, faults, said), absent=60)


# The share of each among the plans that those before it have left as they were.
_STRESSES = (
    ("stress", 0.4, _under_one_of_many),
    ("unheard", 1 / 6, _with_words_unheard),
    ("flights", 1 / 8, _with_flights),
    ("bereft", 1 / 6, _with_nobody_to_ask),
)


def _early(plan: Plan, random: Random) -> int:
    """A time with something before it and much after it."""
    return random.randint(plan.duration_ms // 5, plan.duration_ms // 3)


def _lasts(plan: Plan) -> int:
    return plan.duration_ms // 4


def _but(plan: Plan, faults: list[Fault], said: list[Word]) -> Plan:
    """The same with these faults instead of its own, and these words beside them."""
    return plan.with_faults(faults).with_words((*plan.words, *said))
