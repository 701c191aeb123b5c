"""The JSON API of `unionscreen serve`, route by route, in this process."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.routing import Route
from starlette.testclient import TestClient
from typer.testing import Result

from unionscreen.cli.serve import read_size
from unionscreen.errors import UsageError
from unionscreen.reports import load_result
from unionscreen.review.decisions import Decision
from unionscreen.review.store import append_decisions
from unionscreen.safe_text import visible
from unionscreen.serve import api
from unionscreen.serve.app import create_app
from unionscreen.serve.child import FORMATS
from unionscreen.serve.guard import Guard, split_host
from unionscreen.serve.jobs import Jobs, ScreeningJob
from unionscreen.serve.names import LONGEST_FILE_NAME, clean_name, ending_of, free_name, inside
from unionscreen.serve.openapi import SCHEMAS, document
from unionscreen.serve.problem import Problem
from unionscreen.serve.settings import ServeSettings, listen, remove_stale, run_folder
from unionscreen.serve.working import in_child

ROOT = Path(__file__).resolve().parents[1]
EXPORT = ROOT / "examples" / "netfile-avery.csv"
HOST = "127.0.0.1:8765"


@pytest.fixture
def settings(tmp_path: Path) -> ServeSettings:
    for name in ("run", "root"):
        (tmp_path / name).mkdir()
    (tmp_path / "root" / "export.csv").write_bytes(EXPORT.read_bytes())
    return ServeSettings(tmp_path / "run", root=tmp_path / "root", max_upload=100_000)


def client_of(settings: ServeSettings, **headers: str) -> TestClient:
    return TestClient(create_app(settings), base_url=f"http://{HOST}", headers=headers, raise_server_exceptions=False)


@pytest.fixture
def client(settings: ServeSettings) -> Iterator[TestClient]:
    with client_of(settings) as client:
        yield client


def valid(value: Any, schema: str) -> None:
    """Compare a value with a schema of the document."""
    jsonschema.validate(value, {"$ref": f"#/components/schemas/{schema}", "components": {"schemas": SCHEMAS}})


def problem(answer: Any, status: int) -> str:
    """The detail of an answer that must be a problem of this status."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    value = answer.json()
    valid(value, "Problem")
    assert value["status"] == status
    return str(value["detail"])


def upload(client: TestClient, data: bytes, name: str = "export.csv") -> str:
    answer = client.post("/api/v1/uploads", params={"name": name}, content=data)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def screened(client: TestClient, **asked: Any) -> dict[str, Any]:
    """The last state of a screening."""
    answer = client.post("/api/v1/screenings", json=asked)
    assert answer.status_code == 202, answer.text
    told = client.get(f"/api/v1/screenings/{answer.json()['id']}/events").text
    states = [json.loads(each) for each in re.findall(r"^data: (.*)$", told, re.M)]
    for state in states:
        valid(state, "Screening")
    return dict(states[-1])


# Names


def test_a_check_is_the_object_of_the_command_line(client: TestClient, cli: Callable[..., Result]) -> None:
    names = ["Chicago FOP", "Smith, Jane", "Police Benevolent Assn Local 40"]
    answer = client.post("/api/v1/check", json={"names": names, "state": "Illinois"})
    assert answer.status_code == 200
    assert answer.json()["results"] == [
        json.loads(line) for line in cli("check", "--json", "--state", "IL", *names).stdout.splitlines()
    ]
    valid(answer.json(), "Answers")
    one = client.get("/api/v1/check", params={"name": names[0], "state": "IL"})
    assert one.json()["results"] == answer.json()["results"][:1]
    assert client.post("/api/v1/check", json={"name": names[0], "state": "IL"}).content == one.content


