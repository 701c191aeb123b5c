"""One row of a filing, as filed with its headings, and how each column is read: for every container."""

from __future__ import annotations

import gzip
import json
import zipfile
from pathlib import Path

import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest

import unionscreen
from unionscreen.errors import FilingError, UsageError
from unionscreen.filings.converting import filed_row

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"
SAMPLES = Path(__file__).parent / "filings" / "samples"
AVERY = EXAMPLES / "netfile-avery.csv"
CONTAINERS = [
    *(AVERY, EXAMPLES / "tennessee-2022.csv", SAMPLES / "fec-electronic.fec", SAMPLES / "ca-cal.cal"),
    *(SAMPLES / "ca-fppc-460-2016.pdf", SAMPLES / "ca-southtech-transaction-grid.xlsx", SAMPLES / "mo-mec-search.xls"),
    *(SAMPLES / "ca-netfile-api.json", SAMPLES / "bundle-calaccess", SAMPLES / "fec-itcont.txt"),
]


@pytest.fixture
def packed(tmp_path: Path) -> list[Path]:
    """The same filing in other containers."""
    (tmp_path / "avery.csv.gz").write_bytes(gzip.compress(AVERY.read_bytes()))
    with zipfile.ZipFile(tmp_path / "late.zip", "w") as archive:
        archive.write(AVERY, "late/avery.csv")
    pq.write_table(pa_csv.read_csv(AVERY), tmp_path / "avery.parquet")
    return [tmp_path / name for name in ("avery.csv.gz", "late.zip", "avery.parquet")]


def every_flag(path: Path) -> list[unionscreen.screening.result.Flag]:  # type: ignore[name-defined]
    found = unionscreen.screen(path, recipients="all")
    return [flag for entry in found.prosecutors for _, flag in entry.findings]


def assert_shows(path: Path) -> None:
    flags = every_flag(path)
    for flag in flags:
        row = filed_row(flag.place)
        assert (row.source, row.row, row.rejected) == (flag.source, flag.row, None)
        assert any(each["contributor"] == flag.contributor and each["date"] == flag.date for each in row.read)
        assert flag.amount_cents in {sign * each["amount_cents"] for each in row.read for sign in (1, -1)}
        texts = " ".join(text for _, text in row.cells)
        assert all(word in texts for word in flag.contributor.split())


@pytest.mark.parametrize("path", CONTAINERS, ids=lambda path: path.name)
def test_every_flag_of_a_container_can_be_shown(path: Path) -> None:
    assert_shows(path)


def test_every_flag_of_a_packed_file_can_be_shown(packed: list[Path]) -> None:
    for path in packed:
        assert len(every_flag(path)) > 5
        assert_shows(path)


def test_the_row_is_printed_with_its_headings_and_what_was_made_of_it(cli) -> None:
    (flag,) = [flag for flag in every_flag(AVERY) if flag.amount_cents == 140_000]
    shown = cli("show", flag.place).stdout.splitlines()
    assert shown[0] == flag.place
    assert "  contributorLastName      Sacramento Police Officers Assn PAC" in shown
    (amount,) = [line for line in shown if line.startswith("  amount_cents")]
    assert amount.split(maxsplit=1)[1] == "140000 ($1,400.00)  ← amount"
    assert f"  date              {flag.date}  ← date" in shown


def test_the_line_of_the_file_is_shown_where_its_fields_are_rearranged(cli, tmp_path: Path) -> None:
    lines = (SAMPLES / "fec-electronic.fec").read_bytes().split(b"\n")
    at = next(number for number, line in enumerate(lines, 1) if line.startswith(b"SA11"))
    shown = json.loads(cli("show", f"{SAMPLES / 'fec-electronic.fec'}:{at}", "--json").stdout)
    assert shown["line"] == lines[at - 1].rstrip(b"\r").decode()
    assert (shown["row"], shown["format"]) == (at, "fec-electronic")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(SAMPLES / "fec-electronic.fec", "a.fec")
    assert json.loads(cli("show", f"{tmp_path}/a.zip!a.fec:{at}", "--json").stdout)["line"] == shown["line"]


