"""A screening as pandas data frames, for the edge of the library."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

import pandas as pd

from unionscreen.screening.result import Flag, beside

if TYPE_CHECKING:
    from unionscreen.screening.result import Screening


def flag_frame(screening: Screening, finding: str) -> pd.DataFrame:
    """The rows of one finding; ``finding`` and what :func:`beside` says stand behind the fields of a flag.

    Args:
        screening: whose rows they are.
        finding: one of the values of ``result.FINDING_OF``.
    """
    names = [each.name for each in fields(Flag)]
    rows = [
        [entry.prosecutor, *(getattr(flag, name) for name in names), finding, *beside(of, finding, flag).values()]
        for of, entry in zip(screening.names, screening.prosecutors, strict=True)
        for found, flag in entry.findings
        if found == finding
    ]
    columns = ["prosecutor", *names, "finding", "counted", "recipient_name", "year"]
    frame = pd.DataFrame(rows, columns=columns).astype({"counted": bool, "year": "Int64"})
    frame["date"] = pd.to_datetime(frame["date"])
    return frame