def test_a_check_explains_itself_and_each_name_may_have_its_state(
    client: TestClient, cli: Callable[..., Result]
) -> None:
    asked = {"names": [{"name": "PBA Local 40", "state": "NY"}, "PBA Local 40"], "explain": True}
    first, second = client.post("/api/v1/check", json=asked).json()["results"]
    assert first == json.loads(cli("check", "--json", "--explain", "--state", "NY", "PBA Local 40").stdout)
    assert second == json.loads(cli("check", "--json", "--explain", "PBA Local 40").stdout)


def test_a_decision_is_applied_from_the_moment_it_is_made(settings: ServeSettings, tmp_path: Path) -> None:
    log = tmp_path / "decisions.csv"
    with client_of(replace(settings, decisions=log)) as client:
        assert "decision" not in client.get("/api/v1/check", params={"name": "Chicago FOP"}).json()["results"][0]
        append_decisions(log, [Decision("Chicago FOP", "", "", "rejected", "A.B.", "2026-01-31")])
        (after,) = client.get("/api/v1/check", params={"name": "Chicago FOP"}).json()["results"]
        assert (after["decision"], after["verdict"]) == ("rejected", "clear")
        state = screened(client, paths=["export.csv"])
        result = client.get(f"/api/v1/screenings/{state['id']}/report.json").json()
        assert result["manifest"]["decisions"]["path"] == str(log)
        log.unlink()  # a check and a screening must not differ about what is decided
        assert "decision" not in client.get("/api/v1/check", params={"name": "Chicago FOP"}).json()["results"][0]


def test_a_text_that_names_nobody_is_in_the_document(client: TestClient) -> None:
    (answer,) = client.get("/api/v1/check", params={"name": "N/A"}).json()["results"]
    assert answer["verdict"] == "no name"
    valid(answer, "Answer")


@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [
        ({}, 422, "name or names"),
        ({"name": "a", "names": ["b"]}, 422, "name or names"),
        ({"names": "FOP"}, 422, "a list"),
        ({"names": []}, 422, "give 1 to"),
        ({"names": ["x"] * (api.NAMES_IN_REQUEST + 1)}, 422, "give 1 to"),
        ({"names": ["FOP", " "]}, 422, "a name is empty"),
        ({"names": [7]}, 422, "a name is a text"),
        ({"names": [{"name": "FOP", "county": "x"}]}, 422, "unknown county"),
        ({"names": [{"name": ["FOP"]}]}, 422, "are texts"),
        ({"name": "FOP", "state": "Atlantis"}, 422, "'Atlantis' is not a state"),
        ({"name": "FOP", "stat": "CA"}, 422, "unknown stat"),
    ],
)
def test_a_wrong_check_is_a_problem(client: TestClient, asked: Any, status: int, said: str) -> None:
    assert said in problem(client.post("/api/v1/check", json=asked), status)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b"\xff", b'{"a": NaN}', b"[" * 99_999])
def test_a_body_that_is_not_an_object_is_a_problem(client: TestClient, body: bytes) -> None:
    for path in ("check", "screenings"):
        assert "not" in problem(client.post(f"/api/v1/{path}", content=body), 400)


def test_a_request_in_json_is_bounded(client: TestClient) -> None:
    assert "4,194,304" in problem(client.post("/api/v1/check", content=b" " * (api.MOST_JSON + 1)), 413)


def test_an_empty_name_to_check_is_a_problem(client: TestClient) -> None:
    assert problem(client.get("/api/v1/check"), 422) == "a name is empty"


# Uploads and screenings


