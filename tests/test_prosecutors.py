"""Which recipients are prosecutors, what they are called, and which committees are one person's."""

import csv
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unionscreen.errors import UnionScreenError, UsageError
from unionscreen.prosecutors import Recipient, natural_order, read_roster, recognize_prosecutor, same_person, select
from unionscreen.prosecutors.offices import load_offices
from unionscreen.prosecutors.people import name_parts, natural_case, person_in
from unionscreen.prosecutors.recognition import is_about, person_of
from unionscreen.prosecutors.words import name_key
from unionscreen.unions import data_path

with (Path(__file__).parent / "cases" / "prosecutors.csv").open(encoding="utf-8", newline="") as handle:
    CASES = list(csv.DictReader(handle))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['recipient'][:50]}|{case['office_column'][:12]}")
def test_recipient_is_recognised_as_labelled(case):
    found = recognize_prosecutor(
        case["recipient"], case["candidate"] or None, case["office_column"] or None, case["jurisdiction_column"] or None
    )
    got = (found.name, found.office, found.jurisdiction or "") if found else ("", "", "")
    assert got == (case["name"], case["office"], case["jurisdiction"])


@given(st.text(), st.text(), st.text(), st.text())
def test_any_text_is_read_without_an_error(recipient, candidate, office, jurisdiction):
    recognize_prosecutor(recipient, candidate, office, jurisdiction)


@given(st.text(min_size=1))
def test_a_name_in_natural_order_stays_as_it_is(name):
    once = natural_order(name)
    assert natural_order(once) == once


def test_every_office_row_says_where_it_was_read():
    with data_path("offices.csv").open(encoding="utf-8", newline="") as handle:
        assert [row["office"] for row in csv.DictReader(handle) if not row["source"]] == []


def test_every_state_has_its_prosecutors_office():
    with data_path("offices.csv").open(encoding="utf-8", newline="") as handle:
        states = {row["state"] for row in csv.DictReader(handle)} - {""}
    assert len(states) == 51


def test_a_spelling_is_folded_as_the_words_of_a_name_are():
    from unionscreen.prosecutors.words import name_words

    spellings = [" ".join(spelling) for spelling in load_offices().spellings]
    assert [" ".join(word.folded for word in name_words(spelling)) for spelling in spellings] == spellings


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Russell Johnson", "JOHNSON, RUSSELL"),
        ("johnson russell", "JOHNSON, RUSSELL"),
        ("Russell Johnson", "Russell A. Johnson Jr."),
        ("Anne Marie Roe", "Anne M. Roe"),
        ("José García", "GARCIA, JOSE"),
        ("Mary O'Neil", "ONEIL, MARY"),
        ("Johnson", "Russell Johnson"),
    ],
)
def test_order_case_initials_and_accents_do_not_make_another_person(one, other):
    assert same_person(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Russell Johnson", "Robert Johnson"),
        ("Jane Roe", "Jan Roe"),
        ("Maria Roe", "Marie Roe"),
        ("Daniel Roe", "Daniela Roe"),
        ("Anne Marie Roe", "Anne Louise Roe"),
        ("Jane Roe", "Jane Poe"),
    ],
)
def test_another_name_is_another_person_even_with_typos_forgiven(one, other):
    assert not same_person(one, other, typos=True)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Russel Johnson", "Russell Johnson"), ("Thein Ho", "Thien Ho"), ("Russell Jonson", "Russell Johnson")],
)
def test_a_slip_of_the_keyboard_is_forgiven_when_asked(one, other):
    assert same_person(one, other, typos=True)
    assert not same_person(one, other)


def people(*recipients):
    return [each if isinstance(each, Recipient) else Recipient(each) for each in recipients]


def test_committees_of_one_person_are_one_entry():
    found = people("Jane Roe for District Attorney 2018", "ROE, JANE A. (DIST. ATTY.)", "Poe for District Attorney")
    shown = select(found).entries
    assert [(entry.prosecutor.name, len(entry.recipients)) for entry in shown] == [("Poe", 1), ("Jane A. Roe", 2)]


