"""Write campaign-log.xlsx: a campaign's own deposit log, kept by hand, under headings that no agency uses.

Run from any folder: ``python examples/make_campaign_log.py``. The bytes are the same each time.
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import xlsxwriter

HEADERS = ("Deposited", "Paid by", "Hometown", "St", "Check $", "Note")
ROWS = (
    (date(2024, 1, 8), "Imani Castellanos", "Oak Park", "IL", 250.00, ""),
    (date(2024, 1, 9), "Chicago F.O.P. Lodge #7", "Chicago", "IL", 1000.00, "hand-delivered"),
    (date(2024, 1, 16), "Harbor Street Bakery LLC", "Evanston", "IL", 100.00, ""),
    (date(2024, 1, 22), "Policemen's Benev. & Protective Assn. Unit 6 PAC", "Rockford", "IL", 500.00, ""),
    (date(2024, 2, 1), "Theodore Lodge", "Peoria", "IL", 75.00, ""),
    (date(2024, 2, 5), "Associated Fire Fighters of Illinois", "Springfield", "IL", 1500.00, ""),
    (date(2024, 2, 12), "Mei-Ling Porter", "Skokie", "IL", 50.00, "retired police officer"),
)


def write(path: Path) -> None:
    """A title line, the headings, the checks and a total, as people keep such a log."""
    workbook = xlsxwriter.Workbook(str(path))
    workbook.set_properties({"created": datetime(2024, 2, 13), "author": "UnionScreen example"})
    sheet = workbook.add_worksheet("Checks")
    day = workbook.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write(0, 0, "Riley Chen for State's Attorney: checks received (invented)")
    sheet.write_row(1, 0, HEADERS)
    for line, (deposited, *cells) in enumerate(ROWS, start=2):
        sheet.write_datetime(line, 0, datetime(deposited.year, deposited.month, deposited.day), day)
        sheet.write_row(line, 1, cells)
    sheet.write_row(len(ROWS) + 2, 0, ("Total", "", "", "", sum(row[4] for row in ROWS), ""))
    sheet.set_column(0, 5, 18)
    workbook.close()


if __name__ == "__main__":
    write(Path(__file__).with_name("campaign-log.xlsx"))
