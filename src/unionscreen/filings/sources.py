"""Where the bytes of a filing come from: a plain file, a packed one, a member of a zip, standard input.

What a file is, its first bytes say, not its name. Everything that is no table of text or sheet is refused by name.
"""

from __future__ import annotations

import bz2
import gzip
import hashlib
import lzma
import os
import re
import struct
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, BinaryIO, Final, Protocol, cast

import pyarrow as pa

from unionscreen.errors import FilingError

# Bytes of a source that are looked at to recognise it: 200 lines of a wide layout.
HEAD_BYTES: Final = 256 * 1024
# Bytes asked of a stream at once: some set aside room for all that is asked, whatever there is.
_PIECE_BYTES: Final = 16 << 20
# Text of one kind packs at most about 1:30; a file beyond both limits is made to fill the disk or the memory.
MAX_RATIO: Final = 200
MAX_UNPACKED_BYTES: Final = 4 << 30
# A sheet is read whole, so what it unpacks to has a limit of its own, whatever the ratio. (A full sheet of 1,048,576
# rows is about 1 GB of XML.)
MAX_SHEET_BYTES: Final = 2 << 30

ZIP: Final = b"PK\x03\x04"
EMPTY_ZIP: Final = b"PK\x05\x06"
OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PACKED: Final[tuple[tuple[bytes, str], ...]] = (
    (b"\x1f\x8b", "gzip"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"BZh", "bz2"),
    (b"\xfd7zXZ\x00", "xz"),
)
_REFUSED: Final[tuple[tuple[bytes, str, str], ...]] = (
    (b"%PDF", "a PDF", "ask the agency for the data as CSV or Excel, or type the table into a spreadsheet"),
    (b"\x89PNG", "an image", "ask the agency for the data as CSV or Excel"),
    (b"\xff\xd8\xff", "an image", "ask the agency for the data as CSV or Excel"),
    (b"GIF8", "an image", "ask the agency for the data as CSV or Excel"),
    (b"II*\x00", "an image", "ask the agency for the data as CSV or Excel"),
    (b"MM\x00*", "an image", "ask the agency for the data as CSV or Excel"),
    (b"{\\rtf", "a text document (RTF)", "save the table in it as CSV"),
    (b"PAR1", "a Parquet file", "give it as a file of its own, unpacked"),
    (b"SQLite format 3", "a database (SQLite)", "export the table of contributions as CSV"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", "unpack it first"),
    (b"Rar!", "a RAR archive", "unpack it first"),
)
_HTML: Final = re.compile(rb"\s*<(!doctype html|html|table|head|meta|style|\?xml)", re.IGNORECASE)
_FEC: Final = re.compile(rb'("?HDR"?[\x1c,]"?FEC"?[\x1c,]|/\* Header)')
# Control characters that no text has; more than this share of them in a head is no text.
_CONTROL: Final = frozenset(range(0x20)) - frozenset(b"\t\n\x0b\x0c\r\x1a\x1c")
_MAX_CONTROL_SHARE: Final = 0.05
# In UTF-16 every other byte of Latin text is NUL.
_UTF16_NUL_SHARE: Final = 0.4
# Members of an archive that no one put there on purpose.
_IGNORED_MEMBERS: Final = re.compile(r"(^|/)(__MACOSX/|\.DS_Store$|Thumbs\.db$|\._)")


# What zipfile raises over a zip that is damaged, or made in a way that it does not know.
_BAD_ZIP: Final = (
    zipfile.BadZipFile, RuntimeError, ValueError, EOFError, OSError, zlib.error, lzma.LZMAError, struct.error,
)  # fmt: skip


class _Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


@dataclass(frozen=True)
class Source:
    """Bytes of one filing, unpacked, from the start each time they are opened."""

    label: str
    """As shown to the user: the path as given, ``!member`` for a zip."""
    path: Path | None
    size: int | None
    """Bytes as unpacked, where known before reading."""
    opener: Callable[[], Iterator[BinaryIO]]
    digest: Callable[[], str]
    """SHA-256 of the file as given, in hexadecimal."""
    plain: bool = False
    """Whether ``path`` holds exactly these bytes, so that a block may be read from its middle."""
    once: Once | None = None
    """The stream behind it where it can be read only once."""

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """The bytes from the start.

        Raises:
            FilingError: the file is damaged, cut off, or unpacks to a size that is an attack.
        """
        try:
            yield from self.opener()
        except (zipfile.BadZipFile, zlib.error, EOFError, lzma.LZMAError, pa.ArrowException, gzip.BadGzipFile) as error:
            raise FilingError(
                f"the packed file is damaged or cut off: {error}", source=self.label, hint="download it again"
            ) from error
        except NotImplementedError as error:  # how zipfile says that it does not know a compression
            raise FilingError(
                f"packed in a way that cannot be read: {error}", source=self.label, hint="unpack it first"
            ) from error
        except OSError as error:
            raise FilingError(f"cannot be read: {error.strerror or error}", source=self.label) from error

    @contextmanager
    def look(self) -> Iterator[BinaryIO]:
        """The bytes from the start, to look at: they are all still there when it is opened to be read."""
        with self.open() as stream:
            yield stream if self.once is None else cast("BinaryIO", _Look(self.once))

    def head(self) -> tuple[bytes, bool]:
        """The first bytes, and whether they are all."""
        with self.look() as stream:
            head = _read_fully(stream, HEAD_BYTES + 1)
        return head[:HEAD_BYTES], len(head) <= HEAD_BYTES

    def whole(self) -> bytes:
        """All bytes, of what can only be read whole.

        Raises:
            FilingError: more than ``MAX_SHEET_BYTES``: nothing is cut off silently.
        """
        with self.open() as stream:
            data = _read_fully(stream, MAX_SHEET_BYTES + 1)
        if len(data) > MAX_SHEET_BYTES:
            raise FilingError(
                f"holds more than {MAX_SHEET_BYTES >> 20} MB: too large to read whole",
                source=self.label,
                hint="save the table as CSV",
            )
        return data


def _read_fully(stream: _Readable, size: int) -> bytes:
    pieces, got = [], 0
    while got < size and (piece := stream.read(min(size - got, _PIECE_BYTES))):
        pieces.append(piece)
        got += len(piece)
    return b"".join(pieces)


class Bounded:
    """A stream that refuses to unpack to a size no honest file has."""

    def __init__(self, stream: _Readable, packed_size: int | None, label: str) -> None:
        """Limit ``stream``, which unpacks ``packed_size`` bytes (None: unknown)."""
        self._stream, self._packed, self._label, self._got = stream, packed_size, label, 0

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes.

        Raises:
            FilingError: too much came out of too little.
        """
        piece = self._stream.read(size)
        self._got += len(piece)
        check_ratio(self._packed, self._got, self._label)
        return piece


def check_ratio(packed: int | None, unpacked: int, label: str) -> None:
    """Refuse what unpacks to more than ``MAX_UNPACKED_BYTES`` and more than ``MAX_RATIO`` times its size."""
    if unpacked > MAX_UNPACKED_BYTES and packed is not None and unpacked > MAX_RATIO * max(packed, 1):
        raise FilingError(
            f"unpacks to more than {MAX_RATIO} times its size: refused as a zip bomb",
            source=label,
            hint="if it is a real filing, unpack it yourself and give the file inside",
        )


class Once:
    """Standard input: can be looked into, read once, and hashed on the way."""

    def __init__(self, stream: _Readable) -> None:
        """Wrap a stream that cannot go back."""
        self._stream, self._ahead, self._hash = stream, bytearray(), hashlib.sha256()

    def peek(self, start: int, size: int) -> bytes:
        """Some of the bytes to come without taking them, fewer than ``size`` only at the end.

        Args:
            start: how many of the bytes to come lie before them.
            size: how many.
        """
        missing = start + size - len(self._ahead)
        if missing > 0:
            self._ahead += _read_fully(self._stream, missing)
        return bytes(self._ahead[start : start + size])

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes; fewer than ``size`` only at the end, whatever was looked at before."""
        cut = len(self._ahead) if size < 0 else size
        piece = bytes(self._ahead[:cut])
        del self._ahead[:cut]
        piece += self._stream.read() if size < 0 else _read_fully(self._stream, size - len(piece))
        self._hash.update(piece)
        return piece

    def digest(self) -> str:
        """SHA-256 of what was read so far."""
        return self._hash.hexdigest()


class _Look:
    """The bytes to come of a stream that can be read once, read without taking them."""

    def __init__(self, stream: Once) -> None:
        self._stream, self._at = stream, 0

    def read(self, size: int, /) -> bytes:
        piece = self._stream.peek(self._at, size)
        self._at += len(piece)
        return piece


def shown(path: str | os.PathLike[str]) -> str:
    r"""A path as it is shown: bytes of its name that are no UTF-8 are written out, for no report could hold them.

    >>> shown("caf\udce9.csv")
    'caf\\xe9.csv'
    """
    name = os.fspath(path)
    try:
        name.encode()
    except UnicodeEncodeError:
        return os.fsencode(name).decode("utf-8", "backslashreplace")
    return name


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _digest_of(path: Path) -> Callable[[], str]:
    known: list[str] = []

    def digest() -> str:
        if not known:
            known.append(sha256_of(path))
        return known[0]

    return digest


def packing(head: bytes) -> str | None:
    """How a file is packed, by its first bytes."""
    return next((name for magic, name in _PACKED if head.startswith(magic)), None)


def unpacked(stream: _Readable, how: str) -> _Readable:
    """The stream behind a packed one."""
    raw = cast("BinaryIO", stream)
    match how:
        case "gzip":
            return cast("_Readable", gzip.GzipFile(fileobj=raw))
        case "bz2":
            return bz2.BZ2File(raw)
        case "xz":
            return lzma.LZMAFile(raw)
        case _:
            return cast("_Readable", pa.CompressedInputStream(pa.PythonFile(raw, mode="r"), how))


def refuse_if_no_text(head: bytes, label: str) -> None:
    """Say what a file is when it is surely no table of text.

    Raises:
        FilingError: a PDF, an image, a web page, an archive in an archive, something binary.
    """
    for magic, what, hint in _REFUSED:
        if head.startswith(magic):
            raise FilingError(f"this is {what}, not a table", source=label, hint=hint)
    if head.startswith((ZIP, OLE)) or packing(head):
        raise FilingError("packed twice", source=label, hint="unpack it once and give what comes out")
    if _HTML.match(head):
        raise FilingError(
            "this is a web page (HTML or XML) without a table of contributions, whatever its name says",
            source=label,
            hint="open it in a spreadsheet program and save it as CSV or .xlsx",
        )
    if text_encoding(head) is None and sum(map(head.count, map(_one_byte, _CONTROL))) > _MAX_CONTROL_SHARE * len(head):
        raise FilingError("this is no text and no spreadsheet", source=label, hint="give a CSV, TSV, Excel or zip file")


def _one_byte(value: int) -> bytes:
    return bytes([value])


def text_encoding(head: bytes) -> str | None:
    """``utf-16-le`` or ``utf-16-be`` where the bytes say so, with or without a mark; None for one byte a character."""
    if head.startswith(b"\xff\xfe"):
        return "utf-16-le"
    if head.startswith(b"\xfe\xff"):
        return "utf-16-be"
    sample = head[: 4096 - 4096 % 2]
    half = len(sample) // 2
    if half and sample[1::2].count(0) > _UTF16_NUL_SHARE * half and sample[::2].count(0) == 0:
        return "utf-16-le"
    if half and sample[::2].count(0) > _UTF16_NUL_SHARE * half and sample[1::2].count(0) == 0:
        return "utf-16-be"
    return None


def file_source(path: Path, label: str, head: bytes) -> Source:
    """A file on disk that holds one text, plain or packed."""
    size = path.stat().st_size
    how = packing(head)

    def plain() -> Iterator[BinaryIO]:
        with path.open("rb") as handle:
            yield handle

    def packed() -> Iterator[BinaryIO]:
        with path.open("rb") as handle:
            yield cast("BinaryIO", Bounded(unpacked(handle, cast("str", how)), size, label))

    if how is None:
        return Source(label, path, size, plain, _digest_of(path), plain=True)
    return Source(label, path, None, packed, _digest_of(path))


def member_or_file(path: Path, member: str | None) -> Source:
    """A file on disk, or a member of a zip on disk, plain or packed."""
    if member is None:
        with path.open("rb") as handle:
            return file_source(path, shown(path), handle.read(16))
    label = f"{shown(path)}!{member}"
    return next(source for source in zip_members(path, shown(path)).sources if source.label == label)


def stdin_source() -> Source:
    """Standard input, plain or packed as one stream."""
    once = Once(sys.stdin.buffer)
    how = packing(once.peek(0, HEAD_BYTES))
    stream = once if how is None else Once(Bounded(unpacked(once, how), None, "<stdin>"))
    return _once_source("<stdin>", stream, once.digest)


def _once_source(label: str, stream: Once, digest: Callable[[], str]) -> Source:
    def opener() -> Iterator[BinaryIO]:
        yield cast("BinaryIO", stream)

    return Source(label, None, None, opener, digest, once=stream)


class Generated:
    """A stream of bytes that are made piece by piece."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        """Read what ``pieces`` yields."""
        self._pieces, self._ready = pieces, b""

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes; fewer than ``size`` only at the end."""
        taken, got = [self._ready], len(self._ready)
        while (size < 0 or got < size) and (piece := next(self._pieces, b"")):
            taken.append(piece)
            got += len(piece)
        together = b"".join(taken)
        cut = len(together) if size < 0 else size
        self._ready = together[cut:]
        return together[:cut]


def converted(source: Source, pieces: Callable[[BinaryIO], Iterator[bytes]]) -> Source:
    """A source whose bytes are made of another's while they are read; its hash stays that of the file as given."""
    if source.once is not None:
        made = Once(Generated(pieces(cast("BinaryIO", source.once))))
        return _once_source(source.label, made, source.digest)

    def opener() -> Iterator[BinaryIO]:
        with source.open() as stream:
            yield cast("BinaryIO", Generated(pieces(stream)))

    return replace(source, opener=opener, size=None, plain=False)


def is_page(head: bytes) -> bool:
    """Whether it is a web page, which may hold tables."""
    return bool(_HTML.match(head)) and head.lstrip()[:5].lower() != b"<?xml"


def is_fec(head: bytes) -> bool:
    """Whether it is an electronic FEC filing."""
    return bool(_FEC.match(head))


def is_json(head: bytes) -> bool:
    """Whether it is JSON: an array, an object, or one object a line."""
    return head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")


@dataclass
class Members:
    """What is in a zip: sources that may be filings, and notes on the rest."""

    sources: list[Source] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def zip_kind(path: Path, label: str) -> str:
    """What a file that begins like a zip is: ``zip``, ``sheet`` (xlsx, xlsm, ods), or refused as a document."""
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
        raise FilingError(_damaged(error), source=label, hint="download it again") from error
    if "word/document.xml" in names or "ppt/presentation.xml" in names or "mimetype" in names:
        raise FilingError("this is a text document, not a table", source=label, hint="save the table in it as CSV")
    return "zip"


def _damaged(error: Exception) -> str:
    return f"the zip file is damaged or cut off: {str(error) or type(error).__name__}"


def zip_members(path: Path, label: str) -> Members:
    """The files in a zip, in their order; those of a zip in it (New York's) too.

    Raises:
        FilingError: a member would land outside, is encrypted, or is a bomb.
    """
    out = Members()
    digest = _digest_of(path)

    def add(way: tuple[zipfile.ZipInfo, ...], member: str) -> None:
        info = way[-1]
        out.sources.append(Source(member, path, info.file_size, _member_opener(path, way, member), digest))

    with zipfile.ZipFile(path) as archive:
        for info in _safe_members(archive, label, out):
            member = f"{label}!{info.filename}"
            if not info.filename.lower().endswith(".zip"):
                add((info,), member)
                continue
            try:
                with archive.open(info) as stream, zipfile.ZipFile(stream) as nested:
                    for inner in _safe_members(nested, member, out):
                        add((info, inner), f"{member}!{inner.filename}")
            except _BAD_ZIP as error:
                out.notes.append(f"{info.filename}: {_damaged(error)}")
    return out


def _safe_members(archive: zipfile.ZipFile, label: str, out: Members) -> Iterator[zipfile.ZipInfo]:
    """The members that may be filings; empty ones are noted, dangerous ones refused."""
    for info in archive.infolist():
        name = info.filename.replace("\\", "/")
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


def _member_opener(path: Path, way: Sequence[zipfile.ZipInfo], label: str) -> Callable[[], Iterator[BinaryIO]]:
    """Opens a member, or a member of a zip in the zip."""

    def opener() -> Iterator[BinaryIO]:
        with ExitStack() as opened:
            stream: IO[bytes] | Path = path
            try:
                for info in way:
                    archive = opened.enter_context(zipfile.ZipFile(stream))
                    stream = opened.enter_context(archive.open(info))
            except _BAD_ZIP as error:
                raise FilingError(_damaged(error), source=label, hint="download it again") from error
            how = packing(cast("zipfile.ZipExtFile", stream).peek(8))
            inner = unpacked(cast("_Readable", stream), how) if how else cast("_Readable", stream)
            yield cast("BinaryIO", Bounded(inner, way[-1].compress_size, label))

    return opener
