"""The answers of the reconciliation service, without HTTP: candidates, suggestions, and values of the list.

The service speaks the Reconciliation Service API, version 0.2 (https://www.w3.org/community/reports/reconciliation/).
Its entities are the organizations on the list, and its types are their kinds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from unionscreen.matching import Match, Matcher
from unionscreen.matching.listed import Finding
from unionscreen.matching.places import state_code
from unionscreen.unions import UNION_KINDS, Union, UnionList

# How many candidates a query gets that sets no limit. Sixteen lodges may share one number.
CANDIDATE_LIMIT: Final = 25
# The largest limit. A client that asks for more gets this many.
LARGEST_LIMIT: Final = 100
# How many suggestions one answer has; `cursor` asks for the next ones.
MOST_SUGGESTIONS: Final = 20
# The highest score of an organization that a rule has ruled out. It is lower than the score of any name that only
# reads like a union's, so that it never comes first by its score.
RULED_OUT: Final = 40.0
# The highest score of an answer that names no organization for certain; the matcher uses the same limit.
UNIDENTIFIED_SCORE: Final = 69.0

# An entity for each kind that stands for "a union of this kind, but none on the list". Without it OpenRefine would
# show such a donor like one that is not a union at all.
_UNLISTED: Final = "unlisted-"

TYPES: Final[Mapping[str, str]] = {
    "police": "Police officers",
    "sheriff-deputies": "Sheriffs' deputies",
    "state-police": "State police and highway patrol",
    "corrections": "Correctional officers",
    "probation-parole": "Probation and parole officers",
    "court-officers": "Court officers",
    "federal": "Federal officers",
    "special-district": "Police of special districts",
    "mixed-public-safety": "Several kinds of public safety employees",
    "prosecutors": "Prosecutors",
    "prosecutors-investigators": "Prosecutors' investigators",
}
"""The types of the service: the kinds of organizations, with a name for each."""

# Every candidate has this type before its kind. OpenRefine asks for the commonest type of the first rows' candidates,
# and of equally common ones for the first, unless the user changes that. Without this type, donors of other kinds
# would then look like "not a union".
ANY_KIND: Final = {"id": "all", "name": "Organizations of officers, of any kind"}


Decide = Callable[[Match, str | None], Match]
"""Applies what people decided about a name, in a state where there is one, to the answer of the matcher."""


class Property(NamedTuple):
    """A property of an organization."""

    id: str
    name: str
    description: str


PROPERTIES: Final = (
    Property("kind", "Kind", "the kind of officers that it represents"),
    Property("state", "State", "two letters; in a query: the donor's state, which separates namesakes"),
    Property("place", "Place", "the city, county or agency"),
    Property("ein", "EIN", "employer identification numbers"),
    Property("fec_id", "FEC id", "ids of its committees at the Federal Election Commission"),
    Property("source", "Source", "where the list has the organization from"),
)
"""What can be fetched for an organization."""

# What a query may add to a name. The other properties are not evidence, and are ignored.
DONOR_PROPERTIES: Final = (
    PROPERTIES[1],
    Property("city", "City", "in a query: the donor's city; for an organization: the same as place"),
)


class BadQueryError(ValueError):
    """A client sent something that is not a query; the message says what to send."""


class Query(NamedTuple):
    """One reconciliation query, checked."""

    name: str
    kinds: frozenset[str] = frozenset()
    """Only candidates of these kinds; empty: of any kind."""
    limit: int = CANDIDATE_LIMIT
    state: str = ""
    city: str = ""


def read_query(raw: Any) -> Query:
    """A query as a client sends it, checked.

    Raises:
        BadQueryError: it does not have the form that the specification requires.
    """
    if not isinstance(raw, dict):
        raise BadQueryError("a query is a JSON object")
    name, properties = raw.get("query"), raw.get("properties") or []
    if name is None and not properties:
        raise BadQueryError("a query has a query string, or properties")
    if not isinstance(name, str | None):
        raise BadQueryError("query is a string")
    limit = raw.get("limit")
    if limit is None:
        limit = CANDIDATE_LIMIT
    if isinstance(limit, bool) or not isinstance(limit, int | float) or limit != limit // 1 or limit < 1:
        raise BadQueryError("limit is a positive whole number")
    if raw.get("type_strict") not in (None, "any", "all", "should"):
        raise BadQueryError("type_strict is any, all or should")
    donor = _donor_properties(properties)
    return Query(
        name or "", _kinds(raw.get("type")), int(min(limit, LARGEST_LIMIT)), donor.get("state", ""),
        donor.get("city", ""),
    )  # fmt: skip


def _kinds(raw: Any) -> frozenset[str]:
    """The kinds that a query asks for; an unknown one is an error, because it would look like "not a union"."""
    kinds = [raw] if isinstance(raw, str) else raw or []
    if not isinstance(kinds, list) or not all(isinstance(kind, str) for kind in kinds):
        raise BadQueryError("type is the id of a type, or a list of ids")
    known = [ANY_KIND["id"], *TYPES]
    unknown = [kind for kind in kinds if kind and kind not in known]
    if unknown:
        raise BadQueryError(f"there is no type {unknown[0]!r}; the types are {', '.join(known)}")
    return frozenset() if ANY_KIND["id"] in kinds else frozenset(filter(None, kinds))


def _donor_properties(raw: Any) -> dict[str, str]:
    """The donor's state and city. Several different values of one property are evidence for none of them."""
    if not isinstance(raw, list):
        raise BadQueryError("properties is a list")
    found: dict[str, set[str]] = {}
    for each in raw:
        if not isinstance(each, dict) or not isinstance(each.get("pid"), str) or "v" not in each:
            raise BadQueryError("each of the properties has a pid and a v")
        values = each["v"] if isinstance(each["v"], list) else [each["v"]]
        pid = each["pid"].strip().lower()
        texts = {text for text in map(_text, values) if text}
        found.setdefault("city" if pid == "place" else pid, set()).update(texts)
    return {pid: texts.pop() for pid, texts in found.items() if len(texts) == 1}


