"""Random edits of random sites, with any key and with `values`, as people make them."""

import copy
import random
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, NamedTuple

import yaml

from generator.site.model import Site
from generator.versions import Version
from tests.support import schema_edits
from tests.support.random_sites import DASK_GATEWAY, JUPYTERHUB, as_text, sample
from tests.support.sites import ROOT, load_text

Raw = dict[str, Any]


class Edit(NamedTuple):
    """A site before and after, and the environment that was edited."""

    before: str
    after: str
    environment: str


_IMAGE = "quay.io/coast/other:2"
_PROFILE = {"display_name": "Other", "slug": "other", "kubespawner_override": {"image": _IMAGE}}
_MOUNT = {"name": "shared", "mountPath": "/shared"}
_RULE = [{"ports": [{"port": 8443, "protocol": "TCP"}]}]
_VARIABLE = [{"name": "ODD", "value": "1"}]
_RESOURCES = {"requests": {"cpu": "200m"}}
# By section: a path below `values` and what people write there.
_VALUES: dict[str, dict[str, tuple[Any, ...]]] = {
    "jupyterhub": {
        "nameOverride": ("coast",),
        "debug enabled": (True,),
        "custom team": ("coast",),
        "cull timeout": (7200, 1800),
        "cull enabled": (False,),
        "imagePullSecrets": ([{"name": "pull"}],),
        "hub labels team": ("coast",),
        "hub resources": (_RESOURCES,),
        "hub extraEnv ODD": ("1",),
        "hub extraConfig 20-more": ("c.JupyterHub.shutdown_on_logout = True\n",),
        "hub config Authenticator admin_users": (["grace"],),
        "hub config JupyterHub admin_access": (False,),
        "hub config KubeSpawner slug_scheme": ("escape",),
        "hub config KubeSpawner pvc_name_template": ("home-{username}",),
        "hub config KubeSpawner http_timeout": (60,),
        "hub db pvc accessModes": (["ReadWriteMany"], ["ReadWriteOncePod"]),
        "hub db pvc selector": ({"matchLabels": {"disk": "hub"}},),
        "hub db pvc subPath": ("hub",),
        "hub db pvc storage": ("1Gi", "20Gi"),
        "hub db pvc storageClassName": ("other",),
        "hub db pvc annotations team": ("coast",),
        "hub db type": ("postgres",),
        "hub networkPolicy ingress": (_RULE,),
        "hub networkPolicy enabled": (False,),
        "hub networkPolicy interNamespaceAccessLabels": ("accept",),
        "hub pdb enabled": (True,),
        "hub service annotations team": ("coast",),
        "hub nodeSelector pool": ("core",),
        "hub revisionHistoryLimit": (3,),
        "proxy chp resources": (_RESOURCES,),
        "proxy chp extraEnv ODD": ("1",),
        "proxy chp extraCommandLineFlags": (["--no-x-forward"],),
        "proxy chp pdb enabled": (True,),
        "proxy chp revisionHistoryLimit": (3,),
        "proxy chp networkPolicy ingress": (_RULE,),
        "proxy labels team": ("coast",),
        "proxy annotations team": ("coast",),
        "proxy service annotations team": ("coast",),
        "proxy service loadBalancerSourceRanges": (["10.0.0.0/8"],),
        "proxy traefik resources": (_RESOURCES,),
        "proxy secretSync resources": (_RESOURCES,),
        "proxy https": (
            {"enabled": True, "hosts": ["a.example.org"], "letsencrypt": {"contactEmail": "a@b.c"}},
            {"enabled": True, "type": "secret", "secret": {"name": "tls"}},
        ),
        "scheduling corePods nodeAffinity matchNodePurpose": ("require",),
        "scheduling userPods nodeAffinity matchNodePurpose": ("require",),
        "scheduling userPlaceholder replicas": (2,),
        "scheduling userPlaceholder enabled": (False,),
        "scheduling userPods tolerations": ([],),
        "prePuller continuous enabled": (False,),
        "prePuller extraImages more": ({"name": "quay.io/coast/more", "tag": "1"},),
        "prePuller resources": (_RESOURCES,),
        "prePuller pullProfileListImages": (False,),
        "singleuser image name": ("quay.io/coast/by-values",),
        "singleuser image tag": ("by-values",),
        "singleuser image pullPolicy": ("IfNotPresent",),
        "singleuser profileList": ([_PROFILE], []),
        "singleuser memory limit": ("3G", None),
        "singleuser memory guarantee": ("2G", None),
        "singleuser cpu limit": (1.5, None),
        "singleuser extraEnv ODD": ("1",),
        "singleuser startTimeout": (600,),
        "singleuser defaultUrl": ("/lab",),
        "singleuser nodeSelector pool": ("users",),
        "singleuser extraNodeAffinity required": (
            [{"matchExpressions": [{"key": "pool", "operator": "Exists"}]}],
        ),
        "singleuser extraTolerations": ([{"key": "gpu", "operator": "Exists"}],),
        "singleuser extraContainers": ([{"name": "side", "image": "quay.io/coast/side:1"}],),
        "singleuser networkPolicy egress": (_RULE,),
        "singleuser networkPolicy enabled": (False,),
        "singleuser cloudMetadata blockWithIptables": (True,),
        "singleuser networkTools image tag": ("4",),
        "singleuser storage type": ("none", "static"),
        "singleuser storage capacity": ("5Gi", "100Gi"),
        "singleuser storage homeMountPath": ("/home/coast",),
        "singleuser storage extraVolumeMounts": ([_MOUNT],),
        "singleuser storage static": ({"pvcName": "homes", "subPath": "home/{username}"},),
        "singleuser storage dynamic pvcNameTemplate": ("home-{username}",),
        "singleuser storage dynamic volumeNameTemplate": ("vol-{username}",),
        "singleuser storage dynamic storageClass": ("other",),
        "singleuser storage dynamic storageAccessModes": (["ReadWriteMany"],),
        "singleuser storage dynamic subPath": ("work",),
        "ingress enabled": (False,),
        "ingress hosts": (["a.example.org", "b.example.org"],),
        "ingress pathSuffix": ("hub",),
        "ingress pathType": ("ImplementationSpecific",),
        "ingress annotations team": ("coast",),
        "ingress annotations nginx.ingress.kubernetes.io/proxy-body-size": ("64m",),
        "ingress tls": ([], [{"hosts": ["a.example.org"], "secretName": "own"}]),
        "ingress ingressClassName": ("other",),
        "rbac create": (False,),
        "global safeToShowValues": (True,),
    },
    "daskGateway": {
        "gateway replicas": (2, 3),
        "gateway loglevel": ("DEBUG",),
        "gateway resources": (_RESOURCES,),
        "gateway env": (_VARIABLE,),
        "gateway annotations team": ("coast",),
        "gateway image tag": ("other",),
        "gateway image pullPolicy": ("Always",),
        "gateway service annotations team": ("coast",),
        "gateway extraConfig more": ("c.ClusterConfig.idle_timeout = 60\n",),
        "gateway backend image tag": ("other",),
        "gateway backend worker extraPodConfig nodeSelector pool": ("dask",),
        "gateway backend scheduler memory limit": ("2 G",),
        "gateway nodeSelector pool": ("core",),
        "gateway livenessProbe enabled": (False,),
        "controller resources": (_RESOURCES,),
        "controller loglevel": ("DEBUG",),
        "controller completedClusterMaxAge": (3600,),
        "controller annotations team": ("coast",),
        "controller image tag": ("other",),
        "traefik resources": (_RESOURCES,),
        "traefik replicas": (2,),
        "traefik loglevel": ("DEBUG",),
        "traefik additionalArguments": (["--accesslog=true"],),
        "traefik service annotations team": ("coast",),
        "traefik service ports web port": (8080,),
        "traefik service ports tcp port": (8786,),
        "traefik image tag": ("v3.4",),
        "rbac gateway serviceAccountName": ("own",),
        "rbac controller serviceAccountName": ("own",),
        "rbac traefik serviceAccountName": ("own",),
        "global team": ("coast",),
    },
}
# Keys of site.yaml, in the shared part or in an environment, and what people write there.
_KEYS: dict[str, tuple[Any, ...]] = {
    "jupyterhub database storage": ("1Gi", "40Gi"),
    "jupyterhub home capacity": ("5Gi", "3Ti"),
    "jupyterhub servers memory": (
        {"guarantee": "1Gi", "limit": "20Gi"},
        {"limit": "4Gi"},
        {"guarantee": "256Mi"},
    ),
    "jupyterhub servers cpu": ({"guarantee": 0.25, "limit": 4}, {"limit": 2}, {}),
    "jupyterhub servers ephemeralStorage": ({"guarantee": "1Gi", "limit": "30Gi"}, {}),
    "jupyterhub authentication admins": (["ada", "grace"],),
    "jupyterhub authentication loginService": ("Another",),
    "jupyterhub authentication usernameClaim": ("email",),
    "charts jupyterhub version": JUPYTERHUB,
    "charts dask-gateway version": DASK_GATEWAY,
    "daskGateway limits": (
        {"cores": 4, "memory": "24Gi", "workers": 3},
        {"cores": 80, "memory": "320Gi", "workers": 40},
    ),
    "daskGateway idleTimeout": ("10m", "2h"),
    "daskGateway worker": ({"cores": {"default": 1, "min": 1, "max": 2}},),
    "daskGateway releaseName": ("dask-b", "west-dask-gateway"),
    "sync": ({"automated": False}, {"prune": False}),
}
_ENVIRONMENT: dict[str, tuple[Any, ...]] = {
    "host": ("new.example.org",),
    "sealingScope": ("namespace-wide", "strict"),
    "namespace": ("elsewhere",),
    "requireSealed": (True,),
}
_CLUSTER: dict[str, tuple[Any, ...]] = {
    "storageClass": ("other",),
    "ingress className": ("other",),
    "ingress clusterIssuer": ("staging-issuer",),
    "ingress annotation": (True, False),
    "argocd version": ("2.14", "3.1", "3.4", "3.5"),
    "kubernetes": ("1.33",),
    "server": ("https://new.example.org:6443",),
}


