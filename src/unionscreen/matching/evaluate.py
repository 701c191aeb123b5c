"""How good the matcher is on labeled names: precision, recall, false alarms, and a suggested minimum score.

A cases file is a CSV with the columns ``name`` and ``label`` and, where known, ``union_id``, ``state`` and ``quality``.
A sample of a result (:mod:`unionscreen.matching.estimate`) has three more: ``stratum``, ``in_stratum`` and ``called``.
Labels: ``union`` (``mixed`` counts as union), ``related``, ``uncertain`` (left out); all others mean "not a union".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

from unionscreen.errors import UsageError
from unionscreen.lists import read_list
from unionscreen.matching.estimate import Estimate, Interval, estimate_of, wilson
from unionscreen.matching.matcher import Match, Matcher

UNION_LABELS: Final = ("union", "mixed")
UNDECIDED: Final = "uncertain"
# Scores for which precision and recall are reported: misspelled weak patterns are below 45, listed names from 75.
THRESHOLDS: Final = (0, 45, 50, 55, 60, 65, 70, 80, 85, 90, 95, 98)


class Case(NamedTuple):
    """One labeled name."""

    line: int
    name: str
    label: str
    union_id: str
    state: str
    quality: str
    stratum: str = ""
    in_stratum: int = 0
    called: str = ""

    @property
    def is_union(self) -> bool:
        """Whether the label says union."""
        return self.label in UNION_LABELS

    @property
    def is_decided(self) -> bool:
        """Whether it counts: the label is not "uncertain"."""
        return self.label != UNDECIDED


class Rates(NamedTuple):
    """How many answers "union" are right, and how many unions were found."""

    found: int
    missed: int
    false: int

    @property
    def precision(self) -> float:
        """Share of right answers among those that were "union"; 1 where there was none."""
        return self.found / (self.found + self.false) if self.found + self.false else 1.0

    @property
    def recall(self) -> float:
        """Share of the unions that were found; 1 where there was none."""
        return self.found / (self.found + self.missed) if self.found + self.missed else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of the two."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass(frozen=True)
class Evaluation:
    """The cases with the matcher's answers."""

    cases: Sequence[Case]
    answers: Sequence[Match]
    estimate: Estimate | None = None
    """Where the cases are a coded sample: precision and recall of the result that it was drawn from."""

    @property
    def pairs(self) -> list[tuple[Case, Match]]:
        """Each case with its answer."""
        return list(zip(self.cases, self.answers, strict=True))

    def rates(self, least: float = 0, tier: str | None = None) -> Rates:
        """Precision and recall for "union", counting only answers of at least this score and of this tier."""
        answers = [(c.is_union, _called(m, least) and (tier is None or m.tier == tier)) for c, m in self.pairs]
        return Rates(
            sum(is_union and called for is_union, called in answers),
            sum(is_union and not called for is_union, called in answers),
            sum(called and not is_union for is_union, called in answers),
        )

    @property
    def intervals(self) -> tuple[Interval, Interval]:
        """Precision and recall with their 95 % intervals, each case counting once."""
        rates = self.rates()
        return wilson(rates.precision, rates.found + rates.false), wilson(rates.recall, rates.found + rates.missed)

    def identity(self) -> Rates:
        """Right and missed among the labels that name a union; wrong among these and the labels that are not unions."""
        named = [(c, m) for c, m in self.pairs if c.union_id]
        return Rates(
            sum(m.union_id == c.union_id for c, m in named),
            sum(m.union_id != c.union_id for c, m in named),
            sum(m.union_id not in (None, c.union_id) for c, m in self.pairs if c.union_id or not c.is_union),
        )

    @property
    def alarms_per_10000(self) -> float:
        """Names answered as a union that are not one, per 10,000 such names."""
        ordinary = [m for c, m in self.pairs if not c.is_union]
        return 10_000 * sum(m.verdict == "union" for m in ordinary) / len(ordinary) if ordinary else 0.0

    def suggested(self, precision: float = 0.98) -> float | None:
        """The lowest score at which precision reaches the target and recall is highest; None if no score does."""
        good = [(self.rates(t).recall, -t) for t in THRESHOLDS if self.rates(t).precision >= precision]
        return -max(good)[1] if good else None

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain values, for JSON."""
        return {
            "cases": len(self.cases),
            "unions": sum(c.is_union for c in self.cases),
            "all": _rates(self.rates()),
            "intervals": dict(zip(("precision", "recall"), (each.to_dict() for each in self.intervals), strict=True)),
            **({"sample": self.estimate.to_dict()} if self.estimate else {}),
            "by_tier": {tier: _rates(self.rates(tier=tier)) for tier in ("listed", "pattern")},
            "by_quality": {q: _rates(self._only(q).rates()) for q in sorted({c.quality for c in self.cases} - {""})},
            "by_threshold": {str(t): _rates(self.rates(t)) for t in THRESHOLDS},
            "identity": _rates(self.identity()),
            "alarms_per_10000": round(self.alarms_per_10000, 2),
            "suggested_min_score": self.suggested(),
            "confusion": [
                {"label": label, "verdict": verdict, "category": category, "names": count}
                for (label, verdict, category), count in sorted(self._confusion().items())
            ],
            "missed": [_wrong(c, m) for c, m in self.pairs if c.is_union and m.verdict != "union"],
            "false": [_wrong(c, m) for c, m in self.pairs if not c.is_union and m.verdict == "union"],
        }

    def _only(self, quality: str) -> Evaluation:
        kept = [(c, m) for c, m in self.pairs if c.quality == quality]
        return Evaluation([c for c, _ in kept], [m for _, m in kept])

    def _confusion(self) -> Counter[tuple[str, str, str]]:
        return Counter((c.label, m.verdict, m.category or "") for c, m in self.pairs)


def _called(match: Match, least: float) -> bool:
    return match.verdict == "union" and match.score >= least


def _rates(rates: Rates) -> dict[str, float]:
    return rates._asdict() | {
        "precision": round(rates.precision, 4), "recall": round(rates.recall, 4), "f1": round(rates.f1, 4),
    }  # fmt: skip


def _wrong(case: Case, match: Match) -> dict[str, Any]:
    return {
        "line": case.line, "name": case.name, "label": case.label, "verdict": match.verdict, "tier": match.tier,
        "union_id": match.union_id, "score": match.score, "why": match.why,
    }  # fmt: skip


def read_cases(path: Path) -> list[Case]:
    """The cases of a CSV, without those labeled uncertain.

    Raises:
        UsageError: as :func:`read_labels`.
    """
    return [case for case in read_labels(path) if case.is_decided]


def read_labels(path: Path) -> list[Case]:
    """All cases of a CSV. Of a sample, the uncertain ones tell which strata nothing is known of.

    Raises:
        UsageError: it cannot be read, a column is missing, a label is empty, or all are uncertain; with the line.
    """
    if path.suffix.lower() == ".json":
        raise UsageError(
            "is a saved result, not a table of names",
            source=str(path),
            hint="--sample 200 draws a sample of its donors to label, which is then evaluated",
        )
    header, rows = read_list(path)
    name = "name" if "name" in header else "donor"
    if name not in header or "label" not in header:
        raise UsageError(
            "needs the columns name and label", source=str(path), row=1, hint=f"it has: {', '.join(header) or 'none'}"
        )
    cases = []
    for line, row in rows:
        label = row["label"].lower()
        if not label:
            raise UsageError("the label is empty", source=str(path), row=line)
        union_id, state, quality = (row.get(column, "") for column in ("union_id", "state", "quality"))
        number = row.get("in_stratum", "")
        if number and not (number.isascii() and number.isdigit()):
            raise UsageError("in_stratum is not a number", source=str(path), row=line, cell=number)
        sampled = (row.get("stratum", ""), int(number or 0), row.get("called", ""))
        cases.append(Case(line, row[name], label, union_id, state, quality, *sampled))
    if not any(case.is_decided for case in cases):
        raise UsageError("has no cases", source=str(path), hint="one line for each name: name,label")
    return cases


def evaluate(matcher: Matcher, cases: Iterable[Case], source: str = "") -> Evaluation:
    """Match every case, with its state where it has one.

    Args:
        matcher: whose answers are compared with the labels.
        cases: the labeled names, of which the uncertain ones are left out.
        source: the file that they are from, for errors.

    Raises:
        UsageError: the cases are a sample, and its strata are not those that were drawn.
    """
    labeled = list(cases)
    kept = [case for case in labeled if case.is_decided]
    answers = [matcher.match(case.name, state=case.state or None) for case in kept]
    return Evaluation(kept, answers, estimate_of(labeled, source))
