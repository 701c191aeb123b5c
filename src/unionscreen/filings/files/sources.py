"""Sources of bytes: a plain file, a packed file, standard input, or the conversion of another source."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import lzma
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple, Protocol, cast

import pyarrow as pa

from unionscreen.errors import FilingError
from unionscreen.filings.files.contents import packing
from unionscreen.hashing import sha256_of

# Bytes of a source to examine to recognize it: 200 lines of a wide layout.
HEAD_BYTES: Final = 256 * 1024
# Bytes that show how a file is packed.
_MAGIC_BYTES: Final = 16
# Bytes requested from a stream at once: some streams allocate the full size, however few bytes there are.
_PIECE_BYTES: Final = 16 << 20
# Packed bytes read at once. The unpacked bytes are returned in pieces anyway.
_PACKED_PIECE_BYTES: Final = 64 << 10
# Uniform text packs at most about 1:30. A file beyond both limits is made to fill the disk or the memory.
MAX_RATIO: Final = 200
MAX_UNPACKED_BYTES: Final = 4 << 30
# A sheet is read whole, so its unpacked size has a limit whatever the ratio. (A full sheet of 1,048,576 rows is about
# 1 GB of XML.)
MAX_SHEET_BYTES: Final = 2 << 30


class Readable(Protocol):
    """The method that a stream must have."""

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes."""
        ...


class Start(NamedTuple):
    """The first bytes of a source, by which its container is recognized."""

    data: bytes
    complete: bool
    """Whether these are all bytes of the source."""


class Stretch(NamedTuple):
    """Rows that are read together from a file that holds columns, not lines."""

    length: int
    """Their share of the bytes on disk."""
    records: tuple[int, int, int]
    """The row group, the first row in it, and how many."""


@dataclass(frozen=True)
class Source:
    """The unpacked bytes of one filing. Each opening begins at the start."""

    label: str
    """As shown to the user: the path as given, ``!member`` for a zip."""
    path: Path | None
    size: int | None
    """Bytes as unpacked, where known before reading."""
    opener: Callable[[], Iterator[BinaryIO]]
    digest: Callable[[], str]
    """SHA-256 of the file as given, in hexadecimal."""
    plain: bool = False
    """Whether ``path`` holds exactly these bytes, so that a block can be read from any position."""
    once: Once | None = None
    """The stream, if it can be read only once."""
    stretches: Callable[[], Iterator[Stretch]] | None = None
    """For a file of columns: its stretches, from which blocks are made instead of bytes."""

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """The bytes from the start.

        Raises:
            FilingError: the file is damaged, cut off, or a zip bomb.
        """
        try:
            yield from self.opener()
        except (zipfile.BadZipFile, zlib.error, EOFError, lzma.LZMAError, pa.ArrowException, gzip.BadGzipFile) as error:
            raise FilingError(
                f"the packed file is damaged or cut off: {error}", source=self.label, hint="download it again"
            ) from error
        except OSError as error:
            raise FilingError(f"cannot be read: {error.strerror or error}", source=self.label) from error

    @contextmanager
    def look(self) -> Iterator[BinaryIO]:
        """The bytes from the start, without consuming them: opening the source later still begins at the start."""
        with self.open() as stream:
            yield stream if self.once is None else cast("BinaryIO", _Look(self.once))

    def start(self) -> Start:
        """The first bytes."""
        with self.look() as stream:
            data = _read_fully(stream, HEAD_BYTES + 1)
        return Start(data[:HEAD_BYTES], len(data) <= HEAD_BYTES)

    def whole(self) -> bytes:
        """All bytes, for containers that must be read whole.

        Raises:
            FilingError: there are more than ``MAX_SHEET_BYTES``. Nothing is cut off silently.
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


def _read_fully(stream: Readable, size: int) -> bytes:
    pieces, got = [], 0
    while got < size and (piece := stream.read(min(size - got, _PIECE_BYTES))):
        pieces.append(piece)
        got += len(piece)
    return b"".join(pieces)


class Bounded:
    """A stream that refuses to unpack to the size of a zip bomb."""

    def __init__(self, stream: Readable, packed_size: int | None, label: str) -> None:
        """Limit ``stream``, which unpacks ``packed_size`` bytes (None: unknown)."""
        self._stream, self._packed, self._label, self._got = stream, packed_size, label, 0

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes.

        Raises:
            FilingError: the unpacked size is too large for the packed size.
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
    """A stream that can be read once, like standard input. It can be peeked into, and is hashed while it is read."""

    def __init__(self, stream: Readable) -> None:
        """Wrap a stream that cannot go back."""
        self._stream, self._ahead, self._hash = stream, bytearray(), hashlib.sha256()

    def peek(self, start: int, size: int) -> bytes:
        """Some of the next bytes without consuming them; fewer than ``size`` only at the end.

        Args:
            start: how many of the next bytes to skip.
            size: how many.
        """
        missing = start + size - len(self._ahead)
        if missing > 0:
            self._ahead += _read_fully(self._stream, missing)
        return bytes(self._ahead[start : start + size])

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes; fewer than ``size`` only at the end, whatever was peeked at before."""
        cut = len(self._ahead) if size < 0 else size
        piece = bytes(self._ahead[:cut])
        del self._ahead[:cut]
        piece += self._stream.read() if size < 0 else _read_fully(self._stream, size - len(piece))
        self._hash.update(piece)
        return piece

    def digest(self) -> str:
        """SHA-256 of the bytes that were read so far."""
        return self._hash.hexdigest()


