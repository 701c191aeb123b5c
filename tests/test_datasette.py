"""The databases in Datasette with their metadata, page by page, as a person opens them.

Needs datasette (extra `browser`).
"""

from __future__ import annotations

import asyncio
import gc
import json
import re
import sqlite3
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

import unionscreen
from report_cases import HOSTILE, a_flag, a_screening, an_entry, hostile_screening, money_of
from unionscreen.batch import batch_paths, run_batch, write_batch
from unionscreen.batch_jobs import Job
from unionscreen.reports import write_report
from unionscreen.screening.result import Reject

# Datasette leaves connections open, also when it is imported. Python says so from 3.13 on, in whatever test runs then.
with warnings.catch_warnings():
    warnings.simplefilter("ignore", ResourceWarning)
    app = pytest.importorskip("datasette.app", reason="Datasette is not installed (extra `browser`)")
    gc.collect()
version = pytest.importorskip("datasette.version").__version_info__

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = [ROOT / "examples" / name for name in ("netfile-avery.csv", "tennessee-2022.csv")]


@pytest.fixture(autouse=True)
def connections_left_open() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        yield
        gc.collect()


def of_a_filing(path: Path) -> None:
    write_report(unionscreen.screen(EXAMPLES, recipients="all", employers=True), path)


def of_every_table(path: Path) -> None:
    """With a pledge, a return, what was dismissed, employers and rejects, and names that would act if they could."""
    returned = a_flag(row=7, status="refunded", status_cause="filing.csv:8"), a_flag(row=8, amount_cents=-100_00)
    pledged = an_entry(*returned, flagged=money_of(*returned), pledge_date=date(2022, 1, 1), employers=(a_flag(row=9),))
    hostile = hostile_screening(HOSTILE["script"])
    write_report(replace(hostile, prosecutors=(*hostile.prosecutors, pledged)), path)


def of_nothing(path: Path) -> None:
    write_report(a_screening(an_entry()), path)


def of_a_batch(path: Path) -> None:
    batch = run_batch([Job("one", (str(EXAMPLES[0]),), {}), Job("two", (str(EXAMPLES[1]),), {"recipients": "all"})])
    write_batch(batch, batch_paths(path))


def metadata_of(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.with_name(path.name + "-metadata.json").read_bytes())
    return found["databases"][path.stem]


def opened(path: Path) -> Any:
    """Datasette with the database and its metadata, as docs/sql.md starts it: 1.0 reads the queries from `config`."""
    found = {"databases": {path.stem: metadata_of(path)}}
    return app.Datasette([str(path)], metadata=found, **({"config": found} if version[0] != "0" else {}))


def pages(path: Path, *, by_column: bool) -> list[str]:
    """The start page, the database, each query, and each table and view: plain, with labels, by every facet, sorted.

    Args:
        path: the database.
        by_column: whether to ask for each column's facet and order too.
    """
    with closing(sqlite3.connect(path)) as database:
        tables = database.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')").fetchall()
        columns = {name: [row[1] for row in database.execute(f'PRAGMA table_info("{name}")')] for (name,) in tables}
    found = ["/", "/report", *(f"/report/{name}" for name in metadata_of(path).get("queries", ()))]
    for table, names in columns.items():
        page = f"/report/{quote(table)}"
        found += [page, f"{page}?_labels=on", f"{page}.json?_shape=array&_labels=on", f"{page}.csv?_labels=on"]
        if by_column:
            found += [f"{page}?{way}={quote(name)}" for name in names for way in ("_facet", "_sort")]
        found.append(page + "?" + "&".join(f"_facet={quote(name)}" for name in names[:4]))
    return found


@pytest.mark.parametrize("make", [of_a_filing, of_every_table, of_nothing, of_a_batch], ids=lambda make: make.__name__)
def test_every_page_of_a_database_opens(make: Callable[[Path], None], tmp_path: Path) -> None:
    path = tmp_path / "report.db"
    make(path)

    async def opened_pages() -> dict[str, int]:
        datasette = opened(path)
        await datasette.invoke_startup()
        answers: dict[str, int] = {}
        links: set[str] = set()
        for page in pages(path, by_column=make in (of_every_table, of_a_batch)):
            answer = await datasette.client.get(page)
            answers[page] = answer.status_code
            # Rows, and what their keys lead to: links that stand in the pages.
            links.update(re.findall(r'href="(/report/[^"?]+/[^"?]+)"', answer.text))
        for link in sorted(links):
            answers[link] = (await datasette.client.get(link, follow_redirects=True)).status_code
        return answers

    answers = asyncio.run(opened_pages())
    assert {page: code for page, code in answers.items() if code != 200} == {}
    if make in (of_a_filing, of_every_table):
        assert {"/report/flags/1", "/report/prosecutors/1"} <= {*answers}


def test_a_key_leads_to_the_name_of_what_it_means(tmp_path: Path) -> None:
    path = tmp_path / "report.db"
    of_a_filing(path)

    async def page() -> str:
        return (await opened(path).client.get("/report/flags?_labels=on")).text

    shown = asyncio.run(page())
    assert '<a href="/report/prosecutors/1">Jordan Avery</a>' in shown
    assert ">Sacramento Police Officers Association</a>" in shown


