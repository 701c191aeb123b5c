from __future__ import annotations

import bz2
import csv
import gzip
import hashlib
import io
import json
import lzma
import os
import sys
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

import unionscreen
from unionscreen.errors import FilingError, MappingError, UnionScreenError, UnknownFormatError, UsageError
from unionscreen.filings import detect_format, open_filing, read_block
from unionscreen.filings.files import sources
from unionscreen.filings.rows import blocks

TEXT = "Donor,Recipient,Amount\n" + "".join(f'"DOE, {i}",Roe,{i}\n' for i in range(300))
NAMES = [f"DOE, {i}" for i in range(300)]


def zstd(data: bytes) -> bytes:
    out = pa.BufferOutputStream()
    with pa.CompressedOutputStream(out, "zstd") as stream:
        stream.write(data)
    return out.getvalue().to_pybytes()


PACKERS = {
    "gz": gzip.compress,
    "gz in two members": lambda data: gzip.compress(data[:999]) + gzip.compress(data[999:]),
    "zst": zstd,
    "bz2": bz2.compress,
    "xz": lzma.compress,
}


@pytest.fixture(params=[1 << 24, 500], ids=["one block", "small blocks"])
def block_size(request, monkeypatch):
    monkeypatch.setattr(blocks, "BLOCK_BYTES", request.param)
    return request.param


@pytest.mark.parametrize("pack", PACKERS.values(), ids=PACKERS)
@pytest.mark.usefixtures("block_size")
def test_packed_files_are_told_by_their_bytes_and_read(pack, read_text):
    data = pack(TEXT.encode())
    got = read_text(data, "filing.dat")
    assert got.values("contributor") == NAMES
    assert got.row_numbers == list(range(2, 302))
    assert got.filing.sha256() == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "utf-8"])
@pytest.mark.usefixtures("block_size")
def test_unicode_files_are_read(encoding, read_text):
    got = read_text(TEXT.replace("DOE", "PEÑA").encode(encoding))
    assert got.values("contributor") == [name.replace("DOE", "PEÑA") for name in NAMES]
    assert got.row_numbers == list(range(2, 302))
    assert got.encodings <= {"utf-8", "utf-16-le", "utf-16-be"}
    assert ("utf-16" in encoding) == all("utf-16" in used for used in got.encodings)


def test_a_packed_utf16_file_is_read(read_text):
    assert read_text(gzip.compress(TEXT.encode("utf-16"))).values("contributor") == NAMES


def test_half_a_character_at_the_end_costs_nothing(read_text):
    assert len(read_text(TEXT.encode("utf-16") + b"\n").rows) == 300


@pytest.mark.usefixtures("block_size")
def test_lines_that_end_in_a_bare_cr_are_lines(read_text):
    got = read_text(TEXT.replace("\n", "\r"))
    assert got.values("contributor") == NAMES
    assert got.row_numbers == list(range(2, 302))


JSON = json.dumps([{"Donor": name, "Recipient": "Roe", "Amount": "5", "x": "y" * 5_000} for name in NAMES]).encode()
STREAMS = {
    "plain": TEXT.encode(), "gz": gzip.compress(TEXT.encode()), "utf-16": TEXT.encode("utf-16"),
    "JSON": JSON, "JSON gz": gzip.compress(JSON), "JSON wrapped": b'{"results": ' + JSON + b"}",
}  # fmt: skip


@pytest.mark.parametrize("data", STREAMS.values(), ids=STREAMS)
@pytest.mark.usefixtures("block_size")
def test_standard_input_is_read_once_and_hashed(data, monkeypatch, whole):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    (filing,) = open_filing("-")
    got = whole(filing)
    assert got.values("contributor") == NAMES
    assert filing.source == "<stdin>"
    assert got.values("source") == ["<stdin>"] * 300
    assert filing.sha256() == hashlib.sha256(data).hexdigest()
    assert filing.path is None


PAGE = "<table><tr><td>Donor<td>Recipient<td>Amount"
PAGE += "".join(f"<tr><td>DOE, {i}<td>Roe<td>{i}" for i in range(300)) + "</table>"


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gz"])
def test_a_page_on_standard_input_is_read_beyond_what_is_looked_at(pack, monkeypatch, whole):
    monkeypatch.setattr(sources, "HEAD_BYTES", 500)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(pack(PAGE.encode()))))
    (filing,) = open_filing("-")
    assert whole(filing).values("contributor") == NAMES


