"""Whether the corners of a polygon enclose a piece of ground."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

Corner = tuple[float, float]
_Exact = tuple[Fraction, Fraction]
_HALF_ROUND = 180  # degrees


def what_is_wrong(corners: Sequence[Corner]) -> str | None:
    """Why these corners, each [lat, lng], are not an outline; None: they are one.

    The corners are taken as they stand on a flat map. A side longer than half the globe is meant to
    go the other way, over the 180th meridian or around a pole: such a polygon is not checked.
    """
    sides = list(zip(corners, [*corners[1:], corners[0]], strict=True))
    if any(abs(one[1] - other[1]) > _HALF_ROUND for one, other in sides):
        return None
    exact = [(Fraction(str(lat)), Fraction(str(lng))) for lat, lng in corners]
    first, *others = dict.fromkeys(exact)
    if all(_turn(first, others[0], corner) == 0 for corner in others[1:]):
        return "expected corners that do not all lie on one line"
    for one, other in _near(sides):
        if _cross(_side(exact, one), _side(exact, other)):
            return (
                f"expected the corners in their order around it; the side after corner {one + 1}"
                f" crosses the one after corner {other + 1}"
            )
    return None


def _near(sides: Sequence[tuple[Corner, Corner]]) -> Iterator[tuple[int, int]]:
    """The pairs of sides that share a latitude; only these can cross."""
    spans = sorted(
        (min(one[0], other[0]), max(one[0], other[0]), index)
        for index, (one, other) in enumerate(sides)
    )
    for at, (_, upto, index) in enumerate(spans):
        for from_, _, another in spans[at + 1 :]:
            if from_ > upto:
                break
            yield min(index, another), max(index, another)


def _side(corners: Sequence[_Exact], index: int) -> tuple[_Exact, _Exact]:
    return corners[index], corners[(index + 1) % len(corners)]


def _cross(one: tuple[_Exact, _Exact], other: tuple[_Exact, _Exact]) -> bool:
    """Whether the ends of each lie on both sides of the other; touching is not crossing."""
    return all(
        _turn(a, b, c) * _turn(a, b, d) < 0 for (a, b), (c, d) in ((one, other), (other, one))
    )


def _turn(a: _Exact, b: _Exact, c: _Exact) -> Fraction:
    """Above 0 if the way from a through b to c turns left, below 0 if right, 0 if straight."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
