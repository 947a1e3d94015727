"""What the tests of the scenario runner share: a small scenario to spoil, and quiet runs."""

from dataclasses import replace
from pathlib import Path

from hotline.logs.stream import LogFormat, LogLevel, LogStream
from sim.scenario import loading
from sim.scenario.loading import Loaded
from sim.stage.runner import play_virtual
from sim.verdict.verdict import Verdict, reach

SMALL = """\
title: A small scenario
teaches: Nothing much.
background: A test.
source: Simulated.
line: isr-tur
parties: {isr: Israel, tur: Türkiye}
start: 2026-01-12T06:00:00Z
duration: 30m
areas:
  ridge: {circle: [34.5, 37.6, 9000], altitude: [0, 5000]}
officers:
  isr:
    - name: Levi
      reads_in: 10s..20s
events:
  - at: 1m
    who: tur
    notice:
      id: TUR-1
      precedence: FLASH
      activity: survey
      aircraft_identification: TUR1
      aircraft_type: C30J
      area: ridge
      from: 20m
      until: 25m
expect:
  - {answer: ACCEPT, of: TUR-1, within: 2m}
"""
UNANSWERED = ("reads_in: 10s..20s", "answers: [{answer: NOTHING}]")  # a change of it


def quiet() -> LogStream:
    """A log that says next to nothing."""
    return LogStream(LogFormat.JSON, LogLevel.ERROR)


def write(folder: Path, text: str = SMALL) -> Path:
    """A scenario file."""
    path = folder / "small.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def small(folder: Path, *changes: tuple[str, str]) -> Loaded:
    """The small scenario, with some of its text changed."""
    text = SMALL
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    return loading.load(write(folder, text))


def verdict(loaded: Loaded, seed: int = 0) -> Verdict:
    """The verdict when it is played on the virtual clock."""
    return reach(loaded, play_virtual(loaded.scenario, seed, quiet()))


def titled(of: Verdict, title: str) -> Verdict:
    """The same verdict on a scenario of this title."""
    scenario = of.played.scenario.model_copy(update={"title": title})
    return replace(of, played=replace(of.played, scenario=scenario))
