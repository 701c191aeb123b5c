"""The application: the routes of every part, behind the guard."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from unionscreen.errors import UnionScreenError
from unionscreen.serve import api, intake, pages, reconcile, review
from unionscreen.serve.guard import Guard
from unionscreen.serve.jobs import Jobs
from unionscreen.serve.problem import Problem, problem_of
from unionscreen.serve.settings import ServeSettings

# Each part of the server: a function that makes its routes.
PARTS: Final[tuple[Callable[[ServeSettings], list[BaseRoute]], ...]] = (
    lambda _: api.routes(),
    lambda _: pages.routes(),
    review.routes,
    intake.routes,
)


def create_app(settings: ServeSettings) -> Starlette:
    """The application of one run.

    Raises:
        UnionListError: the user's own list cannot be read.
    """
    checker = api.Checker(settings)
    routes = [route for part in PARTS for route in part(settings)]
    app = Starlette(
        routes=[*routes, *reconcile.routes(lambda: checker.matcher, checker.decide)],
        middleware=[Middleware(Guard, settings=settings)],
        exception_handlers={
            Problem: _problem,
            UnionScreenError: _user_error,
            HTTPException: _http_error,
        },
        lifespan=_lifespan,
    )
    app.state.settings = settings
    app.state.jobs = Jobs(settings)
    app.state.checker = checker
    return app


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    yield
    await app.state.jobs.close()


async def _problem(_: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)  # noqa: S101 - by its type it comes here
    return error.response()


async def _user_error(_: Request, error: Exception) -> Response:
    assert isinstance(error, UnionScreenError)  # noqa: S101 - by its type it comes here
    return problem_of(error).response()


async def _http_error(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - by its type it comes here
    detail = "there is no such page or address" if error.status_code == 404 else error.detail
    return Problem(error.status_code, detail, headers=error.headers).response()
