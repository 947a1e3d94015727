"""Turns what happened on a line into a scenario."""
