"""Notes on money that filers paid out: what a reader must know of it, in sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from unionscreen.contributions import count, money_text
from unionscreen.screening.paid_out import INNOCENT_REASONS, OTHER_COMMITTEE, Books, GivenGift

# Whose filings may tell about the day of a gift, and what they tell.
_COMMITTEES: Final = ("the recipient", OTHER_COMMITTEE)
_ON_DAY: Final = {
    False: "no report of {} that is among these files covers that day",
    None: "it is not known whether the filings of {} among these files cover that day",
    True: "a report of {} covers that day",
}


def _about_alone(alone: Sequence[GivenGift]) -> Iterator[str]:
    """What is known of the recipients' filings on the days of gifts that only the givers report."""
    no_filing = "no filing of the recipient is among these files"
    counts = Counter(_known(each) if each.recipient_filing else no_filing for each in alone)
    for words in (no_filing, *(_ON_DAY[covered].format(whose) for whose in _COMMITTEES for covered in _ON_DAY)):
        of_them = f"for {counts[words]:,} of them " if len(alone) > 1 else ""
        if counts[words]:
            yield f"; {of_them}{words}"


def _known(gift: GivenGift) -> str:
    """What is known of the filings of the recipient, or of another committee of the same person, on a gift's day."""
    whose = next((each for each in _COMMITTEES if each in gift.recipient_days), _COMMITTEES[0])
    return _ON_DAY[gift.recipient_covers_day].format(whose)


def _about_returns(books: Books) -> Iterator[str]:
    """Gifts that a filing takes back: they stay in the table, next to the rows that take them back."""
    back = [each.amount_cents for each in books.gifts if each.status == "returned"]
    if back:
        gifts = count(len(back), "gift was", "gifts were")
        yield f"{gifts} taken back by another row of the filings ({money_text(sum(back))}): status_cause names it"
    returns = [each.amount_cents for each in books.gifts if each.status == "return"]
    if returns:
        rows = count(len(returns), "row")
        yield f"{rows} in the givers' filings or the recipients' is money that came back ({money_text(sum(returns))})"


def _about_excluded(excluded: Mapping[str, int]) -> Iterator[str]:
    for reason, rows in excluded.items():
        if rows:
            yield f"{count(rows, 'row')} of gifts in the filings of unions left out: {reason}"


def _about_unknown(givers: Iterable[str], unread: int) -> Iterator[str]:
    """Committees that the user named and that are in no file: nothing was compared, which is not "no gift"."""
    rows = count(unread, "row")
    for each in givers:
        yield (
            f'--giver "{each}": what it gave is not known: {rows} of money that filers paid out are in a layout whose '
            "payments are not read; they are listed as not screened"
            if unread
            else f'--giver "{each}": no gift or independent spending of a committee with this name is in these files; '
            "write the name as the filing has it"
        )


def money_out_notes(books: Books, excluded: Mapping[str, int], unknown: Iterable[str], unread: int) -> list[str]:
    """What a reader must know of the money that filers paid out, one sentence each.

    Args:
        books: what is shown of it.
        excluded: gifts of unions that the settings exclude, by reason.
        unknown: givers whom the user named and who are in no file.
        unread: rows of money paid out in layouts whose payments are not read, as Schedule D of a PDF.
    """
    return [*_about_rows(books), *_about_excluded(excluded), *_about_unknown(unknown, unread)]


def _about_rows(books: Books) -> list[str]:
    if not books.rows_read:
        return []
    rows = count(books.rows_read, "row is", "rows are")
    notes = [f"{rows} money that filers paid out: not counted as raised by anybody"]
    alone = [each for each in books.gifts if each.is_alone]
    if alone:
        gifts = count(len(alone), "gift is", "gifts are")
        known = "".join(_about_alone(alone))
        notes.append(
            f"{gifts} in the givers' filings alone{known}. It may mean that {'; or that '.join(INNOCENT_REASONS)}"
        )
    notes += _about_returns(books)
    if books.zero_rows:
        rows = count(books.zero_rows, "row")
        notes.append(f"{rows} of money paid out left out: the amount is $0.00, so nothing was given or spent")
    doubled = [each.amount_cents for each in books.gifts if each.possibly_same]
    doubled += [each.amount_cents for each in books.active_spending if each.possibly_same]
    if doubled:
        notes.append(
            f"{len(doubled):,} rows of money paid out ({money_text(sum(doubled))}) may list the same payments twice: a "
            "notice and a report agree on the payer, the amount and the day, but not clearly on the candidate. All of "
            "them count; possibly_same names the other row"
        )
    unnamed = [each.amount_cents for each in books.active_spending if not each.target]
    if unnamed:
        rows = count(len(unnamed), "row names", "rows name")
        notes.append(
            f"independent spending: {rows} neither a candidate nor a measure "
            f"({money_text(sum(unnamed))}), so this money is missing from what was spent for or against anybody. "
            "The filer left it out, or it is on a cover page that these files do not have (of Form 465, and of "
            "CAL-ACCESS's Form 496)"
        )
    if books.unclear_gifts:
        payments = count(books.unclear_gifts, "payment")
        notes.append(
            f"{payments} of unions or named givers to payees that are not known as candidates' committees: called "
            "contributions in the filers' own words, without a code, and read as other spending"
        )
    unclear = sum(each.prosecutor is None for each in books.active_spending)
    if unclear:
        rows = count(unclear, "row of independent spending names", "rows of independent spending name")
        notes.append(f"{rows} nobody who is recognized as a prosecutor")
    return notes
