"""`hubops seal`: values encrypted offline for the cluster, written with all that follows.

Nothing is written before every value is there and fit for what reads it.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import chain
from operator import attrgetter
from pathlib import Path
from typing import Any

import click

from generator.build.sealed_secrets import State
from generator.cli import writing
from generator.cli.building import built_on
from generator.cli.loading import named, site_of
from generator.cli.options import FilePath, command, site_option
from generator.cli.terminal import Terminal
from generator.diagnostics import GeneratorError
from generator.io import worktree, writer
from generator.records import record
from generator.report import text
from generator.secrets import asking, certificates, sealed_values, sealing, targets
from generator.secrets import keys as secret_keys
from generator.secrets.asking import Sources
from generator.secrets.findings import OLD
from generator.secrets.sealed_values import SealedValues
from generator.secrets.states import SecretValue, of_environment
from generator.secrets.targets import NewValue, SealMode, SealRequest
from generator.site.model import Environment, Site
from generator.site.sealed import Certificate

# Argo CD keeps an object's last state in an annotation, and Kubernetes bounds those to 256 KiB.
MAX_OBJECT = 256 * 1024


@click.argument("environment")
@click.argument("key", metavar="[SECRET/KEY]", required=False)
@click.argument("more", nargs=-1, metavar="")
@click.option(
    "--from-file", type=FilePath(is_shown=False), help="Read the value from a file; '-' is stdin."
)
@click.option("--from-env", metavar="NAME", help="Read the value from an environment variable.")
@click.option(
    "--generate", is_flag=True, help="Generate the random keys (cookie secret, crypt key, token)."
)
@click.option("--rotate", metavar="KEY", help="Give a sealed key a new value.")
@click.option("--reseal", is_flag=True, help="Seal again what the cluster can no longer decrypt.")
@site_option
def _seal(site_path: Path, terminal: Terminal, more: tuple[str, ...], **asked: Any) -> int:
    """Encrypt secret values for an environment's cluster, offline.

    \b
    Examples:
      hubops seal production                   # asks for each missing value
      hubops seal production --generate        # generates the random keys
      pass show egi | hubops seal production hub-secrets/oauth.client_secret
      hubops seal production --rotate hub.config.JupyterHub.cookie_secret

    A value is never an argument: every user of the machine can read those. The tree is
    generated again with the sealed values, so that what reads them restarts after the merge.
    Exit 1 when site.yaml has an error, 2 when a value is missing, 3 when one is unfit.
    """
    sources = Sources(
        file=asked["from_file"],
        variable=asked["from_env"],
        generate=asked["generate"],
        ask=asking.from_person if asking.has_terminal() else None,
        read_input=asking.from_standard_input,
    )
    request = targets.requested(
        asked["environment"], asked["key"], more, rotate=asked["rotate"], reseal=asked["reseal"]
    )
    return run(site_path, request, sources, terminal, now=datetime.now(UTC))


COMMAND = command("seal", _seal)


@record
class _SealPlan:
    """What one run seals, and for which certificate (in the file `path`)."""

    environment: Environment
    targets: tuple[SecretValue, ...]
    certificate: Certificate
    path: str
    mode: SealMode


def run(
    site_path: Path,
    request: SealRequest,
    sources: Sources,
    terminal: Terminal,
    *,
    now: datetime,
    patience: float = writer.LOCK_PATIENCE,
) -> int:
    """0 when the requested values are sealed, 1 when site.yaml is wrong.

    UsageError and GeneratorError, and nothing written, where a value is missing or unfit, the
    certificate can't be used, or a sealed value would be lost.
    """
    targets.refuse_contradictions(request, sources)
    content = worktree.read_site(site_path)
    before = site_of(site_path, terminal, content)
    plan = _plan(before, site_path.parent, request, terminal, now)
    if plan is not None:
        asked = targets.new_values(plan.environment, plan.targets, request, sources, terminal.note)
        new = tuple(asked)
    if plan is None or not new:
        terminal.note("nothing was sealed and nothing was written\n")
        return 0
    with writing.locked(site_path, content, before, terminal, patience) as site:
        _write(site, site_path.parent, plan, new, terminal)
    return 0


def _plan(
    site: Site, root: Path, request: SealRequest, terminal: Terminal, now: datetime
) -> _SealPlan | None:
    """What to seal, and for which certificate; None where there is nothing to seal."""
    known = {environment.name: environment for environment in site.places}
    environment = named("environment", request.environment, known)
    copy = worktree.read_copy(root)
    sealed = sealed_values.read(site, copy.files, copy.extras)
    writing.refuse_loss(sealed_values.lost(site, sealed))
    files = certificates.of_clusters(site, root)
    values = tuple(of_environment(environment, sealed, files))
    chosen = targets.targets(values, request)
    unknown = targets.of_unknown_certificate(values) if request.mode is SealMode.RESEAL else ()
    if unknown and request.key is None:
        terminal.note(
            "another tool sealed these, for an unknown certificate; to seal one again, name it: "
            f"{', '.join(unknown)}\n"
        )
    if not chosen:
        return None
    cluster = site.clusters[environment.cluster]
    path = cluster.sealing_certificate
    if path is None:
        raise GeneratorError(
            f"site.yaml names no sealing certificate for cluster {cluster.name}; nothing was "
            "written",
            f"hubops certificate {cluster.name} says how to get it, and what to write",
        )
    certificate = certificates.usable(path, files[cluster.name], now)
    age = now - certificate.begins
    if age > OLD:
        terminal.note(
            f"{path} is {age.days} days old; the controller has a newer one, and still reads what "
            f"is sealed for this one: hubops certificate {cluster.name}\n"
        )
    return _SealPlan(
        environment=environment,
        targets=chosen,
        certificate=certificate,
        path=path,
        mode=request.mode,
    )


def _write(
    site: Site, root: Path, plan: _SealPlan, new: Sequence[NewValue], terminal: Terminal
) -> None:
    """Puts the new ciphertexts into the tree and the tree on the disk; the lock is held."""
    copy = worktree.read_copy(root)
    before = sealed_values.read(site, copy.files, copy.extras)
    _refuse_changed(site, root, plan, before)
    ciphertexts = [
        sealing.sealed_value(value.plaintext, plan.certificate, plan.environment, value.target)
        for value in new
    ]
    result = built_on(site, copy, sealed_values.with_new(site, before, ciphertexts))
    writing.refuse_loss(sealed_values.lost(site, result.values))
    for path in {value.path for value in ciphertexts}:
        if len(result.tree[path]) > MAX_OBJECT:
            raise GeneratorError(
                f"{path} would exceed 256 KiB, and Argo CD can't apply an object of that size; "
                "nothing was written",
                "keep the long content elsewhere, and seal only the key that opens it",
            )
    changes = writing.write(site, root, result)
    for value in new:
        made = " (a new random value)" if value.is_generated else ""
        terminal.out(f"sealed    {value.target.environment}: {value.target.name}{made}\n")
    certificate = plan.certificate
    terminal.out(f"for {plan.path}, {certificate.fingerprint} (of {certificate.begins:%Y-%m-%d})\n")
    terminal.out(text.changes(changes))
    if plan.mode is not SealMode.MISSING:  # a first value changes nothing that runs
        terminal.out("\nWhat the merge does where a value differs from the one before\n")
        names = [(value.target.secret, value.target.key) for value in new]
        effects = (secret_keys.effects(plan.environment.settings, *name) for name in names)
        terminal.out("".join(f"- {effect}\n" for effect in dict.fromkeys(chain(*effects))))
    ours = {value.path for value in ciphertexts}
    ours |= _following(plan.environment)
    if not {change.path for change in changes.changes} <= ours:
        writing.say_what_is_left(site, root, terminal, result, changes)
        return
    values = of_environment(plan.environment, result.values, certificates.of_clusters(site, root))
    left = [value.name for value in values if value.state is not State.SEALED]
    if left:
        terminal.note(f"\nleft to seal in {plan.environment.name}: {', '.join(left)}\n")
    terminal.note(writing.NEXT)


def _following(place: Environment) -> set[str]:
    """The files that change with each new ciphertext of a place."""
    if place.is_platform:
        return {f"clusters/{place.cluster}/namespace-{app.name}.yaml" for app in place.apps}
    return {f"overlays/{place.name}/kustomization.yaml"}


def _refuse_changed(site: Site, root: Path, plan: _SealPlan, before: SealedValues) -> None:
    """GeneratorError where site.yaml or a value changed while this run asked for its own."""
    was, files = plan.environment, certificates.of_clusters(site, root)
    for now in site.places:
        if _place(now) == _place(was) and plan.certificate in files[now.cluster].certificates:
            values = {value.name: value for value in of_environment(now, before, files)}
            if all(values.get(target.name) == target for target in plan.targets):
                return
    raise GeneratorError(
        f"{was.name} changed while hubops asked for its values; nothing was written", "run again"
    )


_place = attrgetter("name", "namespace", "sealing_scope", "cluster")  # where and for whom
