"""The page in a browser: nothing is loaded, nothing acts, it sorts and filters, and anybody can use it.

Needs selenium (extra `browser`) and Chromium with its driver (`apt-get install chromium chromium-driver`); axe is
the extra's, or a newer one: `npm install --no-save axe-core` in the checkout, or AXE_CORE=path/to/axe.min.js.
"""

from __future__ import annotations

import base64
import importlib.util
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from report_cases import HOSTILE, a_flag, a_screening, a_spending, an_entry, hostile_screening, money_of
from unionscreen.reports import render
from unionscreen.reports.page.charts import LEFT, RIGHT, timeline
from unionscreen.reports.text import shorten
from unionscreen.review.exchange import read_queue
from unionscreen.screening import Screening
from unionscreen.screening.paid_out import Books

ROOT = Path(__file__).resolve().parents[1]


def find_axe() -> Path | None:
    """The script of axe: named by AXE_CORE, of npm in the checkout, or of the extra `browser`."""
    package = importlib.util.find_spec("axe_core_python")
    places = [os.environ.get("AXE_CORE"), ROOT / "node_modules" / "axe-core" / "axe.min.js"]
    places += [Path(folder) / "axe.min.js" for folder in ((package and package.submodule_search_locations) or ())]
    return next((Path(place) for place in places if place and Path(place).is_file()), None)


AXE = find_axe()
WIDTHS = {
    "desktop": (1280, 900),
    "small desktop": (1200, 900),
    "tablet": (760, 1000),
    "phone": (390, 844),
    "small phone": (360, 740),
}
FLAGS = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking \
--disable-component-update --disable-sync --disable-dev-shm-usage".split()

pytestmark = pytest.mark.xdist_group("browser")  # one browser for all, where tests run in several processes


def page_screening() -> Screening:
    """Two prosecutors, all kinds of rows, and every hostile name."""
    names = list(HOSTILE.values())
    statuses = ["active", "refunded", "superseded", "covered", "duplicate", "memo", "void"]
    flags = tuple(
        a_flag(
            row=at + 2,
            contributor=name,
            why=f"“{name}” was met",
            date=date(2015 + at % 8, 1 + at % 12, 3),
            amount_cents=(at + 1) * 123_45,
            status=statuses[at % 7],
            status_cause="filing.csv:99" if at % 7 else None,
            tier="pattern" if at % 3 == 0 else "listed",
            reviewed="confirmed by A.B. on 2026-01-01" if at == 2 else None,
        )
        for at, name in enumerate(names)
    )
    second = (a_flag(row=90, amount_cents=-50_00), a_flag(row=91, date=None), a_flag(row=92, amount_cents=2_500_00))
    hostile = hostile_screening(HOSTILE["script"])
    return Screening(
        (
            an_entry(
                *flags, flagged=money_of(*flags), pledge_date=date(2020, 6, 1), pledge_source="https://example.org"
            ),
            an_entry(*second, flagged=money_of(*second), prosecutor="Zoe Large"),
            *hostile.prosecutors,
        ),
        hostile.rejected,
        a_screening().manifest,
        ("a note",),
        Books(
            9,
            (),
            (
                a_spending(spender=HOSTILE["script"]),
                a_spending(support_oppose="oppose", tier="pattern"),
                a_spending(support_oppose="unknown", tier=None, date=date(2022, 5, 1)),
                a_spending(prosecutor=HOSTILE["attribute"]),
            ),
        ),
    )


def page_of(screening: Screening) -> str:
    return render(screening, "html").decode()


# The page as text.


def test_the_policy_allows_the_two_inline_parts_and_nothing_else() -> None:
    page = page_of(page_screening())
    policy = page.split('http-equiv="Content-Security-Policy" content="')[1].split('"')[0]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert "http" not in policy


def test_the_page_names_no_address_but_in_text() -> None:
    page = page_of(a_screening(an_entry(a_flag())))
    assert "http://" not in page
    assert "https://" not in page


