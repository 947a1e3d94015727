"""In which records two copies of a journal, or two pictures, differ."""

import json
import re
from collections import defaultdict
from itertools import zip_longest

from sim.oracle.facts import Ref, Row

# The record that something in a picture is about: as a message's repr, or as a flag's list.
_NAMED = re.compile(r"""(ref=Ref\(station='|\[+")(?P<station>[^'"]+)['"], (seq=)?(?P<seq>\d+)""")


def first_odd(author: str, here: list[Row], there: list[Row]) -> Ref:
    """The first record in which two copies of a journal differ."""
    pairs = zip_longest(here, there)
    one, other = next(pair for pair in pairs if pair[0] != pair[1])
    return Ref(author, min(row.seq for row in (one, other) if row))


def differ_in(picture: str, usual: str) -> set[Ref]:
    """The records about which two pictures have different messages or flags."""
    here, there = (_told_of(text) for text in (picture, usual))
    return {ref for ref in here.keys() | there.keys() if here.get(ref) != there.get(ref)}


def _told_of(picture: str) -> dict[Ref, list[str]]:
    _, *parts = json.loads(picture)
    told: dict[Ref, list[str]] = defaultdict(list)
    for item in (item for part in parts for item in part):
        text = item if isinstance(item, str) else json.dumps(item)
        if named := _NAMED.search(text):
            told[Ref(named["station"], int(named["seq"]))].append(text)
    return told
