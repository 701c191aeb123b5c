"""The JSON API under ``/api/v1``: check names, receive uploads, screen, and hand out reports."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from unionscreen.checking import decided_by
from unionscreen.matching import Match, load_matcher
from unionscreen.matching.answers import answer_of, explanation, to_dict
from unionscreen.matching.places import known_state
from unionscreen.review.store import load_decisions
from unionscreen.safe_text import to_json
from unionscreen.serve.jobs import Jobs, ScreeningJob, too_large
from unionscreen.serve.openapi import PREFIX, document, operation
from unionscreen.serve.problem import JSON, Problem
from unionscreen.serve.settings import ServeSettings
from unionscreen.unions import UNION_KINDS

MOST_JSON: Final = 4 << 20
"""Bytes of a request in JSON."""
NAMES_IN_REQUEST: Final = 10_000
"""Names in one request."""
MOST_PATHS: Final = 1_000
"""Uploads and paths in one screening."""

# More names than this are checked in a thread, so that others are answered meanwhile.
_AT_ONCE: Final = 4
# Seconds between two signs of life, by which a connection that was cut is noticed.
_HEARTBEAT: Final = 15
_MEDIA: Final = {
    "html": "text/html; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "sqlite": "application/vnd.sqlite3",
}
_POLICY: Final = re.compile(rb'http-equiv="Content-Security-Policy" content="([^"]*)"', re.IGNORECASE)
_POLICY_WITHIN: Final = 1 << 16  # the policy is at the start of the page

_TEXT: Final = {"type": "string"}
_FLAG: Final = {"type": "boolean"}
# The options of a screening: the type in JSON, and the argument of `unionscreen.screen`.
SCREENING_OPTIONS: Final[dict[str, tuple[dict[str, Any], str]]] = {
    "recipients": ({**_TEXT, "description": "prosecutors, all, or the name of one prosecutor."}, "recipients"),
    "state": ({**_TEXT, "description": "Where the recipients run, for a filing that does not say."}, "state"),
    "kinds": ({"type": "array", "items": {"enum": list(UNION_KINDS)}}, "kinds"),
    "threshold": ({"type": "number", "minimum": 0, "maximum": 100, "description": "The least score."}, "min_score"),
    "recipient": ({**_TEXT, "description": "Who received, for a filing that does not say."}, "recipient"),
    "mapping": (
        {"type": "object", "additionalProperties": _TEXT, "description": "A column by its header, as for --map."},
        "mapping",
    ),
    "filing_format": ({**_TEXT, "description": "Read as this format (`unionscreen formats list`)."}, "filing_format"),
    "employers": ({**_FLAG, "description": "Also show individuals whose employer is a union."}, "employers"),
    "compare": ({**_FLAG, "description": "Put the candidates of one race side by side."}, "compare"),
    "accept_difference": ({**_FLAG, "description": "Read a PDF whose rows do not add up."}, "accept_difference"),
    "excel_safe": ({**_FLAG, "description": "Write the CSV for spreadsheets."}, "excel_safe"),
}
_TYPES: Final[dict[str, tuple[type, ...]]] = {
    "string": (str,), "array": (list,), "number": (int, float), "object": (dict,), "boolean": (bool,)
}  # fmt: skip
_ASKED: Final = {
    "oneOf": [
        _TEXT,
        {"type": "object", "required": ["name"], "properties": {"name": _TEXT, "state": _TEXT, "city": _TEXT}},
    ]
}


class Checker:
    """Answers for names, with the user's list and decisions."""

    def __init__(self, settings: ServeSettings) -> None:
        """Load the list.

        Raises:
            UnionListError: the user's own list cannot be read.
        """
        self._path = settings.decisions
        self._overlay = settings.overlay
        self._version: tuple[int, int] | None = None
        self._answer = decided_by(None, self.matcher)

    @property
    def matcher(self) -> Any:
        """The matcher over the shipped list and the user's own."""
        return load_matcher(self._overlay)

    def check(self, asked: list[tuple[str, str, str]], *, explain: bool) -> list[dict[str, Any]]:
        """The objects of ``check --json``, in order.

        Args:
            asked: name, state as two letters or "", city.
            explain: whether to add the key ``explain``.

        Raises:
            UsageError: the decisions cannot be read.
        """
        self._reload()
        found = []
        for name, state, city in asked:
            match, beside = self._answer(answer_of(self.matcher, name, state, city), state)
            found.append({**to_dict(match), **beside, **({"explain": explanation(match)} if explain else {})})
        return found

    def decide(self, match: Match, state: str | None) -> Match:
        """An answer as people decided about it.

        Raises:
            UsageError: the decisions cannot be read.
        """
        self._reload()
        return self._answer(match, state or "")[0]

    def _reload(self) -> None:
        """Read the decisions again if the file has changed; none hold while there is no file."""
        if self._path is None:
            return
        try:
            stat = self._path.stat()
            version = (stat.st_mtime_ns, stat.st_size)
        except FileNotFoundError:
            version = None
        if version != self._version:
            log = None if version is None else load_decisions(self._path)
            self._answer = decided_by(log, self.matcher)
            self._version = version


