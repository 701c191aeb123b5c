"""A folder or a zip as a whole: which of its files are joined to the others."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from unionscreen.errors import FilingError
from unionscreen.files import shown
from unionscreen.filings.files.archives import zip_kind, zip_members
from unionscreen.filings.files.contents import OLE, ZIP, is_fec, is_json, is_page, refuse_if_no_text, text_encoding
from unionscreen.filings.files.encodings import to_utf8
from unionscreen.filings.files.heads import Head, read_heads
from unionscreen.filings.files.sources import Source, file_source
from unionscreen.filings.files.transcode import ends_in_bare_cr
from unionscreen.filings.layouts.lookup_files import LookupFile, recognize_lookup_file

LookupFiles = Mapping[str, Sequence[LookupFile]]
# Files that no one put there on purpose.
_IGNORED: Final = ("Thumbs.db", "desktop.ini")


_HIDDEN: Final = (".", "__MACOSX")


def folder_files(folder: Path, unlisted: Callable[[OSError], None] | None = None) -> list[Path]:
    """The files in a folder and in the folders in it, by name; hidden ones are none of the agency's.

    A link to a folder is not followed but is among the files: whoever opens it says so.

    Args:
        folder: where to look.
        unlisted: told of each folder that could not be.
    """
    found: list[Path] = []
    for at, folders, files in os.walk(folder, onerror=unlisted):
        folders[:] = [name for name in folders if not name.startswith(_HIDDEN)]
        links = [name for name in folders if os.path.islink(os.path.join(at, name))]  # noqa: PTH114, PTH118 - os.walk's
        found += [Path(at, name) for name in (*files, *links) if not name.startswith(_HIDDEN) and name not in _IGNORED]
    return sorted(found)


def find_lookup_files(paths: Iterable[str]) -> dict[str, tuple[LookupFile, ...]]:
    """The files among these, in these folders and in these zips that are joined to others, by their id.

    What cannot be read is passed over here: opening it says why.
    """
    out: dict[str, list[LookupFile]] = {}
    for path in paths:
        for found in _in_path(Path(path)):
            out.setdefault(found.id, []).append(found)
    return {name: tuple(files) for name, files in out.items()}


def _in_path(path: Path) -> Iterator[LookupFile]:
    for file in folder_files(path) or [path]:
        if os.path.isfile(file):  # noqa: PTH113 - a path that may not be looked at is none
            yield from _in_file(file)


def _in_file(path: Path) -> Iterator[LookupFile]:
    label = shown(path)
    try:
        with path.open("rb") as handle:
            head = handle.read(4096)
        if head.startswith(ZIP):
            if zip_kind(path, label) == "zip":
                for source in zip_members(path, label).sources:
                    yield from _in_text(source, path, source.label.removeprefix(f"{label}!"))
        elif head and not head.startswith(OLE):
            yield from _in_text(file_source(path, label, head), path, None)
    except (FilingError, OSError):
        return


def _in_text(source: Source, path: Path, member: str | None) -> Iterator[LookupFile]:
    try:
        data, _ = source.head()
        if data.startswith((ZIP, OLE)) or is_page(data) or is_json(data) or is_fec(data):
            return
        heads, encoding, _ = text_heads(source)
    except FilingError:
        return
    absolute = str(path.absolute())  # a worker may stand in another folder
    found = recognize_lookup_file(heads, source=source.label, path=absolute, member=member, encoding=encoding)
    if found is not None:
        yield found


def text_heads(source: Source) -> tuple[list[Head], str | None, bool]:
    """The heads of a text, the encoding it must be transcoded from, and whether lone CRs end its lines.

    Raises:
        FilingError: it is empty, or no text.
    """
    data, complete = source.head()
    if not data.strip(b"\x00\x1a \t\r\n\xef\xbb\xbf"):
        raise FilingError("the file is empty", source=source.label, hint="did the download finish?")
    refuse_if_no_text(data, source.label)
    encoding = text_encoding(data)
    text = data.decode(encoding, "replace") if encoding else to_utf8(data)[0].decode("utf-8", "replace")
    text = text.removeprefix("\ufeff").replace("\x00", " ").replace("\x1a", " ")
    bare_cr = ends_in_bare_cr(text)
    if bare_cr:
        text = text.replace("\r", "\n")
    if not complete and "\n" in text:
        text = text[: text.rindex("\n") + 1]
    return read_heads(text, complete=complete), encoding, bare_cr
