"""Small filings of made-up gifts: the rows, and what stands in them by Python's csv and Decimal."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

HEADER: Final = ("Contributor Name", "Contribution Amount", "Contribution Date", "Committee Name", "Memo")
RECIPIENT: Final = "Friends of Jane Doe for District Attorney"
DELIMITERS: Final = (",", ";", "\t", "|")
LINE_ENDS: Final = ("\n", "\r\n", "\r")
ENCODINGS: Final = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1")
# Blocks and pieces of a few rows, of half a file, and as they are.
BLOCKS: Final = (300, 1_000, 5_000, 24 << 20)

_DONORS: Final = (
    "Smith, Jane", "Oakland Police Officers Association", "O'Neil & Sons", "PEÑA, JOSÉ", 'Roe, "Bud"', "Acme Inc.",
    "San Diego Deputy Sheriffs Assn PAC", "Müller GmbH", "Fraternal Order of Police Lodge 7", "Doe",
)  # fmt: skip
_MEMOS: Final = (
    "", "dues", 'say "aye"', "one, two; three", "a\tb", "a|b", "a\nb", "a\r\nb", "a\rb", "5.00", "=1+1", "é", "'", '"',
    "a\u2028b", "a\x85b", "a\x0cb", "Total", "\n", "x" * 300,
)  # fmt: skip
_NO_AMOUNTS: Final = ("twelve", "n/a", "1.2.3", "--", "5 dollars and 10 cents", "$")


def cents_of(amount: str) -> int | None:
    """An amount by Python's Decimal, in cents; None where it is none."""
    text = amount.strip().replace("$", "").replace(",", "")
    if text.startswith("(") and text.endswith(")"):
        text = "-" + text[1:-1]
    try:
        return int(Decimal(text) * 100)
    except (InvalidOperation, ValueError):
        return None


@dataclass(frozen=True)
class Written:
    """A filing as bytes, and what is in it."""

    data: bytes
    rows: int
    rejected: int
    cents: int
    """Of the rows with an amount."""
    block: int
    """Bytes at which it is cut while it is read."""
    said: str
    """How it was written."""


def gifts(chance: random.Random, rows: int, *, bad: bool = False) -> list[list[str]]:
    """Rows under :data:`HEADER`; the first three have plain amounts, so that the columns can be told."""
    out = []
    for at in range(rows):
        cents = chance.randrange(1, 10 ** chance.randrange(2, 8))
        plain = f"{cents // 100}.{cents % 100:02}"
        forms = [
            plain, f"${plain}", f"{cents // 100:,}.{cents % 100:02}", f" {plain} ", str(cents // 100 + 1), f"-{plain}",
            f"({plain})", f"${cents // 100:,}.{cents % 100:02}",
        ]  # fmt: skip
        amount = plain if at < 3 else chance.choice([*forms, *(chance.sample(_NO_AMOUNTS, 1) if bad else [])])
        day = f"{chance.randrange(2015, 2025)}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}"
        donor = f"{chance.choice(_DONORS)} {at}" if chance.random() < 0.7 else chance.choice(_DONORS)
        out.append([donor, amount, day, RECIPIENT, chance.choice(_MEMOS) if at >= 3 else ""])
    return out


def text_of(rows: Sequence[Sequence[str]], delimiter: str, end: str, quoting: int = csv.QUOTE_MINIMAL) -> str:
    """Lines as Python's csv writes them; a cell with either character of a line end is quoted."""
    lines = []
    for row in rows:
        out = io.StringIO(newline="")
        csv.writer(out, delimiter=delimiter, lineterminator="\r\n", quoting=quoting).writerow(row)  # type: ignore[arg-type]
        lines.append(out.getvalue().removesuffix("\r\n") + end)
    return "".join(lines)


def counted(text: str, delimiter: str) -> list[list[str]]:
    """The rows that Python's csv finds below the header, without blank lines."""
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    return [row for row in rows[1:] if any(cell.strip() for cell in row)]


def filing(chance: random.Random) -> Written:
    """A well-formed filing, in some delimiter, line end, encoding, quoting and block size."""
    delimiter, encoding = chance.choice(DELIMITERS), chance.choice(ENCODINGS)
    ends = [chance.choice(LINE_ENDS)] if chance.random() < 0.6 else list(LINE_ENDS)
    quoting = chance.choice((csv.QUOTE_MINIMAL, csv.QUOTE_MINIMAL, csv.QUOTE_ALL))
    rows = [list(HEADER), *gifts(chance, chance.randrange(4, 60), bad=chance.random() < 0.3)]
    if encoding in ("cp1252", "latin-1"):  # what they hold; a control of Latin-1 is read as Windows means it
        rows = [[cell.replace("\u2028", " ").replace("\x85", " ") for cell in row] for row in rows]
    lines = []
    for at, row in enumerate(rows):
        end = chance.choice(ends)
        # Between tabs and pipes, fields wrapped in quotes tell that quotes count, however the lines end.
        wrapped = at == 1 and delimiter in "\t|" and len(ends) > 1
        lines.append(text_of([row], delimiter, end, csv.QUOTE_ALL if wrapped else quoting))
        if chance.random() < 0.03:
            lines.append(end)  # a blank line is no row
    text = "".join(lines)
    if chance.random() < 0.3:
        text = text.rstrip("\r\n") if not text.endswith('"') else text
    found = counted(text, delimiter)
    cents = [cents_of(row[1]) for row in found]
    said = f"{delimiter!r} {ends!r} {encoding} {'all quoted' if quoting == csv.QUOTE_ALL else 'quoted where needed'}"
    return Written(
        text.encode(encoding), len(found), cents.count(None), sum(each for each in cents if each is not None),
        chance.choice(BLOCKS), said,
    )  # fmt: skip
