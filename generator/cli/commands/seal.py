"""`hubops seal`: values encrypted offline for the cluster, written in place with all that follows.

Nothing is written before every value is there and every one of them is fit for what reads it.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from generator.cli import writing
from generator.cli.commands import standing
from generator.cli.commands.seal_values import Given, Mode, Request, values
from generator.cli.commands.site import FOUND, Built, Terminal, built, site_or_said
from generator.diagnostics import GeneratorError, UsageError
from generator.io import worktree, writer
from generator.records import record
from generator.report import text
from generator.secrets import certificates, kept, rotation, sealing
from generator.secrets.asking import Sources
from generator.secrets.inventory import OLD, VOID_CERTIFICATE, Entry, Standing, of_environment
from generator.site.model import Certificate, Environment, SealedKey, SealedValue, Site
from generator.suggest import did_you_mean

# Argo CD keeps an object's last state in an annotation, and Kubernetes bounds those to 256 KiB.
MAX_OBJECT = 256 * 1024


@record
class _Plan:
    """What one run is about: the environment, the values to seal, the certificate."""

    environment: Environment
    targets: tuple[Entry, ...]
    certificate: Certificate
    path: str


def wanted(
    environment: str, key: str | None, more: Sequence[str], *, rotate: str | None, reseal: bool
) -> Request:
    """What a command line asks for. UsageError, which repeats nothing, where it contradicts."""
    if more:
        raise UsageError(
            "too many arguments; a value is never one, for everyone on this machine can read it",
            "change a value that was given here; then type it, or use --from-file or --from-env",
        )
    if rotate is not None and (key is not None or reseal):
        raise UsageError("--rotate names the only key; nothing goes with it", "leave out the rest")
    if rotate is not None:
        return Request(environment=environment, key=rotate, mode=Mode.ROTATE)
    mode = Mode.RESEAL if reseal else Mode.MISSING
    return Request(environment=environment, key=key, mode=mode)


def run(
    site_path: Path,
    request: Request,
    sources: Sources,
    terminal: Terminal,
    *,
    now: datetime,
    patience: float = writer.LOCK_PATIENCE,
) -> int:
    """0 when what was asked for is sealed, 1 when site.yaml is wrong.

    UsageError and GeneratorError, and nothing written, where a value is missing or unfit, the
    certificate is of no use, or a sealed value would be lost.
    """
    _refuse_contradictions(request, sources)
    content = worktree.read_site(site_path)
    site = site_or_said(content, site_path, terminal)
    if site is None:
        return FOUND
    plan = _plan(site, site_path.parent, request, terminal, now)
    given = (
        tuple(values(plan.environment, plan.targets, request, sources, terminal))
        if plan is not None
        else ()
    )
    if plan is None or not given:
        terminal.note("nothing was sealed and nothing was written\n")
        return 0
    new = tuple(_sealed(plan, one) for one in given)

    def act(site: Site) -> int:
        _write(site, site_path.parent, plan, given, new, terminal, request.mode)
        return 0

    return writing.under_lock(site_path, content, site, terminal, patience, act)


def _refuse_contradictions(request: Request, sources: Sources) -> None:
    named = [sources.file is not None, sources.variable is not None, sources.generate]
    if sum(named) > 1:
        raise UsageError("--from-file, --from-env and --generate exclude each other", "give one")
    if any(named[:2]) and request.key is None:
        raise UsageError(
            "one value was given, and no key that it is for",
            "name it: hubops seal ENVIRONMENT SECRET/KEY",
        )


def _plan(
    site: Site, root: Path, request: Request, terminal: Terminal, now: datetime
) -> _Plan | None:
    """What is to be sealed, and for which certificate; None where there is nothing to seal."""
    environment = _environment(site, request.environment)
    result = built(site, root)
    writing.refuse_loss(kept.lost(result.values, site, result.sealed))
    found = standing.found(site, root, result)
    entries = tuple(of_environment(environment, found))
    targets = _targets(entries, request, terminal)
    if not targets:
        return None
    cluster = site.clusters[environment.cluster]
    if cluster.sealing_certificate is None:
        raise GeneratorError(
            f"site.yaml names no sealing certificate for cluster {cluster.name}; nothing was "
            "written",
            f"hubops certificate {cluster.name} says how to get it, and what to write",
        )
    path, file = cluster.sealing_certificate, found.files[cluster.name]
    if file.is_missing:
        help = f"hubops certificate {cluster.name} prints the command that fetches it"
        raise GeneratorError(f"{path}: {file.problem}; nothing was written", help)
    certificate = certificates.sealing_one(path, file, now)
    if now - certificate.begins > OLD:
        days = (now - certificate.begins).days
        terminal.note(
            f"{path} is {days} days old; the controller has a newer one, and still reads what is "
            f"sealed for this: hubops certificate {cluster.name}\n"
        )
    return _Plan(environment=environment, targets=targets, certificate=certificate, path=path)


def _environment(site: Site, name: str) -> Environment:
    known = {environment.name: environment for environment in site.environments}
    if name not in known:
        raise UsageError("site.yaml has no environment of that name", did_you_mean(name, known))
    return known[name]


def _targets(entries: tuple[Entry, ...], request: Request, terminal: Terminal) -> tuple[Entry, ...]:
    """The values that the request is about. UsageError for one that it would change unasked."""
    if request.key is not None:
        entry = _named(entries, request.key)
        if request.mode is Mode.MISSING and entry.standing in (Standing.SEALED, Standing.VOID):
            raise UsageError(
                f"{entry.environment}: {entry.name} is sealed already; nothing was written",
                f"for a new value: hubops seal {entry.environment} --rotate {entry.name}",
            )
        return (entry,)
    if request.mode is Mode.RESEAL:
        return _void(entries, terminal)
    return tuple(entry for entry in entries if entry.standing is Standing.PLACEHOLDER)


def _named(entries: tuple[Entry, ...], key: str) -> Entry:
    """The entry of `SECRET/KEY`, or of a key that only one Secret has."""
    found = [entry for entry in entries if key in (entry.name, entry.key)]
    if len(found) == 1:
        return found[0]
    names = [entry.name for entry in entries]
    what = "more than one secret has such a key" if found else "no secret has such a key"
    # What was given is not repeated: a value may stand in the key's place.
    help = did_you_mean(key, names) if not found else f"one of {', '.join(e.name for e in found)}"
    raise UsageError(f"{entries[0].environment}: {what}; nothing was written", help)


def _void(entries: tuple[Entry, ...], terminal: Terminal) -> tuple[Entry, ...]:
    """What can't be decrypted any more. A ciphertext tells nobody its value, hubops included."""
    void = tuple(
        entry
        for entry in entries
        if entry.code == VOID_CERTIFICATE or entry.standing is Standing.MALFORMED
    )
    unknown = [e.name for e in entries if e.standing is Standing.SEALED and not e.certificate]
    if unknown:
        terminal.note(
            "another tool sealed these, and they do not tell for which certificate; name one to "
            f"seal it again: {', '.join(unknown)}\n"
        )
    return void


