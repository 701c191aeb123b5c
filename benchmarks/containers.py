"""What each container costs beside the same rows as CSV, or beside the bare read of a library.

    .venv/bin/python benchmarks/containers.py [--rounds 3] [--only parquet gzip ...]

Every figure is a ratio of two commands that take turns in one run: processor seconds (user and system) of whole
processes with start-up, and the peak memory of the largest process; medians. The files are made once in the temporary
folder, with made-up names in the shape of Tennessee's export and of California's table of receipts. Writes
benchmarks/results/containers.json, which docs/performance.md shows.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from scale import RESULT, file_of, ours, python

CONTAINERS: Final = RESULT.with_name("containers.json")
FOLDER: Final = Path(tempfile.gettempdir()) / "unionscreen_containers"
ROWS: Final = 1_000_000
DONORS: Final = 550_000
FEWER_ROWS: Final = 300_000  # of JSON lines
SHEET_ROWS: Final = 200_000
FLAGS: Final = 20_000
ROWS_OF_FILING: Final = 50
FILERS: Final = 2_000  # of which 40 run for district attorney

BARE_SHEET: Final = """
import sys, python_calamine
book = python_calamine.CalamineWorkbook.from_path(sys.argv[1])
print(sum(1 for row in book.get_sheet_by_index(0).iter_rows()))
"""
BARE_RECEIPTS: Final = """
import sys, pyarrow as pa, pyarrow.csv as pc
columns = (
    "FILING_ID AMEND_ID FORM_TYPE TRAN_ID ENTITY_CD CTRIB_NAML CTRIB_NAMF CTRIB_NAMS CTRIB_CITY CTRIB_ST CTRIB_EMP "
    "CTRIB_OCC TRAN_TYPE RCPT_DATE AMOUNT MEMO_CODE"
).split()
options = pc.ConvertOptions(include_columns=columns, column_types={c: pa.string() for c in columns})
parse = pc.ParseOptions(delimiter="\\t", quote_char=False)
reader = pc.open_csv(
    sys.argv[1], read_options=pc.ReadOptions(block_size=16 << 20), parse_options=parse, convert_options=options
)
print(sum(batch.num_rows for batch in reader))
"""


def csv_file(rows: int = ROWS) -> Path:
    """The rows as CSV, of which the others are made."""
    return file_of(rows, DONORS)


def made(name: str, make: Callable[[Path], None]) -> Path:
    """A file of this name in the folder, made unless it is there."""
    path = FOLDER / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"part_{path.name}")
        make(part)
        part.replace(path)
    return path


def table_of(path: Path) -> Any:
    """The rows of a CSV file as text."""
    import pyarrow as pa
    import pyarrow.csv as pa_csv

    names = path.open(encoding="utf-8").readline().strip().replace('"', "").split(",")
    options = pa_csv.ConvertOptions(column_types={name: pa.string() for name in names}, strings_can_be_null=False)
    return pa_csv.read_csv(path, convert_options=options)


def make_parquet(path: Path) -> None:
    """The rows as one row group after the other."""
    import pyarrow.parquet as pq

    pq.write_table(table_of(csv_file()), path)


def make_gzip(path: Path) -> None:
    """The CSV file, packed."""
    with csv_file().open("rb") as plain, gzip.open(path, "wb", compresslevel=6) as packed:
        shutil.copyfileobj(plain, packed, 1 << 20)


def make_zip(path: Path) -> None:
    """The CSV file in an archive."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(csv_file(), "export.csv")


def make_json(path: Path) -> None:
    """An object for each row, one per line."""
    with path.open("w", encoding="utf-8") as out:
        for batch in table_of(csv_file(FEWER_ROWS)).to_batches():
            out.writelines(f"{json.dumps(row)}\n" for row in batch.to_pylist())


