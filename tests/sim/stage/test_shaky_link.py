"""What a scenario does to a link."""

import asyncio
from collections.abc import Callable, Coroutine
from random import Random

from hotline.clock import ScenarioClock
from hotline.memory import MemoryBroker
from hotline.station.turn import Incoming, Publish
from hotline.transport import Arrival, Down, Up
from sim.stage.shaky_link import LinkFaults, ShakyLink
from sim.virtual_time import run
from tests.helpers import T0

Play = Callable[[ShakyLink, LinkFaults, list[Arrival]], Coroutine[None, None, None]]


def heard(play: Play, *, cut: bool = False, count: int = 3) -> tuple[list[Arrival], list[str]]:
    """What reaches a station over a shaky link, and what it and its will get through.

    So many messages are sent to it when all has been played.
    """

    async def main() -> tuple[list[Arrival], list[str]]:
        broker, clock = MemoryBroker(), ScenarioClock(T0)
        clock.begin()
        said: list[str] = []
        await broker.link().open(
            ["out/#"],
            lambda: None,
            lambda a: said.append(a.topic) if isinstance(a, Incoming) else None,
        )
        conditions, arrivals = LinkFaults(cut=cut), list[Arrival]()
        link = ShakyLink(broker.link, conditions, clock, Random(1))
        await link.open(["in/#"], lambda: Publish("out/will", b"gone"), arrivals.append)
        await asyncio.sleep(0.1)
        await play(link, conditions, arrivals)
        await asyncio.sleep(60)
        for number in range(count):
            broker.route(Publish(f"in/{number}", b"x"))
        await asyncio.sleep(60)
        return arrivals, said

    return run(main())


def topics(arrivals: list[Arrival]) -> list[str]:
    """What came in, in order."""
    return [arrival.topic for arrival in arrivals if isinstance(arrival, Incoming)]


def test_a_link_that_is_well_carries_everything_once() -> None:
    """Both ways, in order."""

    async def play(link: ShakyLink, _: LinkFaults, __: list[Arrival]) -> None:
        await link.publish(Publish("out/1", b"x"))

    arrivals, said = heard(play)
    assert arrivals[0] == Up()
    assert topics(arrivals) == ["in/0", "in/1", "in/2"]
    assert said == ["out/1"]


def test_what_is_lost_never_comes_and_what_is_repeated_comes_twice() -> None:
    """In both directions."""

    async def lose(link: ShakyLink, conditions: LinkFaults, _: list[Arrival]) -> None:
        conditions.out.loss = conditions.into.loss = 1.0
        await link.publish(Publish("out/1", b"x"))

    async def repeat(link: ShakyLink, conditions: LinkFaults, _: list[Arrival]) -> None:
        conditions.out.repeat = conditions.into.repeat = 1.0
        await link.publish(Publish("out/1", b"x"))

    arrivals, said = heard(lose)
    assert (topics(arrivals), said) == ([], [])
    arrivals, said = heard(repeat)
    assert topics(arrivals) == ["in/0", "in/0", "in/1", "in/1", "in/2", "in/2"]
    assert said == ["out/1", "out/1"]


def test_what_is_slow_comes_later_and_in_order() -> None:
    """What follows it, when the link is less slow or quick again, does not overtake it."""
    seen: list[list[str]] = []

    async def play(link: ShakyLink, conditions: LinkFaults, arrivals: list[Arrival]) -> None:
        for slow_ms in (5_000, 1_000, 0):
            conditions.out.slow_ms = conditions.into.slow_ms = slow_ms
            await link.publish(Publish(f"in/own after {slow_ms}", b"x"))
        for wait_s in (4.9, 0.2):
            await asyncio.sleep(wait_s)
            seen.append(topics(arrivals))
        conditions.out.slow_ms = conditions.into.slow_ms = 5_000

    own = ["in/own after 5000", "in/own after 1000", "in/own after 0"]
    arrivals, _ = heard(play)
    assert seen == [[], own]
    assert topics(arrivals) == [*own, "in/0", "in/1", "in/2"]


def test_what_is_too_slow_has_not_come_yet() -> None:
    """In both directions."""

    async def play(link: ShakyLink, conditions: LinkFaults, _: list[Arrival]) -> None:
        conditions.out.slow_ms = conditions.into.slow_ms = 121_000
        await link.publish(Publish("out/1", b"x"))

    arrivals, said = heard(play)
    assert (topics(arrivals), said) == ([], [])


def test_what_is_reordered_all_comes_and_in_another_order() -> None:
    """In both directions."""

    async def play(link: ShakyLink, conditions: LinkFaults, _: list[Arrival]) -> None:
        conditions.out.reorder_ms = conditions.into.reorder_ms = 3_000
        for number in range(20):
            await link.publish(Publish(f"out/{number}", b"x"))

    arrivals, said = heard(play, count=20)
    for way, came in (("in", topics(arrivals)), ("out", said)):
        in_order = [f"{way}/{number}" for number in range(20)]
        assert came != in_order
        assert sorted(came) == sorted(in_order)


def test_a_cut_is_noticed_on_both_sides_and_mended() -> None:
    """The station is told, the others read the last will; then it is connected again."""

    async def play(link: ShakyLink, conditions: LinkFaults, _: list[Arrival]) -> None:
        conditions.cut = True
        await link.break_off()
        await link.publish(Publish("out/lost", b"x"))
        await asyncio.sleep(5)
        conditions.cut = False
        await link.mend()

    arrivals, said = heard(play)
    assert said == ["out/will"]
    assert arrivals[:3] == [Up(), Down("the link was cut"), Up()]
    assert topics(arrivals) == ["in/0", "in/1", "in/2"]


def test_who_has_left_is_not_connected_again() -> None:
    """Though a cut begins and is mended meanwhile; and he leaves no will."""

    async def play(link: ShakyLink, conditions: LinkFaults, _: list[Arrival]) -> None:
        await link.close()
        conditions.cut = True
        await link.break_off()
        conditions.cut = False
        await link.mend()

    arrivals, said = heard(play)
    assert (arrivals, said) == ([Up()], [])


def test_a_station_may_start_while_its_link_is_cut() -> None:
    """It is connected when the link is mended."""

    async def play(link: ShakyLink, conditions: LinkFaults, arrivals: list[Arrival]) -> None:
        assert arrivals == []
        conditions.cut = False
        await link.mend()

    assert heard(play, cut=True)[0][0] == Up()
