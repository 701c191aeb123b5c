"""Lines for whole reports decide as the rows of these reports would."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unionscreen import screen
from unionscreen.accounting.lines import LedgerLine, Rules, statuses
from unionscreen.filings.rows import blocks
from unionscreen.screening.result import NOT_IN_LATER_REPORT

BOTH = Rules(amendments=True, late=True)
JANUARY = (date(2022, 1, 1), date(2022, 3, 31))


def report(filing_id, amendment="0", **values):
    return LedgerLine("1", filing_id, amendment, None, "", None, 0, False, BOTH, late=False, report=True, **values)


def late(day, filing_id="L", **values):
    return LedgerLine("1", filing_id, "0", None, "", day, 0, False, BOTH, late=True, report=True, **values)


def found(*lines):
    return [status.status for status in statuses(lines)]


def test_a_late_report_is_covered_by_the_report_of_its_day():
    periodic = report("A", begin=JANUARY[0], end=JANUARY[1])
    assert found(periodic, late(date(2022, 3, 31))) == ["active", "covered"]
    assert found(periodic, late(date(2022, 4, 1))) == ["active", "active"]
    assert found(periodic, late(None)) == ["active", "active"]


def test_a_late_report_of_another_recipient_is_not_covered():
    periodic = report("A", begin=JANUARY[0], end=JANUARY[1])
    assert found(periodic, late(date(2022, 2, 1))._replace(recipient="2")) == ["active", "active"]


def test_a_superseded_report_covers_nothing():
    old = report("A", "0", begin=JANUARY[0], end=date(2022, 6, 30))
    new = report("A", "1", begin=JANUARY[0], end=JANUARY[1])
    assert found(old, new, late(date(2022, 5, 1))) == ["superseded", "active", "active"]


def test_amendments_of_a_late_report_replace_each_other():
    first = late(date(2022, 2, 1))
    assert found(first, first._replace(amendment="1")) == ["superseded", "active"]


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("000", "001"), ("9", "10"), (None, "1"), ("2023-04-01 10:00:00", "2023-05-01 09:00:00"),
        ("12/31/2021", "1/2/2022"), ("4/5/2022 11:00:00 AM", "4/5/2022 1:00:00 PM"),
        ("4/5/2022 12:30:00 AM", "4/5/2022 1:00:00 AM"),
    ],
)  # fmt: skip
def test_the_later_version_is_told_by_its_number_or_its_day(earlier, later):
    assert found(report("A", earlier), report("A", later)) == ["superseded", "active"]
    assert found(report("A", later), report("A", earlier)) == ["active", "superseded"]


def test_what_the_file_itself_says_of_a_row_stands():
    assert found(report("A", "0", status="void"), report("A", "1")) == ["void", "active"]


HEADER = "\t".join(
    ["FILING_ID", "AMEND_ID", "LINE_ITEM", "REC_TYPE", "FORM_TYPE", "TRAN_ID", "ENTITY_CD", "CTRIB_NAML"]
)
HEADER += "\tRCPT_DATE\tAMOUNT\tMEMO_CODE\n"
ROWS = st.tuples(
    st.integers(1, 3), st.integers(0, 2), st.sampled_from(["A", "C", "F496P3"]), st.integers(1, 28),
    st.integers(-500, 500), st.sampled_from(["", "X"]),
)  # fmt: skip


@settings(max_examples=15, deadline=None)
@given(rows=st.lists(ROWS, min_size=1, max_size=40))
def test_the_sums_do_not_depend_on_where_the_blocks_are_cut(rows, tmp_path_factory):
    path = tmp_path_factory.mktemp("rows") / "RCPT_CD.TSV"
    lines = [
        f"{filing}\t{amendment}\t{i}\tRCPT\t{form}\tT{i}\tIND\tDoe\t1/{day}/2022 12:00:00 AM\t{amount}\t{memo}\n"
        for i, (filing, amendment, form, day, amount, memo) in enumerate(rows)
    ]
    path.write_text(HEADER + "".join(lines))
    whole = screen(path, recipients="all", workers=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "BLOCK_BYTES", 200)
        cut = screen(path, recipients="all", workers=1)
    assert cut.manifest["by_status"] == whole.manifest["by_status"]
    assert [entry.raised for entry in cut.prosecutors] == [entry.raised for entry in whole.prosecutors]
    last = {filing: max(row[1] for row in rows if row[0] == filing) for filing, *_ in rows}
    counted = [row for row in rows if row[1] == last[row[0]]]
    assert whole.manifest["by_status"].get("superseded", 0) == len(rows) - len(counted)


TEXAS = (
    "recordType,schedFormTypeCd,reportInfoIdent,infoOnlyFlag,filerIdent,filerName,contributionInfoId,contributionDt,"
    "contributionAmount,contributorNameOrganization\n"
)
# Report, whether a later report replaced the row, schedule, day, amount, and whether the file is one of late reports.
GIFTS = st.tuples(
    st.integers(1, 3), st.sampled_from("YN"), st.sampled_from(["A1", "A2", "B"]), st.integers(1, 28),
    st.integers(1, 500), st.booleans(),
)  # fmt: skip


@settings(max_examples=15, deadline=None)
@given(gifts=st.lists(GIFTS, min_size=1, max_size=40))
def test_where_every_donor_is_a_union_all_that_is_raised_is_flagged(gifts, tmp_path_factory):
    """Rows are decided one by one where they are flagged, and by report where they are added up: they must agree."""
    folder = tmp_path_factory.mktemp("texas")
    for name, in_file in (("contribs_01.csv", False), ("cont_ss.csv", True)):
        lines = [
            f"RCPT,{schedule},{report},{replaced},7,Roe for DA,{i},202201{day:02},{amount},Dallas Police Association\n"
            for i, (report, replaced, schedule, day, amount, late_file) in enumerate(gifts)
            if late_file == in_file
        ]
        if lines:
            (folder / name).write_text(TEXAS + "".join(lines))
    screening = screen(folder, recipients="all", workers=1)
    (entry,) = screening.prosecutors
    assert (entry.flagged.net, entry.flagged.in_kind) == (entry.raised, entry.in_kind)
    assert Counter(flag.status for flag in entry.flags) == screening.manifest["by_status"]


def test_a_row_that_the_file_says_was_replaced_says_nothing_of_its_reports_other_rows(tmp_path):
    path = tmp_path / "contribs_01.csv"
    rows = [
        "RCPT,A1,9,Y,7,Roe for DA,1,20220101,100,Dallas Police Association\n",
        "RCPT,A1,9,N,7,Roe for DA,2,20220101,250,Dallas Police Association\n",
    ]
    path.write_text(TEXAS + "".join(rows))
    (entry,) = screen(path, recipients="all").prosecutors
    assert [(flag.amount_cents, flag.status) for flag in entry.flags] == [(100_00, "superseded"), (250_00, "active")]


def test_a_row_void_in_the_file_itself_is_counted_once(tmp_path):
    path = tmp_path / "tracer.csv"
    gift = "7,{},2020-03-04 00:00:00,Denver Police Protective Association,{},{},Monetary (Itemized),Roe for DA,{},,\n"
    path.write_text(
        "CO_ID,ContributionAmount,ContributionDate,LastName,Explanation,RecordID,ContributionType,CommitteeName,"
        "Amended,AmendedRecordID,OccupationComments\n"
        + gift.format("500", "", "1", "Y")
        + gift.format("-500", "Offset due to update of filed item", "2", "N")
        + gift.format("300", "", "3", "N")
    )
    screening = screen(path, recipients="all")
    assert screening.manifest["inputs"][0]["format"] == "co-tracer"
    assert screening.manifest["by_status"] == {"active": 1, "superseded": 1, "void": 1}


UNION, OTHER = "Dallas Police Association", "Fraternal Order of Police Lodge 5"
NETFILE = (
    "transactionId,filerName,fppcId,date,amount,contributorType,contributorLastName,contributorFirstName,"
    "contributorCity,contributorState,reportNumber,reportDate,reportFromDate,reportThruDate\n"
)


def netfile(rows):
    """Where each transaction is known: donor, day, dollars, amendment, transaction id; no period is a late report."""
    period = {True: "2022-01-01,2022-04-23", False: "0NaN-NaN-NaN,0NaN-NaN-NaN"}
    return NETFILE + "".join(
        f"{transaction},Roe for DA,77,2022-{day},{dollars},other,{donor},,Dallas,TX,{amendment or 0},2022-07-01,"
        f"{period[amendment is not None]}\n"
        for donor, day, dollars, amendment, transaction in rows
    )


def cal_access(rows):
    """Where only whole reports are known."""
    return HEADER + "".join(
        f"7\t{amendment}\t{at}\tRCPT\tA\t{transaction}\tOTH\t{donor}\t{day[:2]}/{day[3:]}/2022\t{dollars}\t\n"
        for at, (donor, day, dollars, amendment, transaction) in enumerate(rows)
    )


@pytest.mark.parametrize("layout", [netfile, cal_access])
@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        # The report's first row is another donor's: the cause is the same donor's row.
        ([(UNION, "02-01", 100, 0, "A1"), ("Smith", "02-01", 5, 1, "B0"), (UNION, "02-01", 150, 1, "B1")], {2: 4}),
        # Of two gifts each finds its own: by the amount, by the day, by the transaction.
        (
            [
                (UNION, "02-01", 100, 0, "A1"), (UNION, "02-01", 900, 0, "A2"),
                (UNION, "02-01", 900, 1, "B1"), (UNION, "02-01", 110, 1, "B2"),
            ],
            {2: 5, 3: 4},
        ),
        (
            [
                (UNION, "02-01", 100, 0, "A1"), (UNION, "03-01", 100, 0, "A2"),
                (UNION, "03-02", 100, 1, "B1"), (UNION, "02-02", 100, 1, "B2"),
            ],
            {2: 5, 3: 4},
        ),
        (
            [(UNION, "02-01", 100, 0, "A1"), (UNION, "02-01", 100, 1, "B1"), (UNION, "02-03", 70, 1, "A1")],
            {2: 4},
        ),
        # Another spelling of the same union is the same donor; another union is not.
        (
            [(UNION, "02-01", 100, 0, "A1"), (OTHER, "02-01", 100, 1, "B1"), (f"{UNION} PAC", "02-01", 100, 1, "B2")],
            {2: 4},
        ),
        # Two amendments: the last one holds the gift that counts.
        ([(UNION, "02-01", 9, 0, "A1"), (UNION, "02-01", 9, 1, "B1"), (UNION, "02-01", 9, 2, "C1")], {2: 4, 3: 4}),
        # The amendment leaves the donor out.
        ([(UNION, "02-01", 100, 0, "A1"), ("Smith", "02-01", 5, 1, "B0"), (OTHER, "02-01", 9, 1, "B1")], {2: -3}),
    ],
    ids=["first row", "amount", "day", "transaction", "spelling", "twice", "left out"],
)  # fmt: skip
def test_what_was_amended_names_the_same_gift_in_the_amendment(layout, rows, wanted, tmp_path):
    path = tmp_path / "RCPT_CD.TSV"
    path.write_text(layout(rows))
    (entry,) = screen(path, recipients="all").prosecutors
    found = {flag.row: flag.status_cause for flag in entry.flags if flag.status == "superseded"}
    assert found == {
        row: f"{path}:{cause}" if cause > 0 else f"{NOT_IN_LATER_REPORT}{path}:{-cause}"
        for row, cause in wanted.items()
    }


def test_what_a_later_report_covers_names_the_same_gift_or_says_that_there_is_none(tmp_path):
    path = tmp_path / "netfile.csv"
    late = [(UNION, "02-01", 100, None, "L1"), (OTHER, "02-01", 100, None, "L2")]
    path.write_text(netfile([*late, ("Smith", "01-01", 5, 0, "A0"), (UNION, "03-01", 100, 0, "A1")]))
    (entry,) = screen(path, recipients="all").prosecutors
    assert {flag.row: flag.status_cause for flag in entry.flags if flag.status == "covered"} == {
        2: f"{path}:5",
        3: f"{NOT_IN_LATER_REPORT}{path}:4",
    }
