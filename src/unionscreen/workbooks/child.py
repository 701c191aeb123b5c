"""The process that reads a workbook: bytes on standard input, its sheets on standard output.

``python -m unionscreen.workbooks.child``. The answer is a line of JSON for each sheet, followed by its rows as CSV, and
a last line that says how it ended. Nothing in the workbook is run.
"""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any, BinaryIO, Final, cast

import python_calamine

from unionscreen.safe_text import LINE_BREAKS
from unionscreen.workbooks.extent import StretchedError, check_extents
from unionscreen.workbooks.limits import WORKBOOK, output_bytes

# A whole float below this prints exactly without a point; ids and cents are far below.
_MAX_WHOLE: Final = 2**53
# Cells converted to text at once: few enough for memory, and enough that the overhead is small.
_CELLS_AT_ONCE: Final = 200_000
_ZIP: Final = b"PK"
_BREAKS: Final = frozenset(LINE_BREAKS)


def cell_text(value: Any) -> str:
    r"""A cell as text: whole numbers without a point, dates as ISO, line breaks as blanks.

    >>> [cell_text(value) for value in (1437445.0, 16.24, True, None, "A\nB")]
    ['1437445', '16.24', 'TRUE', '', 'A B']
    """
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case float():
            return _number(value)
        case datetime():
            return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(sep=" ")
        case date():
            return value.isoformat()
    return " ".join(str(value).splitlines())


def _number(value: float) -> str:
    return str(int(value)) if value.is_integer() and abs(value) < _MAX_WHOLE else str(value)


# A shortcut for the common types of cells, with the same results as ``cell_text``.
_TEXT_OF: Final[dict[type, Callable[[Any], str]]] = {float: _number, date: date.isoformat}


def answer(data: bytes, head_rows: int, out: BinaryIO, *, line_breaks: bool = False) -> None:
    """Write the sheets of a workbook and how it ended.

    Args:
        data: the workbook.
        head_rows: rows of each sheet to return as cells, to find its header.
        out: where to write.
        line_breaks: keep line breaks within cells.
    """
    try:
        hidden = check_extents(zipfile.ZipFile(io.BytesIO(data))) if data.startswith(_ZIP) else 0
        workbook = python_calamine.CalamineWorkbook.from_object(io.BytesIO(data))
        left = output_bytes(len(data))
        for meta in workbook.sheets_metadata:
            if meta.typ != python_calamine.SheetTypeEnum.WorkSheet:
                continue  # charts and macros have no cells
            head: list[list[str]] = []
            pieces = []
            for piece in _as_csv(workbook.get_sheet_by_name(meta.name), head, head_rows, line_breaks):
                pieces.append(piece)
                left -= len(piece)
                if left < 0:
                    raise StretchedError(f"its text is more than {output_bytes(len(data)) >> 20:,} MB")
            said = {
                "name": meta.name,
                "hidden": meta.visible != python_calamine.SheetVisibleEnum.Visible,
                "head": head,
                "bytes": sum(map(len, pieces)),
            }
            out.write(json.dumps(said).encode() + b"\n")
            out.writelines(pieces)
        end: dict[str, Any] = {"end": "read", "hidden": hidden}
    except python_calamine.PasswordError:
        end = {"end": "locked"}
    except StretchedError as error:
        end = {"end": "stretched", "said": str(error)}
    except MemoryError:
        end = {"end": "memory"}
    except (python_calamine.CalamineError, zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
        end = {"end": "damaged", "said": str(error)}
    except BaseException as error:  # noqa: BLE001 - a panic of the reader is no Exception, and ends this process only
        end = {"end": "damaged", "said": f"the reader gave up on it ({type(error).__name__})"}
    out.write(b"\n" + json.dumps(end).encode() + b"\n")


def _as_csv(
    sheet: python_calamine.CalamineSheet, head: list[list[str]], head_rows: int, line_breaks: bool
) -> Iterator[bytes]:
    """A sheet as CSV, one line per row down to the last that is not empty. ``head`` receives its first rows."""
    text = io.StringIO(newline="")
    # With \r in the line end, csv quotes cells with a lone \r.
    writer = csv.writer(text, lineterminator="\r\n" if line_breaks else "\n")
    blank, cells = 0, 0
    types: tuple[type, ...] = ()
    others: list[tuple[int, Callable[[Any], str]]] = []
    for row in cast("Iterator[list[Any]]", sheet.iter_rows()):
        # Most cells are texts that stay unchanged, and most rows have texts in the same columns as the one before.
        if (found := tuple(map(type, row))) != types:
            types = found
            others = [(at, _TEXT_OF.get(kind, cell_text)) for at, kind in enumerate(types) if kind is not str]
        for at, text_of in others:
            row[at] = text_of(row[at])
        together = "".join(row)
        if not (line_breaks or together.isprintable() or _BREAKS.isdisjoint(together)):
            row = [" ".join(cell.splitlines()) for cell in row]
        if len(head) < head_rows:
            head.append(row)
        if together:
            if blank:
                text.write("\n" * blank)
                blank = 0
            writer.writerow(row)
        else:
            blank += 1
        cells += len(row)
        if cells > _CELLS_AT_ONCE:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
            cells = 0
    yield text.getvalue().encode()


def main() -> None:
    """Read the workbook on standard input, within limits, and answer on standard output."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it silently
    WORKBOOK.bind_this_process(os.fstat(sys.stdin.fileno()).st_size)
    head_rows, line_breaks = map(int, sys.argv[1:3])
    answer(sys.stdin.buffer.read(), head_rows, sys.stdout.buffer, line_breaks=bool(line_breaks))


if __name__ == "__main__":
    main()
