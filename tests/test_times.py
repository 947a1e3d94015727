from datetime import UTC, datetime, timedelta
from typing import Self

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from hotline import times
from hotline.times import (
    DAY_MS,
    Duration,
    Instant,
    format_duration,
    format_instant,
    format_time_of_day,
    parse_duration,
    parse_instant,
    parse_typed_instant,
    write_duration,
)

SIX_OCLOCK = 1_768_197_600_000
FIRST, LAST = datetime(1000, 1, 1), datetime(8999, 12, 31)  # noqa: DTZ001 -- the strategy adds the zone
UTC_MOMENTS = st.datetimes(FIRST, LAST, timezones=st.just(UTC))


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-12T06:00:00Z",
        "2026-01-12T06:00:00.000Z",
        "2026-01-12T06:00:00.000999Z",
        "2026-01-12T09:00:00+03:00",
        "2026-01-12T00:30:00-05:30",
        "2026-01-12t06:00:00z",
        "2026-01-12T06:00:00.000123456789Z",
        "2026-01-13T05:59:00+23:59",
    ],
)
def test_the_same_instant_reads_the_same_in_every_offset(text: str) -> None:
    """An instant is UTC milliseconds, whatever offset it was written in."""
    assert parse_instant(text) == SIX_OCLOCK


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-12T06:00Z",
        "2026-01-12T06Z",
        "2026-01-12 06:00:00Z",
        "2026-01-12_06:00:00Z",
        "2026-01-12T06:00:00Z\0",
        "2026-01-12T06:00:00Z\n",
        "2026-01-12T06:00:00.Z",
        "2026-01-12T06:00:00,5Z",
        "2026-01-12T06:00:00+0300",
        "2026-01-12T06:00:00+03",
        "2026-01-12T06:00:00+03:00:30",
        "2026-01-12T06:00:00+24:00",
        "2026-01-12T06:00:00+03:60",
        "2026-01-12T06:00:60Z",
        "2026-01-12T24:00:00Z",
        "2026-W03-1T06:00:00Z",
        "20260112T060000Z",
        "\N{ARABIC-INDIC DIGIT TWO}026-01-12T06:00:00Z",
    ],
)
def test_what_other_languages_may_not_read_is_refused(text: str) -> None:
    """Who drops the time of a record that we take never gets beyond it: RFC 3339, to the letter."""
    with pytest.raises(ValueError, match="expected a UTC time"):
        parse_instant(text)


def test_no_python_reads_a_25th_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    """From 3.14 on it takes 24:00 for the next midnight; on older ones a station drops that."""

    class Later(datetime):
        @classmethod
        def fromisoformat(cls, text: str) -> Self:
            read = super().fromisoformat(text.replace("T24:", "T00:"))
            return read + timedelta(days="T24:" in text)

    monkeypatch.setattr(times, "datetime", Later)
    with pytest.raises(ValueError, match="expected a UTC time"):
        parse_instant("2026-01-11T24:00:00Z")


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-12T06:00:00Z",
        "2026-01-12 06:00:00.000Z",
        "2026-01-12T06:00Z",
        "2026-01-12 06:00z",
        "2026-01-12 09:00+03:00",
    ],
)
def test_a_person_may_type_an_instant_in_short(text: str) -> None:
    """Without its seconds, and with a space in the middle."""
    assert parse_typed_instant(text) == SIX_OCLOCK


@pytest.mark.parametrize("text", ["2026-01-12T06:00", "2026-01-12 06:00:00"])
def test_a_person_must_type_the_offset_too(text: str) -> None:
    """Nobody should have to guess whose clock was meant."""
    with pytest.raises(ValueError, match="with its offset"):
        parse_typed_instant(text)


@pytest.mark.parametrize(
    "text", ["", "now", "2026-01-12", "2026-01-12T06:00:00", "06:00:00Z", None, True, 1.5, [], {}]
)
def test_what_is_no_instant_is_refused(text: object) -> None:
    """A time that leaves its offset to be guessed, or is none, is an error that shows it."""
    with pytest.raises(ValueError, match="expected a") as refused:
        parse_instant(text)
    assert repr(text) in str(refused.value)


@pytest.mark.parametrize(
    "beyond",
    [
        "0001-01-01T00:00:00+14:00",
        "0999-12-31T23:59:59.999Z",
        "9000-01-01T00:00:00Z",
        "9999-12-31T23:59:59.999-00:01",
        10**15,
        -(10**15),
        10**400,
    ],
)
def test_an_instant_that_cannot_be_written_again_is_refused(beyond: object) -> None:
    """Nothing is read that would be an error later, when it is shown."""
    with pytest.raises(ValueError, match="expected"):
        parse_instant(beyond)


