"""What a person must still do after a generation. Pure: site, old files and new tree -> items.

Before the merge, what completes the change; after the merge, what only an administrator of a
cluster can do. Nothing here is a failure of the generation.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache

from generator import names
from generator.build import applications
from generator.build.repository import EXTRA_ENTRY, Extras, ciphertexts, extra_folder, sealed_path
from generator.build.sealed_secrets import State, state
from generator.build.tree import Tree
from generator.change import root_name
from generator.change.prerequisites import (
    bootstrap_check,
    bootstrap_commands,
    fetch_command,
    login_service,
    prerequisites,
    served_by,
    where_argocd_runs,
)
from generator.charts.chart import Ciphertexts
from generator.charts.login_values import callback_url
from generator.lint.consequences import Item
from generator.records import field, record
from generator.secrets import keys as secret_keys
from generator.secrets.sealed_values import Copies
from generator.site.model import Cluster, Site
from generator.site.sealed import SealedStore

# What more environments than these have in common is said once.
_MANY = 10
_ASKED = "hubops asks for each or generates it; the hub restarts with the new values:"
_ASKED_FOR_APP = "hubops asks for each; the app waits for them:"
_COMMITTED = "change a password that was committed in plain text, then seal again:"
_RESEAL = "  hubops seal {} --reseal"
_BY_NAME = "and name the keys that another tool sealed: hubops can't tell their certificate"
_FROM_LOGIN = (secret_keys.CLIENT_ID, secret_keys.CLIENT_SECRET)
# What each environment's SealedSecrets hold, by its name.
Held = Mapping[str, Ciphertexts]


@record
class Generation:
    """What a generation found in the working copy, and what it made; whether that differs."""

    old: Mapping[str, bytes]
    new: Tree
    sealed: SealedStore
    extras: Extras
    certificates: Collection[str]
    copies: Copies = field(factory=dict)
    differs: bool = True


def before_merge(site: Site, done: Generation) -> Iterator[Item]:
    """What belongs in the same change; `done.certificates` are paths of files that exist."""
    held = {one.name: ciphertexts(one, done.sealed) for one in site.places}
    yield from _certificates(site, done.certificates)
    yield from _together(_redirects(site, done, held))
    if done.old and done.differs:
        yield from _moves(site, done, held)
    yield from _copied(site, done.copies)
    yield from _together(_seals(site, held))
    yield from _extras(site, done.extras)


def after_merge(site: Site, done: Generation) -> Iterator[Item]:
    """What an administrator does in the clusters after Argo CD reads the new commit."""
    if done.old and done.differs:
        from generator.change import cleanup  # 7 ms to load, and most runs remove nothing

        yield from cleanup.items(site, done.old, done.new)
    yield from _bootstraps(site, done)


def _certificates(site: Site, existing: Collection[str]) -> Iterator[Item]:
    for cluster in site.clusters.values():
        if not site.is_used(cluster.name) or cluster.sealing_certificate in existing:
            continue
        path = cluster.sealing_certificate or f"certificates/{cluster.name}.pem"
        lines = [
            f"with kubectl's context on {cluster.name}:",
            *fetch_command(site, cluster, path),
            f"then check it:  hubops certificate {cluster.name}",
        ]
        if cluster.sealing_certificate is None:
            lines.append(f"and write  sealingCertificate: {path}  under the cluster in site.yaml")
        yield f"cluster {cluster.name}: add its public sealing certificate", tuple(lines)


def _redirects(site: Site, done: Generation, held: Held) -> Iterator["_Todo"]:
    """Redirect URIs of new hosts, and while no id is sealed: it comes from their registration."""
    for environment in site.environments:
        service = login_service(environment)
        if not service:
            continue
        url = callback_url(environment)
        overlay = done.old.get(f"overlays/{environment.name}/kustomization.yaml", b"")
        cluster = site.clusters[environment.cluster]
        values = held[environment.name][names.HUB_SECRET]
        is_open = state(_FROM_LOGIN[0], values[_FROM_LOGIN[0]]) is State.PLACEHOLDER
        if is_open or url.encode() not in overlay:
            yield _Todo(
                environment=environment.name,
                one=f"register this redirect URI with {service}",
                many=f"register these redirect URIs with {service}",
                own=f"  {url}",
                after=(f"and point the host at its cluster's {served_by(cluster)}",),
            )


@record
class _Todo:
    """What one environment needs, and how to say it of many; between them only `own` differs."""

    environment: str
    one: str
    many: str
    own: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


def _together(todos: Iterable[_Todo]) -> Iterator[Item]:
    """Each by itself; what many have in common once, at the place of the first."""
    groups: dict[tuple[object, ...], list[_Todo]] = {}
    every = [(todo, groups.setdefault((todo.many, todo.before, todo.after), [])) for todo in todos]
    for todo, group in every:
        group.append(todo)
    for todo, group in every:
        if len(group) <= _MANY:
            yield f"{todo.environment}: {todo.one}", (*todo.before, todo.own, *todo.after)
        elif todo is group[0]:
            own = (each.own for each in group)
            yield f"{len(group)} environments: {todo.many}", (*todo.before, *own, *todo.after)


def _moves(site: Site, done: Generation, held: Held) -> Iterator[Item]:
    """Environments that moved to another cluster with values that only the old one can decrypt."""
    from generator.change import cleanup

    now = {environment.name: environment for environment in site.environments}
    for was in cleanup.placements(site, done.old, done.new):
        environment = now.get(was.environment)
        if environment is None or environment.cluster == was.cluster:
            continue
        cluster = site.clusters[environment.cluster]
        if cleanup.is_same(site, was, cluster):
            continue
        for secret, encrypted in held[environment.name].items():
            keys = _by_state(encrypted)[State.SEALED]
            headline = (
                f"{environment.name}: seal {_count(keys)} again for {cluster.name}; only "
                f"{was.cluster} can decrypt {sealed_path(environment.name, secret)}"
            )
            if keys:
                listed = _keys(login_service(environment), secret, tuple(keys))
                yield headline, (*listed, _RESEAL.format(environment.name), _BY_NAME)


def _copied(site: Site, copies: Copies) -> Iterator[Item]:
    """The values of an environment that another place holds too: one of the two is a copy."""
    for environment in site.places if copies else ():
        owned = {
            owner: same for owner, same in copies.items() if owner.environment == environment.name
        }
        if owned:
            yield (
                f"{environment.name}: {len(owned)} sealed value{'s' if len(owned) > 1 else ''} "
                "copied by hand; a ciphertext belongs to one place",
                (
                    *(f"  {one.name}/{one.key}: also {' and '.join(owned[one])}" for one in owned),
                    "put back the right one from Git, or seal both again:",
                    _RESEAL.format(environment.name),
                ),
            )


def _seals(site: Site, held: Held) -> Iterator["_Todo"]:
    """Keys that are still placeholders, and values that no controller could decrypt."""
    for environment in site.places:
        for secret, encrypted in held[environment.name].items():
            keys = _by_state(encrypted)
            if broken := keys[State.MALFORMED]:
                listed = (*(f"  {key}" for key in broken), _COMMITTED)
                headline = f"{_count(broken)} in {{}} can't be unsealed"
                yield _seal(environment.name, secret, headline, listed, _RESEAL)
            if empty := keys[State.PLACEHOLDER]:
                asks = _ASKED_FOR_APP if environment.is_platform else _ASKED
                listed = (*_keys(login_service(environment), secret, tuple(empty)), asks)
                headline = f"seal {_count(empty)} in {{}}"
                yield _seal(environment.name, secret, headline, listed, "  hubops seal {}")


def _seal(
    environment: str, secret: str, headline: str, before: tuple[str, ...], command: str
) -> _Todo:
    return _Todo(
        environment=environment,
        one=headline.format(sealed_path(environment, secret)),
        many=headline.format(f"each sealed-{secret}.yaml"),
        before=before,
        own=command.format(environment),
    )


def _by_state(encrypted: Mapping[str, str]) -> dict[State, list[str]]:
    return _states(tuple(encrypted.items()))


@lru_cache(maxsize=256)  # most environments hold the same placeholders
def _states(encrypted: tuple[tuple[str, str], ...]) -> dict[State, list[str]]:
    states = {key: state(key, value) for key, value in encrypted}
    return {one: [key for key, its in states.items() if its is one] for one in State}


def _count(keys: list[str]) -> str:
    return f"{len(keys)} value{'s' if len(keys) > 1 else ''}"


@lru_cache(maxsize=256)  # most environments lack the same
def _keys(service: str, secret: str, keys: tuple[str, ...]) -> tuple[str, ...]:
    width = max(map(len, keys), default=0)
    sources = dict.fromkeys(_FROM_LOGIN, f"from {service}")
    sources |= {key: "generated by hubops" for key in keys if secret_keys.is_generated(key)}
    sources[secret_keys.DATABASE_PASSWORD] = "of the database's user in PostgreSQL"
    known = sources if secret == names.HUB_SECRET else {}
    return tuple(f"  {key:<{width}}  {known.get(key, '')}".rstrip() for key in keys)


def _extras(site: Site, extras: Extras) -> Iterator[Item]:
    for environment in site.environments:
        files, name = extras.get(environment.name, {}), environment.name
        folder = extra_folder(name)
        if "" in files:
            yield f"{name}: {folder} is a link and left out: put a folder there", ()
        elif files and EXTRA_ENTRY not in files:
            lines = (f"  {folder}/{EXTRA_ENTRY}", "that lists the files under 'resources'")
            yield f"{name}: Argo CD deploys nothing in {folder} without a", lines


def _bootstraps(site: Site, done: Generation) -> Iterator[Item]:
    old, new = _bootstrap_files(done.old), _bootstrap_files(done.new)
    sealed = {owner.environment for owner in done.sealed}
    older = root_name.older_roots(site.name, done.old)
    for cluster in site.clusters.values():
        before, after = old.get(cluster.name, {}), new.get(cluster.name, {})
        if cluster.name in older:
            moves = root_name.acts(site, cluster, older[cluster.name])
            commands = tuple(f"  {act.command}" for act in moves)
            yield (
                f"cluster {cluster.name}: {moves[0].purpose}",
                (f"{where_argocd_runs(cluster)}:", *commands),
            )
        environments = {environment.name for environment in site.environments_of(cluster.name)}
        # Where nothing was ever sealed for its environments, no hub can run there.
        is_unused = environments and not environments & sealed
        commands = bootstrap_commands(site.argocd_namespace, cluster.name)
        lines = (f"{where_argocd_runs(cluster)}:", *(f"  {command}" for command in commands))
        if not before or is_unused:
            lines = (f"when everything is there, {lines[0]}", *lines[1:])
            headline = f"cluster {cluster.name}: bootstrap it, if you have not done so yet"
            yield headline, (*prerequisites(site, cluster), *lines)
        elif before != after and cluster.name not in older:
            yield (
                f"cluster {cluster.name}: apply its bootstrap again: it changed",
                (*lines, *_comparison(site, cluster, before, after)),
            )


def _comparison(
    site: Site, cluster: Cluster, before: Mapping[str, bytes], after: Mapping[str, bytes]
) -> Iterator[str]:
    """How to see later whether a changed argocd-cm patch was applied."""
    path = f"clusters/{cluster.name}/bootstrap/argocd-cm.patch.yaml"
    if before.get(path) != after.get(path):
        patch = applications.argocd_cm_patch(cluster)
        yield "this prints the fingerprint of the patch, and nothing until it is applied:"
        yield f"  {bootstrap_check(site.argocd_namespace, patch)}"


def _bootstrap_files(files: Mapping[str, bytes]) -> dict[str, dict[str, bytes]]:
    found: dict[str, dict[str, bytes]] = {}
    for path in files:
        if path.startswith("clusters/"):
            cluster, _, below = path.removeprefix("clusters/").partition("/")
            if below.startswith("bootstrap/"):
                found.setdefault(cluster, {})[path] = files[path]
    return found
