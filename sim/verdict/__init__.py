"""What a scenario's run was worth: judged by what is expected, and shown."""
