"""Where recordings come from: journals on disk, exported records, and lines that are live."""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path

from hotline import status, topics
from hotline.bodies import Clear, Flag, Ref
from hotline.clock import Clock
from hotline.config import LineConfig
from hotline.counting import counted
from hotline.errors import LocalError
from hotline.journal.journal_file import FILE, is_database
from hotline.journal.journal_reader import JournalReader
from hotline.line import PARTIES, Line
from hotline.line_clock import LineClock
from hotline.mistakes import FileError, Mistake
from hotline.records import NotARecord, Record, decode
from hotline.station.presence import Presences
from hotline.station.turn import CameOnline, Incoming
from hotline.status import LINK_LOST, NotAStatus, Role
from hotline.timers import Timers
from hotline.times import MINUTE_MS, SECOND_MS
from hotline.topics import Channel, Topic
from sim.recording.absences import Absence
from sim.recording.recording import Recording
from sim.recording.told_timers import told_by

_MANY = 20


def from_files(paths: Sequence[Path], config: LineConfig | None) -> Recording:
    """A recording of what some state directories and NDJSON files hold, taken together.

    Raises:
        LocalError: they cannot be read, are of several lines, or it is not clear who is on theirs.
    """
    records, owned = _taken_together(paths)
    if not records:
        raise LocalError(f"no records in {_listed(paths)}; nothing to record")
    line = config.members if config else owned
    names = {record.line for record in records.values()} | ({line.name} if line else set())
    _require_one(names)
    line = line or _guess(names.pop(), records.values(), {})
    of_line = _of_line(line, records)
    remarks = list(_missing(line, records))
    if not of_line:
        raise LocalError(f"no record in {_listed(paths)} is of a station of the line {line.name}")
    timers, of_timers = _timers(config, line, of_line)
    return Recording(
        line,
        _displayed(config),
        of_line,
        begins_ms=min(record.at_ms for record in of_line) // MINUTE_MS * MINUTE_MS,
        ends_ms=max(record.at_ms for record in of_line) + SECOND_MS,
        origin=f"the journals in {_listed(paths)}",
        timers=timers,
        remarks=[*remarks, *of_timers],
    )


class Recorder:
    """Keeps all that can be heard on one live line, from its first word on.

    A line that is simulated has a time of its own, which may also run faster: its statuses tell it.

    Args:
        name: the line's name.
        clock: the time.
        config: the line's configuration, when there is one.
        origin: where the line is, in words.
    """

    def __init__(self, name: str, clock: Clock, config: LineConfig | None, origin: str) -> None:
        self._name = name
        self._clock = LineClock(clock)
        self._config = config
        self._origin = origin
        self._timers = config.timers if config else Timers()
        self._begins_ms = self._began_ms = clock.now_ms()
        self._records: dict[Ref, Record] = {}
        self._roles: dict[str, Role] = {}
        self._presences = Presences(
            config.members.stations if config else (), self._timers.silent_ms
        )
        self._presences.listen_from(self._begins_ms)
        self._gone: dict[str, tuple[int, str]] = {}
        self._seen: list[Absence] = []

    def hear(self, incoming: Incoming) -> None:
        """One message came in."""
        topic = topics.parse(incoming.topic)
        if topic is None or topic.line != self._name:
            return
        if topic.channel is Channel.STATUS and incoming.payload:
            self._hear_status(topic, incoming)
        elif topic.channel in (Channel.RECORDS, Channel.REPLAY):
            for raw in incoming.payload.split(b"\n"):
                self._hear_record(topic, raw)

    def tick(self) -> None:
        """Notice who has not been heard for too long."""
        if self._clock.is_another:
            return  # a few heartbeats are no time on a line that runs faster
        now_ms = self._clock.now_ms()
        for fell in self._presences.miss(now_ms):
            self._gone.setdefault(fell.station, (now_ms, fell.reason))

    def recording(self) -> Recording:
        """All that was heard until now.

        Raises:
            LocalError: it is not clear who is on the line.
        """
        line = self._config.members if self._config else None
        line = line or _guess(self._name, self._records.values(), self._roles)
        of_line = _of_line(line, self._records)
        still_gone = [
            Absence(station, from_ms, None, reason)
            for station, (from_ms, reason) in self._gone.items()
        ]
        last_word_ms = max((record.at_ms for record in of_line), default=self._begins_ms)
        is_closed = self._gone.keys() >= self._roles.keys() and all(
            each.has_left and each.from_ms > last_word_ms for each in still_gone
        )
        # That all have left is the end of what happened, and nobody's silence.
        ended_ms = [each.from_ms for each in still_gone] if is_closed else []
        seen = self._seen if is_closed else [*self._seen, *still_gone]
        timers, of_timers = _timers(self._config, line, of_line)
        return Recording(
            line,
            _displayed(self._config),
            [record for record in of_line if record.at_ms >= self._begins_ms],
            begins_ms=self._begins_ms // SECOND_MS * SECOND_MS,
            ends_ms=min(ended_ms, default=self._clock.now_ms()),
            origin=self._origin,
            timers=timers,
            seen=[each for each in seen if each.station in line.stations],
            remarks=of_timers,
        )

    def _hear_status(self, topic: Topic, incoming: Incoming) -> None:
        try:
            told = status.decode_from(topic, incoming.payload)
        except NotAStatus:
            return
        if not incoming.retained and told.reason != LINK_LOST:  # a will is as old as its connection
            self._take_time(told.at_ms)
        now_ms = self._clock.now_ms()
        self._roles[told.station] = told.role
        self._presences.expect(told.station, now_ms)
        change = self._presences.hear(told, retained=incoming.retained, now_ms=now_ms)
        if isinstance(change, CameOnline):
            if told.station in self._gone:
                from_ms, reason = self._gone.pop(told.station)
                self._seen.append(Absence(told.station, from_ms, now_ms, reason))
        elif change:
            self._gone.setdefault(change.station, (now_ms, change.reason))

    def _take_time(self, at_ms: int) -> None:
        """Somebody says what time it is on the line."""
        was_another = self._clock.is_another
        self._clock.learn(at_ms)
        if self._clock.is_another is not was_another:  # all that was before was in another time
            self._begins_ms = self._began_ms if was_another else at_ms
            self._presences.listen_from(self._clock.now_ms())

    def _hear_record(self, topic: Topic, raw: bytes) -> None:
        try:
            record = decode(raw)
        except NotARecord:
            return  # nor has any station taken it
        is_own = topic.channel is Channel.REPLAY or record.station == topic.station
        if record.line != topic.line or not is_own:
            return
        self._records.setdefault(record.ref, record)


