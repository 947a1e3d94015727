"""One message and what became of it: its answers, in writing and by voice, and its waits."""

from dataclasses import dataclass
from typing import NamedTuple, cast

from hotline.bodies import Answer, Ref, Reply, Voice
from hotline.notice import Activity, Precedence
from hotline.picture.lifecycle import MOVES, Act, Answering, Asks, Standing, moved
from hotline.records import Record
from hotline.times import NEVER_MS


class Wait(NamedTuple):
    """A wait for an answer: since when, and by when a STANDBY has promised it. In epoch ms."""

    since_ms: int
    expected_ms: int | None  # None: none was promised, it was begun by the message itself

    @property
    def order(self) -> tuple[bool, int]:
        """Its place among those of its message: any STANDBY is later, whatever two clocks say."""
        return self.expected_ms is not None, self.since_ms


class Spoken(NamedTuple):
    """What was answered by voice: the last word of both voice logs. All times in epoch ms.

    A final answer goes before any STANDBY, so that what was settled never waits again; of two of
    a kind, the later one counts.
    """

    is_final: bool
    at_ms: int
    ref: Ref
    answer: Answer
    by: str
    expected_ms: int | None

    @property
    def outcome(self) -> Answering:
        """What it makes of a message that nobody has answered in writing."""
        return cast("Answering", MOVES[Answering.OPEN, self.answer])

    def goes_before(self, other: "Spoken | None") -> bool:
        """Whether this is the last word of the two."""
        return other is None or self[:3] > other[:3]


def spoken_in(record: Record, body: Voice, answer: Answer, *, by: str) -> Spoken:
    """An answer as a voice log has it; `by` is the officer who gave it."""
    is_final = answer is not Answer.STANDBY
    return Spoken(is_final, record.at_ms, record.ref, answer, by, body.expected_at)


class Given(NamedTuple):
    """An answer that was given: what, when (epoch ms) and by whom."""

    answer: Answer
    at_ms: int
    by: str | None
    by_voice: bool


@dataclass(slots=True, kw_only=True)
class Message:
    """A record that asks for an answer, and what became of it. All times in epoch ms.

    `waits_since_ms` is where its answer timer starts: its own `at`, or that of its last STANDBY in
    writing (`last_wait` knows those by voice too).
    """

    ref: Ref
    kind: str
    at_ms: int
    asks: Asks
    activity: Activity | None = None
    precedence: Precedence | None = None  # None: it is about the channel
    notice: str | None = None
    revision: int | None = None
    starts_ms: int | None = None
    ends_ms: int | None = None
    text: str
    waits_since_ms: int
    standing: Standing = Standing.CURRENT
    answering: Answering = Answering.OPEN
    answered_by: Ref | None = None
    answered_ms: int | None = None
    answer: Answer | None = None
    officer: str | None = None
    expected_ms: int | None = None
    voice: Spoken | None = None
    taken_back_ms: int | None = None
    off_nominal_ms: int | None = None  # it was revised while the flight was in the air
    previous: Ref | None = None  # of a comm check: its author's one before it

    @property
    def outcome(self) -> Answering:
        """What it was answered: by voice, if it was, else in writing."""
        voice = self.spoken
        return voice.outcome if voice else self.answering

    @property
    def spoken(self) -> Spoken | None:
        """The answer by voice, if it is the one that counts."""
        voice = self.voice
        return voice if voice and (voice.is_final or self.answering is Answering.OPEN) else None

    @property
    def given(self) -> Given | None:
        """The answer that counts, if there is any."""
        if voice := self.spoken:
            return Given(voice.answer, voice.at_ms, voice.by, by_voice=True)
        if self.answer is None or self.answered_ms is None:
            return None
        return Given(self.answer, self.answered_ms, self.officer, by_voice=False)

    @property
    def state(self) -> Standing | Answering:
        """The state that a person is shown: the author's word goes before the answer."""
        return self.outcome if self.standing is Standing.CURRENT else self.standing

    @property
    def waits(self) -> bool:
        """Whether an answer is still wanted."""
        return self.standing is Standing.CURRENT and self.outcome in (
            Answering.OPEN,
            Answering.STANDBY,
        )

    @property
    def open_wait(self) -> Wait | None:
        """The wait for its answer, while an answer is wanted."""
        return self.last_wait if self.waits else None

    @property
    def last_wait(self) -> Wait:
        """The wait for its answer, over or not: from the last STANDBY that was given."""
        wait, voice = Wait(self.waits_since_ms, self.expected_ms), self.voice
        if voice and not voice.is_final:
            wait = max(wait, Wait(voice.at_ms, voice.expected_ms), key=lambda each: each.order)
        return wait

    @property
    def is_notice(self) -> bool:
        """Whether it is one revision of a flight notice."""
        return self.revision is not None

    @property
    def is_service(self) -> bool:
        """Whether it is about the channel itself, as a comm check is, and not about a flight."""
        return self.precedence is None

    @property
    def opens_ms(self) -> int | None:
        """When its window opens, if it is a notice; a cancellation's times only make it urgent."""
        return self.starts_ms if self.is_notice else None

    @property
    def flies_until_ms(self) -> int | None:
        """When its window is over (`NEVER_MS`: it has no end), if it stands and has one."""
        if self.opens_ms is None or self.standing is not Standing.CURRENT:
            return None
        return NEVER_MS if self.ends_ms is None else self.ends_ms

    @property
    def name(self) -> str:
        """What people call it: `TUR-014 rev 2`, or `check tur/7`."""
        if self.is_notice:
            return f"{self.notice} rev {self.revision}"
        return f"{self.kind} of {self.notice}" if self.notice else f"{self.kind} {self.ref}"

    def take_back(self, act: Act, at_ms: int) -> bool:
        """Its author revises or cancels it; False: it may not."""
        standing = moved(self.standing, act)
        if standing is None:
            return False
        self.standing = standing
        self.taken_back_ms = at_ms
        return True

    def is_open(self, at_ms: int) -> bool:
        """Whether its window is open then."""
        if self.starts_ms is None or at_ms < self.starts_ms:
            return False
        return self.ends_ms is None or at_ms < self.ends_ms

    def take_answer(self, record: Record, reply: Reply) -> bool:
        """The other party answers it in writing; False: it has given its final answer before."""
        answering = moved(self.answering, reply.answer)
        if answering is None:
            return False
        self.answering = answering
        self.answered_by = record.ref
        self.answered_ms = record.at_ms
        self.answer = reply.answer
        self.officer = reply.officer
        if answering is Answering.STANDBY:
            self.waits_since_ms = record.at_ms
            self.expected_ms = reply.expected_at  # kept: lateness counts from this promise
        return True

    def take_voice(self, said: Spoken) -> None:
        """Somebody writes down that it was answered by voice; the last word counts."""
        if said.goes_before(self.voice):
            self.voice = said
