from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unionscreen.filings.dates import date_parser, parse_dates

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
    "text", ["02/30/2022", "13/41/2006", "0NaN-NaN-NaN", "1900-01-01", "2202-01-01", "soon", "1/2", "20221399", "43286"]
)
def test_impossible_and_implausible_dates_are_none(text):
    assert date_parser(US)(text) is None


@pytest.mark.parametrize("text", ["43286", "43286.0", "43286.75"])
def test_day_numbers_are_dates_only_in_sheets(text):
    assert date_parser(US, serials=True)(text) == date(2018, 7, 5)
    assert date_parser(US)(text) is None


def test_absent_dates_are_null_and_impossible_ones_are_counted():
    column = pa.array(["04/23/2014", "", None, "02/30/2022", "02/30/2022", "NA"])
    dates, bad = parse_dates(column, date_parser(US), ["NA"])
    assert dates.to_pylist() == [date(2014, 4, 23), None, None, None, None, None]
    assert bad == 2


@given(
    st.dates(min_value=date(1970, 1, 1), max_value=date(2100, 12, 31)),
    st.sampled_from(["%m/%d/%Y", "%Y-%m-%d", "%Y%m%d"]),
)
def test_any_plausible_date_is_read_back(day, pattern):
    assert date_parser([pattern])(day.strftime(pattern)) == day


@given(st.text(max_size=20))
def test_no_text_breaks_the_date_parser(text):
    found = date_parser(US, serials=True)(text)
    assert found is None or 1970 <= found.year <= 2100
