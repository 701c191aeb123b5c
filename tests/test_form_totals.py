"""The form's own totals: whether the rows of each report add up to what its form states, and which days are covered."""

from __future__ import annotations

import csv
import json
import zipfile
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from unionscreen import Screening, screen
from unionscreen.accounting.form_totals import FORM_SUMS, FormTotal, combine_form_sums, compare_form_totals, total_notes
from unionscreen.accounting.periods import Days, ReportPeriods, period_notes, report_periods
from unionscreen.errors import FilingError, FormTotalsError, NoContributionsError
from unionscreen.filings.files.fec_cover import cover_totals
from unionscreen.filings.files.summary import cents_of, stated_table

CASES = [*csv.DictReader((Path(__file__).parent / "cases" / "form_totals.csv").read_text("utf-8").splitlines())]
POA = "Springfield Police Officers Association"


def row(amount: str = "500", kind: str = "monetary", *marks: str, **others: object) -> dict[str, object]:
    status = next((mark for mark in marks if mark != "memo"), None)
    return {
        "input": 0, "recipient": "Roe", "recipient_id": "1", "filing_id": "F", "amendment": "0", "schedule": "A",
        "kind": kind, "status": status, "memo": "memo" in marks, "rows": 1, "cents": cents_of(amount), **others,
    }  # fmt: skip


def sums(*rows: dict[str, object]) -> pa.Table:
    return combine_form_sums([pa.Table.from_pylist([each], schema=FORM_SUMS) for each in rows])


def line(**others: object) -> dict[str, object]:
    return {
        "source": "s.csv", "recipient": "Roe", "recipient_id": "1", "filing_id": "F", "amendment": "0",
        "schedule": "A", **others,
    }  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_a_line_is_equal_to_the_cent_or_the_difference_has_a_reason(case):
    elsewhere = row(filing_id="other")  # so that the schedule is among the files
    rows = [row(*each.split()) for each in case["rows"].split(";") if each]
    stated = stated_table(
        [line(**{name: cents_of(case[name]) for name in ("itemized", "unitemized", "total", "page")})]
    )
    found = compare_form_totals(sums(elsewhere, *rows), stated, {})
    differing = [(each.line, each.difference_cents) for each in found.differences]
    assert differing == ([(case["line"], cents_of(case["differs"]))] if case["differs"] else [])
    assert (found.reports, found.equal) == (1, 0 if case["differs"] else 1)
    assert all((each.reason or "").startswith(case["reason"]) for each in found.differences)
    assert all(FormTotal.from_dict(json.loads(json.dumps(each.to_dict()))) == each for each in found.totals)


@given(st.lists(st.integers(-(10**9), 10**9), max_size=8), st.integers(0, 10**9), st.integers(0, 3))
def test_rows_that_a_form_states_as_they_are_never_differ(amounts, unitemized, cut):
    """Whatever the amounts are, and however blocks cut them."""
    blocks = [amounts[:cut], amounts[cut:]]
    table = combine_form_sums(
        pa.Table.from_pylist([row(cents=each) for each in block], schema=FORM_SUMS) for block in blocks
    )
    total = sum(amounts)
    of_form = line(itemized=total, unitemized=unitemized, total=total + unitemized)
    found = compare_form_totals(table, stated_table([of_form]), {})
    assert (found.reports, found.equal, found.differences) == (1, 1, ())
    changed = compare_form_totals(table, stated_table([{**of_form, "itemized": total + 1, "total": None}]), {})
    assert [each.difference_cents for each in changed.differences] == [-1]


def test_of_a_report_and_its_amendments_only_the_last_is_compared():
    rows = [row("500"), row("700", amendment="1")]
    stated = [line(itemized=50_000), line(itemized=70_000, amendment="001")]
    assert compare_form_totals(sums(*rows), stated_table(stated), {}).equal == 1
    found = compare_form_totals(sums(*rows), stated_table(stated[:1]), {})
    assert [(each.itemized_cents, each.reason) for each in found.differences] == [
        (70_000, "the rows are of amendment 1, what the form states is of amendment 0")
    ]
    (late,) = compare_form_totals(sums(rows[0]), stated_table(stated[1:]), {}).differences
    assert late.reason == "the rows are of amendment 0, what the form states is of amendment 1"
    assert compare_form_totals(sums(rows[1]), stated_table(stated[:1]), {}).differences