def edits(count: int, number: int = 0) -> Iterator[Edit]:
    """Random edits of one step or several, which lint accepts; by number, always the same ones."""
    chance = random.Random(number)
    made = 0
    while made < count:
        before = chance.choice(_bases())
        raw = yaml.safe_load(before)
        environment = chance.choice(list(raw["environments"]))
        for _ in range(chance.choice((1, 1, 1, 2, 3))):
            if environment in raw["environments"]:
                chance.choice(_STEPS)(raw, environment, chance)
        after = as_text(raw)
        is_kept = environment in raw["environments"]
        if after != before and is_kept and load_text(after).site is not None:
            made += 1
            yield Edit(before=before, after=after, environment=environment)


# A path, and what is set there; nothing behind the path where it is removed.
Operation = list[Any]


def operations(before: Any, after: Any, path: tuple[str, ...] = ()) -> list[Operation]:
    """What turns one tree into another; a list is one value, and a null too."""
    if before == after and repr(before) == repr(after):
        return []
    if not (isinstance(before, dict) and isinstance(after, dict)):
        return [[list(path), after]]
    removed: list[Operation] = [[[*path, key]] for key in before if key not in after]
    for key, value in after.items():
        if key not in before:
            removed.append([[*path, key], value])
        else:
            removed += operations(before[key], value, (*path, key))
    return removed