def test_the_reports_of_an_upload_are_those_of_the_command_line(
    client: TestClient, cli: Callable[..., Result], settings: ServeSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = screened(client, uploads=[upload(client, EXPORT.read_bytes())])
    assert (state["status"], state["position"], state["bytes_done"]) == ("done", None, len(EXPORT.read_bytes()))
    assert state["summary"]["rows_read"] == state["summary"]["rows_screened"] + state["summary"]["rows_rejected"]
    assert state["summary"]["flags"] > 0
    assert state["formats"] == [*FORMATS]
    assert settings.root is not None
    outs = [settings.folder / f"cli.{each}" for each in FORMATS]
    from typer.testing import CliRunner

    from unionscreen.cli.app import app

    monkeypatch.chdir(settings.root)
    done = CliRunner().invoke(app, ["screen", "export.csv", "-q", *(f"--out={out}" for out in outs)])
    assert done.exit_code == 0, done.output
    for form, out in zip(FORMATS, outs, strict=True):
        answer = client.get(f"/api/v1/screenings/{state['id']}/report.{form}")
        assert answer.content == out.read_bytes(), form
        shown = "inline" if form in ("html", "json") else "attachment"
        assert answer.headers["content-disposition"] == f'{shown}; filename="export.{form}"'
        policy = answer.headers["content-security-policy"]
        assert ("script-src 'sha256-" in policy) is (form == "html")
        assert "frame-ancestors" in policy
    assert problem(client.get(f"/api/v1/screenings/{state['id']}/report.exe"), 404).startswith("a report has no such")


def test_a_path_under_the_root_is_shown_as_it_was_given(client: TestClient, settings: ServeSettings) -> None:
    assert settings.root is not None
    (settings.root / "2022" / "older").mkdir(parents=True)
    (settings.root / "2022" / "older" / "export.csv").write_bytes(EXPORT.read_bytes())
    for paths, shown in ((["2022/older/export.csv"], "2022/older/export.csv"), (["./2022"], "2022/older/export.csv")):
        state = screened(client, paths=paths)
        result = client.get(f"/api/v1/screenings/{state['id']}/report.json").json()
        assert [each["path"] for each in result["manifest"]["inputs"]] == [shown]


def test_options_are_those_of_the_command_line(client: TestClient, tmp_path: Path) -> None:
    options = {"recipients": "all", "kinds": ["police"], "threshold": 95, "state": "california", "excel_safe": True}
    state = screened(client, paths=["export.csv"], options=options | {"mapping": None, "recipient": ""})
    saved = tmp_path / "saved.json"
    saved.write_bytes(client.get(f"/api/v1/screenings/{state['id']}/report.json").content)
    found = load_result(saved).manifest["settings"]
    assert (found["recipients"], found["kinds"], found["min_score"], found["state"]) == ("all", ["police"], 95.0, "CA")
    one = screened(client, paths=["export.csv"], options={"recipients": "Jordan Avery"})
    assert one["status"] == "done"
    nobody = screened(client, paths=["export.csv"], options={"recipients": "Pat Nobody"})
    assert (nobody["status"], nobody["error"]["exit_code"]) == ("failed", 2)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([1], "options is an object"),
        ({"treshold": 1}, "unknown treshold"),
        ({"threshold": "1"}, "not of the type number"),
        ({"threshold": True}, "not of the type number"),
        ({"threshold": 10**400}, "a number from 0 to 100"),
        ({"kinds": "police"}, "not of the type array"),
        ({"kinds": [1]}, "are texts"),
        ({"mapping": {"contributor": 1}}, "are texts"),
        ({"state": "Atlantis"}, "not a state"),
    ],
)
def test_a_wrong_option_is_a_problem(client: TestClient, options: Any, said: str) -> None:
    assert said in problem(client.post("/api/v1/screenings", json={"paths": ["export.csv"], "options": options}), 422)


def test_a_wrong_file_gives_the_text_of_the_command_line(
    client: TestClient, cli: Callable[..., Result], settings: ServeSettings
) -> None:
    wrong = b"Donor,Amount\nFOP,ten\n"
    assert settings.root is not None
    (settings.root / "wrong.csv").write_bytes(wrong)
    state = screened(client, uploads=[upload(client, wrong, "wrong.csv")])
    said = cli("screen", settings.root / "wrong.csv", "-q").stderr
    assert state["status"] == "failed"
    assert said.replace(f"{settings.root}/", "") == f"Error: {state['error']['detail']}\n"
    assert state["error"]["source"] == "wrong.csv"
    assert problem(client.get(f"/api/v1/screenings/{state['id']}/report.json"), 409).endswith("failed")


