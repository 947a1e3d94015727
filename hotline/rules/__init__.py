"""The rules of a watchdog that have something to remember: one module each, named after its flag.

`invalid`, `fork` and `clock_skew` follow from one event alone; the watchdog raises them itself.
"""
