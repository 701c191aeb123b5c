"""What a screening says of dates that cannot be read or are not yet, and of columns that contradict each other."""

from datetime import date

import pytest

import unionscreen


def test_a_donor_that_is_only_a_word_for_nothing_is_no_donor(tmp_path):
    path = tmp_path / "joined.csv"
    path.write_text(
        "Recipient,Contributor,Amount,Date\n"
        "Friends of Jane Roe,nan,5,2024-01-01\n"
        'Friends of Jane Roe,"NULL, NULL",5,2024-01-01\n'
        "Friends of Jane Roe,Nan Smith,5,2024-01-01\n"
    )
    assert unionscreen.screen(path, recipients="all").manifest["rows_without_donor"] == 2


def filing(tmp_path, *rows, header="Recipient,Contributor,Amount,Date"):
    path = tmp_path / "gifts.csv"
    path.write_text("\n".join([header, *(f"Friends of Jane Roe,PORAC,{row}" for row in rows)]) + "\n")
    return path


def notes_of(path, about):
    return [note for note in unionscreen.screen(path, recipients="all").notes if about in note]


def test_a_column_in_which_no_date_can_be_read_is_said_with_an_example(tmp_path):
    path = filing(tmp_path, "5,", "5,Aug-07", "5,Sep-07", "5,nan")
    (note,) = notes_of(path, "could be read")
    assert note == (
        f'{path}: no date in the column "Date" could be read, such as "Aug-07": '
        "sums by year, and before or after a pledge, cannot be shown"
    )
    assert notes_of(filing(tmp_path, "5,Aug-07", "5,7-Aug-07"), "could be read") == []
    assert notes_of(filing(tmp_path, "5,", "5,nan"), "could be read") == []


def test_of_a_large_filing_it_is_said_of_the_flagged_rows(tmp_path, monkeypatch):
    monkeypatch.setattr("unionscreen.pipeline.DATED_BYTES", 0)
    path = filing(tmp_path, "5,Aug-07")
    with path.open("a") as handle:
        handle.write("Friends of Jane Roe,Doe,5,1/1/2024\n")
    (note,) = notes_of(path, "could be read")
    assert note.startswith(f'{path}: no date of the flagged rows in the column "Date" could be read, such as "Aug-07"')


def test_flagged_rows_of_the_future_are_said(tmp_path, monkeypatch):
    path = filing(tmp_path, "5,7/1/2024", "5,7/2/2024", "5,7/3/2031")
    monkeypatch.setattr("unionscreen.screening.doubts.today", lambda: date(2024, 7, 1))
    (note,) = notes_of(path, "future")
    assert note.startswith(f"2 flagged rows are dated in the future, such as {path}:3 (2024-07-02)")
    monkeypatch.setattr("unionscreen.screening.doubts.today", lambda: date(2024, 7, 2))
    assert notes_of(path, "future")[0].startswith("1 flagged row is dated in the future, such as")
    monkeypatch.setattr("unionscreen.screening.doubts.today", lambda: date(2031, 7, 3))
    assert notes_of(path, "future") == []


@pytest.mark.parametrize("block_bytes", [80, 1 << 20])
def test_columns_of_one_name_that_differ_are_said(tmp_path, monkeypatch, block_bytes):
    monkeypatch.setattr("unionscreen.filings.rows.blocks.BLOCK_BYTES", block_bytes)
    path = filing(
        tmp_path, "5,1/1/2024,", "5,1/2/2024,Doe", "5,1/3/2024,Poe", header="Recipient,Donor,Amount,Date,Donor"
    )
    assert notes_of(path, "called") == [
        f'{path}: the columns called "Donor" differ in 2 rows, such as row 3: the first counts'
    ]


def test_every_form_of_a_date_is_shown_as_the_day_that_it_is(cli, tmp_path):
    forms = ["5-Jul-18", '"Thursday, July 5, 2018"', "43286", "1530748800000", "/Date(1530748800000)/", "7052018.0"]
    path = filing(tmp_path, *(f"{at}.-,{form}" for at, form in enumerate([*forms, "Jul-18"], 1)))
    done = cli("screen", path, "--recipients", "all")
    assert done.exit_code == 0
    assert done.stdout.count("2018-07-05  PORAC") == len(forms)
    assert done.stdout.count("no date     PORAC") == 1
    assert "$28.00 given, $0.00 returned" in done.stdout
