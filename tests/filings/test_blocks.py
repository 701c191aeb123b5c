from __future__ import annotations

import io
import pickle
import random

import numpy as np
import pytest

from unionscreen.errors import FilingError
from unionscreen.filings import open_filing, read_block
from unionscreen.filings.files.lines import Lines
from unionscreen.filings.layouts.column_rules import ColumnRule
from unionscreen.filings.layouts.layout import Layout
from unionscreen.filings.rows import blocks, parse
from unionscreen.filings.rows.blocks import boundary, file_tasks, stream_tasks
from unionscreen.filings.rows.tolerant import rejoin_pieces, starts_records

LINES = 400


def made_up(seed: int) -> bytes:
    """A filing in which every few lines hold a field with line breaks, so that most line ends are no boundaries."""
    rng = random.Random(seed)  # noqa: S311 - made-up data
    rows = ["Recipient,Donor,Amount,Remark"]
    for i in range(LINES):
        remark = '"two\nlines, or\n\nmore"' if rng.random() < 0.3 else "none"
        rows.append(f'Jane Roe,"DOE, {"J" * rng.randrange(40)}{i}",{i}.50,{remark}')
    return "\n".join(rows).encode()


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("size", [64, 257, 1000, 1 << 20])
def test_blocks_of_any_size_give_the_same_rows(seed, size, read_text, monkeypatch):
    whole = read_text(made_up(seed))
    monkeypatch.setattr(blocks, "BLOCK_BYTES", size)
    monkeypatch.setattr(parse, "CHUNK_BYTES", max(size // 3, 50))
    cut = read_text(made_up(seed))
    assert cut.rows == whole.rows
    assert len(cut.rows) == LINES
    assert cut.blocks > 1 or size == 1 << 20


@pytest.mark.parametrize("size", [90, 300, 5000])
def test_pieces_of_any_size_give_the_same_rows_and_rejects(size, read_text, monkeypatch):
    lines = ["Recipient,Donor,Amount,Date"]
    lines += [f'Jane Roe,"DOE, {"J" * (i % 40)}{i}",{i}.50,03/04/2022' for i in range(LINES)]
    for i in (7, 8, 150, 399):  # too many fields: pyarrow numbers these rows
        lines[i] += ",more,and,more,of,it"
    text = "\n".join(lines)
    whole = read_text(text)
    assert [reject["row"] for reject in whole.rejects] == [8, 9, 151, 400]
    monkeypatch.setattr(parse, "_PARSED_BYTES", size)
    monkeypatch.setattr(parse, "_slow", None)  # or the pieces would not be what is tested
    pieces = read_text(text)
    assert (pieces.rows, pieces.rejects) == (whole.rows, whole.rejects)


def test_a_row_longer_than_a_piece_is_read(read_text, monkeypatch):
    monkeypatch.setattr(parse, "_PARSED_BYTES", 100)
    got = read_text(f"Recipient,Donor,Amount\nRoe,{'x' * 500},5\nRoe,Doe,6\n")
    assert got.values("amount_cents") == [500, 600]


@pytest.mark.parametrize("size", [100, 999])
def test_a_file_and_a_stream_are_cut_between_records(size, tmp_path, monkeypatch):
    monkeypatch.setattr(blocks, "BLOCK_BYTES", size)
    path = tmp_path / "a.csv"
    path.write_bytes(made_up(1))
    (filing,) = open_filing(path)
    data = path.read_bytes()
    for tasks in (
        file_tasks(str(path), len(data), filing.layout, "a", 0, 1),
        stream_tasks(io.BytesIO(data), filing.layout, "a", 0, 1),
    ):
        at = 0
        for task in tasks:
            assert at == 0 or data[at:].startswith(b"Jane Roe,")
            at += task.length
        assert at == len(data)


@pytest.mark.parametrize(("size", "expected"), [(1, 1), (1000, 1), (1001, 2), (4000, 4), (4001, 8), (50_000, 52)])
def test_the_blocks_of_a_long_file_are_alike_and_a_multiple_of_four(size, expected, tmp_path, monkeypatch):
    monkeypatch.setattr(blocks, "BLOCK_BYTES", 1000)
    path = tmp_path / "a.csv"
    path.write_bytes(b"1\n" * (size // 2) + b"1" * (size % 2))
    layout = Layout("generic", ",", quoting=False, fields=1, rules={"amount_cents": ColumnRule("text", at=(0,))})
    lengths = [task.length for task in file_tasks(str(path), size, layout, "a", 0, 0)]
    assert (len(lengths), sum(lengths)) == (expected, size)
    assert max(lengths) - min(lengths[:-1], default=max(lengths)) <= 4


def test_a_boundary_is_never_inside_quotes(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(made_up(2))
    (filing,) = open_filing(path)
    data = path.read_bytes()
    for nominal in range(40, len(data) - 500, 97):
        cut = boundary(data[nominal:], filing.layout)
        assert cut is not None
        assert data[: nominal + cut].count(b'"') % 2 == 0
        assert data[nominal + cut :].startswith(b"Jane Roe,")


def test_the_same_boundary_is_found_from_anywhere_before_it(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"Recipient,Donor,Amount\n" + b"Roe,Doe,1\n" * 30)
    (filing,) = open_filing(path)
    window = path.read_bytes()
    assert {at + (boundary(window[at:], filing.layout) or 0) for at in range(23, 33)} == {33}


def test_text_without_records_is_cut_at_line_ends(tmp_path, monkeypatch):
    monkeypatch.setattr(blocks, "BLOCK_BYTES", 300)
    monkeypatch.setattr(blocks, "_WINDOW_BYTES", 50)
    monkeypatch.setattr(blocks, "_MAX_WINDOW_BYTES", 100)
    path = tmp_path / "a.csv"
    path.write_bytes(b"Recipient,Donor,Amount\nRoe,Doe,1\n" + b"not,a,row,at,all\n" * 100 + b"Roe,Doe,2")
    (filing,) = open_filing(path)
    read = [read_block(task) for task in filing.tasks()]
    assert len(read) > 3
    assert sum(block.lines for block in read) == 103
    assert [block.num_rows for block in read if block.num_rows] == [1, 1]


def test_a_line_without_end_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(blocks, "BLOCK_BYTES", 100)
    monkeypatch.setattr(blocks, "_WINDOW_BYTES", 50)
    monkeypatch.setattr(blocks, "_MAX_LINE_BYTES", 400)
    path = tmp_path / "a.csv"
    path.write_bytes(b"Recipient,Donor,Amount\nRoe,Doe,1\n" + b"x" * 5000)
    (filing,) = open_filing(path)
    with pytest.raises(FilingError, match="a line longer than"):
        list(filing.tasks())


def test_tasks_are_small_and_can_be_sent_to_another_process(samples):
    (filing,) = open_filing(samples / "tn-tncamp.csv", input_index=3)
    (task,) = filing.tasks()
    sent = pickle.loads(pickle.dumps(task))  # noqa: S301 - our own bytes
    assert sent == task
    assert task.input_index == 3
    assert task.data is None
    assert len(pickle.dumps(task)) < 5000


def test_a_file_that_became_shorter_is_an_error(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"Recipient,Donor,Amount\n" + b"Roe,Doe,1\n" * 30)
    (filing,) = open_filing(path)
    path.write_bytes(b"Recipient,Donor,Amount\n")
    with pytest.raises(FilingError, match="became shorter"):
        [read_block(task) for task in filing.tasks()]


@pytest.mark.parametrize("size", [300, 1001])
@pytest.mark.parametrize(
    "row", ['Roe,"DOE,\nJ{0}",{0}.50', '"Jane\nRoe","DOE {0}",{0}', '"Jane\nRoe","DOE,\n\nJ{0}",{0}'], ids=repr
)
def test_a_file_whose_every_record_has_line_breaks_is_cut_between_records(row, size, read_text, monkeypatch):
    monkeypatch.setattr(blocks, "BLOCK_BYTES", size)
    monkeypatch.setattr(parse, "CHUNK_BYTES", size // 2)
    lines = row.count("\n") + 1
    got = read_text("Recipient,Donor,Amount\n" + "".join(row.format(i) + "\n" for i in range(200)))
    assert got.row_numbers == [2 + i * lines for i in range(200)]
    assert got.blocks >= 5
    assert not got.rejects


def test_how_long_a_line_may_be_is_said_in_megabytes(tmp_path, monkeypatch):
    monkeypatch.setattr(blocks, "BLOCK_BYTES", 100)
    monkeypatch.setattr(blocks, "_MAX_LINE_BYTES", 2 << 20)
    path = tmp_path / "a.csv"
    path.write_bytes(b"Recipient,Donor,Amount\nRoe,Doe,1\n" + b"x" * (5 << 20))
    (filing,) = open_filing(path)
    with pytest.raises(FilingError, match="a line longer than 2 MB: this is not a table of lines"):
        list(filing.tasks())


def test_lines_with_a_quote_out_of_place_prove_no_beginning(tmp_path):
    """What begins inside a quoted field looks like rows, and then its closing quote stands where none may."""
    path = tmp_path / "a.csv"
    path.write_bytes(b"Recipient,Donor,Amount\n" + b'Roe,"Doe",1\n' * 30)
    (filing,) = open_filing(path)
    row, odd = 'Roe,"Doe",1', 'Roe,"Do"e,1'
    assert starts_records([row, row, row], filing.layout)
    assert not starts_records([row, odd, row], filing.layout)
    assert not starts_records([row, row], filing.layout)
    assert starts_records([row, "", row, row], filing.layout)
    assert not starts_records([row, "Roe,Doe,x", row], filing.layout)
    assert not starts_records([row, "Roe,Doe", row], filing.layout)


@pytest.mark.parametrize("end", [b"", b"\n", b"\n\n"])
@pytest.mark.parametrize("stretch", [1, 3, 7, 1 << 20])
def test_any_lines_can_be_asked_for_in_any_order(end, stretch, monkeypatch):
    monkeypatch.setattr("unionscreen.filings.files.lines._SEARCHED_BYTES", stretch)
    data = b"first\n\na longer line\nx\n\nlast" + end
    expected = data.splitlines(keepends=True)
    lines = Lines(data)
    assert lines.count == len(expected)
    for wanted in ([*range(lines.count)], [*range(lines.count)][::-1], [0], [lines.count - 1], [3, 0, 3, 1]):
        assert lines.at(np.array(wanted)) == [expected[at] for at in wanted]


def test_a_blank_line_is_not_the_first_piece_of_a_row():
    rules = {"contributor": ColumnRule("text", at=(0,)), "amount_cents": ColumnRule("text", at=(1,))}
    layout = Layout("generic", ",", quoting=True, fields=2, rules=rules)
    assert rejoin_pieces(["", "A,5"], 0, layout) is None
