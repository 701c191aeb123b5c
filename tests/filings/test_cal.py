"""California's ``.cal`` files: whose money it is, what each record counts for, and whether it adds up."""

from __future__ import annotations

from pathlib import Path

import pytest

from unionscreen import screen
from unionscreen.errors import FilingError, NoContributionsError

HDR = "HDR,CAL,CA,2.01,ISP,1_0,"
POA = "Springfield Police Officers Association"


def record(kind: str, width: int, **fields: str) -> str:
    """A record with these fields, named ``at`` and their place."""
    out = [kind] + [""] * (width - 1)
    for place, text in fields.items():
        out[int(place.removeprefix("at"))] = text
    return ",".join(out)


def cover(form: str = "F460", report: str = "000", **fields: str) -> str:
    period = {"at12": "20260101", "at13": "20260331"} if form == "F460" else {"at11": "R-1"}
    who = {"at2": "1499901", "at4": "Jane Roe for District Attorney", "at40": "C", "at63": "DIS"}
    return record("CVR", 70, at1=form, at8=report, **{**period, **who, **fields})


def gift(schedule: str, amount: str, name: str = POA, kind: str = "", day: str = "20260105", memo: str = "") -> str:
    return record("RCPT", 66, at1=schedule, at2=f"{schedule}-{amount}", at3="OTH", at4=name, at16=kind, at17=day,
                  at19=amount, at59=memo)  # fmt: skip


def late(part: str, amount: str, name: str = POA, day: str = "20260405") -> str:
    return record("S497", 36, at1=part, at2=f"L-{amount}", at3="OTH", at4=name, at17=day, at19=amount)


ABOUT_POE = {"at48": "Poe", "at49": "Sam", "at63": "DAT", "at66": "Elm County", "at69": "O"}


def spent_496(amount: str = "900.00", day: str = "20260405") -> str:
    return record("S496", 9, at1="F496", at2=f"IE-{amount}", at3=amount, at4=day, at6="Mailer")


def spent_465(amount: str = "900.00", day: str = "20260405", **fields: str) -> str:
    return record("EXPN", 54, at1="F465P3", at2=f"X-{amount}", at4="Printer", at13=day, at14=amount, **fields)


def spent_460(amount: str = "900.00", day: str = "20260405") -> str:
    about = {"at34": "Poe", "at35": "Sam", "at38": "DAT", "at41": "Elm County", "at47": "O"}
    return record("EXPN", 54, at1="D", at2=f"D-{amount}", at4="Printer", at13=day, at14=amount, at18="IND", **about)


@pytest.fixture
def cal(tmp_path: Path):
    def write(*lines: str, name: str = "roe.cal", end: str = "\r\n") -> Path:
        path = tmp_path / name
        path.write_bytes(end.join([HDR, *lines, ""]).encode("latin-1"))
        return path

    return write


def differences(path: Path) -> list[str]:
    return [note.split("DIFFERENCE: ")[1] for note in screen(path, workers=1).notes if "DIFFERENCE" in note]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
def test_rows_that_add_up_to_the_forms_lines_are_read_without_a_word(cal, end):
    path = cal(cover(), "SMRY,F460,1,600.00", "SMRY,A,1,500.00", "SMRY,A,2,100.00", "SMRY,A,3,600.00",
               "SMRY,C,1,40.00", "SMRY,C,3,40.00", gift("A", "500.00"), gift("C", "40.00", "Doe"),
               gift("A", "7.00", memo="X"), end=end)  # fmt: skip
    found = screen(path, workers=1)
    (entry,) = found.prosecutors
    assert (entry.name, entry.raised, entry.in_kind, entry.flagged.gross) == ("Jane Roe", 54000, 4000, 50000)
    assert [flag.row for flag in entry.flags if flag.status == "active"] == [9]
    assert not differences(path)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (
            ["SMRY,A,1,400.00", gift("A", "500.00")],
            "the rows add up to $500.00, the form states $400.00 ($100.00 more)",
        ),
        (["SMRY,A,1,500.00", "SMRY,C,1,9.00", gift("A", "500.00")], "the rows add up to $0.00, the form states $9.00"),
        (["SMRY,F460,2,0.00", gift("A", "500.00")], "the rows add up to $500.00, the form has no such line"),
        (
            ["SMRY,A,1,500.00", "SMRY,A,2,10.00", "SMRY,A,3,500.00", gift("A", "500.00")],
            "$500.00 is itemized, and $10.00 is not itemized, the form states $500.00 ($10.00 more)",
        ),
        (
            ["SMRY,F460,1,900.00", "SMRY,A,1,500.00", "SMRY,A,3,500.00", gift("A", "500.00")],
            "Form 460 line 1 (monetary contributions): $500.00 is itemized, the form states $900.00",
        ),
    ],
    ids=["too much", "too little", "no line", "lines", "page"],
)
def test_a_difference_to_the_forms_own_lines_is_reported(cal, lines, said):
    (only,) = differences(cal(cover(), *lines))
    assert said in only


def test_without_a_line_for_its_rows_a_schedule_is_compared_with_its_total(cal):
    assert not differences(cal(cover(), "SMRY,A,2,20.00", "SMRY,A,3,520.00", gift("A", "500.00")))
    (only,) = differences(cal(cover(), "SMRY,A,2,20.00", "SMRY,A,3,500.00", gift("A", "500.00")))
    assert "the rows add up to $500.00, and $20.00 is not itemized, the form states $500.00 ($20.00 more)" in only


