"""``/reconcile``: the Reconciliation Service API, version 0.2, for OpenRefine and other clients.

Who may read the answers. OpenRefine sends queries from its own process, where the rules of browsers do not apply. But
its page loads the manifest, suggestions and proposed properties in the browser, from another port. The specification
requires cross-origin access (CORS) for that. Access for every origin would let any web page read the user's own list
from a service on the user's machine. So only pages that come from this machine have access: ``localhost``,
``127.0.0.1`` and ``[::1]``, on any port. JSONP is optional in the specification, and OpenRefine tries it where CORS
fails. It is refused if the page that asks is not from this machine, because a script can be loaded from anywhere.

Nothing here changes anything: a POST is a query too long for an address.
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from html import escape
from typing import Any, Final
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from unionscreen import __version__
from unionscreen.matching import Matcher
from unionscreen.safe_text import to_json, visible
from unionscreen.serve import reconcile_answers as answers
from unionscreen.serve.reconcile_answers import BadQueryError
from unionscreen.unions import Union, UnionList

MatcherOf = Callable[[], Matcher]
_Endpoint = Callable[[Request], Awaitable[Response]]

# The version of the specification that a client can rely on here.
VERSIONS: Final = ("0.2",)
# Names for the spaces of ids. They are the same for every port and machine, so that a project in OpenRefine can be
# opened with another one.
IDENTIFIER_SPACE: Final = "urn:unionscreen:union:"
SCHEMA_SPACE: Final = "urn:unionscreen:kind:"
# How many queries one request may have: a twentieth of a second of work, at a fifth of a millisecond for each.
BATCH_SIZE: Final = 200
# The largest body in bytes: a full batch with names of a thousand characters, encoded, several times over.
LARGEST_BODY: Final = 4_000_000
PREVIEW_WIDTH: Final = 400
PREVIEW_HEIGHT: Final = 220
# A preview shows this many other names; the full page shows all.
PREVIEW_NAMES: Final = 4

_LOCAL_PAGE: Final = r"https?://(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?"
# What jQuery and people call a callback. Nothing else may be put in front of an answer that a browser runs.
_CALLBACK: Final = re.compile(r"[A-Za-z_$][\w$]{0,99}(\.[A-Za-z_$][\w$]{0,99}){0,5}", re.ASCII)
_HEADERS: Final = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}
_PAGE_HEADERS: Final = _HEADERS | {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self' http://localhost:* http://127.0.0.1:*",
    "Referrer-Policy": "no-referrer",
}


class _Refused(Exception):  # noqa: N818 - an answer, not an error of the program
    """A request that gets an error status and a sentence."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail


def routes(matcher_of: MatcherOf, decide: answers.Decide | None = None) -> list[BaseRoute]:
    """The routes of the reconciliation service, all below ``/reconcile``.

    Args:
        matcher_of: returns the matcher over the list; called for each request, so that the list can change.
        decide: applies what people decided about a name to its answer; None leaves the answers as they are.
    """
    service = _Service(matcher_of, decide)
    cors = Middleware(
        CORSMiddleware,
        allow_origin_regex=_LOCAL_PAGE,
        allow_methods=["GET", "POST"],
        allow_headers=["X-Requested-With"],
    )
    get = ["GET", "OPTIONS"]  # the second for the question of a browser before a request
    table: list[tuple[str, Callable[[Request], Awaitable[Response]], list[str]]] = [
        ("", service.endpoint, [*get, "POST"]),
        ("/properties", service.propose, get),
        ("/suggest/entity", service.suggest_entity, get),
        ("/suggest/property", service.suggest_property, get),
        ("/suggest/type", service.suggest_type, get),
        ("/preview", service.preview, get),
        ("/view", service.view, get),
    ]
    return [
        Route("/reconcile" + path, _answered(endpoint), methods=methods, middleware=[cors])
        for path, endpoint, methods in table
    ]


def _answered(endpoint: _Endpoint) -> _Endpoint:
    """The endpoint, with refusals as ``application/problem+json``."""

    async def answered(request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=_HEADERS)
        try:
            return await endpoint(request)
        except BadQueryError as error:
            return _problem(400, str(error))
        except _Refused as refused:
            return _problem(refused.status, refused.detail)

    return answered


_TITLES: Final = {
    400: "Bad query",
    403: "Not for this page",
    413: "Too large",
    415: "Not a form",
}


