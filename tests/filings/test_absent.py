"""Every format with one of its columns left out: the figures stay right, or the output says what cannot be told."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest

import unionscreen
from unionscreen.errors import UnionScreenError
from unionscreen.filings import list_formats, load_format, open_filing
from unionscreen.filings.files.pages import read_tables
from unionscreen.filings.files.sheets import read_sheets
from unionscreen.filings.files.sources import file_source
from unionscreen.filings.layouts.absent import settle_absent
from unionscreen.filings.layouts.definitions import parse_format
from unionscreen.filings.layouts.headers import normalize_header

SAMPLES = Path(__file__).parent / "samples"
RECIPIENT = "Friends of Jane Roe"
PAID = ("contributions_made", "independent_expenditures_by_target")
WITH_HEADER = [
    known.id for known in list_formats() if known.has_header and known.signature.headers and not known.refuse
]
# The lines of these files have no header: the columns are named by the layout, not by the file.
NO_COLUMNS = ("fec-electronic", "ca-cal", "tx-tec-report-csv")
TABLES = [known for known in WITH_HEADER if any(SAMPLES.glob(f"{known}.*")) and known not in NO_COLUMNS]


def cells(path: Path) -> tuple[list[list[str]], str, bool]:
    """The rows of a sample, and how they are written: delimiter and quoting."""
    (filing,) = open_filing(path, recipient=RECIPIENT)
    layout = filing.layout
    data = path.read_bytes()
    if path.suffix == ".xlsx":
        (sheet, *_) = read_sheets(file_source(path, path.name)).sheets
        return list(csv.reader(io.StringIO(sheet.csv.decode()))), ",", True
    if data.lstrip().startswith(b"<"):
        return read_tables(data.decode()).tables[0], ",", True
    text = data.decode("utf-16") if b"\x00" in data[:200] else data.decode("utf-8-sig", "replace")
    quoting = csv.QUOTE_MINIMAL if layout.quoting else csv.QUOTE_NONE
    lines = io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n"))
    return list(csv.reader(lines, delimiter=layout.delimiter, quoting=quoting)), layout.delimiter, layout.quoting


def money(path: Path) -> tuple[list[object], tuple[str, ...]]:
    """What a reader would print of each recipient, and the notes."""
    told = "recipient" in load_format(path.stem).columns
    found = unionscreen.screen(path, recipients="all", recipient=None if told else RECIPIENT, workers=1)
    figures = [
        (entry.recipients, entry.raised, entry.in_kind, entry.loans, entry.flagged, [flag.date for flag in entry.flags])
        for entry in found.prosecutors
    ]
    paid = json.loads(json.dumps(found.books.to_dict()).replace(str(path), ""))
    return [*figures, *(paid[name] for name in PAID)], found.notes


def named(notes: tuple[str, ...]) -> set[str]:
    """The columns that some note says are not there."""
    said = [found[1] for note in notes if (found := re.match(r"[^:]*: (no [^:]*)", note))]
    return {normalize_header(header) for columns in said for header in re.findall('"([^"]*)"', columns)}


@pytest.mark.parametrize("format_id", TABLES)
def test_a_column_left_out_changes_no_figure_without_a_word(format_id, tmp_path):
    (sample,) = SAMPLES.glob(f"{format_id}.*")
    rows, delimiter, quoted = cells(sample)
    whole, notes = money(sample)
    assert not [note for note in notes if re.search(': no ".*" column', note)]
    (filing,) = open_filing(sample, recipient=RECIPIENT)
    assert filing.resolved.header is not None
    header = filing.resolved.header.line
    signature = {word for option in filing.format.signature.headers for word in option}
    tried = 0
    for at, name in enumerate(rows[header]):
        if not name.strip() or normalize_header(name) in signature:
            continue
        path = tmp_path / f"{format_id}{'.csv' if sample.suffix in ('.xlsx', '.xls') else sample.suffix}"
        with path.open("w", encoding="utf-8", newline="") as handle:
            for row in rows:
                left = [*row[:at], *row[at + 1 :]]
                if quoted:
                    csv.writer(handle, delimiter=delimiter).writerow(left)
                else:
                    handle.write(delimiter.join(left) + "\n")
        tried += 1
        try:
            figures, notes = money(path)
        except UnionScreenError:
            continue  # nobody can take an error for a figure
        assert figures == whole or normalize_header(name) in named(notes), name
    assert tried


def test_a_code_column_that_an_export_lacks_counts_as_an_empty_code(read_text):
    got = read_text(
        "Name,City,State,Transction Type,Committee Name,Committee SBoE ID,Report Name,Date Occured,Amount,"
        "Candidate/Referendum Name\n"
        "LEE DOE,CARY,NC,Individual,JANE ROE FOR DISTRICT ATTORNEY,STA-1,2018 First Quarter,03/04/2018,25.00,\n"
    )
    assert got.values("kind") == ["monetary"]
    assert 'no "Form of Payment" column: gifts in kind cannot be distinguished from gifts of money' in got.filing.notes


def test_without_any_code_column_rows_count_as_gifts_and_that_is_said(read_text):
    got = read_text(
        "date,time,gross sales,total collected,transaction id,customer name\n2022-03-04,10:00,25.00,25.00,T1,Lee Doe\n",
        filing_format="square-transactions",
        recipient=RECIPIENT,
    )
    assert got.values("kind") == ["monetary"]
    (said,) = [note for note in got.filing.notes if '"Event Type"' in note]
    assert said.endswith("what no other column marks counts as gifts of money")


DEFINITION = """
title = "t"
agency = "a"
jurisdiction = "US"
urls = ["https://example.org"]
source = "s"
checked = "layout"
date_formats = ["%Y-%m-%d"]
file_columns = ["Filer", "Donor", "Amount", "Form", "Part"]
[signature]
headers = [["filer", "donor", "amount"]]
[columns]
recipient = "Filer"
contributor = "Donor"
amount_cents = "Amount"
kind = { from = ["Form", "Part"], default = "other", codes = { "B1|*" = "loan", "*|R" = "refund" } }
"""


LOANS = (
    'no "Form" column: rows that are not contributions cannot be distinguished from loans; what no other column marks '
    "counts as loans"
)


@pytest.mark.parametrize(
    ("there", "default", "said"),
    [
        (["form"], "other", 'no "Part" column: refunds cannot be distinguished from loans'),
        (["part"], "loan", LOANS),
    ],
)
def test_what_rows_count_as_is_what_most_rows_of_the_format_are(there, default, said):
    known = parse_format("t", DEFINITION)
    names = {name: at for at, name in enumerate(["filer", "donor", "amount", *there])}
    rules = {name: bound for name, rule in known.columns.items() if (bound := rule.resolve(names)) is not None}
    settled = settle_absent(known, rules, names, [*names])
    assert settled.rules["kind"].default == default
    assert said in settled.notes


NORTH_CAROLINA = (
    "Name,City,State,Transction Type,Committee Name,Committee SBoE ID,Report Name,Date Occured,Amount,Form of Payment,"
    "Candidate/Referendum Name\n"
)


def test_rows_of_a_code_that_the_format_does_not_list_are_counted_and_named(tmp_path):
    path = tmp_path / "export.csv"
    kinds = ["Individual", "Bequest", "Bequest", "Crowd Sale", "Operating Exp"]
    rows = [
        f"LEE DOE {i},CARY,NC,{kind},JANE ROE FOR DISTRICT ATTORNEY,STA-1,2018 First Quarter,03/04/2018,25.00,Check,"
        for i, kind in enumerate(kinds)
    ]
    path.write_text(NORTH_CAROLINA + "\n".join(rows) + "\n")
    found = unionscreen.screen(path)
    assert found.prosecutors[0].raised == 25_00
    (said,) = [note for note in found.notes if "does not list" in note]
    assert said == (
        f"{path}: 3 rows have a code that this format does not list; $75.00 in no sum: "
        '"Bequest / Check" (2), "Crowd Sale / Check" (1)'
    )


REFUSED = {known.id for known in list_formats() if known.refuse}
READ = [path for path in sorted(SAMPLES.iterdir()) if path.stem not in REFUSED]


@pytest.mark.parametrize("sample", READ, ids=lambda path: path.name)
def test_a_sample_holds_no_code_that_its_format_does_not_list(sample):
    found = unionscreen.screen(sample, recipients="all", recipient=RECIPIENT, workers=1)
    assert not [note for note in found.notes if "does not list" in note]


def test_without_both_of_its_code_columns_a_file_has_the_empty_code(tmp_path):
    (sample,) = SAMPLES.glob("actblue-contributions.*")
    rows, _, _ = cells(sample)
    drop = {rows[0].index("Refund ID"), rows[0].index("Refund Date")}
    path = tmp_path / sample.name
    with path.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows([cell for at, cell in enumerate(row) if at not in drop] for row in rows)
    figures, notes = money(path)
    assert sum(entry[1] for entry in figures[: -len(PAID)]) > 0
    assert 'no "Refund ID" and no "Refund Date" column' in " ".join(notes)


def test_a_code_that_counts_as_money_because_it_is_not_listed_is_named_too(tmp_path):
    text = (SAMPLES / "tn-tncamp.csv").read_text()
    path = tmp_path / "tn-tncamp.csv"
    path.write_text(text.replace('"Monetary"', '"Zork"', 1))
    (said,) = [note for note in unionscreen.screen(path).notes if "does not list" in note]
    assert said.startswith(
        f"{path}: 1 row has a code that this format does not list; $1,250.00 counted as gifts of money"
    )


def test_a_note_on_how_a_file_is_read_names_its_files(tmp_path, cli):
    header = NORTH_CAROLINA.strip().split(",")
    row = "LEE DOE,CARY,NC,Individual,JANE ROE FOR DISTRICT ATTORNEY,STA-1,2018 First Quarter,03/04/2018,{},Check,"
    for at in range(8):
        cells = [*zip(header, row.format(at + 1).split(","), strict=True)]
        kept = [cell for cell in cells if at == 0 or cell[0] != "Form of Payment"]
        lines = [",".join(parts) for parts in zip(*kept, strict=True)]
        (tmp_path / f"{at}.csv").write_text("\n".join(lines) + "\n")
    paths = [tmp_path / f"{at}.csv" for at in range(8)]
    without = 'no "Form of Payment" column: gifts in kind cannot be distinguished from gifts of money'
    several = ", ".join(map(str, paths[1:6])) + f" and 2 more files: {without}"
    assert f"{paths[1]}: {without}" in unionscreen.screen(paths[:2]).notes
    assert f"{paths[1]}: {without}" in cli("convert", paths[1], "--out", tmp_path / "out.csv").stderr
    assert several in unionscreen.screen(paths).notes
    done = cli("intake", *paths)
    assert several in done.stderr
