"""Which names were ever used, in little memory: its *no* is certain, its *yes* is not."""

from collections.abc import Hashable, Iterable

_BITS = 1 << 18
_MASK = _BITS - 1
_MOST = _BITS // 16  # with this many names, 2 of 100 strangers look known


class BloomFilter:
    """A Bloom filter (Bloom 1970) of two bits a name.

    Nearly every notice that comes in is new. Looking for it on disk, among all those before it,
    takes longer than everything else that is done with it.

    Args:
        used: the names to begin with; if they are too many, all look known.
    """

    def __init__(self, used: Iterable[Hashable]) -> None:
        self._bits = bytearray(_BITS // 8)
        for count, name in enumerate(used):
            if count == _MOST:
                self._bits = bytearray(b"\xff") * (_BITS // 8)
                break
            self.add(name)

    def add(self, name: Hashable) -> None:
        """This one is used."""
        for place in _places(name):
            self._bits[place >> 3] |= 1 << (place & 7)

    def __contains__(self, name: Hashable) -> bool:
        """Whether it may have been used."""
        return all(self._bits[place >> 3] & 1 << (place & 7) for place in _places(name))


def _places(name: Hashable) -> tuple[int, int]:
    mixed = hash(name)
    return mixed & _MASK, mixed >> 20 & _MASK
