"""``unionscreen.endorsements.find_endorsements``: saved pages and tables in, one row for each mention out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Final, NamedTuple

from unionscreen.endorsements.given import Given, is_table, read_given
from unionscreen.endorsements.headings import closes, heading_kind, is_entry, owner_of, qualifies
from unionscreen.endorsements.mentions import find_mentions
from unionscreen.endorsements.page_names import Mention
from unionscreen.endorsements.pages import PageBlock, TextPage, read_page
from unionscreen.endorsements.people import is_opponent, last_name, people_in, same_candidate
from unionscreen.endorsements.scene import CHECK, NO, YES, Ruling, Scene, Surroundings, day_before
from unionscreen.endorsements.verdict import rule_on
from unionscreen.endorsements.words import Sentence, is_year, sentences
from unionscreen.errors import FilingError, UsageError
from unionscreen.files import shown
from unionscreen.matching import Match, Matcher, load_matcher
from unionscreen.matching.places import known_state
from unionscreen.pledges import Signer, load_pledges
from unionscreen.screening.pledge import ENDORSEMENTS, PledgeTerms
from unionscreen.screening.verdicts import with_parents

# A long ballot guide has 50,000 words.
MOST_WORDS: Final = 500_000
# Kinds of phrases by which a cell says that its table is of endorsements.
_OF_ENDORSEMENTS: Final = frozenset(
    {"label", "endorses", "endorsed_by", "endorsement_of", "own_endorsement", "endorsed"}
)
# Words that stand for a person who was named before.
_PRONOUNS: Final = frozenset({"he", "she", "him", "her", "his", "hers"})
# First words of a sentence that goes on about the union of the one before: "It withdrew the endorsement."
_GOES_ON: Final = frozenset(
    {"it", "they", "that", "this", "the", "but", "later", "then", "days", "weeks", "both", "its"}
)


@dataclass(frozen=True)
class Endorsement:
    """One mention of an organization, and what the text says about its endorsement."""

    source: str
    """The file; a page of a PDF is ``file.pdf#page``."""
    line: int
    sentence: str
    text: str
    """The name as written."""
    verdict: str
    """union or related; in a table also clear."""
    tier: str | None
    """listed, pattern, or None where the text does not name the union."""
    union_id: str | None
    union: str | None
    could_be: tuple[str, ...]
    """Ids of the unions that may be meant, where several have the name."""
    candidate: str
    """Who is endorsed, as far as the text says."""
    endorses: str
    """yes, no or check."""
    why: str
    day: date | None = None
    """When: from a table, or as given for the page."""
    pledged: str = ""
    """When the candidate pledged to take no endorsement of this union: a day, month, year or ``A/B``."""
    side: str = ""
    """before or after the pledge, or unclear: on its day, or in its month or year. Empty without a day or a pledge."""
    cited: str = ""
    """The source that a table gives for the row."""


@dataclass(frozen=True)
class EndorsementSearch:
    """What was found in the pages and tables."""

    found: tuple[Endorsement, ...]
    notes: tuple[str, ...] = ()
    read: int = 0
    """How many files."""

    @property
    def endorsing(self) -> tuple[Endorsement, ...]:
        """The mentions of unions that endorse."""
        return tuple(each for each in self.found if each.verdict == "union" and each.endorses == YES)


@dataclass(frozen=True)
class _Asked:
    """What the user asks for."""

    matcher: Matcher
    candidate: str | None
    state: str | None
    day: date | None
    signers: Sequence[Signer] = field(default_factory=tuple)


class _Place(NamedTuple):
    """A sentence, and where it is."""

    block: PageBlock
    sentence: Sentence
    number: int
    """Of the block."""


