#!/usr/bin/env bash
# A good guess: netfile-mcp asks NetFile's service for page after page. Where a page cannot be had, even after its
#   retries, the tool says so, or its total_available differs from what it returned.
# What really happens: a page that fails three times with status 500 counts as an empty page. The total is that of the
#   other pages, and total_available is the count of what arrived, not the count that the service reported.
# Versions: netfile-mcp 0.1.0, mcp 1.30.0, CPython 3.11.
# Seen: while reading how other clients of agencies' services deal with a failed page. Here the answers of NetFile's
#   service are made up and given by a stand-in for requests.post; the waiting times between retries are cut to
#   nothing.
# Why it matters here: a bad hour of the agency's server is reported as a smaller sum, and the log on the server's
#   side is the only place that says so.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'netfile-mcp==0.1.0' 'mcp==1.30.0' \
    'requests==2.34.2' 2>/dev/null

"$work/venv/bin/python" - <<'PYTHON'
import asyncio
import json
import sys
from importlib.metadata import version
from types import SimpleNamespace
from typing import Any

from netfile_mcp import client, server


def gift(number: int) -> dict[str, Any]:
    paid = {"amount": 100.0, "date": "2024-01-02", "filerName": "Doe for DA"}
    return {"name": f"Donor {number}", "id": str(number), **paid}


def post(url: str, json: dict[str, Any], **_: object) -> SimpleNamespace:
    if json["CurrentPageIndex"] == 1:
        return SimpleNamespace(status_code=500)
    page = [gift(number) for number in range(10)]
    answer = {"totalMatchingCount": 20, "totalMatchingPages": 2, "results": page}
    return SimpleNamespace(status_code=200, json=lambda: answer)


client.requests.post = post
client.time.sleep = lambda seconds: None
arguments = {"city": "Richmond", "transaction_type": 0}
content, *_ = asyncio.run(server.mcp.call_tool("search_contributions", arguments))
answer = json.loads(content[0].text if isinstance(content, list) else content.text)
seen = answer["summary"]["total_amount"], answer["total_available"], "error" in answer
print("netfile-mcp", version("netfile-mcp"), "mcp", version("mcp"))
print("gifts that the service reports: 20 of 100.0 - total_amount, total_available, an error:", seen)
sys.exit(0 if seen == (1000.0, 10, False) else "the behavior has changed")
PYTHON
echo "seen: of 20 gifts of \$100, the answer has a total of 1,000.0 and total_available 10, and no error"
