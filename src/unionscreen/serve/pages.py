"""The page at ``/``, and its style and script. Nothing is built and nothing is loaded from elsewhere."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from unionscreen.matching.places import STATES
from unionscreen.serve.settings import ServeSettings

# Only our own files act. The report in the frame has a policy of its own.
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_FILES: Final = {"page.css": "text/css", "page.js": "text/javascript"}


@lru_cache(maxsize=4)
def _page(max_upload: int, decisions: str | None) -> str:
    """The page of a run.

    Args:
        max_upload: bytes that one upload may have.
        decisions: the name of the file of decisions; None if the run has none.
    """
    environment = Environment(
        loader=PackageLoader("unionscreen.serve", "page"), autoescape=True, undefined=StrictUndefined
    )
    states = sorted(each.upper() for each in STATES if len(each) == len("CA"))
    return environment.get_template("index.html").render(max_upload=max_upload, decisions=decisions, states=states)


async def page(request: Request) -> Response:
    """The page."""
    settings: ServeSettings = request.app.state.settings
    html = _page(settings.max_upload, settings.decisions.name if settings.decisions else None)
    return Response(html, media_type="text/html", headers={"content-security-policy": POLICY})


async def static(request: Request) -> Response:
    """The style or the script."""
    name = request.path_params["name"]
    if name not in _FILES:
        return Response(status_code=404)
    data = files("unionscreen.serve").joinpath("page", name).read_bytes()
    return Response(data, media_type=_FILES[name])


async def no_icon(_: Request) -> Response:
    """No icon, which browsers ask for."""
    return Response(status_code=204)


def routes() -> list[BaseRoute]:
    """The routes of the page."""
    return [
        Route("/", page, methods=["GET"]),
        Route("/static/{name}", static, methods=["GET"]),
        Route("/favicon.ico", no_icon, methods=["GET"]),
    ]