def test_a_page_without_flags_says_so() -> None:
    page = page_of(a_screening(an_entry()))
    assert "None of the 685 contributions that Jane Roe reported matches the list" in page
    assert "<svg" not in page


def test_a_page_of_nobody_has_no_sum_of_nothing() -> None:
    figures = page_of(a_screening()).split('class="tiles"')[1].split("</dl>")[0]
    assert ("none read" in figures, "$" in figures) == (True, False)
    others = a_screening()
    others.manifest["not_looked_up"] = {"recipients": 2, "rows": 5}
    assert "Recipients recognized as prosecutors</dt><dd>none" in page_of(others)
    spent = page_of(replace(a_screening(), books=Books(1, (), (a_spending(),))))
    assert "match police unions</dt><dd>$12,000.00</dd>" in spent


def test_the_figures_of_prosecutors_stand_apart_where_others_are_shown_too() -> None:
    other = an_entry(a_flag(amount_cents=900_00), prosecutor=None, recipients=("Jim Poe for Sheriff",))
    mixed, alone = (page_of(a_screening(an_entry(a_flag()), *more)) for more in ([other], []))
    assert '<dt>Net</dt><dd>$1,000.00</dd><dd class="detail">prosecutors: $100.00</dd>' in mixed
    assert "prosecutors: $" not in alone


def test_a_column_without_a_cell_is_left_out() -> None:
    row = a_spending(payee="", office=None)
    page = page_of(replace(a_screening(an_entry(a_flag())), books=Books(1, (), (row,))))
    headings = page.split('id="independent_spending"')[1].split("</thead>")[0]
    assert "Spender</th>" in headings
    assert "File and row</th>" in headings
    assert [
        name for name in ("Payee", "Office", "Status cause", "Possibly same", "Jurisdiction") if name in headings
    ] == []
    assert "What became of it" not in page
    assert "What became of it" in page_of(a_screening(an_entry(a_flag(kind="in-kind"))))
    several = [an_entry(a_flag(), office=office, jurisdiction=None) for office in (None, "District Attorney")]
    assert ">Office</th>" not in page_of(a_screening(several[0], several[0]))
    assert ">Office</th>" in page_of(a_screening(*several))


def test_a_table_of_money_paid_out_has_its_caption_once_and_no_sentence_about_another_kind() -> None:
    page = page_of(replace(a_screening(), books=Books(1, (), (a_spending(),))))
    assert page.count("Spent for or against whom, by whom; not a gift") == 1
    assert "A gift that only the giver reported" not in page
    related = page_of(a_screening(an_entry(related=(a_flag(tier=None, union_kind="chiefs"),))))
    assert related.count("They share words with police unions, but are not unions.") == 1


def test_a_line_may_end_in_a_path_but_not_in_a_word() -> None:
    path = "folder/2022-contributions-of-the-county.csv"
    page = page_of(a_screening(an_entry(a_flag(source=path, contributor="C.C.P.O.A. of Winchestertonfieldville"))))
    assert "<bdi>folder/<wbr>2022-<wbr>contributions-<wbr>of-<wbr>the-<wbr>county.<wbr>csv</bdi>" in page
    assert ">C.C.P.O.A. of Winchestertonfiel<wbr>dville<" not in page
    assert ">C.C.P.O.A. of " in page


def test_long_tables_are_cut_and_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("unionscreen.reports.page.ROW_LIMIT", 3)
    flags = [a_flag(row=row) for row in range(2, 12)]
    assert "And 7 rows more" in page_of(a_screening(an_entry(*flags)))


def test_the_table_of_returned_rows_says_when_it_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("unionscreen.reports.page.ROW_LIMIT", 12)
    flags = [a_flag(row=row, status="memo") for row in range(2, 18)]
    assert page_of(a_screening(an_entry(*flags))).count("And 4 rows more") == 2


def test_what_is_reviewed_has_its_column() -> None:
    assert ">Reviewed</th>" not in page_of(a_screening(an_entry(a_flag())))
    page = page_of(a_screening(an_entry(a_flag(reviewed="confirmed by A.B."))))
    assert ">Reviewed</th>" in page
    assert "confirmed by A.B." in page


