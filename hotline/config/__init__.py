"""How a line is configured."""
