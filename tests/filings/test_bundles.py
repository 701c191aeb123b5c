"""Folders and zips read as a whole: what is joined, what each row counts for, and what is said when a file lacks."""

from __future__ import annotations

import os
import shutil
import zipfile
from datetime import date

import pytest

from unionscreen import screen
from unionscreen.errors import FilingError, UsageError
from unionscreen.filings import find_lookup_files, list_formats, open_filing, read_block
from unionscreen.filings.files.given import folder_files
from unionscreen.filings.layouts.joins import lookup
from unionscreen.filings.layouts.lookup_files import list_lookups
from unionscreen.filings.rows import read

# Bundle: the prosecutor, what was raised, what of it is flagged (gross, refunded), and the status of each flagged row.
BUNDLES = {
    "calaccess": ("District Attorney", "Springfield County", 380050, 130000, 0, {
        "LOAN_CD.TSV:4": "active", "RCPT_CD.TSV:2": "superseded", "RCPT_CD.TSV:3": "active", "RCPT_CD.TSV:5": "active",
        "RCPT_CD.TSV:9": "covered", "S497_CD.TSV:2": "covered",
    }),
    "illinois": ("State's Attorney", "Sangamon", 155055, 100000, 0, {
        "Receipts.txt:2": "superseded", "Receipts.txt:3": "active", "Receipts.txt:4": "covered",
    }),
    "newyork": ("District Attorney", "Kings", 55055, 100000, 100000, {
        "COUNTY_COMMITTEE.csv:1": "refunded", "COUNTY_COMMITTEE.csv:4": "active", "COUNTY_COMMITTEE.csv:6": "covered",
    }),
    "newyork-legacy": ("District Attorney", None, 125055, 100000, 0, {
        "ALL_REPORTS.out:1": "active", "ALL_REPORTS.out:4": "covered",
    }),
    "pennsylvania": ("District Attorney", None, 230105, 175050, 0, {
        "contrib_2021.txt:1": "active", "contrib_2021.txt:4": "covered",
    }),
    "texas": ("District Attorney", "Springfield County", 155055, 100000, 0, {
        "cont_t.csv:2": "covered", "contribs_01.csv:2": "superseded", "contribs_01.csv:3": "active",
    }),
    "virginia": ("Commonwealth's Attorney", "Springfield County", 157105, 100000, 0, {
        "ScheduleA.csv:2": "superseded", "ScheduleA.csv:3": "active",
    }),
    "oregon": ("District Attorney", "Lane County", 25055, 100000, 100000, {
        "XcelCNESearch.csv:2": "superseded", "XcelCNESearch.csv:3": "refunded", "XcelCNESearch.csv:5": "active",
    }),
}  # fmt: skip

every_bundle = pytest.mark.parametrize("name", BUNDLES)


def place(flag):
    return f"{flag.source.rsplit('/', maxsplit=1)[-1]}:{flag.row}"


@every_bundle
def test_a_bundle_gives_the_prosecutor_and_the_money(name, samples):
    office, jurisdiction, raised, gross, refunded, statuses = BUNDLES[name]
    (entry,) = screen(samples / f"bundle-{name}", recipients="prosecutors", workers=1).prosecutors
    assert (entry.office, entry.jurisdiction) == (office, jurisdiction)
    assert (entry.raised, entry.flagged.gross, entry.flagged.refunded) == (raised, gross, refunded)
    assert {place(flag): flag.status for flag in entry.flags} == statuses


@every_bundle
def test_what_a_row_lost_its_count_to_is_named(name, samples):
    for entry in screen(samples / f"bundle-{name}", recipients="all", workers=1).prosecutors:
        changed = [flag for flag in entry.flags if flag.status not in ("active", "memo", "void")]
        assert all(flag.status_cause for flag in changed)
        assert all(flag.status_cause != f"{flag.source}:{flag.row}" for flag in changed)


@every_bundle
def test_a_zip_of_the_same_files_gives_the_same(name, samples, tmp_path):
    folder = samples / f"bundle-{name}"
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in folder_files(folder):
            archive.write(file, f"export/{file.name}")
    there, here = (screen(each, recipients="all", workers=1) for each in (folder, path))
    assert here.manifest["by_status"] == there.manifest["by_status"]
    assert [entry.raised for entry in here.prosecutors] == [entry.raised for entry in there.prosecutors]


@every_bundle
def test_files_named_one_by_one_are_joined_too(name, samples):
    files = [path for path in folder_files(samples / f"bundle-{name}") if path.name != "README.txt"]
    together = screen(files, recipients="all", workers=1)
    whole = screen(samples / f"bundle-{name}", recipients="all", workers=1)
    assert [entry.recipients for entry in together.prosecutors] == [entry.recipients for entry in whole.prosecutors]
    assert together.manifest["joined"] == whole.manifest["joined"]


