"""The process in which files from outside are read: a hostile one ends this process, and not the server.

It reads one line of JSON from standard input: a function of this package and its arguments. It writes lines of JSON to
standard output: any number of ``{"progress": ...}``, then ``{"answer": ...}`` or ``{"error": ...}``. When standard
input ends, the server is gone, and this process ends too.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from unionscreen.errors import UnionScreenError, fault
from unionscreen.lean import load_less
from unionscreen.safe_text import to_json, visible_lines

Tell = Callable[[dict[str, Any]], None]

FORMATS: Final = ("html", "xlsx", "csv", "json", "sqlite")
"""The formats in which a report is offered, by the names of the writers."""
NOTES_SHOWN: Final = 100  # in a summary; all are in the report


def screen_uploads(arguments: dict[str, Any], tell: Tell) -> dict[str, Any]:
    """Screen filings, and write the report in every format.

    Args:
        arguments: ``folder``, from which the ``filings`` are given; ``options`` of :func:`unionscreen.screen`;
            ``reports``, the folder to write to; ``excel_safe``, for the CSV.
        tell: called with ``bytes_done`` and ``bytes_total``.

    Returns:
        A summary.
    """
    from unionscreen.output import BY_NAME
    from unionscreen.output.files import write_result
    from unionscreen.output.tables import WriteOptions
    from unionscreen.pipeline import screen as run
    from unionscreen.reports import words
    from unionscreen.reports.tables import ScreeningReport

    os.chdir(arguments["folder"])
    screening = run(
        arguments["filings"],
        **arguments["options"],
        progress=lambda now: tell({"bytes_done": now.bytes_done, "bytes_total": now.bytes_total}),
    )
    report = ScreeningReport(screening)
    written = WriteOptions(excel_safe=arguments["excel_safe"])
    for name in FORMATS:
        write_result(report, Path(arguments["reports"], f"report.{name}"), BY_NAME[name], written)
    entries, manifest = screening.prosecutors, screening.manifest
    return {
        "headline": words.headline(screening),
        "recipients": len(entries),
        "recipients_flagged": sum(bool(entry.flags) for entry in entries),
        "flags": sum(len(entry.flags) for entry in entries),
        "flags_counted": sum(len(entry.counted) for entry in entries),
        "rows_read": manifest["rows_read"],
        "rows_screened": manifest["rows_screened"],
        "rows_rejected": manifest["rows_rejected"],
        "files": words.files_read(manifest),
        "unread": words.unread_said(manifest),
        "notes": [visible_lines(note) for note in screening.notes[:NOTES_SHOWN]],
        "notes_more": max(0, len(screening.notes) - NOTES_SHOWN),
    }


def described(error: Exception) -> dict[str, Any]:
    """An error as the members of a problem. ``detail`` is the text that the command line prints after ``Error:``."""
    if isinstance(error, UnionScreenError):
        return {
            "status": 422,
            "detail": visible_lines(str(error)),
            "message": error.message,
            "source": error.source,
            "row": error.row,
            "cell": error.cell,
            "hint": error.hint,
            "exit_code": error.exit_code,
            "others": [visible_lines(str(each)) for each in error.others],
        }
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        return {"status": 422, "detail": visible_lines(f"{where}{error.strerror or error}")}
    return {"status": 500, "detail": fault(error).removeprefix("Error: ")}


def main() -> None:
    """Do what standard input asks."""
    load_less()
    asked = json.loads(sys.stdin.buffer.readline())
    threading.Thread(target=_end_with_the_server, daemon=True).start()
    # What a library prints must not stand among the answers.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)

    def write(value: dict[str, Any]) -> None:
        answers.write(to_json(value).encode() + b"\n")
        answers.flush()

    try:
        module, _, name = asked["function"].partition(":")
        function = getattr(import_module(module), name)
        write({"answer": function(asked["arguments"], lambda progress: write({"progress": progress}))})
    except Exception as error:  # noqa: BLE001 - a fault of ours too must reach the user as a sentence, not as a death
        write({"error": described(error)})


def _end_with_the_server() -> None:
    while os.read(0, 1):
        pass
    if sys.platform == "win32":
        os._exit(1)
    os.killpg(0, signal.SIGKILL)  # also the processes that read workbooks and PDF files


if __name__ == "__main__":
    main()
