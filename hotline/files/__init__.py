"""Files that people write, and their mistakes in them."""
