"""The command line: the only place that prints or exits.

One thin module per command. Everything heavy (pandas, pyarrow, rich, the list) is imported inside the command that
needs it, so that ``unionscreen check NAME`` answers in a fraction of a second.
"""

from __future__ import annotations

import sys


def main() -> None:
    """Run ``unionscreen`` with the arguments of this process, and exit."""
    try:
        from unionscreen.cli.app import app

        app(prog_name="unionscreen")
    except KeyboardInterrupt:  # before a command ran; commands answer Ctrl-C themselves
        sys.exit(130)
