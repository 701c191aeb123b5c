"""The reconciliation service: what the specification requires, and what OpenRefine sends."""

from __future__ import annotations

import json
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from html.parser import HTMLParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from unionscreen.matching import Match, Matcher, load_matcher
from unionscreen.review.apply import apply_to_match
from unionscreen.review.decisions import Decision, Decisions
from unionscreen.unions import UNION_KINDS, Alias, Union, UnionList

pytest.importorskip("starlette", reason="the extra serve is not installed")
pytest.importorskip("httpx", reason="httpx, which Starlette's test client needs, is not installed")
pytest.importorskip("jsonschema", reason="jsonschema is not installed")

from starlette.applications import Starlette
from starlette.testclient import TestClient

from reconcile_schemas import SCHEMAS, check_document
from unionscreen.serve import reconcile
from unionscreen.serve.reconcile import routes
from unionscreen.serve.reconcile_answers import ANY_KIND, PROPERTIES, RULED_OUT, TYPES, suggest_entities, unlisted_name

OAKLAND = "us-ca-oakland-police-officers-association"
OPENREFINE = "http://127.0.0.1:3333"


def service(matcher_of: Callable[[], Matcher] = load_matcher) -> TestClient:
    return TestClient(Starlette(routes=routes(matcher_of)), base_url="http://127.0.0.1:8000")


CLIENT = service()


def reconcile_batch(queries: Mapping[str, Any], client: TestClient = CLIENT) -> dict[str, list[dict[str, Any]]]:
    """As OpenRefine does: a form with one field. Both ways are checked against the schemas."""
    check_document("reconciliation-query-batch", queries)
    reply = client.post("/reconcile", data={"queries": json.dumps(queries)})
    assert reply.status_code == 200, reply.text
    check_document("reconciliation-result-batch", reply.json())
    return {key: value["result"] for key, value in reply.json().items()}


def one(query: str, **more: Any) -> list[dict[str, Any]]:
    return reconcile_batch({"q0": {"query": query, **more}})["q0"]


def extend(ids: list[str], *properties: str) -> dict[str, Any]:
    asked = {"ids": ids, "properties": [{"id": each} for each in properties]}
    check_document("data-extension-query", asked)
    reply = CLIENT.post("/reconcile", data={"extend": json.dumps(asked)})
    assert reply.status_code == 200, reply.text
    check_document("data-extension-response", reply.json())
    return dict(reply.json())


def state(code: str) -> list[dict[str, Any]]:
    return [{"pid": "state", "v": code}]


# --- the manifest ---


def test_the_manifest_is_the_answer_to_a_request_without_parameters() -> None:
    manifest = CLIENT.get("/reconcile").json()
    check_document("manifest", manifest)
    assert manifest["versions"] == ["0.2"]
    assert [each["id"] for each in manifest["defaultTypes"]] == ["all", *UNION_KINDS]


def test_every_address_in_the_manifest_answers() -> None:
    manifest = CLIENT.get("/reconcile").json()
    services = [*manifest["suggest"].values(), manifest["extend"]["propose_properties"]]
    for each in services:
        assert CLIENT.get(each["service_url"] + each["service_path"], params={"type": "police"}).status_code == 200
    for template in (manifest["view"]["url"], manifest["preview"]["url"]):
        assert CLIENT.get(template.replace("{{id}}", OAKLAND)).status_code == 200


def test_the_manifest_names_the_address_that_the_client_used() -> None:
    manifest = (
        TestClient(Starlette(routes=routes(load_matcher)), base_url="http://localhost:9").get("/reconcile").json()
    )
    assert manifest["suggest"]["type"]["service_url"] == "http://localhost:9/reconcile"


def test_the_types_are_the_kinds() -> None:
    assert {*TYPES} == {*UNION_KINDS}
    assert len({*TYPES.values()}) == len(TYPES)


# --- queries ---


def test_a_listed_donor_is_a_match_and_the_other_candidates_are_not() -> None:
    first, *others = one("San Deigo Police Offcers Assn PAC")
    assert (first["id"], first["match"]) == ("us-ca-san-diego-police-officers-association", True)
    assert first["type"] == [ANY_KIND, {"id": "police", "name": TYPES["police"]}]
    assert first["score"] >= 75
    assert [each["score"] for each in others] == [RULED_OUT, RULED_OUT, 29]
    assert not any(each["match"] for each in others)


