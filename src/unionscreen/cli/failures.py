"""What happens when a command fails: one message, and an exit code."""

from __future__ import annotations

import os
from typing import Final

from unionscreen.cli.streams import abandon_stdout, say, spare_last_flush
from unionscreen.errors import NUL_IN_PATH, TRACEBACK, UnionScreenError, fault

# What a shell reports for a program ended by SIGPIPE (13) or SIGINT (2).
EXIT_BROKEN_PIPE: Final = 141
EXIT_INTERRUPTED: Final = 130
# EX_SOFTWARE of sysexits.h. Never 1, Python's own code for a failure: here 1 means that a union was found.
EXIT_FAULT: Final = 70


def is_nul_in_path(error: BaseException) -> bool:
    """Whether this is how Python reports a path with a NUL character, or how typer repeats it from 0.29 on."""
    shown = str(error)
    return "embedded null" in shown and (isinstance(error, ValueError) or shown.startswith("Value error, "))


def report_failure(error: BaseException) -> int | None:
    """Write the message for an error, the user's or ours, and return the exit code; None where it is to be raised."""
    if isinstance(error, UnionScreenError):
        say(f"Error: {error}")
        return error.exit_code
    if isinstance(error, BrokenPipeError):
        abandon_stdout()  # `| head` has read enough
        return EXIT_BROKEN_PIPE
    if isinstance(error, OSError):  # a folder that may not be entered, a full disk: not a bug either
        where = f"{error.filename}: " if error.filename else ""
        say(f"Error: {where}{error.strerror or error}")
        spare_last_flush()
        return UnionScreenError.exit_code
    if isinstance(error, KeyboardInterrupt):
        say("Interrupted: nothing more was screened.")
        return EXIT_INTERRUPTED
    if is_nul_in_path(error):
        say(f"Error: {NUL_IN_PATH}")
        return UnionScreenError.exit_code
    # The last guard: a fault of ours is one line and an exit code, never a traceback.
    if not isinstance(error, Exception) or os.environ.get(TRACEBACK):
        return None
    say(fault(error))
    return EXIT_FAULT
