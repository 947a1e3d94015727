"""The commands that look: what waits, the line, one message."""

from hotline.commands.options import Json, print_json
from hotline.desk.commands import printing
from hotline.desk.commands.sitting import ANYWHERE, At, ask, out


def inbox(*, at: At = ANYWHERE, json_: Json = False) -> None:
    """Show what waits for an answer from here, most urgent first, with the time left."""
    if json_:  # a program reads all of it
        print_json(ask(at.place(), do="inbox")["inbox"])
    else:
        printing.show_inbox(ask(at.place(), do="state")["state"], out())


def picture(*, at: At = ANYWHERE, json_: Json = False) -> None:
    """Show the line as this station sees it: who is there, what is open, which flags stand.

    What was settled long ago is only in its journal: `hotline picture` shows that too.
    """
    state = ask(at.place(), do="state")["state"]
    if json_:
        print_json(state)
    else:
        printing.show_state(state, out())


def show(record: str, /, *, at: At = ANYWHERE, json_: Json = False) -> None:
    """Show one record in full, and what became of it.

    Parameters
    ----------
    record
        The record (isr/12), or the notice that it is about.
    """
    place = at.place()
    found = ask(place, do="show", record=record)
    if json_:
        print_json(found)
    else:
        printing.show_record(found, ask(place, do="state")["state"], out())
