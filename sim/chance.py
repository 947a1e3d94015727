"""Draws from a seeded `Random`, as the simulation needs them."""

from random import Random


def coin(random: Random) -> bool:
    """Yes or no."""
    return random.random() < 0.5  # noqa: PLR2004 -- half of all times


def below(random: Random, count: int) -> int:
    """A number from 0 to below `count`, as `randrange` draws it, in a third of the time."""
    bits = count.bit_length()
    drawn = random.getrandbits(bits)
    while drawn >= count:
        drawn = random.getrandbits(bits)
    return drawn
