"""A watched folder: each export is screened once, and nothing is lost when it ends."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from unionscreen.errors import FilingError, UsageError
from unionscreen.intake.watch import STATE_NAME, WatchResult, WatchState, watch
from unionscreen.review.decisions import Decision
from unionscreen.review.store import append_decisions

Cli = Callable[..., Result]
EXPORT = 'Date,Amount,Donor\n2024-01-06,500.00,San Diego Police Officers Association\n2024-01-07,5.00,"Smith, Jane"\n'


class Watched:
    """A folder watched in steps: each sleep runs the next step, then Ctrl-C is pressed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.screened: list[str] = []
        self.said: list[str] = []
        self.disk_full = False

    def screen(self, path: Path) -> str:
        if path.read_text() == "broken":
            raise FilingError("no table", source=str(path))
        if self.disk_full:
            raise UsageError("cannot be written: No space left on device", source="screened")
        self.screened.append(path.name)
        return "1 refuse"

    def free_the_disk(self) -> None:
        self.disk_full = False

    def run(self, *steps: Callable[[], object], once: bool = False, reading: str = "") -> WatchResult:
        waiting = iter(steps)

        def sleep(_: float) -> None:
            step = next(waiting, None)
            if step is None:
                raise KeyboardInterrupt
            step()

        state = WatchState.load(self.folder / STATE_NAME)
        return watch(
            self.folder, self.screen, state=state, say=self.said.append, sleep=sleep, once=once, reading=reading
        )


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


def test_an_export_that_could_not_be_screened_for_want_of_something_else_is_tried_again(watched: Watched) -> None:
    (watched.folder / "a.csv").write_text(EXPORT)
    watched.disk_full = True
    watched.run(nothing, nothing, nothing, watched.free_the_disk, nothing)
    assert watched.screened == ["a.csv"]
    assert sum("No space left" in line for line in watched.said) == 1


def test_so_does_a_later_run(watched: Watched) -> None:
    (watched.folder / "a.csv").write_text(EXPORT)
    watched.disk_full = True
    assert watched.run(once=True) == (0, 1)
    watched.disk_full = False
    assert watched.run(once=True) == (1, 0)


def test_an_export_that_cannot_be_opened_now_is_tried_again(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    (watched.folder / "a.csv").write_text(EXPORT)

    def refuses(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "open", refuses)
        watched.run(nothing, nothing, patched.undo, nothing)
    assert watched.screened == ["a.csv"]
    assert sum("cannot be read: Permission denied" in line for line in watched.said) == 1


def test_a_broken_file_is_tried_again_when_it_would_be_read_in_another_way(watched: Watched) -> None:
    (watched.folder / "a.csv").write_text("broken")
    for reading in ("one", "one", "two"):
        watched.run(once=True, reading=reading)
    assert sum("no table" in line for line in watched.said) == 2


def test_a_folder_that_goes_away_ends_the_watch_with_an_error(watched: Watched, tmp_path: Path) -> None:
    watched.folder = tmp_path / "share"
    watched.folder.mkdir()
    with pytest.raises(UsageError, match="not a folder to watch: No such file"):
        watched.run(nothing, watched.folder.rmdir, nothing)


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
    assert [each["name"] for each in WatchState.load(watched.folder / STATE_NAME).done.values()] == ["a.csv"]


def test_a_run_that_dies_in_the_middle_screens_the_file_again(watched: Watched) -> None:
    (watched.folder / "a.csv").write_text(EXPORT)

    def dies(_: Path) -> str:
        raise KeyboardInterrupt

    state = WatchState.load(watched.folder / STATE_NAME)
    with pytest.raises(KeyboardInterrupt):
        watch(watched.folder, dies, state=state, say=print, sleep=lambda _: None, once=True)
    watched.run(once=True)
    assert watched.screened == ["a.csv"]


def test_a_state_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / STATE_NAME).write_text("{")
    with pytest.raises(UsageError, match="the state of the watch cannot be read"):
        WatchState.load(tmp_path / STATE_NAME)


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


@pytest.mark.parametrize("option", ["--results", "--letters"])
def test_results_do_not_go_where_exports_arrive(cli: Cli, tmp_path: Path, option: str) -> None:
    result = cli("watch", tmp_path, "--once", option, tmp_path)
    assert (result.exit_code, "would be taken for exports" in result.stderr) == (2, True)


