"""Decisions: what they are about, how they are kept, that nothing is forgotten."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from unionscreen.errors import UsageError
from unionscreen.review.decisions import Decision, Decisions, decision_of, donor_key
from unionscreen.review.store import append_decisions, load_decisions, log_sha256

POA = Decision("Willow Bend Police Officers Assn.", "CA", "", "rejected", "A.B.", "2026-01-02", "no such body")


def revoked(decision: Decision) -> Decision:
    return Decision(decision.donor, decision.state, decision.union_id, "revoked", "C.D.", "2026-02-03")


@pytest.fixture(params=["log.csv", "log.sqlite", "log.db"])
def path(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    return tmp_path / str(request.param)


@pytest.mark.parametrize(
    "spelling", ["WILLOW BEND POLICE OFFICERS ASSOCIATION", "Willow Bend P.O.A.", "willow bend  police officers' assn"]
)
def test_a_decision_holds_for_every_spelling_of_the_name(spelling: str) -> None:
    assert Decisions((POA,)).find(spelling, "ca") == POA


def test_a_decision_holds_for_its_state_only() -> None:
    assert Decisions((POA,)).find(POA.donor, "OR") is None
    assert Decisions((POA,)).find(POA.donor, "California") == POA


def test_a_decision_without_a_state_holds_everywhere() -> None:
    anywhere = Decision(POA.donor, "", "", "rejected", "A.B.", "2026-01-02")
    assert Decisions((anywhere,)).find(POA.donor, "OR") == anywhere


def test_a_name_without_a_state_is_answered_when_all_states_agree() -> None:
    other = Decision(POA.donor, "OR", "", "rejected", "A.B.", "2026-01-02")
    assert Decisions((POA, other)).find(POA.donor) == other
    differs = Decision(POA.donor, "OR", "", "confirmed", "A.B.", "2026-01-02")
    assert Decisions((POA, differs)).find(POA.donor) is None


def test_names_that_normalize_to_nothing_are_told_apart() -> None:
    decisions = Decisions((Decision("警察協会", "", "", "rejected", "A.B.", "2026-01-02"),))
    assert decisions.find("警察協会") is not None
    assert decisions.find("消防協会") is None


def test_a_later_decision_replaces_an_earlier_one_and_both_stay_readable(path: Path) -> None:
    later = Decision(POA.donor, "CA", "", "confirmed", "C.D.", "2026-02-03")
    append_decisions(path, [POA])
    append_decisions(path, [later])
    read = load_decisions(path)
    assert read.find(POA.donor, "CA") == later
    assert read.history(POA.donor) == [POA, later]


def test_a_revoked_decision_holds_no_more_and_stays_readable(path: Path) -> None:
    append_decisions(path, [POA, revoked(POA)])
    read = load_decisions(path)
    assert read.find(POA.donor, "CA") is None
    assert [each.verdict for each in read.history(POA.donor)] == ["rejected", "revoked"]


def test_csv_and_sqlite_say_the_same(tmp_path: Path) -> None:
    hostile = Decision('=HYPERLINK("x"), "Inc"\n', "CA", "", "unsure", "Ä. B.", "2026-01-02", "a; b, c")
    hashes = set()
    for name in ("log.csv", "log.sqlite"):
        append_decisions(tmp_path / name, [POA, hostile])
        read = load_decisions(tmp_path / name)
        assert [each.why for each in read.log] == [POA.why, hostile.why]
        hashes.add(log_sha256(read)) if name == "log.sqlite" else None
    assert len(hashes) == 1


def test_the_database_refuses_to_forget(tmp_path: Path) -> None:
    path = tmp_path / "log.db"
    append_decisions(path, [POA])
    with sqlite3.connect(path) as connection:
        with pytest.raises(sqlite3.IntegrityError, match="only added to"):
            connection.execute("DELETE FROM decisions")
        with pytest.raises(sqlite3.IntegrityError, match="only added to"):
            connection.execute("UPDATE decisions SET verdict = 'confirmed'")
    connection.close()


def test_a_csv_edited_by_hand_without_a_last_line_end_is_added_to_on_a_new_line(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("donor,state,union_id,verdict,by,on,why\nA Lodge,,,rejected,A.B.,2026-01-02,x")
    append_decisions(path, [POA])
    assert [each.donor for each in load_decisions(path).log] == ["A Lodge", POA.donor]


def test_a_csv_with_a_quote_that_is_not_closed_is_refused_and_not_added_to(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    append_decisions(path, [POA])
    path.write_text(
        path.read_text() + 'A Lodge,,,rejected,A.B.,2026-01-02,"owners\nB Lodge,,,rejected,A.B.,2026-01-02,\n'
    )
    before = path.read_bytes()
    with pytest.raises(UsageError, match=r"log\.csv:3: not a CSV from here on"):
        append_decisions(path, [POA])
    assert path.read_bytes() == before


def test_a_full_disk_leaves_no_half_of_a_decision(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "log.csv"
    append_decisions(path, [POA])
    before = path.read_bytes()

    def fails(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", fails)
    with pytest.raises(UsageError, match="cannot be written: No space left on device"):
        append_decisions(path, [revoked(POA)])
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("held", "state", "left"), [(["CA", "NY"], "", []), (["CA", "NY"], "CA", ["NY"]), ([""], "CA", [])]
)
def test_what_a_table_revokes_is_revoked_for_each_state_that_it_means(
    held: list[str], state: str, left: list[str]
) -> None:
    log = Decisions(
        tuple(Decision("Elk Hills POA", each, verdict="confirmed", by="A", on="2026-01-02") for each in held)
    )
    after = Decisions(
        (*log.log, *log.new([Decision("ELK HILLS POA", state, verdict="revoked", by="B", on="2026-02-03")]))
    )
    assert [state for _, state in after.current] == left


def test_what_holds_already_is_not_new() -> None:
    held = Decisions((POA,))
    assert held.new([POA]) == []
    assert held.new([revoked(POA)]) == [revoked(POA)]
    assert Decisions().new([revoked(POA)]) == []


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"donor": "A", "verdict": "perhaps", "by": "B", "on": "2026-01-02"}, "'perhaps' is not a verdict"),
        ({"donor": "", "verdict": "confirmed", "by": "B", "on": "2026-01-02"}, "a verdict without a donor"),
        ({"donor": "A", "verdict": "confirmed", "on": "2026-01-02"}, "the person who decided is missing"),
        ({"donor": "A", "verdict": "confirmed", "by": "B", "on": "tomorrow"}, "'tomorrow' is not a day"),
    ],
)
def test_a_row_that_cannot_be_a_decision_is_refused(row: dict[str, str], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        decision_of(row)


def test_a_row_without_a_verdict_is_not_a_decision() -> None:
    assert decision_of({"donor": "A", "verdict": " "}) is None


@pytest.mark.parametrize(("said", "verdict"), [("Y", "confirmed"), ("no", "rejected"), ("?", "unsure")])
def test_short_words_are_understood(said: str, verdict: str) -> None:
    decision = decision_of({"donor": "A", "verdict": said}, by="B", on="2026-01-02")
    assert decision is not None
    assert decision.verdict == verdict


def test_a_missing_log_is_an_error_unless_it_is_a_first_review(path: Path) -> None:
    with pytest.raises(UsageError, match="no such file of decisions"):
        load_decisions(path)
    assert load_decisions(path, missing_ok=True).log == ()


@pytest.mark.parametrize("name", ["log.txt", "log"])
def test_another_kind_of_file_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="a CSV or an SQLite file"):
        load_decisions(tmp_path / name)


def test_a_database_of_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "log.db").write_bytes(b"no database" * 100)
    with pytest.raises(UsageError, match="not a file of decisions"):
        load_decisions(tmp_path / "log.db")


def test_a_table_with_other_columns_is_not_added_to(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("donor,verdict\n")
    with pytest.raises(UsageError, match="the first line is not donor,state"):
        append_decisions(path, [POA])


def test_check_answers_as_it_was_decided(cli: Callable[..., object], tmp_path: Path) -> None:

    log = tmp_path / "log.csv"
    append_decisions(log, [Decision("San Diego POA", "", "", "rejected", "A.B.", "2026-01-02")])
    asked = cli("check", "San Diego Police Officers Association", "--json", "--decisions", log)
    answer = json.loads(asked.stdout)  # type: ignore[attr-defined]
    assert (answer["verdict"], answer["decision"]) == ("clear", "rejected")
    assert answer["reviewed"] == "reviewed, not a union by A.B. on 2026-01-02"
    assert asked.exit_code == 0  # type: ignore[attr-defined]


def test_check_says_nothing_of_decisions_when_none_are_given(cli: Callable[..., object]) -> None:

    asked = cli("check", "San Diego Police Officers Association", "--json")
    assert "reviewed" not in json.loads(asked.stdout)  # type: ignore[attr-defined]


def test_checking_with_decisions_imports_nothing_heavy(tmp_path: Path) -> None:
    append_decisions(tmp_path / "log.csv", [POA])
    code = (
        f"import sys, unionscreen; unionscreen.check('Smith, Jane', decisions={str(tmp_path / 'log.csv')!r});"
        " print([name for name in ('pandas', 'numpy', 'pyarrow', 'rich', 'typer') if name in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert shown.strip() == "[]"


def test_a_decision_holds_for_the_name_with_what_a_join_left_around_it():
    assert donor_key("Elmhaven POA, nan") == donor_key("Elmhaven POA")


def test_what_one_revocation_takes_back_is_that_donors_alone() -> None:
    held = [
        Decision(donor, state, verdict="confirmed", by="A", on="2026-01-02")
        for donor, state in [("Elk Hills POA", "CA"), ("Elk Hills POA", "NY"), ("Mill Bay PBA", "CA"), ("Oak DSA", "")]
    ]
    log = Decisions(tuple(held))
    for state, left in [("CA", [held[1], held[2], held[3]]), ("", [held[2], held[3]]), ("TX", held)]:
        after = Decisions(
            (*log.log, *log.new([Decision("Elk Hills POA", state, verdict="revoked", by="B", on="2026-02-03")]))
        )
        assert list(after.current.values()) == left


def test_the_history_of_a_donor_is_that_donors_and_that_states() -> None:
    lines = [
        Decision(donor, state, verdict="confirmed", by="A", on="2026-01-02")
        for donor, state in [
            ("Elk Hills POA", "CA"),
            ("Elk Hills POA", "NY"),
            ("Mill Bay PBA", "CA"),
            ("Elk Hills POA", ""),
        ]
    ]
    log = Decisions(tuple(lines))
    assert log.history("ELK HILLS POA") == [lines[0], lines[1], lines[3]]
    assert log.history("ELK HILLS POA", "California") == [lines[0], lines[3]]
    assert log.in_force("ELK HILLS POA") == [lines[0], lines[1], lines[3]]
    assert log.in_force("ELK HILLS POA", "ca") == [lines[0]]
    assert log.in_force("ELK HILLS POA", "TX") == [lines[3]]
    assert log.in_force("Bell PBA") == []


@pytest.mark.parametrize(
    ("on", "day"),
    [("2026-01-31", "2026-01-31"), ("2026-01-31T08:00:00", "2026-01-31"), ("2026-01-31 09:30", "2026-01-31")],
)
def test_the_day_of_a_decision_may_have_a_time_behind_it(on: str, day: str) -> None:
    decision = decision_of({"donor": "Elk Hills POA", "verdict": "y", "by": "A", "on": on})
    assert decision is not None
    assert decision.on == day


AMBIGUOUS = Decision("FOP Lodge 7", "", "", "rejected", "A.B.", "2026-01-02")


def test_a_decision_without_a_state_on_an_ambiguous_name_holds_without_a_state_only() -> None:
    log = Decisions((AMBIGUOUS,))
    assert log.find("FOP Lodge 7") == AMBIGUOUS
    assert log.find("FOP Lodge 7", "IL") is None
    assert log.in_force("FOP Lodge 7", "IL") == []
    assert log.not_applied("FOP Lodge 7", "IL") == AMBIGUOUS
    assert log.not_applied("FOP Lodge 7") is None
    assert "only for donors without a state" in AMBIGUOUS.scope
    assert (POA.scope, Decision(POA.donor).scope) == ("CA", "any state")


def test_a_decision_that_names_the_state_holds_there_beside_one_without() -> None:
    there = Decision("FOP Lodge 7", "IL", "", "confirmed", "A.B.", "2026-01-03")
    log = Decisions((AMBIGUOUS, there))
    assert log.find("FOP Lodge 7", "IL") == there
    assert log.not_applied("FOP Lodge 7", "IL") is None
