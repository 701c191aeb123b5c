"""One small filing in every kind of file that is read, and how many rows are in one that was changed."""

from __future__ import annotations

import bz2
import csv
import gzip
import html
import io
import json
import lzma
import random
import struct
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from fuzz.made import HEADER, RECIPIENT, counted, gifts, text_of

Rows = Sequence[Sequence[str]]
Made = Callable[[Rows, random.Random], bytes]


def _table(rows: Rows) -> list[list[str]]:
    return [list(HEADER), *map(list, rows)]


def _flat(rows: Rows) -> list[list[str]]:
    """Without line breaks in cells, so that a line is a row."""
    return [[" ".join(cell.split()) for cell in row] for row in _table(rows)]


def as_csv(rows: Rows, chance: random.Random) -> bytes:
    return text_of(_table(rows), chance.choice(",;|"), chance.choice(("\n", "\r\n", "\r"))).encode()


def as_tsv(rows: Rows, chance: random.Random) -> bytes:
    return text_of(_flat(rows), "\t", chance.choice(("\n", "\r\n"))).encode()


def as_utf16(rows: Rows, chance: random.Random) -> bytes:
    return text_of(_table(rows), chance.choice(",\t"), "\r\n").encode(chance.choice(("utf-16", "utf-16-le")))


def _plain(rows: Rows) -> bytes:
    return text_of(_table(rows), ",", "\n").encode()


def as_gz(rows: Rows, _: random.Random) -> bytes:
    return gzip.compress(_plain(rows), mtime=0)


def as_zst(rows: Rows, _: random.Random) -> bytes:
    out = pa.BufferOutputStream()
    with pa.CompressedOutputStream(out, "zstd") as packed:
        packed.write(_plain(rows))
    return bytes(out.getvalue())


def as_bz2(rows: Rows, _: random.Random) -> bytes:
    return _in_two(rows, bz2.compress)


def as_xz(rows: Rows, _: random.Random) -> bytes:
    return _in_two(rows, lzma.compress)


def _in_two(rows: Rows, pack: Callable[[bytes], bytes]) -> bytes:
    """Two streams, one behind the other, as parallel packers write them."""
    data = _plain(rows)
    return pack(data[: len(data) // 2]) + pack(data[len(data) // 2 :])


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def as_zip(rows: Rows, _: random.Random) -> bytes:
    return zipped({"gifts.csv": _plain(rows), "readme.txt": b"Made up.\n"})


def as_zip_in_zip(rows: Rows, chance: random.Random) -> bytes:
    return zipped({"inner.zip": as_zip(rows, chance)})


def as_xlsx(rows: Rows, chance: random.Random) -> bytes:
    out = io.BytesIO()
    strings = chance.random() < 0.5
    with xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_numbers": strings, "strings_to_formulas": False}
    ) as book:
        book.set_properties({"created": datetime(2022, 3, 1)})  # else the time of the run, so no input comes twice
        sheet = book.add_worksheet("Gifts")
        for y, row in enumerate(_flat(rows)):
            sheet.write_row(y, 0, row)
    return out.getvalue()


_OFFICE: Final = " ".join(
    f'xmlns:{each}="urn:oasis:names:tc:opendocument:xmlns:{each}:1.0"' for each in ("office", "table", "text")
)


def as_ods(rows: Rows, _: random.Random) -> bytes:
    def cell(text: str) -> str:
        return f'<table:table-cell office:value-type="string"><text:p>{html.escape(text)}</text:p></table:table-cell>'

    lines = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in _flat(rows))
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    names = 'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"'
    entry = f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
    return zipped(
        {
            "mimetype": kind.encode(),
            "META-INF/manifest.xml": f"<manifest:manifest {names}>{entry}</manifest:manifest>".encode(),
            "content.xml": (
                f"<office:document-content {_OFFICE}><office:body><office:spreadsheet>"
                f'<table:table table:name="Gifts">{lines}</table:table>'
                "</office:spreadsheet></office:body></office:document-content>"
            ).encode(),
        }
    )


