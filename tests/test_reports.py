"""The writers, from a report's dictionary to text."""

from __future__ import annotations

import csv
import io
import json
import time
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from report_cases import a_flag, a_screening, a_spending, an_entry, hostile
from unionscreen.accounting import Money
from unionscreen.contributions import count_of, money_text
from unionscreen.reports import render
from unionscreen.reports.columns import CONTRIBUTION
from unionscreen.reports.terminal import to_terminal
from unionscreen.reports.text import percent, shorten, to_json, visible
from unionscreen.reports.words import headline, lead, quotable
from unionscreen.screening.paid_out import Books
from unionscreen.screening.result import ProsecutorEntry, Reject


def at_80(*entries: ProsecutorEntry, color: bool = False) -> str:
    return to_terminal(a_screening(*entries), width=80, color=color)


COLUMNS = tuple(column.name for column in CONTRIBUTION)


def as_csv(*entries: ProsecutorEntry) -> str:
    return render(a_screening(*entries), "csv").decode()


def parsed(*entries: ProsecutorEntry) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(as_csv(*entries), newline="")))


@hostile
def test_a_hostile_name_is_inert_on_a_terminal(name: str) -> None:
    shown = at_80(an_entry(a_flag(contributor=name, union=name, source=name)))
    assert not set(shown) & set("\x1b\x9b\x07\x00\r\u202e\u2066\u200f\u200b\u2028\u0085")


@hostile
def test_no_line_is_wider_than_the_terminal(name: str) -> None:
    shown = at_80(an_entry(a_flag(contributor=name, source=name), prosecutor=name, recipients=(name, "x")))
    assert max(map(cell_len, shown.splitlines())) <= 80


def test_flagged_money_that_was_all_returned_comes_before_what_is_only_related() -> None:
    related = an_entry(prosecutor="Ann Avery", related=(a_flag(tier=None, union_id=None, union_kind="chiefs"),))
    returned = an_entry(a_flag(), prosecutor="Zoe Young", flagged=Money(gross=100_00, refunded=100_00))
    shown = at_80(related, returned)
    assert shown.index("Zoe Young") < shown.index("Ann Avery")


def test_markup_in_a_name_is_shown_as_it_was_filed() -> None:
    assert "[red]ACME[/red] :police_car:" in at_80(an_entry(a_flag(contributor="[red]ACME[/red] :police_car:")))


@given(st.text())
def test_visible_text_is_one_printable_line(text: str) -> None:
    shown = visible(text)
    assert len(shown.splitlines()) <= 1
    assert not any(ord(c) < 32 or 0x7F <= ord(c) < 0xA0 or 0xD800 <= ord(c) < 0xE000 for c in shown)


@given(st.text())
def test_json_means_the_same_after_escaping(text: str) -> None:
    assert json.loads(to_json({"name": text})) == {"name": text}


@hostile
def test_json_never_acts_on_a_terminal(name: str) -> None:
    assert not set(to_json({"name": name}, indent=2)) & set("\x1b\x9b\x07\x00\r\u202e\u2066\u200f\u2028\u0085")


@hostile
def test_csv_has_one_row_per_flag_whatever_the_name(name: str) -> None:
    rows = parsed(an_entry(a_flag(contributor=name), a_flag(row=3)))
    assert [row["row"] for row in rows] == ["2", "3"]
    assert all(None not in row and None not in row.values() for row in rows)


def test_csv_columns_are_those_of_the_contract() -> None:
    (row,) = parsed(an_entry(a_flag()))
    assert tuple(row) == COLUMNS
    assert (row["prosecutor"], row["amount"], row["date"]) == ("Jane Roe", "100.00", "2022-03-01")


def test_csv_leaves_a_null_empty() -> None:
    (row,) = parsed(an_entry(a_flag(date=None, union=None, union_id=None, tier="pattern")))
    assert (row["date"], row["union"], row["union_id"]) == ("", "", "")


def test_csv_without_flags_is_a_header() -> None:
    assert as_csv(an_entry()) == ",".join(COLUMNS) + "\n"


