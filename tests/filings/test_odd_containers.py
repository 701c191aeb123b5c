"""Filings that are no table of text: electronic FEC filings, JSON, web pages."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import sys
import zipfile
from datetime import date

import pytest

import unionscreen
from unionscreen.errors import FilingError, NoContributionsError
from unionscreen.filings import open_filing
from unionscreen.filings.files import fec, sources
from unionscreen.filings.files import records as module

HEADER = "HDR\x1cFEC\x1c8.3\x1cX\x1c1\x1c{amends}\x1c{number}\x1c\nF3XN\x1cC00900001\x1cRoe PAC\x1c\n"


def line(version, separator, *, kind="contribution", **cells):
    columns = fec.columns_of(version, kind)
    fields = [""] * (max(columns.values()) + 1)
    fields[1] = "C00900001"
    for name, value in cells.items():
        fields[columns[name]] = value
    return separator.join(fields) + "\n"


EVERY_VERSION = pytest.mark.parametrize(
    ("version", "separator"),
    [(v, ",") for v in ("1.0", "2.02", "3.00", "5.0", "5.1", "5.3")]
    + [(v, "\x1c") for v in ("6.1", "6.3", "6.4", "7.0", "8.0", "8.3", "8.5", "180.5")]
    + [("P1.0", ","), ("P2.4", ","), ("P2.6", ","), ("P3.4", ",")],
)


@EVERY_VERSION
def test_schedule_a_is_read_in_every_version(version, separator, read_text):
    columns = fec.columns_of(version)
    name = {"organization": "Springfield POA"} if "organization" in columns else {"name": "Springfield POA"}
    cells = name | {"line": "SA11C", "city": "Springfield", "state": "OR", "date": "20220304", "amount": "1000.05"}
    text = separator.join(["HDR", "FEC", version, "X", "1", "", "", ""]) + "\n"
    text += separator.join(["F3N", "C00900001", "Roe for Congress"]) + "\n" + line(version, separator, **cells)
    got = read_text(text, "1234.fec")
    (row,) = got.rows
    assert got.filing.format.id == "fec-electronic"
    assert (row["contributor"], row["amount_cents"], row["date"]) == ("Springfield POA", 100005, date(2022, 3, 4))
    assert (row["city"], row["state"], row["recipient"]) == ("Springfield", "OR", "Roe for Congress")
    assert (row["row"], row["filing_id"], row["kind"]) == (3, "1234", "monetary")


@pytest.mark.parametrize("end", ["\r", "\r\n"], ids=["cr", "crlf"])
def test_a_fec_filing_with_other_line_ends_is_the_same(end, samples, tmp_path, whole):
    sample = samples / "fec-electronic.fec"
    path = tmp_path / sample.name
    path.write_bytes(sample.read_bytes().replace(b"\n", end.encode()))
    (expected,), (found,) = open_filing(sample), open_filing(path)
    names = ("row", "contributor", "recipient", "amount_cents", "kind")
    rows = [[[row[name] for name in names] for row in whole(each).rows] for each in (found, expected)]
    assert rows[0] == rows[1] != []
    assert found.notes == expected.notes


@EVERY_VERSION
@pytest.mark.parametrize(("form", "number"), [("F3N", "SB20C"), ("F3XA", "SB28C"), ("F3PT", "SB28C")])
def test_a_contribution_given_back_is_negative_in_every_version(version, separator, form, number, read_text):
    columns = fec.columns_of(version, "refund")
    name = {"organization": "Springfield POA"} if "organization" in columns else {"name": "Springfield POA"}
    cells = name | {"city": "Springfield", "state": "OR", "date": "20220304", "amount": "1000.05"}
    text = separator.join(["HDR", "FEC", version, "X", "1", "", "", ""]) + "\n"
    text += separator.join([form, "C00900001", "Roe for Congress"]) + "\n"
    text += line(version, separator, kind="refund", line=number, **cells)
    text += line(version, separator, kind="refund", line="SB21B", **cells)  # what it spent
    (row,) = read_text(text, "1234.fec").rows
    assert (row["contributor"], row["amount_cents"], row["date"]) == ("Springfield POA", -100005, date(2022, 3, 4))
    assert (row["city"], row["state"], row["row"], row["kind"]) == ("Springfield", "OR", 3, "monetary")


@EVERY_VERSION
@pytest.mark.parametrize(("form", "number", "late"), [("F6N", "F65", True), ("F5N", "F56", False)])
def test_notices_within_48_hours_and_gifts_to_spenders_are_read(version, separator, form, number, late, read_text):
    columns = fec.columns_of(version, "notice")
    name = {"organization": "Springfield POA"} if "organization" in columns else {"name": "Springfield POA"}
    cells = name | {"city": "Springfield", "state": "OR", "date": "20220304", "amount": "1000.05"}
    text = separator.join(["HDR", "FEC", version, "X", "1", "", "", ""]) + "\n"
    text += separator.join([form, "C00900001", "Roe for Congress"]) + "\n"
    text += line(version, separator, kind="notice", line=number, **cells)
    (row,) = read_text(text, "1234.fec").rows
    assert (row["contributor"], row["amount_cents"], row["date"]) == ("Springfield POA", 100005, date(2022, 3, 4))
    assert (row["city"], row["state"], row["row"], row["kind"]) == ("Springfield", "OR", 3, "monetary")


def test_a_notice_within_48_hours_counts_once_beside_the_report_that_repeats_it(tmp_path):
    start = "HDR\x1cFEC\x1c8.3\x1cX\x1c1\x1c\x1c\x1c\n{form}\x1cC00900001\x1cRoe for Congress\x1c\n"
    gift = {"organization": "Springfield POA", "date": "20220304", "amount": "1000"}
    notice = line("8.3", "\x1c", kind="notice", line="F65", transaction_id="A1", **gift)
    notice += line("8.3", "\x1c", kind="notice", line="F65", transaction_id="A2", **gift | {"amount": "250"})
    (tmp_path / "1.fec").write_text(start.format(form="F6N") + notice)
    again = line("8.3", "\x1c", line="SA11C", transaction_id="B9", **gift)
    (tmp_path / "2.fec").write_text(start.format(form="F3N") + again)
    (alone,) = unionscreen.screen(tmp_path / "1.fec", recipients="all").prosecutors
    (both,) = unionscreen.screen([tmp_path / "1.fec", tmp_path / "2.fec"], recipients="all").prosecutors
    assert (alone.raised, both.raised) == (1250_00, 1250_00)


@pytest.mark.parametrize("before", ["\ufeff", "\n\n", "  ", "\ufeff\n \n"])
def test_a_byte_order_mark_or_blanks_before_the_header_hide_no_filing(before, read_text):
    text = (
        before + HEADER.format(amends="", number="") + line("8.3", "\x1c", line="SA11C", organization="A", amount="5")
    )
    got = read_text(text, "1.fec")
    assert got.filing.format.id == "fec-electronic"
    assert (got.row_numbers, got.values("recipient")) == ([3 + before.count("\n")], ["Roe PAC"])


@pytest.mark.parametrize(
    ("form", "what"),
    [("F99", "a letter of text"), ("F6N", "without any"), ("F24N", "independent spending"), ("F9N", "lines F92"),
     ("F3LN", "lobbyists bundled"), ("F1A", "the registration of a committee"), ("F4N", "no line of contributions")],
)  # fmt: skip
def test_a_filing_without_contributions_is_called_what_it_is(form, what, tmp_path):
    path = tmp_path / "1.fec"
    path.write_text(f"HDR\x1cFEC\x1c8.3\x1cX\x1c1\n{form}\x1cC00900001\x1cRoe for Congress\x1c\nTEXT\x1cC00900001\n")
    with pytest.raises(NoContributionsError) as raised:
        open_filing(path)
    assert what in str(raised.value.hint)


def test_gifts_on_lines_that_are_not_read_are_named(read_text):
    text = HEADER.format(amends="", number="") + line("8.3", "\x1c", line="SA11C", organization="A", amount="5")
    got = read_text(text + "SL1A\x1cC00900001\n", "1.fec")
    assert "lines SL are not read: Levin funds of a party" in got.filing.notes
    assert got.row_numbers == [3]


def test_line_20_is_a_refund_on_form_3_only_and_a_refund_taken_back_is_money_again(read_text):
    cells = {"kind": "refund", "organization": "Springfield POA"}
    text = HEADER.format(amends="", number="") + line("8.3", "\x1c", line="SB20A", amount="7", **cells)
    text += line("8.3", "\x1c", line="SB28A", amount="-5", memo="X", **cells)
    got = read_text(text, "1.fec")
    assert (got.row_numbers, got.values("amount_cents"), got.values("memo")) == ([4], [5_00], [True])


def test_names_with_carets_are_put_into_their_parts(read_text):
    text = '"HDR","FEC","3.00","X","1","^","",""\n"F3N","C00900001","Roe for Congress"\n'
    text += line("3.00", ",", line="SA11AI", name="Marshall^Ann^Ms^Jr", amount="5")
    assert read_text(text, "1.fec").values("contributor") == ["Marshall Jr, Ann"]


def test_the_oldest_filings_begin_with_a_block_of_comments(read_text):
    text = "/* Header\nFEC_Ver_# = 2.02\nSchedule_Counts:\nSA11A1 = 00001\n/* End Header\n"
    text += 'F3XA,C00900001,"Roe, Inc. PAC"\n' + line("2.02", ",", line="SA11A1", name="Doe^Lee", amount="5")
    got = read_text(text, "13.fec")
    assert got.values("recipient") == ["Roe, Inc. PAC"]
    assert got.row_numbers == [7]


def test_an_amendment_names_the_filing_it_replaces(read_text):
    cells = {"line": "SA11C", "organization": "Springfield POA", "amount": "5"}
    first = read_text(HEADER.format(amends="", number="") + line("8.3", "\x1c", **cells), "77.fec")
    again = read_text(HEADER.format(amends="FEC-77", number="1") + line("8.3", "\x1c", **cells), "99.fec")
    assert (first.values("filing_id"), first.values("amendment")) == (["77"], ["0"])
    assert (again.values("filing_id"), again.values("amendment")) == (["77"], ["1"])


def test_other_schedules_and_texts_are_no_contributions(read_text):
    text = HEADER.format(amends="", number="") + "SB21B\x1cC00900001\x1c\n[BEGINTEXT]\nSome text\n[ENDTEXT]\n"
    got = read_text(text + line("8.3", "\x1c", line="SA11C", organization="A", amount="5"), "1.fec")
    assert got.row_numbers == [7]
    assert not got.rejects


def test_one_latin_1_byte_in_a_filing_costs_no_row(read_text):
    good = line("8.3", "\x1c", line="SA11AI", last="Pe\u00f1a", amount="5")
    data = HEADER.format(amends="", number="").encode() + good.encode("latin-1") + good.encode("utf-8")
    assert read_text(data, "1.fec").values("contributor") == ["Pe\u00f1a", "Pe\u00f1a"]


FILING = HEADER.format(amends="", number="") + line("8.3", "\x1c", line="SA11C", organization="A", amount="5") * 300


def zipped(data, path):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("77.fec", data)


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("a.zip", zipped),
        ("77.fec.gz", lambda data, path: path.write_bytes(gzip.compress(data))),
        ("77.fec", lambda data, path: path.write_bytes(data)),
    ],
    ids=["zip", "gz", "plain"],
)
def test_a_packed_filing_is_read_like_a_plain_one(name, write, tmp_path, whole):
    write(FILING.encode(), tmp_path / name)
    (filing,) = open_filing(tmp_path / name)
    got = whole(filing)
    assert got.row_numbers == list(range(3, 303))
    assert set(got.values("filing_id")) == {"77"}


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gz"])
@pytest.mark.parametrize("head", [500, sources.HEAD_BYTES], ids=["head", "whole"])
def test_a_filing_on_standard_input_is_read_and_hashed(pack, head, monkeypatch, whole):
    monkeypatch.setattr(sources, "HEAD_BYTES", head)
    data = pack(FILING.encode())
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    (filing,) = open_filing("-")
    assert whole(filing).row_numbers == list(range(3, 303))
    assert filing.sha256() == hashlib.sha256(data).hexdigest()


def test_lines_of_a_filing_are_the_same_wherever_its_pieces_end(monkeypatch, read_text):
    monkeypatch.setattr(fec, "_PIECE", 7)
    assert read_text(FILING.removesuffix("\n"), "77.fec").row_numbers == list(range(3, 303))


def test_a_file_without_lines_is_no_filing(monkeypatch, read_text):
    monkeypatch.setattr(fec, "_MAX_LINE", 1 << 10)
    with pytest.raises(FilingError, match="not an FEC filing"):
        read_text("HDR\x1cFEC\x1c8.3" + " " * 2_000_000, "77.fec")


@pytest.mark.parametrize(("dirt", "read"), [("a\rb", True), ("x" * 200_000, False)], ids=["a lone CR", "a long field"])
def test_dirt_in_a_row_with_commas_costs_that_row_at_most(dirt, read, read_text):
    text = '"HDR","FEC","3.00","X","1","^","",""\n"F3N","C00900001","Roe for Congress"\n'
    rows = [line("3.00", ",", line="SA11AI", name=name, amount="5") for name in ("Doe^Ann", dirt, "Doe^Lee")]
    got = read_text(text + "".join(rows), "1.fec")
    assert got.row_numbers == ([3, 4, 5] if read else [3, 5])
    assert [each["row"] for each in got.rejects] == ([] if read else [4])


@pytest.fixture
def gifts(samples):
    """The rows of a sample as an API gives them: empty keys left out, an amount as a number."""
    header, *rows = [
        each.split(",") for each in (samples / "ca-netfile-api-json.csv").read_text().replace("EXP", "INC").splitlines()
    ]
    keys = ("transactionId", "filerName", "fppcId", "date", "contributorLastName", "reportThruDate")
    return [
        {key: value for key, value in zip(header, row, strict=False) if key in keys and value} | {"amount": 10.5 + i}
        for i, row in enumerate(rows)
    ]


@pytest.mark.parametrize(
    "written",
    [
        lambda gifts: json.dumps(gifts),
        lambda gifts: json.dumps(gifts, indent=1),
        lambda gifts: "\n".join(json.dumps(each) for each in gifts),
        lambda gifts: json.dumps({"results": gifts, "totalMatchingCount": len(gifts)}),
        lambda gifts: "\ufeff" + json.dumps(gifts),
    ],
    ids=["array", "indented", "lines", "wrapped", "marked"],
)
def test_json_is_read_and_a_row_s_number_is_its_record_s(written, gifts, read_text):
    got = read_text(written(gifts), "schedule-a.json")
    assert got.filing.format.id == "ca-netfile-api-json"
    assert got.row_numbers == [1, 2, 3, 4]
    assert got.values("amount_cents") == [1050, 1150, 1250, 1350]


def test_the_name_of_a_file_may_say_that_all_in_it_is_in_kind(gifts, read_text):
    assert set(read_text(json.dumps(gifts), "schedule-c-2018.json").values("kind")) == {"in-kind"}


def test_long_json_is_read_piece_by_piece(gifts, read_text):
    many = [gifts[0] | {"transactionId": str(i), "description": "x" * 500} for i in range(5_000)]
    got = read_text(json.dumps(many), "schedule-a.json")
    assert got.row_numbers == list(range(1, 5_001))


def records(names, **more):
    return [{"Donor": name, "Recipient": "Roe", "Amount": 5} | more for name in names]


MEMOS = [{"text": "thanks"}, {"text": "again"}]
SPLITS = [{"Donor": "Other", "Recipient": "Other", "Amount": 99}]
UNNAMED = [{"a": "Doe", "b": 5, "c": [{"d": "x"}]}, {"a": "Lee", "b": 6}]


@pytest.mark.parametrize(
    "written",
    [
        "\n".join(json.dumps({"results": records(names), "total": 3, "page": 1}) for names in ("AB", "C", "")),
        json.dumps([{"results": records(names), "total": 3} for names in ("AB", "C")]),
        json.dumps(records("AB")) + json.dumps(records("C")),
        json.dumps(records("A", memos=MEMOS) + records("BC")),
        json.dumps(records("ABC", splits=SPLITS)),
        "\n".join(json.dumps(each) for each in records("A", splits=SPLITS) + records("BC")),
    ],
    ids=["pages", "list of pages", "lists", "memos", "splits", "splits in lines"],
)
def test_pages_are_opened_and_records_with_lists_stay_records(written, read_text):
    got = read_text(written, "a.json")
    assert got.values("contributor") == ["A", "B", "C"]
    assert got.rows_read == 3


def test_members_of_a_list_are_records_whatever_their_keys(read_text):
    options = {"mapping": {"contributor": "a", "amount": "b"}, "recipient": "Roe"}
    assert read_text(json.dumps(UNNAMED), "a.json", **options).values("contributor") == ["Doe", "Lee"]
    page = json.dumps({"c": [{"a": "Doe", "b": 5}]})
    assert read_text(page, "a.json", **options).values("contributor") == ["Doe"]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (json.dumps(records("A")[0]) + json.dumps({"results": records("B")}), "some are pages"),
        (json.dumps({"results": records("B")}) + json.dumps(records("A")[0]), "some are pages"),
        (json.dumps({"results": records("B")}) + json.dumps({"results": {}}), "some are pages"),
        (json.dumps({"results": [*records("B"), 5]}), "not a list of records"),
        (json.dumps(records("AB"))[:-1], "cut off after record 2: its list is not closed"),
        (json.dumps(records("AB")) + "]", "not valid JSON after record 2"),
        (json.dumps(records("A"))[:-1] + ', {"Donor": ' + "[" * 100_000, "record 2 is nested too deeply"),
    ],
    ids=["record, page", "page, record", "page, other", "page of others", "no end", "two ends", "deep"],
)
def test_json_that_cannot_be_understood_is_an_error_not_fewer_rows(written, said, read_text):
    with pytest.raises(FilingError, match=said) as caught:
        read_text(written, "a.json")
    assert caught.value.hint
    assert caught.value.row


def test_a_number_of_too_many_digits_costs_its_row_only(read_text):
    text = json.dumps(records("AB")).replace("5", "9" * 5_000, 1)
    got = read_text(text, "a.json")
    assert got.values("contributor") == ["B"]
    assert [each["row"] for each in got.rejects] == [1]


def test_a_key_that_only_later_records_have_is_never_lost(monkeypatch, read_text):
    monkeypatch.setattr(module, "_HEAD_RECORDS", 2)
    many = records("AB") + records("C", Other="x") + records("D", **{"Donor Organization": ""})
    assert read_text(json.dumps(many), "a.json").values("contributor") == ["A", "B", "C", "D"]
    many += [{"Donor Organization": "Springfield POA", "Recipient": "Roe", "Amount": 5}]
    with pytest.raises(FilingError, match="record 5 has the key 'Donor Organization'"):
        read_text(json.dumps(many), "a.json")


def test_a_record_without_any_key_of_a_contribution_is_a_reject(monkeypatch, read_text):
    monkeypatch.setattr(module, "_HEAD_RECORDS", 2)
    got = read_text(json.dumps([*records("AB"), {"error": "too many requests"}, {}]), "a.json")
    assert [(each["row"], each["text"]) for each in got.rejects] == [(3, '"{""error"": ""too many requests""}"')]
    assert got.rows_read == 3


def test_json_in_latin_1_keeps_its_names(read_text):
    text = json.dumps(records(["PE\u00d1A"]), ensure_ascii=False)
    assert read_text(text.encode("latin-1"), "a.json").values("contributor") == ["PE\u00d1A"]


def test_nested_values_and_line_breaks_of_json_stay_in_their_cell(read_text):
    text = json.dumps([{"donor": "A\nB", "recipient": "Roe", "amount": "5", "more": {"x": [1]}, "ok": True}] * 2)
    assert read_text(text, "a.json").values("contributor") == ["A B", "A B"]


def test_a_cell_over_several_rows_stands_in_each_and_is_said(tmp_path, whole):
    path = tmp_path / "page.xls"
    path.write_text(
        "<table><tr><td>Recipient<td>Donor<td>City<td>Amount"
        "<tr><td rowspan=2>Roe<td>Doe<td rowspan=3>Salem<td>5"
        "<tr><td>Lee<td>7"
        "<tr><td>Poe<td>Kim<td>9"
        "<tr><td>Poe<td>Ash<td>Bend<td>11</table>"
    )
    (filing,) = open_filing(path)
    got = whole(filing)
    assert got.values("recipient") == ["Roe", "Roe", "Poe", "Poe"]
    assert got.values("contributor") == ["Doe", "Lee", "Kim", "Ash"]
    assert got.values("city") == ["Salem", "Salem", "Salem", "Bend"]
    assert got.values("amount_cents") == [500, 700, 900, 1100]
    assert any("cells over several rows" in note for note in filing.notes)


@pytest.mark.parametrize(("end", "cut_off"), [("", True), ("</table>", False)], ids=["cut off", "whole"])
def test_a_page_that_ends_within_a_table_says_so_and_loses_no_cell(end, cut_off, tmp_path, whole):
    path = tmp_path / "page.html"
    path.write_text("<table><tr><td>Donor<td>Recipient<td>Amount<tr><td>Doe<td>Roe<td>5" + end)
    (filing,) = open_filing(path)
    assert whole(filing).values("amount_cents") == [500]
    assert (f"{path} ends within a table: did the download finish?" in filing.notes) == cut_off


@pytest.mark.parametrize("span", ["\u00b2", "9" * 5_000, "99999999999", "-1"], ids=["power", "digits", "wide", "minus"])
def test_a_span_of_no_columns_is_one(span, tmp_path, whole):
    path = tmp_path / "page.html"
    path.write_text(f"<table><tr><td colspan={span}>Donor<td>Recipient<td>Amount<tr><td>Doe<td>Roe<td>5</table>")
    (filing,) = open_filing(path)
    assert whole(filing).values("contributor") == ["Doe"]


def test_a_page_with_several_tables_gives_the_one_of_contributions(tmp_path, samples, whole):
    table = (samples / "mo-mec-search.xls").read_text()
    path = tmp_path / "page.xls"
    path.write_text(f"<html><table><tr><td>Search again</td></tr></table>{table}</html>")
    (filing,) = open_filing(path)
    assert filing.source == f"{path}#table 2"
    assert whole(filing).values("amount_cents") == [100000, 25055, 30000]
    assert any(note.startswith(f"{path}: not read: table 1") for note in filing.notes)