# The timeline.


def test_marks_stand_in_the_order_of_their_dates_and_above_or_below_zero() -> None:
    flags = [a_flag(date=date(2022, 9, 20), amount_cents=-5_00), a_flag(date=date(2022, 9, 1), amount_cents=5_00)]
    line = timeline(flags, None)
    assert line is not None
    gifts, returned = line.lanes
    (gift,), (back,) = gifts.marks, returned.marks
    assert LEFT < gift.x < back.x < RIGHT
    assert gift.y < gifts.zero
    assert returned.zero < back.y
    assert (gift.row.shape, back.row.shape) == ("listed", "back")


def test_a_chart_of_many_gifts_draws_the_largest_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("unionscreen.reports.page.charts.MARKS_LIMIT", 3)
    flags = [a_flag(row=row, amount_cents=row * 100) for row in range(2, 12)]
    line = timeline(flags, None)
    assert line is not None
    (lane,) = line.lanes
    assert [mark.row.place for mark in lane.marks] == ["filing.csv:10", "filing.csv:11", "filing.csv:9"]
    assert "The 3 largest are drawn; 7 smaller ones are not." in page_of(a_screening(an_entry(*flags)))


def test_two_gifts_of_one_day_are_two_dots() -> None:
    line = timeline([a_flag(row=row) for row in (2, 3, 4)] + [a_flag(row=5, date=date(2022, 5, 1))], None)
    assert line is not None
    (lane,) = line.lanes
    places = [(mark.x, mark.aside) for mark in lane.marks]
    assert len({*places}) == 4
    assert lane.marks[3].aside == 0
    page = page_of(a_screening(an_entry(a_flag(), a_flag(row=3))))
    assert page.count('transform="translate(-5.5 0)"') == page.count('transform="translate(5.5 0)"') == 1


@pytest.mark.parametrize(
    ("latest", "label", "caption"),
    [
        (None, "pledge 2020-06-01<", "a gift on the day itself counts as after it"),
        (date(2020, 6, 30), "pledge 2020-06<", "its day is not known, and gifts within 2020-06 are unclear"),
    ],
)
def test_the_chart_shows_the_day_of_a_pledge_only_where_it_is_known(
    latest: date | None, label: str, caption: str
) -> None:
    flag = a_flag(date=date(2020, 6, 9))
    page = page_of(
        a_screening(an_entry(flag, flagged=money_of(flag), pledge_date=date(2020, 6, 1), pledge_latest=latest))
    )
    assert label in page
    assert f"Union money before and after the pledge; {caption}<" in page
    assert ('<line class="pledge"' in page, '<rect class="pledge-days"' in page) == (latest is None, latest is not None)
    assert ("The pledge was made on a day within the band, 2020-06; which day is not known." in page) is bool(latest)


def test_the_time_of_a_pledge_is_on_the_axis_to_its_end() -> None:
    line = timeline([a_flag()], date(2025, 1, 1), pledge_latest=date(2025, 12, 31))
    assert line is not None
    assert line.pledge is not None
    assert line.pledge_end is not None
    assert LEFT < line.lanes[0].marks[0].x < line.pledge < line.pledge_end < 100


def test_the_pledge_stands_on_the_axis_even_outside_of_the_gifts() -> None:
    line = timeline([a_flag()], date(2019, 1, 1))
    assert line is not None
    assert line.pledge is not None
    assert LEFT < line.pledge < line.lanes[0].marks[0].x


def test_what_is_in_no_sum_or_has_no_date_is_not_drawn_but_counted() -> None:
    line = timeline([a_flag(), a_flag(date=None), a_flag(status="superseded")], None)
    assert line is not None
    assert ([len(lane.marks) for lane in line.lanes], line.left_out) == ([1], 2)
    assert timeline([a_flag(date=None)], None) is None