def test_flags_stand_by_date_with_the_undated_last() -> None:
    shown = at_80(
        an_entry(
            a_flag(date=None, amount_cents=3_00),
            a_flag(date=date(2022, 9, 20), amount_cents=-2_00),
            a_flag(date=date(2022, 9, 1), amount_cents=2_00, status="refunded"),
            raised=0,
        )
    )
    shown = shown[shown.index("Date") :]
    assert shown.index(" $2.00") < shown.index("-$2.00") < shown.index("$3.00")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "filing.csv:2\n"),
        ({"status": "refunded", "status_cause": "filing.csv:9"}, "filing.csv:2\n            returned, see row 9\n"),
        (
            {"status": "superseded", "status_cause": "b.csv:7"},
            "filing.csv:2\n            superseded by an amendment, see b.csv:7\n",
        ),
        ({"kind": "in-kind"}, "filing.csv:2\n            in-kind\n"),
        ({"amount_cents": -100_00}, "filing.csv:2\n            money back\n"),
        ({"status": "memo"}, "filing.csv:2\n            memo, not counted in totals\n"),
    ],
)
def test_a_flag_says_file_and_row_and_what_became_of_the_money(changes: dict[str, Any], said: str) -> None:
    shown = to_terminal(a_screening(an_entry(a_flag(**changes), raised=0)), width=120, color=False)
    assert said in shown


@pytest.mark.parametrize("length", range(30, 50))
def test_a_row_number_is_never_cut_in_two(length: int) -> None:
    shown = at_80(an_entry(a_flag(source="x" * length, row=12345)))
    assert ":12345\n" in shown


def test_a_long_path_is_said_once_and_its_rows_by_the_file_name() -> None:
    shown = at_80(an_entry(a_flag(source="/a/long/path/to/the/filings/of/a/county/2022.csv")))
    assert "file       /a/long/path/to/the/filings/of/a/county/2022.csv\n" in shown
    assert "            2022.csv:2\n" in shown


def test_files_of_one_name_keep_their_folders() -> None:
    flags = [a_flag(source=f"/a/long/path/to/the/filings/of/{county}/2022.csv") for county in ("lake", "cook")]
    shown = at_80(an_entry(*flags))
    assert "/2022.csv:2\n" in "".join(shown.replace("\n            ", ""))
    assert "lake" in shown
    assert "cook" in shown


def test_a_refund_filed_as_a_positive_sum_is_shown_as_money_going_back() -> None:
    assert "-$100.00" in at_80(an_entry(a_flag(kind="refund")))


def test_money_given_returned_and_net_come_with_their_share() -> None:
    shown = at_80(an_entry(a_flag(), flagged=Money(gross=150_00, refunded=50_00)))
    assert "$150.00 given, $50.00 returned, $100.00 net\n           10.0 % of raised, in 1 row\n" in shown


def test_loans_and_goods_are_said_beside_the_money() -> None:
    shown = " ".join(at_80(an_entry(a_flag(), in_kind=30_00, loans=500_00)).split())
    assert "$1,000.00 in 685 contributions, $30.00 of it in kind; $500.00 in loans in addition" in shown


def test_the_two_tiers_are_counted_apart() -> None:
    shown = " ".join(at_80(an_entry(a_flag(), a_flag(), a_flag(tier="pattern", union=None))).split())
    told = "in 3 rows 2 match the list; 1 reads like an officers' organization, not identified with one on the list"
    assert told in shown


@pytest.mark.parametrize(
    ("offices", "title", "told"),
    [
        ([True, True], "2 prosecutors", "2 of 2 took money that matches police unions: $200.00 was given"),
        ([False, False], "2 recipients", "2 of 2 took money that matches police unions: $200.00 was given"),
        (
            [True, False],
            "2 recipients, 1 of them a prosecutor",
            "$200.00 kept. Of the prosecutors alone, 1 of 1 took such money: $100.00 was given, $0.00 returned,",
        ),
        (
            [True, True, False],
            "3 recipients, 2 of them prosecutors",
            "Of the prosecutors alone, 2 of 2 took such money",
        ),
    ],
)
def test_the_report_begins_with_the_number_of_prosecutors_and_with_their_own_sums(
    offices: list[bool], title: str, told: str
) -> None:
    entries = [
        an_entry(a_flag()) if known else an_entry(a_flag(), prosecutor=None, recipients=("Jim Poe for Sheriff",))
        for known in offices
    ]
    screening = a_screening(*entries)
    assert headline(screening) == f"Police-union contributions: {title}"
    assert told in lead(screening)
    for name in ("md", "html"):
        assert told in render(screening, name).decode().replace("\\", "")


def test_where_no_prosecutor_took_such_money_no_sum_of_theirs_is_given() -> None:
    shown = lead(a_screening(an_entry(), an_entry(a_flag(), prosecutor=None)))
    assert shown.endswith("Of the prosecutors alone, 0 of 1 took such money.")


