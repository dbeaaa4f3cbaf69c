"""The command line of `init`: beginning with hubops."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from generator.cli.options import FilePath
from generator.cli.terminal import terminal

if TYPE_CHECKING:
    from pathlib import Path

    from generator.adopt.new_site.questions import Question


class _Asking(click.Command):
    """A command with one option for each question; they are made once somebody asks for them."""

    def get_params(self, context: click.Context) -> list[click.Parameter]:
        """Its own parameters, then the questions in their order, then --help."""
        from generator.adopt.new_site.questions import QUESTIONS  # of no use to other commands

        known = {parameter.name for parameter in self.params}
        options = map(_option, QUESTIONS)
        self.params.extend(option for option in options if option.name not in known)
        return super().get_params(context)


@click.command(name="init", cls=_Asking)
@click.argument("folder", type=FilePath(), default=".", metavar="[DIR]")
@click.option("--yes", is_flag=True, help="Ask nothing; what has a default gets it.")
@click.option(
    "--from",
    "source",
    type=FilePath(),
    metavar="FILE",
    help="Begin with this site.yaml, and ask nothing.",
)
def init(folder: Path, yes: bool, source: Path | None, **given: str | bool | None) -> int:
    """Begin a new site in a folder of its own.

    \b
    Examples:
      hubops init gitops    # asks what it needs to know
      hubops init gitops --from imported.yaml
      hubops init gitops --url https://github.com/coast/gitops.git \\
          --host hub.example.org --storage-class standard \\
          --provider github --organizations coast-lab --no-dask

    On a terminal it asks what no option says; elsewhere, or with --yes, defaults count and what
    has none must be given. It writes site.yaml, its tree, Makefile, workflow and README, and
    over nothing: all files are new, or none is written.

    Exit 1 when the site.yaml of --from has an error, 2 for an answer that is missing, 3 when a
    file is in the way.
    """
    from generator.cli.commands.init import run
    from generator.secrets import asking

    answers = {
        name.replace("_", "-"): _text(answer)
        for name, answer in given.items()
        if answer is not None
    }
    can_ask = asking.has_terminal() and not yes
    return run(folder, answers, _ask if can_ask else None, terminal(), source)


def _option(question: Question) -> click.Option:
    if question.choices == ("yes", "no"):
        flags = f"{question.flag}/--no-{question.name}"
        return click.Option([flags], default=None, help=question.help)
    if question.choices:
        return click.Option(
            [question.flag], type=click.Choice(question.choices), help=question.help
        )
    return click.Option([question.flag], metavar="TEXT", help=question.help)


def _text(answer: str | bool) -> str:
    if isinstance(answer, bool):
        return "yes" if answer else "no"
    return answer


def _ask(question: Question, default: str | None) -> str:
    """What a person answers; Enter gives the default, where there is one."""
    answer: str = click.prompt(
        question.asked or question.name,
        default=default,
        show_default=bool(default),
        type=click.Choice(question.choices) if question.choices else str,
        err=True,
    )
    return answer


COMMANDS: tuple[click.Command, ...] = (init,)
