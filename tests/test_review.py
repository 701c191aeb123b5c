"""Reviewing: the queue, the three doors, and what the next run makes of the decisions."""

from __future__ import annotations

import csv
import json
import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook
from typer.testing import Result

import unionscreen
from unionscreen.cli.review import card
from unionscreen.errors import UsageError
from unionscreen.review.decisions import Decision, Decisions
from unionscreen.review.exchange import HEADER, read_queue, write_queue
from unionscreen.review.promote import promote
from unionscreen.review.queue import Item, make_queue
from unionscreen.review.session import Session
from unionscreen.review.store import append_decisions, load_decisions

Cli = Callable[..., Result]
AVERY = Path(__file__).resolve().parents[1] / "examples" / "netfile-avery.csv"
WILLOW = "Willow Bend Police Officers Association"
STOCKTON = "Stockton Police Offcers Associaton"
CHIEFS = "California Police Chiefs Association PAC"
DAY = "2026-01-02"


def decide(donor: str, verdict: str, union_id: str = "", state: str = "CA", why: str = "") -> Decision:
    return Decision(donor, state, union_id, verdict, "A.B.", DAY, why)


@pytest.fixture(scope="module")
def screening() -> unionscreen.Screening:
    return unionscreen.screen([AVERY])


@pytest.fixture(scope="module")
def items(screening: unionscreen.Screening) -> list[Item]:
    return make_queue(screening, Decisions())


@pytest.fixture
def decided(tmp_path: Path) -> Callable[..., Any]:
    """Screen the example with these decisions; the one entry, as JSON."""

    def run(*decisions: Decision, suffix: str = ".csv", filing: Path = AVERY) -> Any:
        log = tmp_path / f"log{suffix}"
        append_decisions(log, decisions)
        (entry,) = unionscreen.screen([filing], decisions=log).to_dict()["prosecutors"]
        return entry

    return run


# The queue.


def test_the_doubtful_and_dear_come_first(items: list[Item]) -> None:
    assert items[0].donor == WILLOW
    assert [item.weight for item in items] == sorted((item.weight for item in items), reverse=True)


def test_each_string_is_asked_once_with_all_its_rows(items: list[Item]) -> None:
    (sacramento,) = [item for item in items if item.donor.startswith("Sacramento Police")]
    assert (sacramento.rows, sacramento.cents) == (2, 280_000)
    assert "$2,800.00 given or returned, in 2 rows of Jordan Avery" in card(sacramento, 1, 1)  # $1,400 and its refund


def test_the_queue_shows_evidence_and_near_misses(items: list[Item]) -> None:
    willow = items[0]
    assert "reads like an organization of officers" in willow.evidence
    assert willow.places == (f"{AVERY}:24",)
    assert any("Bend" in near.union and near.against for near in willow.near)


@pytest.mark.parametrize("verdict", ["confirmed", "rejected", "unsure"])
def test_what_is_decided_is_never_asked_again(screening: unionscreen.Screening, verdict: str) -> None:
    log = Decisions((decide(WILLOW.upper(), verdict),))
    assert WILLOW not in [item.donor for item in make_queue(screening, log)]


def test_what_was_revoked_or_left_open_can_be_asked_again(screening: unionscreen.Screening) -> None:
    revoked = Decisions((decide(WILLOW, "rejected"), decide(WILLOW, "revoked")))
    assert make_queue(screening, revoked)[0].donor == WILLOW
    left = make_queue(screening, Decisions((decide(WILLOW, "unsure"),)), unsure=True)
    assert left[0].before == f"reviewed, left open by A.B. on {DAY}"


def test_look_alikes_are_asked_about_when_wanted(screening: unionscreen.Screening) -> None:
    assert CHIEFS in [item.donor for item in make_queue(screening, Decisions(), related=True)]


# What the next run makes of them.


def test_a_rejected_string_leaves_the_sums_and_is_listed_with_its_decision(decided: Callable[..., Any]) -> None:
    entry = decided(decide(WILLOW, "rejected", why="does not exist"))
    assert entry["flagged"]["net"] == "11900.00"
    assert WILLOW not in [flag["contributor"] for flag in entry["flags"]]
    (row,) = entry["dismissed"]
    assert (row["row"], row["decision"]) == (24, "rejected")
    assert row["reviewed"] == f"reviewed, not a union by A.B. on {DAY}: does not exist"


