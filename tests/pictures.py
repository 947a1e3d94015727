"""Pictures that several tests look at."""

from hotline.bodies import Answer, Check, Clear, Flag, Handover, Kind, Level, Rule, Subject, Suspend
from hotline.picture.picture import Picture
from hotline.times import HOUR_MS
from tests.helpers import T0, Author, cancel, folded, notice, reply, voice

TUR_1 = Subject(station="tur", seq=1)


def story() -> Picture:
    """Two notices, an answer that came late, a flag that stands, and some nonsense."""
    isr, tur, dog = Author("isr"), Author("tur"), Author("dog")
    late = Flag(rule=Rule.UNANSWERED, subject=TUR_1, level=Level.ALARM, due=T0, detail="late")
    gone = Flag(
        rule=Rule.SILENT, subject=Subject(station="isr"), level=Level.ALARM, due=T0, detail="gone"
    )
    said = [
        tur.says(Kind.NOTICE, notice("TUR-1")),
        isr.says(Kind.NOTICE, notice("ISR-1"), T0 + 1_000),
        dog.says(Kind.FLAG, late, T0 + 2_000),
        isr.says(Kind.REPLY, reply("tur", 1, Answer.REJECT), T0 + 3_000),
        dog.says(Kind.CLEAR, Clear(rule=Rule.UNANSWERED, subject=TUR_1, reason="answered"), T0),
        dog.says(Kind.FLAG, gone, T0 + 4_000),
        isr.says(Kind.CANCEL, cancel("ISR-9"), T0 + 5_000),
    ]
    return folded(said)[0]


def declared() -> Picture:
    """One is on watch, the other has suspended; a notice was answered by voice."""
    isr, tur = Author("isr"), Author("tur")
    said = [
        isr.says(Kind.HANDOVER, Handover(officer="Levi", deputy="Peretz"), T0),
        tur.says(Kind.SUSPEND, Suspend(reason="storm"), T0),
        tur.says(Kind.NOTICE, notice(), T0),
        tur.says(Kind.VOICE, voice("tur", 2), T0 + 1_000),
    ]
    return folded(said)[0]


def half_a_day() -> Picture:
    """Tur is silent for nine hours from the second hour on; it had declared one of them."""
    tur, dog = Author("tur"), Author("dog")
    silent = Subject(station="tur")
    gone = Flag(rule=Rule.SILENT, subject=silent, level=Level.WARNING, due=T0, detail="gone")
    back = Clear(rule=Rule.SILENT, subject=silent, reason="back")
    said = [
        tur.says(Kind.CHECK, Check(), T0),
        tur.says(Kind.SUSPEND, Suspend(until=T0 + 2 * HOUR_MS), T0 + HOUR_MS),
        dog.says(Kind.FLAG, gone, T0 + HOUR_MS),
        dog.says(Kind.CLEAR, back, T0 + 10 * HOUR_MS),
    ]
    return folded(said)[0]
