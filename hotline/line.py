"""Who is on a line: two parties and those who watch them."""

from dataclasses import dataclass

PARTIES = 2


@dataclass(frozen=True, slots=True)
class Line:
    """One hotline: its name, its two parties and its watchdogs (all station names)."""

    name: str
    parties: tuple[str, str]
    watchdogs: tuple[str, ...]

    @property
    def stations(self) -> tuple[str, ...]:
        """Everyone who keeps a journal on the line."""
        return (*self.parties, *self.watchdogs)

    def other_party(self, party: str) -> str:
        """The party that `party` talks to."""
        first, second = self.parties
        return second if party == first else first

    def others(self, station: str) -> tuple[str, ...]:
        """Everyone but `station`."""
        return tuple(name for name in self.stations if name != station)
