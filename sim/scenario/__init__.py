"""A scenario file: what it says, what it may say, and what is wrong with it."""
