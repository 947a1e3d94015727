"""What the tests share is used as it must be."""

import os

import pytest

MARKS = ("mosquitto", "nats")
USED = {"mosquitto_url", "nats_url"}


def needs_a_broker(item: pytest.Item) -> bool:
    """Whether a test is marked as one that needs a real broker."""
    return any(item.get_closest_marker(mark) for mark in MARKS)


def test_what_uses_a_real_broker_is_marked(request: pytest.FixtureRequest) -> None:
    """Or it would fail where there is none, and wait beside others that wait."""
    for item in request.session.items:
        used = USED & {*getattr(item, "fixturenames", ())}
        assert needs_a_broker(item) or not used, f"{item.nodeid} uses {used}"


@pytest.mark.skipif("PYTEST_XDIST_WORKER" not in os.environ, reason="there is one process")
def test_what_needs_a_real_broker_stays_in_one_process(request: pytest.FixtureRequest) -> None:
    """It waits most of the time; two that wait at once leave a processor without work."""
    for item in request.session.items:
        is_in_it = item.nodeid.endswith("@real brokers")
        says = f"{item.nodeid}: does this xdist go with this pytest? (`make setup`)"
        assert is_in_it is needs_a_broker(item), says