def test_a_name_of_several_organizations_is_never_a_match() -> None:
    found = one("FOP Lodge 7")
    assert len(found) > 10
    assert not any(each["match"] for each in found)
    assert max(each["score"] for each in found) < 70


def test_the_state_separates_namesakes() -> None:
    assert not one("Springfield Police Officers Association")[0]["match"]
    found = one("Springfield Police Officers Association", properties=state("MO"))
    assert (found[0]["id"], found[0]["match"]) == ("us-mo-springfield-police-officers-association", True)
    elsewhere = one("Oakland Police Officers Association", properties=state("TX"))
    assert not any(each["match"] for each in elsewhere)


def test_the_city_is_evidence_for_a_name_without_a_place() -> None:
    name = "Fraternal Order of Police Lodge 46"
    assert not one(name)[0]["match"]
    for pid in ("city", "place"):
        found = one(name, properties=[{"pid": pid, "v": "Decatur"}])
        assert (found[0]["id"], found[0]["match"]) == ("us-al-decatur-fraternal-order-of-police-lodge-46", True)


@pytest.mark.parametrize(
    "value",
    ["MO", ["MO"], ["MO", "MO"], {"id": "MO"}, {"id": "Q1581", "name": "Missouri"}, [{"id": "x", "name": "MO"}]],
)
def test_a_value_may_be_a_text_an_entity_or_a_list(value: Any) -> None:
    found = one("Springfield Police Officers Association", properties=[{"pid": "State", "v": value}])
    assert found[0]["match"]


def test_two_states_are_evidence_for_neither() -> None:
    found = one("Springfield Police Officers Association", properties=[{"pid": "state", "v": ["MO", "IL"]}])
    assert found == one("Springfield Police Officers Association")


def test_a_union_that_is_not_on_the_list_is_shown_as_one() -> None:
    (found,) = one("Zzyzx Deputy Sheriffs Association")
    assert (found["id"], found["match"]) == ("unlisted-sheriff-deputies", False)
    assert found["name"] == unlisted_name("sheriff-deputies")
    assert found["score"] < 70


def test_a_person_has_no_candidate_and_a_look_alike_has_none_that_is_not_ruled_out() -> None:
    assert one("Smith, Jane") == []
    for each in one("Police Foundation of Oakland"):
        assert (each["match"], each["score"] <= RULED_OUT) == (False, True)
        assert {"id": "ruled_out", "value": True} in each["features"]


def test_the_candidates_are_sorted_by_score_and_the_limit_keeps_the_best() -> None:
    for name in ("San Deigo Police Offcers Assn PAC", "FOP Lodge 7", "Oakland Police Officers"):
        every = one(name, properties=state("TX"))
        assert [each["score"] for each in every] == sorted((each["score"] for each in every), reverse=True)
        assert one(name, properties=state("TX"), limit=2) == every[:2]


def test_a_type_keeps_only_candidates_of_that_kind() -> None:
    name = "San Deigo Police Offcers Assn PAC"
    assert one(name, type="police", type_strict="should")[0]["match"]
    others = one(name, type=["sheriff-deputies", "probation-parole"])
    assert {each["type"][1]["id"] for each in others} == {"sheriff-deputies", "probation-parole"}
    assert not any(each["match"] for each in others)


def test_the_commonest_type_of_the_candidates_leaves_out_no_kind() -> None:
    """OpenRefine asks for the commonest type of the first rows' candidates, unless its user changes that."""
    donors = ["Oakland Police Officers Association", "Stockton Police Officers Association", "Dade County PBA"]
    deputies = "Deputy Sheriffs' Association of San Diego County"
    counts = Counter(kind["id"] for donor in donors for each in one(donor) for kind in each["type"])
    commonest = counts.most_common(1)[0][0]  # of equally common ones the first
    assert one(deputies, type=commonest) == one(deputies)
    assert one(deputies)[0]["match"]
    assert not any(each["match"] for each in one(deputies, type="police"))


