"""Why a record makes no sense: every code that can mark one, and what it means."""

from enum import StrEnum


class Misfit(StrEnum):
    """The reason for which a record is marked as invalid. It is kept, and changes nothing."""

    UNKNOWN_KIND = "unknown_kind"
    BAD_BODY = "bad_body"
    AUTHOR_IS_NO_PARTY = "author_is_no_party"
    AUTHOR_IS_NO_WATCHDOG = "author_is_no_watchdog"
    REVISION_OUT_OF_ORDER = "revision_out_of_order"
    NOTICE_WAS_CANCELLED = "notice_was_cancelled"
    CANCELS_NOTHING = "cancels_nothing"
    ANSWERS_ITS_OWN_SIDE = "answers_its_own_side"
    ANSWERS_NOTHING = "answers_nothing"
    ANSWERS_TOO_EARLY = "answers_what_was_not_said_yet"
    WRONG_ANSWER = "wrong_answer_for_kind"
    ANSWERED_ALREADY = "answered_already"
    SUSPENDED_ALREADY = "suspended_already"
    RESUMES_NOTHING = "resumes_nothing"
    CLEARS_NOTHING = "clears_nothing"


class MakesNoSense(Exception):
    """A record does not fit what was said before it."""

    def __init__(self, reason: str) -> None:
        self.reason = reason


MEANINGS = {
    Misfit.UNKNOWN_KIND: "its kind is not one that this version understands",
    Misfit.BAD_BODY: "its body does not fit its kind",
    Misfit.AUTHOR_IS_NO_PARTY: "only a party may say this, and its author is a watchdog",
    Misfit.AUTHOR_IS_NO_WATCHDOG: "only a watchdog may say this, and its author is a party",
    Misfit.REVISION_OUT_OF_ORDER: "the revision is not the one after the notice's last",
    Misfit.NOTICE_WAS_CANCELLED: "the notice that it revises or cancels is already cancelled",
    Misfit.CANCELS_NOTHING: "its author has no notice of that name",
    Misfit.ANSWERS_ITS_OWN_SIDE: "a reply may answer only the other party's records",
    Misfit.ANSWERS_NOTHING: "the record that it answers asks for no answer",
    Misfit.ANSWERS_TOO_EARLY: "it is more than five minutes older than what it answers",
    Misfit.WRONG_ANSWER: "what it answers does not take this answer",
    Misfit.ANSWERED_ALREADY: "what it answers already has a final answer in writing",
    Misfit.SUSPENDED_ALREADY: "its author has already suspended the channel",
    Misfit.RESUMES_NOTHING: "its author has not suspended the channel",
    Misfit.CLEARS_NOTHING: "its author has not raised that flag, or has already cleared it",
}
