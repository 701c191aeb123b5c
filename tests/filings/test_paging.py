"""A page of an API that is one of many is reported as such; one that is the whole says nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from unionscreen import screen

ROWS = [
    {
        "contributor_name": f"Donor {number}",
        "contribution_amount": 5,
        "contribution_date": "2024-01-02",
        "recipient_name": "Friends of Jane Doe for District Attorney",
    }
    for number in (1, 2)
]


def _notes(path: Path, *pages: dict[str, Any]) -> list[str]:
    path.write_text("\n".join(map(json.dumps, pages)))
    return [note for note in screen(path).notes if "this is a page" in note]


@pytest.mark.parametrize(
    ("beside", "said"),
    [
        ({"total": 4321}, "2 of 4,321 records"),
        ({"totalMatchingCount": 4321, "pageNumber": 1}, "2 of 4,321 records"),
        ({"totalCount": "4,321"}, "2 of 4,321 records"),
        ({"count": 4321, "next": "https://agency.example/?page=2"}, "2 of 4,321 records"),
        ({"count": 2, "next": "https://agency.example/?page=2"}, "names a next page"),
        ({"pagination": {"count": 4321, "page": 1, "pages": 2161, "per_page": 2}}, "2 of 4,321 records"),
        ({"meta": {"total_records": 3}}, "2 of 3 records"),
        ({"hasMore": True}, "names a next page"),
        ({"links": {"next": {"href": "https://agency.example/?page=2"}}}, "names a next page"),
        ({"@odata.count": 9, "@odata.nextLink": "https://agency.example/"}, "2 of 9 records"),
        ({"nextPageToken": "CAUQAA"}, "names a next page"),
        ({"has_more": True}, "names a next page"),
        ({"response_metadata": None, "next_cursor": "dXNlcg=="}, "names a next page"),
        ({"exceededTransferLimit": True}, "names a next page"),
        ({"properties": {"exceededTransferLimit": True}}, "names a next page"),
        ({"numberMatched": 7, "links": [{"rel": "next", "href": "https://agency.example/"}]}, "2 of 7 records"),
        ({"links": [{"rel": "self", "href": "/"}, {"rel": "next", "href": "/2"}]}, "names a next page"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_page_of_many_is_reported(tmp_path: Path, beside: dict[str, Any], said: str) -> None:
    (note,) = _notes(tmp_path / "page.json", {"results": ROWS, **beside})
    assert said in note


@pytest.mark.parametrize(
    "beside",
    [
        {"total": 2},
        {"totalMatchingCount": 2},
        {"count": 2, "next": None, "previous": "https://agency.example/?page=1"},
        {"count": 2},
        {"pagination": {"count": 2, "pages": 1}},
        {"hasMore": False},
        {"hasMore": "false"},
        {"exceededTransferLimit": False},
        {"nextPageToken": ""},
        {"links": [{"rel": "self", "href": "/"}]},
        {},
    ],
    ids=str,
)
def test_a_page_that_is_the_whole_says_nothing(tmp_path: Path, beside: dict[str, Any]) -> None:
    assert _notes(tmp_path / "page.json", {"results": ROWS, **beside}) == []


def test_all_pages_in_one_file_are_the_whole(tmp_path: Path) -> None:
    first, second = {"results": ROWS[:1], "total": 2, "next": "2"}, {"results": ROWS[1:], "total": 2, "next": None}
    assert _notes(tmp_path / "pages.json", first, second) == []
    assert len(_notes(tmp_path / "pages.json", first)) == 1


def test_marks_beside_the_records_count_at_any_depth(tmp_path: Path) -> None:
    (note,) = _notes(tmp_path / "page.json", {"success": True, "result": {"records": ROWS, "total": 4321}})
    assert "2 of 4,321 records" in note


def test_strict_does_not_take_a_page_for_the_whole(tmp_path: Path, cli: Any) -> None:
    path = tmp_path / "page.json"
    path.write_text(json.dumps({"results": ROWS, "nextPageToken": "CAUQAA"}))
    done = cli("screen", str(path), "--recipients", "all", "--strict")
    assert done.exit_code == 3
    assert "page.json is one page of several: the others are not counted" in done.stderr.replace("\n", " ")
    assert cli("screen", str(path), "--recipients", "all").exit_code == 0
