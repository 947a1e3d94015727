"""What a tail is to tell, of all that it hears."""

import pytest

from hotline.commands.only import Only
from tests.lines import Kept

ISR = {"station": "isr", "to": "tur", "notice": "ISR-1"}
FLAG = {"station": "watchdog", "subject": "tur/42", "notice": "TUR-1", "message": "TUR-1 rev 1"}
OF_OLD = {"station": "watchdog", "subject": "tur/1"}
SILENT = {"station": "watchdog", "subject": "usa"}
STORY = [
    ("notice.sent", ISR),
    ("notice.answered", {"station": "tur", "to": "isr", "notice": "ISR-1"}),
    ("check.sent", {"station": "usa"}),
    ("flag.raised", FLAG),
    ("flag.cleared", SILENT),
    ("station.online", {"station": "tur"}),
    ("tail.quiet", {}),
    ("flag.standing", OF_OLD),
    ("reply.waiting", {"station": "usa", "to": "isr"}),
]


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        ({}, [0, 1, 2, 3, 4, 5, 6, 7, 8]),
        ({"parties": ["tur"]}, [0, 1, 3, 5, 6, 7]),
        ({"parties": ["usa"]}, [2, 4, 6, 8]),
        ({"parties": ["isr", "usa"]}, [0, 1, 2, 4, 6, 8]),
        ({"kinds": ["notice"]}, [0, 1, 6]),
        ({"kinds": ["flag", "check"]}, [2, 3, 4, 6, 7]),
        ({"kinds": ["reply"]}, [1, 6, 8]),
        ({"notices": ["ISR-1"]}, [0, 1, 6, 7]),
        ({"notices": ["TUR-1"]}, [3, 6, 7]),
        ({"notices": ["TUR-1"], "kinds": ["notice"]}, [6]),
        ({"parties": ["tur"], "kinds": ["flag"]}, [3, 6, 7]),
    ],
)
def test_only_what_is_wanted_is_told(wanted: dict[str, list[str]], told: list[int]) -> None:
    """By party (who says it, hears it, or is flagged), by kind and by notice, all at once.

    An answer is a reply as well. A flag about a message that was said before may be about any
    notice.
    """
    kept = Kept()
    only = Only(kept, **wanted)
    for event, fields in STORY:
        only("info", event, **fields)
    expected = [{"severity": "info", "event": event, **fields} for event, fields in STORY]
    assert kept.lines == [expected[index] for index in told]