@pytest.mark.parametrize("make", [of_a_filing, of_every_table, of_nothing, of_a_batch], ids=lambda make: make.__name__)
def test_the_metadata_describe_every_table_and_column_with_its_unit(
    make: Callable[[Path], None], tmp_path: Path
) -> None:
    path = tmp_path / "my.own report.sqlite"
    make(path)
    described = metadata_of(path)["tables"]
    with closing(sqlite3.connect(path)) as database:
        names = dict(
            database.execute("SELECT name, type FROM sqlite_master WHERE type IN ('table', 'view')").fetchall()
        )
        assert set(described) == set(names)
        for name, about in described.items():
            columns = [row[1] for row in database.execute(f'PRAGMA table_info("{name}")')]
            assert about["title"]
            assert about["description"]
            assert set(about.get("facets", ())) <= set(columns)
            assert list(about.get("columns", ())) == (columns if names[name] == "table" else [])
            assert all(about.get("columns", {"": "none"}).values())
            cents = {column: text for column, text in about.get("columns", {}).items() if column.endswith("_cents")}
            assert [column for column, text in cents.items() if "cents" not in text or "dollars" in text] == []


def test_the_metadata_are_shown_in_datasette(tmp_path: Path) -> None:
    path = tmp_path / "report.sqlite"
    of_a_filing(path)

    async def texts() -> list[str]:
        datasette = opened(path)
        await datasette.invoke_startup()
        return [
            (await datasette.client.get(page)).text for page in ("/report", "/report/flags", "/report/money_by_union")
        ]

    database, table, view = asyncio.run(texts())
    assert "not a finding of wrongdoing" in database
    assert "US cents" in database
    for query in metadata_of(path)["queries"].values():
        assert query["title"] in database
    assert "the donor, as filed" in table
    assert all(
        f'data-column="{name}"' in table for name in ("recipient_name", "year", "tier", "status", "organization")
    )
    assert "Money by union, in dollars" in view


def answers(path: Path, query: str) -> list[sqlite3.Row]:
    with closing(sqlite3.connect(path)) as database:
        database.row_factory = sqlite3.Row
        return database.execute(metadata_of(path)["queries"][query]["sql"]).fetchall()


@pytest.mark.parametrize("make", [of_a_filing, of_every_table, of_nothing], ids=lambda make: make.__name__)
def test_the_queries_agree_with_the_report_to_the_cent(make: Callable[[Path], None], tmp_path: Path) -> None:
    path = tmp_path / "report.sqlite"
    make(path)
    by_prosecutor = answers(path, "flagged_by_prosecutor_and_year")
    by_union = answers(path, "flagged_by_union")
    sums = "sum(rows), sum(gross_cents), sum(refunded_cents), sum(net_cents), sum(not_counted)"
    with closing(sqlite3.connect(path)) as database:
        years = database.execute(f"SELECT year, {sums} FROM by_year GROUP BY year").fetchall()  # noqa: S608 - ours
        (total,) = database.execute(f"SELECT {sums} FROM by_year").fetchall()  # noqa: S608 - ours

    def added(rows: list[sqlite3.Row]) -> tuple[int, ...]:
        money = [round(100 * sum(row[name] for row in rows)) for name in ("given", "returned", "net")]
        return sum(row["rows"] for row in rows), *money, sum(row["not_counted"] for row in rows)

    for year, *expected in years:
        assert added([row for row in by_prosecutor if row["year"] == year]) == (*expected,)
    assert added(by_prosecutor) == added(by_union) == tuple(each or 0 for each in total)


def test_a_doubt_is_a_row_with_its_reason(tmp_path: Path) -> None:
    path = tmp_path / "report.sqlite"
    flags = (
        a_flag(),
        a_flag(row=3, tier="pattern", union=None, union_id=None, could_be="us-a us-b"),
        a_flag(row=4, date=None),
        a_flag(row=5, decision="unsure"),
        a_flag(row=6, could_be="", decision="confirmed"),
    )
    write_report(a_screening(an_entry(*flags)), path)
    assert {row["row"]: row["doubt"] for row in answers(path, "rows_with_doubt")} == {
        3: "only the wording of the name; may be one of several organizations",
        4: "no date",
        5: "reviewed, and not decided",
    }


def test_what_was_not_seen_is_never_an_empty_page(tmp_path: Path) -> None:
    path = tmp_path / "report.sqlite"
    of_nothing(path)
    assert [row["what"] for row in answers(path, "what_was_not_seen")] == ["In no table"]
    screening = a_screening(an_entry(), rejected=[Reject("filing.csv", 7, "no amount", "Roe,x")])
    screening.manifest.update(
        inputs=[{"path": "empty.csv", "rows_read": 4, "rows_screened": 0, "undated": 2}],
        rows_without_donor=3,
        left_out={"below-score": 5},
        failed_files=[{"path": "locked.pdf"}],
    )
    write_report(replace(screening, notes=("The year 2021 is missing.",)), path)
    seen = [tuple(row) for row in answers(path, "what_was_not_seen")]
    assert ("Row not screened", "filing.csv:7", "no amount") in seen
    assert ("File without a screened row", "empty.csv", "4 rows read") in seen
    assert ("Rows without a date, or an impossible one", None, "2") in seen
    assert ("Rows without a contributor name", None, "3") in seen
    assert ("Union rows left out: below-score", None, "5") in seen
    assert ("Note", None, "The year 2021 is missing.") in seen
    assert any(what == "Files not read" and "locked.pdf" in value for what, _, value in seen)


def test_the_command_of_the_docs_answers_a_query(tmp_path: Path) -> None:
    path = tmp_path / "report.sqlite"
    of_a_filing(path)
    beside = str(path) + "-metadata.json"
    options = ["--metadata", beside, *(["--config", beside] if version[0] != "0" else [])]
    asked = "/report/flagged_by_prosecutor_and_year.json?_shape=array"
    command = [sys.executable, "-m", "datasette", str(path), *options, "--get", asked]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert [(row["recipient_name"], row["year"], row["net"]) for row in json.loads(done.stdout)] == [
        ("CALLOWAY, TERRY", 2022, 2250.0),
        ("Jordan Avery", 2021, 7400.0),
        ("Jordan Avery", 2022, 5250.0),
    ]
