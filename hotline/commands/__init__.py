"""What the commands of `hotline` do, but for the desk."""
