"""The line that is tortured: who is on it, and timers so short that seconds matter."""

NAME = "torture"
PARTIES = ("isr", "tur")
WATCHDOG = "watchdog"
STATIONS = (*PARTIES, WATCHDOG)
BROKER = "broker"

# In seconds, by their names in line.toml.
SECONDS = {
    "receipt": 3,
    "receipt_alarm": 8,
    "answer_flash": 3,
    "answer_immediate": 4,
    "answer_priority": 5,
    "answer_routine": 6,
    "answer_check": 4,
    "answer_floor": 2,
    "late_notice": 0,  # all flights start within seconds
    "grace": 1,
    "heartbeat": 1,
    "silent": 4,
    "greeting": 20,
    "resend": 1,
}
# The longest silence that can be flagged: twice the longest time allowed, plus the grace.
LAST_FLAG_S = 2 * SECONDS["answer_routine"] + SECONDS["grace"]


def other(party: str) -> str:
    """The one whom `party` talks to."""
    return PARTIES[1] if party == PARTIES[0] else PARTIES[0]


def as_toml() -> str:
    """The line's configuration, with the broker left to the command line."""
    parties = "".join(f'[parties.{party}]\ndisplay = "{party}"\n' for party in PARTIES)
    timers = "".join(f'{name} = "{seconds}s"\n' for name, seconds in SECONDS.items())
    return (
        f'line = "{NAME}"\nwatchdogs = ["{WATCHDOG}"]\nchecks = "off"\n{parties}[timers]\n{timers}'
    )
