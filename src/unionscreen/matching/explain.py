"""The sentence that explains an answer: what was read differently, what was set aside, why it is not another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from unionscreen.matching.listed import Finding
from unionscreen.matching.names import Name, Word, read_name
from unionscreen.matching.pairs import DonorContext
from unionscreen.matching.pattern import CLASS_RULES, PROSECUTORS_OFFICERS, PatternFinding
from unionscreen.matching.reading import sort_words
from unionscreen.matching.related import RelatedFinding
from unionscreen.matching.rules import ALL_RULES
from unionscreen.matching.slips import letters_for_digits
from unionscreen.matching.vocabulary import load_vocabulary

# Organizations named in a sentence; more would make it unreadable.
MOST_NAMED: Final = 4
NUMBER_NAMES: Final = {2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine"}

# Rules for look-alikes that need more than words of the vocabulary.
_LOOKS_AT: Final = {
    "named": "the names in related_organizations.csv",
    "candidate": '"for" and an elected office after a name',
    "elected": "sheriffs of a state, or constables, with an association and no labor word",
    "in-support": '"support" before "for" and an elected office',
    "campaign-opener": "the first words of campaigns: Friends of, Committee to",
    "against": '"against", or a word such as "stop" before the officers',
    "friends-of": '"friends of" before an organization of officers',
    "firm": "the last word after an acronym of officers",
    "office-holder": "a title right after an organization of officers",
    "local-of": "the number of a local after the acronym of an organization on the list",
}


def _read_as(words: Sequence[Word]) -> list[str]:
    """Abbreviations and acronyms spelled out."""
    vocabulary = load_vocabulary()
    spelled: dict[str, list[str]] = {}
    for word in words:
        if word.word in vocabulary.tails or word.text == word.word or word.numbered:
            continue
        if word.text.rstrip("s") == word.word or " " in word.text or word.text.replace(" ", "") == word.word:
            continue
        spelled.setdefault(word.text, []).append(vocabulary.spaced.get(word.word, word.word))
    return [f'"{text.upper()}" read as {" ".join(meant)}' for text, meant in spelled.items()]


def _set_aside(words: Sequence[Word], peeled: Sequence[str]) -> list[str]:
    """Tails (PAC, Inc), and what was removed before the words were read, in one note or none."""
    tails = [w.text.upper() for w in sort_words(tuple(words)).tails if not w.acronym]
    aside = ", ".join(f'"{each}"' for each in dict.fromkeys([*tails, *peeled]))
    return [f"{aside} set aside"] if aside else []


def why_listed(name: str, finding: Finding, read: Name, words: Sequence[Word]) -> str:
    """'"OAKLAND POLICE OFFICERS ASSN PAC" is Oakland Police Officers Association (alias …; …, …)'."""
    notes = list(finding.notes)
    said = "".join(notes).casefold()
    notes += [note for note in _read_as(words) if note.split(" read as")[0].casefold() not in said]
    said = "".join(notes).casefold()
    notes += [note for note in _slips(words) if note.split(" read as")[0].casefold() + " read as" not in said]
    notes += _set_aside(words, read.peeled)
    if finding.union.source_class == "general-knowledge":
        notes.append("the list's entry is unverified")
    evidence = "; ".join(filter(None, [f'alias "{finding.alias.alias}"', ", ".join(dict.fromkeys(notes))]))
    return f'"{name}" is {finding.union.name} ({evidence}).{_employer(finding.union.kind)}'


def _employer(kind: str) -> str:
    """A warning where the members may work for the recipient: their gift is not from outsiders."""
    return " Its members may work for the recipient." if kind == PROSECUTORS_OFFICERS else ""


def why_ambiguous(name: str, findings: Sequence[Finding], context: DonorContext, words: Sequence[Word] = ()) -> str:
    """Several unions may have the name, and nothing in the filing separates them; those on the list are named."""
    shown = [f"{f.union.name} ({f.union.state or 'national'})" for f in findings[:MOST_NAMED]]
    more = len(findings) - len(shown)
    who = ", ".join(shown) + (f" and {more} more" if more else "")
    if len(findings) == 1:
        sentence = f"one organization on the list may use it: {who}; others with that name may exist"
    else:
        sentence = f"{NUMBER_NAMES.get(len(findings), len(findings))} organizations on the list may use it: {who}"
    state_helps = not context.state and len({f.union.state for f in findings} | {""}) > 1
    notes = "".join(f"; {slip}" for slip in _slips(words))
    what = (
        "may be the acronym of a police union" if "short-acronym" in findings[0].rules else "is a police union's name"
    )
    return f'"{name}" {what}{notes}; {sentence}' + ("; add --state." if state_helps else ".")


def why_pattern(
    name: str, finding: PatternFinding, misses: Sequence[Finding], read: Name, words: Sequence[Word] = ()
) -> str:
    """Why it reads like an organization of officers, and why it is not the nearest one on the list."""
    why = f'"{name}" reads like an organization of officers ({finding.evidence}); not identified with one on the list'
    near = [f for f in misses if f.veto][:1]
    if near:
        why += f". Nearest: {near[0].union.name}, but {near[0].veto}"
    if slips := _slips(words):
        why += f"; {', '.join(slips)}"
    if read.peeled:
        why += f". {_set_aside([], read.peeled)[0]}"
    return why + "." + _employer(finding.category)


def why_local(name: str, parent: Finding) -> str:
    """A local that is not on the list, of an organization that is."""
    return f'"{name}" reads like a local of {parent.union.name}; the list does not have this local.'


def _slips(words: Sequence[Word]) -> list[str]:
    """The words whose digits were read as letters, each with its reading."""
    read: dict[str, list[str]] = {}
    for word in words:
        for text in word.text.split():
            if text != word.word and letters_for_digits(text):
                read.setdefault(text, []).append(word.word)
    return [f'"{text.upper()}" read as {" ".join(dict.fromkeys(meant))}' for text, meant in read.items()]


def why_ocr(why: str, name: str, printed: str, changes: Sequence[tuple[str, str]]) -> str:
    """The sentence for a name that was read from a scan, with the words that OCR may have misread.

    Args:
        why: the sentence for the name as it may be printed.
        name: as OCR read it.
        printed: as it may be printed.
        changes: each word as OCR read it, and as it may be printed.
    """
    said = ", ".join(f'"{filed}" may be {read}' for filed, read in changes)
    why = why.replace(f'"{printed}"', f'"{name}"', 1)
    return f"{why} OCR: check the name on the page: {said}."


def related_reason(name: str, finding: RelatedFinding) -> str:
    """What a look-alike is instead of a union."""
    which = f"{finding.name}: " if finding.name and finding.name.casefold() != name.casefold() else ""
    return f"{which}{finding.reason}"


def related(name: str, reason: str, counted_category: str | None = None) -> str:
    """The sentence about a look-alike.

    Args:
        name: the donor as filed.
        reason: as :func:`related_reason` gives it.
        counted_category: its category, where the user counts that.
    """
    verb = "is not counted as a union"
    if counted_category:
        verb = f"is not a union, and counts because --count {counted_category} was asked for"
    return f'"{name}" {verb}: {reason}.'


def name_breakdown(name: str) -> dict[str, Any]:
    """How a name was read: its parts, each word with its reading and its class, and what was set aside.

    Classes are ``who`` (officers), ``what`` (an organization), ``which`` (place, number, proper name), ``level``
    (county, state) and ``aside`` (PAC, Inc, of, the).
    """
    read = read_name(name)
    return {
        "parts": [
            {"role": part.role, "words": [_word(word) for word in part.words]} for part in read.parts if part.words
        ],
        "set_aside": list(read.peeled),
    }


def _word(word: Word) -> dict[str, Any]:
    vocabulary = load_vocabulary()
    says = "which"
    for classes, name in (
        (vocabulary.type_groups, "who"), (vocabulary.forms, "what"), (vocabulary.levels, "level"),
        (vocabulary.tails, "aside"), (vocabulary.stops, "aside"),
    ):  # fmt: skip
        if word.word in classes:
            says = name
            break
    return {"text": word.text, "read_as": word.word, "says": says, "slip": word.typo}


def nearest(match_near: Sequence[Finding]) -> list[dict[str, Any]]:
    """The unions that were nearly a match, each with the reason against it."""
    return [
        {
            "union_id": finding.union.union_id, "union": finding.union.name, "alias": finding.alias.alias,
            "score": round(max(finding.score, 0.0), 1), "doubts": list(finding.notes), "against": finding.veto or None,
            "rules": list(finding.rules),
        }
        for finding in match_near
    ]  # fmt: skip


def fired(names: Sequence[str]) -> list[dict[str, Any]]:
    """The rules with these names: what each looks at, its sentence, and what it rests on.

    Args:
        names: as in ``Match.rules``.
    """
    return [_rule(name) for name in dict.fromkeys(names)]


def _rule(name: str) -> dict[str, Any]:
    for identity in ALL_RULES:
        if identity.name == name:
            said = {"rule": name, "looks_at": identity.looks_at, "says": identity.says.replace("{}", "…")}
            return said | {"source": identity.source, "score": -identity.cost}
    for rule in CLASS_RULES:
        if rule.name == name:
            said = {"rule": name, "looks_at": rule.looks_at, "says": rule.says, "source": rule.source}
            return said | {"score": rule.score}
    for look_alike in load_vocabulary().related_rules:
        if look_alike.name == name:
            said = {"rule": name, "looks_at": f"the words of [[related]] {name}", "says": look_alike.reason}
            return said | {"source": "vocabulary.toml"}
    return {"rule": name, "looks_at": _LOOKS_AT[name], "says": "", "source": "vocabulary.toml"}


def why_clear(misses: Sequence[Finding]) -> str:
    """Nothing speaks for a union; with the nearest name, where there is one."""
    if misses and misses[0].veto:
        return f"No match. Nearest: {misses[0].union.name}, but {misses[0].veto}."
    return "No match."


def without_union(could_be: str | None) -> str:
    """The text in place of a union's name where none is identified.

    Args:
        could_be: ids of the unions that may be meant, separated by blanks.
    """
    if not could_be:
        return "not on the list"
    number = len(could_be.split())
    return "ambiguous: maybe one on the list" if number == 1 else f"ambiguous: maybe one of {number} on the list"
