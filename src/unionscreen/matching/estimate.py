"""Precision and recall of a whole result, estimated from a coded sample of its donors with strata.

A sample has the columns ``stratum``, ``in_stratum`` (how many donors the stratum has) and ``called`` (whether the
result calls them unions). Each coded donor stands for ``in_stratum`` divided by the coded donors of its stratum. A
donor labeled uncertain is not coded; a stratum of only such donors is not part of the estimate, and is named.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from unionscreen.errors import UsageError

if TYPE_CHECKING:
    from unionscreen.matching.evaluate import Case

# The answer of a result that counts a donor as a union; the others do not.
UNION: Final = "union"
CLEAR: Final = "clear"
# Of the normal distribution, for intervals of 95 %.
_Z: Final = 1.959964


class Interval(NamedTuple):
    """An estimate with the ends of its interval, 0 to 1."""

    estimate: float
    low: float
    high: float

    def __str__(self) -> str:
        """In a line of a table; "not known" where nothing was counted."""
        return (
            "not known"
            if (self.low, self.high) == (0, 1)
            else f"{self.estimate:.3f} ({self.low:.3f} to {self.high:.3f})"
        )

    def to_dict(self) -> dict[str, float]:
        """To four places."""
        return {name: round(value, 4) for name, value in self._asdict().items()}


def wilson(share: float, number: float) -> Interval:
    """The 95 % Wilson score interval of a share; 0 to 1 where nothing was counted.

    Args:
        share: found, 0 to 1.
        number: of how many; of a weighted sample, the effective number.

    >>> str(wilson(1.0, 25)), str(wilson(0.5, 100)), str(wilson(1.0, 0))
    ('1.000 (0.867 to 1.000)', '0.500 (0.404 to 0.596)', 'not known')
    """
    if number <= 0:
        return Interval(share, 0.0, 1.0)
    spread = _Z * _Z / number
    center = (share + spread / 2) / (1 + spread)
    half = _Z / (1 + spread) * sqrt(share * (1 - share) / number + spread / (4 * number))
    return Interval(share, max(0.0, min(share, center - half)), min(1.0, max(share, center + half)))


class Stratum(NamedTuple):
    """A part of the donors of a result.

    Attributes:
        name: the tier and the scores.
        called: the answer of the result: union, related or clear.
        donors: how many there are.
        coded: how many of them have a label other than uncertain.
        unions: how many of those are unions.
        uncertain: how many are labeled uncertain.
    """

    name: str
    called: str
    donors: int
    coded: int
    unions: int
    uncertain: int = 0

    @property
    def weight(self) -> float:
        """How many donors a coded one stands for; 0 where none is coded."""
        return self.donors / self.coded if self.coded else 0.0

    @property
    def share(self) -> Interval:
        """The share of unions; between 0 and 1 where no donor is coded."""
        return wilson(self.unions / self.coded if self.coded else 0.0, self.coded)


@dataclass(frozen=True)
class Estimate:
    """What a coded sample says about a result. Strata without a coded donor have no part in precision and recall."""

    strata: Sequence[Stratum]

    @property
    def unknown(self) -> list[Stratum]:
        """The strata of which no donor is coded."""
        return [each for each in self.strata if not each.coded]

    @property
    def precision(self) -> Interval:
        """The share of unions among the donors that the result calls unions."""
        called = [each for each in self.strata if each.called == UNION]
        donors = sum(each.donors for each in called if each.coded)
        right = sum(each.weight * each.unions for each in called)
        return wilson(right / donors if donors else 1.0, _effective((each.weight, each.coded) for each in called))

    @property
    def recall(self) -> Interval:
        """The share of the unions that the result calls unions."""
        found = sum(each.weight * each.unions for each in self.strata if each.called == UNION)
        unions = sum(each.weight * each.unions for each in self.strata)
        return wilson(found / unions if unions else 1.0, _effective((each.weight, each.unions) for each in self.strata))

    @property
    def has_clear(self) -> bool:
        """Whether donors that the result does not show were sampled too."""
        return any(each.called == CLEAR for each in self.strata)

    @property
    def lowest_recall(self) -> float:
        """Recall if every stratum that is not called a union has as many unions as its interval allows."""
        found = sum(each.weight * each.unions for each in self.strata if each.called == UNION)
        missed = sum(each.donors * each.share.high for each in self.strata if each.called != UNION)
        return found / (found + missed) if found + missed else 1.0

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return {
            "precision": self.precision.to_dict(),
            "recall": self.recall.to_dict(),
            "clear_donors_sampled": self.has_clear,
            "lowest_recall": round(self.lowest_recall, 4),
            "donors_not_coded": sum(each.donors for each in self.unknown),
            "strata": [
                each._asdict()
                | {
                    "weight": round(each.weight, 4) if each.coded else None,
                    "share": each.share.to_dict() if each.coded else None,
                }
                for each in self.strata
            ],
        }


def _effective(weights: Iterable[tuple[float, int]]) -> float:
    """Kish's effective number of a weighted sample: equal to its number where all weights are equal.

    Args:
        weights: each weight, and how many have it.
    """
    known = [*weights]
    squares = sum(weight * weight * number for weight, number in known)
    return sum(weight * number for weight, number in known) ** 2 / squares if squares else 0.0


def estimate_of(cases: Iterable[Case], path: str = "") -> Estimate | None:
    """The estimate from a coded sample; None if the cases have no strata.

    Args:
        cases: labeled names, also the uncertain ones.
        path: of the file, for errors.

    Raises:
        UsageError: a case has no stratum, the cases of one stratum disagree on it, or it has more cases than donors.
    """
    known = [case for case in cases if case.stratum or case.is_decided]
    if not any(case.stratum for case in known):
        return None
    strata: dict[str, list[Case]] = {}
    for case in known:
        if not (case.stratum and case.in_stratum and case.called):
            raise UsageError("needs stratum, in_stratum and called, as in the sample", source=path, row=case.line)
        of_stratum = strata.setdefault(case.stratum, [])
        of_stratum.append(case)
        if (case.in_stratum, case.called) != (of_stratum[0].in_stratum, of_stratum[0].called):
            raise UsageError(f"in_stratum or called differs from line {of_stratum[0].line}", source=path, row=case.line)
        if len(of_stratum) > case.in_stratum:
            raise UsageError(
                f"the stratum has more rows than donors (in_stratum is {case.in_stratum})", source=path, row=case.line
            )
    return Estimate([_stratum(name, same) for name, same in sorted(strata.items())])


def _stratum(name: str, cases: Sequence[Case]) -> Stratum:
    coded = sum(case.is_decided for case in cases)
    unions = sum(case.is_union for case in cases)
    return Stratum(name, cases[0].called, cases[0].in_stratum, coded, unions, len(cases) - coded)
