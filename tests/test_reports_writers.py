"""Every writer of the registry: no name from a filing acts, nothing is lost, the same input gives the same bytes."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import fields
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from markdown_it import MarkdownIt
from python_calamine import CalamineWorkbook

import unionscreen
from report_cases import HOSTILE, a_flag, a_screening, an_entry, hostile, hostile_screening, money_of
from unionscreen.errors import UsageError
from unionscreen.output import WRITERS, Writer, writer_of
from unionscreen.output.cells import sheet_text
from unionscreen.output.database import column_name
from unionscreen.output.tables import ResultTable, WriteOptions
from unionscreen.reports import load_result, render, write_report
from unionscreen.reports.columns import CONTRIBUTION
from unionscreen.reports.tables import by_union, by_year, screening_tables, tidy_table
from unionscreen.reports.text import shorten, visible, visible_lines
from unionscreen.screening import Flag, Screening
from unionscreen.spreadsheet import MAX_TEXT

ROOT = Path(__file__).resolve().parents[1]
AVERY = "examples/netfile-avery.csv"

every_writer = pytest.mark.parametrize("writer", WRITERS, ids=lambda writer: writer.name)
data_writers = pytest.mark.parametrize("writer", WRITERS[1:], ids=lambda writer: writer.name)


@pytest.fixture(scope="module")
def avery() -> Screening:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        return unionscreen.screen(AVERY)


def table_of(screening: Screening, name: str) -> ResultTable:
    return next(table for table in screening_tables(screening) if table.name == name)


# Names that would act if they could. One check per format: what acting means there.


class Page(HTMLParser):
    """Tags, attributes and text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.words: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def inert_text(data: bytes, name: str) -> None:
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]", data.decode())


def inert_table(data: bytes, name: str) -> None:
    inert_text(data, name)
    assert visible(name)[:20] in data.decode()


def inert_json(data: bytes, name: str) -> None:
    inert_text(data, name)
    (entry, _) = json.loads(data)["prosecutors"]
    assert [flag["contributor"] for flag in entry["flags"]] == ["SPRINGFIELD PBA", name, name]


def inert_jsonl(data: bytes, name: str) -> None:
    inert_text(data, name)
    records = [json.loads(line) for line in data.decode().split("\n")[:-1]]
    assert [each["contributor"] for each in records if each["record"] == "flag"] == ["SPRINGFIELD PBA", name, name]


def inert_csv(data: bytes, name: str) -> None:
    rows = list(csv.DictReader(io.StringIO(data.decode(), newline="")))
    assert [row["contributor"] for row in rows] == ["SPRINGFIELD PBA", *[visible_lines(name)] * 3]
    assert all(None not in row for row in rows)


def inert_html(data: bytes, name: str) -> None:
    inert_text(data, name)
    page = Page(data.decode())
    assert page.tags.count("script") == page.tags.count("style") == 1
    assert not {"img", "iframe", "object", "embed", "base"} & set(page.tags)
    assert not [attribute for attribute in page.attributes if attribute.startswith("on") or attribute == "style"]
    assert not {"src", "srcset", "action"} & page.attributes
    assert not name or shorten(name, 240) in page.words


def inert_md(data: bytes, name: str) -> None:
    inert_text(data, name)
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(data.decode())
    kinds = {token.type for block in tokens for token in (block, *(block.children or ()))}
    assert not {"html_inline", "html_block", "link_open", "image", "em_open", "code_inline", "fence", "s_open"} & kinds
    cells = [block.content for block in tokens if block.type == "inline"]
    assert max(cells.count("SPRINGFIELD PBA"), 0) == 1
    assert not re.search(r"(?<!\\)https?://|www\.|\w@\w", data.decode())
    plain = [
        "".join(each.content for each in block.children or () if each.type in {"text", "text_special"})
        for block in tokens
        if block.type == "inline"
    ]
    assert not name or " ".join(shorten(name, 240).split()) in plain


def inert_xlsx(data: bytes, name: str) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        sheets = [parts.read(each).decode() for each in parts.namelist() if "worksheets/sheet" in each]
    assert not [sheet for sheet in sheets if re.search(r"<f[ >]|<hyperlink", sheet)]
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    header, *rows = book.get_sheet_by_name("Flags").to_python()
    at = header.index("contributor")
    assert [row[at] for row in rows] == ["SPRINGFIELD PBA", *[sheet_text(name)] * 2]


