"""Line ends of every kind, mixed in one file, lose and merge no row: counted against the rows put in."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from unionscreen import screen
from unionscreen.filings.rows import blocks, parse

HEADER = "Contributor Name,Contribution Amount,Contribution Date,Committee Name,Memo"
RECIPIENT = "Friends of Jane Doe for District Attorney"
# No line ends of CSV, though Python's splitlines() takes them for such.
NO_ENDS = ("\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e")
MEMOS = st.sampled_from(
    [
        "",
        "dues",
        'say "aye"',
        "one, two",
        "a\rb",
        "a\nb",
        "a\r\nb",
        '"\r"',
        "a,\rb,1.00",
        *(f"a{end}b" for end in NO_ENDS),
    ]
)
ROWS = st.lists(st.tuples(st.integers(1, 10**6), MEMOS, st.sampled_from(["\n", "\r\n", "\r"])), min_size=1, max_size=12)


def _line(cents: int, memo: str) -> str:
    out = io.StringIO()
    amount = f"{cents // 100}.{cents % 100:02}"
    csv.writer(out, lineterminator="\r\n").writerow([f"Donor {cents}", amount, "2024-01-02", RECIPIENT, memo])
    return out.getvalue().removesuffix("\r\n")


@pytest.mark.parametrize("size", [300, 24 << 20])
@given(rows=ROWS, first=st.sampled_from(["\n", "\r\n", "\r"]), closed=st.booleans())
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_mixed_line_ends_lose_nothing(tmp_path: Path, size: int, rows, first: str, closed: bool) -> None:
    text = HEADER + first + "".join(_line(cents, memo) + end for cents, memo, end in rows)
    path = tmp_path / "filing.csv"
    path.write_bytes((text if closed else text.rstrip("\r\n")).encode())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "BLOCK_BYTES", size)
        patch.setattr(parse, "CHUNK_BYTES", size)
        result = screen(path)
    (entry,) = result.prosecutors
    assert (result.manifest["rows_read"], result.manifest["rows_rejected"]) == (len(rows), 0)
    assert (entry.contributions, entry.raised) == (len(rows), sum(cents for cents, _, _ in rows))


def test_a_row_behind_a_carriage_return_is_flagged_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "filing.csv"
    union = f"Oakland Police Officers Association,250.00,2024-01-02,{RECIPIENT},"
    path.write_bytes(f"{HEADER}\n{_line(100, '')}\n{_line(200, 'x')}\r{union}\r\n{_line(300, '')}\n".encode())
    result = screen(path)
    ((flag,),) = [entry.flags for entry in result.prosecutors]
    assert (flag.row, flag.amount_cents) == (3, 25_000)
    assert result.manifest["rows_read"] == 4


def test_a_bad_row_behind_a_carriage_return_is_rejected_alone(tmp_path: Path) -> None:
    path = tmp_path / "filing.csv"
    path.write_bytes(
        f"{HEADER}\n{_line(100, '')}\r{_line(200, '').replace('2.00', 'two')}\r{_line(300, '')}\n".encode()
    )
    result = screen(path)
    assert [(each.row, each.reason) for each in result.rejected] == [(2, "'two' is not an amount")]
    assert result.prosecutors[0].raised == 400


def test_a_stray_carriage_return_in_a_cell_stays_a_blank(tmp_path: Path) -> None:
    path = tmp_path / "filing.csv"
    stray = _line(100, "").replace("Donor", "Do\rnor")
    path.write_bytes(f"{HEADER}\n{stray}\n{_line(200, '')}\n".encode())
    result = screen(path)
    assert (result.manifest["rows_read"], result.manifest["rows_rejected"]) == (2, 0)


def test_a_carriage_return_within_an_amount_guesses_none(tmp_path: Path) -> None:
    path = tmp_path / "filing.csv"
    header = "Committee Name,Contributor Name,Contribution Amount,City,Memo"
    good = f"{RECIPIENT},Donor 1,5.00,Elmhaven,"
    path.write_bytes(f"{header}\n{good}\n{RECIPIENT},Donor 2,5\r00,Elmhaven,\n".encode())
    result = screen(path)
    assert (len(result.rejected), result.prosecutors[0].raised) == (1, 500)


def test_a_row_without_an_amount_merges_no_others_where_line_ends_are_mixed(tmp_path: Path) -> None:
    path = tmp_path / "filing.csv"
    bad = _line(200, "").replace("2.00", "two")
    broken = _line(300, "a\nb")
    path.write_bytes(f"{HEADER}\n{_line(100, '')}\r{bad}\r{broken}\r{_line(400, '')}\n".encode())
    result = screen(path)
    assert [each.reason for each in result.rejected] == ["'two' is not an amount"]
    assert (result.manifest["rows_read"], result.prosecutors[0].raised) == (4, 800)


@pytest.mark.parametrize("delimiter", ["\t", "|"])
@pytest.mark.parametrize("inside", ["\n", "|", "\n\n"])
def test_quotes_around_a_line_break_or_a_delimiter_are_quotes(tmp_path: Path, delimiter: str, inside: str) -> None:
    path = tmp_path / "filing.txt"
    rows = [f"Donor {at}|{at}.00|2024-01-02|{RECIPIENT}|" for at in (1, 2, 3)]
    text = "\n".join([HEADER.replace(",", "|"), rows[0], f'{rows[1]}"a{inside}b"', rows[2], ""])
    path.write_bytes(text.replace("|", delimiter).encode())
    result = screen(path)
    assert (result.manifest["rows_read"], result.manifest["rows_rejected"]) == (3, 0)


def test_stray_quotes_between_tabs_are_no_quotes(tmp_path: Path) -> None:
    path = tmp_path / "filing.txt"
    rows = [f"{name}|{at}.00|2024-01-02|{RECIPIENT}|" for at, name in enumerate(["Doe", '"Bud Roe', 'Lee"', "Fox"], 1)]
    path.write_bytes("\n".join([HEADER.replace(",", "|"), *rows, ""]).replace("|", "\t").encode())
    result = screen(path)
    assert (result.manifest["rows_read"], result.manifest["rows_rejected"]) == (4, 0)
    assert result.prosecutors[0].raised == 1000
