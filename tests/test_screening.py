"""Filings in, flagged money per prosecutor out."""

import io
import json
import zipfile
from dataclasses import replace
from functools import partial

import pandas as pd
import pytest

import unionscreen
from unionscreen.errors import FilingError, NoContributionsError, TooManyRejectsError, UnionListError, UsageError
from unionscreen.filings import open_filing
from unionscreen.prosecutors import select
from unionscreen.screening import Settings, block, entries, gather, screen_block
from unionscreen.unions import load_unions

ROE = "Jane Roe for District Attorney 2022"
FOP = "Fraternal Order of Police Lodge 5"
SMALL = "Friends of Jim Poe,78,,Ann Lee,9,2022-03-20"
HEADER = "Recipient,Contributor,Amount,Date,Type,Employer"


@pytest.fixture
def filing(tmp_path):
    """Write a filing of `(contributor, amount[, date[, kind[, recipient[, employer]]]])` rows."""

    def write(*rows, name="filing.csv"):
        path = tmp_path / name
        lines = [HEADER]
        for row in rows:
            contributor, amount, day, kind, recipient, employer = (
                *row,
                *("2022-03-01", "Monetary", ROE, "")[len(row) - 2 :],
            )
            lines.append(f'{recipient},"{contributor}",{amount},{day},{kind},{employer}')
        path.write_text("\n".join([*lines, ""]), encoding="utf-8")
        return path

    return write


def only(screening):
    (entry,) = screening.to_dict()["prosecutors"]
    return entry


def test_a_unions_gift_is_flagged_with_its_place_and_evidence(filing):
    entry = only(unionscreen.screen(filing(("Smith, Jane", "25.00"), (FOP, "1,400.00".replace(",", "")))))
    (flag,) = entry["flags"]
    assert (flag["row"], flag["contributor"], flag["amount"], flag["date"]) == (3, FOP, "1400.00", "2022-03-01")
    assert (flag["status"], flag["kind"], flag["recipient"]) == ("active", "monetary", ROE)
    assert flag["why"].startswith(f'Row 3 of {flag["source"]}: "{FOP}" ')
    assert (entry["contributions"], entry["raised"]) == (2, "1425.00")
    assert entry["flagged"] == {"count": 1, "gross": "1400.00", "refunded": "0.00", "net": "1400.00"}


def test_a_gift_returned_comes_out_as_exactly_that(filing):
    path = filing((FOP, "1400", "2022-09-01"), (FOP, "-1400", "2022-09-20"), ("Smith, Jane", "10"))
    screening = unionscreen.screen(path)
    entry = only(screening)
    assert [(f["date"], f["amount"], f["status"]) for f in entry["flags"]] == [
        ("2022-09-01", "1400.00", "refunded"),
        ("2022-09-20", "-1400.00", "active"),
    ]
    assert entry["flagged"] == {"count": 2, "gross": "1400.00", "refunded": "1400.00", "net": "0.00"}
    assert entry["raised"] == "10.00"
    assert screening.flags["status_cause"][0] == f"{path}:3"
    assert screening.manifest["by_status"] == {"active": 2, "refunded": 1}


def test_the_json_begins_with_the_keys_of_the_contract_in_their_order(filing):
    result = unionscreen.screen(filing((FOP, "5"), ("x", "no amount"))).to_dict()
    entry = result["prosecutors"][0]
    assert list(result)[:3] == ["manifest", "prosecutors", "rejects"]
    assert list(result["manifest"]) == [
        "inputs",
        "list_sha256",
        "version",
        "settings",
        "rows_read",
        "rows_screened",
        "rows_rejected",
        "by_status",
        "list_version",  # not in the contract, so behind it
    ]
    assert list(result["manifest"]["inputs"][0])[:7] == [
        "path",
        "sha256",
        "format",
        "encoding",
        "rows_read",
        "rows_screened",
        "rows_rejected",
    ]
    assert list(entry)[:9] == [
        "prosecutor",
        "office",
        "jurisdiction",
        "recipients",
        "contributions",
        "raised",
        "flagged",
        "flags",
        "related",
    ]
    assert list(entry["flags"][0])[:14] == [
        "source",
        "row",
        "recipient",
        "contributor",
        "date",
        "amount",
        "kind",
        "status",
        "tier",
        "union_id",
        "union",
        "union_kind",
        "score",
        "why",
    ]
    assert list(result["rejects"][0]) == ["source", "row", "reason", "text"]
    assert json.loads(json.dumps(result)) == result