def test_each_kind_of_money_has_its_lane_and_an_empty_one_is_not_drawn() -> None:
    flags = [a_flag(), a_flag(row=3, amount_cents=-5_00), a_flag(row=4, date=None)]
    spending = [
        a_spending(amount_cents=75_000_00, date=date(2023, 1, 1)),
        a_spending(support_oppose="oppose", tier=None),
        a_spending(support_oppose="unknown"),
        a_spending(status="covered"),
        a_spending(date=None),
    ]
    line = timeline(flags, None, spending)
    assert line is not None
    assert [(lane.name, len(lane.marks)) for lane in line.lanes] == [
        ("gifts", 1),
        ("returned", 1),
        ("support", 1),
        ("oppose", 1),
        ("unknown", 1),
    ]
    assert (line.left_out, line.spending_left_out) == (1, 2)
    assert all(one.bottom < other.top for one, other in zip(line.lanes, line.lanes[1:], strict=False))
    assert line.lanes[0].marks[0].x < line.lanes[3].marks[0].x < line.lanes[2].marks[0].x  # one axis of days
    less = timeline(flags[:1], None, spending[1:2])
    assert less is not None
    assert [lane.label for lane in less.lanes] == ["Gifts of police unions", "Independent spending against"]


def test_lanes_of_one_scale_can_be_compared_and_spending_does_not_flatten_the_gifts() -> None:
    flags = [a_flag(amount_cents=400_00), a_flag(row=3, amount_cents=-400_00)]
    spending = [a_spending(amount_cents=75_000_00), a_spending(support_oppose="oppose", amount_cents=37_500_00)]
    line = timeline(flags, None, spending)
    assert line is not None
    gift, back, pro, con = (abs(lane.marks[0].y - lane.zero) for lane in line.lanes)
    assert gift == pytest.approx(back, abs=0.2)
    assert pro == pytest.approx(2 * con, abs=0.3)
    assert gift > 40


def test_the_shape_of_a_mark_says_who_gave_and_never_only_its_color() -> None:
    page = page_of(
        replace(
            a_screening(an_entry(a_flag(tier="related"))),
            books=Books(2, (), (a_spending(tier=None), a_spending(tier="pattern", date=date(2022, 5, 1)))),
        )
    )
    assert page.count('<g class="mark other">') == 2
    assert "not recognized as a police union" in page
    assert "on the list</li>" not in page


def test_independent_spending_is_in_no_figure_of_gifts() -> None:
    entry = an_entry(a_flag(), flagged=money_of(a_flag()))
    one, other = (
        page_of(a_screening(entry)),
        page_of(replace(a_screening(entry), books=Books(1, (), (a_spending(amount_cents=777_77_00),)))),
    )
    figures = [page.split('class="tiles"')[1].split("</dl>")[0] for page in (one, other)]
    assert figures[0] == figures[1]
    assert "Independent spending is not a gift: it is in no total of gifts" in other
    assert "Independent spending for: 1 mark." in other  # for a screen reader


def test_who_has_no_filing_here_has_a_timeline_of_the_spending() -> None:
    about = a_spending(prosecutor="Sam Poe", support_oppose="oppose")
    page = page_of(replace(a_screening(an_entry()), books=Books(1, (), (about,))))
    assert "Independent spending about <bdi>Sam Poe</bdi>" in page
    assert page.count('<figure class="timeline">') == 1
    unflagged = page_of(replace(a_screening(an_entry()), books=Books(1, (), (a_spending(),))))
    assert "Independent spending for, 2022-04-01: $12,000.00, SPRINGFIELD PBA" in unflagged
    assert "Independent spending about" not in unflagged


def test_only_the_first_people_have_a_chart_and_the_page_says_how_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("unionscreen.reports.page.SECTION_LIMIT", 2)
    about = [a_spending(prosecutor=name) for name in ("Sam Poe", "Lee Doe", "Jane Roe")]
    page = page_of(replace(a_screening(an_entry(a_flag())), books=Books(3, (), tuple(about))))
    assert page.count('<figure class="timeline">') == 2
    assert "Charts are drawn for the first 2 people or committees" in page


