"""The command line: commands, options, examples. What is not asked for is not loaded."""

from collections.abc import Iterator, MutableMapping
from importlib import import_module

import click

from generator.cli import console

# Every command as `--help` and the README list them, as a site meets them: the module that its
# options stand in, and the line that the list says of it.
ABOUT = {
    "init": ("adopt", "Begin a new site in a folder of its own."),
    "import": ("importing", "Propose a site.yaml from the values of releases that run."),
    "generate": ("site", "Write the repository that site.yaml describes."),
    "check": ("site", "Compare the tree on disk with site.yaml."),
    "lint": ("site", "Report every mistake of site.yaml at once."),
    "schema": ("site", "Print what site.yaml may hold."),
    "seal": ("secrets", "Encrypt secret values for an environment's cluster, offline."),
    "secrets": ("secrets", "Tell how each secret value stands."),
    "certificate": ("secrets", "Fetch, check and install a cluster's sealing certificate."),
    "diff": ("review", "Show what a change does, by environment and effect."),
    "graph": ("review", "Draw the site: clusters, environments, applications, secrets."),
    "values": ("charts", "Print the values that a chart gets in an environment."),
    "charts": ("charts", "Fetch the charts that site.yaml pins, and lock their digests."),
    "render": ("charts", "Show what Argo CD will apply, by real Helm and Kustomize."),
    "validate": ("charts", "Render everything and judge it, without cluster or secret."),
    "bump": ("upgrade", "Move chart pins in site.yaml, and say what follows."),
    "promote": ("upgrade", "Let an environment run the charts and images of another."),
}
ORDER = tuple(ABOUT)


class _Parts(MutableMapping[str, click.Command]):
    """The commands by their names; the module of one is imported when it is looked up."""

    def __init__(self) -> None:
        self._loaded: dict[str, click.Command] = {}

    def __getitem__(self, name: str) -> click.Command:
        if name not in self._loaded:
            part = import_module(f"generator.cli.{ABOUT[name][0]}")
            self._loaded.update((command.name, command) for command in part.COMMANDS)
        return self._loaded[name]

    def __setitem__(self, name: str, command: click.Command) -> None:
        self._loaded[name] = command

    def __delitem__(self, name: str) -> None:
        del self._loaded[name]

    def __iter__(self) -> Iterator[str]:
        return iter(ABOUT)

    def __len__(self) -> int:
        return len(ABOUT)


class _Commands(click.Group):
    def list_commands(self, _: click.Context) -> list[str]:
        return list(ORDER)

    def format_commands(self, _: click.Context, formatter: click.HelpFormatter) -> None:
        """Lists the commands as click does, from what ABOUT says of each."""
        limit = formatter.width - 6 - max(map(len, ABOUT))
        rows = [
            (name, click.Command(name, help=line).get_short_help_str(limit))
            for name, (_, line) in ABOUT.items()
        ]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


def _version(context: click.Context, _: click.Parameter, is_asked: bool) -> None:
    if is_asked and not context.resilient_parsing:
        console.version()
        context.exit()


@click.group(
    cls=_Commands,
    commands=_Parts(),
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
      hubops lint        # every mistake of site.yaml at once
      hubops generate    # write apps/, clusters/ and overlays/
      hubops check       # is the tree what site.yaml gives?
      hubops secrets     # how does each secret value stand?
    """
    if context.invoked_subcommand is None:
        console.say(f"{context.get_help()}\n")


def run() -> int:
    """The exit code of what the arguments of this process ask for."""
    try:
        result = hubops(prog_name="hubops", standalone_mode=False)
    except click.exceptions.Abort:
        return console.interrupted()
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except SystemExit:
        return 0  # click, when the reader of a help text has gone
    return result if isinstance(result, int) else 0
