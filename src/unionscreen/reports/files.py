"""A report on disk, and what goes beside it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from unionscreen.files import is_file, write_file
from unionscreen.reports.options import Options

if TYPE_CHECKING:
    from unionscreen.reports import Writer
    from unionscreen.screening import Screening


def write_files(screening: Screening, target: Path, writer: Writer, options: Options) -> None:
    """Write the report, and the file that goes with it unless the target is a device or a pipe.

    Raises:
        UsageError: it cannot be written.
    """
    write_file(target, writer.render(screening, options))
    if writer.beside and is_file(target):
        write_file(target.with_name(target.name + writer.beside), writer.render_beside(screening, target))