def test_an_id_finds_its_organization() -> None:
    (found,) = one(OAKLAND)
    assert (found["id"], found["score"]) == (OAKLAND, 100)


def test_each_name_on_the_list_finds_its_organization() -> None:
    unions = load_matcher().unions
    keys = {f"q{number}": union for number, union in enumerate(unions.unions.values())}
    missing = []
    for start in range(0, len(keys), reconcile.BATCH_SIZE):
        part = [*keys.items()][start : start + reconcile.BATCH_SIZE]
        queries = {key: {"query": union.name, "limit": 100} for key, union in part}
        found = reconcile_batch(queries)
        missing += [u.union_id for key, u in part if u.union_id not in {each["id"] for each in found[key]}]
    assert len(keys) > 2000
    assert missing == []


def test_queries_of_a_batch_do_not_depend_on_each_other() -> None:
    names = ["FOP Lodge 7", "Smith, Jane", "Oakland Police Officers Association", "\u202e", " "]
    batch = reconcile_batch({str(number): {"query": name} for number, name in enumerate(names)})
    assert batch == {str(number): one(name) for number, name in enumerate(names)}


def test_a_batch_may_come_in_the_address() -> None:
    queries = json.dumps({"q0": {"query": "Oakland Police Officers Association"}})
    reply = CLIENT.get("/reconcile", params={"queries": queries}).json()
    assert reply == {"q0": {"result": one("Oakland Police Officers Association")}}


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    "query", ["Oakland Police Officers Association", '{"query": "Oakland Police Officers Association"}']
)
def test_a_single_query_is_a_name_or_an_object(method: str, query: str) -> None:
    fields = {"params": {"query": query}} if method == "GET" else {"data": {"query": query}}
    reply = CLIENT.request(method, "/reconcile", **fields)  # type: ignore[arg-type]
    assert reply.json() == {"result": one("Oakland Police Officers Association")}


def test_a_query_without_a_name_has_no_candidates() -> None:
    assert reconcile_batch({"q0": {"properties": state("CA")}}) == {"q0": []}


def test_what_people_decided_is_the_answer() -> None:
    log = Decisions(
        [
            Decision("Oakland Police Officers Association", "CA", verdict="rejected"),
            Decision("FOP Lodge 7", verdict="rejected"),
            Decision("PBA Local 40", "NJ", "us-nj-pba-local-40", "confirmed"),
            Decision("Smith, Jane", verdict="confirmed"),
        ]
    )

    def decide(match: Match, state: str | None) -> Match:
        return apply_to_match(match, log.find(match.name, state), load_matcher().unions.unions)[0]

    client = TestClient(Starlette(routes=routes(load_matcher, decide)), base_url="http://127.0.0.1:8000")
    states = {"Oakland Police Officers Association": "California", "PBA Local 40": "NJ"}
    names = [each.donor for each in log.log]
    queries = {name: {"query": name, "properties": state(states.get(name, ""))} for name in names}
    found = reconcile_batch(queries, client)
    assert not any(each["match"] or each["score"] > RULED_OUT for each in found["Oakland Police Officers Association"])
    assert found["FOP Lodge 7"] == []
    assert (found["PBA Local 40"][0]["id"], found["PBA Local 40"][0]["match"]) == ("us-nj-pba-local-40", True)
    assert [each["id"] for each in found["Smith, Jane"]] == ["unlisted-police"]