def test_rows_are_screened_or_rejected_and_nothing_else(filing):
    manifest = unionscreen.screen(filing((FOP, "5"), ("x", "no amount"))).manifest
    assert (manifest["rows_read"], manifest["rows_screened"], manifest["rows_rejected"]) == (2, 1, 1)
    assert sum(manifest["by_status"].values()) == manifest["rows_screened"]


def test_look_alikes_are_apart_and_in_no_sum(filing):
    entry = only(unionscreen.screen(filing(("San Jose Police Foundation", "500"), (FOP, "5"))))
    assert [row["contributor"] for row in entry["related"]] == ["San Jose Police Foundation"]
    assert entry["flagged"]["gross"] == "5.00"


def test_a_loan_and_another_kind_are_flagged_but_in_no_sum(filing):
    screening = unionscreen.screen(filing((FOP, "100", "2022-01-01", "Loan"), (FOP, "5")))
    assert only(screening)["flagged"] == {"count": 1, "gross": "5.00", "refunded": "0.00", "net": "5.00"}
    assert screening.prosecutors[0].flagged.loans == 10_000


def test_money_in_kind_is_raised_and_told_apart(filing):
    screening = unionscreen.screen(filing((FOP, "100", "2022-01-01", "In-Kind")))
    assert (screening.prosecutors[0].raised, screening.prosecutors[0].in_kind) == (10_000, 10_000)


def test_only_prosecutors_are_shown_unless_all_are_asked_for(filing):
    path = filing((FOP, "5"), (FOP, "7", "2022-01-01", "Monetary", "Jim Poe for Sheriff"))
    assert only(unionscreen.screen(path))["recipients"] == [ROE]
    everybody = unionscreen.screen(path, recipients="all").to_dict()["prosecutors"]
    assert [(entry["prosecutor"], entry["recipients"]) for entry in everybody] == [
        ("Jane Roe", [ROE]),
        (None, ["Jim Poe for Sheriff"]),
    ]


def test_the_manifest_says_which_recipients_are_shown_and_why(filing):
    screening = unionscreen.screen(filing((FOP, "7", "2022-01-01", "Monetary", "Jim Poe for Sheriff")))
    assert screening.manifest["settings"]["recipients"] == "all"
    assert any("no recipient is recognized as a prosecutor" in note for note in screening.notes)


def test_one_persons_committees_are_added_up(filing):
    path = filing((FOP, "5"), (FOP, "7", "2018-01-01", "Monetary", "Jane Roe for District Attorney 2018"))
    entry = only(unionscreen.screen(path))
    assert (len(entry["recipients"]), entry["flagged"]["gross"]) == (2, "12.00")


def test_matches_below_the_minimum_are_left_out_and_counted(filing):
    screening = unionscreen.screen(filing((FOP, "5")), min_score=100)
    assert only(screening)["flags"] == []
    assert screening.manifest["left_out"] == {"below min-score": 1}
    assert any("left out" in note for note in screening.notes)


def test_rows_that_name_no_donor_are_counted_and_said(filing):
    screening = unionscreen.screen(filing((FOP, "5"), ("", "7"), ("  ", "9")))
    assert screening.manifest["rows_without_donor"] == 2
    assert any(note.startswith("2 rows have no contributor name and could not be compared") for note in screening.notes)
    assert "rows_without_donor" not in unionscreen.screen(filing((FOP, "5"))).manifest


