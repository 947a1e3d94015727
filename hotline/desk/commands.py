"""The commands `hotline desk …`: take part in a line through a station that is running."""

from cyclopts import App

from hotline.desk import flights, looking, talking

app = App(
    name="desk",
    help="Sit at the desk of a running station: read what waits, answer, and give notices.",
)

for command in (
    *(looking.inbox, looking.show, looking.picture),
    *(talking.answer, flights.notify, flights.revise, flights.cancel),
    *(talking.stop, talking.check, talking.voice),
    *(talking.suspend, talking.resume, talking.handover),
):
    app.command(command)
