"""For cog: every table that a command writes, with every column, from the code itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import unionscreen
from unionscreen.accounting.form_totals import FormTotal
from unionscreen.accounting.periods import Days, ReportPeriods
from unionscreen.batch import manifest_table, run_batch
from unionscreen.batch_jobs import Job
from unionscreen.endorsements import EndorsementSearch
from unionscreen.intake.outputs import donations_table, refunds_table
from unionscreen.matching import load_matcher
from unionscreen.matching.evaluate import evaluate, read_cases
from unionscreen.output.tables import ResultTable, TableList, TypedColumn
from unionscreen.pledges import check_pledges
from unionscreen.recognizing import RecognizedRecipients
from unionscreen.reports.changes import changes_result
from unionscreen.reports.dossier import dossier_of, dossier_result
from unionscreen.reports.endorsements import endorsements_table
from unionscreen.reports.evaluation import evaluation_result, sample_table
from unionscreen.reports.pledges import verdict_rows_table, verdicts_table
from unionscreen.reports.recognized import roster_result
from unionscreen.reports.tables import ScreeningReport
from unionscreen.review.exchange import queue_table
from unionscreen.screening import Screening
from unionscreen.screening.changes import compare_results
from unionscreen.screening.paid_out import Books, GivenGift, Spending, Trace

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = str(ROOT / "examples" / "netfile-avery.csv")
_TYPES = {
    "text": "text",
    "count": "whole number",
    "cents": "money",
    "score": "number",
    "date": "date",
    "boolean": "true or false",
}


def full_screening() -> Screening:
    """A screening with at least one row for every table of a report."""
    found = unionscreen.screen(
        EXAMPLE, employers=True, compare=True, by_year=True, roster=ROOT / "examples" / "pledges.csv"
    )
    (entry,) = found.prosecutors
    day = date(2022, 1, 2)
    gift = GivenGift(None, "Roe", "FOP", day, 1, "only by the giver", "a.csv:2", None, recipient_filing=False)
    spent = Spending(None, "Roe", None, "oppose", "FOP", None, day, 1, "active", None, "a.csv:2", *[None] * 4)
    return replace(
        found,
        prosecutors=(replace(entry, employers=entry.related[:1], dismissed=entry.related[:1]),),
        books=Books(1, (gift,), (spent,)),
        traces=(Trace("FOP", "Roe", day, 1, 1, 1, 1, "id", "a.csv:2"),),
        form_totals=(FormTotal("Roe", None, None, None, day, day, "5", "Total", 1, 1, None, 0, None, "a.csv"),),
        periods=(ReportPeriods("Roe", None, (Days(day, day),)),),
    )


def _dossier(screening: Screening) -> TableList:
    """The tables about a union that also gave and spent in its own filings."""
    flag = next(each for entry in screening.prosecutors for each in entry.flags if each.union_id)
    books = screening.books
    paid = replace(
        books,
        gifts=tuple(replace(each, union_id=flag.union_id) for each in books.gifts),
        spending=tuple(replace(each, union_id=flag.union_id, prosecutor="Roe") for each in books.spending),
    )
    union = unionscreen.load_unions().get(flag.union_id)
    return dossier_result(dossier_of(replace(screening, books=paid), union))


def every_table() -> Iterator[tuple[str, list[ResultTable]]]:
    """The tables of each command; some of them without rows."""
    screening = full_screening()
    yield "screen and report", ScreeningReport(screening).tables
    checked = check_pledges(ROOT / "examples" / "pledges.csv", EXAMPLE)
    batch = run_batch([Job("x", (EXAMPLE,), {})])
    yield "batch", [*batch.tables, manifest_table(batch)]
    yield "pledges check", [verdicts_table(checked), verdict_rows_table(checked)]
    yield "unions dossier", [*_dossier(screening).tables]
    yield "endorsements", [endorsements_table(EndorsementSearch(()))]
    yield "diff", [*changes_result(compare_results(screening, screening)).tables]
    yield "intake", [donations_table(()), refunds_table(())]
    yield "review export", [queue_table(())]
    yield "prosecutors --out", [*roster_result(RecognizedRecipients((), 0, 0, 0)).tables]
    cases = read_cases(ROOT / "tests" / "cases" / "donor_matches.csv")[:1]
    yield "evaluate", [*evaluation_result(evaluate(load_matcher(), cases)).tables, sample_table(())]


def dictionary() -> None:
    """Write the data dictionary as Markdown."""
    import cog  # the module exists while cog runs

    written: dict[tuple[TypedColumn, ...], str] = {}
    for command, tables in every_table():
        cog.outl(f"## {command}\n")
        for table in tables:
            cog.outl(f"### {table.name} ({command})\n\n{table.about}.\n")
            if table.columns in written:
                cog.outl(f"The columns are those of `{written[table.columns]}`.\n")
                continue
            written[table.columns] = table.name
            cog.outl("| column | type | meaning |\n|---|---|---|")
            for column in table.columns:
                about = column.about.replace("|", "\\|")
                cog.outl(f"| `{column.name}` | {_TYPES[column.type]} | {about} |")
            cog.outl("")