def test_other_kinds_are_left_out_and_counted(filing):
    screening = unionscreen.screen(filing((FOP, "5")), kinds=["corrections"])
    assert only(screening)["flags"] == []
    assert screening.manifest["left_out"] == {"other kinds": 1}


def test_a_unions_employee_is_a_finding_of_its_own_when_asked_for(filing):
    path = filing(("Smith, Jane", "5", "2022-01-01", "Monetary", ROE, FOP))
    assert "employers" not in only(unionscreen.screen(path))
    entry = only(unionscreen.screen(path, employers=True))
    assert ([row["contributor"] for row in entry["employers"]], entry["flags"]) == (["Smith, Jane"], [])


def test_a_filing_without_contributions_is_an_error_that_names_it(filing):
    with pytest.raises(NoContributionsError, match=r"empty\.csv: this report itemizes no contributions"):
        unionscreen.screen(filing(name="empty.csv"))


def test_a_report_without_contributions_does_not_stop_the_others_in_a_folder_or_by_name(filing, tmp_path):
    full, empty = filing((FOP, "5")), filing(name="empty.csv")
    letter = tmp_path / "letter.fec"
    letter.write_text("HDR\x1cFEC\x1c8.3\x1cX\nF99\x1cC00900001\x1cRoe\n")
    for given in ([full, empty, letter], [tmp_path]):
        found = unionscreen.screen(given)
        assert found.prosecutors[0].raised == 5_00
        for path in (empty, letter):
            assert f"{path}: this report itemizes no contributions" in found.notes
    assert unionscreen.screen([full, letter]).manifest["without_contributions"] == [str(letter)]
    with pytest.raises(NoContributionsError, match=r"a letter of text \(form F99\)"):
        unionscreen.screen(letter)
    with pytest.raises(NoContributionsError):
        unionscreen.screen([empty, letter])


def test_a_filing_of_which_no_row_can_be_read_is_an_error(filing):
    with pytest.raises(FilingError, match="all 2 rows were rejected"):
        unionscreen.screen(filing((FOP, "five"), (FOP, "six")))


def test_more_rejects_than_allowed_is_an_error_of_its_own(filing):
    path = filing((FOP, "5"), ("x", "no amount"))
    assert unionscreen.screen(path, max_rejects=1).manifest["rows_rejected"] == 1
    with pytest.raises(TooManyRejectsError, match="1 row could not be read") as raised:
        unionscreen.screen(path, max_rejects=0)
    assert raised.value.exit_code == 4


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"recipients": "some"}, "recipients can be prosecutors or all"),
        ({"kinds": ["polite"]}, "no union is of kind polite"),
        ({"kinds": []}, "nothing could be flagged"),
        ({"min_score": 101}, "between 0 and 100"),
        ({"prosecutor": "Ann Poe"}, "the nearest names are Jane Roe"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_an_option_that_cannot_be_right_is_refused(filing, options, said):
    with pytest.raises(UsageError) as raised:
        unionscreen.screen(filing((FOP, "5")), **options)
    assert said in str(raised.value)


def test_no_filing_is_refused():
    with pytest.raises(UsageError, match="no filing"):
        unionscreen.screen([])


def test_the_same_filing_twice_is_refused_by_name_and_by_content(filing):
    one = filing((FOP, "5"))
    with pytest.raises(UsageError, match="given twice"):
        unionscreen.screen([one, one])
    with pytest.raises(UsageError, match="the same bytes"):
        unionscreen.screen([one, filing((FOP, "5"), name="copy.csv")])


@pytest.mark.parametrize("given", [["tn", "tn/one.csv"], [".", "tn"], ["tn/one.csv", "./tn"]], ids=" ".join)
def test_a_file_that_stands_in_a_folder_given_too_is_refused(filing, tmp_path, monkeypatch, given):
    (tmp_path / "tn").mkdir()
    filing((FOP, "5"), name="tn/one.csv")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match=r"tn/one\.csv is given twice"):
        unionscreen.screen(given)


