"""JSON schemas for the Reconciliation Service API 0.2, written from the text of its specification.

They are stricter than the specification: a field that it does not name is an error, and so is an empty id or name.
The W3C Entity Reconciliation Community Group publishes schemas of its own with the specification
(https://github.com/reconciliation-api/specs, folder 0.2/schemas). They are not copied here. With their folder in the
environment variable ``RECONCILIATION_SCHEMAS`` each document is checked against those too.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

TEXT = {"type": "string", "minLength": 1}
TEMPLATE = {"type": "string", "pattern": r"^https?://.*\{\{id\}\}"}
HTTP = {"type": "string", "pattern": "^https?://[^/]+"}


def record(required: dict[str, Any], **optional: Any) -> dict[str, Any]:
    """An object with these fields and no others."""
    fields = required | optional
    return {"type": "object", "properties": fields, "required": [*required], "additionalProperties": False}


def array(items: Any, **more: Any) -> dict[str, Any]:
    return {"type": "array", "items": items, **more}


def mapping(values: Any) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": values}


TYPE = record({"id": TEXT, "name": TEXT}, broader=array({"type": "object"}))
SERVICE = record({"service_url": HTTP, "service_path": TEXT}, flyout_service_url=HTTP, flyout_service_path=TEXT)
NAMED = record({"id": TEXT, "name": TEXT}, description={"type": "string"})
FEATURE = record({"id": TEXT, "value": {"type": ["boolean", "number"]}})
CANDIDATE = record(
    {"id": TEXT, "name": TEXT, "score": {"type": "number", "minimum": 0, "maximum": 100}},
    description={"type": "string"},
    type=array(TYPE),
    features=array(FEATURE, uniqueItems=True),
    match={"type": "boolean"},
)
RESULT = record({"result": array(CANDIDATE)})
VALUE = {
    "oneOf": [
        record({}),
        NAMED,
        record({"str": {"type": "string"}}),
        record({"float": {"type": "number"}}),
        record({"int": {"type": "integer"}}),
        record({"date": {"type": "string"}}),
        record({"bool": {"type": "boolean"}}),
    ]
}
ONE_VALUE = {"oneOf": [{"type": ["string", "number", "boolean"]}, record({"id": TEXT}, name={"type": "string"})]}
QUERY = record(
    {},
    query=TEXT,
    type={"oneOf": [TEXT, array(TEXT)]},
    limit={"type": "integer", "minimum": 1},
    properties=array(record({"pid": TEXT, "v": {"oneOf": [ONE_VALUE, array(ONE_VALUE)]}})),
    type_strict={"enum": ["should", "all", "any"]},
) | {"anyOf": [{"required": ["query"]}, {"required": ["properties"]}]}

SCHEMAS: dict[str, Any] = {
    "manifest": record(
        {
            "versions": array(TEXT, contains={"const": "0.2"}),
            "name": TEXT,
            "identifierSpace": TEXT,
            "schemaSpace": TEXT,
        },
        defaultTypes=array(TYPE, uniqueItems=True),
        documentation=HTTP,
        logo=HTTP,
        serviceVersion=TEXT,
        view=record({"url": TEMPLATE}),
        feature_view=record({"url": TEMPLATE}),
        preview=record(
            {"url": TEMPLATE, "width": {"type": "integer", "minimum": 1}, "height": {"type": "integer", "minimum": 1}}
        ),
        suggest=record({}, entity=SERVICE, property=SERVICE, type=SERVICE),
        extend=record(
            {},
            propose_properties=record({"service_url": HTTP, "service_path": TEXT}),
            property_settings=array({"type": "object"}),
        ),
        batchSize={"type": "integer", "minimum": 1},
        authentication={"type": "object"},
    ),
    "reconciliation-query-batch": mapping(QUERY),
    "reconciliation-result-batch": mapping(RESULT),
    "suggest-entities-response": record(
        {"result": array(record({"id": TEXT, "name": TEXT}, description={"type": "string"}, notable=array(TYPE)))}
    ),
    "suggest-properties-response": record({"result": array(NAMED)}),
    "suggest-types-response": record({"result": array(TYPE)}),
    "data-extension-property-proposal": record(
        {"properties": array(NAMED)}, type={"type": "string"}, limit={"type": "integer", "minimum": 1}
    ),
    "data-extension-query": record(
        {"ids": array(TEXT), "properties": array(record({"id": TEXT}, settings={"type": "object"}))}
    ),
    "data-extension-response": record(
        {
            "meta": array(record({"id": TEXT, "name": TEXT}, type={"type": "object"}, service=HTTP)),
            "rows": mapping(mapping(array(VALUE))),
        }
    ),
}


def check_document(name: str, document: Any) -> None:
    """Check a document against the schema of this name; also against the official one, where that is at hand.

    Raises:
        jsonschema.ValidationError: it does not fit.
    """
    from jsonschema import Draft7Validator

    Draft7Validator.check_schema(SCHEMAS[name])
    Draft7Validator(SCHEMAS[name]).validate(document)
    if folder := os.environ.get("RECONCILIATION_SCHEMAS"):
        from referencing import Registry, Resource
        from referencing.jsonschema import DRAFT7

        official = [json.loads(path.read_text(encoding="utf-8")) for path in Path(folder).glob("*.json")]
        registry = Registry().with_resources(
            (each["$id"], Resource.from_contents(each, default_specification=DRAFT7)) for each in official
        )
        schema = json.loads((Path(folder) / f"{name}.json").read_text(encoding="utf-8"))
        Draft7Validator(schema, registry=registry).validate(document)
