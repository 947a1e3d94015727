"""The network of a simulated line: what its links carry, and what goes wrong on them."""

import asyncio
from random import Random

import pytest

from hotline.station.turn import Incoming, Publish
from hotline.transport import Arrival, Down, Up
from sim.swarm.network import Conditions, NetLink, Network
from tests.clocks import virtually

COUNT = 200


class Line:
    """Two stations on a network: `ours` speaks and is asked of, `theirs` listens to it."""

    def __init__(self) -> None:
        self.network = Network(Random(7))
        self.arrived: dict[str, list[Arrival]] = {"ours": [], "theirs": []}
        self.at_s: list[float] = []  # when each message reached theirs
        self.ours = self.link("ours")
        self.theirs = self.link("theirs")

    def link(self, name: str) -> NetLink:
        """A new process's link."""
        return self.network.link(name, lambda _: None)

    async def open(self, name: str, link: NetLink) -> None:
        """Connect it, with a last will, to all that the other one says."""
        other = "theirs" if name == "ours" else "ours"

        def deliver(arrival: Arrival) -> None:
            self.arrived[name].append(arrival)
            if name == "theirs" and isinstance(arrival, Incoming):
                self.at_s.append(asyncio.get_running_loop().time())

        await link.open(
            [f"{other}/+"], lambda: Publish(f"{name}/will", b"gone", retain=True), deliver
        )

    def way(self, name: str, direction: int) -> Conditions:
        """How well one direction of a link carries: 0 out of the station, 1 into it."""
        return self.network.conditions[name][direction]

    def takes(self, name: str, ms: int) -> None:
        """Have what goes to a station take so long from now on."""
        way = self.way(name, 1)
        way.shortest_ms = way.longest_ms = ms

    async def say(self, count: int = 1) -> None:
        """Have ours say so many messages, and wait until all have arrived that will."""
        for number in range(count):
            await self.ours.publish(Publish("ours/x", b"%d" % number))
        await asyncio.sleep(60)

    def heard(self, name: str = "theirs") -> list[str]:
        """What has reached a station."""
        arrived = (each for each in self.arrived[name] if isinstance(each, Incoming))
        return [f"{each.topic} {each.payload.decode()}" for each in arrived]


async def connected() -> Line:
    """A line with both stations on it."""
    line = Line()
    await line.open("ours", line.ours)
    await line.open("theirs", line.theirs)
    return line


def says(count: int) -> list[str]:
    """What is heard when everything arrives once and in order."""
    return [f"ours/x {number}" for number in range(count)]


@virtually
async def test_a_good_network_carries_everything_once_and_in_order() -> None:
    """Within the milliseconds of both links."""
    line = await connected()
    await line.say(COUNT)
    assert line.arrived["theirs"][0] == Up()
    assert line.heard() == says(COUNT)
    assert 0.002 <= line.at_s[0] <= line.at_s[-1] <= 0.006


