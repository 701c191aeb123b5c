"""Finished blocks kept in a folder, so that a screening that was cut off goes on where it stopped.

One file per block, named by everything its content depends on: the bytes it was read from, the settings, the union list
and the version of this tool. A file is written beside and renamed, and carries its own hash: it is whole or not there.
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
from unionscreen.accounting import Rules
from unionscreen.errors import UsageError
from unionscreen.filings import BlockTask
from unionscreen.screening.block import Partial
from unionscreen.screening.settings import Settings

_SUFFIX: Final = ".block"
# Bytes at either end of a file that are hashed besides its size and time: a file written anew differs there or in both.
_END_BYTES: Final = 64 * 1024


@dataclass(frozen=True)
class Finished:
    """The finished blocks of screenings with these settings.

    Args:
        folder: where they are kept; created when it is missing.
        settings: those of the screening.
    """

    folder: Path
    settings: Settings

    def __post_init__(self) -> None:
        """Make sure that blocks can be kept, before the work begins."""
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
        """Yield every task with its partial: those that are kept already, and those that ``run`` screens and we keep.

        Args:
            tasks: all of them.
            run: screens the tasks it is given.
        """
        ready: list[tuple[BlockTask, Partial]] = []

        def missing() -> Iterator[BlockTask]:
            for task in tasks:
                found = self.load(task)
                if found is None:
                    yield task
                else:
                    ready.append((replace(task, data=None), found))

        for task, partial in run(missing()):
            self.save(task, partial)
            yield task, partial
            while ready:
                yield ready.pop()
        yield from ready

    def load(self, task: BlockTask) -> Partial | None:
        """What the block yielded, or None where it has to be screened."""
        try:
            data = self._file(task).read_bytes()
        except FileNotFoundError:
            return None
        return _unpacked(data)

    def save(self, task: BlockTask, partial: Partial) -> None:
        """Keep a block; a run that is killed meanwhile leaves nothing of it."""
        target = self._file(task)
        part = target.with_suffix(f".{os.getpid()}.part")
        part.write_bytes(_packed(partial))
        part.replace(target)

    def _file(self, task: BlockTask) -> Path:
        content = _fingerprint(task.path or "") if task.data is None else hashlib.sha256(task.data).hexdigest()
        layout = task.layout
        joined = sorted({_fingerprint(file.path) for each in layout.virtual.values() for file in each.table.files})
        key = repr((self._same_for_all, content, joined, replace(task, data=None)))
        return self.folder / (hashlib.sha256(key.encode()).hexdigest()[:40] + _SUFFIX)


def _fingerprint(path: str) -> str:
    """Size, time and both ends of a file: as good as its hash here, and read at once."""
    state = Path(path).stat()
    return f"{state.st_size} {state.st_mtime_ns} {_ends(path, state.st_size, state.st_mtime_ns)}"


@lru_cache(maxsize=4096)
def _ends(path: str, size: int, _changed: int) -> str:
    with Path(path).open("rb") as handle:
        digest = hashlib.sha256(handle.read(_END_BYTES))
        handle.seek(max(0, size - _END_BYTES))
        digest.update(handle.read(_END_BYTES))
    return digest.hexdigest()


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
    """The partial in these bytes, None where they are damaged: then the block is screened again."""
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
