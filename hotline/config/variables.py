"""Environment variables that set nothing though they look as if they should."""

import difflib
import os

from hotline.config.config import ENVIRONMENT, NESTED, BrokerConfig, LineConfig
from hotline.timers import Timers

_OTHERS = ("DESK",)  # hotline desk's own
_NEAR = 0.75  # less, and it is somebody's own variable that begins like ours


def mistyped() -> dict[str, str]:
    """Each variable that a line's configuration does not know, with the known one nearest to it.

    One within a known part, such as `HOTLINE_TIMERS__RECIEPT`, is a mistake that the
    configuration tells itself.
    """
    known = [*LineConfig.model_fields, *_OTHERS]
    known += [f"broker{NESTED}{name}" for name in BrokerConfig.model_fields]
    known += [f"timers{NESTED}{field.alias}" for field in Timers.model_fields.values()]
    wanted = [name.upper() for name in known]
    found = {}
    for variable in sorted(os.environ):
        name = variable.upper().removeprefix(ENVIRONMENT)
        if name == variable.upper() or name.split(NESTED)[0] in wanted:
            continue
        if near := difflib.get_close_matches(name, wanted, n=1, cutoff=_NEAR):
            found[variable] = ENVIRONMENT + near[0]
    return found
