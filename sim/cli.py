"""The command `hotline-sim`: play, check and list scenarios."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, Parameter, validators
from rich.console import Console
from rich.markup import escape

from hotline.commands import entry
from hotline.errors import HotlineError, LocalError
from hotline.files.mistakes import did_you_mean
from hotline.logs.console import plain
from hotline.logs.stream import LogFormat, LogLevel
from sim import catalogue
from sim.recording.record import record
from sim.scenario import loading
from sim.scenario.scenario import Scenario
from sim.stage.keeping import require_room
from sim.stage.runner import play_live, play_virtual
from sim.swarm import hunt
from sim.swarm.scale import Scale
from sim.verdict import report, results
from sim.verdict.story import StoryLog
from sim.verdict.verdict import Verdict, reach

Place = Annotated[str | None, Parameter(allow_leading_hyphen=True)]
_FINDINGS: dict[bool | None, tuple[str, str]] = {
    True: ("debug", "expectation.met"),
    False: ("error", "expectation.failed"),
    None: ("warning", "expectation.unknown"),
}

app = App(
    name="hotline-sim",
    help="Play simulated crises on a hotline, and get a verdict.",
    version=entry.version,
)


@app.command
def run(
    scenario: str,
    /,
    *,
    broker: str | None = None,
    virtual: Annotated[bool, Parameter(negative="", show_default=False)] = False,
    speed: float | None = None,
    seed: int = 0,
    play: Annotated[tuple[str, ...], Parameter(negative="", show_default=False)] = (),
    keep: Path | None = None,
    json_: Place = None,
    junit: Place = None,
    html: Place = None,
    log_format: LogFormat = LogFormat.AUTO,
    log_level: LogLevel = LogLevel.INFO,
) -> int:
    """Play a scenario and judge it.

    Exit code 0: every expectation was met; 1: one was not, or is not known; 2: the command line or
    the scenario is wrong; 3: the broker cannot be reached. Ctrl-C ends the run with the verdict so
    far: pass or fail if nothing that was still to come could change it, else stopped.

    Parameters
    ----------
    scenario
        The name of a shipped scenario (see `list`), or a file.
    broker
        mqtt(s)://host:port; or mosquitto or nats, to start a private one of that kind. Left out, a
        private Mosquitto is started, or where there is none a nats-server.
    virtual
        Play in memory on a virtual clock: a day in seconds, always the same.
    speed
        How many times faster than life (default 1). Refused if so fast that flags would be guesses.
    seed
        The number from which the officers' delays are drawn.
    play
        The party that you play: its officers and its events stay silent, and you speak for it with
        `hotline desk`, at the desk that the log names. What is expected of it counts. Two people
        play both: --play isr --play tur.
    keep
        Keep the journal of each station, in a directory of its own in this one, which must be
        empty or new; for `hotline journal`, `hotline picture --state` and `record`.
    json_
        Write the verdict as JSON to this file (- for stdout, instead of the tables).
    junit
        Write it as JUnit XML, for continuous integration: a test for each expectation.
    html
        Write it as an HTML page: the tables, all that was said, and the log.
    log_format
        How the log stream on stderr looks; auto is console on a terminal, else json.
    log_level
        The least severe events that the log stream shows.
    """
    _expect_fitting(virtual=virtual, broker=broker, speed=speed, play=play)
    places = {"--json": json_, "--junit": junit, "--html": html}
    results.expect_places(places)
    loaded = loading.load(catalogue.find(scenario))
    for party in play:
        if party not in loaded.scenario.parties:
            hint = did_you_mean(party, list(loaded.scenario.parties))
            raise LocalError(f"--play {party!r} is not a party of this scenario; {hint}")
    if keep is not None:
        require_room(keep)
    log = StoryLog(log_format, log_level, must_go_on=not virtual)
    if virtual:
        history = play_virtual(loaded.scenario, seed, log, keep=keep)
    else:
        history = play_live(
            loaded.scenario, seed, log, broker=broker, speed=speed or 1.0, played=play, keep=keep
        )
    verdict = reach(loaded, history)
    _tell(verdict, log)
    results.write(verdict, log.story, places)
    return entry.OK if verdict.passed else entry.FAILED


app.command(record)


@app.command
def check(*scenarios: str) -> int:
    """Report every mistake in scenario files, without playing them.

    Parameters
    ----------
    scenarios
        Files, or names of shipped scenarios (default: all shipped ones).
    """
    console = Console(highlight=False, soft_wrap=True)
    errors = entry.complaints()
    mistakes = 0
    for name in scenarios or [path.stem for path in catalogue.shipped()]:
        try:
            loaded = loading.load(catalogue.find(name))
        except HotlineError as error:
            mistakes += entry.complain(errors, error)
        else:
            says = plain(f"{loaded.path}: {loaded.scenario.title}")
            console.print(f"[green]ok[/] {escape(says)}")
    return entry.USAGE if mistakes else entry.OK


@app.command
def swarm(
    *,
    seeds: str = "0..999",
    scale: Scale = Scale.MINUTES,
    jobs: Annotated[int, Parameter(validator=validators.Number(gte=1))] = 1,
    minutes: Annotated[float | None, Parameter(validator=validators.Number(gt=0))] = None,
    keep: Path = Path(),
    replay: Path | None = None,
) -> int:
    """Play random lines under random faults, and judge each by the invariants of a line.

    Exit code 0: nothing was violated; 1: something was; 2: the command line is wrong.

    Parameters
    ----------
    seeds
        Which to play, such as 17 or 0..9999.
    scale
        Minutes in which everything happens at once, or an hour with the timers of real life.
    jobs
        In how many processes.
    minutes
        Stop after this many minutes (default: after the last seed).
    keep
        The folder for the shrunk plan of a seed that fails; it is made if it is missing.
    replay
        Play such a plan again, and nothing else.
    """
    passed = (
        hunt.replay(replay)
        if replay
        else hunt.hunt(hunt.parse_seeds(seeds), scale, jobs, minutes, keep)
    )
    return entry.OK if passed else entry.FAILED


@app.command(name="list")
def list_() -> None:
    """Show the scenarios that come with hotline: what they teach, how long they are."""
    report.show_all([loading.load(path) for path in catalogue.shipped()], Console(highlight=False))


@app.command
def schema() -> None:
    """Print the JSON Schema of scenario files, for editors."""
    entry.put_out(schema_text())


def schema_text() -> str:
    """The JSON Schema of scenario files."""
    schema: dict[str, Any] = Scenario.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _expect_fitting(
    *, virtual: bool, broker: str | None, speed: float | None, play: tuple[str, ...]
) -> None:
    """Refuse options that do not go together, and a speed that makes no sense."""
    if virtual and (broker is not None or speed is not None):
        raise LocalError("--virtual uses no broker and no speed; leave --broker and --speed out")
    if virtual and play:
        raise LocalError("--play needs a clock that a person can follow; leave --virtual out")
    if speed is not None and not 0 < speed < float("inf"):
        raise LocalError(f"--speed {speed:g} makes no sense; expected a number above 0, such as 20")


def _tell(verdict: Verdict, log: StoryLog) -> None:
    line = verdict.history.picture.line.name
    for finding in verdict.findings:
        severity, event = _FINDINGS[finding.met]
        log(
            severity,
            event,
            line=line,
            expectation=finding.text,
            line_number=finding.line_number,
            detail=finding.detail,
        )
    log("info", "scenario.ended", line=line, verdict=verdict.word)


def main() -> None:
    """Run the command line."""
    sys.exit(entry.run(app))
