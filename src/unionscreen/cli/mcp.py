"""``unionscreen mcp``: a server for assistants, on standard input and output."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from unionscreen.cli.options import DecisionsOption, UnionsOption
from unionscreen.errors import UsageError

EPILOG: Final = """\b
Example:
  unionscreen mcp --root filings/

An assistant starts this command itself; docs/mcp.md has the configuration of common clients. Without --root it answers
about names, and reads no files."""

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command("mcp", epilog=EPILOG)
def mcp(
    root: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="The only folder whose filings the assistant may read; links are refused."),
    ] = None,
    unions: UnionsOption = None,
    decisions: DecisionsOption = None,
) -> None:
    """Answer an assistant that speaks the Model Context Protocol.

    All tools only read. Standard input and output belong to the protocol.
    """
    try:
        from unionscreen.mcp_server import McpSettings, serve_assistant
    except ImportError as error:
        if (error.name or "").startswith("unionscreen"):
            raise
        raise UsageError(
            "`unionscreen mcp` needs the Python SDK of the Model Context Protocol, version 2.0 or newer",
            hint="pip install 'unionscreen[mcp]'",
        ) from error
    from unionscreen.matching import load_matcher
    from unionscreen.review.store import load_decisions

    if root is not None and not root.is_dir():
        raise UsageError("there is no such folder", source=str(root), hint="--root is a folder of filings")
    settings = McpSettings(
        root and root.absolute(), unions and unions.absolute(), decisions and decisions.absolute()
    )  # the commands run in the folder of --root
    # A mistake in these is shown at the start, and not by the first call.
    load_matcher(settings.unions)
    if settings.decisions is not None:
        load_decisions(settings.decisions)
    serve_assistant(settings)
