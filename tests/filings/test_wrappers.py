"""The objects that APIs and programs put around records hold the same contributions as the records alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from unionscreen import screen
from unionscreen.errors import FilingError, NoContributionsError
from unionscreen.filings.files.wrappers import wrapper_of
from unionscreen.filings.layouts.mapper import score_header

NAMES = ["committee", "contributor", "amount", "date"]
ROWS: list[list[Any]] = [
    ["Jane Vale for District Attorney", "Springfield Police Officers Association", 500.0, "2024-03-04"],
    ["Jane Vale for District Attorney", "Doe, Lee", 100, None],
]
RECORDS = [dict(zip(NAMES, row, strict=True)) for row in ROWS]
POINT = {"type": "Point", "coordinates": [-77, 38.9]}
PLACE = {"latitude": "38.9", "human_address": '{"address": "1 Main St", "city": "Springfield"}'}
FEATURES = [{"type": "Feature", "id": i, "geometry": POINT, "properties": each} for i, each in enumerate(RECORDS)]
SOCRATA = {
    "meta": {
        "view": {
            "name": "Contributions",
            "columns": [
                {"name": "sid", "dataTypeName": "meta_data", "fieldName": ":sid"},
                {"name": "created_at", "dataTypeName": "meta_data", "fieldName": ":created_at"},
                *({"name": name.title(), "dataTypeName": "text", "fieldName": name} for name in NAMES),
                {"name": "Location", "dataTypeName": "location", "fieldName": "location"},
            ],
            "grants": [{"inherited": False, "type": "viewer"}],
        }
    },
    "data": [["row-1", 1709510400, *row, PLACE] for row in ROWS],
}
ARCGIS = {
    "fields": [
        {"name": "CMTE_NM", "type": "esriFieldTypeString", "alias": "Committee"},
        {"name": "DONOR_NM", "type": "esriFieldTypeString", "alias": "Contributor"},
        {"name": "AMT", "type": "esriFieldTypeDouble", "alias": "Amount"},
        {"name": "RCVD", "type": "esriFieldTypeDate", "alias": "Date"},
    ],
    "features": [
        {"attributes": {"CMTE_NM": row[0], "DONOR_NM": row[1], "AMT": row[2], "RCVD": row[3] and 1709510400000}}
        for row in ROWS
    ],
}
WRAPPED: dict[str, Any] = {
    "fields and rows": {"fields": NAMES, "rows": ROWS},
    "header and data": {"header": [{"name": name} for name in NAMES], "data": ROWS},
    "rows of objects": {"columns": NAMES, "rows": RECORDS},
    "pandas split": {"columns": NAMES, "index": ["a", "b"], "data": ROWS},
    "pandas table": {"schema": {"fields": [{"name": name, "type": "string"} for name in NAMES]}, "data": RECORDS},
    "Google Sheets": {"range": "A1:D3", "majorDimension": "ROWS", "values": [NAMES, *ROWS]},
    "Socrata": SOCRATA,
    "GeoJSON": {"type": "FeatureCollection", "features": FEATURES},
    "GeoJSON by lines": FEATURES,
    "ArcGIS": ARCGIS,
    "CKAN": {
        "success": True,
        "result": {
            "fields": [{"id": name, "type": "text"} for name in ("_id", *NAMES)],
            "records": [{"_id": i, **each} for i, each in enumerate(RECORDS)],
            "_links": {"start": "/api?offset=0", "next": "/api?offset=100"},
            "total": 2,
        },
    },
    "CKAN in lists": {
        "result": {"fields": [{"id": name} for name in ("_id", *NAMES)], "records": [[1, *ROWS[0]], [2, *ROWS[1]]]}
    },
    "Elasticsearch": {"hits": {"total": {"value": 2}, "hits": [{"_id": "x", "_source": each} for each in RECORDS]}},
    "GraphQL": {"data": {"gifts": {"edges": [{"node": each} for each in RECORDS], "pageInfo": {"hasNextPage": False}}}},
    "other lists": {"facets": [{"value": "x", "count": 2}], "errors": [], "results": RECORDS},
}  # fmt: skip


@pytest.mark.parametrize("name", WRAPPED)
def test_a_wrapper_holds_the_same_contributions(name: str, tmp_path: Path) -> None:
    path, written = tmp_path / "gifts.json", WRAPPED[name]
    path.write_text("\n".join(map(json.dumps, written)) if isinstance(written, list) else json.dumps(written, indent=1))
    found = screen(path, recipients="all", workers=1)
    (entry,) = found.prosecutors
    assert (entry.raised, entry.flagged.gross, [str(flag.date) for flag in entry.flags]) == (
        60000,
        50000,
        ["2024-03-04"],
    )
    assert (found.manifest["rows_read"], found.manifest["rows_rejected"]) == (2, 0)
    assert "unread" not in found.manifest


def test_the_codes_of_an_arcgis_domain_are_what_they_mean(read_text):
    coded = [{"code": 1, "name": "Monetary"}, {"code": 2, "name": "Loan"}]
    kind = {"name": "kind", "type": "esriFieldTypeInteger", "domain": {"type": "codedValue", "codedValues": coded}}
    features = [{"attributes": each | {"kind": at}} for at, each in enumerate(RECORDS, 1)]
    got = read_text(json.dumps({"fields": [kind], "features": features}), "a.json")
    assert got.values("kind") == ["monetary", "loan"]


def test_each_candidate_of_a_list_keeps_its_own_contributions(tmp_path: Path) -> None:
    path = tmp_path / "candidates.json"
    gifts = [{"contributor": "Springfield Police Officers Association", "amount": 5, "date": "2024-03-04"}]
    path.write_text(
        json.dumps([{"candidate": who, "total": 5, "contributions": gifts} for who in ("Jane Vale", "Sam Roe")])
    )
    found = screen(path, recipients="all", workers=1)
    assert {entry.name for entry in found.prosecutors} == {"Jane Vale", "Sam Roe"}


def test_a_row_longer_than_its_columns_is_rejected(read_text):
    got = read_text(json.dumps({"columns": NAMES, "data": [*ROWS, [*ROWS[0], "one too many"]]}), "a.json")
    assert (len(got.rows), [each["row"] for each in got.rejects]) == (2, [3])


def test_columns_of_one_name_are_both_kept():
    wrapper = wrapper_of({"columns": ["amount", "amount"], "data": [[1, 2]]}, score_header, "a.json", listed=False)
    assert wrapper.columns == ("amount", "amount (2)")


def test_two_lists_of_contributions_are_not_chosen_from(read_text):
    with pytest.raises(FilingError, match=r"several lists of records: given, received"):
        read_text(json.dumps({"given": RECORDS, "received": RECORDS}), "a.json")


def test_a_list_beside_the_contributions_is_named(read_text):
    spent = [{"payee": "Printer", "amount": 5, "date": "2024-03-04"}]
    got = read_text(json.dumps({"contributions": RECORDS, "expenditures": spent}), "a.json")
    assert got.values("contributor") == [row[1] for row in ROWS]
    assert any("the list expenditures is not read" in note for note in got.filing.notes)


@pytest.mark.parametrize(
    "page", [{"results": [], "total": 0}, {"data": {"items": []}}, [], {"fields": [{"id": "amount"}], "records": []}],
    ids=str,
)  # fmt: skip
def test_a_page_without_records_is_called_so(page: Any, read_text):
    with pytest.raises(NoContributionsError, match="JSON without records: an empty page of an API"):
        read_text(json.dumps(page), "a.json")


def test_an_empty_page_says_how_many_records_there_are(read_text):
    with pytest.raises(NoContributionsError, match=r"JSON without records: this is a page: 0 of 4,321 records"):
        read_text(json.dumps({"results": [], "total": 4321}), "a.json")