def test_a_confirmed_look_alike_is_counted(decided: Callable[..., Any]) -> None:
    entry = decided(decide(CHIEFS, "confirmed"))
    assert entry["flagged"]["net"] == "13650.00"
    assert CHIEFS not in [flag["contributor"] for flag in entry["related"]]


def test_a_confirmed_union_replaces_the_one_that_was_matched(decided: Callable[..., Any]) -> None:
    union_id = "us-ca-stockton-police-officers-association"
    flags = decided(decide(WILLOW, "confirmed", union_id))["flags"]
    (flag,) = [each for each in flags if each["contributor"] == WILLOW]
    assert (flag["union_id"], flag["tier"]) == (union_id, "listed")


def test_what_was_left_open_is_counted_and_says_so(decided: Callable[..., Any]) -> None:
    entry = decided(decide(WILLOW, "unsure"))
    assert entry["flagged"]["net"] == "12650.00"
    assert [flag["decision"] for flag in entry["flags"] if flag["contributor"] == WILLOW] == ["unsure"]


def test_a_confirmed_name_that_the_matcher_knows_nothing_of_is_found(decided: Callable[..., Any]) -> None:
    before = decided(decide("Nobody Here", "confirmed"))
    union_id = "us-ca-stockton-police-officers-association"
    entry = decided(decide("NGUYEN TRAN", "confirmed", union_id), decide("Okafor, Renee", "confirmed", union_id))
    (flag,) = [each for each in entry["flags"] if each["contributor"] == "Okafor, Renee"]
    assert (flag["row"], flag["union_id"], flag["decision"]) == (2, union_id, "confirmed")
    assert len(entry["flags"]) == len(before["flags"]) + 1


@pytest.mark.parametrize(("state", "flagged"), [("CA", [WILLOW]), ("NY", [])])
def test_a_confirmed_name_is_flagged_whatever_its_score(tmp_path: Path, state: str, flagged: list[str]) -> None:
    append_decisions(tmp_path / "log.csv", [decide(WILLOW, "confirmed", state=state)])
    screening = unionscreen.screen(AVERY, decisions=tmp_path / "log.csv", min_score=99.9)
    assert [flag.contributor for flag in screening.prosecutors[0].flags] == flagged
    said = "left out, below min-score: 1 more, of donors whose names are confirmed elsewhere"
    assert (said in screening.notes) == (not flagged)


def test_a_name_confirmed_in_another_state_is_nobody_here(decided: Callable[..., Any]) -> None:
    entry = decided(decide("Okafor, Renee", "confirmed", state="NY"))
    assert "Okafor, Renee" not in [row["contributor"] for row in (*entry["flags"], *entry["related"])]


def test_an_amended_filing_keeps_the_decisions(decided: Callable[..., Any], tmp_path: Path) -> None:
    amended = tmp_path / "amended.csv"
    lines = AVERY.read_text().splitlines(keepends=True)
    amended.write_text("".join([lines[0], *reversed(lines[1:])]).replace(WILLOW, WILLOW.upper()))
    entry = decided(decide(WILLOW, "rejected"), filing=amended)
    assert [row["contributor"] for row in entry["dismissed"]] == [WILLOW.upper()]


def test_the_manifest_says_which_decisions_were_used(tmp_path: Path) -> None:
    hashes = set()
    for name in ("a.csv", "b.db"):
        append_decisions(tmp_path / name, [decide(WILLOW, "rejected")])
        hashes.add(unionscreen.screen([AVERY], decisions=tmp_path / name).manifest["decisions"]["sha256"])
    assert len(hashes) == 1


def test_without_decisions_nothing_speaks_of_them(screening: unionscreen.Screening) -> None:
    text = json.dumps(screening.to_dict())
    assert '"reviewed"' not in text
    assert '"dismissed"' not in text
    assert '"decisions"' not in text


def test_the_table_lists_what_was_dismissed(cli: Cli, tmp_path: Path) -> None:
    append_decisions(tmp_path / "log.csv", [decide(WILLOW, "rejected")])
    shown = cli("screen", "examples/netfile-avery.csv", "--decisions", tmp_path / "log.csv").stdout
    assert "Reviewed and not a union, not counted above: 1 row" in shown
    assert "$11,900.00 net" in shown


# The terminal.


