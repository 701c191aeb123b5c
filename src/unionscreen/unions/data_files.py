"""Where the files of ``data/`` are. Nothing that loads slowly is imported, because every ``check`` asks."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from unionscreen.errors import UnionListError
from unionscreen.saved_index import IndexFile, modules

if TYPE_CHECKING:
    from pathlib import Path

# The kind of the index of which single names are read.
LIST_KIND: Final = "list"
# The organizations, their names, and the look-alikes.
LIST_FILES: Final = ("unions.csv", "union_aliases.csv", "related_organizations.csv")
LIST_DATE: Final = "list_date.txt"
VOCABULARY: Final = "vocabulary.toml"
# Modules outside ``matching`` and ``unions`` that read the list too: a change in them makes an index out of date.
READERS: Final = ("files.py", "invisible.py", "lists.py")

PACKAGE: Final = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))


def data_file(name: str) -> str:
    """The path of a file of ``data/``, as text: in the installed package, else in the checkout.

    Raises:
        UnionListError: it is in neither of them.
    """
    for folder in (PACKAGE, os.path.dirname(os.path.dirname(PACKAGE))):
        path = os.path.join(folder, "data", name)
        if os.path.isfile(path):
            return path
    raise UnionListError(f"the data file {name} is missing", hint="reinstall unionscreen")


def read_data(name: str) -> str:
    """The text of a file of ``data/``.

    Raises:
        UnionListError: the file is missing.
    """
    with open(data_file(name), encoding="utf-8") as handle:
        return handle.read()


def data_path(name: str) -> Path:
    """The same as a path.

    Raises:
        UnionListError: the file is missing.
    """
    from pathlib import Path

    return Path(data_file(name))


def list_index(overlay: str | os.PathLike[str] | None) -> IndexFile | None:
    """The index file for what was made from the list, the vocabulary, and the code that reads them.

    Args:
        overlay: the user's own list, if there is one.

    Returns:
        None if a file cannot be found. The code that then reads the list reports why.
    """
    files = [data_file(name) for name in (*LIST_FILES, LIST_DATE, VOCABULARY)]
    try:
        files += modules(os.path.join(PACKAGE, "matching"), os.path.join(PACKAGE, "unions"))
        files += (os.path.join(PACKAGE, name) for name in READERS)
        return IndexFile(files if overlay is None else [*files, os.path.realpath(overlay)])
    except OSError:
        return None
