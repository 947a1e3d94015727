"""Brokers: where one is, whom to trust there, and a private one for a single run."""