def test_an_error_names_file_and_line(client: TestClient) -> None:
    torn = upload(client, b"PK\x03\x04 not a workbook", "torn.xlsx")
    assert screened(client, uploads=[torn])["error"]["detail"].startswith("torn.xlsx: ")
    value = Problem(422, "x", source="a.csv", row=2).value
    assert (value["source"], value["row"]) == ("a.csv", 2)


def test_two_uploads_of_one_name_are_both_screened(client: TestClient) -> None:
    ids = [upload(client, EXPORT.read_bytes()), upload(client, EXPORT.read_bytes().replace(b"Avery", b"Doe"))]
    state = screened(client, uploads=ids)
    inputs = client.get(f"/api/v1/screenings/{state['id']}/report.json").json()["manifest"]["inputs"]
    assert [each["path"] for each in inputs] == ["export.csv", "export (2).csv"]


def test_what_cannot_be_screened_is_a_problem(client: TestClient, settings: ServeSettings) -> None:
    ident = upload(client, b"x")

    def post(**asked: Any) -> Any:
        return client.post("/api/v1/screenings", json=asked)

    assert "nothing to screen" in problem(post(), 422)
    assert "no such upload" in problem(post(uploads=["nix"]), 404)
    assert "twice" in problem(post(uploads=[ident, ident]), 422)
    assert "twice" in problem(post(paths=["export.csv", "./export.csv"]), 422)
    assert "list of" in problem(post(uploads=ident), 422)
    assert "list of" in problem(post(paths=[1]), 422)
    assert "no such file" in problem(post(paths=["nix.csv"]), 404)
    assert "unknown folder" in problem(post(folder="x"), 422)
    assert "no such screening" in problem(client.get("/api/v1/screenings/nix"), 404)
    assert "no such upload" in problem(client.delete("/api/v1/uploads/nix"), 404)
    assert not [*(settings.folder / "screenings").iterdir()]
    with client_of(replace(settings, root=None)) as other:
        assert "--root" in problem(other.post("/api/v1/screenings", json={"paths": ["export.csv"]}), 403)


def test_an_upload_is_kept_under_an_id_with_its_ending_and_deleted(client: TestClient, settings: ServeSettings) -> None:
    ident = upload(client, b"x", "../../gifts.csv.gz")
    assert [each.name for each in (settings.folder / "uploads").iterdir()] == [f"{ident}.csv.gz"]
    assert client.delete(f"/api/v1/uploads/{ident}").status_code == 204
    assert not [*(settings.folder / "uploads").iterdir()]
    assert "give the name" in problem(client.post("/api/v1/uploads", content=b"x"), 422)


@pytest.mark.parametrize("chunked", [False, True])
def test_a_too_large_upload_leaves_nothing(client: TestClient, settings: ServeSettings, chunked: bool) -> None:
    pieces = [b"x" * 50_000] * 3
    body = iter(pieces) if chunked else b"".join(pieces)
    answer = client.post("/api/v1/uploads", params={"name": "a.csv"}, content=body)
    assert "100,000 bytes" in problem(answer, 413)
    assert not [*settings.folder.rglob("*.*")]
    upload(client, b"x" * 100_000)