def applied(before: Raw, made: list[Operation]) -> Raw:
    """The tree with the operations done."""
    after = copy.deepcopy(before)
    for path, *value in made:
        holder = after
        for step in path[:-1]:
            holder = holder[step]
        if value:
            holder[path[-1]] = value[0]
        else:
            del holder[path[-1]]
    return after


@cache
def _bases() -> tuple[str, ...]:
    raws = (yaml.safe_load(text) for text in sample(40))
    texts = (as_text(_without_odd_values(raw)) for raw in raws)
    return (*(text for text in texts if load_text(text).site is not None), *golden())


@cache
def golden() -> tuple[str, ...]:
    """The sites of the golden cases, which have every key."""
    found = sorted((ROOT / "tests" / "golden").glob("*/site.yaml"))
    return tuple(as_text(yaml.safe_load(path.read_text("utf-8"))) for path in found)


def _without_odd_values(raw: Raw) -> Raw:
    """The random parts of raw values left out, which no reader but Go's reads back."""
    for holder in (raw, *raw["environments"].values()):
        for section in ("jupyterhub", "daskGateway"):
            values = (holder.get(section) or {}).get("values") or {}
            for odd in ("custom", "global"):
                values.pop(odd, None)
    return raw


def _put(into: Raw, path: str, value: Any) -> None:
    *above, last = path.split(" ")
    for step in above:
        inner = into.get(step)
        into[step] = inner if isinstance(inner, dict) else {}
        into = into[step]
    if value is None and last in into:
        del into[last]
    else:
        into[last] = copy.deepcopy(value)


