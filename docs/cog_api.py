"""For cog: the operations of the JSON API, from its OpenAPI document."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any


def _kind(schema: dict[str, Any]) -> str:
    """A schema in a few words."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "enum" in schema:
        return " or ".join(f"`{each}`" for each in schema["enum"])
    for word in ("oneOf", "anyOf"):
        if word in schema:
            return " or ".join(_kind(each) for each in schema[word])
    if schema.get("type") == "array":
        return f"list of {_kind(schema['items'])}"
    kind = schema.get("type", "bytes")
    return kind if isinstance(kind, str) else " or ".join(kind)


def _rows(properties: dict[str, Any], required: list[str], head: str) -> list[str]:
    rows = [f"| {head} | type | meaning |", "|---|---|---|"]
    for name, schema in properties.items():
        must = (
            " (always there)" if name in required and head == "key" else " (must be given)" if name in required else ""
        )
        rows.append(f"| `{name}` | {_kind(schema)}{must} | {schema.get('description', '')} |")
    return [*rows, ""]


def operations() -> None:
    """Write every operation and every schema as Markdown."""
    import cog

    from unionscreen.serve.app import create_app
    from unionscreen.serve.openapi import document
    from unionscreen.serve.settings import ServeSettings

    with TemporaryDirectory() as folder:
        found = document(create_app(ServeSettings(Path(folder))).routes)
    lines = []
    for path, methods in found["paths"].items():
        for method, about in methods.items():
            lines += [f"### {method.upper()} {path}", "", about["summary"], ""]
            if asked := [each for each in about["parameters"] if each["in"] == "query"]:
                required = [each["name"] for each in asked if each["required"]]
                lines += _rows({each["name"]: each["schema"] for each in asked}, required, "parameter")
            for media, body in about.get("requestBody", {}).get("content", {}).items():
                lines += [f"The body is `{media}`.", ""]
                properties = body["schema"].get("properties", {})
                lines += _rows(properties, [], "key of the body") if properties else []
                if options := properties.get("options", {}).get("properties"):
                    lines += _rows(options, [], "key of options")
            for status, answer in about["responses"].items():
                if status != "default":
                    kinds = [_kind(each["schema"]) for each in answer.get("content", {}).values()]
                    lines += [f"Answer: {status}{', ' if kinds else ''}{''.join(kinds)}.", ""]
    lines += ["## Objects", ""]
    for name, schema in found["components"]["schemas"].items():
        lines += [f"### {name}", ""] + ([schema["description"], ""] if "description" in schema else [])
        lines += _rows(schema["properties"], schema["required"], "key")
    cog.outl("\n".join(lines).rstrip())


def example() -> None:
    """Write the answer for a name and a problem, as the server gives them."""
    import cog
    from starlette.testclient import TestClient

    from unionscreen.serve.app import create_app
    from unionscreen.serve.settings import ServeSettings

    with TemporaryDirectory() as folder:
        app = create_app(ServeSettings(Path(folder)))
        with TestClient(app, base_url="http://127.0.0.1:8765") as client:
            for asked in ("name=Chicago FOP&state=IL", "name=Chicago FOP&state=Atlantis"):
                answer = client.get(f"/api/v1/check?{asked}")
                shown = json.dumps(answer.json(), indent=2, ensure_ascii=False)
                cog.outl(f"```text\nGET /api/v1/check?{asked}\n\n{answer.status_code}\n{shown}\n```\n")