def make_sheet(path: Path) -> None:
    """A workbook with one sheet: amounts as numbers, the rest as text."""
    import xlsxwriter

    table = table_of(csv_file(SHEET_ROWS))
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, table.column_names)
        amount = table.column_names.index("Amount")
        for at, row in enumerate(zip(*(column.to_pylist() for column in table.columns), strict=True), 1):
            sheet.write_row(
                at,
                0,
                [float(cell.strip("$").replace(",", "")) if each == amount else cell for each, cell in enumerate(row)],
            )


def make_receipts(path: Path) -> None:
    """California's table of receipts (RCPT_CD), with the names, amounts and dates of the CSV file."""
    from unionscreen.filings.layouts.definitions import load_format

    columns = load_format("ca-calaccess-rcpt").file_columns
    table = table_of(csv_file())
    names = table["Contributor Name"].to_pylist()
    amounts = [each.strip("$").replace(",", "") for each in table["Amount"].to_pylist()]
    dates = table["Date"].to_pylist()
    with path.open("w", encoding="utf-8", newline="") as out:
        out.write("\t".join(columns) + "\r\n")
        for at, (name, amount, day) in enumerate(zip(names, amounts, dates, strict=True)):
            last, _, first = name.partition(", ")
            month, day_of_month, year = day.split("/")
            cells = {
                "FILING_ID": str(1_000_000 + at // ROWS_OF_FILING),
                "AMEND_ID": "0",
                "LINE_ITEM": str(at % ROWS_OF_FILING + 1),
                "REC_TYPE": "RCPT",
                "FORM_TYPE": "A",
                "TRAN_ID": f"INC{at}",
                "ENTITY_CD": "IND" if first else "OTH",
                "CTRIB_NAML": last,
                "CTRIB_NAMF": first,
                "CTRIB_CITY": "Sacramento",
                "CTRIB_ST": "CA",
                "CTRIB_ZIP4": "95814",
                "CTRIB_EMP": "Self" if first else "",
                "CTRIB_OCC": "Attorney" if first else "",
                "CTRIB_SELF": "n",
                "RCPT_DATE": f"{int(month)}/{int(day_of_month)}/{year} 12:00:00 AM",
                "AMOUNT": amount,
                "CUM_YTD": amount,
                "CUM_OTH": "0",
            }
            out.write("\t".join(cells.get(name, "") for name in columns) + "\r\n")


def make_cover_pages(path: Path) -> None:
    """The cover pages of these receipts (CVR_CAMPAIGN_DISCLOSURE_CD)."""
    columns = (
        "FILING_ID AMEND_ID REC_TYPE FORM_TYPE FILER_ID ENTITY_CD FILER_NAML FILER_NAMF REPORT_NUM RPT_DATE FROM_DATE "
        "THRU_DATE STMT_TYPE CMTTE_TYPE CAND_NAML CAND_NAMF OFFICE_CD OFFIC_DSCR JURIS_CD JURIS_DSCR SUP_OPP_CD"
    ).split()
    with path.open("w", encoding="utf-8", newline="") as out:
        out.write("\t".join(columns) + "\r\n")
        for at in range(ROWS // ROWS_OF_FILING):
            filer = at % FILERS
            office = {"OFFICE_CD": "DAT", "OFFIC_DSCR": "District Attorney"} if filer < 40 else {"OFFICE_CD": "ASM"}
            cells = office | {
                "FILING_ID": str(1_000_000 + at),
                "AMEND_ID": "0",
                "FORM_TYPE": "F460",
                "FILER_ID": str(1_200_000 + filer),
                "FILER_NAML": f"Roe{filer} for {'District Attorney' if filer < 40 else 'Assembly'}",
                "CMTTE_TYPE": "C",
                "CAND_NAML": f"Roe{filer}",
                "CAND_NAMF": "Jane",
                "FROM_DATE": "1/1/2022 12:00:00 AM",
                "THRU_DATE": "6/30/2022 12:00:00 AM",
            }
            out.write("\t".join(cells.get(name, "") for name in columns) + "\r\n")


def with_cover_pages() -> Path:
    """The folder of both tables."""
    receipts = made("calaccess/RCPT_CD.TSV", make_receipts)
    made("calaccess/CVR_CAMPAIGN_DISCLOSURE_CD.TSV", make_cover_pages)
    return receipts.parent


def make_flags(path: Path) -> None:
    """Gifts of unions alone, to 40 district attorneys."""
    from unionscreen.unions import load_unions

    names = [alias.alias for alias in load_unions().aliases]
    with path.open("w", encoding="utf-8") as out:
        out.write("Recipient Name,Contributor Name,Amount,Date,City\n")
        for at in range(FLAGS):
            recipient = f"Friends of Jane Roe{at % 40} for District Attorney"
            day = f"{1 + at % 12:02d}/{1 + at % 28:02d}/2022"
            out.write(f'{recipient},"{names[at % len(names)]}",{100 + at % 400}.00,{day},Springfield\n')


def measured(command: list[str]) -> tuple[float, float]:
    """Processor seconds of a command, and megabytes of its largest process."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        sys.exit(f"{' '.join(command)[:200]}: exit {process.returncode}")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def as_text(path: Path) -> list[str]:
    """Our command, with the report for a terminal."""
    return [each if each != "json" else "table" for each in ours(path)]


def pairs() -> dict[str, Callable[[], tuple[list[str], list[str]]]]:
    """For each row of the table: the command, and the one that it is compared with."""
    return {
        "Parquet ÷ CSV": lambda: (ours(made("rows.parquet", make_parquet)), ours(csv_file())),
        "JSON lines ÷ CSV": lambda: (ours(made("rows.jsonl", make_json)), ours(csv_file(FEWER_ROWS))),
        "xlsx ÷ calamine": lambda: (
            ours(made("rows.xlsx", make_sheet)),
            python(BARE_SHEET, made("rows.xlsx", make_sheet)),
        ),
        "CAL-ACCESS ÷ pyarrow": lambda: (
            ours(with_cover_pages()),
            python(BARE_RECEIPTS, made("calaccess/RCPT_CD.TSV", make_receipts)),
        ),
        "gzip ÷ CSV": lambda: (ours(made("rows.csv.gz", make_gzip)), ours(csv_file())),
        "zip ÷ CSV": lambda: (ours(made("rows.zip", make_zip)), ours(csv_file())),
        "terminal ÷ JSON": lambda: (as_text(made("flags.csv", make_flags)), ours(made("flags.csv", make_flags))),
    }


def compared(name: str, rounds: int) -> dict[str, Any]:
    """Both commands of a row, in turn."""
    found: list[list[tuple[float, float]]] = [[], []]
    commands = pairs()[name]()
    for _ in range(rounds):
        for each, command in zip(found, commands, strict=True):
            each.append(measured(command))
    seconds = [statistics.median(one for one, _ in each) for each in found]
    memory = [statistics.median(one for _, one in each) for each in found]
    return {
        "seconds": [round(each, 2) for each in seconds],
        "mb": [round(each) for each in memory],
        "time": round(seconds[0] / seconds[1], 2),
        "memory": round(memory[0] / memory[1], 2),
    }


def main() -> None:
    """Measure what was asked for, and keep the rest of what was measured before."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", nargs="+", default=[], help="words of the rows to measure")
    parser.add_argument("--out", type=Path, default=CONTAINERS)
    parser.add_argument("--make", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    names = [name for name in pairs() if not options.only or any(each.lower() in name.lower() for each in options.only)]
    if options.make:
        for name in names:
            pairs()[name]()
        return
    # A child's peak memory counts from what its parent held when it was started, so another process makes the files.
    subprocess.run([sys.executable, __file__, "--make", "--only", *(options.only or [""])], check=True)
    known = json.loads(options.out.read_text(encoding="utf-8")) if options.out.exists() else {"found": {}}
    known["machine"] = f"{len(os.sched_getaffinity(0))} processors, Python {sys.version.split()[0]}"
    for name in names:
        known["found"][name] = compared(name, options.rounds)
        print(name, json.dumps(known["found"][name]), flush=True)
        options.out.write_text(json.dumps(known, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
