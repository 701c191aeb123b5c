"""A report of the Texas Ethics Commission as a CSV of records."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from unionscreen.errors import FilingError
from unionscreen.filings import open_filing, read_block
from unionscreen.filings.files import tec
from unionscreen.filings.files.sources import Start, file_source


@pytest.fixture
def report(sample_path, tmp_path: Path) -> Path:
    path = tmp_path / "100000.csv"
    path.write_text(sample_path("tx-tec-report-csv").read_text())
    return path


def test_a_correction_is_said_to_repeat_a_report(report: Path) -> None:
    (plain,) = open_filing(report)
    assert not any("correction" in note for note in plain.notes)
    report.write_text(report.read_text().replace('"COH"', '"CORCOH"'))
    (filing,) = open_filing(report)
    assert any("a correction, which repeats the report that it corrects" in note for note in filing.notes)


def test_a_line_that_is_no_record_is_rejected_and_not_dropped(report: Path) -> None:
    report.write_text(report.read_text() + '"20220306","0000000300.25"\n')
    (filing,) = open_filing(report)
    blocks = [read_block(task) for task in filing.tasks()]
    assert [reject["row"] + 1 for block in blocks for reject in block.rejects.to_pylist()] == [8]


def test_a_report_without_its_filer_is_refused(report: Path) -> None:
    report.write_text(report.read_text().replace('"00080001"', '""'))
    with pytest.raises(FilingError, match="no filer id"):
        open_filing(report)


def test_a_long_line_is_looked_at_in_linear_time(report: Path) -> None:
    begun = time.process_time()
    assert not tec.recognizes(file_source(report, "report"), Start(b"REPORT," + b"x," * 130 + b"y" * 200_000, True))
    assert time.process_time() - begun < 1