def test_a_report_named_by_its_period_is_amended_though_its_first_day_is_shifted():
    rows = [
        row("500", filing_id="1/2021-12-31/2022-06-30"),
        row("700", filing_id="1/2022-01-01/2022-06-30", amendment="1"),
    ]
    stated = [line(filing_id=each["filing_id"], amendment=each["amendment"], itemized=each["cents"]) for each in rows]
    assert [each.itemized_cents for each in compare_form_totals(sums(*rows), stated_table(stated), {}).totals] == [
        70_000
    ]


def test_a_summary_that_names_no_filer_is_that_of_the_rows():
    stated = stated_table([line(recipient=None, recipient_id=None, itemized=50_000)])
    (found,) = compare_form_totals(sums(row()), stated, {}).totals
    assert (found.recipient, found.recipient_id, found.difference_cents) == ("Roe", "1", 0)


def test_filers_without_an_id_are_told_apart_by_name():
    rows = [row("5", recipient="Roe", recipient_id=None), row("7", recipient="Poe", recipient_id=None)]
    stated = [
        line(recipient="ROE", recipient_id=None, itemized=500),
        line(recipient="Poe", recipient_id=None, itemized=700),
    ]
    assert compare_form_totals(sums(*rows), stated_table(stated), {}).equal == 2


def test_rows_that_were_rejected_are_the_likely_reason_if_they_are_this_filer_s():
    stated = stated_table([line(itemized=60_000)])
    mine = compare_form_totals(
        sums(row()), stated, {0: [("a.csv:3", "1,Roe,"), ("a.csv:4", "1,Roe,"), ("a.csv:9", "2,Poe")]}
    )
    assert mine.differences[0].reason == "rows of this filer could not be read (a.csv:3 and 1 more)"
    other = compare_form_totals(sums(row()), stated, {0: [("a.csv:9", "2,Poe")]})
    assert other.differences[0].reason == "rows are missing from the file, or the form has a mistake"


def test_a_schedule_that_no_file_holds_is_one_sentence():
    stated = [line(itemized=50_000)]
    stated += [line(filing_id=f"{at}", schedule="C", itemized=1_000) for at in range(30)]
    *said, last = total_notes(compare_form_totals(sums(row()), stated_table(stated), {}))
    assert said == ["DIFFERENCE: no row of Schedule C is among these files, and 30 reports state $300.00 there"]
    assert last == "1 of 31 reports with a summary is equal to its form's lines to the cent"


def test_many_differences_are_counted():
    stated = [line(filing_id=f"{at}", itemized=1_000) for at in range(30)]
    said = total_notes(compare_form_totals(sums(row()), stated_table(stated), {}))
    assert len(said) == 22
    assert said[20] == "DIFFERENCE: 10 more lines differ; the JSON output lists them all"
    assert total_notes(compare_form_totals(sums(row()), stated_table([]), {})) == []


# The periods of reports.


def days(*spans: str) -> list[tuple[date, date]]:
    return [(date.fromisoformat(span[:10]), date.fromisoformat(span[11:])) for span in spans]


@pytest.mark.parametrize(
    ("spans", "gaps", "overlaps"),
    [
        (["2022-01-01/2022-05-21", "2022-07-01/2022-12-31"], ["2022-05-22/2022-06-30"], []),
        (["2022-07-01/2022-12-31", "2022-01-01/2022-06-30"], [], []),
        (["2022-01-01/2022-06-30", "2022-06-01/2022-12-31"], [], ["2022-06-01/2022-06-30"]),
        (["2022-01-01/2022-12-31", "2022-03-01/2022-03-31", "2023-01-02/2023-06-30"], ["2023-01-01/2023-01-01"],
         ["2022-03-01/2022-03-31"]),
        (["2022-01-01/2022-06-30", "2021-12-31/2022-06-30"], [], []),
        (["2021-07-01/2021-12-31", "2021-12-31/2022-06-30"], [], []),
        (["2022-01-01/2032-06-30", "2022-06-30/2022-01-01"], [], []),
        ([], [], []),
    ],
    ids=["gap", "none", "overlap", "within", "shifted", "shifted end", "mistyped", "nothing"],
)  # fmt: skip
def test_gaps_and_overlaps_between_periods_are_found(spans, gaps, overlaps):
    found = report_periods("Roe", "1", [*days(*spans), (None, None)])
    assert ([tuple(each) for each in found.gaps], [tuple(each) for each in found.overlaps]) == (
        days(*gaps),
        days(*overlaps),
    )
    assert ReportPeriods.from_dict(json.loads(json.dumps(found.to_dict()))) == found