def as_xls(rows: Rows, _: random.Random) -> bytes:
    """A workbook of Excel 97: records of cells, in a file system of 512-byte sectors."""

    def record(kind: int, data: bytes) -> bytes:
        return struct.pack("<HH", kind, len(data)) + data

    def begin(kind: int) -> bytes:
        return record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0, 1997, 0, 6))

    end, name = record(0x000A, b""), b"Gifts"
    cells = b""
    for y, row in enumerate(_flat(rows)):
        for x, text in enumerate(row):
            wide = text.encode("utf-16-le")
            cells += record(0x0204, struct.pack("<HHHHB", y, x, 0, len(wide) // 2, 1) + wide)
    sheets = len(begin(5)) + 4 + 8 + len(name) + len(end)
    book = begin(5) + record(0x0085, struct.pack("<IBBBB", sheets, 0, 0, len(name), 0) + name) + end
    book += begin(0x10) + cells + end
    book += bytes(-len(book) % 512) + bytes(max(0, 4096 - len(book) - (-len(book) % 512)))
    sectors = len(book) // 512
    fat = [*range(1, sectors), 0xFFFFFFFE, 0xFFFFFFFE]  # the stream, then the directory
    fats = -(-(len(fat) + 1) // 128)
    while -(-(len(fat) + fats) // 128) > fats:
        fats += 1
    where = [len(fat) + at for at in range(fats)]
    fat += [0xFFFFFFFD] * fats
    fat += [0xFFFFFFFF] * (fats * 128 - len(fat))

    def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
        wide = name.encode("utf-16-le").ljust(64, b"\0")
        names = struct.pack("<H", 2 * len(name) + 2) if name else bytes(2)
        links = struct.pack("<III", 0xFFFFFFFF, 0xFFFFFFFF, child)
        return wide + names + bytes([kind, 1]) + links + bytes(36) + struct.pack("<IQ", start, size)

    folder = entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + entry("Workbook", 2, 0xFFFFFFFF, 0, len(book)) + bytes(256)
    head = bytes.fromhex("D0CF11E0A1B11AE1") + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, fats, sectors, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    head += struct.pack("<109I", *where, *[0xFFFFFFFF] * (109 - fats))
    return head + book + folder + struct.pack(f"<{len(fat)}I", *fat)


def as_parquet(rows: Rows, chance: random.Random) -> bytes:
    out = io.BytesIO()
    columns = {name: pa.array(cells) for name, *cells in zip(*_table(rows), strict=True)}
    packed = chance.choice(("none", "snappy", "zstd"))
    pq.write_table(pa.table(columns), out, compression=packed, row_group_size=chance.choice((7, 1000)))
    return out.getvalue()


def as_json(rows: Rows, chance: random.Random) -> bytes:
    records = [dict(zip(HEADER, row, strict=True)) for row in rows]
    whole = chance.choice((records, {"data": records, "count": len(records)}))
    return json.dumps(whole, indent=chance.choice((None, 1)), ensure_ascii=chance.random() < 0.5).encode()


def as_jsonl(rows: Rows, _: random.Random) -> bytes:
    return "".join(json.dumps(dict(zip(HEADER, row, strict=True))) + "\n" for row in rows).encode()


def as_html(rows: Rows, _: random.Random) -> bytes:
    lines = "".join(f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row)}</tr>\n" for row in _flat(rows))
    return f"<!DOCTYPE html>\n<html><body><h1>Gifts</h1><table>\n{lines}</table></body></html>\n".encode()


def as_fec(rows: Rows, _: random.Random) -> bytes:
    from unionscreen.filings.files.fec import columns_of

    columns = columns_of("8.3")
    lines = ["HDR\x1cFEC\x1c8.3\x1cX\x1c1\x1c\x1c\x1c", f"F3N\x1cC00900001\x1c{RECIPIENT}\x1c"]
    for at, row in enumerate(rows):
        fields = [""] * (max(columns.values()) + 1)
        fields[1] = "C00900001"
        amount = row[1].strip(" $()-").replace(",", "")
        cells = {"line": "SA11AI", "organization": " ".join(row[0].split()), "amount": amount}
        for name, value in (cells | {"date": row[2].replace("-", ""), "id": f"A{at}"}).items():
            if name in columns:
                fields[columns[name]] = value
        lines.append("\x1c".join(fields))
    return "\n".join([*lines, ""]).encode()


# What a member of an archive holds may be changed before it is packed, so that the checks of the packer pass.
INNER: Final = {
    "xlsx": ("xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"),
    "ods": ("content.xml",),
    "zip": ("gifts.csv",),
}


def _of_zst(data: bytes) -> bytes:
    with pa.CompressedInputStream(pa.BufferReader(data), "zstd") as packed:
        return bytes(packed.read())


def _of_utf16(data: bytes) -> bytes:
    return data.decode("utf-16").encode()


def _is_record(value: object) -> bool:
    return isinstance(value, dict) and str(value.get(HEADER[1], "")).strip() != ""


def _in_json(data: bytes) -> int:
    whole = json.loads(data)
    records = whole.get("data") if isinstance(whole, dict) else whole
    return sum(map(_is_record, records)) if isinstance(records, list) else 0


def _in_jsonl(data: bytes) -> int:
    return sum(_is_record(json.loads(line)) for line in data.split(b"\n") if line.strip())


def _in_parquet(data: bytes) -> int:
    return sum(any(row.values()) for row in pq.read_table(io.BytesIO(data)).to_pylist())


@dataclass(frozen=True)
class Kind:
    """A kind of file.

    Args:
        suffix: of its name.
        make: writes rows as one.
        inner: members of the archive of which one is changed; with none, the file itself is.
        unpack: the text in the file, by another reader than ours.
        count: how many rows are in it, by another reader than ours.
    """

    suffix: str
    make: Made
    inner: tuple[str, ...] = ()
    unpack: Callable[[bytes], bytes] | None = None
    count: Callable[[bytes], int] | None = None


KINDS: Final = {
    "csv": Kind("csv", as_csv, unpack=bytes),
    "tsv": Kind("tsv", as_tsv, unpack=bytes),
    "utf-16": Kind("txt", as_utf16, unpack=_of_utf16),
    "gz": Kind("csv.gz", as_gz, unpack=gzip.decompress),
    "zst": Kind("csv.zst", as_zst, unpack=_of_zst),
    "bz2": Kind("csv.bz2", as_bz2, unpack=bz2.decompress),
    "xz": Kind("csv.xz", as_xz, unpack=lzma.decompress),
    "zip": Kind("zip", as_zip),
    "zip, inside": Kind("zip", as_zip, INNER["zip"]),
    "zip in zip": Kind("zip", as_zip_in_zip),
    "xlsx": Kind("xlsx", as_xlsx),
    "xlsx, inside": Kind("xlsx", as_xlsx, INNER["xlsx"]),
    "xls": Kind("xls", as_xls),
    "ods": Kind("ods", as_ods),
    "ods, inside": Kind("ods", as_ods, INNER["ods"]),
    "parquet": Kind("parquet", as_parquet, count=_in_parquet),
    "json": Kind("json", as_json, count=_in_json),
    "jsonl": Kind("jsonl", as_jsonl, count=_in_jsonl),
    "html": Kind("html", as_html),
    "fec": Kind("fec", as_fec),
}  # fmt: skip


def sample(kind: str, chance: random.Random) -> tuple[bytes, int]:
    """A sound file of the kind, and its rows."""
    rows = gifts(chance, chance.randrange(4, 40))
    return KINDS[kind].make(rows, chance), len(rows)


def least_rows(kind: str, data: bytes) -> int:
    """Rows that a file must at least give when it is read, where Python can tell; else 0.

    Only those of full width: lines between which a quote is open may be one reject. Python's csv lets a quote that is
    never closed swallow what follows, so that it never finds more rows than there are.
    """
    known = KINDS[kind]
    if known.unpack is None and known.count is None:
        return 0
    try:
        if known.count is not None:
            return known.count(data)
        assert known.unpack is not None
        text = known.unpack(data).decode("utf-8", "replace").replace("\0", "")
        header = next(csv.reader(io.StringIO(text, newline="")), [])
        delimiter = next((each for each in ",;|\t" if each.join(HEADER) in text), None)
        if delimiter is None or not header:
            return 0
        rows = counted(text, delimiter)
    except (OSError, EOFError, ValueError, RecursionError, csv.Error, lzma.LZMAError, pa.ArrowException):
        return 0  # damaged for the other reader too, which says nothing of the rows
    whole = [tuple(cell.strip() for cell in row) for row in rows if len(row) == len(HEADER)]
    return sum(row != HEADER for row in whole)