# --- what is refused ---


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ({}, "query string, or properties"),
        ([], "JSON object"),
        ({"query": 7}, "query is a string"),
        ({"properties": []}, "query string, or properties"),
        ({"query": "x", "limit": 0}, "limit is a positive"),
        ({"query": "x", "limit": 1.5}, "limit is a positive"),
        ({"query": "x", "limit": True}, "limit is a positive"),
        ({"query": "x", "limit": float("nan")}, "limit is a positive"),
        ({"query": "x", "limit": float("inf")}, "limit is a positive"),
        ({"query": "x", "type": "robots"}, "there is no type 'robots'; the types are all, police"),
        ({"query": "x", "type": {"id": "police"}}, "type is the id"),
        ({"query": "x", "type_strict": "maybe"}, "type_strict is any"),
        ({"query": "x", "properties": {"state": "CA"}}, "properties is a list"),
        ({"query": "x", "properties": [{"pid": "state"}]}, "a pid and a v"),
        ({"query": "x", "properties": [{"pid": "state", "v": None}]}, "v is a text"),
        ({"query": "x", "properties": [{"pid": "state", "v": {"name": "CA"}}]}, "an entity has an id"),
    ],
)
def test_a_malformed_query_is_refused_with_the_reason(query: Any, says: str) -> None:
    reply = CLIENT.post("/reconcile", data={"queries": json.dumps({"q7": query})})
    assert (reply.status_code, reply.headers["content-type"]) == (400, "application/problem+json")
    assert reply.json()["detail"].startswith("q7: ")
    assert says in reply.json()["detail"]


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"queries": "{"}, "queries is not JSON"),
        ({"queries": "[" * 100_000}, "queries is not JSON"),
        ({"queries": "[]"}, "queries is a JSON object"),
        ({"query": '{"query":'}, "query is not JSON"),
        ({"extend": "{}"}, "a list of ids"),
        ({"extend": '{"ids": [1], "properties": []}'}, "each of the ids is a string"),
        ({"extend": '{"ids": [], "properties": ["kind"]}'}, "properties has an id"),
        ({"extend": '{"ids": [], "properties": [{"id": "phone"}]}'}, "no property 'phone'; the properties are kind"),
        ({"other": "x"}, "neither queries nor extend"),
    ],
)
def test_a_malformed_form_is_refused_with_the_reason(fields: dict[str, str], says: str) -> None:
    reply = CLIENT.post("/reconcile", data=fields)
    assert reply.status_code == 400
    assert says in reply.json()["detail"]


def test_too_much_at_once_is_refused() -> None:
    batch = {f"q{number}": {"query": "FOP"} for number in range(reconcile.BATCH_SIZE + 1)}
    assert CLIENT.post("/reconcile", data={"queries": json.dumps(batch)}).status_code == 413
    assert CLIENT.post("/reconcile", data={"queries": "x" * reconcile.LARGEST_BODY}).status_code == 413
    batch.popitem()
    assert CLIENT.post("/reconcile", data={"queries": json.dumps(batch)}).status_code == 200


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("application/json", b"{}", 415),
        ("multipart/form-data; boundary=x", b"--x--", 415),
        ("application/x-www-form-urlencoded", b"queries=%ff", 400),
        ("application/x-www-form-urlencoded", b"\xff", 400),
        ("application/x-www-form-urlencoded; charset=UTF-8", b"query=Smith", 200),
    ],
)
def test_a_body_is_a_form_in_utf_8(kind: str, body: bytes, status: int) -> None:
    assert CLIENT.post("/reconcile", content=body, headers={"content-type": kind}).status_code == status


def test_other_methods_are_refused() -> None:
    assert [CLIENT.request(method, "/reconcile").status_code for method in ("PUT", "DELETE")] == [405, 405]


# --- data extension ---


def test_what_the_list_has_about_an_organization_can_be_fetched() -> None:
    known = load_matcher().unions.unions
    ids = [next(u.union_id for u in known.values() if u.ein and u.fec_ids), "us-fraternal-order-of-police", "nobody"]
    reply = extend(ids, *(each.id for each in PROPERTIES))
    # Asked for often, it is answered once: the answer must not grow with both lists.
    assert extend(ids, *(each.id for each in PROPERTIES for _ in range(3))) == reply
    assert [each["id"] for each in reply["meta"]] == ["kind", "state", "place", "ein", "fec_id", "source"]
    assert [*reply["rows"]] == ids
    union, row = known[ids[0]], reply["rows"][ids[0]]
    assert row["kind"] == [{"str": union.kind}]
    assert row["state"] == [{"str": union.state}]
    assert row["ein"] == [{"str": ein} for ein in union.ein.split(";")]
    assert row["fec_id"] == [{"str": fec} for fec in union.fec_ids.split(";")]
    assert len(row["source"]) == 1
    assert reply["rows"]["us-fraternal-order-of-police"]["state"] == []
    assert {*map(str, reply["rows"]["nobody"].values())} == {"[]"}


