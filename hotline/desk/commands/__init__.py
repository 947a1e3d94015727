"""The commands `hotline desk …`: the desk for a person at a shell, and for scripts."""
