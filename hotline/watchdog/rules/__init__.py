"""The rules of a watchdog that have something to remember, in modules named after their flags.

`fork` and `clock_skew` are in `disagreements`, `degraded` is with `unanswered`, whose waits that
can be judged only later are in `hindsight`. `invalid` follows from one event alone; the rulebook
raises it itself.
"""
