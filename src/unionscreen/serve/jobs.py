"""Uploads, and the screenings of them: one runs at a time, the others wait. All files are in the folder of the run."""

from __future__ import annotations

import asyncio
import errno
import os
import secrets
import shutil
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final, Literal

from unionscreen.errors import fault
from unionscreen.serve.child import FORMATS
from unionscreen.serve.names import clean_name, ending_of, free_name, inside
from unionscreen.serve.problem import Problem
from unionscreen.serve.settings import ServeSettings
from unionscreen.serve.working import in_child

JobStatus = Literal["waiting", "running", "done", "failed", "canceled"]
_ENDED: Final = frozenset({"done", "failed", "canceled"})

MOST_UPLOADS: Final = 1_000
"""Uploads that are kept at once. A folder of filings that is dropped on the page has fewer."""
MOST_WAITING: Final = 50
"""Screenings that may wait."""
MOST_KEPT: Final = 100
"""Screenings that have ended and are kept; the oldest is deleted for a new one."""

# An upload is written in pieces of this size: a thread for every packet would cost more than the writing.
_PIECE: Final = 1 << 20


@dataclass(frozen=True)
class Upload:
    """A file that was received completely.

    Attributes:
        id: names it in the API, and in the folder of the run.
        name: as the user's file is called, cleaned by :func:`clean_name`.
        path: where it is kept; the name of the user is not part of it.
        bytes: its size.
    """

    id: str
    name: str
    path: Path
    bytes: int

    def to_dict(self) -> dict[str, Any]:
        """The upload in JSON."""
        return {"id": self.id, "name": self.name, "bytes": self.bytes}


@dataclass
class ScreeningJob:
    """One screening, from the request to its reports."""

    id: str
    folder: Path
    filings: list[str]
    options: dict[str, Any]
    excel_safe: bool = False
    status: JobStatus = "waiting"
    bytes_done: int = 0
    bytes_total: int | None = None
    error: dict[str, Any] | None = None
    summary: dict[str, Any] | None = None
    task: asyncio.Task[None] | None = None
    listeners: int = 0
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def ended(self) -> bool:
        """Whether nothing about it will change."""
        return self.status in _ENDED

    @property
    def name(self) -> str:
        """What its reports are called: the first filing, without its ending."""
        first = Path(self.filings[0]).name
        return first.removesuffix(ending_of(first)) or first

    def report(self, form: str) -> Path:
        """The file of its report.

        Args:
            form: one of ``FORMATS``.

        Raises:
            Problem: there is no such format, or the screening is not done.
        """
        if form not in FORMATS:
            raise Problem(404, f"a report has no such format; one of {', '.join(FORMATS)}")
        if self.status != "done":
            raise Problem(409, f"there is no report: the screening is {self.status}", screening=self.status)
        return self.folder / "reports" / f"report.{form}"

    def change(self, **values: Any) -> None:
        """Set attributes, and wake those who wait for a change."""
        for name, value in values.items():
            setattr(self, name, value)
        self.changed.set()
        self.changed = asyncio.Event()