@given(st.lists(st.tuples(st.integers(0, 900), st.integers(0, 200)), max_size=6))
def test_a_gap_is_covered_by_no_period_and_lies_between_two(spans):
    start = date(2020, 1, 1)
    periods = [(start + timedelta(first), start + timedelta(first + long)) for first, long in spans]
    found = report_periods("Roe", None, periods)
    covered = {day for begin, end in found.periods for day in range(begin.toordinal(), end.toordinal() + 1)}
    open_days = {day for begin, end in found.gaps for day in range(begin.toordinal(), end.toordinal() + 1)}
    assert not covered & open_days
    assert covered | open_days == (set(range(min(covered), max(covered) + 1)) if covered else set())


def test_the_notes_name_a_few_committees():
    gap = Days(date(2022, 5, 22), date(2022, 6, 30))
    many = [ReportPeriods(f"Committee {at}", None, (), (gap,), (Days(gap.begin, gap.begin),)) for at in range(7)]
    said = period_notes(many)
    assert said[0] == "Committee 0: no report from 2022-05-22 to 2022-06-30"
    assert said[5] == "2 more committees have gaps between their reports"
    assert said[6] == "Committee 0: two reports cover 2022-05-22"
    assert len(said) == 12


# The cover pages of electronic FEC filings.


@pytest.mark.parametrize(
    ("form", "version", "begin", "first", "lines"),
    [
        ("F3N", "8.3", 15, 32, {"11A": 100, "11B": 400, "11C": 500, "11D": 600, "12": 800, "13A": 900, "13B": 1000}),
        ("F3A", "6.2", 15, 39, {"11A": 100, "11B": 400, "11C": 500, "11D": 600, "12": 800, "13A": 900, "13B": 1000}),
        ("F3T", "5.3", 19, 30, {"11A": 100, "11B": 400, "11C": 500, "11D": 600, "12": 800, "13A": 900, "13B": 1000}),
        ("F3N", "P3.4", 14, 31, {"11A": 100, "11B": 400, "11C": 500, "11D": 600, "12": 800, "13A": 900, "13B": 1000}),
        ("F3XN", "8.4", 13, 29, {"11A": 100, "11B": 400, "11C": 500, "12": 700, "13": 800}),
        ("F3XA", "3.00", 14, 23, {"11A": 100, "11B": 400, "11C": 500, "12": 700, "13": 800}),
        ("F3XN", "180.5", 13, 29, {"11A": 100, "11B": 400, "11C": 500, "12": 700, "13": 800}),
        ("F3PN", "8.0", 15, 34, {"17A": 100, "17B": 400, "17C": 500, "17D": 600, "18": 800, "19A": 900, "19B": 1000}),
        ("F3PN", "6.4", 15, 32, {"17B": 400, "17C": 500, "17D": 600, "18": 800, "19A": 900, "19B": 1000}),
        ("F3PN", "5.2", 15, 26, {"17B": 400, "17C": 500, "17D": 600, "18": 800, "19A": 900, "19B": 1000}),
    ],
)
def test_a_cover_page_states_its_lines_where_its_version_has_them(form, version, begin, first, lines):
    cover = [form, "C00900001", "Roe for Congress", *[""] * 60]
    cover[begin : begin + 2] = ["20220101", "20220331"]
    cover[first : first + 11] = [f"{at}.00" for at in range(1, 12)]
    found = cover_totals(cover, version, "1.fec", "1", "0")
    assert dict(zip(found["schedule"].to_pylist(), found["itemized"].to_pylist(), strict=True)) == lines
    assert found["begin"].to_pylist()[0] == date(2022, 1, 1)
    if "11A" in lines or "17A" in lines:
        assert (found["unitemized"][0].as_py(), found["total"][0].as_py()) == (200, 300)


@pytest.mark.parametrize(
    "cover", [[], ["F99", "C1"], ["F3Z1", "C1"], ["F3L", "C1"]], ids=["none", "F99", "F3Z1", "F3L"]
)
def test_a_form_without_these_lines_states_nothing(cover):
    assert cover_totals(cover, "8.3", "1.fec", "1", "0") is None


