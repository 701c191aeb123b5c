"""Write ``man/unionscreen.1`` anew from the help texts of all commands. `make fix` runs it, and a test compares.

    python tools/make_man.py

The macros are those of man(7), which both groff and mandoc read.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from pathlib import Path
from typing import Any, Final, get_args, get_type_hints

import typer

from unionscreen import __version__
from unionscreen.cli.app import app
from unionscreen.cli.help import GroupedCommand
from unionscreen.errors import TRACEBACK

ROOT: Final = Path(__file__).resolve().parents[1]
OUT: Final = ROOT / "man" / "unionscreen.1"
NAME: Final = "unionscreen"
# What groff prints otherwise than as it is typed.
ESCAPES: Final = {"\\": "\\e", "-": "\\-", "'": "\\(aq", "`": "\\(ga", "^": "\\(ha", "~": "\\(ti"}
# Options that every command has.
HELP_OPTIONS: Final = frozenset({"help", "help_all"})

HELP: Final = {
    "-h, --help": "Show the help of this or of a command, and exit.",
    "--help-all": "Show all options of a command with many options, and exit.",
}
ENVIRONMENT: Final = {
    "NO_COLOR": "If it is set, the output has no color.",
    "COLUMNS": "The width of the table, if it is not that of the terminal.",
    "UNIONSCREEN_REVIEWER": "Who decides in a review, if --by is not given.",
    "UNIONSCREEN_TOKEN": "What every request to the page must show, if --token is not given.",
    TRACEBACK: "If it is set, an unexpected error shows its traceback.",
    "XDG_CACHE_HOME": "The folder of FILES; ~/.cache by default.",
}
FILES: Final = {
    "~/.cache/unionscreen/": "What was made of the list and of the formats, so that the next command starts sooner. "
    "It may be deleted.",
}


def man_page() -> str:
    """The page as the source text of man(7)."""
    group = typer.main.get_command(app)
    top = group.make_context(NAME, [], resilient_parsing=True)
    about, _, codes = (group.help or "").partition("Exit codes: ")
    summary = about.splitlines()[0].rstrip(".")
    return "\n".join(
        [
            '.\\" tools/make_man.py writes this file from the help texts.',
            f'.TH {NAME.upper()} 1 "{_date()}" "{NAME} {__version__}"',
            ".nh",
            ".ad l",
            ".SH NAME",
            f"{NAME} \\- {_text(summary[0].lower() + summary[1:])}",
            ".SH SYNOPSIS",
            f".B {NAME}",
            "COMMAND [OPTIONS] ...",
            ".SH DESCRIPTION",
            *_paragraphs(about),
            ".SH OPTIONS",
            *_options(group),
            *_defined(HELP.items()),
            ".SH COMMANDS",
            *(line for name in group.list_commands(top) for line in _command(group.get_command(top, name), top, name)),
            ".SH EXIT STATUS",
            *_defined(re.findall(r"(\d+) (.*?)(?:,(?= \d+ )|\.$)", " ".join(codes.split()))),
            ".SH ENVIRONMENT",
            *_defined(ENVIRONMENT.items()),
            ".SH FILES",
            *_defined(FILES.items()),
            "",
        ]
    )


def _date() -> str:
    """The day of this version in the changelog, so that the page is the same on every day."""
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    (day,) = re.findall(rf"^## \[{re.escape(__version__)}\] - (\S+)$", changes, re.MULTILINE)
    return str(day)


def _command(command: Any, parent: Any, name: str) -> Iterator[str]:
    """A command, and the commands below it."""
    context = command.make_context(name, [], parent=parent, resilient_parsing=True)
    below = getattr(command, "commands", {})
    yield f".SS {_text(context.command_path.removeprefix(NAME).strip())}"
    if not below:
        names = [param.metavar if param.required else f"[{param.metavar}]" for param in _arguments(command)]
        yield f".B {_text(context.command_path)}"
        yield _text(" ".join(("[OPTIONS]", *names)))
        yield ".PP"
    yield from _paragraphs(command.help or "")
    yield from _options(command)
    if command.epilog and command.epilog not in [sub.epilog for sub in below.values()]:
        yield from (".PP", *_paragraphs(command.epilog))
    for each, sub in below.items():
        yield from _command(sub, context, each)


def _arguments(command: Any) -> list[Any]:
    return [param for param in command.params if param.param_type_name == "argument"]


def _options(command: Any) -> Iterator[str]:
    """Its arguments and options; under headings where the help has them."""
    hints = {} if command.callback is None else get_type_hints(command.callback, include_extras=True)
    arguments = _arguments(command)
    left = {each.name: _record(each, hints.get(each.name)) for each in command.params if each.name not in HELP_OPTIONS}
    yield from _defined(left.pop(each.name) for each in arguments)
    if isinstance(command, GroupedCommand):
        for heading, both in command.groups.items():
            yield from (".PP", f".I {_text(heading)}")
            yield from _defined(left.pop(name) for names in both for name in names.split())
    yield from _defined(left.values())


def _record(param: Any, hint: Any) -> tuple[str, str]:
    """The names of a parameter with its value, and what it does.

    Args:
        param: as typer made it. How typer words its help differs by release, so only what we declared is used.
        hint: the annotation that declares it; None for the options that typer adds.
    """
    origin = getattr(hint, "__origin__", None)
    (info,) = getattr(hint, "__metadata__", (None,))
    types = [each for each in (origin, *get_args(origin)) if isinstance(each, type)]
    value = param.metavar or "|".join(member.value for each in types if issubclass(each, Enum) for member in each)
    switch = bool in types or hint is None
    if not (value or switch):
        raise ValueError(f"{param.opts}: say what its value is, with metavar=")
    notes = [] if not param.required else ["required"]
    notes += [f"environment: {param.envvar}"] if param.envvar else []
    if isinstance(param.default, bool):
        notes += [f"default: {param.opts[0]}"] if param.secondary_opts and param.default else []
    elif param.default not in (None, "", [], ()):
        notes.append(f"default: {getattr(param.default, 'value', param.default)}")
    low, high = getattr(info, "min", None), getattr(info, "max", None)
    if low is not None:
        notes.append(f"at least {low}" if high is None else f"{low} to {high}")
    about = " ".join([param.help or "", *([f"[{'; '.join(notes)}]"] if notes else [])])
    if param.param_type_name == "argument":
        return value, about
    return " ".join([", ".join(sorted(param.opts, key=len)), *(f"/ {name}" for name in param.secondary_opts),
                     *([] if switch else [value])]), about  # fmt: skip


def _defined(records: Iterable[Sequence[str]]) -> Iterator[str]:
    for names, about in records:
        yield from (".TP", _names(names), *_filled(about))


def _names(names: str) -> str:
    """The names of an option in bold, and its value as it is; an argument in bold."""
    if not names.startswith("-"):
        return f".B {_text(names)}"
    return re.sub(r"(?<![\w-])(--?[a-z][a-z-]*)", lambda found: f"\\fB{found[1]}\\fR", names).replace("-", "\\-")


def _paragraphs(text: str) -> Iterator[str]:
    """Paragraphs of a help text; those that click leaves as they are keep their lines."""
    first = True
    for part in filter(str.strip, re.split(r"\n\s*\n", text)):
        if not first:
            yield ".PP"
        first = False
        mark, kept, lines = part.partition("\b\n")
        if not kept:
            yield from _filled(part)
            continue
        yield from _filled(mark)
        heading, *rest = lines.splitlines()
        examples = [heading, *rest] if heading.startswith(NAME) else rest
        yield from () if examples[0] == heading else (_text(heading), ".PP")
        yield from (".nf", ".RS 4", *map(_text, map(str.strip, examples)), ".RE", ".fi")


def _filled(text: str) -> list[str]:
    """Text on lines of at most 80 characters, so that a change shows as a small difference."""
    lines = textwrap.wrap(_text(" ".join(text.split())), 79, break_long_words=False, break_on_hyphens=False)
    return ["\\&" + line if line.startswith(".") else line for line in lines]


def _text(text: str) -> str:
    """Text in which nothing is taken for a request, and which copies as it is read."""
    text = "".join(ESCAPES.get(each, each) if each.isascii() else f"\\[u{ord(each):04X}]" for each in text)
    return "\\&" + text if text.startswith(".") else text


if __name__ == "__main__":
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(man_page(), encoding="ascii")
    print(f"{OUT.relative_to(ROOT)} is written")