@pytest.mark.parametrize("pattern", ["**", "./**", "*", "tn/**", "t*/**/*.csv", "**/*.csv"])
def test_a_pattern_that_fits_folders_and_their_files_reads_each_file_once(filing, tmp_path, monkeypatch, pattern):
    (tmp_path / "tn" / "2020").mkdir(parents=True)
    filing((FOP, "5"), name="tn/one.csv")
    filing((FOP, "7"), name="tn/2020/two.csv")
    monkeypatch.chdir(tmp_path)
    assert unionscreen.screen(pattern).prosecutors[0].flagged.gross == 1200


def test_members_of_a_zip_are_inputs_of_their_own(filing, tmp_path):
    other = filing((FOP, "7", "2022-01-01", "Monetary", "Ann Poe for District Attorney"), name="b.csv")
    with zipfile.ZipFile(tmp_path / "both.zip", "w") as archive:
        for path in (filing(("Smith", "1"), (FOP, "5"), name="a.csv"), other):
            archive.write(path, path.name)
    result = unionscreen.screen(tmp_path / "both.zip").to_dict()
    assert [each["rows_read"] for each in result["manifest"]["inputs"]] == [2, 1]
    flags = [flag for entry in result["prosecutors"] for flag in entry["flags"]]
    assert [(flag["source"].rpartition("!")[2], flag["row"]) for flag in flags] == [("b.csv", 2), ("a.csv", 3)]


def test_a_gift_that_stands_in_two_files_is_said_so(filing):
    whole = filing((FOP, "500"), ("Smith, Jane", "9"), (FOP, "500", "2022-06-01"), name="state.csv")
    own = filing((FOP, "500"), ("Smith, Jane", "9"), name="own.csv")
    other = filing((FOP, "501"), ("Smith, Jane", "9"), name="other.csv")

    def said(*paths):
        return [note for note in unionscreen.screen(paths).notes if "in two files" in note]

    assert said(whole, other) == []
    (note,) = said(whole, own)
    assert note.startswith(f"1 flagged gift is in two files and may count twice, such as {own}:2 and {whole}:2:")
    assert note.endswith("then what was raised is too high as well")


def test_a_data_frame_is_screened_like_a_filing():
    frame = pd.DataFrame(
        {"Committee": [ROE] * 2, "Donor": [FOP, "Smith"], "Amount": [1400.5, 20], "Date": ["2022-09-01", None]}
    )
    entry = only(unionscreen.screen(frame))
    assert (entry["raised"], entry["flagged"]["gross"], entry["flags"][0]["source"]) == (
        "1420.50",
        "1400.50",
        "<DataFrame>",
    )


def test_a_data_frame_may_have_canonical_columns():
    frame = pd.DataFrame({"recipient": [ROE], "contributor": [FOP], "amount_cents": [-15_000_001]})
    assert only(unionscreen.screen(frame))["flagged"]["refunded"] == "150000.01"


def test_what_is_no_whole_number_of_cents_is_rejected_with_its_row():
    frame = pd.DataFrame({"recipient": ROE, "contributor": FOP, "amount_cents": [500, "--5", 1.5, None, 2.0]})
    screening = unionscreen.screen(frame)
    assert [row.amount_cents for row in screening.prosecutors[0].flags] == [500, 2]
    assert [row.row for row in screening.rejected] == [3, 4, 5]


def test_the_tables_are_data_frames_of_the_same_figures(filing):
    screening = unionscreen.screen(filing((FOP, "5"), ("San Jose Police Foundation", "1"), ("x", "no amount")))
    assert list(screening.flags["amount_cents"]) == [500]
    assert list(screening.related["contributor"]) == ["San Jose Police Foundation"]
    assert list(screening.rejects["row"]) == [4]
    assert str(screening.flags["date"].dtype).startswith("datetime64")


def test_tables_without_rows_keep_their_columns(filing):
    screening = unionscreen.screen(filing(("Smith, Jane", "5")))
    assert list(screening.flags.columns) == list(screening.related.columns)
    assert len(screening.rejects) == 0


