"""What makes a donor another body than the one of the list: state, number, acronym, level, rank and form.

The list is made up, so that each rule is met by itself; the cases are in tests/cases/vetoes.csv.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from unionscreen.matching import Matcher
from unionscreen.unions import Alias, Union, UnionList

FOLDER = Path(__file__).parent / "cases"


def rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    unions: dict[str, Union] = {}
    by_union: dict[str, tuple[Alias, ...]] = {}
    for row in rows("vetoes_unions.csv"):
        aliases, shared = row.pop("aliases"), row.pop("shared").split("|")
        union = Union(**row, source="https://example.org", source_class="web-or-repo")
        named = [(union.name, "official"), *((each, "as-filed") for each in aliases.split("|") if each)]
        unions[union.union_id] = union
        by_union[union.union_id] = tuple(
            Alias(union.union_id, name, kind, "state" if name in shared else "") for name, kind in named
        )
    return Matcher(UnionList(unions, [a for each in by_union.values() for a in each], [], "", by_union=by_union))


@pytest.mark.parametrize("case", rows("vetoes.csv"), ids=lambda case: f"{case['name'][:45]}-{case['state']}")
def test_which_body_it_is_and_what_was_doubtful_or_spoke_against_it(matcher: Matcher, case: dict[str, str]) -> None:
    answer = matcher.match(case["name"], state=case["state"] or None, city=case["city"] or None)
    assert (answer.union_id or "") == case["union"], answer.why
    assert case["says"] in answer.why


# Each name of a pair leaves more in doubt than the one before it.
@pytest.mark.parametrize(
    "donors",
    [
        [("Elkhaven Police Officers Association", "CA"), ("Elkhaven Police Officers Association", "")],
        [("Elkhaven POA", "CA"), ("EKPOA", "CA")],
        [("Elkhaven Police Officers Association", "CA"), ("Elkhavn Police Officers Association", "CA")],
        [("Elkhaven Police Officers Association", "CA"), ("Elkhaven Police Officers Union", "CA")],
        [("Milltown Fraternal Order of Police Lodge 17", "OH"), ("Milltown FOP 17", "OH"), ("Milltown FOP", "OH")],
        [("Oregon State Troopers Quill Association", "OR"), ("Oregon State Troopers Quill Association", "WA")],
    ],
    ids=lambda donors: donors[-1][0],
)
def test_more_doubt_is_a_lower_score(matcher: Matcher, donors: list[tuple[str, str]]) -> None:
    scores = [matcher.match(name, state=state or None).score for name, state in donors]
    assert scores == sorted(set(scores), reverse=True)
    assert min(scores) >= 75, "all of them are identities"


def test_of_many_bodies_of_one_name_four_are_named_and_none_is_claimed() -> None:
    unions = {
        at: Union(at, f"{place} Police Officers Association", "police", scope="city", state="CA", place=place)
        for at, place in zip("abcdef", ("Ashby", "Birchly", "Cedarly", "Dellby", "Elmby", "Firby"), strict=True)
    }
    by_union = {at: (Alias(at, each.name, "official"), Alias(at, "Quill Valley POA")) for at, each in unions.items()}
    matcher = Matcher(UnionList(unions, [a for each in by_union.values() for a in each], [], "", by_union=by_union))
    answer = matcher.match("Quill Valley POA", state="CA")
    assert (answer.verdict, answer.tier, answer.union_id) == ("union", "pattern", None)
    assert answer.why.count("(CA)") == 4