def test_a_report_of_spending_alone_does_not_read_as_if_unions_had_paid_nothing() -> None:
    rows = (a_spending(), a_spending(tier=None, spender="Neighbors"), a_spending(status="covered"))
    screening = replace(a_screening(), books=Books(3, (), rows))
    told = (
        "These files list no contributions received; organizations that match police unions spent $12,000.00 "
        "independently, see below for and against whom."
    )
    assert lead(screening) == told
    for name in ("table", "md", "html"):
        shown = " ".join(render(screening, name).decode().replace("\\", "").split())
        assert told in shown, name
        assert "Nothing that they reported" not in shown, name
    assert lead(replace(a_screening(), books=Books(1, (), rows[1:2]))) == "These files list no contributions received."
    also = lead(replace(a_screening(an_entry(a_flag())), books=Books(3, (), rows)))
    assert also.startswith(f"{quotable(an_entry(a_flag()))} Organizations that match police unions spent $12,000.00 ")


def test_without_entries_the_report_says_why() -> None:
    def begins(**changes: Any) -> str:
        screening = a_screening()
        return lead(replace(screening, manifest=screening.manifest | changes))

    assert begins(not_looked_up={"recipients": 2, "rows": 5}).startswith("None of the 2 recipients in these files is ")
    assert begins(settings={"prosecutor": "Jane Roe"}) == "These files list no contributions to Jane Roe."
    assert begins(unread=[{"path": "a.csv", "reason": "is damaged"}]).startswith("No contributions received could be ")


def test_the_terminal_marks_the_unions_among_the_spenders() -> None:
    def heads(*rows: Any) -> list[str]:
        shown = to_terminal(replace(a_screening(), books=Books(1, (), rows)), width=100, color=False).splitlines()
        at = next(at for at, line in enumerate(shown) if line.startswith("Independent spending"))
        return [shown[at + 1], *(line for line in shown[at + 3 :] if "Roe, Jane" in line)]

    title, other, union = heads(a_spending(), a_spending(tier=None, spender="Neighbors"))
    assert "Tier" in title
    assert ("listed" in union, "SPRINGFIELD PBA" in union, "listed" in other) == (True, True, False)
    assert "Tier" not in heads(a_spending(tier=None))[0]


def test_nothing_flagged_says_out_of_how_many() -> None:
    shown = " ".join(at_80(an_entry()).split())
    assert "0 of 685 contributions match the list or read like an officers' organization" in shown


def test_related_organisations_stand_apart_and_uncounted() -> None:
    foundation = a_flag(contributor="Springfield Police Foundation", tier=None, union=None, union_kind="foundation")
    shown = at_80(an_entry(related=(foundation,)))
    assert "Related, not counted above: 1 row" in shown
    assert "Springfield Police Foundation" in shown
    assert "0 of 685 contributions" in shown


def test_employers_stand_apart_and_uncounted() -> None:
    shown = at_80(an_entry(employers=(a_flag(contributor="LEE, ANN", employer="SPRINGFIELD PBA"),)))
    assert "Employed by a union, not counted above: 1 row" in shown


def test_rows_that_were_not_screened_are_counted_and_the_first_ones_shown() -> None:
    rejected = [Reject("filing.csv", 9 + i, "'Total' is not an amount", "Total,1") for i in range(5)]
    shown = to_terminal(a_screening(an_entry(a_flag()), rejected=rejected), width=80, color=False)
    assert "Screened 680 of 685 rows in 1 file. Not screened: 5 rows" in shown
    assert "filing.csv:9: 'Total' is not an amount: Total,1" in shown
    assert "filing.csv:13" not in shown


def test_many_recipients_without_flags_are_summed_up() -> None:
    shown = at_80(*(an_entry(prosecutor=f"Roe {i:04d}") for i in range(500)))
    assert "and 480 recipients more" in shown
    assert len(shown.splitlines()) < 60


def test_those_with_the_largest_net_sum_come_first() -> None:
    small = an_entry(a_flag(), prosecutor="Aaron Small")
    large = an_entry(a_flag(), prosecutor="Zoe Large", flagged=Money(gross=900_00))
    shown = at_80(small, large)
    assert shown.index("Zoe Large") < shown.index("Aaron Small")


def test_a_recipient_that_is_no_prosecutor_goes_by_its_committee() -> None:
    shown = at_80(an_entry(a_flag(), prosecutor=None, office=None, jurisdiction=None, recipients=("Roe for Mayor",)))
    assert shown.startswith("Roe for Mayor\nraised")


def test_color_is_only_there_when_asked_for() -> None:
    assert "\x1b[" not in at_80(an_entry(a_flag()))
    assert "\x1b[1m" in at_80(an_entry(a_flag()), color=True)