# End to end.


FEC_ROW = "\x1c".join(
    ["SA11AI", "C00900001", "T{at}", "", "", "IND", "", "Doe", "Lee", "", "", "", "", "", "Reno", "NV", "", "", "",
     "20220115", "{amount}"] + [""] * 21 + ["{memo}"]
)  # fmt: skip


def fec(path: Path, *amounts: str, itemized: str = "500.00", name: str = "900001.fec", memo: str = "") -> Path:
    cover = ["F3N", "C00900001", "Roe for Congress", *[""] * 60]
    cover[15:17] = ["20220101", "20220331"]
    cover[32:35] = [itemized, "20.00", f"{float(itemized) + 20:.2f}"]
    lines = ["HDR\x1cFEC\x1c8.3\x1cX\x1c1", "\x1c".join(cover)]
    lines += [FEC_ROW.format(at=at, amount=amount, memo="") for at, amount in enumerate(amounts)]
    if memo:
        lines.append(FEC_ROW.format(at="M", amount=memo, memo="X"))
    (path / name).write_text("\n".join([*lines, ""]))
    return path / name


NETFILE = "Filer_ID,Filer_NamL,Report_Num,Committee_Type,Rpt_Date,From_Date,Thru_Date,Elect_Date,"
NETFILE_ROWS = NETFILE + (
    "tblCover_Office_Cd,tblCover_Offic_Dscr,Rec_Type,Form_Type,Tran_ID,Entity_Cd,Tran_NamL,Tran_NamF,Tran_Type,"
    "Tran_Date,Tran_Amt1,Memo_Code\n"
)
NETFILE_SUMMARY = NETFILE + (
    "tblCover_Office_Cd,tblCover_Offic_Dscr,Rec_Type,Form_Type,Line_Item,Amount_A,Amount_B,Amount_C\n"
)
ROE = "1499901,Jane Roe for District Attorney 2022,{number},CTL,2022-07-20,{begin},{end},,DAT,,"
FIRST = {"begin": "2022-01-01", "end": "2022-05-21"}
SECOND = {"begin": "2022-07-01", "end": "2022-12-31"}


def netfile(path: Path, gifts: list[str], stated: list[str]) -> list[Path]:
    """The sheets A and Summary saved as CSV: ``number,schedule,amount`` and ``number,schedule,line,amount``."""
    rows, lines = NETFILE_ROWS, NETFILE_SUMMARY
    for at, each in enumerate(gifts):
        number, schedule, amount = each.split(",")
        days = SECOND if number.startswith("2:") else FIRST
        rows += ROE.format(number=number[-3:], **days) + f"RCPT,{schedule},T{at},OTH,{POA},,,2022-03-01,{amount},\n"
    for each in stated:
        number, schedule, item, amount = each.split(",")
        days = SECOND if number.startswith("2:") else FIRST
        lines += ROE.format(number=number[-3:], **days) + f"SMRY,{schedule},{item},{amount},,\n"
    (path / "A.csv").write_text(rows)
    (path / "Summary.csv").write_text(lines)
    return [path / "A.csv", path / "Summary.csv"]


def test_the_sheet_of_sums_is_compared_with_the_rows(tmp_path):
    files = netfile(
        tmp_path,
        ["000,A,100", "001,A,500", "001,A,25.50", "2:000,A,70"],
        ["000,A,1,100", "000,A,3,100", "001,A,1,525.5", "001,A,2,4.5", "001,A,3,530", "001,F460,1,530", "001,E,1,9",
         "2:000,A,1,80", "2:000,A,3,80"],
    )  # fmt: skip
    found = screen(files, workers=1)
    assert [
        (each.line, each.stated_cents, each.itemized_cents, each.unitemized_cents) for each in found.form_totals
    ] == [
        ("Schedule A line 1", 52_550, 52_550, 450),
        ("Schedule A line 1", 8_000, 7_000, None),
    ]
    assert found.notes[0].startswith(
        "DIFFERENCE: Jane Roe for District Attorney 2022, 2022-07-01 to 2022-12-31: Schedule A line 1 (monetary "
        "contributions): the rows add up to $70.00, the form states $80.00 ($10.00 less); likely reason: "
    )
    assert found.notes[1] == "1 of 2 reports with a summary is equal to its form's lines to the cent"
    assert "Jane Roe for District Attorney 2022: no report from 2022-05-22 to 2022-06-30" in found.notes
    assert Screening.from_dict(found.to_dict()).to_dict() == found.to_dict()
    assert [Path(each["path"]).name for each in found.manifest["joined"]] == ["Summary.csv"]
    assert screen(tmp_path, workers=1).form_totals[0].difference_cents == 0
    (entry,) = found.prosecutors
    assert (entry.raised, len(found.manifest["inputs"])) == (59_550, 1)