def find_endorsements(
    files: Sequence[str],
    *,
    candidate: str | None = None,
    day: date | None = None,
    state: str | None = None,
    pledges: str | Path | None = None,
    unions: str | Path | None = None,
) -> EndorsementSearch:
    """Unions in saved pages and tables, and whether they endorse.

    Args:
        files: pages (text, Markdown, HTML, PDF), CSVs with the columns endorser, candidate, date and source, or ``-``.
        candidate: whose endorsements to look for: those of others are "no", and lists without a name are this person's.
        day: when the pages were published, for mentions that have no date.
        state: two letters or a name; separates namesakes.
        pledges: a list of signers like ``data/pledges.csv``; None is the shipped one.
        unions: a CSV of organizations to add to the curated list.

    Raises:
        UsageError: no file, no such state, or a table or list that breaks a rule of its format.
        FilingError: a page that cannot be read.
    """
    if not files:
        raise UsageError("no page or table to read", hint="save the page, and name the file")
    if candidate is not None and not last_name(candidate):
        raise UsageError("the candidate has no name", hint='say --candidate "Jane Roe", or leave it out')
    asked = _Asked(
        load_matcher(Path(unions) if unions else None), candidate, known_state(state) if state else None, day,
        load_pledges(pledges),
    )  # fmt: skip
    found: list[Endorsement] = []
    notes: list[str] = []
    for path in files:
        if is_table(path):
            found += [_of_row(row, shown(path), asked) for row in read_given(path)]
        else:
            page = read_page(path)
            notes += page.notes
            found += _in_page(page, asked)
    return EndorsementSearch(tuple(_with_pledge(each, asked) for each in found), tuple(notes), len(files))


def _in_page(page: TextPage, asked: _Asked) -> Iterator[Endorsement]:
    words = sum(block.text.count(" ") + 1 for block in page.blocks)
    if words > MOST_WORDS:
        raise FilingError(
            f"holds {words:,} words, and {MOST_WORDS:,} are read", source=page.label,
            hint="save only the part with the endorsements",
        )  # fmt: skip
    places = [
        _Place(block, sentence, number)
        for number, block in enumerate(page.blocks)
        for sentence in sentences(block.text)
    ]
    names = find_mentions([place.sentence for place in places], asked.matcher, asked.state)
    context = _PageContext(places, names, asked)
    for at, (place, mentions) in enumerate(zip(places, names, strict=True)):
        scene = Scene(place.sentence, mentions, context.around(at))
        context.read(scene)
        for mention in mentions:
            ruling = rule_on(scene, mention)
            if ruling.rule == "list" and ruling.endorses == YES and _on_two_lines(place, mention):
                ruling = ruling._replace(endorses=CHECK, why="a name on two lines, of which the first may be a person")
            ruling = context.settle(ruling, mention, scene)
            context.said(ruling)
            yield _endorsement(page, place, mention, ruling, asked)


def _on_two_lines(place: _Place, mention: Mention) -> bool:
    """Whether a line of the file ends within a name."""
    words, start = place.sentence.words, place.sentence.start
    begin, end = start + words[mention.begin].start, start + words[mention.end - 1].end
    return any(begin < at < end for at, _ in place.block.lines)