def test_uploads_and_waiting_screenings_are_bounded(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("unionscreen.serve.jobs.MOST_UPLOADS", 1)
    monkeypatch.setattr("unionscreen.serve.jobs.MOST_WAITING", 0)
    upload(client, b"x")
    assert "delete some" in problem(client.post("/api/v1/uploads?name=a", content=b"x"), 429)
    assert "waiting" in problem(client.post("/api/v1/screenings", json={"paths": ["export.csv"]}), 429)


def test_a_full_disk_is_a_problem_and_leaves_nothing(
    client: TestClient, settings: ServeSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("unionscreen.serve.jobs._write_all", full)
    assert "No space left" in problem(client.post("/api/v1/uploads?name=a.csv", content=b"x"), 507)
    assert not [*(settings.folder / "uploads").iterdir()]
    monkeypatch.setattr("unionscreen.serve.jobs._lay_out", full)
    assert "No space left" in problem(client.post("/api/v1/screenings", json={"paths": ["export.csv"]}), 507)


def test_a_fault_of_ours_ends_a_screening_and_the_next_one_runs(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: object, **__: object) -> None:
        raise ValueError("such a line")

    with monkeypatch.context() as patched:
        patched.setattr("unionscreen.serve.jobs.in_child", fails)
        state = client.post("/api/v1/screenings", json={"paths": ["export.csv"]}).json()
        state = client.get(f"/api/v1/screenings/{state['id']}").json()
    assert state["status"] == "failed"
    assert "a fault of unionscreen, not of your files: ValueError" in state["error"]["detail"]
    assert screened(client, paths=["export.csv"])["status"] == "done"


def test_a_screening_that_is_canceled_before_its_first_step_is_canceled(settings: ServeSettings) -> None:
    async def canceled() -> ScreeningJob:
        jobs = Jobs(settings)
        job = await jobs.submit([], ["export.csv"], {})
        assert job.task is not None
        assert job.status == "running"
        await jobs.cancel(job)
        await jobs.close()
        return job

    job = asyncio.run(canceled())
    assert job.status == "canceled"
    assert not job.folder.exists()


def test_an_intake_of_many_donations_is_answered_and_a_larger_one_is_a_problem(
    client: TestClient, settings: ServeSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = "".join(f"Jane Doe {number},{'x' * 3000},1,2022-03-01\n" for number in range(6000))
    with client_of(replace(settings, max_upload=1 << 30)) as many:
        ident = upload(many, ("Contributor,Recipient,Amount,Date\n" + rows).encode(), "day.csv")
        answer = many.post("/api/v1/intake", json={"upload": ident})
        assert answer.status_code == 200, answer.text
        assert len(answer.content) > 16 << 20  # more than one line of a pipe's reader
        assert len(answer.json()["accept"]) == 6000
    monkeypatch.setattr("unionscreen.serve.working.MOST_ANSWER", 1000)
    ident = upload(client, b"Contributor,Recipient,Amount,Date\n" + b"Jane Doe,Riley Chen,1,2022-03-01\n" * 50)
    answer = client.post("/api/v1/intake", json={"upload": ident})
    assert "the command line writes it to files" in problem(answer, 413)


def test_old_screenings_make_room(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("unionscreen.serve.jobs.MOST_KEPT", 1)
    first, second, third = (screened(client, paths=["export.csv"])["id"] for _ in range(3))
    assert problem(client.get(f"/api/v1/screenings/{first}"), 404)
    assert client.get(f"/api/v1/screenings/{second}").json()["status"] == "done"
    assert client.delete(f"/api/v1/screenings/{third}").status_code == 204
    assert problem(client.get(f"/api/v1/screenings/{third}"), 404)


def test_an_unexpected_error_is_a_problem_that_says_it_is_ours(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Jobs, "screening", lambda *_: 1 / 0)
    assert "a fault of unionscreen" in problem(client.get("/api/v1/screenings/x"), 500)


def test_a_fault_in_the_process_that_reads_files_is_a_problem_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(Problem, match=r"a fault of unionscreen, not of your files: AttributeError") as caught:
        asyncio.run(in_child("unionscreen.serve.child:no_such_function", {}, scratch=tmp_path / "scratch"))
    assert caught.value.status == 500


def test_an_unknown_address_and_method_are_problems(client: TestClient) -> None:
    assert "no such page" in problem(client.get("/api/v1/nix"), 404)
    assert "Method" in problem(client.put("/api/v1/check"), 405)


# Who may ask


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8765", "127.0.0.1", "127.0.0.1:80", "localhost:x", ""])
def test_another_host_in_the_header_is_refused(client: TestClient, host: str) -> None:
    assert "another host" in problem(client.get("/api/v1/check?name=FOP", headers={"host": host}), 421)


@pytest.mark.parametrize("host", ["127.0.0.1:8765", "localhost:8765", "LOCALHOST:8765", "[::1]:8765"])
def test_this_machine_has_three_names(client: TestClient, host: str) -> None:
    assert client.get("/api/v1/check?name=FOP", headers={"host": host}).status_code == 200


FOREIGN = [
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"origin": "http://localhost:3333"},
    {"origin": "https://127.0.0.1:8765"},
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
]


@pytest.mark.parametrize("headers", FOREIGN)
def test_a_change_from_another_site_is_refused(client: TestClient, headers: dict[str, str]) -> None:
    for ask in (client.post, client.delete):
        assert "another site" in problem(ask("/api/v1/uploads?name=a", headers=headers), 403)


def test_a_change_from_our_page_is_allowed(client: TestClient) -> None:
    own = {"origin": f"http://{HOST}", "sec-fetch-site": "same-origin"}
    assert client.post("/api/v1/uploads?name=a", content=b"x", headers=own).status_code == 201


def test_no_answer_is_open_to_other_sites(client: TestClient) -> None:
    answer = client.get("/api/v1/check?name=FOP", headers={"origin": "https://evil.example"})
    assert not [name for name in answer.headers if name.startswith("access-control")]
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"


def test_a_token_is_asked_of_everybody(settings: ServeSettings) -> None:
    with client_of(replace(settings, token="secret")) as client:  # noqa: S106 - made up
        path = "/api/v1/check?name=FOP"
        answer = client.get(path)
        assert "a token is needed" in problem(answer, 401)
        assert answer.headers["www-authenticate"] == "Bearer"
        for wrong in ("Bearer nix", "Bearer", "Basic secret", "Bearer sécret", "secret"):
            problem(client.get(path, headers=[(b"authorization", wrong.encode())]), 401)
        assert client.get(path, headers={"authorization": "bearer secret"}).status_code == 200
        problem(client.get("/api/v1/check?name=FOP&token=secret"), 401)
        problem(client.get("/?token=nix"), 401)
        problem(client.get(path, headers={"cookie": "unionscreen-8765=secret"}), 401)


def test_opening_the_page_with_the_token_sets_a_cookie(settings: ServeSettings) -> None:
    with client_of(replace(settings, token="secret")) as client:  # noqa: S106 - made up
        problem(client.get("/?token=secret", headers={"host": "evil.example"}, follow_redirects=False), 421)
        answer = client.get("//evil.example/?token=secret&a=b", follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) in ((303, "/evil.example/?a=b"), (303, "/?a=b"))
        cookie = answer.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "secret" not in cookie
        assert client.get("/api/v1/check?name=FOP").status_code == 200  # the client keeps the cookie
        # Cookies are sent to every port of a host; this one is of another server.
        both = f'other={{"a": "b c"}}; {cookie.partition(";")[0]}'
        client.cookies.clear()
        assert client.get("/api/v1/check?name=FOP", headers={"cookie": both}).status_code == 200
        problem(client.get("/api/v1/check?name=FOP", headers={"cookie": both[:-1]}), 401)


def test_a_host_for_all_addresses_is_asked_for_by_any_of_them(settings: ServeSettings) -> None:
    guard = Guard(lambda *_: None, replace(settings, host="0.0.0.0", token="x"))  # type: ignore[arg-type,return-value]  # noqa: S104, S106
    assert guard._is_served("192.0.2.7:8765")
    assert guard._is_served("[2001:db8::1]:8765")
    assert not guard._is_served("evil.example:8765")
    assert not guard._is_served("192.0.2.7:80")


@given(st.text(max_size=30))
def test_any_host_has_a_name_and_a_port(host: str) -> None:
    name, port = split_host(host)
    assert isinstance(name, str)
    assert -1 <= port < 100_000


# Names and paths


@given(st.text(max_size=300))
def test_a_clean_name_is_one_harmless_file(name: str) -> None:
    clean = clean_name(name)
    assert clean == visible(clean).strip()
    assert clean not in ("", ".", "..", "-")
    assert clean[0] not in ".-~"
    assert not set(clean) & set('/\\<>:"|?*\0')
    assert len(clean.encode()) <= LONGEST_FILE_NAME
    assert clean_name(clean) == clean
    assert free_name(clean, {clean}) != clean


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("<img src=x onerror=alert(1)>.csv", "_img src=x onerror=alert(1)_.csv"),
        ("C:\\Users\\jo\\gifts.csv", "gifts.csv"),
        ("-", "upload"),
        ("gifts\u202egpj.csv", "giftsgpj.csv"),
        ("a\nb.csv", "ab.csv"),
        ("con.csv", "_con.csv"),
        ("Año 2022.csv", "Año 2022.csv"),
        ("x" * 300 + ".csv.gz", "x" * (LONGEST_FILE_NAME - 7) + ".csv.gz"),
        (".htaccess", "htaccess"),
    ],
)
def test_a_hostile_name_is_harmless(name: str, clean: str) -> None:
    assert clean_name(name) == clean


@given(st.text(max_size=40))
def test_an_ending_is_letters_and_digits(name: str) -> None:
    assert re.fullmatch(r"(\.[A-Za-z0-9]{1,8}){0,2}", ending_of(name))


@given(path=st.lists(st.sampled_from(["..", ".", "a", "out", "/", "~", "\\", "\0", "..\\", "é", "\ud800", "x" * 300])))
def test_no_path_leads_out_of_the_root(tmp_path_factory: pytest.TempPathFactory, path: list[str]) -> None:
    root = tmp_path_factory.getbasetemp() / "paths"
    if not root.exists():
        (root / "a").mkdir(parents=True)
        (root.parent / "outside.csv").write_text("x")
        (root / "out").symlink_to(root.parent)
    try:
        _, real = inside(root / "a", "/".join(path))
    except Problem:
        pass
    else:
        assert real.is_relative_to((root / "a").resolve())


@pytest.mark.parametrize("path", ["out.csv", "folder", "folder/out.csv", "up/outside.csv", "up"])
def test_a_link_out_of_the_root_is_refused(client: TestClient, settings: ServeSettings, path: str) -> None:
    root = settings.root
    assert root is not None
    (root.parent / "outside.csv").write_bytes(EXPORT.read_bytes())
    (root / "out.csv").symlink_to(root.parent / "outside.csv")
    (root / "up").symlink_to(root.parent)
    (root / "folder").mkdir()
    (root / "folder" / "out.csv").symlink_to(root.parent / "outside.csv")
    assert "out of the served folder" in problem(client.post("/api/v1/screenings", json={"paths": [path]}), 403)


@pytest.mark.parametrize("path", ["", "/etc/passwd", "../outside.csv", "a/../../x", "a\0b"])
def test_a_path_that_leads_out_is_refused(client: TestClient, path: str) -> None:
    assert "not a path" in problem(client.post("/api/v1/screenings", json={"paths": [path]}), 403)


def test_a_link_within_the_root_is_followed(settings: ServeSettings) -> None:
    assert settings.root is not None
    (settings.root / "link.csv").symlink_to("export.csv")
    assert inside(settings.root, "link.csv")[1] == (settings.root / "export.csv").resolve()


# The run, its folder and its command


def test_a_folder_that_a_killed_run_left_is_deleted_and_one_in_use_is_not(tmp_path: Path) -> None:
    left = tmp_path / "unionscreen-serve-left"
    left.mkdir()
    (left / "lock").touch()
    (left / "uploads").mkdir()
    (tmp_path / "unionscreen-serve-link").symlink_to(tmp_path)
    with run_folder(tmp_path) as used:
        assert not left.exists()
        (used / "x").touch()
        assert remove_stale(tmp_path) == []
        assert used.stat().st_mode & 0o077 == 0
    assert sorted(each.name for each in tmp_path.iterdir()) == ["unionscreen-serve-link"]


def test_a_port_in_use_is_a_clear_error(cli: Callable[..., Result]) -> None:
    with listen("127.0.0.1", 0) as sock:
        port = str(sock.getsockname()[1])
        done = cli("serve", "--port", port, "--no-browser")
        assert done.exit_code == 2
        assert f"--port {port}: cannot serve at 127.0.0.1:{port}: Address already in use" in done.stderr
        assert "--port 0" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--host", "0.0.0.0"], "add --token"),  # noqa: S104 - refused
        (["--host", "no such host", "--token", "x"], "there is no such host"),
        (["--token", "a b"], "without blanks"),
        (["--root", "nix"], "not a folder"),
        (["--max-upload", "much"], "not a size"),
        (["--decisions", "log.txt"], "log.txt"),
        (["--unions", "nix.csv", "--port", "0"], "nix.csv"),
    ],
)
def test_an_option_that_cannot_be_right_is_an_error(
    cli: Callable[..., Result], arguments: list[str], said: str
) -> None:
    done = cli("serve", "--no-browser", *arguments)
    assert done.exit_code in (2, 3)
    assert said in done.stderr


