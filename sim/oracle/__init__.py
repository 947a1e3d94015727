"""The judge of simulated runs, which shares no code with what it judges."""
