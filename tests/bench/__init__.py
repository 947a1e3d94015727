"""Benchmarks: every figure as a ratio to a yardstick that is measured in the same run."""
