"""A direct line between two parties: numbered, stored, acknowledged and watched flight notices."""

from importlib.metadata import version

__version__ = version("hotline")
