"""Corners that enclose a piece of ground, and such that do not."""

from fractions import Fraction
from itertools import combinations
from random import Random

import pytest

from sim.scenario.outline import Corner, _cross, _side, what_is_wrong
from sim.scenario.scenario import Area
from tests.sim.stories import wrong

ON_ONE_LINE = "expected corners that do not all lie on one line"


@pytest.mark.parametrize(
    "corners",
    [
        [(34, 37), (34, 38), (35, 38)],
        [(34, 37), (34, 38), (35, 38), (35, 37)],
        [(34, 37), (34, 38), (35, 38), (34, 37)],  # the first one said again
        [(34, 37), (34, 37.5), (34, 38), (35, 38)],  # one that lies on a side
        [(34, 37), (36, 37), (36, 39), (35, 37.5), (34, 39)],  # a notch
        [(34, 37), (35, 38), (34, 39), (36, 38)],
        [(34, 0), (35, 1), (34, 2), (36, 2), (35, 1), (36, 0)],  # two that touch
        [(10, 179), (10, -179), (12, 179), (12, -179)],  # over the 180th meridian
        [(80, 0), (80, 90), (80, 180), (80, -90)],  # around a pole
        [(-90, -180), (-90, 180), (90, 180), (90, -180)],  # all the world
    ],
)
def test_an_outline(corners: list[Corner]) -> None:
    """In whichever direction it goes around, and wherever it begins."""
    for turned in (corners, corners[::-1]):
        for start in range(len(corners)):
            assert what_is_wrong([*turned[start:], *turned[:start]]) is None


@pytest.mark.parametrize(
    "corners",
    [
        [(34.1, 37.1), (34.2, 37.2), (34.3, 37.3)],
        [(34.1, 37.1), (34.1, 37.2), (34.1, 37.9), (34.1, 37)],
        [(34, 37), (34, 38), (34, 37), (34, 38)],
        [(34, 37), (34, 37), (34, 37)],
    ],
)
def test_a_line_encloses_nothing(corners: list[Corner]) -> None:
    """However the corners on it are ordered, and though binary fractions are not exact."""
    assert what_is_wrong(corners) == ON_ONE_LINE


def test_sides_do_not_cross() -> None:
    """It is told which two do."""
    says = (
        "expected the corners in their order around it;"
        " the side after corner 2 crosses the one after corner 4"
    )
    corners = [(34, 37), (34, 38), (35, 37), (35, 38)]
    assert what_is_wrong(corners) == says
    assert wrong(Area, {"polygon": corners}) == f"polygon: {says}"


def test_no_two_sides_that_cross_are_missed() -> None:
    """Whichever sides are looked at, each one is held against each other."""
    draw, crossed = Random(1), 0
    for _ in range(300):
        drawn = [(draw.randint(30, 39), draw.randint(30, 39)) for _ in range(draw.randint(4, 7))]
        corners: list[Corner] = [(lat, lng) for lat, lng in dict.fromkeys(drawn)]
        exact = [(Fraction(lat), Fraction(lng)) for lat, lng in corners]
        pairs = combinations([_side(exact, index) for index in range(len(exact))], 2)
        cross = any(_cross(one, other) for one, other in pairs)
        assert ("crosses" in (what_is_wrong(corners) or "")) is cross, corners
        crossed += cross
    assert 50 < crossed < 250


def test_many_corners_take_no_time() -> None:
    """As a coast has them."""
    coast = [(34 + index / 10_000, 37 + index % 2 / 100) for index in range(5_000)]
    assert what_is_wrong([*coast, (34, 38)]) is None
