"""The command line: the only place that prints or exits.

One thin module per command. Everything heavy (pandas, pyarrow, rich, the list) is imported inside the command that
needs it, so that ``unionscreen check NAME`` answers in a fraction of a second.
"""

from __future__ import annotations

import gc
import os
import sys
from typing import Final

from unionscreen.lean import load_less

# So many new objects are searched for garbage at once. What is imported and loaded stays: with 700, Python's usual
# number, searching it takes 10 ms of a ``check``; with 100,000 it is searched once or twice in a screening, 130 ms.
GARBAGE: Final = 500_000
# Set by a shell that asks typer for completions of what was typed.
COMPLETION: Final = frozenset({"_UNIONSCREEN_COMPLETE", "_TYPER_COMPLETE_ARGS"})


def main() -> None:
    """Run ``unionscreen`` with the arguments of this process, and exit."""
    load_less()
    gc.set_threshold(GARBAGE)
    try:
        from unionscreen.cli.streams import reopen_closed

        reopen_closed()
        if sys.argv[1:2] == ["check"] and not COMPLETION.intersection(os.environ):
            from unionscreen.cli.quick import quick_check

            code = quick_check(sys.argv[2:])
            if code is not None:
                sys.exit(code)
        if sys.argv[1:2] == ["screen"]:
            from unionscreen.hashing import begin_hashing

            begin_hashing(sys.argv[2:])
        from unionscreen.cli.app import app

        app(prog_name="unionscreen")
    except KeyboardInterrupt:  # before a command ran; commands handle Ctrl-C themselves
        sys.exit(130)
    finally:
        gc.freeze()  # otherwise the interpreter searches everything for garbage before it ends: 0.15 s
