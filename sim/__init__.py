"""Lines that are simulated: scenarios and random ones, played, broken on purpose and judged."""
