"""The line's time between two states."""

from hotline.desk.screen.linetime import LineTime
from hotline.times import parse_instant


def test_it_goes_on_at_the_lines_speed() -> None:
    """From what the last state said, whatever the machine's clock shows."""
    clock = [100.0]
    time = LineTime(lambda: clock[0])
    time.learn({"now": "2026-01-12T06:00:00.000Z", "rate": 24})
    clock[0] += 2.5
    assert time.now_ms() == parse_instant("2026-01-12T06:01:00Z")
    time.learn({"now": "2026-01-12T05:00:00.000Z", "rate": 1})
    clock[0] += 1
    assert time.now_ms() == parse_instant("2026-01-12T05:00:01Z"), "somebody set the line's clock"


def test_a_scenarios_time_stands_while_nobody_tells_it() -> None:
    """It may be over; on a live line the time goes on, whoever is gone."""
    clock = [100.0]
    time = LineTime(lambda: clock[0])
    for rate, later_s in ((24, 24), (1, 61)):
        time.learn({"now": "2026-01-12T06:00:00.000Z", "rate": rate})
        clock[0] += 1
        time.lose()
        clock[0] += 60
        assert time.now_ms() == parse_instant("2026-01-12T06:00:00Z") + later_s * 1_000
