"""docs/reference/commands.md: every command, argument and option, as ``--help`` has them."""

import re
from collections.abc import Iterator

import click

from pages.markdown import code, sections, table
from strag_sim.cli import main
from strag_sim.cli.group import COMMANDS

HEAD = """# Commands{which}

Every option, written by `make docs` from what `--help` prints. A command ends with 0 when it is
done, 1 when a check failed, 2 when what it was given is wrong, and 130 when it was interrupted.
Tables go to standard output, progress and errors to standard error.
{others}
"""
MEASURING = ("profile", "accuracy", "import", "fit", "codes", "selfcheck")
OTHERS = "Those that measure and check are on [a page of their own](commands_measuring.md)."
FIRST = "Those that simulate are on [the first page](commands.md)."


def commands() -> str:
    """Return the page of commands that simulate, and show what was simulated."""
    head = HEAD.format(which="", others=OTHERS)
    return sections(head, (part(name) for name in COMMANDS if name not in MEASURING))


def measuring() -> str:
    """Return the page of commands that measure, and check."""
    head = HEAD.format(which=" that measure", others=FIRST)
    return sections(head, map(part, MEASURING))


def part(name: str) -> tuple[str, str]:
    """Return a command's name and all about it; a group's commands one after the other."""
    context = click.Context(main, info_name="strag-sim")
    command = main.get_command(context, name)
    assert command is not None
    return name, "".join(described(command, click.Context(command, context, name)))


def described(command: click.Command, context: click.Context) -> Iterator[str]:
    """Yield how a command is called, what it does, and its options; then its own commands."""
    pieces = " ".join(command.collect_usage_pieces(context))
    yield f"```console\n$ {context.command_path} {pieces}\n```\n\n"
    yield f"{paragraphs(command.help or '')}\n\n"
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            yield from described(inner, click.Context(inner, context, name))
        return
    options = (each for each in command.params if isinstance(each, click.Option))
    records = filter(None, (each.get_help_record(context) for each in options))
    rows = [(code(given), escaped(text)) for given, text in records]
    yield table(("option", "is"), rows) if rows else ""


def paragraphs(text: str) -> str:
    """Return a help text as Markdown: a paragraph that opens with what it explains, as an item."""
    lines = [" ".join(each.split()) for each in escaped(text).split("\n\n")]
    return "\n\n".join(re.sub(r"^([a-z0-9-]+): ", r"- `\1`: ", line) for line in lines)


def escaped(text: str) -> str:
    """Return a text in which no character is taken for a mark."""
    return text.replace("*", r"\*").replace("<", r"\<").replace("[", r"\[").replace("]", r"\]")
