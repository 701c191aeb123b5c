"""The commands put together, and what happens when one fails."""

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
# EX_SOFTWARE of sysexits.h. Never 1, which is what Python ends with by itself: here it means that a union was found.
EXIT_FAULT: Final = 70
# Set to anything, it keeps the traceback of an unforeseen error.
TRACEBACK: Final = "UNIONSCREEN_TRACEBACK"
# What typer answers itself, with a message and an exit code; where the base of its mistakes stands differs by release.
_ANSWERED: Final[tuple[type[BaseException], ...]] = (
    typer.Exit,
    typer.Abort,
    next(each for each in typer.BadParameter.__mro__ if each.__name__ == "ClickException"),
)

# In the order of --help. Each is a module of this package, imported when it is asked for, with an ``app``.
COMMANDS: Final = (
    "screen", "batch", "prosecutors", "report", "check", "review", "pledges", "watch", "unions", "formats", "convert",
    "evaluate",
)  # fmt: skip


class Commands(TyperGroup):
    """All commands; an error becomes one message and an exit code, the user's and ours."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - the signature is typer's
        """Name every command, without importing any."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002 - the signature is typer's
        """Import and build the command; for an unknown name all of them, from which typer suggests the nearest."""
        for name in (cmd_name,) if cmd_name in COMMANDS else COMMANDS:
            if name not in self.commands:
                self.commands[name] = typer.main.get_command(import_module(f"unionscreen.cli.{name}").app)
        return self.commands.get(cmd_name)

    def make_context(self, *args: Any, **kwargs: Any) -> Any:
        """Read the options before the command; --help and --version answer here."""
        with _errors_said():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: Any) -> Any:
        """Run the command named on the command line."""
        with _errors_said():
            return super().invoke(ctx)


@contextmanager
def _errors_said() -> Iterator[None]:
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
    except OSError as error:  # a folder that may not be entered, a full disk: no mistake of ours either
        where = f"{error.filename}: " if error.filename else ""
        say(f"Error: {where}{error.strerror or error}")
        spare_last_flush()
        raise typer.Exit(UnionScreenError.exit_code) from None
    except KeyboardInterrupt:
        say("Interrupted: nothing more was screened.")
        raise typer.Exit(EXIT_INTERRUPTED) from None
    except Exception as error:
        if isinstance(error, ValueError) and "embedded null" in str(error):  # what Python says of such a path
            say("Error: a path holds a NUL character, which no file's name can")
            raise typer.Exit(UnionScreenError.exit_code) from None
        if os.environ.get(TRACEBACK):
            raise
        say(fault(error))
        raise typer.Exit(EXIT_FAULT) from None


def fault(error: Exception) -> str:
    """One line for an error that nobody foresaw: what it is and where in our code, for a report.

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
    unionscreen batch CONFIG         many filings and jurisdictions into tables
    unionscreen check NAME...        is this donor a police union?

    Data goes to standard output, everything else to standard error. Exit codes: 0 done, 1 a union was found (check,
    --fail-on-flag) or a fault of the list (unions lint), 2 wrong usage, 3 input unreadable or empty, 4 more rejected
    rows than --max-rejects, 70 a fault of the tool.
    """  # noqa: D301 - \b is the mark that click wants before lines to be left as they are