def test_another_family_of_offices_is_another_entry():
    found = people("Jane Roe for District Attorney 2018", "Jane Roe for Attorney General 2022")
    assert len(select(found).entries) == 2


def test_namesakes_in_two_counties_are_two_entries():
    found = people("Jane Roe for Dane County District Attorney", "Jane Roe for Rock County District Attorney")
    assert len(select(found).entries) == 2


def grouped(*recipients, **options):
    """The recipients' names, entry by entry, whatever order they are found in."""
    found = people(*recipients)
    one, other = (
        sorted(sorted(each.recipient for each in entry.recipients) for entry in select(ordered, **options).entries)
        for ordered in (found, found[::-1])
    )
    assert one == other
    return one


DA = "District Attorney"


def test_a_surname_alone_joins_no_two_committees():
    assert len(grouped(Recipient("Roe for DA", "1"), Recipient("Roe for District Attorney 2026", "2"))) == 2
    assert len(grouped("Roe for DA", "Roe for District Attorney 2026")) == 2
    rivals = [Recipient("Roe for Delaware", "1", None, DA), Recipient("Poe for Delaware", "2", None, DA)]
    assert grouped(*rivals) == [["Poe for Delaware"], ["Roe for Delaware"]]


def test_one_filer_id_is_one_entry():
    assert len(grouped(Recipient("Roe for DA", "1"), Recipient("Roe for District Attorney 2026", "1"))) == 1
    assert len(grouped(Recipient("Jane Roe for DA", "1"), Recipient("Friends of Roe", "1"))) == 1
    assert len(grouped(Recipient("Jane Roe for DA", "1"), Recipient("Roe for Mayor", "1"), recipients="all")) == 2


def test_an_id_that_two_agencies_give_is_two_filers():
    assert len(grouped(Recipient("Jane Roe for DA", "1"), Recipient("Ann Poe for DA", "1"))) == 2


def test_an_id_of_a_candidate_is_an_entry_per_office():
    assert len(grouped(Recipient("Jane Roe for DA", "1"), Recipient("Jane Roe for Attorney General", "1"))) == 2


def test_a_committee_without_an_id_is_one_by_its_whole_name():
    assert len(grouped("Roe for DA", "ROE FOR D.A.")) == 1
    assert len(grouped(Recipient("Roe for DA"), Recipient("ROE FOR DA", "1"))) == 1
    assert len(grouped(Recipient("Roe for DA"), Recipient("ROE FOR DA", "1"), Recipient("Roe for DA", "2"))) == 3
    places = [Recipient("Roe for Justice", None, None, DA, place) for place in ("Adams", "Bell")]
    assert len(select(people(*places)).entries) == 2


@pytest.mark.parametrize(
    ("one", "other", "entries"),
    [
        ("Jane Roe for DA", "Jane A. Roe for District Attorney", 1),
        ("Jane A. Roe for DA", "Jane B. Roe for DA", 2),
        ("Jane Roe for District Attorney", "Jane Roe for County Attorney", 2),
        ("Jane Roe for State's Attorney", "Jane Roe for State Attorney", 1),
        ("ROE FOR ATTORNEY GENERAL 2022; JANE", "Jane Roe for Attorney General 2026", 1),
        ("ROE FOR ATTORNEY GENERAL 2026; JANE", "ROE FOR ATTORNEY GENERAL 2026; PAT", 2),
    ],
)
def test_the_same_full_name_and_office_are_one_entry(one, other, entries):
    assert len(grouped(Recipient(one, "1"), Recipient(other, "2"))) == entries


@pytest.mark.parametrize("recipient_id", ["6001", None])
def test_a_committee_listed_under_two_candidates_is_whose_name_it_bears(recipient_id):
    name = "Jane Roe for County Attorney"
    found = people(Recipient(name, recipient_id, "Sam Stone"), Recipient(name, recipient_id, "Jane Roe"))
    selection = select(found)
    (entry,) = selection.entries
    assert (entry.prosecutor.name, len(entry.recipients)) == ("Jane Roe", 2)
    assert any("also names Sam Stone as its candidate" in note for note in selection.notes)
    (asked,) = select(found, prosecutor="Jane Roe").entries
    assert asked == entry


