#!/usr/bin/env bash
# A good guess: search_contributions of netfile-mcp takes a text ("searches contributor names, employers, etc."). Its
#   summary with total_amount is about the gifts that contain the text, as its own client can ask for them.
# What really happens: the tool takes the text and does not use it. It is never sent, and nothing is filtered here
#   either. The answer is the total of every gift in the city.
# Versions: netfile-mcp 0.1.0, mcp 1.30.0 (with mcp 2, which pip chooses for it, the server cannot start), CPython
#   3.11.
# Seen: while looking at what an assistant gets from other servers of campaign finance. Here the answers of NetFile's
#   service are made up and given by a stand-in for requests.post that filters by QueryString, the name that the
#   package's own client has for such a text.
# Why it matters here: asked for "police", an assistant reports the donations of a whole city as those of the police.
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

GIFTS = [
    {"name": "Springfield Police Union", "amount": 500.0, "date": "2024-01-02", "filerName": "Doe for DA", "id": "1"},
    {"name": "Ann Roe", "amount": 40_000.0, "date": "2024-01-03", "filerName": "Doe for DA", "id": "2"},
]
asked: list[dict[str, Any]] = []


def post(url: str, json: dict[str, Any], **_: object) -> SimpleNamespace:
    asked.append(json)
    text = json.get("QueryString", "").lower()
    found = [gift for gift in GIFTS if text in gift["name"].lower() and json["TransactionType"] == 0]
    answer = {"totalMatchingCount": len(found), "totalMatchingPages": 1, "results": found}
    return SimpleNamespace(status_code=200, json=lambda: answer)


client.requests.post = post
arguments = {"city": "Richmond", "query": "police"}
content, *_ = asyncio.run(server.mcp.call_tool("search_contributions", arguments))
text = content[0].text if isinstance(content, list) else content.text
total = json.loads(text)["summary"]["total_amount"]
sent = [payload.get("QueryString") for payload in asked]
print("netfile-mcp", version("netfile-mcp"), "mcp", version("mcp"))
print("gifts of police unions: 500.0 - query: police - sent as QueryString:", sent, "- total_amount:", total)
sys.exit(0 if (total, set(sent)) == (40_500.0, {None}) else "the behavior has changed")
PYTHON
echo "seen: asked for \"police\", the tool answers 40,500.0, the total of all gifts, instead of 500.0"