def test_the_tool_never_says_illegal() -> None:
    shown = at_80(an_entry(a_flag())).lower()
    assert "match" in shown
    assert "illegal" not in shown


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [
        (500, 84769, "0.6 %"),
        (7, 7, None),  # every gift of a file that lists one giver's gifts
        (0, 10, "0.0 %"),
        (1, 999999, "under 0.1 %"),
        (1, 0, None),
        (-1, 10, None),
    ],
)
def test_a_share_is_said_where_it_means_something(part: int, whole: int, said: str | None) -> None:
    assert percent(part, whole) == said


@pytest.mark.parametrize(("cents", "said"), [(0, "$0.00"), (-50, "-$0.50"), (123_456_789, "$1,234,567.89")])
def test_dollars_read_as_a_reporter_writes_them(cents: int, said: str) -> None:
    assert money_text(cents) == said


def test_a_name_is_cut_only_past_the_limit() -> None:
    assert (shorten("X" * 10, 10), shorten("X" * 11, 10)) == ("X" * 10, "X" * 9 + "…")


@pytest.mark.parametrize(("rows", "entries"), [(3, 9), (100, 2)])
def test_a_long_report_says_what_it_leaves_out(monkeypatch: pytest.MonkeyPatch, rows: int, entries: int) -> None:
    monkeypatch.setattr("unionscreen.reports.terminal.LINES_LIMIT", rows)
    monkeypatch.setattr("unionscreen.reports.terminal.ENTRIES_LIMIT", entries)
    flags = [a_flag(row=row) for row in (2, 3)]
    screening = a_screening(*(an_entry(*flags, prosecutor=f"Roe {number}") for number in range(4)))
    shown = to_terminal(screening, width=100, color=False)
    if entries == 2:
        assert shown.count("SPRINGFIELD PBA") == 4
        assert "and 2 recipients more with 4 flagged rows, $400.00 net: --format json names them\n" in shown
    else:
        assert shown.count("SPRINGFIELD PBA") == 3
        assert shown.count("and 1 row more: --format csv has all\n") == 1
        assert shown.count("and 2 rows more: --format csv has all\n") == 2
        assert shown.count("$200.00 given, $0.00 returned, $200.00 net") == 4


def test_a_report_of_many_flags_is_written_in_seconds() -> None:
    flags = [a_flag(row=row, contributor=f"SPRINGFIELD PBA {row}") for row in range(2, 20_002)]
    screening = a_screening(*(an_entry(*flags[at : at + 10]) for at in range(0, len(flags), 10)))
    began = time.process_time()
    to_terminal(screening, width=100, color=False)
    assert time.process_time() - began < 20  # 3 s on a quiet machine; 13 s and more for each further 20,000 rows before


def test_a_sentence_about_one_contribution_is_in_the_singular() -> None:
    one = an_entry(contributions=1)
    for name in ("table", "md", "html"):
        shown = " ".join(render(a_screening(one), name).decode().split())
        assert "1 contributions" not in shown
        assert "1 contribution match " not in shown
    assert "0 of 1 contribution matches the list or reads like an officers' organization" in (
        " ".join(render(a_screening(one), "table").decode().split())
    )
    assert quotable(one) == (
        "The one contribution that Jane Roe reported does not match the list or read like an officers' organization."
    )


@pytest.mark.parametrize(
    ("numbers", "said"),
    [((0, 1), "0 of 1 row matches"), ((1, 1), "1 of 1 row matches"), ((1, 2), "1 of 2 rows matches"),
     ((0, 2), "0 of 2 rows match"), ((2, 2_000), "2 of 2,000 rows match")],
)  # fmt: skip
def test_a_number_out_of_another_has_the_noun_of_the_second_and_the_verb_of_the_first(
    numbers: tuple[int, int], said: str
) -> None:
    assert count_of(*numbers, "row", "matches", "match") == said


def test_commands_that_count_one_thing_say_so_in_the_singular(cli, tmp_path) -> None:
    assert "1 name, 0 unions among them" in cli("check", "--stdin", stdin="Pat Doe\n").stderr
    path = tmp_path / "one.csv"
    path.write_text(
        "Recipient,Contributor,Amount,Date\nRoe for DA,Pat Doe,5,2022-01-01\nRoe for DA,Pat Doe,x,2022-01-01\n"
    )
    refused = cli("screen", path, "--max-rejects", "0").stderr
    assert "1 row could not be read as contributions; --max-rejects allows 0" in refused
    decisions = tmp_path / "decisions.csv"
    decisions.write_text("donor,verdict,by,on\nPat Doe,rejected,A.B.,2026-01-31\n")
    assert "0 of 1 decision applies to these filings" in cli("screen", path, "--decisions", decisions).stderr
