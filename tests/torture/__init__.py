"""Real processes, a real Mosquitto, bad links, all from one seed; a judge reads the disks."""
