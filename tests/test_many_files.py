"""A folder of many small files gives what one file with the same rows gives, and little is done again for each file."""

from __future__ import annotations

import pyarrow as pa
import pytest

import unionscreen
from unionscreen.accounting import totals
from unionscreen.filings import open_filing
from unionscreen.filings.layouts import binding
from unionscreen.filings.rows import amounts, parse
from unionscreen.screening import block, merge, years

FILES, ROWS = 50, 12
HEADER = (
    "Type,Adj,Amount,Date,Election Year,Report Name,Recipient Name,Contributor Name,Contributor Address,"
    "Contributor Occupation,Contributor Employer,Description"
)


def rows_of(file: int) -> list[str]:
    """Rows of two prosecutors and a mayor: one in five of a union, one in seven without an amount."""
    rows = []
    for at in range(ROWS):
        i = file * ROWS + at
        amount = "none" if i % 7 == 3 else f'"${i + 1},{i % 900 + 100}.{i % 100:02d}"'
        donor = f"Fraternal Order of Police Lodge {i % 9}" if i % 5 == 0 else f'"DOE, PAT {i}"'
        recipient = ('"ROE, JANE (DIST. ATTY.)"', '"POE, ANN (DIST. ATTY.)"', '"MOE, MAX (MAYOR)"')[i % 3]
        rows.append(f'Monetary,N,{amount},06/{i % 28 + 1:02d}/2022,2022,1st Quarter,{recipient},{donor},"1 A ST",,,')
    return rows


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("many")
    for file in range(FILES):
        (folder / f"{file:03d}.csv").write_text("\n".join([HEADER, *rows_of(file), ""]), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def one(tmp_path_factory):
    path = tmp_path_factory.mktemp("one") / "all.csv"
    rows = [row for file in range(FILES) for row in rows_of(file)]
    path.write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")
    return path


def in_folder(row: int) -> str:
    """The place in the folder of a row of the one file."""
    file, at = divmod(row - 2, ROWS)
    return f"{file:03d}.csv:{at + 2}"


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("recipients", ["prosecutors", "all"])
def test_a_folder_gives_the_sums_flags_and_rejects_of_one_file(folder, one, recipients, workers):
    many = unionscreen.screen(folder, recipients=recipients, workers=workers)
    alone = unionscreen.screen(one, recipients=recipients, workers=workers)
    assert len(many.prosecutors) == len(alone.prosecutors) == (2 if recipients == "prosecutors" else 3)
    for mine, other in zip(many.prosecutors, alone.prosecutors, strict=True):
        figures = [(each.recipients, each.contributions, each.raised, each.flagged) for each in (mine, other)]
        assert figures[0] == figures[1]
        places = sorted(f"{flag.source.rpartition('/')[2]}:{flag.row}" for flag in mine.flags)
        assert places == sorted(in_folder(flag.row) for flag in other.flags)
    assert sum(len(each.flags) for each in many.prosecutors) > 50
    rejects, others = many.to_dict()["rejects"], alone.to_dict()["rejects"]
    places = [f"{each['source'].rpartition('/')[2]}:{each['row']}" for each in rejects]
    assert places == [in_folder(each["row"]) for each in others]
    assert [each["reason"] for each in rejects] == [each["reason"] for each in others]
    for count in ("rows_read", "rows_screened", "rows_rejected"):
        assert many.manifest[count] == alone.manifest[count] > 0
    assert many.manifest["rows_read"] == FILES * ROWS


def test_a_header_line_is_bound_once_for_all_files(folder, monkeypatch):
    bound = []
    usual = binding._bind
    monkeypatch.setattr(binding, "_bind", lambda *args: bound.append(args[3]) or usual(*args))
    monkeypatch.setattr(binding, "_BOUND", {})
    filings = open_filing(folder)
    assert len(filings) == FILES
    assert len(bound) == 1
    assert len({id(each.layout) for each in filings}) == 1


def test_files_with_one_header_are_each_read_as_their_rows_are_written(tmp_path):
    """A cent behind a comma, rows with more fields than the header: the next file need not have either."""
    row = 'Monetary,N,{},06/01/2022,2022,1st Quarter,"ROE, JANE (DIST. ATTY.)",FOP LODGE 5,"1 A ST",,,'
    written = {
        "a": [row.format("1500.50")],
        "b": [row.format(f'"{amount}"') for amount in ("1.500,50", "2.500,25", "3.500,75")],
        "c": [row.format("10.00") + ",,", row.format("20.00") + ",,"],
        "d": [row.format("1.00")],
    }
    for name, rows in written.items():
        (tmp_path / f"{name}.csv").write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")
    marks = {each.source[-5]: (each.layout.decimal_mark, each.layout.fields) for each in open_filing(tmp_path)}
    assert marks == {"a": (".", 12), "b": (",", 12), "c": (".", 14), "d": (".", 12)}
    (entry,) = unionscreen.screen(tmp_path).prosecutors
    assert [flag.amount_cents for flag in entry.flags] == [150050, 150050, 250025, 350075, 1000, 2000, 100]


def test_an_error_about_a_known_header_names_its_own_file(tmp_path):
    header = HEADER.replace("Recipient Name,", "")
    for name in ("first", "second"):
        path = tmp_path / f"{name}.csv"
        path.write_text(f"{header}\nMonetary,N,5.00,06/01/2022,2022,1st,DOE,A ST,,,\n", encoding="utf-8")
        with pytest.raises(unionscreen.UnionScreenError, match="who received") as caught:
            open_filing(path)
        assert caught.value.source == str(path)


def test_waiting_tables_are_added_up_a_number_of_times_that_grows_with_their_rows():
    """Every block has a recipient of its own, so the sums themselves grow."""
    work: list[int] = []

    def added_up(tables):
        together = pa.concat_tables(tables)
        work.append(together.num_rows)
        return together

    pending = merge._Pending(added_up)
    blocks = 40_000
    table = pa.table({"cents": [1, 2, 3, 4, 5]})
    for _ in range(blocks):
        pending.add(table)
        pending.add(None)
        assert len(pending.tables) <= merge._PENDING_TABLES
    assert pending.total().num_rows == blocks * 5
    assert sum(work) < 10 * blocks * 5


def test_few_rows_are_added_up_like_many(folder, monkeypatch):
    few = unionscreen.screen(folder, recipients="all").to_dict()
    monkeypatch.setattr(totals, "_FEW_ROWS", 0)
    assert unionscreen.screen(folder, recipients="all").to_dict() == few


def test_years_of_few_rows_and_dates_of_small_blocks_are_those_of_large_ones(folder, monkeypatch):
    few = unionscreen.screen(folder, recipients="all", by_year=True).to_dict()
    monkeypatch.setattr(years, "_FEW_ROWS", -1)
    monkeypatch.setattr(block, "_SMALL_BYTES", -1)
    assert unionscreen.screen(folder, recipients="all", by_year=True).to_dict() == few


def test_rows_without_a_date_have_no_days_in_a_small_block(tmp_path, monkeypatch):
    rows = [row.replace("06/", "xx/") if at % 2 else row for at, row in enumerate(rows_of(0))]
    (tmp_path / "a.csv").write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")
    few = unionscreen.screen(tmp_path, by_year=True).to_dict()
    assert any(file["undated"] for entry in few["prosecutors"] for file in entry["by_year"]["files"])
    monkeypatch.setattr(years, "_FEW_ROWS", -1)
    assert unionscreen.screen(tmp_path, by_year=True).to_dict() == few


def test_the_dates_of_a_small_block_need_no_second_parse(tmp_path, monkeypatch):
    """Rows of a prosecutor and of a mayor, none flagged: only the date could ask for another parse."""
    rows = [row for row in rows_of(1) if "Fraternal" not in row]
    (tmp_path / "a.csv").write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")
    again = []
    usual = parse.parse_rows
    monkeypatch.setattr("unionscreen.filings.rows.read.parse_rows", lambda *args: again.append(1) or usual(*args))
    monkeypatch.setattr("unionscreen.pipeline.DATED_BYTES", 0)  # else all dates are read for the data summary
    for small in (False, True):
        monkeypatch.setattr(block, "_SMALL_BYTES", 1 << 18 if small else -1)
        again.clear()
        unionscreen.screen(tmp_path, by_year=True, workers=1)
        assert bool(again) != small


AMOUNTS = (
    "$1,500.50", "45", "$-45.00", "-45.1", "-$4", "$$5", "1,23", "1,234,567.", "16.240000000000002", "5.", "", " 5",
    "1e5", ".5", "99999999999999", "(45)", "1\n2", "12\n", "\u0663", "1.005", "-1,000", "$", "-", "1234,567", "nan",
)  # fmt: skip


@pytest.mark.parametrize("first", AMOUNTS)
@pytest.mark.parametrize("second", AMOUNTS)
def test_few_amounts_are_read_like_many(first, second, monkeypatch):
    texts = pa.array(["1.00", first, second])
    few = amounts.parse_amounts(texts)
    monkeypatch.setattr(amounts, "_FEW_ROWS", -1)
    assert few.equals(amounts.parse_amounts(texts))
    assert few.to_pylist() == [100, amounts.parse_amount(first), amounts.parse_amount(second)]


def test_small_files_keep_their_own_rejects_and_encodings(tmp_path):
    """One file in Windows-1252, one that ends in the middle of a row: each error names its file and row."""
    good = 'Monetary,N,{},06/01/2022,2022,1st Quarter,"ROE, JANE (DIST. ATTY.)",{},"1 A ST",,,'
    written = {
        "a": [good.format("5.00", "MU\u00d1OZ"), good.format("six", "DOE")],
        "b": [good.format("7.00", "FOP LODGE 5"), "", "Monetary,N,8.00,06/0"],
        "c": [good.format("9.00", "FOP LODGE 5")],
    }
    for name, rows in written.items():
        text = "\n".join([HEADER, *rows])
        (tmp_path / f"{name}.csv").write_bytes(text.encode("cp1252" if name == "a" else "utf-8"))
    for workers in (1, 2):
        found = unionscreen.screen(tmp_path, workers=workers).to_dict()
        places = [(each["source"].rpartition("/")[2], each["row"]) for each in found["rejects"]]
        assert places == [("a.csv", 3), ("b.csv", 4)]
        inputs = found["manifest"]["inputs"]
        assert [each["encoding"] for each in inputs] == ["cp1252", "utf-8", "utf-8"]
        assert [(each["rows_read"], each["rows_rejected"]) for each in inputs] == [(2, 1), (2, 1), (1, 0)]