def session(items: list[Item], keys: str, log: list[Decision], shown: list[str] | None = None) -> Any:
    pressed: Iterator[str] = iter(keys)

    def key() -> str:
        try:
            return next(pressed)
        except StopIteration:
            raise EOFError from None

    return Session(
        items,
        key=key,
        line=lambda _: "looked it up",
        show=(shown if shown is not None else []).append,
        record=log.append,
        by="A.B.",
        on=DAY,
        card=lambda item, at, of: f"{at}/{of} {item.donor}",
    ).run()


def test_single_keys_decide(items: list[Item]) -> None:
    log: list[Decision] = []
    tally = session(items, "nyusq", log)
    assert [each.verdict for each in log] == ["rejected", "confirmed", "unsure"]
    assert (tally.decided, tally.skipped, tally.left) == (3, 1, len(items) - 4)


def test_a_number_confirms_that_near_miss(items: list[Item]) -> None:
    log: list[Decision] = []
    session(items, "1", log)
    assert (log[0].verdict, log[0].union_id) == ("confirmed", items[0].near[0].union_id)


def test_a_number_that_no_near_miss_has_decides_nothing(items: list[Item]) -> None:
    (item, *_) = items
    two = replace(item, near=(item.near[0], replace(item.near[0], union_id="another")))
    for key, union_ids in {"1": [item.near[0].union_id], "2": ["another"], "3": [], "0": []}.items():
        log: list[Decision] = []
        session([two], f"{key}q", log)
        assert [each.union_id for each in log] == union_ids


def test_a_reason_goes_with_the_next_decision_only(items: list[Item]) -> None:
    log: list[Decision] = []
    session(items, "wny", log)
    assert [each.why for each in log] == ["looked it up", ""]


def test_undo_takes_back_and_asks_again_and_the_log_knows(items: list[Item]) -> None:
    log: list[Decision] = []
    session(items, "nzy", log)
    assert [each.verdict for each in log] == ["rejected", "revoked", "confirmed"]
    held = Decisions(tuple(log)).find(items[0].donor, items[0].state)
    assert held is not None
    assert held.verdict == "confirmed"


def test_the_last_one_can_be_undone_too(items: list[Item]) -> None:
    log: list[Decision] = []
    shown: list[str] = []
    tally = session(items[:1], "nzy ", log, shown)
    assert [each.verdict for each in log] == ["rejected", "revoked", "confirmed"]
    assert (tally.decided, tally.left) == (1, 0)
    assert sum("the last one" in line for line in shown) == 2


def test_undo_leaves_open_again_what_was_left_open(screening: unionscreen.Screening) -> None:
    before = decide(WILLOW, "unsure", why="ask the county")
    again = make_queue(screening, Decisions((before,)), unsure=True)[:2]
    log: list[Decision] = []
    session(again, "nz", log)
    assert [each.verdict for each in log] == ["rejected", "revoked", "unsure"]
    assert Decisions((before, *log)).find(WILLOW, "CA") == before


def test_undo_repeats_nothing_that_held_for_every_state_all_along(screening: unionscreen.Screening) -> None:
    anywhere = decide(WILLOW, "unsure", state="")
    log: list[Decision] = []
    session(make_queue(screening, Decisions((anywhere,)), unsure=True)[:2], "nz", log)
    assert [each.verdict for each in log] == ["rejected", "revoked"]
    assert Decisions((anywhere, *log)).find(WILLOW, "CA") == anywhere


def test_the_keys_say_what_they_mean_for_a_look_alike(screening: unionscreen.Screening) -> None:
    shown: list[str] = []
    log: list[Decision] = []
    chiefs = [item for item in make_queue(screening, Decisions(), related=True) if item.donor == CHIEFS]
    session(chiefs, "y", log, shown)
    assert any(line.startswith("y it is a union after all") for line in shown)
    assert log[0].sentence().startswith("reviewed, a union by A.B.")


def test_ctrl_c_ends_the_session_and_keeps_what_was_decided(items: list[Item]) -> None:
    log: list[Decision] = []
    pressed = iter("n")

    def key() -> str:
        for each in pressed:
            return each
        raise KeyboardInterrupt

    tally = Session(items, key, lambda _: "", lambda _: None, log.append, "A.B.", DAY, lambda *_: "").run()
    assert (len(log), tally.left) == (1, len(items) - 1)


