"""Small filings made on the spot, and reading them whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from unionscreen.filings import Filing, load_format, open_filing, read_block

SAMPLES = Path(__file__).parent / "samples"
# For the files that do not say who received.
RECIPIENT = "Friends of Jane Roe"
HEADER = "Recipient Name,Contributor Name,Amount,Date,City"
GOOD = 'Friends of Jane Roe,"DOE, JOHN",25.00,03/04/2022,Springfield'


@dataclass
class Read:
    """All blocks of a filing, with row numbers counted from the start of the file."""

    filing: Filing
    rows: list[dict[str, Any]] = field(default_factory=list)
    rejects: list[dict[str, Any]] = field(default_factory=list)
    rows_read: int = 0
    lines: int = 0
    blocks: int = 0
    bad_dates: int = 0
    differing: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Of the last block."""
    encodings: set[str] = field(default_factory=set)

    @property
    def row_numbers(self) -> list[int]:
        return [row["row"] for row in self.rows]

    def values(self, name: str) -> list[Any]:
        return [row[name] for row in self.rows]


def read_whole(filing: Filing) -> Read:
    out = Read(filing)
    for task in filing.tasks():
        block = read_block(task)
        assert block.rows_read == block.num_rows + block.rejects.num_rows
        rows = block.rows().to_pylist()
        if block.paid_out is not None:
            rows = sorted([*rows, *block.paid_out.rows().to_pylist()], key=lambda row: row["row"])
        out.rows += [{**row, "row": row["row"] + out.lines + 1} for row in rows]
        out.rejects += [{**row, "row": row["row"] + out.lines + 1} for row in block.rejects.to_pylist()]
        out.rows_read += block.rows_read
        out.lines += block.lines
        out.blocks += 1
        out.bad_dates += block.dates.bad
        out.differing = block.differing
        out.encodings.add(block.encoding)
    return out


ReadText = Callable[..., Read]


@pytest.fixture
def read_text(tmp_path: Path) -> ReadText:
    """Write text or bytes to a file, open it with the given options, read the one filing in it."""

    def read(content: str | bytes, name: str = "filing.csv", **options: Any) -> Read:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        (filing,) = open_filing(path, **options)
        return read_whole(filing)

    return read


@pytest.fixture
def whole() -> Callable[[Filing], Read]:
    """Read all blocks of a filing."""
    return read_whole


@pytest.fixture
def sample() -> Callable[[str], Read]:
    """Read a sample by its file name."""

    def read(name: str) -> Read:
        known = load_format(Path(name).stem)
        (filing,) = open_filing(SAMPLES / name, recipient=None if "recipient" in known.columns else RECIPIENT)
        return read_whole(filing)

    return read


@pytest.fixture
def sample_path() -> Callable[[str], Path]:
    """The one sample of a format."""

    def find(format_id: str) -> Path:
        found = sorted(SAMPLES.glob(f"{format_id}.*"))
        shown = f"{SAMPLES.relative_to(Path.cwd()) if SAMPLES.is_relative_to(Path.cwd()) else SAMPLES}/{format_id}.*"
        assert len(found) == 1, (
            f"the format {format_id} needs one sample, {shown}, with made-up rows in the agency's layout; "
            f"there are {len(found)}: CONTRIBUTING.md says how to add a format"
        )
        return found[0]

    return find


@pytest.fixture
def samples() -> Path:
    return SAMPLES


@pytest.fixture
def header() -> str:
    return HEADER


@pytest.fixture
def good() -> str:
    return GOOD
