from hotline.bodies import Handover, Kind, Ref, Resume, Suspend
from hotline.picture.declared import Declared, Suspension, Watch
from hotline.picture.lifecycle import Attendance
from hotline.times import HOUR_MS
from tests.helpers import T0, Author, folded


def test_a_party_suspends_and_resumes() -> None:
    """Its channel is its own: the other party's stays attended."""
    tur = Author("tur")
    gone = tur.says(Kind.SUSPEND, Suspend(reason="storm", until=T0 + HOUR_MS), T0)
    picture, _ = folded([gone])
    suspension = Suspension(gone.ref, T0, T0 + HOUR_MS, "storm")
    assert picture.declared["tur"] == Declared(Attendance.SUSPENDED, (suspension,))
    assert picture.declared["isr"] == Declared()
    picture.fold(tur.says(Kind.RESUME, Resume(), T0 + 5))
    assert picture.declared["tur"] == Declared(
        Attendance.ATTENDED, (suspension._replace(resumed_ms=T0 + 5),)
    )


def test_a_suspension_stands_until_it_is_resumed_or_its_time_is_over() -> None:
    """Without an end it lasts; with one, no longer than that."""
    ref = Ref("tur", 1)
    assert Suspension(ref, T0, None, None).stands(T0 + 100 * HOUR_MS)
    assert Suspension(ref, T0, T0 + 9, None).stands(T0 + 8)
    assert not Suspension(ref, T0, T0 + 9, None).stands(T0 + 9)
    assert not Suspension(ref, T0, None, None, resumed_ms=T0 + 1).stands(T0 + 1)


def test_a_silence_excuses_what_was_asked_before_its_end() -> None:
    """Before its beginning, too: the time for an answer may have been in it."""
    isr = Author("isr")
    declared = Declared()
    assert not declared.excuses(T0)
    declared = folded([isr.says(Kind.SUSPEND, Suspend(), T0)])[0].declared["isr"]
    assert declared.excuses(T0 - 1)
    assert declared.excuses(T0 + HOUR_MS)
    resumed = declared.resume(isr.says(Kind.RESUME, Resume(), T0 + 2))
    assert [resumed.excuses(T0 + later_ms) for later_ms in (1, 2)] == [True, False]


def test_looked_back_at_a_silence_excuses_only_what_was_due_in_it() -> None:
    """Of what came before those that are remembered nobody knows: that is excused."""
    isr = Author("isr")
    silences = []
    for number in range(101):
        since_ms = T0 + number * HOUR_MS
        silences.append(isr.says(Kind.SUSPEND, Suspend(), since_ms))
        silences.append(isr.says(Kind.RESUME, Resume(), since_ms + 9))
    few = folded(silences[:4])[0].declared["isr"]
    spans = [(-9, -1), (-9, 0), (8, 10), (9, 10), (10, HOUR_MS)]
    excused = [few.excused_in_hindsight(T0 + asked_ms, T0 + due_ms) for asked_ms, due_ms in spans]
    assert excused == [False, True, True, False, True]
    many = folded(silences)[0].declared["isr"]
    assert many.excused_in_hindsight(T0 - 9, T0 - 1), "the first one is forgotten"
    assert not many.excused_in_hindsight(T0 + HOUR_MS + 9, T0 + HOUR_MS + 10)


def test_a_handover_says_who_is_on_watch_for_how_long() -> None:
    """Eight hours when nothing else is said; the last one counts."""
    tur = Author("tur")
    first = tur.says(Kind.HANDOVER, Handover(officer="Demir"), T0)
    picture, _ = folded([first])
    declared = picture.declared["tur"]
    watch = Watch(first.ref, "Demir", None, T0, T0 + 8 * HOUR_MS)
    assert declared.watch == declared.on_watch(T0) == watch
    assert declared.on_watch(T0 + 8 * HOUR_MS) is None
    body = Handover(officer="Aydin", deputy="Demir", hours=0.5)
    second = tur.says(Kind.HANDOVER, body, T0 + 1)
    picture.fold(second)
    assert picture.declared["tur"].watch == Watch(
        second.ref, "Aydin", "Demir", T0 + 1, T0 + 1 + HOUR_MS // 2
    )
