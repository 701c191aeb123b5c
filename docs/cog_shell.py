"""For cog blocks in the documentation: run a real command and show what it printed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

import cog

ROOT = Path(__file__).resolve().parents[1]


@cache
def _scratch(page: str) -> tempfile.TemporaryDirectory[str]:  # noqa: ARG001 - each page has a folder
    """A folder that holds the examples and nothing else, for a page whose commands write files."""
    folder = tempfile.TemporaryDirectory()
    (Path(folder.name) / "examples").symlink_to(ROOT / "examples")
    return folder


def show(command: str, *, exit_code: int = 0, stderr: bool = False, scratch: bool = False) -> None:
    """Write the command and its output as a fenced block; an unexpected exit code is an error.

    The hash of the union list is left out: it changes with every correction of the list, the page need not.

    Args:
        command: as a reader would type it, in the folder of the checkout.
        exit_code: the one that the text around it promises.
        stderr: show what went to standard error too.
        scratch: run in a folder of its own that has only ``examples/``; what is written stays for the page's next one.
    """
    environment = os.environ | {
        "COLUMNS": "80",
        "NO_COLOR": "1",
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
    }
    folder = _scratch(cog.inFile).name if scratch else ROOT
    done = subprocess.run(command, shell=True, cwd=folder, env=environment, capture_output=True, text=True, check=False)  # noqa: S602 - our own text
    if done.returncode != exit_code:
        raise SystemExit(f"{command}: exit {done.returncode}, expected {exit_code}\n{done.stderr}")
    shown = re.sub(r"\b(List|list) [0-9a-f]{12},", r"\1 ...,", done.stdout) + (done.stderr if stderr else "")
    cog.outl("\n".join(filter(None, ("```console", f"$ {command}", shown.rstrip(), "```"))))
