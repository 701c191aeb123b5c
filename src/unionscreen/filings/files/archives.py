"""What is in a zip: filings, workbooks in disguise, and what must not be unpacked."""

from __future__ import annotations

import lzma
import re
import struct
import threading
import weakref
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, BinaryIO, Final, cast

from unionscreen.errors import FilingError, NotATableError
from unionscreen.files import shown
from unionscreen.filings.files.contents import packing
from unionscreen.filings.files.sources import (
    MAX_SHEET_BYTES,
    Bounded,
    Readable,
    Source,
    check_ratio,
    digest_of,
    file_source,
    unpacked,
)

# Members that operating systems add to an archive.
_IGNORED_MEMBERS: Final = re.compile(r"(^|/)(__MACOSX/|\.DS_Store$|Thumbs\.db$|\._)")


# What zipfile raises for a zip that is damaged, or packed in a way that it does not support.
_BAD_ZIP: Final = (
    zipfile.BadZipFile, RuntimeError, ValueError, EOFError, OSError, zlib.error, lzma.LZMAError, struct.error,
)  # fmt: skip


# Archives kept open at once: a folder may hold more archives than a process may open files.
_MOST_OPEN: Final = 8
_OPEN: Final[dict[int, tuple[zipfile.ZipFile, ...]]] = {}
_OPEN_LOCK: Final = threading.RLock()


class _Archive:
    """A zip, or a zip in a zip. Its list of members is read once, not for each member."""

    def __init__(self, path: Path, nested: zipfile.ZipInfo | None = None) -> None:
        self._path, self._nested = path, nested
        weakref.finalize(self, _close, id(self))

    def open(self, info: zipfile.ZipInfo) -> IO[bytes]:
        """A member. It can still be read after the archive is closed to make room for another."""
        with _OPEN_LOCK:
            opened = _OPEN.pop(id(self), None) or self._opened()
            _OPEN[id(self)] = opened
            while len(_OPEN) > _MOST_OPEN:
                _close(next(iter(_OPEN)))
            return opened[-1].open(info)

    def _opened(self) -> tuple[zipfile.ZipFile, ...]:
        with ExitStack() as on_error:
            outer = on_error.enter_context(zipfile.ZipFile(self._path))
            archives = (outer,) if self._nested is None else (outer, zipfile.ZipFile(outer.open(self._nested)))
            on_error.pop_all()
        return archives


def _close(which: int) -> None:
    with _OPEN_LOCK:
        for archive in reversed(_OPEN.pop(which, ())):
            archive.close()  # a member that is still being read keeps the file open


@dataclass
class Members:
    """What is in a zip: sources that may be filings, and notes on the rest."""

    sources: list[Source] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def zip_kind(path: Path, label: str) -> str:
    """What kind of zip a file is: ``zip`` or ``sheet`` (xlsx, xlsm, ods). A text document is refused."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            is_ods = "mimetype" in names and b"spreadsheet" in archive.read("mimetype")[:200]
            if "xl/workbook.xml" in names or "xl/workbook.bin" in names or is_ods:
                total = sum(info.file_size for info in archive.infolist())
                if total > MAX_SHEET_BYTES:
                    raise FilingError(
                        f"a spreadsheet that unpacks to {total >> 20} MB: too large to read whole",
                        source=label,
                        hint="save the sheet as CSV",
                    )
                return "sheet"
    except _BAD_ZIP as error:
        raise _refused(error, label) from error
    if "word/document.xml" in names or "ppt/presentation.xml" in names or "mimetype" in names:
        raise NotATableError("this is a text document, not a table", source=label, hint="save the table in it as CSV")
    return "zip"


def _refused(error: Exception, label: str) -> FilingError:
    """The error for a zip that zipfile cannot read."""
    said = f"damaged or cut off: {str(error) or type(error).__name__}"
    # Windows packs files over 2 GB by Deflate64, which zipfile does not support. A wrong byte may look like this too.
    if isinstance(error, NotImplementedError):
        hint = "unpack it with another program, or download it again"
        return FilingError(f"the zip file is packed in an unsupported way, or it is {said}", source=label, hint=hint)
    return FilingError(f"the zip file is {said}", source=label, hint="download it again")


def zip_members(path: Path, label: str) -> Members:
    """The files in a zip, in order, including those of a zip within it (as New York publishes).

    Raises:
        FilingError: a member has a path outside of the zip, is encrypted, or is a zip bomb.
    """
    out = Members()
    digest = digest_of(path)

    outer = _Archive(path)

    def add(within: _Archive, info: zipfile.ZipInfo, member: str) -> None:
        out.sources.append(Source(member, path, info.file_size, _member_opener(within, info, member), digest))

    with zipfile.ZipFile(path) as archive:
        for info in _safe_members(archive, label, out):
            member = f"{label}!{info.filename}"
            if not info.filename.lower().endswith(".zip"):
                add(outer, info, member)
                continue
            try:
                with archive.open(info) as stream, zipfile.ZipFile(stream) as nested:
                    within = _Archive(path, info)
                    for inner in _safe_members(nested, member, out):
                        add(within, inner, f"{member}!{inner.filename}")
            except _BAD_ZIP as error:
                out.notes.append(f"{info.filename}: {_refused(error, label).message}")
    return out


def _safe_members(archive: zipfile.ZipFile, label: str, out: Members) -> Iterator[zipfile.ZipInfo]:
    """The members that may be filings. Empty members are noted, dangerous ones refused."""
    for info in archive.infolist():
        name = info.filename.replace("\\", "/")
        if not name:
            raise _refused(zipfile.BadZipFile("a file in it has no name"), label)
        if name.startswith("/") or ".." in name.split("/") or re.match(r"[A-Za-z]:", name):
            raise FilingError(
                f"refused: the zip holds a path that leads outside of it: {info.filename!r}", source=label
            )
        if info.is_dir() or _IGNORED_MEMBERS.search(name):
            continue
        if info.flag_bits & 0x1:
            raise FilingError(
                "the zip is locked with a password", source=f"{label}!{info.filename}", hint="unpack it first"
            )
        if info.file_size == 0:
            out.notes.append(f"{info.filename}: empty")
            continue
        check_ratio(info.compress_size, info.file_size, f"{label}!{info.filename}")
        yield info


def _member_opener(within: _Archive, info: zipfile.ZipInfo, label: str) -> Callable[[], Iterator[BinaryIO]]:
    """Open a member, or a member of a zip within the zip."""

    def opener() -> Iterator[BinaryIO]:
        try:
            member = within.open(info)
        except _BAD_ZIP as error:
            raise _refused(error, label) from error
        with member as stream:
            how = packing(cast("zipfile.ZipExtFile", stream).peek(8))
            inner = unpacked(cast("Readable", stream), how) if how else cast("Readable", stream)
            yield cast("BinaryIO", Bounded(inner, info.compress_size, label))

    return opener


def member_or_file(path: Path, member: str | None) -> Source:
    """A file on disk, or a member of a zip on disk, plain or packed."""
    if member is None:
        return file_source(path, shown(path))
    label = f"{shown(path)}!{member}"
    return next(source for source in zip_members(path, shown(path)).sources if source.label == label)
