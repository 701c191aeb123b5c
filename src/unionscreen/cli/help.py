"""Help of commands with many options: in groups, the common ones with ``--help``, all of them with ``--help-all``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Final

import typer
from typer.core import TyperCommand

# Key in the context of a command: all options were asked for.
_ALL: Final = "unionscreen.help-all"

# Heading to two lists of parameter names: shown by --help, and shown by --help-all only.
Groups = Mapping[str, tuple[str, str]]


def _show_all(ctx: typer.Context, asked: bool) -> None:
    if asked:
        ctx.meta[_ALL] = True
        typer.echo(ctx.get_help())
        raise typer.Exit


HelpAll = Annotated[
    bool, typer.Option("--help-all", callback=_show_all, is_eager=True, help="Show all options, and exit.")
]


class GroupedCommand(TyperCommand):
    """A command whose help shows its options under headings."""

    groups: ClassVar[Groups] = {}

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the arguments, then each group; options in no group stand in the last one."""
        left = {param.name: param.get_help_record(ctx) for param in self.get_params(ctx)}
        arguments = [left.pop(param.name) for param in self.params if param.param_type_name == "argument"]
        with formatter.section("Arguments"):
            formatter.write_dl(arguments)
        parts = {
            heading: [(left.pop(name), shown) for shown, names in zip((True, False), both, strict=True)
                      for name in names.split()]
            for heading, both in self.groups.items()
        }  # fmt: skip
        parts["Help"] = [(record, True) for record in left.values()]
        for heading, records in parts.items():
            if rows := [record for record, shown in records if shown or _ALL in ctx.meta]:
                with formatter.section(heading):
                    formatter.write_dl(rows)


def help_groups(groups: Groups) -> type[GroupedCommand]:
    """The class of a command with these groups, for ``@app.command(cls=...)``.

    Args:
        groups: heading to the parameters that ``--help`` shows under it, and those that only ``--help-all`` shows.
    """
    return type("GroupedCommand", (GroupedCommand,), {"groups": groups})
