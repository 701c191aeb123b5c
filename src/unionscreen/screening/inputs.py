"""Paths, standard input or a DataFrame → opened filings and their block tasks."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from unionscreen.accounting.lines import Rules
from unionscreen.accounting.money import RAISED_KINDS
from unionscreen.errors import NUL_IN_PATH, FilingError, NoContributionsError, UnionScreenError, UsageError
from unionscreen.files import shown
from unionscreen.filings import (
    BlockTask,
    Filing,
    ReadOptions,
    detect_format,
    filings_of,
    folder_files,
    load_format,
    open_path,
    survey,
)
from unionscreen.filings.files.summary import STATED
from unionscreen.filings.opening import STDIN
from unionscreen.filings.rows.summaries import SUMMARIES
from unionscreen.prosecutors import Agency, agency_of
from unionscreen.screening.dataframe import FRAME, renamed, write_frame

if TYPE_CHECKING:
    import pandas as pd

# Up to this mean size of a filing, a second thread is not worth its cost: 800 rows take 0.7 ms in Arrow, which releases
# the interpreter lock, and 1.5 ms in Python. A folder of 2,000 files of 32 KB takes as long with two threads as with
# one, and a tenth more processor time.
_SMALL_BYTES: Final = 128 << 10


@dataclass
class FilingSet:
    """All filings of a screening, numbered in the order in which they were given."""

    filings: tuple[Filing, ...]
    paths: tuple[str, ...]
    """The path each filing was given by: sheets, members, or files of a folder share one."""
    stated: pa.Table = field(default_factory=STATED.empty_table)
    """What the forms say that their rows add up to, as ``summary.STATED``."""
    summaries: tuple[str, ...] = ()
    """The files that hold it and nothing else."""
    empty: tuple[NoContributionsError, ...] = ()
    """Reports without itemized contributions; the others are screened."""
    _hashes: dict[str, Future[str]] = field(default_factory=dict)

    @property
    def size(self) -> int | None:
        """Bytes of all filings; None when one has no known size."""
        sizes = [filing.size for filing in self.filings]
        return None if None in sizes else sum(size or 0 for size in sizes)

    @property
    def small(self) -> bool:
        """Whether the filings are so small that a block of one is mostly Python."""
        return self.size is not None and self.size <= _SMALL_BYTES * len(self.filings)

    @property
    def can_be_read_again(self) -> bool:
        """Whether none of them is standard input."""
        return STDIN not in self.paths

    def agencies(self, home: str = "") -> list[Agency]:
        """The agency whose ids each filing uses.

        Args:
            home: the user's state, for filings that do not give one.
        """
        formats = [filing.format for filing in self.filings]
        return [agency_of(each.id, each.state, known=bool(each.jurisdiction), home=home) for each in formats]

    @property
    def without_gifts(self) -> frozenset[int]:
        """The filings that cannot hold a contribution, as of loans alone, in a file where no other one can.

        The days of their reports are not days on which contributions would be seen. In a workbook or a zip with the
        schedules of contributions they are: a report without a row there had none.
        """
        holding = {file for file, filing in zip(self.files, self.filings, strict=True) if _can_hold_gifts(filing)}
        return frozenset(i for i, file in enumerate(self.files) if file not in holding)

    @property
    def rules(self) -> dict[str, Rules]:
        """How the formats of these filings repeat rows."""
        return {filing.format.id: Rules.named(filing.format.accounting) for filing in self.filings}

    def tasks(self) -> Iterator[BlockTask]:
        """The blocks of all filings, in order; the hashes of files on disk are computed meanwhile."""
        with ThreadPoolExecutor(1, "sha256") as pool:  # hashlib releases the interpreter lock, so nothing waits for it
            for path, filing in dict(zip(self.files, self.filings, strict=True)).items():
                if filing.path is not None:
                    self._hashes[path] = pool.submit(filing.sha256)
            for filing in self.filings:
                for task in filing.tasks():  # a worker may run in another folder
                    yield task if task.path is None else replace(task, path=str(Path(task.path).absolute()))

    def sha256(self, i: int) -> str:
        """The hash of a filing's bytes as given; valid after all its tasks were taken."""
        path = self.files[i]
        return self._hashes[path].result() if path in self._hashes else self.filings[i].sha256()

    @cached_property
    def files(self) -> list[str]:
        """The file of each filing: its path as given, or the file's own path in a folder."""
        folders = self._folders
        return [
            filing.path if filing.path is not None and path in folders else path
            for path, filing in zip(self.paths, self.filings, strict=True)
        ]

    @cached_property
    def _folders(self) -> set[str]:
        """The paths that were given and are folders."""
        return {path for path in set(self.paths) if os.path.isdir(path)}  # noqa: PTH112 - the path is text

    @property
    def joined(self) -> list[str]:
        """The files that are joined to others, or compared with them."""
        virtual = [joined for filing in self.filings for joined in filing.layout.virtual.values()]
        return sorted({file.path for joined in virtual for file in joined.table.files}.union(self.summaries))

    @property
    def unread(self) -> dict[str, Any]:
        """For the manifest: files that could not be read or are one page of several, and how many files there are.

        Those among them that are filings, as far as one can tell, are ``failed_files``, each with the whole error.
        """
        missing = [each for filing in self.filings for each in filing.unread]
        unread = [{"path": each.path, "reason": each.reason} for each in missing]
        failed = [{"path": each.path, "reason": each.failure} for each in missing if each.failure]
        read = {filing.file for filing in self.filings}
        others = sum(filing.empty for filing in self.filings) + sum(each["path"] not in read for each in unread)
        found = {"files": len(read) + len(self.empty) + others, "unread": unread} if unread else {}
        return found | ({"failed_files": failed} if failed else {})

    def by_name(self) -> list[list[int]]:
        """The numbers of the filings in each file that the user gave by its name.

        A pattern counts as the names that it stands for, because a shell replaces it before we see it. A folder does
        not: somebody who gives one wants the prosecutors in it.
        """
        return [indices for path, indices in self.by_path().items() if path not in self._folders]

    def by_path(self) -> dict[str, list[int]]:
        """The numbers of the filings under each path that was given."""
        indices: dict[str, list[int]] = {}
        for i, path in enumerate(self.paths):
            indices.setdefault(path, []).append(i)
        return indices


