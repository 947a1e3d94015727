"""The watchdog: its rules and its deadlines, without I/O."""
