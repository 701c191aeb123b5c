"""A Parquet file gives what the same table gives as text."""

import datetime
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import unionscreen
from unionscreen.errors import FilingError
from unionscreen.filings import open_filing, read_block
from unionscreen.filings.files import parquet

FOP = "Fraternal Order of Police Lodge 5"
NAMES = ["Recipient", "Contributor", "Amount", "Date", "Type", "Employer"]


def write(path, *, rows=50, types=None, row_group_size=20):
    table = pa.table(
        {
            "Recipient": ["Jane Roe for District Attorney"] * rows,
            "Contributor": [FOP if i % 10 == 3 else f'Doe "D", Pat {i}' for i in range(rows)],
            "Amount": pa.array([f"{i}.25" for i in range(rows)]),
            "Date": pa.array([datetime.date(2022, 1, 1 + i % 28).isoformat() for i in range(rows)]),
            "Type": ["Monetary"] * rows,
            "Employer": ["two\nlines" if i % 2 else None for i in range(rows)],
        }
    )
    for name, kind in (types or {}).items():
        at = NAMES.index(name)
        column = table[name].cast(kind) if kind != pa.list_(pa.string()) else pa.array([["x"]] * rows)
        table = table.set_column(at, name, column)
    pq.write_table(table, path, row_group_size=row_group_size)
    return path


@pytest.mark.parametrize(
    "types",
    [
        {},
        {"Amount": pa.decimal128(9, 2), "Date": pa.date32()},
        {"Amount": pa.float64(), "Date": pa.timestamp("us")},
        {"Contributor": pa.large_string(), "Type": pa.dictionary(pa.int32(), pa.string())},
        {"Employer": pa.list_(pa.string())},
    ],
    ids=str,
)
def test_every_type_reads_as_its_text_would(tmp_path, types):
    (entry,) = unionscreen.screen(write(tmp_path / "filing.parquet", types=types)).to_dict()["prosecutors"]
    assert entry["contributions"] == 50
    assert Decimal(entry["raised"]) == sum(Decimal(f"{i}.25") for i in range(50))
    assert [(f["row"], f["amount"], f["date"]) for f in entry["flags"]][:2] == [
        (4, "3.25", "2022-01-04"),
        (14, "13.25", "2022-01-14"),
    ]


@pytest.mark.parametrize("kind", [pa.binary(), pa.large_binary(), pa.string()], ids=str)
def test_a_name_that_is_not_utf_8_is_read_and_costs_the_others_nothing(tmp_path, kind):
    path = tmp_path / "filing.parquet"
    donors = [FOP.encode(), "Niños Ann".encode("cp1252"), "Niños Bea".encode()]
    offsets, data = pa.array(donors).buffers()[1:]
    column = pa.Array.from_buffers(pa.string(), 3, [None, offsets, data])
    column = column if kind == pa.string() else pa.array(donors, kind)
    table = pa.table({"Recipient": ["Jane Roe for District Attorney"] * 3, "Contributor": column, "Amount": ["5"] * 3})
    pq.write_table(table, path)
    (filing,) = open_filing(path)
    block = read_block(next(filing.tasks()))
    assert block.column("contributor").to_pylist() == [FOP, "Niños Ann", "Niños Bea"]
    (entry,) = unionscreen.screen(path).prosecutors
    assert [flag.row for flag in entry.flags] == [1]


def test_a_list_of_donors_in_one_row_is_an_error_and_not_nobody(tmp_path):
    path = write(tmp_path / "filing.parquet", types={"Contributor": pa.list_(pa.string())})
    with pytest.raises(FilingError, match="the column 'Contributor' holds list"):
        unionscreen.screen(path)


def test_a_row_group_is_read_in_blocks_of_bounded_size(tmp_path, monkeypatch):
    path = write(tmp_path / "filing.parquet")
    whole = unionscreen.screen(path).to_dict()["prosecutors"]
    monkeypatch.setattr(parquet, "BLOCK_ROWS", 7)
    tasks = list(open_filing(path)[0].tasks())
    assert [task.records for task in tasks[:4]] == [(0, 0, 7), (0, 7, 7), (0, 14, 6), (1, 0, 7)]
    assert [read_block(task).num_rows for task in tasks[:4]] == [7, 7, 6, 7]
    assert "row group 0, rows 7 to 14" in str(tasks[1])
    assert unionscreen.screen(path, workers=2).to_dict()["prosecutors"] == whole


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[:-20],
        lambda data: data[:4] + b"\xff" * 40 + data[44:],
        lambda data: data.replace(b"Recipient", b"\xe9ecipient"),
    ],
    ids=["cut off", "a page", "a name"],
)
def test_a_damaged_file_is_said(damage, tmp_path):
    path = write(tmp_path / "filing.parquet")
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(FilingError, match=r"filing\.parquet: .*(damaged|cannot be read)"):
        unionscreen.screen(path)


