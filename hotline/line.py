"""Who is on a line: two parties and those who watch them."""

from dataclasses import dataclass

from hotline.topics import is_name

PARTIES = 2


@dataclass(frozen=True, slots=True)
class Line:
    """One hotline: its name, its two parties and its watchdogs (all station names).

    Raises:
        ValueError: nobody could talk on a line that is called so, or made of these.
    """

    name: str
    parties: tuple[str, str]
    watchdogs: tuple[str, ...]

    def __post_init__(self) -> None:
        for name in (self.name, *self.stations):
            if not is_name(name):  # others would drop all that is said there, without a word
                raise ValueError(
                    f"{name!r} is not a name of a line or a station: expected 1 to 32 of a-z, 0-9,"
                    " - and _, with a letter or a digit first and last"
                )
        if len(self.parties) != PARTIES or len(set(self.stations)) < len(self.stations):
            raise ValueError(
                f"expected two parties, and every station to have its own name: got the parties"
                f" {', '.join(self.parties)} and the watchdogs {', '.join(self.watchdogs)}"
            )

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
