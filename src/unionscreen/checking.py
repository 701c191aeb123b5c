"""``unionscreen.check``: one name or a few, in a fifth of a second; ``check_many``: any number of names."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, overload

from unionscreen.errors import UsageError
from unionscreen.matching import Match, Matcher, load_matcher
from unionscreen.matching.answers import no_name, to_dict
from unionscreen.matching.cleaning import NO_NAME_PATTERN, is_no_name
from unionscreen.matching.places import known_state, state_code

if TYPE_CHECKING:
    import pandas as pd

    from unionscreen.review.decisions import Decisions

    TextColumn: TypeAlias = Iterable[str | None] | pd.Series[str]  # Arrow arrays are untyped, and are iterables too


@overload
def check(
    name: str,
    *,
    state: str | None = None,
    city: str | None = None,
    contributor_type: str | None = None,
    unions: str | os.PathLike[str] | None = None,
    decisions: str | os.PathLike[str] | None = None,
) -> Match: ...


@overload
def check(
    name: list[str] | tuple[str, ...],
    *,
    state: str | None = None,
    city: str | None = None,
    contributor_type: str | None = None,
    unions: str | os.PathLike[str] | None = None,
    decisions: str | os.PathLike[str] | None = None,
) -> list[Match]: ...


def check(
    name: str | list[str] | tuple[str, ...],
    *,
    state: str | None = None,
    city: str | None = None,
    contributor_type: str | None = None,
    unions: str | os.PathLike[str] | None = None,
    decisions: str | os.PathLike[str] | None = None,
) -> Match | list[Match]:
    """Whether a donor is a police union, and why; of a list of donors, one answer for each, in order.

    Args:
        name: the donor, as on the check or in the filing; or several, which share the other arguments.
        state: its two letters or its name; separates namesakes.
        city: the donor's city; more evidence for names without a place.
        contributor_type: individual, organization, committee or unknown.
        unions: a CSV of organizations to add to the curated list.
        decisions: what people decided about donors; the answer for a reviewed name is the decision.

    Raises:
        UsageError: the name is empty or only a word such as "N/A", there is no such state, or the decisions cannot be
            read.
        UnionListError: the list cannot be read.

    >>> check("Smith, Jane").verdict
    'clear'
    >>> [match.verdict for match in check(["Smith, Jane", "San Diego Police Officers Assn. PAC"])]
    ['clear', 'union']
    """
    names = [name] if isinstance(name, str) else [*name]
    for number, each in enumerate(names, 1):
        if not isinstance(each, str) or is_no_name(each):
            raise UsageError("no name to check" if isinstance(name, str) else f"name {number} of the list is empty")
    state = known_state(state) if state else None
    matcher = load_matcher(Path(unions) if unions else None)
    decide = decided_by(_log(decisions), matcher)
    asked = (matcher.match(each, state=state, city=city, contributor_type=contributor_type) for each in names)
    found = [decide(match, state or "")[0] for match in asked]
    return found[0] if isinstance(name, str) else found


def check_many(
    names: TextColumn,
    states: TextColumn | str | None = None,
    cities: TextColumn | str | None = None,
    *,
    unions: str | os.PathLike[str] | None = None,
    decisions: str | os.PathLike[str] | None = None,
) -> pd.DataFrame:
    """Whether many donors are police unions: one row for each name, in order.

    Most donors are people and firms. A vectorized prefilter excludes those that cannot be a union; the rest are matched
    as in :func:`check`, each distinct donor once.

    Args:
        names: the donors as filed: a list, a pandas Series or an Arrow array. None, NaN, an empty text and words such
            as "N/A" have the verdict "no name".
        states: for each name its state, two letters or in words; or one state for all. Other text is ignored.
        cities: for each name the donor's city; or one for all.
        unions: a CSV of organizations to add to the curated list.
        decisions: what people decided about donors; the answer for a reviewed name is the decision.

    Returns:
        The keys of ``check --json`` as columns; the index of a Series is kept. ``why`` of a name that the prefilter
        excluded is only "No match.".

    Raises:
        UsageError: the number of states or cities differs from the number of names, the one state does not exist,
            or the decisions cannot be read.
        UnionListError: the list cannot be read.

    >>> list(check_many(["Smith, Jane", "San Diego Police Officers Assn. PAC"]).verdict)
    ['clear', 'union']
    """
    import pandas as pd

    from unionscreen.matching.explain import why_clear

    donors = _texts(names)
    index = names.index if isinstance(names, pd.Series) else None
    if isinstance(states, str):
        states = known_state(states)
    asked = pd.DataFrame(
        {
            "name": donors,
            "state": _one_per_name(states, len(donors), "states"),
            "city": _one_per_name(cities, len(donors), "cities"),
        }
    )
    matcher = load_matcher(Path(unions) if unions else None)
    passed = _passed(matcher, asked.name, everybody=decisions is not None)
    # Row 0 is the answer for all names that the prefilter excluded, and row 1 for the texts that name nobody.
    answers = [Match("", "clear", None, None, None, None, 0.0, why_clear([])), no_name("")]
    codes = pd.Series(0, index=asked.index)
    if passed.any():
        worth = asked[passed]
        codes[passed] = worth.groupby(["name", "state", "city"], sort=False).ngroup() + len(answers)
        distinct = worth.drop_duplicates()
        decide = decided_by(_log(decisions), matcher)
        for name, state, city in distinct.itertuples(index=False, name=None):
            answers.append(decide(matcher.match(name, state=state, city=city), state_code(state))[0])
    codes[_without_name(asked.name)] = 1
    frame = pd.DataFrame([to_dict(answer) for answer in answers]).take(codes.to_numpy())
    frame["name"] = asked.name.to_numpy()
    frame.index = asked.index if index is None else index
    return frame


def _texts(column: TextColumn) -> list[str]:
    """The cells of a column as text; missing ones are empty."""
    import pandas as pd

    if hasattr(column, "to_pylist"):  # an Arrow array, whole or in chunks
        column = column.to_pylist()
    return ["" if pd.isna(cell) else str(cell) for cell in column]


def _one_per_name(column: TextColumn | str | None, count: int, what: str) -> list[str]:
    """A column with one text for each name.

    Raises:
        UsageError: it has more or fewer cells than there are names.
    """
    if column is None or isinstance(column, str):
        return [column or ""] * count
    texts = _texts(column)
    if len(texts) != count:
        raise UsageError(
            f"{what}: {len(texts):,} for {count:,} {'name' if count == 1 else 'names'}",
            hint=f"give one for each name, or {what}=None",
        )
    return texts


def _passed(matcher: Matcher, names: pd.Series[str], *, everybody: bool) -> pd.Series[bool]:
    """Which names to match; with decisions all, since people may have confirmed a name that the prefilter excludes."""
    import pandas as pd
    import pyarrow as pa

    if everybody or names.empty:
        return pd.Series(True, index=names.index)
    passed = matcher.prefilter(pa.array(names.tolist(), pa.string()))
    return pd.Series(passed.to_numpy(zero_copy_only=False), index=names.index)


def _without_name(names: pd.Series[str]) -> pd.Series[bool]:
    """Which texts name nobody, as :func:`is_no_name` finds it, for a whole column."""
    import pandas as pd
    import pyarrow as pa
    import pyarrow.compute as pc

    texts = pa.array(names.tolist(), pa.string())
    arrows = NO_NAME_PATTERN.replace(r"[\W_]", r"[^\pL\pN]")  # to Arrow, only ASCII letters are letters in \W
    found = pc.match_substring_regex(texts, pattern=rf"\A{arrows}\z", ignore_case=True)
    return pd.Series(found.to_numpy(zero_copy_only=False), index=names.index)


def _log(decisions: str | os.PathLike[str] | None) -> Decisions | None:
    """What people decided; None without a file."""
    if decisions is None:
        return None
    from unionscreen.review.store import load_decisions

    return load_decisions(decisions)


def decided_by(log: Decisions | None, matcher: Matcher) -> Callable[[Match, str], tuple[Match, dict[str, Any]]]:
    """A function that applies decisions to an answer for a donor in a state.

    Args:
        log: what people decided; None changes no answer.
        matcher: the one that answers.

    Returns:
        For an answer and a state: the answer as decided, and the keys ``reviewed`` and ``decision`` for JSON; none of
        them without decisions.
    """
    if log is None:
        return lambda match, _: (match, {})
    from unionscreen.review.apply import apply_to_match

    def answer(match: Match, state: str) -> tuple[Match, dict[str, Any]]:
        decision = log.find(match.name, state)
        match, said = apply_to_match(match, decision, matcher.unions.unions)
        if log.not_applied(match.name, state):
            why = "Not applied here: a decision on this ambiguous name that was made without a state."
            match = match._replace(why=f"{match.why} {why}".strip())
        return match, {"reviewed": said, "decision": decision.verdict if decision else None}

    return answer