class Events(Response):
    """The states of a screening as server-sent events, until its end."""

    media_type = "text/event-stream"

    def __init__(self, jobs: Jobs, job: ScreeningJob, *, keep: bool) -> None:
        """Follow a screening.

        Args:
            jobs: of the run.
            job: the screening.
            keep: whether it goes on when nobody listens any more.
        """
        super().__init__()
        del self.headers["content-length"]
        self.jobs, self.job, self.keep = jobs, job, keep

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send each change."""
        del scope
        gone = asyncio.create_task(disconnected(receive))
        self.job.listeners += 1
        try:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            while not gone.done():
                changed = asyncio.create_task(self.job.changed.wait())
                data = f"data: {to_json(self.jobs.state(self.job))}\n\n".encode()
                await send({"type": "http.response.body", "body": data, "more_body": not self.job.ended})
                if self.job.ended:
                    changed.cancel()
                    return
                while not (changed.done() or gone.done()):
                    await asyncio.wait({changed, gone}, timeout=_HEARTBEAT, return_when=asyncio.FIRST_COMPLETED)
                    if not (changed.done() or gone.done()):
                        await send({"type": "http.response.body", "body": b":\n\n", "more_body": True})
                changed.cancel()
        finally:
            gone.cancel()
            self.job.listeners -= 1
            if not (self.keep or self.job.ended or self.job.listeners):
                await self.jobs.cancel(self.job)


async def disconnected(receive: Receive) -> None:
    """Wait until the client goes away; the body of the request has been read."""
    while (await receive())["type"] != "http.disconnect":
        pass


def _jobs(request: Request) -> Jobs:
    jobs: Jobs = request.app.state.jobs
    return jobs


async def json_of(request: Request) -> dict[str, Any]:
    """The object in the body of a request.

    Raises:
        Problem: it is too large, or not a JSON object.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_JSON:
            raise Problem(413, f"a request in JSON may have {MOST_JSON:,} bytes")
    try:
        value = json.loads(body)
        to_json(value)  # a single surrogate or NaN cannot be answered in JSON
    except (ValueError, RecursionError) as error:
        raise Problem(400, f"the body is not JSON: {error}") from error
    if not isinstance(value, dict):
        raise Problem(400, "the body is not a JSON object")
    return value


def _refuse_unknown(value: dict[str, Any], known: Any, what: str) -> None:
    if unknown := sorted(set(value).difference(known)):
        raise Problem(422, f"{what}: unknown {', '.join(unknown)}; known are {', '.join(known)}")


def _asked(each: Any, state: Any, city: Any) -> tuple[str, str, str]:
    """One donor of a request: its name, state and city.

    Raises:
        Problem: an empty name, or another type.
        UsageError: there is no such state.
    """
    donor = {"name": each} if isinstance(each, str) else each
    if not isinstance(donor, dict):
        raise Problem(422, "a name is a text, or an object with name, state and city")
    _refuse_unknown(donor, ("name", "state", "city"), "a name")
    name, state, city = donor.get("name", ""), donor.get("state") or state or "", donor.get("city") or city or ""
    if not all(isinstance(text, str) for text in (name, state, city)):
        raise Problem(422, "name, state and city are texts")
    if not name.strip():
        raise Problem(422, "a name is empty")
    return name, known_state(state) if state else "", city


async def _answers(request: Request, names: list[Any], state: Any, city: Any, *, explain: bool) -> Response:
    if not names or len(names) > NAMES_IN_REQUEST:
        raise Problem(422, f"give 1 to {NAMES_IN_REQUEST:,} names")
    asked = [_asked(each, state, city) for each in names]
    checker: Checker = request.app.state.checker
    if len(asked) <= _AT_ONCE:
        return JSON({"results": checker.check(asked, explain=explain)})
    return JSON({"results": await asyncio.to_thread(checker.check, asked, explain=explain)})


