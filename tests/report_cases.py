"""Screenings for the tests of the writers: names that would act if they could, and builders that fill in the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from unionscreen.accounting import Amount, Money, total
from unionscreen.screening.paid_out import Spending
from unionscreen.screening.result import Flag, ProsecutorEntry, Reject, Screening

HOSTILE = {
    "ansi": "ACME\x1b[31;1mRED\x1b]0;title\x07",
    "c1 escape": "ACME\x9b31m",
    "markup": "[red]ACME[/red] [link=https://example.org]x[/link] :police_car:",
    "bidi": "ACME \u202egnp.exe\u2066 \u200f",
    "zero width": "PO\u200bLICE\ufeff\u00ad",
    "line ends": "ACME\r\nINC\u2028\u0085X",
    "nul": "AC\x00ME",
    "surrogate": "AC\udce9ME",
    "long": "X" * 10_000,
    "wide": "警察協会" * 60,
    "formula": '=HYPERLINK("http://example.org")',
    "command": "@SUM(1+1)*cmd|' /C calc'!A0",
    "tab and formula": "\t=1+1",
    "wide formula": "＝1+1",
    "script": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "template": "{{ 7*7 }}{% raw %}",
    "markdown": "[a](http://example.org) | *b* | # c | `d` | ![e](f) | a@b.org | www.example.org",
    "sql": "x'); DROP TABLE flags; --",
    "attribute": "' onmouseover='alert(1)\" onclick=\"alert(1)",
    "spreadsheet escape": "_x0041_ _x000D_",
    "rtl": "נציגי השוטרים",
    "quotes": 'AC"ME", INC',
    "empty": "",
}
hostile = pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE.keys())


def a_flag(**changes: Any) -> Flag:
    values: dict[str, Any] = {
        "source": "filing.csv",
        "row": 2,
        "recipient": "Jane Roe for District Attorney",
        "contributor": "SPRINGFIELD PBA",
        "date": date(2022, 3, 1),
        "amount_cents": 100_00,
        "kind": "monetary",
        "status": "active",
        "tier": "listed",
        "union_id": "us-xx-springfield-pba",
        "union": "Springfield Police Benevolent Association",
        "union_kind": "police",
        "score": 97.0,
        "why": "its acronym and its place",
    }
    return Flag(**values | changes)


def a_spending(**changes: Any) -> Spending:
    values: dict[str, Any] = {
        "prosecutor": "Jane Roe",
        "target": "Roe, Jane",
        "office": "District Attorney",
        "support_oppose": "support",
        "spender": "SPRINGFIELD PBA",
        "payee": "Mail House",
        "date": date(2022, 4, 1),
        "amount_cents": 12_000_00,
        "status": "active",
        "status_cause": None,
        "place": "spending.csv:2",
        "tier": "listed",
        "union_id": "us-xx-springfield-pba",
        "union": "Springfield Police Benevolent Association",
        "why": "its acronym and its place",
    }
    return Spending(**values | changes)


def an_entry(*flags: Flag, **changes: Any) -> ProsecutorEntry:
    values: dict[str, Any] = {
        "prosecutor": "Jane Roe",
        "office": "District Attorney",
        "jurisdiction": "Springfield County",
        "recipients": ("Jane Roe for District Attorney",),
        "contributions": 685,
        "raised": 1000_00,
        "in_kind": 0,
        "loans": 0,
        "flagged": Money(gross=sum(flag.amount_cents for flag in flags)),
        "flags": flags,
        "related": (),
    }
    return ProsecutorEntry(**values | changes)


def a_screening(*entries: ProsecutorEntry, rejected: Sequence[Reject] = ()) -> Screening:
    manifest = {
        "inputs": [{"path": "filing.csv"}],
        "list_sha256": "0123456789abcdef",
        "version": "0.1.0",
        "settings": {},
        "rows_read": 685,
        "rows_screened": 685 - len(rejected),
        "rows_rejected": len(rejected),
    }
    return Screening(entries, tuple(rejected), manifest)


def money_of(*flags: Flag) -> Money:
    """What the screening itself would compute."""
    return total(Amount(flag.amount_cents, flag.kind, flag.status) for flag in flags)


def hostile_screening(name: str) -> Screening:
    """The name wherever a filing's text can stand, beside an ordinary row."""
    bad = a_flag(
        row=3, contributor=name, union=name, source=name, recipient=name, why=name, status_cause=name,
        status="superseded", alias=name, employer=name, transaction_id=name, reviewed=name, decision="confirmed",
    )  # fmt: skip
    pattern = a_flag(row=4, contributor=name, tier="pattern", union_id=None, union=None)
    look_alike = a_flag(row=5, contributor=name, tier=None, union=name, union_kind="foundation", why=name)
    flags = (a_flag(), bad, pattern)
    entry = an_entry(
        *flags,
        prosecutor=name,
        office=name,
        jurisdiction=name,
        recipients=(name, "Jane Roe for District Attorney"),
        flagged=money_of(*flags),
        related=(look_alike,),
        dismissed=(replace(look_alike, reviewed=name),),
        pledge_date=date(2021, 1, 1),
        pledge_source=name,
    )
    screening = a_screening(entry, an_entry(prosecutor="Nobody"), rejected=[Reject(name, 9, name, name)])
    screening.manifest["inputs"][0]["path"] = name
    screening.manifest["settings"]["recipient"] = name
    return replace(screening, notes=(name,))
