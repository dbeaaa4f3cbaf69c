"""`hubops doctor`: what an operator would check by hand in a live cluster, judged by the site."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from generator.cli.loading import FINDINGS, environment_of, site_of
from generator.cli.options import FilePath, command, site_option, terminal_option
from generator.cli.terminal import Terminal
from generator.credentials import quoted
from generator.diagnostics import UsageError
from generator.doctor import network, observe, snapshot, watch
from generator.doctor.examination import Examination, examined
from generator.doctor.formats import FORMATS
from generator.doctor.look import Look, Reach
from generator.doctor.observe import Contexts, Request
from generator.doctor.repository import with_history
from generator.doctor.snapshot import Snapshot
from generator.io import worktree, writer
from generator.records import record, replace
from generator.secrets import certificates
from generator.site.model import Environment, Site
from generator.yaml.read import read


@record
class DoctorOptions:
    """What the user asks for: how to reach the clusters, and the optional parts."""

    contexts: tuple[str, ...] = ()
    argocd_context: str | None = None
    kubeconfig: str | None = None
    source: Path | None = None
    dump: Path | None = None
    with_logs: bool = False
    with_network: bool = False
    is_watched: bool = False
    timeout: float | None = None


@click.argument("environments", nargs=-1, metavar="[ENVIRONMENT]...")
@site_option
@terminal_option(FORMATS)
@click.option(
    "--context",
    "contexts",
    multiple=True,
    metavar="[CLUSTER=]CONTEXT",
    help="kubectl's context of a cluster of site.yaml, or of all. Default: the current context.",
)
@click.option("--argocd-context", metavar="CONTEXT", help="The context of Argo CD's cluster.")
@click.option("--kubeconfig", metavar="PATH", help="The kubeconfig to use.")
@click.option("--from", "source", type=FilePath(), metavar="FILE", help="Read a dump instead.")
@click.option("--dump", type=FilePath(), metavar="FILE", help="Write what was seen to a file.")
@click.option("--logs", "with_logs", is_flag=True, help="Read the pods' logs too.")
@click.option(
    "--network", "with_network", is_flag=True, help="Ask the public addresses over HTTPS too."
)
@click.option(
    "--watch", "is_watched", is_flag=True, help="Wait until all is Synced and Healthy, then judge."
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=1.0),
    metavar="SECONDS",
    help="End after this time. Default: 60, with --watch 1800.",
)
def run(
    environments: Sequence[str],
    site_path: Path,
    terminal: Terminal,
    *,
    now: datetime | None = None,
    **asked: Any,
) -> int:
    """Look at a live cluster and say what is wrong first.

    \b
    Examples:
      hubops doctor                                   # what kubectl's current context reaches
      hubops doctor production --context fedcloud     # one environment
      hubops doctor --watch --timeout 900             # after a merge
      hubops doctor --dump seen.json                  # for a colleague: no secret is in it
      hubops doctor --from seen.json

    It gets and lists with your own kubectl, and changes nothing. With --network it also asks the
    hub and the gateway over HTTPS, with --logs it reads logs for messages that it knows.

    Exit 0 when nothing is wrong, 1 with errors or warnings, 3 when a cluster can't be reached or a
    dump can't be read, 4 without kubectl.
    """
    wish = DoctorOptions(**asked)
    content = worktree.read_site(site_path)
    site = site_of(site_path, terminal, content)
    chosen = tuple(environment_of(site, name) for name in environments) or site.environments
    if wish.source is not None:
        seen = snapshot.loaded(
            worktree.read_dump(wish.source, snapshot.MOST_BYTES),
            str(wish.source),
            site.name,
            now or datetime.now(UTC),
        )
    else:
        seen = _seen(site, chosen, wish, terminal)
        seen = with_history(seen, site_path.parent, site, content, site_path.name)
    if wish.dump is not None:
        writer.put(wish.dump.parent, wish.dump.name, snapshot.dumped(seen).encode(), writer.DUMP)
        terminal.note(f"written   {wish.dump}\n")
    look = Look(
        site=site,
        snapshot=seen,
        environments=chosen if environments else _reached(site, seen, chosen),
        means=_means(site, wish),
        repository_certificates={
            name: tuple(one.fingerprint for one in file.certificates)
            for name, file in certificates.of_clusters(site, site_path.parent).items()
        },
    )
    found = examined(look)
    places = read(content, terminal.place(site_path)).places
    terminal.out(FORMATS[terminal.format](found, places, color=terminal.color))
    terminal.note(_last_line(found, chosen, look))
    return FINDINGS if found.has_findings else 0


COMMAND = command("doctor", run)


def _seen(
    site: Site, environments: tuple[Environment, ...], wish: DoctorOptions, terminal: Terminal
) -> Snapshot:
    request = Request(
        site=site,
        environments=environments,
        contexts=_contexts(site, wish),
        timeout=wish.timeout or (1800.0 if wish.is_watched else 60.0),
        with_logs=wish.with_logs,
    )
    if wish.is_watched:
        request = watch.settled(request, terminal.note)
    terminal.progress("asking the cluster")
    hosts = network.Lookup(environments)
    seen = replace(observe.observe(request), addresses=hosts.found())
    if wish.with_network:
        terminal.progress("asking the public addresses")
        seen = replace(seen, answers=network.answers(environments))
    terminal.progress("")
    return seen


def _contexts(site: Site, wish: DoctorOptions) -> Contexts:
    clusters, plain = {}, None
    for text in wish.contexts:
        name, sign, context = text.partition("=")
        if sign and name in site.clusters:
            clusters[name] = context
        elif plain is not None:
            raise UsageError(
                "--context is given twice for all clusters", "name the cluster: CLUSTER=CONTEXT"
            )
        else:
            plain = text
    return Contexts(
        kubeconfig=wish.kubeconfig, any=plain, clusters=clusters, argocd=wish.argocd_context
    )


def _means(site: Site, wish: DoctorOptions) -> Reach:
    """How the printed commands reach the same servers."""
    contexts = _contexts(site, wish)
    file = f" --kubeconfig {quoted(wish.kubeconfig)}" if wish.kubeconfig else ""

    def words(context: str | None) -> str:
        return f"kubectl{file}" + (f" --context {quoted(context)}" if context else "")

    return Reach(
        argocd=words(contexts.argocd or contexts.any),
        clusters={
            name: words(contexts.clusters.get(name) or contexts.any) for name in site.clusters
        },
    )


def _reached(
    site: Site, seen: Snapshot, environments: tuple[Environment, ...]
) -> tuple[Environment, ...]:
    """Without names on the command line: those that this Argo CD takes care of, if there are."""
    from generator.names import cluster_root

    live = {
        str(one["metadata"].get("name"))
        for one in (seen.argocd.objects if seen.argocd is not None else ())
        if one["kind"] == "Application"
    }
    own = tuple(one for one in environments if cluster_root(site.name, one.cluster) in live)
    return own or environments


def _last_line(found: Examination, asked: tuple[Environment, ...], look: Look) -> str:
    from generator.credentials import printable
    from generator.diagnostics import Severity

    numbers = [(found.count(severity), severity.value) for severity in Severity]
    counted = ", ".join(
        f"{number} {word}{'s' if number > 1 and word != 'info' else ''}"
        for number, word in numbers
        if number
    )
    left = [one.name for one in asked if one not in look.environments]
    lines = [counted or "nothing is wrong"]
    if left:
        lines.append(
            f"not of this Argo CD: {', '.join(left)}; name them, with --context, to look at them"
        )
    return "\n" + "".join(f"{printable(line)}\n" for line in lines)
