"""What a picture says, in one text: as it is in mind, and as starts from its disk would make it."""

import json

from hotline.journal import Journal
from hotline.line import Line
from hotline.picture import Picture


def read_anew(line: Line, journal: Journal) -> dict[str, str]:
    """What is waited for and stands flagged, by starts from a disk with and without its past."""
    plain = Picture(line)
    plain.fold_all(journal.records())
    resumed = Picture(line, journal.shelf)
    checkpoint = journal.shelf.checkpoint()
    resumed.take_up(checkpoint)
    resumed.fold_all(journal.records(after=checkpoint.heads))
    whole = Picture(line, journal.shelf)
    checkpoint = journal.shelf.checkpoint(everything=True)
    whole.take_up(checkpoint)
    whole.fold_all(journal.records(after=checkpoint.heads))
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
