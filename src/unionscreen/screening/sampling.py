"""A sample of the donors of a saved result for hand coding, stratified by answer, tier and score."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from unionscreen.errors import UsageError
from unionscreen.files import file_of
from unionscreen.filings import read_block
from unionscreen.hashing import sha256_of
from unionscreen.matching import Matcher
from unionscreen.screening.inputs import open_inputs
from unionscreen.screening.result import Screening

# Scores are grouped by tens; the lowest pattern is at 40.
_BAND: Final = 10
_TOP_BAND: Final = 90
_POLICE_WORDS: Final = "clear, with a word that unions have"
_OTHERS: Final = "clear, other"


class SampledDonor(NamedTuple):
    """One donor to code by hand.

    Attributes:
        name: as filed.
        state: the donor's, as filed.
        example: ``file:row`` of one of its rows; empty for a donor that the result does not show.
        stratum: which part of the donors it stands for.
        in_stratum: how many donors that part has.
        called: the answer of the result: union, related or clear.
    """

    name: str
    state: str
    example: str
    stratum: str
    in_stratum: int
    called: str


class _Donor(NamedTuple):
    name: str
    state: str
    example: str


_Strata = dict[tuple[str, str], dict[tuple[str, str], _Donor]]


def draw_sample(
    screening: Screening, size: int, matcher: Matcher, *, seed: int = 1
) -> tuple[list[SampledDonor], tuple[str, ...]]:
    """Draw donors at random from each stratum: equal numbers, as far as the strata have so many.

    Args:
        screening: a saved result.
        size: how many donors.
        matcher: tells which of the donors that are not shown have a word that unions have.
        seed: of the random numbers; the same result, size and seed give the same sample.

    Returns:
        The sample in random order, and notes.

    Raises:
        UsageError: the result shows no donor.
    """
    strata = _shown(screening)
    why = _add_clear(strata, screening, matcher)
    if not strata:
        raise UsageError("the result shows no donor to sample")
    notes = (f"without donors that are not shown, so recall is not known: {why}",) if why else ()
    draw = random.Random(seed)  # noqa: S311 - a sample that can be drawn again
    sample: list[SampledDonor] = []
    for (stratum, called), number in _shares({key: len(strata[key]) for key in sorted(strata)}, size).items():
        donors = [strata[stratum, called][key] for key in sorted(strata[stratum, called])]
        sample += [SampledDonor(*each, stratum, len(donors), called) for each in draw.sample(donors, number)]
    draw.shuffle(sample)
    return sample, notes


def _shown(screening: Screening) -> _Strata:
    """The donors of the union and look-alike rows, each once, in the stratum of its first row."""
    strata: _Strata = {}
    seen: set[tuple[str, str]] = set()
    for finding, called in (("union", "union"), ("related", "related")):
        for entry in screening.prosecutors:
            for found, flag in entry.findings:
                key = (flag.contributor, flag.state or "")
                if found != finding or key in seen:
                    continue
                seen.add(key)
                stratum = f"{flag.tier or called}, score {_band(flag.score)}" if called == "union" else called
                strata.setdefault((stratum, called), {})[key] = _Donor(*key, flag.place)
    return strata


def _band(score: float) -> str:
    low = min(int(score) // _BAND * _BAND, _TOP_BAND)
    return f"{low} to {100 if low == _TOP_BAND else low + _BAND - 1}"


def _shares(sizes: Mapping[tuple[str, str], int], wanted: int) -> dict[tuple[str, str], int]:
    """How many to draw of each stratum: the same number, and of a smaller one all."""
    shares = dict.fromkeys(sizes, 0)
    left = min(wanted, sum(sizes.values()))
    while left:
        for key in shares:
            if left and shares[key] < sizes[key]:
                shares[key] += 1
                left -= 1
    return shares


def _add_clear(strata: _Strata, screening: Screening, matcher: Matcher) -> str:
    """Add the donors of the same recipients that the result does not show, from its inputs.

    Returns:
        Why that is not possible, or "".
    """
    files = {_on_disk(each["path"]): each["sha256"] for each in screening.manifest["inputs"]}
    for path, sha256 in files.items():
        if not Path(path).is_file():
            return f"{path} is not there"
        if sha256_of(Path(path)) != sha256:
            return f"{path} is not the file that was screened"
    seen = {key for donors in strata.values() for key in donors}
    names = [key for key in _donors([*files], screening) if key not in seen]
    passed = matcher.prefilter(pa.array([name for name, _ in names], pa.string())).to_pylist()
    for key, police in zip(names, passed, strict=True):
        stratum = (_POLICE_WORDS if police else _OTHERS, "clear")
        strata.setdefault(stratum, {})[key] = _Donor(*key, "")
    return ""


def _on_disk(source: str) -> str:
    """The file of an input, which may be a sheet of it or a member of a zip."""
    file = file_of(source)
    return file if "!" not in file or Path(file).exists() else file.partition("!")[0]


def _donors(paths: Sequence[str], screening: Screening) -> Iterator[tuple[str, str]]:
    """Name and state of each donor of the recipients that the result shows, once."""
    settings: Mapping[str, Any] = screening.manifest["settings"]
    recipients = pa.array(sorted({name for entry in screening.prosecutors for name in entry.recipients}), pa.string())
    found: list[pa.Table] = []
    with tempfile.TemporaryDirectory(prefix="unionscreen-") as scratch:
        inputs = open_inputs(
            paths,
            filing_format=settings.get("filing_format"),
            mapping=settings.get("mapping"),
            recipient=settings.get("recipient"),
            scratch=Path(scratch),
            accept_difference=bool(settings.get("accept_difference")),
        )
        for filing in inputs.filings:
            for task in filing.tasks():
                block = read_block(task)
                block.payments()  # Money that the filer paid out is taken from among the rows: filers are not donors.
                table = pa.table({"name": block.column("contributor"), "state": block.column("state")})
                mine = pc.is_in(pc.fill_null(block.column("recipient"), ""), recipients)
                found.append(table.filter(mine).group_by(["name", "state"], use_threads=False).aggregate([]))
    for name, state in zip(*(column.to_pylist() for column in pa.concat_tables(found).columns), strict=True):
        if name:
            yield name, state or ""
