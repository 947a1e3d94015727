"""The desk: how a person takes part in a line, through the socket of a running station."""
