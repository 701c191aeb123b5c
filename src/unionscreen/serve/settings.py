"""What one run of the server was asked to do, and the folder that holds everything it keeps."""

from __future__ import annotations

import ipaddress
import os
import shutil
import socket
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

from unionscreen.errors import UsageError
from unionscreen.intake.profile import Profile

MAX_UPLOAD: Final = 2 << 30
"""Bytes that one upload may have by default: the largest yearly exports of state agencies are about 1 GB."""

LOOPBACK: Final = "127.0.0.1"
DEFAULT_PORT: Final = 8765

# The temporary folder of a run: this prefix, and a random part.
_PREFIX: Final = "unionscreen-serve-"
# Locked as long as the run lives, so that a later run can tell a folder in use from one that was left.
_LOCK: Final = "lock"


@dataclass(frozen=True)
class ServeSettings:
    """How this run serves.

    Attributes:
        folder: everything that is uploaded and written; deleted at the end of the run.
        host: the name or address that is served.
        port: the port that is served.
        token: what every request must show; None if nothing is asked, which is allowed on loopback only.
        root: the folder whose files may be screened by their paths; None if none may.
        max_upload: bytes that one upload may have.
        decisions: the file of decisions that are applied, and to which the review adds; it may not exist yet.
        overlay: the user's own list of organizations.
        profile: the settings of the intake view; its paths are absolute.
        profile_name: the name of the profile's file; None if the run has no profile.
    """

    folder: Path
    host: str = LOOPBACK
    port: int = DEFAULT_PORT
    token: str | None = None
    root: Path | None = None
    max_upload: int = MAX_UPLOAD
    decisions: Path | None = None
    overlay: Path | None = None
    profile: Profile = field(default_factory=Profile)
    profile_name: str | None = None

    @property
    def url(self) -> str:
        """The address to open, without the token."""
        return f"http://{bracketed(self.host)}:{self.port}/"


def bracketed(host: str) -> str:
    """A host as it stands in a URL.

    >>> bracketed("::1"), bracketed("127.0.0.1")
    ('[::1]', '127.0.0.1')
    """
    return f"[{host}]" if ":" in host else host


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a host.

    >>> is_loopback("localhost"), is_loopback("127.0.0.1"), is_loopback("::1"), is_loopback("0.0.0.0")
    (True, True, True, False)
    """
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def listen(host: str, port: int) -> socket.socket:
    """A socket that accepts connections.

    Args:
        host: a name or address of this machine.
        port: 0 is any free port.

    Raises:
        UsageError: the port is in use or not allowed, or the host is not this machine.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        # "localhost" has two addresses. Browsers try the second one where the first does not answer.
        family, _, _, _, address = min(found, key=lambda each: each[0] != socket.AF_INET)
    except (OSError, UnicodeError) as error:
        raise UsageError(f"--host {host}: there is no such host") from error
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        if sys.platform != "win32":  # there, it would allow two servers on one port
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(address)
        sock.listen(socket.SOMAXCONN)
    except OSError as error:
        sock.close()
        raise UsageError(
            f"--port {port}: cannot serve at {bracketed(host)}:{port}: {error.strerror}",
            hint="another program may use this port; --port 0 takes a free one",
        ) from error
    return sock


@contextmanager
def run_folder(parent: Path | None = None, prefix: str = _PREFIX) -> Iterator[Path]:
    """A folder for this run that only this user can read, deleted at the end.

    Folders that killed runs have left are deleted first.

    Args:
        parent: where to make it; None is the system's temporary folder.
        prefix: of its name; the same for every run of a command.
    """
    where = Path(tempfile.gettempdir()) if parent is None else parent
    remove_stale(where, prefix)
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=where))
    try:
        with (folder / _LOCK).open("wb") as lock:
            _lock(lock)
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def remove_stale(where: Path, prefix: str = _PREFIX) -> list[Path]:
    """Delete the folders of runs that no longer live.

    Args:
        where: the folder that holds them.
        prefix: of their names.

    Returns:
        What was deleted.
    """
    removed = []
    for folder in sorted(where.glob(f"{prefix}*")):
        if _is_ours(folder) and _is_left(folder):
            shutil.rmtree(folder, ignore_errors=True)
            removed.append(folder)
    return removed


def _is_ours(folder: Path) -> bool:
    """Whether this user made the folder: the temporary folder is open to all users, and a link leads elsewhere."""
    try:
        found = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and (sys.platform == "win32" or found.st_uid == os.getuid())


def _is_left(folder: Path) -> bool:
    """Whether no run holds the lock. A folder without one is of a run that has just begun, or is being deleted."""
    lock = folder / _LOCK
    if not lock.exists():
        return False
    if sys.platform == "win32":  # an open file cannot be deleted there
        with suppress(OSError):
            lock.unlink()
            return True
        return False
    try:
        with lock.open("rb+") as handle:
            return _lock(handle)
    except OSError:
        return False


def _lock(handle: IO[bytes]) -> bool:
    """Lock the file for this process, without waiting; False if another process has locked it."""
    if sys.platform != "win32":
        import fcntl

        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
    return True
