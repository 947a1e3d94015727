"""How many of something there are, as people say it."""


def counted(count: int, noun: str) -> str:
    """`1 record`, `2 records`; the noun is one that takes an s."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
