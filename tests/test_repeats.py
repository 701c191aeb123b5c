"""Once is once: rows that repeat another are left out, within a block, between blocks and between files."""

from __future__ import annotations

import itertools

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import unionscreen
from unionscreen.accounting.repeats import (
    FIRST,
    ONLY_ROW,
    SECOND,
    CrossBlockRepeats,
    combine_hashes,
    find_repeats,
    hash_texts,
    resolve,
)
from unionscreen.filings.rows import blocks

RHODE_ISLAND = (
    "ContributionID,ContDesc,IncompleteDesc,OrganizationName,ViewIncomplete,ReceiptDate,DepositDate,Amount,"
    "ContribExplanation,MPFMatchAmount,FirstName,LastName,FullName,Address,CityStZip,EmployerName,EmpAddress,"
    "EmpCityStZip,ReceiptDesc,BeginDate,EndDate,TransType\n"
)
TENNESSEE = (
    ",Type,Adj,Amount,Date,Election.Year,Report.Name,Recipient.Name,Contributor.Name,Contributor.Address,"
    "Contributor.Occupation,Contributor.Employer,Description,Source,Dest\n"
)


def rhode_island(number, donor="SPRINGFIELD POLICE UNION", *, filer="JANE ROE", day="11/03/2020", amount="250.00"):
    return (
        f'{number},PAC,,{filer},Complete,{day},,{amount},,0.00,,,{donor},1 Main St,"NEWPORT, RI 02840",,,,Check,,,C\n'
    )


def tennessee(number, dest, *, amount="$1,000.00", donor="SPRINGFIELD POLICE ASSN."):
    gift = f'"{amount}",03/04/2021,2022,1st Quarter,"ROE, JANE (DIST. ATTY.)",{donor}'
    return f'{number},Monetary,N,{gift},"1 MAIN ST, OAK RIDGE , TN, 37830",NA,NA,,Business,{dest}\n'


def screened(tmp_path, *texts, **options):
    paths = []
    for at, text in enumerate(texts):
        path = tmp_path / f"export{at}.csv"
        path.write_text(text)
        paths.append(path)
    return unionscreen.screen(paths, recipients="all", workers=1, **options)


def said(found):
    return [note for note in found.notes if "left out ($" in note]


@pytest.mark.parametrize(
    ("second", "raised"),
    [
        (rhode_island(1), 250_00),
        (rhode_island(2), 500_00),
        (rhode_island(1, amount="75.00"), 325_00),
        (rhode_island(1, day="11/04/2020"), 500_00),
    ],
    ids=["all equal", "another id", "another amount", "another day"],
)
def test_a_row_repeats_another_only_when_id_date_and_amount_are_equal(tmp_path, second, raised):
    found = screened(tmp_path, RHODE_ISLAND + rhode_island(1) + second)
    assert [entry.raised for entry in found.prosecutors] == [raised]
    assert bool(said(found)) == (raised == 250_00)


def test_an_id_that_belongs_to_two_filers_is_two_gifts(tmp_path):
    found = screened(tmp_path, RHODE_ISLAND + rhode_island(1) + rhode_island(1, filer="ANN POE"))
    assert [entry.raised for entry in found.prosecutors] == [250_00, 250_00]
    assert not said(found)


def test_a_flag_that_repeats_another_names_the_row_it_repeats(tmp_path):
    found = screened(tmp_path, RHODE_ISLAND + rhode_island(1) + rhode_island(7, "LEE DOE") + rhode_island(1))
    first, second = found.prosecutors[0].flags
    assert (first.status, second.status) == ("active", "duplicate")
    assert second.status_cause == f"{tmp_path / 'export0.csv'}:2"
    (note,) = said(found)
    assert note.startswith("1 row repeats another and is left out ($250.00)")
    assert note.endswith(f"such as {tmp_path / 'export0.csv'}:4, which repeats {tmp_path / 'export0.csv'}:2")
    assert found.manifest["by_status"] == {"active": 2, "duplicate": 1}


def test_rows_that_name_no_union_are_left_out_and_reported_as_well(tmp_path):
    found = screened(tmp_path, RHODE_ISLAND + rhode_island(1, "LEE DOE") * 3)
    assert found.prosecutors[0].raised == 250_00
    assert said(found)[0].startswith("2 rows repeat another and are left out ($500.00)")