def _values(raw: Raw, environment: str, chance: random.Random) -> None:
    section = chance.choice(("jupyterhub", "jupyterhub", "jupyterhub", "daskGateway"))
    holder = _holder(raw, environment, section, chance)
    if holder is not None:
        path = chance.choice(list(_VALUES[section]))
        _put(holder, f"{section} values {path}", chance.choice(_VALUES[section][path]))


def _key(raw: Raw, environment: str, chance: random.Random) -> None:
    path = chance.choice(list(_KEYS))
    holder = _holder(raw, environment, path.partition(" ")[0], chance)
    if holder is not None:
        _put(holder, path, chance.choice(_KEYS[path]))


def _holder(raw: Raw, environment: str, section: str, chance: random.Random) -> Raw | None:
    """The shared part or the environment; None where it has no such section to edit."""
    own: Raw = raw["environments"][environment]
    is_there = own.get(section, raw.get(section)) is not None
    if section == "daskGateway" and not is_there:
        return None
    if section == "daskGateway" and section not in raw:
        return own
    return chance.choice((raw, own))


def _own_key(raw: Raw, environment: str, chance: random.Random) -> None:
    path = chance.choice(list(_ENVIRONMENT))
    _put(raw["environments"][environment], path, chance.choice(_ENVIRONMENT[path]))


def _cluster_key(raw: Raw, environment: str, chance: random.Random) -> None:
    cluster = raw["clusters"].get(raw["environments"][environment]["cluster"], {})
    path = chance.choice(list(_CLUSTER))
    if path == "server":
        cluster.pop("name", None)
    _put(cluster, path, chance.choice(_CLUSTER[path]))


def _image(raw: Raw, environment: str, chance: random.Random) -> None:
    own = raw["environments"][environment].get("jupyterhub") or {}
    holder = own if (own.get("servers") or {}).get("profiles") else raw["jupyterhub"]
    profiles = holder["servers"].get("profiles")
    if isinstance(profiles, list):
        chance.choice(profiles)["image"] = _IMAGE


def _profile(raw: Raw, environment: str, chance: random.Random) -> None:
    profiles = raw["jupyterhub"]["servers"].setdefault("profiles", [])
    if len(profiles) > 1 and chance.random() < 0.5:
        profiles.reverse()
    else:
        profiles.append({"name": "More", "slug": "more", "image": _IMAGE})


def _without_dask(raw: Raw, environment: str, chance: random.Random) -> None:
    raw["environments"][environment]["daskGateway"] = None


def _secrets(raw: Raw, environment: str, chance: random.Random) -> None:
    more = {"keys": ["MORE"], "usedBy": {chance.choice(("hub", "servers")): "environment"}}
    raw["secrets"] = {**(raw.get("secrets") or {}), "more": more}


def _any_key(raw: Raw, environment: str, chance: random.Random) -> None:
    schema_edits.draw(raw, environment, chance.choice(schema_edits.drawable()), chance)


_STEPS: tuple[Callable[[Raw, str, random.Random], None], ...] = (
    *(_values,) * 8,
    *(_key,) * 4,
    *(_any_key,) * 15,
    *(_own_key, _cluster_key, _cluster_key, _image, _profile, _without_dask, _secrets),
)


def renders_with_helm4(site: Site, environment: str) -> bool:
    """Whether the Argo CD of an environment renders with Helm 4."""
    found = next(one for one in site.environments if one.name == environment)
    return site.clusters[found.cluster].argocd >= Version.parse("3.5")