@given(UTC_MOMENTS)
def test_every_instant_survives_being_written(moment: datetime) -> None:
    """What `format_instant` writes, `parse_instant` reads as the same millisecond."""
    instant_ms = parse_instant(moment.isoformat())
    assert parse_instant(format_instant(instant_ms)) == instant_ms


def test_an_instant_is_written_in_utc_to_the_millisecond() -> None:
    """The text of an instant is RFC 3339 with Z; of a time of day, its seconds."""
    assert format_instant(SIX_OCLOCK + 7) == "2026-01-12T06:00:00.007Z"
    assert format_time_of_day(SIX_OCLOCK + 61_007) == "06:01:01"


@pytest.mark.parametrize(
    ("text", "duration_ms"),
    [
        ("0s", 0),
        ("250ms", 250),
        ("1.5s", 1_500),
        ("0.007s", 7),
        ("90s", 90_000),
        ("5m30s", 330_000),
        ("2h", 7_200_000),
        ("1d2h3m4s5ms", 93_784_005),
    ],
)
def test_a_duration_is_read_in_milliseconds(text: str, duration_ms: int) -> None:
    """A duration's parts add up."""
    assert parse_duration(text) == duration_ms


def test_a_duration_is_not_longer_than_a_life() -> None:
    """What is counted on from any time can still be written."""
    assert parse_duration("36500d") == 36_500 * DAY_MS
    for text in ("36500d1ms", f"{'9' * 400}d"):
        with pytest.raises(ValueError, match="of at most 36500d, got '"):
            parse_duration(text)


@pytest.mark.parametrize(
    "text", ["", "5", "-5s", "5 s", "s", "30s5m", "1.5m", "5S", "1.2345s", " 5s", "5s\n", None, 1.5]
)
def test_what_is_no_duration_is_refused(text: object) -> None:
    """A duration without its unit, or with a doubtful one, is an error that shows it."""
    with pytest.raises(ValueError, match="expected a duration") as refused:
        parse_duration(text)
    assert repr(text) in str(refused.value)


@pytest.mark.parametrize(
    ("duration_ms", "text"),
    [
        (0, "0ms"),
        (40, "40ms"),
        (1_000, "1s"),
        (1_050, "1s"),
        (1_200, "1.2s"),
        (9_999, "9.9s"),
        (12_900, "12s"),
        (330_000, "5m30s"),
        (305_000, "5m05s"),
        (3_600_000, "1h"),
        (7_500_000, "2h05m"),
        (93_784_005, "1d2h"),
        (-330_000, "-5m30s"),
    ],
)
def test_a_duration_is_written_in_its_two_largest_units(duration_ms: int, text: str) -> None:
    """People read a duration at a glance."""
    assert format_duration(duration_ms) == text


@given(st.integers(0, 10**12))
def test_a_written_duration_can_be_read(duration_ms: int) -> None:
    """What `format_duration` writes is a duration, and not longer than the one that was given."""
    read_ms = parse_duration(format_duration(duration_ms))
    assert read_ms <= duration_ms
    assert format_duration(read_ms) == format_duration(duration_ms)


def test_a_field_is_a_text_outside_and_milliseconds_inside() -> None:
    """In JSON an `Instant` and a `Duration` are texts; in Python they are integers."""
    instants, durations = TypeAdapter(Instant), TypeAdapter(Duration)
    assert instants.validate_json('"2026-01-12T06:00:00Z"') == SIX_OCLOCK
    assert instants.dump_json(SIX_OCLOCK) == b'"2026-01-12T06:00:00.000Z"'
    assert durations.validate_json('"5m30s"') == 330_000
    assert durations.dump_json(3_930_500) == b'"1h5m30.5s"', "to the millisecond"


@pytest.mark.parametrize("bare", ["5", "true", "5.0", "null"])
def test_a_bare_number_in_a_file_is_no_duration(bare: str) -> None:
    """Whoever writes 5 may have meant minutes."""
    with pytest.raises(ValidationError, match="expected a duration"):
        TypeAdapter(Duration).validate_json(bare)


def test_true_is_no_number_that_lacks_its_unit() -> None:
    """Nobody is advised to write `Trues`."""
    with pytest.raises(ValidationError, match="such as 90s, 5m30s or 2h, got True"):
        TypeAdapter(Duration).validate_json("true")


@pytest.mark.parametrize(
    ("duration_ms", "text"),
    [
        (0, "0s"),
        (1, "0.001s"),
        (40, "0.04s"),
        (90_000, "1m30s"),
        (60_500, "1m0.5s"),
        (3_600_000, "1h"),
        (86_400_000 + 61_001, "1d1m1.001s"),
    ],
)
def test_a_duration_in_a_file_is_exact(duration_ms: int, text: str) -> None:
    """Nothing is rounded, so that what is read again is the same."""
    assert write_duration(duration_ms) == text
    assert parse_duration(text) == duration_ms