class _PageContext:
    """What is known of a page while its sentences are read from the top down."""

    def __init__(self, places: Sequence[_Place], names: Sequence[Sequence[Mention]], asked: _Asked) -> None:
        self._places, self._names, self._asked = places, names, asked
        self._signed = any(cue.kind == "we_endorse" for place in places for cue in place.sentence.cues)
        self._year = asked.day.year if asked.day else _year_of(places)
        self._listed, self._list_level, self._owner = "", 0, ""
        self._opened = ""  # what the heading of the list says, before the lines in it
        self._named_above = ""  # who the heading right above names
        self._last_person = ""
        self._before = ""
        self._now = ""
        self._block = -1
        self._quoted = False

    def around(self, at: int) -> Surroundings:
        """What surrounds a sentence; headings open and close lists."""
        place = self._places[at]
        self._before, self._now = self._now, ""
        if place.number != self._block:
            self._block = place.number
            self._open_or_close(place.block, names_union=bool(self._names[at]))
        listed = self._listed if is_entry(place.block) else ""  # a paragraph is judged by its own words
        tabled = place.block.kind == "cell"
        around = Surroundings(
            self._before, listed, self._signed, self._year, self._quoted, self._undone_after(at), tabled,
            tabled and (bool(listed) or place.number in self._endorsing_cells),
        )  # fmt: skip
        self._quoted = any(cue.kind == "we_endorse" for cue in place.sentence.cues)
        return around

    def _undone_after(self, at: int) -> bool:
        """Whether the next sentence goes on about the same union and takes something back."""
        if at + 1 >= len(self._places) or self._names[at + 1] or self._places[at + 1].block.kind != "text":
            return False
        sentence = self._places[at + 1].sentence
        return sentence.words[0].low in _GOES_ON and any(cue.kind == "undone" for cue in sentence.cues)

    @cached_property
    def _endorsing_cells(self) -> frozenset[int]:
        """The cells of tables of which a cell speaks of endorsements, by the numbers of their blocks."""
        found: set[int] = set()
        table: dict[int, bool] = {}
        for place in self._places:
            if place.block.kind == "cell":
                kinds = {cue.kind for cue in place.sentence.cues}
                table[place.number] = table.get(place.number, False) or bool(kinds & _OF_ENDORSEMENTS)
            elif table:
                found.update(table if any(table.values()) else ())
                table = {}
        found.update(table if any(table.values()) else ())
        return frozenset(found)

    @cached_property
    def _surnames(self) -> frozenset[str]:
        """Last names of those whom the page or the user names in full."""
        names = {each.name for place in self._places for each in people_in(place.sentence, ())}
        full = {last_name(name) for name in names if len(name.split()) > 1 and not is_opponent(name)}
        return frozenset({*full, *([last_name(self._asked.candidate)] if self._asked.candidate else [])})

    def _open_or_close(self, block: PageBlock, *, names_union: bool) -> None:
        kind, before = heading_kind(block), self._named_above
        heading = block.kind == "heading"
        self._named_above = owner_of(block, self._surnames) if heading and not kind else ""
        if kind:
            self._listed, self._list_level, self._opened = kind, block.level, kind
            self._owner = owner_of(block, self._surnames) or before or self._owner
        elif self._listed and heading and not names_union and closes(block, self._list_level):
            self._listed = ""
        elif self._listed and not names_union and qualifies(block):
            self._listed = CHECK if self._opened == YES else self._opened
        elif self._listed and heading and not names_union:
            self._listed = self._opened
        if not self._listed and self._named_above:
            self._owner = self._named_above

    def read(self, scene: Scene) -> None:
        """Remember whom a sentence speaks of, and whether it speaks of an endorsement."""
        if any(
            cue.kind in ("endorses", "endorsed_by", "endorsement_of", "own_endorsement") for cue in scene.sentence.cues
        ):
            self._now = YES if not any(cue.kind in ("not", "perhaps") for cue in scene.sentence.cues) else ""
        elif scene.around.before == YES and scene.of("includes"):
            self._now = YES
        names = [person.name for person in scene.people if not is_opponent(person.name)]
        if names:
            self._last_person = names[0] if all(same_candidate(names[0], name) for name in names) else ""

    def said(self, ruling: Ruling) -> None:
        """Remember the candidate of a ruling."""
        if ruling.candidate:
            self._last_person = ruling.candidate

    def settle(self, ruling: Ruling, mention: Mention, scene: Scene) -> Ruling:
        """Apply what the page and the user say: whose page it is, and whom the user asks about."""
        if ruling.endorses == YES and not mention.named:
            ruling = ruling._replace(endorses=CHECK, why=ruling.why + "; the union is not named")
        wanted = self._asked.candidate
        if not ruling.candidate and ruling.endorses != NO and ruling.rule in ("list", "label", "noted"):
            ruling = ruling._replace(candidate=self._owner or wanted or "")
        elif not ruling.candidate and ruling.endorses == YES and _PRONOUNS & {word.low for word in scene.words}:
            ruling = ruling._replace(candidate=self._last_person)
        if wanted is None or ruling.endorses == NO:
            return ruling
        if not ruling.candidate:
            return ruling._replace(endorses=CHECK, why=f"{ruling.why}; whom, the text does not say")
        if same_candidate(ruling.candidate, wanted):
            return ruling._replace(candidate=wanted)
        return ruling._replace(endorses=NO, why=f"for another candidate: {ruling.candidate}")