@pytest.fixture
def blocks(filing, monkeypatch):
    """The partials of a filing that was cut into many blocks, and the settings."""
    monkeypatch.setattr("unionscreen.filings.rows.blocks.BLOCK_BYTES", 2_000)
    rows = [(FOP if i % 7 == 0 else f"Smith, Jane {i}", i + 1, f"2022-03-{1 + i % 28:02d}") for i in range(200)]
    rows[50] = ("Smith, Jane", "no amount")
    (opened,) = open_filing(filing(*rows))
    settings = Settings(list_sha256=load_unions().sha256)
    return list(map(partial(screen_block, settings=settings), opened.tasks()))


def test_the_merge_does_not_depend_on_the_order_of_the_blocks(blocks):
    assert len(blocks) > 3

    def outcome():
        gathered = gather(blocks)
        return entries(gathered, select(gathered.recipients)), gathered.rejects, gathered.by_status

    first = outcome()
    blocks.reverse()
    assert outcome() == first


def test_rows_are_numbered_from_the_top_of_the_file_in_every_block(blocks):
    gathered = gather(blocks)
    assert [flag.row for _, _, flag in gathered.interest] == [i + 2 for i in range(200) if i % 7 == 0]
    assert [reject.row for reject in gathered.rejects] == [52]


def test_blocks_and_processes_change_nothing(filing, monkeypatch):
    rows = [(FOP if i % 9 == 0 else f"Smith, Jane {i}", i + 1) for i in range(300)]
    path = filing(*rows)
    whole = unionscreen.screen(path, workers=1).to_dict()
    monkeypatch.setattr("unionscreen.filings.rows.blocks.BLOCK_BYTES", 2_000)
    seen = []
    cut = unionscreen.screen(path, workers=2, progress=lambda now: seen.append(now.bytes_done)).to_dict()
    assert json.dumps(cut) == json.dumps(whole)
    assert (len(seen) > 3, seen == sorted(seen), seen[-1]) == (True, True, path.stat().st_size)


POE = "Jim Poe for Sheriff"


@pytest.mark.parametrize("block_bytes", [400, 2_000, 1 << 20])
def test_prosecutors_rows_alone_say_the_same_as_all_rows(filing, monkeypatch, block_bytes):
    monkeypatch.setattr("unionscreen.filings.rows.blocks.BLOCK_BYTES", block_bytes)
    rows = [(FOP if i % 3 == 0 else f"Smith, Jane {i}", i + 1, "2022-03-01", "Monetary", POE) for i in range(90)]
    rows[40] = (FOP, 41, "2022-03-01", "Monetary", ROE)  # in blocks of 400 bytes most hold no prosecutor
    rows[41] = ("Smith, Jane", 42, "2022-03-01", "Monetary", ROE)
    path = filing(*rows)
    narrow, everybody = unionscreen.screen(path), unionscreen.screen(path, recipients="all")
    assert narrow.prosecutors == tuple(each for each in everybody.prosecutors if each.prosecutor)
    assert [flag.row for flag in narrow.prosecutors[0].flags] == [42]
    assert narrow.manifest["by_status"] == everybody.manifest["by_status"]


def test_other_recipients_donors_are_not_looked_up_and_not_counted_as_left_out(filing, monkeypatch):
    asked = []
    match = block._match
    monkeypatch.setattr(block, "_match", lambda name, *rest: asked.append(name) or match(name, *rest))
    path = filing((FOP, "5"), ("Tulsa Police Officers Association", "7", "2022-01-01", "Monetary", POE))
    screening = unionscreen.screen(path, min_score=100, workers=1)
    assert asked == [FOP]
    assert screening.manifest["left_out"] == {"below min-score": 1}
    assert "1 of 2 recipients is a prosecutor; the others' donors are not looked up: --recipients all does" in (
        screening.notes
    )