def _text(value: Any) -> str:
    """The text of a property's value; of an entity its name, or its id where it has none."""
    if isinstance(value, dict):
        if not isinstance(value.get("id"), str):
            raise BadQueryError("an entity has an id")
        value = value.get("name") or value["id"]
    if not isinstance(value, str | int | float):
        raise BadQueryError("v is a text, a number, true or false, an entity, or a list of them")
    return str(value).strip()


def candidates(matcher: Matcher, query: Query, decide: Decide | None = None) -> list[dict[str, Any]]:
    """The candidates for a query, best first.

    Scores are 0–100: an identified organization has 75 or more; one of several that may be meant, or a union that is
    not on the list, has less than 70; one that a rule has ruled out has at most 40. `match` is true only for the first
    candidate, and only if the answer for the name is "listed".

    Args:
        matcher: over the list.
        query: what the client asks for.
        decide: applies what people decided about a name in a state to the answer.
    """
    name = query.name.strip()
    if not name:
        return []
    by_id = matcher.unions.unions.get(name)
    if by_id is not None:
        found = [_candidate(by_id, 100.0, "the query is its id", name, listed=False)]
    else:
        match = matcher.match(name, state=query.state, city=query.city)
        if decide is not None:
            match = decide(match, state_code(query.state) or None)
        found = _answers(match, matcher.unions)
    found.sort(key=lambda candidate: -candidate["score"])
    if query.kinds:
        found = [each for each in found if not query.kinds.isdisjoint(kind["id"] for kind in each["type"])]
    return found[: query.limit]


def _answers(match: Match, known: UnionList) -> list[dict[str, Any]]:
    """The organizations that an answer names, and the kind of one that it does not name."""
    first: list[dict[str, Any]] = []
    listed = known.unions.get(match.union_id or "")
    if match.tier == "listed" and listed is not None:
        first.append(_candidate(listed, match.score, match.why, match.name, listed=True))
    elif match.could_be and match.verdict == "union":
        others = len(match.could_be) - 1
        why = f"one of {others + 1} that may be meant" if others else "others with this name may exist"
        score = min(match.score, UNIDENTIFIED_SCORE)
        unions = [known.unions[each] for each in match.could_be if each in known.unions]
        first += [_candidate(union, score, why, match.name, ambiguous=True) for union in unions]
    elif match.tier == "pattern" and match.category is not None and match.category in TYPES:
        first.append(_unlisted(match.category, min(match.score, UNIDENTIFIED_SCORE), match.why))
    shown = {each["id"] for each in first}
    most = first[0]["score"] if first else RULED_OUT
    rejected = match.could_be if match.verdict == "clear" else ()  # by a person: nobody is meant
    near = [finding for finding in match.near if finding.union.union_id not in {*shown, *rejected}]
    return first + [_near(finding, most, match.name) for finding in near]


def _near(finding: Finding, most: float, name: str) -> dict[str, Any]:
    """A candidate that is less likely than the answer, or that a rule has ruled out."""
    score = min(max(finding.score, 0.0), most, RULED_OUT if finding.veto else most)
    why = f"ruled out: {finding.veto}" if finding.veto else "; ".join(["less likely", *finding.notes])
    return _candidate(finding.union, score, why, name, ruled_out=bool(finding.veto))


def _candidate(union: Union, score: float, why: str, name: str, **facts: bool) -> dict[str, Any]:
    listed = facts.get("listed", False)
    features = {
        "identified": listed,
        "ambiguous": facts.get("ambiguous", False),
        "ruled_out": facts.get("ruled_out", False),
        "same_name": union.name.casefold() == name.casefold(),
    }
    return {
        "id": union.union_id,
        "name": union.name,
        "description": "; ".join(filter(None, (_summary(union), why))),
        "type": [ANY_KIND, _type(union.kind)],
        "score": round(score, 1),
        "features": [{"id": key, "value": value} for key, value in features.items()],
        "match": listed,
    }


def _unlisted(kind: str, score: float, why: str) -> dict[str, Any]:
    union = Union(_UNLISTED + kind, unlisted_name(kind), kind)
    return _candidate(union, score, why, "")


