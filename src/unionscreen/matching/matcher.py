"""One donor's name → one answer: listed, pattern, related or clear."""

from __future__ import annotations

import re
from functools import cached_property, lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Final, NamedTuple

from unionscreen.matching import explain
from unionscreen.matching.cleaning import without_joins
from unionscreen.matching.gazetteer import is_place
from unionscreen.matching.listed import CUT_LENGTHS, LISTED_THRESHOLD, Finding, ListedIndex, best_listed
from unionscreen.matching.names import Name, Part, normalize, read_name, words_of
from unionscreen.matching.near import likeness
from unionscreen.matching.pairs import DonorContext
from unionscreen.matching.pattern import SCORE_PLAIN, PatternFinding, find_pattern, looks_like_a_person
from unionscreen.matching.places import state_code
from unionscreen.matching.reading import Reading, sort_words
from unionscreen.matching.related import RelatedFinding, RelatedIndex, by_rule, campaign, longest_pair
from unionscreen.matching.relaxed import Relaxer
from unionscreen.matching.rules import VETOES
from unionscreen.matching.slips import without_ocr_slips
from unionscreen.matching.vocabulary import load_vocabulary
from unionscreen.saved_index import IndexFile, kept
from unionscreen.unions import NOT_SHOWN, Union, UnionList
from unionscreen.unions.data_files import list_index

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

    from unionscreen.matching.prefilter import PlainNames

# A word for police that a missing space joined to its neighbor: "OrlandoFOP", "Fall RiverPolice".
_GLUED: Final = re.compile(r"[a-z0-9]{3}(?:fop|pba|poa|dsa)\b|\b(?:fop|pba)[a-z]{4}|police|sheriff|patrol|officers")

# Two unions with scores this close are a tie: the answer names both and claims neither.
TIE: Final = 3.0
# Of several that may be meant, one that scores this much worse is not named: a reader would not think of it.
AS_LIKELY: Final = 12.0
# Of two that tie, the one whose text is this much more similar (0–100) is meant: "Police Conference of New York" is
# not the "Metropolitan Police Conference of New York State".
CLEARER: Final = 8.0
# What each word that OCR may have misread costs, like a typo.
OCR_COST: Final = 3.0
# How many near misses an answer has.
NEAR_MISSES: Final = 3


class Match(NamedTuple):
    """The answer for one name.

    ``score`` is 0–100: how much of the name is explained. Listed answers score 75 and above, pattern answers below 70.
    It puts a review queue in order; it is not a probability.
    """

    name: str
    """As given."""
    verdict: str
    """union, related or clear."""
    tier: str | None
    """listed (this union), pattern (an organization of officers that is not identified) or None."""
    union_id: str | None
    union: str | None
    category: str | None
    """The kind of a union, or the category of a look-alike."""
    score: float
    why: str
    """One sentence that a reporter can quote."""
    alias: str | None = None
    peeled: tuple[str, ...] = ()
    near: tuple[Finding, ...] = ()
    """Unions that were nearly a match, best first, each with the reason against it."""
    could_be: tuple[str, ...] = ()
    """Ids of listed unions, where several unions, or namesakes that are not on the list, may be meant."""

    rules: tuple[str, ...] = ()
    """The rules that led to the answer, in the order in which they fired."""
    reason: str = ""
    """Of a look-alike: what it is instead of a union."""

    @property
    def ambiguous(self) -> bool:
        """Whether it may be several unions' name, and nothing shows whose."""
        return bool(self.could_be)


