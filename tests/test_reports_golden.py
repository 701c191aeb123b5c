"""Whole reports at 80 columns, as they were last read and found good. `make expected` rewrites them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from typer.testing import Result

LOG = (
    "examples/campaign-log.xlsx",
    "--map",
    "contributor=Paid by",
    "--map",
    "amount=Check $",
    "--map",
    "date=Deposited",
)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("netfile-avery.txt", ["examples/netfile-avery.csv"]),
        ("netfile-avery-employers.txt", ["examples/netfile-avery.csv", "--employers", "--kinds", "police"]),
        ("tennessee-2022-all.txt", ["examples/tennessee-2022.csv", "--recipients", "all"]),
        ("campaign-log.txt", [*LOG, "--recipient", "Riley Chen for State's Attorney"]),
    ],
)
def test_the_report_is_as_it_was_read(
    cli: Callable[..., Result], expected: Callable[[str, str], None], name: str, arguments: list[str]
) -> None:
    shown = cli("screen", *arguments).stdout
    *lines, which_list = shown.splitlines()
    assert which_list.startswith("List ")  # its hash changes with every correction; the report need not
    expected(f"golden/{name}", "\n".join(lines) + "\n")
