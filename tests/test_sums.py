"""Sums that a user forms over any table agree with what is printed: for every format's sample, in every written form.

Every donor of a sample is confirmed as a union by a decision, so that its loans, memo items, refunds and repeats are
among the flags, and not only the few unions that the sample names.
"""

from __future__ import annotations

import contextlib
import csv
import html
import io
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from typer.testing import Result

import unionscreen
from report_cases import a_flag, a_screening, an_entry, money_of
from unionscreen.accounting import exclusion_summary
from unionscreen.batch import Batch, batch_paths, run_batch, write_batch
from unionscreen.batch_jobs import Job
from unionscreen.contributions import money_text
from unionscreen.filings import list_formats, load_format, open_filing, read_block
from unionscreen.output import BY_NAME, TABLE_FORMATS, writer_of
from unionscreen.reports import render
from unionscreen.reports.coverage import coverage
from unionscreen.reports.tables import by_union, by_year, screening_tables
from unionscreen.reports.terminal import to_terminal
from unionscreen.reports.words import outcome, quotable, rows_counted
from unionscreen.screening import ProsecutorEntry, Screening
from unionscreen.screening.result import MARKED, NOT_IN_LATER_REPORT

DOCS = Path(__file__).parents[1] / "docs"
SAMPLES = Path(__file__).parent / "filings" / "samples"
# For the files that do not say who received.
RECIPIENT = "Friends of Jane Roe"
REFUSED = {known.id for known in list_formats() if known.refuse}
# Nothing of what filers paid out is in a sum of gifts: see test_money_out.py.
PAID = {known.id for known in list_formats() if known.paid}
EVERY_SAMPLE = sorted(path for path in SAMPLES.iterdir() if path.stem not in REFUSED | PAID)
FOP = "Fraternal Order of Police Lodge 5"
ROE = "Jane Roe for District Attorney"

Sums = dict[str, int]


def recipient_of(path: Path) -> str | None:
    return None if path.is_dir() or "recipient" in load_format(path.stem).columns else RECIPIENT


def confirming(path: Path, folder: Path) -> dict[str, Any]:
    """Options by which every donor of a sample is flagged."""
    filings = open_filing(path, recipient=recipient_of(path))
    rows = [row for filing in filings for task in filing.tasks() for row in read_block(task).rows().to_pylist()]
    # An ambiguous name is confirmed for its own state only.
    donors = {(donor, row["state"] or "") for row in rows if (donor := (row["contributor"] or "").strip())}
    decisions = folder / f"{path.stem}.csv"
    with decisions.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(("donor", "state", "verdict", "by", "on"))
        writer.writerows((*donor, "confirmed", "A.B.", "2026-01-31") for donor in sorted(donors))
    return {"recipients": "all", "recipient": recipient_of(path), "decisions": str(decisions)}


def unescaped(page: str) -> str:
    """A report's words on one line, without what an escaped character needs."""
    return " ".join(html.unescape(page).split())


def printed(screening: Screening) -> Sums:
    """The net sum of each entry that has flags, in cents, as the report for a terminal says it."""
    found = {}
    for name, entry in zip(screening.names, screening.prosecutors, strict=True):
        if entry.flags:
            alone = to_terminal(replace(screening, prosecutors=(entry,)), width=120, color=False)
            assert f", {money_text(entry.flagged.net)} net\n" in alone
            found[name] = entry.flagged.net
    return found


def by_name(flags: pd.DataFrame, amount: str = "amount", *, cents: bool = False) -> Sums:
    """The sum that docs/researcher.md shows; whoever has no counted row has nothing."""
    sums = flags.query("counted == True").groupby("recipient_name")[amount].sum()
    none = dict.fromkeys(flags[flags.finding == "union"].recipient_name.astype(str), 0)
    return {**none, **{str(name): round(sum_ if cents else sum_ * 100) for name, sum_ in sums.items()}}


