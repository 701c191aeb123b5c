"""Sums that leave int64: never a wrong figure, never a negative one."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from click.testing import Result

import unionscreen
from unionscreen.accounting.totals import TOTALS_SCHEMA, combine
from unionscreen.errors import FilingError

HEADER = "contributor,amount,date,recipient,office"
ROW = "Elm Police Officers Association,{},2024-01-05,Jane Roe for District Attorney,District Attorney\n"


def test_rows_of_ten_trillion_are_rejected_and_the_rest_counts(tmp_path: Path, cli: Callable[..., Result]) -> None:
    path = tmp_path / "filing.csv"
    path.write_text(f"{HEADER}\n{ROW.format('250.00')}{ROW.format('9999999999999.99') * 9_300}")
    saved = json.loads(cli("screen", path, "--format", "json").stdout)
    read = saved["manifest"]
    assert read["rows_read"] == read["rows_screened"] + read["rows_rejected"] == 9_301
    assert {each["reason"] for each in saved["rejects"]} == {
        "'9999999999999.99' is implausible: no contribution is so large"
    }
    assert [each["raised"] for each in saved["prosecutors"]] == ["250.00"]


def test_a_sum_beyond_int64_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "filing.csv"
    path.write_text("contributor,amount,recipient\n" + "A,99999999999,Roe for District Attorney\n" * 1_000_000)
    with pytest.raises(FilingError, match="add up to more than ninety quadrillion"):
        unionscreen.screen(path, workers=1)


def test_blocks_that_fit_one_by_one_are_refused_together() -> None:
    row = dict.fromkeys(TOTALS_SCHEMA.names, None) | {"back": False, "rows": 1, "cents": 6 * 10**18}
    block = pa.Table.from_pylist([row], TOTALS_SCHEMA)
    assert combine([block])["cents"].to_pylist() == [6 * 10**18]
    with pytest.raises(FilingError, match="add up"):
        combine([block, block])


@pytest.mark.parametrize("first", ["unionscreen.accounting.lines", "unionscreen.screening.merge", "unionscreen"])
def test_no_module_hides_a_function_of_its_name(first: str) -> None:
    """A submodule that is imported late becomes an attribute of its package, over a function of the same name."""
    code = (
        f"import {first}, unionscreen.accounting as package, pkgutil, importlib\n"
        "modules = {each.name for each in pkgutil.iter_modules(package.__path__)}\n"
        "for each in modules: importlib.import_module(package.__name__ + '.' + each)\n"
        "assert not modules & set(package.__all__)\n"
        "assert callable(package.total)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
