"""What the user gave, opened: paths, standard input or a DataFrame → filings and their block tasks."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from unionscreen.accounting import Rules
from unionscreen.errors import FilingError, NoContributionsError, UnionScreenError, UsageError
from unionscreen.files import shown
from unionscreen.filings import (
    BlockTask,
    Filing,
    ReadOptions,
    detect_format,
    filings_of,
    folder_files,
    load_format,
    lookup_files_in,
    open_path,
)
from unionscreen.prosecutors import Agency, agency_of
from unionscreen.screening.dataframe import FRAME, renamed, write_frame

if TYPE_CHECKING:
    import pandas as pd

STDIN: Final = "-"


@dataclass
class Inputs:
    """All filings of a screening, numbered in the order they were given."""

    filings: tuple[Filing, ...]
    paths: tuple[str, ...]
    """What each filing was given as: several sheets, members, or files of a folder share one."""
    empty: tuple[NoContributionsError, ...] = ()
    """Reports that were given and itemize no contribution; the others go on."""
    _hashes: dict[str, Future[str]] = field(default_factory=dict)

    @property
    def size(self) -> int | None:
        """Bytes of all filings; None when one does not know."""
        sizes = [filing.size for filing in self.filings]
        return None if None in sizes else sum(size or 0 for size in sizes)

    @property
    def can_be_read_again(self) -> bool:
        """Whether none is standard input."""
        return STDIN not in self.paths

    def agencies(self, home: str = "") -> list[Agency]:
        """Whose ids each filing uses.

        Args:
            home: the state that the user says, where the filing does not.
        """
        formats = [filing.format for filing in self.filings]
        return [agency_of(each.id, each.state, known=bool(each.jurisdiction), home=home) for each in formats]

    @property
    def rules(self) -> dict[str, Rules]:
        """How the formats of these filings repeat rows."""
        return {filing.format.id: Rules.named(filing.format.accounting) for filing in self.filings}

    def tasks(self) -> Iterator[BlockTask]:
        """The blocks of all filings, in order; the hashes of files on disk are computed beside."""
        with ThreadPoolExecutor(1, "sha256") as pool:  # hashlib lets go of the interpreter: it costs no waiting
            for path, filing in dict(zip(self.files, self.filings, strict=True)).items():
                if filing.path is not None:
                    self._hashes[path] = pool.submit(filing.sha256)
            for filing in self.filings:
                for task in filing.tasks():  # a worker may stand in another folder
                    yield task if task.path is None else replace(task, path=str(Path(task.path).absolute()))

    def sha256(self, i: int) -> str:
        """The hash of a filing's bytes as given; valid when its tasks were all taken."""
        path = self.files[i]
        return self._hashes[path].result() if path in self._hashes else self.filings[i].sha256()

    @property
    def files(self) -> list[str]:
        """The file of each filing: its path as given, or of a folder's files their own."""
        return [
            filing.path if filing.path is not None and os.path.isdir(path) else path  # noqa: PTH112 - the path is text
            for path, filing in zip(self.paths, self.filings, strict=True)
        ]

    @property
    def joined(self) -> list[str]:
        """The files that are joined to others."""
        virtual = [joined for filing in self.filings for joined in filing.layout.virtual.values()]
        return sorted({file.path for joined in virtual for file in joined.table.files})

    @property
    def unread(self) -> dict[str, Any]:
        """For the manifest: files that could not be read or are one page of several, and how many files there are."""
        unread = [each._asdict() for filing in self.filings for each in filing.unread]
        read = {filing.file for filing in self.filings}
        others = sum(filing.empty for filing in self.filings) + sum(each["path"] not in read for each in unread)
        return {"files": len(read) + len(self.empty) + others, "unread": unread} if unread else {}

    def by_name(self) -> list[list[int]]:
        """The filings' numbers of each file that the user gave by its name.

        A pattern counts as the names it stands for, because a shell puts them in its place before we see it; a folder
        does not: who gives one wants the prosecutors in it.
        """
        folders = {path for path in self.paths if os.path.isdir(path)}  # noqa: PTH112 - the path is text
        return [indices for path, indices in self.by_path().items() if path not in folders]

    def by_path(self) -> dict[str, list[int]]:
        """The filings' numbers under each path that was given."""
        indices: dict[str, list[int]] = {}
        for i, path in enumerate(self.paths):
            indices.setdefault(path, []).append(i)
        return indices