def written(screening: Screening) -> dict[str, Sums]:
    """The same sum over each written table of flags."""
    data = {name: render(screening, name) for name in ("csv", "parquet", "xlsx", "jsonl", "json", "sqlite")}
    records = [json.loads(line) for line in data["jsonl"].decode().splitlines()]
    whole = [
        {**flag, "finding": "union"} for entry in json.loads(data["json"])["prosecutors"] for flag in entry["flags"]
    ]
    with closing(sqlite3.connect(":memory:")) as database:
        database.deserialize(data["sqlite"])
        table = pd.read_sql("SELECT *, amount_cents AS cents FROM flags", database).astype({"counted": bool})
    return {
        "csv": by_name(pd.read_csv(io.BytesIO(data["csv"]))),
        "parquet": by_name(pd.read_parquet(io.BytesIO(data["parquet"]))),
        "xlsx": by_name(pd.read_excel(io.BytesIO(data["xlsx"]), "Flags", engine="calamine", dtype={"counted": bool})),
        "jsonl": by_name(pd.DataFrame([row for row in records if row["record"] == "flag"]).astype({"amount": float})),
        "json": by_name(pd.DataFrame(whole).astype({"amount": float})),
        "sqlite": by_name(table, "cents", cents=True),
        "frame": by_name(screening.flags, "amount_cents", cents=True),
    }


@pytest.mark.parametrize("path", EVERY_SAMPLE, ids=lambda path: path.name)
def test_the_sum_of_the_counted_rows_is_the_printed_figure_in_every_form(path: Path, tmp_path: Path) -> None:
    screening = unionscreen.screen(path, **confirming(path, tmp_path), workers=1)
    wanted = printed(screening)
    assert wanted
    assert {form: sums for form, sums in written(screening).items() if sums != wanted} == {}
    if "rows_without_donor" not in screening.manifest:  # then the flags are all that was raised
        assert [entry.raised for entry in screening.prosecutors] == [
            entry.flagged.net for entry in screening.prosecutors
        ]
    whole = screening.to_dict()["prosecutors"]
    people = pd.read_excel(io.BytesIO(render(screening, "xlsx")), "Prosecutors", engine="calamine")
    assert [*zip(people.raised, people.flagged_net, people.flagged_rows, people.flagged_not_counted, strict=True)] == [
        (float(each["raised"]), float(each["flagged"]["net"]), each["flagged"]["count"], each["flagged_not_counted"])
        for each in whole
    ]
    texts = {name: unescaped(render(screening, name).decode()) for name in ("table", "md", "html")}
    for entry in screening.prosecutors:
        if entry.flags:
            assert [name for name, shown in texts.items() if rows_counted(entry) not in shown] == []
            assert quotable(entry) in texts["html"]
    for entry in whole:
        rows = [flag["counted"] for flag in entry["flags"]]
        assert (entry["flagged"]["count"], entry["flagged_not_counted"]) == (rows.count(True), rows.count(False))
        assert [flag["year"] for flag in entry["flags"]] == [
            int(flag["date"][:4]) if flag["date"] else None for flag in entry["flags"]
        ]


@pytest.fixture(scope="module")
def every(tmp_path_factory: pytest.TempPathFactory) -> Batch:
    folder = tmp_path_factory.mktemp("decisions")
    return run_batch([Job(path.name, (str(path),), confirming(path, folder)) for path in EVERY_SAMPLE], workers=1)


def table_of_a_file(read: Callable[[Path], pd.DataFrame]) -> Callable[[Path, str], pd.DataFrame]:
    return lambda out, name: read(out.with_suffix(f".{name}{out.suffix}"))


def read_sqlite(out: Path, name: str) -> pd.DataFrame:
    with closing(sqlite3.connect(out)) as database:
        return pd.read_sql(f"SELECT * FROM {name}", database)  # noqa: S608 - our names