@pytest.mark.parametrize(
    ("name", "file", "lost"),
    [
        ("calaccess", "RCPT_CD.TSV", "without the cover pages (CVR_CAMPAIGN_DISCLOSURE_CD.TSV): who received"),
        ("illinois", "Receipts.txt", "without the committees (Committees.txt): the names of committees"),
        ("newyork", "COUNTY_COMMITTEE.csv", "without the list of filers (COMMCAND.csv): the office"),
        ("pennsylvania", "contrib_2021.txt", "without the filers (filer_YYYY.txt): the names"),
        ("texas", "contribs_01.csv", "without the filers (filers.csv): the offices"),
        ("virginia", "ScheduleA.csv", "without the list of reports (Report.csv): who received"),
        ("oregon", "XcelCNESearch.csv", "without the committees (statements.csv"),
        ("fec", "itpas2.txt", "without the committees (cm.txt): the names"),
    ],
)
def test_a_missing_file_is_said_with_what_is_lost_by_it(name, file, lost, samples):
    (filing,) = open_filing(samples / f"bundle-{name}" / file)
    assert any(note.startswith(lost) for note in filing.notes)


def test_files_of_a_folder_that_are_no_filings_are_noted(samples):
    notes = screen(samples / "bundle-calaccess", workers=1).notes
    assert any("README.txt: this is text without columns" in note for note in notes)


def test_what_cannot_be_opened_in_a_folder_is_noted(samples, tmp_path, monkeypatch):
    shutil.copy(samples / "il-sunshine-csv.csv", tmp_path)
    for name in ("closed", "inner"):
        (tmp_path / name).mkdir()
    (tmp_path / "lost.csv").symlink_to(tmp_path / "gone.csv")
    (tmp_path / "elsewhere").symlink_to(samples)
    os.mkfifo(tmp_path / "inner" / "pipe.csv")
    scandir = os.scandir

    def closed(path):
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", closed)
    (filing,) = open_filing(tmp_path, recipient="Roe")
    (said,) = [note for note in filing.notes if "not read" in note]
    assert said == (
        f"{tmp_path}: not read: closed: cannot be read: Permission denied; elsewhere: a link to a folder is not "
        "followed; inner/pipe.csv: this is not a regular file; lost.csv: there is no such file"
    )


def test_a_folder_that_may_not_be_listed_is_no_empty_one(tmp_path, monkeypatch):
    def closed(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "scandir", closed)
    with pytest.raises(FilingError, match="cannot be read: Permission denied"):
        open_filing(tmp_path)


@pytest.mark.parametrize("name", ["a" * 300 + ".csv", "a.csv/b.csv"], ids=["too long", "in a file"])
def test_a_path_that_cannot_be_is_the_users_mistake(tmp_path, name):
    (tmp_path / "a.csv").write_text("x")
    with pytest.raises(FilingError, match=r"cannot be read: File name too long|there is no such file"):
        open_filing(tmp_path / name)


def test_an_auxiliary_file_alone_is_no_filing(samples):
    with pytest.raises(FilingError, match="not contributions but the committees") as caught:
        open_filing(samples / "bundle-illinois" / "Committees.txt")
    assert "together with" in str(caught.value)


def test_the_reversed_roles_of_itpas2_are_put_right(samples, whole):
    filings = {filing.format.id: filing for filing in open_filing(samples / "bundle-fec")}
    rows = whole(filings["fec-itpas2"]).rows
    assert {row["contributor"] for row in rows} == {"SPRINGFIELD POLICE OFFICERS ASSOCIATION PAC"}
    assert rows[0]["recipient"] == "ROE FOR CONGRESS"
    assert whole(filings["fec-itcont"]).rows[0]["candidate"] == "ROE, JANE"


def test_the_last_of_several_rows_with_one_key_counts(samples, whole):
    rows = [row for filing in open_filing(samples / "bundle-texas") for row in whole(filing).rows]
    assert {row["office"] for row in rows} == {"DISTATTY"}  # STATEREP was the office of 2015


def test_two_files_with_the_same_bytes_in_a_folder_would_count_twice(samples, tmp_path):
    folder = tmp_path / "both"
    shutil.copytree(samples / "bundle-virginia", folder)
    shutil.copy(folder / "ScheduleA.csv", folder / "ScheduleA (1).csv")
    with pytest.raises(UsageError, match="holds the same bytes"):
        screen(folder, workers=1)


def test_each_file_of_a_folder_has_its_own_hash(samples):
    manifest = screen(samples / "bundle-texas", workers=1).manifest
    assert len({each["sha256"] for each in manifest["inputs"]}) == 2
    assert [each["path"].rsplit("/", maxsplit=1)[-1] for each in manifest["joined"]] == ["cover.csv", "filers.csv"]


def test_a_recipient_said_by_the_user_stands_in_for_a_bare_number(samples, whole):
    (filing,) = open_filing(samples / "il-sunshine-csv.csv", recipient="Citizens for Jane Roe")
    assert set(whole(filing).values("recipient")) == {"Citizens for Jane Roe"}


