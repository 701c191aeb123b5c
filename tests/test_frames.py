"""A DataFrame says what its file would say, whatever pandas made of the cells, the headers and the index."""

import datetime
from decimal import Decimal

import pandas as pd
import pyarrow as pa
import pytest

import unionscreen
from unionscreen.errors import FilingError, MappingError, UnionScreenError, UsageError

DAY = datetime.date(2024, 1, 2)


def frame(**columns):
    """Two gifts, the first of a union; further columns, or others in their place."""
    plain = {
        "Recipient": ["Roe", "Roe"],
        "Contributor": ["PORAC", "Doe"],
        "Amount": [5.0, 6.5],
        "Date": ["1/2/2024"] * 2,
    }
    return pd.DataFrame({**plain, **columns})


def flag(table, **options):
    screening = unionscreen.screen(table, recipients="all", **options)
    ((entry,), (found,)) = screening.prosecutors, screening.prosecutors[0].flags
    assert (entry.raised, found.source, found.row) == (1150, "<DataFrame>", 2)
    assert "frame.csv" not in str(screening.to_dict()) + str(screening.notes)
    return found


def test_the_levels_of_an_index_that_have_names_are_columns():
    assert flag(frame().set_index("Contributor")).contributor == "PORAC"
    assert flag(frame().set_index(["Recipient", "Contributor", "Date"])).date == DAY
    assert flag(frame().set_index("Contributor", drop=False)).contributor == "PORAC"
    assert flag(frame().set_axis(["a", "b"])).contributor == "PORAC"


def test_the_parts_of_a_header_are_one_header():
    names = [("Recipient", ""), ("Contributor", "Name"), ("Amount", "Unnamed: 2_level_1"), ("Date", "Date")]
    table = frame().set_axis(pd.MultiIndex.from_tuples(names), axis=1)
    assert (flag(table).contributor, flag(table).date) == ("PORAC", DAY)


def test_columns_of_one_name_are_one_or_the_users_to_decide():
    names = ["Recipient", "Contributor", "Amount", "Date", "Contributor"]
    table = frame(more=["PORAC", "Doe"]).set_axis(names, axis=1)
    table.iloc[0, 1] = None
    assert flag(table).contributor == "PORAC"
    opposed = frame(more=["x", "y"]).set_axis(names, axis=1)
    with pytest.raises(MappingError, match='<DataFrame>: the contributor could be "Contributor" or "Contributor"'):
        unionscreen.screen(opposed)
    cents = frame().drop(columns="Amount").assign(amount_cents=[500, 650])
    assert flag(pd.concat([cents, cents["amount_cents"]], axis=1)).amount_cents == 500


def test_headers_may_be_anything():
    table = frame(n=1).set_axis([b"Recipient", "Contributor", "Amount", "Date", pd.Timestamp("2024-01-01")], axis=1)
    assert flag(table).date == DAY
    assert flag(frame(n=1).set_axis(["Recipient", "Contributor\n", "Amount", "Date", None], axis=1)).date == DAY
    numbered = frame().set_axis(range(4), axis=1)
    with pytest.raises(UnionScreenError, match="<DataFrame>: no known format"):
        unionscreen.screen(numbered)
    assert flag(numbered, mapping={"recipient": "0", "contributor": "1", "amount": "2", "date": "3"}).date == DAY


@pytest.mark.parametrize(
    "column",
    [
        pd.Series([b"PORAC", b"Jos\xe9 Doe"]),
        pd.Series(["PORAC", pd.NA]),
        pd.Series(["PORAC", None], dtype="string"),
        pd.Series(["PORAC", "Doe"], dtype="category"),
        pd.Series([b"PORAC", None], dtype=pd.ArrowDtype(pa.binary())),
        pd.Series(["PORAC", "Doe"], dtype=pd.ArrowDtype(pa.string())),
        pd.Series(["PORAC", "two\nlines"], dtype=object),
    ],
    ids=lambda column: f"{column.dtype}-{column[1]!r}",
)
def test_names_of_any_type_are_read(column):
    assert flag(frame(Contributor=column)).contributor == "PORAC"