def _sealed(plan: _Plan, given: Given) -> SealedValue:
    environment, entry = plan.environment, given.entry
    owner = SealedKey(
        environment=environment.name,
        namespace=environment.namespace,
        scope=environment.sealing_scope,
        name=entry.secret,
        key=entry.key,
    )
    return SealedValue(
        owner=owner,
        ciphertext=sealing.sealed(given.value, plan.certificate, owner),
        path=entry.path,
        certificate=plan.certificate.fingerprint,
    )


def _write(
    site: Site,
    root: Path,
    plan: _Plan,
    given: tuple[Given, ...],
    new: tuple[SealedValue, ...],
    terminal: Terminal,
    mode: Mode,
) -> None:
    """Puts the new ciphertexts into the tree and the tree on the disk; the lock is held."""
    result = built(site, root, new)
    _refuse_changed(site, root, plan, result)
    writing.refuse_loss(kept.lost(result.values, site, result.sealed))
    for path in {value.path for value in new}:
        if len(result.tree[path]) > MAX_OBJECT:
            raise GeneratorError(
                f"{path} would be longer than 256 KiB, and Argo CD can't apply such an object; "
                "nothing was written",
                "keep what is so long elsewhere, and seal only what opens it",
            )
    changes = writing.write(site, root, result)
    terminal.out("".join(_said(plan, given)))
    terminal.out(text.changes(changes))
    terminal.out("".join(_consequences(plan, given, mode)))
    ours = {value.path for value in new} | {f"overlays/{plan.environment.name}/kustomization.yaml"}
    if {change.path for change in changes.changes} <= ours:
        _say_what_is_left(site, root, plan, result, terminal)
    else:
        writing.say_what_is_left(site, root, terminal, result, changes)


def _say_what_is_left(
    site: Site, root: Path, plan: _Plan, result: Built, terminal: Terminal
) -> None:
    """The environment's values that are not sealed yet, and the next step."""
    entries = of_environment(plan.environment, standing.found(site, root, result))
    left = [entry.name for entry in entries if entry.standing is not Standing.SEALED]
    if left:
        terminal.note(f"\nleft to seal in {plan.environment.name}: {', '.join(left)}\n")
    terminal.note("\nnext: commit this and open a pull request\n")


def _refuse_changed(site: Site, root: Path, plan: _Plan, result: Built) -> None:
    """Somebody may have changed site.yaml or a value while this run asked for its own."""
    was = plan.environment
    now = next((one for one in site.environments if one.name == was.name), None)
    if now is not None and _is_placed_alike(now, was):
        found = standing.found_before(site, root, result)
        entries = {entry.name: entry for entry in of_environment(now, found)}
        if all(entries.get(entry.name) == entry for entry in plan.targets) and (
            plan.certificate in found.files[now.cluster].certificates
        ):
            return
    raise GeneratorError(
        f"{was.name} changed while its values were asked for; nothing was written", "run again"
    )


def _is_placed_alike(now: Environment, was: Environment) -> bool:
    places = [(one.namespace, one.sealing_scope, one.cluster) for one in (now, was)]
    return places[0] == places[1]


def _said(plan: _Plan, given: Iterable[Given]) -> Iterator[str]:
    for one in given:
        made = " (a new random value)" if one.is_generated else ""
        yield f"sealed    {one.entry.environment}: {one.entry.name}{made}\n"
    fingerprint = plan.certificate.fingerprint
    yield f"for {plan.path}, {fingerprint} (of {plan.certificate.begins:%Y-%m-%d})\n"


def _consequences(plan: _Plan, given: tuple[Given, ...], mode: Mode) -> Iterator[str]:
    """What the merge does to running people; of first values there is nothing to say."""
    if mode is Mode.MISSING:
        return
    settings = plan.environment.settings
    effects = dict.fromkeys(
        effect
        for one in given
        for effect in rotation.effects(settings, one.entry.secret, one.entry.key)
    )
    yield "\nWhat the merge does, where a value is another than before\n"
    yield from (f"- {effect}\n" for effect in effects)
