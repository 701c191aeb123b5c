"""For cog: the tools of ``unionscreen mcp``, from the server itself, and answers of the real command."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import anyio
import cog
from mcp import Client, StdioServerParameters, stdio_client

ROOT = Path(__file__).resolve().parents[1]
SERVER = StdioServerParameters(
    command=str(Path(sys.executable).parent / "unionscreen"), args=["mcp", "--root", str(ROOT / "examples")]
)


def tools() -> None:
    """Write a section for each tool: what it does, and its arguments."""

    async def listed() -> list[Any]:
        async with Client(stdio_client(SERVER)) as client:
            return list((await client.list_tools()).tools)

    for tool in anyio.run(listed):
        cog.outl(f"### {tool.name}\n\n{tool.description}\n\n| argument | what it is |\n|---|---|")
        required = tool.input_schema.get("required", ())
        for name, schema in tool.input_schema["properties"].items():
            about = schema["description"] + (" Required." if name in required else "")
            cog.outl(f"| `{name}` | {about} |")
        cog.outl("")


def call(name: str, arguments: dict[str, Any], *keys: str) -> None:
    """Write a call and these keys of its answer.

    Args:
        name: of the tool.
        arguments: of the call.
        keys: what to show; none is all but the version of the list, which changes with every correction.
    """

    async def answered() -> Any:
        async with Client(stdio_client(SERVER)) as client:
            return await client.call_tool(name, arguments)

    result = anyio.run(answered)
    found = result.structured_content
    if found is None:
        raise SystemExit(f"{name}: {result.content[0].text}")
    shown = {key: found[key] for key in keys or [key for key in found if key != "list_version"]}
    cog.outl(f"```text\n{name} {json.dumps(arguments)}\n```\n")
    cog.outl(f"```json\n{json.dumps(shown, indent=2, ensure_ascii=False)}\n```")
