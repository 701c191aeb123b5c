"""The page of `unionscreen serve` in a real Chromium, against a real server process."""

from __future__ import annotations

import base64
import csv
import io
import json
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from typer.testing import Result

from test_reports_page import AXE, browser, look
from test_serve_process import Server
from unionscreen.review.store import append_decisions, load_decisions
from unionscreen.safe_text import visible_lines
from unionscreen.serve.app import create_app
from unionscreen.serve.settings import ServeSettings

__all__ = ["browser"]

ROOT = Path(__file__).resolve().parents[1]
EXPORT = ROOT / "examples" / "netfile-avery.csv"
DONATIONS = ROOT / "tests" / "filings" / "samples" / "actblue-contributions.csv"
PATIENCE = 60
SLOW_ROWS = 1_500_000  # a screening of some seconds, so that something can happen meanwhile
OWN = "Elmhaven Jailers United"
LIKE = "Willow Bend Police Officers Association"
PROFILE = """\
recipient = "Riley Chen for DA"
decisions = "decisions.csv"
unions = "own.csv"
[kinds]
police = "refuse"
"""
HOSTILE = '<img src=x onerror="window.hacked=1">Oakland Police\u202e Officers Association'

pytestmark = pytest.mark.xdist_group("browser")


# The routes, without a browser.


def client_of(tmp_path: Path, **more: Any) -> TestClient:
    (tmp_path / "run").mkdir()
    settings = ServeSettings(tmp_path / "run", **more)
    return TestClient(create_app(settings), base_url="http://127.0.0.1:8765")


def screened(client: TestClient) -> str:
    upload = client.post("/api/v1/uploads?name=a.csv", content=EXPORT.read_bytes()).json()
    ident: str = client.post("/api/v1/screenings", json={"uploads": [upload["id"]]}).json()["id"]
    client.get(f"/api/v1/screenings/{ident}/events")
    return ident


def test_the_page_has_a_strict_policy_and_nothing_inline(tmp_path: Path) -> None:
    with client_of(tmp_path) as client:
        page = client.get("/")
        assert page.headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'")
        assert "unsafe" not in page.headers["content-security-policy"]
        assert "style=" not in page.text
        assert "http://" not in page.text
        assert "https://" not in page.text
        for name, kind in (("page.css", "text/css"), ("page.js", "text/javascript")):
            assert client.get(f"/static/{name}").headers["content-type"].startswith(kind)
        assert client.get("/static/index.html").status_code == 404


def test_answers_are_kept_in_the_file_of_decisions(tmp_path: Path) -> None:
    kept = tmp_path / "decisions.csv"
    with client_of(tmp_path, decisions=kept) as client:
        ident = screened(client)
        first = client.get(f"/api/v1/review?screening={ident}").json()
        answer = {"screening": ident, "key": first["next"]["key"], "answer": "no", "by": "A.B."}
        after = client.post("/api/v1/review", json=answer).json()
        assert (after["left"], after["done"]) == (first["left"] - 1, first["done"] + 1)
        (decision,) = load_decisions(kept).log
        assert (decision.donor, decision.verdict, decision.by) == (first["next"]["donor"], "rejected", "A.B.")
        assert client.post("/api/v1/review", json=answer).status_code == 409  # answered in another tab
        assert client.post("/api/v1/review", json=answer | {"answer": "maybe"}).status_code == 422
        assert client.post("/api/v1/review", json=answer | {"answer": ["yes"]}).status_code == 422
        assert client.post("/api/v1/review", json=answer | {"by": " "}).status_code == 422
        assert len(load_decisions(kept).log) == 1