def test_without_a_summary_nothing_is_said_of_totals(tmp_path):
    found = screen(netfile(tmp_path, ["000,A,100"], [])[0], workers=1)
    assert found.form_totals == ()
    assert "form_totals" not in found.to_dict()
    assert not any("summary" in note.replace(str(tmp_path), "") for note in found.notes)


@pytest.mark.parametrize(
    "stated", [[], ["000,E,1,5"], ["000,A,1,n/a"]], ids=["header only", "other lines", "no amount"]
)
def test_a_summary_that_states_nothing_compares_nothing(tmp_path, stated):
    files = netfile(tmp_path, ["000,A,100"], stated)
    found = screen(files, workers=1)
    assert [each.stated_cents for each in found.form_totals] == ([None] if "000,A,1,n/a" in stated else [])
    assert found.prosecutors[0].raised == 10_000


def test_a_sheet_of_sums_alone_is_not_contributions(tmp_path):
    with pytest.raises(FilingError, match="are not contributions but the sums of the forms"):
        screen(netfile(tmp_path, [], ["000,A,1,100"])[1], workers=1)


def test_a_rejected_row_is_the_likely_reason(tmp_path):
    found = screen(netfile(tmp_path, ["000,A,100", "000,A,"], ["000,A,1,150", "000,A,3,150"]), workers=1)
    assert found.form_totals[0].reason == f"a row of this filer could not be read ({tmp_path / 'A.csv'}:3)"


SMRY = "FILING_ID\tAMEND_ID\tLINE_ITEM\tREC_TYPE\tFORM_TYPE\tAMOUNT_A\tAMOUNT_B\tAMOUNT_C\tELEC_DT\n"


def calaccess(folder: Path, samples: Path, *lines: str) -> Path:
    """The sample of RCPT_CD with sums beside it: ``filing,amendment,line,form,amount``."""
    (folder / "RCPT_CD.TSV").write_bytes((samples / "ca-calaccess-rcpt.tsv").read_bytes())
    rows = [each.split(",") for each in lines]
    text = "".join(f"{f}\t{a}\t{item}\tSMRY\t{form}\t{cents}\t\t\t\n" for f, a, item, form, cents in rows)
    (folder / "SMRY_CD.TSV").write_text(SMRY + text)
    return folder


def test_the_state_s_table_of_sums_is_compared_by_filing(tmp_path):
    samples = Path(__file__).parent / "filings" / "samples"
    text = (samples / "ca-calaccess-rcpt.tsv").read_text("utf-8")
    rows = [*csv.DictReader(text.splitlines(), delimiter="\t")]
    of = [each for each in rows if each["FORM_TYPE"] == "A" and not each["MEMO_CODE"] and each["TRAN_TYPE"] != "R"]
    filing = of[0]["FILING_ID"]
    last = max(each["AMEND_ID"] for each in rows if each["FILING_ID"] == filing)
    total = sum(float(each["AMOUNT"]) for each in of if (each["FILING_ID"], each["AMEND_ID"]) == (filing, last))
    right = f"{filing},{last},1,A,{total:.2f}"
    found = screen(calaccess(tmp_path, samples, right, "999999,0,1,A,70"), workers=1, recipients="all")
    assert [(each.filing_id, each.difference_cents) for each in found.form_totals] == [(filing, 0)]
    wrong = f"{filing},{last},1,A,{total + 1:.2f}"
    found = screen(calaccess(tmp_path, samples, wrong), workers=1, recipients="all")
    (only,) = found.form_totals
    assert only.difference_cents == only.itemized_cents - round(total * 100) - 100 != 0
    assert only.filing_id == filing
    assert f"filing {filing}: Schedule A line 1" in found.notes[0]


