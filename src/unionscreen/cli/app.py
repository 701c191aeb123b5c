"""The commands put together, and what happens when one fails."""

from __future__ import annotations

from importlib import import_module
from typing import Annotated, Any, Final

import typer
from typer.core import TyperGroup

from unionscreen.cli.streams import abandon_stdout, say
from unionscreen.errors import UnionScreenError

# What a shell reports for a program ended by SIGPIPE (13) or SIGINT (2).
EXIT_BROKEN_PIPE: Final = 141
EXIT_INTERRUPTED: Final = 130


# In the order of --help. Each is a module of this package, imported when it is asked for, with an ``app``.
COMMANDS: Final = ("screen", "batch", "report", "check", "review", "pledges", "watch", "unions", "formats", "evaluate")


class Commands(TyperGroup):
    """All commands; an error of the user's becomes one message and an exit code, any other keeps its traceback."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - the signature is typer's
        """Name every command, without importing any."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002 - the signature is typer's
        """Import and build the command; for an unknown name all of them, from which typer suggests the nearest."""
        for name in (cmd_name,) if cmd_name in COMMANDS else COMMANDS:
            if name not in self.commands:
                self.commands[name] = typer.main.get_command(import_module(f"unionscreen.cli.{name}").app)
        return self.commands.get(cmd_name)

    def invoke(self, ctx: Any) -> Any:
        """Run the command named on the command line."""
        try:
            return super().invoke(ctx)
        except UnionScreenError as error:
            say(f"Error: {error}")
            raise typer.Exit(error.exit_code) from None
        except BrokenPipeError:
            abandon_stdout()  # `| head` has read enough
            raise typer.Exit(EXIT_BROKEN_PIPE) from None
        except OSError as error:  # a folder that may not be entered, a full disk: no mistake of ours either
            where = f"{error.filename}: " if error.filename else ""
            say(f"Error: {where}{error.strerror or error}")
            raise typer.Exit(UnionScreenError.exit_code) from None
        except KeyboardInterrupt:
            say("Interrupted: nothing more was screened.")
            raise typer.Exit(EXIT_INTERRUPTED) from None


def _version(asked: bool) -> None:
    if not asked:
        return
    from unionscreen import __version__, load_unions

    found = load_unions()
    typer.echo(f"unionscreen {__version__}\nlist {found.version}, {len(found.unions):,} organisations")
    raise typer.Exit


app = typer.Typer(
    cls=Commands,
    rich_markup_mode=None,  # plain text: --help reads the same in a pipe, a log and a diff
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def unionscreen(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Print the tool's and the list's version."),
    ] = False,
) -> None:
    """Screen campaign contributions to prosecutors for police-union money.

    \b
    unionscreen screen FILING...     flagged contributions per prosecutor
    unionscreen batch CONFIG         many filings and jurisdictions into tables
    unionscreen check NAME...        is this donor a police union?

    Data goes to standard output, everything else to standard error. Exit codes: 0 done, 1 a union was found (check,
    --fail-on-flag) or a fault of the list (unions lint), 2 wrong usage, 3 input unreadable or empty, 4 more rejected
    rows than --max-rejects.
    """  # noqa: D301 - \b is the mark that click wants before lines to be left as they are