def inert_sqlite(data: bytes, name: str) -> None:
    with closing(sqlite3.connect(":memory:")) as database:
        database.deserialize(data)
        found = [row[0] for row in database.execute("SELECT contributor FROM flags ORDER BY id")]
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert found == ["SPRINGFIELD PBA", *[name.encode("utf-8", "backslashreplace").decode()] * 2]


def inert_parquet(data: bytes, name: str) -> None:
    found = pq.read_table(io.BytesIO(data))["contributor"].to_pylist()
    assert found == ["SPRINGFIELD PBA", *[name.encode("utf-8", "backslashreplace").decode()] * 3]


CHECKS: dict[str, Callable[[bytes, str], None]] = {
    "table": inert_table,
    "json": inert_json,
    "jsonl": inert_jsonl,
    "csv": inert_csv,
    "html": inert_html,
    "md": inert_md,
    "xlsx": inert_xlsx,
    "sqlite": inert_sqlite,
    "parquet": inert_parquet,
}


@every_writer
@hostile
def test_what_a_filing_says_does_not_act(writer: Writer, name: str) -> None:
    CHECKS[writer.name](render(hostile_screening(name), writer.name), name)


@hostile
def test_an_excel_safe_csv_has_no_cell_that_begins_a_formula(name: str) -> None:
    data = render(hostile_screening(name), "csv", WriteOptions(excel_safe=True))
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    texts = [cell for row in rows for column, cell in row.items() if column != "amount"]
    assert not [cell for cell in texts if cell.startswith(tuple("=+-@\t\r|%＝＋－＠"))]
    assert {row["contributor"] for row in rows[1:]} <= {visible_lines(name), f"'{visible_lines(name)}"}


def test_an_excel_safe_csv_leaves_amounts_numbers() -> None:
    data = render(a_screening(an_entry(a_flag(amount_cents=-5_00))), "csv", WriteOptions(excel_safe=True))
    assert ",-5.00," in data.decode()


_CONVERTED = (
    "00000001", "1E5", "1e+05", "12345678901234567890", "1-2", "3/4", "1.50", "2022-03", "12-2022", "1,000", "MAR1",
    "5 May", "SEPT 2", "11:30", "TRUE", "5%", "$12", "(12)", " 007 ",
)  # fmt: skip


@pytest.mark.parametrize(
    "ident", [*_CONVERTED, "C00123456", "1199", "2022", "LOCAL 1-2", "MARCH FOR DA", "SA11AI.4110"]
)
def test_an_excel_safe_csv_guards_ids_that_a_spreadsheet_turns_into_other_values(ident: str) -> None:
    screening = a_screening(an_entry(a_flag(transaction_id=ident, filing_id=ident)))
    for safe in (True, False):
        data = render(screening, "csv", WriteOptions(excel_safe=safe)).decode("utf-8-sig")
        (row,) = csv.DictReader(io.StringIO(data))
        shown = f"'{ident}" if safe and ident in _CONVERTED else ident
        assert (row["transaction_id"], row["filing_id"]) == (shown, shown)
        assert (row["row"], row["date"], row["amount"]) == ("2", "2022-03-01", "100.00")


# The same in every format.


@every_writer
def test_the_same_screening_gives_the_same_bytes(writer: Writer, avery: Screening) -> None:
    assert render(avery, writer.name) == render(avery, writer.name)


@every_writer
@pytest.mark.parametrize("name", ["script", "surrogate", "rtl"])
def test_a_saved_result_gives_the_same_report(writer: Writer, name: str) -> None:
    screening = hostile_screening(HOSTILE[name])
    again = Screening.from_dict(json.loads(render(screening, "json")))
    assert render(again, writer.name) == render(screening, writer.name)