def test_without_the_extra_the_command_says_what_to_install(
    cli: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "uvicorn", None)
    done = cli("serve")
    assert done.exit_code == 2
    assert "pip install 'unionscreen[serve]'" in done.stderr


def test_a_size_of_nothing_is_refused() -> None:
    with pytest.raises(UsageError, match="not a size"):
        read_size("0")


# The document


def test_the_document_describes_every_route_and_every_reference_exists(client: TestClient) -> None:
    found = client.get("/api/v1/openapi.json").json()
    assert found == document(client.app.routes)  # type: ignore[attr-defined]
    assert found["openapi"].startswith("3.1")
    described = {(path, method) for path, methods in found["paths"].items() for method in methods}
    routes = [route for route in client.app.routes if isinstance(route, Route)]  # type: ignore[attr-defined]
    served = {
        (route.path, method.lower())
        for route in routes
        for method in (route.methods or ())
        if method != "HEAD" and route.path.startswith("/api/v1/")
    }
    assert described == served
    for ref in re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(found)):
        value = found
        for part in ref.split("/"):
            value = value[part]
    for schema in SCHEMAS.values():
        jsonschema.Draft202012Validator.check_schema(schema)
    for path, methods in found["paths"].items():
        for each in methods.values():
            in_path = [one["name"] for one in each["parameters"] if one["in"] == "path"]
            assert in_path == re.findall(r"{(\w+)}", path)
            assert "default" in each["responses"]


def test_openrefine_is_answered_with_the_list_and_the_decisions_of_this_run(settings, tmp_path):
    decided = tmp_path / "decisions.csv"
    settings = replace(settings, decisions=decided)
    with client_of(settings) as client:
        asked = {"queries": json.dumps({"q0": {"query": "Oakland POA"}})}

        def matches() -> list[str]:
            answer = client.post("/reconcile", data=asked, headers={"origin": "http://127.0.0.1:3333"})
            assert answer.status_code == 200
            return [each["id"] for each in answer.json()["q0"]["result"] if each["match"]]

        assert client.get("/reconcile").json()["versions"] == ["0.2"]
        assert matches() == ["us-ca-oakland-police-officers-association"]
        append_decisions(
            decided, [Decision("Oakland POA", verdict="rejected", by="A.B.", on="2026-01-31", why="a homeowners' club")]
        )
        assert matches() == []