def test_the_kind_of_a_union_that_is_not_on_the_list_can_be_fetched() -> None:
    assert extend(["unlisted-police"], "kind", "ein")["rows"] == {
        "unlisted-police": {"kind": [{"str": "police"}], "ein": []}
    }


def test_every_property_that_is_suggested_can_be_fetched() -> None:
    suggested = CLIENT.get("/reconcile/suggest/property", params={"prefix": ""}).json()["result"]
    assert [*extend([OAKLAND], *(each["id"] for each in suggested))["rows"][OAKLAND]] == [
        each["id"] for each in suggested
    ]


@pytest.mark.parametrize(("limit", "count"), [(None, 6), ("2", 2), ("100", 6)])
def test_properties_are_proposed_for_a_type(limit: str | None, count: int) -> None:
    params = {"type": "police"} | ({"limit": limit} if limit else {})
    reply = CLIENT.get("/reconcile/properties", params=params).json()
    check_document("data-extension-property-proposal", reply)
    assert reply["type"] == "police"
    assert len(reply["properties"]) == count


# --- suggest ---


@pytest.mark.parametrize(
    "prefix", [OAKLAND, "Oakland Police Officers' Association", "oakl", "OPOA", "officers oakland"]
)
def test_an_organization_is_suggested_by_its_id_its_names_and_their_words(prefix: str) -> None:
    reply = CLIENT.get("/reconcile/suggest/entity", params={"prefix": prefix}).json()
    check_document("suggest-entities-response", reply)
    assert OAKLAND in {each["id"] for each in reply["result"]}


def test_the_cursor_skips_suggestions() -> None:
    known = load_matcher().unions
    pages = [suggest_entities(known, "fraternal", cursor) for cursor in (0, 20, 40)]
    ids = [each["id"] for page in pages for each in page]
    assert len({*ids}) == 60
    assert suggest_entities(known, "fraternal", 10**6) == []
    assert suggest_entities(known, " ") == []
    assert CLIENT.get("/reconcile/suggest/entity?prefix=x&cursor=-1").status_code == 400


@pytest.mark.parametrize(
    ("what", "schema", "prefix", "first"),
    [
        ("type", "suggest-types-response", "police", "police"),
        ("type", "suggest-types-response", "correctional", "corrections"),
        ("type", "suggest-types-response", "sheriff-dep", "sheriff-deputies"),
        ("property", "suggest-properties-response", "sta", "state"),
        ("property", "suggest-properties-response", "fec_", "fec_id"),
        ("property", "suggest-properties-response", "FEC id", "fec_id"),
    ],
)
def test_types_and_properties_are_suggested(what: str, schema: str, prefix: str, first: str) -> None:
    reply = CLIENT.get(f"/reconcile/suggest/{what}", params={"prefix": prefix}).json()
    check_document(schema, reply)
    assert reply["result"][0]["id"] == first


# --- pages ---