def test_undo_takes_the_last_answers_back_one_by_one_and_the_file_keeps_them(tmp_path: Path) -> None:
    kept = tmp_path / "decisions.csv"
    with client_of(tmp_path, decisions=kept) as client:
        ident = screened(client)

        def answer(key: str, said: str) -> dict[str, Any]:
            asked = {"screening": ident, "key": key, "answer": said, "by": " A.  B. "}
            return dict(client.post("/api/v1/review", json=asked).json())

        first = client.get(f"/api/v1/review?screening={ident}").json()
        assert first["last"] is None
        undo = {"screening": ident, "by": "C.D."}
        assert client.post("/api/v1/review/undo", json=undo).status_code == 409
        second = answer(first["next"]["key"], "no")
        third = answer(second["next"]["key"], "yes")
        assert third["last"] == second["next"]["donor"]
        assert client.post("/api/v1/review/undo", json=undo | {"by": ""}).status_code == 422
        back = client.post("/api/v1/review/undo", json=undo).json()
        assert back.pop("undone") == second["next"]["donor"]
        assert back == second
        back = client.post("/api/v1/review/undo", json=undo).json()
        assert (back.pop("undone"), back) == (first["next"]["donor"], first)
        assert client.post("/api/v1/review/undo", json=undo).status_code == 409
        log = load_decisions(kept)
        assert [(each.verdict, each.by, each.why) for each in log.log] == [
            ("rejected", "A. B.", ""), ("confirmed", "A. B.", ""),
            ("revoked", "C.D.", "undone"), ("revoked", "C.D.", "undone"),
        ]  # fmt: skip
        assert not log.current


def test_an_answer_that_somebody_changed_since_is_not_undone(tmp_path: Path) -> None:
    kept = tmp_path / "decisions.csv"
    with client_of(tmp_path, decisions=kept) as client:
        ident = screened(client)
        key = client.get(f"/api/v1/review?screening={ident}").json()["next"]["key"]
        client.post("/api/v1/review", json={"screening": ident, "key": key, "answer": "no", "by": "A.B."})
        (decision,) = load_decisions(kept).log
        append_decisions(kept, [replace(decision, verdict="confirmed", by="C.D.")])
        answer = client.post("/api/v1/review/undo", json={"screening": ident, "by": "A.B."})
        assert (answer.status_code, "does not hold any more" in answer.json()["detail"]) == (409, True)
        assert len(load_decisions(kept).log) == 2


def test_a_review_needs_a_file_of_decisions_and_a_screening(tmp_path: Path) -> None:
    with client_of(tmp_path) as client:
        refused = client.get(f"/api/v1/review?screening={screened(client)}")
        assert refused.status_code == 409
        assert "--decisions" in refused.json()["detail"]
        assert client.get("/api/v1/review?screening=none").status_code == 404


def test_the_intake_gives_every_donation_once_and_leaves_nothing(tmp_path: Path) -> None:
    with client_of(tmp_path) as client:
        upload = client.post("/api/v1/uploads?name=today.csv", content=DONATIONS.read_bytes()).json()
        asked = {"upload": upload["id"], "candidate": "Roe", "options": {"policy": "refuse", "return_within": "10"}}
        found = client.post("/api/v1/intake", json=asked).json()
        rows = [each["row"] for action in ("accept", "review", "refuse") for each in found[action]]
        with DONATIONS.open(newline="") as file:
            assert len(rows) == len(set(rows)) == sum(1 for _ in csv.reader(file)) - 1
        assert not list((tmp_path / "run" / "intakes").iterdir())
        for wrong in ({"policy": "burn"}, {"return_within": "soon"}, {"unknown": "x"}, {"policy": 3}):
            assert client.post("/api/v1/intake", json=asked | {"options": wrong}).status_code == 422
        assert client.post("/api/v1/intake", json={"upload": "none"}).status_code == 404


# The page in a browser.


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("serve")
    (folder / "own.csv").write_text(f"union,alias,kind,state\n{OWN},,corrections,ca\n")
    (folder / "intake.toml").write_text(PROFILE)
    running = Server(folder / "tmp", "--profile", str(folder / "intake.toml"))
    yield running
    running.end()


@pytest.fixture
def page(browser: Any, server: Server) -> Any:
    look(browser, "desktop", "light")
    browser.get_log("browser")
    browser.get(server.url)
    return browser


def text(page: Any, ident: str) -> str:
    found: str = page.execute_script(f"return document.getElementById('{ident}').textContent")
    return found


def until(wanted: Callable[[], Any]) -> Any:
    end = time.monotonic() + PATIENCE
    while not (found := wanted()):
        assert time.monotonic() < end
        time.sleep(0.05)
    return found


def choose(page: Any, *files: Path, field: str = "files") -> None:
    page.find_element("id", field).send_keys("\n".join(map(str, files)))


def is_done(page: Any) -> bool:
    assert not text(page, "error"), text(page, "error")
    return bool(page.find_element("id", "result").is_displayed())


