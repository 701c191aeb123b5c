"""Made-up filings in the layout of real forms, drawn with reportlab: people, committees and amounts are invented.

    python tests/pdf_forms.py FOLDER

writes one sample of each form. The tests draw damaged ones with the same functions.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2
from reportlab.pdfgen.canvas import Canvas

CODES = ("IND", "COM", "OTH", "PTY", "SCC")


@dataclass
class Gift:
    """A row as it is drawn."""

    date: str
    name: tuple[str, ...]
    amount: str
    code: str = "IND"
    place: str = "Springfield, CA 90001"
    work: tuple[str, ...] = ()
    total: str = ""


INTERMEDIARY = Gift("", ("***INTERMEDIARY***", "Clicks for Causes"), "", "COM")


def cents(text: str) -> int:
    return sum(round(float(each.replace(",", "").replace("$", "")) * 100) for each in text.split())


def money(value: int) -> str:
    return f"${value // 100:,}.{value % 100:02d}"


@dataclass
class Drawn:
    """Pages of words, one list each: x, y, text; and lines and squares."""

    size: tuple[int, int]
    pages: list[list[Any]] = field(default_factory=list)

    def page(self) -> list[Any]:
        self.pages.append([])
        return self.pages[-1]

    def pdf(self, *, hidden: bool = False, images: Sequence[int] = (), rotate: Sequence[int] = ()) -> bytes:
        """The file. ``hidden``: as the text of a scan; ``images``: pages that are pictures; ``rotate``: turned."""
        out = BytesIO()
        canvas = Canvas(out, pagesize=self.size, invariant=1)
        for number, page in enumerate(self.pages, 1):
            if number in images:
                _picture(canvas, self.size)
                page = []
            for each in page:
                if each[0] == "line":
                    canvas.setLineWidth(0.5)
                    canvas.line(*each[1:])
                elif each[0] == "square":
                    canvas.rect(each[1], each[2], 9, 9, stroke=0, fill=1)
                else:
                    x, y, text = each
                    drawn = canvas.beginText(x, y)
                    drawn.setFont("Helvetica", 7)
                    if hidden:
                        drawn.setTextRenderMode(3)
                    drawn.textOut(text)
                    canvas.drawText(drawn)
            canvas.showPage()
        canvas.save()
        return _turned(out.getvalue(), rotate) if rotate else out.getvalue()


def _turned(data: bytes, pages: Sequence[int]) -> bytes:
    document = pypdfium2.PdfDocument(data)
    for number in pages:
        if number <= len(document):
            document[number - 1].set_rotation(90)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _picture(canvas: Canvas, size: tuple[int, int]) -> None:
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    canvas.drawImage(ImageReader(Image.new("L", (60, 60), 200)), 0, 0, *size)


HEADS = {
    2001: {"date": 53, "code": 342, "occupation": 391, "amount": 533, "cumulative": 596, "election": 701,
           "name": 100, "codes": 352, "work": 388},
    2016: {"date": 48, "code": 337, "occupation": 390, "amount": 529, "cumulative": 590, "election": 694,
           "name": 92, "codes": 342, "work": 382},
}  # fmt: skip


def fppc(
    gifts: Sequence[Gift] | None = None,
    edition: int = 2001,
    *,
    unitemized: int = 9500,
    itemized: int | None = None,
    filer: str = "Roe for District Attorney 2026",
    subtotals: bool = True,
    nonmonetary: int = 0,
    loans: int = 0,
    period: tuple[str, str] = ("01/01/2026", "05/16/2026"),
) -> Drawn:
    """Form 460: summary page, Schedule A with five rows a page, and an empty Schedule C."""
    gifts = GIFTS if gifts is None else gifts
    total = sum(cents(gift.amount) for gift in gifts if gift.amount) if itemized is None else itemized
    parts = [gifts[at : at + 5] for at in range(0, len(gifts), 5)] or [[]]
    count = len(parts) + 2 + bool(nonmonetary == 0)
    out = Drawn((792, 612))
    page = out.page()
    _fppc_top(page, edition, 1, count, "Campaign Disclosure Statement", "Summary Page", filer, period)
    page += [(36, 460, "Contributions Received"), (36, 222, "Current Cash Statement")]
    for y, label, value in (
        (435, "Monetary Contributions", total + unitemized), (419, "Loans Received", loans),
        (388, "Nonmonetary Contributions", nonmonetary), (177, "Miscellaneous Increases to Cash", 0),
    ):  # fmt: skip
        page += [(53, y, label), (367, y + 3, money(value)), (475, y + 3, money(value * 2))]
    for at, part in enumerate(parts):
        title = "Schedule A" if at == 0 else "Schedule A (Continuation Sheet)"
        page = out.page()
        _fppc_top(page, edition, at + 2, count, title, "Monetary Contributions Received", filer, period)
        _fppc_table(page, part, edition)
        shown = sum(cents(gift.amount) for gift in part if gift.amount)
        page.append((458, 150, "SUBTOTAL"))
        if subtotals:
            page.append((525, 150, money(shown)))
        if at == 0:
            page += [
                (29, 128, "Schedule A Summary"),
                (30, 114, "1. Amount received this period - contributions of $100 or more."), (505, 107, money(total)),
                (29, 83, "2. Amount received this period - unitemized contributions of less than $100"),
                (505, 87, money(unitemized)), (29, 66, "3. Total monetary contributions received this period."),
                (505, 59, money(total + unitemized)),
            ]  # fmt: skip
    if not nonmonetary:
        page = out.page()
        _fppc_top(page, edition, count - 1, count, "Schedule C", "Nonmonetary Contributions Received", filer, period)
        page += [(47, 452, "DATE"), (119, 456, "FULL NAME"), (292, 447, "CODE"), (463, 456, "DESCRIPTION OF")]
        page += [(559, 460, "AMOUNT/"), (619, 464, "CUMULATIVE TO"), (703, 460, "PER ELECTION"), (485, 178, "SUBTOTAL")]
    page = out.page()
    _fppc_top(page, edition, count, count, "Schedule E", "Payments Made", filer, period)
    page += [(40, 400, "Copy Shop, Springfield, CA 90001"), (600, 400, "$812.00")]
    return out


def _fppc_top(
    page: list[Any], edition: int, number: int, count: int, title: str, sub: str, filer: str, period: Any
) -> None:
    page += [
        (30, 570, title), (30, 556, sub), (358, 565, "Amounts may be rounded to whole dollars."),
        (533, 561, "Statement covers period"), (555, 545, period[0]), (518, 542, "from"), (519, 519, "through"),
        (555, 522, period[1]), (659, 556, "CALIFORNIA"), (676, 542, "FORM"), (720, 545, "460"),
        (661, 519, "Page"), (684, 522, str(number)), (719, 519, "of"), (729, 522, str(count)),
        (33, 503, "NAME OF FILER"), (661, 503, "I.D. Number"), (30, 492, filer), (661, 492, "1499999"),
        (660, 44, f"FPPC Form 460 ({'June/01' if edition == 2001 else 'Jan/2016'})"),
    ]  # fmt: skip


def _fppc_table(page: list[Any], gifts: Sequence[Gift], edition: int) -> None:
    head = HEADS[edition]
    page += [
        (head["date"], 461, "DATE"), (150, 465, "FULL NAME, MAILING ADDRESS"), (head["code"] - 15, 461, "CONTRIBUTOR"),
        (head["code"], 452, "CODE *"), (head["occupation"], 456, "OCCUPATION AND EMPLOYER"),
        (head["amount"], 465, "AMOUNT"), (head["cumulative"], 465, "CUMULATIVE TO DATE"),
        (head["election"], 465, "PER ELECTION"),
    ]  # fmt: skip
    if edition == 2001:
        page += [("line", 28, y, 774, y) for y in (481, 442, 387, 332, 277, 222, 167)]
        page += [("line", x, 166, x, 482) for x in (93, 324, 384, 510, 590, 680)]
    for at, gift in enumerate(gifts):
        top = 432 - 55 * at
        above = 0 if edition == 2001 else 11
        for line, text in enumerate([*gift.name, gift.place]):
            page.append((head["name"], top + above - 11 - 8 * line if edition == 2016 else top - 8 * line, text))
        for line, text in enumerate(gift.work):
            page.append((head["work"], top - 8 * line, text))
        for line, code in enumerate(CODES):
            page.append((head["codes"], top - 10.3 * line, code))
            if edition == 2001 and code == gift.code:
                page.append(("square", 336, top - 2 - 10.3 * line))
        low = top if edition == 2001 else top - 22
        for line, (day, amount) in enumerate(zip(gift.date.split(), gift.amount.split(), strict=True)):
            page += [(40, low - 9 * line, day), (head["amount"] - 14, low - 9 * line, amount)]
        if gift.amount:
            page.append((head["cumulative"] + 4, low, gift.total or money(cents(gift.amount))))


GIFTS = [
    Gift("1/5/2026", ("Marshall, Ann",), "$250.00", "IND", work=("Attorney", "Marshall & Wu")),
    Gift("2/11/2026", ("Springfield Police Officers", "Association PAC"), "$5,000.00", "COM"),
    INTERMEDIARY,
    Gift("2/12/2026", ("Teamsters Local", "1932 PAC"), "$1,500.00", "COM"),
    Gift("3/1/2026 3/15/2026", ("Five Star Towing, Inc.",), "$400.00 $350.50", "OTH"),
    Gift("4/2/2026", ("Lee, Kim",), "$100.00", "IND", work=("Nurse", "General Hospital")),
    Gift("5/1/2026", ("United Builders of the Springfield Region", "Small Contributor Committee"), "$9,000.00", "SCC"),
]  # fmt: skip


def coh(
    gifts: Sequence[tuple[str, str, str]] | None = None, *, unitemized: int = 7500, total: int | None = None
) -> Drawn:
    """Form C/OH: cover, totals, Schedule A with five boxes a page, one page of expenditures."""
    gifts = COH_GIFTS if gifts is None else gifts
    total = sum(cents(amount) for _, _, amount in gifts) + unitemized if total is None else total
    out = Drawn((612, 792))
    page = out.page()
    _coh_top(page)
    page += [
        (51, 712, "CANDIDATE / OFFICEHOLDER"), (463, 712, "FORM C/OH"), (51, 698, "CAMPAIGN FINANCE REPORT"),
        (427, 698, "COVER SHEET PG 1"), (175, 200, "01/01/2026"), (384, 200, "06/30/2026"),
        (334, 123, "12 OFFICE SOUGHT"),
        (334, 109, "District Attorney, Travers County"),
    ]  # fmt: skip
    page = out.page()
    _coh_top(page)
    page += [
        (51, 708, "CANDIDATE / OFFICEHOLDER REPORT:"), (476, 708, "FORM C/OH"), (51, 692, "SUPPORT & TOTALS"),
        (439, 692, "COVER SHEET PG 2"), (154, 456, "1. TOTAL POLITICAL CONTRIBUTIONS OF $50 OR LESS"),
        (500, 450, money(unitemized)), (154, 429, "2. TOTAL POLITICAL CONTRIBUTIONS"), (500, 421, money(total)),
        (154, 399, "3. TOTAL POLITICAL EXPENDITURES OF $100 OR LESS"), (510, 390, "$12.00"),
    ]  # fmt: skip
    for start in range(0, len(gifts), 5):
        page = out.page()
        _coh_top(page)
        page += [
            (63, 708, "POLITICAL CONTRIBUTIONS"), (470, 708, "SCHEDULE A"), (61, 692, "OTHER THAN PLEDGES OR LOANS"),
            (49, 638, "2 FILER NAME"), (121, 638, "Roe, Jo"), (385, 638, "3 ACCOUNT #"), (397, 625, "00099999"),
        ]  # fmt: skip
        for at, (day, name, amount) in enumerate(gifts[start : start + 5]):
            y = 573 - 115.5 * at
            page += [
                (72, y + 36, "Date"), (132, y + 36, "Full name of contributor"), (399, y + 36, "Amount of"),
                (474, y + 36, "In-kind contribution"), (118, y + 25, name), (60, y, day),
                (131, y, "Contributor address; City; State; Zip Code"), (409, y, amount), (118, y - 8, "12 Elm St"),
                (118, y - 16, "Springfield, TX 70001"), (63, y - 48, "Principal occupation / Job title"),
                (63, y - 57, "Welder"), (321, y - 57, "Self"),
            ]  # fmt: skip
    page = out.page()
    _coh_top(page)
    page += [
        (63, 708, "POLITICAL EXPENDITURES"),
        (470, 708, "SCHEDULE F"),
        (60, 500, "01/02/2026"),
        (409, 500, "$99.00"),
    ]
    return out


def _coh_top(page: list[Any]) -> None:
    page.append((45, 730, "Texas Ethics Commission P.O. Box 12070 Austin, Texas 78711-2070 (512)463-5800"))


COH_GIFTS = [
    ("01/05/2026", "Acme Welding PAC", "$500.00"),
    ("01/19/2026", "Springfield Police Association PAC", "$2,500.00"),
    ("02/02/2026", "Doe, Jo", "$75.25"),
    ("02/28/2026", "Marshall, Ann (*2)", "$100.00"),
    ("03/03/2026", "Lee, Kim", "$60.00"),
    ("04/04/2026", "Wu, Max", "$1,000.00"),
]


def schedule_f(
    rows: Sequence[tuple[str, Sequence[str], str]] | None = None, *, count: int | None = None, total: int | None = None
) -> Drawn:
    """NYS BOE Schedule F, without ruled columns: payments of a committee."""
    rows = F_ROWS if rows is None else rows
    out = Drawn((792, 612))
    page = out.page()
    page += [
        (45, 601, "JAN-20-26 10:08 PM"), (403, 601, "SPRINGFIELD POLICE PAC"), (756, 601, "Page 1"),
        (257, 558, "NYS BOARD OF ELECTIONS FINANCIAL DISCLOSURE REPORT"), (36, 526, "Filer ID: A09999"),
        (140, 526, "2026"), (338, 526, "SCHEDULE: F EXPENDITURES/PAYMENTS"),
        (41, 481, "DATE"), (112, 481, "NAME"), (198, 481, "ADDRESS"), (418, 481, "CHECK NO."), (488, 481, "AMOUNT"),
        (543, 481, "PURPOSE"), (603, 481, "EXPLANATION"), (684, 481, "RECORD DATE"),
    ]  # fmt: skip
    for at, (day, name, amount) in enumerate(rows):
        y = 467 - 23 * at
        page += [(37, y, day), (198, y, "P.O. BOX 599"), (302, y, "SPRINGFIELD NY 11771"), (424, y, f"CHK{1100 + at}")]
        page += [(77, y - 9 * line, text) for line, text in enumerate(name)]
        page += [(494, y, amount), (547, y, "CNTRB"), (662, y, "JAN-19-26 04:28 PM")]
    y = 440 - 23 * len(rows)
    sums = sum(cents(amount) for _, _, amount in rows) if total is None else total
    page += [(282, y, "NO. of TRANSACTIONS"), (374, y, str(len(rows) if count is None else count))]
    page += [(441, y, "TOTAL"), (482, y, money(sums)), (243, 47, "Filer ID: A09999")]
    return out


F_ROWS = [
    ("01/05/26", ("FRIENDS OF JO ROE",), "$1,000.00"),
    ("01/09/26", ("COMMITTEE TO ELECT", "MAX WU"), "$2,500.00"),
    ("01/11/26", ("UNITEMIZED",), "$44.00"),
]

SAMPLES = {
    "ca-fppc-460-2001": lambda: fppc(GIFTS[:5]).pdf(),
    "ca-fppc-460-2016": lambda: fppc(GIFTS[:5], edition=2016).pdf(hidden=True),
    "tx-tec-coh-2012": lambda: coh(COH_GIFTS[:4]).pdf(hidden=True),
    "ny-boe-schedule-f": lambda: schedule_f().pdf(),
}

# A filing of several pages in each form, and how it is written: scans have hidden text.
FORMS: dict[str, Callable[[], tuple[Drawn, dict[str, Any]]]] = {
    "fppc-2001": lambda: (fppc(), {}),
    "fppc-2016": lambda: (fppc(edition=2016), {"hidden": True}),
    "coh": lambda: (coh(), {"hidden": True}),
    "schedule-f": lambda: (schedule_f(), {}),
}

if __name__ == "__main__":
    for name, drawn in SAMPLES.items():
        (Path(sys.argv[1]) / f"{name}.pdf").write_bytes(drawn())