def test_candidates_of_a_committee_that_is_neithers_stay_apart():
    found = people(Recipient("Justice Party", "7", "Jane Roe", DA), Recipient("Justice Party", "7", "Ann Poe", DA))
    assert {entry.prosecutor.name for entry in select(found).entries} <= {"Jane Roe", "Ann Poe"}


def test_who_is_asked_for_gets_the_figure_of_the_whole_entry():
    found = people(Recipient("Jane Roe for DA", "1"), Recipient("Team Jane", "1", None, DA))
    assert select(found, prosecutor="Jane Roe").entries == select(found).entries


def test_the_roster_joins_and_parts_before_any_other_rule(roster):
    listed = read_roster(roster("prosecutor,recipient,office\nRoe,Roe A,DA\nRoe,Roe B,DA\nPoe,Poe C,DA\n"))
    found = people(Recipient("Roe A", "1"), Recipient("Roe B", "2"), Recipient("Poe C", "1"))
    assert len(select(found, roster=listed).entries) == 2


def test_who_is_not_looked_up_is_named_ten_and_a_count():
    others = [f"Candidate {number:02} for Sheriff" for number in range(50)]
    notes = select(people("Jane Roe for DA", *others)).notes
    assert f"not looked up: {'; '.join(others[:10])}; ... and 40 more" in notes


def test_who_was_given_is_shown_unless_prosecutors_are_asked_for():
    found = people("Jane Roe for DA", "Jim Poe for Sheriff", "Ann Doe for Sheriff")
    shown = select(found, given=[found[1]])
    assert [entry.names for entry in shown.entries] == [("Jane Roe for DA",), ("Jim Poe for Sheriff",)]
    assert shown.others == (found[2],)
    assert (
        "1 of 3 recipients is a prosecutor, and 1 more is shown because of the files given; the donors of the other "
        "recipient are not looked up: --recipients all does"
    ) in shown.notes
    assert len(select(found, recipients="prosecutors", given=[found[1]]).entries) == 1


def test_only_prosecutors_are_shown_where_any_is_recognised():
    selection = select(people("Jane Roe for DA 2022", "Jim Poe for Sheriff"))
    assert [entry.names for entry in selection.entries] == [("Jane Roe for DA 2022",)]
    assert selection.recipients == "prosecutors"
    assert "--recipients all" in " ".join(selection.notes)


def test_all_are_shown_where_no_prosecutor_is_recognised():
    selection = select(people("FUNK, GLENN", "Jim Poe for Sheriff"))
    assert [entry.prosecutor for entry in selection.entries] == [None, None]
    assert (selection.recipients, "no recipient is recognized" in selection.why) == ("all", True)


def test_asking_for_prosecutors_where_there_is_none_shows_none():
    assert select(people("Jim Poe for Sheriff"), recipients="prosecutors").entries == ()


def test_a_committee_that_supports_a_prosecutor_is_said_not_to_be_one():
    selection = select(people("Jane Roe for DA 2022", "Partnership in support of Jane Roe for DA 2022"))
    assert len(selection.entries) == 1
    assert any("in support of Jane Roe" in note for note in selection.notes)


@pytest.mark.parametrize("asked", ["Russell Johnson", "johnson, russell", "RUSSELL A. JOHNSON", "Russel Johnson"])
def test_a_prosecutor_is_found_by_name(asked):
    found = people("JOHNSON, RUSSELL (DIST. ATTY.)", "JOHNSON, CURTIS", "GIBBONS (DIST. ATTY), BILL")
    (entry,) = select(found, prosecutor=asked).entries
    assert entry.names == ("JOHNSON, RUSSELL (DIST. ATTY.)",)