def test_a_page_too_large_to_be_read_whole_is_an_error_not_fewer_rows(tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "MAX_SHEET_BYTES", 1 << 12)
    path = tmp_path / "page.html"
    path.write_text(PAGE)
    with pytest.raises(FilingError, match="too large to read whole"):
        open_filing(path)


def make_zip(path, members, **options):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def test_a_zip_gives_one_filing_per_member_that_is_one(tmp_path, whole):
    members = {
        "a/contributions.csv": TEXT, "README.txt": "Read me.\nNothing here.", "b.csv.gz": gzip.compress(TEXT.encode()),
        "layout.pdf": b"%PDF-1.4", "expenditures.csv": "Payee,Amount,Filer\na,5,b\n", "empty.csv": "",
        "__MACOSX/._a.csv": b"junk", "utf16.csv": TEXT.encode("utf-16"), "folder/": "",
    }  # fmt: skip
    path = make_zip(tmp_path / "all.zip", members)
    filings = open_filing(path, input_index=2)
    assert [f.source for f in filings] == [f"{path}!a/contributions.csv", f"{path}!b.csv.gz", f"{path}!utf16.csv"]
    assert all(whole(f).values("contributor") == NAMES for f in filings)
    assert {f.sha256() for f in filings} == {hashlib.sha256(path.read_bytes()).hexdigest()}
    assert {f.input_index for f in filings} == {2}
    (note,) = [note for note in filings[0].notes if note.startswith(f"{path}: not read:")]
    assert all(name in note for name in ("README.txt", "layout.pdf: this is a PDF", "expenditures", "empty.csv: empty"))
    assert "__MACOSX" not in note


def test_a_zip_without_a_filing_is_an_error(tmp_path):
    path = make_zip(tmp_path / "a.zip", {"a.txt": "hello", "b.pdf": b"%PDF"})
    with pytest.raises(FilingError, match=r"no contributions in .*: no member of it is a filing"):
        open_filing(path)


def test_a_zip_with_nothing_in_it_is_an_error(tmp_path):
    with pytest.raises(FilingError, match="no contributions in"):
        open_filing(make_zip(tmp_path / "a.zip", {}))


def test_a_zip_of_one_unclear_member_says_what_is_unclear(tmp_path):
    path = make_zip(tmp_path / "a.zip", {"a.csv": "Donor,Amount\nDoe,5\n", "b.txt": "x"})
    with pytest.raises(MappingError, match="--recipient"):
        open_filing(path)


@pytest.mark.parametrize("name", ["../evil.csv", "/etc/evil.csv", "a/../../evil.csv", "C:/evil.csv"])
def test_a_zip_member_outside_is_refused(name, tmp_path):
    with pytest.raises(FilingError, match="leads outside"):
        open_filing(make_zip(tmp_path / "a.zip", {name: TEXT}))


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "MAX_UNPACKED_BYTES", 100_000)
    path = make_zip(tmp_path / "a.zip", {"a.csv": TEXT + " " * 10_000_000})
    with pytest.raises(FilingError, match="zip bomb"):
        open_filing(path)


def test_a_packed_bomb_is_refused_while_it_unpacks(tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "MAX_UNPACKED_BYTES", 2_000_000)
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress((TEXT + "\n" * 10_000_000).encode()))
    (filing,) = open_filing(path)
    with pytest.raises(FilingError, match="zip bomb"):
        list(filing.tasks())


def test_what_packs_well_but_is_small_is_no_bomb(tmp_path, whole):
    path = make_zip(tmp_path / "a.zip", {"a.csv": "Donor,Recipient,Amount\n" + "Doe,Roe,5\n" * 100_000})
    (filing,) = open_filing(path)
    assert sum(read_block(task).num_rows for task in filing.tasks()) == 100_000