class Matcher:
    """Answers for donors' names from one list. Build it once: it keeps what it has read."""

    def __init__(
        self,
        unions: UnionList,
        *,
        listed: ListedIndex | None = None,
        related: RelatedIndex | None = None,
        saved: IndexFile | None = None,
    ) -> None:
        """Index the list.

        Args:
            unions: the list.
            listed: the index of its names, if there is one already.
            related: the same for the look-alikes.
            saved: the index file for what takes long to make from the list.
        """
        self._saved = saved
        self.unions = unions
        self._listed = ListedIndex(unions, saved) if listed is None else listed
        self._related = RelatedIndex(unions.related, saved) if related is None else related
        self._relaxer = Relaxer(self._listed.postings)

    def match(
        self,
        name: str,
        *,
        state: str | None = None,
        city: str | None = None,
        contributor_type: str | None = None,
        home: str | None = None,
        ocr: bool = False,
    ) -> Match:
        """Who this donor is.

        Args:
            name: the donor as filed.
            state: its name or two letters, where the filing has it; separates namesakes. Other text is ignored.
            city: the donor's city, which identifies names without a place.
            contributor_type: as in ``contributions.CONTRIBUTOR_TYPES``. A hint only, because dues that a union passes
                on are filed as from an individual.
            home: the state that the filing is from, two letters; it separates namesakes where `state` is missing.
            ocr: the name was read from a scan: what OCR confuses counts as a slip, and the answer reports it.
        """
        found = self._match(name, state, city, contributor_type, home)
        if not ocr or found.tier == "listed":
            return found
        printed, changes = without_ocr_slips(name, self._is_printed)
        if not changes:
            return found
        again = self._match(printed, state, city, contributor_type, home)
        better = again.tier == "listed" or again.verdict == "related" or found.verdict == "clear"
        if again.verdict == "clear" or not better:
            return found
        why = explain.why_ocr(again.why, name, printed, changes)
        least = LISTED_THRESHOLD if again.tier == "listed" else 0.0
        return again._replace(name=name, why=why, score=max(least, again.score - OCR_COST * len(changes)))

    def _is_printed(self, word: str) -> bool:
        """Whether a word needs no correction: OCR read it right."""
        return self._relaxer.is_word(word) or word in self._words_of_look_alikes or is_place(word)

    @cached_property
    def _words_of_look_alikes(self) -> frozenset[str]:
        rules = (rule.words | rule.before | rule.beside for rule in load_vocabulary().related_rules)
        return frozenset[str]().union(*rules, *map(words_of, self._related.names))

    def _match(
        self, name: str, state: str | None, city: str | None, contributor_type: str | None, home: str | None
    ) -> Match:
        read = read_name(name)
        context = DonorContext(state_code(state or "") or read.state, (city or "").strip(), home or "", name)
        bare = without_joins(name)
        cut = len(bare) in CUT_LENGTHS
        readings = [(part, sort_words(part.words)) for part in read.parts]
        main = readings[0][1]
        # The committee has the name of its campaign ("Ready for Reform"); the sponsor is the organization behind it.
        sponsors = [pair for pair in readings if pair[0].role == "sponsor"]
        if not sponsors and looks_like_a_person(read.text, main):
            return _clear(name, "reads like a person's name")
        whole, missed = best_listed(self._listed.find_to_the_letter(read.text, main, context))
        if whole:
            return self._answer(name, read, readings, context, contributor_type, whole=(whole, missed), cut=cut)
        # The sponsor of a union's own committee may not be a union, and a sponsor's name is the first to be cut off.
        # Then the committee's own name is checked, and is the better answer where it is on the list.
        own = [pair for pair in readings if pair[0].role != "sponsor"]
        answers: list[Match] = []
        for each in filter(None, (sponsors, own)):
            answers.append(self._answer(name, read, each, context, contributor_type, cut=cut))
            if answers[-1].tier == "listed":
                break
        found = [answer for answer in answers if answer.verdict != "clear"]
        listed = [answer for answer in found if answer.tier == "listed"]
        return (listed or found or answers[-1:])[0]

    def _answer(
        self,
        name: str,
        read: Name,
        readings: list[tuple[Part, Reading]],
        context: DonorContext,
        contributor_type: str | None,
        *,
        cut: bool,
        whole: tuple[list[Finding], list[Finding]] | None = None,
    ) -> Match:
        """The answer for these parts of a name; ``whole`` has the exact matches of the whole name."""
        holding, misses = whole or self._listed_findings(readings, context, cut=cut)
        exact = [f for f in holding if not f.notes]
        # A look-alike may use the acronym of a union too ("DSA"): then nothing shows which of them it is.
        acronym = whole is not None and any(f.alias.alias_kind == "acronym" and f.left_open for f in holding)
        if not (exact or acronym):
            related = self._look_alike(readings)
            if related is not None:
                return _related(name, read, related, misses)
        relaxed = [] if holding else self._relaxed(readings)
        if relaxed:
            holding, nearer = self._listed_findings(relaxed, context, cut=False)
            misses = misses or nearer
            if not holding and (related := self._look_alike(relaxed)) is not None:
                return _related(name, read, related, misses)
        if holding:
            return self._listed_match(name, read, holding, misses, relaxed or readings, context)
        if contributor_type == "individual" and not any(reading.forms for _, reading in readings):
            return _clear(name, "filed as an individual, and no word for an organization")
        return self._pattern_match(name, read, [*readings, *relaxed], misses)

    def prepare(self) -> None:
        """Read now what the prefilter and most names need, so that threads that start together do not all do it."""
        from unionscreen.matching.prefilter import prefilter_patterns

        prefilter_patterns(self._rare_words, self._saved)
        self._listed.prepare()
        self._related.prepare()
        _ = self._plain_names

    def prefilter(self, names: pa.Array) -> pa.Array:
        """Which of many names are worth matching, as booleans; false is certainly "clear". Vectorized."""
        from unionscreen.matching.prefilter import prefilter

        return prefilter(names, self._rare_words, self._saved)

    def worth_matching(self, names: pa.Array, passed: pa.Array | None = None) -> pa.Array:
        """The same, with a check of each distinct name that passes: most of them are "clear" by their words alone.

        Args:
            names: as filed.
            passed: which of them passed the prefilter, where that is known.
        """
        return self._plain_names.without(names, self.prefilter(names) if passed is None else passed)

    @cached_property
    def _plain_names(self) -> PlainNames:
        from unionscreen.matching.prefilter import PlainNames

        keys = kept(self._saved, "names-without-police-word", self._find_plain_keys)
        return PlainNames(self._relaxer, (frozenset(key.split()) for key in keys), self._listed.literal)

    def _find_plain_keys(self) -> list[str]:
        keys = chain(self._listed.keys_without_police_word(), self._related.keys())
        return sorted({" ".join(sorted(key)) for key in keys})

    @cached_property
    def _rare_words(self) -> frozenset[str]:
        """Words of the list and the look-alikes that let a name without a word for police pass the prefilter."""
        return frozenset(kept(self._saved, "rare-words", self._find_rare_words))

    def _find_rare_words(self) -> list[str]:
        import pyarrow as pa

        from unionscreen.matching.prefilter import prefilter

        names = self._related.names
        passed = prefilter(pa.array(names, pa.string()), self._listed.rare_words).to_pylist()
        stopped = (longest_pair(name) for name, ok in zip(names, passed, strict=True) if not ok)
        return sorted(self._listed.rare_words | frozenset(filter(None, stopped)))

    def _listed_findings(
        self, readings: list[tuple[Part, Reading]], context: DonorContext, *, cut: bool
    ) -> tuple[list[Finding], list[Finding]]:
        misses: list[Finding] = []
        main_says = bool(readings[0][1].groups) or not readings[0][1].identity
        for part, reading in readings:
            if part.role == "parenthesis" and not main_says:
                continue  # "California Association of Health Plans (CAHP)": the acronym is the main name's
            findings = self._listed.find(reading, part, context, cut=cut and part.role == "main")
            holding, missed = best_listed(findings)
            if holding:
                return _nearest_text_first(holding, part.text), missed
            misses.extend(missed)
        return [], misses

    def _relaxed(self, readings: list[tuple[Part, Reading]]) -> list[tuple[Part, Reading]]:
        """Read the name again, with missing spaces and typos corrected, if a word stands for officers or a body."""
        evidence = any(reading.groups or reading.forms or reading.tails for _, reading in readings)
        if not evidence and not _GLUED.search(readings[0][0].text):
            return []
        officers = any(reading.groups for _, reading in readings)
        again = [(part, self._relaxer.read(part, officers=officers)) for part, _ in readings]
        if all(part is None for _, part in again):
            return []
        chosen = [relaxed or first for first, relaxed in again]
        sorted_ = [(part, sort_words(part.words)) for part in chosen]
        return sorted_ if any(reading.groups for _, reading in sorted_) else []

    def _look_alike(self, readings: list[tuple[Part, Reading]]) -> RelatedFinding | None:
        for part, reading in readings:
            found = None if part.role == "parenthesis" else self._related.find(reading)
            if found is not None:
                return found
        part, reading = readings[0]
        return campaign(" ".join(w.word for w in part.words), reading) or by_rule(reading)

    def _listed_match(
        self,
        name: str,
        read: Name,
        holding: list[Finding],
        misses: list[Finding],
        readings: list[tuple[Part, Reading]],
        context: DonorContext,
    ) -> Match:
        settled = [f for f in holding if not f.left_open]
        if settled and holding[0].score - settled[0].score < TIE:
            holding = [*settled, *(f for f in holding if f.left_open)]
        best = holding[0]
        if best.left_open:
            ties = [f for f in holding[1:] if best.score - f.score < AS_LIKELY]
        else:
            near = [f for f in holding[1:] if best.score - f.score < TIE and not f.left_open]
            ties = [f for f in near if not _family(f.union, best.union)]
        if best.left_open or ties:
            why = explain.why_ambiguous(name, [best, *ties], context, [w for part, _ in readings for w in part.words])
            could_be = tuple(f.union.union_id for f in (best, *ties))
            return Match(
                name, "union", "pattern", None, None, best.union.kind, round(min(best.score, 69.0), 1), why,
                best.alias.alias, read.peeled, (best, *ties)[:NEAR_MISSES], could_be, best.rules,
            )  # fmt: skip
        why = explain.why_listed(name, best, read, [w for part, _ in readings[:1] for w in part.words])
        return Match(
            name, "union", "listed", best.union.union_id, best.union.name, best.union.kind, round(best.score, 1), why,
            best.alias.alias, read.peeled, tuple([*holding[1:], *misses][:NEAR_MISSES]), (), best.rules,
        )  # fmt: skip

    def _pattern_match(
        self, name: str, read: Name, readings: list[tuple[Part, Reading]], misses: list[Finding]
    ) -> Match:
        found: list[PatternFinding] = []
        for part, reading in readings:
            if part.role == "parenthesis" and (not reading.forms or by_rule(reading)):
                continue
            finding = find_pattern(reading)
            if finding is not None:
                found.append(finding)
        if not found and (parent := self._local_of(misses)):
            why = explain.why_local(name, parent)
            return Match(
                name, "union", "pattern", None, None, parent.union.kind, SCORE_PLAIN, why, None, read.peeled,
                tuple(misses[:NEAR_MISSES]), rules=("local-of",),
            )  # fmt: skip
        if not found:
            return _clear(name, explain.why_clear(misses), tuple(misses[:NEAR_MISSES]))
        best = max(found, key=lambda f: f.score)
        why = explain.why_pattern(name, best, misses, read, [w for part, _ in readings for w in part.words])
        return Match(
            name, "union", "pattern", None, None, best.category, round(best.score, 1), why, None, read.peeled,
            tuple(misses[:NEAR_MISSES]), rules=(best.rule.name,),
        )  # fmt: skip

    def _local_of(self, misses: list[Finding]) -> Finding | None:
        """The listed organization of a local that is not on the list, by its acronym and the local's number."""
        for finding in misses:
            against = [rule for rule in finding.rules if rule in VETOES]
            known = not finding.alias.ambiguous or finding.union.union_id in self._listed.parents
            if against == ["local-or-whole"] and known and finding.alias.alias_kind == "acronym":
                return finding
        return None


