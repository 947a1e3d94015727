"""Where scenarios are: the shipped ones by name, all others by path."""

from pathlib import Path

from hotline.errors import LocalError
from hotline.files.mistakes import did_you_mean
from hotline.paths import is_there

_HERE = Path(__file__).parent
# In a wheel the seeds are inside the package, in a checkout beside it.
_PLACES = (_HERE / "seeds", _HERE.parent / "seeds")


def shipped() -> list[Path]:
    """The scenario files that come with hotline, in the order of their names."""
    place = next((place for place in _PLACES if place.is_dir()), None)
    return sorted(place.glob("*.yaml")) if place else []


def find(name: str) -> Path:
    """The file of a scenario that is given by its path, or by the name of a shipped one.

    Raises:
        LocalError: there is neither.
    """
    path = Path(name)
    if path.suffix in (".yaml", ".yml") or is_there(path):
        return path
    known = {seed.stem: seed for seed in shipped()}
    if name not in known:
        hint = did_you_mean(name, sorted(known))
        raise LocalError(f"no scenario is called {name!r}; {hint} (or give a file's path)")
    return known[name]
