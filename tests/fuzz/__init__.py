"""Fuzzing: bytes from outside never break us, whatever they are."""
