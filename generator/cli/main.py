"""Where the process begins: the list of commands, and the endings of click."""

from importlib import import_module
from typing import NoReturn

import click

from generator import __version__
from generator.cli import console, help

# Every command in the order of `--help` and the README: the module under generator.cli that is
# imported when the command is asked for, and the first line of its help.
ABOUT = {
    "init": ("init", "Start a new site in its own folder."),
    "import": ("importing", "Draft a site.yaml from your running Helm releases."),
    "generate": ("generate", "Write the GitOps repository from site.yaml."),
    "check": ("check", "Compare the generated files with site.yaml."),
    "lint": ("lint", "Report every mistake in site.yaml at once."),
    "schema": ("schema", "Print the JSON Schema of site.yaml, or its reference."),
    "seal": ("seal", "Encrypt secret values for an environment's cluster, offline."),
    "secrets": ("secrets", "Show the state of each secret value."),
    "certificate": ("certificate", "Fetch, check and install a cluster's sealing certificate."),
    "diff": ("diff", "Show what a change does, by environment and effect."),
    "graph": ("graph", "Draw the site: clusters, environments, applications, secrets."),
    "values": ("values", "Print the values that a chart gets in an environment."),
    "charts": ("charts", "Fetch the charts that site.yaml pins, and lock their digests."),
    "render": ("render", "Show what Argo CD will apply, rendered by real Helm and Kustomize."),
    "validate": ("validate", "Render and check everything; needs no cluster and no secrets."),
    "apps": ("apps", "List further charts, and write one into site.yaml."),
    "bump": ("bump", "Upgrade chart versions in site.yaml and report the impact."),
    "promote": ("promote", "Copy chart versions and images from one environment to another."),
    "doctor": (
        "doctor",
        "Look at a live cluster and say what is wrong first.",
    ),
    "commands": (
        "commands",
        "Print the daily kubectl commands of an environment.",
    ),
}


def command(name: str) -> click.Command:
    """One of the commands in ABOUT, with its options."""
    found: click.Command = import_module(f"generator.cli.{ABOUT[name][0]}").COMMAND
    return found


class _Commands(help.Group):
    """Imports a command when it is asked for, not to list it."""

    def list_commands(self, _: click.Context) -> list[str]:
        return list(ABOUT)

    def resolve_command(
        self, context: click.Context, arguments: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name, listed, rest = super().resolve_command(context, arguments)
        return name, listed and command(str(name)), rest


def _version(context: click.Context, _: click.Parameter, is_asked: bool) -> None:
    if is_asked and not context.resilient_parsing:
        from generator.io.resources import commit

        built = commit()
        console.say(f"hubops {__version__}{f' ({built})' if built else ''}\n")
        context.exit()


@click.group(
    cls=_Commands,
    commands={name: click.Command(name, short_help=line) for name, (_, line) in ABOUT.items()},
    invoke_without_command=True,
    subcommand_metavar="COMMAND [ARGS]...",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 fine, 1 findings or drift, 2 wrong usage, 3 a file or sealed value is at "
    "risk, 4 an external tool failed, 70 a bug.",
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_version,
    help="Show the version and exit.",
)
@click.pass_context
def hubops(context: click.Context) -> None:
    """One site.yaml in, a GitOps repository for JupyterHub and Dask Gateway out.

    \b
    Examples:
      hubops lint        # report every mistake in site.yaml
      hubops generate    # write apps/, clusters/ and overlays/
      hubops check       # do the files match site.yaml?
      hubops secrets     # which secret values are sealed?
    """
    if context.invoked_subcommand is None:
        console.say(f"{context.get_help()}\n")


def main() -> NoReturn:
    """Runs what the arguments ask for, and ends the process with its exit code."""
    console.end(run())


def run() -> int:
    """The exit code of what the arguments of this process ask for."""
    return console.run(_asked)


def _show(error: click.ClickException) -> None:
    """Prints what click says; an argument in it may be anything."""
    from io import StringIO

    from generator.credentials import printable

    said, message = StringIO(), error.format_message()
    error.show(said)  # which drops the signs of colors
    text = said.getvalue().replace(click.unstyle(message), printable(message))
    console.say(text, err=True)


def _asked() -> int:
    try:
        result = hubops(prog_name="hubops", standalone_mode=False)
    except click.exceptions.Abort:
        raise KeyboardInterrupt from None  # click has ended the line of ^C
    except click.ClickException as error:
        _show(error)
        return error.exit_code
    except SystemExit:
        return 0  # from click, when the reader of a help text has gone
    return result if isinstance(result, int) else 0
