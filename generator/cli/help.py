"""`--help`: as click's own, which loads and asks for translations at every start, in 2 ms."""

import click


def _show(context: click.Context, _: click.Parameter, is_asked: bool) -> None:
    if is_asked and not context.resilient_parsing:
        click.echo(context.get_help(), color=context.color)
        context.exit()


_HELP = click.Option(
    ["-h", "--help"],
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show,
    help="Show this message and exit.",
)


class Command(click.Command):
    """A command with this option."""

    def get_help_option(self, _: click.Context) -> click.Option:
        return _HELP


class Group(Command, click.Group):
    """A command that has commands."""
