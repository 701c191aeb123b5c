"""Runs one command and, from the moment it first opens a file of its folder to write, dies after so many calls.

    python -m fuzz.dying CALLS ARGUMENT...

The folder is the one it runs in. SIGKILL leaves no time for anything: what is on disk then is what is left.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any


def main() -> None:
    """Run ``unionscreen`` with the arguments behind the first."""
    left = int(sys.argv[1])
    here = os.getcwd() + os.sep  # noqa: PTH109 - compared with what open() is given

    def count(_frame: Any, _event: str, _argument: Any) -> None:
        nonlocal left
        left -= 1
        if left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, _, flags = arguments
            wanted = flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        elif event == "sqlite3.connect":
            path, wanted = arguments[0], True
        else:
            return
        if wanted and isinstance(path, (str, os.PathLike)):
            name = os.path.realpath(str(path).removeprefix("file://").partition("?")[0])
            if name.startswith(here):
                sys.setprofile(count)

    from unionscreen.cli.app import app

    sys.addaudithook(watch)
    app(sys.argv[2:], prog_name="unionscreen")


if __name__ == "__main__":
    main()
