import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline import topics
from hotline.topics import Channel, Topic, is_name, parse

NAMES = st.from_regex(topics.NAME_PATTERN, fullmatch=True).map(str.strip)


@pytest.mark.parametrize(
    ("topic", "text"),
    [
        (Topic("isr-tur", "tur", Channel.RECORDS), "hotline/v1/isr-tur/tur/records"),
        (Topic("isr-tur", "tur", Channel.STATUS), "hotline/v1/isr-tur/tur/status"),
        (Topic("isr-tur", "tur", Channel.RESEND, "isr"), "hotline/v1/isr-tur/tur/resend/isr"),
        (Topic("isr-tur", "tur", Channel.REPLAY, "isr"), "hotline/v1/isr-tur/tur/replay/isr"),
        (
            Topic("isr-tur", "dog", Channel.FLAGS, "unanswered-tur-42"),
            "hotline/v1/isr-tur/dog/flags/unanswered-tur-42",
        ),
        (Topic("isr-tur", "tur", Channel.PATH, "c0ffee"), "hotline/v1/isr-tur/tur/path/c0ffee"),
    ],
)
def test_every_channel_has_its_topic(topic: Topic, text: str) -> None:
    """The topics of the protocol are written as the design has them, and read back."""
    assert str(topic) == text
    assert parse(text) == topic


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hotline",
        "hotline/v1/isr-tur/tur",
        "hotline/v2/isr-tur/tur/records",
        "phone/v1/isr-tur/tur/records",
        "hotline/v1/isr-tur/tur/gossip",
        "hotline/v1/isr-tur/tur/records/isr",
        "hotline/v1/isr-tur/tur/resend",
        "hotline/v1/isr-tur/tur/replay/isr/more",
        "hotline/v1/isr-tur/tur/status/",
        "/hotline/v1/isr-tur/tur/records",
        "isr-tur/tur/records",
        "$SYS/broker/version",
    ],
)
def test_what_is_not_of_this_protocol_is_no_topic(text: str) -> None:
    """Other people's topics, other versions and wrong depths are told apart."""
    assert parse(text) is None


@given(st.text())
def test_any_text_can_be_asked_for(text: str) -> None:
    """Parsing never fails; what it takes for a topic is spelled the same."""
    assert parse(text) is None
    topic = parse(f"hotline/v1/{text}/tur/records")
    assert topic is None or str(topic) == f"hotline/v1/{text}/tur/records"


@pytest.mark.parametrize("name", ["a", "isr", "isr-tur", "watchdog_2", "7", "a" * 32])
def test_a_name_is_one_topic_level(name: str) -> None:
    """Lower-case letters, digits, `-` and `_` make a name."""
    assert is_name(name)


@pytest.mark.parametrize(
    "name",
    ["", "a" * 33, "-a", "a-", "_a", "Isr", "a.b", "a/b", "a b", "+", "#", "$a", "türk", "isr\n"],
)
def test_what_a_broker_could_misread_is_no_name(name: str) -> None:
    """No wildcard, no dot, no slash, no capital, nothing longer than 32."""
    assert not is_name(name)


@given(NAMES, NAMES, st.sampled_from([Channel.RECORDS, Channel.STATUS]))
def test_a_topic_of_good_names_can_be_taken_apart(
    line: str, station: str, channel: Channel
) -> None:
    """Whatever the names are, parsing undoes writing."""
    topic = Topic(line, station, channel)
    assert parse(str(topic)) == topic


def test_a_station_hears_the_others_and_its_own_status() -> None:
    """It subscribes to what others say to all or to it, never to its own records."""
    assert topics.heard_by("isr-tur", "isr", ["tur"]) == [
        "hotline/v1/isr-tur/isr/status",
        "hotline/v1/isr-tur/tur/records",
        "hotline/v1/isr-tur/tur/status",
        "hotline/v1/isr-tur/tur/resend/+",
        "hotline/v1/isr-tur/tur/replay/isr",
    ]


def test_the_filters_for_boards_and_onlookers() -> None:
    """A watchdog hears its own board; an onlooker hears a line, or every line."""
    assert topics.board_of("isr-tur", "dog") == "hotline/v1/isr-tur/dog/flags/+"
    assert topics.every_topic_of("isr-tur") == "hotline/v1/isr-tur/+/#"
    assert topics.EVERY_LINE == "hotline/v1/+/+/#"


@pytest.mark.parametrize(
    ("wanted", "takes"),
    [
        ("a/b/c", True),
        ("a/+/c", True),
        ("+/+/+", True),
        ("a/b", False),
        ("a/b/c/+", False),
        ("a/+/d", False),
        ("a/#", True),
        ("a/b/c/#", True),
        ("a/b/c/d/#", False),
        ("b/#", False),
    ],
)
def test_a_filter_takes_what_a_broker_would_bring(wanted: str, takes: bool) -> None:
    """A plus stands for one level, a hash at the end for any number, none among them."""
    assert topics.is_heard("a/b/c", ["x", wanted]) is takes
    assert not topics.is_heard("a/b/c", [])
