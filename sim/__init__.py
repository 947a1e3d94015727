"""Scenarios for a hotline: played on a real broker or a virtual clock, and judged."""
