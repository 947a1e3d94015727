"""A station: say, hear, status and resend, as a machine without I/O."""
