"""The command `hotline-sim`, as `python -m sim` too."""

from hotline import launch


def main() -> None:
    """Run the command line."""
    launch.run("sim.cli")


if __name__ == "__main__":
    main()
