"""`screen --out` and `unionscreen report`: several files at once, a saved result in every format."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from unionscreen.cli.output import OutputFormat
from unionscreen.output import WRITERS

AVERY = "examples/netfile-avery.csv"
Cli = Callable[..., Result]


@pytest.fixture
def saved(cli: Cli, tmp_path: Path) -> Path:
    path = tmp_path / "result.json"
    assert cli("screen", AVERY, "--out", path).exit_code == 0
    return path


def test_every_writer_can_be_asked_for_by_name() -> None:
    assert [each.value for each in OutputFormat] == [writer.name for writer in WRITERS]


def test_several_files_are_written_in_one_run(cli: Cli, tmp_path: Path) -> None:
    result = cli(
        "screen", AVERY, "--out", tmp_path / "a.html", "--out", tmp_path / "a.xlsx", "--out", tmp_path / "a.db"
    )
    assert (result.exit_code, result.stdout) == (0, "")
    assert {path.name for path in tmp_path.iterdir()} == {"a.html", "a.xlsx", "a.db", "a.db-metadata.json"}
    assert "a.html, " in result.stderr


@pytest.mark.parametrize("writer", WRITERS, ids=lambda writer: writer.name)
def test_a_report_of_a_saved_result_is_that_of_the_screening(
    cli: Cli, saved: Path, tmp_path: Path, writer: object
) -> None:
    suffix = getattr(writer, "suffixes")[-1]  # noqa: B009 - a fixture's value has no type here
    assert cli("screen", AVERY, "--out", tmp_path / f"one{suffix}", "--quiet").exit_code == 0
    result = cli("report", saved, "--out", tmp_path / f"two{suffix}", "--quiet")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")
    assert (tmp_path / f"one{suffix}").read_bytes() == (tmp_path / f"two{suffix}").read_bytes()


def test_a_report_goes_to_standard_output_as_a_table_or_as_asked(cli: Cli, saved: Path) -> None:
    assert cli("report", saved).stdout == cli("screen", AVERY).stdout
    assert cli("report", saved, "--format", "md").stdout.startswith("# Police-union contributions: Jordan Avery")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--format", "xlsx"], "is not text"),
        (["--out", "a.docx"], "no format has the suffix"),
        (["--out", "a.csv", "--out", "./a.csv"], "given twice"),
        (["--out", "a.csv", "--out", "b.csv", "--format", "csv"], "--format goes with one --out"),
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("command", ["screen", "report"])
def test_a_mistake_about_outputs_is_found_before_any_work(
    cli: Cli, command: str, arguments: list[str], said: str
) -> None:
    result = cli(command, "no-such-file", *arguments)
    assert result.exit_code == 2
    assert said in result.stderr


@pytest.mark.parametrize(("content", "said"), [(None, "No such file"), ("x", "not JSON"), ("{}", "not a result")])
def test_a_file_that_is_no_result_is_said(cli: Cli, tmp_path: Path, content: str | None, said: str) -> None:
    path = tmp_path / "x.json"
    if content is not None:
        path.write_text(content)
    result = cli("report", path)
    assert (result.exit_code, result.stdout) == (3, "")
    assert said in result.stderr
    assert "x.json" in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["screen", "LONG"],
        ["screen", AVERY, "--out", "LONG"],
        ["screen", AVERY, "--decisions", "LONG"],
        ["batch", "LONG", "--out", "a.csv"],
        ["watch", "LONG"],
        ["formats", "detect", "LONG"],
    ],
    ids=" ".join,
)
def test_a_path_that_may_not_be_looked_at_is_said_not_traced(cli: Cli, tmp_path: Path, arguments: list[str]) -> None:
    path = str(tmp_path / ("a" * 300 + ".csv"))  # a name too long fails like a forbidden folder, for root too
    result = cli(*(path if each == "LONG" else each for each in arguments))
    assert result.exit_code in (2, 3)
    assert result.stderr.startswith(f"Error: {path}: ")
    assert "File name too long" in result.stderr


def test_excel_safe_marks_names_and_leaves_other_files_alone(cli: Cli, tmp_path: Path) -> None:
    filing = tmp_path / "filing.csv"
    filing.write_text(
        "Committee Name,Contributor Name,Amount,Date\nRoe for District Attorney,=FOP LODGE 7,5.00,2022-01-02\n"
    )
    out = tmp_path / "a.csv", tmp_path / "a.json"
    assert cli("screen", filing, "--excel-safe", "--out", out[0], "--out", out[1]).exit_code == 0
    assert ",'=FOP LODGE 7," in out[0].read_text(encoding="utf-8-sig")
    assert json.loads(out[1].read_bytes())["prosecutors"][0]["flags"][0]["contributor"] == "=FOP LODGE 7"


def test_a_device_gets_no_second_file(cli: Cli) -> None:
    assert cli("screen", AVERY, "--out", "/dev/null", "--format", "csv").exit_code == 0
    assert not Path("/dev/null-metadata.json").exists()


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        '{"manifest": ' + "[" * 5_000 + "]" * 5_000 + "}",
        '{"manifest": 5, "prosecutors": ' + "9" * 6_000 + "}",
        '{"manifest": {"inputs": 5}, "prosecutors": 1e999}',
    ],
    ids=["never closed", "nested", "long number", "infinite"],
)
def test_absurd_json_is_refused_in_words(cli: Cli, tmp_path: Path, text: str) -> None:
    path = tmp_path / "absurd.json"
    path.write_text(text, encoding="utf-8")
    result = cli("report", path)
    assert (result.exit_code, result.stdout) == (3, "")
    assert f"Error: {path}: is" in result.stderr


@pytest.mark.parametrize("value", [10**30, float("inf"), float("nan"), -(10**400), "9" * 5_000, "1e999999", [], {}])
def test_no_number_in_a_saved_result_brings_any_writer_down(
    cli: Cli, saved: Path, tmp_path: Path, value: object
) -> None:
    outs = [argument for writer in WRITERS for argument in ("--out", tmp_path / f"o{writer.suffixes[-1]}")]
    for name in ("amount", "amount_cents", "row", "score", "date", "raised_rows", "contributions", "raised"):
        result_of = json.loads(saved.read_text(encoding="utf-8"))
        entry = result_of["prosecutors"][0]
        (entry if name in entry else entry["flags"][0])[name] = value
        path = tmp_path / "absurd.json"
        path.write_text(json.dumps(result_of), encoding="utf-8")
        result = cli("report", path, *outs)
        assert result.exit_code in (0, 3), (name, result.stderr)