@pytest.mark.parametrize(
    ("worsen", "least", "most"),
    [
        ({"loss": 0.5}, COUNT // 3, 2 * COUNT // 3),
        ({"repeat": 0.5}, 4 * COUNT // 3, 5 * COUNT // 3),
    ],
)
@pytest.mark.parametrize(("station", "direction"), [("ours", 0), ("theirs", 1)])
@virtually
async def test_each_direction_loses_and_repeats_by_itself(
    station: str, direction: int, worsen: dict[str, float], least: int, most: int
) -> None:
    """About as much as was said, and what arrives is still in order."""
    line = await connected()
    vars(line.way(station, direction)).update(worsen)
    await line.say(COUNT)
    heard = line.heard()
    assert least <= len(heard) <= most
    assert heard == sorted(heard, key=says(COUNT).index)


@virtually
async def test_the_other_direction_of_a_bad_link_is_good() -> None:
    """What theirs says does not pass through the way into it."""
    line = await connected()
    line.way("theirs", 1).cut = True
    await line.theirs.publish(Publish("theirs/x", b"hello"))
    await line.say()
    assert line.heard("ours") == ["theirs/x hello"]
    assert line.heard() == []


@virtually
async def test_what_is_reordered_arrives_in_another_order() -> None:
    """All of it."""
    line = await connected()
    way = line.way("theirs", 1)
    way.reorder, way.longest_ms = True, 500
    await line.say(COUNT)
    heard = line.heard()
    assert heard != says(COUNT)
    assert sorted(heard) == sorted(says(COUNT))


@virtually
async def test_what_is_slow_keeps_its_order_when_the_link_is_quick_again() -> None:
    """What is said later does not overtake it."""
    line = await connected()
    line.takes("theirs", 5_000)
    await line.ours.publish(Publish("ours/x", b"0"))
    await asyncio.sleep(1)
    line.takes("theirs", 1)
    await line.ours.publish(Publish("ours/x", b"1"))
    await asyncio.sleep(60)
    assert line.heard() == says(2)
    assert line.at_s[0] >= 5


@pytest.mark.parametrize(
    ("delay_ms", "after_s", "comes"),
    [(0, 0.1, True), (20_000, 19.9, False), (20_000, 20.1, True), (None, 1_000, False)],
)
@virtually
async def test_a_will_comes_when_it_comes(
    delay_ms: int | None, after_s: float, comes: bool
) -> None:
    """At once, late, or never; and who left tells nobody by it."""
    line = await connected()
    line.network.will_delays_ms["ours"] = delay_ms
    await line.ours.abort()
    await line.theirs.close()
    await line.open("theirs", line.link("theirs"))
    await asyncio.sleep(after_s)
    assert line.heard() == (["ours/will gone"] if comes else [])


@virtually
async def test_who_says_goodbye_has_no_will() -> None:
    """Nor is he told that his own connection is down; his last words arrive, and no others."""
    line = await connected()
    await line.ours.publish(Publish("ours/x", b"goodbye"))
    await line.ours.close()
    await line.say()
    assert line.heard() == ["ours/x goodbye"]
    assert line.arrived["ours"] == [Up()]


@pytest.mark.parametrize("forget", [False, True])
@virtually
async def test_a_broker_that_was_away_may_have_forgotten(forget: bool) -> None:
    """Nobody's will is published by the dead, all connect again, and get what was retained."""
    line = await connected()
    await line.ours.publish(Publish("ours/kept", b"1", retain=True))
    await asyncio.sleep(1)
    line.arrived["theirs"].clear()
    line.network.stop(forget=forget)
    await line.say()
    line.network.start()
    await asyncio.sleep(60)
    assert line.arrived["theirs"][:2] == [Down("the broker is gone"), Up()]
    kept = [] if forget else [Incoming("ours/kept", b"1", retained=True)]
    assert line.arrived["theirs"][2:] == kept


@pytest.mark.parametrize("dies", ["before the broker", "with the broker"])
@virtually
async def test_a_dead_broker_publishes_no_will(dies: str) -> None:
    """Neither one that was due while it was dead, nor one of a connection that it broke itself."""
    line = await connected()
    line.network.will_delays_ms["ours"] = 20_000
    if dies == "before the broker":
        await line.ours.abort()
        await asyncio.sleep(10)
    line.network.stop(forget=False)
    await asyncio.sleep(15)
    line.network.start()
    await asyncio.sleep(60)
    assert line.network.retained == {}
    assert line.heard() == []


@virtually
async def test_an_empty_retained_message_takes_the_last_one_down() -> None:
    """Who comes later gets none."""
    line = await connected()
    for payload in (b"1", b""):
        await line.ours.publish(Publish("ours/kept", payload, retain=True))
    await asyncio.sleep(1)
    assert line.network.retained == {}
    assert line.heard() == ["ours/kept 1", "ours/kept "]


@virtually
async def test_what_is_on_its_way_is_lost_with_the_connection() -> None:
    """And what is said while there is none is dropped."""
    line = await connected()
    line.takes("theirs", 5_000)
    await line.ours.publish(Publish("ours/x", b"lost"))
    await asyncio.sleep(1)
    line.theirs.lose("the connection breaks", will=False)
    await line.say()
    line.theirs.reconnect_soon()
    await asyncio.sleep(60)
    await line.say()
    assert line.heard() == ["ours/x 0"]
    assert [type(arrival) for arrival in line.arrived["theirs"]] == [Up, Down, Up, Incoming]


@virtually
async def test_nobody_connects_through_a_cut_link() -> None:
    """Neither when the way out is cut nor the way in."""
    line = await connected()
    line.theirs.lose("the connection breaks", will=False)
    for direction in (0, 1):
        line.way("theirs", direction).cut = True
        line.theirs.reconnect_soon()
        await asyncio.sleep(60)
        line.way("theirs", direction).cut = False
    assert list(line.network.connected) == ["ours"]
