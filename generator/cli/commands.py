"""`hubops commands`: the daily commands of an environment, with its own names."""

from itertools import groupby
from pathlib import Path

import click

from generator.cli.loading import environment_of, site_of
from generator.cli.options import command, site_option
from generator.cli.terminal import Terminal
from generator.credentials import printable, quoted
from generator.doctor.daily import Daily, daily

_TITLES = {
    "look": "Look",
    "logs": "Read logs",
    "values": "Effective values",
    "restart": "Restart and sync",
    "database": "Copy the database",
    "uninstall": "Uninstall: each says what it deletes",
}


@click.argument("environment", metavar="ENVIRONMENT")
@site_option
@click.option("--context", metavar="CONTEXT", help="kubectl's context, for the printed commands.")
def run(
    environment: str, site_path: Path, terminal: Terminal, *, context: str | None = None
) -> int:
    """Print the daily kubectl commands of an environment.

    \b
    Examples:
      hubops commands production
      hubops commands production --context fedcloud

    Runs none of them. A command that deletes something says what.
    """
    site = site_of(site_path, terminal)
    kubectl = f"kubectl --context {quoted(context)}" if context else "kubectl"
    found = daily(site, environment_of(site, environment), kubectl)
    ordered = sorted(found, key=lambda one: tuple(_TITLES).index(one.topic))
    parts = [
        f"# {_TITLES[topic]}\n\n{''.join(map(_shown, rows))}"
        for topic, rows in groupby(ordered, key=lambda one: one.topic)
    ]
    terminal.out("\n".join(parts))
    return 0


COMMAND = command("commands", run)


def _shown(one: Daily) -> str:
    deletes = f"# DELETES {one.deletes}\n" if one.deletes else ""
    return "".join(
        f"{line}\n"
        for line in (
            f"# {printable(one.purpose)}",
            *deletes.splitlines(),
            printable(one.command),
            "",
        )
    )
