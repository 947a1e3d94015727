"""The station's side of its desk: what is asked through the socket, and who answers it."""
