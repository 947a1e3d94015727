"""The part of a journal that may be taken out: old, settled, and known to be on other disks."""

import contextlib
import os
from pathlib import Path

from hotline.bodies import Rule
from hotline.errors import LocalError
from hotline.journal.journal import Journal
from hotline.journal.taking_up import whole_picture
from hotline.line import Line
from hotline.picture.flagged import FlagEntry
from hotline.picture.lifecycle import Standing
from hotline.picture.message import Message
from hotline.picture.picture import Picture
from hotline.records import open_envelope
from hotline.station.turn import Turn


def prunable(journal: Journal, before_ms: int, now_ms: int) -> dict[str, int]:
    """Up to which number each journal may be pruned, if anything of it may.

    Only its beginning may: records said before `before_ms` that come before the first message not
    settled by `now_ms` and before the first flag that stands. (The flag on a record that makes no
    sense stands for ever, but holds up nothing.) Of a party's journal, the other party must be
    known to have them, by its receipts or by an answer. All that was read is put away with this.

    Raises:
        LocalError: the journal is that of a watchdog that has yet to judge some of what it has
            read.
    """
    line, _ = journal.owner()
    if journal.shelf.doubts():
        raise LocalError(
            "this watchdog has yet to judge when some messages were answered: start it"
            " once more while both parties are on the line, then prune"
        )
    picture = whole_picture(journal)
    limits = _limits(journal, line, picture, now_ms)
    journal.store(Turn(checkpoint=picture.put_away()))  # what is taken out is not read again
    upto = {}
    for station, limit in limits.items():
        for seq, raw in journal.rows(station):
            if seq > limit or open_envelope(raw).at_ms >= before_ms:
                break
            upto[station] = seq
    return upto


def _limits(journal: Journal, line: Line, picture: Picture, now_ms: int) -> dict[str, int]:
    """Up to which number each journal is settled, and known to be where it must be."""
    confirmed = dict.fromkeys(line.parties, 0) | journal.shelf.confirmed()
    for ref, message in picture.messages.items():
        if message.answered_by:
            confirmed[ref.station] = max(confirmed[ref.station], ref.seq)
    limits = picture.heads | {
        party: min(picture.heads.get(party, 0), confirmed[party]) for party in line.parties
    }
    for ref in [
        *(ref for ref, message in picture.messages.items() if not _is_settled(message, now_ms)),
        *(entry.ref for entry in picture.flags if _stands_for_a_while(entry)),
    ]:
        limits[ref.station] = min(limits[ref.station], ref.seq - 1)
    return limits


def _stands_for_a_while(entry: FlagEntry) -> bool:
    return entry.cleared_ms is None and entry.flag.rule is not Rule.INVALID


def _is_settled(message: Message, now_ms: int) -> bool:
    """Whether it waits for nobody, and nobody needs to read it again.

    A revision is made from what the notice said last, so a notice is needed until its flight has
    ended or, if it gave no end, until it is revised or cancelled.
    """
    if message.waits:
        return False
    if not message.is_notice or message.standing is not Standing.CURRENT:
        return True
    return message.ends_ms is not None and message.ends_ms <= now_ms


def move_out(journal: Journal, upto: dict[str, int], to: Path) -> int:
    """Move records into a new file, which `hotline journal import` reads; say how many.

    Raises:
        LocalError: the file cannot be made; nothing was taken out.
        JournalFailed: the journal cannot be changed; the new file is then of no use.
    """
    count = 0
    try:
        with to.open("xb") as file, contextlib.ExitStack() as undo:
            undo.callback(to.unlink)
            for station, last in sorted(upto.items()):
                for seq, raw in journal.rows(station):
                    if seq > last:
                        break
                    file.write(raw + b"\n")
                    count += 1
            file.flush()
            os.fsync(file.fileno())
            _keep_name(to)
            undo.pop_all()
    except OSError as error:
        raise LocalError(
            f"cannot write the pruned records to {to}: {error.strerror}; nothing was pruned"
        ) from None
    journal.prune(upto)
    return count


def _keep_name(file: Path) -> None:
    """Have a new file's name survive a power cut too: without it, its content is lost."""
    directory = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
