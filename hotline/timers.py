"""How long each thing may take on a line; docs/sources.md says where the defaults come from."""

from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from hotline.notice import Precedence
from hotline.times import HOUR_MS, MINUTE_MS, SECOND_MS, Duration


class Timers(BaseModel):
    """The timers of one line. In files each is a duration such as `5m30s`."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", alias_generator=lambda name: name.removesuffix("_ms")
    )

    # Type checkers without pydantic's plugin know a default only by its name.
    receipt_ms: Duration = Field(
        default=5 * SECOND_MS, description="The peer's station must have a record on disk by then."
    )
    receipt_alarm_ms: Duration = Field(
        default=40 * SECOND_MS, description="A missing receipt becomes an ALARM."
    )
    answer_flash_ms: Duration = Field(
        default=2 * MINUTE_MS, description="An officer answers a FLASH."
    )
    answer_immediate_ms: Duration = Field(
        default=30 * MINUTE_MS, description="An officer answers an IMMEDIATE."
    )
    answer_priority_ms: Duration = Field(
        default=3 * HOUR_MS, description="An officer answers a PRIORITY."
    )
    answer_routine_ms: Duration = Field(
        default=6 * HOUR_MS, description="An officer answers a ROUTINE."
    )
    answer_check_ms: Duration = Field(
        default=5 * MINUTE_MS,
        description="An officer answers a comm check, a suspension or a resumption.",
    )
    answer_floor_ms: Duration = Field(
        default=2 * MINUTE_MS,
        description="The halving before a flight never makes the time allowed shorter than this"
        " (a FLASH's own timer may).",
    )
    late_notice_ms: Duration = Field(
        default=10 * MINUTE_MS,
        description="A notice is to be said so long before its flight starts (0s: whenever).",
    )
    grace_ms: Duration = Field(
        default=1 * SECOND_MS, description="For what is still on its way when a deadline passes."
    )
    heartbeat_ms: Duration = Field(
        default=5 * SECOND_MS, description="Between two statuses of a station."
    )
    silent_ms: Duration = Field(
        default=15 * SECOND_MS, description="No status for this long: the station is silent."
    )
    greeting_ms: Duration = Field(
        default=30 * SECOND_MS,
        description="So long a station that starts waits for a status of everybody before it"
        " speaks: longer than it takes the others to find a cut link and to be back.",
    )
    clock_skew_ms: Duration = Field(
        default=5 * SECOND_MS,
        description="Two clocks of the line may differ by so much (ASTM F3548-21).",
    )
    resend_ms: Duration = Field(
        default=2 * SECOND_MS, description="Between two requests for the same missing records."
    )

    @model_validator(mode="after")
    def _let_time_pass(self) -> Self:
        if not self.heartbeat_ms or not self.resend_ms:
            raise ValueError("expected heartbeat and resend to be longer than 0s")
        if self.receipt_alarm_ms < self.receipt_ms:
            raise ValueError("expected receipt_alarm to be at least as long as receipt")
        if self.silent_ms <= self.heartbeat_ms:
            raise ValueError("expected silent to be longer than heartbeat")
        return self

    def answer_by_precedence_ms(self, precedence: Precedence) -> int:
        """The speed of service: how long an officer has for a message of this precedence."""
        match precedence:
            case Precedence.FLASH:
                return self.answer_flash_ms
            case Precedence.IMMEDIATE:
                return self.answer_immediate_ms
            case Precedence.PRIORITY:
                return self.answer_priority_ms
            case Precedence.ROUTINE:
                return self.answer_routine_ms