def test_a_truncated_download_is_an_error_not_fewer_rows(tmp_path):
    import random

    noise = "".join(f'"DOE, {random.Random(i).random()}",Roe,{i}\n' for i in range(40_000))  # noqa: S311
    data = gzip.compress(("Donor,Recipient,Amount\n" + noise).encode())
    path = tmp_path / "a.csv.gz"
    path.write_bytes(data[: len(data) * 9 // 10])
    (filing,) = open_filing(path)
    with pytest.raises(FilingError, match="damaged or cut off"):
        list(filing.tasks())


def with_byte(data, at, value):
    """Change a byte of the list of members."""
    at += data.index(b"PK\1\2")
    return data[:at] + bytes([value]) + data[at + 1 :]


# A name that says it is UTF-8 and is not, a version and a flag of no zip: at its own place and in the list at the end.
DAMAGES = {
    "cut off": lambda data: data[:-40],
    "name in the list": lambda data: b"\xe9a.csv".join(data.rsplit("\u00e9.csv".encode(), 1)),
    "name at its place": lambda data: data.replace("\u00e9.csv".encode(), b"\xe9a.csv", 1),
    "no name": lambda data: b"\0\0.csv".join(data.rsplit("\u00e9.csv".encode(), 1)),
    "version": lambda data: with_byte(data, 6, 0xFF),
    "flag": lambda data: with_byte(data, 8, 0x20),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_zip_is_an_error(damage, tmp_path):
    path = make_zip(tmp_path / "a.zip", {"\u00e9.csv": TEXT})
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(FilingError, match="damaged or cut off"):
        open_filing(path)


@pytest.mark.parametrize("method", [9, 98], ids=["Deflate64", "PPMd"])
def test_a_zip_packed_in_an_unsupported_way_is_not_only_called_damaged(method, tmp_path, whole):
    """Windows packs large files so, and 7-Zip does when asked to."""

    def packed(content):
        data = make_zip(tmp_path / "inner.zip", {"a.csv": content}).read_bytes()
        at = data.index(b"PK\3\4") + 8
        return with_byte(data[:at] + bytes([method]) + data[at + 1 :], 10, method)

    path = tmp_path / "a.zip"
    path.write_bytes(packed(TEXT))
    with pytest.raises(FilingError, match="packed in an unsupported way") as caught:
        open_filing(path)
    assert (caught.value.source, (caught.value.hint or "")[:9]) == (f"{path}!a.csv", "unpack it")
    (filing,) = open_filing(make_zip(path, {"a.csv": TEXT, "b.zip": packed(TEXT)}))
    assert len(whole(filing).rows) == 300
    assert [each for each in filing.unread if "packed in an unsupported way" in each.reason]


def test_a_damaged_zip_in_a_zip_is_said(tmp_path, whole):
    inner = make_zip(tmp_path / "inner.zip", {"\u00e9.csv": TEXT}).read_bytes()
    damaged = DAMAGES["name in the list"](inner)
    (filing,) = open_filing(make_zip(tmp_path / "a.zip", {"a.csv": TEXT, "b.zip": damaged}))
    assert len(whole(filing).rows) == 300
    assert any("b.zip: the zip file is damaged" in note for note in filing.notes)


REFUSED = {
    "empty": (b"", "the file is empty"),
    "blank": (b"\n \n\n", "the file is empty"),
    "header only": (b"Donor,Recipient,Amount\n", "itemizes no contributions\n.*no row follows its header"),
    "header and blanks": (
        b"Donor,Recipient,Amount\n\n  \n,,\n",
        "itemizes no contributions\n.*no row follows its header",
    ),
    "PDF": (b"%PDF-1.7\n%\xe2\xe3", "this is a PDF"),
    "PNG": (b"\x89PNG\r\n\x1a\n\0\0\0", "this is an image"),
    "JPEG": (b"\xff\xd8\xff\xe0\0\x10JFIF", "this is an image"),
    "HTML": (b"<!DOCTYPE html><html><body>Donor</body></html>", "this is a web page"),
    "XLS that is HTML": (b"\r\n<table border=1><tr><td>Donor</td>", "text without columns"),
    "XML": (b"<?xml version='1.0'?><a/>", "this is a web page"),
    "JSON": (b'[{"a": 1, "b": 2}]', "no known format"),
    "JSON without records": (b"[]", "JSON without records"),
    "JSON of numbers": (b"[1, 2]", "not a list of records"),
    "JSON cut off": (b'[{"a": 1}, {"b":', "not valid JSON after record 1"),
    "FEC without receipts": (
        b"HDR\x1cFEC\x1c8.3\x1cX\nF3N\x1cC00900001\x1cRoe\n",
        "itemizes no contributions\n.*its form is F3N",
    ),
    "binary": (bytes(range(32)) * 40, "not a text file or spreadsheet"),
    "SQLite": (b"SQLite format 3\0", "database"),
    "Parquet": (b"PAR1\x15\x04", "Parquet"),
    "prose": (b"Dear Sir\nplease find nothing enclosed\n", "text without columns"),
    "blank for long": (b"\n" * 300 + TEXT.encode(), "the first 200 lines are empty"),
    "numbers": (b"1,2,3\n4,5,6\n", "no known format"),
    "gzipped zip": (gzip.compress(b"PK\x03\x04"), "packed twice"),
    "broken workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "the workbook cannot be read"),
}


@pytest.mark.parametrize(("content", "said"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_filing_says_what_it_is_and_what_to_do(content, said, tmp_path):
    path = tmp_path / "filing.csv"
    path.write_bytes(content)
    with pytest.raises(FilingError, match=said) as caught:
        open_filing(path)
    assert caught.value.exit_code == 3
    assert caught.value.hint
    assert str(path) in str(caught.value)


def test_a_file_that_is_not_there_is_answered_with_the_nearest(tmp_path):
    (tmp_path / "contributions.csv").write_text(TEXT)
    with pytest.raises(FilingError, match=r"no such file") as caught:
        open_filing(tmp_path / "contribution.csv")
    assert "did you mean" in str(caught.value)
    with pytest.raises(FilingError, match="does not exist either"):
        open_filing(tmp_path / "nowhere" / "a.csv")


def test_an_empty_directory_holds_no_filing(tmp_path):
    with pytest.raises(FilingError, match="no file of it is a filing"):
        open_filing(tmp_path)


def test_a_text_document_is_not_a_table(tmp_path):
    with pytest.raises(FilingError, match="a text document"):
        open_filing(make_zip(tmp_path / "a.docx", {"word/document.xml": "<w/>", "[Content_Types].xml": "<t/>"}))


def test_a_workbook_on_standard_input_is_refused(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"PK\x03\x04")))
    with pytest.raises(FilingError, match="cannot be read from standard input"):
        open_filing("-")


not_utf_8 = pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
CAFE = os.fsdecode(b"caf\xe9")


def as_workbook(path):
    with path.open("wb") as file, xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        for y, row in enumerate(csv.reader(TEXT.splitlines())):
            sheet.write_row(y, 0, row)


def as_parquet(path):
    columns = {"Donor": NAMES, "Recipient": ["Roe"] * 300, "Amount": list(range(300))}
    with path.open("wb") as file:
        pq.write_table(pa.table(columns), file)


NAMED = {
    "csv": lambda path: path.write_text(TEXT),
    "csv.gz": lambda path: path.write_bytes(gzip.compress(TEXT.encode())),
    "zip": lambda path: make_zip(path, {"a.csv": TEXT}),
    "json": lambda path: path.write_bytes(JSON),
    "xlsx": as_workbook,
    "parquet": as_parquet,
}


@not_utf_8
@pytest.mark.parametrize(("suffix", "write"), NAMED.items(), ids=NAMED)
def test_a_file_whose_name_is_not_utf_8_is_read_and_its_name_shown(suffix, write, tmp_path, whole):
    path = tmp_path / f"{CAFE}.{suffix}"
    write(path)
    for given in (path, tmp_path):
        (filing,) = open_filing(given)
        got = whole(filing)
        assert got.values("contributor") == NAMES
        assert filing.source.startswith(f"{tmp_path}/caf\\xe9.{suffix}")
        assert set(got.values("source")) == {filing.source}


@not_utf_8
def test_a_file_whose_name_is_not_utf_8_is_joined_to_the_others(tmp_path, samples, whole):
    for each in (samples / "bundle-illinois").iterdir():
        (tmp_path / f"{CAFE}-{each.name}").write_bytes(each.read_bytes())
    (expected,), (got,) = open_filing(samples / "bundle-illinois"), open_filing(tmp_path)
    assert whole(got).values("recipient") == whole(expected).values("recipient")


@not_utf_8
def test_an_error_about_a_name_that_is_not_utf_8_can_be_printed(tmp_path):
    (tmp_path / f"{CAFE}.csv").write_text(TEXT)
    with pytest.raises(FilingError, match="no such file") as caught:
        open_filing(tmp_path / f"{CAFE}1.csv")
    assert "did you mean" in str(caught.value)
    assert str(caught.value).encode()


def test_a_wrong_format_is_said_before_the_file_is_looked_for(tmp_path):
    with pytest.raises(UsageError, match="no filing format"):
        open_filing(tmp_path / "nothing.csv", filing_format="tennessee")


def test_a_forced_format_of_which_some_headers_are_there_does_not_deny_that_it_was_named(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("Type,Amount,Date,Who\nMonetary,5.00,2022-01-02,Doe\n")
    with pytest.raises(UnknownFormatError, match=r"not all headers of its format are there.*the contributor"):
        open_filing(path, filing_format="tn-tncamp", recipient="Roe")


def test_the_line_shown_as_the_likely_header_is_the_one_with_most_filled_cells(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("Cheques received,,,\nIn on,From,Sum,Note\n2022-01-02,Doe,5.00,\n")
    with pytest.raises(UnknownFormatError, match="none of the first lines") as caught:
        open_filing(path)
    assert str(caught.value).endswith('"In on", "From", "Sum", "Note"')


def test_a_forced_format_without_its_headers_is_an_error(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(TEXT)
    with pytest.raises(UnknownFormatError, match="this is not ca-netfile-api-json"):
        open_filing(path, filing_format="ca-netfile-api-json")


def test_nothing_read_never_looks_like_no_police_money(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("Donor,Recipient,Amount\nDoe,Roe,five\n")
    (filing,) = open_filing(path)
    assert str(filing.no_contributions()).startswith(f"{path}: this report itemizes no contributions")
    assert "all 1 rows were rejected" in str(filing.no_contributions(rejected=1))
    assert "contributor = Donor, amount = Amount" in str(filing.no_contributions(rejected=1))


def test_detection_of_what_cannot_be_read_is_an_error(tmp_path):
    with pytest.raises(UnionScreenError):
        detect_format(tmp_path / "nothing.csv")


@pytest.mark.parametrize("nested", [False, True])
def test_the_members_of_a_zip_are_listed_once_and_not_for_each(tmp_path, monkeypatch, nested):
    row = "date,amount,contributor,recipient\n2022-01-02,5.00,Pat Doe,Friends of Roe for District Attorney\n"
    inner = tmp_path / "inner.zip"
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(40):
            archive.writestr(f"{number}.csv", row)
    path = inner
    if nested:
        path = tmp_path / "outer.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(inner, "inner.zip")
    listed = []
    real = zipfile.ZipFile._RealGetContents
    monkeypatch.setattr(zipfile.ZipFile, "_RealGetContents", lambda archive: listed.append(1) or real(archive))
    assert unionscreen.screen(path).manifest["rows_screened"] == 40
    assert len(listed) < 12


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_may_hold_any_character(tmp_path, encoding):
    path = tmp_path / "filing.csv"
    row = "2022-01-02,5.00,Pat \U00010400 Doe\u0100,Friends of Roe for District Attorney\n"
    path.write_bytes(("date,amount,contributor,recipient\n" + row * 3).encode(encoding))
    assert unionscreen.screen(path).manifest["rows_screened"] == 3


def test_a_json_record_with_one_key_twice_is_rejected(tmp_path):
    record = '{"date": "2022-01-02", "amount": "5.00", "contributor": "Pat Doe", "recipient": "Roe for DA"}'
    path = tmp_path / "filing.json"
    twice = record.replace('"amount"', '"amount": "7.00", "amount"')
    path.write_text(f"[{record}, {twice}, {record}]", encoding="utf-8")
    screening = unionscreen.screen(path)
    assert (screening.manifest["rows_screened"], screening.manifest["rows_rejected"]) == (2, 1)
    (reject,) = screening.to_dict()["rejects"]
    assert (reject["row"], "the key 'amount' is there twice" in reject["text"]) == (2, True)


@pytest.mark.parametrize("damage", ["<![foo[ b]]>", "<![if !x]>", "<![ >", "<!DOCTYPE [ <!x>", "<!>", "<?x", "</ >"])
def test_a_malformed_declaration_in_a_web_page_costs_no_row(tmp_path, damage):
    head = "<tr><th>Date<th>Amount<th>Contributor<th>Recipient</tr>"
    row = "<tr><td>2022-01-02<td>5.00<td>Pat Doe<td>Friends of Roe for District Attorney</tr>"
    path = tmp_path / "filing.xls"
    path.write_text(f"<table>{head}{row}{row}</table>{damage}", encoding="utf-8")
    assert unionscreen.screen(path).manifest["rows_screened"] == 2


def test_spans_of_a_web_page_are_bounded(tmp_path):
    path = tmp_path / "filing.xls"
    wide = "<td colspan=999 rowspan=999>x" * 20
    path.write_text(f"<table><tr>{wide}</tr>{'<tr><td>y' * 999}</table>", encoding="utf-8")
    with pytest.raises(FilingError, match="span more than 1,000,000 columns and rows"):
        unionscreen.screen(path)


def test_an_archive_without_a_filing_says_of_each_member_why(tmp_path):
    path = make_zip(tmp_path / "a.zip", {"a.txt": "hello", "b.pdf": b"%PDF"})
    with pytest.raises(FilingError, match=r"is a filing \(a\.txt: .*; b\.pdf: this is a PDF"):
        open_filing(path)
    with pytest.raises(FilingError, match=r"no \w+ of it is a filing \(it has no files\)"):
        open_filing(make_zip(tmp_path / "b.zip", {"folder/": ""}))


@pytest.mark.parametrize(
    ("header", "said"),
    [("Type,zz", "none of its headers are in the first lines"), ("Type,Amount,zz", "not all headers of its format")],
)
def test_two_headers_of_a_forced_format_are_some_of_it_and_one_is_chance(header, said, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(f"{header}\n1,2,3\n")
    with pytest.raises(UnknownFormatError, match=said):
        open_filing(path, filing_format="tn-tncamp", recipient="Roe")


def test_what_was_joined_is_said_and_nothing_where_nothing_was(samples, tmp_path):
    (joined,) = [note for note in open_filing(samples / "bundle-oregon")[0].notes if note.startswith("joined with")]
    assert joined != "joined with "
    assert not any(note.startswith("joined with") for note in open_filing(samples / "tn-tncamp.csv")[0].notes)


@pytest.mark.parametrize("first", ["HDR", "HDR,FEC", "HDR,FEC,8.3"])
def test_an_electronic_filing_of_a_line_or_two_is_refused_in_words(first, tmp_path):
    path = tmp_path / "1234.fec"
    path.write_text(first + "\nF3N,C00000001,Roe for DA\n")
    with pytest.raises(FilingError, match=r"1234\.fec"):
        open_filing(path)


def test_words_in_a_cell_of_a_web_page_are_one_whatever_marks_their_letters(tmp_path, whole):
    path = tmp_path / "page.html"
    cell = "J<b>on</b>es<br>and S<span>o</span>n"
    head = "<tr><th>Recipient</th><th>Contributor</th><th>Amount</th><th>Date</th></tr>"
    rows = "".join(f"<tr><td>Roe</td><td>{cell}</td><td><i>5</i>.00</td><td>01/02/2022</td></tr>" for _ in range(3))
    path.write_text(f"<html><body><table>{head}{rows}</table></body></html>")
    (filing,) = open_filing(path)
    assert whole(filing).values("contributor") == ["Jones and Son"] * 3
    assert whole(filing).values("amount_cents") == [500] * 3


def test_an_empty_path_is_wrong_usage(cli):
    for command in ("screen", "intake"):
        done = cli(command, "")
        assert (done.exit_code, done.stderr.splitlines()[0]) == (2, "Error: an argument is empty")
        assert "a variable in the command may be unset" in done.stderr


def test_a_login_page_under_the_name_of_a_table_must_be_downloaded_again(tmp_path):
    page = "<!DOCTYPE html><html><body><form>Sign in</form></body></html>"
    for name, hint in (("export.csv", "download the file again"), ("export.html", "save it as CSV")):
        (tmp_path / name).write_text(page)
        with pytest.raises(FilingError) as caught:
            open_filing(tmp_path / name)
        assert hint in str(caught.value.hint)


@pytest.mark.parametrize("command", ["watch", "batch", "diff", "pledges check", "unions dossier"])
def test_no_command_takes_an_empty_argument_for_the_current_folder(cli, command):
    done = cli(*command.split(), "")
    assert (done.exit_code, done.stderr.splitlines()[0]) == (2, "Error: an argument is empty")


@pytest.mark.parametrize(
    "arguments",
    [("batch", "filing.csw", "--out", "b.csv"), ("pledges", "check", "filing.csw", "x"), ("screen", "filing.csw")],
)
def test_a_missing_file_gets_the_nearest_name_as_a_hint(cli, tmp_path, monkeypatch, arguments):
    (tmp_path / "filing.csv").write_text("a\n")
    monkeypatch.chdir(tmp_path)
    done = cli(*arguments)
    assert done.exit_code in (2, 3)
    assert "did you mean filing.csv?" in done.stderr


def test_an_empty_folder_is_named_as_such(cli, tmp_path):
    done = cli("screen", str(tmp_path))
    assert done.exit_code == 3
    assert "it has no files" in done.stderr