def unlisted_name(kind: str) -> str:
    """The name of the entity for unions of a kind that are not on the list."""
    return f"Not on the list: an organization of {TYPES[kind][0].lower()}{TYPES[kind][1:]}"


def find_union(known: UnionList, union_id: str) -> Union | None:
    """The organization with this id; also the entity for those of a kind that are not on the list."""
    kind = union_id.removeprefix(_UNLISTED)
    if kind != union_id and kind in TYPES:
        return Union(union_id, unlisted_name(kind), kind, status="", note="Nothing on the list has this donor's name.")
    return known.unions.get(union_id)


def _summary(union: Union) -> str:
    return ", ".join(filter(None, (TYPES[union.kind], union.place, union.state)))


def _type(kind: str) -> dict[str, str]:
    return {"id": kind, "name": TYPES[kind]}


def types() -> list[dict[str, str]]:
    """All types, with their names; first the one that leaves out no kind."""
    return [ANY_KIND, *map(_type, UNION_KINDS)]


def values(union: Union, property_id: str) -> list[str]:
    """The values of a property of an organization; none where the list has none."""
    texts = {
        "kind": [union.kind],
        "state": [union.state],
        "place": [union.place],
        "city": [union.place],
        "ein": union.ein.split(";"),
        "fec_id": union.fec_ids.split(";"),
        # One text, although the list may have several: OpenRefine adds a row for each further value.
        "source": [union.source.replace(" || ", "; ")],
    }[property_id]
    return [text.strip() for text in texts if text.strip()]


def extension(known: UnionList, raw: Any) -> dict[str, Any]:
    """The answer to a data extension query: values of properties of organizations.

    An id that is not on the list has no values.

    Raises:
        BadQueryError: it does not have the form that the specification requires, or asks for an unknown property,
            because a column of empty cells would look like an answer.
    """
    if not isinstance(raw, dict) or not isinstance(raw.get("ids"), list) or not isinstance(raw.get("properties"), list):
        raise BadQueryError("a data extension query has a list of ids and a list of properties")
    if not all(isinstance(each, str) for each in raw["ids"]):
        raise BadQueryError("each of the ids is a string")
    by_id = {each.id: each for each in (*PROPERTIES, *DONOR_PROPERTIES)}
    asked: dict[str, Property] = {}  # each once, however often it is asked for
    for each in raw["properties"]:
        if not isinstance(each, dict) or not isinstance(each.get("id"), str):
            raise BadQueryError("each of the properties has an id")
        if each["id"] not in by_id:
            raise BadQueryError(f"there is no property {each['id']!r}; the properties are {', '.join(by_id)}")
        asked[each["id"]] = by_id[each["id"]]
    rows: dict[str, dict[str, list[dict[str, str]]]] = {}
    for union_id in raw["ids"]:
        union = find_union(known, union_id)
        rows[union_id] = {name: [{"str": text} for text in (values(union, name) if union else [])] for name in asked}
    return {"meta": [{"id": each.id, "name": each.name} for each in asked.values()], "rows": rows}


def suggest_entities(known: UnionList, prefix: str, cursor: int = 0) -> list[dict[str, Any]]:
    """Organizations whose id, name or another name begins with this text, or has words that begin with its words."""
    wanted = _folded(prefix)
    if not wanted:
        return []
    ranked = []
    for union in known.unions.values():
        names = (union.union_id, union.name, *(alias.alias for alias in known.by_union.get(union.union_id, ())))
        rank = min(_rank(wanted, _folded(name)) for name in names)
        if rank < _NOT_FOUND:
            ranked.append((rank, union.name, union.union_id, union))
    ranked.sort(key=lambda found: found[:3])
    return [
        {
            "id": union.union_id,
            "name": union.name,
            "description": _summary(union),
            "notable": [_type(union.kind)],
        }
        for *_, union in ranked[cursor : cursor + MOST_SUGGESTIONS]
    ]


_NOT_FOUND: Final = 3


def _rank(wanted: str, text: str) -> int:
    """0 for the whole text, 1 for its beginning, 2 for beginnings of its words, 3 if it is not found."""
    if text.startswith(wanted):
        return int(text != wanted)
    words = text.split()
    return 2 if all(any(word.startswith(each) for word in words) for each in wanted.split()) else _NOT_FOUND


def _folded(text: str) -> str:
    return " ".join(text.casefold().replace("'", "").replace("\u2019", "").split())


def suggest_fixed(prefix: str, cursor: int, items: Iterable[Mapping[str, str]]) -> list[dict[str, str]]:
    """Those of a few types or properties that a text suggests, by id or name; an empty text suggests all of them."""
    wanted = _folded(prefix)
    found = [{**item} for item in items if _rank(wanted, _folded(f"{item['name']} {item['id']}")) < _NOT_FOUND]
    return found[cursor : cursor + MOST_SUGGESTIONS]


def properties() -> list[dict[str, str]]:
    """All properties, those that a query may have first."""
    every: Sequence[Property] = tuple(dict.fromkeys((*DONOR_PROPERTIES, *PROPERTIES)))
    return [each._asdict() for each in every]
