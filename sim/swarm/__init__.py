"""Random lines under random faults: drawn from a seed, played, and hunted through."""
