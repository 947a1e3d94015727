"""What happened on a line, turned into a scenario."""