class _Look:
    """The next bytes of a stream that can be read once, read without consuming them."""

    def __init__(self, stream: Once) -> None:
        self._stream, self._at = stream, 0

    def read(self, size: int, /) -> bytes:
        piece = self._stream.peek(self._at, size)
        self._at += len(piece)
        return piece


def digest_of(path: Path) -> Callable[[], str]:
    """A function that returns the SHA-256 of a file, which is read at the first call."""
    known: list[str] = []

    def digest() -> str:
        if not known:
            known.append(sha256_of(path))
        return known[0]

    return digest


class _Streams:
    """The unpacked bytes of consecutive bz2 or xz streams.

    ``BZ2File`` and ``LZMAFile`` end silently at a later stream whose first bytes are damaged.
    """

    def __init__(self, raw: Readable, start: Callable[[], bz2.BZ2Decompressor | lzma.LZMADecompressor]) -> None:
        self._raw, self._start = raw, start
        self._decompressor, self._packed, self._begun = start(), b"", True

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes; empty only at the end.

        Raises:
            EOFError: a stream is damaged or cut off.
        """
        if size < 0:
            return b"".join(iter(lambda: self.read(_PIECE_BYTES), b""))
        while size:
            if self._decompressor.eof:
                self._packed = self._decompressor.unused_data
                self._decompressor, self._begun = self._start(), False
            packed, self._packed = self._packed, b""
            if not packed and self._decompressor.needs_input and not (packed := self._raw.read(_PACKED_PIECE_BYTES)):
                if self._begun:
                    raise EOFError("it ends in the middle of a stream")
                return b""
            if not self._begun:
                packed = packed.lstrip(b"\x00")  # padding between streams
                self._begun = bool(packed)
            try:
                piece = self._decompressor.decompress(packed, size) if self._begun else b""
            except (OSError, lzma.LZMAError) as error:
                raise EOFError(str(error)) from error
            if piece:
                return piece
        return b""


def unpacked(stream: Readable, how: str) -> Readable:
    """The unpacked bytes of a packed stream."""
    raw = cast("BinaryIO", stream)
    match how:
        case "gzip":
            return cast("Readable", gzip.GzipFile(fileobj=raw))
        case "bz2":
            return _Streams(raw, bz2.BZ2Decompressor)
        case "xz":
            return _Streams(raw, lzma.LZMADecompressor)
        case _:
            return cast("Readable", pa.CompressedInputStream(pa.PythonFile(raw, mode="r"), how))


def file_source(path: Path, label: str) -> Source:
    """A file on disk, plain or packed.

    Raises:
        OSError: it cannot be read.
    """
    size = path.stat().st_size
    with path.open("rb") as handle:
        how = packing(handle.read(_MAGIC_BYTES))

    def plain() -> Iterator[BinaryIO]:
        with path.open("rb") as handle:
            yield handle

    def packed() -> Iterator[BinaryIO]:
        with path.open("rb") as handle:
            yield cast("BinaryIO", Bounded(unpacked(handle, cast("str", how)), size, label))

    if how is None:
        return Source(label, path, size, plain, digest_of(path), plain=True)
    return Source(label, path, None, packed, digest_of(path))


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
    """A stream of bytes that are generated piece by piece."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        """Read the bytes that ``pieces`` yields."""
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
    """A source that converts the bytes of another while they are read. Its hash stays that of the file as given."""
    if source.once is not None:
        made = Once(Generated(pieces(cast("BinaryIO", source.once))))
        return _once_source(source.label, made, source.digest)

    def opener() -> Iterator[BinaryIO]:
        with source.open() as stream:
            yield cast("BinaryIO", Generated(pieces(stream)))

    return replace(source, opener=opener, size=None, plain=False)


def in_memory(source: Source, data: bytes) -> Source:
    """A source whose bytes were converted before. Its hash stays that of the file as given."""

    def opener() -> Iterator[BinaryIO]:
        yield BytesIO(data)

    return replace(source, opener=opener, size=len(data), plain=False, once=None)
