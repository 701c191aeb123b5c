"""Run the application with uvicorn until somebody ends it."""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any, Final

import uvicorn
from starlette.applications import Starlette

# Seconds in which open answers may end. Screenings are canceled at once.
_GRACE: Final = 3


class _Server(uvicorn.Server):
    """Says when it answers, and cancels the screenings when it is to end."""

    def __init__(self, config: uvicorn.Config, app: Starlette, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._app, self._ready = app, ready
        self._loop: asyncio.AbstractEventLoop | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._loop = asyncio.get_running_loop()
        self._loop.run_in_executor(None, self._ready)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        super().handle_exit(sig, frame)
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._app.state.jobs.stop)


def serve(app: Starlette, sock: socket.socket, ready: Callable[[], None]) -> None:
    """Answer requests until Ctrl-C, or another signal to end.

    Args:
        app: from :func:`unionscreen.serve.app.create_app`.
        sock: from :func:`unionscreen.serve.settings.listen`.
        ready: called in a thread, when requests are answered.
    """
    config = uvicorn.Config(
        app, log_config=None, access_log=False, lifespan="on", ws="none", timeout_graceful_shutdown=_GRACE,
        server_header=False,
    )  # fmt: skip
    # uvicorn ends, and raises the signal again: SIGTERM and a closed terminal must end the command like Ctrl-C does.
    for number in (signal.SIGTERM, *((signal.SIGHUP,) if sys.platform != "win32" else ())):
        signal.signal(number, _interrupt)
    try:
        _Server(config, app, ready).run(sockets=[sock])
    except KeyboardInterrupt:
        pass
    finally:
        sock.close()


def _interrupt(_number: int, _frame: Any) -> None:
    raise KeyboardInterrupt
