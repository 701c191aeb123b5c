"""A letter for each donor whose money is returned, from a template that the campaign can edit."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from unionscreen.contributions import money_text
from unionscreen.files import make_folder, read_text, write_file
from unionscreen.intake.rules import Donation
from unionscreen.matching.names import normalize
from unionscreen.matching.vocabulary import load_vocabulary
from unionscreen.review.decisions import donor_key, state_key

# Donor and state as in decisions, and the recipient.
ToWhom = tuple[str, str, str]

# The template in the folder of the letters, written once for the campaign to edit.
TEMPLATE_NAME: Final = "letter-template.txt"
TEMPLATE: Final = """\
{#- Edit this text; the words in braces are filled in for each donor. Jinja2: donor, city, state, recipient, today,
    union, related, total, due, and gifts, each with amount, date, transaction_id, due. -#}
{{ today }}

{{ donor }}
{% if city or state %}{{ [city, state] | select | join(", ") }}
{% endif %}
Dear {{ donor }},

Thank you for your contribution{{ "s" if gifts | length > 1 }} to {{ recipient }}. Our campaign does not accept
contributions from organizations of law enforcement officers{% if related %} or related to them{% endif %}, and we
are returning:

{% for gift in gifts -%}
    ${{ gift.amount }}{% if gift.date %}, received {{ gift.date }}{% endif %}
{%- if gift.transaction_id %} ({{ gift.transaction_id }}){% endif %}
{% endfor %}
In all: ${{ total }}{% if due %}, by {{ due }}{% endif %}. If you believe that this is a mistake, please write to us.

{{ recipient }}
"""


def write_letters(
    folder: Path,
    donations: Iterable[Donation],
    *,
    today: date,
    template: Path | None = None,
    recipient: str | None = None,
) -> list[Path]:
    """Write one text file per donor and recipient, named after its gifts, so that no letter replaces another.

    Args:
        folder: created if missing; its template is used.
        donations: the donations to return.
        today: the date on the letters.
        template: a Jinja2 text to use instead of the template in the folder.
        recipient: the committee, if the export does not name it.

    Raises:
        UsageError: the template cannot be used, or a letter cannot be written.
    """
    from unionscreen.intake.templates import Template

    make_folder(folder)
    own = folder / TEMPLATE_NAME
    if template is None and not own.exists():
        write_file(own, TEMPLATE)
    text = read_text(template or own)
    compiled = Template(text, str(template or own))
    letters = {
        folder / _file_name(*to_whom, gifts): compiled.render(_values(to_whom[-1], gifts, today))
        for to_whom, gifts in _by_donor(donations, recipient)
    }
    for path, letter in letters.items():
        write_file(path, letter)
    return list(letters)


def _by_donor(donations: Iterable[Donation], recipient: str | None) -> Iterator[tuple[ToWhom, list[Donation]]]:
    """The gifts of each donor to each recipient, the earliest first."""
    groups: dict[ToWhom, list[Donation]] = {}
    for each in donations:
        received = _one_line(each.recipient or recipient or "our committee")
        groups.setdefault((donor_key(each.donor), state_key(each.state), received), []).append(each)
    for to_whom, gifts in sorted(groups.items()):
        yield to_whom, sorted(gifts, key=lambda each: (each.date or date.max, each.source, each.row))


def _values(received: str, gifts: Sequence[Donation], today: date) -> dict[str, Any]:
    """The values for the template."""
    first = gifts[0]
    dues = sorted(each.due for each in gifts if each.due)
    # A letter promises no day that is past: if one gift is overdue, the letter names no day for all of them.
    due = dues[0].isoformat() if dues and dues[0] >= today else None
    return {
        "donor": as_one_name(_one_line(first.donor)),
        "city": _one_line(first.city),
        "state": _one_line(first.state),
        "recipient": received,
        "union": first.union,
        "related": any(each.tier is None for each in gifts),
        "reason": first.reason,
        "today": today.isoformat(),
        "total": _dollars(sum(each.amount_cents for each in gifts)),
        "due": due,
        "gifts": [
            {
                "amount": _dollars(each.amount_cents),
                "date": each.date.isoformat() if each.date else None,
                "transaction_id": each.transaction_id,
                "due": each.due.isoformat() if each.due and each.due >= today else None,
            }
            for each in gifts
        ],
    }


def as_one_name(name: str) -> str:
    """The name of an organization as it calls itself, where an export put it in the fields of a person's name.

    An addition after a whole name stays there with its comma: a lodge, a PAC, "Inc." So does a person's name.

    >>> as_one_name("Officers Association, Oakland Police"), as_one_name("POA, Oakland"), as_one_name("Oakland, POA")
    ('Oakland Police Officers Association', 'Oakland POA', 'Oakland POA')
    >>> as_one_name("Fraternal Order of Police, Lodge 7"), as_one_name("Oakland POA, Inc.")
    ('Fraternal Order of Police, Lodge 7', 'Oakland POA, Inc.')
    """
    last, comma, first = (part.strip() for part in name.partition(","))
    if not (last and comma and first) or "," in first:
        return name
    before, after = normalize(last).split(), normalize(first).split()
    if not _has_form([*before, *after]) or _is_addition(before, after, first.casefold().split()[-1]):
        return name
    # A place, or the beginning of the name, stands before the rest of it, in whichever field it is.
    if _is_a_beginning(before) and _is_the_rest(after):
        return f"{last} {first}"
    return f"{first} {last}"


def _has_form(words: Sequence[str]) -> bool:
    """Whether a word for an organization is there: association, lodge."""
    return not load_vocabulary().forms.keys().isdisjoint(words)


def _has_group(words: Sequence[str]) -> bool:
    """Whether a word for those in the organization is there: police, deputies."""
    return not load_vocabulary().type_groups.keys().isdisjoint(words)


def _is_numbered(words: Sequence[str]) -> bool:
    return any(map(str.isdigit, words))


def _is_addition(before: Sequence[str], after: Sequence[str], end: str) -> bool:
    """Whether the words after the comma, of which ``end`` is the last as written, are added to a whole name."""
    if not _has_form(before) or (_has_group(after) and not _has_group(before)):
        return False
    ends_as_tail = not load_vocabulary().tails.isdisjoint((*after[-1:], end))
    return ends_as_tail or _is_numbered(after) or set(after) <= set(before)


def _is_a_beginning(words: Sequence[str]) -> bool:
    """Whether a name may begin with these words: "Chicago", "San Diego Police"; not "of New Orleans", "PAC"."""
    vocabulary = load_vocabulary()
    goes_on = not vocabulary.stops.isdisjoint(words[:1]) or not vocabulary.tails.isdisjoint(words)
    return not goes_on and not _has_form(words) and not _is_numbered(words)


def _is_the_rest(words: Sequence[str]) -> bool:
    """Whether the words are a name without its beginning, up to its end: "FOP Lodge 7", "Officers Association"."""
    opens = _has_form(words[:1]) or _has_group(words[:1])
    return opens and (_has_form(words[-1:]) or _is_numbered(words[-1:]))


def _dollars(cents: int) -> str:
    """An amount as letters write it after the dollar sign of the template.

    >>> _dollars(150_000)
    '1,500.00'
    """
    return money_text(cents).replace("$", "")


def _one_line(text: str | None) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text or "").split())


def _file_name(donor: str, state: str, received: str, gifts: Sequence[Donation]) -> str:
    """A path-traversal-safe, collision-free file name."""
    words = "-".join("".join(c if c.isascii() and c.isalnum() else " " for c in donor).split())[:60] or "donor"
    which = [(each.transaction_id or f"{each.source}:{each.row}", str(each.date), each.amount_cents) for each in gifts]
    digest = hashlib.sha256(repr((donor, state, received, which)).encode("utf-8", "replace")).hexdigest()[:8]
    return f"{words}-{digest}.txt"
