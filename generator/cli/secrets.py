"""The command line of `seal`, `secrets` and `certificate`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from generator.cli.options import FilePath, site_option
from generator.cli.terminal import terminal

if TYPE_CHECKING:
    from pathlib import Path


@click.command(name="seal")
@click.argument("environment")
@click.argument("key", metavar="[SECRET/KEY]", required=False)
@click.argument("more", nargs=-1, metavar="")
@click.option(
    "--from-file",
    type=FilePath(),
    help="Read the value from a file; '-' is stdin.",
)
@click.option("--from-env", metavar="NAME", help="Read the value from an environment variable.")
@click.option("--generate", is_flag=True, help="Make new values for what is random by nature.")
@click.option("--rotate", metavar="KEY", help="Give a sealed key a new value.")
@click.option("--reseal", is_flag=True, help="Seal again what the cluster can't decrypt any more.")
@site_option
def seal(site_path: Path, more: tuple[str, ...], **asked: Any) -> int:
    """Encrypt secret values for an environment's cluster, offline.

    \b
    Examples:
      hubops seal production                   # asks for each value that is missing
      hubops seal production --generate        # makes those that are random by nature
      pass show egi | hubops seal production hub-secrets/oauth.client_secret
      hubops seal production --rotate hub.config.JupyterHub.cookie_secret

    A value is never an argument: everyone on a machine can read those. The tree is generated
    anew with the sealed values, so that what reads them restarts when the change is merged.
    Exit 1 when site.yaml has an error, 2 when a value is missing or unfit.
    """
    from datetime import UTC, datetime

    from generator.cli.commands.seal import run, wanted
    from generator.secrets import asking

    sources = asking.Sources(
        file=asked["from_file"],
        variable=asked["from_env"],
        generate=asked["generate"],
        ask=asking.from_person if asking.has_terminal() else None,
        read_input=asking.from_standard_input,
    )
    request = wanted(
        asked["environment"], asked["key"], more, rotate=asked["rotate"], reseal=asked["reseal"]
    )
    return run(site_path, request, sources, terminal(), now=datetime.now(UTC))


@click.command(name="secrets")
@click.option(
    "--format",
    type=click.Choice(("text", "json", "github")),
    help="How the values are printed. Default: text; in a GitHub workflow, github.",
)
@site_option
def secrets(site_path: Path, format: str | None) -> int:
    """Tell how each secret value stands.

    \b
    Examples:
      hubops secrets
      hubops secrets --format json

    Sealed, placeholder, malformed or void; since when in Git and for which certificate. Exit 1
    where an environment with requireSealed lacks a value. It writes nothing.
    """
    from datetime import UTC, datetime

    from generator.cli.commands.secrets import run

    own = terminal(format)
    return run(site_path, own, format=own.format, now=datetime.now(UTC))


@click.command(name="certificate")
@click.argument("cluster")
@click.argument("file", required=False, type=FilePath())
@click.option(
    "--install", is_flag=True, help="Write it for the cluster; older ones stay behind it."
)
@click.option("--replace", is_flag=True, help="Write it for the cluster in place of all others.")
@site_option
def certificate(
    site_path: Path, cluster: str, file: Path | None, install: bool, replace: bool
) -> int:
    """Fetch, check and install a cluster's sealing certificate.

    \b
    Examples:
      hubops certificate fedcloud              # the command that fetches it, and what is there
      hubops certificate fedcloud new.pem      # what a file holds
      kubeseal --fetch-cert | hubops certificate fedcloud - --install

    Exit 1 when the certificate is of no use to seal for.
    """
    from datetime import UTC, datetime

    from generator.cli.commands.certificate import Mode, run
    from generator.secrets import asking

    mode = Mode.REPLACE if replace else Mode.INSTALL if install else Mode.CHECK
    return run(
        site_path,
        cluster,
        file,
        mode,
        terminal(),
        now=datetime.now(UTC),
        read_input=lambda: asking.from_standard_input().reveal(),
    )


COMMANDS: tuple[click.Command, ...] = (seal, secrets, certificate)
