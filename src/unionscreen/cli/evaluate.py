"""``unionscreen evaluate``: the matcher's precision and recall on names that you labeled."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from unionscreen.cli.options import AsJson, UnionsOption
from unionscreen.cli.streams import say, write_data
from unionscreen.reports.text import count, to_json, visible

if TYPE_CHECKING:
    from unionscreen.matching.evaluate import Evaluation, Rates


app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def evaluate(
    cases: Annotated[Path, typer.Argument(metavar="CASES.csv", help="Columns name,label[,union_id,state,quality].")],
    unions: UnionsOption = None,
    show: Annotated[int, typer.Option(min=0, help="Misses and false alarms to print.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Print precision and recall on names that you labeled.

    Names that were missed or wrongly flagged are listed. The labels union and mixed are unions; uncertain is left
    out; every other label is not a union.
    """
    from unionscreen.matching import load_matcher
    from unionscreen.matching.evaluate import evaluate as run
    from unionscreen.matching.evaluate import read_cases

    evaluation = run(load_matcher(unions), read_cases(cases))
    if as_json:
        write_data(to_json(evaluation.to_dict(), indent=2) + "\n")
    else:
        write_data("\n".join(_lines(evaluation, show)) + "\n")
    unions_among = sum(case.is_union for case in evaluation.cases)
    say(f"{count(len(evaluation.cases), 'case')}, {count(unions_among, 'union')} among them")


def _lines(evaluation: Evaluation, show: int) -> list[str]:
    from unionscreen.matching.evaluate import THRESHOLDS

    result = evaluation.to_dict()
    lines = [f"{'':<14}precision   recall       F1    found   missed    false"]
    lines.append(_row("union", evaluation.rates()))
    lines += [_row(f"  {tier}", evaluation.rates(tier=tier)) for tier in ("listed", "pattern")]
    if any(case.union_id for case in evaluation.cases):
        lines.append(_row("which union", evaluation.identity()))
    lines += ["", "least score", *(_row(f"  {t}", evaluation.rates(t)) for t in THRESHOLDS), ""]
    lines.append(f"false alarms per 10,000 names that are not unions: {evaluation.alarms_per_10000:.1f}")
    suggested = result["suggested_min_score"]
    lines.append(
        "no least score reaches precision 0.98 on these labels"
        if suggested is None
        else f"least score for precision 0.98 on these labels: {suggested}"
    )
    lines += ["", f"{'label':<16}{'answer':<10}{'category':<26}names"]
    lines += [f"{c['label']:<16}{c['verdict']:<10}{c['category']:<26}{c['names']:>5}" for c in result["confusion"]]
    for kind in ("missed", "false"):
        lines += ["", f"{kind}: {len(result[kind])}"]
        lines += [f"  {case['line']}: {visible(case['name'])}  {visible(case['why'])}" for case in result[kind][:show]]
    return lines


def _row(name: str, rates: Rates) -> str:
    shares = "".join(f"{value:>9.3f}" for value in (rates.precision, rates.recall, rates.f1))
    return f"{name:<14}{shares}" + "".join(f"{number:>9,}" for number in rates)