def test_undo_at_the_beginning_and_unknown_keys_do_nothing(items: list[Item]) -> None:
    log: list[Decision] = []
    shown: list[str] = []
    session(items, "z9x", log, shown)
    assert log == []
    assert "nothing to undo" in shown


@pytest.mark.parametrize("command", [("review",), ("review", "terminal")])
def test_without_a_terminal_the_review_refuses_clearly(cli: Cli, tmp_path: Path, command: tuple[str, ...]) -> None:
    result = cli(*command, "examples/netfile-avery.csv", "--decisions", tmp_path / "log.csv", "--by", "A.B.")
    assert result.exit_code == 2
    assert "the review needs a terminal" in result.stderr
    assert "review export" in result.stderr


def test_decisions_that_have_no_place_are_refused_before_anything_is_screened(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = SimpleNamespace(isatty=lambda: True)
    monkeypatch.setattr("unionscreen.cli.review.sys", SimpleNamespace(stdin=terminal, stderr=terminal))
    result = cli("review", "no-such-filing.csv", "--decisions", tmp_path / "none" / "log.csv", "--by", "A.B.")
    assert (result.exit_code, "no such directory to write in" in result.stderr) == (2, True)


@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal is POSIX's")
def test_keys_pressed_at_a_real_terminal_are_kept(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    log = tmp_path / "log.db"
    command = [sys.executable, "-m", "unionscreen", "review", str(AVERY), "--decisions", str(log), "--by", "A.B."]
    process = subprocess.Popen([*command, "--on", DAY], stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    shown = b""
    try:
        for key, after in ((b"n", b"q quit"), (b"z", b"a union by"), (b"u", b"undone"), (b"q", b"left open by")):
            deadline = time.monotonic() + 60
            while after not in shown.split(b"\x00")[-1] and time.monotonic() < deadline:
                if select.select([ours], [], [], 1)[0]:
                    shown += os.read(ours, 65536)
            shown += b"\x00"
            time.sleep(0.05)
            os.write(ours, key)
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.wait()
        os.close(ours)
    assert [each.verdict for each in load_decisions(log).log] == ["rejected", "revoked", "unsure"]


# A spreadsheet.


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_the_queue_goes_out_and_decisions_come_back(tmp_path: Path, items: list[Item], suffix: str) -> None:
    path = tmp_path / f"queue{suffix}"
    write_queue(path, items)
    assert read_queue(path) == []
    fill(path, {WILLOW: "rejected", STOCKTON: "y"})
    made = read_queue(path, by="A.B.", on=DAY)
    assert {each.donor: each.verdict for each in made} == {WILLOW: "rejected", STOCKTON: "confirmed"}


@pytest.mark.parametrize("why", ["a\nb", "a\rb", "a\r\nb", '"a"\n,b', "a\x85b"])
def test_a_reason_over_several_lines_comes_back_as_it_was(tmp_path: Path, why: str) -> None:
    path = tmp_path / "queue.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER[:7])
        dated = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        for row, donor in ((1, "ACME"), (4, "OTHER")):
            sheet.write_row(row, 0, [donor, "", "", "rejected", "A.B.", "", why])
            sheet.write_datetime(row, HEADER.index("on"), datetime(2026, 1, 2, 10, 30), dated)
    assert [(each.donor, each.on, each.why) for each in read_queue(path)] == [
        ("ACME", "2026-01-02", why),
        ("OTHER", "2026-01-02", why),
    ]


@pytest.mark.parametrize("data", [b"PK\x03\x04 cut off", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), b"x"])
def test_a_damaged_workbook_of_decisions_is_an_error_that_names_it(tmp_path: Path, cli: Cli, data: bytes) -> None:
    path = tmp_path / "queue.xlsx"
    path.write_bytes(data)
    result = cli("review", "import", path, "--decisions", tmp_path / "decisions.csv")
    assert (result.exit_code, f"{path}: the workbook cannot be read" in result.stderr) == (2, True)


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_a_queue_that_cannot_be_written_is_an_error_that_names_it(
    tmp_path: Path, items: list[Item], suffix: str
) -> None:
    path = tmp_path / f"queue{suffix}"
    path.mkdir()
    with pytest.raises(UsageError, match="is a directory") as error:
        write_queue(path, items)
    assert error.value.source == str(path)


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_a_full_disk_leaves_the_queue_that_was_there(
    tmp_path: Path, items: list[Item], suffix: str, full_disk: None
) -> None:
    path = tmp_path / f"queue{suffix}"
    with path.open("wb") as handle:
        handle.write(b"filled in by hand")
    with pytest.raises(UsageError, match="cannot be written: No space left on device") as error:
        write_queue(path, items)
    assert (error.value.source, path.read_bytes()) == (str(path), b"filled in by hand")
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("queue", "message"), [("queue.ods", "the queue is written as .xlsx or .csv"), ("none/q.csv", "no such directory")]
)
def test_a_queue_that_has_no_place_is_refused_before_anything_is_screened(
    cli: Cli, tmp_path: Path, queue: str, message: str
) -> None:
    result = cli("review", "export", tmp_path / queue, tmp_path / "no-such-filing.csv")
    assert (result.exit_code, message in result.stderr) == (2, True)


def fill(path: Path, verdicts: dict[str, str]) -> None:
    """Do what a reviewer does in a spreadsheet: fill the column verdict, save."""
    if path.suffix == ".csv":
        rows = list(csv.reader(path.read_text().splitlines()))
    else:
        rows = [list(map(str, row)) for row in CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()]
    assert tuple(rows[0]) == HEADER
    for row in rows[1:]:
        row[3] = verdicts.get(row[0], "")
    if path.suffix == ".csv":
        with path.open("w", newline="") as handle:
            csv.writer(handle).writerows(rows)
    else:
        with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False}) as book:
            sheet = book.add_worksheet()
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
@pytest.mark.parametrize(
    "donor", ['=HYPERLINK("http://x","y") POA', "+1 Lodge", "@SUM(A1)", "＝1+1 POA", "<script>x</script> POA"]
)
def test_hostile_names_are_inert_and_come_back_as_they_were(
    tmp_path: Path, items: list[Item], donor: str, suffix: str
) -> None:
    from dataclasses import replace

    path = tmp_path / f"queue{suffix}"
    write_queue(path, [replace(items[0], donor=donor)])
    if suffix == ".csv":
        assert list(csv.reader(path.read_text().splitlines()))[1][0][0] not in "=+@＝"
        fill(path, {next(csv.reader(path.read_text().splitlines()[1:]))[0]: "rejected"})
    else:
        fill(path, {donor: "rejected"})
    (made,) = read_queue(path, by="A.B.", on=DAY)
    assert made.donor == donor


