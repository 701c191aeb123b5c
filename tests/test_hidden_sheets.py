"""A table that stands on several sheets, some of them hidden: none of its money counts without being seen."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from click.testing import Result

from unionscreen.errors import FilingError
from unionscreen.filings import open_filing

HEADER = ["Donor", "Recipient", "Amount", "Date"]
UNION = ["Springfield Police Officers Association", "Jane Roe for District Attorney", 500, "2022-01-02"]
PERSON = ["DOE, JANE", "Jane Roe for District Attorney", 70, "2022-01-03"]
GIFTS = [HEADER, UNION, PERSON]
# A sheet's name, how it is hidden, and its rows.
Given = tuple[str, str, Sequence[Sequence[object]]]


@pytest.fixture
def book(tmp_path: Path) -> Callable[..., Path]:
    def write(*sheets: Given, name: str = "gifts.xlsx") -> Path:
        with xlsxwriter.Workbook(tmp_path / name) as book:
            for title, hidden, rows in sheets:
                sheet = book.add_worksheet(title)
                for at, row in enumerate(rows):
                    sheet.write_row(at, 0, row)
                if hidden:
                    getattr(sheet, hidden)()
                else:
                    sheet.activate()  # the active sheet shows, whatever it is told
        return tmp_path / name

    return write


def screened(cli: Callable[..., Result], path: Path, *more: str) -> tuple[Result, dict[str, Any]]:
    result = cli("screen", path, "--format", "json", *more)
    return result, json.loads(result.stdout)


@pytest.mark.parametrize("rows", [GIFTS, [[], *GIFTS], [["", *row] for row in GIFTS]], ids=["same", "lower", "right"])
def test_a_hidden_copy_is_left_out_and_reported(
    rows: list[list[object]], book: Callable[..., Path], cli: Callable[..., Result]
) -> None:
    path = book(("Copy", "hide", rows), ("Gifts", "", GIFTS), ("Old", "very_hidden", rows))
    result, found = screened(cli, path, "--strict")
    (prosecutor,) = found["prosecutors"]
    assert (prosecutor["raised"], prosecutor["flagged"]["gross"], result.exit_code) == ("570.00", "500.00", 0)
    for name in ("Copy", "Old"):
        assert f'{path}: sheet "{name}" is hidden, equal to "Gifts", and left out' in result.stderr
    assert "unread" not in found["manifest"]


@pytest.mark.parametrize("hidden", ["hide", "very_hidden"])
@pytest.mark.parametrize("rows", [GIFTS[:2], [*GIFTS, PERSON], [HEADER, PERSON, UNION]], ids=["less", "more", "order"])
def test_another_hidden_sheet_is_unread_and_named(
    rows: list[list[object]], hidden: str, book: Callable[..., Path], cli: Callable[..., Result]
) -> None:
    path = book(("Gifts", "", GIFTS), ("Other", hidden, rows))
    result, found = screened(cli, path, "--strict")
    assert (found["prosecutors"][0]["raised"], result.exit_code) == ("570.00", 3)
    reason = "this sheet is hidden, and holds contributions"
    assert found["manifest"]["unread"] == [{"path": f"{path}#Other", "reason": reason}]
    assert f"{path}#Other: {reason}; not read" in result.stderr
    assert result.stderr.splitlines()[-1] == "1 of 2 files or sheets could not be read"
    assert cli("screen", path).exit_code == 0


def test_a_hidden_sheet_of_something_else_fails_nothing(book: Callable[..., Path], cli: Callable[..., Result]) -> None:
    path = book(("Gifts", "", GIFTS), ("Lists", "hide", [["Code", "Meaning"], ["A", "Gift"]]), ("Empty", "hide", []))
    result, found = screened(cli, path, "--strict")
    assert (result.exit_code, "unread" in found["manifest"]) == (0, False)


def test_contributions_on_hidden_sheets_only_are_an_error(book: Callable[..., Path]) -> None:
    path = book(("Cover", "", [["Report of gifts"]]), ("Gifts", "hide", GIFTS))
    with pytest.raises(FilingError, match="its contributions are on hidden sheets only: Gifts"):
        open_filing(path)


def test_two_that_are_equal_and_show_are_reported_though_nothing_is_flagged(
    book: Callable[..., Path], cli: Callable[..., Result]
) -> None:
    gifts = [HEADER, PERSON]
    path = book(("January", "", gifts), ("Copy", "", gifts), ("Later", "", [HEADER, UNION]))
    result, found = screened(cli, path)
    assert found["prosecutors"][0]["raised"] == "640.00"
    assert f'{path}: sheets "January" and "Copy" hold the same rows, and each counts' in result.stderr
    assert '"Later"' not in result.stderr


def test_two_tables_of_a_page_that_are_equal_are_reported(tmp_path: Path) -> None:
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in GIFTS)
    path = tmp_path / "page.html"
    path.write_text(f"<html><table>{rows}</table><table>{rows}</table></html>")
    filings = open_filing(path)
    assert len(filings) == 2
    assert any('tables "table 1" and "table 2" hold the same rows' in note for note in filings[0].notes)


def test_hidden_rows_and_columns_are_read_and_noted(tmp_path: Path, cli: Callable[..., Result]) -> None:
    path = tmp_path / "gifts.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(GIFTS):
            sheet.write_row(at, 0, row)
        sheet.set_row(1, None, None, {"hidden": True})
        sheet.set_column(3, 3, None, None, {"hidden": True})
    result, found = screened(cli, path)
    assert (found["prosecutors"][0]["raised"], found["manifest"]["rows_read"]) == ("570.00", 2)
    assert f"{path} has 2 hidden rows or columns, which are read like the others" in result.stderr
