"""Lists that people keep as CSV: nothing on one is passed over because of a slip in a row above it."""

import pytest

from unionscreen.errors import UnionScreenError
from unionscreen.matching.evaluate import read_cases
from unionscreen.pledges import load_pledges
from unionscreen.policy.log import COLUMNS as LOG_COLUMNS
from unionscreen.policy.log import read_log
from unionscreen.prosecutors import read_roster
from unionscreen.review.store import load_decisions
from unionscreen.unions.overlay import read_overlay

PLEDGE = "2020-06-09,https://example.org/"
LISTS = {
    "cases": (read_cases, "name,label", "Oakland POA,union"),
    "the user's unions": (read_overlay, "union,alias", "Elk Hills PBA,Elk Hills Police"),
    "roster": (read_roster, "prosecutor,recipient,pledge_date", "Jane Roe,Roe for DA,2020-06-09"),
    "pledges": (load_pledges, "prosecutor,pledge_date,source", f"Jane Roe,{PLEDGE}"),
    "decisions": (load_decisions, "donor,verdict,by,on", "Elk Hills PBA,confirmed,A.B.,2026-01-31"),
    "decision log": (read_log, ",".join(LOG_COLUMNS), "," * (len(LOG_COLUMNS) - 1) + "0.1.0"),
}
every_list = pytest.mark.parametrize(("read", "header", "row"), LISTS.values(), ids=LISTS)


@every_list
@pytest.mark.parametrize("size", [1, 140_000], ids=["short", "longer than csv takes"])
def test_a_quote_that_is_never_closed_takes_no_rows_below_it(tmp_path, read, header, row, size):
    path = tmp_path / "list.csv"
    path.write_text(f'{header}\n{row}\n"{row}\n' + "x" * size + f"\n{row}\n", encoding="utf-8")
    with pytest.raises(UnionScreenError, match=r"list\.csv:3: no CSV from here on.*\nHint: .* quotes"):
        read(path)


@every_list
def test_a_comma_without_quotes_moves_no_cell_under_another_heading(tmp_path, read, header, row):
    path = tmp_path / "list.csv"
    path.write_text(f"{header}\n{row}\nInc, {row}\n", encoding="utf-8")
    with pytest.raises(UnionScreenError, match=r"list\.csv:3: \d+ cells under \d+ headings"):
        read(path)


@every_list
def test_what_cannot_be_opened_is_said_with_its_name(tmp_path, read, header, row):
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises((UnionScreenError, OSError), match=r"folder\.csv"):
        read(tmp_path / "folder.csv")


@every_list
def test_empty_rows_and_empty_cells_at_the_end_are_nothing(tmp_path, read, header, row):
    path = tmp_path / "list.csv"
    path.write_text(f"{header}\n\n,,\n{row},,\n", encoding="utf-8")
    assert read(path)