def test_a_refund_nets_its_gift_though_its_row_names_no_office(tmp_path):
    path = tmp_path / "filing.csv"
    path.write_text(
        "Recipient,Committee ID,Office,Contributor,Amount,Date\n"
        f"Friends of Jane Roe,77,District Attorney,{FOP},500,2022-03-01\n"
        f"Friends of Jane Roe,77,,{FOP},-500,2022-03-20\n"
        f"Friends of Jim Poe,78,,{FOP},9,2022-03-20\n"
    )
    (entry,) = unionscreen.screen(path).prosecutors
    assert [(flag.row, flag.status) for flag in entry.flags] == [(2, "refunded"), (3, "active")]
    assert (entry.raised, entry.flagged.gross, entry.flagged.net) == (0, 50_000, 0)


@pytest.mark.parametrize("from_stdin", [False, True])
def test_a_refund_far_from_any_row_that_names_the_office_is_found(from_stdin, tmp_path, monkeypatch):
    """Its block holds another prosecutor, so that only that one's rows are looked at there."""
    rows = [f"Friends of Jane Roe,77,District Attorney,{FOP},500,2022-03-01", *[SMALL] * 40]
    rows += [*[SMALL] * 40, f"Friends of Jane Roe,77,,{FOP},-500,2022-03-20", SMALL.replace("78,,", "79,Prosecutor,")]
    text = "\n".join(["Recipient,Committee ID,Office,Contributor,Amount,Date", *rows, ""])
    path = tmp_path / "filing.csv"
    path.write_text(text)
    monkeypatch.setattr("unionscreen.filings.rows.blocks.BLOCK_BYTES", len(text) // 2)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    screening = unionscreen.screen("-" if from_stdin else path, workers=1)
    roe = next(entry for entry in screening.prosecutors if entry.recipients == ("Friends of Jane Roe",))
    assert [flag.status for flag in roe.flags] == (["active"] if from_stdin else ["refunded", "active"])
    assert any("some rows of 77 do not show" in note for note in screening.notes) == from_stdin
    assert screening.manifest["rows_read"] == len(rows)


def test_two_offices_under_one_name_are_told_apart_row_by_row(tmp_path):
    path = tmp_path / "filing.csv"
    path.write_text(
        "Recipient,Committee ID,Office,Contributor,Amount,Date\n"
        f"Friends of Roe,77,District Attorney,{FOP},500,2022-03-01\n"
        f"Friends of Roe,78,Sheriff,{FOP},300,2022-03-02\n"
        f"Friends of Poe,79,District Attorney,{FOP},200,2022-03-03\n"
        f"Friends of Roe,79,Sheriff,{FOP},100,2022-03-04\n"
    )
    found = unionscreen.screen(path).prosecutors
    assert sorted(flag.row for entry in found for flag in entry.flags) == [2, 4]


def test_a_worker_with_another_list_refuses(filing):
    (opened,) = open_filing(filing((FOP, "5")))
    with pytest.raises(UnionListError, match="another union list"):
        screen_block(next(iter(opened.tasks())), Settings(list_sha256="0" * 64))


NETFILE = (
    "transactionId,filerName,fppcId,date,amount,contributorType,contributorLastName,contributorFirstName,"
    "contributorCity,contributorState,reportNumber,reportDate,reportFromDate,reportThruDate"
)


@pytest.fixture
def netfile(tmp_path):
    """Write NetFile rows: id, day, dollars, report number, period end (None for a late report), donor."""

    def write(name, *rows):
        lines = [NETFILE]
        for transaction, day, dollars, number, end, donor in rows:
            period = f"2022-01-01,{end}" if end else "0NaN-NaN-NaN,0NaN-NaN-NaN"
            lines.append(
                f"{transaction},{ROE},77,{day},{dollars},other,{donor},,Springfield,CA,{number},2022-07-01,{period}"
            )
        path = tmp_path / name
        path.write_text("\n".join([*lines, ""]), encoding="utf-8")
        return path

    return write


def test_an_amended_report_replaces_the_first_across_files(netfile):
    first = netfile(
        "a.csv", ("A1", "2022-02-01", 100, 0, "2022-04-23", FOP), ("A2", "2022-02-02", 7, 0, "2022-04-23", "Smith")
    )
    amended = netfile("b.csv", ("A1", "2022-02-01", 150, 1, "2022-04-23", FOP))
    for order in ([first, amended], [amended, first]):
        screening = unionscreen.screen(order)
        entry = only(screening)
        assert (entry["contributions"], entry["raised"], entry["flagged"]["gross"]) == (3, "150.00", "150.00")
        assert sorted(flag["status"] for flag in entry["flags"]) == ["active", "superseded"]
        assert screening.manifest["by_status"] == {"active": 1, "superseded": 2}
        superseded = screening.flags[screening.flags["status"] == "superseded"]
        assert list(superseded["status_cause"]) == [f"{amended}:2"]


def test_a_late_report_counts_until_the_periodic_one_is_there(netfile):
    late = netfile("late.csv", ("L1", "2022-02-01", 100, 0, None, FOP))
    periodic = netfile("periodic.csv", ("A1", "2022-02-01", 100, 0, "2022-04-23", FOP))
    assert only(unionscreen.screen(late))["flagged"]["gross"] == "100.00"
    entry = only(unionscreen.screen([late, periodic]))
    assert (entry["flagged"]["gross"], [flag["status"] for flag in entry["flags"]]) == ("100.00", ["covered", "active"])


def test_the_manifest_says_the_first_and_the_last_day_of_a_filing_and_how_many_rows_have_none(filing):
    rows = [("A", "1", "2022-03-01"), ("B", "2", ""), ("C", "3", "2021-01-31"), ("D", "4", "2202-01-01")]
    (read,) = unionscreen.screen(filing(*rows)).manifest["inputs"]
    assert (read["first_date"], read["last_date"], read["undated"]) == ("2021-01-31", "2022-03-01", 2)


@pytest.mark.parametrize("block_bytes", [500, 1 << 20])
def test_the_only_recipient_of_a_file_is_shown_whatever_blocks_the_files_are_cut_into(
    block_bytes, tmp_path, monkeypatch
):
    """Some of its rows stand in another file, in blocks that hold prosecutors and in blocks that hold none."""
    own, table = tmp_path / "own.csv", tmp_path / "table.csv"
    header, mine = "Recipient,Contributor,Amount,Date\n", f"Friends of Jane Roe,{FOP},1,2022-01-01\n"
    other = f"Candidate X,{FOP},1,2022-01-01\n"
    own.write_text(header + mine * 50)
    table.write_text(header + other * 30 + f'"POE, ANN (DIST. ATTY)",{FOP},1,2022-01-01\n' + mine * 4 + other * 30)
    monkeypatch.setattr("unionscreen.filings.rows.blocks.BLOCK_BYTES", block_bytes)
    screening = unionscreen.screen([table, own], workers=1)
    found = {entry.recipients: (entry.raised, len(entry.flags)) for entry in screening.prosecutors}
    assert found == {("POE, ANN (DIST. ATTY)",): (100, 1), ("Friends of Jane Roe",): (5_400, 54)}
    assert screening.manifest["not_looked_up"] == {"recipients": 1, "rows": 60}


def test_people_employed_by_a_union_are_found_whatever_sort_of_donor_the_filing_says(tmp_path):
    """An empty cell says nothing against a person; a firm or a committee is nobody's employee."""
    path = tmp_path / "filing.csv"
    said = [("Smith, Ann", "Individual"), ("Smith, Bea", ""), ("Elm Bakery", "Business Entity")]
    said += [("Elm Forward", "Committee"), (FOP, "Organization"), (FOP, "")]
    rows = [f'{ROE},"{donor}",{sort},5.00,2022-03-01,{FOP}' for donor, sort in said]
    path.write_text("\n".join(["Recipient,Contributor,Contributor Type,Amount,Date,Employer", *rows, ""]))
    screening = unionscreen.screen(path, employers=True)
    entry = only(screening)
    assert [row["contributor"] for row in entry["employers"]] == ["Smith, Ann", "Smith, Bea"]
    assert [row["row"] for row in entry["flags"]] == [6, 7]


def test_employers_are_looked_at_only_when_the_settings_say_so(filing):
    (opened,) = open_filing(filing(("Smith, Jane", "5", "2022-01-01", "Monetary", ROE, FOP)))
    plain = Settings(load_unions().sha256)
    for settings, expected in [(plain, []), (replace(plain, employers=True), ["employer"])]:
        partials = [screen_block(task, settings) for task in opened.tasks()]
        assert [finding for each in partials for finding in each.interest["finding"].to_pylist()] == expected


@pytest.mark.parametrize("block_bytes", [1 << 20, 120])
def test_words_for_a_kind_that_are_not_known_are_counted_over_all_blocks_those_of_most_rows_first(
    filing, monkeypatch, block_bytes
):
    monkeypatch.setattr("unionscreen.filings.rows.blocks.BLOCK_BYTES", block_bytes)
    monkeypatch.setattr("unionscreen.filings.rows.blocks._WINDOW_BYTES", 100)
    kinds = ["Zorp", "Monetary", "Quux", "Zorp", "Monetary", "Monetary", "Zorp", "Blip", "Blip", "Monetary"]
    cost = {"Zorp": "1", "Quux": "900", "Blip": "70", "Monetary": "5"}
    path = filing(*(("Smith, Jane", cost[kind], "2022-01-01", kind) for kind in kinds))
    (note,) = [note for note in unionscreen.screen(path).notes if "a word that is not known" in note]
    assert "6 rows have a word that is not known as a kind of receipt; $1,043.00" in note
    assert note.endswith('"Zorp" (3), "Blip" (2), "Quux" (1)')


def test_what_scores_as_much_as_is_asked_for_is_counted(filing):
    path = filing((FOP, "5"))
    score = float(only(unionscreen.screen(path))["flags"][0]["score"])
    assert len(only(unionscreen.screen(path, min_score=score))["flags"]) == 1
    assert only(unionscreen.screen(path, min_score=score + 0.1))["flags"] == []


@pytest.mark.parametrize("block_bytes", [1 << 20, 150])
def test_rows_without_a_donor_are_those_of_who_is_shown_however_the_file_is_cut(filing, monkeypatch, block_bytes):
    monkeypatch.setattr("unionscreen.filings.rows.blocks.BLOCK_BYTES", block_bytes)
    monkeypatch.setattr("unionscreen.filings.rows.blocks._WINDOW_BYTES", 100)
    mine = [("", "5"), (FOP, "7"), ("Smith, Jane", "9")]
    others = [("", "5", "2022-03-01", "Monetary", "Elm Forward")] * 12
    screening = unionscreen.screen(filing(*mine, *others, *mine))
    assert screening.manifest["rows_without_donor"] == 2
    assert (only(screening)["contributions"], len(only(screening)["flags"])) == (6, 2)


def test_the_settings_of_the_manifest_list_every_option_that_was_set(tmp_path):
    filing, people = tmp_path / "f.csv", tmp_path / "people.csv"
    filing.write_text("Recipient Name,Contributor Name,Amount,Date\nRoe for District Attorney,Lee Doe,5,2022-03-20\n")
    people.write_text("person,recipient\nJane Roe,Roe for District Attorney\n")
    plain = unionscreen.screen(filing).manifest["settings"]
    options = {
        "count": ["charity"],
        "accept_difference": True,
        "givers": ["Lee Doe"],
        "require_totals": True,
        "by_year": True,
        "compare": True,
        "people": str(people),
        "trace": True,
    }
    found = unionscreen.screen(filing, **options).manifest["settings"]
    assert {name: value for name, value in found.items() if name not in plain} == options
    assert {name: found[name] for name in plain} == plain
