"""``unionscreen evaluate``: the matcher's precision and recall on names that you labeled."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from unionscreen.cli.options import AsJson, UnionsOption
from unionscreen.cli.output import refuse_overwriting_inputs
from unionscreen.cli.streams import say, write_data
from unionscreen.errors import UsageError
from unionscreen.files import output_path, write_file
from unionscreen.output import TABLE_FORMATS, suffixes_of
from unionscreen.reports.text import count, to_json

_SUFFIXES: Final = ", ".join(suffixes_of(TABLE_FORMATS))

EPILOG: Final = """\b
Examples:
  unionscreen evaluate cases.csv
  unionscreen evaluate --sample 200 result.json --out sample.csv
  unionscreen evaluate sample.csv       (after you filled in the labels)"""

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog=EPILOG)
def evaluate(
    cases: Annotated[
        Path,
        typer.Argument(
            metavar="CASES.csv",
            help="Columns name,label[,union_id,state,quality]; with --sample, a result that `screen` saved as JSON.",
        ),
    ],
    unions: UnionsOption = None,
    show: Annotated[int, typer.Option(metavar="N", min=0, help="Misses and false alarms to print.")] = 20,
    sample: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, help="Draw N donors of a result as a CSV to code by hand, in strata."),
    ] = None,
    seed: Annotated[int, typer.Option(metavar="N", help="Of the sample: the same number gives the same donors.")] = 1,
    as_json: AsJson = False,
    out: Annotated[
        Path | None, typer.Option(metavar="PATH", help=f"Also write tables of rates and mistakes here. {_SUFFIXES}")
    ] = None,
) -> None:
    """Print precision and recall on names that you labeled.

    Names that were missed or wrongly flagged are listed. The labels union and mixed are unions; uncertain is left
    out; every other label is not a union.

    With --sample the file is a saved result, and a sample of its donors is written. Fill in its column label, and give
    it to this command: it prints precision and recall of the result with their intervals.
    """
    from unionscreen.matching import load_matcher
    from unionscreen.matching.evaluate import evaluate as run
    from unionscreen.matching.evaluate import read_labels
    from unionscreen.output.files import table_paths, write_tables
    from unionscreen.reports.evaluation import EVALUATION_TABLES, evaluation_result, evaluation_text

    if sample is not None:
        _draw(cases, sample, seed, unions, out)
        return
    paths = None if out is None else table_paths(out, EVALUATION_TABLES)
    refuse_overwriting_inputs([] if paths is None else paths.values(), [], cases, unions)
    evaluation = run(load_matcher(unions), read_labels(cases), str(cases))
    if as_json:
        write_data(to_json(evaluation.to_dict(), indent=2) + "\n")
    else:
        write_data(evaluation_text(evaluation, show))
    if paths is not None:
        write_tables(evaluation_result(evaluation), paths)
    unions_among = sum(case.is_union for case in evaluation.cases)
    say(f"{count(len(evaluation.cases), 'case')}, {count(unions_among, 'union')} among them")


def _draw(result: Path, size: int, seed: int, unions: Path | None, out: Path | None) -> None:
    """Write a sample of a saved result."""
    from unionscreen.matching import load_matcher
    from unionscreen.output import BY_NAME
    from unionscreen.output.tables import TableList, WriteOptions
    from unionscreen.reports import load_result
    from unionscreen.reports.evaluation import sample_table
    from unionscreen.screening.sampling import draw_sample

    if out is not None and out.suffix.lower() != ".csv":
        raise UsageError("a sample is written as .csv", source=str(out), hint="end the name in .csv")
    target = None if out is None else output_path(out)
    refuse_overwriting_inputs([target] if target else [], [], result, unions)
    drawn, notes = draw_sample(load_result(result), size, load_matcher(unions), seed=seed)
    data = BY_NAME["csv"].render(TableList.of(sample_table(drawn)), WriteOptions(read_back=True))
    if target is None:
        write_data(data)
    else:
        write_file(target, data)
    for note in notes:
        say(note)
    strata = len({each.stratum for each in drawn})
    say(f"{count(len(drawn), 'donor')} of {count(strata, 'stratum', 'strata')}; fill in the column label")