@pytest.mark.parametrize("pattern", ["*.parquet", "**/*.parquet", "part-[01].parquet"])
def test_a_pattern_means_its_files(tmp_path, pattern):
    write(tmp_path / "part-0.parquet")
    write(tmp_path / "part-1.parquet", rows=60)
    (entry,) = unionscreen.screen(str(tmp_path / pattern)).to_dict()["prosecutors"]
    assert entry["contributions"] == 110


def test_a_pattern_without_files_is_an_error(tmp_path):
    with pytest.raises(FilingError, match="no file matches this pattern"):
        unionscreen.screen(str(tmp_path / "*.csv"))


def test_columns_with_one_name_are_one(tmp_path):
    path = tmp_path / "twice.parquet"
    table = pa.table(
        [["Roe", "Roe"], ["", "Doe"], ["5", "6"], [FOP, ""]], names=["Recipient", "Donor", "Amount", "Donor"]
    )
    pq.write_table(table, path)
    (filing,) = open_filing(path)
    (task,) = filing.tasks()
    assert read_block(task).rows().select(["contributor", "amount_cents"]).to_pylist() == [
        {"contributor": FOP, "amount_cents": 500},
        {"contributor": "Doe", "amount_cents": 600},
    ]


@pytest.mark.parametrize("first", [True, False])
def test_a_struct_beside_a_dotted_name_takes_nothing_from_it(tmp_path, first):
    """Parquet calls the field of a struct by the same dotted name."""
    table = pq.read_table(write(tmp_path / "plain.parquet"))
    struct = pa.array([{"name": "not this", "more": i} for i in range(50)])
    table = table.rename_columns(["Recipient", "donor.name", *NAMES[2:]])
    table = table.add_column(0 if first else 6, "donor", struct)
    pq.write_table(table, tmp_path / "filing.parquet")
    screening = unionscreen.screen(tmp_path / "filing.parquet", mapping={"contributor": "donor.name"})
    (entry,) = screening.to_dict()["prosecutors"]
    assert (entry["contributions"], {f["contributor"] for f in entry["flags"]}) == (50, {FOP})


CELLS = st.text(st.sampled_from('aB1 ,"\n\r\x00\x1a\u2028é'), max_size=6)
AMOUNTS = st.one_of(st.none(), st.sampled_from(["1.25", "(3)", "$1,000.00", "x", " ", "", "total"]))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.tuples(CELLS, AMOUNTS, CELLS, st.sampled_from(["", "total", "Pat Doe", FOP])), min_size=1),
    size=st.integers(1, 7),
)
def test_cells_that_never_become_lines_give_what_their_lines_give(tmp_path, rows, size):
    path = tmp_path / "filing.parquet"
    good = [("Jane Roe", "5.00", "Sheriff", FOP)] * 3
    columns = zip(*good, *rows, strict=True)
    pq.write_table(pa.table([*columns], names=["Recipient", "Amount", "Employer", "Contributor"]), path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parquet, "BLOCK_ROWS", size)
        direct = contents(path)
        patch.setattr(parquet, "is_clean", lambda _table: False)
        assert direct == contents(path)


def contents(path):
    """All rows and rejects of a file, block by block."""
    blocks = [read_block(task) for filing in open_filing(path) for task in filing.tasks()]
    return [
        (
            each.lines,
            each.rows_read,
            each.rejects.to_pylist(),
            each.rows().to_pylist(),
            [column.to_pylist() for column in each.texts(np.arange(each.num_rows))],
        )
        for each in blocks
    ]


def test_the_blocks_of_a_row_group_may_be_read_in_any_order(tmp_path, monkeypatch):
    path = write(tmp_path / "filing.parquet", row_group_size=50)
    monkeypatch.setattr(parquet, "BLOCK_ROWS", 10)
    (filing,) = open_filing(path)
    tasks = [*filing.tasks()]
    donors = {each.block_index: read_block(each).rows()["contributor"].to_pylist() for each in tasks}
    for order in (reversed(tasks), tasks[2:4], tasks[::2]):
        for task in order:
            assert read_block(task).rows()["contributor"].to_pylist() == donors[task.block_index]
    assert [name for at in range(5) for name in donors[at]] == pq.read_table(path)["Contributor"].to_pylist()


def test_a_file_that_changes_between_two_blocks_is_read_anew(tmp_path, monkeypatch):
    path = write(tmp_path / "filing.parquet", row_group_size=50)
    monkeypatch.setattr(parquet, "BLOCK_ROWS", 10)
    (filing,) = open_filing(path)
    first, second, *_ = filing.tasks()
    read_block(first)
    write(path, rows=15, row_group_size=50)
    with pytest.raises(FilingError, match="changed while it was read"):
        read_block(second)