def open_inputs(
    filings: str | os.PathLike[str] | Sequence[str | os.PathLike[str]] | pd.DataFrame,
    *,
    filing_format: str | None,
    mapping: Mapping[str, str] | None,
    recipient: str | None,
    scratch: Path,
    accept_difference: bool = False,
) -> Inputs:
    """Open everything that is to be screened.

    Args:
        filings: paths, or a DataFrame.
        filing_format: read all as this format.
        mapping: canonical column to header.
        recipient: who received, where the filings do not say.
        scratch: a folder that outlives the screening, for a DataFrame's rows.
        accept_difference: as for ``open_filing``.

    Raises:
        UsageError: nothing to screen, or one file given twice.
        FilingError: one cannot be opened.
    """
    given = _given(filings, scratch)
    if not given:
        raise UsageError("no filing to screen")
    options = ReadOptions(filing_format, mapping or {}, recipient, accept_difference)
    if filing_format is not None:
        load_format(filing_format)  # a wrong id is the user's mistake whatever the file is
    contents = [open_path(path, options) for path, _ in given]
    lookup_files = lookup_files_in(contents)
    joined = {file.source for files in lookup_files.values() for file in files} & {shown(path) for path, _ in given}
    seen: set[str] = set()
    opened: list[Filing] = []
    empty: list[NoContributionsError] = []
    paths: list[str] = []
    for (path, said), content in zip(given, contents, strict=True):
        mine = {each if each == STDIN else os.path.realpath(each): each for each in _files(path)}
        for file in sorted(seen & mine.keys()):
            raise UsageError(
                f"{shown(mine[file])} is given twice; its money would count twice", hint="give each filing once"
            )
        seen.update(mine)
        if shown(path) in joined and len(joined) < len(given):
            continue  # joined to the others
        try:
            found = filings_of(content, options, lookup_files)
        except NoContributionsError as error:
            empty.append(error if path == said else renamed(error, path))
            continue
        except UnionScreenError as error:
            if path == said:
                raise
            raise renamed(error, path) from None
        for filing in found:
            source = filing.source if path == said else said
            opened.append(replace(filing, source=source, input_index=len(opened)))
            paths.append(said)
    if not opened and empty:
        raise empty[0]
    return Inputs(tuple(opened), tuple(paths), tuple(empty))


def _given(filings: Any, scratch: Path) -> list[tuple[str, str]]:
    """Each path, and what to call it."""
    if isinstance(filings, (str, os.PathLike)):
        filings = [filings]
    if hasattr(filings, "to_csv"):
        return [(str(write_frame(filings, scratch)), FRAME)]
    return [(path, path) for given in filings for path in _matching(os.fspath(given))]


def _matching(path: str) -> list[str]:
    """The files that a pattern means, where no shell has put them in its place; a path as it is."""
    if "\0" in path:
        raise UsageError("a path holds a NUL character, which no file's name can", source=shown(path))
    if path == STDIN or not glob.has_magic(path) or os.path.lexists(path):
        return [path]
    found = sorted(glob.glob(path, recursive=True))  # noqa: PTH207 - keeps the path as the user wrote it
    if not found:
        raise FilingError("no file is like this", source=shown(path), hint="** stands for any number of folders")
    folders = {Path(each) for each in found if os.path.isdir(each)}  # noqa: PTH112 - the path is text
    return [each for each in found if not folders.intersection(Path(each).parents)]  # a folder is read with all in it


def _files(path: str) -> list[str]:
    """The files that a path stands for."""
    return [str(file) for file in folder_files(Path(path))] or [path]


def overwritten(target: Path, filings: Sequence[str | os.PathLike[str]]) -> bool:
    """Whether writing to a file would destroy a filing that is to be screened.

    Args:
        target: the file, whether it is there or not.
        filings: as for :func:`open_inputs`; of a folder, an earlier result of ours in it may be written anew.
    """
    real = os.path.realpath(target)
    for path in (each for given in filings for each in _matching(os.fspath(given)) if each != STDIN):
        if os.path.realpath(path) == real:
            return True
        if os.path.isdir(path) and any(os.path.realpath(each) == real for each in _files(path)):  # noqa: PTH112 - a text
            try:
                return detect_format(real).format is not None
            except FilingError:
                return False
    return False
