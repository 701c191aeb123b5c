"""`unionscreen serve` as a process of its own, asked over the network by real clients."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).resolve().parents[1]
EXPORT = ROOT / "examples" / "netfile-avery.csv"
PATIENCE = 60  # seconds, on a busy machine

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and sessions are those of POSIX")


class Server:
    """A running server."""

    def __init__(self, temporary: Path, *arguments: str) -> None:
        self.temporary = temporary
        temporary.mkdir(exist_ok=True)
        environment = os.environ | {"TMPDIR": str(temporary)}
        environment.pop("UNIONSCREEN_TOKEN", None)
        command = [sys.executable, "-m", "unionscreen", "serve", "--port", "0", "--no-browser", *arguments]
        self.process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
        assert self.process.stderr is not None
        line = self.process.stderr.readline()
        found = re.search(r"http://\S+", line)
        assert found, line + self.process.stderr.read()
        self.url = found[0].partition("?")[0]
        self.client = httpx.Client(base_url=self.url + "api/v1/", timeout=PATIENCE)

    @property
    def port(self) -> int:
        return int(self.url.rstrip("/").rpartition(":")[2])

    @property
    def folder(self) -> Path:
        (folder,) = self.temporary.glob("unionscreen-serve-*")
        return folder

    def end(self, number: int = signal.SIGINT) -> tuple[int, str]:
        """End it; its exit code, and what it said."""
        self.process.send_signal(number)
        _, said = self.process.communicate(timeout=PATIENCE)
        self.client.close()
        return self.process.returncode, said

    def upload(self, data: bytes, name: str = "export.csv") -> str:
        return str(self.client.post("uploads", params={"name": name}, content=data).json()["id"])

    def screen(self, ident: str) -> str:
        return str(self.client.post("screenings", json={"uploads": [ident]}).json()["id"])

    def state(self, ident: str) -> dict[str, object]:
        return dict(self.client.get(f"screenings/{ident}").json())


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    servers: list[Server] = []

    def start(*arguments: str) -> Server:
        servers.append(Server(tmp_path / "temporary", *arguments))
        return servers[-1]

    yield start
    for each in servers:
        each.client.close()
        if each.process.poll() is None:
            each.process.kill()
        if each.process.stderr is not None and not each.process.stderr.closed:
            each.process.communicate()


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def filing_of(donors: int) -> bytes:
    """A filing of donors who read like unions, each of which takes some milliseconds."""
    who = "Jane Roe for District Attorney,Police Officers Asn of Town"
    rows = (f"{who}{i} Nr {i},{i},01/02/2022" for i in range(donors))
    return "\n".join(["Recipient,Contributor,Amount,Date", *rows]).encode()


@pytest.fixture(scope="module")
def slow() -> bytes:
    """A filing that is still being screened when a test ends."""
    return filing_of(60_000)


def test_an_upload_is_screened_with_progress_and_everything_is_deleted_at_the_end(
    serve: Callable[..., Server], tmp_path: Path
) -> None:
    server = serve()
    ident = server.screen(server.upload(EXPORT.read_bytes()))
    with server.client.stream("GET", f"screenings/{ident}/events") as events:
        states = [json.loads(line.removeprefix("data: ")) for line in events.iter_lines() if line.startswith("data: ")]
    assert [each["status"] for each in states][-1] == "done"
    assert states[-1]["bytes_done"] == states[-1]["bytes_total"] == EXPORT.stat().st_size
    (tmp_path / "export.csv").write_bytes(EXPORT.read_bytes())
    command = [sys.executable, "-m", "unionscreen", "screen", "export.csv", "--format", "json", "--quiet"]
    ours = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True).stdout
    assert server.client.get(f"screenings/{ident}/report.json").content == ours
    assert server.folder.is_dir()
    code, said = server.end()
    assert (code, said.splitlines()[-1]) == (0, "Ended; what was uploaded is deleted.")
    assert "Traceback" not in said
    assert [*server.temporary.iterdir()] == []


def test_one_screening_runs_and_the_next_one_says_its_place(serve: Callable[..., Server], slow: bytes) -> None:
    server = serve()
    upload = server.upload(slow, "slow.csv")
    first, second, third = (server.screen(upload) for _ in range(3))
    assert [server.state(each)["status"] for each in (first, second, third)] == ["running", "waiting", "waiting"]
    assert [server.state(each)["position"] for each in (first, second, third)] == [0, 1, 2]
    assert server.client.delete(f"screenings/{second}").status_code == 204
    assert server.state(third)["position"] == 1
    assert server.client.delete(f"screenings/{first}").status_code == 204
    until(lambda: server.state(third)["status"] == "running")
    code, said = server.end(signal.SIGTERM)
    assert code == 0, said
    assert [*server.temporary.iterdir()] == []


@pytest.mark.parametrize("keep", ["0", "1"])
def test_a_client_that_goes_away_cancels_unless_it_keeps(serve: Callable[..., Server], slow: bytes, keep: str) -> None:
    server = serve()
    ident = server.screen(server.upload(slow if keep == "0" else filing_of(300), "slow.csv"))
    waiting = server.screen(server.upload(EXPORT.read_bytes()))
    for each in (ident, waiting):
        with server.client.stream("GET", f"screenings/{each}/events?keep={keep}") as events:
            next(events.iter_lines())
    if keep == "0":
        until(lambda: {server.state(each)["status"] for each in (ident, waiting)} == {"canceled"})
        assert [*(server.folder / "screenings").iterdir()] == []
    else:
        until(lambda: server.state(waiting)["status"] == "done")
        assert server.state(ident)["status"] == "done"


def test_a_file_that_is_too_large_is_refused_before_and_while_it_arrives(serve: Callable[..., Server]) -> None:
    server = serve("--max-upload", "1M")
    for body in (b"x" * (3 << 20), iter([b"x" * (1 << 20)] * 3)):
        answer = server.client.post("uploads?name=a.csv", content=body)
        assert (answer.status_code, answer.json()["max_upload"]) == (413, 1 << 20)
    assert [*server.folder.rglob("*.*")] == []
    assert server.client.post("uploads?name=a.csv", content=b"x" * (1 << 20)).status_code == 201


def begun(server: Server) -> socket.socket:
    """A connection on which a part of an upload has been sent."""
    sock = socket.create_connection(("127.0.0.1", server.port))
    head = (
        f"POST /api/v1/uploads?name=a.csv HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nContent-Length: 9000000\r\n\r\n"
    )
    sock.sendall(head.encode() + b"\r\n\r\n" + b"x" * 3_000_000)
    until(lambda: any(part.stat().st_size for part in server.folder.rglob("*.part")))
    return sock


def test_an_upload_that_ends_early_leaves_nothing(serve: Callable[..., Server]) -> None:
    server = serve()
    begun(server).close()
    until(lambda: not [*server.folder.rglob("*.part")])
    assert [*server.folder.rglob("*.csv")] == []


def children_of(pid: int) -> list[int]:
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True)
    return [int(child) for child in found.stdout.split()]


def test_the_death_of_the_reader_is_a_problem_and_the_server_goes_on(serve: Callable[..., Server], slow: bytes) -> None:
    server = serve()
    ident = server.screen(server.upload(slow, "slow.csv"))
    after = server.screen(server.upload(EXPORT.read_bytes()))
    until(lambda: bool(children_of(server.process.pid)))
    for child in children_of(server.process.pid):
        os.kill(child, signal.SIGKILL)
    until(lambda: server.state(ident)["status"] == "failed")
    error = server.state(ident)["error"]
    assert isinstance(error, dict)
    assert "memory ran out" in error["detail"]
    until(lambda: server.state(after)["status"] == "done")


def test_a_server_that_is_killed_in_an_upload_leaves_nothing_to_the_next(
    serve: Callable[..., Server], slow: bytes
) -> None:
    server = serve()
    screening = server.screen(server.upload(slow, "slow.csv"))
    with begun(server):
        left = server.folder
        children = children_of(server.process.pid)
        server.end(signal.SIGKILL)
    assert [*left.rglob("*.part")]
    for child in children:
        until(lambda child=child: not _lives(child))  # type: ignore[misc]
    after = serve()
    assert not left.exists()
    assert after.client.get(f"screenings/{screening}").status_code == 404
    assert [*after.folder.rglob("*.*")] == []


def _lives(pid: int) -> bool:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, 0)
        return "Z" not in subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True).stdout
    return False


def test_twenty_clients_lose_nothing(serve: Callable[..., Server]) -> None:
    server = serve()
    names = ["Chicago FOP", "Smith, Jane", "San Deigo Police Offcers Assn PAC", "Acme Corp", "PBA Local 40"]
    right = server.client.post("check", json={"names": names}).json()["results"]

    def ask(number: int) -> list[bool]:
        with httpx.Client(base_url=server.url, timeout=PATIENCE) as client:
            found = []
            for i in range(50):
                at = (number + i) % len(names)
                answer = client.get("api/v1/check", params={"name": names[at]})
                found.append(answer.json()["results"] == [right[at]])
            return found

    with ThreadPoolExecutor(20) as pool:
        assert [each for one in pool.map(ask, range(20)) for each in one] == [True] * 1000


def test_a_check_is_answered_while_a_file_is_screened_and_another_arrives(
    serve: Callable[..., Server], slow: bytes
) -> None:
    server = serve()
    ident = server.screen(server.upload(slow, "slow.csv"))
    with begun(server):
        assert server.client.get("check", params={"name": "Chicago FOP"}).json()["results"][0]["verdict"] == "union"
        assert server.state(ident)["status"] == "running"


def test_an_own_list_is_used_in_every_part(serve: Callable[..., Server], tmp_path: Path) -> None:
    donor, known = "Elmhaven Jailers United", "own-elmhaven-jailers-united"
    off = "Oakland Police Officers' Association"
    own = tmp_path / "own.csv"
    own.write_text(f"union,alias,kind,state,action\n{donor},,corrections,ca,\n{off},,,,off\n")
    server = serve("--unions", str(own), "--decisions", str(tmp_path / "decisions.csv"))
    plain = serve("--decisions", str(tmp_path / "decisions.csv"))

    def ids(each: Server) -> list[object]:
        asked = {"names": [donor, off], "state": "CA"}
        return [found["union_id"] for found in each.client.post("check", json=asked).json()["results"]]

    assert ids(server) == [known, None]
    assert ids(plain) == [None, "us-ca-oakland-police-officers-association"]

    def reconciled(each: Server, name: str) -> list[str]:
        data = {"queries": json.dumps({"q0": {"query": name}})}
        result = each.client.post(each.url + "reconcile", data=data).json()["q0"]["result"]
        return [candidate["id"] for candidate in result if candidate["match"]]

    assert (reconciled(server, donor), reconciled(server, off)) == ([known], [])
    assert (reconciled(plain, donor), len(reconciled(plain, off))) == ([], 1)

    rows = [f"Roe for District Attorney,{name},100,01/02/2022,CA" for name in (donor, off)]
    filing = "\n".join(["Recipient,Contributor,Amount,Date,State", *rows]).encode()
    assert [reviewed(each, filing) for each in (server, plain)] == [
        {donor: known, off: ""}, {off: "us-ca-oakland-police-officers-association"},
    ]  # fmt: skip
    for each, expected in ((server, {donor: "refuse", off: "review"}), (plain, {donor: "accept", off: "refuse"})):
        asked = {"upload": each.upload(filing), "options": {"policy": "refuse"}}
        found = each.client.post("intake", json=asked).json()
        lists = {one["donor"]: action for action in ("accept", "review", "refuse") for one in found[action]}
        assert lists == expected


def reviewed(server: Server, filing: bytes) -> dict[str, str]:
    """The donors in the queue of a screening, and the unions that they match; every answer is taken back."""
    ident = server.screen(server.upload(filing))
    until(lambda: server.state(ident)["status"] == "done")
    found = {}
    state = server.client.get("review", params={"screening": ident}).json()
    while state["next"]:
        found[state["next"]["donor"]] = state["next"]["union_id"]
        asked = {"screening": ident, "key": state["next"]["key"], "answer": "unsure", "by": "A.B."}
        state = server.client.post("review", json=asked).json()
    while state["last"]:
        state = server.client.post("review/undo", json={"screening": ident, "by": "A.B."}).json()
    return found


def test_a_token_is_printed_with_the_address_and_asked_for(serve: Callable[..., Server]) -> None:
    server = serve("--token", "letmein")
    assert server.client.get("check?name=FOP").status_code == 401
    with httpx.Client(base_url=server.url) as client:
        assert client.get("/?token=letmein").status_code == 303
        assert client.get("/api/v1/check?name=FOP").status_code == 200


def test_ctrl_c_ends_a_running_screening_and_those_who_listen_hear_it(
    serve: Callable[..., Server], slow: bytes
) -> None:
    server = serve()
    ident = server.screen(server.upload(slow, "slow.csv"))
    heard: list[str] = []

    def listen() -> None:
        with server.client.stream("GET", f"screenings/{ident}/events") as events:
            heard.extend(events.iter_lines())

    thread = threading.Thread(target=listen)
    thread.start()
    until(lambda: bool(heard) or server.state(ident)["status"] == "running")
    time.sleep(0.2)
    server.process.send_signal(signal.SIGINT)
    thread.join(PATIENCE)
    _, said = server.process.communicate(timeout=PATIENCE)
    assert server.process.returncode == 0, said
    assert '"status": "canceled"' in "".join(heard)
    assert [*server.temporary.iterdir()] == []
