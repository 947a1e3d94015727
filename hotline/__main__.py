"""The command `hotline`, as `python -m hotline` too."""

from hotline import loading


def main() -> None:
    """Run the command line."""
    loading.run("hotline.cli")


if __name__ == "__main__":
    main()
