"""Every kind of dirt: each row is screened or rejected with its line, and no good row beside it is lost."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from unionscreen.filings.rows import blocks, parse

UNCLOSED = "a quote is opened and not closed"

PEOPLE = 120
AT = 60  # rows before the dirty line, so that it is on line 62


@dataclass
class Dirt:
    name: str
    line: str | bytes
    contributor: str | None  # the row's, None when it is rejected
    reason: str | None = None
    lines: int = 1
    is_row: bool = True


GOOD = 'Friends of Jane Roe,"DOE, JOHN",25.00,03/04/2022,Springfield'
DIRT = [
    Dirt("nothing wrong", GOOD, "DOE, JOHN"),
    Dirt("CRLF", GOOD + "\r", "DOE, JOHN"),
    Dirt("carriage return inside", GOOD.replace("Spring", "Spr\ring"), "DOE, JOHN"),
    Dirt("cp1252", GOOD.encode().replace(b"DOE, JOHN", b"PE\xd1A, JOS\xc9"), "PEÑA, JOSÉ"),
    Dirt("a byte that cp1252 leaves undefined", GOOD.encode().replace(b"DOE", b"D\x81E"), "D\x81E, JOHN"),
    Dirt("UTF-8", GOOD.replace("DOE, JOHN", "PEÑA, JOSÉ"), "PEÑA, JOSÉ"),
    Dirt("NUL in a name", GOOD.replace("DOE, JOHN", "DOE,\0JOHN"), "DOE, JOHN"),
    Dirt("NUL in an amount", GOOD.replace("25.00", "25\x0000"), None, "'25 00' is not an amount"),
    Dirt("no amount", GOOD.replace("25.00", ""), None, "the amount is empty"),
    Dirt("not an amount", GOOD.replace("25.00", "twenty"), None, "'twenty' is not an amount"),
    Dirt("too short", 'Friends of Jane Roe,"DOE, JOHN"', None, "2 fields where 5 were expected"),
    Dirt("only trailing fields missing", GOOD.removesuffix(",Springfield"), "DOE, JOHN"),
    Dirt("too long", GOOD + ",extra,extra", None, "7 fields where 5 were expected"),
    Dirt("only empty fields too many", GOOD + ",,", "DOE, JOHN"),
    Dirt("doubled quotes", GOOD.replace("DOE, JOHN", 'ACME ""BIG"" CO'), 'ACME "BIG" CO'),
    Dirt("inner quotes", GOOD.replace('"DOE, JOHN"', '"ACME "BIG" CO"'), 'ACME BIG" CO"'),
    Dirt("a lone quote in a field", GOOD.replace('"DOE, JOHN"', '6" PIPE CO'), '6" PIPE CO'),
    Dirt("comma in inner quotes", GOOD.replace('"DOE, JOHN"', '"A "B, C" D"'), None, "6 fields where 5 were expected"),
    Dirt("quoted newline", GOOD.replace("DOE, JOHN", "DOE,\nJOHN"), "DOE, JOHN", lines=2),
    Dirt("quoted newline in the first column", f'"Friends of\nJane Roe",{GOOD[20:]}', "DOE, JOHN", lines=2),
    Dirt("quoted newlines around a blank line", GOOD.replace("DOE, JOHN", "DOE,\n\nJOHN"), "DOE,  JOHN", lines=3),
    Dirt("unclosed quote", GOOD.replace('JOHN"', "JOHN"), None, UNCLOSED),
    Dirt("unclosed quote in the last field", GOOD.replace("Springfield", '"Springfield'), None, UNCLOSED),
    Dirt("blank", "", None, is_row=False),
    Dirt("only blanks", "   ", None, is_row=False),
    Dirt("only delimiters", ",,,,", None, is_row=False),
    Dirt("end-of-file mark", "\x1a", None, is_row=False),
    Dirt("header again", "Recipient Name,Contributor Name,Amount,Date,City", None, is_row=False),
    Dirt("header again, other case", "RECIPIENT NAME,Contributor  Name,amount,date,city", None, is_row=False),
    Dirt("a total in words", "Total: 1000 rows", None, "1 field where 5 were expected"),
    Dirt("a total in columns", "Total,,1000.00,,", None, "a line of totals, not a contribution"),
    Dirt("a total beside the amount", ",Grand Total:,1000.00,,", None, "a line of totals, not a contribution"),
    Dirt("a donor called TOTAL", GOOD.replace('"DOE, JOHN"', "TOTAL"), "TOTAL"),
    Dirt("a donor called NA", GOOD.replace('"DOE, JOHN"', "NA"), "NA"),
    Dirt("nobody named", GOOD.replace('"DOE, JOHN"', ""), ""),
]  # fmt: skip


def file_with(dirt: Dirt, *, end: bytes = b"\n") -> bytes:
    line = dirt.line if isinstance(dirt.line, bytes) else dirt.line.encode()
    rows = [
        f'Friends of Jane Roe,"SMITH, PERSON {i}",100.00,03/{1 + i % 28:02},Springfield'.encode() for i in range(PEOPLE)
    ]
    rows = [row.replace(b",Springfield", b"/2022,Springfield") for row in rows]
    return b"\n".join([b"Recipient Name,Contributor Name,Amount,Date,City", *rows[:AT], line, *rows[AT:]]) + end


@pytest.fixture(params=["one block", "small chunks", "small blocks"])
def cutting(request, monkeypatch):
    """However a file is cut, the answer is the same."""
    if request.param == "small chunks":
        monkeypatch.setattr(parse, "CHUNK_BYTES", 500)
    if request.param == "small blocks":
        monkeypatch.setattr(blocks, "BLOCK_BYTES", 700)
        monkeypatch.setattr(blocks, "_WINDOW_BYTES", 100)


@pytest.mark.parametrize("dirt", DIRT, ids=lambda dirt: dirt.name)
@pytest.mark.usefixtures("cutting")
def test_dirt_costs_its_own_row_at_most(dirt, read_text):
    got = read_text(file_with(dirt))
    names = [f"SMITH, PERSON {i}" for i in range(PEOPLE)]
    numbers = [2 + i + (dirt.lines if i >= AT else 0) for i in range(PEOPLE)]
    if dirt.contributor is not None:
        names.insert(AT, dirt.contributor)
        numbers.insert(AT, AT + 2)
    assert got.values("contributor") == names
    assert got.row_numbers == numbers
    expected = [] if dirt.reason is None else [(AT + 2, dirt.reason)]
    assert [(reject["row"], reject["reason"]) for reject in got.rejects] == expected
    assert got.rows_read == PEOPLE + dirt.is_row


def test_a_reject_shows_its_text(read_text):
    dirt = next(dirt for dirt in DIRT if dirt.name == "too short")
    assert read_text(file_with(dirt)).rejects[0]["text"] == dirt.line


def test_header_lines_met_again_are_neither_rows_nor_rejects(read_text):
    dirt = next(dirt for dirt in DIRT if dirt.name == "header again")
    got = read_text(file_with(dirt))
    assert (got.rows_read, got.rejects) == (PEOPLE, [])


def test_only_what_is_not_utf8_is_read_as_cp1252(read_text):
    got = read_text(file_with(Dirt("", GOOD.encode() + b"\n" + "ROE,PEÑA,1,,".encode() + b"\nROE,PE\xd1A,1,,", None)))
    assert got.values("contributor").count("PEÑA") == 2
    assert got.encodings == {"cp1252"}


@pytest.mark.parametrize("end", [b"", b"\n", b"\n\n", b"\r\n", b"\n\x1a"], ids=repr)
def test_the_last_line_counts_however_it_ends(end, read_text):
    assert read_text(file_with(DIRT[0], end=end)).rows_read == PEOPLE + 1


@pytest.mark.parametrize("between", ["", GOOD.replace("25.00", "26"), GOOD.removesuffix(",Springfield")])
def test_two_unclosed_quotes_do_not_pair_up(between, read_text):
    bad = GOOD.replace('JOHN"', "JOHN")
    got = read_text("\n".join(["Recipient Name,Contributor Name,Amount,Date,City", GOOD, bad, between, bad, GOOD, ""]))
    assert [reject["row"] for reject in got.rejects] == [3, 5]
    assert got.row_numbers == ([2, 4, 6] if between else [2, 6])


def test_an_unclosed_quote_before_a_record_of_two_lines_costs_one_row(read_text):
    bad, two = GOOD.replace('JOHN"', "JOHN"), GOOD.replace("DOE, ", "DOE,\n")
    got = read_text("\n".join(["Recipient Name,Contributor Name,Amount,Date,City", bad, two, GOOD]))
    assert [reject["row"] for reject in got.rejects] == [2]
    assert got.row_numbers == [3, 5]


def test_quoted_newlines_in_every_row_keep_exact_lines(read_text):
    body = [GOOD.replace("DOE, JOHN", f"DOE,\nPERSON {i}") for i in range(3000)]
    got = read_text("\n".join(["Recipient Name,Contributor Name,Amount,Date,City", *body]))
    assert got.row_numbers == list(range(2, 6002, 2))
    assert got.values("contributor")[-1] == "DOE, PERSON 2999"
    assert not got.rejects


def test_a_line_longer_than_a_csv_field_may_be_is_one_reject(read_text):
    long = f'Friends of Jane Roe,"{"x" * 200_000},25.00,03/04/2022,Springfield'
    got = read_text("\n".join(["Recipient Name,Contributor Name,Amount,Date,City", GOOD, long, GOOD, ""]))
    assert [reject["row"] for reject in got.rejects] == [3]
    assert len(got.rejects[0]["text"]) == 500
    assert got.row_numbers == [2, 4]


HEADER = "Recipient Name,Contributor Name,Amount,Date,City"
# A quote opened by accident, and one that closes it further down: together they look like one whole record.
OPENS, CLOSES = 'Friends of Jane Roe,"DOE, JOHN,25.00,03/04/2022,Springfield', 'ROE,ANN",30.00,03/05/2022,Elm'


@pytest.mark.parametrize(
    "swallowed",
    [
        ["Friends of Jane Roe,SMITH,10.00,03/04/2022,Elm"],
        ["Friends of Jane Roe,SMITH,10.00,03/04/2022,"],
        ["Friends of Jane Roe,SMITH,10.00"],
        ["remarks", "Friends of Jane Roe,SMITH,10.00,03/04/2022,Elm"],
        ["Friends of Jane Roe,SMITH,10.00,03/04/2022,Elm", "remarks"],
        ['Friends of Jane Roe,SMITH,10.00,03/04/2022,"Elm"'],
        ["Friends of Jane Roe,SMITH,10.00,03/04/2022,Elm", "Friends of Jane Roe,POE,11.00,03/04/2022,Elm"],
    ],
    ids=["a row", "an empty end", "a short row", "text and a row", "a row and text", "a quoted cell", "two rows"],
)
def test_an_open_quote_swallows_no_row_even_where_a_later_quote_closes_it(swallowed, read_text):
    got = read_text("\n".join([HEADER, GOOD, OPENS, *swallowed, CLOSES, GOOD, ""]))
    rows = [at for at, line in enumerate(swallowed, start=4) if line != "remarks"]
    # What closes the quote is a row too: by itself, its quote is a letter.
    assert got.row_numbers == [2, *rows, 4 + len(swallowed), 5 + len(swallowed)]
    assert got.values("contributor")[1 : 1 + len(rows)] == ["SMITH", "POE"][: len(rows)]
    assert {reject["row"] for reject in got.rejects} == {3, *range(4, 4 + len(swallowed))} - {*rows}


@pytest.mark.parametrize(("lines", "whole"), [(2, True), (39, True), (40, True), (41, False), (60, False)])
@pytest.mark.parametrize("strict", [True, False], ids=["well-formed", "beside a stray quote"])
def test_a_field_of_forty_lines_is_one_row_and_a_longer_one_is_a_quote_not_closed(lines, whole, strict, read_text):
    long = GOOD.replace("DOE, JOHN", "\n".join(["DOE", *["x"] * (lines - 2), "JOHN"]))
    stray = [] if strict else [GOOD.replace('"DOE, JOHN"', '"ACME "BIG" CO"')]
    got = read_text("\n".join([HEADER, *stray, long, GOOD, ""]))
    begin, behind = 2 + len(stray), 2 + len(stray) + lines
    assert got.row_numbers == [*range(2, begin), *([begin] if whole else []), behind]
    if not whole:
        assert (got.rejects[0]["row"], got.rejects[0]["reason"]) == (begin, UNCLOSED)
        assert len(got.rejects) == lines


@pytest.mark.parametrize("between", ["", "\n", "\n\n"])
@pytest.mark.parametrize("end", ["", "\n"])
def test_a_last_line_counts_whatever_blank_lines_stand_before_it(between, end, read_text):
    odd = GOOD.replace('"DOE, JOHN"', '"ACME "BIG" CO"')  # so that each line is looked at by itself
    got = read_text("\n".join([HEADER, odd]) + "\n" + between + GOOD + end)
    assert got.row_numbers == [2, 3 + len(between)]
    assert not got.rejects


@pytest.mark.parametrize("end", ["", "\n"])
def test_a_single_odd_row_is_read(end, read_text):
    odd = GOOD.replace('"DOE, JOHN"', '"ACME "BIG" CO"')
    assert read_text(f"{HEADER}\n{odd}{end}").row_numbers == [2]


@pytest.mark.parametrize("donor", ["Tidal", "Gail", "Still", "Sal", "T l", "Teal"])
def test_a_donor_whose_name_has_the_ends_of_a_word_for_a_sum_is_a_donor(donor, read_text):
    """Even of a committee whose name begins like a line of totals."""
    got = read_text("\n".join([HEADER, GOOD, f"Total Justice for DA,{donor},5.00,03/04/2022,Elm", GOOD, ""]))
    assert got.values("contributor")[1] == donor
    assert not got.rejects
