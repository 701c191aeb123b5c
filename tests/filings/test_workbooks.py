"""Workbooks that would bring the reader down, or fill the memory: an error that names the file, and the run goes on."""

from __future__ import annotations

import csv
import fcntl
import io
import signal
import struct
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date
from datetime import time as time_of_day
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import xlsxwriter

from unionscreen.errors import FilingError
from unionscreen.filings import open_filing
from unionscreen.filings.files.lines import Lines
from unionscreen.workbooks import child, extent
from unionscreen.workbooks.child import cell_text
from unionscreen.workbooks.limits import WORKBOOK
from unionscreen.workbooks.reading import WORKBOOK_READER, Workbook, WorkbookError, read_workbook

HEADER = ["Donor", "Recipient", "Amount"]
SHEET = "xl/worksheets/sheet1.xml"
TEXTS = "xl/sharedStrings.xml"
LAST_ROW = 1_048_576
_ODS_NAMES = " ".join(
    f'xmlns:{each}="urn:oasis:names:tc:opendocument:xmlns:{each}:1.0"' for each in ("office", "table", "text")
)


def xlsx(*more: tuple[int, int, object], columns: int = 3) -> bytes:
    """A small filing, with cells added by row and column from 0."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("Gifts")
        sheet.write_row(0, 0, [*HEADER, *(f"Field {at}" for at in range(3, columns))])
        for row in (1, 2, 3):
            sheet.write_row(row, 0, [f"DOE {row}", "Roe", 5])
        for cell in more:
            sheet.write(*cell)
    return out.getvalue()


def with_part(part: str, old: bytes, new: bytes, book: bytes | None = None) -> bytes:
    """A workbook one of whose parts says something else."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book or xlsx())) as before,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            data = before.read(name)
            assert name != part or old in data
            after.writestr(name, data.replace(old, new) if name == part else data)
    return out.getvalue()