def slow(tmp_path: Path) -> Path:
    """A filing that takes long to read."""
    header, *rows = EXPORT.read_text().splitlines()
    path = tmp_path / "slow.csv"
    with path.open("w") as file:
        file.write(header + "\n")
        for _ in range(SLOW_ROWS // len(rows)):
            file.write("\n".join(rows) + "\n")
    return path


def hostile(tmp_path: Path) -> Path:
    with EXPORT.open(newline="") as file:
        header, *rows = csv.reader(file)
    for row in rows:
        row[header.index("contributorLastName")] = HOSTILE
        row[header.index("contributorFirstName")] = ""
        row[header.index("contributorType")] = "other"
    path = tmp_path / "hostile <b>.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def no_script_failed(page: Any) -> None:
    assert [each["message"] for each in page.get_log("browser") if each["level"] == "SEVERE"] == []


@pytest.mark.browser
def test_a_chosen_filing_becomes_a_report_with_downloads(page: Any, server: Server) -> None:
    choose(page, EXPORT)
    until(lambda: is_done(page))
    assert page.execute_script("return document.activeElement.id") == "result-title"
    assert "rows read" in text(page, "rows")
    links = page.execute_script("return [...document.querySelectorAll('#downloads a')].map(a => a.href)")
    assert [each.rpartition(".")[2] for each in links] == ["html", "xlsx", "csv", "json", "sqlite"]
    for link in links:
        assert server.client.get(link).status_code == 200
    page.switch_to.frame("report")
    until(lambda: page.execute_script("return document.querySelector('h1')?.textContent"))
    assert "Jordan Avery" in page.find_element("tag name", "body").text
    page.switch_to.default_content()
    no_script_failed(page)


@pytest.mark.browser
def test_a_filing_and_a_second_one_can_be_dropped(page: Any) -> None:
    page.execute_script(
        "const data = new DataTransfer();"
        "arguments[0].forEach(([name, text]) => data.items.add(new File([text], name)));"
        "document.getElementById('drop').dispatchEvent(new DragEvent('drop', {dataTransfer: data, bubbles: true}))",
        [[each.name, each.read_text()] for each in (EXPORT, ROOT / "examples" / "netfile-willow-bend.csv")],
    )
    until(lambda: is_done(page))


@pytest.mark.browser
def test_a_dropped_zip_of_filings_becomes_the_report_of_the_command_line(
    page: Any, server: Server, tmp_path: Path, cli: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(EXPORT, "2022/avery.csv")
        archive.writestr(
            "2022/roe.csv",
            f"Recipient,Contributor,Amount,Date,State\nRoe for District Attorney,{OWN},100,01/02/2022,CA\n",
        )
        archive.writestr("read me.txt", "Two filings.")
    page.execute_script(
        "const data = new DataTransfer(); const bytes = Uint8Array.from(atob(arguments[0]), c => c.charCodeAt(0));"
        "data.items.add(new File([bytes], 'filings.zip'));"
        "document.getElementById('drop').dispatchEvent(new DragEvent('drop', {dataTransfer: data, bubbles: true}))",
        base64.b64encode(packed.getvalue()).decode(),
    )
    until(lambda: is_done(page))
    monkeypatch.chdir(tmp_path)
    Path("filings.zip").write_bytes(packed.getvalue())
    own: tuple[Any, ...] = ("--unions", server.temporary.parent / "own.csv")
    kept = server.temporary.parent / "decisions.csv"
    own += ("--decisions", kept) if kept.exists() else ()
    forms = ("html", "csv", "json", "xlsx", "sqlite")
    ours = cli("screen", "filings.zip", *own, "-q", *(f"--out=report.{each}" for each in forms))
    assert ours.exit_code in (0, 1), ours.stderr
    ident = page.execute_script("return finished")
    for form in forms:
        assert server.client.get(f"screenings/{ident}/report.{form}").content == Path(f"report.{form}").read_bytes()
    flagged = {row["source"] for row in csv.DictReader(Path("report.csv").read_text().splitlines())}
    assert flagged == {f"filings.zip!2022/{each}.csv" for each in ("avery", "roe")}


@pytest.mark.browser
def test_an_upload_that_is_canceled_leaves_nothing_and_the_next_screening_runs(
    page: Any, server: Server, tmp_path: Path
) -> None:
    large = tmp_path / "large.csv"
    large.write_bytes(EXPORT.read_bytes() * 20_000)
    uploads = server.folder / "uploads"
    before = {*uploads.iterdir()} if uploads.exists() else set()
    page.execute_cdp_cmd("Network.enable", {})
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 4_000_000}
    page.execute_cdp_cmd("Network.emulateNetworkConditions", slow)
    try:
        choose(page, large)
        until(lambda: any(part.stat().st_size for part in server.folder.rglob("*.part")))
        assert "Uploading" in text(page, "progress-label")
        page.find_element("id", "cancel").click()
        until(lambda: "Canceled. Nothing was kept." in text(page, "status"))
        until(lambda: not [*server.folder.rglob("*.part")])
        assert {*uploads.iterdir()} <= before
    finally:
        page.execute_cdp_cmd("Network.emulateNetworkConditions", slow | {"uploadThroughput": -1})
    choose(page, EXPORT)
    until(lambda: is_done(page))
    assert "26 rows read" in text(page, "rows")


@pytest.mark.browser
def test_a_wrong_file_is_named_with_the_reason(page: Any, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("a,b\n1,2\n")
    choose(page, wrong)
    until(lambda: text(page, "error"))
    assert "wrong.csv" in text(page, "error")
    assert not page.find_element("id", "result").is_displayed()


@pytest.mark.browser
def test_a_second_tab_waits_and_a_closed_tab_cancels(page: Any, server: Server, tmp_path: Path) -> None:
    first = page.current_window_handle
    choose(page, slow(tmp_path))
    until(lambda: "Screening" in text(page, "progress-label"))
    page.switch_to.new_window("tab")
    second = page.current_window_handle
    page.get(server.url)
    choose(page, EXPORT)
    until(lambda: "number 1 in the queue" in text(page, "status"))
    page.switch_to.window(first)
    assert not text(page, "error")
    ident = page.execute_script("return current.id")
    assert server.client.get(f"screenings/{ident}").json()["status"] == "running"
    page.close()
    page.switch_to.window(second)
    until(lambda: is_done(page))
    assert server.client.get(f"screenings/{ident}").json()["status"] == "canceled"


@pytest.mark.browser
def test_the_button_cancels(page: Any, tmp_path: Path) -> None:
    choose(page, slow(tmp_path))
    until(lambda: "Screening" in text(page, "progress-label"))
    assert page.execute_script("return document.getElementById('progress').max") == 1
    page.find_element("id", "cancel").click()
    until(lambda: "Canceled" in text(page, "status"))
    assert page.execute_script("return document.activeElement.id") == "files"


@pytest.mark.browser
def test_a_hostile_name_is_text_everywhere(page: Any, tmp_path: Path) -> None:
    choose(page, hostile(tmp_path))
    until(lambda: is_done(page))
    page.find_element("id", "name").send_keys(HOSTILE)
    until(lambda: "onerror" in text(page, "answer"))
    press(page, "review-start", "\n")
    until(lambda: not text(page, "review-status").startswith("Looking"))
    assert not text(page, "review-error")
    assert "<img src=x" in text(page, "card-donor")
    assert r"Police\u202e Officers" in text(page, "card-donor")
    assert "\u202e" not in page.execute_script("return document.body.textContent")
    unsafe = ["\x07", "\x85", "\xad", "\u200b", "\ufeff", "\U000e0041", "a\nb\t"]
    assert page.execute_script("return arguments[0].map(visible)", unsafe) == [visible_lines(each) for each in unsafe]
    assert page.execute_script("return window.hacked || document.querySelectorAll('img').length") == 0


@pytest.mark.browser
def test_a_name_is_checked_as_it_is_typed(page: Any) -> None:
    page.find_element("id", "name").send_keys("Oakland Police")
    until(lambda: "Near misses" in text(page, "answer"))
    assert text(page, "answer").startswith("Not a match")
    page.find_element("id", "name").send_keys(" Officers Association")
    until(lambda: text(page, "answer").startswith("Union: Oakland Police Officers' Association"))
    page.find_element("id", "name").clear()
    page.find_element("id", "name").send_keys("N/A")
    until(lambda: text(page, "answer").startswith("Not a name"))


@pytest.mark.browser
def test_a_name_of_the_own_list_is_known_to_the_page(page: Any, tmp_path: Path) -> None:
    page.find_element("id", "name").send_keys(OWN)
    until(lambda: text(page, "answer").startswith(f"Union: {OWN}"))
    export = tmp_path / "today.csv"
    export.write_text(f"Date,Donor,Amount,State\n2026-01-05,{OWN},20,CA\n")
    choose(page, export, field="export")
    page.execute_script("document.getElementById('policy').value = 'refuse'")
    press(page, "intake-start", "\n")
    until(lambda: page.find_element("id", "lists").is_displayed() or text(page, "intake-error"))
    assert text(page, "intake-status").startswith("1 refuse")
    assert OWN in page.find_element("css selector", ".letter pre").text


@pytest.mark.browser
def test_a_late_answer_to_an_earlier_name_is_dropped(page: Any) -> None:
    page.execute_script(
        "const real = window.fetch; let number = 0;"
        "window.fetch = async (address, options = {}) => { const late = number++ === 0;"
        " const {signal, ...rest} = options; const answer = await real(address, rest);"
        " if (late) await new Promise(done => setTimeout(done, 1500)); return answer; }"
    )
    name = page.find_element("id", "name")
    name.send_keys("Bakery")
    time.sleep(0.5)
    name.send_keys(" of Oakland")
    until(lambda: "Bakery of Oakland" in text(page, "answer") or text(page, "answer"))
    before = text(page, "answer")
    time.sleep(2)
    assert text(page, "answer") == before


@pytest.mark.browser
def test_the_queue_is_reviewed_with_the_keyboard_only(page: Any, server: Server) -> None:
    kept = server.temporary.parent / "decisions.csv"
    choose(page, EXPORT)
    until(lambda: is_done(page))
    press(page, "by", "y.n.u.")  # letters in a field are letters
    assert not kept.exists()
    press(page, "review-start", "\n")
    until(lambda: page.execute_script("return document.activeElement.id") == "card")
    donor = text(page, "card-donor")
    press(page, "card", "u")
    until(lambda: kept.exists() and load_decisions(kept).log)
    (decision,) = load_decisions(kept).log
    assert (decision.verdict, decision.by) == ("unsure", "y.n.u.")
    assert donor.startswith(decision.donor)
    until(lambda: text(page, "card-donor") != donor or "Nothing is left" in text(page, "review-status"))
    if page.find_element("id", "card").is_displayed():
        until(lambda: page.execute_script("return document.activeElement.id") == "card")
        press(page, "card", "z")
    else:
        press(page, "review-start", "z")
    until(lambda: "Taken back" in text(page, "review-status"))
    assert text(page, "card-donor") == donor
    assert page.execute_script("return document.activeElement.id") == "card"
    assert not page.find_element("id", "review-undo").is_displayed()
    assert [each.verdict for each in load_decisions(kept).log] == ["unsure", "revoked"]
    press(page, "card", "z")  # nothing is left to undo
    press(page, "card", "n")
    until(lambda: page.find_element("id", "review-undo").is_displayed())
    press(page, "review-undo", "\n")
    until(lambda: len(load_decisions(kept).log) == 4)
    assert not load_decisions(kept).current
    no_script_failed(page)


def press(page: Any, ident: str, keys: str) -> None:
    """Type into an element that has the focus."""
    page.execute_script(f"document.getElementById('{ident}').focus()")
    page.switch_to.active_element.send_keys(keys)


@pytest.mark.browser
def test_the_intake_shows_three_lists_and_letters(page: Any, tmp_path: Path) -> None:
    export = tmp_path / "today.csv"
    union = "Oakland Police Officers Association"
    with DONATIONS.open(newline="") as file:
        header, first, *rest = csv.reader(file)
    first[header.index("Donor First Name")] = ""
    first[header.index("Donor Last Name")] = union
    first[header.index("Donor City")], first[header.index("Donor State")] = "Oakland", "CA"
    with export.open("w", newline="") as file:
        csv.writer(file).writerows([header, first, *rest])
    choose(page, export, field="export")
    page.execute_script("document.getElementById('policy').value = 'refuse'")
    press(page, "within", "10\n")
    until(lambda: page.find_element("id", "lists").is_displayed() or text(page, "intake-error"))
    assert not text(page, "intake-error")
    assert page.execute_script("return document.activeElement.textContent") == "Three lists"
    assert [each.text.split(":")[0] for each in page.find_elements("css selector", "caption, #lists > .verdict")] == [
        "Refuse and return", "Review before depositing", "Accept",
    ]  # fmt: skip
    assert union in page.find_element("css selector", ".letter pre").text
    saved = page.find_element("css selector", ".letter a")
    assert saved.get_attribute("download").endswith(".txt")
    no_script_failed(page)


@pytest.mark.browser
def test_staff_clear_a_donor_with_the_keyboard_and_the_lists_are_sorted_again(
    page: Any, server: Server, tmp_path: Path
) -> None:
    kept = server.temporary.parent / "decisions.csv"
    export = tmp_path / "today.csv"
    export.write_text(f"Date,Donor,Amount,State\n2026-01-05,{LIKE},1500,CA\n")
    choose(page, export, field="export")
    press(page, "intake-start", "\n")
    until(lambda: text(page, "intake-status").startswith("0 refuse, 1 review"))
    assert "$1,500.00" in text(page, "lists")
    assert "Policy review (police: refuse), profile intake.toml." in text(page, "lists")
    button = page.find_element("css selector", "#lists td button")
    assert button.accessible_name == f"Clear {LIKE}"
    button.send_keys("\n")
    assert page.execute_script("return document.activeElement.id") == "clear-by"
    assert page.find_element("id", "clear").accessible_name == f"Clear {LIKE} (CA)"
    assert not page.find_element("id", "clear-listed").is_displayed()
    page.switch_to.active_element.send_keys("A.B.\n")
    assert text(page, "clear-error") == "Give the reason."
    assert page.execute_script("return document.activeElement.id") == "clear-why"
    page.switch_to.active_element.send_keys("a homeowners' club\n")
    until(lambda: text(page, "intake-status").startswith(f"Cleared: {LIKE} (CA). 0 refuse, 0 review, 1 accept"))
    assert not page.find_element("id", "clear").is_displayed()
    assert page.execute_script("return document.activeElement.textContent") == "Three lists"
    decision = load_decisions(kept).find(LIKE, "CA")
    assert decision is not None
    assert (decision.verdict, decision.by, decision.why) == ("rejected", "A.B.", "a homeowners' club")
    assert decision.sentence() in text(page, "lists")
    append_decisions(kept, [decision.revoked("A.B.", decision.on)])
    no_script_failed(page)


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", ["desktop", "small phone"])
def test_axe_finds_no_violation_and_nothing_is_wider_than_the_page(
    page: Any, tmp_path: Path, width: str, scheme: str
) -> None:
    if AXE is None:
        pytest.skip("axe is not installed (extra `browser`)")
    look(page, width, scheme)
    choose(page, EXPORT)
    until(lambda: is_done(page))
    page.find_element("id", "name").send_keys("Oakland Police")
    until(lambda: "Near misses" in text(page, "answer"))
    press(page, "by", "A.B.")
    page.execute_script("document.getElementById('review-start').click()")
    until(lambda: text(page, "card-donor") or "Nothing is left" in text(page, "review-status"))
    export = tmp_path / "today.csv"
    lines = [f"2026-01-05,{donor},20,CA" for donor in ("Oakland Police Officers Association", LIKE, "Jane Roe")]
    export.write_text("\n".join(["Date,Donor,Amount,State", *lines]) + "\n")
    choose(page, export, field="export")
    page.execute_script("document.getElementById('intake-start').click()")
    until(lambda: page.find_element("id", "lists").is_displayed())
    assert text(page, "intake-status").startswith("1 refuse, 1 review, 1 accept")
    assert "intake.toml" in text(page, "profile")
    no_violation(page)
    page.find_element("css selector", "#lists td button").click()
    assert text(page, "clear-listed").startswith("This donor is a union on the list: Oakland Police Officers")
    page.find_element("id", "clear-save").click()
    assert text(page, "clear-error")
    no_violation(page)


def no_violation(page: Any) -> None:
    """Nothing is wider than the page, and axe has nothing against it."""
    wide = page.execute_script(
        "return [...document.querySelectorAll('body *')].filter(e => !e.closest('.scroll, .skip') &&"
        " e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)"
        ".map(e => e.outerHTML.slice(0, 99))"
    )
    assert wide == []
    # Evaluated by the debugger, which the policy of the page does not bind.
    page.execute_cdp_cmd("Runtime.evaluate", {"expression": AXE.read_text()})
    tags = json.dumps({"iframes": False, "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
    found = page.execute_cdp_cmd(
        "Runtime.evaluate",
        {
            "expression": f"axe.run({tags}).then(r => JSON.stringify(r.violations.map("
            "v => [v.id, v.nodes.map(n => n.html)])))",
            "awaitPromise": True,
            "returnByValue": True,
        },
    )
    assert json.loads(found["result"]["value"]) == []
