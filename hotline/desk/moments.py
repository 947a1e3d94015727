"""Times as a person types them: `14:30`, `+1h`, or in full."""

from hotline.times import DAY_MS, format_instant, parse_duration, parse_typed_instant

_FORMS = "14:30 (UTC), +1h or 2026-01-12T14:30:00Z"


def moment_ms(text: str, now_ms: int) -> int:
    """An instant in epoch ms: `14:30` is the next one in UTC, `+1h` is in one hour.

    Raises:
        ValueError: it is not such a time.
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


def volume_time(text: str, now_ms: int) -> dict[str, str]:
    """The same as a volume of ASTM F3548 has it.

    Raises:
        ValueError: as `moment_ms` does.
    """
    return {"value": format_instant(moment_ms(text, now_ms)), "format": "RFC3339"}