class Jobs:
    """What a run has received and made."""

    def __init__(self, settings: ServeSettings) -> None:
        """Begin with nothing."""
        self.settings = settings
        self._uploads: dict[str, Upload] = {}
        self._receiving = 0
        self._screenings: dict[str, ScreeningJob] = {}
        self._waiting: list[ScreeningJob] = []
        self._running: ScreeningJob | None = None
        self._worker: asyncio.Task[None] | None = None
        self._closed = False

    async def receive(self, name: str, body: AsyncIterator[bytes]) -> Upload:
        """Write a body to disk. A body that is too large or ends early leaves nothing.

        Args:
            name: what the user calls the file.
            body: its bytes, as they arrive.

        Raises:
            Problem: it is too large, or the disk is full.
        """
        if len(self._uploads) + self._receiving >= MOST_UPLOADS:
            raise Problem(429, f"{MOST_UPLOADS:,} uploads are kept already; delete some")
        ident = _new_id()
        folder = self.settings.folder / "uploads"
        path = folder / (ident + ending_of(name))
        part = folder / f"{ident}.part"
        self._receiving += 1
        try:
            folder.mkdir(exist_ok=True)
            size = await self._write(part, body)
            part.rename(path)
        except OSError as error:
            raise _disk_full("the upload cannot be kept", error) from error
        finally:
            self._receiving -= 1
            part.unlink(missing_ok=True)
        upload = self._uploads[ident] = Upload(ident, clean_name(name), path, size)
        return upload

    async def _write(self, part: Path, body: AsyncIterator[bytes]) -> int:
        """Write the pieces of a body as they arrive; returns the number of bytes."""
        size = 0
        piece = bytearray()
        with part.open("wb", buffering=0) as file:
            async for chunk in body:
                size += len(chunk)
                if size > self.settings.max_upload:
                    raise too_large(self.settings.max_upload)
                piece += chunk
                if len(piece) >= _PIECE:
                    await asyncio.to_thread(_write_all, file, bytes(piece))
                    piece.clear()
            await asyncio.to_thread(_write_all, file, bytes(piece))
        return size

    def upload(self, ident: str) -> Upload:
        """The upload of this id.

        Raises:
            Problem: there is none.
        """
        if ident not in self._uploads:
            raise Problem(404, "there is no such upload")
        return self._uploads[ident]

    async def forget(self, ident: str) -> None:
        """Delete an upload. A screening of it goes on.

        Raises:
            Problem: there is none.
        """
        path = self.upload(ident).path
        del self._uploads[ident]
        await asyncio.to_thread(path.unlink, missing_ok=True)

    def screening(self, ident: str) -> ScreeningJob:
        """The screening of this id.

        Raises:
            Problem: there is none.
        """
        if ident not in self._screenings:
            raise Problem(404, "there is no such screening")
        return self._screenings[ident]

    def state(self, job: ScreeningJob) -> dict[str, Any]:
        """A screening in JSON."""
        position = self._waiting.index(job) + 1 if job in self._waiting else 0
        return {
            "id": job.id,
            "status": job.status,
            "position": None if job.ended else position,
            "bytes_done": job.bytes_done,
            "bytes_total": job.bytes_total,
            "error": job.error,
            "summary": job.summary,
            "formats": list(FORMATS),
        }

    async def submit(
        self, uploads: Sequence[str], paths: Sequence[str], options: Mapping[str, Any], *, excel_safe: bool = False
    ) -> ScreeningJob:
        """Queue a screening.

        Args:
            uploads: ids of uploads.
            paths: files and folders in the served folder.
            options: of :func:`unionscreen.screen`.
            excel_safe: how the CSV is written.

        Raises:
            Problem: nothing to screen, something twice, something that does not exist, or too many are waiting.
        """
        if len(self._waiting) >= MOST_WAITING:
            raise Problem(429, f"{MOST_WAITING} screenings are waiting already", headers={"retry-after": "30"})
        if not (uploads or paths):
            raise Problem(422, "there is nothing to screen: give uploads or paths")
        received = [self.upload(each) for each in uploads]
        if len(set(uploads)) < len(uploads):
            raise Problem(422, "an upload is given twice; its money would count twice")
        root = self.settings.root
        if paths and root is None:
            raise Problem(403, "no folder is served; start `unionscreen serve` with --root", title="No --root")
        ident = _new_id()
        folder = self.settings.folder / "screenings" / ident
        try:
            filings = await asyncio.to_thread(_lay_out, folder, received, root, paths)
        except BaseException as error:
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
            if isinstance(error, OSError):
                raise _disk_full("the screening cannot start", error) from error
            raise
        for old in [each for each in self._screenings.values() if each.ended][: -MOST_KEPT or None]:
            await self.remove(old)
        total = sum(each.bytes for each in received) if not paths else None
        job = ScreeningJob(ident, folder, filings, self._all_options(options), excel_safe, bytes_total=total)
        self._screenings[ident] = job
        self._waiting.append(job)
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._work())
            await asyncio.sleep(0)  # it begins, so that the answer says "running"
        return job

    def _all_options(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """The options of a request, with those of the run."""
        decisions, overlay = self.settings.decisions, self.settings.overlay
        return {
            **options,
            **({"decisions": str(decisions.absolute())} if decisions and decisions.exists() else {}),
            **({"unions": str(overlay.absolute())} if overlay else {}),
        }

    async def _work(self) -> None:
        """Run what waits, one after the other."""
        while self._waiting and not self._closed:
            job = self._running = self._waiting.pop(0)
            job.task = asyncio.create_task(self._run(job))
            job.change(status="running")
            self._moved()
            await asyncio.wait({job.task})
            if not job.ended:  # it was canceled before its first step
                job.change(status="canceled")
                shutil.rmtree(job.folder, ignore_errors=True)
            self._running = None

    def _moved(self) -> None:
        for each in self._waiting:
            each.change()

    async def _run(self, job: ScreeningJob) -> None:
        arguments = {
            "folder": str(job.folder / "filings"),
            "filings": job.filings,
            "options": job.options,
            "reports": str(job.folder / "reports"),
            "excel_safe": job.excel_safe,
        }
        scratch = job.folder / "scratch"
        try:
            tell = partial(_told, job)
            summary = await in_child("unionscreen.serve.child:screen_uploads", arguments, scratch=scratch, tell=tell)
            job.change(status="done", summary=summary, bytes_done=job.bytes_total or job.bytes_done)
        except Problem as problem:
            job.change(status="failed", error=problem.value)
        except OSError as error:  # no process can be started
            job.change(status="failed", error=Problem(500, f"the screening cannot start: {error}").value)
        except asyncio.CancelledError:
            job.change(status="canceled")
        except Exception as error:  # noqa: BLE001 - a fault of ours must end the job: its tab and the next one wait for that
            job.change(status="failed", error=Problem(500, fault(error)).value)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
            if job.status != "done":
                shutil.rmtree(job.folder, ignore_errors=True)

    async def cancel(self, job: ScreeningJob) -> None:
        """Stop a screening that waits or runs; its reports will not exist."""
        if job in self._waiting:
            self._waiting.remove(job)
            job.change(status="canceled")
            self._moved()
            await asyncio.to_thread(shutil.rmtree, job.folder, ignore_errors=True)
        elif job.task is not None and not job.task.done():
            job.task.cancel()
            await asyncio.wait({job.task})

    async def remove(self, job: ScreeningJob) -> None:
        """Stop a screening, and delete what it made."""
        await self.cancel(job)
        self._screenings.pop(job.id, None)
        await asyncio.to_thread(shutil.rmtree, job.folder, ignore_errors=True)

    def stop(self) -> None:
        """Begin to end: what waits and runs is canceled, so that those who listen hear the end."""
        self._closed = True
        for job in self._waiting:
            job.change(status="canceled")
        self._waiting.clear()
        if self._running is not None and self._running.task is not None:
            self._running.task.cancel()

    async def close(self) -> None:
        """End: nothing runs any more."""
        self.stop()
        if self._worker is not None:
            await asyncio.wait({self._worker})


def too_large(most: int) -> Problem:
    """The answer to an upload of more bytes than allowed."""
    return Problem(413, f"the file is larger than {most:,} bytes, which --max-upload allows", max_upload=most)


def _disk_full(what: str, error: OSError) -> Exception:
    """The problem that there is no room on the disk; any other error as it is."""
    if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return error
    return Problem(507, f"{what}: {os.strerror(error.errno)}")


def _told(job: ScreeningJob, progress: Mapping[str, Any]) -> None:
    job.change(bytes_done=progress["bytes_done"], bytes_total=progress["bytes_total"])


def link_upload(upload: Upload, target: Path) -> None:
    """Put an upload under another name without a copy, where the file system can."""
    try:
        os.link(upload.path, target)
    except OSError:  # a file system without links
        shutil.copyfile(upload.path, target)


def _new_id() -> str:
    """An id that nobody can guess: another user of the machine must not read a report by counting."""
    return secrets.token_hex(12)


def _write_all(file: Any, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[file.write(view) :]


def _lay_out(folder: Path, uploads: Sequence[Upload], root: Path | None, paths: Sequence[str]) -> list[str]:
    """Lay out the filings of a screening in one folder, under the names that the report shows.

    Uploads are linked there under their clean names, files of the served folder under their own paths. So the report is
    what the command line writes in a folder with these files.

    Returns:
        The filings, relative to that folder.
    """
    here = folder / "filings"
    here.mkdir(parents=True)
    (folder / "reports").mkdir()
    found = [inside(root, each) for each in paths] if root is not None else []
    _refuse_overlap([real for _, real in found])
    filings = []
    for relative, real in found:
        link = here / relative if relative.parts else here / clean_name(real.name)
        link.parent.mkdir(parents=True, exist_ok=True)
        try:
            link.symlink_to(real)
            filings.append(str(link.relative_to(here)))
        except OSError:  # Windows allows links to few users
            filings.append(str(real))
    for upload in uploads:
        name = free_name(upload.name, {each.name for each in here.iterdir()})
        link_upload(upload, here / name)
        filings.append(name)
    return filings


def _refuse_overlap(paths: Sequence[Path]) -> None:
    for at, one in enumerate(paths):
        for other in paths[at + 1 :]:
            if one.is_relative_to(other) or other.is_relative_to(one):
                raise Problem(422, f"{one.name} is given twice; its money would count twice")
