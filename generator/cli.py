"""The command line: options, examples, exit codes. A command's module is imported when it runs."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from generator import __version__

if TYPE_CHECKING:
    from generator.commands.site import Terminal

BUG = 70
INTERRUPTED = 130


def _terminal() -> "Terminal":
    from generator.commands.site import Terminal

    color = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    return Terminal(
        out=lambda text: click.echo(text, nl=False),
        note=lambda text: click.echo(text, nl=False, err=True),
        color=color,
    )


def _site_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--site",
        "site_path",
        type=click.Path(path_type=Path),
        default="site.yaml",
        show_default=True,
        help="The site file; the generated folders stand beside it.",
    )(command)


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 fine, 1 findings or drift, 2 wrong usage, 3 a file or sealed value is at "
    "risk, 4 an external tool failed, 70 a bug.",
)
@click.version_option(__version__, prog_name="hubops", message="%(prog)s %(version)s")
def hubops() -> None:
    """One site.yaml in, a GitOps repository for JupyterHub and Dask Gateway out.

    \b
    Examples:
      hubops lint        # every mistake of site.yaml at once
      hubops generate    # write apps/, clusters/ and overlays/
      hubops check       # is the tree what site.yaml gives?
    """


@hubops.command()
@_site_option
@click.option(
    "--discard-sealed",
    is_flag=True,
    help="Let go of sealed values that the new site.yaml has no place for.",
)
def generate(site_path: Path, discard_sealed: bool) -> int:
    """Write the repository that site.yaml describes, and say what is still to do.

    \b
    Examples:
      hubops generate
      hubops generate --site sites/coast/site.yaml

    Writes only what changed and deletes only what it wrote. An error in site.yaml stops it.
    """
    from generator.commands.generate import run

    return run(site_path, _terminal(), discard_sealed=discard_sealed)


@hubops.command()
@_site_option
def check(site_path: Path) -> int:
    """Compare the tree on disk with what site.yaml gives; exit 1 when they differ.

    \b
    Examples:
      hubops check
      hubops check || hubops generate

    Lists files that were edited by hand, are missing, or are left over. Writes nothing.
    """
    from generator.commands.check import run

    return run(site_path, _terminal())


@hubops.command()
@_site_option
def lint(site_path: Path) -> int:
    """Report every mistake of site.yaml at its line and column, with what to do.

    \b
    Examples:
      hubops lint
      hubops lint --site sites/coast/site.yaml

    Exit 1 when an error was found; warnings and infos pass.
    """
    from generator.commands.lint import run

    return run(site_path, _terminal())


def main() -> NoReturn:
    """Runs the command line and ends the process with the exit code of the contract."""
    sys.exit(_run())


def _run() -> int:
    try:
        result = hubops(standalone_mode=False)
        sys.stdout.flush()
        return result if isinstance(result, int) else 0
    except click.exceptions.Abort:
        click.echo("interrupted; run again to finish", err=True)
        return INTERRUPTED
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except BrokenPipeError:
        # The reader has gone (`| head`); nothing is left to say, also not at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        return _failure(error)


def _failure(error: Exception) -> int:
    from generator.diagnostics import GeneratorError

    if isinstance(error, GeneratorError):
        click.echo(f"error: {error.message}", err=True)
        for detail in error.details:
            click.echo(f"  {detail}", err=True)
        if error.help:
            click.echo(f"  help: {error.help}", err=True)
        return error.exit_code
    import platform
    import traceback

    traceback.print_exc()
    click.echo(
        f"\nThis is a bug in hubops {__version__} (Python {platform.python_version()}, "
        f"{platform.system()}). Please report it with the lines above: "
        "https://github.com/protocoast/protocoast-gitops/issues",
        err=True,
    )
    return BUG