def _can_hold_gifts(filing: Filing) -> bool:
    """Whether its format has a kind of receipt that counts as raised; a format without kinds has only those."""
    kind = filing.layout.rules.get("kind")
    return kind is None or not RAISED_KINDS.isdisjoint({kind.default, kind.value, *(word for _, word in kind.codes)})


def open_inputs(
    filings: str | os.PathLike[str] | Sequence[str | os.PathLike[str]] | pd.DataFrame,
    *,
    filing_format: str | None,
    mapping: Mapping[str, str] | None,
    recipient: str | Mapping[str, str] | None,
    scratch: Path,
    accept_difference: bool = False,
    profile_mapping: Mapping[str, str] | None = None,
) -> FilingSet:
    """Open everything that is to be screened.

    Args:
        filings: paths, or a DataFrame.
        filing_format: read all as this format.
        mapping: canonical column to header.
        recipient: who received, where the filings do not name the recipient; or the same for each path.
        scratch: a folder that lasts as long as the screening, for a DataFrame's rows.
        accept_difference: as for ``open_filing``.
        profile_mapping: the same as ``mapping``, but not used for a known layout without its headers.

    Raises:
        UsageError: nothing to screen, or one file given twice.
        FilingError: one cannot be opened.
    """
    given = _given(filings, scratch)
    if not given:
        raise UsageError("no filing to screen")
    whose = recipient if isinstance(recipient, Mapping) else {path: recipient for path, _ in given}
    alike = ReadOptions(filing_format, mapping or {}, None, accept_difference, profile_mapping=profile_mapping or {})
    options = {path: replace(alike, recipient=whose.get(path)) for path, _ in given}
    if filing_format is not None:
        load_format(filing_format)  # a wrong id is the user's mistake whatever the file is
    contents = [open_path(path, options[path]) for path, _ in given]
    lookup_files, stated = survey(contents)
    joined = {file.source for files in lookup_files.values() for file in files} & {shown(path) for path, _ in given}
    seen: set[str] = set()
    opened: list[Filing] = []
    empty: list[NoContributionsError] = []
    paths: list[str] = []
    for (path, label), content in zip(given, contents, strict=True):
        mine = {each if each == STDIN else os.path.realpath(each): each for each in _files(path)}
        for file in sorted(seen & mine.keys()):
            raise UsageError(
                f"{shown(mine[file])} is given twice; its money would count twice", hint="give each filing once"
            )
        seen.update(mine)
        if shown(path) in joined and len(joined) < len(given):
            continue  # it is joined to the others
        try:
            found = filings_of(content, options[path], lookup_files)
        except NoContributionsError as error:
            empty.append(error if path == label else renamed(error, path))
            continue
        except UnionScreenError as error:
            if path == label:
                raise
            raise renamed(error, path) from None
        for filing in found:
            source = filing.source if path == label else label
            opened.append(replace(filing, source=source, input_index=len(opened)))
            paths.append(label)
    if not opened and empty:
        raise empty[0]
    summaries = tuple(file.path for name in SUMMARIES for file in lookup_files.get(name, ()))
    return FilingSet(tuple(opened), tuple(paths), stated, summaries, tuple(empty))


