"""An evaluation of the matcher: as lines for the terminal, and as tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from unionscreen.contributions import count
from unionscreen.matching.evaluate import THRESHOLDS
from unionscreen.output.tables import Cell, ResultTable, TableList, TypedColumn
from unionscreen.reports.text import visible

if TYPE_CHECKING:
    from unionscreen.matching.estimate import Estimate
    from unionscreen.matching.evaluate import Evaluation, Rates
    from unionscreen.screening.sampling import SampledDonor

EVALUATION_TABLES: Final = ("rates", "confusion", "wrong", "strata")
_RATES: Final = (
    TypedColumn("cases", "text", "all, a tier, a quality, or from a score on"),
    TypedColumn("value", "text", "which one"),
    TypedColumn("found", "count", "unions that are called a union"),
    TypedColumn("missed", "count", "unions that are not"),
    TypedColumn("false", "count", "other names that are called a union"),
    TypedColumn("precision", "score", "0 to 1"),
    TypedColumn("recall", "score", "0 to 1"),
    TypedColumn("f1", "score", "harmonic mean of the two"),
)
_CONFUSION: Final = (
    TypedColumn("label", "text", "in the file of cases"),
    TypedColumn("verdict", "text", "the answer"),
    TypedColumn("category", "text", "of the answer"),
    TypedColumn("names", "count", "how many"),
)
_WRONG: Final = (
    TypedColumn("mistake", "text", "missed or false"),
    TypedColumn("line", "count", "in the file of cases"),
    TypedColumn("name", "text", "as in the file of cases", width=44),
    TypedColumn("label", "text", "in the file of cases"),
    TypedColumn("verdict", "text", "the answer"),
    TypedColumn("tier", "text", "listed or pattern"),
    TypedColumn("union_id", "text", "id in the curated list"),
    TypedColumn("score", "score", "0 to 100, orders doubt; it is not a probability"),
    TypedColumn("why", "text", "the evidence in one sentence"),
)

_STRATA: Final = (
    TypedColumn("stratum", "text", "the answer, and the tier and scores"),
    TypedColumn("called", "text", "the answer of the result: union, related or clear"),
    TypedColumn("donors", "count", "donors in it"),
    TypedColumn("coded", "count", "donors with a label other than uncertain"),
    TypedColumn("unions", "count", "of them unions"),
    TypedColumn("uncertain", "count", "donors labeled uncertain, which are left out"),
    TypedColumn("weight", "score", "how many donors a coded one stands for; empty if none is coded, as is the rest"),
    TypedColumn("share", "score", "share of unions, 0 to 1"),
    TypedColumn("low", "score", "lower end of its 95 % Wilson interval"),
    TypedColumn("high", "score", "upper end"),
)
# The columns of a sample; a person fills in label and, if the union is known, union_id.
_SAMPLE: Final = (
    TypedColumn("name", "text", "the donor, as filed", width=44),
    TypedColumn("state", "text", "the donor's state, as filed"),
    TypedColumn("label", "text", "to fill in: union, uncertain, or what else it is"),
    TypedColumn("union_id", "text", "to fill in if you know it: id in the curated list"),
    TypedColumn("example", "text", "file:row of one of its rows; empty if the result does not show it"),
    TypedColumn("stratum", "text", "which part of the donors it stands for"),
    TypedColumn("in_stratum", "count", "how many donors that part has"),
    TypedColumn("called", "text", "the answer of the result: union, related or clear"),
)


def sample_table(sample: Iterable[SampledDonor]) -> ResultTable:
    """A sample as the list that a person codes."""
    rows = [
        (each.name, each.state, "", "", each.example, each.stratum, each.in_stratum, each.called) for each in sample
    ]
    return ResultTable("sample", "Sample", "Donors to code by hand", _SAMPLE, rows)


def evaluation_result(evaluation: Evaluation) -> TableList:
    """Precision and recall by group, labels against answers, and every mistake."""
    found = evaluation.to_dict()
    groups = [("all", "", found["all"]), ("which union", "", found["identity"])]
    groups += [("tier", tier, rates) for tier, rates in found["by_tier"].items()]
    groups += [("quality", quality, rates) for quality, rates in found["by_quality"].items()]
    groups += [("least score", least, rates) for least, rates in found["by_threshold"].items()]
    rates: list[tuple[Cell, ...]] = [
        (group, value, *(cells[column.name] for column in _RATES[2:])) for group, value, cells in groups
    ]
    confusion = [tuple(each[column.name] for column in _CONFUSION) for each in found["confusion"]]
    wrong: list[tuple[Cell, ...]] = [
        (mistake, *(each[column.name] for column in _WRONG[1:]))
        for mistake in ("missed", "false")
        for each in found[mistake]
    ]
    strata: list[tuple[Cell, ...]] = [
        (*each, *((each.weight, *each.share) if each.coded else (None,) * 4))
        for each in (evaluation.estimate.strata if evaluation.estimate else ())
    ]
    return TableList(
        (
            ResultTable("rates", "Rates", "Precision and recall for union", _RATES, rates),
            ResultTable("confusion", "Labels and answers", "Labels against answers", _CONFUSION, confusion),
            ResultTable("wrong", "Mistakes", "Names that were missed or called a union", _WRONG, wrong),
            ResultTable("strata", "Strata", "The parts of the donors that a sample was drawn from", _STRATA, strata),
        )
    )


def evaluation_text(evaluation: Evaluation, show: int) -> str:
    """Precision, recall and alarms, and the first mistakes.

    Args:
        evaluation: the cases with the answers.
        show: how many mistakes of each sort to print.
    """
    result = evaluation.to_dict()
    lines = [f"{'':<14}precision   recall       F1    found   missed    false"]
    lines.append(_row("union", evaluation.rates()))
    lines += [_row(f"  {tier}", evaluation.rates(tier=tier)) for tier in ("listed", "pattern")]
    if any(case.union_id for case in evaluation.cases):
        lines.append(_row("which union", evaluation.identity()))
    lines += ["", "least score", *(_row(f"  {t}", evaluation.rates(t)) for t in THRESHOLDS), ""]
    lines.append(f"alarms among 10,000 names that are not unions: {evaluation.alarms_per_10000:.1f}")
    precision, recall = evaluation.intervals
    lines.append(f"with 95 % intervals (Wilson): precision {precision}, recall {recall}")
    suggested = result["suggested_min_score"]
    lines.append(
        "no least score reaches precision 0.98 on these labels"
        if suggested is None
        else f"least score for precision 0.98 on these labels: {suggested}"
    )
    lines += _sample_lines(evaluation.estimate) if evaluation.estimate else []
    lines += ["", f"{'label':<16}{'answer':<10}{'category':<26}names"]
    lines += [f"{c['label']:<16}{c['verdict']:<10}{c['category']:<26}{c['names']:>5}" for c in result["confusion"]]
    for kind in ("missed", "false"):
        lines += ["", f"{kind}: {len(result[kind])}"]
        lines += [f"  {case['line']}: {visible(case['name'])}  {visible(case['why'])}" for case in result[kind][:show]]
    return "\n".join(lines) + "\n"


def _sample_lines(found: Estimate) -> Iterator[str]:
    """What a coded sample says about the result that it was drawn from, with the weight of each stratum."""
    yield ""
    yield f"the result that this sample was drawn from: precision {found.precision}"
    if found.has_clear:
        yield f"  recall {found.recall}; at least {found.lowest_recall:.3f}, if the other strata have as many unions as"
        yield "  their intervals allow"
    else:
        yield f"  recall among the donors that it shows {found.recall}; the other donors were not sampled"
    yield f"  {'stratum':<38}{'donors':>9}{'coded':>7}{'unions':>8}{'weight':>9}  share of unions"
    for each in found.strata:
        weight = f"{each.weight:>9.1f}" if each.coded else f"{'':>9}"
        yield f"  {each.name:<38}{each.donors:>9,}{each.coded:>7,}{each.unions:>8,}{weight}  {each.share}"
    if uncertain := sum(each.uncertain for each in found.strata):
        yield f"  {count(uncertain, 'donor is', 'donors are')} labeled uncertain and left out"
    if found.unknown:
        strata = "; ".join(f"{each.name} ({count(each.donors, 'donor')})" for each in found.unknown)
        yield f"  NOT KNOWN: these strata have only uncertain donors, so the estimate says nothing about them: {strata}"


def _row(name: str, rates: Rates) -> str:
    shares = "".join(f"{value:>9.3f}" for value in (rates.precision, rates.recall, rates.f1))
    return f"{name:<14}{shares}" + "".join(f"{number:>9,}" for number in rates)