def read_jsonl(out: Path, name: str) -> pd.DataFrame:
    records = pd.read_json(out, lines=True)
    return records[records.record == name.removesuffix("s")]


# How a table of a batch is read from each format.
READ: dict[str, Callable[[Path, str], pd.DataFrame]] = {
    "csv": table_of_a_file(pd.read_csv),
    "parquet": table_of_a_file(pd.read_parquet),
    "jsonl": read_jsonl,
    "xlsx": lambda out, name: pd.read_excel(out, name.capitalize(), engine="calamine", dtype={"counted": bool}),
    "sqlite": read_sqlite,
}


@pytest.mark.xdist_group("every sample")
@pytest.mark.parametrize("suffix", [suffix for name in TABLE_FORMATS for suffix in BY_NAME[name].suffixes])
def test_the_sum_over_the_table_of_a_batch_is_the_net_of_every_sample(
    every: Batch, tmp_path: Path, suffix: str
) -> None:
    out = tmp_path / f"all{suffix}"
    write_batch(every, batch_paths(out))
    flags, people = (READ[writer_of(out).name](out, name) for name in ("flags", "prosecutors"))
    whose = ["screening", "recipient_name"]
    counted = flags.query("counted == True").groupby(whose)
    people = people.set_index(whose)
    assert people.index.is_unique
    for found, column in ((counted.amount_cents.sum(), "flagged_net_cents"), (counted.size(), "flags")):
        assert found.reindex(people.index, fill_value=0).to_dict() == people[column].to_dict()


@pytest.mark.xdist_group("every sample")
def test_the_line_of_the_batch_page_gives_the_net_sums(every: Batch, tmp_path: Path) -> None:
    write_batch(every, batch_paths(tmp_path / "states.parquet"))
    read, line = (DOCS / "batch.md").read_text(encoding="utf-8").split("```py\n")[1].split("\n```")[0].splitlines()
    names = {"pandas": pd}
    with contextlib.chdir(tmp_path):
        exec(read, names)  # noqa: S102 - our own page
    found = eval(line, names)  # noqa: S307 - our own page
    people = every.prosecutors.to_pandas().query("flags > 0").set_index(["screening", "recipient_name"])
    assert found.to_dict() == (people.flagged_net_cents / 100).to_dict()


@pytest.mark.xdist_group("every sample")
def test_the_samples_hold_what_a_plain_sum_gets_wrong(every: Batch) -> None:
    flags = every.flags.to_pandas()
    assert {"superseded", "covered", "memo", "void"} <= {*flags[~flags.counted].status}
    assert {"loan", "other"} <= {*flags[~flags.counted].kind}
    refunds = flags[flags.kind == "refund"]
    assert len(refunds)
    assert (refunds.amount_cents < 0).all()


def test_a_table_without_rows_has_the_sum_too() -> None:
    screening = a_screening(an_entry())
    assert by_name(pd.read_csv(io.BytesIO(render(screening, "csv")))) == {}
    assert by_name(pd.read_parquet(io.BytesIO(render(screening, "parquet")))) == {}
    assert by_name(screening.flags, "amount_cents", cents=True) == {}


# What is in no sum is said beside what is, in the same words everywhere.


def repeated() -> Screening:
    """Three gifts, nine repeats of them, and a loan."""
    flags = [a_flag(row=at, status="active" if at < 3 else "superseded") for at in range(12)]
    flags.append(a_flag(row=20, kind="loan", amount_cents=500_00))
    return a_screening(an_entry(*flags, flagged=money_of(*flags)))


@pytest.mark.parametrize("name", ["table", "md", "html"])
def test_the_rows_that_are_counted_are_said_apart_from_those_that_are_not(name: str) -> None:
    shown = " ".join(render(repeated(), name).decode().split())
    assert "3 rows; 9 repeats and 1 loan not counted" in shown