@pytest.mark.parametrize(
    ("first", "last"), [("2022-03-01", "2022-03-02"), ("2021-11-30", "2022-04-01"), ("1970-01-01", "2100-12-31")]
)
def test_an_axis_has_few_ticks(first: str, last: str) -> None:
    line = timeline([a_flag(date=date.fromisoformat(day)) for day in (first, last)], None)
    assert line is not None
    assert 1 <= len(line.days) <= 5


# The page in a browser.


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed (extra `browser`)")
    paths = [shutil.which("chromium") or shutil.which("google-chrome"), shutil.which("chromedriver")]
    if not all(paths):
        pytest.skip("no Chromium with chromedriver (apt-get install chromium chromium-driver)")
    options = webdriver.ChromeOptions()
    options.binary_location = str(paths[0])
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(str(paths[1])))
    yield driver
    driver.quit()


@pytest.fixture
def page(browser: Any, tmp_path: Path) -> Any:
    """The page, opened from disk on a desktop in light colors."""
    (tmp_path / "report.html").write_bytes(render(page_screening(), "html"))
    look(browser, "desktop", "light")
    for kind in ("browser", "performance"):
        browser.get_log(kind)
    browser.get((tmp_path / "report.html").as_uri())
    return browser


def look(browser: Any, width: str, scheme: str) -> None:
    across, down = WIDTHS[width]
    metrics = {"width": across, "height": down, "deviceScaleFactor": 1, "mobile": "phone" in width}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    colors = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", colors)


def shown(page: Any) -> list[int]:
    """The row numbers of the flags that are to be seen, in their order."""
    places = page.execute_script(
        "return [...document.querySelectorAll('#flags-table tbody tr')].filter(r => !r.hidden)"
        ".map(r => r.querySelector('.place').textContent)"
    )
    return [int(place.rpartition(":")[2]) for place in places]


@pytest.mark.browser
def test_nothing_is_loaded_and_no_script_fails(page: Any) -> None:
    messages = [json.loads(each["message"])["message"] for each in page.get_log("performance")]
    asked = {each["params"]["request"]["url"] for each in messages if each["method"] == "Network.requestWillBeSent"}
    assert {url.partition(":")[0] for url in asked} <= {"file", "data"}
    assert len([url for url in asked if url.startswith("file")]) == 1
    assert page.get_log("browser") == []


@pytest.mark.browser
def test_hostile_donors_are_text(page: Any) -> None:
    donors = page.execute_script(
        "return [...document.querySelectorAll('#flags-table .donor')].map(each => each.textContent)"
    )
    assert set(donors) >= {shorten(name, 240) or "(no name)" for name in HOSTILE.values()}
    assert page.execute_script("return document.scripts.length + document.images.length") == 1


@pytest.mark.browser
def test_the_table_is_sorted_by_its_headings(page: Any) -> None:
    before = shown(page)
    (heading,) = [
        each for each in page.find_elements("css selector", "#flags-table th button") if each.text == "Amount"
    ]
    heading.send_keys("\n")
    amounts = page.execute_script(
        "return [...document.querySelectorAll('#flags-table .money')].map(each => Number(each.dataset.sort))"
    )
    assert amounts == sorted(amounts, reverse=True)
    parent = page.execute_script("return arguments[0].parentElement.getAttribute('aria-sort')", heading)
    assert parent == "descending"
    heading.send_keys("\n")
    assert shown(page)[0] == 90
    assert sorted(shown(page)) == sorted(before)


@pytest.mark.browser
def test_the_table_is_filtered_by_words_tier_and_status(page: Any) -> None:
    every = len(shown(page))
    find = page.find_element("id", "find")
    find.send_keys("hyperlink EXAMPLE")
    assert 1 <= len(shown(page)) < every
    assert page.find_element("id", "shown").text == f"{len(shown(page))} of {every} rows shown"
    find.clear()
    find.send_keys("x")
    find.send_keys("\b")
    for control, value in (("tier", "pattern"), ("status", "memo")):
        page.find_element("css selector", f"#{control} option[value={value}], #{control}").send_keys(value)
    kinds = page.execute_script(
        "return [...document.querySelectorAll('#flags-table tbody tr')].filter(r => !r.hidden)"
        ".map(r => r.dataset.tier + ' ' + r.dataset.status)"
    )
    assert set(kinds) == {"pattern memo"}