@pytest.mark.parametrize(
    "column",
    [
        pd.to_datetime(["2024-01-02", None]),
        pd.to_datetime(["2024-01-02 17:30", None]),
        pd.to_datetime(["2024-01-02 23:30", "2024-01-03 00:00"]).tz_localize("US/Pacific"),
        pd.to_datetime(["2024-01-02", "2024-01-03"]).to_period("D"),
        pd.Series([DAY, None], dtype=object),
        pd.Series([pd.Timestamp(DAY), pd.NaT], dtype=object),
        pd.Series([20240102.0, None]),
        pd.Series([45293.0, None]),
        pd.Series([1704153600000, 0]),
        pd.Series([DAY, None], dtype=pd.ArrowDtype(pa.date32())),
    ],
    ids=lambda column: f"{column.dtype}-{column[0]}",
)
def test_dates_of_any_type_are_read(column):
    assert flag(frame(Date=column)).date == DAY


@pytest.mark.parametrize(
    "column",
    [
        pd.Series([Decimal("5.00"), Decimal("6.50")]),
        pd.Series(["$5", "6.50 USD"]),
        pd.Series([5, 6.5], dtype="Float64"),
        pd.Series([5, 6.5], dtype="float32"),
        pd.Series([Decimal("5.00"), Decimal("6.50")], dtype=pd.ArrowDtype(pa.decimal128(10, 2))),
        pd.Series([5, 6.5], dtype="category"),
    ],
    ids=lambda column: str(column.dtype),
)
def test_amounts_of_any_type_are_read(column):
    assert flag(frame(Amount=column)).amount_cents == 500


def test_an_amount_that_is_missing_is_a_reject():
    for column in (pd.Series([5, pd.NA], dtype="Int64"), pd.Series([5, None]), pd.Series([Decimal(5), None])):
        screening = unionscreen.screen(frame(Amount=column), recipients="all")
        assert [(each.row, each.reason) for each in screening.rejected] == [(3, "the amount is empty")]
    missing = frame().drop(columns="Amount").assign(amount_cents=pd.Series([500, pd.NA], dtype="Int64"))
    assert [each.reason for each in unionscreen.screen(missing, recipients="all").rejected] == ["the amount is empty"]


def test_a_whole_number_that_became_a_float_is_whole_again():
    assert flag(frame(**{"Transaction ID": [1437445, None]})).transaction_id == "1437445"


def test_rows_are_numbered_whatever_line_breaks_are_in_the_cells():
    table = frame(Contributor=["two\r\nlines", "PORAC"])
    (found,) = unionscreen.screen(table, recipients="all").prosecutors[0].flags
    assert found.row == 3


@pytest.mark.parametrize(
    ("table", "error", "said"),
    [
        (frame().iloc[:0], FilingError, "no contributions in <DataFrame>: it has no rows"),
        (pd.DataFrame(), FilingError, "the DataFrame has no columns"),
        (frame()["Amount"], UsageError, "this is one column, not a table"),
        (frame().rename(columns={"Amount": "What"}), FilingError, "which column is the amount"),
        (frame(Donor="x"), MappingError, 'the contributor could be "Contributor" or "Donor"'),
        (frame(Amount=["x", "y"]), FilingError, "no contributions in <DataFrame>: all 2 rows were rejected"),
    ],
    ids=["no rows", "no columns", "a series", "no amount", "two donors", "no amounts"],
)
def test_what_cannot_be_read_is_refused_in_words_about_the_frame(table, error, said):
    with pytest.raises(error) as caught:
        unionscreen.screen(table)
    assert said in str(caught.value)
    assert str(caught.value).startswith("<DataFrame>: ")
    assert "frame.csv" not in str(caught.value)