class Page(HTMLParser):
    """The tags and the text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 - the signature of the parser
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_preview_is_a_page_about_the_organization() -> None:
    reply = CLIENT.get("/reconcile/preview", params={"id": "us-fraternal-order-of-police"})
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in reply.headers["content-security-policy"]
    assert {"html", "h1", "dl"} <= {*Page(reply.text).tags}
    assert "C00382556" in reply.text
    assert "and 6 more" in reply.text
    assert "and 6 more" not in CLIENT.get("/reconcile/view", params={"id": "us-fraternal-order-of-police"}).text
    assert unlisted_name("police") in CLIENT.get("/reconcile/preview?id=unlisted-police").text


HOSTILE = "<script>alert(1)</script>\"'\u202e\x1b[31m&{{id}}"


def test_a_hostile_list_and_a_hostile_id_are_text_on_a_page() -> None:
    union = Union("own-x", f"Springfield Police {HOSTILE}", "police", place=HOSTILE, source=HOSTILE, note=HOSTILE)
    alias = Alias("own-x", HOSTILE + " Police")
    known = UnionList({"own-x": union}, [alias], (), "0" * 64, "2026-01-01", {"own-x": (alias,)})
    client = service(lambda: Matcher(known))
    plain = {*Page(CLIENT.get("/reconcile/view", params={"id": OAKLAND}).text).tags}
    page = client.get("/reconcile/view", params={"id": "own-x"})
    assert {*Page(page.text).tags} == plain
    assert "alert(1)" in Page(page.text).text
    assert not {"\u202e", "\x1b"} & {*page.text}
    missing = client.get("/reconcile/preview", params={"id": HOSTILE})
    assert missing.status_code == 404
    assert "script" not in Page(missing.text).tags
    assert (
        client.get("/reconcile/suggest/entity", params={"prefix": "springfield"}).json()["result"][0]["id"] == "own-x"
    )


# --- who may read the answers ---


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        (OPENREFINE, True),
        ("http://localhost:3333", True),
        ("http://[::1]:3333", True),
        ("https://evil.example", False),
        ("http://127.0.0.1.evil.example", False),
        ("http://localhost.evil.example:3333", False),
        ("null", False),
    ],
)
@pytest.mark.parametrize("path", ["", "/properties", "/suggest/entity", "/suggest/type", "/preview?id=x", "/view?id=x"])
def test_only_pages_from_this_machine_may_read_an_answer(origin: str, allowed: bool, path: str) -> None:
    reply = CLIENT.get(f"/reconcile{path}", headers={"origin": origin})
    assert reply.headers.get("access-control-allow-origin") == (origin if allowed else None)
    assert "Origin" in reply.headers["vary"]
    asked = {"origin": origin, "access-control-request-method": "GET"}
    assert CLIENT.options(f"/reconcile{path}", headers=asked).status_code == (200 if allowed else 400)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"referer": OPENREFINE + "/project?project=1", "sec-fetch-site": "same-site"}, 200),
        ({"referer": "http://localhost:3333/", "sec-fetch-site": "cross-site"}, 200),
        ({"referer": "https://evil.example/"}, 403),
        ({"referer": "http://localhost.evil.example/"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"referer": OPENREFINE, "origin": "https://evil.example"}, 403),
    ],
)
@pytest.mark.parametrize("path", ["?x=1", "?query=FOP", "/properties?type=police", "/suggest/entity?prefix=oak"])
def test_jsonp_is_only_for_pages_from_this_machine(headers: dict[str, str], status: int, path: str) -> None:
    reply = CLIENT.get(f"/reconcile{path}&callback=jQuery3_17", headers=headers)
    assert reply.status_code == status
    assert reply.headers["x-content-type-options"] == "nosniff"
    if status == 200:
        assert reply.headers["content-type"].startswith("application/javascript")
        text = reply.text.removeprefix("/**/jQuery3_17(").removesuffix(");")
        assert json.loads(text) == CLIENT.get(f"/reconcile{path}").json()


@pytest.mark.parametrize("callback", ["", "a b", "alert(1)", "a;b", "a[0]", "é", "x" * 1000, "a.b\n"])
def test_a_callback_is_a_name(callback: str) -> None:
    assert CLIENT.get("/reconcile", params={"callback": callback}).status_code == 400


# --- in a browser, as OpenRefine's page does ---

READ = """
const [address, done] = arguments;
const answers = {};
const script = (resolve) => {
  window.answered = (value) => { answers.jsonp = value.name; };
  const tag = document.createElement("script");
  tag.onload = tag.onerror = resolve;
  tag.src = address + "?callback=answered";
  document.head.append(tag);
};
const frame = (resolve) => {
  const tag = document.createElement("iframe");
  tag.onload = resolve;
  tag.src = address + "/preview?id=us-fraternal-order-of-police";
  document.body.append(tag);
};
fetch(address).then((reply) => reply.json()).then((value) => { answers.fetch = value.name; }, () => null)
  .then(() => new Promise(script)).then(() => new Promise(frame)).then(() => done(answers));
"""


@pytest.fixture(scope="module")
def live() -> Iterator[int]:
    """The port of a server with the service."""
    uvicorn = pytest.importorskip("uvicorn", reason="the extra serve is not installed")
    app = Starlette(routes=routes(load_matcher))
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", lifespan="off", ws="none"))
    thread = Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join()


class Blank(BaseHTTPRequestHandler):
    """An empty page, as of OpenRefine or of a stranger."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!DOCTYPE html><title>x</title><body></body>")

    def log_message(self, *args: object) -> None:
        """Nothing: the server would write to standard error."""