def _year_of(places: Sequence[_Place]) -> int | None:
    """The year of the latest day that a page names in full."""
    years = [
        int(word.text)
        for place in places
        for at, word in enumerate(place.sentence.words)
        if is_year(word.text) and day_before(place.sentence.words, at)
    ]
    return max(years, default=None)


def _endorsement(page: TextPage, place: _Place, mention: Mention, ruling: Ruling, asked: _Asked) -> Endorsement:
    block, sentence = place.block, place.sentence
    match = mention.match
    at = sentence.start + sentence.words[mention.begin].start
    label = page.label if block.page is None else f"{page.label}#{block.page}"
    return Endorsement(
        label, block.line_at(at), sentence.text, mention.text, match.verdict, match.tier, match.union_id, match.union,
        match.could_be, ruling.candidate, ruling.endorses, ruling.why, asked.day,
    )  # fmt: skip


def _of_row(row: Given, path: str, asked: _Asked) -> Endorsement:
    """A row of a table: what it says is an endorsement, of whoever the matcher finds."""
    match: Match = asked.matcher.match(row.endorser, state=asked.state)
    endorses, why = YES, "the table says so"
    if asked.candidate is not None and not same_candidate(row.candidate, asked.candidate):
        endorses, why = NO, f"for another candidate: {row.candidate}"
    return Endorsement(
        path, row.line, "", row.endorser, match.verdict, match.tier, match.union_id, match.union, match.could_be,
        row.candidate, endorses, why, row.day, cited=row.source,
    )  # fmt: skip


def _with_pledge(each: Endorsement, asked: _Asked) -> Endorsement:
    """The same with the day of the candidate's pledge, and on which side of it the endorsement is.

    Only a pledge that covers endorsements of this union counts: most are about money alone.
    """
    signers = [
        one for one in asked.signers
        if each.candidate and same_candidate(each.candidate, one.prosecutor) and not _is_namesake(one, each, asked)
    ]  # fmt: skip
    full = [one for one in signers if len(each.candidate.split()) > 1] or (signers if asked.candidate else [])
    if len({one.who for one in full}) != 1:
        return each
    pledges = [one.judged_by for one in full if _is_about(one.judged_by, each, asked.matcher)]
    if not pledges:
        return each
    pledge = min(pledges, key=lambda terms: terms.first)
    return replace(each, pledged=pledge.made, side=_side(pledge, each.day))


def _is_namesake(signer: Signer, each: Endorsement, asked: _Asked) -> bool:
    """Whether the state of the pages or of the union, or an office in the sentence, is not the signer's."""
    unions = asked.matcher.unions.unions
    states = {unions[one].state for one in (each.union_id or "", *each.could_be) if one in unions}
    states = {asked.state} if asked.state else states
    signed = known_state(signer.state) if signer.state else None
    elsewhere = bool(states) and bool(signed) and states.isdisjoint({signed, "", None})
    return elsewhere or any(cue.kind == "other_office" for cue in Sentence(each.sentence, 0).cues)


def _is_about(pledge: PledgeTerms, each: Endorsement, matcher: Matcher) -> bool:
    """Whether a pledge is one, and covers endorsements of a union; in doubt about the union it is not said to."""
    if pledge.is_pledge != "yes" or ENDORSEMENTS not in pledge.covers or each.verdict != "union":
        return False
    listed = matcher.unions
    ids = [each.union_id] if each.union_id else [*each.could_be]
    if pledge.unions and not (ids and all({*pledge.unions} & {*with_parents(one, listed)} for one in ids)):
        return False
    kinds = {listed.unions[one].kind for one in ids if one in listed.unions}
    return not pledge.kinds or (bool(kinds) and kinds <= {*pledge.kinds})


def _side(pledge: PledgeTerms, day: date | None) -> str:
    if day is None or (pledge.ended and day > pledge.ended[0]):
        return ""
    return "before" if day < pledge.first else "after" if day >= pledge.applies_from else "unclear"
