"""The same bytes however a screening is spread: threads, processes, a Dask cluster, workers that die, a run cut off."""

import gc
import json
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import warnings
from functools import partial
from pathlib import Path

import pytest

import unionscreen
from unionscreen import engine, pipeline
from unionscreen.accounting.lines import Rules
from unionscreen.errors import UnionScreenError, UsageError
from unionscreen.filings import Block, open_filing
from unionscreen.filings.rows import blocks
from unionscreen.screening import Settings, gather, screen_block
from unionscreen.unions import load_unions

ROWS = 1200
BLOCK = 4096  # bytes: some 20 blocks
HEADER = "Recipient,Contributor,Amount,Date,Type,Employer"


@pytest.fixture(scope="module")
def filing(tmp_path_factory):
    """Rows of two prosecutors, one in 50 of a union, one in 97 with no amount."""
    lines = [HEADER]
    for i in range(ROWS):
        donor = f"Fraternal Order of Police Lodge {i % 7}" if i % 50 == 0 else f"Doe, Pat {i % 300}"
        amount = "none" if i % 97 == 5 else f"{(-1 if i % 150 == 50 else 1) * (i % 40 + 1)}.{i % 100:02d}"
        prosecutor = f"{'Jane Roe' if i % 3 else 'Ann Poe'} for District Attorney"
        lines.append(f'{prosecutor},"{donor}",{amount},2022-{i % 12 + 1:02d}-{i % 28 + 1:02d},Monetary,')
    path = tmp_path_factory.mktemp("scale") / "filing.csv"
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch):
    monkeypatch.setattr(blocks, "BLOCK_BYTES", BLOCK)


def as_json(screening):
    return json.dumps(screening.to_dict())


@pytest.fixture
def serial(filing):
    return as_json(unionscreen.screen(filing, workers=1))


def test_there_are_blocks_flags_and_rejects_to_compare(filing, serial):
    result = json.loads(serial)
    assert len(list(open_filing(filing)[0].tasks())) > 10
    assert all(entry["flagged"]["count"] > 5 for entry in result["prosecutors"])
    assert len(result["rejects"]) > 10


@pytest.mark.parametrize("workers", [None, 2, 3])
def test_threads_give_the_same_bytes(workers, filing, serial):
    assert as_json(unionscreen.screen(filing, workers=workers)) == serial


def test_processes_give_the_same_bytes_also_when_one_is_killed(filing, serial, monkeypatch):
    monkeypatch.setattr(engine, "THREADS", 0)
    killed = []

    def kill_one(_):
        if not killed:
            killed.extend(multiprocessing.active_children()[:1])
            os.kill(killed[0].pid, signal.SIGKILL)

    assert as_json(unionscreen.screen(filing, workers=2, progress=kill_one)) == serial
    assert killed


def test_a_block_is_gone_when_it_is_done(filing):
    settings = Settings(list_sha256=load_unions().sha256)
    task = next(open_filing(filing)[0].tasks())
    screen_block(task, settings)
    gc.collect()
    gc.disable()
    try:
        screen_block(task, settings)
        assert [each for each in gc.get_objects() if isinstance(each, Block)] == []
    finally:
        gc.enable()


def test_a_block_with_a_ledger_adds_nothing_up():
    (opened,) = open_filing(Path(__file__).parents[1] / "examples" / "netfile-avery.csv")
    settings = Settings(load_unions().sha256, rules={opened.format.id: Rules.named(opened.format.accounting)})
    parts = [screen_block(task, settings) for task in opened.tasks()]
    assert [(part.ledger is None, part.totals.num_rows) for part in parts] == [(False, 0)] * len(parts)
    assert gather(parts).totals.num_rows > 0


def test_blocks_in_any_order_give_the_same_result(filing):
    (opened,) = open_filing(filing)
    settings = Settings(list_sha256=load_unions().sha256)
    partials = [screen_block(task, settings) for task in opened.tasks()]
    shuffled = [*partials[1::2], *reversed(partials[::2])]
    one, other = gather(partials), gather(shuffled)
    assert one.totals.equals(other.totals)
    assert (one.interest, one.rejects, one.inputs) == (other.interest, other.rejects, other.inputs)


@pytest.fixture(scope="module")
def cluster():
    """A scheduler and two worker processes on loopback."""
    distributed = pytest.importorskip("distributed", reason="the extra [dask] is not installed")
    warnings.simplefilter("ignore")  # of Dask's own making, and in threads of its own
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, protocol="tcp://"
    ) as running:
        yield running


pytestmark = pytest.mark.filterwarnings("ignore")


def test_a_dask_cluster_gives_the_same_bytes(filing, serial, cluster):
    assert as_json(unionscreen.screen(filing, scheduler=cluster.scheduler_address)) == serial


def test_a_worker_that_cannot_open_a_path_says_so_by_name(filing, cluster, tmp_path, monkeypatch):
    gone = shutil.copy(filing, tmp_path / "gone.csv")
    real = pipeline.run_tasks

    def run(function, tasks, **options):
        tasks = list(tasks)
        (tmp_path / "gone.csv").unlink()
        return real(function, tasks, **options)

    monkeypatch.setattr(pipeline, "run_tasks", run)
    with pytest.raises(UnionScreenError, match=r"gone\.csv: cannot be read: No such file") as raised:
        unionscreen.screen(gone, scheduler=cluster.scheduler_address)
    assert "worker tcp://127.0.0.1" in str(raised.value)


