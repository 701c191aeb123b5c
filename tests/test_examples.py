"""The examples are small, in the layouts they claim, and described."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from unionscreen.filings import load_format

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
FILES = sorted(path for path in EXAMPLES.iterdir() if path.is_file())


@pytest.mark.parametrize(
    ("name", "format_id"), [("netfile-avery.csv", "ca-netfile-api-json"), ("tennessee-2022.csv", "tn-tncamp")]
)
def test_an_example_has_the_headers_of_its_agency_in_their_order(name: str, format_id: str) -> None:
    with (EXAMPLES / name).open(newline="", encoding="utf-8") as handle:
        header, *rows = csv.reader(handle)
    assert tuple(header) == load_format(format_id).file_columns
    assert {len(row) for row in rows} == {len(header)}


def test_the_spreadsheet_is_what_its_script_writes(tmp_path: Path) -> None:
    namespace: dict[str, object] = {"__name__": "example"}
    exec((EXAMPLES / "make_campaign_log.py").read_text(encoding="utf-8"), namespace)  # noqa: S102 - our own script
    write = namespace["write"]
    assert callable(write)
    write(tmp_path / "log.xlsx")
    again, kept = (
        CalamineWorkbook.from_path(str(path)).get_sheet_by_name("Checks").to_python()
        for path in (tmp_path / "log.xlsx", EXAMPLES / "campaign-log.xlsx")
    )
    assert again == kept


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_an_example_is_small_and_described(path: Path) -> None:
    assert path.stat().st_size < 20_000
    assert path.name == "README.md" or f"`{path.name}`" in (EXAMPLES / "README.md").read_text(encoding="utf-8")


def test_one_name_in_the_example_is_cut_at_40_characters() -> None:
    with (EXAMPLES / "netfile-avery.csv").open(newline="", encoding="utf-8") as handle:
        names = [row["contributorLastName"] for row in csv.DictReader(handle)]
    assert "Peace Officers Research Association of C" in [name for name in names if len(name) == 40]
