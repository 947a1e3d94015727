"""Times as a person types them: `14:30`, `+1h`, or in full."""

from hotline.errors import LocalError
from hotline.times import DAY_MS, format_instant, parse_duration, parse_typed_instant

_FORMS = "14:30 (UTC), +1h or 2026-01-12T14:30:00Z"


def moment_ms(text: str, now_ms: int) -> int:
    """An instant in epoch ms: `14:30` is the next one in UTC, `+1h` is in one hour.

    Raises:
        ValueError: it is none.
    """
    try:
        if text.startswith("+"):
            return now_ms + parse_duration(text[1:])
        if ":" in text and len(text) <= len("14:30:00"):
            clock = f"0{text}" if text.index(":") == 1 else text
            at_ms = now_ms - now_ms % DAY_MS + parse_typed_instant(f"1970-01-01T{clock}Z")
            return at_ms if at_ms >= now_ms else at_ms + DAY_MS
        return parse_typed_instant(text)
    except ValueError:
        raise ValueError(f"expected {_FORMS}, got {text!r}") from None


def promised(until: str | None, in_: str | None, now_ms: int) -> str | None:
    """When something is promised, by --until or --in, as RFC 3339.

    Raises:
        LocalError: that is no time, or both are given.
    """
    if until is not None and in_ is not None:
        raise LocalError("--until and --in say the same: give one of them")
    flag, text = ("--until", until) if in_ is None else ("--in", f"+{in_.removeprefix('+')}")
    if text is None:
        return None
    try:
        return format_instant(moment_ms(text, now_ms))
    except ValueError as error:
        if flag == "--in":
            raise LocalError(f"--in: expected a duration such as 10m, got {in_!r}") from None
        raise LocalError(f"{flag}: {error}") from None
