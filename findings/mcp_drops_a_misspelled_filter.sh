#!/usr/bin/env bash
# A good guess: an MCP server made with the official SDK checks the arguments of a call against the tool's input
#   schema. An argument that the tool does not have is an error, as a missing one or one of a wrong type is.
# What really happens: an unknown argument is dropped. If an assistant writes date_from where the tool has from_date,
#   the tool runs with the default, and the answer is a normal result. The published schema does not forbid other
#   names.
# Versions: mcp 2.3.0, CPython 3.11.
# Seen: with a made-up tool that adds up gifts, called by the client of the same SDK.
# Why it matters here: assistants guess names of arguments. "Gifts since 2024" is answered with the total of all
#   years.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'mcp==2.3.0' 2>/dev/null

"$work/venv/bin/python" - 2>"$work/stderr" <<'PYTHON' || { cat "$work/stderr" >&2; exit 1; }
import asyncio
import sys
from importlib.metadata import version
from typing import Any

from mcp import Client
from mcp.server.mcpserver import MCPServer

GIFTS = {"2020-05-01": 10_000, "2024-05-01": 250}
server = MCPServer("gifts")


@server.tool()
def total(donor: str, from_date: str = "") -> dict[str, int]:
    """The gifts of a donor since a date."""
    return {"total": sum(amount for date, amount in GIFTS.items() if date >= from_date)}


async def ask(arguments: dict[str, Any]) -> tuple[bool, Any]:
    async with Client(server) as client:
        answer = await client.call_tool("total", arguments)
        return answer.is_error, (answer.structured_content or {}).get("total")


async def ask_all() -> list[tuple[bool, Any]]:
    calls = ({"from_date": "2024-01-01"}, {"date_from": "2024-01-01"}, {"from_date": 2024})
    return [await ask({"donor": "Police Union", **call}) for call in calls]


right, misspelled, wrong_type = asyncio.run(ask_all())
print("mcp", version("mcp"))
print("an error, and the total, with from_date:", right)
print("with date_from:", misspelled, "- with a number:", wrong_type)
seen = right, misspelled, wrong_type
sys.exit(0 if seen == ((False, 250), (False, 10_250), (True, None)) else "the behavior has changed")
PYTHON
echo "seen: a filter with a misspelled name is dropped, and the total is that of all years"