@pytest.fixture(scope="module")
def blank() -> Iterator[int]:
    """The port of a server with an empty page."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Blank) as server:
        Thread(target=server.serve_forever).start()
        yield server.server_port
        server.shutdown()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed (extra `browser`)")
    paths = [shutil.which(name) for name in ("chromium", "chromedriver")]
    if None in paths:
        pytest.skip("Chromium and its driver are not installed")
    options = webdriver.ChromeOptions()
    options.binary_location = str(paths[0])
    for option in ("headless=new", "no-sandbox", "host-resolver-rules=MAP stranger.example 127.0.0.1"):
        options.add_argument(f"--{option}")
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(str(paths[1])))
    yield driver
    driver.quit()


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "stranger.example"])
def test_a_browser_lets_openrefine_read_the_service_and_no_stranger(
    browser: Any, live: int, blank: int, host: str
) -> None:
    browser.get(f"http://{host}:{blank}/")
    answers = browser.execute_async_script(READ, f"http://127.0.0.1:{live}/reconcile")
    name = "UnionScreen: police unions"
    assert answers == ({} if host == "stranger.example" else {"fetch": name, "jsonp": name})
    browser.switch_to.frame(0)
    assert ("C00382556" in browser.page_source) == (host != "stranger.example")


# --- any text ---

ANY_TEXT = st.text(st.characters(), max_size=60) | st.sampled_from(
    ["FOP Lodge 7", HOSTILE, "\ud800", "Police\u2028PBA"]
)


@given(st.dictionaries(st.text(max_size=5), ANY_TEXT, max_size=6), ANY_TEXT, ANY_TEXT)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_names_get_an_answer_each(names: dict[str, str], where: str, city: str) -> None:
    properties = [{"pid": "state", "v": where}, {"pid": "city", "v": city}]
    queries = {key: {"query": name, "properties": properties} for key, name in names.items()}
    reply = CLIENT.post("/reconcile", data={"queries": json.dumps(queries)})
    assert reply.status_code == 200
    check_document("reconciliation-result-batch", reply.json())
    assert {*reply.json()} == {*names}
    for result in reply.json().values():
        assert sum(each["match"] for each in result["result"]) <= 1
        assert not any(each["match"] for each in result["result"][1:])


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT, inner, max_size=3),
    max_leaves=8,
)
FIELDS = ("query", "type", "limit", "properties", "type_strict", "ids")


@given(st.sampled_from(["queries", "extend", "query"]), JSON | st.dictionaries(st.sampled_from(FIELDS), JSON))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_json_is_answered_or_refused(field: str, document: Any) -> None:
    for raw in (document, {"q0": document}):
        assert CLIENT.post("/reconcile", data={field: json.dumps(raw)}).status_code in (200, 400)


@given(ANY_TEXT)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_in_an_address_is_answered(text: str) -> None:
    text = text.encode("utf-8", "replace").decode()
    for path, name in (("/suggest/entity", "prefix"), ("/suggest/type", "prefix"), ("/preview", "id"), ("/view", "id")):
        reply = CLIENT.get(f"/reconcile{path}", params={name: text})
        assert reply.status_code in (200, 404)
        assert "script" not in Page(reply.text).tags


def test_the_schemas_refuse_what_the_specification_forbids() -> None:
    from jsonschema import ValidationError

    wrong = {
        "manifest": {"versions": ["0.1"], "name": "x", "identifierSpace": "x", "schemaSpace": "x"},
        "reconciliation-query-batch": {"q0": {"limit": 1}},
        "reconciliation-result-batch": {"q0": []},
        "suggest-entities-response": {"result": [{"name": "x"}]},
        "suggest-properties-response": {"result": [{"id": "x"}]},
        "suggest-types-response": {},
        "data-extension-property-proposal": {"type": "x"},
        "data-extension-query": {"ids": ["x"]},
        "data-extension-response": {"meta": [], "rows": {"x": {"y": ["z"]}}},
    }
    assert {*wrong} == {*SCHEMAS}
    for name, document in wrong.items():
        with pytest.raises(ValidationError):
            check_document(name, document)
