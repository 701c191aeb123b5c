"""Where a page names organizations of officers: full names, then short names and those that need a second witness."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from unionscreen.endorsements.full_names import full_names
from unionscreen.endorsements.page_names import ACRONYM_LETTERS, Mention, PageNames
from unionscreen.endorsements.short_names import plain_names, short_names
from unionscreen.endorsements.words import Sentence
from unionscreen.matching import Match, Matcher
from unionscreen.matching.vocabulary import load_vocabulary


def find_mentions(sentences: Sequence[Sentence], matcher: Matcher, state: str | None) -> list[list[Mention]]:
    """The organizations that each sentence of a page names, in their order.

    Args:
        sentences: of one page.
        matcher: over the list.
        state: where the page is from, two letters; it separates namesakes.
    """
    page = PageNames(matcher, state)
    known = load_vocabulary()
    found = []
    for sentence in sentences:
        mentions = full_names(sentence, page)
        found.append(mentions)
        for mention in mentions:
            _explain(mention, sentence, page)
        page.police = page.police or any(m.match.verdict == "union" for m in mentions)
        page.police = page.police or any(
            known.type_groups.get(known.words.get(word.low.rstrip("s'"), word.low.rstrip("s'")))
            for word in sentence.words
        )
        page.not_police = page.not_police or any(cue.kind == "not_police" for cue in sentence.cues)
    listed = {m.match.union_id: m.match for mentions in found for m in mentions if m.match.union_id}
    found = [[_settled(mention, listed) for mention in mentions] for mentions in found]
    return [
        _in_order([*mentions, *short_names(sentence, mentions, page), *plain_names(sentence, mentions, page)])
        for sentence, mentions in zip(sentences, found, strict=True)
    ]


def _settled(mention: Mention, listed: Mapping[str, Match]) -> Mention:
    """A name of several unions is that of the one whose full name is on the page, if it is only one."""
    meant = [union_id for union_id in mention.match.could_be if union_id in listed]
    return mention._replace(match=listed[meant[0]]) if len(meant) == 1 else mention


def _in_order(mentions: list[Mention]) -> list[Mention]:
    """Sorted by place; of two that overlap the longer one."""
    kept: list[Mention] = []
    for each in sorted(mentions, key=lambda m: (m.begin, -m.end, m.read_as)):
        if kept and each.begin < kept[-1].end and (each.begin, each.end) != (kept[-1].begin, kept[-1].end):
            continue
        kept.append(each)
    return kept


def _explain(mention: Mention, sentence: Sentence, page: PageNames) -> None:
    """Remember the short names of a mention: the one in parentheses, and its initials."""
    if mention.match.verdict not in ("union", "related"):
        return
    words = sentence.words[mention.begin : mention.end]
    inside = {
        one.text for one, before in zip(words[1:], words, strict=False) if before.text == "(" and one.text.isupper()
    }
    initials = "".join(word.text[0] for word in words if word.capital)
    for short in (*inside, initials, initials[1:]):
        if len(short) in ACRONYM_LETTERS and short.lower() not in load_vocabulary().tails:
            known = page.explained.setdefault(short.upper(), mention)
            if known is not None and _identity(known.match) != _identity(mention.match):
                page.explained[short.upper()] = None


def _identity(match: Match) -> tuple[str | None, tuple[str, ...]]:
    return match.union_id, match.could_be