def matching_paths(filings: Sequence[str | os.PathLike[str]]) -> list[str]:
    """The paths as given, with each pattern replaced by the files that it stands for.

    Raises:
        FilingError: no file matches a pattern.
    """
    return [path for given in filings for path in _matching(os.fspath(given))]


def _given(filings: Any, scratch: Path) -> list[tuple[str, str]]:
    """Each path, and the name to show for it."""
    if isinstance(filings, (str, os.PathLike)):
        filings = [filings]
    if hasattr(filings, "to_csv"):
        return [(str(write_frame(filings, scratch)), FRAME)]
    return [(path, path) for path in matching_paths(filings)]


def _matching(path: str) -> list[str]:
    """The files that a pattern stands for, where no shell has replaced it; any other path as it is."""
    if "\0" in path:
        raise UsageError(NUL_IN_PATH, source=shown(path))
    if path == STDIN or not glob.has_magic(path) or os.path.lexists(path):
        return [path]
    found = sorted(glob.glob(path, recursive=True))  # noqa: PTH207 - keeps the path as the user wrote it
    if not found:
        raise FilingError(
            "no file matches this pattern", source=shown(path), hint="** stands for any number of folders"
        )
    folders = {Path(each) for each in found if os.path.isdir(each)}  # noqa: PTH112 - the path is text
    return [
        each for each in found if not folders.intersection(Path(each).parents)
    ]  # a folder is read with everything in it


def _files(path: str) -> list[str]:
    """The files in a folder, or the one file itself."""
    return [str(file) for file in folder_files(Path(path))] or [path]


def overwritten(target: Path, filings: Sequence[str | os.PathLike[str]]) -> bool:
    """Whether writing to a file would destroy a filing that is to be screened; an earlier result of ours may be."""
    real = os.path.realpath(target)
    for path in (each for each in matching_paths(filings) if each != STDIN):
        if os.path.realpath(path) == real:
            return True
        if os.path.isdir(path) and any(os.path.realpath(each) == real for each in _files(path)):  # noqa: PTH112 - a text
            try:
                return detect_format(real).format is not None
            except FilingError:
                return False
    return False