def test_a_row_of_another_file_is_the_same_row(tmp_path):
    first = RHODE_ISLAND + rhode_island(1) + rhode_island(2)
    found = screened(tmp_path, first, RHODE_ISLAND + rhode_island(3) + rhode_island(2))
    assert found.prosecutors[0].raised == 750_00
    assert [flag.status for flag in found.prosecutors[0].flags] == ["active", "active", "active", "duplicate"]
    assert said(found)[0].endswith(f"{tmp_path / 'export1.csv'}:3, which repeats {tmp_path / 'export0.csv'}:3")


def test_blocks_leave_out_what_other_blocks_hold_whatever_their_size(tmp_path, monkeypatch):
    numbers = [1 + at * at % 401 for at in range(900)]
    text = RHODE_ISLAND + "".join(rhode_island(number, f"DONOR {number}") for number in numbers)
    whole = screened(tmp_path, text)
    monkeypatch.setattr(blocks, "BLOCK_BYTES", 4_000)
    cut = screened(tmp_path, text)
    assert [entry.raised for entry in cut.prosecutors] == [len({*numbers}) * 250_00]
    assert (whole.prosecutors, whole.manifest) == (cut.prosecutors, cut.manifest)
    assert said(whole) == said(cut)


@pytest.mark.parametrize("word", ["Pending", "N/A", "0", "none"])
def test_a_word_that_stands_for_a_missing_id_makes_no_two_rows_one(tmp_path, word):
    found = screened(tmp_path, RHODE_ISLAND + rhode_island(word) * 2)
    assert found.prosecutors[0].raised == 500_00


def test_filers_whose_id_is_pending_are_told_apart_by_name(read_text_of_netfile):
    assert read_text_of_netfile("Pending") == [None, None]
    assert read_text_of_netfile("1400001") == ["1400001", "1400001"]


@pytest.fixture
def read_text_of_netfile(tmp_path):
    def ids(word):
        path = tmp_path / f"{word}.csv"
        header = "Filer_ID,Filer_NamL,Entity_Cd,Tran_NamL,Tran_Date,Tran_Amt1,Form_Type\n"
        path.write_text(header + "".join(f"{word},{who},IND,Doe,2022-03-04,10,A\n" for who in ("Roe 2022", "Poe 2022")))
        from unionscreen.filings import open_filing, read_block

        (filing,) = open_filing(path)
        return [each for task in filing.tasks() for each in read_block(task).column("recipient_id").to_pylist()]

    return ids


def test_a_gift_listed_under_two_headings_is_one_gift(tmp_path):
    rows = [tennessee(1, "Candidate"), tennessee(2, "Candidate"), tennessee(3, "PAC"), tennessee(4, "PAC")]
    found = screened(tmp_path, TENNESSEE + "".join(rows))
    assert found.prosecutors[0].raised == 2_000_00  # two gifts on one day may be real
    assert [flag.status for flag in found.prosecutors[0].flags] == ["active", "active", "duplicate", "duplicate"]


def test_a_gift_under_the_second_heading_alone_counts(tmp_path):
    rows = [tennessee(1, "PAC"), tennessee(2, "PAC", donor="LEE DOE"), tennessee(3, "Candidate", donor="ANN POE")]
    found = screened(tmp_path, TENNESSEE + "".join(rows))
    assert found.prosecutors[0].raised == 3_000_00
    assert not said(found)


def test_in_a_file_put_together_from_several_exports_a_second_listing_counts_and_is_reported(tmp_path):
    header = TENNESSEE.replace("Dest\n", "Dest,source_file\n")
    rows = (tennessee(1, "Candidate") + tennessee(2, "PAC")).replace("\n", ",Contributions_2021.csv\n")
    found = screened(tmp_path, header + rows)
    assert found.prosecutors[0].raised == 2_000_00
    (note,) = [note for note in found.notes if "found by two searches" in note]
    assert note.startswith(f"{tmp_path / 'export0.csv'}: 1 row ($1,000.00) is equal to another in all but the heading")


def test_more_rows_under_the_second_heading_than_under_the_first_are_gifts_of_their_own(tmp_path):
    found = screened(
        tmp_path, TENNESSEE + tennessee(1, "PAC"), TENNESSEE + tennessee(2, "Candidate") + tennessee(3, "PAC")
    )
    assert found.prosecutors[0].raised == 2_000_00


