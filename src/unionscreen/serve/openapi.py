"""The OpenAPI document: made from what each route says about itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, TypeVar

from starlette.routing import BaseRoute, Route

from unionscreen._version import __version__
from unionscreen.serve.child import FORMATS
from unionscreen.serve.problem import MEDIA_TYPE

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])

PREFIX: Final = "/api/v1"
_PROBLEM: Final = {"$ref": "#/components/schemas/Problem"}
_MAYBE_TEXT: Final = {"type": ["string", "null"]}

SCHEMAS: Final[dict[str, Any]] = {
    "Problem": {
        "type": "object",
        "description": "An error. For an error about a file, detail is the text that the command line prints.",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": {"type": "string"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "source": {**_MAYBE_TEXT, "description": "The file, with its sheet or member."},
            "row": {"type": ["integer", "null"], "description": "The line or record in it, from 1."},
            "hint": {**_MAYBE_TEXT, "description": "What to do about it."},
        },
    },
    "Answer": {
        "type": "object",
        "description": "Whether a donor is a police union: the object of `unionscreen check --json`.",
        "required": "name verdict tier union_id union category score why ambiguous could_be".split(),
        "properties": {
            "name": {"type": "string"},
            "verdict": {"enum": ["union", "related", "clear", "no name"]},
            "tier": _MAYBE_TEXT,
            "union_id": _MAYBE_TEXT,
            "union": _MAYBE_TEXT,
            "category": _MAYBE_TEXT,
            "score": {"type": "number"},
            "why": {"type": "string"},
            "ambiguous": {"type": "boolean"},
            "could_be": {"type": "array", "items": {"type": "string"}},
            "explain": {"type": "object", "description": "With explain: each word, the rules, and near misses."},
            "reviewed": {**_MAYBE_TEXT, "description": "With --decisions: what was decided."},
            "decision": _MAYBE_TEXT,
        },
    },
    "Answers": {
        "type": "object",
        "required": ["results"],
        "properties": {"results": {"type": "array", "items": {"$ref": "#/components/schemas/Answer"}}},
    },
    "Upload": {
        "type": "object",
        "required": ["id", "name", "bytes"],
        "properties": {"id": {"type": "string"}, "name": {"type": "string"}, "bytes": {"type": "integer"}},
    },
    "Screening": {
        "type": "object",
        "required": ["id", "status", "position", "bytes_done", "bytes_total", "error", "summary", "formats"],
        "properties": {
            "id": {"type": "string"},
            "status": {"enum": ["waiting", "running", "done", "failed", "canceled"]},
            "position": {
                "type": ["integer", "null"],
                "description": "How many screenings are before this one; 0 while it runs, null at its end.",
            },
            "bytes_done": {"type": "integer"},
            "bytes_total": {"type": ["integer", "null"], "description": "null where it is not known."},
            "error": {"anyOf": [_PROBLEM, {"type": "null"}]},
            "summary": {"type": ["object", "null"], "description": "Counts and notes, when it is done."},
            "formats": {"type": "array", "items": {"enum": list(FORMATS)}},
        },
    },
}


def operation(
    method: str,
    summary: str,
    answers: Mapping[int, Any],
    *,
    query: Mapping[str, Any] | None = None,
    body: Any = None,
    media: str = "application/json",
    answer_media: str = "application/json",
) -> Callable[[Endpoint], Endpoint]:
    """Say what a route does in one method; every route under ``/api/v1`` says it.

    Args:
        method: of HTTP.
        summary: one sentence.
        answers: status to the schema of the answer, or the name of one of ``SCHEMAS``; None has no body.
        query: parameter to its schema; one that is marked with ``required`` must be given.
        body: the schema of the request's body.
        media: the type of the body.
        answer_media: the type of the answers.
    """

    def described(status: int, schema: Any) -> dict[str, Any]:
        about: dict[str, Any] = {"description": {201: "Created", 202: "Accepted", 204: "Done"}.get(status, "Success")}
        if schema is not None:
            ref = {"$ref": f"#/components/schemas/{schema}"} if isinstance(schema, str) else schema
            about["content"] = {answer_media: {"schema": ref}}
        return about

    parameters = []
    for name, given in (query or {}).items():
        schema = {**given}
        required = schema.pop("required", False)
        parameters.append({"name": name, "in": "query", "required": required, "schema": schema})
    value: dict[str, Any] = {"summary": summary, "parameters": parameters}
    if body is not None:
        value["requestBody"] = {"required": True, "content": {media: {"schema": body}}}
    value["responses"] = {str(status): described(status, schema) for status, schema in answers.items()}
    value["responses"]["default"] = {"description": "An error", "content": {MEDIA_TYPE: {"schema": _PROBLEM}}}

    def mark(endpoint: Endpoint) -> Endpoint:
        endpoint.operations = {**getattr(endpoint, "operations", {}), method.lower(): value}  # type: ignore[attr-defined]
        return endpoint

    return mark


def document(routes: Iterable[BaseRoute]) -> dict[str, Any]:
    """The OpenAPI 3.1 document of routes; those that say nothing about themselves are left out."""
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        operations = getattr(getattr(route, "endpoint", None), "operations", None)
        if not (isinstance(route, Route) and operations and route.methods):
            continue
        names = re.findall(r"{(\w+)}", route.path)
        in_path = [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]
        found = paths.setdefault(route.path, {})
        for method in sorted(route.methods - {"HEAD"}):
            value = operations[method.lower()]
            found[method.lower()] = {**value, "parameters": in_path + value["parameters"]}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "UnionScreen",
            "version": __version__,
            "description": "Screen campaign contributions to prosecutors for police-union money. "
            "A match with the list is a lead to check, not a finding of wrongdoing.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "components": {
            "schemas": SCHEMAS,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{}, {"token": []}],
        "paths": paths,
    }