def _problem(status: int, detail: str) -> Response:
    body = {"type": "about:blank", "title": _TITLES[status], "status": status, "detail": detail}
    return Response(to_json(body), status, _HEADERS, "application/problem+json")


class _Service:
    """The endpoints over one matcher."""

    def __init__(self, matcher_of: MatcherOf, decide: answers.Decide | None) -> None:
        self._matcher_of = matcher_of
        self._decide = decide

    def _known(self) -> UnionList:
        return self._matcher_of().unions

    async def endpoint(self, request: Request) -> Response:
        """The manifest, queries or a data extension, by the fields of the form or the address."""
        fields = await _fields(request)
        if "queries" in fields:
            return await self._reply(request, lambda: self._batch(_json(fields["queries"], "queries")))
        if "extend" in fields:
            return await self._reply(
                request, lambda: answers.extension(self._known(), _json(fields["extend"], "extend"))
            )
        if "query" in fields:
            return await self._reply(request, lambda: self._single(fields["query"]))
        if request.method == "POST":
            raise BadQueryError("the form has neither queries nor extend")
        base = str(request.base_url)
        return await self._reply(request, lambda: manifest(base, self._known()))

    def _batch(self, raw: Any) -> dict[str, Any]:
        if not isinstance(raw, dict):
            raise BadQueryError("queries is a JSON object with a query for each key")
        if len(raw) > BATCH_SIZE:
            raise _Refused(413, f"{len(raw):,} queries; the largest batch has {BATCH_SIZE}")
        matcher = self._matcher_of()
        queries = {}
        for key, each in raw.items():
            try:
                queries[key] = answers.read_query(each)
            except BadQueryError as error:
                raise BadQueryError(f"{key}: {error}") from None
        return {key: {"result": answers.candidates(matcher, query, self._decide)} for key, query in queries.items()}

    def _single(self, text: str) -> dict[str, Any]:
        """One query, as version 0.1 of the specification has it: a name, or a JSON object."""
        raw = _json(text, "query") if text.lstrip().startswith("{") else {"query": text}
        return {"result": answers.candidates(self._matcher_of(), answers.read_query(raw), self._decide)}

    async def propose(self, request: Request) -> Response:
        """The properties that can be fetched; they are the same for every type."""
        asked = request.query_params.get("type")
        limit = _number(request, "limit")
        offered = [each._asdict() for each in answers.PROPERTIES][: limit or None]
        reply: dict[str, Any] = {"properties": offered}
        reply |= {"type": asked} if asked is not None else {}
        reply |= {"limit": limit} if limit else {}
        return await self._reply(request, lambda: reply)

    async def suggest_entity(self, request: Request) -> Response:
        """Organizations for a text that someone types."""
        prefix, cursor = request.query_params.get("prefix", ""), _number(request, "cursor")
        return await self._reply(request, lambda: {"result": answers.suggest_entities(self._known(), prefix, cursor)})

    async def suggest_property(self, request: Request) -> Response:
        """Properties for a text that someone types."""
        return await self._suggest(request, answers.properties())

    async def suggest_type(self, request: Request) -> Response:
        """Kinds of organizations for a text that someone types."""
        return await self._suggest(request, answers.types())

    async def _suggest(self, request: Request, items: list[dict[str, str]]) -> Response:
        prefix, cursor = request.query_params.get("prefix", ""), _number(request, "cursor")
        return await self._reply(request, lambda: {"result": answers.suggest_fixed(prefix, cursor, items)})

    async def preview(self, request: Request) -> Response:
        """A small page about an organization."""
        return await self._page(request, PREVIEW_NAMES)

    async def view(self, request: Request) -> Response:
        """The page with everything that the list has about an organization."""
        return await self._page(request, None)

    async def _page(self, request: Request, names: int | None) -> Response:
        known, union_id = self._known(), request.query_params.get("id", "")
        union = answers.find_union(known, union_id)
        if union is None:
            text = _document("Not on the list", f"<p>The list has no organization with the id {_html(union_id)}.</p>")
            return HTMLResponse(text, 404, _PAGE_HEADERS)
        return HTMLResponse(page(known, union, names), headers=_PAGE_HEADERS)

    async def _reply(self, request: Request, make: Callable[[], Any]) -> Response:
        """What `make` returns, as JSON, or as JSONP if the address has a callback; made outside of the event loop."""
        callback = request.query_params.get("callback")
        if callback is not None:
            if not _CALLBACK.fullmatch(callback):
                raise BadQueryError("callback is the name of a function")
            if not _from_local_page(request.headers):
                raise _Refused(403, "JSONP is only for pages from this machine")
        text = to_json(await run_in_threadpool(make))
        if callback is None:
            return Response(text, 200, _HEADERS, "application/json")
        # The comment keeps the answer from beginning with bytes that a stranger chose.
        return Response(f"/**/{callback}({text});", 200, _HEADERS, "application/javascript")