def test_the_cover_page_of_a_federal_filing_is_compared(tmp_path):
    found = screen(fec(tmp_path, "300.00", "200.00", memo="70.00"), workers=1)
    assert [(each.line, each.itemized_cents, each.difference_cents) for each in found.form_totals] == [
        ("line 11(a)(i)", 50_000, 0)
    ]
    covered = tuple(Days(*each) for each in days("2022-01-01/2022-03-31"))
    committee = "committee:fec/C00900001"
    assert found.periods == (ReportPeriods("Roe for Congress", "C00900001", covered, committee_id=committee),)
    assert {each.committee_id for each in found.form_totals} == {committee}
    (less,) = screen(fec(tmp_path, "300.00", name="900002.fec"), workers=1).form_totals
    assert (less.difference_cents, less.reason) == (
        -20_000,
        "rows are missing from the file, or the form has a mistake",
    )


def test_a_form_that_states_gifts_and_a_file_without_them_is_said(tmp_path):
    with pytest.raises(NoContributionsError, match=r"its form states that it itemizes \$500\.00: rows are missing"):
        screen(fec(tmp_path), workers=1)
    found = screen([fec(tmp_path), fec(tmp_path, "500.00", name="900002.fec")], workers=1)
    assert [each.difference_cents for each in found.form_totals] == [-50_000, 0]


def test_required_totals_end_with_code_5_where_a_report_differs(tmp_path, cli):
    good, bad = fec(tmp_path, "500.00"), fec(tmp_path, "300.00", name="900002.fec")
    run = cli("screen", good, "--require-totals", "--format", "json")
    assert (run.exit_code, json.loads(run.stdout)["form_totals"][0]["stated"]) == (0, "500.00")
    refused = cli("screen", bad, "--require-totals")
    assert (refused.exit_code, refused.stdout) == (5, "")
    assert "the rows of 1 of 1 reports differ from what their form states" in refused.stderr
    with pytest.raises(FormTotalsError, match=r"\$200\.00 less"):
        screen(bad, workers=1, require_totals=True)


def test_the_command_says_a_difference_first(tmp_path, cli):
    shown = cli("screen", fec(tmp_path, "300.00"))
    assert shown.exit_code == 0
    assert shown.stderr.startswith("DIFFERENCE: Roe for Congress, 2022-01-01 to 2022-03-31: line 11(a)(i)")
    saved = json.loads(cli("screen", fec(tmp_path, "300.00"), "--format", "json").stdout)
    assert saved["form_totals"][0]["difference"] == "-200.00"
    assert saved["periods"][0]["periods"] == [{"begin": "2022-01-01", "end": "2022-03-31"}]


def test_what_processes_hand_on_gives_the_same_totals(tmp_path):
    files = netfile(tmp_path, ["000,A,100", "000,A,5"], ["000,A,1,105"])
    alone, together = (screen(files, workers=workers) for workers in (1, 4))
    assert alone.form_totals == together.form_totals
    assert alone.periods == together.periods


def test_an_amended_federal_report_is_compared_and_a_missing_quarter_is_said(tmp_path):
    first = fec(tmp_path, "300.00")
    amended = fec(tmp_path, "300.00", "200.00", name="900003.fec")
    amended.write_text(
        amended.read_text().replace("FEC\x1c8.3\x1cX\x1c1\n", "FEC\x1c8.3\x1cX\x1c1\x1cFEC-900001\x1c1\n")
    )
    third = fec(tmp_path, "500.00", name="900005.fec")
    third.write_text(third.read_text().replace("20220101", "20220701").replace("20220331", "20220930"))
    found = screen([first, amended, third], workers=1)
    assert [(each.filing_id, each.amendment, each.difference_cents) for each in found.form_totals] == [
        ("900001", "1", 0),
        ("900005", "0", 0),
    ]
    assert "Roe for Congress: no report from 2022-04-01 to 2022-06-30" in found.notes


def test_the_summary_of_a_workbook_is_its_own_sheet(tmp_path):
    sheets = netfile(tmp_path, ["000,A,100"], ["000,A,1,100", "000,C,1,40"])
    book = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(book) as made:
        for path in sheets:
            sheet = made.add_worksheet(path.stem)
            for at, cells in enumerate(csv.reader(path.read_text().splitlines())):
                sheet.write_row(at, 0, cells)
    found = screen(book, workers=1)
    assert [(each.line, each.difference_cents) for each in found.form_totals] == [
        ("Schedule A line 1", 0),
        ("Schedule C line 1", -4_000),
    ]
    assert found.form_totals[1].reason == "no row of Schedule C is among these files"
    assert found.form_totals[0].source == f"{book}#Summary"
    assert not any("not read" in note for note in found.notes)


