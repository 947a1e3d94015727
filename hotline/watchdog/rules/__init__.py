"""The rules of a watchdog, each in a module and a class named after its flag.

Whose waits can be judged only later is in `hindsight`.
"""
