"""How a command starts: during the half second in which its code is loaded, Ctrl-C is silent."""

import signal
from importlib import import_module


def run(commands: str) -> None:
    """Load the module that has the commands, and run its `main`.

    A KeyboardInterrupt in the middle of an import would end in a traceback, or in another error.
    """
    at_ctrl_c = signal.getsignal(signal.SIGINT)
    if at_ctrl_c is signal.default_int_handler:  # in the background a shell has it ignored
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    main = import_module(commands).main
    signal.signal(signal.SIGINT, at_ctrl_c)
    main()
