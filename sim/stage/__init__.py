"""A scenario played: stations, officers and faults, on a real broker or in memory."""
