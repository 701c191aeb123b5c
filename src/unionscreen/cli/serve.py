"""``unionscreen serve``: a page and a JSON API on the user's own machine."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from unionscreen.cli.intake import IntakeOptions, ProfileOption
from unionscreen.cli.options import UnionsOption
from unionscreen.cli.streams import say
from unionscreen.errors import UsageError

if TYPE_CHECKING:
    from unionscreen.intake import Profile

EPILOG: Final = """\b
Examples:
  unionscreen serve
  unionscreen serve --root filings/ --decisions decisions.csv
  unionscreen serve --profile intake.toml
  unionscreen serve --host 0.0.0.0 --token "$(openssl rand -hex 16)"

Ctrl-C ends it, and deletes what was uploaded. docs/serve.md describes the page, docs/api.md the JSON API."""

# The defaults of serve/settings.py, which needs no extra but would load slowly.
_HOST: Final = "127.0.0.1"
_PORT: Final = 8765
_UNITS: Final = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30}

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(epilog=EPILOG)
def serve(
    host: Annotated[
        str,
        typer.Option("--host", metavar="HOST", help="Where to serve; other than this machine alone only with --token."),
    ] = _HOST,
    port: Annotated[int, typer.Option(metavar="N", min=0, max=65535, help="0 takes any free port.")] = _PORT,
    token: Annotated[
        str | None,
        typer.Option(metavar="TEXT", envvar="UNIONSCREEN_TOKEN", help="What every request must show."),
    ] = None,
    root: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Files in this folder may be screened by their paths.")
    ] = None,
    max_upload: Annotated[
        str, typer.Option(metavar="SIZE", help="The largest upload: bytes, or with K, M or G.")
    ] = "2G",
    decisions: Annotated[
        Path | None, typer.Option(metavar="PATH", help="Apply the decisions in this file, and keep new ones in it.")
    ] = None,
    unions: UnionsOption = None,
    profile: ProfileOption = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Do not open the page in a browser.")] = False,
) -> None:
    """Open a page that screens filings and checks names.

    It runs on this machine, and works without a network.
    """
    try:
        import starlette  # noqa: F401 - whether it is installed
        import uvicorn  # noqa: F401
    except ImportError as error:
        raise UsageError("`serve` needs more packages", hint="pip install 'unionscreen[serve]'") from error
    from unionscreen.review.store import load_decisions
    from unionscreen.serve.app import create_app
    from unionscreen.serve.running import serve as run
    from unionscreen.serve.settings import ServeSettings, is_loopback, listen, run_folder

    if token is not None and not re.fullmatch(r"[\x21-\x7e]+", token):
        raise UsageError("--token: a token is letters, digits and signs without blanks")
    if not is_loopback(host) and token is None:
        raise UsageError(
            f"--host {host}: others could reach this server, and it would ask for nothing",
            hint="add --token, which every request must show",
        )
    if root is not None and not root.is_dir():
        raise UsageError("--root: not a folder", source=str(root))
    chosen = read_profile(profile, decisions)
    decisions, unions = decisions or chosen.decisions, unions or chosen.unions
    if decisions is not None:
        load_decisions(decisions, missing_ok=True)
    size = read_size(max_upload)
    with listen(host, port) as sock, run_folder() as folder:
        settings = ServeSettings(
            folder,
            host=host,
            port=sock.getsockname()[1],
            token=token,
            root=None if root is None else root.resolve(),
            max_upload=size,
            decisions=None if decisions is None else decisions.absolute(),
            overlay=None if unions is None else unions.absolute(),
            profile=chosen,
            profile_name=None if profile is None else profile.name,
        )
        address = settings.url + (f"?token={token}" if token else "")

        def ready() -> None:
            say(f"Serving at {address}\nPress Ctrl-C to end; what was uploaded is deleted then.")
            if not is_loopback(host):
                say("Others can reach this server. What it sends is not encrypted.")
            if not no_browser:
                import webbrowser

                webbrowser.open(address)

        run(create_app(settings), sock, ready)
    say("Ended; what was uploaded is deleted.")


def read_profile(path: Path | None, decisions: Path | None) -> Profile:
    """The profile of the intake view, with absolute paths; an empty one without a file.

    Args:
        path: the file.
        decisions: the file of ``--decisions``, which wins over the profile's.

    Raises:
        UsageError: it is wrong, with the message of ``unionscreen intake --profile``.
    """
    from unionscreen.files import read_text
    from unionscreen.intake.profile import DEFAULT_POLICY, Profile, complete, load_profile
    from unionscreen.intake.templates import Template

    if path is None:
        return Profile()
    found = load_profile(path)
    complete(found, {"decisions": decisions})
    IntakeOptions(DEFAULT_POLICY, decision_log=found.decision_log, letters=found.letters).check()
    if found.template is not None:
        Template(read_text(found.template), str(found.template))
    paths: dict[str, Any] = {name: value.absolute() for name, value in vars(found).items() if isinstance(value, Path)}
    return replace(found, **paths)


def read_size(text: str) -> int:
    """A number of bytes, also with K, M or G.

    >>> read_size("2G"), read_size("500 mb"), read_size("10")
    (2147483648, 524288000, 10)

    Raises:
        UsageError: it is not one.
    """
    found = re.fullmatch(r"([0-9]{1,15})\s*([kmg]?)b?", text.strip().lower())
    if found is None or not int(found[1]):
        raise UsageError(f"--max-upload {text}: not a size", hint="for example 500M or 2G")
    return int(found[1]) * _UNITS[found[2]]
