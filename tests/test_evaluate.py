"""How good the matcher is, told from labels; and how a name was read, told word by word."""

import sqlite3
from contextlib import closing

import pandas as pd
import pytest

from unionscreen.errors import UsageError
from unionscreen.matching import load_matcher
from unionscreen.matching.evaluate import Rates, evaluate, read_cases
from unionscreen.matching.explain import name_breakdown, nearest


@pytest.fixture
def cases(tmp_path):
    def write(text):
        path = tmp_path / "cases.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_rates_of_nothing_are_not_a_failure():
    assert (Rates(0, 0, 0).precision, Rates(0, 0, 0).recall) == (1.0, 1.0)


def test_rates_are_shares_of_what_was_called_and_of_what_there_is():
    rates = Rates(found=6, missed=2, false=3)
    assert (rates.precision, rates.recall) == (6 / 9, 6 / 8)
    assert rates.f1 == pytest.approx(2 * (6 / 9) * 0.75 / (6 / 9 + 0.75))


def test_misses_and_false_alarms_are_listed_with_their_line(cases):
    path = cases("name,label\nOakland POA,union\nAcme Inc,union\nElmhaven Police Association,other\n")
    result = evaluate(load_matcher(), read_cases(path)).to_dict()
    assert [(case["line"], case["name"]) for case in result["missed"]] == [(3, "Acme Inc")]
    assert [(case["line"], case["name"]) for case in result["false"]] == [(4, "Elmhaven Police Association")]
    assert result["all"] == {"found": 1, "missed": 1, "false": 1, "precision": 0.5, "recall": 0.5, "f1": 0.5}
    assert result["alarms_per_10000"] == 10_000


def test_identity_counts_another_union_as_false_and_none_as_missed(cases):
    path = cases(
        "name,label,union_id,state\n"
        "Oakland POA,union,us-ca-oakland-police-officers-association,CA\n"
        "Oakland POA,union,us-ca-san-jose-police-officers-association,CA\n"
        "Elmhaven POA PAC,union,us-ca-san-jose-police-officers-association,CA\n"
    )
    assert evaluate(load_matcher(), read_cases(path)).identity() == Rates(found=1, missed=2, false=1)


def test_a_higher_least_score_never_finds_more(cases):
    path = cases("name,label\nOakland POA,union\nElmhaven Police Association,union\nElmhaven PBA,other\n")
    evaluation = evaluate(load_matcher(), read_cases(path))
    recalls = [evaluation.rates(least).recall for least in (0, 50, 65, 80, 99)]
    assert recalls == sorted(recalls, reverse=True)


def test_the_suggested_score_reaches_the_wished_precision(cases):
    path = cases("name,label\nOakland Police Officers Association,union\nElmhaven Police Association,other\n")
    evaluation = evaluate(load_matcher(), read_cases(path))
    least = evaluation.suggested()
    assert least is not None
    assert evaluation.rates(least).precision >= 0.98


def test_uncertain_labels_are_left_out(cases):
    assert [c.name for c in read_cases(cases("donor,label\nA,uncertain\nB,other\n"))] == ["B"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title,label\nx,union\n", "needs the columns name and label"),
        ("name,label\nx,\n", "cases.csv:2: the label is empty"),
        ("name,label\n", "has no cases"),
        ("name,label\nx,uncertain\n", "has no cases"),
    ],
)
def test_a_wrong_cases_file_is_named_with_its_line(cases, text, said):
    with pytest.raises(UsageError) as error:
        read_cases(cases(text))
    assert said in str(error.value)


def test_a_name_is_taken_apart_word_by_word():
    words = name_breakdown("Oaklnd Police Offcers Assn (OPOA) PAC")["parts"][0]["words"]
    assert [(w["text"], w["read_as"], w["says"]) for w in words] == [
        ("oaklnd", "oaklnd", "which"),
        ("police", "police", "who"),
        ("offcers", "officer", "who"),
        ("assn", "association", "what"),
        ("pac", "pac", "aside"),
    ]


def test_what_was_peeled_off_is_told():
    assert name_breakdown("Elmhaven POA PAC #951606")["set_aside"] == ["951606"]


def test_near_misses_say_what_is_against_them():
    answer = load_matcher().match("Chicago FOP Lodge 9", state="IL")
    first = nearest(answer.near)[0]
    assert first["union_id"] == "us-il-chicago-fraternal-order-of-police-lodge-7"
    assert first["against"] == "number 9, not 7"


def test_unions_that_tie_are_both_told():
    near = nearest(load_matcher().match("BPOA", state="CA").near)
    assert {n["union_id"] for n in near} >= {
        "us-ca-bakersfield-police-officers-association",
        "us-ca-bart-police-officers-association",
    }


def test_rates_are_told_to_four_places(cases):
    path = cases(
        "name,label\nOakland POA,union\nSan Jose POA,union\nAcme Inc,union\nElmhaven Police Association,other\n"
    )
    result = evaluate(load_matcher(), read_cases(path)).to_dict()["all"]
    assert (result["precision"], result["recall"], result["f1"]) == (0.6667, 0.6667, 0.6667)


@pytest.mark.parametrize("header", ["name,what", "who,label", "who,what"])
def test_cases_without_a_name_or_a_label_are_refused(cases, header):
    with pytest.raises(UsageError, match="needs the columns name and label"):
        read_cases(cases(f"{header}\nOakland POA,union\n"))


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".sqlite"])
def test_rates_and_mistakes_are_written_as_tables(cli, tmp_path, suffix):
    path = tmp_path / "cases.csv"
    path.write_text("name,label\nFraternal Order of Police Lodge 5,union\nHarbor Bakery LLC,union\n")
    out = tmp_path / f"found{suffix}"
    assert cli("evaluate", path, "--out", out).exit_code == 0
    if suffix == ".csv":
        rates, wrong = (pd.read_csv(out.with_suffix(f".{name}.csv")) for name in ("rates", "wrong"))
    elif suffix == ".xlsx":
        rates, wrong = (pd.read_excel(out, name, engine="calamine") for name in ("Rates", "Mistakes"))
    else:
        with closing(sqlite3.connect(out)) as database:
            rates, wrong = (pd.read_sql(f"SELECT * FROM {name}", database) for name in ("rates", "wrong"))  # noqa: S608 - our names
    assert (rates.found[0], rates.missed[0], rates.recall[0]) == (1, 1, 0.5)
    assert [*zip(wrong.mistake, wrong.line, wrong["name"], strict=True)] == [("missed", 3, "Harbor Bakery LLC")]


def test_tables_are_not_written_over_the_cases(cli, tmp_path):
    path = tmp_path / "cases.csv"
    path.write_text("name,label\nFraternal Order of Police Lodge 5,union\n")
    (tmp_path / "found.rates.csv").symlink_to(path)
    result = cli("evaluate", path, "--out", tmp_path / "found.csv")
    assert (result.exit_code, "would be overwritten" in result.stderr) == (2, True)


def test_a_saved_result_is_not_taken_for_a_table_of_names(tmp_path):
    path = tmp_path / "result.json"
    path.write_text("{}")
    with pytest.raises(UsageError, match="is a saved result, not a table of names") as refused:
        read_cases(path)
    assert "--sample" in (refused.value.hint or "")
