"""A report on disk: at once or not at all."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from unionscreen.errors import UsageError
from unionscreen.reports.options import Options

if TYPE_CHECKING:
    from unionscreen.reports import Writer
    from unionscreen.screening import Screening


def output_path(path: Path) -> Path:
    """The file that ``--out`` means, checked before the work begins: an hour of screening must not end in a typo."""
    target = Path(os.path.realpath(path))
    try:
        if target.is_dir():
            raise UsageError("is a directory, not a file to write", source=str(path), hint="give --out a file name")
        if not target.parent.is_dir():
            raise UsageError("there is no such directory to write in", source=str(path.parent), hint="create it first")
        if not os.access(target if target.exists() else target.parent, os.W_OK):
            raise UsageError("no permission to write here", source=str(path))
    except OSError as error:  # a folder that may not be entered, a name too long
        raise UsageError(f"cannot be written: {error.strerror}", source=str(path)) from error
    return target


def write_files(screening: Screening, target: Path, writer: Writer, options: Options) -> None:
    """Write the report, and the file that goes with it unless the target is a device or a pipe.

    Raises:
        UsageError: it cannot be written.
    """
    write_file(target, writer.render(screening, options))
    if writer.beside and _is_file(target):
        write_file(target.with_name(target.name + writer.beside), writer.render_beside(screening, target))


def write_file(target: Path, data: str | bytes) -> None:
    """Write the file at once or not at all; a device or a pipe is written as it is.

    Args:
        target: as :func:`output_path` gave it.
        data: text is written as UTF-8 with the line ends it has.
    """
    data = data.encode("utf-8") if isinstance(data, str) else data
    try:
        if not _is_file(target):
            target.write_bytes(data)
            return
        with _whole_or_nothing(target) as part:
            part.write_bytes(data)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise UsageError(f"cannot be written: {error.strerror}", source=str(target)) from error


def _is_file(target: Path) -> bool:
    return not target.exists() or stat.S_ISREG(target.stat().st_mode)


@contextmanager
def _whole_or_nothing(target: Path) -> Iterator[Path]:
    """A path to write, moved to ``target`` at the end; a run that dies leaves the old file as it was."""
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        yield part
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
