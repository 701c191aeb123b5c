"""All commands, and what happens when one fails."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from typer.core import TyperGroup

from unionscreen._version import __version__
from unionscreen.cli.streams import abandon_stdout, say, spare_last_flush
from unionscreen.errors import UnionScreenError

# What a shell reports for a program ended by SIGPIPE (13) or SIGINT (2).
EXIT_BROKEN_PIPE: Final = 141
EXIT_INTERRUPTED: Final = 130
# EX_SOFTWARE of sysexits.h. Never 1, Python's own code for a failure: here 1 means that a union was found.
EXIT_FAULT: Final = 70
# An environment variable. If it is set, the traceback of an unexpected error is shown.
TRACEBACK: Final = "UNIONSCREEN_TRACEBACK"
# What typer handles itself, with a message and an exit code. The module of the base class differs by release.
_ANSWERED: Final[tuple[type[BaseException], ...]] = (
    typer.Exit,
    typer.Abort,
    next(each for each in typer.BadParameter.__mro__ if each.__name__ == "ClickException"),
)

# In the order of --help. Each is a module of this package with an ``app``, imported when the command is run.
COMMANDS: Final = (
    "screen", "check", "pledges", "endorsements", "intake", "watch", "review", "report", "diff", "show", "batch",
    "prosecutors", "unions", "formats", "convert", "evaluate",
)  # fmt: skip


class Commands(TyperGroup):
    """All commands. An error, the user's or ours, becomes one message and an exit code."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - the signature is typer's
        """Name every command, without importing any."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002 - the signature is typer's
        """Import and build the command; for an unknown name build all, so that typer suggests the nearest."""
        for name in (cmd_name,) if cmd_name in COMMANDS else COMMANDS:
            if name not in self.commands:
                self.commands[name] = typer.main.get_command(import_module(f"unionscreen.cli.{name}").app)
        return self.commands.get(cmd_name)

    def make_context(self, *args: Any, **kwargs: Any) -> Any:
        """Read the options before the command; --help and --version are handled here."""
        with _errors_shown():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: Any) -> Any:
        """Run the command named on the command line."""
        with _errors_shown():
            return super().invoke(ctx)


@contextmanager
def _errors_shown() -> Iterator[None]:
    try:
        yield
    except _ANSWERED:
        raise
    except UnionScreenError as error:
        say(f"Error: {error}")
        raise typer.Exit(error.exit_code) from None
    except BrokenPipeError:
        abandon_stdout()  # `| head` has read enough
        raise typer.Exit(EXIT_BROKEN_PIPE) from None
    except OSError as error:  # a folder that may not be entered, a full disk: not a bug either
        where = f"{error.filename}: " if error.filename else ""
        say(f"Error: {where}{error.strerror or error}")
        spare_last_flush()
        raise typer.Exit(UnionScreenError.exit_code) from None
    except KeyboardInterrupt:
        say("Interrupted: nothing more was screened.")
        raise typer.Exit(EXIT_INTERRUPTED) from None
    except Exception as error:  # the last guard: a fault of ours is one line and an exit code, never a traceback
        if isinstance(error, ValueError) and "embedded null" in str(error):  # how Python reports such a path
            say("Error: a path contains a NUL character, which no file name can")
            raise typer.Exit(UnionScreenError.exit_code) from None
        if os.environ.get(TRACEBACK):
            raise
        say(fault(error))
        raise typer.Exit(EXIT_FAULT) from None


def fault(error: Exception) -> str:
    """One line for an unexpected error: what it is, and where in our code.

    >>> fault(KeyError("bug")).startswith("Error: a fault of unionscreen, not of your files: KeyError 'bug'")
    True
    """
    where, trace = "", error.__traceback__
    while trace is not None:
        path = Path(trace.tb_frame.f_code.co_filename)
        if "unionscreen" in path.parts:
            where = f" at {path.name}:{trace.tb_lineno}"
        trace = trace.tb_next
    said = " ".join(str(error).split())[:200]
    return (
        f"Error: a fault of unionscreen, not of your files: {type(error).__name__} {said}{where}, "
        f"version {__version__}. Please report this line and the command; {TRACEBACK}=1 shows more."
    )


def _version(asked: bool) -> None:
    if not asked:
        return
    from unionscreen import load_unions

    found = load_unions()
    typer.echo(f"unionscreen {__version__}\nlist {found.version}, {len(found.unions):,} organizations")
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
    unionscreen check NAME...        is this donor a police union?
    unionscreen intake EXPORT...     may these donations be deposited?
    unionscreen batch CONFIG         many filings and jurisdictions into tables

    Data goes to standard output, everything else to standard error. Exit codes: 0 done, 1 a union was found (check,
    --fail-on-flag) or a rule of the list is broken (unions lint), 2 wrong usage, 3 input unreadable or empty, 4 more
    rejected rows than --max-rejects, 70 a bug in unionscreen.
    """  # noqa: D301 - \b is the mark that click wants before lines to be left as they are