@pytest.mark.browser
def test_decisions_come_out_as_lines_that_review_imports(page: Any, tmp_path: Path) -> None:
    rows = page.find_elements("css selector", "#flags-table tbody tr")
    wanted = [HOSTILE["formula"], HOSTILE["quotes"], HOSTILE["script"]]
    for row in rows:
        if json.loads(row.get_attribute("data-donor")) in wanted:
            page.execute_script(
                "const s = arguments[0].querySelector('.decide select'); s.value = 'rejected';"
                "s.dispatchEvent(new Event('change'))",
                row,
            )
    lines = page.find_element("id", "decided").get_property("value")
    (tmp_path / "decided.csv").write_text(lines, encoding="utf-8")
    found = read_queue(tmp_path / "decided.csv", by="A.B.", on="2026-01-31")
    assert sorted(each.donor for each in found) == sorted(wanted)
    assert {each.verdict for each in found} == {"rejected"}


@pytest.mark.browser
def test_without_javascript_all_is_there_and_no_dead_control(browser: Any, page: Any) -> None:
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        page.refresh()
        assert not page.find_element("css selector", ".tools").is_displayed()
        assert len(page.find_elements("css selector", "#flags-table tbody tr")) == len(HOSTILE) + 3 + 3
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


@pytest.mark.browser
@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_is_not_wider_than_the_screen(page: Any, width: str) -> None:
    look(page, width, "light")
    assert page.execute_script("return document.documentElement.scrollWidth") <= WIDTHS[width][0]


# The words of up to 20 letters that are on two lines, and the places that are not to be seen without scrolling.
BROKEN = """
const broken = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
for (let node; (node = walk.nextNode()); ) {
  if (!node.parentElement.closest("table") || node.parentElement.closest("select")) continue;
  for (const word of node.data.matchAll(/(?<!\\S)[A-Za-z]{2,20}(?!\\S)/g)) {
    const range = document.createRange();
    range.setStart(node, word.index);
    range.setEnd(node, word.index + word[0].length);
    if (new Set([...range.getClientRects()].map((each) => Math.round(each.top))).size > 1) broken.push(word[0]);
  }
}
const places = [...document.querySelectorAll("td.place")];
const far = places.filter((each) => each.getBoundingClientRect().right > innerWidth);
return [broken, far.map((each) => each.textContent)];
"""


@pytest.mark.browser
@pytest.mark.parametrize("width", WIDTHS)
def test_no_word_is_broken_and_file_and_row_are_always_seen(browser: Any, tmp_path: Path, width: str) -> None:
    path = "data/filings/of-the-agency/committee_of_many_words_for_sheriff_{}.csv"
    flags = [
        a_flag(
            row=row, source=path.format(row), contributor="Springfield Correctional Peace Officers Association",
            amount_cents=125_000_00, why=f"Row {row} of {path.format(row)}: the name on the list", status="covered",
            status_cause=f"{path.format(9)}:3",
        )
        for row in (2, 3)
    ]  # fmt: skip
    spending = a_spending(place=f"{path.format(4)}:5", status="covered", status_cause=f"{path.format(9)}:3")
    entries = [an_entry(flag, prosecutor=None, recipients=("Crime Victims for Jim Poe 2022",)) for flag in flags]
    screening = replace(a_screening(*entries), books=Books(1, (), (spending, spending)))
    (tmp_path / "wide.html").write_text(page_of(screening), encoding="utf-8")
    look(browser, width, "light")
    browser.get((tmp_path / "wide.html").as_uri())
    assert browser.execute_script(BROKEN) == [[], []]