def test_a_broken_queue_says_where(tmp_path: Path) -> None:
    path = tmp_path / "queue.csv"
    path.write_text("donor,verdict,by,on\nA Lodge,perhaps,A.B.,2026-01-02\n")
    with pytest.raises(UsageError, match=r"queue\.csv:2: 'perhaps' is not a verdict"):
        read_queue(path)
    path.write_text("donor,by\nA Lodge,A.B.\n")
    with pytest.raises(UsageError, match="no column verdict"):
        read_queue(path)


# All three doors.


def test_the_three_doors_give_the_same_next_run(cli: Cli, tmp_path: Path, items: list[Item]) -> None:
    entries = []
    log: list[Decision] = []
    session(items, "n", log)
    append_decisions(tmp_path / "terminal.db", log)
    queue = tmp_path / "queue.xlsx"
    assert cli("review", "export", queue, "examples/netfile-avery.csv").exit_code == 0
    fill(queue, {WILLOW: "rejected"})
    told = ("--by", "A.B.", "--on", DAY)
    assert cli("review", "import", queue, "--decisions", tmp_path / "sheet.csv", *told).exit_code == 0
    page = tmp_path / "decisions.csv"  # as the HTML report's "decide" column gives it
    page.write_text(f"donor,state,union_id,verdict,by,on,why\n{WILLOW},CA,,rejected,A.B.,{DAY},\n")
    assert cli("review", "import", page, "--decisions", tmp_path / "page.csv").exit_code == 0
    for name in ("terminal.db", "sheet.csv", "page.csv"):
        shown = cli("screen", "examples/netfile-avery.csv", "--decisions", tmp_path / name, "--format", "json")
        entries.append(json.loads(shown.stdout)["prosecutors"])
    assert entries[0][0]["dismissed"][0]["contributor"] == WILLOW
    assert entries[0] == entries[1] == entries[2]


