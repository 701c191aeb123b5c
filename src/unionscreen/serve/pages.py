"""The page at ``/``, and its style and script. Nothing is built and nothing is loaded from elsewhere."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from unionscreen.intake.profile import complete
from unionscreen.intake.rules import policy_text
from unionscreen.matching.places import STATES
from unionscreen.serve.settings import ServeSettings

# Only our own files act. The report in the frame has a policy of its own.
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_FILES: Final = {"page.css": "text/css", "page.js": "text/javascript"}


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("unionscreen.serve", "page"), autoescape=True, undefined=StrictUndefined
    )
    return environment.get_template("index.html")


def _page(settings: ServeSettings) -> str:
    """The page of a run."""
    return _template().render(
        max_upload=settings.max_upload,
        decisions=settings.decisions.name if settings.decisions else None,
        states=sorted(each.upper() for each in STATES if len(each) == len("CA")),
        profile=settings.profile,
        profile_name=settings.profile_name,
        profile_facts=_facts(settings),
    )


def _facts(settings: ServeSettings) -> dict[str, str]:
    """What the profile of the run says, in words; empty without a profile."""
    profile = settings.profile
    if settings.profile_name is None:
        return {}
    chosen = complete(profile, {"decisions": settings.decisions})
    facts = {
        "Policy": policy_text(chosen),
        "Days to return money": str(profile.return_within or ""),
        "Recipient": profile.recipient or "",
        "State": profile.state or "",
        "Layout": profile.filing_format or "",
        "Employers": "people whose employer is a union are reviewed" if profile.employers else "",
        "Columns of an export in no known layout": "; ".join(
            f"{'amount' if name == 'amount_cents' else name} = {header}" for name, header in profile.mapping.items()
        ),
        "Decisions": settings.decisions.name if settings.decisions else "",
        "Own list": settings.overlay.name if settings.overlay else "",
        "Letter template": profile.template.name if profile.template else "",
        "Decision log": f"{profile.decision_log.name}; each sorting is added to it" if profile.decision_log else "",
    }
    return {name: text for name, text in facts.items() if text}


async def page(request: Request) -> Response:
    """The page."""
    settings: ServeSettings = request.app.state.settings
    return Response(_page(settings), media_type="text/html", headers={"content-security-policy": POLICY})


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
