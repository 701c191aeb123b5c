"""Characters that nobody sees, letters of other scripts and digits for letters hide no union."""

import csv
import sys
import unicodedata
from pathlib import Path

import pyarrow as pa
import pytest

import unionscreen
from unionscreen.invisible import without_invisible
from unionscreen.matching import load_matcher
from unionscreen.matching.cleaning import clean
from unionscreen.matching.names import normalize
from unionscreen.prosecutors.words import name_key, name_words
from unionscreen.review.decisions import donor_key

# One of each sort: zero-width space and joiners, direction marks, byte-order mark, soft hyphen, word joiner, variation
# selectors, fillers, tags, and controls.
UNSEEN = (
    "\u200b\u200c\u200d\u200e\u200f\u202a\u202e\u2060\u2066\ufeff\u00ad\u061c\u034f\u180e\u115f\u3164\ufe0f\U000e0041"
    "\U000e0100\x00\x01\x08\x1a\x1f\x7f\x81"
)
CLEAN = "Oakland Police Officers Association"


@pytest.mark.parametrize("unseen", UNSEEN, ids=ascii)
def test_a_character_that_nobody_sees_changes_no_answer(unseen):
    name = CLEAN.replace("Police", f"Pol{unseen}ice").replace("Ass", f"{unseen}Ass{unseen}")
    match = unionscreen.check(name)
    assert (match.tier, match.union_id) == ("listed", unionscreen.check(CLEAN).union_id)
    assert match.name == name  # as it was filed, so that it is found there
    assert load_matcher().prefilter(pa.array([name])).to_pylist() == [True]
    assert donor_key(name) == donor_key(CLEAN)
    assert name_key(f"Jane R{unseen}oe for District Attor{unseen}ney") == name_key("Jane Roe for District Attorney")


def test_every_character_of_the_kind_is_taken_out():
    kept = [
        code
        for code in range(sys.maxunicode + 1)
        if unicodedata.category(chr(code)) == "Cf" and without_invisible(f"a{chr(code)}b") != "ab"
    ]
    assert kept == []


def test_what_is_seen_and_what_parts_words_stays():
    text = "".join(map(chr, (*range(9, 14), *range(0x20, 0x7F), 0x85, *range(0xA0, 0xAD), *range(0xAE, 0x300))))
    assert without_invisible(text.replace("\x85", "")) == text.replace("\x85", "")
    assert clean("Oakland\x0bPolice\tOfficers\nAssn") == "oakland police officers assn"


def test_a_page_s_soft_hyphen_is_taken_out():
    assert clean("Pol&shy;ice Of&#8203;ficers") == "police officers"


def test_a_control_of_latin_1_is_read_as_windows_means_it():
    assert normalize("Oakland Police Officers\x92 Association") == normalize(CLEAN)


def test_words_with_unseen_characters_keep_their_places():
    text = "\ufeffRo\u200be for\u200b Attorney"
    assert [text[word.start : word.end] for word in name_words(text)] == ["Ro\u200be", "for", "Attorney"]


@pytest.mark.parametrize(
    "name",
    [
        "Oakland \u0420\u043eli\u0441\u0435 \u041effi\u0441\u0435r\u0455 Association",
        "\u039fakland \u03a1olice \u039ffficers \u0391ssociation",
        "Oakland \uff30\uff4f\uff4c\uff49\uff43\uff45 Officers Association",
    ],
    ids=["Cyrillic", "Greek", "full width"],
)
def test_letters_that_look_latin_are_read_as_latin(name):
    assert unionscreen.check(name).union_id == unionscreen.check(CLEAN).union_id
    assert load_matcher().prefilter(pa.array([name])).to_pylist() == [True]


@pytest.mark.parametrize(
    ("name", "note"),
    [
        ("Oakland P0lice 0fficers Association", '"p0lice" read as police'),
        ("Oakland Po1ice Officers Association", '"po1ice" read as police'),
        ("Oakland Police Off1cers Assoc1ation", '"off1cers" read as officer'),
        ("0akland Police Officers Association", '"0akland" read as oakland'),
        ("Oakland P0A", '"p0a" read as police officer association'),
        ("Elmhaven P0lice 0fficers Association", '"p0lice" read as police'),
        ("P0lice Benevolent Association Local 101", '"p0lice" read as police'),
        ("F0P Lodge 101", '"f0p" read as fop'),
        ("Fraternal 0rder 0f P0lice Lodge 7", "read as fop"),
        ("Elmhaven 5heriffs 0fficers Un1on", '"5heriffs" read as sheriff'),
    ],
)
def test_digits_for_letters_are_read_as_a_slip_and_the_answer_says_so(name, note):
    match = unionscreen.check(name)
    assert match.verdict == "union"
    assert note in match.why.casefold()
    assert load_matcher().prefilter(pa.array([name])).to_pylist() == [True]