def test_a_zip_of_the_state_and_a_name_in_windows_1252_are_read(tmp_path):
    samples = Path(__file__).parent / "filings" / "samples"
    folder = tmp_path / "in"
    folder.mkdir()
    filing = (samples / "ca-calaccess-rcpt.tsv").read_text("utf-8").splitlines()[1].split("\t")[0]
    calaccess(folder, samples, f"{filing},9,1,A,1.00")
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as packed:
        for path in folder.iterdir():
            packed.write(path, path.name)
    (found,) = screen(tmp_path / "all.zip", workers=1, recipients="all").form_totals
    assert (found.filing_id, found.stated_cents) == (filing, 100)
    rows, summary = netfile(tmp_path, ["000,A,100"], ["000,A,1,100"])
    for path in (rows, summary):
        path.write_bytes(path.read_text().replace("Jane Roe", "José Roe").encode("cp1252"))
    assert [each.recipient for each in screen([rows, summary], workers=1).form_totals] == [
        "José Roe for District Attorney 2022"
    ]


def test_only_the_reports_of_who_is_shown_are_compared(tmp_path):
    rows, summary = netfile(tmp_path, ["000,A,100"], ["000,A,1,100"])
    for path in (rows, summary):
        other = path.read_text().splitlines()[1].replace("1499901", "1499902").replace(",DAT,", ",,")
        path.write_text(path.read_text() + other.replace("Jane Roe for District Attorney", "Poe for Council") + "\n")
    shown = [each.recipient_id for each in screen([rows, summary], workers=1, recipients="prosecutors").form_totals]
    everybody = [each.recipient_id for each in screen([rows, summary], workers=1, recipients="all").form_totals]
    assert (shown, everybody) == (["1499901"], ["1499901", "1499902"])


def test_a_requirement_that_compares_nothing_is_said(tmp_path, cli):
    run = cli("screen", netfile(tmp_path, ["000,A,100"], [])[0], "--require-totals")
    assert run.exit_code == 0
    assert run.stderr.startswith("--require-totals compared nothing")
    assert total_notes(compare_form_totals(sums(row()), stated_table([]), {})) == []


def test_federal_filings_whose_number_is_not_known_are_told_apart_by_their_files(tmp_path, cli):
    first, second = (
        fec(tmp_path, "500.00", name="january.fec"),
        fec(tmp_path, "70.00", itemized="70.00", name="may.fec"),
    )
    found = screen([first, second], workers=1)
    assert [(each.filing_id, each.itemized_cents, each.difference_cents) for each in found.form_totals] == [
        (None, 50_000, 0),
        (None, 7_000, 0),
    ]
    piped = cli("screen", "-", "--format", "json", "--require-totals", stdin=first.read_bytes())
    assert (piped.exit_code, json.loads(piped.stdout)["form_totals"][0]["difference"]) == (0, "0.00")
    (short,) = screen(fec(tmp_path, "1.00", name="june.fec"), workers=1).form_totals
    assert (short.filing_id, short.difference_cents) == (None, -49_900)


# Tables with one line for each report: Texas' cover sheets, and Illinois' D2Totals.

BUNDLES = Path(__file__).parent / "filings" / "samples"
COVER = (
    "recordType,formTypeCd,reportInfoIdent,receivedDt,infoOnlyFlag,filerIdent,filerTypeCd,filerName,reportTypeCd,"
    "periodStartDt,periodEndDt,unitemizedContribAmount,totalContribAmount,unitemizedExpendAmount,totalExpendAmount\n"
)
SHEET = (
    'CVR1,COH,{report},20220715,{replaced},00080001,COH,"Roe, Jane (The Honorable)",SEMI,20220101,20220630,'
    "0000000040.00,{total},0000000000.00,0000000900.00\n"
)


def texas(path: Path, total: str, name: str = "cover.csv") -> Path:
    """The sample of Texas with a cover sheet; its rows of report 100001 add up to $1,550.55 without the pledge."""
    for each in (BUNDLES / "bundle-texas").iterdir():
        (path / each.name).write_bytes(each.read_bytes())
    (path / name).write_text(
        COVER
        + SHEET.format(report="100001", replaced="N", total=total)
        + SHEET.format(report="100000", replaced="Y", total="0000009999.00")
    )
    return path


