"""The command line: options, examples, exit codes. A command's module is imported when it runs."""

import contextlib
import io
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TextIO

import click

from generator import __version__, cli_charts

if TYPE_CHECKING:
    from generator.commands.site import Terminal

BUG = 70
INTERRUPTED = 130


def _terminal() -> "Terminal":
    from generator.commands.site import Terminal

    color = sys.stdout is not None and sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    return Terminal(
        out=_say, note=lambda text: _say(text, err=True), color=color, progress=_progress
    )


def _progress(text: str) -> None:
    """Shows one line in place of the one before, on a terminal only."""
    if sys.stderr is not None and sys.stderr.isatty():
        with contextlib.suppress(OSError):
            click.echo(f"\r\x1b[K{text[:79]}", nl=False, err=True)


def _say(text: str, *, err: bool = False) -> None:
    """Prints; a reader that has gone (`| head`) changes nothing about the run and its exit code."""
    try:
        click.echo(text, nl=False, err=err)
    except BrokenPipeError:
        _silence(sys.stderr if err else sys.stdout)
    except OSError as error:
        from generator.diagnostics import GeneratorError

        _silence(sys.stderr if err else sys.stdout)
        raise GeneratorError.refused(
            "the output", error, "make room for it and run again"
        ) from None


def _silence(stream: TextIO) -> None:
    """Sends what is left in a stream nowhere, also what is flushed when the process ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


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
    invoke_without_command=True,
    subcommand_metavar="COMMAND [ARGS]...",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 fine, 1 findings or drift, 2 wrong usage, 3 a file or sealed value is at "
    "risk, 4 an external tool failed, 70 a bug.",
)
@click.version_option(__version__, prog_name="hubops", message="%(prog)s %(version)s")
@click.pass_context
def hubops(context: click.Context) -> None:
    """One site.yaml in, a GitOps repository for JupyterHub and Dask Gateway out.

    \b
    Examples:
      hubops lint        # every mistake of site.yaml at once
      hubops generate    # write apps/, clusters/ and overlays/
      hubops check       # is the tree what site.yaml gives?
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


@hubops.command()
@_site_option
@click.option(
    "--discard-sealed",
    is_flag=True,
    help="Let go of sealed values that site.yaml has no place for any more.",
)
def generate(site_path: Path, discard_sealed: bool) -> int:
    """Write the repository that site.yaml describes.

    \b
    Examples:
      hubops generate
      hubops generate --site sites/coast/site.yaml

    Writes only what changed, deletes only what it wrote, and ends with what is still to do. An
    error in site.yaml stops it.
    """
    from generator.commands.generate import run

    return run(site_path, _terminal(), discard_sealed=discard_sealed)


@hubops.command()
@_site_option
def check(site_path: Path) -> int:
    """Compare the tree on disk with site.yaml.

    \b
    Examples:
      hubops check
      hubops check || hubops generate

    Exit 1 with a list when files were edited by hand, are missing, or are left over. It writes
    nothing.
    """
    from generator.commands.check import run

    return run(site_path, _terminal())


@hubops.command()
@_site_option
def lint(site_path: Path) -> int:
    """Report every mistake of site.yaml at once.

    \b
    Examples:
      hubops lint
      hubops lint --site sites/coast/site.yaml

    Exit 1 when an error was found; warnings and infos pass.
    """
    from generator.commands.lint import run

    return run(site_path, _terminal())


cli_charts.add_to(hubops, _site_option, _terminal)


def main() -> NoReturn:
    """Runs the command line and ends the process with the exit code of the contract."""
    sys.exit(_run())


def _run() -> int:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A name that the terminal's encoding lacks is spelt out; it stops nothing.
            stream.reconfigure(errors="backslashreplace")
    try:
        result = hubops(prog_name="hubops", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except (click.exceptions.Abort, KeyboardInterrupt):
        _say("interrupted; every file is whole, run again to finish\n", err=True)
        return INTERRUPTED
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except SystemExit:
        return 0  # click, when the reader of a help text has gone
    except Exception as error:
        return _failure(error)


def _failure(error: Exception) -> int:
    from generator.diagnostics import GeneratorError

    if isinstance(error, GeneratorError):
        lines = [f"error: {error.message}", *(f"  {detail}" for detail in error.details)]
        lines += [f"  help: {error.help}"] if error.help else []
        _say("".join(f"{line}\n" for line in lines), err=True)
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
