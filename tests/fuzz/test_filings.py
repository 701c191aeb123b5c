"""Well-formed filings of every delimiter, line end, encoding and block size say what Python's csv and Decimal find."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fuzz import made, worker


@given(chance=st.randoms(use_true_random=False))
@settings(
    max_examples=40, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
def test_no_row_and_no_cent_is_lost_or_made_up(tmp_path: Path, chance: random.Random) -> None:
    found = worker.against_oracle(made.filing(chance), tmp_path / "filing.csv")
    assert "fault" not in found, found["said"]


def test_every_way_of_writing_a_filing_is_tried() -> None:
    said = [made.filing(random.Random(seed)).said for seed in range(300)]
    for each in (*map(repr, made.DELIMITERS), *map(repr, made.LINE_ENDS), *made.ENCODINGS, "all quoted"):
        assert any(each in one for one in said), each


def test_a_row_that_is_lost_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filing = made.filing(random.Random(1))
    fewer = made.Written(filing.data, filing.rows + 1, filing.rejected, filing.cents, filing.block, filing.said)
    assert worker.against_oracle(fewer, tmp_path / "filing.csv")["fault"] == "lost"
    other = made.Written(filing.data, filing.rows, filing.rejected, filing.cents + 1, filing.block, filing.said)
    assert worker.against_oracle(other, tmp_path / "filing.csv")["fault"] == "lost"
