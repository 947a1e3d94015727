"""What a picture says, in one text: as it is in mind, and as starts from its disk would make it."""

import json

from hotline.journal import Journal
from hotline.line import Line
from hotline.picture import Picture


def read_anew(line: Line, journal: Journal) -> dict[str, str]:
    """What is waited for and stands flagged, by starts from a disk with and without its past."""
    records = list(journal.records())
    plain = Picture(line)
    plain.fold_all(records)
    resumed, whole = Picture(line, journal.shelf), Picture(line, journal.shelf)
    for picture, everything in ((resumed, False), (whole, True)):
        checkpoint = journal.shelf.checkpoint(everything=everything)
        picture.take_up(checkpoint)
        picture.fold_all(r for r in records if r.seq > checkpoint.heads.get(r.station, 0))
    return {
        "from its records": in_mind(plain),
        "as it would start": in_mind(resumed),
        "everything from its records": "all " + _everything(plain),
        "everything as put away": "all " + _everything(whole),
    }


def in_mind(picture: Picture) -> str:
    """All that a picture cannot have put away: what waits, and what stands."""
    messages = [repr(m) for _, m in sorted(picture.messages.items()) if m.waits]
    flags = [(e.ref, e.flag.model_dump(mode="json")) for e in picture.flags if e.cleared_ms is None]
    return json.dumps([picture.heads, messages, flags], sort_keys=True)


def _everything(picture: Picture) -> str:
    """All that a picture says, in one text."""
    messages = [repr(m) for _, m in sorted(picture.messages.items())]
    flags = [(e.ref, e.flag.model_dump(mode="json"), e.cleared_ms) for e in picture.flags]
    return json.dumps([picture.heads, messages, flags, sorted(picture.invalid)], sort_keys=True)