def _family(one: Union, other: Union) -> bool:
    """Whether they are a local and its parent: then the better score decides, and it is not a tie."""
    return one.parent_id == other.union_id or other.parent_id == one.union_id


def _nearest_text_first(holding: list[Finding], text: str) -> list[Finding]:
    """Of equally good matches, put the one first whose name is most similar to the donor's, word order included."""
    best = holding[0].score
    first = [f for f in holding if best - f.score < TIE]
    if len(first) > 1:
        text = normalize(text)
        like = {id(f): likeness(text, normalize(f.alias.alias)) for f in first}
        first.sort(key=lambda f: (-like[id(f)], f.union.union_id))
        if like[id(first[0])] - like[id(first[1])] >= CLEARER:
            first = first[:1]
    return [*first, *(f for f in holding if best - f.score >= TIE)]


def _clear(name: str, why: str, near: tuple[Finding, ...] = ()) -> Match:
    return Match(name, "clear", None, None, None, None, 0.0, why, near=near)


def _related(name: str, read: Name, found: RelatedFinding, misses: list[Finding]) -> Match:
    reason = explain.related_reason(name, found)
    why = explain.related(name, reason)
    if found.category in NOT_SHOWN:
        return Match(name, "clear", None, None, None, found.category, 0.0, why, peeled=read.peeled, rules=(found.rule,))
    return Match(
        name, "related", None, None, found.name or None, found.category, 0.0, why, None, read.peeled,
        tuple(misses[:NEAR_MISSES]), rules=(found.rule,), reason=reason,
    )  # fmt: skip


@lru_cache(maxsize=2)
def load_matcher(overlay: Path | None = None) -> Matcher:
    """The matcher over the shipped list, with the user's own list applied; one per process."""
    from unionscreen.unions import load_unions

    return Matcher(load_unions(overlay), saved=list_index(overlay))