def test_figures_in_words_and_in_tables_are_those_of_the_json() -> None:
    screening = repeated()
    (entry,) = screening.to_dict()["prosecutors"]
    assert (entry["flagged"]["count"], entry["flagged_not_counted"], entry["flagged"]["net"]) == (3, 10, "300.00")
    found = {
        table.name: dict(zip(table.names, table.rows[0], strict=True)) for table in screening_tables(screening)[:1]
    }
    assert (found["prosecutors"]["flagged_rows"], found["prosecutors"]["flagged_not_counted"]) == (3, 10)
    for table in (by_union(screening.prosecutors[0].flags), by_year(screening.prosecutors[0].flags)):
        (row,) = (dict(zip(table.names, row, strict=True)) for row in table.rows)
        assert (row["rows"], row["not_counted"], row["net"]) == (3, 10, 300_00)
    facts = {fact.key: fact.value for fact in coverage(screening)}
    assert (facts["flagged_rows"], facts["flagged_listed"], facts["flagged_not_counted"]) == (3, 3, 10)
    (person,) = (dict(zip(table.names, table.rows[0], strict=True)) for table in screening_tables(screening)[:1])
    assert (person["flagged_rows"], person["flagged_not_counted"], person["flagged_net"]) == (3, 10, 300_00)


def test_flags_of_which_none_counts_are_no_zero_dollars_taken() -> None:
    loan = a_flag(kind="loan")
    entry = an_entry(loan, flagged=money_of(loan))
    assert quotable(entry) == (
        "Nothing that Jane Roe took from donors that match police unions is counted in totals: 1 loan is not counted."
    )
    shown = render(a_screening(entry), "table").decode()
    assert "in 0 rows; 1 loan not counted" in shown


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([(3, "monetary", "active"), (1, "refund", "active"), (2, "transfer", "refunded")], ""),
        ([(2, "monetary", "duplicate"), (1, "loan", "superseded")], "3 repeats"),
        ([(1, "loan", "active"), (1, "monetary", "memo")], "1 memo item and 1 loan"),
        ([(2, "pledge", "active"), (1, "made-up", "active")], "2 pledges and 1 row that is not a gift"),
        ([(1_200, "independent-expenditure", "active")], "1,200 independent expenditures"),
    ],
)
def test_what_is_left_out_is_said_by_its_reason(rows: list[tuple[int, str, str]], said: str) -> None:
    assert exclusion_summary(rows) == said


def test_a_look_alike_is_in_no_sum_whatever_its_status() -> None:
    screening = a_screening(an_entry(a_flag(), related=(a_flag(row=3, tier=None),)))
    assert [*screening.flags.counted, *screening.related.counted] == [True, False]
    assert [flag["counted"] for flag in screening.to_dict()["prosecutors"][0]["related"]] == [False]


def test_entries_of_one_name_are_told_apart_in_every_row() -> None:
    alike = [
        an_entry(a_flag(amount_cents=1_00), office="District Attorney", jurisdiction="Springfield"),
        an_entry(a_flag(amount_cents=2_00), office="District Attorney", jurisdiction="Shelbyville"),
        an_entry(prosecutor="Ann Avery"),
    ]
    assert a_screening(*alike).names == (
        "Jane Roe (District Attorney, Springfield)",
        "Jane Roe (District Attorney, Shelbyville)",
        "Ann Avery",
    )
    committees = [an_entry(recipients=(name,)) for name in ("Roe 2018", "Roe 2022")]
    assert a_screening(*committees).names == ("Jane Roe (Roe 2018)", "Jane Roe (Roe 2022)")
    assert a_screening(an_entry(), an_entry()).names == ("Jane Roe (1)", "Jane Roe (2)")
    sums = by_name(a_screening(*alike).flags, "amount_cents", cents=True)
    assert [*sums.values()] == [1_00, 2_00]