@data_writers
def test_every_output_carries_hashes_version_and_settings(writer: Writer, avery: Screening, tmp_path: Path) -> None:
    path = tmp_path / f"report{writer.suffixes[0]}"
    write_report(avery, path)
    data = b"".join(each.read_bytes() for each in tmp_path.iterdir())
    if writer.name == "xlsx":
        book = CalamineWorkbook.from_path(str(path))
        data = repr([book.get_sheet_by_name(name).to_python() for name in ("Inputs", "Manifest")]).encode()
    if writer.name == "parquet":
        data = pq.read_schema(path).metadata[b"unionscreen.manifest"]
    for part in (avery.manifest["inputs"][0]["sha256"], avery.manifest["list_sha256"], "recipients_why"):
        assert part in data.decode("utf-8", "replace").replace("\\_", "_")


def test_a_workbook_says_no_time_of_its_own(avery: Screening) -> None:
    with zipfile.ZipFile(io.BytesIO(render(avery, "xlsx"))) as parts:
        assert {each.date_time for each in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"2000-01-01T00:00:00Z" in parts.read("docProps/core.xml")


def test_another_process_writes_the_same_bytes(tmp_path: Path) -> None:
    written = []
    for seed, zone in (("1", "UTC"), ("2", "Pacific/Auckland")):
        folder = tmp_path / seed
        folder.mkdir()
        outs = [part for writer in WRITERS for part in ("--out", str(folder / f"r{writer.suffixes[0]}"))]
        subprocess.run(
            [sys.executable, "-m", "unionscreen", "screen", AVERY, "--quiet", *outs],
            cwd=ROOT,
            env={"PYTHONHASHSEED": seed, "TZ": zone},
            check=True,
        )
        written.append({path.name: path.read_bytes() for path in folder.iterdir()})
    assert len(written[0]) == len(WRITERS) + sum(writer.beside is not None for writer in WRITERS)
    assert [name for name in written[0] if written[0][name] != written[1][name]] == []


def test_suffixes_and_names_are_each_ones_own() -> None:
    suffixes = [suffix for writer in WRITERS for suffix in writer.suffixes]
    assert len(set(suffixes)) == len(suffixes)
    assert writer_of(Path("REPORT.HTML")).name == "html"
    with pytest.raises(UsageError, match="no format has the suffix"):
        writer_of(Path("report.docx"))


# The tables that data files are written from.


def test_groups_add_up_to_the_total(avery: Screening) -> None:
    (entry,) = avery.prosecutors
    for table in (by_union(entry.flags), by_year(entry.flags)):
        sums = [
            sum(row[table.names.index(name)] for row in table.rows) for name in ("rows", "gross", "refunded", "net")
        ]
        assert sums == [7, entry.flagged.gross, entry.flagged.refunded, entry.flagged.net]


def test_counted_rows_add_up_to_the_net_sum() -> None:
    flags = (a_flag(), a_flag(status="memo"), a_flag(kind="loan"), a_flag(amount_cents=-30_00), a_flag(status="void"))
    table = tidy_table(a_screening(an_entry(*flags)))
    counted, amounts = (table.names.index(name) for name in ("counted", "amount"))
    assert sum(row[amounts] for row in table.rows if row[counted]) == money_of(*flags).net == 70_00


def test_every_field_of_a_flag_is_a_column() -> None:
    assert {each.name for each in fields(Flag)} - {"amount_cents"} <= {column.name for column in CONTRIBUTION}
    assert len({column.name for column in CONTRIBUTION}) == len(CONTRIBUTION)


@pytest.mark.parametrize("name", ["sqlite", "parquet"])
def test_sql_needs_no_quotes_for_the_organization(avery: Screening, name: str) -> None:
    data = render(avery, name)
    if name == "parquet":
        found = pq.read_table(io.BytesIO(data), columns=["union", "organization"]).to_pylist()
    else:
        with closing(sqlite3.connect(":memory:")) as database:
            database.deserialize(data)
            rows = database.execute('SELECT "union", organization FROM flags').fetchall()
            found = [dict(zip(("union", "organization"), row, strict=True)) for row in rows]
    assert found
    assert [row["organization"] for row in found] == [row["union"] for row in found]


def test_people_employed_by_a_union_are_in_every_format_and_no_sum() -> None:
    doe = a_flag(row=9, contributor="Doe, Pat", employer="SPRINGFIELD PBA", contributor_type="individual")
    screening = a_screening(an_entry(a_flag(), employers=(doe,)))
    written = [render(screening, name) for name in ("csv", "jsonl", "md", "html", "sqlite")]
    assert [b"Doe, Pat" in each for each in written] == [True] * 5
    rows = list(csv.DictReader(io.StringIO(written[0].decode())))
    assert [(row["contributor"], row["finding"], row["counted"]) for row in rows] == [
        ("SPRINGFIELD PBA", "union", "true"),
        ("Doe, Pat", "employer", "false"),
    ]
    found = pq.read_table(io.BytesIO(render(screening, "parquet")))
    assert found["finding"].to_pylist() == ["union", "employer"]


def test_a_workbook_is_read_again_with_identical_values(avery: Screening) -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(render(avery, "xlsx")))
    assert book.sheet_names[0] == "Diary"
    for table in screening_tables(avery):
        header, *rows = book.get_sheet_by_name(table.title).to_python()
        assert header == table.names
        expected = [
            [
                "" if cell is None else cell / 100 if column.type == "cents" else cell
                for column, cell in zip(table.columns, row, strict=True)
            ]
            for row in table.rows
        ]
        assert rows == expected