def test_an_export_of_the_same_name_takes_no_others_place(cli: Cli, tmp_path: Path) -> None:
    options = ("watch", tmp_path, "--policy", "refuse", "--once")
    (tmp_path / "a.csv").write_text(EXPORT)
    cli(*options)
    first = {path.name: path.read_bytes() for path in (tmp_path / "screened").iterdir()}
    (tmp_path / "a.csv").write_text(EXPORT.replace("500", "250"))
    second = cli(*options)
    results = {path.name: path.read_bytes() for path in (tmp_path / "screened").iterdir()}
    assert first.items() < results.items()
    (lists, refunds) = sorted(results.keys() - first.keys(), reverse=True)
    assert f"a.csv: 1 refuse, 0 review, 1 accept; 1 to return; in {tmp_path / 'screened' / lists}" in second.stderr
    assert b"250.00" in results[refunds]
    assert refunds == lists.replace("screened", "refunds")


def test_an_export_that_is_screened_again_has_no_refunds_of_before(cli: Cli, tmp_path: Path) -> None:
    options = ("watch", tmp_path, "--policy", "refuse", "--once", "--quiet")
    for day in ("2024-01-06", "2024-02-06"):
        (tmp_path / "a.csv").write_text(EXPORT.replace("2024-01-06", day))
        cli(*options)
    assert len(list((tmp_path / "screened").glob("*.refunds.csv"))) == 2
    (tmp_path / STATE_NAME).unlink()
    log = tmp_path / "decisions.csv"
    append_decisions(log, [Decision("San Diego Police Officers Association", "", "", "rejected", "A.B.", "2024-01-01")])
    cli(*options, "--decisions", log)
    assert [path.name for path in (tmp_path / "screened").glob("*.refunds.csv")] == ["a.csv.refunds.csv"]


def test_quiet_says_errors_only(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(EXPORT.replace("2024-01-06", ""))
    (tmp_path / "b.csv").write_text("Date,Amount,Donor\n")
    said = cli("watch", tmp_path, "--once", "--quiet", "--return-within", "10d").stderr
    assert said.startswith("b.csv: error: ")
    assert "a.csv" not in said


def test_what_is_to_be_known_about_an_export_is_said(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(EXPORT.replace("2024-01-06", ""))
    options = ("watch", tmp_path, "--once", "--return-within", "10d")
    assert "a.csv: donations to refuse or review without a date of receipt" in cli(*options).stderr


def test_a_folder_that_is_not_there_is_refused(cli: Cli, tmp_path: Path) -> None:
    result = cli("watch", tmp_path / "none", "--once")
    assert (result.exit_code, "not a folder to watch" in result.stderr) == (2, True)


def test_results_that_have_no_folder_to_go_to_are_refused_before_any_work(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(EXPORT)
    (tmp_path / "notadir").write_text("")
    result = cli("watch", tmp_path, "--once", "--results", tmp_path / "notadir")
    assert (result.exit_code, "this folder cannot be created: File exists" in result.stderr) == (2, True)


def test_a_wrong_option_marks_no_export_as_done(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(EXPORT)
    wrong = cli("watch", tmp_path, "--once", "--filing-format", "no-such-format")
    assert (wrong.exit_code, "no filing format 'no-such-format'" in wrong.stderr) == (2, True)
    assert "a.csv: 0 refuse, 1 review, 1 accept" in cli("watch", tmp_path, "--once").stderr


def test_an_export_whose_columns_were_not_named_is_screened_when_they_are(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(EXPORT.replace("Donor", "Wer"))
    unread = cli("watch", tmp_path, "--once")
    assert (unread.exit_code, "they do not say which column is the contributor" in unread.stderr) == (3, True)
    again = cli("watch", tmp_path, "--once")
    assert (again.exit_code, again.stderr) == (0, "")
    named = cli("watch", tmp_path, "--once", "--map", "contributor=Wer")
    assert "a.csv: 0 refuse, 1 review, 1 accept" in named.stderr


def test_every_kind_of_export_is_taken_and_what_is_none_is_said(cli: Cli, tmp_path: Path) -> None:
    record = {"Donor": "Jane Doe", "Amount": "5", "Recipient": "Roe"}
    (tmp_path / "a.json").write_text(json.dumps([record]))
    (tmp_path / "photo.png").write_bytes(b"\x89PNG")
    said = cli("watch", tmp_path, "--once")
    assert "a.json: 0 refuse, 0 review, 1 accept" in said.stderr
    assert "photo.png: skipped: no export has this suffix" in said.stderr
    assert said.exit_code == 0


def test_a_log_of_no_known_kind_is_refused_before_any_work(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(EXPORT)
    result = cli("watch", tmp_path, "--once", "--decision-log", tmp_path / "log.xlsx")
    assert (result.exit_code, "the decision log is a .csv or .jsonl file" in result.stderr) == (2, True)
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]
