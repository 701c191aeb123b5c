"""PDF filings: every row to the cent of the form's own lines, or a refusal that says why."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from decimal import Decimal

import pypdfium2
import pytest

import unionscreen
from fuzz import forms as forms_damage
from pdf_forms import COH_GIFTS, F_ROWS, FORMS, GIFTS, Gift, coh, fppc, money, schedule_f
from unionscreen.errors import FilingError, MappingError, NoContributionsError, UnknownFormatError
from unionscreen.filings import open_filing
from unionscreen.filings.converting import CONVERTED_COLUMNS, Converted
from unionscreen.filings.pdf.forms import forms
from unionscreen.filings.pdf.report import read_report
from unionscreen.pdfreader import extract

every_form = pytest.mark.parametrize("form", FORMS)


@pytest.fixture
def put(tmp_path):
    def write(data: bytes, name: str = "filing.pdf"):
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return write


def rows_of(report):
    return Counter((row.section, row.kind, row.date, row.name, row.cents) for row in report.rows)


@every_form
def test_every_row_is_read_and_adds_up_to_the_forms_line(form, put):
    drawn, how = FORMS[form]()
    report = read_report(put(drawn.pdf(**how)))
    assert report.problems == []
    expected = {
        "coh": [(name, amount) for _, name, amount in COH_GIFTS],
        "schedule-f": [(" ".join(name), amount) for _, name, amount in F_ROWS],
    }.get(form) or [(" ".join(gift.name), amount) for gift in GIFTS for amount in gift.amount.split()]
    assert [(row.name, money(row.cents)) for row in report.rows] == expected
    assert all(re.fullmatch(r"2026-\d\d-\d\d", row.date) for row in report.rows)


def test_what_stands_beside_the_amounts_is_read_too(put):
    report = read_report(put(fppc().pdf()))
    assert [row.type for row in report.rows] == ["IND", "COM", "COM", "OTH", "OTH", "IND", "SCC"]
    assert (report.rows[0].occupation, report.rows[0].employer) == ("Attorney", "Marshall & Wu")
    assert (report.rows[0].city, report.rows[0].state) == ("Springfield", "CA")
    assert report.facts["filer"] == "Roe for District Attorney 2026"
    assert (report.facts["from"], report.facts["to"]) == ("2026-01-01", "2026-05-16")
    assert report.notes == ["not in the file: Schedule I, Schedule D"]


def test_a_row_that_lost_its_name_is_not_a_gift_of_the_address(put):
    path = put(fppc([Gift("1/5/2026", (), "$250.00"), Gift("2/11/2026", ("Roe, Al",), "$5,000.00")]).pdf())
    with pytest.raises(FilingError, match=r"no name next to the amount \$250\.00"):
        unionscreen.screen(path)


def test_the_period_of_the_form_is_the_period_of_the_report(put):
    (periods,) = unionscreen.screen(put(fppc().pdf())).periods
    assert [str(each) for each in periods.periods] == ["2026-01-01 to 2026-05-16"]


def test_a_filing_is_screened_with_the_page_and_the_line_as_its_source(put):
    path = put(fppc(GIFTS).pdf())
    screening = unionscreen.screen(path, recipients="all")
    (entry,) = screening.prosecutors
    assert (entry.contributions, entry.raised) == (7, sum(row.cents for row in read_report(path).rows))
    (flag,) = entry.flags
    assert flag.contributor == "Springfield Police Officers Association PAC"
    assert flag.source == f"{path}#2"
    line = flag.row
    assert any(row.line == line and row.page == 2 for row in read_report(path).rows)


def test_a_name_that_goes_on_with_a_number_is_not_cut(put):
    gifts = [Gift("1/5/2026", ("Deputy Sheriffs Lodge No.", "14 Legal Fund"), "$10.00")]
    (row,) = read_report(put(fppc(gifts).pdf())).rows
    assert row.name == "Deputy Sheriffs Lodge No. 14 Legal Fund"


def test_rows_of_a_scan_are_marked_and_their_dates_outside_the_period_listed(put):
    gifts = [*GIFTS[:2], Gift("9/14/2026", ("Doe, Jo",), "$100.00")]
    report = read_report(put(fppc(gifts, 2016).pdf(hidden=True)))
    assert report.problems == []
    assert [row.ocr for row in report.rows] == [True] * 3
    assert {row[-1] for row in Converted(report.source).rows()} == {"OCR: check the name"}
    assert any("1 date lies outside the period" in note and "(2026-09-14)" in note for note in report.notes)
    assert any("3 of 3 rows were read by OCR: check the names" in note for note in report.notes)


MISREAD = [Gift("2/11/2026", ("Oakland Pol ice Offi cers", "Association PAC"), "$5,000.00", "COM"), *GIFTS[:2]]


def test_flags_of_a_scan_are_marked_in_every_output_and_slips_of_ocr_are_undone(put, tmp_path, cli):
    path = put(fppc(MISREAD, 2016).pdf(hidden=True))
    (entry,) = unionscreen.screen(path, recipients="all").prosecutors
    assert {flag.note for flag in entry.flags} == {"OCR: check the name"}
    first = next(flag for flag in entry.flags if "Pol ice" in flag.contributor)
    assert first.union_id == "us-ca-oakland-police-officers-association"
    assert '"Pol ice" may be police, "Offi cers" may be officers' in first.why
    for suffix in ("csv", "json", "html", "md", "xlsx", "jsonl"):
        out = tmp_path / f"out.{suffix}"
        assert cli("screen", path, "--recipients", "all", "--out", out, "--quiet").exit_code == 0
        if suffix != "xlsx":
            assert "OCR: check the name" in out.read_text("utf-8")
    assert "OCR: check the name" in cli("screen", path, "--recipients", "all", "--quiet").stdout
    rows = list(csv.DictReader((tmp_path / "out.csv").read_text().splitlines()))
    assert {row["note"] for row in rows} == {"OCR: check the name"}


def test_the_same_words_as_text_of_a_form_are_not_corrected(put):
    screening = unionscreen.screen(put(fppc(MISREAD, 2016).pdf()), recipients="all")
    assert [(flag.contributor, flag.note) for flag in screening.prosecutors[0].flags] == [
        ("Springfield Police Officers Association PAC", None)
    ]


def test_every_page_is_an_input_with_its_kind_of_text_and_its_section(put):
    path = put(fppc().pdf(images=[5]))
    manifest = unionscreen.screen(path, recipients="all").manifest
    assert [(each["path"].removeprefix(str(path)), each["text"], each["section"], each["rows_read"])
            for each in manifest["inputs"]] == [
        ("#1", "text", "summary", 0), ("#2", "text", "Schedule A", 5), ("#3", "text", "Schedule A", 2),
        ("#4", "text", "Schedule C", 0), ("#5", "none", "unknown", 0),
    ]  # fmt: skip
    assert manifest["rows_read"] == 7
    assert len({each["sha256"] for each in manifest["inputs"]}) == 1
    scan = unionscreen.screen(put(fppc(edition=2016).pdf(hidden=True)), recipients="all").manifest["inputs"]
    assert {each["text"] for each in scan} == {"OCR"}


@pytest.mark.parametrize(
    ("drawn", "said"),
    [
        (lambda: fppc(itemized=1), "the form says $0.01"),
        (lambda: coh(total=1_000_00), "too much"),
        (lambda: schedule_f(count=4), "the form counts 4 transactions, and 3 were read"),
        (lambda: schedule_f(total=1), "the form says $0.01"),
        (lambda: fppc(nonmonetary=27126), "Schedule C is not in the file, and Summary Page, Line 4 says $271.26"),
    ],
)
def test_a_form_that_does_not_agree_with_itself_is_refused(drawn, said, put):
    with pytest.raises(FilingError, match=re.escape(said)) as caught:
        open_filing(put(drawn().pdf()), recipient="Roe")
    assert "Nothing was screened" in str(caught.value)


def test_loans_on_a_schedule_that_is_not_read_are_said(put):
    report = read_report(put(fppc(loans=2_500_00).pdf()))
    assert report.problems == []
    assert any("$2,500.00: that schedule is not read and not counted" in note for note in report.notes)


def test_a_subtotal_says_which_page_is_wrong(put):
    drawn = fppc()
    page = drawn.pages[2]
    at = next(i for i, each in enumerate(page) if each[2:] == ("$9,000.00",))
    page[at] = (*page[at][:2], "$8,000.00")
    assert any(
        "page 3 adds up to $8,100.00, and its own subtotal is $9,100.00" in each
        for each in read_report(put(drawn.pdf())).problems
    )


def test_an_amount_without_a_date_refuses(put):
    drawn = fppc()
    drawn.pages[1] = [each for each in drawn.pages[1] if each[2:] != ("1/5/2026",)]
    assert any("does not belong to a row with a date" in each for each in read_report(put(drawn.pdf())).problems)


def test_the_difference_is_accepted_when_asked_and_leads(put):
    path = put(fppc(itemized=9_999_99).pdf())
    screening = unionscreen.screen(path, recipients="all", accept_difference=True)
    assert "DIFFERENCE ACCEPTED: Schedule A: rows read: 7" in screening.notes[0]
    assert screening.prosecutors[0].contributions == 7


def test_every_output_leads_with_an_accepted_difference(put, tmp_path, cli):
    path = put(fppc(itemized=9_999_99).pdf())
    said = f"{path}: DIFFERENCE ACCEPTED: Schedule A: rows read: 7"
    options = ("--recipients", "all", "--accept-difference", "--quiet")
    shown = cli("screen", path, *options).stdout
    assert "".join(shown.split()).startswith("".join(said.split()))  # in lines of 80 columns
    for suffix in ("md", "html", "json"):
        assert cli("screen", path, *options, "--out", tmp_path / f"out.{suffix}").exit_code == 0
    text = (tmp_path / "out.md").read_text()
    assert text.index("DIFFERENCE ACCEPTED") < text.index("What was read")
    text = (tmp_path / "out.html").read_text()
    assert text.index("DIFFERENCE ACCEPTED") < text.index("Headline figures")
    saved = json.loads((tmp_path / "out.json").read_text())
    assert next(iter(saved["manifest"])) == "differences"
    assert saved["manifest"]["differences"][0].startswith(said)
    assert saved["notes"][0].startswith(said)
    assert saved["prosecutors"][0]["flags"][0]["note"] == "its form does not add up"
    converted = cli("convert", path, "--accept-difference", "--quiet").stdout
    assert {row["note"] for row in csv.DictReader(io.StringIO(converted))} == {"its form does not add up"}


def test_a_batch_accepts_a_difference_and_leads_with_it(put, tmp_path, cli):
    folder = tmp_path / "all"
    (folder / "ca").mkdir(parents=True)
    put(fppc(itemized=9_999_99).pdf(), "all/ca/form.pdf")
    put(fppc().pdf(), "all/ca/whole.pdf")
    out = tmp_path / "out.csv"
    assert "could not be read" in cli("batch", folder, "--out", out).stderr
    done = cli("batch", folder, "--out", out, "--accept-difference")
    assert done.exit_code == 0
    (line,) = [line for line in done.stderr.splitlines() if "DIFFERENCE ACCEPTED: Schedule A: rows read: 7" in line]
    assert line.startswith("ca: ")
    rows = list(csv.DictReader((tmp_path / "out.flags.csv").read_text().splitlines()))
    assert {row["note"] for row in rows if "form.pdf" in row["source"]} == {"its form does not add up"}
    assert {row["note"] for row in rows if "whole.pdf" in row["source"]} == {""}
    config = tmp_path / "batch.toml"
    config.write_text('accept_difference = true\n[[screening]]\nname = "ca"\nfilings = "all/ca/form.pdf"\n')
    assert cli("batch", config, "--out", out).exit_code == 0


def test_a_page_that_is_a_picture_refuses_and_says_how_to_go_on(put):
    with pytest.raises(FilingError, match="page 3 of 5 has no text") as caught:
        open_filing(put(fppc().pdf(images=[3])))
    assert "ocrmypdf --skip-text" in caught.value.hint
    with pytest.raises(FilingError, match="5 of 5 pages are images without text"):
        open_filing(put(fppc().pdf(images=range(1, 6))))


def test_another_form_and_a_blank_one_are_refused(put):
    drawn = fppc([])
    drawn.pages = [[each for each in page if "$" not in str(each[2])] for page in drawn.pages]
    with pytest.raises(FilingError, match="this form is blank"):
        open_filing(put(drawn.pdf()))
    for page in drawn.pages:
        page[:] = [each for each in page if "Form 460" not in str(each[2])]
    with pytest.raises(UnknownFormatError, match="the form of this PDF is not known"):
        open_filing(put(drawn.pdf()))


def test_an_empty_report_says_so(put):
    with pytest.raises(NoContributionsError, match="itemizes no contributions"):
        open_filing(put(fppc([]).pdf()))


def test_payments_are_nothing_received_and_are_converted(put):
    path = put(schedule_f().pdf())
    with pytest.raises(FilingError, match="payments that the filer made"):
        open_filing(path)
    assert [row[5] for row in Converted(path).rows()] == [
        "FRIENDS OF JO ROE",
        "COMMITTEE TO ELECT MAX WU",
        "UNITEMIZED",
    ]


CASES = 108  # `make fuzz` does 300


@every_form
def test_a_damaged_form_is_read_exactly_or_refused(form):
    drawn, how = FORMS[form]()
    whole = forms_damage.form(form, drawn.pdf(**how))
    seen = forms_damage.damage(whole, CASES, seed=1)
    assert seen.wrong == []
    assert sum(seen.counts.values()) == CASES
    assert seen.counts["altered", "refused"] > CASES // 36
    assert seen.counts["swapped", "refused"] == CASES // 9


@every_form
def test_whole_columns_that_changed_places_refuse_on_one_page_too(form):
    """Also where the page before has the columns as the form has them, and a page without a header inherits them."""
    drawn, how = FORMS[form]()
    whole = forms_damage.form(form, drawn.pdf(**how))
    seen = forms_damage.damage(whole, 30, seed=3, kinds=["swapped"])
    assert {outcome for _, outcome in seen.counts} == {"refused"}


@pytest.mark.parametrize("header", ["DATE", "AMOUNT"])
def test_a_header_that_moved_refuses_though_the_sums_are_equal(header, put):
    drawn = fppc()
    at, word = next((i, each) for i, each in enumerate(drawn.pages[2]) if each[2:] == (header,))
    drawn.pages[2][at] = (word[0] + 150, *word[1:])
    said = "page 3: the headers of its columns are not where this form has them"
    assert said in read_report(put(drawn.pdf())).problems


def test_a_page_without_any_header_has_the_columns_of_the_page_before(put):
    drawn = fppc()
    drawn.pages[2] = [each for each in drawn.pages[2] if each[0] == "line" or not 446 < each[1] < 470]
    report = read_report(put(drawn.pdf()))
    assert (report.problems, len(report.rows)) == ([], 7)


def test_amounts_that_changed_places_on_a_page_are_noted_by_the_cumulative_totals(put):
    assert not any("cumulative" in note for note in read_report(put(fppc().pdf())).notes)
    drawn = fppc()
    page = drawn.pages[1]
    one, two = (next(i for i, each in enumerate(page) if each[2:] == (amount,) and each[0] < 590)
                for amount in ("$250.00", "$5,000.00"))  # fmt: skip
    page[one], page[two] = (*page[one][:2], "$5,000.00"), (*page[two][:2], "$250.00")
    report = read_report(put(drawn.pdf()))
    assert report.problems == []
    assert any(
        "1 amount is larger than the donor's cumulative total on the same line: page 2 line 13 ($5,000.00)" in note
        for note in report.notes
    )


def test_two_different_totals_of_one_schedule_refuse(put):
    """On one page, on the page of another summary, and on two pages of a schedule."""
    drawn = schedule_f()
    y = drawn.pages[0][-2][1]
    drawn.pages[0] += [(441, y + 9, "TOTAL"), (482, y + 9, "$1.00")]
    said = read_report(put(drawn.pdf())).problems
    assert "page 1: Schedule F has more than one total ($1.00, $3,544.00)" in said

    drawn = fppc()
    again = [each if each[2:] != ("$16,695.50",) else (*each[:2], "$16,600.50") for each in drawn.pages[0]]
    assert again != drawn.pages[0]
    drawn.pages.append(again)
    said = read_report(put(drawn.pdf())).problems
    assert any("Summary Page, Line 1 is in the file with different amounts: $16,600.50, $16,695.50" in x for x in said)

    drawn = fppc()
    drawn.pages[2] += [(x, y, text) for x, y, text in _summary(drawn) if text != "$95.00"]
    drawn.pages[2].append((505, 87, "$96.00"))
    said = read_report(put(drawn.pdf())).problems
    assert "page 3: the summary of Schedule A is there a second time with other amounts" in said


def _summary(drawn):
    return [each for each in drawn.pages[1] if each[0] != "line" and each[1] < 130 and each[0] < 510]


@every_form
def test_a_turned_page_is_read_all_the_same(form, put):
    drawn, how = FORMS[form]()
    report = read_report(put(drawn.pdf(**how, rotate=range(1, 9))))
    assert report.problems == []


def test_what_cannot_be_opened_says_why(put, monkeypatch):
    good = fppc().pdf()
    with pytest.raises(FilingError, match="this is a PDF that is damaged"):
        open_filing(put(b"%PDF-1.7\n1 0 obj\n" + b"x" * 400))
    with pytest.raises(FilingError, match=r"damaged|no form|no pages|images"):
        open_filing(put(good[: len(good) // 3]))
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, encrypt=StandardEncryption("secret"))
    canvas.drawString(100, 100, "text")
    canvas.save()
    with pytest.raises(FilingError, match="locked with a password"):
        open_filing(put(out.getvalue()))


def test_a_portfolio_names_the_files_in_it(put):
    held = pypdfium2.PdfDocument.new()
    held.new_page(600, 800)
    held.new_attachment("form460.pdf").set_data(fppc().pdf())
    out = io.BytesIO()
    held.save(out)
    with pytest.raises(UnknownFormatError, match=r"contains other files, which are not opened: form460\.pdf") as caught:
        open_filing(put(out.getvalue()))
    assert "save the attachments" in caught.value.hint


def test_the_recipient_is_given_where_the_form_does_not_name_the_filer(put, cli):
    path = put(fppc(filer="").pdf())
    with pytest.raises(FilingError, match="the name of the filer cannot be read") as caught:
        open_filing(path)
    assert "--recipient" in caught.value.hint
    given = "Jo Roe for District Attorney"
    (entry,) = unionscreen.screen(path, recipient=given).prosecutors
    assert (entry.recipients, entry.contributions) == ((given,), 7)
    assert {flag.recipient for flag in entry.flags} == {given}
    converted = csv.DictReader(io.StringIO(cli("convert", path, "--recipient", given, "--quiet").stdout))
    assert {row["recipient"] for row in converted} == {given}


def test_a_filer_that_the_form_names_is_kept_and_a_note_says_so(put):
    screening = unionscreen.screen(put(fppc().pdf()), recipient="Max Wu for District Attorney")
    assert screening.prosecutors[0].recipients == ("Roe for District Attorney 2026",)
    assert any("--recipient is not used: the form names the filer, Roe for" in note for note in screening.notes)


def test_a_pdf_is_read_by_its_form_and_by_no_other(put):
    path = put(fppc().pdf())
    for wrong in ({"filing_format": "tn-tncamp"}, {"mapping": {"amount": "Amount"}}):
        with pytest.raises(MappingError, match="a PDF is read by its form"):
            open_filing(path, **wrong)
    assert open_filing(path, filing_format="ca-fppc-460-2001")


def test_a_page_of_too_many_objects_and_too_many_pages_are_refused(put):
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out)
    for at in range(50_100):
        canvas.rect(at % 500, at // 100, 1, 1)
    canvas.save()
    with pytest.raises(FilingError, match="too large to read: a page holds"):
        open_filing(put(out.getvalue()))
    document = pypdfium2.PdfDocument.new()
    for _ in range(5_001):
        document.new_page(10, 10)
    out = io.BytesIO()
    document.save(out)
    with pytest.raises(FilingError, match="it has 5,001 pages"):
        open_filing(put(out.getvalue()))


@pytest.mark.parametrize("text", ["", " ", "a", " a b  cd\r\n ef ", "x\u2003y z", "\u00a0q\0w\ufffe", "a\tb\x1fc d"])
def test_words_are_split_at_blanks_of_every_kind(text):
    spans = [match.span() for match in extract._WORD.finditer(text)]
    words, begins, ends = extract._split(text)
    assert words == [text[begin:end] for begin, end in spans]
    assert [*zip(begins, ends, strict=True)] == [(begin, end - 1) for begin, end in spans]


def test_every_definition_is_whole():
    assert {form.format.id for form in forms()} == {
        "ca-fppc-460-2001", "ca-fppc-460-2016", "ny-boe-schedule-f", "tx-tec-coh-2012",
    }  # fmt: skip
    for form in forms():
        assert form.format.file_columns[0] == form.format.id
        for section in form.sections:
            assert {"date", "name", "amount"} <= {column.role for column in section.columns}
            assert section.summary is not None or "total" in section.totals


def test_convert_writes_the_rows_of_any_filing(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(
        'Date,Contributor,Amount,Recipient\n1/2/2026,"Acme, Inc.",5.00,Roe\n\nx,y,z,Roe\n3/2/2026,PBA,7.50,Roe\n'
    )
    converted = Converted(path)
    rows = [dict(zip(CONVERTED_COLUMNS, row, strict=True)) for row in converted.rows()]
    assert [(row["page"], row["line"], row["name"], Decimal(row["amount"])) for row in rows] == [
        ("", 2, "Acme, Inc.", Decimal("5.00")), ("", 5, "PBA", Decimal("7.50")),
    ]  # fmt: skip
    assert converted.rows_rejected == 1


def test_the_commands_write_and_tell(put, tmp_path, cli):
    path, out = put(fppc().pdf()), tmp_path / "rows.csv"
    done = cli("convert", str(path), "--out", str(out))
    assert done.exit_code == 0
    with out.open(newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert list(rows[0])[:7] == ["page", "line", "section", "kind", "date", "name", "amount"]
    assert len(rows) == 7
    done = cli("formats", "detect", str(path))
    assert done.exit_code == 0
    assert "form: FPPC Form 460 (June/01)" in done.stdout
    done = cli("screen", put(fppc(itemized=1).pdf(), "bad.pdf"), "--recipients", "all")
    assert (done.exit_code, done.stdout) == (3, "")
    assert "Nothing was screened" in done.stderr


def test_the_page_shows_the_strip_that_a_flag_came_from(put, tmp_path, cli):
    path, out = put(fppc().pdf()), tmp_path / "report.html"
    assert cli("screen", path, "--out", out, "--quiet").exit_code == 0
    pictures = re.findall(r'src="data:image/png;base64,([^"]+)"', out.read_text())
    assert len(pictures) == 1
    assert 500 < len(pictures[0]) * 3 / 4 <= 40_000
    assert cli("screen", path, "--out", out, "--quiet", "--no-strips").exit_code == 0
    assert "data:image/png" not in out.read_text()


def test_equal_gifts_on_two_pages_of_one_form_are_not_two_files(put):
    again = Gift("2/11/2026", ("Springfield Police Officers", "Association PAC"), "$5,000.00", "COM")
    screening = unionscreen.screen(put(fppc([*GIFTS, again]).pdf()), recipients="all")
    assert len(screening.prosecutors[0].flags) == 2
    assert not any("two files" in note for note in screening.notes)


def test_the_pages_of_a_pdf_are_one_file_to_the_reader(samples, cli):
    done = cli("screen", samples / "ca-fppc-460-2001.pdf", "--recipients", "all")
    assert "rows in 1 file." in " ".join(done.output.split())
