import json

import pytest

from hotline.bodies import Flag, Kind, Level, Rule, Subject
from hotline.records import Record, digest
from hotline.station.copies import Head
from hotline.station.station import Station
from hotline.station.turn import Publish, Turn
from hotline.topics import Channel, Topic
from hotline.watchdog.board import Board
from tests.helpers import LINE, T0, TIMERS, folded, replay, status

TUR = Subject(station="tur")
KEY = "silent-tur"
TOPIC = str(Topic("isr-tur", "dog", Channel.FLAGS, KEY))


def silent(level: Level = Level.WARNING) -> Flag:
    """A flag that tur is silent."""
    return Flag(rule=Rule.SILENT, subject=TUR, level=level, due=T0, detail="not heard")


class Desk:
    """A watchdog's board with its station, as they start from some records."""

    def __init__(self, *disk: Record) -> None:
        heads = {"dog": Head(len(disk), digest(disk[-1].raw))} if disk else {}
        self.station = Station(LINE, "dog", TIMERS, heads, folded(disk)[0])
        self.station.connected(T0)
        for party in LINE.parties:
            self.station.hear(status(party), T0)
        self.station.flush(T0)
        self.board = Board(self.station)

    def turn(self) -> Turn:
        """What came of the turn."""
        return self.station.flush(T0)

    def posts(self) -> list[Publish]:
        """What the turn put on the board or took down."""
        return [publish for publish in self.turn().publishes if "/flags/" in publish.topic]


@pytest.fixture
def desk() -> Desk:
    """An empty board."""
    return Desk()


def test_a_flag_is_a_record_and_a_retained_message(desk: Desk) -> None:
    """What is raised stands in the journal and on the broker, where anybody can read it."""
    assert desk.board.raise_flag(silent())
    turn = desk.turn()
    assert [(record.kind, record.body) for record in turn.appends] == [(Kind.FLAG, silent())]
    posted = [publish for publish in turn.publishes if publish.retain]
    assert [publish.topic for publish in posted] == [TOPIC]
    assert json.loads(posted[0].payload) == {
        "rule": "silent",
        "subject": {"station": "tur"},
        "level": "WARNING",
        "due": "2026-01-12T06:00:00.000Z",
        "detail": "not heard",
    }
    assert desk.board.standing(Rule.SILENT, TUR)
    assert desk.board.flags(Rule.SILENT) == [silent()]


@pytest.mark.parametrize(
    ("levels", "raised"),
    [
        ([Level.WARNING, Level.WARNING], [True, False]),
        ([Level.WARNING, Level.ALARM, Level.VOICE_REQUIRED], [True, True, True]),
        ([Level.ALARM, Level.WARNING], [True, False]),
        ([Level.VOICE_REQUIRED, Level.ALARM, Level.VOICE_REQUIRED], [True, False, False]),
    ],
)
def test_each_level_is_raised_once_and_only_upwards(
    desk: Desk, levels: list[Level], raised: list[bool]
) -> None:
    """What stands flagged as bad is not flagged again as that, nor as less."""
    assert [desk.board.raise_flag(silent(level)) for level in levels] == raised
    assert len(desk.turn().appends) == raised.count(True)


def test_what_was_shown_is_known_at_once_and_then_from_the_journal(desk: Desk) -> None:
    """Before its record is read it is remembered; after the turn that would only fill memory."""
    desk.board.raise_flag(silent())
    assert desk.board.has_shown(Rule.SILENT, TUR, Level.WARNING, T0)
    assert not desk.board.has_shown(Rule.SILENT, TUR, Level.ALARM, T0)
    desk.board.end_turn()
    assert not desk.board.has_shown(Rule.SILENT, TUR, Level.WARNING, T0), "it was not read yet"
    desk.turn()
    assert desk.board.has_shown(Rule.SILENT, TUR, Level.WARNING, T0)


def test_clearing_ends_all_levels_and_empties_the_topic(desk: Desk) -> None:
    """One clear for one flag; the broker forgets it; then it may be raised anew."""
    desk.board.raise_flag(silent())
    desk.board.raise_flag(silent(Level.ALARM))
    desk.turn()
    desk.board.clear(Rule.SILENT, TUR, "back", late_ms=7)
    turn = desk.turn()
    assert [record.kind for record in turn.appends] == [Kind.CLEAR]
    assert Publish(TOPIC, b"", retain=True) in turn.publishes
    assert desk.board.standing(Rule.SILENT, TUR) is None
    assert desk.board.raise_flag(silent())


def test_clearing_what_does_not_stand_says_nothing(desk: Desk) -> None:
    """There is no clear without a flag."""
    desk.board.clear(Rule.SILENT, TUR, "back")
    turn = desk.turn()
    assert (turn.appends, turn.publishes) == ([], [])


def test_a_board_is_taken_up_from_the_journal() -> None:
    """After a restart what stood still stands, with its last level; what was cleared does not."""
    before = Desk()
    before.board.raise_flag(silent())
    before.board.raise_flag(silent(Level.ALARM))
    before.board.raise_flag(
        Flag(rule=Rule.BLIND, subject=TUR, level=Level.ALARM, due=T0, detail="behind")
    )
    before.board.clear(Rule.BLIND, TUR, "here")
    after = Desk(*before.turn().appends)
    assert after.board.flags(Rule.SILENT) == [silent(Level.ALARM)]
    assert after.board.flags(Rule.BLIND) == []
    assert not after.board.raise_flag(silent(Level.ALARM))
    after.board.post_all()
    assert [(post.topic, bool(post.payload)) for post in after.posts()] == [(TOPIC, True)]


def test_a_flag_that_the_broker_brought_back_is_taken_down(desk: Desk) -> None:
    """Retained messages can come back with a broker; what does not stand is emptied."""
    desk.board.found(KEY, b'{"rule":"silent"}')
    assert desk.posts() == [Publish(TOPIC, b"", retain=True)]


def test_what_stands_on_the_board_is_left_there(desk: Desk) -> None:
    """Our own flags come back to us as well, and so does their taking down."""
    desk.board.raise_flag(silent())
    desk.turn()
    desk.board.found(KEY, b'{"rule":"silent"}')
    desk.board.found("blind-tur", b"")
    assert desk.posts() == []


def test_words_that_come_back_put_the_board_right() -> None:
    """With a disk older than our words, a clear and a flag of ours arrive that we did not know."""
    before = Desk()
    before.board.raise_flag(silent())
    known = before.turn().appends
    before.board.clear(Rule.SILENT, TUR, "back")
    blind = Flag(rule=Rule.BLIND, subject=TUR, level=Level.ALARM, due=T0, detail="behind")
    before.board.raise_flag(blind)
    lost = before.turn().appends

    after = Desk(*known)
    assert after.board.flags(Rule.SILENT) == [silent()]
    assert after.board.flags(Rule.BLIND) == []
    after.station.hear(replay("tur", "dog", *lost), T0)
    after.board.reload()
    assert after.board.flags(Rule.SILENT) == []
    assert after.board.flags(Rule.BLIND) == [blind]
    posted = {post.topic.rpartition("/")[2]: bool(post.payload) for post in after.posts()}
    assert posted == {"silent-tur": False, "blind-tur": True}