def test_a_recipient_without_an_office_counts_when_it_is_asked_for_but_stays_apart():
    found = people("JOHNSON, RUSSELL (DIST. ATTY.)", "JOHNSON, RUSSELL", "JOHNSON, ROBERT")
    shown = select(found, prosecutor="Russell Johnson").entries
    assert [entry.names for entry in shown] == [("JOHNSON, RUSSELL (DIST. ATTY.)",), ("JOHNSON, RUSSELL",)]


def test_the_committees_own_name_finds_it():
    found = people("Jane Roe for DA 2022", "Ann Poe for DA 2022")
    (entry,) = select(found, prosecutor="Jane Roe for District Attorney").entries
    assert entry.names == ("Jane Roe for DA 2022",)


def test_nobody_of_that_name_lists_the_nearest():
    with pytest.raises(UsageError) as raised:
        select(people("Jane Roe for DA 2022", "Ann Poe for DA 2022"), prosecutor="Jayne Rowe")
    assert "Jane Roe" in str(raised.value)


@pytest.fixture
def roster(tmp_path):
    def write(text, encoding="utf-8"):
        path = tmp_path / "roster.csv"
        path.write_bytes(text.encode(encoding))
        return path

    return write


def test_a_roster_makes_a_prosecutor(roster):
    listed = read_roster(roster('prosecutor,recipient,office\nFunk,"FUNK, GLENN",Dist. Atty.\n'))
    (entry,) = select(people("FUNK, GLENN", "POE, JIM"), roster=listed).entries
    assert (entry.prosecutor.name, entry.prosecutor.office, entry.prosecutor.how) == (
        "Funk",
        "District Attorney",
        "roster",
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_roster_may_come_from_a_spreadsheet(roster, encoding):
    text = "Prosecutor Name;Committee ID;Pledge Date\r\nJosé Roe;77;6/9/2020\r\n;;\r\n"
    listed = read_roster(roster(text, encoding))
    assert listed.by_id["77"].name == "José Roe"
    assert str(listed.by_id["77"].pledge_date) == "2020-06-09"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name,office\nRoe,DA\n", "roster.csv:1: the roster has no column recipient or recipient_id"),
        ("recipient\nRoe\n", "roster.csv:1: the roster has no column prosecutor"),
        ("prosecutor,recipient\n,Roe for DA\n", "roster.csv:2: the roster has no prosecutor"),
        ("prosecutor,recipient\nRoe,\n", "roster.csv:2: the roster has no recipient"),
        ("prosecutor,recipient,pledge_date\nRoe,R,soon\n", "roster.csv:2: 'soon' is not a pledge date"),
        ("prosecutor,recipient\nRoe,R\nPoe,R\n", "roster.csv:3: 'r' is a committee of Roe in an earlier row"),
        ("prosecutor,recipient\n", "the roster has no rows"),
        ("", "found: nothing"),
    ],
)
def test_a_wrong_roster_is_refused_with_its_row(roster, text, said):
    with pytest.raises(UsageError) as raised:
        read_roster(roster(text))
    assert said in str(raised.value)


def test_a_missing_roster_is_refused(tmp_path):
    with pytest.raises(UnionScreenError, match=r"none\.csv: cannot be opened"):
        read_roster(tmp_path / "none.csv")


def test_a_roster_that_fits_nobody_is_said(roster):
    listed = read_roster(roster("prosecutor,recipient\nRoe,Roe for DA\n"))
    assert any("no recipient of these filings is on the roster" in n for n in select(people("X"), roster=listed).notes)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Vale, Robin Jr.", "Vale, Robin Sr."),
        ("Robin Vale Jr. for DA", "Robin Vale Sr. for DA"),
        ("VALE, JR., ROBIN", "VALE, SR., ROBIN"),
    ],
)
def test_father_and_son_are_two(first, second):
    found = [Recipient(first, "1", None, "District Attorney"), Recipient(second, "2", None, "District Attorney")]
    assert len(select(found).entries) == 2


