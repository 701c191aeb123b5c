"""An error of the API: ``application/problem+json`` (RFC 9457)."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from starlette.responses import Response

from unionscreen.errors import UnionScreenError
from unionscreen.safe_text import to_json, visible_lines
from unionscreen.serve.child import described

MEDIA_TYPE: Final = "application/problem+json"
# Python 3.13 calls them this way; earlier versions have older names.
_TITLES: Final = {413: "Content Too Large", 422: "Unprocessable Content"}


class Problem(Exception):  # noqa: N818 - what RFC 9457 calls it
    """Raised by a route to answer with an error.

    Args:
        status: of HTTP.
        detail: what is wrong, for the user.
        title: the kind of problem; by default what HTTP calls the status.
        headers: of the answer.
        more: further members of the object.
    """

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        title: str | None = None,
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.headers = dict(headers or {})
        self.value: dict[str, Any] = {
            "type": "about:blank",
            "title": title or _TITLES.get(status) or HTTPStatus(status).phrase,
            "status": status,
            "detail": visible_lines(detail),
            **more,
        }

    def response(self) -> Response:
        """The answer."""
        return JSON(self.value, self.status, media_type=MEDIA_TYPE, headers=self.headers)


class JSON(Response):
    """An answer in JSON, written as the command line writes it: accents are kept, controls are escaped."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        """The value as bytes."""
        return (to_json(content) + "\n").encode()


def problem_of(error: UnionScreenError) -> Problem:
    """The problem for an error about the user's files or options: the request was understood, its content is wrong."""
    more = described(error)
    return Problem(more.pop("status"), more.pop("detail"), **more)
