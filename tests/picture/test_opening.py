from hotline.bodies import Kind, Resume, Suspend
from hotline.notice import Category, Precedence
from hotline.picture.lifecycle import Asks
from hotline.picture.opening import from_call, from_cancel, from_notice
from tests.helpers import T0, Author, cancel, check, notice


def test_what_each_record_asks() -> None:
    """A request wants a decision; information a roger; a cancellation and a check, confirmation."""
    tur = Author("tur")
    opened = [
        from_notice(tur.says(Kind.NOTICE, notice()), notice()),
        from_notice(tur.says(Kind.NOTICE, body := notice(category=Category.INFORMATION)), body),
        from_cancel(tur.says(Kind.CANCEL, cancel()), cancel(), None),
        from_call(tur.says(Kind.CHECK, check()), check()),
    ]
    assert [message.asks for message in opened] == [
        Asks.DECISION,
        Asks.ROGER,
        Asks.CONFIRMATION,
        Asks.CONFIRMATION,
    ]
    assert [message.name for message in opened] == [
        "TUR-014 rev 1",
        "TUR-014 rev 1",
        "cancel of TUR-014",
        "check tur/4",
    ]


def test_taking_a_word_back_is_as_urgent_as_the_word_was() -> None:
    """A cancellation has the precedence and the times of the revision that it cancels."""
    tur = Author("tur")
    body = notice(precedence=Precedence.FLASH)
    first = from_notice(tur.says(Kind.NOTICE, body), body)
    end = from_cancel(tur.says(Kind.CANCEL, cancel()), cancel(), first)
    assert (end.precedence, end.starts_ms) == (Precedence.FLASH, body.starts_ms)
    assert end.text == "weather"
    assert from_call(tur.says(Kind.CHECK, check()), check()).precedence is None


def test_what_people_read_of_it() -> None:
    """Several aircraft are counted; a silence says why and until when, if it has an end."""
    tur = Author("tur")
    flown = [notice().model_copy(update={"aircraft_count": count}) for count in (1, 2)]
    texts = [from_notice(tur.says(Kind.NOTICE, body), body).text for body in flown]
    assert texts == ["survey C130 TRK42", "survey 2 × C130 TRK42"]
    silences = (Suspend(reason="works", until=T0), Suspend(reason="works"), Suspend(), Resume())
    assert [from_call(tur.says(Kind.SUSPEND, body), body).text for body in silences] == [
        "works until 2026-01-12 06:00Z",
        "works",
        "no reason given",
        "attended again",
    ]
