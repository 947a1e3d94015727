"""The full-screen desk: one station's line on a terminal, as its officer on watch works with it."""