@operation(
    "get", "Check one name.", {200: "Answers"},
    query={"name": {**_TEXT, "required": True}, "state": _TEXT, "city": _TEXT, "explain": {"enum": ["0", "1"]}},
)  # fmt: skip
@operation(
    "post", "Check names: whether each is a police union, and why.", {200: "Answers"},
    body={"type": "object", "properties": {
        "name": _ASKED, "names": {"type": "array", "items": _ASKED, "maxItems": NAMES_IN_REQUEST},
        "state": _TEXT, "city": _TEXT, "explain": _FLAG}},
)  # fmt: skip
async def check(request: Request) -> Response:
    """Check one name or many."""
    if request.method == "POST":
        value = await json_of(request)
        _refuse_unknown(value, ("name", "names", "state", "city", "explain"), "the request")
        if ("name" in value) == ("names" in value):
            raise Problem(422, "give name or names")
        names = value["names"] if "names" in value else [value["name"]]
        if not isinstance(names, list):
            raise Problem(422, "names is a list")
        explain = value.get("explain") is True
        return await _answers(request, names, value.get("state"), value.get("city"), explain=explain)
    asked = request.query_params
    explain = asked.get("explain") == "1"
    return await _answers(request, [asked.get("name", "")], asked.get("state"), asked.get("city"), explain=explain)


@operation(
    "post", "Upload one file: the body is its bytes.", {201: "Upload"},
    query={"name": {**_TEXT, "required": True, "description": "What the file is called."}},
    body={}, media="application/octet-stream",
)  # fmt: skip
async def uploads(request: Request) -> Response:
    """Receive a file."""
    name = request.query_params.get("name", "")
    if not name.strip():
        raise Problem(422, "give the name of the file: uploads?name=FILE")
    body = request.stream()
    settings: ServeSettings = request.app.state.settings
    length = request.headers.get("content-length", "")
    try:
        if length.isascii() and length.isdecimal() and int(length) > settings.max_upload:
            raise too_large(settings.max_upload)
        upload = await _jobs(request).receive(name, body)
    except ClientDisconnect:
        return Response(status_code=400)  # nobody hears it
    except Problem as problem:
        return await _after_reading(problem, body, settings.max_upload)
    return JSON(upload.to_dict(), 201, headers={"location": f"{PREFIX}/uploads/{upload.id}"})


async def _after_reading(problem: Problem, body: AsyncIterator[bytes], most: int) -> Response:
    """The problem, sent when the body has arrived: a browser that is still sending would not see it.

    Args:
        problem: why nothing is kept.
        body: what is left of it.
        most: bytes that are read at most.
    """
    left = most
    with suppress(ClientDisconnect, RuntimeError):
        async for chunk in body:
            left -= len(chunk)
            if left < 0:
                break
    problem.headers["connection"] = "close"
    return problem.response()


@operation("delete", "Delete an upload.", {204: None})
async def upload(request: Request) -> Response:
    """Delete an upload."""
    await _jobs(request).forget(request.path_params["id"])
    return Response(status_code=204)


def screen_options(options: Any) -> tuple[dict[str, Any], bool]:
    """The arguments of :func:`unionscreen.screen` for the options of a request, and ``excel_safe``.

    Raises:
        Problem: an unknown option, or a value of another type.
        UsageError: there is no such state.
    """
    if not isinstance(options, dict):
        raise Problem(422, "options is an object")
    _refuse_unknown(options, SCREENING_OPTIONS, "options")
    found: dict[str, Any] = {}
    for name, value in options.items():
        schema, argument = SCREENING_OPTIONS[name]
        if value is None or value == "":
            continue  # a form that was left empty
        if not isinstance(value, _TYPES[schema["type"]]) or (isinstance(value, bool) and schema["type"] != "boolean"):
            raise Problem(422, f"options.{name} is not of the type {schema['type']}")
        found[argument] = value
    if not all(isinstance(each, str) for each in (*found.get("kinds", ()), *found.get("mapping", {}).values())):
        raise Problem(422, "options.kinds and the values of options.mapping are texts")
    if found.get("recipients", "all") not in ("prosecutors", "all"):
        found["prosecutor"] = found.pop("recipients")
    if "state" in found:
        found["state"] = known_state(found["state"])
    try:
        found["min_score"] = float(found.get("min_score", 0))  # as the command line passes it
    except OverflowError as error:
        raise Problem(422, "options.threshold is a number from 0 to 100") from error
    return found, bool(found.pop("excel_safe", False))


