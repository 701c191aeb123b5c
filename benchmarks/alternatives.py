"""What other packages for the same work cost: processor time for the same file, and size on the disk.

    python -m venv V && V/bin/pip install -e . openpyxl polars duckdb pdfplumber fastapi
    V/bin/python benchmarks/alternatives.py [--rounds 5]

Every figure is the processor time (user and system) of a whole process, start-up included; the methods of one task take
turns, and the median counts. Writes benchmarks/results/alternatives.json, which docs/dependencies.md shows.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tools"))
from dependencies import measured

ROOT = Path(__file__).resolve().parents[1]
RESULT = ROOT / "benchmarks" / "results" / "alternatives.json"
COLUMNS = ["Donor", "Amount", "Date", "City", "State", "Recipient"]
ROWS, SHEET_ROWS = 1_000_000, 20_000
# The code below is run with ROWS and SHEET_ROWS defined.
MADE = """
import sys; from pathlib import Path
row = "Quillback Harbor Police Officers Association {i},{a}.50,2024-01-02,Elmhaven,CA,Jane Roe for DA,x,y,z,w\\n"
Path(sys.argv[1]).write_text("Donor,Amount,Date,City,State,Recipient,a,b,c,d\\n" + "".join(
    row.format(i=i % 50_000, a=i % 9_000) for i in range(ROWS)))
"""
WRITE = "[[f'Donor {i}', i / 4, 'Elmhaven', 'CA', 'Jane Roe'] for i in range(SHEET_ROWS)]"
# Each task with its methods by their package; the first is ours.
TASKS = {
    f"read six columns of a CSV of {ROWS:,} rows as text": {
        "pyarrow": "import sys, pyarrow as pa, pyarrow.csv as c\n"
        f"names = {COLUMNS}\n"
        "options = c.ConvertOptions(include_columns=names, column_types={n: pa.string() for n in names})\n"
        "assert sum(b.num_rows for b in c.open_csv(sys.argv[1], convert_options=options)) == ROWS",
        "polars": "import sys, polars as p\n"
        f"assert p.scan_csv(sys.argv[1], infer_schema=False).select({COLUMNS}).collect().height == ROWS",
        "duckdb": "import sys, duckdb\n"
        "found = duckdb.sql(f\"select Donor, Amount, Date, City, State, Recipient from read_csv('{sys.argv[1]}', "
        'all_varchar=true)")\nassert found.to_arrow_table().num_rows == ROWS',
    },
    f"read a workbook of {SHEET_ROWS:,} rows": {
        "python-calamine": "import sys, python_calamine as c\n"
        "assert len(c.CalamineWorkbook.from_path(sys.argv[1]).get_sheet_by_index(0).to_python()) == SHEET_ROWS",
        "openpyxl": "import sys, openpyxl\n"
        "sheet = openpyxl.load_workbook(sys.argv[1], read_only=True).worksheets[0]\n"
        "assert len(list(sheet.iter_rows(values_only=True))) == SHEET_ROWS",
    },
    f"write a workbook of {SHEET_ROWS:,} rows": {
        "xlsxwriter": "import sys, xlsxwriter\n"
        "with xlsxwriter.Workbook(sys.argv[1], {'constant_memory': True}) as book:\n"
        "    sheet = book.add_worksheet()\n"
        f"    for at, row in enumerate({WRITE}): sheet.write_row(at, 0, row)",
        "openpyxl": "import sys, openpyxl\n"
        "book = openpyxl.Workbook(write_only=True)\nsheet = book.create_sheet()\n"
        f"for row in {WRITE}: sheet.append(row)\nbook.save(sys.argv[1])",
    },
    "words and lines of the 5 pages of docs/samples/roe-460.pdf, five times": {
        "pypdfium2": "import sys, pypdfium2\nfrom unionscreen.pdfreader.extract import extract\n"
        "for _ in range(5):\n    [extract(page) for page in pypdfium2.PdfDocument(sys.argv[1])]",
        "pdfplumber": "import sys, pdfplumber\n"
        "for _ in range(5):\n    with pdfplumber.open(sys.argv[1]) as document:\n"
        "        [(page.extract_words(), page.lines, page.rects) for page in document.pages]",
    },
    "import the server's framework": {"starlette": "import starlette.applications", "fastapi": "import fastapi"},
}


def cpu(code: str, file: Path) -> float:
    """Seconds of user and system time of one process."""
    whole = f"ROWS, SHEET_ROWS = {ROWS}, {SHEET_ROWS}\n{code}"
    process = subprocess.Popen([sys.executable, "-c", whole, str(file)])
    _, status, used = os.wait4(process.pid, 0)
    assert status == 0, code
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Measure every method, and write the result."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    found: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        rows, book = Path(folder, "rows.csv"), Path(folder, "book.xlsx")
        cpu(MADE, rows)
        files = [rows, book, Path(folder, "out.xlsx"), ROOT / "docs" / "samples" / "roe-460.pdf", rows]
        cpu(TASKS[f"write a workbook of {SHEET_ROWS:,} rows"]["xlsxwriter"], book)
        for (task, methods), file in zip(TASKS.items(), files, strict=True):
            seconds: dict[str, list[float]] = {name: [] for name in methods}
            for at in range(rounds + 1):  # the first round compiles the modules
                for name, code in methods.items():
                    took = cpu(code, file)
                    seconds[name] += [took] if at else []
            found[task] = {name: round(statistics.median(each), 2) for name, each in seconds.items()}
    packages = sorted({name for methods in TASKS.values() for name in methods})
    result = {
        "machine": f"{len(os.sched_getaffinity(0))} processors, Python {sys.version.split()[0]}",
        "rounds": rounds,
        "load": round(os.getloadavg()[0], 1),
        "versions": {name: version(name) for name in packages},
        "packages": {name: measured(name) for name in packages},
        "found": found,
    }
    RESULT.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
