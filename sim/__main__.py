"""`python -m sim` is `hotline-sim`."""

from sim.cli import main

main()
