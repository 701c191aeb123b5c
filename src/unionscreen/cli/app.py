"""All commands, and what happens when one fails."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Annotated, Any, Final

import typer
from typer.core import TyperGroup

from unionscreen._version import __version__
from unionscreen.cli.failures import is_nul_in_path, report_failure
from unionscreen.errors import UsageError

# What typer handles itself, with a message and an exit code. The module of the base class differs by release.
_ANSWERED: Final[tuple[type[BaseException], ...]] = (
    typer.Exit,
    typer.Abort,
    next(each for each in typer.BadParameter.__mro__ if each.__name__ == "ClickException"),
)

# In the order of --help. Each is a module of this package with an ``app``, imported when the command is run.
COMMANDS: Final = (
    "screen", "check", "pledges", "endorsements", "intake", "watch", "review", "report", "diff", "show", "batch",
    "serve", "mcp", "prosecutors", "unions", "formats", "convert", "evaluate",
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
            # An empty path would be the current folder. `check` says itself what is wrong with an empty name.
            if "" in ctx.args and [*ctx._protected_args, *ctx.args][:1] != ["check"]:
                raise UsageError("an argument is empty", hint="a variable in the command may be unset")
            return super().invoke(ctx)


@contextmanager
def _errors_shown() -> Iterator[None]:
    try:
        yield
    except (Exception, KeyboardInterrupt) as error:
        if isinstance(error, _ANSWERED) and not is_nul_in_path(error):
            raise
        code = report_failure(error)
        if code is None:
            raise
        raise typer.Exit(code) from None


def _version(asked: bool) -> None:
    if not asked:
        return
    from unionscreen import load_unions
    from unionscreen.compiled import is_active

    found = load_unions()
    how = "with the library in C" if is_active() else "pure Python"
    typer.echo(f"unionscreen {__version__} ({how})\nlist {found.version}, {len(found.unions):,} organizations")
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
    --fail-on-flag) or endorses (--fail-on-yes), a rule of the list is broken (unions lint) or flags changed (diff), 2
    wrong usage, 3 input unreadable or empty, 4 more rejected rows than --max-rejects, 5 a form's own total differs
    (--require-totals), 70 a bug in unionscreen.
    """  # noqa: D301 - \b is the mark that click wants before lines to be left as they are