@pytest.mark.parametrize("line", ["500.00", "300.00", "400.00"], ids=["left out", "taken off", "not added"])
def test_what_was_returned_may_be_summed_as_filers_do(cal, line):
    given, back = gift("A", "400.00"), gift("A", "100.00", kind="R")
    assert not differences(cal(cover(), f"SMRY,A,1,{line}", given, back))


def test_a_returned_contribution_among_the_payments_is_a_refund(cal):
    back = record("EXPN", 54, at1="E", at2="E-1", at4=POA, at13="20260201", at14="500.00", at18="RFD")
    spent = record("EXPN", 54, at1="E", at2="E-2", at4="Printer", at13="20260201", at14="70.00", at18="PRT")
    found = screen(cal(cover(), gift("A", "500.00"), back, spent), workers=1)
    (entry,) = found.prosecutors
    assert (entry.flagged.gross, entry.flagged.refunded, found.manifest["rows_read"]) == (50000, 50000, 2)


def test_an_amendment_replaces_the_filing(cal):
    first = cal(cover(), gift("A", "500.00"))
    second = cal(cover(report="001"), gift("A", "700.00"), name="amended.cal")
    (entry,) = screen([first, second], workers=1).prosecutors
    assert entry.raised == 70000
    assert {flag.amount_cents: flag.status for flag in entry.flags} == {50000: "superseded", 70000: "active"}


def test_a_late_report_counts_once_and_what_the_filer_gave_is_not_received(cal):
    notice = cal(
        cover("F497"), late("F497P1", "500.00", day="20260205"), late("F497P2", "90.00", "Other"), name="l.cal"
    )
    (entry,) = screen(notice, workers=1).prosecutors
    assert (entry.raised, entry.flagged.gross) == (50000, 50000)
    report = cal(cover(), gift("A", "500.00", day="20260205"))
    (entry,) = screen([notice, report], workers=1).prosecutors
    assert (entry.raised, [flag.status for flag in entry.flags]) == (50000, ["covered", "active"])


@pytest.mark.parametrize(("form", "spent"), [("F496", spent_496()), ("F465", spent_465())], ids=["496", "465"])
def test_spending_has_its_target_and_side_from_the_cover_page(cal, form, spent):
    found = screen(cal(cover(form, at4=POA, **ABOUT_POE), spent), workers=1)
    (each,) = found.books.spending
    assert (each.spender, each.prosecutor, each.support_oppose) == (POA, "Sam Poe", "oppose")
    assert (each.amount_cents, each.jurisdiction, each.date.isoformat()) == (90000, "Elm County", "2026-04-05")
    assert not [note for note in found.notes if "neither a candidate nor a measure" in note]


@pytest.mark.parametrize(("form", "spent"), [("F496", spent_496()), ("F465", spent_465())], ids=["496", "465"])
def test_spending_that_the_campaign_statement_repeats_counts_once(cal, form, spent):
    notice = cal(cover(form, at4=POA, **ABOUT_POE), spent, name="notice.cal")
    statement = cal(cover("F460", at4=POA, at40="G", at63=""), spent_460())
    found = screen([notice, statement], workers=1)
    assert [(each.status, each.prosecutor) for each in found.books.spending] == [
        ("covered", "Sam Poe"),
        ("active", "Sam Poe"),
    ]


def test_a_row_of_form_465_that_names_another_candidate_keeps_it(cal):
    own = spent_465(at34="Vale", at35="Robin", at47="S")
    (each,) = screen(cal(cover("F465", at4=POA, **ABOUT_POE), own), workers=1).books.spending
    assert (each.target, each.support_oppose, each.jurisdiction) == ("Vale, Robin", "support", None)


def test_the_target_of_form_496_may_be_a_measure(cal):
    about = {"at60": "Measure A", "at63": "", "at69": "S"}
    (each,) = screen(cal(cover("F496", at4=POA, **about), spent_496()), workers=1).books.spending
    assert (each.target, each.prosecutor, each.support_oppose) == ("Measure A", None, "support")


def test_a_line_that_is_not_a_record_is_rejected_with_its_text(cal):
    found = screen(cal(cover(), gift("A", "500.00"), "and a line of words"), workers=1)
    assert [(each["row"], each["text"]) for each in found.rejects.to_dict("records")] == [(4, "and a line of words")]


@pytest.mark.parametrize(
    ("lines", "error", "said"),
    [
        ([gift("A", "500.00")], FilingError, "has no cover page"),
        ([cover("F625")], NoContributionsError, "form F625: contributions received stand on lines RCPT"),
    ],
    ids=["no cover", "no receipts"],
)
def test_a_file_that_cannot_be_screened_says_why(cal, lines, error, said):
    with pytest.raises(error) as caught:
        screen(cal(*lines), workers=1)
    assert said in str(caught.value)


def test_another_version_is_refused(tmp_path):
    path = tmp_path / "old.cal"
    path.write_text(f"HDR,CAL,1.05.02,ISP\n{cover()}\n{gift('A', '5.00')}\n")
    with pytest.raises(FilingError, match="is not known, only version 2"):
        screen(path)
