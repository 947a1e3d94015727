"""The fuzzer's first bytes, and those that broke a target once or well might, break nothing."""

from pathlib import Path

import pytest

from tests.fuzz.targets import TARGETS, starts

HERE = Path(__file__).parent / "found"
A_YEAR = "expected a UTC time in the years 1000 to 8999"
A_SEQ = "seq is not a whole number from 1"
A_RESEND = 'expected {"after": 41}'
A_DURATION = "expected a duration such as 90s, 5m30s or 2h, got"
BAD_BODY = "tur/3 is bad_body"
NO_UTF8 = ": is not UTF-8 text"
TOO_DEEP = "is nested too deeply"
# Each file, and what is said of it; None: nothing is wrong with it.
FOUND: dict[str, dict[str, str | None]] = {
    "hear": {
        "altitude-that-is-infinite": BAD_BODY,
        "at-gos-zero-time": f"at: {A_YEAR}",
        "at-year-ten-thousand": f"at: {A_YEAR}",
        "body-nested-at-pythons-limit": "not JSON",
        "flag-about-a-stranger-in-the-watchdogs-name": None,
        "float-that-is-infinite": "v is inf, expected 1",
        "key-given-twice": None,
        "line-over-the-limit": "is over 65536",
        "lone-surrogate": "not JSON",
        "name-of-9000-characters": "is not a name",
        "name-with-wildcards": "station '#' is not a name",
        "nested-60000-deep": "not JSON",
        "not-a-number": "not JSON",
        "nul-bytes": "not JSON",
        "nul-in-a-text": BAD_BODY,
        "reply-to-a-stranger": "tur/3 is answers_its_own_side",
        "reply-to-seq-beyond-64-bits": BAD_BODY,
        "resend-after-64-bits": A_RESEND,
        "resend-after-infinity": A_RESEND,
        "resend-after-minus-one": A_RESEND,
        "resend-of-a-list": A_RESEND,
        "revision-beyond-64-bits": "tur/3 is revision_out_of_order",
        "seq-beyond-64-bits": A_SEQ,
        "seq-of-4300-digits": A_SEQ,
        "status-at-gos-zero-time": A_YEAR,
        "status-head-beyond-64-bits": "head is not a whole number from 0",
        "status-held-is-a-list": "held or digests is not a JSON object",
        "voice-of-seq-beyond-64-bits": BAD_BODY,
        "window-at-gos-zero-time": BAD_BODY,
    },
    "scenario": {
        "alias-of-nothing.yaml": ":1: is not YAML: nothing is called &nobody",
        "altitude-that-is-infinite.yaml": ": areas.t4-survey: altitude, the upper limit (the 2nd",
        "anchor-that-holds-itself.yaml": ":3: areas.self: expected named fields, got nothing",
        "billion-laughs.yaml": ":1: its aliases (such as *name) expand it to far more",
        "blocks-nested-600-deep.yaml": TOO_DEEP,
        "circle-of-no-number.yaml": ": areas.t4: circle, the latitude (the 1st number)",
        "duration-without-end.yaml": ": duration: expected a duration of at most 36500d",
        "key-given-twice.yaml": ":3: is not YAML: the key 'title' is there twice, first on line 1",
        "key-that-is-a-list.yaml": "expected texts as keys",
        "key-that-is-a-map.yaml": "expected texts as keys",
        "lone-surrogate-bytes.yaml": NO_UTF8,
        "lone-surrogate.yaml": ":1: title: expected a text, got half a character",
        "merge-of-a-text.yaml": ":2: is not YAML: expected a mapping or list of mappings",
        "merge-of-itself.yaml": ":1: cannot be read as YAML",
        "name-of-9000-characters.yaml": f": line: got '{'x' * 56}…; expected",
        "nested-600-deep.yaml": TOO_DEEP,
        "no-utf-8.yaml": NO_UTF8,
        "nul.yaml": ":2: is not YAML: the character '\\x00' is not allowed",
        "number-of-5000-digits.yaml": "cannot be read as YAML",
        "start-at-gos-zero-time.yaml": f": start: {A_YEAR}",
        "tag-of-a-number.yaml": ":2: cannot be read as YAML",
        "tag-of-python.yaml": ":1: is not YAML: a text that begins with ! needs quotes",
        "two-documents.yaml": ":2: is not YAML: a second document begins here",
    },
    "line": {
        "broker-url-with-a-port-beyond-all.toml": ":6: broker.url: ",
        "broker-url-with-half-an-ipv6.toml": ":6: broker.url: ",
        "checks-of-a-second.toml": ":1: checks: expected hourly, off, or a duration of a minute",
        "key-given-twice.toml": ":2: is not TOML: ",
        "lone-surrogate.toml": ":1: is not TOML: ",
        "name-of-9000-characters.toml": f":1: line: got '{'x' * 56}…; expected",
        "name-with-wildcards.toml": ":1: line: got '#'; expected lower-case letters",
        "nested-3000-deep.toml": TOO_DEEP,
        "no-utf-8.toml": NO_UTF8,
        "nul.toml": ":1: is not TOML: ",
        "number-of-5000-digits.toml": ":1: is not TOML: ",
        "party-that-is-a-list.toml": ":2: parties: expected named fields, got [1, 2]",
        "table-given-twice.toml": ":6: is not TOML: ",
        "timer-at-gos-zero-time.toml": f":6: timers.receipt: {A_DURATION}",
        "timer-that-is-infinite.toml": f":6: timers.receipt: {A_DURATION} inf",
        "timer-that-is-no-number.toml": f":6: timers.receipt: {A_DURATION} nan",
        "timer-without-end.toml": ":6: timers.receipt: expected a duration of at most 36500d",
        "watchdog-with-a-partys-name.toml": "isr is there twice",
    },
}


def found(target: str) -> dict[str, bytes]:
    """All bytes that are kept because they broke a target."""
    return {path.name: path.read_bytes() for path in sorted((HERE / target).iterdir())}


@pytest.mark.parametrize("target", TARGETS)
def test_no_bytes_break_a_target(target: str) -> None:
    """Those that broke it once, and good ones: cut off, doubled, with one byte changed."""
    for data in [b"", *starts(target), *found(target).values()]:
        half = len(data) // 2
        for spoilt in (data[:half], data + data, data[:half] + b"\xff" + data[half + 1 :]):
            TARGETS[target](spoilt)


@pytest.mark.parametrize("target", TARGETS)
def test_all_that_was_found_is_tried(target: str) -> None:
    """Each file has its line in the table, and each line its file."""
    assert found(target).keys() == FOUND[target].keys()


@pytest.mark.parametrize(
    ("target", "name"), [(target, name) for target, names in FOUND.items() for name in names]
)
def test_what_was_found_is_refused_as_what_it_is(target: str, name: str) -> None:
    """So a file tries what its name says, and does not fail for another reason."""
    said, expected = TARGETS[target](found(target)[name]), FOUND[target][name]
    if expected is None:
        assert said == []
    else:
        assert any(expected in each for each in said), said


@pytest.mark.parametrize("target", TARGETS)
def test_nothing_is_wrong_with_what_the_fuzzer_begins_with(target: str) -> None:
    """Otherwise it would not come near all that good bytes can reach."""
    assert [said for data in starts(target) if (said := TARGETS[target](data))] == []
