from __future__ import annotations

import zipfile
from datetime import date, datetime

import pytest
import xlsxwriter

from unionscreen.errors import FilingError
from unionscreen.filings import open_filing
from unionscreen.filings.files import archives

HEADER = ["Donor", "Recipient", "Amount", "Date", "Committee ID"]
DAY = 43286  # 5 July 2018 as a spreadsheet counts days


@pytest.fixture
def workbook(tmp_path):
    """Write sheets of rows, with dates as dates, and give the path."""

    def write(name="book.xlsx", **sheets):
        path = tmp_path / name
        with xlsxwriter.Workbook(path) as book:
            dated = book.add_format({"num_format": "yyyy-mm-dd"})
            for title, rows in sheets.items():
                sheet = book.add_worksheet(title)
                for y, row in enumerate(rows):
                    for x, value in enumerate(row):
                        if isinstance(value, datetime):
                            sheet.write_datetime(y, x, value, dated)
                        elif value is not None:
                            sheet.write(y, x, value)
        return path

    return write


def test_cells_are_read_as_what_they_are(workbook, whole):
    rows = [
        HEADER,
        ["DOE, JANE", "Roe", 16.240000000000002, datetime(2022, 2, 25), 1437445],
        ["A\nB", "Roe", "$1,250.00", DAY, None],
        [None, None, None, None, None],
        ["SOE", "Roe", -5, "3/4/22", "C-1"],
        ["TOE", "Roe", "n/a", None, None],
        [1437445, "Roe", 1e6, None, None],
    ]
    (filing,) = open_filing(workbook(Sheet1=rows))
    got = whole(filing)
    assert got.values("contributor") == ["DOE, JANE", "A B", "SOE", "1437445"]
    assert got.values("amount_cents") == [1624, 125000, -500, 100000000]
    assert got.values("date") == [date(2022, 2, 25), date(2018, 7, 5), date(2022, 3, 4), None]
    assert got.row_numbers == [2, 3, 5, 7]
    assert got.rejects == [{"row": 6, "reason": "'n/a' is not an amount", "text": "TOE,Roe,n/a,,"}]
    assert filing.source.endswith("book.xlsx#Sheet1")


def test_a_header_below_titles_and_empty_rows_is_found(workbook, whole):
    rows = [[], [], ["Contributions 2022"], [], HEADER, ["DOE", "Roe", 5, None, None]]
    (filing,) = open_filing(workbook(Sheet1=rows))
    assert whole(filing).row_numbers == [6]


def test_each_sheet_that_is_a_filing_is_one_and_the_others_are_noted(workbook):
    good = [HEADER, ["DOE", "Roe", 5, None, None]]
    path = workbook(A=good, Notes=[["Hello"], ["World"]], Expenses=[["Payee", "Amount"], ["X", 5]], B=good, Empty=[])
    filings = open_filing(path)
    assert [filing.source for filing in filings] == [f"{path}#A", f"{path}#B"]
    (note,) = [note for note in filings[0].notes if "not read:" in note]
    assert "Notes: " in note
    assert "Expenses: this looks like expenditures" in note
    assert "Empty" not in note


def test_a_workbook_without_a_filing_is_an_error(workbook):
    with pytest.raises(FilingError, match="no sheet of it is a filing"):
        open_filing(workbook(A=[["Hello"]], B=[["a", "b"], [1, 2]]))


def test_a_sheet_with_a_header_only_is_an_error(workbook):
    with pytest.raises(FilingError, match="no row follows its header"):
        open_filing(workbook(A=[HEADER]))


def test_a_workbook_in_a_zip_is_read(workbook, tmp_path, whole):
    book = workbook(A=[HEADER, ["DOE", "Roe", 5, None, None]])
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(book, "book.xlsx")
    (filing,) = open_filing(path)
    assert filing.source == f"{path}!book.xlsx#A"
    assert whole(filing).values("amount_cents") == [500]


def test_a_sheet_that_unpacks_to_too_much_is_refused(workbook, monkeypatch):
    path = workbook(A=[HEADER, ["DOE", "Roe", 5, None, None]])
    monkeypatch.setattr(archives, "MAX_SHEET_BYTES", 1000)
    with pytest.raises(FilingError, match="too large to read whole"):
        open_filing(path)
