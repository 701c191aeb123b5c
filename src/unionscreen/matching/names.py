"""A name as filed → words that can be compared.

What was filed is never changed: :class:`Name` is kept beside it, with the removed text as evidence.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

from unionscreen.matching.addresses import split_address
from unionscreen.matching.cleaning import clean, join_initials, split_words, without_joins
from unionscreen.matching.near import nearest_word
from unionscreen.matching.places import STATE_NAMES
from unionscreen.matching.slips import without_digits
from unionscreen.matching.vocabulary import Vocabulary, load_vocabulary

# A word shorter than this is not corrected: "pole", "lodge", "guild" have too many real neighbors.
TYPO_LENGTH: Final = 6
# Two wrong letters are corrected only in words as long as "correction" and "association".
TYPO_LENGTH_TWO: Final = 10

# Shorter tokens are words of their own ("policies", "patrolled"); each piece of a longer one must be a word too.
RUN_TOGETHER: Final = 12
RUN_PIECE: Final = 3
_RUN: Final = re.compile(
    r"police|sheriffs?|officers?|detectives?|correctional|troopers|deputy|association|union(?=[a-z]{3})"
)

# How many places and listed names are cached; a list has about 7,000.
_REMEMBERED_TEXTS: Final = 1 << 14

_ROMAN: Final = re.compile(r"(?=[ivxl])(?:x{0,3})(?:ix|iv|v?i{0,3})$")
_ROMAN_VALUES: Final = {"i": 1, "v": 5, "x": 10}
NUMBER_WORDS: Final = {
    word: str(number)
    for number, word in enumerate(
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
        "eighteen nineteen twenty".split(),
        start=1,
    )
}
# Lodges have numbers up to about 700; a number of four digits is a year.
_LODGE_NUMBER: Final = re.compile(r"\d{1,3}[a-z]?")
# Locals as AFSCME files them in the register of tax-exempt organizations: "L1467CT" is its Local 1467 in Connecticut.
_LOCAL_CODE: Final = re.compile(rf"l0*+(\d{{1,4}})(?:{'|'.join(map(str.lower, STATE_NAMES))})")
_NUMBER: Final = re.compile(r"#?(?:0(?=\d))*+(\d++[a-z]?)")
# In California a committee's name includes its sponsor's name; the union is after the phrase (2 CCR §18419).
# So does whoever pays for it: "funded by", "major funding from".
_SPONSOR: Final = re.compile(
    r"\b(?:co[- ]?)?spons?ored (?:and controlled )?by (?:the )?|\bsponsor(?:s|ing)?:? |"
    r"\bfund(?:ed|ing) (?:by|from) (?:the )?"
)
# An opponent is not the donor: "opposed by", "not sponsored by".
_OPPONENT: Final = re.compile(r"(?:\(|(?<!\s))\s*+(?:opposed|not [a-z]++(?: for)?) by\b.*$")
_INTERMEDIARY: Final = re.compile(
    r"(?:^|[.;:]\s++)([^.;:]+?),?(?<!\s)(?:\s*+(?:is|as) |\s++(?<= ))(?:the |an )?intermediary\b.*"
)
_OFFICER_NOTE: Final = re.compile(r"(?:\(|(?<!\s))\s*+(?:responsible )?officers?:.*$")
_ADDRESS_NOTE: Final = re.compile(r"(?:\(|(?<!\s))\s*+mailing address:.*$")
# Whom mail is for. A union after these words is more than that: "Jane Roe c/o Elmhaven POA" stays whole.
_CARE_NOTE: Final = re.compile(
    r"^(?:c/o|attn|attention:)[:.]?\s[^,]*+,|(?<=[^\s,;(-])[\s,;(-]++(?:c/o|attn|attention:)[:.]?\s.*$"
    r"|,[^,]*+,\s*+(?:treasurer|president|secretary)\.?$"
)
# What the money is, or what became of it.
_MONEY_NOTE: Final = re.compile(
    r"^in[- ]?kind\s*+[-:]+"
    r"|(?<=[^\s,(-])[\s,(-]++(?:in[- ]?kind|refund(?:ed)?|returned(?: check)?|reissued?(?: check)?|nsf(?: check)?)\)?$"
)
_ID_NOTE: Final = re.compile(
    r"(?:\bfppc (?:id|i\.d\.|cfp|cpf|fec)?|\bid|\bi\.d\.|\bcfp|\bcpf|\bfec|(?<!\s))"
    r"\s*+(?:no\.?|number)?\s*+[#:]?\s*+(?<![a-z\d])[a-z]?\d{5,}\b"
)
_ALSO: Final = re.compile(r"\b(?:a/k/a|aka|d/b/a|dba|formerly(?: known as)?|f/k/a|fka)\b:?")


class Word(NamedTuple):
    """One word of a name: as filed (cleaned), and as read."""

    text: str
    word: str
    numbered: bool = False
    """A local's or lodge's number: 'Lodge #7'."""
    typo: bool = False
    """Read as a vocabulary word one or two letters away."""
    acronym: bool = False
    """Came out of an acronym that is not safe alone (POA, DSA)."""
    respelled: str = ""
    """The token in the filing, where `text` is a correction of it."""

    @property
    def slip(self) -> tuple[str, str]:
        """The word in the filing, and as read: for a note."""
        return self.respelled or self.text, self.word


class Part(NamedTuple):
    """A part of a name that can be a name of its own: the whole, the sponsor, the text in parentheses."""

    role: str
    """main, sponsor, intermediary, also or parenthesis."""
    text: str
    words: tuple[Word, ...]


class Name(NamedTuple):
    """A name read for comparison."""

    raw: str
    text: str
    """Lower case, no accents, entities and mojibake undone, initials joined; other punctuation kept."""
    parts: tuple[Part, ...]
    """The main part first."""
    peeled: tuple[str, ...]
    """Removed text: ids, addresses, notes about officers."""
    state: str = ""
    """Two letters, where the cell also has an address with a state."""


@lru_cache(maxsize=65536)
def _read(token: str) -> tuple[str, bool]:
    """One token → its canonical word, and whether it was corrected."""
    vocabulary = load_vocabulary()
    word = vocabulary.words.get(token)
    if word is not None:
        return word, False
    if token in vocabulary.type_groups or token in vocabulary.forms or token in vocabulary.acronyms:
        return token, False
    if token.endswith("s") and len(token) > 3:
        single = token[:-1]
        word = vocabulary.words.get(single)
        if word is not None:
            return word, False
        if single in vocabulary.type_groups or single in vocabulary.forms:
            return single, False
    if token in vocabulary.tails or token in vocabulary.levels or token in vocabulary.stops:
        return token, False
    if len(token) < TYPO_LENGTH or token in vocabulary.not_typos or not token.isalpha():
        return token, False
    return _correct(token, vocabulary)


def _correct(token: str, vocabulary: Vocabulary) -> tuple[str, bool]:
    """The vocabulary word that `token` misspells: one wrong letter, or two in a long word with the right start."""
    single = token[:-1] if token.endswith("s") else token
    if single in vocabulary.not_typos:
        return token, False
    for spelling in (single, token):
        hit = nearest_word(spelling, vocabulary.typos, 2)
        if hit is None:
            continue
        word, distance = hit
        if distance <= 1 or (len(word) >= TYPO_LENGTH_TWO and spelling[:4] == word[:4]):
            return word, True
    return token, False


@lru_cache(maxsize=65536)
def _pieces(token: str) -> tuple[str, ...]:
    """The words of a token without spaces ("ctydetectives", "portsmouthpoliceunion"), cut at the word for police."""
    if len(token) < RUN_TOGETHER or _read(token)[0] != token:
        return ()
    hit = _RUN.search(token)
    if hit is None:
        return ()
    pieces = [piece for piece in (token[: hit.start()], hit[0], token[hit.end() :]) if piece]
    if len(pieces) == 1 or any(len(piece) < RUN_PIECE for piece in pieces):
        return ()
    return tuple(part for piece in pieces for part in (_pieces(piece) or (piece,)))


def _roman(token: str) -> str | None:
    if not _ROMAN.match(token):
        return None
    values = [_ROMAN_VALUES[c] for c in token]
    return str(sum(-v if v < max(values[i:]) else v for i, v in enumerate(values)))


def _is_federal(tokens: list[str], at: int, vocabulary: Vocabulary) -> bool:
    """Whether "Fed" means federal: "Fed PAC", "Fed. Law Enforcement Officers"; not "Police Fed", "Fed of Police"."""
    if tokens[at] != "fed":
        return False
    after = "".join(tokens[at + 1 : at + 2])
    return after == "pac" or (after not in ("", "of") and (at == 0 or _read(after)[0] in vocabulary.type_groups))


def read_words(text: str) -> tuple[Word, ...]:
    """The canonical words of a cleaned text, with phrases joined and acronyms spelled out.

    >>> [w.word for w in read_words("oakland poa pac")]
    ['oakland', 'police', 'officer', 'association', 'pac']
    >>> [w.word for w in read_words("fraternal order of police lodge #7")]
    ['fop', 'lodge', '7']
    """
    vocabulary = load_vocabulary()
    words: list[Word] = []
    tokens = split_words(text)
    for at, token in enumerate(tokens):
        after = words[-1].word if words else ""
        if _is_federal(tokens, at, vocabulary):
            words.append(Word(token, "federal"))
            continue
        numbered = after in vocabulary.numbered
        words += _words_of_token(token, numbered, numbered and after != "association", at > 0)
    return _join_phrases(words, vocabulary)


@lru_cache(maxsize=65536)
def _words_of_token(filed: str, numbered: bool, spelled: bool, later: bool) -> tuple[Word, ...]:
    """What one token says.

    Args:
        filed: the token.
        numbered: whether it is after a word like "lodge", so that a number is one of a lodge.
        spelled: whether a number may be spelled out there, or Roman.
        later: whether it is not the first token.
    """
    vocabulary = load_vocabulary()
    token = without_digits(filed)
    number = _NUMBER.fullmatch(token)
    if number:
        return (Word(token, number[1], numbered=numbered or token.startswith("#")),)
    meant_number = (NUMBER_WORDS.get(token) or _roman(token)) if spelled else None
    if meant_number is not None:
        return (Word(token, meant_number, numbered=True),)
    code = _LOCAL_CODE.fullmatch(token)
    if code:
        return (Word(token, "local"), Word(token, code[1], numbered=True))
    expansion = vocabulary.acronyms.get(token)
    if expansion is not None:
        meant, safe = expansion
        return tuple(Word(filed, word, acronym=not safe) for word in meant)
    place = vocabulary.places.get(token)
    if place is not None and not (later and token in vocabulary.tails):  # SCC: Santa Clara County, or a tail
        return tuple(Word(token, word) for word in place)
    pieces = _pieces(token)
    if pieces:
        return tuple(Word(piece, _read(piece)[0]) for piece in pieces)
    word, typo = _read(token)
    return (Word(filed, word, typo=typo or token != filed),)


@lru_cache(maxsize=_REMEMBERED_TEXTS)
def words_of(text: str) -> frozenset[str]:
    """The canonical words of a place or a listed name, in no order; cached, because they are needed again and again.

    >>> sorted(words_of("Ft. Worth, Texas"))
    ['fort', 'texas', 'worth']
    """
    return frozenset(word.word for word in read_words(clean(text)))


def _join_fop(words: list[Word]) -> list[Word]:
    """The Fraternal Order of Police in another order ("POLICE, FRATERNAL ORDER OF") or cut off ("… Fraternal Ord")."""
    at = {w.word: i for i, w in enumerate(words) if w.word in ("fraternal", "order", "police")}
    if len(at) == 3:
        first = min(at.values())
        text = " ".join(words[i].text for i in sorted(at.values()))
        rest = [w for i, w in enumerate(words) if i not in at.values()]
        return [*rest[:first], Word(text, "fop"), *rest[first:]]
    last = [w.word for w in words[-4:]]
    if "fraternal" in last[:-1]:
        tail = " ".join(last[last.index("fraternal") :])
        # Eagles and Orioles are fraternal orders too: only two letters of "police", or a lodge, identify this one.
        theirs = "lodge" in {w.word for w in words} or len(tail) >= len("fraternal order of po")
        if theirs and "fraternal order of police".startswith(tail):
            return [*words[: len(words) - len(tail.split())], Word(tail, "fop")]
    return words


def _join_phrases(words: list[Word], vocabulary: Vocabulary) -> tuple[Word, ...]:
    joined: list[Word] = []
    read = tuple(word.word for word in words)
    at = 0
    if vocabulary.phrases.keys().isdisjoint(read):  # as in most names of people
        joined, at = words, len(words)
    while at < len(words):
        for parts, word in vocabulary.phrases.get(read[at], ()):
            if read[at : at + len(parts)] != parts:
                continue
            run = words[at : at + len(parts)]
            if word == "fop" or not any(w.text in vocabulary.acronyms for w in run):
                joined.append(
                    Word(" ".join(w.text for w in run), word, typo=any(w.typo for w in run),
                         acronym=any(w.acronym for w in run))
                )  # fmt: skip
                at += len(parts)
                break
        else:
            joined.append(words[at])
            at += 1
    found = {word.word for word in joined}
    if "fop" not in found:
        return tuple(_join_fop(joined) if "fraternal" in found else joined)
    for at, (fop, number) in enumerate(pairwise(joined), 1):
        if fop.word == "fop" and _LODGE_NUMBER.fullmatch(number.word):  # "Fraternal Order of Police 121 Miami"
            joined[at] = number._replace(numbered=True)
    return tuple(joined)


def normalize(raw: str) -> str:
    """The form of a name for comparison, as one string; normalizing it again changes nothing.

    >>> normalize("OAKLAND POLICE OFFICERS' ASSN.")
    'oakland police officer association'
    >>> normalize("Oakland P.O.A.")
    'oakland police officer association'
    """
    read = ""
    again = " ".join(w.word for w in read_words(clean(raw)))
    while again != read:  # words that punctuation separated may now be initials or a phrase
        read, again = again, " ".join(w.word for w in read_words(clean(again)))
    return read


def read_name(raw: str) -> Name:
    """A name as filed, split into the parts that can be an organization's name.

    In "X sponsored by Y", Y is checked first. Text in parentheses, after "aka", or before "is the intermediary" is a
    part of its own. Ids, addresses and notes about officers of an LLC are removed.
    """
    bare = without_joins(raw)
    text = join_initials(clean(bare))
    peeled = [piece for each in raw.partition(bare)[::2] if (piece := each.strip(" ,;"))] if bare else []

    def peel(pattern: re.Pattern[str], text: str, word: str = "") -> str:
        if word not in text:  # most names have no such note, and looking for one word is fast
            return text
        hit = pattern.search(text)
        while hit and hit[0].strip():
            peeled.append(hit[0].strip(" ()-,#:"))
            text = text[: hit.start()] + " " + text[hit.end() :]
            hit = pattern.search(text)
        return text

    body = peel(_ADDRESS_NOTE, peel(_OFFICER_NOTE, text, "officer"), "mailing address")
    split = split_address(body)
    if split.address:
        peeled.append(split.address)
        text = body = split.name
    care = _CARE_NOTE.search(body)
    if care and not any(word.word in load_vocabulary().type_groups for word in read_words(care[0])):
        text = body = peel(_CARE_NOTE, body).strip()
    if (bare_of_notes := peel(_MONEY_NOTE, body)) != body:
        text = body = bare_of_notes.strip()
    body = peel(_ID_NOTE, peel(_OPPONENT, body, " by"))
    parts: list[tuple[str, str]] = []
    intermediary = _INTERMEDIARY.search(body) if "intermediary" in body else None
    if intermediary:
        peeled.append("intermediary")
        parts.append(("intermediary", intermediary[1]))
        body = intermediary[1]
    sponsor = _SPONSOR.search(body) if "spon" in body or "fund" in body else None
    if sponsor:
        sponsors = body[sponsor.end() :]
        peeled.append(sponsor[0].strip())
        parts.append(("sponsor", sponsors))
        parts.extend(("sponsor", one) for one in re.split(r",? and |[,;/]", sponsors) if one.strip())
        body = body[: sponsor.start()]
    outside = re.sub(r"\([^()]*\)?", " ", body)
    parts.insert(0, ("main", outside if outside.strip() else body))
    parts.extend(("parenthesis", inside) for inside in re.findall(r"\(([^()]*)", body) if inside.strip())
    also = _ALSO.split(outside)
    if len(also) > 1:
        parts.extend(("also", one) for one in also if one.strip())
    read = [Part(role, part.strip(), read_words(part)) for role, part in parts]
    named = tuple(part for part in read if part.words) or (Part("main", text, ()),)
    return Name(raw, text, named, tuple(peeled), split.state)