def _from_local_page(headers: Mapping[str, str]) -> bool:
    """Whether the page that loads this as a script is from this machine.

    A browser names the page in Referer or Origin. A page can suppress that, but not Sec-Fetch-Site.
    """
    pages = [headers[name] for name in ("origin", "referer") if name in headers]
    if pages:
        return all(re.match(_LOCAL_PAGE + r"(/|$)", page) for page in pages)
    return headers.get("sec-fetch-site") != "cross-site"


async def _fields(request: Request) -> dict[str, str]:
    """The fields of the address, and of a form in the body."""
    fields = dict(request.query_params)
    if request.method != "POST":
        return fields
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise _Refused(415, "a POST has a body of the type application/x-www-form-urlencoded")
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise _Refused(413, f"the largest body has {LARGEST_BODY:,} bytes")
    try:
        return fields | dict(parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=100))
    except ValueError:
        raise BadQueryError("the form is not UTF-8, or has too many fields") from None


def _json(text: str, what: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise BadQueryError(f"{what} is not JSON") from None


def _number(request: Request, name: str) -> int:
    """A whole number from the address; 0 where it is absent or empty."""
    text = request.query_params.get(name) or "0"
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise BadQueryError(f"{name} is a whole number")
    return int(text)


def manifest(base: str, known: UnionList) -> dict[str, Any]:
    """What the service offers, for clients.

    Args:
        base: the address of the server, with a slash at the end.
        known: the list.
    """
    here = f"{base.rstrip('/')}/reconcile"
    return {
        "versions": list(VERSIONS),
        "name": "UnionScreen: police unions",
        "identifierSpace": IDENTIFIER_SPACE,
        "schemaSpace": SCHEMA_SPACE,
        "serviceVersion": f"unionscreen {__version__}, list {known.version}",
        "defaultTypes": answers.types(),
        "view": {"url": f"{here}/view?id={{{{id}}}}"},
        "preview": {"url": f"{here}/preview?id={{{{id}}}}", "width": PREVIEW_WIDTH, "height": PREVIEW_HEIGHT},
        "suggest": {
            what: {"service_url": here, "service_path": f"/suggest/{what}"} for what in ("entity", "property", "type")
        },
        "extend": {
            "propose_properties": {"service_url": here, "service_path": "/properties"},
            "property_settings": [],
        },
        "batchSize": BATCH_SIZE,
    }


_STYLE: Final = (
    "body{font:14px/1.4 system-ui,sans-serif;margin:8px;color:#1a1a1a;background:#fff;overflow-wrap:anywhere}"
    "h1{font-size:16px;margin:0 0 4px}dl{display:grid;grid-template-columns:max-content 1fr;gap:2px 10px;margin:0}"
    "dt{color:#555}dd{margin:0}"
)


def page(known: UnionList, union: Union, names: int | None = None) -> str:
    """The page about an organization.

    Args:
        known: the list.
        union: one of the list, or the entity for those that are not on it.
        names: how many other names at most; None shows all.
    """
    others = [alias.alias for alias in known.by_union.get(union.union_id, ()) if alias.alias != union.name]
    shown = others[:names]
    if len(others) > len(shown):
        shown.append(f"and {len(others) - len(shown)} more")
    facts = [("Kind", [answers.TYPES[union.kind]]), ("Names", shown)]
    facts += [(each.name, answers.values(union, each.id)) for each in answers.PROPERTIES if each.id != "kind"]
    facts += [("Status", [union.status]), ("Note", [union.note])]
    rows = "".join(f"<dt>{_html(label)}</dt><dd>{_html('; '.join(texts))}</dd>" for label, texts in facts if any(texts))
    return _document(union.name, f"<dl>{rows}</dl>")


def _document(title: str, body: str) -> str:
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{_html(title)}</title>'
        f"<style>{_STYLE}</style></head><body><h1>{_html(title)}</h1>{body}</body></html>\n"
    )


def _html(text: str) -> str:
    return escape(visible(text))
