"""What a notebook shows: the prosecutors' table of a screening, bounded and escaped; and a list of names to check."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import unionscreen
from report_cases import HOSTILE, a_flag
from unionscreen.accounting import Money
from unionscreen.batch import run_batch
from unionscreen.batch_jobs import Job
from unionscreen.errors import UsageError
from unionscreen.output.tables import ResultTable, TypedColumn
from unionscreen.screening.result import ProsecutorEntry, Screening

AVERY = Path(__file__).parents[1] / "examples" / "netfile-avery.csv"


def entry(name: str, net: int = 0) -> ProsecutorEntry:
    return ProsecutorEntry(name, "District Attorney", None, (name,), 1, 100_00, 0, 0, Money(net), (a_flag(),), ())


def screening(*entries: ProsecutorEntry) -> Screening:
    return Screening(entries, (), {"settings": {}})


def test_a_screening_shows_its_prosecutors_with_the_figures_of_the_report():
    html = unionscreen.screen(AVERY)._repr_html_()
    cells = re.findall(r"<td[^>]*>([^<]*)</td>", html)
    assert cells == [
        *("Jordan Avery", "District Attorney", "", "$19,430.00", "$14,050.00", "$1,400.00", "$12,650.00"),
        *("65.1 %", "7", "0"),
    ]
    assert "26 rows screened, 0 not" in html
    assert "a lead to check" in html


def test_the_largest_come_first_and_ten_thousand_stay_small():
    html = screening(*(entry(f"Person {n}", n) for n in range(10_000)))._repr_html_()
    assert len(html) < 20_000
    assert html.index("Person 9999") < html.index("Person 9998")
    assert "and 9,950 more rows" in html


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE.keys())
def test_no_name_becomes_markup(name):
    html = screening(entry(name))._repr_html_()
    assert {*re.findall(r"</?([a-z]+)", html)} == {"table", "caption", "thead", "tr", "th", "tbody", "td", "p"}
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\ud800-\udfff]", html)
    assert len(html) < 3_000


def test_an_empty_screening_and_any_table_can_be_shown():
    assert "<tbody></tbody>" in screening()._repr_html_()
    columns = (TypedColumn("year", "count"), TypedColumn("amount", "cents"), TypedColumn("counted", "boolean"))
    html = ResultTable("t", "Title", "what a row is", columns, [(2022, -5, True), (None, None, False)])._repr_html_()
    assert re.findall(r"<td[^>]*>([^<]*)</td>", html) == ["2022", "-$0.05", "yes", "", "", "no"]


def test_a_batch_shows_its_panel():
    html = run_batch([Job("all", (str(AVERY),), {})])._repr_html_()
    assert "Panel" in html
    assert "Jordan Avery" in html


def test_a_list_of_names_has_an_answer_for_each():
    names = ["Smith, Jane", "San Diego Police Officers Assn. PAC"]
    assert unionscreen.check(names) == [unionscreen.check(name) for name in names]
    assert unionscreen.check(tuple(names), state="CA")[1].union_id == unionscreen.check(names[1], state="CA").union_id
    assert unionscreen.check([]) == []
    with pytest.raises(UsageError, match="name 2 of the list is empty"):
        unionscreen.check(["Smith", " "])
    with pytest.raises(UsageError, match="no name to check"):
        unionscreen.check(" ")
