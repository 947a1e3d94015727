"""What nobody should say: garbage, and well-formed lies under the name of a station.

All of it can be told from the truth, so none may have a lasting effect. Two kinds are left out,
which cannot be told from it on a line without keys: a status signed by the station whose topic it
is on, and a replayed record that follows on the last one that is there.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from hotline.bodies import Kind, Level, Rule
from hotline.line import Line
from hotline.station.turn import Publish
from hotline.status import Role, Status
from hotline.times import format_instant
from hotline.topics import ROOT, Channel, Topic
from sim.chance import coin

_PASSED_ON = 20  # records at most
_NO_DIGEST = "A" * 43  # of a record that nobody has


@dataclass(frozen=True, slots=True)
class Forgery:
    """Something that is said under a station's name. `is_true` if there is no lie in it.

    `disputes` is the author whose records it contradicts: until its teller's next status a station
    may flag a fork of that journal, or ask for records that do not exist. `hides` is the station
    whose last status the broker then no longer has for those who come later.
    """

    publish: Publish
    is_true: bool = False
    disputes: str = ""
    hides: str = ""


@dataclass(frozen=True, slots=True)
class Forger:
    """Somebody who knows the line.

    Args:
        line: who is on it.
        draw: what he says is drawn from it.
        said: the lines of a station's own journal.
    """

    line: Line
    draw: Random
    said: Callable[[str], Sequence[bytes]]

    def forge(self, now_ms: int) -> Forgery:
        """Draw something to say."""
        make = self.draw.choice((self._status, self._resend, self._past, self._record, self._flag))
        return make(now_ms)

    def garbage(self, heard: Sequence[bytes]) -> Forgery:
        """Draw something that is random, cut off from what was `heard`, or another's record."""
        draw, stations = self.draw, self.line.stations
        sender = draw.choice(stations)
        one, other = self.line.parties
        channel = draw.choice(
            ("records", "status", f"resend/{one}", f"replay/{other}", "flags/x", "huh")
        )
        raw = draw.randbytes(draw.randint(0, 60))
        if coin(draw) and heard:
            real = draw.choice(heard)
            raw = real[: draw.randint(0, max(len(real) - 1, 0))]
        topic = f"{ROOT}/{self.line.name}/{sender}/{channel}"
        if channel != "records" or coin(draw):
            return Forgery(Publish(topic, raw), is_true=True)
        author = draw.choice([name for name in stations if name != sender])
        number = draw.randint(1, 50)
        if number % 2:  # the very next one, which only its author may say
            number = len(self.said(author)) + 1
        forged = {"v": 1, "line": self.line.name, "station": author, "seq": number}
        forged |= {"at": "2026-01-01T00:00:00Z", "kind": "check", "body": {}}
        return Forgery(Publish(topic, json.dumps(forged).encode()))

    def _status(self, now_ms: int) -> Forgery:
        """A status on the topic of one station, signed by another, or of another line."""
        teller, signer = self.draw.sample(self.line.stations, 2)
        line = self.line.name
        if self.draw.random() < 0.2:  # noqa: PLR2004 -- one in five is of another line
            line, signer = f"{line}-2", teller
        numbers = {name: self.draw.randint(0, 60) for name in self.line.stations}
        online = coin(self.draw)
        told = Status(
            line=line,
            station=signer,
            at_ms=now_ms + self.draw.choice((-20_000, 0, 20_000)),
            since_ms=now_ms,
            online=online,
            head=numbers.pop(signer),
            held=numbers,
            role=Role.PARTY,
            reason="" if online else self.draw.choice(("goodbye", "link lost")),
        )
        is_retained = coin(self.draw)
        topic = Topic(self.line.name, teller, Channel.STATUS)
        publish = Publish(str(topic), told.encode(), is_retained)
        return Forgery(publish, hides=teller if is_retained else "")

    def _resend(self, _: int) -> Forgery:
        """A request for records that its reader may have had for a long time."""
        reader, of = self.draw.choice(self.line.stations), self.draw.choice(self.line.stations)
        payload = json.dumps({"after": self.draw.choice((0, 1, 5, 60))}).encode()
        return Forgery(Publish(str(Topic(self.line.name, reader, Channel.RESEND, of)), payload))

    def _past(self, _: int) -> Forgery:
        """True records, from the first on, that nobody asked for."""
        teller, reader = self.draw.sample(self.line.stations, 2)
        lines = self.said(self.draw.choice(self.line.stations))
        count = self.draw.randint(1, _PASSED_ON)
        topic = Topic(self.line.name, teller, Channel.REPLAY, reader)
        return Forgery(Publish(str(topic), b"\n".join(lines[:count])), is_true=True)

    def _record(self, now_ms: int) -> Forgery:
        """A replayed record that follows on nothing; its number is taken, the next or too high.

        It is not sent to its author, who would say nothing until the teller's next status.
        """
        teller, reader = self.draw.sample(self.line.stations, 2)
        author = self.draw.choice([name for name in self.line.stations if name != reader])
        number = self.draw.choice((1, 5, 60, len(self.said(author)) + 1))
        record = {"v": 1, "line": self.line.name, "station": author, "seq": number}
        record |= {"at": format_instant(now_ms), "prev": _NO_DIGEST, "kind": Kind.CHECK, "body": {}}
        topic = Topic(self.line.name, teller, Channel.REPLAY, reader)
        return Forgery(Publish(str(topic), json.dumps(record).encode()), disputes=author)

    def _flag(self, now_ms: int) -> Forgery:
        """A flag on a watchdog's board."""
        watchdog, about = self.draw.choice(self.line.watchdogs), self.draw.choice(self.line.parties)
        rule, subject = self.draw.choice((Rule.SILENT, Rule.UNANSWERED, Rule.UNDELIVERED)), about
        flag = {"rule": rule, "subject": {"station": about}, "level": Level.ALARM}
        if rule is not Rule.SILENT:
            seq = self.draw.randint(1, 60)
            flag["subject"], subject = {"station": about, "seq": seq}, f"{about}-{seq}"
        flag |= {"due": format_instant(now_ms), "detail": "forged"}
        topic = Topic(self.line.name, watchdog, Channel.FLAGS, f"{rule}-{subject}")
        return Forgery(Publish(str(topic), json.dumps(flag).encode(), retain=True))