def test_a_workbook_cell_holds_what_excel_holds() -> None:
    assert len(sheet_text("x" * 40_000)) == MAX_TEXT
    assert sheet_text("x" * 40_000).endswith("[cut]")
    name = "x" * 10_000
    assert sheet_text(name) == name


def test_parquet_has_types_and_exact_amounts(avery: Screening) -> None:
    found = pq.read_table(io.BytesIO(render(avery, "parquet")))
    assert [str(found.schema.field(name).type) for name in ("date", "amount", "score", "counted")] == [
        "date32[day]",
        "decimal128(18, 2)",
        "double",
        "bool",
    ]
    assert found["date"][0].as_py() == date(2021, 9, 1)
    assert sum(found["amount"].to_pylist()) == Decimal("12650.00")
    assert json.loads(found.schema.metadata[b"unionscreen.diary"])["rows_read"] == 26


def test_parquet_without_flags_has_its_columns() -> None:
    found = pq.read_table(io.BytesIO(render(a_screening(an_entry()), "parquet")))
    assert found.num_rows == 0
    assert found.column_names == [*tidy_table(a_screening(an_entry())).names, "organization"]


def test_json_lines_lead_with_the_flags_and_end_with_the_manifest(avery: Screening) -> None:
    records = [json.loads(line) for line in render(avery, "jsonl").decode().splitlines()]
    flags = len(avery.prosecutors[0].flags)
    assert [each["record"] for each in records[: flags + 1]] == ["flag"] * flags + ["prosecutor"]
    assert [each["record"] for each in records[-2:]] == ["diary", "manifest"]
    assert records[-2]["flagged_period"] == "2021-09-01 to 2022-03-15"
    assert {each["record"] for each in records} >= {"flag", "related", "by_union", "by_year"}


def test_a_csv_has_its_metadata_beside_it(avery: Screening, tmp_path: Path) -> None:
    write_report(avery, tmp_path / "flags.csv")
    assert {path.name for path in tmp_path.iterdir()} == {"flags.csv", "flags.csv-metadata.json"}
    metadata = json.loads((tmp_path / "flags.csv-metadata.json").read_bytes())
    header = (tmp_path / "flags.csv").read_text(encoding="utf-8").split("\n")[0].split(",")
    assert [column["name"] for column in metadata["tableSchema"]["columns"]] == header
    assert metadata["url"] == "flags.csv"
    assert metadata["unionscreen:manifest"] == avery.manifest


# The database.


@pytest.fixture
def database(avery: Screening) -> Any:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(render(avery, "sqlite"))
        yield connection


def test_the_database_has_keys_and_indexes(database: sqlite3.Connection) -> None:
    targets = {row[2] for row in database.execute("PRAGMA foreign_key_list(flags)")}
    assert targets == {"prosecutors", "organisations"}
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    assert len(database.execute("PRAGMA index_list(flags)").fetchall()) == 6
    keys = {
        name: [row[1] for row in database.execute(f"PRAGMA table_info({name})") if row[5]]
        for name in ("flags", "prosecutors", "organisations")
    }
    assert keys == {"flags": ["id"], "prosecutors": ["prosecutor_id"], "organisations": ["organisation_id"]}


