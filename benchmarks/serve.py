"""What `unionscreen serve` costs: answers under load, and the memory of a large upload.

    .venv/bin/python benchmarks/serve.py [--clients 20] [--checks 50] [--megabytes 1024]

Starts a server, and asks it as a browser would: *checks* are many clients at once, each with its own connection, names
that are listed, misspelled and clear in turn; the time of each answer is measured by its client, which runs on the same
processors. *upload* is one body that is sent in pieces; its figure is the largest memory of the server's process.
Writes benchmarks/results/serve.json.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote

RESULT = Path(__file__).resolve().parent / "results" / "serve.json"
NAMES = (
    "Chicago FOP",
    "Smith, Jane",
    "San Deigo Police Offcers Assn PAC",
    "Acme Paving LLC",
    "PBA Local 40",
    "Doe, Jo",
)
PIECE = 1 << 20


def ask(port: int, begin: float, checks: int, number: int) -> list[tuple[float, bool]]:
    """One client: seconds of each answer, and whether it is about the name that was asked."""
    connection = HTTPConnection("127.0.0.1", port, timeout=120)
    connection.connect()
    time.sleep(max(0.0, begin - time.time()))
    found = []
    for i in range(checks):
        name = NAMES[(number + i) % len(NAMES)]
        start = time.perf_counter()
        connection.request("GET", f"/api/v1/check?name={quote(name)}")
        body = json.loads(connection.getresponse().read())
        found.append((time.perf_counter() - start, body["results"][0]["name"] == name))
    return found


def checks(port: int, clients: int, each: int) -> dict[str, float]:
    """Answers of many clients at once."""
    from concurrent.futures import wait

    with ProcessPoolExecutor(clients) as pool:
        begin = time.time() + 3
        jobs = [pool.submit(ask, port, begin, each, number) for number in range(clients)]
        wait(jobs)
        answers = [answer for job in jobs for answer in job.result()]
    seconds = sorted(taken for taken, _ in answers)
    return {
        "asked": clients * each,
        "right": sum(right for _, right in answers),
        "median_ms": round(1000 * statistics.median(seconds), 1),
        "p95_ms": round(1000 * seconds[int(len(seconds) * 0.95)], 1),
        "slowest_ms": round(1000 * seconds[-1], 1),
    }


def upload(port: int, pid: int, megabytes: int) -> dict[str, float]:
    """One large upload, and the most memory that the server had."""

    def body() -> Iterator[bytes]:
        for _ in range(megabytes):
            yield b"x" * PIECE

    start = time.perf_counter()
    connection = HTTPConnection("127.0.0.1", port, timeout=600)
    headers = {"Content-Length": str(megabytes * PIECE)}
    connection.request("POST", "/api/v1/uploads?name=large.csv", body(), headers)
    answer = connection.getresponse()
    received = json.loads(answer.read())["bytes"]
    status = Path(f"/proc/{pid}/status").read_text()
    peak = int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0])
    return {
        "bytes": received,
        "seconds": round(time.perf_counter() - start, 1),
        "peak_mb": round(peak / 1024),
    }


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clients", type=int, default=20)
    parser.add_argument("--checks", type=int, default=50)
    parser.add_argument("--megabytes", type=int, default=1024)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        command = [sys.executable, "-m", "unionscreen", "serve", "--port", "0", "--no-browser"]
        server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=os.environ | {"TMPDIR": temporary})
        assert server.stderr is not None
        port = int(re.findall(r"http://127.0.0.1:(\d+)/", server.stderr.readline())[0])
        try:
            found = {
                "processors": os.cpu_count(),
                "checks": checks(port, asked.clients, asked.checks),
                "upload": upload(port, server.pid, asked.megabytes),
            }
        finally:
            server.terminate()
            server.communicate()
    print(json.dumps(found, indent=2))
    RESULT.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
