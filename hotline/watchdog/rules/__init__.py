"""The rules of a watchdog, each in a module and a class named after its flag.

`hindsight` keeps the waits that can be judged only later.
"""
