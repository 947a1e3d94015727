"""What becomes of messages: the fold of all journals, without I/O."""