def test_importing_twice_adds_nothing(cli: Cli, tmp_path: Path) -> None:
    page = tmp_path / "decisions.csv"
    page.write_text(f"donor,state,union_id,verdict,by,on,why\n{WILLOW},CA,,rejected,A.B.,{DAY},\n")
    log = tmp_path / "log.csv"
    cli("review", "import", page, "--decisions", log)
    again = cli("review", "import", page, "--decisions", log)
    assert "0 new decisions; 1 already known" in again.stderr
    assert len(load_decisions(log).log) == 1


def test_a_saved_result_can_be_reviewed_instead_of_the_filings(cli: Cli, tmp_path: Path) -> None:
    result = tmp_path / "result.json"
    cli("screen", "examples/netfile-avery.csv", "--format", "json", "--out", result)
    for source, name in ((result, "a.csv"), ("examples/netfile-avery.csv", "b.csv")):
        assert cli("review", "export", tmp_path / name, source).exit_code == 0
    assert (tmp_path / "a.csv").read_text() == (tmp_path / "b.csv").read_text()


@pytest.mark.parametrize(("on", "code"), [("1/2/2026", 0), ("2026-01", 2)])
def test_the_day_of_a_decision_may_be_written_as_in_every_list(cli: Cli, tmp_path: Path, on: str, code: int) -> None:
    log = tmp_path / "log.csv"
    append_decisions(log, [decide(WILLOW, "rejected")])
    result = cli("review", "revoke", WILLOW, "--decisions", log, "--by", "C.D.", "--on", on)
    assert (result.exit_code, f",{DAY}," in log.read_text().splitlines()[-1]) == (code, True), result.stderr


