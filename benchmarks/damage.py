"""How much damage a listed name survives: recall by kind of damage, and how often another union is named.

    .venv/bin/python benchmarks/damage.py [--names 400] [--seed 1]

Takes official names and PAC names of the list at random, damages each in one way, and asks the matcher, once with the
donor's state and once without. Writes benchmarks/results/damage.json, which docs/accuracy.md shows.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import string
import time
from collections.abc import Callable
from pathlib import Path

from unionscreen.matching import Matcher, load_matcher

RESULT = Path(__file__).parent / "results" / "damage.json"
_ABBREVIATIONS = {
    "association": "Assn", "police": "Police", "officers": "Ofcrs", "county": "Cnty", "benevolent": "Benev",
    "federation": "Fed", "correctional": "Corr", "deputy": "Dep", "sheriffs": "Sheriffs", "national": "Natl",
    "international": "Intl", "department": "Dept", "professional": "Prof", "saint": "St", "employees": "Empl",
    "highway": "Hwy", "brotherhood": "Brthd", "committee": "Cmte", "organization": "Org", "supervisors": "Supv",
}  # fmt: skip


def _word(name: str, rng: random.Random, least: int = 5) -> tuple[str, str, str]:
    """Cut a name before and after a random word of at least so many letters."""
    words = [hit for hit in re.finditer(r"[A-Za-z]+", name) if len(hit[0]) >= least]
    hit = rng.choice(words) if words else re.match(r".*", name)
    assert hit is not None
    return name[: hit.start()], hit[0], name[hit.end() :]


def wrong_letter(name: str, rng: random.Random) -> str:
    before, word, after = _word(name, rng)
    at = rng.randrange(1, len(word)) if len(word) > 1 else 0
    return before + word[:at] + rng.choice(string.ascii_lowercase) + word[at + 1 :] + after


def lost_letter(name: str, rng: random.Random) -> str:
    before, word, after = _word(name, rng)
    at = rng.randrange(1, len(word)) if len(word) > 1 else 0
    return before + word[:at] + word[at + 1 :] + after


def swapped_letters(name: str, rng: random.Random) -> str:
    before, word, after = _word(name, rng)
    at = rng.randrange(0, max(len(word) - 1, 1))
    return before + word[:at] + word[at + 1 : at + 2] + word[at : at + 1] + word[at + 2 :] + after


def lost_space(name: str, rng: random.Random) -> str:
    spaces = [hit.start() for hit in re.finditer(" ", name)]
    at = rng.choice(spaces) if spaces else 0
    return name[:at] + name[at + 1 :] if spaces else name


def cut_at_40(name: str, rng: random.Random) -> str:
    return name[: rng.choice((38, 40))] if len(name) > 41 else name


def abbreviated(name: str, rng: random.Random) -> str:
    return re.sub(r"[A-Za-z]+", lambda hit: _ABBREVIATIONS.get(hit[0].lower(), hit[0]), name).replace("'", "")


def other_order(name: str, rng: random.Random) -> str:
    words = name.split()
    at = rng.randrange(1, len(words)) if len(words) > 1 else 0
    return " ".join([*words[at:], *words[:at]])


def pac_tail(name: str, rng: random.Random) -> str:
    tails = (
        "PAC",
        "Political Action Committee",
        "PAC Fund",
        "PAC (Small Contributor Committee)",
        "COPE",
        "PAC #951606",
    )
    return f"{name} {rng.choice(tails)}"


def entity(name: str, rng: random.Random) -> str:
    return name.replace("'", "&#x27;").replace("&", "&amp;") if "'" in name else name.replace("s ", "&#x27;s ", 1)


def mojibake(name: str, rng: random.Random) -> str:
    marked = name.replace("'", "\u2019") if "'" in name else name.replace("s ", "\u2019s ", 1)
    return marked.encode("utf-8").decode("cp1252", errors="replace")


def capitals(name: str, rng: random.Random) -> str:
    return name.upper().replace("'", "")


def two_damages(name: str, rng: random.Random) -> str:
    return wrong_letter(abbreviated(pac_tail(name, rng), rng), rng).upper()


DAMAGES: dict[str, Callable[[str, random.Random], str]] = {
    "none": lambda name, rng: name,
    "capitals": capitals,
    "PAC tail": pac_tail,
    "abbreviated": abbreviated,
    "other word order": other_order,
    "one wrong letter": wrong_letter,
    "one letter lost": lost_letter,
    "two letters swapped": swapped_letters,
    "a space lost": lost_space,
    "cut at 38 or 40": cut_at_40,
    "HTML entities": entity,
    "mojibake": mojibake,
    "abbreviated, PAC tail, wrong letter": two_damages,
}


def measure(matcher: Matcher, names: int, seed: int) -> dict[str, dict[str, float]]:
    """For each kind of damage the share of names found as a union, as the right one, and as another one."""
    known = matcher.unions
    aliases = [a for a in known.aliases if a.alias_kind in ("official", "pac-name") and not a.ambiguous]
    results = {}
    for kind, damage in DAMAGES.items():
        rng = random.Random(f"{seed} {kind}")  # noqa: S311 - a benchmark, not a secret
        sample = rng.sample(aliases, min(names, len(aliases)))
        counts = dict.fromkeys(("union", "right", "wrong", "union_no_state", "right_no_state", "wrong_no_state"), 0)
        for alias in sample:
            damaged = damage(alias.alias, rng)
            for suffix, state in (("", known.unions[alias.union_id].state or None), ("_no_state", None)):
                answer = matcher.match(damaged, state=state)
                counts["union" + suffix] += answer.verdict == "union"
                counts["right" + suffix] += answer.union_id == alias.union_id
                counts["wrong" + suffix] += answer.union_id not in (None, alias.union_id)
        results[kind] = {key: round(value / len(sample), 4) for key, value in counts.items()}
    return results


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--names", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    started = time.perf_counter()
    results = measure(load_matcher(), options.names, options.seed)
    for kind, shares in results.items():
        print(f"{kind:38}", *(f"{key} {value:6.1%}" for key, value in shares.items()))
    print(f"{time.perf_counter() - started:.1f} s")
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(
        json.dumps({"names": options.names, "seed": options.seed, "results": results}, indent=1) + "\n",
        encoding="utf-8",
    )


if __name__ == "__main__":
    main()
