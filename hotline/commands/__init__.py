"""What the commands of `hotline` do, except for the desk."""