# Hashes lie anywhere between 0 and the largest, which are looked through in parts.
@given(
    st.lists(st.integers(0, 12), max_size=60),
    st.integers(1, 5),
    st.booleans(),
    st.sampled_from([1, ((1 << 64) - 1) // 6]),
)
def test_of_each_hash_one_row_is_kept_however_the_rows_are_cut_into_blocks(values, cuts, listed, apart):
    hashes = np.array(values, np.uint64)
    parts = np.where(hashes % 2 == 0, FIRST, SECOND) if listed else np.full(len(values), ONLY_ROW)
    hashes = (hashes // 2 if listed else hashes % 7) * np.uint64(apart)
    edges = np.linspace(0, len(values), cuts + 1).astype(int)
    pieces = {(0, at): slice(*pair) for at, pair in enumerate(itertools.pairwise(edges))}

    def found(known):
        return {
            place: find_repeats(np.arange(len(hashes[cut])), hashes[cut], parts[cut], np.arange(99), known, place)
            for place, cut in pieces.items()
        }

    known = resolve({place: each.hashes for place, each in found(CrossBlockRepeats()).items()})
    left = sum(len(each.rows) for each in found(known).values())
    if listed:
        pairs = [(hashes[parts == FIRST] == of, hashes[parts == SECOND] == of) for of in np.unique(hashes)]
        assert left == sum(min(np.count_nonzero(one), np.count_nonzero(two)) for one, two in pairs)
    else:
        assert left == len(values) - len(np.unique(hashes))


@given(st.lists(st.text(max_size=30), min_size=1, max_size=40))
def test_equal_texts_have_equal_hashes_and_others_have_not(texts):
    hashes = hash_texts(pa.array(texts)).tolist()
    assert len({*hashes}) == len({*texts})
    assert hashes == hash_texts(pa.concat_arrays([pa.array(["x"]), pa.array(texts)]).slice(1)).tolist()


def test_a_hash_is_the_same_in_every_process_and_release():
    assert hash_texts(pa.array(["A1", None, "x" * 5000])).tolist() == HASHES


HASHES = [14185773246712193050, 0, 17746578464066887650]


def test_the_order_of_columns_matters():
    one, other = hash_texts(pa.array(["a", "b"])).reshape(2, 1)
    assert combine_hashes([one, other]).tolist() != combine_hashes([other, one]).tolist()


def test_rows_that_repeat_another_word_for_word_count_and_are_reported(tmp_path):
    path = tmp_path / "export.csv"
    lines = [
        "Recipient,Contributor,Date,Amount",
        *["Roe for DA,Lee Doe,2024-01-02,25"] * 2,
        "Roe for DA,A Poe,2024-01-02,9",
    ]
    path.write_text("\n".join(lines) + "\n")
    found = unionscreen.screen(path, workers=1)
    assert found.prosecutors[0].raised == 59_00
    (note,) = [note for note in found.notes if "word for word" in note]
    assert note == (
        f"{path}: 1 row repeats another word for word ($25.00). This may be real, so all are counted; "
        "look at row 3, which is equal to row 2"
    )


def test_a_number_before_each_row_hides_no_repeat(tmp_path):
    rows = [tennessee(1, "PAC", donor="LEE DOE"), tennessee(2, "PAC", donor="LEE DOE"), tennessee(3, "PAC")]
    found = screened(tmp_path, TENNESSEE + "".join(rows))
    assert [note.partition(": ")[2][:36] for note in found.notes if "word" in note] == [
        "1 row repeats another word for word "
    ]


def test_blocks_kept_for_later_are_told_apart_by_what_they_know_of_others(tmp_path):
    text = RHODE_ISLAND + rhode_island(1) + rhode_island(2)
    for _ in range(2):  # the second time from what the first kept
        found = screened(tmp_path, text, RHODE_ISLAND + rhode_island(2), resume=tmp_path / "kept")
        assert found.prosecutors[0].raised == 500_00
        assert said(found)
    alone = screened(tmp_path, text, resume=tmp_path / "kept")
    assert alone.prosecutors[0].raised == 500_00
    assert not said(alone)


@pytest.mark.parametrize(
    ("header", "second", "raised"),
    [
        ("Transaction ID", "T1,FOP Lodge 1", 25_00),
        ("Transaction ID", "T1,Lee Doe", 50_00),
        ("Transaction ID", "T2,FOP Lodge 1", 50_00),
        ("ID", "T1,FOP Lodge 1", 50_00),  # it may be the donor's
    ],
)
def test_in_a_generic_table_only_a_transaction_id_makes_rows_one_and_only_of_one_donor(
    tmp_path, header, second, raised
):
    lines = [f"{header},Contributor,Recipient,Date,Amount,Check", "T1,FOP Lodge 1,Roe for DA,2024-01-02,25,1"]
    found = screened(tmp_path, "\n".join([*lines, f"{second},Roe for DA,2024-01-02,25,2"]) + "\n")
    assert found.prosecutors[0].raised == raised