@pytest.mark.parametrize(
    "name", ["Elmhaven Local 101", "Studio 54 LLC", "B2B Union", "7-Eleven", "Unit 0A", "3M PAC", "4th 1st 21st"]
)
def test_numbers_stay_numbers(name):
    assert unionscreen.check(name).verdict == "clear"
    assert [token for token in normalize(name).split() if token.isalpha()] == [
        token for token in normalize(name.translate(str.maketrans("0134578", "9999999"))).split() if token.isalpha()
    ]


def test_a_lodge_s_number_is_read_beside_a_slip():
    assert normalize("F0P Lodge #101A") == normalize("FOP Lodge #101A")


@pytest.mark.parametrize("unseen", ["\u200b", "\ufeff", "\u00ad", "\x00", "\x1a", "\x01", "\u2060"], ids=ascii)
def test_a_filing_with_unseen_characters_shows_the_union(unseen, tmp_path):
    path = tmp_path / "filing.csv"
    path.write_text(
        "Contributor,Amount,Date,Recipient\n"
        f"Oakland Pol{unseen}ice Officers Association,100.00,2024-01-02,Friends of R{unseen}oe for District Attorney\n"
        "Jane Poe,5.00,2024-01-02,Friends of Roe for District Attorney\n",
        encoding="utf-8",
    )
    result = unionscreen.screen(path)
    (entry,) = result.prosecutors
    assert (entry.flagged.gross, entry.raised) == (10_000, 10_500)


@pytest.mark.parametrize("mark", ["\x00", "\x1a"], ids=ascii)
def test_a_nul_in_an_amount_guesses_none(mark, tmp_path):
    path = tmp_path / "filing.csv"
    path.write_text(
        f"Contributor,Amount,Date,Recipient\nElmhaven Police Union,1{mark}00,2024-01-02,Roe\nJane,5,2024-01-02,Roe\n"
    )
    result = unionscreen.screen(path)
    assert (len(result.rejected), [each.raised for each in result.prosecutors]) == (1, [500])


OCR_NAMES = list(
    csv.DictReader((Path(__file__).parent / "cases" / "ocr_names.csv").read_text(encoding="utf-8").splitlines())
)


@pytest.mark.parametrize("case", OCR_NAMES, ids=lambda case: case["read_by_ocr"])
def test_a_name_that_ocr_read_has_the_answer_of_what_was_printed(case):
    read, printed = load_matcher().match(case["read_by_ocr"], ocr=True), load_matcher().match(case["printed"])
    assert (read.verdict, read.tier, read.union_id) == (printed.verdict, printed.tier, printed.union_id)
    assert read.name == case["read_by_ocr"]


def test_what_ocr_misread_is_in_the_sentence_and_costs_a_little():
    name = "Oakland Pol ice Offi cers Association"
    match = load_matcher().match(name, ocr=True)
    assert match.why.startswith(f'"{name}" is Oakland Police')
    assert match.why.endswith('OCR: check the name on the page: "Pol ice" may be police, "Offi cers" may be officers.')
    assert 75 <= match.score < load_matcher().match("Oakland Police Officers Association").score


def test_names_that_no_ocr_read_are_read_as_before():
    assert load_matcher().match("Oakland Pol ice Offi cers Association").verdict == "clear"


def test_on_clean_names_the_slips_of_ocr_change_no_answer():
    """Of the cases of the matcher: no name is corrected into a union, and none out of one."""
    matcher = load_matcher()
    cases = csv.DictReader((Path(__file__).parent / "cases" / "donor_matches.csv").read_text("utf-8").splitlines())
    names = [case["name"] for case in cases]
    changed = [name for name in names if matcher.match(name, ocr=True).verdict != matcher.match(name).verdict]
    assert changed == []
