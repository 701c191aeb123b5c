"""Endorsements: unions that a page names, what its words say about each, and the table of them."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import sqlite3
import sys
import tomllib
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas
from typer.testing import Result

from unionscreen.endorsements import Endorsement, find_endorsements
from unionscreen.endorsements.pages import MAX_TEXT_BYTES, text_page
from unionscreen.endorsements.words import endorsement_words, sentences
from unionscreen.errors import FilingError, UnionListError, UsageError
from unionscreen.reports.endorsements import SILENCE
from unionscreen.unions import data_path

ROOT = Path(__file__).resolve().parents[1]
CASES = ROOT / "tests" / "cases"
PAGE = "examples/endorsements.html"
TABLE = "examples/endorsements.csv"


@pytest.fixture
def say(tmp_path: Path) -> Callable[..., list[Endorsement]]:
    """What a text says about the organizations in it."""

    def read(text: str, name: str = "page.txt", **options: object) -> list[Endorsement]:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return list(find_endorsements([str(path)], **options).found)  # type: ignore[arg-type]

    return read


def calls(found: list[Endorsement]) -> list[tuple[str, str]]:
    return [(each.text, each.endorses) for each in found]


# ------------------------------------------------------------------------- invented passages, labeled by hand


@dataclass(frozen=True)
class Score:
    mention_precision: float
    mention_recall: float
    yes_precision: float
    yes_recall: float


def plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", text.lower().replace("’", "").replace("'", "")).strip()


def same(one: str, other: str) -> bool:
    return plain(one) in plain(other) or plain(other) in plain(one)


def rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((CASES / name).read_text(encoding="utf-8"))))


@cache
def score(part: str) -> Score:
    """Mentions and calls of "yes" against the labels; unions that a text does not name are not counted."""
    labels = rows("endorsement_mentions.csv")
    pairs = found_labels = right_yes = called_yes = labeled_yes = labeled = 0
    for passage in rows("endorsement_passages.csv"):
        if passage["part"] != part:
            continue
        mentions = [each for each in _found(passage["text"]) if each.verdict == "union"]
        mine = [each for each in labels if each["id"] == passage["id"]]
        generic = [each["union"] for each in mine if each["endorsed"] == "generic"]
        mentions = [each for each in mentions if not any(same(each.text, one) for one in generic)]
        for label in (each for each in mine if each["endorsed"] != "generic"):
            hits = [each for each in mentions if same(each.text, label["union"])]
            labeled, found_labels = labeled + 1, found_labels + bool(hits)
            is_yes, called = label["endorsed"] == "yes", any(each.endorses == "yes" for each in hits)
            labeled_yes, called_yes = labeled_yes + is_yes, called_yes + called
            right_yes += is_yes and called
        for mention in mentions:
            known = any(same(mention.text, each["union"]) for each in mine)
            pairs += not known
            called_yes += not known and mention.endorses == "yes"
    return Score(
        found_labels / (found_labels + pairs), found_labels / labeled, right_yes / called_yes, right_yes / labeled_yes
    )


def _found(text: str, candidate: str | None = None, *, markdown: bool = False) -> list[Endorsement]:
    from unionscreen.endorsements import finding

    page = text_page(text.encode(), "passage", markdown=markdown)
    asked = finding._Asked(finding.load_matcher(None), candidate, None, None)
    return list(finding._in_page(page, asked))


@pytest.mark.parametrize("part", ["development", "held-out"])
@pytest.mark.parametrize(
    ("figure", "least"),
    [("mention_precision", 0.95), ("mention_recall", 0.95), ("yes_precision", 0.9), ("yes_recall", 0.75)],
)
def test_invented_passages_are_read_as_labeled(part: str, figure: str, least: float) -> None:
    assert getattr(score(part), figure) >= least


def test_no_doubtful_passage_is_called_an_endorsement() -> None:
    """Every sentence, list and table of the part "doubts", for the candidate of its label: no "yes" too many."""
    labels = {each["id"]: each for each in rows("endorsement_mentions.csv")}
    wrong = []
    for passage in rows("endorsement_passages.csv"):
        if passage["part"] != "doubts":
            continue
        label = labels[passage["id"]]
        markdown = passage["style"] == "markdown"
        found = [each for each in _found(passage["text"], label["candidate"], markdown=markdown) if UNION in each.text]
        if not found or (label["endorsed"] == "yes") != any(each.endorses == "yes" for each in found):
            wrong.append((passage["id"], passage["text"], [(each.endorses, each.why) for each in found]))
    assert wrong == []


def test_each_labeled_passage_exists_and_has_enough_company() -> None:
    ids = {each["id"] for each in rows("endorsement_passages.csv")}
    assert {each["id"] for each in rows("endorsement_mentions.csv")} <= ids
    assert len(ids) >= 60


# ------------------------------------------------------------------------------------- what the words say

UNION = "Elmhaven Police Officers Association"

NOT_YES = {
    "declined": f"The {UNION} declined to endorse Dana Whitfield.",
    "withdrew": f"The {UNION} withdrew its endorsement of Dana Whitfield.",
    "did not endorse": f"The {UNION} did not endorse Dana Whitfield.",
    "didn’t": f"The {UNION} didn’t endorse Dana Whitfield.",
    "neither": f"Neither the {UNION} nor the Marlow Deputies Union endorsed Dana Whitfield.",
    "not by": f"Dana Whitfield is endorsed by the Sierra Club but not the {UNION}.",
    "spent against": f"The {UNION} spent $80,000 against Dana Whitfield.",
    "past race": f"The {UNION} endorsed Dana Whitfield four years ago.",
    "a year": f"The {UNION} endorsed Dana Whitfield in 2014.",
    "a quotation": f"“Crime is up,” said Pat Lowe, president of the {UNION}.",
    "a forum": f"The {UNION} hosted a forum with Dana Whitfield.",
    "at its hall": f"Mayor Al Dunn endorsed Dana Whitfield at the {UNION}’s hall.",
    "money": f"The {UNION} gave $5,000 to Dana Whitfield.",
    "a measure": f"The {UNION} endorsed Measure B.",
    "the object": f"Dana Whitfield endorsed the {UNION}’s contract demands.",
    "a hope": f"Dana Whitfield hopes to win the endorsement of the {UNION}.",
    "a condition": f"If the {UNION} endorses Dana Whitfield, she will win.",
    "a question": f"Will the {UNION} endorse Dana Whitfield?",
    "a future": f"The {UNION} may endorse Dana Whitfield.",
    "an interview": f"Dana Whitfield skipped the {UNION} endorsement interview.",
    "support for it": f"Dana Whitfield voiced support for the {UNION}.",
    "supporters of the rival": f"Dana Whitfield, unlike the {UNION}, supports the reform.",
    "another's": f"The Sierra Club endorsed Dana Whitfield; the {UNION} has not said whom it likes.",
    "its president": f"Pat Lowe, president of the {UNION}, endorsed Dana Whitfield.",
    "every winner": f"The {UNION} has endorsed every winner.",
}


@pytest.mark.parametrize("text", NOT_YES.values(), ids=NOT_YES)
def test_these_words_are_not_an_endorsement(say: Callable[..., list[Endorsement]], text: str) -> None:
    found = {each.text: each.endorses for each in say(text)}
    assert found.pop(UNION, None) in ("no", "check")
    assert "yes" not in found.values()


YES = {
    "a verb": f"The {UNION} endorsed Dana Whitfield.",
    "after a vote": f"Members of the {UNION} voted overwhelmingly on Monday to endorse Dana Whitfield.",
    "an apposition": f"The {UNION}, which represents 400 officers, is backing Dana Whitfield.",
    "the passive": f"Dana Whitfield has been endorsed by the Sierra Club and the {UNION}.",
    "a noun": f"Dana Whitfield won the coveted endorsement of the {UNION}.",
    "a possessive": f"The {UNION}’s endorsement of Dana Whitfield came late.",
    "a compound": f"Dana Whitfield received the {UNION} endorsement.",
    "a hyphen": f"The {UNION}-backed candidate, Dana Whitfield, won.",
    "weight": f"The {UNION} threw its considerable weight behind Dana Whitfield.",
    "a label": f"Dana Whitfield. Endorsements: Sierra Club; {UNION}; Mayor Al Dunn.",
    "thanks": f"Dana Whitfield thanked the {UNION} for its endorsement.",
    "the president says we": f"“We are proud to endorse Dana Whitfield,” said Pat Lowe, president of the {UNION}.",
    "a heading in title case": f"{UNION} Endorses Dana Whitfield for District Attorney",
    "instead": f"The {UNION} could not support Bo Tran and endorsed Dana Whitfield.",
}


@pytest.mark.parametrize("text", YES.values(), ids=YES)
def test_these_words_are_an_endorsement(say: Callable[..., list[Endorsement]], text: str) -> None:
    found = [each for each in say(text) if each.text.startswith(UNION)]
    assert [each.endorses for each in found] == ["yes"]


@pytest.mark.parametrize(
    "name", ["a verb", "the passive", "a noun", "a possessive", "weight", "a heading in title case"]
)
def test_the_candidate_is_named_as_far_as_the_text_says(say: Callable[..., list[Endorsement]], name: str) -> None:
    (found,) = [each for each in say(YES[name]) if each.verdict == "union"]
    assert found.candidate == "Dana Whitfield"


def test_a_year_counts_against_the_day_of_the_page(say: Callable[..., list[Endorsement]]) -> None:
    text = f"The {UNION} endorsed Dana Whitfield in 2022."
    assert [each.endorses for each in say(text)] == ["check"]
    assert [each.endorses for each in say(text, day=date(2022, 5, 1))] == ["yes"]
    assert [each.endorses for each in say(text, day=date(2026, 5, 1))] == ["no"]
    assert [each.endorses for each in say(f"Oct. 3, 2022. {text}")] == ["yes"]


def test_an_endorsement_of_somebody_else_is_not_one_of_the_candidate(say: Callable[..., list[Endorsement]]) -> None:
    text = f"The {UNION} endorsed Bo Tran. The Marlow Deputies Union endorsed Dana Whitfield."
    found = say(text, candidate="Dana Whitfield")
    assert [each.endorses for each in found] == ["no", "yes"]
    assert "Bo Tran" in found[0].why


@pytest.mark.parametrize(
    "text",
    [
        f"Dana Whitfield lost. The {UNION} endorsed her opponent.",
        f"The {UNION} endorsed Dana Whitfield’s challenger.",
        f"The {UNION} endorsed Dana Whitfield’s Republican opponent, Bo Tran.",
        f"Dana Whitfield met voters. Her opponent is backed by the {UNION}.",
        f"Dana Whitfield’s rival was endorsed by the {UNION}.",
    ],
)
def test_an_endorsement_of_the_opponent_is_not_one_of_the_candidate(
    say: Callable[..., list[Endorsement]], text: str
) -> None:
    (found,) = say(text, candidate="Dana Whitfield")
    assert found.endorses == "no"
    assert "for another candidate" in found.why


def test_whom_the_text_does_not_name_is_to_be_checked(say: Callable[..., list[Endorsement]]) -> None:
    found = say(
        f"The {UNION} made an endorsement at last: its choice is the {UNION}-backed challenger.", candidate="Roe"
    )
    assert "yes" not in {each.endorses for each in found}


# -------------------------------------------------------------------------------------------- finding names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("The Elmhaven Patrolmen’s Benevolent Association met.", ["Elmhaven Patrolmen’s Benevolent Association"]),
        ("The Elmhaven\nPolice\nOfficers Association met.", ["Elmhaven Police Officers Association"]),
        ("the Fraternal Order of Police, Lodge #7 met", ["Fraternal Order of Police, Lodge #7"]),
        ("Mayor Roe and Elmhaven Police Officers Association met.", ["Elmhaven Police Officers Association"]),
        ("the Elmhaven PBA and the Marlow Deputies Union met", ["Elmhaven PBA", "Marlow Deputies Union"]),
        ("Elmhaven Police Union President Jane Roe met.", ["Elmhaven Police Union"]),
        ("The Elmhaven Police Department and Sheriff Jane Roe met.", []),
        ("Police Chief Jane Roe of the Elmhaven Teachers Association met.", []),
        ("“Peace Officers Research Assn. of California” met.", ["Peace Officers Research Assn. of California"]),
    ],
)
def test_names_are_found_as_written(say: Callable[..., list[Endorsement]], text: str, names: list[str]) -> None:
    assert [each.text for each in say(text) if each.verdict == "union"] == names


def test_names_that_share_their_last_word_are_two(say: Callable[..., list[Endorsement]]) -> None:
    found = say("The Elmhaven Sergeants and Lieutenants Benevolent Associations endorsed Bo Tran.")
    assert len(found) == 2
    assert {each.endorses for each in found} == {"yes"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("SFPOA endorsed Dana Whitfield.", True),
        ("The DSA endorsed Dana Whitfield.", False),
        ("The DSA endorsed Dana Whitfield. Deputies cheered the sheriff.", True),
        ("The Democratic Socialists met. The DSA endorsed Dana Whitfield over the sheriff.", False),
        (f"The {UNION} (EPOA) met. The EPOA endorsed Dana Whitfield.", True),
        ("The EPXA endorsed Dana Whitfield.", False),
        ("POLICE FOLLOW LAW IN CAPITALS", False),
    ],
)
def test_a_short_name_needs_a_second_witness(say: Callable[..., list[Endorsement]], text: str, found: bool) -> None:
    assert any(each.verdict == "union" and " " not in each.text for each in say(text)) is found


def test_a_short_name_is_the_union_that_the_page_explains(say: Callable[..., list[Endorsement]]) -> None:
    text = "The Peace Officers Research Association of California (PORAC) met. PORAC endorsed Dana Whitfield."
    first, second = say(text)
    assert first.union_id == second.union_id == "us-ca-peace-officers-research-association-of-california"


def test_what_may_be_several_unions_stays_ambiguous(say: Callable[..., list[Endorsement]]) -> None:
    (found,) = say("FOP Lodge 5 endorsed Dana Whitfield.")
    assert found.union_id is None
    assert len(found.could_be) > 1


def test_a_union_that_is_not_named_is_to_be_checked(say: Callable[..., list[Endorsement]]) -> None:
    (found,) = say("The city’s police union endorsed Dana Whitfield.")
    assert (found.endorses, found.tier, found.union_id) == ("check", None, None)


# ------------------------------------------------------------------------------------------------ the page

LIST = f"Endorsements\n\n{UNION}\nMarlow Deputies Union\n\nNEWS\n\nThe Redfield Police Guild met.\n"
MARKDOWN = (
    f"# Endorsements\n\n## Labor\n\n- **{UNION}**\n- [Marlow Deputies Union](https://example.org/x)\n\n"
    "# Issues\n\n- Redfield Police Guild\n"
)
HTML = f"<h2>Endorsed by</h2><ul><li>{UNION}<li>Marlow Deputies Union</ul><h2>News</h2><p>Redfield Police Guild"


@pytest.mark.parametrize(("text", "name"), [(LIST, "a.txt"), (MARKDOWN, "a.md"), (HTML, "a.html")])
def test_a_list_under_a_heading_is_the_candidates(say: Callable[..., list[Endorsement]], text: str, name: str) -> None:
    found = say(text, name, candidate="Dana Whitfield")
    assert calls(found) == [(UNION, "yes"), ("Marlow Deputies Union", "yes"), ("Redfield Police Guild", "no")]
    assert found[0].candidate == "Dana Whitfield"


def test_a_list_under_the_heading_of_another_is_not_the_candidates(say: Callable[..., list[Endorsement]]) -> None:
    (found,) = say(f"Endorsements of Bo Tran:\n\n- {UNION}\n", candidate="Dana Whitfield")
    assert (found.endorses, found.candidate) == ("no", "Bo Tran")


GUIDES = {
    "guide.md": "# Dana Whitfield\n\n## Endorsements\n\n- Redfield Police Guild\n\n"
    f"# Bo Tran\n\n## Endorsements\n\n- {UNION}\n",
    "guide.html": "<h2>Dana Whitfield</h2><h3>Endorsed by</h3><ul><li>Redfield Police Guild</ul>"
    f"<h2>Bo Tran</h2><h3>Endorsed by</h3><ul><li>{UNION}</ul>",
    "guide.txt": f"Dana Whitfield\n\nEndorsements\n\n- Redfield Police Guild\n\nBo Tran\n\nEndorsements\n\n- {UNION}\n",
}


@pytest.mark.parametrize("name", GUIDES)
def test_each_list_of_a_ballot_guide_is_the_candidates_above_it(
    say: Callable[..., list[Endorsement]], name: str
) -> None:
    found = say(GUIDES[name], name, candidate="Dana Whitfield")
    assert calls(found) == [("Redfield Police Guild", "yes"), (UNION, "no")]
    assert [each.candidate for each in say(GUIDES[name], name)] == ["Dana Whitfield", "Bo Tran"]


@pytest.mark.parametrize("heading", ["Past endorsements", "Endorsements declined", "Our endorsement process"])
def test_not_every_list_of_endorsements_is_one(say: Callable[..., list[Endorsement]], heading: str) -> None:
    assert {each.endorses for each in say(f"{heading}\n\n- {UNION}\n")} == {"no"}


def test_the_line_is_that_of_the_name(say: Callable[..., list[Endorsement]]) -> None:
    found = say("Two unions met:\nfirst the Marlow Deputies Union, and then the\nRedfield Police Guild of the city.\n")
    assert [each.line for each in found] == [2, 3]


def test_scripts_comments_and_tags_are_not_text() -> None:
    page = text_page(b"<html><!-- a <b> --><script>x<y</script><p>A &amp; <b>B</b>\nC<br>D</p><style>p{}</style>", "x")
    assert [block.text for block in page.blocks] == ["A & B C", "D"]
    assert page.blocks[1].lines == ((0, 2),)


def test_a_pdf_is_read_page_by_page(tmp_path: Path) -> None:
    path = tmp_path / "release.pdf"
    canvas = Canvas(str(path))
    canvas.drawString(72, 700, "A first page without names of any organization on it, only words and more words.")
    canvas.showPage()
    canvas.drawString(72, 700, "Elmhaven, May 2. In a close vote on Monday evening the members of the Elmhaven Police")
    canvas.drawString(72, 686, "Officers Association endorsed Dana Whitfield for district attorney of the county.")
    canvas.save()
    (found,) = find_endorsements([str(path)]).found
    assert (found.source, found.line, found.text, found.endorses) == (f"{path}#2", 1, UNION, "yes")


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        page = text_page(data, "page")
    except FilingError:
        return
    lines = data.decode("utf-8", "replace").count("\n") + data.count(b"\r") + 1
    assert all(1 <= block.line_at(0) <= lines for block in page.blocks)


@given(st.text(st.characters(codec="utf-8", exclude_characters="<>&\0"), min_size=1, max_size=60))
def test_markup_around_a_text_changes_nothing(text: str) -> None:
    words = text.split()
    if not words:
        return
    page = text_page(f"<html><body><p>{text}</p></body></html>".encode(), "page")
    assert " ".join(block.text for block in page.blocks).replace(" ", "") == "".join(words).replace("-", "-")


@given(st.text(max_size=200))
def test_sentences_keep_every_letter_and_their_places(text: str) -> None:
    found = sentences(text)
    assert "".join(each.text for each in found).split() == "".join(each.text for each in found).split()
    assert re.sub(r"\s", "", "".join(each.text for each in found)) == re.sub(r"\s", "", text)
    assert all(text[each.start : each.start + len(each.text)] == each.text for each in found)


@pytest.mark.parametrize(
    "piece", [b"<", b"<a ", b"<!--", b"<script>", b"<div>", b"&amp", b'"<"', b"<p><b>", b"[", b"Police and ", b"(PBA "]
)
def test_hostile_markup_costs_no_more_than_its_length(piece: bytes, tmp_path: Path) -> None:
    small, large = (b"<html>" + piece * (size // len(piece)) for size in (20_000, 160_000))
    steps = [_steps(tmp_path, data) for data in (small, large)]
    assert steps[1] < 20 * steps[0] + 100_000


def _steps(folder: Path, data: bytes) -> int:
    """How many functions a page costs: a count that does not depend on the machine."""
    path = folder / "page.html"
    path.write_bytes(data)
    count = 0

    def step(*_: object) -> None:
        nonlocal count
        count += 1

    before = sys.getprofile()
    sys.setprofile(step)
    try:
        find_endorsements([str(path)])
    except FilingError:
        pass
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"x" * (MAX_TEXT_BYTES + 1), "holds more than 8 MB"),
        (b"a " * 600_000, "holds 600,000 words"),
        (b"", "holds no text"),
        (b"PK\x03\x04rest", "not a page of text"),
        (b"\x89PNG\x00\x00", "not a page of text"),
    ],
)
def test_what_is_not_a_page_is_refused_with_its_reason(data: bytes, says: str, tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    path.write_bytes(data)
    with pytest.raises(FilingError, match=says):
        find_endorsements([str(path)])


def test_a_phrase_of_a_kind_of_single_words_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "words.toml"
    path.write_text('[officers_of]\nphrases = ["chief", "vice president|treasurer"]\n')
    monkeypatch.setattr("unionscreen.endorsements.words.data_path", lambda _: path)
    with pytest.raises(UnionListError, match="treasurer' is not one word, as officers_of needs"):
        endorsement_words.__wrapped__()


def test_no_word_is_twice_in_a_kind() -> None:
    for kind, entry in tomllib.loads(data_path("endorsement_words.toml").read_text("utf-8")).items():
        words = [word for phrase in entry["phrases"] if " " not in phrase for word in phrase.split("|")]
        assert len(words) == len({*words}), kind


def test_every_kind_of_word_is_used() -> None:
    source = "".join(path.read_text("utf-8") for path in (ROOT / "src/unionscreen/endorsements").glob("*.py"))
    assert [kind for kind in endorsement_words().single if f'"{kind}"' not in source] == []


# ------------------------------------------------------------------------------------------- the command line


def test_the_page_of_a_candidate_through_the_command_line(cli: Callable[..., Result]) -> None:
    result = cli("endorsements", PAGE, "--candidate", "Jordan Avery", "--format", "jsonl")
    assert result.exit_code == 0
    found = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(each["line"], each["endorses"], each["text"]) for each in found if each["record"] == "endorsements"] == [
        (9, "yes", "Elmhaven Police Officers Association"),
        (10, "yes", "Marlow County Deputy Sheriffs’ Association"),
        (14, "no", "Peace Officers Research Association of California"),
        (15, "no", "Elmhaven Police Officers Association"),
        (16, "no", "Marlow Correctional Officers Union"),
    ]
    assert SILENCE in result.stderr


def test_the_output_says_that_silence_is_not_evidence(cli: Callable[..., Result], tmp_path: Path) -> None:
    nothing = tmp_path / "nothing.txt"
    nothing.write_text("The council met on Monday.")
    assert SILENCE in cli("endorsements", nothing).stdout
    assert SILENCE in json.loads(cli("endorsements", nothing, "--format", "json").stdout)["notes"]


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "xlsx", "sqlite", "parquet", "json", "txt"])
def test_every_format_holds_the_same_mentions(cli: Callable[..., Result], tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"found.{suffix}"
    assert cli("endorsements", PAGE, "--out", path).exit_code == 0
    match suffix:
        case "csv":
            texts = pd.read_csv(path).text
        case "jsonl":
            texts = pd.read_json(path, lines=True).query("record == 'endorsements'").text
        case "xlsx":
            texts = pd.read_excel(path, engine="calamine").text
        case "sqlite":
            with closing(sqlite3.connect(path)) as database:
                texts = pd.read_sql("SELECT text FROM endorsements", database).text
        case "parquet":
            texts = pd.read_parquet(path).text
        case "json":
            texts = pd.DataFrame(json.loads(path.read_text("utf-8"))["endorsements"]).text
        case _:
            assert path.read_text("utf-8").count("endorsements.html:") == 5
            return
    assert len(texts) == 5
    assert texts.iloc[0] == "Elmhaven Police Officers Association"


def test_standard_input_and_the_exit_code(cli: Callable[..., Result]) -> None:
    text = f"The {UNION} endorsed Dana Whitfield."
    assert cli("endorsements", "-", stdin=text).exit_code == 0
    assert cli("endorsements", "-", "--fail-on-yes", stdin=text).exit_code == 1
    assert cli("endorsements", "-", "--fail-on-yes", stdin=NOT_YES["declined"]).exit_code == 0


def test_a_pdf_on_standard_input_may_be_larger_than_a_page_of_text(
    cli: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = io.BytesIO()
    canvas = Canvas(shown)
    canvas.drawString(72, 700, f"The {UNION} endorsed Dana Whitfield.")
    canvas.save()
    monkeypatch.setattr("unionscreen.endorsements.pages.MAX_TEXT_BYTES", 500)
    result = cli("endorsements", "-", "--format", "json", stdin=shown.getvalue())
    assert [each["source"] for each in json.loads(result.stdout)["endorsements"]] == ["<stdin>#1"]
    monkeypatch.setattr("unionscreen.endorsements.pages.MAX_PDF_BYTES", 1000)
    result = cli("endorsements", "-", stdin=shown.getvalue())
    assert (result.exit_code, "<stdin>: holds more than" in result.stderr) == (3, True)


@pytest.mark.parametrize("form", ["table", "json", "csv"])
@pytest.mark.parametrize("suffix", ["txt", "csv"])
def test_a_file_name_that_is_not_utf_8_is_shown(
    cli: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str, suffix: str
) -> None:
    monkeypatch.chdir(tmp_path)
    text = f"The {UNION} endorsed Dana Whitfield.\n"
    table = "endorser,candidate,date,source\nElm Club,Dana Whitfield,,https://example.org\n"
    path = os.fsdecode(b"caf\xe9." + suffix.encode())
    Path(path).write_text(table if suffix == "csv" else text)
    result = cli("endorsements", path, "--format", form)
    assert result.exit_code == 0, result.output
    assert f"caf\\xe9.{suffix}" in result.stdout.replace("\\\\", "\\")
    Path(path).write_text("" if suffix == "txt" else "endorser\n")
    assert f"caf\\xe9.{suffix}: " in cli("endorsements", path).stderr.replace(":1: ", ": ")


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("missing.txt",), 3, "missing.txt: cannot be opened"),
        (("tests",), 3, "tests: is a folder, not a page"),
        ((PAGE, "--date", "soon"), 2, "--date soon: not a date"),
        ((PAGE, "--state", "ZZ"), 2, "ZZ"),
        ((PAGE, "--candidate", " "), 2, "the candidate has no name"),
        ((PAGE, "--format", "html"), 2, "'html' is not one of 'table', 'json', 'csv'"),
        ((PAGE, "--out", PAGE), 2, "suffix"),
    ],
)
def test_mistakes_are_named(cli: Callable[..., Result], arguments: tuple[str, ...], code: int, says: str) -> None:
    result = cli("endorsements", *arguments)
    assert result.exit_code == code
    assert says in result.stderr


# ---------------------------------------------------------------------------------------------------- tables


def test_a_table_is_taken_at_its_word(cli: Callable[..., Result]) -> None:
    found = json.loads(cli("endorsements", TABLE, "--format", "json").stdout)["endorsements"]
    assert [(each["verdict"], each["tier"], each["endorses"], each["line"]) for each in found] == [
        ("union", "listed", "yes", 2), ("union", "pattern", "yes", 3), ("clear", None, "yes", 4),
    ]  # fmt: skip
    assert found[0]["cited"] == "https://example.org/porac-2018"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("endorser,candidate,date\nA,B,2020-01-01\n", "given.csv:1: no column source"),
        (
            "endorser,candidate,date,source\nA,B,2020-01-01,x\nA,B,2020-01-01,\n",
            "given.csv:3: the cell source is empty",
        ),
        ("endorser,candidate,date,source\n,B,2020-01-01,x\n", "given.csv:2: the cell endorser is empty"),
        ("endorser,candidate,date,source\nA,B,soon,x\n", "given.csv:2: 'soon' is not a date"),
    ],
)
def test_a_row_without_a_source_is_an_error(cli: Callable[..., Result], tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "given.csv"
    path.write_text(text)
    result = cli("endorsements", path)
    assert result.exit_code == 2
    assert says in result.stderr


def test_a_day_may_be_written_as_in_every_other_list(cli: Callable[..., Result], tmp_path: Path) -> None:
    table, page = tmp_path / "given.csv", tmp_path / "page.txt"
    table.write_text("endorser,candidate,date,source\nElm Club,Dana Whitfield,6/9/2024,https://example.org\n")
    page.write_text(f"The {UNION} endorsed Dana Whitfield.\n")
    found = json.loads(cli("endorsements", table, page, "--date", "6/8/2024", "--format", "json").stdout)
    assert [each["date"] for each in found["endorsements"]] == ["2024-06-09", "2024-06-08"]


SIGNERS = (
    "prosecutor,office,jurisdiction,state,pledge_date,pledge,source,covers\n"
    "Jordan Avery,District Attorney,Marlow County,CA,2022-01-15,no endorsements,https://example.org/pledge,endorsements\n"
    "Jordan Avery,District Attorney,Marlow County,CA,2020,no money,https://example.org/money,contributions\n"
)


def test_an_endorsement_is_before_or_after_the_pledge(cli: Callable[..., Result], tmp_path: Path) -> None:
    signers = tmp_path / "signers.csv"
    signers.write_text(SIGNERS)
    found = json.loads(cli("endorsements", TABLE, "--pledges", signers, "--format", "json").stdout)["endorsements"]
    assert [(each["pledge_date"], each["pledge_side"]) for each in found] == [
        ("2022-01-15", "before"), ("2022-01-15", "after"), (None, None),
    ]  # fmt: skip


def test_without_a_day_the_side_of_the_pledge_is_not_known(
    say: Callable[..., list[Endorsement]], tmp_path: Path
) -> None:
    signers = tmp_path / "signers.csv"
    signers.write_text(SIGNERS)
    text = f"The {UNION} endorsed Jordan Avery."
    (found,) = say(text, pledges=signers)
    assert (found.pledged, found.side) == ("2022-01-15", "")
    assert [each.side for each in say(text, pledges=signers, day=date(2022, 1, 15))] == ["unclear"]
    assert [each.side for each in say(text, pledges=signers, day=date(2022, 1, 16))] == ["after"]


@pytest.mark.parametrize(
    ("terms", "pledged"),
    [
        ({"covers": "contributions"}, ""),
        ({"is_pledge": "no"}, ""),
        ({"is_pledge": "unclear"}, ""),
        ({"unions": "us-fraternal-order-of-police"}, ""),
        ({"union_kinds": "corrections"}, ""),
        ({"union_kinds": "police"}, "2022-01"),
    ],
    ids=str,
)
def test_only_a_pledge_about_endorsements_of_this_union_counts(
    say: Callable[..., list[Endorsement]], tmp_path: Path, terms: dict[str, str], pledged: str
) -> None:
    row = {
        "prosecutor": "Jordan Avery", "office": "District Attorney", "jurisdiction": "Marlow County", "state": "CA",
        "pledge_date": "2022-01", "pledge": "own", "source": "https://example.org", "covers": "endorsements",
    } | terms  # fmt: skip
    signers = tmp_path / "signers.csv"
    signers.write_text(",".join(row) + "\n" + ",".join(row.values()) + "\n")
    text = "The Oakland Police Officers Association endorsed Jordan Avery."
    (found,) = say(text, pledges=signers, day=date(2022, 1, 20))
    assert (found.pledged, found.side) == (pledged, "unclear" if pledged else "")


@pytest.mark.parametrize(
    ("text", "state", "pledged"),
    [
        ("The Oakland Police Officers Association endorsed Jordan Avery.", None, "2022-01-15"),
        ("The Oakland Police Officers Association endorsed Jordan Avery.", "TN", ""),
        ("The Oakland Police Officers Association endorsed Jordan Avery for judge.", "CA", ""),
        ("The Memphis Police Association endorsed Jordan Avery.", None, ""),
    ],
)
def test_a_namesake_in_another_state_or_office_does_not_get_the_pledge(
    say: Callable[..., list[Endorsement]], tmp_path: Path, text: str, state: str | None, pledged: str
) -> None:
    signers = tmp_path / "signers.csv"
    signers.write_text(SIGNERS)
    assert [each.pledged for each in say(text, pledges=signers, state=state)] == [pledged]


@pytest.mark.parametrize(("state", "pledged"), [(None, ""), ("NY", "2021-02-03"), ("CA", "2022-01-15")])
def test_of_two_namesakes_on_the_list_each_has_only_their_own_pledge(
    say: Callable[..., list[Endorsement]], tmp_path: Path, state: str | None, pledged: str
) -> None:
    signers = tmp_path / "signers.csv"
    other = SIGNERS.splitlines()[1].replace(",CA,2022-01-15,", ",NY,2021-02-03,")
    signers.write_text(SIGNERS + other + "\n")
    text = "The Fraternal Order of Police endorsed Jordan Avery."
    assert [each.pledged for each in say(text, pledges=signers, state=state)] == [pledged]


def test_a_search_needs_a_file() -> None:
    with pytest.raises(UsageError, match="no page or table"):
        find_endorsements([])
