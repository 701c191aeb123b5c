from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from unionscreen.filings.rows.amounts import MAX_CENTS, parse_amount, parse_amounts, why_no_amount

READ = [
    ("25", 2500),
    ("$1,500.50", 150050),
    ("150000.01", 15000001),
    ("-25.00", -2500),
    ("-$45", -4500),
    ("$-45", -4500),
    ("45-", -4500),
    ("(45.00)", -4500),
    ("($1,200)", -120000),
    ("$(45)", -4500),
    (" $ 25.00 ", 2500),
    (".50", 50),
    ("5.", 500),
    ("+5", 500),
    ("2745.7800", 274578),
    ("0000000500.00", 50000),
    ("16.240000000000002", 1624),
    ("1e3", 100000),
    ("1.5E+02", 15000),
    ("1.005", 101),
    ("-1.005", -101),
    ("0", 0),
    ("99999999999.99", 9999999999999),
    ("\N{MINUS SIGN}5.00", -500),
    ("1,000.-", 100000),
    ("1000.\N{EN DASH}", 100000),
    ("1,000.- USD", 100000),
    ("$25.\N{EM DASH}", 2500),
    ("1,000.--", 100000),
    ("1000.\N{MINUS SIGN}", 100000),
    ("(1,000.-)", -100000),
    ("-1,000.-", -100000),
    ("45.00-", -4500),
    ("45 -", -4500),
    ("250 USD", 25000),
    ("USD 250", 25000),
    ("usd250.50", 25050),
    ("US$250", 25000),
    ("US $1,250", 125000),
    ("$250 USD", 25000),
    ("-USD 250", -25000),
    ("(USD 250)", -25000),
    ("(45 USD)", -4500),
]
NOT_AMOUNTS = [
    "", " ", "twenty", "NA", "$", "-", "1,23", "12,34,567", "1,2345.00", "1 234", "1,693 38", "5$00", "$$5", "--5",
    "(-5)", "(5", "5)", "1.2.3", "nan", "inf", "-inf", "0x10", "1_000", "12/31/2020", "1e99", "１００", "9" * 20,
    "$1k", "1.5k", "2K", "1m", "45 CR", "45.00 DR", "45CR", "250 EUR", "€250", "C$250", "CA$250", "US 250",
    "US(5)", "USD", "250 dollars", "1.000,00", "1'000.-", "1,000. -", "1,000.00.-", "1000.-5", "250-USD", "250- USD",
    "1e3.-", "45.00\N{EN DASH}",
]  # fmt: skip


@pytest.mark.parametrize(("as_filed", "cents"), READ, ids=[text for text, _ in READ])
def test_amounts_are_exact_cents(as_filed, cents):
    assert parse_amount(as_filed) == cents


@pytest.mark.parametrize("as_filed", NOT_AMOUNTS, ids=repr)
def test_what_is_no_amount_is_never_guessed(as_filed):
    assert parse_amount(as_filed) is None


@pytest.mark.parametrize("company", [["1.00"], ["twenty"], ["$1,000.00"], ["(3.00)", "1,23"], [""]], ids=str)
def test_a_column_reads_every_amount_as_it_would_be_read_alone(company):
    texts = [text for text, _ in READ] + NOT_AMOUNTS + company
    assert parse_amounts(pa.array(texts)).to_pylist() == [parse_amount(text) for text in texts]


def test_a_column_of_nothing_is_nothing():
    assert parse_amounts(pa.array([], pa.string())).to_pylist() == []


ALPHABET = "0123456789.,-$()eE+ xUSDk\N{NO-BREAK SPACE}\N{EN DASH}"


@given(st.lists(st.text(alphabet=ALPHABET, max_size=12), min_size=1, max_size=8))
@example(["inf", "1"])
@example(["0E14"])
@example(["0e999", "-0E400"])
@example(["1,000", "$2"])
@example(["$$1,000", "$1,000"])
@example(["-1,000.50", "-$1,000.50"])
@example(["1,000.-", "1000.-", "1,000-"])
@example(["USD 1,000", "1,000 USD", "US$5"])
def test_columns_and_single_amounts_agree_on_any_text(texts):
    assert parse_amounts(pa.array(texts)).to_pylist() == [parse_amount(text) for text in texts]