def test_a_row_that_was_rejected_has_its_reason(cli, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Recipient,Contributor,Amount,Date\nRoe,Doe,5,2022-01-01\nRoe,Poe,five,2022-01-01\n")
    shown = cli("show", f"{path}:3").stdout
    assert "  Contributor  Poe\n" in shown
    assert "Not read: 'five' is not an amount\n" in shown


def test_a_row_of_money_paid_out_is_shown_too() -> None:
    (read,) = filed_row(f"{SAMPLES / 'ca-netfile-expenditures.csv'}:2").read
    assert read["kind"] == "contribution-made"


def test_a_row_over_several_lines_is_one(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('Recipient,Contributor,Amount,Date\nRoe,"Doe,\nPat",5,2022-01-01\nRoe,Poe,6,2022-01-01\n')
    assert filed_row(f"{path}:2").cells[1] == ("Contributor", "Doe,\nPat")
    assert filed_row(f"{path}:4").cells[1] == ("Contributor", "Poe")
    with pytest.raises(UsageError, match="the rest of another row"):
        filed_row(f"{path}:3")


def test_numbers_of_cards_are_withheld(cli, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    card = "4111 1111 1111 1111"
    header = "Recipient,Contributor,Amount,Date,Card Number,Comment\n"
    path.write_text(f"{header}Roe,Doe,5,2022-01-01,{card},paid by {card}\nRoe,{card},five,2022-01-01,x,x\n")
    for row in (2, 3):
        shown = cli("show", f"{path}:{row}").stdout
        assert "(withheld)" in shown
        assert "4111" not in shown


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("{avery}", "not FILE:ROW"),
        ("{avery}:0", "not FILE:ROW"),
        ("{avery}:x", "not FILE:ROW"),
        ("{avery}:1", "is a heading, a blank line"),
        ("{avery}:999", "rows"),
        ("{book}:2", "which table?"),
        ("{book}#None:2", "which table?"),
        ("gone.csv:2", "there is no such file"),
    ],
)
def test_a_place_that_cannot_be_is_explained(cli, tmp_path: Path, place: str, said: str) -> None:
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        archive.write(AVERY, "one.csv")
        archive.write(EXAMPLES / "tennessee-2022.csv", "two.csv")
    result = cli("show", place.format(avery=AVERY, book=tmp_path / "two.zip"))
    assert result.exit_code in (2, 3)
    assert said in result.stderr


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """A zip with a filing, a table that does not say who received, a damaged member, and a letter."""
    path = tmp_path / "mixed.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(AVERY, "late.csv")
        archive.writestr("log.csv", "Contributor,Amount,Date\nOakland Police Officers Association,5.00,2022-05-15\n")
        archive.writestr("cut.csv.gz", b"\x1f\x8b\x08 cut off")
        archive.writestr("note.txt", "Dear reader\n")
    return path


@pytest.mark.parametrize("recipient", [None, "Roe for DA"])
def test_a_member_that_does_not_say_who_received_is_shown_beside_one_that_does(
    mixed: Path, recipient: str | None
) -> None:
    row = filed_row(f"{mixed}!log.csv:2", recipient=recipient)
    assert (row.source, row.read[0]["recipient"]) == (f"{mixed}!log.csv", recipient)
    assert dict(row.cells)["Contributor"] == "Oakland Police Officers Association"


@pytest.mark.parametrize(("member", "said"), [("cut.csv.gz", "damaged"), ("note.txt", "text without columns")])
def test_a_member_that_cannot_be_read_is_refused_with_its_own_reason(mixed: Path, member: str, said: str) -> None:
    with pytest.raises(FilingError, match=said) as error:
        filed_row(f"{mixed}!{member}:2")
    assert error.value.source == f"{mixed}!{member}"


def test_a_folder_is_refused_without_reading_it(tmp_path: Path) -> None:
    (tmp_path / "filing.csv").write_bytes(AVERY.read_bytes())
    with pytest.raises(UsageError, match="is a folder"):
        filed_row(f"{tmp_path}:2")