def test_another_version_on_a_worker_is_refused(filing):
    settings = Settings(list_sha256=load_unions().sha256, version="0.0.0")
    with pytest.raises(UnionScreenError, match=r"but this screening began with 0\.0\.0"):
        list(engine.run_tasks(partial(screen_block, settings=settings), open_filing(filing)[0].tasks(), 2))


def test_a_dask_cluster_gives_the_same_bytes_also_when_a_worker_is_killed(filing, serial, cluster):
    from distributed import Client

    with Client(cluster, set_as_default=False) as client:
        pids = list(client.run(os.getpid).values())
    killed = []

    def kill_one(_):
        if not killed:
            killed.append(pids[0])
            os.kill(pids[0], signal.SIGKILL)

    assert as_json(unionscreen.screen(filing, scheduler=cluster.scheduler_address, progress=kill_one)) == serial
    assert killed


def test_a_scheduler_that_is_not_there_is_said(filing, monkeypatch):
    pytest.importorskip("distributed", reason="the extra [dask] is not installed")
    monkeypatch.setattr("unionscreen.engine._CONNECT_SECONDS", 0.5)
    with pytest.raises(UnionScreenError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9"):
        unionscreen.screen(filing, scheduler="tcp://127.0.0.1:9")


KILLED = """
import os, signal, sys
import unionscreen
from unionscreen.filings.rows import blocks
blocks.BLOCK_BYTES = int(sys.argv[3])
done = []
def kill(now):
    done.append(now)
    if len(done) == 5:
        os.kill(os.getpid(), signal.SIGKILL)
unionscreen.screen(sys.argv[1], workers=1, resume=sys.argv[2], progress=kill)
"""


@pytest.fixture
def cut_off(filing, tmp_path):
    """The folder that a screening left that was killed after five blocks."""
    folder = tmp_path / "kept"
    done = subprocess.run([sys.executable, "-c", KILLED, filing, folder, str(BLOCK)], capture_output=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert len(list(folder.glob("*.block"))) == 5
    return folder


@pytest.fixture
def screened(monkeypatch):
    """The blocks that were screened and not taken from a folder."""
    seen = []

    def note(task, settings):
        seen.append(task.block_index)
        return screen_block(task, settings)

    monkeypatch.setattr(pipeline, "screen_block", note)
    return seen


def test_a_run_that_was_killed_goes_on_to_the_same_bytes(filing, serial, cut_off, screened):
    total = len(list(open_filing(filing)[0].tasks()))
    assert as_json(unionscreen.screen(filing, workers=2, resume=cut_off)) == serial
    assert len(screened) == total - 5
    screened.clear()
    assert as_json(unionscreen.screen(filing, workers=1, resume=cut_off)) == serial
    assert screened == []


def test_a_damaged_block_is_screened_again(filing, serial, cut_off):
    first, second, *_ = sorted(cut_off.glob("*.block"))
    first.write_bytes(first.read_bytes()[:-1])
    second.write_bytes(b"")
    assert as_json(unionscreen.screen(filing, workers=1, resume=cut_off)) == serial


@pytest.mark.parametrize("options", [{"min_score": 60}, {"kinds": ["police"]}, {"employers": True}], ids=str)
def test_other_settings_take_nothing_from_the_folder(options, filing, cut_off, screened):
    unionscreen.screen(filing, workers=1, resume=cut_off, **options)
    assert len(screened) == len(list(open_filing(filing)[0].tasks()))


def test_a_file_that_was_changed_takes_nothing_from_the_folder(filing, cut_off, tmp_path, screened, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = filing.read_text()
    kept = tmp_path / "again"
    (tmp_path / "log.csv").write_text(text)
    unionscreen.screen("log.csv", workers=1, resume=kept)
    screened.clear()
    (tmp_path / "log.csv").write_text(text.replace("2022-01", "2021-01"))
    unionscreen.screen("log.csv", workers=1, resume=kept)
    assert len(screened) > 10


def test_a_change_in_the_middle_that_keeps_size_and_time_is_seen(filing, tmp_path, screened, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path, kept = tmp_path / "log.csv", tmp_path / "again"
    text = filing.read_bytes()
    path.write_bytes(text)
    state = path.stat()
    unionscreen.screen("log.csv", workers=1, resume=kept)
    blocks = len(screened)
    screened.clear()
    middle = text.index(b"2022-01", len(text) // 2)
    path.write_bytes(text[:middle] + b"2021-02" + text[middle + 7 :])
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))
    changed = unionscreen.screen("log.csv", workers=1, resume=kept)
    assert as_json(changed) == as_json(unionscreen.screen("log.csv", workers=1))
    assert 0 < len(screened) - blocks < blocks  # the second screening above is whole, the resumed one is not


def test_a_folder_that_cannot_be_is_refused_before_the_work(filing, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="--resume"):
        unionscreen.screen(filing, resume=tmp_path / "file" / "kept")