def test_the_lines_of_a_log_say_what_is_not_counted(
    cli: Callable[..., Result], tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = filed(tmp_path, f"{ROE},{FOP},500,2022-03-01,Monetary", *[f"{ROE},{FOP},70,2022-03-01,Loan"] * 2)
    screened = cli("screen", path, "--fail-on-flag")
    assert "1 flagged at 1 of 1 recipient (2 loans not counted)" in screened.stderr
    assert (screened.exit_code, "1 row; 2 loans not counted" in screened.stdout) == (1, True)
    out = tmp_path_factory.mktemp("out") / "found.csv"
    assert (
        "1 flagged at 1 of 1 prosecutor or recipient (2 not counted); " in cli("batch", tmp_path, "--out", out).stderr
    )


# Which way the money goes.


def filed(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "filing.csv"
    path.write_text("\n".join(["Recipient,Contributor,Amount,Date,Type", *rows, ""]), encoding="utf-8")
    return path


def test_a_refund_that_is_filed_as_a_positive_sum_is_negative_in_every_table(tmp_path: Path) -> None:
    path = filed(tmp_path, f"{ROE},{FOP},500,2022-03-01,Monetary", f"{ROE},{FOP},200,2022-03-09,Refund")
    screening = unionscreen.screen(path)
    assert [*screening.flags.amount_cents] == [500_00, -200_00]
    assert printed(screening) == {"Jane Roe": 300_00}
    assert {form: sums for form, sums in written(screening).items() if sums != {"Jane Roe": 300_00}} == {}
    saved = screening.to_dict()
    saved["prosecutors"][0]["flags"][1]["amount"] = "200.00"  # as an earlier version wrote it
    assert Screening.from_dict(saved).to_dict() == screening.to_dict()


# What was raised is said with the rows that the sum adds; of whom nothing counts, or only transfers, that is said.


def test_what_was_raised_is_said_with_the_rows_that_it_adds(tmp_path: Path) -> None:
    gifts = [f'{ROE},"Doe, Pat",{at}0,2022-03-01,Monetary' for at in (1, 2)]
    screening = unionscreen.screen(filed(tmp_path, *gifts, f'{ROE},"Doe, Pat",70,2022-03-01,Loan'))
    (entry,) = screening.to_dict()["prosecutors"]
    assert (entry["contributions"], entry["raised_rows"], entry["raised_left_out"]) == (3, 2, "1 loan")
    shown = render(replace(screening, prosecutors=(replace(screening.prosecutors[0], related=(a_flag(),)),)), "md")
    assert "Raised $30.00 in 2 contributions; $70.00 in loans in addition; 1 loan not counted." in shown.decode()


def test_the_page_says_whether_anybody_took_money_that_counts() -> None:
    loan = a_flag(kind="loan")
    lent, took = an_entry(loan, flagged=money_of(loan)), an_entry(a_flag())
    assert "Nothing that matches police unions is counted in totals; not counted: 2 loans." in page(lent, lent)
    assert "1 of 2 took money that matches police unions: $100.00 was given" in page(lent, took)


def page(*entries: ProsecutorEntry) -> str:
    return render(a_screening(*entries), "html").decode()


@pytest.mark.parametrize(
    ("kinds", "said"),
    [
        (["Loan", "Loan"], "nothing counts as raised; all rows are left out (2 loans)"),
        (["Loan", "Independent Expenditure"], "all rows are left out (1 loan and 1 independent expenditure)"),
        (["Monetary", "Loan"], None),
    ],
)
def test_why_nothing_counts_as_raised_is_said(tmp_path: Path, kinds: list[str], said: str | None) -> None:
    path = filed(tmp_path, *(f'{ROE},"Doe, Pat",{at}00,2022-03-01,{kind}' for at, kind in enumerate(kinds, 1)))
    screening = unionscreen.screen(path)
    (entry,) = screening.prosecutors
    assert (said or "") in (entry.raised_note or "")
    assert bool(said) == bool(entry.raised_note)
    assert any(note == f"Jane Roe: {entry.raised_note}" for note in screening.notes) == bool(said)
    for name in ("table", "md", "html", "json", "xlsx", "sqlite"):
        data = render(screening, name)
        if name == "xlsx":
            assert ("raised" in str(pd.read_excel(io.BytesIO(data), "Manifest", engine="calamine").to_numpy())) == bool(
                said
            )
        elif said:
            assert said in " ".join(data.decode("utf-8", "replace").split()), name
    assert Screening.from_dict(screening.to_dict()) == screening


@pytest.mark.parametrize(("kind", "noted"), [("In-Kind", True), ("Loan", True), ("Monetary", False)])
def test_a_share_of_goods_alone_is_not_a_share_of_all_that_was_raised(tmp_path: Path, kind: str, noted: bool) -> None:
    gifts = [
        f"{ROE},{donor},100,2022-03-01,{what}" for donor, what in ((FOP, "In-Kind"), ("Al", "In-Kind"), ("Ed", kind))
    ]
    screening = unionscreen.screen(filed(tmp_path, *gifts))
    (entry,) = screening.prosecutors
    note = "all that counts as raised is goods and services; these files list no gifts of money to them"
    assert (entry.raised_note == note, f"Jane Roe: {note}" in screening.notes) == (noted, noted)
    whole = money_text(entry.raised)
    for name in ("md", "html"):
        shown = render(screening, name).decode().replace("\\", "")
        assert (f"of the {whole} in goods and services" in shown, f"of the {whole} raised" in shown) == (
            noted,
            not noted,
        )
    table = " ".join(render(screening, "table").decode().split())
    assert ("% of goods and services raised" in table, "% of raised" in table) == (noted, not noted)
    assert ("of it in kind" in table) == (not noted)


def test_a_filing_that_holds_only_transfers_says_so(tmp_path: Path) -> None:
    sample = SAMPLES / "md-mdcris-contributionslist.csv"
    with sample.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    path = tmp_path / "transfers.csv"
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, rows[0])
        writer.writeheader()
        writer.writerows(
            row | {"Contribution Type": kind} for row, kind in zip(rows, ("Transfer", "Refund"), strict=False)
        )
    screening = unionscreen.screen(path, recipients="all")
    note = "all that counts as raised came as transfers from other committees"
    assert [entry.raised_note for entry in screening.prosecutors] == [note]
    assert f"Roe Jane: {note}" in screening.notes


def test_many_recipients_of_one_note_are_named_once(tmp_path: Path) -> None:
    path = filed(tmp_path, *(f'Friends of Roe {letter},"Doe, Pat",5,2022-03-01,Loan' for letter in "ABCDEFG"))
    notes = [note for note in unionscreen.screen(path, recipients="all").notes if "raised" in note]
    assert len(notes) == 1
    assert " and 2 more: nothing counts as raised; all rows are left out (1 loan)" in notes[0]


# "Superseded, see row N" is the same gift.

FILED = "Filer_ID,From_Date,Thru_Date,Report_Num,Tran_ID"


@pytest.mark.parametrize(
    ("cause", "said"),
    [
        ("filing.csv:9", "superseded by an amendment, see row 9"),
        ("b.csv:9", "superseded by an amendment, see b.csv:9"),
        (
            f"{NOT_IN_LATER_REPORT}filing.csv:2",
            "superseded by an amendment; the later report has no row of this donor; it begins at row 2",
        ),
        (
            f"{NOT_IN_LATER_REPORT}b.csv:2",
            "superseded by an amendment; the later report has no row of this donor; it begins at b.csv:2",
        ),
        (MARKED, "superseded by an amendment, marked so in the filing itself"),
    ],
)
def test_the_cause_of_a_status_is_a_row_or_a_sentence(cause: str, said: str) -> None:
    assert outcome(a_flag(status="superseded", status_cause=cause)) == [said]
