"""The command line: options, examples, exit codes. A command's module is imported when it runs."""

from __future__ import annotations

import contextlib
import gc
import io
import os
import sys
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, NoReturn, TextIO

import click

from generator import (
    HOME,
    __version__,
    cli_adopt,
    cli_charts,
    cli_import,
    cli_review,
    cli_secrets,
    cli_upgrade,
)
from generator.cli_types import FilePath

if TYPE_CHECKING:
    from pathlib import Path

    from generator.commands.site import Terminal

# As `--help` and the README list them: as a site meets them.
ORDER = (
    *("init", "import", "generate", "check", "lint", "schema", "seal", "secrets", "certificate"),
    *("diff", "graph", "values", "charts", "render", "validate", "bump", "promote"),
)
BUG = 70
INTERRUPTED = 130


def _terminal(format: str | None = None) -> Terminal:
    from generator.commands.site import Terminal

    color = sys.stdout is not None and sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    chosen = format or ("github" if os.environ.get("GITHUB_ACTIONS") == "true" else "text")
    note = partial(_say, err=True)
    place = _from_checkout if chosen in ("github", "sarif") else str
    return Terminal(
        out=_say, note=note, color=color, format=chosen, place=place, progress=_progress
    )


def _from_checkout(path: Path) -> str:
    """A file as GitHub names it: from the root of the checkout, behind no symbolic link.

    Outside a workflow the present folder stands for the root; what lies outside keeps its whole
    path.
    """
    from pathlib import Path

    root = Path(os.environ.get("GITHUB_WORKSPACE") or ".").resolve()
    whole = path.resolve()
    return (whole.relative_to(root) if whole.is_relative_to(root) else whole).as_posix()


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
        type=FilePath(),
        default="site.yaml",
        show_default=True,
        help="The site file; the generated folders stand beside it.",
    )(command)


def _format_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--format",
        type=click.Choice(("text", "json", "github", "sarif")),
        help="How findings are printed. Default: text; in a GitHub workflow, github.",
    )(command)


class _Commands(click.Group):
    def list_commands(self, _: click.Context) -> list[str]:
        return list(ORDER)


@click.group(
    cls=_Commands,
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
      hubops secrets     # how does each secret value stand?
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

    Writes only what changed, deletes only what it wrote, and ends with what is still to do.
    Exit 1 when site.yaml has an error, 3 when a sealed value would be lost.
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
@_format_option
@click.option("--strict", is_flag=True, help="Take warnings for errors.")
@click.option(
    "--base",
    metavar="REVISION",
    help="What to compare with, for what can't shrink or go back. Default: where this branch left "
    "the one that Argo CD follows.",
)
@click.option(
    "--explain",
    metavar="CODE",
    help="Print the page of a code and end; 'all', 'checks', 'effects' print every page.",
)
def lint(
    site_path: Path, format: str | None, strict: bool, base: str | None, explain: str | None
) -> int:
    """Report every mistake of site.yaml at once.

    \b
    Examples:
      hubops lint
      hubops lint --strict --format sarif > lint.sarif
      hubops lint --explain L401

    Exit 1 when an error was found; warnings and infos pass.
    """
    from generator.commands import lint as command

    terminal = _terminal(format)
    if explain is not None:
        return command.explain(explain, terminal)
    return command.run(site_path, terminal, strict=strict, base=base)


@hubops.command()
@click.option(
    "--format",
    type=click.Choice(("json", "markdown")),
    default="json",
    show_default=True,
    help="The JSON Schema for editors and programs, or the reference for people.",
)
def schema(format: str) -> int:
    """Print what site.yaml may hold.

    \b
    Examples:
      hubops schema > site.schema.json
      hubops schema --format markdown

    An editor with a YAML language server completes and checks site.yaml where its first line reads
    `# yaml-language-server: $schema=site.schema.json`.
    """
    from generator.commands.schema import run

    return run(_terminal(), format)


cli_secrets.add_to(hubops, _site_option, _terminal)
cli_charts.add_to(hubops, _site_option, _terminal)
cli_review.add_to(hubops, _site_option, _terminal)
cli_adopt.add_to(hubops, _site_option, _terminal)
cli_import.add_to(hubops, _terminal)
cli_upgrade.add_to(hubops, _site_option, _terminal)


def main() -> NoReturn:
    """Runs the command line and ends the process with the exit code of the contract."""
    # What a run makes lives until its end; looking for what does not takes an eighth of the time.
    gc.disable()
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
        f"{platform.system()}). Please report it with the lines above: {HOME}/issues",
        err=True,
    )
    return BUG
