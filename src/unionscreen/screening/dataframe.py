"""A DataFrame as a CSV that the readers know: values that only pandas has are written as a filing has them."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from unionscreen.accounting.money import cents_to_decimal
from unionscreen.errors import FilingError, UnionScreenError, UsageError
from unionscreen.filings.layouts.nothing import is_nothing

if TYPE_CHECKING:
    import pandas as pd

FRAME: Final = "<DataFrame>"
_WHOLE: Final = re.compile("-?[0-9]+")
# The name that pandas gives an empty header cell.
_UNNAMED: Final = re.compile(r"Unnamed: \d+(?:_level_\d+)?")
# A float that is a whole number below this is exact.
_MAX_WHOLE: Final = 2**53


def write_frame(frame: pd.DataFrame, scratch: Path) -> Path:
    """Write a DataFrame; its row 2 is the frame's first row, even where cells contain line breaks.

    Named index levels are columns like the others, the parts of a header are joined by spaces, and bytes are decoded.
    Whole numbers that pandas turned into floats because one is missing are whole again. The canonical ``amount_cents``
    is written in dollars under the header that filings use.

    Raises:
        UsageError: it is a Series.
        FilingError: it has no columns or no rows.
    """
    import pandas as pd

    if not hasattr(frame, "columns"):
        raise UsageError("this is one column, not a table", source=FRAME, hint="give the DataFrame that it belongs to")
    if len(frame.columns) == 0:
        raise FilingError("the DataFrame has no columns", source=FRAME)
    if len(frame) == 0:
        raise FilingError(f"no contributions in {FRAME}: it has no rows", source=FRAME)
    labels: list[Any] = [*(name for name in frame.index.names if name is not None), *frame.columns]
    levels = [frame.index.get_level_values(at) for at, name in enumerate(frame.index.names) if name is not None]
    values = [*(level.to_series() for level in levels), *(frame.iloc[:, at] for at in range(len(frame.columns)))]
    headers = [_header(label) for label in labels]
    cents = "amount_cents" in headers and "amount" not in headers
    columns: dict[int, Any] = {}
    for at, (header, column) in enumerate(zip(headers, values, strict=True)):
        texts = _texts(column.reset_index(drop=True))
        if cents and header == "amount_cents":
            texts = pd.Series([_dollars(value) for value in texts], dtype=object)
        columns[at] = texts
    headers = ["amount" if cents and header == "amount_cents" else header for header in headers]
    path = scratch / "frame.csv"
    with path.open("w", encoding="utf-8", errors="replace", newline="") as handle:
        pd.DataFrame(columns).to_csv(handle, index=False, header=headers, lineterminator="\n")
    return path


_Error = TypeVar("_Error", bound=UnionScreenError)


def renamed(error: _Error, path: str) -> _Error:
    """An error about the written file, turned into one about the frame."""
    error.message = error.message.replace(path, FRAME)
    error.hint = error.hint and error.hint.replace(path, FRAME)
    error.source = error.source and error.source.replace(path, FRAME)
    return error


def _header(label: Any) -> str:
    """A column's name as one string.

    >>> _header(("Contributor", "Name")), _header(("Amount", "")), _header(b"Date"), _header(None)
    ('Contributor Name', 'Amount', 'Date', '')
    """
    if isinstance(label, tuple):
        return " ".join(dict.fromkeys(filter(None, map(_header, label))))
    if label is None or (isinstance(label, float) and math.isnan(label)):
        return ""
    text = _decoded(label) if isinstance(label, bytes) else str(label)
    return "" if _UNNAMED.fullmatch(text) else " ".join(text.split())


def _texts(column: pd.Series) -> pd.Series:
    """A column as it is to be written."""
    from pandas.api import types

    if types.is_float_dtype(column.dtype):
        return _whole(column)
    if types.is_numeric_dtype(column.dtype) or types.is_datetime64_any_dtype(column.dtype):
        return column
    column = column.astype(object)
    kind = types.infer_dtype(column, skipna=True)
    if kind == "string" and not column.str.contains("[\r\n]", na=False).any():
        return column
    return column.map(_cell, na_action="ignore")


def _whole(column: pd.Series) -> pd.Series:
    """Floats that are all whole, as whole numbers: an id that became 1437445.0 is 1437445 again."""
    import numpy as np
    import pandas as pd

    values = column.to_numpy(dtype=float, na_value=math.nan)
    present = values[~np.isnan(values)]
    if len(present) == 0 or not (np.abs(present) < _MAX_WHOLE).all() or (present % 1).any():
        return column
    return pd.Series(values).astype("Int64")


def _cell(value: Any) -> Any:
    if isinstance(value, bytes):
        value = _decoded(value)
    return " ".join(value.splitlines()) if isinstance(value, str) else value


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _dollars(cents: Any) -> str:
    """Cents in dollars, without a float in between; anything but a whole number is marked, for the reader to reject.

    >>> _dollars(-5), _dollars(1200.0), _dollars(1.5), _dollars(None)
    ('-0.05', '12.00', '1.5 cents', '')
    """
    text = str(cents).removesuffix(".0")
    if is_nothing(text):
        return ""
    return cents_to_decimal(int(text)) if _WHOLE.fullmatch(text) else f"{text} cents"