def ods(rows: str) -> bytes:
    """An OpenDocument spreadsheet of one table."""
    out = io.BytesIO()
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("mimetype", kind)
        book.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>',
        )
        book.writestr(
            "content.xml",
            f"<office:document-content {_ODS_NAMES}><office:body><office:spreadsheet>"
            f'<table:table table:name="Gifts">{rows}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return out.getvalue()


def ods_cell(text: str, times: int = 1) -> str:
    repeated = f' table:number-columns-repeated="{times}"' if times > 1 else ""
    return f'<table:table-cell office:value-type="string"{repeated}><text:p>{text}</text:p></table:table-cell>'


def ods_row(cells: Sequence[str], times: int = 1) -> str:
    repeated = f' table:number-rows-repeated="{times}"' if times > 1 else ""
    return f"<table:table-row{repeated}>{''.join(cells)}</table:table-row>"


ODS_ROWS = ods_row([*map(ods_cell, HEADER)]) + ods_row([*map(ods_cell, ["DOE", "Roe", "5"])])


def record(kind: int, data: bytes = b"") -> bytes:
    """A record of a binary workbook."""
    number = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    return number + bytes([len(data) & 0x7F | 0x80, len(data) >> 7]) + data


def wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def xlsb(cells: Sequence[tuple[int, int, str]]) -> bytes:
    """A binary workbook of one sheet of texts, by row and column from 0."""
    rows = b""
    for row in sorted({row for row, _, _ in cells}):
        rows += record(0, struct.pack("<I", row) + bytes(13))
        rows += b"".join(record(6, struct.pack("<II", at, 0) + wide(text)) for y, at, text in cells if y == row)
    last = max(row for row, _, _ in cells), max(at for _, at, _ in cells)
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("[Content_Types].xml", "<Types/>")
        book.writestr(
            "xl/_rels/workbook.bin.rels",
            f'<Relationships xmlns="{relations}"><Relationship Id="rId1" Type="x" Target="worksheets/sheet1.bin"/>'
            "</Relationships>",
        )
        bundle = record(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("Gifts"))
        book.writestr("xl/workbook.bin", record(131) + record(143) + bundle + record(144) + record(132))
        book.writestr(
            "xl/worksheets/sheet1.bin",
            record(129) + record(148, struct.pack("<IIII", 0, last[0], 0, last[1])) + record(145) + rows + record(146)
            + record(130),
        )  # fmt: skip
    return out.getvalue()


XLSB_CELLS = [(y, x, text) for y, row in enumerate([HEADER, ["DOE", "Roe", "5"]]) for x, text in enumerate(row)]


@pytest.fixture
def read(tmp_path: Path) -> Callable[[bytes], Workbook]:
    def read(data: bytes) -> Workbook:
        path = tmp_path / "book"
        path.write_bytes(data)
        with path.open("rb") as file:
            return read_workbook(file, 201)

    return read


@pytest.mark.parametrize(
    "data", [xlsx(), ods(ODS_ROWS), xlsb(XLSB_CELLS)], ids=["xlsx", "ods", "xlsb"]
)  # fmt: skip
def test_a_small_workbook_of_each_kind_is_read(data: bytes, read: Callable[[bytes], Workbook]) -> None:
    (sheet,) = read(data).sheets
    assert (sheet.name, sheet.hidden, sheet.head[0]) == ("Gifts", False, HEADER)
    assert sheet.csv.startswith(b"Donor,Recipient,Amount\nDOE")


ODS_GAP = '<table:table-cell table:number-columns-repeated="16000"/>'
PLACED = b'<row r="3" spans="1:3"><c r="A3"'
FAR = {
    "two corners": xlsx((LAST_ROW - 1, 16_383, "x")),
    "40 columns and one cell in the last row": xlsx((LAST_ROW - 1, 0, "x"), columns=40),
    "a row beyond the last": with_part(SHEET, b'r="A3"', b'r="A4294967295"'),
    "a column beyond the last": with_part(SHEET, b'r="A3"', b'r="AAAAAAAAAAAAAAAA3"'),
    "single quotes": with_part(SHEET, b'r="A3"', b"  r = 'XFD999999'"),
    "a cell that only its row places": with_part(SHEET, PLACED, b'<row r="99999999999"><c'),
    "ods, a row repeated": ods(ODS_ROWS + ods_row([ods_cell("x", 16_384)], LAST_ROW)),
    "ods, two corners": ods(ODS_ROWS + ods_row(["<table:table-cell/>"], 999_999) + ods_row([ODS_GAP, ods_cell("x")])),
    "xlsb, two corners": xlsb([*XLSB_CELLS, (LAST_ROW - 1, 16_383, "x")]),
}


@pytest.mark.parametrize("data", FAR.values(), ids=FAR)
def test_cells_too_far_apart_are_told_before_they_are_read(data: bytes, read: Callable[[bytes], Workbook]) -> None:
    with pytest.raises(WorkbookError, match=r"too large to read: the cells of .* span A1:") as raised:
        read(data)
    assert raised.value.hint == "delete the stray cells, or save the table alone as CSV"


def test_the_error_names_the_sheet_as_the_user_does(read: Callable[[bytes], Workbook]) -> None:
    with pytest.raises(WorkbookError, match=r'the cells of sheet "Gifts" span A1:XFD1048576, 17,179,869,184 of them'):
        read(FAR["two corners"])


@pytest.mark.parametrize(
    "data",
    [
        with_part(SHEET, b'ref="A1:C4"', b'ref="A1:XFD1048576"'),
        with_part(SHEET, b"</sheetData>", b'<row r="1048576"/></sheetData>', xlsx(columns=40)),
        with_part(SHEET, b"</sheetData>", b'<row r="5"><c r="XFD1048576" s="0"/></row></sheetData>'),
        with_part(SHEET, b"</sheetData>", b'<row r="5"><c r="XFD1048576" s="0"></c></row></sheetData>'),
        ods(ODS_ROWS + ods_row(['<table:table-cell table:number-columns-repeated="16384"/>'], LAST_ROW - 2)),
    ],
    ids=["declared", "an empty row", "an empty cell", "an empty cell with an end tag", "ods to its end"],
)
def test_a_sheet_is_as_large_as_its_filled_cells(data: bytes, read: Callable[[bytes], Workbook]) -> None:
    (sheet,) = read(data).sheets
    assert sheet.csv.startswith(b"Donor,Recipient,Amount")
    assert sheet.csv.count(b"\n") <= 4


def test_one_cell_in_the_last_row_costs_seconds_and_keeps_its_number(
    tmp_path: Path, whole: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "stray.xlsx"
    path.write_bytes(xlsx((LAST_ROW - 1, 0, "SOE"), (LAST_ROW - 1, 1, "Roe"), (LAST_ROW - 1, 2, 7), (9, 2, "none")))
    looked_at: list[object] = []
    lines_at = Lines.at
    monkeypatch.setattr(Lines, "at", lambda lines, wanted: looked_at.append(wanted) or lines_at(lines, wanted))
    (filing,) = open_filing(path)
    got = whole(filing)
    assert got.row_numbers == [2, 3, 4, LAST_ROW]
    assert got.rejects == [{"row": 10, "reason": "'none' is not an amount", "text": ",,none"}]
    assert len(looked_at) < 100  # not one by one: there are a million blank lines


DAMAGED = {
    "cut by a byte": xlsx()[:-1],
    "cut in half": xlsx()[: len(xlsx()) // 2],
    "no row": with_part(SHEET, b'r="A3"', b'r="A0"'),
    "no column": with_part(SHEET, b'r="A3"', b'r="3"'),
    "no such text": with_part(SHEET, b"<v>3</v>", b"<v>99999</v>"),
    "a tag that is not closed": with_part(SHEET, b"</sheetData>", b"<row"),
    "not deflated": xlsx().replace(b"PK\x03\x04\x14", b"PK\x03\x04\x15", 1)[:-40] + bytes(40),
    "ods without an end": ods(ODS_ROWS + "<table:table-row>"),
    "an old workbook of nothing": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4000),
}


@pytest.mark.parametrize("data", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_workbook_is_an_error_that_names_the_file(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(data)
    with pytest.raises(FilingError) as raised:
        open_filing(path)
    assert (raised.value.source, bool(raised.value.hint)) == (str(path), True)


DEATHS = {
    "abort": ("import os; os.abort()", "it is damaged, and its reader failed"),
    "killed": ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "the system ended its reader"),
    "out of time": ("import os, signal; os.kill(os.getpid(), signal.SIGXCPU)", "it takes more than 25 seconds"),
    "memory": ("x = b'x' * (1 << 62)", "it takes more than 1,536 MB of memory"),
    "a fault of ours": ("raise ValueError('so')", "its reader failed: ValueError: so"),
    "half an answer": ('print(\'{"name": "A", "bytes": 9}\')', "its reader failed"),
    "an answer of something else": ("print('\\n[]')", "its reader failed"),
}


@pytest.mark.parametrize(("code", "message"), DEATHS.values(), ids=DEATHS)
def test_the_death_of_the_reader_is_an_error(
    code: str, message: str, read: Callable[[bytes], Workbook], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(WORKBOOK_READER, "command", ("-c", code))
    with pytest.raises(WorkbookError, match=message):
        read(xlsx())


def test_a_reader_that_waits_for_ever_is_ended(
    read: Callable[[bytes], Workbook], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(WORKBOOK_READER, "command", ("-c", "import time; time.sleep(600)"))
    monkeypatch.setattr(WORKBOOK, "wall_seconds", lambda _: 1)
    with pytest.raises(WorkbookError, match="it takes more than 25 seconds"):
        read(xlsx())


SPINS = """
from unionscreen.workbooks.limits import WORKBOOK
WORKBOOK.seconds = 1
WORKBOOK.bind_this_process(0)
while True:
    pass
"""


def test_a_reader_that_never_ends_is_ended_by_the_system(
    read: Callable[[bytes], Workbook], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(WORKBOOK_READER, "command", ("-c", SPINS))
    with pytest.raises(WorkbookError, match="it takes more than 25 seconds"):
        read(xlsx())


def test_a_reader_that_does_not_start_is_an_error(
    read: Callable[[bytes], Workbook], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("unionscreen.limited.starting.get_executable", lambda: "/no/such/python")
    with pytest.raises(WorkbookError, match="its reader does not start"):
        read(xlsx())


def test_a_small_file_of_much_text_meets_a_limit(read: Callable[[bytes], Workbook]) -> None:
    with pytest.raises(WorkbookError, match=r"it takes more than 1,\d{3} MB of memory|its text is more than"):
        read(ods(ODS_ROWS + ods_row([ods_cell("x" * 2_000, 1_000)], 1_000)))


def test_a_panic_of_the_reader_is_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    class PanicError(BaseException):
        """What a panic of Rust is in Python."""

    def panics(_: object) -> None:
        raise PanicError

    monkeypatch.setattr(child, "check_extents", panics)
    out = io.BytesIO()
    child.answer(xlsx(), 201, out)
    assert b'"damaged", "said": "the reader gave up on it (PanicError)"' in out.getvalue()


def test_workbooks_are_read_from_threads_at_once(tmp_path: Path) -> None:
    paths = [tmp_path / f"{at}.xlsx" for at in range(6)]
    for at, path in enumerate(paths):
        path.write_bytes(xlsx((4, 0, f"SOE {at}"), (4, 1, "Roe"), (4, 2, at)))
    with ThreadPoolExecutor(3) as pool:
        found = list(pool.map(open_filing, paths))
    assert [filing.source for (filing,) in found] == [f"{path}#Gifts" for path in paths]


def test_a_script_without_a_main_guard_runs_once(tmp_path: Path) -> None:
    (tmp_path / "gifts.xlsx").write_bytes(xlsx())
    script = tmp_path / "script.py"
    script.write_text(
        "import unionscreen\nprint('begun')\n"
        "print(unionscreen.screen('gifts.xlsx', recipients='all').manifest['rows_read'])\n"
    )
    done = subprocess.run([sys.executable, script], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == "begun\n3\n"


def test_nothing_in_the_folder_of_a_filing_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gifts.xlsx").write_bytes(xlsx())
    for module in ("csv", "python_calamine", "unionscreen", "sitecustomize"):
        (tmp_path / f"{module}.py").write_text("open('run', 'w')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", ["", *sys.path])
    assert len(open_filing("gifts.xlsx")) == 1
    assert not (tmp_path / "run").exists()


# The reader holds a lock, which its death lets go of, whoever is to bury it.
LOCKS = (
    "import fcntl, time; file = open('held', 'w'); fcntl.flock(file, fcntl.LOCK_EX); open('begun', 'w'); time.sleep(60)"
)
INTERRUPTED = f"""
import signal
from unionscreen.workbooks import reading
signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background is born deaf to it
reading.WORKBOOK_READER.command = ("-c", {LOCKS!r})
with open("gifts.xlsx", "rb") as file:
    reading.read_workbook(file)
"""


def test_ctrl_c_ends_the_reader_too(tmp_path: Path) -> None:
    (tmp_path / "gifts.xlsx").write_bytes(xlsx())
    running = subprocess.Popen([sys.executable, "-c", INTERRUPTED], cwd=tmp_path, stderr=subprocess.PIPE)
    until(lambda: (tmp_path / "begun").exists())
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=120)
    assert said.strip().endswith(b"KeyboardInterrupt")

    def released() -> bool:
        with (tmp_path / "held").open() as file, suppress(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        return False

    until(released)


def until(happens: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 120  # only a hang lasts so long, however busy the machine
    while not happens():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize(("size", "seconds", "megabytes"), [(0, 25, 1536), (1 << 20, 30, 1600), (50 << 20, 275, 4736)])
def test_the_limits_grow_with_the_file(size: int, seconds: int, megabytes: int) -> None:
    assert (WORKBOOK.cpu_seconds(size), WORKBOOK.memory_bytes(size) >> 20) == (seconds, megabytes)
    assert WORKBOOK.wall_seconds(size) >= seconds


def test_a_cell_is_the_same_text_by_either_way() -> None:
    for kind, text_of in child._TEXT_OF.items():
        for value in (kind(2020, 1, 2),) if kind.__name__ == "date" else map(kind, (0, -0.0, 5, 16.24, 2.0**60, "nan")):
            assert text_of(value) == cell_text(value)


def test_the_cells_of_a_large_sheet_are_all_counted() -> None:
    """Over several pieces, and whether or not the quick look is enough."""
    rows = b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (at, at) for at in range(1, 150_001))
    data = b"<sheetData>" + rows + b"</sheetData>"
    assert len(data) > extent._PIECE_BYTES
    assert extent._look_over(io.BytesIO(data)) == (True, 0)
    found = extent._xml_extent(io.BytesIO(data))
    assert (found.top, found.left, found.bottom, found.right, found.filled) == (1, 1, 150_000, 1, 150_000)


def test_each_cell_becomes_the_text_of_its_kind_whatever_the_row_before_held() -> None:
    cells = [
        "a",
        "a\u2028b",
        "\x85",
        "a\nb\n",
        "\xa0",
        1437445.0,
        16.24,
        True,
        date(2022, 3, 4),
        time_of_day(9, 30),
        "",
    ]
    rows = [[cells[(at + step * row) % len(cells)] for at in range(4)] for row in range(40) for step in (1, 3)]
    expected = io.StringIO()
    csv.writer(expected, lineterminator="\n").writerows([cell_text(cell) for cell in row] for row in rows)
    sheet = SimpleNamespace(iter_rows=lambda: iter([*map(list, rows)]))
    head: list[list[str]] = []
    found = b"".join(child._as_csv(sheet, head, 3, line_breaks=False))  # type: ignore[arg-type]
    assert found == expected.getvalue().encode()
    assert head == [[cell_text(cell) for cell in row] for row in rows[:3]]