def _texts(value: dict[str, Any], name: str) -> list[str]:
    texts = value.get(name, [])
    if not isinstance(texts, list) or not all(isinstance(each, str) for each in texts) or len(texts) > MOST_PATHS:
        raise Problem(422, f"{name} is a list of at most {MOST_PATHS:,} texts")
    return texts


@operation(
    "post", "Screen uploads, or files in the folder of --root. One screening runs at a time.", {202: "Screening"},
    body={"type": "object", "properties": {
        "uploads": {"type": "array", "items": _TEXT}, "paths": {"type": "array", "items": _TEXT},
        "options": {
            "type": "object", "properties": {name: schema for name, (schema, _) in SCREENING_OPTIONS.items()},
        }}},
)  # fmt: skip
async def screenings(request: Request) -> Response:
    """Queue a screening."""
    value = await json_of(request)
    _refuse_unknown(value, ("uploads", "paths", "options"), "the request")
    options, excel_safe = screen_options(value.get("options") or {})
    jobs = _jobs(request)
    job = await jobs.submit(_texts(value, "uploads"), _texts(value, "paths"), options, excel_safe=excel_safe)
    return JSON(jobs.state(job), 202, headers={"location": f"{PREFIX}/screenings/{job.id}"})


@operation("get", "How far a screening is.", {200: "Screening"})
@operation("delete", "Cancel a screening, or delete its reports.", {204: None})
async def screening(request: Request) -> Response:
    """The state of a screening, or its end."""
    jobs = _jobs(request)
    job = jobs.screening(request.path_params["id"])
    if request.method == "DELETE":
        await jobs.remove(job)
        return Response(status_code=204)
    return JSON(jobs.state(job))


@operation(
    "get", "The same as events, until the end. A client that goes away cancels the screening.",
    {200: {**_TEXT, "description": "Server-sent events; the data of each is a Screening."}},
    query={"keep": {"enum": ["0", "1"], "description": "1: the screening goes on when the client goes away."}},
    answer_media="text/event-stream",
)  # fmt: skip
async def events(request: Request) -> Response:
    """Follow a screening."""
    jobs = _jobs(request)
    return Events(jobs, jobs.screening(request.path_params["id"]), keep=request.query_params.get("keep") == "1")


@operation(
    "get", "The report as `unionscreen screen --out` writes it: html, xlsx, csv, json or sqlite.",
    {200: {"description": "The file."}}, answer_media="*/*",
)  # fmt: skip
async def report(request: Request) -> Response:
    """A report as a file."""
    job = _jobs(request).screening(request.path_params["id"])
    form = request.path_params["format"]
    path = job.report(form)
    headers = {"content-security-policy": await asyncio.to_thread(_policy, path)} if form == "html" else {}
    shown = "inline" if form in ("html", "json") else "attachment"
    return FileResponse(
        path, media_type=_MEDIA[form], headers=headers, filename=f"{job.name}.{form}", content_disposition_type=shown
    )


def _policy(path: Path) -> str:
    """The content-security policy that a report states, which also no other site may put into a frame."""
    with path.open("rb") as file:
        found = _POLICY.search(file.read(_POLICY_WITHIN))
    own = found[1].decode().replace("&#39;", "'") if found else "default-src 'none'"
    return f"{own}; frame-ancestors 'self'"


@operation("get", "This document.", {200: {"type": "object"}})
async def openapi(request: Request) -> Response:
    """The OpenAPI document."""
    return JSON(document(request.app.routes))


def routes() -> list[BaseRoute]:
    """The routes of the API."""
    return [
        Route(f"{PREFIX}/check", check, methods=["GET", "POST"]),
        Route(f"{PREFIX}/uploads", uploads, methods=["POST"]),
        Route(f"{PREFIX}/uploads/{{id}}", upload, methods=["DELETE"]),
        Route(f"{PREFIX}/screenings", screenings, methods=["POST"]),
        Route(f"{PREFIX}/screenings/{{id}}", screening, methods=["GET", "DELETE"]),
        Route(f"{PREFIX}/screenings/{{id}}/events", events, methods=["GET"]),
        Route(f"{PREFIX}/screenings/{{id}}/report.{{format}}", report, methods=["GET"]),
        Route(f"{PREFIX}/openapi.json", openapi, methods=["GET"]),
    ]
