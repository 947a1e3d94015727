"""Real processes, a real Mosquitto and bad links, drawn from one seed; a judge reads the disks."""