def test_the_database_holds_every_table(database: sqlite3.Connection, avery: Screening) -> None:
    for table in screening_tables(avery):
        names = ", ".join(f'"{column_name(column)}"' for column in table.columns)
        rows = database.execute(f"SELECT {names} FROM {table.name} ORDER BY rowid").fetchall()  # noqa: S608 - our names
        assert rows == [tuple(str(c) if isinstance(c, date) else c for c in row) for row in table.rows]


def test_the_views_say_dollars(database: sqlite3.Connection) -> None:
    assert database.execute("SELECT name, given, returned, net FROM money_by_prosecutor").fetchall() == [
        ("Jordan Avery", 14050.0, 1400.0, 12650.0)
    ]
    assert database.execute("SELECT sum(amount) FROM flags_in_dollars WHERE counted").fetchall() == [(12650.0,)]
    assert database.execute("SELECT count(*) FROM money_by_union").fetchall() == [(6,)]


def test_datasette_opens_the_database_as_it_is(avery: Screening, tmp_path: Path) -> None:
    pytest.importorskip("datasette", reason="Datasette is not installed (extra `browser`)")
    write_report(avery, tmp_path / "report.db")
    asked = "/report/flags.json?_shape=array&_sort=id&tier=pattern"
    done = subprocess.run(
        [sys.executable, "-m", "datasette", str(tmp_path / "report.db"), "--get", asked],
        capture_output=True,
        text=True,
        check=True,
    )
    assert [row["contributor"] for row in json.loads(done.stdout)] == ["Willow Bend Police Officers Association"]


# Saved results.


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is not JSON"),
        (b"PK\x03\x04", "is not JSON"),
        (b"[]", "not a result"),
        (b'{"manifest": {}}', "not a result"),
        (b'{"manifest": {}, "prosecutors": [{}], "rejects": [], "notes": []}', "not a result"),
    ],
)
def test_what_is_no_result_is_said(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "result.json").write_bytes(content)
    with pytest.raises(unionscreen.UnionScreenError, match=said):
        load_result(tmp_path / "result.json")


_PARTS = (
    "manifest settings", "manifest settings recipients", "manifest inputs", "manifest inputs 0 path",
    "manifest inputs 0 rows_read", "manifest version", "manifest list_sha256", "manifest rows_read",
    "manifest by_status", "prosecutors 0 contributions", "prosecutors 0 recipients", "prosecutors 0 raised",
    "prosecutors 0 flags", "prosecutors 0 flags 0 row", "prosecutors 0 flags 0 amount", "prosecutors 0 flags 0 score",
    "prosecutors 0 flags 0 why", "rejects 0 row", "notes",
)  # fmt: skip


def damaged(avery: Screening, path: Path, part: str, damage: object) -> Path:
    saved = json.loads(render(avery, "json"))
    saved["rejects"] = [{"source": "a.csv", "row": 2, "reason": "x", "text": "y"}]
    *way, last = [int(key) if key.isdecimal() else key for key in part.split()]
    inner = saved
    for key in way:
        inner = inner[key]
    inner[last] = damage
    path.write_text(json.dumps(saved))
    return path


@pytest.mark.parametrize("damage", [None, {"x": "y"}, [{"x": "y"}]], ids=["null", "table", "list"])
@pytest.mark.parametrize("part", _PARTS)
def test_a_damaged_result_is_said_before_it_is_written(
    avery: Screening, tmp_path: Path, part: str, damage: object
) -> None:
    with pytest.raises(unionscreen.UnionScreenError, match=r"result\.json: is JSON, but not a result .* damaged"):
        load_result(damaged(avery, tmp_path / "result.json", part, damage))


@pytest.mark.parametrize("amount", ["12.5", "12", "12.500", "1_000.00", ""])
def test_an_amount_that_a_hand_wrote_into_a_result_is_not_taken_for_another(
    avery: Screening, tmp_path: Path, amount: str
) -> None:
    with pytest.raises(unionscreen.UnionScreenError, match="not a result"):
        load_result(damaged(avery, tmp_path / "result.json", "prosecutors 0 flags 0 amount", amount))
