"""A checkpoint: finished blocks kept in a folder, so that an interrupted screening continues where it stopped.

One file per block, named by a hash of everything it depends on: the bytes it was read from, the settings, the union
list and the version of this tool. A file is written under another name and renamed, and contains its own hash: it is
complete or absent.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from unionscreen._version import __version__
from unionscreen.accounting.lines import Rules
from unionscreen.errors import UsageError
from unionscreen.filings import BlockTask
from unionscreen.hashing import sha256_of
from unionscreen.screening.block import Partial
from unionscreen.screening.settings import Settings

_SUFFIX: Final = ".block"
# Bytes hashed at once: enough to read fast, and little compared to a block.
_READ_BYTES: Final = 1 << 20


@dataclass(frozen=True)
class Checkpoint:
    """The finished blocks of screenings with these settings.

    Args:
        folder: where they are kept; created when it is missing.
        settings: those of the screening.
    """

    folder: Path
    settings: Settings

    def __post_init__(self) -> None:
        """Check that blocks can be kept, before the work begins."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(f"--resume: no such folder: {error.strerror}", source=str(self.folder)) from error
        if not os.access(self.folder, os.W_OK):
            raise UsageError("--resume: no permission to write here", source=str(self.folder))

    @cached_property
    def _same_for_all(self) -> str:
        settings = self.settings
        kinds = None if settings.kinds is None else sorted(settings.kinds)
        rules = sorted((name, repr(rule)) for name, rule in settings.rules.items())
        return repr((__version__, replace(settings, kinds=None, rules={}), kinds, rules))

    def around(
        self, tasks: Iterable[BlockTask], run: Callable[[Iterator[BlockTask]], Iterator[tuple[BlockTask, Partial]]]
    ) -> Iterator[tuple[BlockTask, Partial]]:
        """Yield every task with its partial, from the folder or from ``run``; the latter are kept."""
        ready: list[tuple[BlockTask, Partial]] = []
        files: dict[tuple[int, int], Path] = {}  # by input and block; the content before it was screened

        def missing() -> Iterator[BlockTask]:
            for task in tasks:
                file = self._file(task)
                found = _loaded(file)
                if found is None:
                    files[task.input_index, task.block_index] = file
                    yield task
                else:
                    ready.append((replace(task, data=None), found))

        for task, partial in run(missing()):
            file = files.pop((task.input_index, task.block_index))
            if file == self._file(task):  # else the filing changed meanwhile, and it is unknown which version was read
                _save(file, partial)
            yield task, partial
            while ready:
                yield ready.pop()
        yield from ready

    def _file(self, task: BlockTask) -> Path:
        layout = task.layout
        joined = sorted({_fingerprint(file.path) for each in layout.virtual.values() for file in each.table.files})
        key = repr((self._same_for_all, _content(task), joined, replace(task, data=None)))
        return self.folder / (hashlib.sha256(key.encode()).hexdigest()[:40] + _SUFFIX)


def _loaded(file: Path) -> Partial | None:
    """The kept partial, or None where the block has to be screened."""
    try:
        data = file.read_bytes()
    except FileNotFoundError:
        return None
    return _unpacked(data)


def _save(target: Path, partial: Partial) -> None:
    """Keep a partial; a run that is killed meanwhile leaves no part of it."""
    part = target.with_suffix(f".{os.getpid()}.part")
    part.write_bytes(_packed(partial))
    part.replace(target)


def _content(task: BlockTask) -> str:
    """The hash of the block's bytes: a file that was changed in the middle may keep its size and time.

    Hashing costs a hundredth of the screening, and leaves the bytes in the system's cache for it.
    """
    if task.data is not None:
        return hashlib.sha256(task.data).hexdigest()
    path = task.path or ""
    if task.records is not None:  # the bytes of a row group of a Parquet file are not contiguous
        return _fingerprint(path)
    digest, left = hashlib.sha256(), task.length
    with Path(path).open("rb") as handle:
        handle.seek(task.offset)
        while left and (piece := handle.read(min(left, _READ_BYTES))):
            digest.update(piece)
            left -= len(piece)
    return digest.hexdigest()


def _fingerprint(path: str) -> str:
    """The hash of a file that several blocks need whole; read once as long as its size and times stay the same."""
    state = Path(path).stat()
    return _whole(path, state.st_size, state.st_mtime_ns, state.st_ctime_ns)


@lru_cache(maxsize=4096)
def _whole(path: str, _size: int, _changed: int, _changed_too: int) -> str:
    return sha256_of(Path(path))


def _packed(partial: Partial) -> bytes:
    """A hash, a line of JSON with the plain values, and the tables as Arrow streams."""
    plain: dict[str, Any] = {}
    tables: list[bytes] = []
    for each in fields(Partial):
        value = getattr(partial, each.name)
        if isinstance(value, pa.Table):
            sink = pa.BufferOutputStream()
            with pa.ipc.new_stream(sink, value.schema) as writer:
                writer.write_table(value)
            tables.append(sink.getvalue().to_pybytes())
            plain[each.name] = {"table": len(tables[-1])}
        elif isinstance(value, Rules):
            plain[each.name] = {"rules": {rule.name: getattr(value, rule.name) for rule in fields(Rules)}}
        else:
            plain[each.name] = {"value": value}
    body = json.dumps(plain).encode() + b"\n" + b"".join(tables)
    return hashlib.sha256(body).hexdigest().encode() + b"\n" + body


def _unpacked(data: bytes) -> Partial | None:
    """The partial in these bytes; None where they are damaged, and the block is screened again."""
    digest, _, body = data.partition(b"\n")
    if hashlib.sha256(body).hexdigest().encode() != digest:
        return None
    head, _, rest = body.partition(b"\n")
    values: dict[str, Any] = {}
    for name, written in json.loads(head).items():
        ((kind, value),) = written.items()
        if kind == "table":
            with pa.ipc.open_stream(pa.py_buffer(rest[:value])) as reader:
                values[name] = reader.read_all()
            rest = rest[value:]
        else:
            values[name] = Rules(**value) if kind == "rules" else value
    return Partial(**values)
