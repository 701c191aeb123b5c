"""`unionscreen screen` from end to end: a test per user's story, then what can go wrong."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from unionscreen.output import WRITERS

Cli = Callable[..., Result]

ROOT = Path(__file__).resolve().parents[1]
COMMAND = Path(sys.executable).with_name("unionscreen")
AVERY = "examples/netfile-avery.csv"
TENNESSEE = "examples/tennessee-2022.csv"
LOG = "examples/campaign-log.xlsx"
LOG_OPTIONS = (
    *("--map", "contributor=Paid by", "--map", "amount=Check $", "--map", "date=Deposited"),
    *("--recipient", "Riley Chen for State's Attorney"),
)
HEADER = "Recipient Name,Contributor Name,Amount,Date\n"


def report(result: Result) -> dict[str, Any]:
    assert result.exit_code in (0, 1), result.stderr
    parsed = json.loads(result.stdout)
    assert isinstance(parsed, dict)
    return parsed


# A journalist audits one candidate's filing.


def test_a_journalist_gets_the_same_totals_in_the_table_and_in_json(cli: Cli) -> None:
    (entry,) = report(cli("screen", AVERY, "--format", "json"))["prosecutors"]
    assert entry["flagged"] == {"count": 7, "gross": "14050.00", "refunded": "1400.00", "net": "12650.00"}
    assert (entry["contributions"], entry["raised"]) == (26, "19430.00")
    table = cli("screen", AVERY)
    assert table.exit_code == 0
    assert (
        "$14,050.00 given, $1,400.00 returned, $12,650.00 net\n           65.1 % of raised, in 7 rows" in table.stdout
    )
    assert "$19,430.00 in 26 contributions" in table.stdout


def test_a_journalist_can_go_from_each_flag_to_the_row_of_the_filing(cli: Cli) -> None:
    lines = (ROOT / AVERY).read_text().splitlines()
    (entry,) = report(cli("screen", AVERY, "--format", "json"))["prosecutors"]
    for flag in entry["flags"] + entry["related"]:
        assert flag["source"] == AVERY
        assert flag["contributor"] in lines[flag["row"] - 1]


def test_a_journalist_sees_the_gift_returned_and_by_which_row(cli: Cli) -> None:
    shown = cli("screen", AVERY).stdout
    assert f"{AVERY}:5\n            returned, see row 8\n" in shown
    assert f"{AVERY}:8\n            money back\n" in shown
    assert "-$1,400.00" in shown


def test_a_journalist_sees_look_alikes_apart_and_not_as_unions(cli: Cli) -> None:
    (entry,) = report(cli("screen", AVERY, "--format", "json"))["prosecutors"]
    flagged = " ".join(flag["contributor"] for flag in entry["flags"])
    related = " ".join(flag["contributor"] for flag in entry["related"])
    for name in ("Police Foundation", "Police Chiefs", "for Sheriff"):
        assert name in related
    for name in ("Fire", "Foundation", "Chiefs", "Delgado", "Marshall", "Lodge", "Socialists", "Property"):
        assert name not in flagged


def test_a_prosecutor_with_nothing_flagged_reads_as_such_not_as_an_empty_page(cli: Cli) -> None:
    result = cli("screen", TENNESSEE)
    assert result.exit_code == 0
    said = " ".join(result.stdout.split())
    assert "0 of 7 contributions match the list or read like an officers' organization; $3,280.00 raised" in said
    assert "CALLOWAY" not in result.stdout


def test_who_is_no_prosecutor_is_shown_when_asked_for(cli: Cli) -> None:
    entries = report(cli("screen", TENNESSEE, "--recipients", "all", "--format", "json"))["prosecutors"]
    assert {tuple(e["recipients"]): e["flagged"]["net"] for e in entries} == {
        ("WHITFIELD, MORGAN (DIST. ATTY.)",): "0.00",
        ("CALLOWAY, TERRY",): "2250.00",
    }


def test_a_prosecutor_is_found_by_name(cli: Cli) -> None:
    (entry,) = report(cli("screen", TENNESSEE, "--prosecutor", "Morgan Whitfield", "--format", "json"))["prosecutors"]
    assert entry["recipients"] == ["WHITFIELD, MORGAN (DIST. ATTY.)"]


# A campaign screens what came in.


def test_a_campaign_screens_its_own_spreadsheet(cli: Cli) -> None:
    (entry,) = report(cli("screen", LOG, *LOG_OPTIONS, "--format", "json"))["prosecutors"]
    assert [flag["contributor"] for flag in entry["flags"]] == [
        "Chicago F.O.P. Lodge #7",
        "Policemen's Benev. & Protective Assn. Unit 6 PAC",
    ]
    assert entry["recipients"] == ["Riley Chen for State's Attorney"]
    assert entry["flags"][0]["source"] == f"{LOG}#Checks"
    assert entry["flags"][0]["row"] == 4


def test_a_campaign_can_stop_a_script_on_a_flag(cli: Cli) -> None:
    assert cli("screen", AVERY).exit_code == 0
    assert cli("screen", AVERY, "--fail-on-flag").exit_code == 1
    assert cli("screen", TENNESSEE, "--fail-on-flag").exit_code == 0


def test_an_individual_employed_by_a_union_is_a_finding_of_its_own(cli: Cli) -> None:
    result = cli("screen", AVERY, "--employers")
    assert "Employed by a union, not counted above: 1 row" in result.stdout
    assert "Fischer" in result.stdout
    assert "Fischer" not in cli("screen", AVERY).stdout


# A researcher runs a batch.


def test_a_researcher_gets_the_same_tidy_bytes_each_time(cli: Cli) -> None:
    arguments = ("screen", AVERY, TENNESSEE, "--recipients", "all", "--format")
    first, second = (cli(*arguments, "csv").stdout for _ in range(2))
    assert first == second
    rows = list(csv.DictReader(io.StringIO(first)))
    assert {row["source"] for row in rows} == {AVERY, TENNESSEE}
    assert sum(float(row["amount"]) for row in rows) == 12650 + 2250
    assert cli(*arguments, "json").stdout == cli(*arguments, "json").stdout


def test_related_rows_join_the_csv_when_asked_for(cli: Cli) -> None:
    plain, all_rows = (
        list(csv.DictReader(io.StringIO(cli("screen", AVERY, "--format", "csv", *more).stdout)))
        for more in ((), ("--include-related",))
    )
    assert [row for row in all_rows if row["tier"]] == plain
    assert {row["union_kind"] for row in all_rows if not row["tier"]} >= {"foundation", "management"}


def test_only_the_kinds_asked_for_are_flagged(cli: Cli) -> None:
    (entry,) = report(cli("screen", AVERY, "--kinds", "corrections", "--format", "json"))["prosecutors"]
    assert [flag["contributor"] for flag in entry["flags"]] == ["CCPOA PAC"]


def test_every_row_is_screened_or_listed_as_rejected(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "dirty.csv"
    path.write_text(HEADER + "Roe for District Attorney,ANN LEE,5.00,2022-01-02\n" + "Roe for DA,BO,ten,2022-01-02\n")
    result = report(cli("screen", path, "--format", "json"))
    manifest = result["manifest"]
    assert (manifest["rows_read"], manifest["rows_screened"], manifest["rows_rejected"]) == (2, 1, 1)
    assert [(reject["row"], "ten" in reject["reason"]) for reject in result["rejects"]] == [(3, True)]


def test_the_users_own_union_is_flagged_whatever_its_words(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("union,alias\nQuillback Harbor Wardens,Quillback Wardens Committee\n")
    (tmp_path / "filing.csv").write_text(
        HEADER + "Roe for District Attorney,Quillback Wardens Committee,5.00,2022-01-02\n"
    )
    assert cli("screen", tmp_path / "filing.csv", "--fail-on-flag").exit_code == 0
    assert cli("screen", tmp_path / "filing.csv", "--fail-on-flag", "--unions", tmp_path / "own.csv").exit_code == 1


# Where output goes.


def test_data_goes_to_stdout_and_one_summary_line_to_stderr(cli: Cli) -> None:
    result = cli("screen", AVERY, "--format", "json")
    json.loads(result.stdout)
    assert "26 rows screened, 0 not; 7 flagged at 1 of 1 recipient" in result.stderr.splitlines()


def test_quiet_says_nothing(cli: Cli) -> None:
    assert cli("screen", LOG, *LOG_OPTIONS, "--quiet").stderr == ""


@pytest.mark.parametrize(
    ("name", "start"), [("a.csv", "source,row"), ("a.json", "{\n"), ("a.txt", "Jordan"), ("a", "Jor")]
)
def test_the_suffix_of_out_chooses_the_format(cli: Cli, tmp_path: Path, name: str, start: str) -> None:
    result = cli("screen", AVERY, "--out", tmp_path / name)
    assert (result.exit_code, result.stdout) == (0, "")
    assert (tmp_path / name).read_text().startswith(start)
    beside = {"a.csv-metadata.json"} if name == "a.csv" else set()
    assert {path.name for path in tmp_path.iterdir()} == {name} | beside


def test_the_format_option_beats_the_suffix(cli: Cli, tmp_path: Path) -> None:
    cli("screen", AVERY, "--format", "json", "--out", tmp_path / "flags.txt")
    json.loads((tmp_path / "flags.txt").read_text())


def test_a_run_that_fails_leaves_the_old_file(cli: Cli, tmp_path: Path) -> None:
    old = tmp_path / "flags.csv"
    old.write_text("old")
    assert cli("screen", "no-such-file.csv", "--out", old).exit_code == 3
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("flags.csv", "old")]


def test_a_written_file_has_ordinary_permissions_and_a_link_stays_a_link(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "link.csv").symlink_to(tmp_path / "real.csv")
    cli("screen", AVERY, "--out", tmp_path / "link.csv")
    assert (tmp_path / "link.csv").is_symlink()
    umask = os.umask(0)
    os.umask(umask)
    assert stat.S_IMODE((tmp_path / "real.csv").stat().st_mode) == 0o666 & ~umask


def test_a_device_can_be_written_to(cli: Cli) -> None:
    assert cli("screen", AVERY, "--format", "csv", "--out", "/dev/null").exit_code == 0


# What can go wrong: each its own message, what to do, and an exit code.


@pytest.fixture
def bad_inputs(tmp_path: Path) -> dict[str, Path]:
    contents: dict[str, bytes] = {
        "empty.csv": b"",
        "headers_only.csv": HEADER.encode(),
        "report.pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n",
        "expenditures.csv": b"Filer,Payee Name,Expenditure Date,Expenditure Amount,Purpose\nRoe,X,2022-01-01,5,ads\n",
        "unknown.csv": b"color,shape,weight\nred,round,5\n",
        "page.html": b"<!DOCTYPE html><html><body><p>Session expired</p></body></html>",
        "all_bad.csv": HEADER.encode() + b"Roe for DA,BO,ten,2022-01-02\n",
        "good.csv": HEADER.encode() + b"Roe for District Attorney,BO,10,2022-01-02\n",
        "two_bad.csv": HEADER.encode() + b"Roe for DA,A,1,2022-01-02\nRoe for DA,B,x,\nRoe for DA,C,y,\n",
        "no_recipient.csv": b"Contributor Name,Amount,Date\nBO,10,2022-01-02\n",
        "list.csv": b"name\nx\n",
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "folder").mkdir()
    return {path.name: path for path in tmp_path.iterdir()} | {"none.csv": tmp_path / "none.csv"}


@pytest.mark.parametrize(
    ("name", "options", "exit_code", "said"),
    [
        ("none.csv", [], 3, "no such file"),
        ("empty.csv", [], 3, "empty"),
        ("headers_only.csv", [], 3, "no contribution"),
        ("report.pdf", [], 3, "PDF"),
        ("folder", [], 3, "folder|directory"),
        ("expenditures.csv", [], 3, "expenditure|spent|payee"),
        ("unknown.csv", [], 3, "color"),
        ("page.html", [], 3, "HTML|html|web page"),
        ("all_bad.csv", [], 3, "all 1 rows were rejected"),
        ("no_recipient.csv", [], 2, "--recipient"),
        ("good.csv", ["--map", "contributor=Donor"], 2, "Donor"),
        ("good.csv", ["--map", "giver=Contributor Name"], 2, "giver"),
        ("good.csv", ["--map", "contributor"], 2, "NAME=HEADER"),
        ("good.csv", ["--map", "date=Date", "--map", "date=Date"], 2, "twice"),
        ("good.csv", ["--kinds", "fire"], 2, "sheriff-deputies"),
        ("good.csv", ["--min-score", "101"], 2, "min-score"),
        ("good.csv", ["--recipients", "everybody"], 2, "prosecutors"),
        ("good.csv", ["--filing-format", "xx-none"], 2, "xx-none"),
        ("good.csv", ["--prosecutor", "Zebulon Nobody"], 2, "Zebulon Nobody"),
        ("good.csv", ["--workers", "0"], 2, "workers"),
        ("two_bad.csv", ["--max-rejects", "1"], 4, "--max-rejects allows 1"),
        ("good.csv", ["a\0b.csv"], 2, "a path contains a NUL character; file names cannot contain it"),
        ("good.csv", ["--roster", "a\0b.csv"], 3, "a path contains a NUL character; file names cannot contain it"),
    ],
    ids=lambda value: None if isinstance(value, int) else " ".join(value) if isinstance(value, list) else value,
)
def test_a_mistake_is_one_message_and_an_exit_code(
    cli: Cli, bad_inputs: dict[str, Path], name: str, options: list[str], exit_code: int, said: str
) -> None:
    result = cli("screen", bad_inputs[name], *options)
    assert result.exit_code == exit_code, result.stderr
    assert result.stdout == ""
    assert any(part in result.stderr for part in said.split("|")), result.stderr
    assert "Traceback" not in result.stderr


def test_capitals_do_not_hide_a_file_a_format_or_a_kind(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "netfile.csv").write_bytes((ROOT / AVERY).read_bytes())
    asked = tmp_path / "NETFILE-2.CSV"
    assert f"did you mean {tmp_path / 'netfile.csv'}?" in cli("screen", asked).stderr.replace("\n", "")
    lower, upper = (
        cli("screen", AVERY, "--format", fmt, "--kinds", kind) for fmt, kind in [("json", "police"), ("JSON", "Police")]
    )
    assert (upper.exit_code, upper.stdout) == (0, lower.stdout)


@pytest.mark.parametrize("option", ["--unions", "--roster"])
@pytest.mark.parametrize("name", ["none.csv", "list.csv", "folder"])
def test_an_unreadable_list_is_said_with_its_name(
    cli: Cli, bad_inputs: dict[str, Path], option: str, name: str
) -> None:
    result = cli("screen", AVERY, option, bad_inputs[name])
    assert result.exit_code == (3 if option == "--unions" else 2)
    assert name in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("out", "said"),
    [
        ("folder", "is a directory"),
        ("nowhere/flags.csv", "no such directory"),
        ("flags.docx", "no format has the suffix"),
    ],
)
def test_out_is_refused_before_any_work_is_done(
    cli: Cli, bad_inputs: dict[str, Path], tmp_path: Path, out: str, said: str
) -> None:
    result = cli("screen", AVERY, "--out", tmp_path / out)
    assert result.exit_code == 2
    assert said in result.stderr


def test_a_file_name_with_escapes_is_shown_harmless(cli: Cli) -> None:
    result = cli("screen", "\x1b[31mred.csv")
    assert r"\x1b[31mred.csv" in result.stderr
    assert "\x1b" not in result.stderr


def test_our_own_bug_is_one_line_to_report_and_exit_70(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyError("bug")

    monkeypatch.setattr("unionscreen.pipeline.screen", broken)
    monkeypatch.setattr("unionscreen.screen", broken, raising=False)
    result = cli("screen", AVERY)
    assert (result.exit_code, result.stdout, len(result.stderr.splitlines())) == (70, "", 1)
    assert "not of your files: KeyError 'bug' at " in result.stderr
    assert "Please report this line" in result.stderr
    monkeypatch.setenv("UNIONSCREEN_TRACEBACK", "1")
    assert isinstance(cli("screen", AVERY).exception, KeyError)


@pytest.mark.parametrize(
    ("redirect", "code"),
    [(">&-", 3), ("2>&-", 0), (">&- 2>&-", 3), (f"--out {os.devnull} >&-", 0), pytest.param("2>/dev/full", 0)],
)
def test_closed_streams_are_no_fault_and_lose_nothing_silently(redirect: str, code: int) -> None:
    done = subprocess.run(
        ["bash", "-c", f"'{COMMAND}' screen {AVERY} {redirect}"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == code
    assert "Traceback" not in done.stderr
    if redirect == ">&-":
        assert "standard output cannot be written" in done.stderr
    if redirect == "2>&-":
        assert "prosecutor" in done.stdout.lower()


def test_a_path_with_nul_is_refused_in_words(cli: Cli, tmp_path: Path) -> None:
    config = tmp_path / "batch.toml"
    config.write_text('[[screening]]\nname = "x"\nfilings = ["a\\u0000b.csv"]\n', encoding="utf-8")
    for arguments in (("batch", config, "--out", tmp_path / "o.parquet"), ("screen", "a\0b.csv"), ("report", "a\0b")):
        result = cli(*arguments)
        assert result.exit_code in (2, 3)
        assert "NUL character" in result.stderr


def test_toml_nested_without_end_is_refused_in_words(cli: Cli, tmp_path: Path) -> None:
    config = tmp_path / "batch.toml"
    config.write_text("a = " + "[" * 5000 + "]" * 5000, encoding="utf-8")
    result = cli("batch", config, "--out", tmp_path / "o.parquet")
    assert (result.exit_code, "nested too deeply" in result.stderr) == (2, True)


def test_ctrl_c_is_one_line_and_exit_130(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("unionscreen.screen", interrupted, raising=False)
    result = cli("screen", AVERY)
    assert (result.exit_code, result.stdout) == (130, "")
    assert result.stderr.splitlines() == ["Interrupted: nothing more was screened."]


# The real command, in a process of its own.


def test_standard_input_and_a_pipe_work_in_any_locale() -> None:
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C", "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(
        [COMMAND, "screen", "-"], input=(ROOT / AVERY).read_bytes(), capture_output=True, env=environment, check=True
    )
    shown = done.stdout.decode("utf-8")
    assert "<stdin>:5\n            returned, see row 8\n" in shown
    assert "→ Stockton Police Officers" in shown
    assert "\x1b" not in shown
    assert max(map(len, shown.splitlines())) <= 100


@pytest.mark.parametrize("kind", ["CSV", "TSV", "XLSX", "ODS", "JSON", ".fec", "Parquet", "HTML", "gz", "zip", "stdin"])
def test_the_help_names_every_kind_of_file_that_is_read(cli: Cli, kind: str) -> None:
    help_text = cli("screen", "--help").stdout
    assert kind in help_text[: help_text.index("Which contributions:")]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_every_report_can_say_a_name_that_is_not_utf_8(cli: Cli, tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode(b"d\xe9")
    folder.mkdir()
    filing, roster = folder / os.fsdecode(b"caf\xe9.csv"), folder / os.fsdecode(b"roster\xe9.csv")
    filing.write_bytes((ROOT / AVERY).read_bytes())
    roster.write_text("prosecutor,recipient\nAvery,Avery for District Attorney\n")
    outs = [
        f"--out={tmp_path}/o.{kind}" for kind in ("json", "html", "xlsx", "csv", "jsonl", "parquet", "sqlite", "md")
    ]
    assert cli("screen", f"{tmp_path}/*/caf*.csv", f"--roster={roster}", *outs).exit_code == 0
    assert cli("report", tmp_path / "o.json", f"--out={tmp_path}/again.md").exit_code == 0
    said = json.loads((tmp_path / "o.json").read_text())["manifest"]
    assert said["inputs"][0]["path"] == f"{tmp_path}/d\\xe9/caf\\xe9.csv"
    assert said["settings"]["roster"] == f"{tmp_path}/d\\xe9/roster\\xe9.csv"
    twice = cli("screen", filing, filing)
    assert (twice.exit_code, "caf\\xe9.csv is given twice" in twice.stderr) == (2, True)
    assert cli("batch", tmp_path, f"--out={tmp_path}/b.parquet", "--keep-going").exit_code in (0, 3)


no_full_device = pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has /dev/full")


@pytest.mark.parametrize("redirect", ["| head -n 1", pytest.param("> /dev/full", marks=no_full_device)])
def test_a_reader_gone_or_a_full_disk_leaves_no_traceback(redirect: str) -> None:
    done = subprocess.run(
        ["bash", "-c", f"'{COMMAND}' screen {AVERY} --quiet --format json {redirect}; echo ${{PIPESTATUS[0]}} >&2"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    said = done.stderr.splitlines()
    if "full" in redirect:
        assert said == ["Error: standard output cannot be written: No space left on device", "3"]
    else:
        assert said in (["0"], ["141"])  # 0 when all was written before head closed


def test_the_command_line_does_without_pandas() -> None:
    """pyarrow would import it with its first array: a quarter of a second of every command."""
    script = (
        f"import sys\nfrom unionscreen.cli import main\nsys.argv = ['unionscreen', 'screen', {str(ROOT / AVERY)!r}]\n"
        "try: main()\nexcept SystemExit as done: assert not done.code, done\nprint('pandas' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "False"


@pytest.fixture
def own_folder(tmp_path: Path) -> tuple[Path, Path, list[Path]]:
    """A folder with one filing, and everything that can be written about it written beside it."""
    filing = shutil.copy(ROOT / AVERY, tmp_path / "filing.csv")
    outputs = [tmp_path / f"result{suffix}" for writer in WRITERS for suffix in writer.suffixes[:1]]
    return tmp_path, filing, outputs


def test_results_among_the_filings_are_not_read_as_filings(own_folder: Any, cli: Cli) -> None:
    folder, filing, outputs = own_folder
    before = json.loads(cli("screen", folder, "--format", "json").stdout)
    assert cli("screen", filing, *(part for out in outputs for part in ("--out", out))).exit_code == 0
    policy = ("--policy", "refuse", "--out", folder / "screened.csv", "--refunds", folder / "refunds.csv")
    assert cli("screen", filing, *policy, "--decision-log", folder / "log.csv").exit_code == 0
    queue = ("review", "export", folder / "queue.csv", folder / "result.json")
    assert cli(*queue, "--decisions", folder / "decisions.csv").exit_code == 0
    again = cli("screen", folder, "--format", "json")
    assert json.loads(again.stdout)["prosecutors"] == before["prosecutors"]
    assert "result.csv: the headers of unionscreen-result are on line 1" in again.stderr
    for name in ("result.csv", "result.parquet", "screened.csv", "refunds.csv", "log.csv", "queue.csv"):
        alone = cli("screen", folder / name)
        assert (alone.exit_code, "written by unionscreen and is no filing" in alone.stderr) == (3, True), name


@pytest.mark.parametrize(
    "options",
    [
        ("--out", "filing.csv"), ("--policy", "refuse", "--out", "filing.csv"),
        ("--policy", "refuse", "--refunds", "filing.csv"), ("--out", "roster.csv", "--roster", "roster.csv"),
    ],
    ids=" ".join,
)  # fmt: skip
@pytest.mark.parametrize("given", ["filing.csv", "*.csv", "."])
def test_what_is_read_is_never_written_over(own_folder: Any, cli: Cli, options: tuple[str, ...], given: str) -> None:
    folder, _filing, _ = own_folder
    (folder / "roster.csv").write_text("prosecutor,recipient\nJordan Avery,Avery\n")
    paths = [str(folder / each) if each.endswith(".csv") else each for each in options]
    kept = {path: path.read_bytes() for path in folder.iterdir()}
    done = cli("screen", folder / given, *paths)
    assert (done.exit_code, "would be overwritten" in done.stderr) == (2, True)
    assert {path: path.read_bytes() for path in folder.iterdir()} == kept


def test_an_earlier_result_in_a_folder_of_filings_is_written_anew(own_folder: Any, cli: Cli) -> None:
    folder, _, _ = own_folder
    for _ in range(2):
        assert cli("screen", folder, "--out", folder / "result.csv").exit_code == 0


FOP = "Fraternal Order of Police Lodge 5"


@pytest.fixture
def neighbors(tmp_path: Path) -> dict[str, Path]:
    """A signer's own file that says no office, a prosecutor's, and a table of several that names the first again."""
    texts = {
        "own": f"Friends of Jane Roe,{FOP},100,2022-01-02\n",
        "prosecutor": f'"POE, ANN (DIST. ATTY)",{FOP},50,2022-01-02\n',
        "table": f'"DOE, SAM (DIST. ATTY)","Lee, Pat",9,2022-01-02\nFriends of Jane Roe,{FOP},7,2022-01-03\n'
        + "".join(f"Candidate {number:02},{FOP},1,2022-01-02\n" for number in range(50)),
    }
    paths = {name: tmp_path / "given" / f"{name}.csv" for name in texts}
    paths["own"].parent.mkdir()
    for name, path in paths.items():
        path.write_text(HEADER + texts[name])
    return paths


def gross(found: dict[str, Any]) -> dict[str, str]:
    return {"; ".join(each["recipients"]): each["flagged"]["gross"] for each in found["prosecutors"]}


def test_a_file_given_by_its_name_is_shown_whatever_its_neighbors_say(cli: Cli, neighbors: dict[str, Path]) -> None:
    alone = report(cli("screen", neighbors["own"], "--format", "json"))
    beside = report(cli("screen", neighbors["own"], neighbors["prosecutor"], "--format", "json"))
    assert gross(alone) == {"Friends of Jane Roe": "100.00"}
    assert gross(beside) == {"Friends of Jane Roe": "100.00", "POE, ANN (DIST. ATTY)": "50.00"}
    assert "not_looked_up" not in beside["manifest"]
    reason = beside["manifest"]["settings"]["recipients_why"]
    assert reason.endswith("a file that was given by its name and has one recipient is shown too")


def test_its_recipient_is_looked_up_in_the_other_files_too(cli: Cli, neighbors: dict[str, Path]) -> None:
    found = report(cli("screen", neighbors["table"], neighbors["own"], "--format", "json"))
    (entry,) = [each for each in found["prosecutors"] if each["recipients"] == ["Friends of Jane Roe"]]
    assert (entry["raised"], entry["flagged"]["gross"]) == ("107.00", "107.00")
    assert len(found["prosecutors"]) == 2


def test_a_pattern_is_as_the_shell_gives_it_and_a_folder_is_not(cli: Cli, neighbors: dict[str, Path]) -> None:
    neighbors["table"].unlink()
    folder = neighbors["own"].parent
    assert len(report(cli("screen", f"{folder}/*.csv", "--format", "json"))["prosecutors"]) == 2
    assert gross(report(cli("screen", folder, "--format", "json"))) == {"POE, ANN (DIST. ATTY)": "50.00"}


def test_who_asks_for_prosecutors_gets_them_alone_and_the_others_named(cli: Cli, neighbors: dict[str, Path]) -> None:
    given = (neighbors["own"], neighbors["prosecutor"], "--recipients", "prosecutors", "--format", "json")
    result = cli("screen", *given)
    assert gross(report(result)) == {"POE, ANN (DIST. ATTY)": "50.00"}
    assert "not looked up: Friends of Jane Roe\n" in result.stderr


def test_recipients_not_looked_up_are_named_and_not_counted_as_screened(cli: Cli, neighbors: dict[str, Path]) -> None:
    result = cli("screen", neighbors["table"], "--format", "json")
    assert "not looked up: Candidate 00; " in result.stderr
    assert "Candidate 09; ... and 41 more\n" in result.stderr
    assert "1 row screened, 0 not; 51 rows of 51 other recipients not looked up; 0 flagged" in result.stderr
    manifest = report(result)["manifest"]
    assert manifest["not_looked_up"] == {"recipients": 51, "rows": 51}
    assert manifest["rows_read"] == manifest["rows_screened"] + manifest["rows_rejected"]
    assert "Screened 1 of 52 rows in 1 file. Not looked up: 51 rows" in cli("screen", neighbors["table"]).stdout


def test_a_plain_csv_with_a_cell_that_would_run_offers_excel_safe(cli, tmp_path):
    path = tmp_path / "filing.csv"
    row = "=Elm Police Officers Association,250.00,2024-01-05,Jane Roe for District Attorney,District Attorney\n"
    path.write_text("contributor,amount,date,recipient,office\n" + row)
    said = "1 cell of the CSV would run as a formula in a spreadsheet; --excel-safe prevents it"
    assert said in cli("screen", path, "--format", "csv").stderr
    assert said not in cli("screen", path, "--format", "csv", "--excel-safe").stderr
    assert said not in cli("screen", path, "--format", "csv", "--quiet").stderr
    assert said not in cli("screen", path, "--format", "json").stderr
    path.write_text(path.read_text().replace("=", ""))
    assert "formula" not in cli("screen", path, "--format", "csv").stderr