dollars = st.decimals(min_value=-MAX_CENTS // 100, max_value=MAX_CENTS // 100, places=2)


@given(st.lists(dollars, min_size=1, max_size=5))
def test_cents_are_what_decimal_says(amounts):
    texts = pa.array([f"{amount:,.2f}" for amount in amounts] + [f"{amount:f}" for amount in amounts])
    assert parse_amounts(texts).to_pylist() == [int(amount * 100) for amount in amounts] * 2


@given(st.floats(min_value=-1e10, max_value=1e10))
def test_floats_are_rounded_to_the_nearest_cent_of_their_decimal_text(value):
    expected = int((Decimal(repr(value)) * 100).quantize(Decimal(1), ROUND_HALF_UP))
    assert parse_amounts(pa.array([repr(value)])).to_pylist() == [expected]


@given(st.integers(min_value=MAX_CENTS + 1, max_value=10**25))
def test_amounts_that_would_overflow_sums_are_no_amounts(cents):
    assert parse_amounts(pa.array([f"{cents // 100}.{cents % 100:02}"])).to_pylist() == [None]


@pytest.mark.parametrize("text", ["9,999,999,999,999.99", "100000000000.01", "-9999999999999.99", "1e12", "(1e300)"])
def test_an_amount_beyond_any_gift_is_rejected_by_name(text):
    assert parse_amounts(pa.array([text])).to_pylist() == [None]
    assert why_no_amount([text]) == f"'{text}' is implausible: no contribution is so large"


COMMAS = [
    ("1.000,50", 100050), ("2.000", 200000), ("2000", 200000), ("25,5", 2550), ("-1.000,50", -100050),
    ("(25,00)", -2500), ("$ 1.234.567,89", 123456789), ("25.00", None), ("1,000", None), ("1,000.50", None),
    ("2.00", None), ("twenty", None), ("", None),
]  # fmt: skip


@pytest.mark.parametrize(("as_filed", "cents"), COMMAS, ids=[text for text, _ in COMMAS])
def test_a_comma_before_the_cents(as_filed, cents):
    assert parse_amount(as_filed, ",") == cents
    assert parse_amounts(pa.array([as_filed, "1.000,50"]), ",").to_pylist() == [cents, 100050]


@pytest.mark.parametrize("as_filed", ["2.000", "-2.000", "$12.345", "(999.000)"])
def test_an_amount_of_two_readings_is_rejected_where_nothing_decides(as_filed):
    assert parse_amount(as_filed, "?") is None
    assert parse_amounts(pa.array([as_filed, "0.500", "25"]), "?").to_pylist() == [None, 50, 2500]
    assert "is ambiguous" in why_no_amount([as_filed], "?")


HEAD = "Recipient Name;Contributor Name;Amount;Date"


def semicolons(*amounts):
    return "\n".join([HEAD, *(f"Roe;Doe {at};{amount};03/04/2022" for at, amount in enumerate(amounts)), ""])


def test_a_column_with_one_decimal_comma_is_read_with_commas(read_text):
    got = read_text(semicolons("2.000", "1.000,50", "7"))
    assert (got.values("amount_cents"), got.rejects) == ([200000, 100050, 700], [])
    assert any("comma before the cents" in note for note in got.filing.notes)


def test_between_semicolons_two_thousand_is_never_two_dollars(read_text):
    got = read_text(semicolons("2.000", "7"))
    assert got.values("amount_cents") == [700]
    assert [each["reason"] for each in got.rejects] == [
        "'2.000' is ambiguous: cents or thousands may follow its point or comma"
    ]


def test_between_semicolons_cents_behind_a_point_decide(read_text):
    got = read_text(semicolons("2.000", "7.50"))
    assert (got.values("amount_cents"), got.rejects) == ([200, 750], [])


def test_a_column_of_both_notations_rejects_what_has_two_readings(read_text):
    got = read_text(semicolons("2.000", "7.50", "1.000,50"))
    assert got.values("amount_cents") == [750]
    assert len(got.rejects) == 2