@pytest.mark.parametrize("known", [each for each in list_formats() if each.joins], ids=lambda known: known.id)
def test_a_format_joins_files_that_are_known(known):
    ids = {each.id for each in list_lookups()}
    assert {join.file for join in known.joins} <= ids
    keys = [ours for join in known.joins for ours, _ in join.on]
    rules = [rule for one in known.columns.values() for rule in (one, one.when) if rule is not None]
    used = [header for rule in rules for header in rule.headers] + keys
    assert all(any(header.startswith(f"{join.name}.") for header in used) for join in known.joins)


def test_every_auxiliary_file_of_the_bundles_is_recognised(samples):
    found = find_lookup_files(str(path) for path in sorted(samples.glob("bundle-*")))
    assert set(found) == {
        "ca-cvr", "ca-filername", "il-committees", "il-links", "il-candidates", "il-fileddocs", "ny-filers",
        "ny-legacy-filers", "pa-filer", "tx-filers", "tx-cover", "va-report", "or-committees", "fec-cm", "fec-cn",
    }  # fmt: skip


def test_no_sample_of_contributions_is_taken_for_an_auxiliary_file(samples):
    assert not find_lookup_files(str(path) for path in samples.iterdir() if path.is_file())


def test_an_export_of_exactly_the_portal_s_limit_is_doubted(samples, tmp_path):
    header, row, *_ = (samples / "or-orestar.csv").read_text().splitlines()
    rows = [row.replace("101", str(100_000 + i)) for i in range(5_000)]
    path = tmp_path / "export.csv"
    path.write_text("\n".join([header, *rows]))
    assert any("exactly 5,000 rows" in note for note in screen(path, workers=1).notes)


def test_a_zip_in_a_zip_is_read(samples, tmp_path, whole):
    inner = tmp_path / "COUNTY_COMMITTEE.zip"
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(samples / "ny-boe-bulk.csv", "COUNTY_COMMITTEE.csv")
    path = tmp_path / "ALL_REPORTS_CountyCommittee.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(inner, inner.name)
    (filing,) = open_filing(path)
    assert filing.source == f"{path}!COUNTY_COMMITTEE.zip!COUNTY_COMMITTEE.csv"
    assert len(whole(filing).rows) == 10


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_a_title_line_and_an_encoding_of_the_civix_portals_do_no_harm(encoding, samples, read_text):
    text = (samples / "md-mdcris-tcon.csv").read_text(encoding="utf-8-sig")
    got = read_text(text.encode(encoding), "contributions_2022.csv")
    assert got.filing.format.id == "md-mdcris-tcon"
    assert len(got.rows) > 2


def test_what_is_joined_is_looked_up_once_for_each_filing(tmp_path, monkeypatch):
    """The same values as row by row, from as many keys as there are filings."""
    head = "FILING_ID\tAMEND_ID\tLINE_ITEM\tREC_TYPE\tFORM_TYPE\tTRAN_ID\tENTITY_CD\tCTRIB_NAML\tRCPT_DATE\tAMOUNT\n"
    rows = [f"{at % 4}\t0\t{at}\tRCPT\tA\tT{at}\tOTH\tDoe {at}\t2/1/2022\t5\n" for at in range(40)]
    (tmp_path / "RCPT_CD.TSV").write_text(head + "".join(rows))
    titles = (
        "FILING_ID AMEND_ID REC_TYPE FORM_TYPE FILER_ID ENTITY_CD FILER_NAML FILER_NAMF REPORT_NUM RPT_DATE FROM_DATE "
        "THRU_DATE STMT_TYPE CMTTE_TYPE CAND_NAML CAND_NAMF OFFICE_CD OFFIC_DSCR JURIS_CD JURIS_DSCR SUP_OPP_CD"
    ).split()
    covers = [
        {
            "FILING_ID": f"{at}", "AMEND_ID": "0", "FORM_TYPE": "F460", "FILER_ID": f"9{at}", "FILER_NAML": f"Roe {at}",
            "FROM_DATE": f"1/{at}/2022 12:00:00 AM", "OFFICE_CD": "DAT", "CMTTE_TYPE": "C",
        }
        for at in range(1, 4)
    ]  # fmt: skip
    lines = ["\t".join(titles), *("\t".join(each.get(title, "") for title in titles) for each in covers)]
    (tmp_path / "CVR_CAMPAIGN_DISCLOSURE_CD.TSV").write_text("\n".join([*lines, ""]))
    (filing,) = open_filing(tmp_path)
    (task,) = filing.tasks()
    names = ["recipient", "recipient_id", "office", "period_begin", "period_end"]
    row_by_row = [read_block(task).rows([at], names[:3]).to_pylist()[0] for at in range(40)]
    asked = []

    def counted(joined, keys, places):
        asked.append(len(keys[0]))
        return lookup(joined, keys, places)

    monkeypatch.setattr(read, "lookup", counted)
    block = read_block(task)
    columns = {name: block.column(name).to_pylist() for name in names}
    assert [[row[name] for row in row_by_row] for name in names[:3]] == [columns[name] for name in names[:3]]
    assert columns["period_begin"][:5] == [None, date(2022, 1, 1), date(2022, 1, 2), date(2022, 1, 3), None]
    assert {*asked} == {4}
