"""The command `hotline`, as `python -m hotline` too."""

from hotline import launch


def main() -> None:
    """Run the command line."""
    launch.run("hotline.cli")


if __name__ == "__main__":
    main()