def test_the_log_shows_what_was_revoked(cli: Cli, tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    append_decisions(log, [decide(WILLOW, "rejected")])
    assert cli("review", "revoke", WILLOW, "--decisions", log, "--by", "C.D.", "--on", DAY).exit_code == 0
    shown = cli("review", "log", "--decisions", log).stdout.splitlines()
    assert shown[0].startswith(f"x {WILLOW} (CA): reviewed, not a union by A.B.")
    assert "revoked" in shown[1]
    nothing = cli("review", "revoke", WILLOW, "--decisions", log, "--by", "C.D.")
    assert (nothing.exit_code, "nothing is decided" in nothing.stderr) == (2, True)


@pytest.mark.parametrize("other", ["rejected", "confirmed"], ids=["states agree", "states differ"])
def test_without_a_state_the_decisions_of_all_states_are_revoked(cli: Cli, tmp_path: Path, other: str) -> None:
    log = tmp_path / "log.csv"
    append_decisions(
        log, [decide(WILLOW, "rejected"), decide(WILLOW, other, state="OR"), decide(WILLOW, other, state="")]
    )
    result = cli("review", "revoke", WILLOW, "--decisions", log, "--by", "C.D.", "--on", DAY)
    assert (result.exit_code, load_decisions(log).current) == (0, {})
    assert [f"({state})" in result.stderr for state in ("CA", "OR", "any state")] == [True] * 3


def test_with_a_state_only_its_decision_is_revoked(cli: Cli, tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    append_decisions(log, [decide(WILLOW, "rejected"), decide(WILLOW, "rejected", state="OR")])
    assert cli("review", "revoke", WILLOW, "--decisions", log, "--by", "C.D.", "--state", "ca").exit_code == 0
    assert [each.state for each in load_decisions(log).current.values()] == ["OR"]


# Into the list.


def test_a_confirmed_alias_becomes_a_row_of_the_own_list(tmp_path: Path) -> None:
    overlay = tmp_path / "own.csv"
    union_id = "us-ca-stockton-police-officers-association"
    log = Decisions((decide("Port City Guardians Fund", "confirmed", union_id), decide("Not This", "rejected")))
    assert unionscreen.check("Port City Guardians Fund").verdict == "clear"
    assert promote(log, overlay) == [(union_id, "Port City Guardians Fund")]
    answer = unionscreen.check("PORT CITY GUARDIANS FUND", unions=overlay)
    assert (answer.verdict, answer.union_id) == ("union", union_id)
    assert promote(log, overlay) == []


@pytest.mark.parametrize(("state", "written"), [("England", ""), ("California", "CA"), ("CA", "CA")])
def test_a_state_that_is_none_does_not_spoil_the_own_list(tmp_path: Path, state: str, written: str) -> None:
    log = Decisions((Decision("Elk Hills Night Owls", state, "", "confirmed", "A.B.", DAY),))
    promote(log, tmp_path / "own.csv")
    (row,) = csv.DictReader((tmp_path / "own.csv").read_text().splitlines())
    assert (row["union"], row["state"]) == ("Elk Hills Night Owls", written)
    assert unionscreen.check("Elk Hills Night Owls", unions=tmp_path / "own.csv").verdict == "union"


def test_a_confirmed_unlisted_union_becomes_one_of_its_own(tmp_path: Path) -> None:
    overlay = tmp_path / "own.csv"
    overlay.write_text("union,alias\nMy Lodge 5,Lodge Five")
    promote(Decisions((decide(WILLOW, "confirmed"),)), overlay)
    answer = unionscreen.check(WILLOW, unions=overlay)
    assert (answer.tier, answer.union) == ("listed", WILLOW)
    assert overlay.read_text().startswith("union,alias\nMy Lodge 5,Lodge Five\n")


def test_promoting_what_is_not_confirmed_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not confirmed in a review"):
        promote(Decisions((decide(WILLOW, "rejected"),)), tmp_path / "own.csv", [WILLOW])
    with pytest.raises(UsageError, match="not on the list"):
        promote(Decisions((decide(WILLOW, "confirmed", "no-such-union"),)), tmp_path / "own.csv")


def test_the_queue_of_a_spreadsheet_holds_what_the_reviewer_needs(tmp_path: Path, items: list[Item]) -> None:
    path = tmp_path / "queue.csv"
    write_queue(path, items)
    with path.open(encoding="utf-8-sig", newline="") as handle:
        rows = {row["donor"]: row for row in csv.DictReader(handle)}
    assert list(rows) == [each.donor for each in items]
    for each in items:
        row = rows[each.donor]
        assert float(row["given_or_returned"]) == each.cents / 100
        assert (row["rows"], float(row["score"])) == (str(each.rows), round(each.score, 1))
        assert row["where"] == "; ".join(each.places)
        assert row["verdict"] == row["by"] == row["on"] == ""


def test_the_command_promotes_what_was_confirmed_to_an_own_list(cli: Cli, tmp_path: Path) -> None:
    append_decisions(tmp_path / "log.csv", [decide(WILLOW, "confirmed")])
    own = tmp_path / "own.csv"
    result = cli("review", "promote", "--decisions", tmp_path / "log.csv", "--overlay", own)
    assert (result.exit_code, result.stderr) == (0, f"added: {WILLOW}\n1 row added to {own}\n")


def test_a_decision_without_a_state_is_not_applied_to_a_namesake_and_that_is_reported(cli: Cli, tmp_path: Path) -> None:
    log, filing = tmp_path / "log.csv", tmp_path / "filing.csv"
    append_decisions(log, [decide("FOP Lodge 7", "rejected", state="")])
    head = Path("examples/netfile-avery.csv").read_text(encoding="utf-8").splitlines()[0]
    row = "INC1,Jordan Avery for District Attorney 2022,1499901,CTL,2021-08-02,{},,other,,FOP Lodge 7,,,{},,,,0,0"
    rows = [row.format("250.0", "IL"), row.format("100.0", "")]
    dates = ",2022-01-31,2021-07-01,2021-12-31,00000000-0000-4000-8000-000000000001"
    filing.write_text("\n".join([head, *(each + dates for each in rows)]) + "\n", encoding="utf-8")
    result = cli("screen", filing, "--decisions", log, "--format", "json")
    (entry,) = json.loads(result.stdout)["prosecutors"]
    assert [(flag["amount"], flag["state"]) for flag in entry["flags"]] == [("250.00", "IL")]
    assert "not applied to FOP Lodge 7 (IL)" in result.stderr
    there = json.loads(cli("check", "--json", "--decisions", log, "--state", "IL", "FOP Lodge 7").stdout)
    assert (there["verdict"], "Not applied here" in there["why"]) == ("union", True)
    assert json.loads(cli("check", "--json", "--decisions", log, "FOP Lodge 7").stdout)["verdict"] == "clear"
    many = unionscreen.check_many(["FOP Lodge 7"], "IL", decisions=log)
    assert unionscreen.check("FOP Lodge 7", state="IL", decisions=log).why == many.why[0] == there["why"]
    assert unionscreen.check("FOP Lodge 7", decisions=log).verdict == "clear"
