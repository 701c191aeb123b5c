"""``unionscreen evaluate``: the matcher's precision and recall on names that you labeled."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from unionscreen.cli.options import AsJson, UnionsOption
from unionscreen.cli.output import refuse_overwriting_inputs
from unionscreen.cli.streams import say, write_data
from unionscreen.output import BY_SUFFIX, TABLE_FORMATS
from unionscreen.reports.text import count, to_json

_SUFFIXES: Final = ", ".join(suffix for suffix, writer in BY_SUFFIX.items() if writer.name in TABLE_FORMATS)

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def evaluate(
    cases: Annotated[Path, typer.Argument(metavar="CASES.csv", help="Columns name,label[,union_id,state,quality].")],
    unions: UnionsOption = None,
    show: Annotated[int, typer.Option(min=0, help="Misses and false alarms to print.")] = 20,
    as_json: AsJson = False,
    out: Annotated[
        Path | None, typer.Option(metavar="PATH", help=f"Also write tables of rates and mistakes here. {_SUFFIXES}")
    ] = None,
) -> None:
    """Print precision and recall on names that you labeled.

    Names that were missed or wrongly flagged are listed. The labels union and mixed are unions; uncertain is left
    out; every other label is not a union.
    """
    from unionscreen.matching import load_matcher
    from unionscreen.matching.evaluate import evaluate as run
    from unionscreen.matching.evaluate import read_cases
    from unionscreen.output.files import table_paths, write_tables
    from unionscreen.reports.evaluation import EVALUATION_TABLES, evaluation_result, evaluation_text

    paths = None if out is None else table_paths(out, EVALUATION_TABLES)
    refuse_overwriting_inputs([] if paths is None else paths.values(), [], cases, unions)
    evaluation = run(load_matcher(unions), read_cases(cases))
    if as_json:
        write_data(to_json(evaluation.to_dict(), indent=2) + "\n")
    else:
        write_data(evaluation_text(evaluation, show))
    if paths is not None:
        write_tables(evaluation_result(evaluation), paths)
    unions_among = sum(case.is_union for case in evaluation.cases)
    say(f"{count(len(evaluation.cases), 'case')}, {count(unions_among, 'union')} among them")
