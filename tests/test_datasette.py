"""The databases in Datasette, page by page, as a person opens them: an error there is no JSON that nobody asks for.

Needs datasette (extra `browser`).
"""

from __future__ import annotations

import asyncio
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from urllib.parse import quote

import pytest

import unionscreen
from report_cases import HOSTILE, a_flag, a_screening, an_entry, hostile_screening, money_of
from unionscreen.batch import batch_paths, run_batch, write_batch
from unionscreen.batch_jobs import Job
from unionscreen.reports import write_report

app = pytest.importorskip("datasette.app", reason="Datasette is not installed (extra `browser`)")

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = [ROOT / "examples" / name for name in ("netfile-avery.csv", "tennessee-2022.csv")]


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


def pages(path: Path, *, by_column: bool) -> list[str]:
    """The start page, the database, and each table and view: plain, with labels, by every facet, sorted by it.

    Args:
        path: the database.
        by_column: whether to ask for each column's facet and order too.
    """
    with closing(sqlite3.connect(path)) as database:
        tables = database.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')").fetchall()
        columns = {name: [row[1] for row in database.execute(f'PRAGMA table_info("{name}")')] for (name,) in tables}
    found = ["/", "/report"]
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

    async def opened() -> dict[str, int]:
        datasette = app.Datasette([str(path)])
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

    answers = asyncio.run(opened())
    assert {page: code for page, code in answers.items() if code != 200} == {}
    if make in (of_a_filing, of_every_table):
        assert {"/report/flags/1", "/report/prosecutors/1"} <= {*answers}


def test_a_key_leads_to_the_name_of_what_it_means(tmp_path: Path) -> None:
    path = tmp_path / "report.db"
    of_a_filing(path)

    async def page() -> str:
        return (await app.Datasette([str(path)]).client.get("/report/flags?_labels=on")).text

    shown = asyncio.run(page())
    assert '<a href="/report/prosecutors/1">Jordan Avery</a>' in shown
    assert ">Sacramento Police Officers Association</a>" in shown