def test_namesakes_of_two_states_are_two():
    one, other = Recipient("Jane Roe for District Attorney", "1"), Recipient("ROE, JANE (DIST. ATTY.)")
    assert len(select([one, other]).entries) == 1
    assert len(select([one, other], homes={one: {"NC"}, other: {"TN"}}).entries) == 2


def test_a_filer_that_names_two_candidates_and_is_named_for_neither_is_two_entries():
    found = [Recipient("Justice PAC", "7", name, "District Attorney") for name in ("Vale, Robin", "Harbor, Pat")]
    assert [entry.prosecutor.name for entry in select(found).entries] == ["Pat Harbor", "Robin Vale"]


def test_a_suffix_behind_the_given_name_stays_behind_the_whole_name():
    assert natural_order("Vale, Robin Sr.") == "Robin Vale Sr."


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Jane von Roe", ("jane", (), "von roe")),
        ("ROE, JANE VON", ("jane", (), "von roe")),
        ("Jane A. van der Roe", ("jane", ("a",), "van der roe")),
        ("Van Roe", ("van", (), "roe")),
        ("von Roe", ("von", (), "roe")),
        ("Roe", ("", (), "roe")),
    ],
)
def test_a_particle_belongs_to_the_surname_unless_it_is_all_of_the_given_name(name, parts):
    assert name_parts(name) == parts


def test_a_surname_with_a_particle_is_another_than_the_one_without():
    assert same_person("Jane von Roe", "VON ROE, JANE")
    assert not same_person("Jane von Roe", "Jane Roe")
    assert not same_person("Jane von Roe", "Jane van Roe")


def test_committees_of_one_name_with_different_ids_are_as_many_entries():
    found = people(Recipient("Better Elm", "1"), Recipient("Better Elm", "2"), Recipient("BETTER ELM", "1"))
    entries = select(found, recipients="all").entries
    assert [[each.recipient_id for each in entry.recipients] for entry in entries] == [["1", "1"], ["2"]]
    assert len(select(people("Better Elm", "BETTER ELM"), recipients="all").entries) == 1
    entries = select(found, prosecutor="better elm").entries
    assert [len(entry.recipients) for entry in entries] == [2, 1]


@pytest.mark.parametrize(
    ("recipient", "candidate", "name"),
    [
        ("Citizens for District Attorney", "ROE, JANE", "Jane Roe"),
        ("Poe for District Attorney", "ROE, JANE", "Jane Roe"),
        ("Elm County District Attorney Ann Poe", "Jane Roe", "Jane Roe"),
        ("Poe for District Attorney", " ", "Poe"),
        ("Poe for District Attorney", "Friends for Jane Roe", "Jane Roe"),
    ],
)
def test_the_candidate_of_a_committee_is_believed_when_its_name_says_the_office(recipient, candidate, name):
    assert recognize_prosecutor(recipient, candidate).name == name
    assert recognize_prosecutor(recipient, candidate, "District Attorney").name == name
    assert person_of(recipient, candidate) == name


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Jane Anna Roe", "Jane Alice Roe", False),
        ("Jane Anna Roe", "Jane A. Roe", True),
        ("Jane A. Roe", "Jane Anna Roe", True),
        ("Jane B. Roe", "Jane Anna Roe", False),
        ("Jane Anna Roe", "Jane Anna Roe", True),
        ("Jane Anna Roe", "Jane Roe", True),
    ],
)
def test_a_middle_name_or_initial_may_be_left_out_but_not_differ(one, other, same):
    assert same_person(one, other) is same


@pytest.mark.parametrize(
    "asked", ["Jane Roe", "Friends of Jane Roe", "Committee to Elect Jane Roe", "Jane Roe for District Attorney"]
)
def test_who_is_asked_for_may_be_named_by_a_committee_of_any_name(asked):
    found = people("ROE, JANE (DIST. ATTY.)", "POE, ANN (DIST. ATTY.)")
    (entry,) = select(found, prosecutor=asked).entries
    assert entry.names == ("ROE, JANE (DIST. ATTY.)",)


