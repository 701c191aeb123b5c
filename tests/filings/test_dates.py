from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unionscreen.filings.rows.dates import DateCount, date_parser, parse_dates

CASES = Path(__file__).parents[1] / "cases"

US = ["%m/%d/%Y"]


@pytest.mark.parametrize(
    ("text", "formats", "expected"),
    [
        ("04/23/2014", US, date(2014, 4, 23)),
        ("4/23/14", US, date(2014, 4, 23)),
        ("4-23-2014", US, date(2014, 4, 23)),
        (" 04/23/2014 ", US, date(2014, 4, 23)),
        ("1/5/2021 12:00:00 AM", US, date(2021, 1, 5)),
        ("2022-02-25", [], date(2022, 2, 25)),
        ("2022-02-25T00:00:00.000", [], date(2022, 2, 25)),
        ("2018-03-29 00:00:00", [], date(2018, 3, 29)),
        ("2022/02/25", [], date(2022, 2, 25)),
        ("20220225", [], date(2022, 2, 25)),
        ("02252022", ["%m%d%Y"], date(2022, 2, 25)),
        ("25/02/2022", ["%d/%m/%Y"], date(2022, 2, 25)),
        ("Jan  1 2021 12:00AM", ["%b %d %Y %I:%M%p"], date(2021, 1, 1)),
        ("9/1/99", US, date(1999, 9, 1)),
    ],
)
def test_dates_are_read_as_agencies_write_them(text, formats, expected):
    assert date_parser(formats)(text) == expected


@pytest.mark.parametrize(
    "text", ["02/30/2022", "13/41/2006", "0NaN-NaN-NaN", "1900-01-01", "2202-01-01", "soon", "1/2", "20221399", "12345"]
)
def test_impossible_and_implausible_dates_are_none(text):
    assert date_parser(US)(text) is None


@pytest.mark.parametrize("text", ["43286", "43286.0", "43286.75"])
def test_day_numbers_of_a_spreadsheet_are_dates(text):
    assert date_parser(US)(text) == date(2018, 7, 5)


def cases(name: str) -> list[str]:
    return [row[0] for row in csv.reader((CASES / name).read_text(encoding="utf-8").splitlines())][1:]


@pytest.mark.parametrize("text", cases("dates.csv"))
@pytest.mark.parametrize("formats", [[], US, ["%Y-%m-%d"], ["%Y%m%d"]], ids=str)
def test_the_fifth_of_july_2018_is_read_in_every_form_and_format(text, formats):
    assert date_parser(formats)(text) == date(2018, 7, 5)


@pytest.mark.parametrize("text", cases("no_dates.csv"))
def test_what_is_no_date_is_never_guessed(text):
    assert date_parser(US)(text) is None


def test_digits_that_could_be_two_days_are_the_one_in_the_order_of_the_format():
    assert date_parser(US)("1012017") is None  # 1/01 or, with neither zero, 10/1
    assert date_parser(["%m%d%Y"])("1012017") == date(2017, 1, 1)
    assert date_parser(["%m%d%Y"])("01012017.0") == date(2017, 1, 1)
    assert date_parser(["%m%d%Y"])("20170101") == date(2017, 1, 1)
    assert date_parser(["%d/%m/%Y"])("03042017") == date(2017, 4, 3)
    assert date_parser(US)("03042017") == date(2017, 3, 4)


def test_the_day_of_a_clock_in_another_zone_is_the_writers_and_a_date_alone_is_what_it_says():
    parse = date_parser(US)
    assert parse("2018-07-05T23:30:00-07:00") == date(2018, 7, 5)
    assert parse("/Date(1530847800000-0700)/") == date(2018, 7, 5)  # 20:30 there, the next day in Greenwich
    assert parse("/Date(1530774000000-0700)/") == date(2018, 7, 5)  # midnight there
    assert parse("/Date(1530748800000-0700)/") == date(2018, 7, 5)  # midnight in Greenwich: a date without a clock


@pytest.mark.parametrize("word", ["nan", "NaT", "None", "NULL", "<NA>", "N/A"])
def test_a_word_for_nothing_is_no_bad_date(word):
    assert parse_dates(pa.array([word, "7/5/2018"]), date_parser(US))[1] == DateCount(read=1)


def test_absent_dates_are_null_and_impossible_ones_are_counted():
    column = pa.array(["04/23/2014", "", None, "02/30/2022", "02/30/2022", "NA"])
    dates, count = parse_dates(column, date_parser(US), ["NA"])
    assert dates.to_pylist() == [date(2014, 4, 23), None, None, None, None, None]
    assert count == DateCount(read=1, bad=2, example="02/30/2022")


@given(
    st.dates(min_value=date(1970, 1, 1), max_value=date(2100, 12, 31)),
    st.sampled_from(["%m/%d/%Y", "%Y-%m-%d", "%Y%m%d", "%m%d%Y", "%d-%b-%Y", "%B %d, %Y", "%A, %d %b %Y"]),
)
def test_any_plausible_date_is_read_back(day, pattern):
    assert date_parser([pattern])(day.strftime(pattern)) == day


@given(st.text(max_size=20))
def test_no_text_breaks_the_date_parser(text):
    found = date_parser(US)(text)
    assert found is None or 1970 <= found.year <= 2100
