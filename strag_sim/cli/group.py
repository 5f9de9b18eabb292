"""The group of commands: its help needs nothing but click, each command loads what it needs."""

import errno
import importlib
from typing import Any

import click

from strag_sim.errors import EngineError, StragSimError, SweepError

FAILED, WRONG_INPUT, STOPPED = 1, 2, 130  # exit codes

# Command -> where it is and what it does, so that help imports none of them.
COMMANDS = {
    "run": ("strag_sim.cli.run:run", "Simulate a scenario and print its table."),
    "compare": (
        "strag_sim.cli.compare:compare",
        "Hold the policies of a result against one of them.",
    ),
    "sweep": ("strag_sim.cli.sweep:sweep", "Simulate a grid of scenarios, here or on a cluster."),
    "best": ("strag_sim.cli.best:best", "Name the best policies of a sweep, within limits."),
    "capacity": (
        "strag_sim.cli.capacity:capacity",
        "Find the largest stable rates, and those within an SLO.",
    ),
    "allocate": (
        "strag_sim.cli.allocate:allocate",
        "Find which models of an ensemble go on which devices.",
    ),
    "plot": ("strag_sim.cli.plot:plot", "Draw a figure of results, or of a profile."),
    "table": ("strag_sim.cli.table:table", "Write a table of a result for a paper."),
    "report": ("strag_sim.cli.report:report", "Write one HTML page about a result."),
    "reproduce": (
        "strag_sim.cli.reproduce:reproduce",
        "Hold papers' claims beside what is simulated here.",
    ),
    "profile": ("strag_sim.cli.profile:profile", "Measure how long models take on this machine."),
    "accuracy": (
        "strag_sim.cli.accuracy:accuracy",
        "Train coded models, and measure how accurate they are.",
    ),
    "import": ("strag_sim.cli.import_:import_", "Take in measured times, and say what they say."),
    "fit": ("strag_sim.cli.fit:fit", "Fit laws to measured times, and rank them."),
    "codes": ("strag_sim.cli.codes:codes", "Measure how long codes take on this machine."),
    "selfcheck": ("strag_sim.cli.selfcheck:selfcheck", "Hold the simulator against theory."),
    "validate": ("strag_sim.cli.validate:validate", "Check scenario files."),
    "show": ("strag_sim.cli.show:show", "Print a scenario with all defaults filled in."),
    "schema": ("strag_sim.cli.schema:schema", "Print the JSON Schema of scenarios, for editors."),
    "list": ("strag_sim.cli.listing:list_", "List policies, distributions, arrivals and more."),
    "new": ("strag_sim.cli.new:new", "Write a commented scenario to start from."),
}


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands, in the order of the work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; suggest one for a misspelt name."""
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(args[0], COMMANDS, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            ctx.fail(f"There is no command {args[0]!r}.{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what the commands do, without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what is wrong goes to standard error, without a traceback."""
        try:
            return super().invoke(ctx)
        except StragSimError as error:
            click.echo(str(error), err=True)
            failed = isinstance(error, EngineError | SweepError)
            ctx.exit(FAILED if failed else WRONG_INPUT)
        except OSError as error:
            if error.errno != errno.ENOSPC:  # the others are told where they come from; a closed
                raise  # pipe, by click
            click.echo("the output cannot be written: the disk is full", err=True)
            ctx.exit(FAILED)
        except KeyboardInterrupt:
            click.echo("interrupted", err=True)
            ctx.exit(STOPPED)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="strag-sim", prog_name="strag-sim")
def main() -> None:
    """Simulate stragglers: which redundancy policy cuts the tail, and at what cost?

    Start with `strag-sim new -o my.yaml`, then `strag-sim run my.yaml`.
    """
