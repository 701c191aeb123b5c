"""Inputs that once lost rows and ended with exit 0: each is read whole, or refused."""

from __future__ import annotations

import bz2
import lzma
from collections.abc import Callable
from pathlib import Path

import pytest

from unionscreen import screen
from unionscreen.errors import FilingError

_HEADER = "Contributor Name,Contribution Amount,Contribution Date,Committee Name"


def _row(number: int) -> str:
    return f"Donor {number},{number}.00,2024-01-02,Friends of Jane Doe for District Attorney"


@pytest.mark.parametrize("ends", ["\r \n \n \n", "\r \r\n \r\n \r\n", "\r \r \n \r\n"])
def test_a_header_that_ends_in_a_carriage_return_swallows_no_row(tmp_path: Path, ends: str) -> None:
    path = tmp_path / "filing.csv"
    lines = [_HEADER, *map(_row, (1, 2, 3))]
    path.write_bytes("".join(line + end for line, end in zip(lines, ends.split(" "), strict=True)).encode())
    manifest = screen(path).manifest
    assert (manifest["rows_read"], manifest["rows_rejected"]) == (3, 0)


@pytest.mark.parametrize("pack", [bz2.compress, lzma.compress])
def test_a_damaged_second_stream_is_refused(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    first = pack("\n".join([_HEADER, *map(_row, range(1, 51)), ""]).encode())
    second = pack("\n".join([*map(_row, range(51, 91)), ""]).encode())
    path = tmp_path / "filing.csv.packed"
    path.write_bytes(first + second)
    assert screen(path).manifest["rows_read"] == 90
    path.write_bytes(first + b"\x01" + second[1:])
    with pytest.raises(FilingError, match="damaged or cut off"):
        screen(path)
