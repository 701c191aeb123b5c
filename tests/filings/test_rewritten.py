"""A file of an agency that does not quote, saved anew as a workbook, JSON, Parquet or CSV, gives the same rows."""

from __future__ import annotations

import csv
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from unionscreen.filings import list_formats, open_filing

# Form 496 has no name in its rows: those are on its cover page.
UNQUOTED = [
    known for known in list_formats() if known.quoting is False and known.has_header and known.id != "ca-calaccess-s496"
]
# A comma and quotes, as they stand in a name that is not quoted.
NAME = 'ROE, "BUD" & SONS'


def as_workbook(rows, path):
    with xlsxwriter.Workbook(path, {"strings_to_numbers": False}) as book:
        sheet = book.add_worksheet()
        for y, row in enumerate(rows):
            sheet.write_row(y, 0, row)


def as_json(rows, path):
    header, *rest = rows
    path.write_text(json.dumps([dict(zip(header, row, strict=True)) for row in rest]))


def as_parquet(rows, path):
    header, *rest = rows
    pq.write_table(pa.table({name: pa.array(cells) for name, *cells in zip(header, *rest, strict=True)}), path)


def as_csv(rows, path):
    with path.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows(rows)


@pytest.mark.parametrize("save", [as_workbook, as_json, as_parquet, as_csv])
@pytest.mark.parametrize("known", UNQUOTED, ids=lambda known: known.id)
def test_quotes_and_commas_of_names_survive(known, save, samples, tmp_path, whole):
    (sample,) = samples.glob(f"{known.id}.*")
    rows = [line.split("\t") for line in sample.read_text(encoding="utf-8").splitlines()]
    name = "recipient" if known.paid else "contributor"
    at = rows[0].index(known.columns[name].headers[0])
    rows[1][at] = NAME
    plain = tmp_path / sample.name
    plain.write_text("".join("\t".join(row) + "\n" for row in rows))
    save(rows, tmp_path / "again")
    (expected,), (found,) = open_filing(plain), open_filing(tmp_path / "again")
    assert found.format.id == known.id
    as_filed, got = whole(expected), whole(found)
    assert NAME in as_filed.values(name)[0]
    for column in ("contributor", "amount_cents", "date", "recipient", "kind", "city"):
        assert got.values(column) == as_filed.values(column)
    assert not got.rejects
