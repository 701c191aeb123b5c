"""One row of a filing, as lines for the terminal: as filed with its headings, and how each column is read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from unionscreen.contributions import COLUMNS, money_text
from unionscreen.reports.text import visible

if TYPE_CHECKING:
    from unionscreen.filings.converting import FiledRow


def filed_text(row: FiledRow) -> str:
    """The row as filed, then what was made of each column."""
    lines = [f"{visible(row.source)}:{row.row}", f"{row.format[0]}: {visible(row.format[1])}", ""]
    if row.line is not None:
        lines += ["The line of the file", f"  {visible(row.line)}", ""]
    lines.append("As filed")
    lines += _aligned([(heading, visible(text)) for heading, text in row.cells if text.strip()])
    empty = [heading for heading, text in row.cells if not text.strip()]
    if empty:
        lines.append(f"  empty: {', '.join(map(visible, empty))}")
    for each in row.read:
        lines += ["", "Read as", *_aligned([*_read(each, row)])]
    if row.rejected is not None:
        lines += ["", f"Not read: {visible(row.rejected)}"]
    return "\n".join(lines) + "\n"


def _aligned(pairs: list[tuple[str, str]]) -> list[str]:
    width = max((len(visible(name)) for name, _ in pairs), default=0)
    return [f"  {visible(name):<{width}}  {text}" for name, text in pairs]


def _read(each: dict[str, Any] | Any, row: FiledRow) -> Iterator[tuple[str, str]]:
    for name in COLUMNS:
        if name not in each:
            continue
        made = row.columns.get(name)
        value = each[name]
        if value is None and made is None:
            continue
        shown = "(nothing)" if value is None or value == "" else _shown(name, value)
        yield name, f"{shown}  ← {' + '.join(map(visible, made))}" if made else f"{shown}  (no column)"


def _shown(name: str, value: Any) -> str:
    if name == "amount_cents":
        return f"{value} ({money_text(value)})"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return visible(str(value))
