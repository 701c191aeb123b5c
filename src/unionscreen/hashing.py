"""SHA-256 of the user's files. That of a large one may begin before the modules of a command are loaded."""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

# Bytes hashed at once, 6 ms without the interpreter lock. A thread that loads modules gives the lock up every 5 ms, so
# smaller pieces would mostly wait for it.
_PIECE_BYTES: Final = 8 << 20
# Smaller files are hashed in less time than the modules take to load.
LARGE_BYTES: Final = 64 << 20

# What identifies a state of a file: its path, device, number, size, and time of the last change.
_State = tuple[str, int, int, int, int]


@dataclass
class _Begun:
    """A hash that another thread computes."""

    done: threading.Event = field(default_factory=threading.Event)
    digest: str | None = None
    """Hexadecimal; None if the file could not be read."""


_begun: dict[_State, _Begun] = {}


def begin_hashing(words: Sequence[str]) -> None:
    """Begin to hash the large files among the words of a command, in their order.

    Nothing depends on it: ``sha256_of`` waits for what was begun, and hashes any other file itself.
    """
    large = []
    for word in words:
        try:
            status = Path(word).stat()
        except (OSError, ValueError):  # an option, or a file of which the command says what is wrong
            continue
        if stat.S_ISREG(status.st_mode) and status.st_size >= LARGE_BYTES:
            large.append(_state(word, status))
    if large:
        _begun.update((state, _Begun()) for state in large)
        # A daemon: a command that ends with an error does not wait for it.
        threading.Thread(target=_hash_all, args=(large,), name="sha256", daemon=True).start()


def _hash_all(states: Sequence[_State]) -> None:
    for state in states:
        begun = _begun[state]
        try:
            begun.digest = _hashed(state[0])
        except OSError:  # sha256_of raises it again
            pass
        finally:
            begun.done.set()


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal.

    Raises:
        OSError: it cannot be read.
    """
    begun = _begun.get(_state(os.fspath(path), path.stat()))
    if begun is not None and begun.done.wait() and begun.digest is not None:
        return begun.digest
    return _hashed(os.fspath(path))


def _state(path: str, status: os.stat_result) -> _State:
    return str(Path(path).absolute()), status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


def _hashed(path: str) -> str:
    import hashlib  # `unionscreen check` does without it

    digest = hashlib.sha256()
    with Path(path).open("rb", buffering=0) as handle:
        # A larger buffer than the file would only be filled with zeros.
        piece = memoryview(bytearray(max(1, min(_PIECE_BYTES, os.fstat(handle.fileno()).st_size))))
        while got := handle.readinto(piece):
            digest.update(piece[:got])
    return digest.hexdigest()