@pytest.mark.parametrize(("total", "differs"), [("0000001590.55", 0), ("0000001500.00", 90_55), ("", None)])
def test_a_cover_sheet_of_texas_is_compared_with_the_rows(total, differs, tmp_path):
    found = screen(texas(tmp_path, total), workers=1)
    assert [
        (each.line, each.itemized_cents, each.unitemized_cents, each.difference_cents) for each in found.form_totals
    ] == ([("total contributions", 1_550_55, 40_00, differs)] if total else [])
    for each in found.form_totals:
        assert (each.period_begin, each.period_end) == (date(2022, 1, 1), date(2022, 6, 30))
        assert bool(each.reason) == bool(differs)
    assert [each.raised for each in found.prosecutors] == [1_550_55]
    names = [Path(each["path"]).name for each in found.manifest["joined"]]
    assert sorted(names) == ["cover.csv", "filers.csv"]


def test_a_total_of_texas_that_differs_ends_a_run_that_requires_equal_ones(tmp_path, cli):
    assert cli("screen", texas(tmp_path, "0000001590.55"), "--require-totals").exit_code == 0
    assert cli("screen", texas(tmp_path, "0000001500.00"), "--require-totals").exit_code == 5


def test_cover_sheets_before_an_election_have_no_totals(tmp_path):
    folder = texas(tmp_path, "0000000001.00", name="cover_t.csv")
    assert screen(folder, workers=1).form_totals == ()


D2 = (
    "ID CommitteeID FiledDocID BegFundsAvail IndivContribI IndivContribNI XferInI XferInNI LoanRcvI LoanRcvNI "
    "OtherRctI OtherRctNI TotalReceipts InKindI InKindNI TotalInKind XferOutI XferOutNI LoanMadeI LoanMadeNI "
    "ExpendI ExpendNI IndependentExpI IndependentExpNI TotalExpend DebtsI DebtsNI TotalDebts "
    "TotalInvest EndFundsAvail Archived"
).split()


def illinois(path: Path, *reports: dict[str, str]) -> Path:
    """The sample of Illinois with D2Totals.txt; what a report does not state there is 0."""
    for each in (BUNDLES / "bundle-illinois").iterdir():
        (path / each.name).write_bytes(each.read_bytes())
    rows = [[report.get(name, "0.0") for name in D2] for report in reports]
    (path / "D2Totals.txt").write_text("".join("\t".join(row) + "\r\n" for row in [D2, *rows]))
    return path


REPORT = {
    "ID": "1", "CommitteeID": "20001", "FiledDocID": "900002", "Archived": "False", "IndivContribI": "250.55",
    "IndivContribNI": "75", "XferInI": "1000.0", "OtherRctI": "1.25", "InKindI": "300",
}  # fmt: skip


def test_the_totals_of_form_d_2_are_compared_part_by_part(tmp_path):
    found = screen(illinois(tmp_path, REPORT), workers=1)
    assert [(each.line, each.stated_cents, each.difference_cents) for each in found.form_totals] == [
        ("Form D-2 part 1A", 250_55, 0),
        ("Form D-2 part 2A", 1_000_00, 0),
        ("Form D-2 part 4A", 1_25, 0),
        ("Form D-2 part 5A", 300_00, 0),
    ]
    assert {each.recipient for each in found.form_totals} == {found.prosecutors[0].recipients[0]}


def test_a_part_of_form_d_2_that_differs_is_named_and_a_replaced_report_is_not_compared(tmp_path):
    replaced = REPORT | {"FiledDocID": "900001", "Archived": "True", "XferInI": "1.00"}
    found = screen(illinois(tmp_path, REPORT | {"XferInI": "1500.0"}, replaced), workers=1)
    (line,) = [each for each in found.form_totals if each.difference_cents]
    assert (line.line, line.difference_cents) == ("Form D-2 part 2A", -500_00)
    assert line.reason == "rows are missing from the file, or the form has a mistake"
    assert found.notes[0].startswith("DIFFERENCE: ")
    assert "Form D-2 part 2A (transfers in): the rows add up to $1,000.00, the form states $1,500.00" in found.notes[0]