def _taken_together(paths: Sequence[Path]) -> tuple[dict[Ref, Record], Line | None]:
    """All records in some places, and the line that the first journal among them is of."""
    records: dict[Ref, Record] = {}
    line = None
    for path in itertools.chain.from_iterable(map(_journals_in, paths)):
        if path.is_dir():
            owned, found = _read_journal(path)
            line = line or owned
        else:
            found = _read_ndjson(path)
        for record in found:
            known = records.setdefault(record.ref, record)
            if known.line != record.line:
                _require_one({known.line, record.line})
            if known.raw != record.raw:
                raise LocalError(f"{path}: {record.ref} has other words than elsewhere: a fork")
    return records, line


def _of_line(line: Line, records: Mapping[Ref, Record]) -> list[Record]:
    """The records of a line's stations, each journal in its order.

    They come in another one where its beginning is in a second file, or was replayed later.
    """
    return [records[ref] for ref in sorted(records) if ref.station in line.stations]


def _require_one(lines: set[str]) -> None:
    if len(lines) > 1:
        raise LocalError(f"expected records of one line, got those of {_listed(sorted(lines))}")


def _journals_in(path: Path) -> list[Path]:
    """The state directories in a directory that is none itself, as `run --keep` leaves them."""
    inside = (
        [] if (path / FILE).exists() else sorted(file.parent for file in path.glob(f"*/{FILE}"))
    )
    return inside or [path]


def _read_journal(directory: Path) -> tuple[Line, list[Record]]:
    with closing(JournalReader.look_at(directory)) as journal:
        return journal.owner()[0], list(journal.records())


def _read_ndjson(path: Path) -> list[Record]:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise LocalError(f"cannot read {path}: {error.strerror}") from None
    if is_database(content):
        raise LocalError(f"{path} is the file of a journal; name its directory, {path.parent}")
    records, mistakes = [], []
    for number, raw in enumerate(content.split(b"\n"), 1):
        try:
            if raw:
                records.append(decode(raw))
        except NotARecord as error:
            mistakes.append(Mistake(str(path), number, "", str(error)))
            if len(mistakes) == _MANY:
                break
    if mistakes:
        raise FileError(mistakes)
    return records


def _guess(name: str, records: Iterable[Record], roles: dict[str, Role]) -> Line:
    """Who is on a line, by what each of them says."""
    stations = dict.fromkeys([*sorted(roles), *(record.station for record in records)])
    flagging = {record.station for record in records if isinstance(record.body, Flag | Clear)}
    flagging |= {station for station, role in roles.items() if role is Role.WATCHDOG}
    parties = [station for station in stations if station not in flagging]
    if len(parties) != PARTIES:
        raise LocalError(
            f"cannot make out the two parties of the line {name}: heard"
            f" {_listed(parties) or 'nobody'}; give its configuration with --line line.toml"
        )
    first, second = parties
    return Line(name, (first, second), tuple(sorted(flagging)) or ("watchdog",))


def _missing(line: Line, records: dict[Ref, Record]) -> Iterable[str]:
    """What of each journal is not there, in words."""
    for station in line.stations:
        numbers = sorted(seq for of, seq in records if of == station)
        if not numbers:
            if station in line.parties:  # a watchdog may have had nothing to say
                yield f"There is no record of {station}."
            continue
        if numbers[0] > 1:
            yield f"The records of {station} before {station}/{numbers[0]} are not there."
        if gaps := numbers[-1] - numbers[0] + 1 - len(numbers):
            is_missing = "is missing" if gaps == 1 else "are missing"
            yield f"{counted(gaps, 'record')} of {station} {is_missing} in between."


def _timers(
    config: LineConfig | None, line: Line, records: Sequence[Record]
) -> tuple[Timers, list[str]]:
    """The timers, and what is to be said of where they come from."""
    if config:
        return config.timers, []
    timers, remark = told_by(line, records)
    return timers, [remark]


def _displayed(config: LineConfig | None) -> dict[str, str]:
    return {name: party.display for name, party in config.parties.items()} if config else {}


def _listed(things: Iterable[object]) -> str:
    return ", ".join(str(thing) for thing in things)
