"""A watched folder: each export is screened once, and nothing is lost when it ends."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from unionscreen.errors import FilingError, UsageError
from unionscreen.policy.watch import STATE_NAME, State, watch

Cli = Callable[..., Result]
EXPORT = 'Date,Amount,Donor\n2024-01-06,500.00,San Diego Police Officers Association\n2024-01-07,5.00,"Smith, Jane"\n'


class Watched:
    """A folder watched in steps: each sleep runs the next step, then Ctrl-C is pressed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.screened: list[str] = []
        self.said: list[str] = []

    def screen(self, path: Path) -> str:
        if path.read_text() == "broken":
            raise FilingError("no table", source=str(path))
        self.screened.append(path.name)
        return "1 refuse"

    def run(self, *steps: Callable[[], object], once: bool = False) -> tuple[int, int]:
        waiting = iter(steps)

        def sleep(_: float) -> None:
            step = next(waiting, None)
            if step is None:
                raise KeyboardInterrupt
            step()

        state = State.load(self.folder / STATE_NAME)
        return watch(self.folder, self.screen, state=state, say=self.said.append, sleep=sleep, once=once)


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    return Watched(tmp_path)


def nothing() -> None:
    pass


def test_a_new_export_is_screened_once_however_often_one_looks(watched: Watched) -> None:
    (watched.folder / "a.csv").write_text(EXPORT)
    watched.run(nothing, nothing, nothing)
    watched.run(nothing)
    assert watched.screened == ["a.csv"]


def test_a_file_that_still_grows_is_waited_for(watched: Watched) -> None:
    path = watched.folder / "a.csv"
    path.write_text("Date")
    watched.run(lambda: path.write_text(EXPORT))
    assert watched.screened == []
    watched.run(nothing)
    assert watched.screened == ["a.csv"]


def test_the_same_bytes_under_another_name_are_not_screened_again(watched: Watched) -> None:
    (watched.folder / "a.csv").write_text(EXPORT)
    watched.run(nothing, lambda: (watched.folder / "a (1).csv").write_text(EXPORT), nothing)
    assert watched.screened == ["a.csv"]


def test_new_bytes_under_the_same_name_are(watched: Watched) -> None:
    path = watched.folder / "a.csv"
    path.write_text(EXPORT)
    watched.run(nothing, lambda: path.write_text(EXPORT + "2024-01-08,1.00,X\n"), nothing, nothing)
    assert watched.screened == ["a.csv", "a.csv"]


def test_a_broken_file_is_said_once_and_stops_nothing(watched: Watched) -> None:
    (watched.folder / "a.csv").write_text("broken")
    (watched.folder / "b.csv").write_text(EXPORT)
    assert watched.run(nothing, nothing) == (1, 1)
    assert watched.screened == ["b.csv"]
    assert sum("no table" in line for line in watched.said) == 1


@pytest.mark.parametrize(
    "name", [".hidden.csv", "~$a.xlsx", "a.csv.crdownload", "a.csv.part", "notes.pdf", "empty.csv"]
)
def test_what_is_no_whole_export_is_left_alone(watched: Watched, name: str) -> None:
    (watched.folder / name).write_text("" if name == "empty.csv" else EXPORT)
    watched.run(nothing, nothing)
    assert watched.screened == []


def test_ctrl_c_ends_it_cleanly_and_what_was_done_is_kept(watched: Watched) -> None:
    (watched.folder / "a.csv").write_text(EXPORT)
    assert watched.run(nothing) == (1, 0)
    assert watched.said[-1] == "Watch ended."
    assert [each["name"] for each in State.load(watched.folder / STATE_NAME).done.values()] == ["a.csv"]


def test_a_run_that_dies_in_the_middle_screens_the_file_again(watched: Watched) -> None:
    (watched.folder / "a.csv").write_text(EXPORT)

    def dies(_: Path) -> str:
        raise KeyboardInterrupt

    state = State.load(watched.folder / STATE_NAME)
    with pytest.raises(KeyboardInterrupt):
        watch(watched.folder, dies, state=state, say=print, sleep=lambda _: None, once=True)
    watched.run(once=True)
    assert watched.screened == ["a.csv"]


def test_a_state_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / STATE_NAME).write_text("{")
    with pytest.raises(UsageError, match="the state of the watch cannot be read"):
        State.load(tmp_path / STATE_NAME)


def test_the_command_writes_results_beside_and_does_nothing_the_second_time(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(EXPORT)
    options = ("watch", tmp_path, "--policy", "refuse", "--return-within", "10d", "--once")
    first = cli(*options, "--decision-log", tmp_path / "log.csv")
    assert "a.csv: 1 refuse, 0 review, 1 accept" in first.stderr
    rows = list(csv.DictReader(io.StringIO((tmp_path / "screened" / "a.csv.screened.csv").read_text())))
    assert [(row["action"], row["due"]) for row in rows] == [("refuse", "2024-01-16"), ("accept", "")]
    assert (tmp_path / "screened" / "a.csv.refunds.csv").exists()
    again = cli(*options, "--decision-log", tmp_path / "log.csv")
    assert (again.exit_code, again.stderr) == (0, "")


def test_an_export_that_could_not_be_read_is_tried_again_with_other_options(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(EXPORT)
    wrong = cli("watch", tmp_path, "--once", "--map", "contributor=Payer")
    assert (wrong.exit_code, "1 export could not be screened" in wrong.stderr) == (3, True)
    right = cli("watch", tmp_path, "--once", "--map", "contributor=Donor")
    assert (right.exit_code, right.stderr) == (0, "a.csv: 0 refuse, 1 review, 1 accept\n")


def test_results_do_not_go_where_exports_arrive(cli: Cli, tmp_path: Path) -> None:
    result = cli("watch", tmp_path, "--once", "--results", tmp_path)
    assert (result.exit_code, "would be taken for exports" in result.stderr) == (2, True)


def test_a_folder_that_is_not_there_is_refused(cli: Cli, tmp_path: Path) -> None:
    result = cli("watch", tmp_path / "none", "--once")
    assert (result.exit_code, "no folder to watch" in result.stderr) == (2, True)
