"""The verdict on a scenario's run: judged by what is expected, and shown."""