def test_what_names_nobody_is_answered_with_the_nearest_names():
    with pytest.raises(UsageError, match="no recipient of these filings is called '2024'"):
        select(people("ROE, JANE (DIST. ATTY.)"), prosecutor="2024")


def test_a_surname_that_names_no_prosecutor_is_not_who_was_asked_for():
    found = people("ROE, JANE (DIST. ATTY.)", "Roe for Mayor")
    assert [entry.names for entry in select(found, prosecutor="Jane Roe").entries] == [("ROE, JANE (DIST. ATTY.)",)]
    assert [entry.names for entry in select(found, prosecutor="Roe").entries] == [("ROE, JANE (DIST. ATTY.)",)]


@pytest.mark.parametrize(
    ("recipient", "about"),
    [
        ("Crime Victims United for Jane Roe for District Attorney", True),
        ("Justice United for District Attorney Jane Roe", False),
        ("Jane Roe for Justice for District Attorney", False),
        ("Independent Expenditure against Jane Roe", True),
        ("Jane Roe for District Attorney", False),
    ],
)
def test_whether_a_committee_is_somebody_elses_about_the_candidate(recipient, about):
    assert is_about(recipient) is about


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("Roe Campaign for Delaware", "Roe"),
        ("Jane Roe Team for Change", "Jane Roe"),
        ("Safe Streets Committee for Jane Roe", "Jane Roe"),
        ("Citizens Law for Jane Roe", "Jane Roe"),
        ("Safe Streets for Jane Roe", None),
        ("Women of Dane County for Jane Roe", "Jane Roe"),
        ("Texans for Jane Roe", "Jane Roe"),
        ("Friends of Roe for Elm", "Roe"),
    ],
)
def test_who_stands_before_and_behind_for(text, person):
    assert person_in(text) == person


@pytest.mark.parametrize(
    ("filed", "said"),
    [("JANE MCGEE", "Jane McGee"), ("JANE MCA", "Jane Mca"), ("MC ROE", "Mc Roe"), ("JANE ROE III", "Jane Roe III")],
)
def test_capitals_stand_where_a_name_has_them(filed, said):
    assert natural_case(filed) == said


@pytest.mark.parametrize(
    ("filed", "said"),
    [
        ("ROE, JANE, ANN", "Jane Roe Ann"),
        ("ROE, JANE ANN", "Jane Ann Roe"),
        ("ROE, JR., JANE", "Jane Roe Jr."),
        ("ROE, JANE, JR.", "Jane Roe Jr."),
        ("ROE", "Roe"),
        ("", ""),
        (",", ""),
    ],
)
def test_commas_part_a_name(filed, said):
    assert natural_order(filed) == said


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Jessica Roe", "Jessika Roe", True),
        ("Jessica Roe", "Jessicb Roe", False),
        ("Daniel Roe", "Daniela Roe", False),
        ("Russell Roe", "Russel Roe", True),
        ("Jane Roebuck", "Jane Roebvck", True),
        ("Jane Roe", "Jane Rob", False),
        ("Jane Roebuck", "Jane Rebvck", False),
    ],
)
def test_which_slips_of_the_keyboard_are_forgiven(one, other, same):
    assert same_person(one, other, typos=True) is same
    assert same_person(other, one, typos=True) is same
    assert not same_person(one, other)


@pytest.mark.parametrize("recipient_id", ["1", None])
def test_a_committee_that_names_its_candidate_in_some_rows_is_one_entry(recipient_id):
    found = people(Recipient("Roe for DA", recipient_id), Recipient("Roe for DA", recipient_id, "Jane Roe"))
    (entry,) = select(found).entries
    assert (entry.prosecutor.name, len(entry.recipients)) == ("Jane Roe", 2)


def test_the_words_of_committee_names_are_folded_and_listed_once() -> None:
    with data_path("committee_words.toml").open("rb") as handle:
        lists = tomllib.load(handle)
    for name, words in lists.items():
        entries = words.split() if isinstance(words, str) else words
        assert sorted(entries) == sorted({*entries}), name
        assert [entry for entry in entries if entry not in ("&", name_key(entry))] == [], name
