"""What a run was worth: judged, and shown."""