@pytest.mark.browser
@pytest.mark.parametrize("width", WIDTHS)
def test_a_sum_of_eight_digits_has_room_in_its_tile(browser: Any, tmp_path: Path, width: str) -> None:
    large = a_flag(amount_cents=31_488_740_40)
    (tmp_path / "large.html").write_text(page_of(a_screening(an_entry(large, raised=98_765_432_10))), encoding="utf-8")
    look(browser, width, "light")
    browser.get((tmp_path / "large.html").as_uri())
    lines = browser.execute_script(
        "return [...document.querySelectorAll('.tiles dd:not(.detail)')].map(each => [each.textContent, "
        "each.scrollWidth <= each.clientWidth && each.getClientRects().length === 1 "
        "&& each.offsetHeight < 2 * parseFloat(getComputedStyle(each).fontSize)])"
    )
    assert "$31,488,740.40" in [text for text, _ in lines]
    assert [text for text, fits in lines if not fits] == []


@pytest.mark.browser
def test_the_order_by_date_goes_across_prosecutors_and_back(page: Any) -> None:
    before = shown(page)
    for value, descending in (("0 0", False), ("0 1", True)):
        page.execute_script(
            "const s = document.getElementById('order'); s.value = arguments[0]; s.dispatchEvent(new Event('change'))",
            value,
        )
        days = page.execute_script(
            "return [...document.querySelectorAll('#flags-table tbody .date')].map(each => each.textContent)"
        )
        known = [day for day in days if day != "no date"]
        assert known == sorted(known, reverse=descending) == days[: len(known)]
    page.execute_script(
        "const s = document.getElementById('order'); s.value = ''; s.dispatchEvent(new Event('change'))"
    )
    assert shown(page) == before


@pytest.mark.browser
def test_the_order_that_is_shown_at_first_is_the_order_of_the_page(page: Any) -> None:
    chosen = page.execute_script("const s = document.getElementById('order'); return s.options[s.selectedIndex].text")
    assert chosen == "Recipient, then date"


def printed(browser: Any, page: str, path: Path) -> list[str]:
    """The text of each printed page."""
    path.write_text(page, encoding="utf-8")
    browser.get(path.as_uri())
    data = base64.b64decode(browser.execute_cdp_cmd("Page.printToPDF", {})["data"])
    with closing(pypdfium2.PdfDocument(data)) as document:
        return [each.get_textpage().get_text_bounded().replace("\r\n", "\n") for each in document]


@pytest.mark.browser
def test_print_repeats_the_headings_and_never_breaks_a_row_number(browser: Any, tmp_path: Path) -> None:
    look(browser, "desktop", "light")
    name = "folder/2022-contributions-of-the-county-{}.csv"
    flags = tuple(
        a_flag(row=1_000_018 + at, source=name.format("x" * (at % 20)), reviewed="confirmed by A.B.")
        for at in range(80)
    )
    pages = printed(browser, page_of(a_screening(an_entry(*flags), an_entry())), tmp_path / "long.html")
    assert [row for row in range(1_000_018, 1_000_098) if f":{row}" not in "".join(pages)] == []
    inside = [page for page in pages if "SPRINGFIELD PBA" in page]
    assert len(inside) > 2
    assert [page[:60] for page in inside if "Donor as filed" not in page] == []


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_no_violation(page: Any, width: str, scheme: str) -> None:
    if AXE is None:
        pytest.skip("axe is not installed (extra `browser`)")
    look(page, width, scheme)
    # Through the debugger: the page's own policy lets no other script in.
    page.execute_cdp_cmd("Runtime.evaluate", {"expression": AXE.read_text(encoding="utf-8")})
    found = page.execute_cdp_cmd(
        "Runtime.evaluate",
        {
            "expression": "axe.run().then(r => "
            "JSON.stringify([r.passes.length > 10, r.violations.map(v => [v.id, v.nodes.map(n => n.html)])]))",
            "awaitPromise": True,
        },
    )
    assert json.loads(found["result"]["value"]) == [True, []]
