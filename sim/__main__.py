"""The command `hotline-sim`, as `python -m sim` too."""

from hotline import loading


def main() -> None:
    """Run the command line."""
    loading.run("sim.cli")


if __name__ == "__main__":
    main()
