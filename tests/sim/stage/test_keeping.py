"""What stays of a run's disks: the last of each station, to be read as any other."""

import json
from pathlib import Path
from typing import Any

import pytest

from hotline.cli import app as hotline
from hotline.commands import entry
from hotline.errors import BrokerUnreachable, LocalError
from hotline.journal.journal import Journal
from hotline.journal.journal_file import FILE
from hotline.journal.state_lock import StateLock
from sim.cli import app
from sim.stage.keeping import disks, require_room
from sim.stage.runner import play_live, play_virtual
from tests.sim.stories import KeptStream, flight, story

FAULTS = [
    {"at": "5m", "fault": {"kind": "disk_loss", "of": "tur", "for": "30s"}},
    {"at": "10m", "fault": {"kind": "disk_loss", "of": "tur", "for": "30s"}},
    {"at": "15m", "fault": {"kind": "twin", "of": "isr", "for": "30s"}},
]


def test_the_last_disk_of_each_station_stays(tmp_path: Path) -> None:
    """Whatever was lost meanwhile, or ran twice; with all that was said."""
    keep = tmp_path / "deep" / "kept"
    scenario = story(events=[{"at": "1m", "who": "tur", "notice": flight()}, *FAULTS])
    history = play_virtual(scenario, 0, KeptStream(), keep=keep)
    assert sorted(path.name for path in keep.iterdir()) == ["dog", "isr", "tur"]
    journal = Journal.look_at(keep / "tur")
    assert set(journal.records()) == set(history.records)
    journal.close()


def test_of_more_than_ten_disks_the_last_stays(tmp_path: Path) -> None:
    """Its number is the highest, whatever it looks like."""
    with disks(tmp_path / "kept", ["tur"]) as state:
        for name in ("tur", *(f"tur.{number}" for number in range(1, 11))):
            (state / name).mkdir()
            (state / name / "name").write_text(name)
    assert (tmp_path / "kept" / "tur" / "name").read_text() == "tur.10"


def test_what_was_kept_is_shown_verified_and_recorded(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By the commands for any journal; the recording plays to the same picture."""
    keep, again = tmp_path / "kept", tmp_path / "again.yaml"
    run = ["run", "strike-and-survey", "--virtual", "--keep", str(keep), "--log-level", "error"]
    assert entry.run(app, run) == entry.OK
    for command in (["journal", "verify"], ["picture"]):
        assert entry.run(hotline, [*command, "--state", str(keep / "isr")]) == entry.OK
    assert "TUR-014 rev 2" in capsys.readouterr().out
    assert entry.run(app, ["record", str(keep), "--to", str(again)]) == entry.OK
    assert entry.run(app, ["run", str(again), "--virtual", "--log-level", "error"]) == entry.OK


def test_the_picture_of_what_was_kept_is_that_of_its_end(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not of today, when every flight of the story is over; or of the time that is asked for."""
    keep = tmp_path / "kept"
    events = [{"at": "1m", "who": "tur", "notice": flight()}]
    play_virtual(story(events=events), 0, KeptStream(), keep=keep)

    def picture(*options: str) -> dict[str, Any]:
        capsys.readouterr()
        words = ["picture", "--state", str(keep / "isr"), "--json", *options]
        assert entry.run(hotline, words) == entry.OK
        found: dict[str, Any] = json.loads(capsys.readouterr().out)
        return found

    ended = picture()
    last = max(message["answered_at"] for message in ended["messages"])
    assert ended["as_of"] == last
    (message,) = ended["messages"]
    assert message["phase"] == "planned"
    assert {day["day"] for day in ended["days"]} == {last[:10]}
    later = picture("--at", message["ends"])
    assert (later["as_of"], later["messages"][0]["phase"]) == (message["ends"], "ended")

    lock = StateLock.take(keep / "isr")
    assert picture()["as_of"] > message["ends"]
    lock.release()
    assert entry.run(hotline, ["picture", "--state", str(keep / "isr")]) == entry.OK
    assert f"/isr, as of {last}\n" in capsys.readouterr().out
    assert entry.run(hotline, ["picture", "--state", str(keep / "isr"), "--at", "noon"]) == 2
    assert "--at: expected a UTC time such as" in capsys.readouterr().err


def test_a_directory_that_is_not_empty_is_refused_before_the_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An empty one is taken; a file is none."""
    require_room(tmp_path)
    (tmp_path / "note").touch()
    with pytest.raises(LocalError, match="expected an empty directory"):
        require_room(tmp_path / "note")
    run = ["run", "strike-and-survey", "--virtual", "--keep", str(tmp_path)]
    assert entry.run(app, run) == entry.USAGE
    assert "is not empty" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["note"]


def test_a_run_that_does_not_begin_leaves_nothing(tmp_path: Path) -> None:
    """So that the same command can be given again."""
    with pytest.raises(BrokerUnreachable):
        play_live(
            story(), 0, KeptStream(), broker="mqtt://127.0.0.1:1", speed=1, keep=tmp_path / "kept"
        )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.mosquitto
def test_on_a_real_broker_they_stay_too(tmp_path: Path, mosquitto_url: str) -> None:
    """Nothing of what was measured stays with them."""
    scenario, keep = story(duration="1m"), tmp_path / "kept"
    play_live(scenario, 0, KeptStream(), broker=mosquitto_url, speed=20, keep=keep)
    assert sorted(path.parent.name for path in keep.rglob(FILE)) == ["dog", "isr", "tur"]
    assert sorted(path.name for path in keep.iterdir()) == ["dog", "isr", "tur"]
