"""Words about our own flights: what may be said now, and why something may not."""

import json
from typing import Any

from hotline.bodies import Kind, Stop
from hotline.notice import FlightNotice
from hotline.times import HOUR_MS, format_instant
from tests.desk.server.offices import Office
from tests.helpers import T0, notice


def _fields(name: str | None = None) -> dict[str, Any]:
    fields = notice("X").model_dump(mode="json", exclude_none=True, exclude={"revision", "notice"})
    return fields | ({"notice": name} if name else {})


def test_a_notice_gets_a_name_and_its_first_revision() -> None:
    """Named after the record that it will be, unless that name is taken; or as it says."""
    office = Office()
    body = office.wants(do="notify", notice=_fields())
    assert isinstance(body, FlightNotice)
    assert (body.notice, body.revision) == ("TUR-001", 1)
    office.takes(office.wants(do="notify", notice=_fields("TUR-002")), Kind.NOTICE)
    office.takes(office.wants(do="notify", notice=_fields()), Kind.NOTICE)
    assert [m.notice for m in office.picture.messages.values()] == ["TUR-002", "TUR-003"]
    assert office.refuses(do="notify", notice=_fields("TUR-002")) == (
        "TUR-002 was said before: revise it, or rename this one"
    )


def test_two_names_differ_in_more_than_their_case() -> None:
    """On the telephone nobody hears that; what is said on the wire is another matter."""
    office = Office()
    office.takes(office.wants(do="notify", notice=_fields("tur-002")), Kind.NOTICE)
    assert office.refuses(do="notify", notice=_fields("Tur-002")) == (
        "tur-002 was said before: revise it, or rename this one"
    )
    body = office.wants(do="notify", notice=_fields())
    assert isinstance(body, FlightNotice)
    assert body.notice == "TUR-003"


def test_a_flight_that_is_over_is_not_notified() -> None:
    """A wrong date is the likely mistake; one that is in the air may be told of."""
    office = Office()
    fields = json.loads(notice(starts_ms=T0, ends_ms=T0 + HOUR_MS).model_dump_json())
    ends = format_instant(T0 + HOUR_MS)
    says = office.refuses(T0 + HOUR_MS, do="notify", notice=fields)
    assert says == f"TUR-014 would be over already: it ends at {ends}"
    assert isinstance(office.wants(T0 + HOUR_MS - 1, do="notify", notice=fields), FlightNotice)


def test_a_flight_is_not_moved_into_the_past() -> None:
    """Nor is one that is over revised, unless it is to fly later; whoever ends it cancels it."""
    office = Office()
    fields = json.loads(notice("X", starts_ms=T0, ends_ms=T0 + HOUR_MS).model_dump_json())
    office.takes(office.wants(do="notify", notice=fields), Kind.NOTICE)
    over_ms = T0 + HOUR_MS
    later = json.loads(notice(starts_ms=over_ms, ends_ms=over_ms + HOUR_MS).model_dump_json())[
        "volumes"
    ]
    says = office.refuses(over_ms, do="revise", notice="X", change={"aircraft_count": 2})
    assert says == f"X would be over already: it ends at {format_instant(over_ms)}"
    assert isinstance(
        office.wants(over_ms, do="revise", notice="X", change={"volumes": later}), FlightNotice
    )


def test_a_notice_that_is_wrong_is_refused_with_every_mistake() -> None:
    """Each field that is missing, unknown or wrong."""
    office = Office()
    says = office.refuses(do="notify", notice={"precedence": "FLSH", "volumes": [], "remark": "x"})
    assert "precedence: got 'FLSH'; did you mean 'FLASH'?" in says
    assert "aircraft_type: is missing" in says
    assert "volumes: expected at least 1 of them, found 0" in says
    assert "remark: is not a field here; did you mean 'remarks'?" in says
    assert office.refuses(do="notify", notice=_fields("X") | {"revision": 2}) == (
        "revision: a new notice begins with 1; revise the one that was said"
    )


def test_a_revision_changes_what_it_says() -> None:
    """All else stays as it was; null takes a field out; the revision counts on."""
    office = Office()
    office.takes(office.wants(do="notify", notice=_fields("X") | {"remarks": "a"}), Kind.NOTICE)
    body = office.wants(do="revise", notice="X", change={"aircraft_count": 2, "remarks": None})
    assert isinstance(body, FlightNotice)
    assert (body.revision, body.aircraft_count, body.remarks) == (2, 2, None)
    assert body.volumes == notice("X").volumes
    office.takes(body, Kind.NOTICE)
    says = office.refuses(do="revise", notice="X", change={"aircraft_count": 2})
    assert says == "X rev 2 says exactly that already"
    says = office.refuses(do="revise", notice="X", change={"revision": 7})
    assert says == "revision: a revision keeps the name and is numbered by itself"


def test_a_revision_is_of_the_one_that_was_seen() -> None:
    """What another officer has changed since would be said again, or taken back, unseen."""
    office = Office()
    office.takes(office.wants(do="notify", notice=_fields("X")), Kind.NOTICE)
    for count in (2, 3):
        change = {"aircraft_count": count}
        body = office.wants(do="revise", notice="X", revision=count - 1, change=change)
        office.takes(body, Kind.NOTICE)
    says = office.refuses(do="revise", notice="X", revision=2, change={"remarks": "by night"})
    assert says == "the last revision of X is 3, not 2: look at it first"


def test_our_notice_can_be_had_to_be_revised() -> None:
    """Its last revision, also while a message of the other side about it waits."""
    office = Office()
    office.takes(office.wants(do="notify", notice=_fields("X")), Kind.NOTICE)
    office.says(office.isr, Kind.STOP, Stop(text="not there", notice="X"))
    fields = office.spokesman.said_last("X")
    assert (fields["notice"], fields["revision"]) == ("X", 1)
    office.takes(office.wants(do="revise", notice="X", change={"aircraft_count": 2}), Kind.NOTICE)
    assert office.spokesman.said_last("X")["aircraft_count"] == 2


def test_what_was_pruned_cannot_be_revised() -> None:
    """Nobody here knows any more what it said."""
    office = Office()
    office.says(office.tur, Kind.NOTICE, notice("X"))
    office.records.clear()
    says = office.refuses(do="revise", notice="X", change={"aircraft_count": 2})
    assert says == "X rev 1 is not on our disk: say it anew, as another notice"


def test_only_what_stands_can_be_revised_or_cancelled() -> None:
    """Not what was never said (did you mean?), nor what was cancelled; also not the other's."""
    office = Office()
    assert (
        office.refuses(do="cancel", notice="X") == "we gave no notice 'X'; we have given no notice"
    )
    office.says(office.isr, Kind.NOTICE, notice("ISR-1"))
    office.says(office.tur, Kind.STOP, Stop(text="not there", notice="ISR-1"))
    assert office.refuses(do="cancel", notice="ISR-1").endswith("; we have given no notice")
    office.says(office.tur, Kind.NOTICE, notice("TUR-1"))
    assert office.refuses(do="cancel", notice="ISR-1").startswith("we gave no notice 'ISR-1'; ")
    assert office.refuses(do="cancel", notice="TUR-2").endswith("did you mean 'TUR-1'?")
    office.takes(office.wants(do="cancel", notice="TUR-1", reason="fog"), Kind.CANCEL)
    assert office.refuses(do="cancel", notice="TUR-1") == "TUR-1 was cancelled"
    assert office.refuses(do="revise", notice="TUR-1", change={"aircraft_count": 2}) == (
        "TUR-1 was cancelled"
    )
